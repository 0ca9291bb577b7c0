//! Evidence of a capture that cannot be read again: the last frames of each flow that may turn out to be worth it, within a bound.

mod ring;
#[cfg(test)]
mod tests;

use super::{Evidence, Mask, about, comments};
use crate::explain::Owned;
use crate::frame::{Fault, FrameBatch, FrameMeta};
use crate::report::{Capture, CaptureFinding, Flow, Severity, words};
use crate::run::Event;
use crate::source::Interface;
use ring::{Kept, Rings};
use std::fmt::Write as _;
use std::io::{self, Write};

/// How many frames of a flow are kept.
const MAX_FRAMES: usize = 64;

/// How many bytes of a frame are kept: all headers, with the options.
const MAX_BYTES: usize = 256;

/// How much memory the frames of all flows may take, in bytes.
pub const MAX_MEMORY: usize = 64 << 20;

/// How many flows the section's comment tells of.
const MAX_TOLD: usize = 20;

/// Keeps frames until it is known whether they are evidence.
#[derive(Debug)]
pub struct Recorder {
    /// Of flows whose story goes on.
    open: Rings,
    /// Of flows that have a problem or a warning, and will have no further frame.
    proved: Rings,
    /// Whether every flow is evidence, as it was singled out.
    wants_all: bool,
    bound: usize,
    told: Vec<String>,
    /// How many flows with a problem or a warning have no frame here, for lack of room.
    without: u64,
    /// The latest frame.
    end: Option<FrameMeta>,
}

impl Recorder {
    /// An empty one, for flows with a problem or a warning; for every flow that it is given where it `wants_all`.
    #[must_use]
    pub fn new(wants_all: bool) -> Self {
        Self::with_room(wants_all, MAX_MEMORY)
    }

    /// The same with other room than [`MAX_MEMORY`], in bytes.
    #[must_use]
    pub fn with_room(wants_all: bool, bound: usize) -> Self {
        Self {
            open: Rings::default(),
            proved: Rings::default(),
            wants_all,
            bound,
            told: Vec::new(),
            without: 0,
            end: None,
        }
    }

    /// Takes the frames of `batch` that belong to flows worth remembering, in order.
    pub fn record(&mut self, batch: &FrameBatch, owners: impl Iterator<Item = Owned>) {
        let believable = batch.frames.iter().filter(|meta| meta.fault != Some(Fault::Malformed));
        self.end = believable.copied().chain(self.end).max_by_key(|meta| meta.ts);
        let mut metas = batch.frames.iter();
        for Owned { frame, flow, is_notable } in owners {
            // Both are in the order of the capture.
            let Some(meta) = metas.by_ref().find(|meta| meta.no >= frame).filter(|meta| meta.no == frame)
            else {
                continue;
            };
            if is_notable || self.open.has(flow) {
                let data = batch.frame(meta).data;
                self.open.push(flow, meta, data.get(..MAX_BYTES).unwrap_or(data));
            }
        }
        self.keep_to_bound();
    }

    /// Something was decided about a frame.
    pub fn note(&mut self, event: &Event) {
        self.open.say(event.index, event.frame, || comments::label(event));
    }

    /// A flow is final: now it is known whether its frames are evidence.
    pub fn conclude(&mut self, flow: &Flow) {
        let ring = self.open.take(flow.index);
        if !self.wants_all && flow.gravest().is_none_or(|severity| severity == Severity::Info) {
            return;
        }
        let Some(ring) = ring else {
            self.without += 1;
            return;
        };
        self.proved.put(flow.index, ring);
        for finding in &flow.findings {
            for frame in &finding.frames {
                let words = || comments::found(finding, &format!("flow {}", flow.index));
                self.proved.say(flow.index, *frame, words);
            }
        }
        if self.told.len() < MAX_TOLD {
            self.told.push(about(flow));
        }
        self.keep_to_bound();
    }

    /// How much memory the frames take, in bytes.
    #[must_use]
    pub fn memory(&self) -> usize {
        self.open.memory() + self.proved.memory()
    }

    /// Lets go of flows until the others fit: of those that said nothing for longest. Neither those whose story goes on nor those whose
    /// is told take all the room from the others.
    fn keep_to_bound(&mut self) {
        while self.memory() > self.bound {
            if self.open.memory() >= self.proved.memory() {
                self.open.let_go_of_quietest();
            } else {
                self.proved.let_go_of_quietest();
                self.without += 1;
            }
        }
    }

    /// Writes the frames of the flows that are final and worth it, in the order of the capture; anew, with other addresses, where there is
    /// a `mask`. `across`: what was concluded of several flows. `interfaces`: the source's.
    ///
    /// # Errors
    /// What `out` reports.
    pub fn write(
        &self,
        out: impl Write,
        capture: &Capture,
        across: &[CaptureFinding],
        interfaces: &[Interface],
        mut mask: Option<Mask>,
    ) -> io::Result<()> {
        let mut shared = comments::Comments::default();
        for across in across.iter().filter(|across| across.flows.iter().any(|flow| self.proved.has(*flow))) {
            shared.find(&across.finding, &words::counted(across.flows_total, "flow"));
        }
        let mut frames: Vec<&Kept> = self.proved.frames().collect();
        frames.sort_unstable_by_key(|kept| kept.meta.no);
        let mut evidence = Evidence::begin(out, &self.summary(capture, frames.len() as u64))?;
        let mut alone = FrameBatch::default();
        for Kept { meta, data, said } in &frames {
            alone.bytes.clone_from(data);
            let meta = FrameMeta { offset: 0, cap_len: data.len() as u32, ..*meta };
            let said: Vec<String> = said.iter().chain(shared.on(meta.no)).cloned().collect();
            match &mut mask {
                Some(mask) => mask.frame(&mut evidence, &alone, &meta, &said)?,
                None => evidence.frame(&alone, &meta, &said, interfaces)?,
            }
        }
        let is_there = |end: &FrameMeta| frames.last().is_some_and(|kept| kept.meta.no == end.no);
        if let Some(end) = self.end.filter(|end| !is_there(end)) {
            evidence.goes_on_until(&end, interfaces)?;
        }
        evidence.lost(capture.dropped)?;
        evidence.end()
    }

    /// What the file's own comment says.
    fn summary(&self, capture: &Capture, frames: u64) -> String {
        let names: Vec<&str> = capture.sources.iter().map(|piece| piece.name.as_str()).collect();
        let of = if names.is_empty() { String::new() } else { format!(" of {}", names.join(", ")) };
        let flows = self.proved.len();
        let mut text = format!(
            "{} of {}{of}, kept while it ran; a comment begins with the number of its frame there\n\
             of each flow the last {MAX_FRAMES} frames from when it became notable, cut to {MAX_BYTES} bytes",
            words::counted(frames, "frame"),
            words::counted(flows, "flow"),
        );
        match self.proved.earlier() {
            0 => {}
            earlier => _ = write!(text, "; {} left out", words::counted(earlier, "earlier frame")),
        }
        if self.without > 0 {
            let flows = words::counted(self.without, "more flow");
            _ = write!(text, "\n{flows} with findings, whose frames were let go for lack of room");
        }
        self.told.iter().for_each(|line| _ = write!(text, "\n{line}"));
        match flows.saturating_sub(self.told.len() as u64) {
            0 => {}
            more => _ = write!(text, "\nand {}", words::counted(more, "more flow")),
        }
        text
    }
}
