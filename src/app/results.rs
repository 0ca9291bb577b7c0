//! From the analysis to the output, in the format that is asked for.

use super::cli::{Flows, Format};
use super::job::Job;
use crate::analyzer::{Analyzer, Output};
use crate::render::{Pieces, csv, html, json, ndjson, text};
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
        Format::Html => {
            let mut page = html::Report::new();
            if job.wants_notable_only() {
                let others = analyzer.report_notable(|flow| {
                    if job.wants(&flow) {
                        page.add(flow);
                    } else {
                        page.count_one(&flow);
                    }
                });
                page.count(&others);
            } else {
                analyzer.report(|flow| {
                    if job.wants(&flow) {
                        page.add(flow);
                    }
                });
            }
            let (conclusions, summary) = analyzer.conclude_all();
            let sketches = analyzer.take_sketches();
            let background = html::Background {
                capture: analyzer.capture(),
                conclusions: &conclusions,
                summary: &summary,
                sketches: &sketches,
                catalogue: &job.catalogue,
                several_files: job.inputs.len() > 1,
            };
            page.write(out, background)
        }
        Format::Json => {
            let capture = analyzer.capture().clone();
            let mut document = json::Document::begin(out, &capture, job.inputs.len() > 1)?;
            write_wanted(analyzer, job, |flow| document.flow(flow))?;
            let (conclusions, summary) = analyzer.conclude_all();
            document.end(&conclusions, &summary)
        }
        Format::Csv => {
            let mut table = csv::Table::begin(out)?;
            write_wanted(analyzer, job, |flow| table.flow(flow))?;
            table.end()
        }
    }
}

/// Writes the flows that are wanted, one at a time, until that fails.
fn write_wanted(
    analyzer: &mut Analyzer,
    job: &Job,
    mut write: impl FnMut(&report::Flow) -> io::Result<()>,
) -> io::Result<()> {
    let mut result = Ok(());
    let mut take = |flow: report::Flow| {
        if result.is_ok() && job.wants(&flow) {
            result = write(&flow);
        }
    };
    if job.wants_notable_only() {
        analyzer.report_notable(&mut take);
    } else {
        analyzer.report(&mut take);
    }
    result
}

fn pieces<'a>(notes: &'a SourceNotes, job: &Job) -> Pieces<'a> {
    if job.inputs.len() > 1 { Pieces::several(&notes.sources) } else { Pieces::SINGLE }
}
