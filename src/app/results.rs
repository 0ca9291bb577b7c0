//! From the analysis to the output, in the format that is asked for.

use super::cli::{Flows, Format};
use super::job::Job;
use crate::analyzer::{Analyzer, Output};
use crate::render::{Pieces, csv, html, json, markdown, ndjson, text};
use crate::report::{Capture, Flow, Others};
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
        if result.is_ok() && is_wanted(&output, job) {
            result = ndjson::write(out, &output, pieces);
        }
    });
    result
}

/// Whether `output` is among what is to be shown as it happens.
pub(super) fn is_wanted(output: &Output, job: &Job) -> bool {
    match output {
        Output::Event(event) => job.flow.is_none_or(|only| only.chooses(event.index, &event.tuple)),
        Output::Flow { flow, .. } => job.wants(flow),
        Output::Notice(notice) => job.flow.is_none_or(|only| only.chooses(notice.index, &notice.tuple)),
        Output::Told(told) => job.flow.is_none_or(|only| only.chooses(told.index, &told.tuple)),
        Output::Loss(_) => true,
    }
}

/// Writes all that is not written yet, after the end.
pub(super) fn write_rest(
    out: &mut impl Write,
    analyzer: &mut Analyzer,
    notes: &SourceNotes,
    job: &Job,
) -> io::Result<()> {
    if job.format == Format::Ndjson {
        write_decided(out, analyzer, notes, job)?;
    }
    write_report(out, analyzer, notes, job, |analyzer, take| {
        if job.wants_notable_only() {
            analyzer.report_notable(take)
        } else {
            analyzer.report(take);
            Others::default()
        }
    })
}

/// Writes what is said at the end. `hand_out` gives the flows in the order of their first frames, and counts those it leaves out.
pub(super) fn write_report(
    out: &mut impl Write,
    analyzer: &mut Analyzer,
    notes: &SourceNotes,
    job: &Job,
    hand_out: impl FnOnce(&mut Analyzer, &mut dyn FnMut(Flow)) -> Others,
) -> io::Result<()> {
    // The analysis took over what the source learnt; a line may have come to it since.
    let mut capture = analyzer.capture().clone();
    capture.warnings.clone_from(&notes.warnings);
    match job.format {
        Format::Ndjson => {
            let (conclusions, summary) = analyzer.conclude_all();
            ndjson::write_summary(out, &capture, &conclusions, &summary, pieces(notes, job))
        }
        Format::Text => write_text(out, analyzer, &capture, job, hand_out),
        Format::Markdown => write_markdown(out, analyzer, &capture, job, hand_out),
        Format::Html => write_page(out, analyzer, &capture, job, hand_out),
        Format::Json => {
            let mut document = json::Document::begin(out, &capture, job.is_in_pieces)?;
            write_wanted(hand_out, analyzer, job, |flow| document.flow(flow))?;
            let (conclusions, summary) = analyzer.conclude_all();
            document.end(&conclusions, &summary)
        }
        Format::Csv => {
            let mut table = csv::Table::begin(out)?;
            write_wanted(hand_out, analyzer, job, |flow| table.flow(flow))?;
            table.end()
        }
    }
}

fn write_text(
    out: &mut impl Write,
    analyzer: &mut Analyzer,
    capture: &Capture,
    job: &Job,
    hand_out: impl FnOnce(&mut Analyzer, &mut dyn FnMut(Flow)) -> Others,
) -> io::Result<()> {
    let mut report = text::Report::new(text::Options {
        all_flows: job.flows == Flows::All,
        clock: job.clock,
        color: job.color,
        verbose: job.verbose,
    });
    if job.flow.is_some() {
        report.explain(analyzer.take_transcripts());
    }
    let others = hand_out(analyzer, &mut |flow| {
        if is_for_a_reader(&flow, job) {
            report.add(flow);
        }
    });
    report.count(&others);
    let (conclusions, summary) = analyzer.conclude_all();
    report.write(out, capture, &conclusions, &summary)
}

fn write_markdown(
    out: &mut impl Write,
    analyzer: &mut Analyzer,
    capture: &Capture,
    job: &Job,
    hand_out: impl FnOnce(&mut Analyzer, &mut dyn FnMut(Flow)) -> Others,
) -> io::Result<()> {
    let mut report = markdown::Report::new(markdown::Options {
        all_flows: job.flows == Flows::All,
        clock: job.clock,
        singled_out: job.flow.is_some(),
    });
    let others = hand_out(analyzer, &mut |flow| {
        if is_for_a_reader(&flow, job) {
            report.add(flow);
        }
    });
    report.count(&others);
    let (conclusions, summary) = analyzer.conclude_all();
    report.write(out, capture, &conclusions, &summary)
}

/// Whether a report for people is handed `flow`: of what is not wanted it tells the number, unless only one flow is.
fn is_for_a_reader(flow: &Flow, job: &Job) -> bool {
    job.flow.is_none() || job.wants(flow)
}

fn write_page(
    out: &mut impl Write,
    analyzer: &mut Analyzer,
    capture: &Capture,
    job: &Job,
    hand_out: impl FnOnce(&mut Analyzer, &mut dyn FnMut(Flow)) -> Others,
) -> io::Result<()> {
    let mut page = html::Report::new();
    let others = hand_out(analyzer, &mut |flow| {
        if job.wants(&flow) {
            page.add(flow);
        } else if job.flow.is_none() {
            page.count_one(&flow);
        }
    });
    page.count(&others);
    let (conclusions, summary) = analyzer.conclude_all();
    let sketches = analyzer.take_sketches();
    let background = html::Background {
        capture,
        conclusions: &conclusions,
        summary: &summary,
        sketches: &sketches,
        catalogue: &job.catalogue,
        several_files: job.is_in_pieces,
    };
    page.write(out, background)
}

/// Writes the flows that are wanted, one at a time, until that fails.
fn write_wanted(
    hand_out: impl FnOnce(&mut Analyzer, &mut dyn FnMut(Flow)) -> Others,
    analyzer: &mut Analyzer,
    job: &Job,
    mut write: impl FnMut(&Flow) -> io::Result<()>,
) -> io::Result<()> {
    let mut result = Ok(());
    hand_out(analyzer, &mut |flow| {
        if result.is_ok() && job.wants(&flow) {
            result = write(&flow);
        }
    });
    result
}

pub(super) fn pieces<'a>(notes: &'a SourceNotes, job: &Job) -> Pieces<'a> {
    if job.is_in_pieces { Pieces::several(&notes.sources) } else { Pieces::SINGLE }
}
