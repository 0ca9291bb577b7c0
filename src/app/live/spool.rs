//! `--evidence` of a pipe, which can be read once. Which frames are evidence is known at its end; until then all are kept, in a file without a
//! name. What may come for weeks is kept by the [`keeper`](super::keeper).

use super::plan::parent;
use crate::app::Error;
use crate::app::evidence::{self, Whole};
use crate::app::job::{Evidence as Wanted, Job};
use crate::app::limits::Limits;
use crate::app::output::Output;
use crate::evidence::Evidence;
use crate::frame::FrameBatch;
use crate::source::{Interface, SourceNotes};
use std::fs::File;
use std::io::{self, BufWriter};
use std::path::PathBuf;

/// All frames so far.
pub(super) struct Spool<'a> {
    wanted: &'a Wanted,
    file: File,
    frames: Evidence<BufWriter<File>>,
}

impl<'a> Spool<'a> {
    /// An empty one, on the disk that the evidence will need room on anyway; `None` where none is wanted.
    ///
    /// # Errors
    /// There can be no such file.
    pub(super) fn open(job: &'a Job) -> Result<Option<Self>, Error> {
        let Some(wanted) = &job.evidence else { return Ok(None) };
        if !cfg!(unix) {
            return Err(Error::Usage("--evidence needs a file here, which can be read again".into()));
        }
        let beside = match wanted.output() {
            Output::File { path, .. } => tempfile::tempfile_in(parent(path)),
            Output::Stdout => tempfile::tempfile(),
        };
        let file = beside.or_else(|_| tempfile::tempfile()).map_err(failed)?;
        let out = BufWriter::new(file.try_clone().map_err(failed)?);
        let frames = Evidence::begin(out, "").map_err(failed)?;
        Ok(Some(Self { wanted, file, frames }))
    }

    /// Keeps the frames of `batch`, which were captured on `interfaces`.
    ///
    /// # Errors
    /// They cannot be written.
    pub(super) fn keep(&mut self, batch: &FrameBatch, interfaces: &[Interface]) -> Result<(), Error> {
        let mut frames = batch.frames.iter();
        frames.try_for_each(|meta| self.frames.frame(batch, meta, &[], interfaces)).map_err(failed)
    }

    /// Writes the evidence for the report of `job`, whose frames these were, from a source that has this to say.
    ///
    /// # Errors
    /// It cannot be written.
    pub(super) fn cut(mut self, job: &Job, max_flows: Option<u64>, notes: &SourceNotes) -> Result<(), Error> {
        self.frames.lost(notes.dropped).map_err(failed)?;
        self.frames.end().map_err(failed)?;
        take_the_place_of_stdin(&self.file).map_err(failed)?;
        let inputs = [PathBuf::from("-")];
        let whole = Whole { inputs: &inputs, limits: Limits::default(), max_flows, sources: &notes.sources };
        evidence::write(job, self.wanted, &whole)
    }
}

/// A file without a name is read under that of standard input, from which nothing more is wanted.
#[cfg(unix)]
fn take_the_place_of_stdin(file: &File) -> io::Result<()> {
    Ok(nix::unistd::dup2_stdin(file)?)
}

#[cfg(not(unix))]
fn take_the_place_of_stdin(_: &File) -> io::Result<()> {
    Err(io::ErrorKind::Unsupported.into())
}

fn failed(cause: io::Error) -> Error {
    Error::io("cannot keep the frames for --evidence", cause)
}
