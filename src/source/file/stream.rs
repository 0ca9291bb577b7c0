//! Bytes on their way from the input into batches.
//!
//! ```text
//!  batch n    |tail n-1|··· read from the input ···|cut record|
//!                                                  └──────────┴─► tail n: copied, opens batch n+1
//! ```
//! Only what no frame of a batch needed is copied. How much is read follows from how long records were so far, so that the tail stays small.

use std::io::{self, Read};

/// How much is read before anything is known of the records.
const FIRST_READ: usize = 64 << 10;
/// Less is not worth a system call.
const MIN_READ: usize = 16 << 10;
/// More would leave the cache before it is decoded.
const MAX_READ: usize = 512 << 10;

/// The rest of an input.
pub(super) struct Stream {
    reader: Box<dyn Read + Send>,
    /// Read, but not yet in a batch.
    tail: Vec<u8>,
    /// Where `tail` starts in the (decompressed) input.
    offset: u64,
    /// How many bytes a batch should hold.
    wanted: usize,
    end: Option<End>,
}

/// Why nothing more comes.
#[derive(Debug)]
pub(super) enum End {
    /// It is all read.
    Over,
    /// It cannot be read on.
    Error(io::Error),
}

impl Stream {
    /// A stream of `start` and what `reader` yields after it.
    pub(super) const fn new(start: Vec<u8>, reader: Box<dyn Read + Send>) -> Self {
        Self { reader, tail: start, offset: 0, wanted: FIRST_READ, end: None }
    }

    /// Leaves `len` bytes out at the front of the stream. They are in the start it was made of.
    pub(super) fn skip(&mut self, len: usize) {
        let len = len.min(self.tail.len());
        self.tail.drain(..len);
        self.offset += len as u64;
    }

    /// Starts a batch in `bytes`: the tail of the last one, and then as much as a batch should hold. Returns how much is there.
    pub(super) fn begin(&mut self, bytes: &mut Vec<u8>) -> usize {
        let filled = self.tail.len();
        if bytes.len() < filled {
            bytes.resize(filled, 0);
        }
        if let Some(front) = bytes.get_mut(..filled) {
            front.copy_from_slice(&self.tail);
        }
        self.tail.clear();
        // A tail that is as long as a batch should be is worth trying first.
        if filled < self.wanted { self.read(bytes, filled, filled + 1) } else { filled }
    }

    /// Reads on after `filled` until there are `needed` bytes, or no more. Returns how many are there.
    pub(super) fn read(&mut self, bytes: &mut Vec<u8>, mut filled: usize, needed: usize) -> usize {
        while filled < needed && self.end.is_none() {
            // What a record claims is believed step by step: memory grows with what is really there.
            let target = needed.min(filled.saturating_mul(2)).max(self.wanted).max(filled + 1);
            if bytes.len() < target {
                bytes.resize(target, 0);
            }
            match self.reader.read(bytes.get_mut(filled..target).unwrap_or_default()) {
                Ok(0) => self.end = Some(End::Over),
                Ok(read) => filled += read.min(target - filled),
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(error) => self.end = Some(End::Error(error)),
            }
        }
        filled
    }

    /// Forgets that the end was reached: more may have been written since.
    pub(super) fn resume(&mut self) {
        if matches!(self.end, Some(End::Over)) {
            self.end = None;
        }
    }

    /// How many bytes were read that are in no batch yet.
    pub(super) const fn waiting(&self) -> usize {
        self.tail.len()
    }

    /// Forgets `len` bytes that held no frame.
    pub(super) const fn pass(&mut self, len: usize) {
        self.offset += len as u64;
    }

    /// Ends a batch of `frames` frames that took `used` bytes; `rest` opens the next one.
    pub(super) fn finish(&mut self, rest: &[u8], used: usize, frames: usize) {
        self.offset += used as u64;
        self.tail.extend_from_slice(rest);
        if let Some(wanted) = used.saturating_mul(crate::frame::MAX_BATCH_FRAMES).checked_div(frames) {
            self.wanted = wanted.clamp(MIN_READ, MAX_READ);
        }
    }

    /// Where in the (decompressed) input the batch that is being filled starts.
    pub(super) const fn offset(&self) -> u64 {
        self.offset
    }

    /// Set where nothing more comes after what is there.
    pub(super) const fn end(&self) -> Option<&End> {
        self.end.as_ref()
    }
}
