//! One capture file, from its first octet to its end or its damage.

use super::compression::Compression;
use super::input::{self, Input};
use super::legacy::{FILE_HEADER, Legacy};
use super::lookslike::looks_like;
use super::pcapng::Pcapng;
use super::record::{Format, Record, Stamp, Step};
use super::stream::{End, Stream};
use crate::frame::{Fault, FrameBatch, FrameMeta, FrameNo, InterfaceNo, MAX_BATCH_FRAMES};
use crate::source::{Dropped, Interface};
use crate::time::Timestamp;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::AtomicU64;

/// A capture that is being read.
pub(in crate::source) struct Capture {
    stream: Stream,
    kind: Kind,
    compression: Option<Compression>,
    /// How many frames were found so far, in this file.
    frames: u64,
    /// Whether it is still being written: then its end is not the end.
    growing: bool,
    end: Option<CaptureEnd>,
}

enum Kind {
    Legacy(Legacy),
    Pcapng(Pcapng),
}

/// How a capture ended.
#[derive(Debug)]
enum CaptureEnd {
    Whole,
    /// What is wrong and where, for people.
    Damaged(String),
}

/// What goes on from file to file: the number and the time of the last frame.
#[derive(Clone, Copy, Debug)]
pub(in crate::source) struct Position {
    /// The number the next frame gets.
    pub(in crate::source) next: FrameNo,
    /// The time of the last frame that has a believable one. A frame without takes it over.
    pub(in crate::source) time: Option<Timestamp>,
    /// The number of the file's first interface.
    pub(in crate::source) interfaces: InterfaceNo,
    /// Whether a frame came that has no time stamp at all.
    pub(in crate::source) unstamped: bool,
}

impl Default for Position {
    fn default() -> Self {
        Self { next: FrameNo::FIRST, time: None, interfaces: InterfaceNo(0), unstamped: false }
    }
}

/// Why the scan of a batch stopped.
enum Stop {
    Full,
    More(usize),
    Broken(String),
}

impl Capture {
    /// Opens the capture at `path`, or on standard input, and recognises its format.
    ///
    /// # Errors
    /// Why it is none, without its name.
    pub(in crate::source) fn open(path: &Path, counter: Arc<AtomicU64>) -> Result<Self, String> {
        let Input { rest, start, compression } = Input::open(path, counter)?;
        let kind = recognise(&start).map_err(|why| {
            compression.map_or(why.clone(), |kind| format!("{why} (inside {})", kind.name()))
        })?;
        let header = if matches!(kind, Kind::Legacy(_)) { FILE_HEADER } else { 0 };
        let mut stream = Stream::new(start, rest);
        stream.skip(header);
        Ok(Self { stream, kind, compression, frames: 0, growing: false, end: None })
    }

    /// Fills an empty batch with the next frames. Whether there are any; if not, the capture is over.
    pub(in crate::source) fn fill(&mut self, batch: &mut FrameBatch, position: &mut Position) -> bool {
        if self.end.is_some() {
            return false;
        }
        if self.growing {
            self.stream.resume();
        }
        let FrameBatch { bytes, frames } = batch;
        let mut filled = self.stream.begin(bytes);
        let mut at = 0;
        loop {
            let data = bytes.get(..filled).unwrap_or_default();
            let stop = match &mut self.kind {
                Kind::Legacy(format) => scan(format, data, &mut at, frames, position),
                Kind::Pcapng(format) => scan(format, data, &mut at, frames, position),
            };
            let needed = match stop {
                Stop::Full => break,
                Stop::Broken(why) => {
                    let place = self.place(frames.len(), at);
                    self.end = Some(CaptureEnd::Damaged(format!("damaged from {place} on ({why})")));
                    break;
                }
                Stop::More(_) if self.growing && matches!(self.stream.end(), Some(End::Over)) => break,
                Stop::More(_) if self.stream.end().is_some() => {
                    let rest = bytes.get(at..filled).unwrap_or_default();
                    self.end = Some(self.ended(frames.len(), at, rest));
                    break;
                }
                Stop::More(_) if !frames.is_empty() => break,
                Stop::More(needed) => needed,
            };
            // Nothing but records without frames so far, or one that is longer than all that was read.
            bytes.copy_within(at..filled, 0);
            self.stream.pass(at);
            filled = self.stream.read(bytes, filled - at, needed);
            at = 0;
        }
        self.frames += frames.len() as u64;
        self.stream.finish(bytes.get(at..filled).unwrap_or_default(), at, frames.len());
        !frames.is_empty()
    }

    /// Says whether the capture is still being written. As long as it is, [`fill`](Self::fill) finding no frame means that there is none yet, and a
    /// record that is cut off is one that is not complete yet.
    pub(in crate::source) const fn set_growing(&mut self, growing: bool) {
        self.growing = growing;
    }

    /// Whether it is compressed. What is compressed while it grows cannot be followed.
    pub(in crate::source) const fn is_compressed(&self) -> bool {
        self.compression.is_some()
    }

    /// How many bytes of the (decompressed) capture were read, and how many of them belong to a record that is not complete.
    pub(in crate::source) const fn read(&self) -> (u64, u64) {
        let cut = self.stream.waiting() as u64;
        (self.stream.offset() + cut, cut)
    }

    /// The damage the capture ended in, for people, without its name. After [`fill`](Self::fill) found no frame.
    pub(in crate::source) fn damage(&self) -> Option<&str> {
        match &self.end {
            Some(CaptureEnd::Damaged(what)) => Some(what),
            _ => None,
        }
    }

    /// Hands out the interfaces that were described since the last call.
    pub(in crate::source) fn take_described(&mut self) -> Vec<Interface> {
        match &mut self.kind {
            Kind::Legacy(format) => format.take_described(),
            Kind::Pcapng(format) => format.take_described(),
        }
    }

    /// What was lost while capturing, as far as the capture says.
    pub(in crate::source) fn dropped(&self) -> Option<Dropped> {
        match &self.kind {
            Kind::Legacy(_) => None,
            Kind::Pcapng(format) => format.dropped(),
        }
    }

    /// How the capture ends where nothing follows `rest`.
    fn ended(&self, in_batch: usize, at: usize, rest: &[u8]) -> CaptureEnd {
        let place = self.place(in_batch, at);
        if let Some(End::Error(error)) = self.stream.end() {
            return CaptureEnd::Damaged(format!("{} in {place}", input::read_error(error, self.compression)));
        }
        if rest.is_empty() {
            return CaptureEnd::Whole;
        }
        let cut = match &self.kind {
            Kind::Legacy(format) => format.cut(rest),
            Kind::Pcapng(format) => format.cut(rest),
        };
        let preposition = if cut.in_frame { "in" } else { "before" };
        CaptureEnd::Damaged(format!("cut off {preposition} {place} ({})", cut.detail))
    }

    /// A place in this file, for people.
    fn place(&self, in_batch: usize, at: usize) -> String {
        let frame = self.frames + in_batch as u64 + 1;
        let byte = self.stream.offset() + at as u64;
        let whose = if self.compression.is_some() { " of the decompressed data" } else { "" };
        format!("frame {frame} at byte {byte}{whose}")
    }
}

/// The format of a capture that begins with `start`.
fn recognise(start: &[u8]) -> Result<Kind, String> {
    if let Some(legacy) = Legacy::open(start) {
        return Ok(Kind::Legacy(legacy?));
    }
    if Legacy::recognises(start) {
        return Err(format!(
            "cut off in its header ({FILE_HEADER} bytes are needed, {} are there)",
            start.len()
        ));
    }
    if let Some(pcapng) = Pcapng::open(start) {
        return Ok(Kind::Pcapng(pcapng?));
    }
    Err(format!("not a capture: {}", looks_like(start)))
}

/// Goes from record to record through `data`, from `at` on, until something stops it. Afterwards `at` is where the next record starts.
fn scan<F: Format>(
    format: &mut F,
    data: &[u8],
    at: &mut usize,
    frames: &mut Vec<FrameMeta>,
    position: &mut Position,
) -> Stop {
    // In registers while it goes on.
    let (mut here, mut now) = (*at, *position);
    let stop = loop {
        if frames.len() >= MAX_BATCH_FRAMES {
            break Stop::Full;
        }
        match format.step(data.get(here..).unwrap_or_default()) {
            Step::Frame(record) => {
                frames.push(now.take(&record, here));
                here += record.len;
            }
            Step::Skip(len) => here += len,
            Step::More(needed) => break Stop::More(needed),
            Step::Broken(why) => break Stop::Broken(why),
        }
    };
    (*at, *position) = (here, now);
    stop
}

impl Position {
    /// The frame of a record that starts at `at` in its batch, and the step to the next number.
    #[inline]
    fn take(&mut self, record: &Record, at: usize) -> FrameMeta {
        let no = self.next;
        self.next = no.next();
        match record.stamp {
            Stamp::At(ts) => self.time = Some(ts),
            Stamp::Absent => self.unstamped |= !record.malformed,
            Stamp::Impossible => {}
        }
        let malformed = record.malformed || record.stamp == Stamp::Impossible;
        FrameMeta {
            no,
            ts: self.time.unwrap_or_default(),
            link: record.link,
            wire_len: record.wire_len,
            // A batch holds at most one record of 16 MiB and what is read at once.
            offset: (at + record.start) as u32,
            cap_len: record.cap_len,
            interface: self.interfaces.later(record.interface),
            fault: malformed.then_some(Fault::Malformed),
        }
    }
}
