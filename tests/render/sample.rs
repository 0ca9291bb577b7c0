//! A small capture's worth of hand-made results, with everything in it that a renderer must get right.

#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "everything here is known")]

use keepscope::decode::{Layer, NetworkId, Tuple};
use keepscope::flow::Side;
use keepscope::frame::FrameNo;
use keepscope::measure::Stat;
use keepscope::report::{
    Capture, CaptureFinding, Conclusions, Confidence, Count, Ending, Errno, Finding, Flow, Gap, Heartbeat,
    HeartbeatFrom, How, Http, HttpConnection, HttpVersion, Killer, LastWord, Loss, Notice, NoticeKind, Path,
    Prober, Roles, SettingRange, Settings, Severity, State, Status, Summary, Timer, Told, View,
};
use keepscope::run::{AnsweredBy, Doubt, Event, EventKind, IcmpNote, Outcome, Run};
use keepscope::seq::SeqNum;
use keepscope::source::{Dropped, SourcePiece};
use keepscope::time::{Span, Timestamp};
use std::net::{IpAddr, SocketAddr};

/// 2026-01-01T00:00:00Z, when the capture starts.
const START: Timestamp = Timestamp(1_767_225_600_000_000_000);

pub(crate) fn at(ms: i64) -> Timestamp {
    START + Span::from_millis(ms)
}

pub(crate) fn ms(ms: i64) -> Span {
    Span::from_millis(ms)
}

pub(crate) fn frame(number: u64) -> FrameNo {
    FrameNo::new(number).unwrap()
}

pub(crate) fn tuple(client: &str, server: &str) -> Tuple {
    let (client, server): (SocketAddr, SocketAddr) = (client.parse().unwrap(), server.parse().unwrap());
    let bytes = |addr: IpAddr| match addr {
        IpAddr::V4(v4) => v4.to_ipv6_mapped().octets(),
        IpAddr::V6(v6) => v6.octets(),
    };
    Tuple {
        src: bytes(client.ip()),
        dst: bytes(server.ip()),
        src_port: client.port(),
        dst_port: server.port(),
        is_ipv6: client.is_ipv6(),
        network: NetworkId::NONE,
    }
}

/// A flow without probes.
pub(crate) fn quiet_flow(index: u64, client: &str, server: &str) -> Flow {
    let first = 3 + index * 10;
    let prober = Prober { longest_quiet: Some(ms(41_200)), ..Prober::default() };
    Flow {
        index,
        tuple: tuple(client, server),
        roles: Roles::Handshake,
        encapsulation: vec![],
        start: at(index as i64),
        end: at(7_247_000),
        first_frame: frame(first),
        last_frame: frame(1700 + index),
        segments: 40,
        client_bytes: 40,
        server_bytes: 90,
        last_data: Some(at(1_500)),
        state: State::Open,
        one_sided: false,
        client: prober.clone(),
        server: prober,
        views: [View::default(); 2],
        last_word: None,
        ending: None,
        reset: None,
        quotes: vec![],
        longest_gap: None,
        survived: None,
        death: None,
        ladders: [None, None],
        heartbeat: None,
        http: None,
        findings: vec![],
    }
}

/// All samples alike.
pub(crate) fn stat(samples: u64, value: Span) -> Option<Stat> {
    spread(samples, value, value)
}

pub(crate) fn spread(samples: u64, min: Span, max: Span) -> Option<Stat> {
    Some(Stat { min, median: max, p95: max, p99: max, max, samples, approximate: samples > 1024 })
}

/// A run of one answered probe.
pub(crate) fn answered_run(number: u32, probe: u64, start: Timestamp, idle: Span) -> Run {
    Run {
        number,
        start,
        end: start + Span(310_000),
        quiet_since: Some(start - idle),
        first_frame: frame(probe),
        end_frame: Some(frame(probe + 1)),
        probe_frames: [frame(probe)].into_iter().collect(),
        probes: 1,
        idle: Some(idle),
        intervals: vec![],
        last_wait: None,
        outcome: Some(Outcome::Answered),
        detected_after: None,
        counts_on: false,
        answer_lost: None,
        own: None,
        doubt: vec![],
        icmp: vec![],
    }
}

/// Two answered probes, then three unanswered ones, an ICMP error, and the prober's RST.
pub(crate) fn timed_out_flow() -> Flow {
    let last = Run {
        number: 2,
        start: at(8_032),
        end: at(11_104),
        quiet_since: Some(at(6_016)),
        first_frame: frame(397),
        end_frame: Some(frame(544)),
        probe_frames: [397, 475, 512].map(frame).into_iter().collect(),
        probes: 3,
        idle: Some(ms(2_016)),
        intervals: vec![ms(1_024), ms(1_024)],
        last_wait: Some(ms(1_024)),
        outcome: Some(Outcome::TimedOut),
        detected_after: Some(ms(5_088)),
        counts_on: false,
        answer_lost: None,
        own: None,
        doubt: vec![],
        icmp: vec![IcmpNote { frame: frame(476), kind: 3, code: 1, from: "10.0.0.254".parse().unwrap() }],
    };
    let client = Prober {
        status: Status::Probing,
        longest_quiet: None,
        probes: 5,
        answered: 2,
        unanswered: 3,
        idle: stat(3, ms(2_016)),
        interval: stat(3, ms(1_024)),
        rtt: stat(2, Span(310_000)),
        runs: vec![
            answered_run(0, 301, at(3_984), ms(2_016)),
            answered_run(1, 350, at(6_016) - Span(310_000), ms(2_016)),
            last,
        ],
        runs_total: 3,
        outcome: Some(Outcome::TimedOut),
        settings: Some(Settings {
            idle: Some(SettingRange {
                low: ms(1_790),
                high: ms(2_016),
                nearest: Some(ms(2_000)),
                samples: 3,
            }),
            interval: Some(SettingRange {
                low: ms(1_000),
                high: ms(1_024),
                nearest: Some(ms(1_000)),
                samples: 3,
            }),
            count: Some(Count::ExactOrUserTimeout(3)),
            user_timeout: Some((ms(4_064), ms(5_088))),
            detection_time: Some((ms(4_900), ms(5_100))),
            stack: vec!["linux"],
            profiles: ["libuv", "an own\x1b[31m profile", "curl", "nfs", "redis-cli"].map(Into::into).into(),
        }),
        ..Prober::default()
    };
    Flow {
        state: State::Reset,
        client,
        views: [View { rtt: Some(Span(40_000)), ttl: Some(64), ..View::default() }, View::default()],
        last_word: Some(LastWord {
            from: Side::Client,
            is_reset: true,
            frame: frame(544),
            quiet_before: ms(1_024),
        }),
        ending: Some(Ending {
            by: Killer::End(Side::Client),
            how: How::Rst,
            timer: Some(Timer::Keepalive),
            frame: Some(frame(544)),
            quiet_before: Some(ms(1_024)),
            client_errno: Some(Errno::TimedOut),
            server_errno: None,
            confidence: Confidence::Likely,
        }),
        heartbeat: Some(Heartbeat {
            period: spread(17, ms(29_900), ms(30_100)).unwrap(),
            from: HeartbeatFrom::Client,
            request_bytes: 40,
            reply_bytes: 90,
            count: 17,
            masks_keepalive: true,
            first_frame: frame(7),
            last_frame: frame(290),
        }),
        http: Some(Http {
            version: HttpVersion::V11,
            requests: 3,
            connection: Some(HttpConnection::KeepAlive),
            timeout_s: Some(60),
            max: None,
            frame: Some(frame(9)),
        }),
        findings: vec![
            finding("dead-peer-detected", Some(Side::Client), [475, 397, 512, 544]),
            Finding {
                severity: Severity::Warning,
                confidence: Confidence::Likely,
                text: "1 of 6 probes was lost on the way to 10.0.0.2\x1b[2J: with this count a peer is declared dead by mistake \
                       once in 216 silences"
                    .into(),
                ..finding("probes-lost", Some(Side::Client), [301, 302, 303, 304, 305, 306, 307, 308])
            },
            Finding {
                severity: Severity::Info,
                confidence: Confidence::Possible,
                text: "keepalive would come too late for an AWS NLB".into(),
                ..finding("slower-than-middlebox", None, [301])
            },
        ],
        ..quiet_flow(0, "10.0.0.1:43198", "10.0.0.2:443")
    }
}

fn finding<const N: usize>(id: &'static str, side: Option<Side>, frames: [u64; N]) -> Finding {
    let text = "the server stopped answering: 3 probes went unanswered, and the client gave up".to_owned();
    Finding::new(id, Severity::Problem, Confidence::Certain, side, text, frames.map(frame))
}

/// What is said of all flows: a path whose box forgets, and a finding about two flows.
pub(crate) fn conclusions() -> Conclusions {
    let gap = |seconds, from, to| Gap { length: Span::from_secs(seconds), from: frame(from), to: frame(to) };
    Conclusions {
        paths: vec![Path {
            tuple: tuple("10.0.0.0:0", "10.0.0.2:443"),
            prefix: 24,
            survived: Some((gap(300, 100, 120), 1)),
            died: Some((gap(351, 200, 220), 0)),
            idle_timeout: Some((Span::from_secs(300), Span::from_secs(351))),
            candidates: ["aws-nlb", "aws-nat-gateway", "own\x1b[31m"].map(Into::into).into(),
        }],
        findings: vec![CaptureFinding {
            finding: finding("path-idle-timeout", None, [100, 120, 200, 220]),
            flows: vec![0, 1],
            flows_total: 2,
        }],
    }
}

/// Everything is known of its settings, and two probes are open when the capture ends.
pub(crate) fn waiting_flow() -> Flow {
    let exactly = |s| {
        let value = Span::from_secs(s);
        Some(SettingRange { low: value, high: value + ms(100), nearest: Some(value), samples: 4 })
    };
    let open = Run {
        outcome: Some(Outcome::Pending),
        probes: 2,
        probe_frames: [900, 910].map(frame).into_iter().collect(),
        intervals: vec![ms(15_104)],
        end: at(7_240_000),
        end_frame: None,
        ..answered_run(3, 900, at(7_240_000) - ms(15_104), ms(61_440))
    };
    let client = Prober {
        status: Status::Probing,
        probes: 5,
        answered: 3,
        undecided: 1,
        unanswered: 1,
        idle: stat(4, ms(61_440)),
        interval: stat(1, ms(15_104)),
        rtt: stat(3, Span(310_000)),
        runs: vec![
            answered_run(0, 600, at(61_000), ms(61_440)),
            answered_run(1, 602, at(122_440), ms(61_440)),
            answered_run(2, 604, at(183_880), ms(61_440)),
            open,
        ],
        runs_total: 4,
        outcome: Some(Outcome::Pending),
        settings: Some(Settings {
            idle: exactly(60).map(|idle| SettingRange { low: ms(54_500), high: ms(61_440), ..idle }),
            interval: exactly(15),
            count: Some(Count::Exact(9)),
            ..Settings::default()
        }),
        ..Prober::default()
    };
    Flow { client, ..quiet_flow(5, "10.0.0.1:43198", "10.0.0.2:443") }
}

/// Both ends probe, every probe is answered.
pub(crate) fn kept_alive_flow() -> Flow {
    let prober = |first_probe: u64, idle: Span| Prober {
        status: Status::Probing,
        probes: 12,
        answered: 12,
        idle: spread(12, idle, idle + ms(50)),
        rtt: stat(12, Span(18_400_000)),
        runs: (0..12)
            .map(|n| {
                answered_run(n, first_probe + 20 * u64::from(n), at(3_000) + idle.scale(n.into(), 1), idle)
            })
            .collect(),
        runs_total: 12,
        outcome: Some(Outcome::Answered),
        settings: Some(Settings { count: Some(Count::AtLeast(1)), ..Settings::default() }),
        ..Prober::default()
    };
    Flow {
        client: prober(700, ms(3_000)),
        server: prober(704, ms(60_000)),
        encapsulation: vec![Layer::Vlan(7), Layer::Vxlan(42)],
        ..quiet_flow(1, "10.0.0.17:51234", "192.168.200.111:5432")
    }
}

/// Long addresses; the server's probe was answered with RST after two hours.
fn reset_flow() -> Flow {
    let run = Run {
        icmp: vec![],
        outcome: Some(Outcome::Reset),
        idle: Some(ms(7_200_128)),
        detected_after: Some(ms(7_200_150)),
        ..answered_run(0, 1600, at(7_240_000), ms(7_200_128))
    };
    let server = Prober {
        status: Status::Probing,
        probes: 1,
        unanswered: 1,
        one_byte_probes: 1,
        idle: stat(1, ms(7_200_128)),
        runs: vec![run],
        runs_total: 1,
        outcome: Some(Outcome::Reset),
        ..Prober::default()
    };
    let client = "[2001:db8:aaaa:bbbb:cccc:dddd:eeee:1]:43198";
    Flow {
        state: State::Reset,
        roles: Roles::Assumed,
        server,
        ..quiet_flow(2, client, "[2001:db8:aaaa:bbbb:cccc:dddd:eeee:2]:65535")
    }
}

/// Nothing but zero-window probes, and one direction only.
fn window_flow() -> Flow {
    let client = Prober { window_probes: 5, ambiguous_probes: 2, ..Prober::default() };
    Flow { client, one_sided: true, last_data: None, ..quiet_flow(3, "10.0.0.9:40000", "10.0.0.2:9000") }
}

/// Runs of every outcome, a long row of answered ones, a long run, and some that the report left out.
pub(crate) fn eventful_flow() -> Flow {
    let idle = ms(10_000);
    let mut runs: Vec<Run> = (0..9).map(|n| answered_run(n, 20 + u64::from(n), at(10_000), idle)).collect();
    for (number, outcome) in (100..).zip(Outcome::ALL) {
        let ends_by_frame = !matches!(outcome, Outcome::Unknown | Outcome::Stopped | Outcome::Pending);
        let first = 1_000 + u64::from(number) * 10;
        runs.push(Run {
            outcome: Some(outcome),
            probe_frames: [frame(first), frame(first + 2)].into_iter().collect(),
            probes: 2,
            intervals: vec![ms(5_000)],
            end: at(i64::from(number) * 1_000 + 7_000),
            end_frame: ends_by_frame.then(|| frame(first + 4)),
            last_wait: (outcome == Outcome::Closed).then_some(ms(2_000)),
            ..answered_run(number, first, at(i64::from(number) * 1_000), idle)
        });
    }
    let many = 70;
    runs.push(Run {
        outcome: Some(Outcome::Stopped),
        probe_frames: (0..64).map(|n| frame(5_000 + n)).collect(),
        probes: many,
        intervals: vec![ms(75_000); 63],
        end_frame: None,
        counts_on: false,
        answer_lost: None,
        own: None,
        doubt: vec![Doubt::Drops, Doubt::TimeStep],
        ..answered_run(110, 5_000, at(300_000), idle)
    });
    let client = Prober {
        status: Status::Probing,
        probes: 9 + 20 + many,
        answered: 11,
        runs,
        runs_total: 130,
        outcome: Some(Outcome::Stopped),
        ..Prober::default()
    };
    Flow { client, ..quiet_flow(0, "10.0.0.1:43198", "10.0.0.2:443") }
}

pub(crate) fn flows() -> Vec<Flow> {
    let mut flows = vec![timed_out_flow(), kept_alive_flow(), reset_flow(), window_flow()];
    flows.extend((4..27).map(|i| quiet_flow(i, &format!("10.0.0.30:{}", 40_000 + i), "10.0.0.2:443")));
    flows
}

pub(crate) fn capture() -> Capture {
    Capture {
        sources: vec![
            SourcePiece { name: "monday.pcap".into(), frames_before: 0 },
            SourcePiece { name: "tuesday.pcap".into(), frames_before: 500 },
        ],
        start: Some(at(0)),
        end: Some(at(7_250_200)),
        frames: 1_741,
        bytes: 148_000,
        segments: 1_700,
        icmp_errors: 8,
        duplicates: 21,
        skipped: [0, 4, 8, 0, 0, 0, 0, 0],
        time_steps: 0,
        dropped: Some(Dropped { kernel: 15, interface: 0 }),
        evicted_flows: 0,
        warnings: vec!["tuesday.pcap: frame 1741: cut off at byte 99999\x1b[31m".into()],
    }
}

pub(crate) fn summary() -> Summary {
    let outcomes = Outcome::ALL.map(|outcome| match outcome {
        Outcome::TimedOut | Outcome::Reset => 1,
        Outcome::Answered => 2,
        _ => 0,
    });
    Summary { flows: 27, flows_with_probes: 3, probes: 30, answered: 26, outcomes, findings: [2, 1, 4] }
}

/// One event of every kind.
pub(crate) fn events() -> Vec<Event> {
    let seq = SeqNum(4_294_967_285);
    let kinds = [
        EventKind::Probe {
            run: 2,
            number: 1,
            seq,
            payload: 0,
            idle: Some(ms(2_016)),
            interval: None,
            rule: "R1",
        },
        EventKind::Answer { probe_frame: frame(301), rtt: Some(Span(310_000)), by: AnsweredBy::Ack },
        EventKind::WindowProbe { seq, payload: 1 },
        EventKind::KeepaliveOrWindowProbe { seq, payload: 0 },
        EventKind::KeepaliveOrRetransmission { seq },
        EventKind::OneByteRetransmission { seq },
        EventKind::IcmpError { icmp_type: 1, icmp_code: 3, from: "2001:db8::1".parse().unwrap() },
        EventKind::RunEnd(Box::new(timed_out_flow().client.runs[2].clone())),
    ];
    let event = |(n, kind)| Event {
        time: at(8_032),
        frame: frame(397),
        decided: (n != 4).then(|| frame(600 + n)),
        tuple: tuple("10.0.0.1:43198", "10.0.0.2:443"),
        index: 0,
        side: if matches!(kind, EventKind::Answer { .. }) { Side::Server } else { Side::Client },
        kind,
    };
    (0_u64..).zip(kinds).map(event).collect()
}

/// Frames that were lost, as it became known.
pub(crate) fn loss(at: Option<Timestamp>) -> Loss {
    let (more, total) = (Dropped { kernel: 12, interface: 0 }, Dropped { kernel: 340, interface: 2 });
    Loss { at, more, total }
}

/// What the kernel of the client's host contradicts, as it became known.
pub(crate) fn told() -> Told {
    let finding = finding("kernel-probes-not-on-wire", Some(Side::Client), [396, 397]);
    let tuple = tuple("10.0.0.1:43198", "10.0.0.2:443");
    Told { at: at(9_032), time: at(8_032), frame: frame(397), tuple, index: 0, finding }
}

/// What time brought while the capture ran.
pub(crate) fn notices() -> Vec<Notice> {
    let waited = ms(1_000);
    let kinds = [
        NoticeKind::ProbeUnanswered { run: 2, number: 1, waited, next: Some(at(9_056)) },
        NoticeKind::ProbeUnanswered { run: 2, number: 1, waited, next: None },
        NoticeKind::ProbeOverdue { run: 2, number: 3, waited: ms(1_654), expected: Some(at(9_056)) },
        NoticeKind::ProbeOverdue { run: 0, number: 1, waited: ms(4_544), expected: None },
        NoticeKind::Silent { idle: ms(2_016), quiet: ms(2_772) },
    ];
    let notice = |kind| Notice {
        at: at(9_032),
        time: at(8_032),
        frame: frame(397),
        tuple: tuple("10.0.0.1:43198", "10.0.0.2:443"),
        index: 0,
        side: Side::Client,
        kind,
    };
    kinds.into_iter().map(notice).collect()
}
