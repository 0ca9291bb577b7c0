//! A run that goes on until it is told to stop: on an interface, a directory that fills, or a pipe.
//!
//! ```text
//!  plan ──► open ──► confine ──► session: source ──► limits ──► analysis ──► face ──► sink
//!           (all that needs      (nothing but        │          ──► archive ──► report at the end
//!            privileges)          what is needed)    │          ──► keeper ──► evidence at the end
//!                                                    └──► raw
//! ```

mod archive;
mod confine;
mod drops;
mod face;
mod interfaces;
mod join;
mod keeper;
pub(super) mod metrics;
mod open;
mod pace;
#[cfg(feature = "libpcap")]
mod permission;
mod plan;
mod privileges;
mod raw;
mod screen;
mod session;
mod signals;
mod sink;
mod spool;
mod statistics;
#[cfg(test)]
mod testing;
mod view;

pub(super) use interfaces::list_interfaces;
pub(super) use plan::Plan;

use super::cli::Format;
use super::job::Job;
use super::output::Output;
use super::progress::Progress;
use super::say::tell_warning;
use super::{Error, Exit};
use crate::source::Stop;
use face::Face;
use join::Join;
use keeper::Keeper;
use metrics::Exporter;
use open::Opened;
use pace::Pulse;
use privileges::Who;
use raw::Tap;
use screen::Screen;
use session::{Said, Session};
use signals::Wishes;
use sink::Sink;
use spool::Spool;
use std::io::{self, IsTerminal};

/// Does `job` as `plan` has it.
pub(super) fn run(job: &Job, plan: Plan) -> Result<Exit, Error> {
    let (is_live, stop, wishes) = (plan.is_live(), Stop::default(), Wishes::default());
    // With all privileges.
    let who = if is_live { Some(Who::resolve(&plan)?) } else { None };
    let mut exporter = Exporter::open(plan.metrics, plan.metrics_file.as_deref())?;
    let Opened { source, frames, name } = open::open(job, &plan, stop.clone())?;
    // What a pipe brings is all kept; what may come for weeks is not.
    let spool = if is_live { None } else { Spool::open(job)? };
    let out = Sink::new(&job.output).map_err(|e| Error::io("cannot write", e))?;
    let is_watched = is_live && can_be_watched(job);
    if let Some(who) = &who {
        privileges::leave(job, &plan, who, is_watched)?;
    }
    // With none.
    let raw = match (&plan.raw, frames) {
        (Some(raw), Some((link, snaplen))) => Some(Tap::create(raw, link, snaplen).map_err(|error| {
            let user = who.as_ref().and_then(Who::other);
            error.with_hint(user.map(|user| format!("as user {user} (--user names another)")))
        })?),
        _ => None,
    };
    signals::listen(wishes.clone(), if is_watched { view::restore } else { || () })
        .map_err(|e| Error::io("cannot take signals", e))?;
    if let Some(exporter) = &mut exporter {
        exporter.start(stop.clone())?;
    }
    if let Some(warning) = plan.metrics.and_then(metrics::Address::warning)
        && !job.quiet
    {
        tell_warning(&warning);
    }
    let face = if is_watched { screen(job, name)? } else { face(job, is_live) };
    let session = Session {
        job,
        source,
        stop,
        is_live,
        limits: plan.limits,
        join: plan.is_of_this_host(job).then(|| Join::new(job.filter.is_some())),
        wishes,
        elapsed: pace::start(),
        out,
        raw,
        spool,
        snapshot: plan.snapshot.map(Pulse::new),
        exporter,
        keeper: if is_live { Keeper::of(job) } else { None },
        said: Said::default(),
        // A bar would be drawn between the lines.
        progress: Progress::new(None, job.quiet || is_live || face.writes() && job.output.is_terminal()),
        face,
    };
    session.run()
}

/// Whether a person sits in front of it who can be shown more than lines.
fn can_be_watched(job: &Job) -> bool {
    job.format == Format::Text
        && job.flow.is_none()
        && !job.quiet
        && matches!(job.output, Output::Stdout)
        && io::stdin().is_terminal()
        && io::stdout().is_terminal()
        && std::env::var_os("TERM").is_none_or(|term| term != "dumb")
}

fn screen(job: &Job, source: String) -> Result<Face, Error> {
    let screen = Screen::enter(job, source).map_err(|e| Error::io("cannot use the terminal", e))?;
    Ok(Face::View(Box::new(screen)))
}

/// How events are shown: as the format has it, and of a pipe as of a file, where text has none.
fn face(job: &Job, is_live: bool) -> Face {
    match job.format {
        Format::Ndjson => Face::Ndjson,
        Format::Text if is_live && !job.quiet => Face::Lines(None),
        Format::Text | Format::Json | Format::Csv | Format::Markdown | Format::Html => Face::Silent,
    }
}
