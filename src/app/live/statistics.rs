//! What a run tells of itself when it is asked (SIGUSR1).

use crate::analyzer::Analyzer;
use crate::flow::Side;
use crate::report::words::count;
use crate::source::SourceNotes;
use std::time::Duration;

/// A block of lines, each with its end, about the run after `elapsed`.
pub(super) fn block(analyzer: &Analyzer, notes: &SourceNotes, elapsed: Duration) -> String {
    let capture = analyzer.capture();
    let (_, mut sums) = analyzer.conclude_all();
    analyzer.open_flows(true, |flow| {
        for side in Side::BOTH {
            sums.probes += flow.prober(side).probes;
            sums.answered += flow.prober(side).answered;
        }
    });
    let flows = analyzer.flow_counts();
    let lost = match notes.dropped.or(capture.dropped) {
        Some(dropped) => format!("{} by the kernel, {} by the interface", dropped.kernel, dropped.interface),
        None => "not known".to_owned(),
    };
    format!(
        "keepscope: after {:.1} s\n  frames   {}, {} bytes on the wire\n  segments {}\n  lost     {lost}\n  flows    {} in all; now {} open, {} half closed, \
         {} closed, {} reset; {} evicted\n  probes   {}, {} answered\n",
        elapsed.as_secs_f64(),
        count(capture.frames),
        count(capture.bytes),
        count(capture.segments),
        count(flows.total),
        count(flows.open),
        count(flows.half_closed),
        count(flows.closed),
        count(flows.reset),
        count(flows.evicted),
        count(sums.probes),
        count(sums.answered),
    )
}
