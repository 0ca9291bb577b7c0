//! When kernel and capture are compared, and when nothing can be said. The looks are made up: a kernel's own are in `tests/sockets`.

use super::{Join, Look};
use crate::analyzer::{Analyzer, Config, Output};
use crate::decode::{Tuple, ip_addr};
use crate::frame::FrameBatch;
use crate::report::Told;
use crate::sockets::{Defaults, Quiet, Socket, State, Table, Timer, TimerKind};
use crate::source::trace::Trace;
use crate::source::{Dropped, FrameSource, Next, SourceNotes};
use crate::time::{Span, Timestamp};
use std::net::SocketAddr;
use std::time::Duration;

/// A connection that is quiet after a second.
const QUIET: &str = "
    0.000 A S  0:1(0)
    0.010 B S. 0:1(0) ack 1
    0.020 A .  1:1(0) ack 1
    1.000 A P. 1:6(5) ack 1
    1.010 B .  1:1(0) ack 6
";

/// The same after one probe that came to the wire.
const PROBED: &str = "
    0.000 A S  0:1(0)
    0.010 B S. 0:1(0) ack 1
    0.020 A .  1:1(0) ack 1
    5.020 A .  0:0(0) ack 1
    5.030 B .  1:1(0) ack 1
";

/// A running capture of `trace`, 30 seconds after its beginning, and its flow.
fn capture(trace: &str) -> (Analyzer, Tuple, Timestamp) {
    let trace = Trace::parse(trace).unwrap();
    let (mut source, mut batch) = (trace.source(), FrameBatch::default());
    let mut analyzer = Analyzer::new(Config { stream: true, watch: true, ..Config::default() });
    analyzer.handle_notes(&SourceNotes { dropped: Some(Dropped::default()), ..SourceNotes::default() });
    while source.fill(&mut batch).unwrap() == Next::Filled {
        analyzer.handle_batch(&batch);
    }
    let now = analyzer.capture().start.unwrap() + Span::from_secs(30);
    analyzer.handle_time(now);
    let mut tuples = Vec::new();
    analyzer.open_flows(false, |flow| tuples.push(flow.tuple));
    (analyzer, tuples[0], now)
}

/// What the kernel says at `at`: of the client's socket, that it has sent so many probes since it heard something last, 20 seconds ago.
fn look(tuple: &Tuple, at: Timestamp, unanswered: u8) -> Look {
    let quiet = Span::from_secs(20);
    let socket = Socket {
        local: SocketAddr::new(ip_addr(tuple.src, tuple.is_ipv6), tuple.src_port),
        peer: SocketAddr::new(ip_addr(tuple.dst, tuple.is_ipv6), tuple.dst_port),
        is_ipv6: false,
        state: State::Established,
        timer: Some(Timer { kind: TimerKind::Keepalive, left: Span::from_secs(1), count: unanswered }),
        quiet: Some(Quiet { data_received: quiet, ack_received: quiet, data_sent: quiet }),
        traffic: None,
        uid: 0,
        inode: 1,
        cookie: [0; 8],
        owners: Vec::new(),
    };
    Look { at, table: Table::of(vec![socket], Defaults::default()) }
}

fn told(analyzer: &mut Analyzer) -> Vec<Told> {
    let mut told = Vec::new();
    analyzer.drain(|output| {
        if let Output::Told(one) = output {
            told.push(one);
        }
    });
    told
}

#[test]
fn probes_that_are_not_on_the_wire_are_told_once() {
    let (mut analyzer, tuple, now) = capture(QUIET);
    let mut join = Join::new(false);
    join.judge(&mut analyzer, &look(&tuple, now, 1));
    assert!(told(&mut analyzer).is_empty(), "one may be on its way");
    for unanswered in [4, 5] {
        join.judge(&mut analyzer, &look(&tuple, now, unanswered));
    }
    let told = told(&mut analyzer);
    assert_eq!(told.len(), 1);
    assert_eq!((told[0].index, told[0].finding.id), (0, "kernel-probes-not-on-wire"));
}

#[test]
fn a_filter_is_trusted_once_it_let_a_probe_pass() {
    for (trace, expected) in [(QUIET, 0), (PROBED, 1)] {
        let (mut analyzer, tuple, now) = capture(trace);
        Join::new(true).judge(&mut analyzer, &look(&tuple, now, 9));
        assert_eq!(told(&mut analyzer).len(), expected);
    }
}

#[test]
fn where_frames_were_lost_nothing_is_said() {
    let (mut analyzer, tuple, now) = capture(QUIET);
    let dropped = Some(Dropped { kernel: 1, interface: 0 });
    analyzer.handle_notes(&SourceNotes { dropped, ..SourceNotes::default() });
    Join::new(false).judge(&mut analyzer, &look(&tuple, now, 9));
    assert!(told(&mut analyzer).is_empty());
}

#[test]
fn a_clock_that_was_set_is_waited_out() {
    let (mut analyzer, tuple, now) = capture(QUIET);
    let seconds = Duration::from_secs;
    for (stepped, expected) in [(0, 1), (3_600, 0), (-3_600, 0)] {
        let mut join = Join::new(false);
        join.keep_time(now - Span::from_secs(2 + stepped), seconds(28));
        join.keep_time(now, seconds(30));
        join.judge(&mut analyzer, &look(&tuple, now, 9));
        assert_eq!(told(&mut analyzer).len(), expected, "set by {stepped} s");
        (analyzer, _, _) = capture(QUIET);
    }
}
