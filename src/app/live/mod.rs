//! A run that goes on until it is told to stop: on an interface, a directory that fills, or a pipe.
//!
//! ```text
//!  plan ──► open ──► confine ──► session: source ──► limits ──► analysis ──► face ──► sink
//!           (all that needs      (nothing but        │          ──► archive ──► report at the end
//!            privileges)          what is needed)    └──► raw
//! ```

mod archive;
mod confine;
mod drops;
mod face;
mod limits;
mod metrics;
mod open;
mod pace;
mod permission;
mod plan;
mod privileges;
mod raw;
mod session;
mod signals;
mod sink;
mod statistics;
mod view;
#[cfg(test)]
mod testing;

pub(super) use limits::Limits;
pub(super) use open::list_interfaces;
pub(super) use plan::Plan;

use super::cli::Format;
use super::job::Job;
use super::progress::Progress;
use super::{Error, Exit};
use crate::source::Stop;
use face::Face;
use open::Opened;
use pace::Pulse;
use privileges::Who;
use session::{Said, Session};
use signals::Wishes;
use sink::Sink;

/// Does `job` as `plan` has it.
pub(super) fn run(job: &Job, plan: Plan) -> Result<Exit, Error> {
    let is_live = plan.is_live();
    let (stop, wishes) = (Stop::default(), Wishes::default());
    let face = face(job, is_live);
    let who = if is_live { Some(Who::resolve(&plan)?) } else { None };
    let Opened { source } = open::open(job, &plan, stop.clone())?;
    let out = Sink::new(&job.output).map_err(|e| Error::io("cannot write", e))?;
    if let Some(who) = who {
        privileges::leave(job, &plan, &who, false)?;
    }
    signals::listen(wishes.clone(), || ()).map_err(|e| Error::io("cannot take signals", e))?;
    let is_silent = face.is_silent();
    let session = Session {
        job,
        source,
        stop,
        is_live,
        limits: plan.limits,
        wishes,
        elapsed: pace::start(),
        face,
        out,
        raw: None,
        snapshot: plan.snapshot.map(Pulse::new),
        said: Said::default(),
        // A bar would be drawn between the lines.
        progress: Progress::new(None, job.quiet || is_live || !is_silent && job.output.is_terminal()),
    };
    session.run()
}

/// How events are shown: as the format has it, and of a pipe as of a file, where text has none.
fn face(job: &Job, is_live: bool) -> Face {
    match job.format {
        Format::Ndjson => Face::Ndjson,
        Format::Text if is_live && !job.quiet => Face::Lines(None),
        Format::Text | Format::Json => Face::Silent,
    }
}
