//! Pages that no fixture is large, or bad, enough for.

use crate::sample;
use keepscope::explain::Sketches;
use keepscope::infer::Catalogue;
use keepscope::render::html::{Background, Report};
use keepscope::report::{Conclusions, Flow, Summary};
use keepscope::time::Span;
use std::fs::File;
use std::io::BufWriter;
use std::path::Path;

/// What is in the names of a hostile capture.
const HOSTILE: &str = "</script><img src=x onerror=pwned=1>\u{202e}<!--<b>&amp;\u{2028}\x1b[31m";

/// Writes the page of so many flows, all with runs, findings and settings of their own.
pub(crate) fn write(page: &Path, flows: u64) {
    let mut report = Report::new();
    for index in 0..flows {
        let mut flow = match index % 4 {
            0 => sample::timed_out_flow(),
            1 => sample::kept_alive_flow(),
            2 => sample::waiting_flow(),
            _ => sample::eventful_flow(),
        };
        let address =
            format!("10.{}.{}.{}:{}", index % 8, index / 250 % 250, index % 250 + 1, 32_768 + index % 28_000);
        flow.tuple = sample::tuple(&address, &format!("192.0.2.{}:443", index % 200 + 1));
        flow.index = index;
        for prober in [&mut flow.client, &mut flow.server] {
            for run in &mut prober.runs {
                run.start = run.start + Span(index as i64 * 1_003);
                run.end = run.end + Span(index as i64 * 1_009);
            }
        }
        report.add(flow);
    }
    let summary = Summary { flows, ..sample::summary() };
    finish(report, page, &summary, |_| ());
}

/// Writes a page with hostile text wherever text comes from outside.
pub(crate) fn write_hostile(page: &Path) {
    let mut report = Report::new();
    let mut flow: Flow = sample::timed_out_flow();
    flow.index = 1;
    for finding in &mut flow.findings {
        finding.text = HOSTILE.into();
    }
    if let Some(settings) = &mut flow.client.settings {
        settings.profiles = vec![HOSTILE.into()];
    }
    report.add(flow);
    finish(report, page, &sample::summary(), |conclusions| {
        for path in &mut conclusions.paths {
            path.candidates = vec![HOSTILE.into()];
        }
        for across in &mut conclusions.findings {
            across.finding.text = HOSTILE.into();
        }
    });
}

fn finish(report: Report, page: &Path, summary: &Summary, change: impl Fn(&mut Conclusions)) {
    let mut capture = sample::capture();
    capture.warnings.push(HOSTILE.into());
    capture.sources[0].name = format!("captures/{HOSTILE}.pcap");
    let mut conclusions = sample::conclusions();
    change(&mut conclusions);
    let (sketches, catalogue) = (Sketches::default(), Catalogue::default());
    let background = Background {
        capture: &capture,
        conclusions: &conclusions,
        summary,
        sketches: &sketches,
        catalogue: &catalogue,
        several_files: false,
    };
    report.write(&mut BufWriter::new(File::create(page).unwrap()), background).unwrap();
}
