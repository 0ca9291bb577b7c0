//! What a run shows of what happens, while it happens.

use super::screen::Screen;
use super::sink::Sink;
use crate::analyzer::Output;
use crate::app::job::Job;
use crate::app::results::is_wanted;
use crate::render::{Pieces, ndjson, text::Telling, text::event_line};
use crate::time::Timestamp;
use std::io::{self, Write};

/// How events are shown.
pub(super) enum Face {
    /// On a screen of their own, with the flows they are about.
    View(Box<Screen>),
    /// A line of text each.
    Lines(Option<Telling>),
    /// A record each.
    Ndjson,
    /// Not at all: the report at the end is all that is wanted.
    Silent,
}

impl Face {
    /// Whether what is decided is written where the report at the end is.
    pub(super) const fn writes(&self) -> bool {
        matches!(self, Self::Lines(_) | Self::Ndjson)
    }

    /// Shows what was decided, of a capture that starts at `start` and is made of `pieces`.
    ///
    /// # Errors
    /// What `out` reports.
    pub(super) fn take(
        &mut self,
        output: &Output,
        start: Option<Timestamp>,
        pieces: Pieces<'_>,
        out: &mut Sink,
        job: &Job,
    ) -> io::Result<()> {
        if !is_wanted(output, job) {
            return Ok(());
        }
        match self {
            Self::View(screen) => {
                screen.take(output);
                Ok(())
            }
            Self::Lines(telling) => {
                let telling = telling.get_or_insert_with(|| Telling::new(job.clock, start, job.color));
                event_line(output, telling).map_or(Ok(()), |line| writeln!(out, "{line}"))
            }
            Self::Ndjson => ndjson::write(out, output, pieces),
            Self::Silent => Ok(()),
        }
    }
}
