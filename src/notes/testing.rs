//! Stories for tests: text traces, run through the real flow table and the real rules.

use super::Notes;
use crate::classify::classify;
use crate::decode::{Decoded, Encapsulations, decode};
use crate::flow::{FlowTable, Hasher, Seen};
use crate::frame::FrameBatch;
use crate::source::trace::Trace;
use crate::source::{FrameSource, Next};
use crate::time::Timestamp;
use std::fmt::Write as _;

/// The notes on the one flow of a trace, kept as an analysis keeps them: begun by the first segment that asks for them, and dropped when
/// there is nothing to remember.
#[track_caller]
pub(crate) fn notes_on(text: &str) -> Option<Notes> {
    notes_on_captured(text, usize::MAX)
}

/// The same, where only so many octets of each payload were captured.
#[track_caller]
pub(crate) fn notes_on_captured(text: &str, snaplen: usize) -> Option<Notes> {
    let trace = Trace::parse(text).unwrap();
    let (mut source, mut batch) = (trace.source(), FrameBatch::default());
    let (hasher, mut table, mut encapsulations) =
        (Hasher::default(), FlowTable::default(), Encapsulations::default());
    let mut notes: Option<Notes> = None;
    while source.fill(&mut batch).unwrap() == Next::Filled {
        for frame in batch.iter() {
            let Ok(Decoded::Segment(seg)) = &decode(&frame, &mut encapsulations) else { continue };
            let (_, lookup) = hasher.lookup(&seg.tuple);
            let (id, side) = match table.find(&lookup, seg) {
                Seen::Known(id, side) => (id, side),
                Seen::New => table.insert(&lookup, 0, seg),
                Seen::Reused(_) => panic!("a story is about one flow"),
            };
            let Some(record) = table.get_mut(id) else { continue };
            record.observe(id, side, seg, |o| {
                let class = classify(o);
                if notes.is_some() || Notes::begins_with(o, class) || Notes::pauses(o, class) {
                    let (offset, len) = (seg.payload.0 as usize, seg.payload.1 as usize);
                    let payload = frame.data.get(offset..offset + len.min(snaplen)).unwrap_or_default();
                    let mut taken = notes.take().unwrap_or_default();
                    taken.observe(o, class, payload);
                    notes = Some(taken).filter(|notes| !notes.is_empty());
                }
            });
        }
    }
    notes
}

/// When something was, in milliseconds from the start of a trace.
pub(crate) const fn ms(at: Timestamp) -> i64 {
    at.0 / 1_000_000 - 1_700_000_000_000
}

/// The moment so many milliseconds after the start of a trace.
pub(crate) const fn moment(ms: i64) -> Timestamp {
    Timestamp((1_700_000_000_000 + ms) * 1_000_000)
}

/// A conversation of A (the client) and B, written as a trace. Times are in milliseconds.
pub(crate) struct Talk {
    pub(crate) text: String,
    a: u32,
    b: u32,
}

impl Talk {
    /// After the handshake.
    pub(crate) fn new() -> Self {
        let text = "0.000 A S 0:1(0)\n0.010 B S. 0:1(0) ack 1\n0.020 A . 1:1(0) ack 1\n";
        Self { text: text.to_owned(), a: 1, b: 1 }
    }

    fn line(&mut self, ms: u64, sender: char, flags: &str, octets: u32) {
        let (own, other) = if sender == 'A' { (self.a, self.b) } else { (self.b, self.a) };
        let end = own + octets;
        writeln!(
            self.text,
            "{}.{:03} {sender} {flags} {own}:{end}({octets}) ack {other}",
            ms / 1000,
            ms % 1000
        )
        .unwrap();
        if sender == 'A' { self.a = end } else { self.b = end }
    }

    /// Data of `sender` that is acknowledged after 10 ms.
    pub(crate) fn says(&mut self, ms: u64, sender: char, octets: u32) -> &mut Self {
        let other = if sender == 'A' { 'B' } else { 'A' };
        self.line(ms, sender, "P.", octets);
        self.line(ms + 10, other, ".", 0);
        self
    }

    /// Data of `sender`, a reply after 10 ms, and its acknowledgement.
    pub(crate) fn asks(&mut self, ms: u64, sender: char, request: u32, reply: u32) -> &mut Self {
        let other = if sender == 'A' { 'B' } else { 'A' };
        self.line(ms, sender, "P.", request);
        self.says(ms + 10, other, reply)
    }
}
