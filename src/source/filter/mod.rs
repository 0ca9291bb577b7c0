//! Capture filters for files: libpcap's own compiler, for every link type met.
//!
//! Only compiling needs libpcap. The compiled program runs in a small machine of ours: the `pcap` crate takes a frame for as long as what
//! was captured of it, and then `greater 1000` is wrong for every frame cut by a snapshot length.

#[cfg(feature = "libpcap")]
mod bpf;
#[cfg(feature = "libpcap")]
mod compile;

use super::SourceError;
use crate::frame::FrameBatch;
#[cfg(feature = "libpcap")]
use crate::frame::LinkType;

/// An expression of libpcap's filter language (`man pcap-filter`), compiled for each link type when it is first met.
#[cfg(feature = "libpcap")]
#[derive(Debug)]
pub struct Filter {
    expression: String,
    /// `None` where the expression means nothing for a link type.
    programs: Vec<(LinkType, Option<bpf::Program>)>,
}

#[cfg(feature = "libpcap")]
impl Filter {
    /// Compiles `expression` once, so that what is wrong with it is said before anything is read.
    ///
    /// # Errors
    /// libpcap's complaint, where the expression fits neither Ethernet nor raw IP.
    pub fn new(expression: &str) -> Result<Self, SourceError> {
        compile::compile(expression, LinkType::ETHERNET)
            .or_else(|complaint| compile::compile(expression, LinkType::RAW).map_err(|_| complaint))
            .map_err(|complaint| SourceError(format!("filter '{expression}': {complaint}")))?;
        Ok(Self { expression: expression.to_owned(), programs: Vec::new() })
    }

    /// Marks the frames of `batch` that do not match as [filtered](crate::frame::Fault::Filtered). Frames with another fault keep it. A link type the
    /// expression cannot be compiled for matches nothing, and adds one line to `warnings`.
    pub fn apply(&mut self, batch: &mut FrameBatch, warnings: &mut Vec<String>) {
        let FrameBatch { bytes, frames } = batch;
        for frame in frames.iter_mut().filter(|frame| frame.fault.is_none()) {
            let start = frame.offset as usize;
            let data = bytes.get(start..start + frame.cap_len as usize).unwrap_or_default();
            let program = self.program(frame.link, warnings);
            if !program.is_some_and(|program| program.matches(data, frame.wire_len)) {
                frame.fault = Some(crate::frame::Fault::Filtered);
            }
        }
    }

    fn program(&mut self, link: crate::frame::LinkType, warnings: &mut Vec<String>) -> Option<&bpf::Program> {
        let known = self.programs.iter().position(|(of, _)| *of == link);
        let at = known.unwrap_or_else(|| {
            let compiled = compile::compile(&self.expression, link).map_err(|complaint| {
                let line = format!(
                    "filter '{}' for link type {}: {complaint}; its frames count as not matching",
                    self.expression, link.0
                );
                warnings.push(line);
            });
            self.programs.push((link, compiled.ok()));
            self.programs.len() - 1
        });
        self.programs.get(at)?.1.as_ref()
    }
}

/// Without libpcap there is no filter: none can be made.
#[cfg(not(feature = "libpcap"))]
#[derive(Debug)]
pub enum Filter {}

#[cfg(not(feature = "libpcap"))]
impl Filter {
    /// Says that this build cannot filter.
    ///
    /// # Errors
    /// Always.
    pub fn new(_expression: &str) -> Result<Self, SourceError> {
        Err(SourceError("this build lacks libpcap: -f needs it (build with --features libpcap)".to_owned()))
    }

    /// Never called, as no filter can be made.
    pub fn apply(&mut self, _batch: &mut FrameBatch, _warnings: &mut Vec<String>) {
        match *self {}
    }
}

#[cfg(test)]
#[cfg(feature = "libpcap")]
mod tests;
