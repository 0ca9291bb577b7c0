//! From the analysis to the output, in the format that is asked for.

use super::cli::{Flows, Format};
use super::job::Job;
use crate::analyzer::{Analyzer, Output};
use crate::render::{Pieces, json, ndjson, text};
use crate::report;
use crate::source::SourceNotes;
use std::io::{self, Write};

/// Writes what was decided since the last call.
pub(super) fn write_decided(
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
            Output::Notice(notice) => job.flow.is_none_or(|only| only.chooses(notice.index, &notice.tuple)),
            Output::Loss(_) => true,
        };
        if is_wanted && result.is_ok() {
            result = ndjson::write(out, &output, pieces);
        }
    });
    result
}

/// Writes all that is not written yet, after the end.
pub(super) fn write_rest(
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
