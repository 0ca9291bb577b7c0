//! Analysing captures: the loop from the source through the analysis to the output.

use super::cli::Format;
use super::evidence::{self, Whole};
use super::job::Job;
use super::limits::Limits;
use super::progress::Progress;
use super::results::{write_decided, write_rest};
use super::say::tell_warning;
use super::{Error, Exit};
use crate::analyzer::Config;
use crate::frame::FrameBatch;
use crate::source::{FrameSource, Next, SourceError, SourceNotes, file};
use std::io::{BufWriter, Write};

/// How much output is gathered before it is written.
const OUTPUT_BUFFER: usize = 1 << 16;

/// An input that is open.
struct Input {
    source: Box<dyn FrameSource>,
    /// The bytes of all its files, where that is known.
    total_bytes: Option<u64>,
    /// Tells how many of them were read.
    bytes_read: Box<dyn Fn() -> u64>,
}

/// The one place that knows where frames come from.
fn open(job: &Job) -> Result<Input, SourceError> {
    let files = file::open(&job.inputs, job.filter.as_deref())?;
    let progress = files.progress();
    let total_bytes = progress.total();
    Ok(Input { source: job.masked(files), total_bytes, bytes_read: Box::new(move || progress.read()) })
}

/// Analyses captures, as much of them as is `wanted`.
pub(super) fn analyse(job: &Job, wanted: Limits) -> Result<Exit, Error> {
    let Input { mut source, total_bytes, bytes_read } = open(job)?;
    let written = |e| Error::io("cannot write", e);
    let mut out = BufWriter::with_capacity(OUTPUT_BUFFER, job.output.start().map_err(written)?);
    let stream = job.format == Format::Ndjson;
    let sketch = job.format == Format::Html;
    let config = Config { max_flows: job.max_flows, stream, watch: false, explain: job.flow, sketch };
    let mut analyzer = job.analyzer(config);
    // A bar would be drawn between the lines.
    let mut progress = Progress::new(total_bytes, job.quiet || (stream && job.output.is_terminal()));

    let (mut batch, mut limits) = (FrameBatch::default(), wanted);
    while !limits.is_reached() {
        match source.fill(&mut batch)? {
            Next::Filled => {
                limits.cut(&mut batch);
                analyzer.handle_batch(&batch);
            }
            Next::Quiet(now) => analyzer.handle_time(now),
            Next::End => break,
        }
        if stream {
            write_decided(&mut out, &mut analyzer, source.notes(), job).map_err(written)?;
        }
        progress.at(bytes_read());
    }
    progress.finish();

    let notes = source.notes();
    analyzer.handle_end(notes);
    warn(notes, job);
    if let Some(only) = job.flow
        && analyzer.chosen_flows() == 0
    {
        return Err(Error::Usage(format!("the capture has no flow with {only}")));
    }
    write_rest(&mut out, &mut analyzer, notes, job).and_then(|()| out.flush()).map_err(written)?;
    let verdict = verdict(notes, job.strict);
    drop(out);
    if let Some(file) = &job.evidence {
        let (inputs, sources) = (&job.inputs, &notes.sources);
        evidence::write(job, file, &Whole { inputs, limits: wanted, max_flows: job.max_flows, sources })?;
    }
    // The process ends: giving back the memory of millions of flows piece by piece would only take time.
    std::mem::forget(analyzer);
    verdict
}

/// Says what the source has to say, where no report on the same screen does.
pub(super) fn warn(notes: &SourceNotes, job: &Job) {
    if job.quiet || job.report_shows_warnings() {
        return;
    }
    notes.warnings.iter().for_each(|warning| tell_warning(warning));
}

/// How an analysis that went to its end has ended.
pub(super) fn verdict(notes: &SourceNotes, strict: bool) -> Result<Exit, Error> {
    let lossy = notes.dropped.is_some_and(|dropped| dropped.kernel > 0 || dropped.interface > 0);
    if strict && notes.damaged {
        return Err(Error::Usage("the input is damaged (--strict)".into()));
    }
    if strict && lossy {
        return Err(Error::Usage("frames were lost while capturing (--strict)".into()));
    }
    // What is wrong with the file has been said in a warning.
    Ok(if notes.unusable { Exit::Trouble } else { Exit::Done })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::source::Dropped;

    #[test]
    fn damage_and_loss_count_only_when_strict() {
        let lossy =
            SourceNotes { dropped: Some(Dropped { kernel: 0, interface: 1 }), ..SourceNotes::default() };
        let damaged = SourceNotes { damaged: true, ..SourceNotes::default() };
        for notes in [&lossy, &damaged] {
            assert_eq!(verdict(notes, false).unwrap(), Exit::Done);
            assert!(verdict(notes, true).is_err());
        }
        assert_eq!(verdict(&SourceNotes::default(), true).unwrap(), Exit::Done);
    }

    #[test]
    fn one_bad_file_of_several_is_trouble() {
        let notes = SourceNotes { unusable: true, ..SourceNotes::default() };
        assert_eq!(verdict(&notes, false).unwrap(), Exit::Trouble);
    }
}
