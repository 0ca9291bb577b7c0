//! Opening what a run reads: all that needs privileges.

use super::plan::{Origin, Plan};
use crate::app::job::Job;
use crate::app::{Error, Exit};
use crate::source::{FrameSource, Stop, background, file};

/// What is open.
pub(super) struct Opened {
    pub(super) source: Box<dyn FrameSource>,
}

/// Opens the source of `plan`, which ends when `stop` is set.
///
/// # Errors
/// It cannot be opened: ready to be printed, with what helps.
pub(super) fn open(job: &Job, plan: &Plan, stop: Stop) -> Result<Opened, Error> {
    let filter = job.filter.clone();
    match &plan.origin {
        Origin::Inputs => {
            let inputs = job.inputs.clone();
            let source = background::spawn(move || file::open(&inputs, filter.as_deref()))
                .map_err(|e| Error::io("cannot start a thread", e))?;
            Ok(Opened { source: Box::new(source) })
        }
        _ => {
            let _ = stop;
            Err(Error::Usage("not yet".into()))
        }
    }
}

/// Lists the interfaces that can be captured on.
pub(in crate::app) fn list_interfaces() -> Result<Exit, Error> {
    Ok(Exit::Done)
}
