//! `--evidence` of a run: its frames cannot be read again, so the last ones of suspect flows are kept until the end.

use crate::analyzer::{Analyzer, Output};
use crate::app::Error;
use crate::app::job::{Evidence, Job};
use crate::evidence::{Mask, Recorder};
use crate::frame::FrameBatch;
use crate::source::SourceNotes;
use std::io::BufWriter;

/// Keeps what may be evidence, and writes what is.
pub(super) struct Keeper<'a> {
    wanted: &'a Evidence,
    recorder: Recorder,
}

impl<'a> Keeper<'a> {
    /// What `job` asks for, if it does.
    pub(super) fn of(job: &'a Job) -> Option<Self> {
        let wanted = job.evidence.as_ref()?;
        Some(Self { wanted, recorder: Recorder::new(job.flow.is_some()) })
    }

    /// Takes what is to be kept of `batch`, which `analyzer` has just had.
    pub(super) fn record(&mut self, batch: &FrameBatch, analyzer: &mut Analyzer) {
        self.recorder.record(batch, analyzer.owners());
    }

    /// Takes notice of what was decided.
    pub(super) fn take(&mut self, output: &Output) {
        match output {
            Output::Event(event) => self.recorder.note(event),
            Output::Flow { flow, .. } => self.recorder.conclude(flow),
            Output::Notice(_) | Output::Loss(_) | Output::Told(_) => {}
        }
    }

    /// Writes it, at the end.
    ///
    /// # Errors
    /// The file cannot be written.
    pub(super) fn write(&self, job: &Job, analyzer: &Analyzer, notes: &SourceNotes) -> Result<(), Error> {
        let failed = |e| Error::io(format!("cannot write {}", self.wanted.name), e);
        let out = BufWriter::new(self.wanted.start().map_err(failed)?);
        let (conclusions, _) = analyzer.conclude_all();
        let mask = job.key.as_ref().map(|key| Mask::new(key.anonymizer()));
        let (capture, across) = (analyzer.capture(), &conclusions.findings);
        self.recorder.write(out, capture, across, &notes.interfaces, mask).map_err(failed)
    }
}
