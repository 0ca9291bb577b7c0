//! The rules, told by traces: a hit and a near miss for each. A trace reads like a capture; what follows `#` is the label its segment must
//! get, a line without one must get none, and lines that begin with `=>` tell of runs, ends, flows and the capture. The notation of
//! segments is that of `keepscope::source::trace`; that of labels and conclusions stands in `tests/support/expectation.rs`.

#[path = "../support/mod.rs"]
mod support;

mod answers;
mod duplicates;
mod false_alarms;
mod flows;
mod icmp;
mod idle_and_interval;
mod keepalive;
mod midstream;
mod outcomes;
mod quiet;
mod retransmission;
mod settings;
mod stacks;
mod the_check;
mod told;
mod zero_window;

/// Holds a trace to what it says of itself.
#[track_caller]
fn check(trace: &str) {
    report(support::verdict_on_trace(trace, None));
}

/// The same, with room for so many flows.
#[track_caller]
fn check_with_room_for(max_flows: u64, trace: &str) {
    report(support::verdict_on_trace(trace, Some(max_flows)));
}

#[track_caller]
fn report(verdict: Result<(), String>) {
    if let Err(why) = verdict {
        panic!("the trace is not what it says\n{why}");
    }
}
