//! libpcap's filter compiler.

use super::bpf::Program;
use crate::frame::LinkType;
use pcap::{Capture, Linktype};

/// `expression` compiled for frames of a link type.
///
/// # Errors
/// libpcap's complaint.
pub(super) fn compile(expression: &str, link: LinkType) -> Result<Program, String> {
    let compiled = Capture::dead(Linktype(dlt(link).into()))
        .and_then(|handle| handle.compile(expression, true))
        .map_err(|error| match error {
            pcap::Error::PcapError(text) => text,
            other => other.to_string(),
        })?;
    Program::parse(compiled.get_instructions().iter().map(ToString::to_string))
        .ok_or_else(|| "its program cannot be read".to_owned())
}

/// The DLT_ number libpcap's compiler knows a LINKTYPE_ number by: the same, but for some that differ from system to system.
const fn dlt(link: LinkType) -> u16 {
    match link.0 {
        100 => 11,
        101 if cfg!(target_os = "openbsd") => 14,
        101 => 12,
        102 => 15,
        103 => 16,
        106 => 19,
        same => same,
    }
}
