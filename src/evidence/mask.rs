//! Evidence for strangers: other addresses, and nothing that an analysis does not read.

use super::Evidence;
use crate::anonymize::{Anonymizer, rebuild};
use crate::decode::{Encapsulations, Skip, decode_into};
use crate::frame::{FrameBatch, FrameMeta, InterfaceNo};
use std::io::{self, Write};

/// Writes frames made anew instead of those captured.
#[derive(Debug)]
pub struct Mask {
    anonymizer: Anonymizer,
    encapsulations: Encapsulations,
}

impl Mask {
    /// With the addresses of `anonymizer`.
    #[must_use]
    pub fn new(anonymizer: Anonymizer) -> Self {
        Self { anonymizer, encapsulations: Encapsulations::default() }
    }

    /// Adds a frame, made anew, with what is said of it. What cannot be decoded has nothing to show.
    ///
    /// # Errors
    /// What the output reports.
    pub fn frame(
        &mut self,
        evidence: &mut Evidence<impl Write>,
        batch: &FrameBatch,
        meta: &FrameMeta,
        said: &[String],
    ) -> io::Result<()> {
        let mut content = Err(Skip::NotIp);
        decode_into(&mut content, &batch.frame(meta), &mut self.encapsulations);
        let Ok(mut content) = content else { return Ok(()) };
        self.anonymizer.mask(&mut content);
        let packet = rebuild(&content);
        let (link, wire_len) = (packet.link, packet.wire_len);
        let anew = FrameMeta { link, wire_len, interface: InterfaceNo::default(), ..*meta };
        evidence.write(&anew, &packet.bytes, said, &[])
    }
}
