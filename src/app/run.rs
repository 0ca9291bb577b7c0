//! Doing it: the loop from the source through the analysis to the output.

use super::cli::{Flows, Format, SchemaOf};
use super::job::Job;
use super::progress::Progress;
use super::{Error, Exit};
use crate::analyzer::{Analyzer, Config, Output};
use crate::frame::FrameBatch;
use crate::render::{Pieces, foreign, json, ndjson, schema, text};
use crate::report;
use crate::source::{FrameSource, Next, SourceError, SourceNotes, file};
use std::io::{self, BufWriter, Write};

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
    Ok(Input { source: Box::new(files), total_bytes, bytes_read: Box::new(move || progress.read()) })
}

/// Analyses captures.
pub(super) fn analyse(job: Job) -> Result<Exit, Error> {
    let Input { mut source, total_bytes, bytes_read } = open(&job)?;
    let written = |e| Error::io("cannot write", e);
    let mut out = BufWriter::with_capacity(OUTPUT_BUFFER, job.output.start().map_err(written)?);
    let stream = job.format == Format::Ndjson;
    let config = Config { max_flows: job.max_flows, stream, explain: job.flow };
    let mut analyzer = Analyzer::new(config).with_catalogue(job.catalogue.clone());
    // A bar would be drawn between the lines.
    let mut progress = Progress::new(total_bytes, job.quiet || (stream && job.output.is_terminal()));
    // What comes through a pipe may come slowly, and someone may wait for what was decided.
    let is_live = stream && total_bytes.is_none();

    let mut batch = FrameBatch::default();
    loop {
        match source.fill(&mut batch)? {
            Next::Filled => analyzer.handle_batch(&batch),
            Next::Quiet(now) => analyzer.handle_time(now),
            Next::End => break,
        }
        if stream {
            write_decided(&mut out, &mut analyzer, source.notes(), &job).map_err(written)?;
        }
        if is_live {
            out.flush().map_err(written)?;
        }
        progress.at(bytes_read());
    }
    progress.finish();

    let notes = source.notes();
    analyzer.handle_end(notes);
    warn(notes, &job);
    if let Some(only) = job.flow
        && analyzer.chosen_flows() == 0
    {
        return Err(Error::Usage(format!("the capture has no flow with {only}")));
    }
    write_rest(&mut out, &mut analyzer, notes, &job).and_then(|()| out.flush()).map_err(written)?;
    let verdict = verdict(notes, job.strict);
    // The process ends: giving back the memory of millions of flows piece by piece would only take time.
    std::mem::forget(analyzer);
    verdict
}

/// Prints `text` to standard output.
pub(super) fn print(text: &str) -> Result<Exit, Error> {
    let mut out = io::stdout().lock();
    out.write_all(text.as_bytes()).and_then(|()| out.flush()).map_err(|e| Error::io("cannot write", e))?;
    Ok(Exit::Done)
}

/// Prints the JSON Schema of a machine format.
pub(super) fn print_schema(of: SchemaOf) -> Result<Exit, Error> {
    let schema = match of {
        SchemaOf::Report => schema::report_schema(),
        SchemaOf::Event => schema::event_schema(),
        SchemaOf::Profiles => schema::profiles_schema(),
    };
    let text = serde_json::to_string_pretty(&schema).map_err(|e| Error::io("cannot write", e.into()))?;
    print(&(text + "\n"))
}

fn write_decided(
    out: &mut impl Write,
    analyzer: &mut Analyzer,
    notes: &SourceNotes,
    job: &Job,
) -> io::Result<()> {
    let pieces = pieces(notes, job);
    let mut result = Ok(());
    analyzer.drain(|output| {
        let is_wanted = match &output {
            Output::Event(event) => job.flow.is_none_or(|only| only.chooses(event.index, &event.tuple)),
            Output::Flow { flow, .. } => job.wants(flow),
        };
        if is_wanted && result.is_ok() {
            result = ndjson::write(out, &output, pieces);
        }
    });
    result
}

fn write_rest(
    out: &mut impl Write,
    analyzer: &mut Analyzer,
    notes: &SourceNotes,
    job: &Job,
) -> io::Result<()> {
    match job.format {
        Format::Ndjson => {
            write_decided(out, analyzer, notes, job)?;
            let (conclusions, summary) = analyzer.conclude_all();
            ndjson::write_summary(out, analyzer.capture(), &conclusions, &summary, pieces(notes, job))
        }
        Format::Text => {
            let options = text::Options {
                all_flows: job.flows == Flows::All,
                clock: job.clock,
                color: job.color,
                verbose: job.verbose,
            };
            let mut report = text::Report::new(options);
            if job.flow.is_some() {
                report.explain(analyzer.take_transcripts());
            }
            // What is not wanted is counted, unless only one flow is.
            if job.wants_notable_only() {
                let others = analyzer.report_notable(|flow| report.add(flow));
                report.count(&others);
            } else {
                analyzer.report(|flow| {
                    if job.flow.is_none() || job.wants(&flow) {
                        report.add(flow);
                    }
                });
            }
            let (conclusions, summary) = analyzer.conclude_all();
            report.write(out, analyzer.capture(), &conclusions, &summary)
        }
        Format::Json => {
            let capture = analyzer.capture().clone();
            let mut document = json::Document::begin(out, &capture, job.inputs.len() > 1)?;
            let mut result = Ok(());
            let mut take = |flow: report::Flow| {
                if result.is_ok() && job.wants(&flow) {
                    result = document.flow(&flow);
                }
            };
            if job.wants_notable_only() {
                analyzer.report_notable(&mut take);
            } else {
                analyzer.report(&mut take);
            }
            result?;
            let (conclusions, summary) = analyzer.conclude_all();
            document.end(&conclusions, &summary)
        }
    }
}

fn pieces<'a>(notes: &'a SourceNotes, job: &Job) -> Pieces<'a> {
    if job.inputs.len() > 1 { Pieces::several(&notes.sources) } else { Pieces::SINGLE }
}

fn warn(notes: &SourceNotes, job: &Job) {
    if job.quiet || job.report_shows_warnings() {
        return;
    }
    let mut err = io::stderr().lock();
    for warning in &notes.warnings {
        // A warning that cannot be printed is still in the report.
        let _ = writeln!(err, "keepscope: warning: {}", foreign::for_terminal(warning));
    }
}

fn verdict(notes: &SourceNotes, strict: bool) -> Result<Exit, Error> {
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
