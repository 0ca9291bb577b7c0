//! Opening what a run reads: what needs privileges.

use super::plan::{Origin, Plan};
use crate::app::Error;
use crate::app::job::Job;
use crate::frame::LinkType;
use crate::source::{FrameSource, Stop, background, file, follow};

/// What is open.
pub(super) struct Opened {
    pub(super) source: Box<dyn FrameSource>,
    /// What all frames are, and how much of each is captured: of an interface.
    pub(super) frames: Option<(LinkType, u32)>,
    /// What it is called, for people. Text from outside.
    pub(super) name: String,
}

/// Opens the source of `plan`, which ends when `stop` is set.
///
/// # Errors
/// It cannot be opened: ready to be printed, with what helps.
pub(super) fn open(job: &Job, plan: &Plan, stop: Stop) -> Result<Opened, Error> {
    match &plan.origin {
        Origin::Interface { name, promiscuous, snaplen, buffer_kib } => {
            interface::open(name, *promiscuous, *snaplen, *buffer_kib, job, stop)
        }
        Origin::Directory(directory) => {
            let source = follow::open(directory, job.filter.as_deref(), stop)?;
            let name = directory.display().to_string();
            Ok(Opened { source: job.masked(source), frames: None, name })
        }
        Origin::Inputs => {
            let (inputs, filter) = (job.inputs.clone(), job.filter.clone());
            let source = background::spawn(move || file::open(&inputs, filter.as_deref()))
                .map_err(|e| Error::io("cannot start a thread", e))?;
            Ok(Opened { source: job.masked(source), frames: None, name: "-".to_owned() })
        }
    }
}

#[cfg(feature = "libpcap")]
mod interface {
    use super::super::permission;
    use super::Opened;
    use crate::app::Error;
    use crate::app::job::Job;
    use crate::source::Stop;
    use crate::source::live::{self, DEFAULT_SNAPLEN, OpenError, Options};

    pub(super) fn open(
        name: &str,
        promiscuous: bool,
        snaplen: Option<u32>,
        buffer_kib: Option<u32>,
        job: &Job,
        stop: Stop,
    ) -> Result<Opened, Error> {
        let options = Options {
            interface: name.to_owned(),
            promiscuous,
            snaplen: snaplen.unwrap_or(DEFAULT_SNAPLEN),
            buffer_kib,
            filter: job.filter.clone(),
        };
        let source = live::open(&options, stop).map_err(|error| match error {
            OpenError::Permission => Error::Guidance(permission::guidance(name)),
            OpenError::NoSuchInterface { .. } => Error::Usage(error.to_string()),
            OpenError::Other(why) => Error::Usage(format!("cannot capture on {name}: {why}")),
        })?;
        let frames = Some((source.link(), options.snaplen));
        Ok(Opened { source: job.masked(source), frames, name: name.to_owned() })
    }
}

#[cfg(not(feature = "libpcap"))]
mod interface {
    use super::Opened;
    use crate::app::Error;
    use crate::app::error::usage;
    use crate::app::job::Job;
    use crate::app::live::plan::NEEDS_LIBPCAP;
    use crate::source::Stop;

    pub(super) fn open(
        _: &str,
        _: bool,
        _: Option<u32>,
        _: Option<u32>,
        _: &Job,
        _: Stop,
    ) -> Result<Opened, Error> {
        usage(NEEDS_LIBPCAP)
    }
}
