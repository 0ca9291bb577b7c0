//! Very many flows, and flows with very many probes.

use super::capture::{Analysis, Sample};
use super::memory::measured;
use keepscope::analyzer::{Analyzer, Config};
use keepscope::frame::{FrameBatch, FrameMeta, FrameNo, InterfaceNo, LinkType};
use keepscope::report::Prober;
use keepscope::run::MAX_LISTED_FRAMES;
use keepscope::source::SourceNotes;
use keepscope::time::Timestamp;
use std::fmt::Write as _;

/// What a quiet flow may cost, all told.
const FLOW: usize = 256;

/// What an analysis may cost whatever it is of: in each of 64 partitions a chunk of 256 records may have just begun.
const ANALYSIS: usize = (1 << 20) + 64 * 256 * FLOW;

/// The first 16 runs, the last 16 and 256 others.
const MAX_RUNS: usize = 16 + 256 + 16;

/// What one flow may cost at most, however much it probes: full lists of runs on both sides, each with full lists of frames.
const PROBING: usize = 2 << 20;

/// A raw IPv4 SYN from the host and port numbered `n`.
fn syn(n: u32) -> [u8; 40] {
    let mut syn = [0; 40];
    syn[..12].copy_from_slice(&[0x45, 0, 0, 40, 0, 1, 0, 0, 64, 6, 0, 0]);
    let [_, a, b, c] = (n / 60_000).to_be_bytes();
    syn[12..16].copy_from_slice(&[10, a, b, c]);
    syn[16..20].copy_from_slice(&[192, 0, 2, 1]);
    syn[20..22].copy_from_slice(&((n % 60_000) as u16 + 1024).to_be_bytes());
    syn[22..24].copy_from_slice(&443_u16.to_be_bytes());
    syn[32] = 0x50;
    syn[33] = 0x02;
    syn
}

fn flood(analyzer: &mut Analyzer, flows: u32) {
    let mut batch = FrameBatch::default();
    let mut no = FrameNo::FIRST;
    for row in (0..flows).collect::<Vec<_>>().chunks(256) {
        batch.clear();
        batch.bytes.clear();
        for n in row {
            let offset = batch.bytes.len() as u32;
            batch.bytes.extend(syn(*n));
            batch.frames.push(FrameMeta {
                no,
                ts: Timestamp(i64::from(*n) * 1000),
                link: LinkType(101),
                wire_len: 40,
                offset,
                cap_len: 40,
                interface: InterfaceNo::default(),
                fault: None,
            });
            no = no.next();
        }
        analyzer.handle_batch(&batch);
    }
}

#[test]
fn a_flow_of_one_syn_costs_little() {
    const FLOWS: u32 = 100_000;
    let (analyzer, peak, left) = measured(|| {
        let mut analyzer = Analyzer::new(Config::default());
        flood(&mut analyzer, FLOWS);
        analyzer
    });
    assert_eq!(analyzer.capture().segments, u64::from(FLOWS));
    let bound = FLOWS as usize * FLOW + ANALYSIS;
    assert!(left < bound, "{} bytes for each flow", left / FLOWS as usize);
    assert!(peak < bound, "{} bytes for each flow at the peak", peak / FLOWS as usize);
}

#[test]
fn a_bounded_table_stays_bounded() {
    let (analyzer, peak, _) = measured(|| {
        let mut analyzer = Analyzer::new(Config { max_flows: Some(1000), stream: true, ..Config::default() });
        flood(&mut analyzer, 5000);
        let mut flows = 0;
        analyzer.handle_end(&SourceNotes::default());
        analyzer.drain(|_| flows += 1);
        assert_eq!(flows, 5000);
        analyzer
    });
    assert_eq!((analyzer.capture().segments, analyzer.capture().evicted_flows), (5000, 4000));
    // What was evicted waits to be handed out.
    assert!(peak < 16 << 20, "{peak} bytes");
}

const HANDSHAKE: &str = "0.000 A S 0:1(0) win 1000\n0.010 B S. 0:1(0) ack 1\n0.020 A . 1:1(0) ack 1\n";

/// Analyses `start` and then `line` for each of `times` steps, and gives it with what is still in use.
fn many(start: &str, times: u32, line: impl Fn(u32, f64) -> String) -> (Analysis, usize) {
    let mut text = start.to_owned();
    for n in 0..times {
        let _ = writeln!(text, "{}", line(n, 1.0 + f64::from(n) * 10.0));
    }
    let sample = Sample::from_trace("many", &text);
    let mut analyzer = Analyzer::new(Config::default());
    let (_, _, left) = measured(|| {
        let mut no = FrameNo::FIRST;
        let mut batch = FrameBatch::default();
        for row in sample.shots.chunks(256) {
            batch.clear();
            batch.bytes.clear();
            for shot in row {
                let (offset, cap_len) = (batch.bytes.len() as u32, shot.data.len() as u32);
                batch.bytes.extend_from_slice(&shot.data);
                let (ts, link, wire_len) = (Timestamp(shot.ts), LinkType(shot.link), shot.wire_len);
                batch.frames.push(FrameMeta {
                    no,
                    ts,
                    link,
                    wire_len,
                    offset,
                    cap_len,
                    interface: InterfaceNo::default(),
                    fault: None,
                });
                no = no.next();
            }
            analyzer.handle_batch(&batch);
        }
    });
    (sample.analyse(), left)
}

#[track_caller]
fn check((analysis, left): (Analysis, usize), some: impl Fn(&Prober) -> u64) -> Prober {
    let (flow, _) = &analysis.flows[0];
    for prober in [&flow.client, &flow.server] {
        assert!(prober.runs.len() <= MAX_RUNS, "{} runs", prober.runs.len());
        for run in &prober.runs {
            for len in [run.probe_frames.len(), run.intervals.len(), run.icmp.len()] {
                assert!(len <= MAX_LISTED_FRAMES, "{len} listed");
            }
        }
    }
    assert!(left < PROBING, "{left} bytes for one flow");
    assert!(some(&flow.client) > 0, "the flow shows what it is about: {:?}", flow.client);
    flow.client.clone()
}

const TIMES: u32 = 10_000;

#[test]
fn answered_probes_stay_bounded() {
    let client = check(
        many(HANDSHAKE, TIMES, |_, t| format!("{t:.3} A . 0:0(0) ack 1\n{:.3} B . 1:1(0) ack 1", t + 0.01)),
        |client| client.answered,
    );
    assert_eq!((client.probes, client.answered, client.runs_total), (10_000, 10_000, 10_000));
    assert_eq!(client.runs.len(), 32);
}

#[test]
fn unanswered_probes_stay_bounded() {
    let client = check(
        many(HANDSHAKE, TIMES, |_, t| {
            format!("{t:.3} A . 0:0(0) ack 1\n{:.3} R icmp 3/1 of {t:.3}", t + 0.01)
        }),
        |client| client.probes,
    );
    assert_eq!((client.probes, client.runs_total), (10_000, 1));
    assert_eq!((client.runs[0].probe_frames.len(), client.runs[0].icmp.len()), (64, 64));
}

#[test]
fn notable_runs_stay_bounded() {
    let client = check(
        many(HANDSHAKE, TIMES, |n, t| {
            let (nxt, next) = (n + 1, n + 2);
            let (sent, heard) = (t + 5.0, t + 5.01);
            format!(
                "{t:.3} A . {n}:{n}(0) ack 1\n{sent:.3} A P. {nxt}:{next}(1) ack 1\n{heard:.3} B . 1:1(0) ack {next}"
            )
        }),
        |client| client.unanswered,
    );
    assert_eq!((client.probes, client.runs_total, client.runs.len()), (10_000, 10_000, MAX_RUNS));
}

#[test]
fn candidates_stay_bounded() {
    let one_sided = |_, t| format!("{t:.3} A . 99:99(0) ack 1");
    let client = check(many("", TIMES, one_sided), |client| client.ambiguous_probes);
    assert_eq!(client.ambiguous_probes, 10_000);
    let octets = |_, t| format!("{t:.3} A . 99:100(1) ack 1");
    check(many("0.000 A P. 90:100(10) ack 1\n", TIMES, octets), |client| client.ambiguous_probes);
}

#[test]
fn what_queues_behind_candidates_stays_bounded() {
    // One candidate is never settled; everything that is certain waits behind it, and only the first of a kind matters.
    let start = "0.000 A . 99:99(0) ack 1\n0.100 A . 99:99(0) ack 1\n";
    let behind = |_, t| format!("{t:.3} B . 1:1(0) ack 90\n{:.3} B P. 1:2(1) ack 90", t + 0.1);
    check(many(start, TIMES, behind), |client| client.ambiguous_probes);
    let errors = |_, t: f64| format!("{t:.3} R icmp 3/1 of 0.100\n{:.3} R icmp 3/1 of 0.100", t + 0.5);
    check(many(start, TIMES, errors), |client| client.ambiguous_probes);
}

#[test]
fn probes_that_queue_behind_a_candidate_stay_bounded() {
    // Nothing settles the octet; what follows it, ahead of what is known, is proved to be probes by the peer.
    let octet =
        "0.030 A P. 1:2(1) ack 1 data \"o\"\n0.040 B . 1:1(0) ack 2\n2.000 A P. 1:2(1) ack 1 data \"o\"\n";
    let proved = |n, t: f64| {
        let (seq, nxt) = (n * 10 + 12, n * 10 + 13);
        format!("{:.3} A . {seq}:{seq}(0) ack 1\n{:.3} B . 1:1(0) ack {nxt}", t + 10.0, t + 10.1)
    };
    let client = check(many(&format!("{HANDSHAKE}{octet}"), TIMES, proved), |client| client.ambiguous_probes);
    assert_eq!((client.probes, client.ambiguous_probes), (10_000, 1));
}

#[test]
fn window_probes_stay_bounded() {
    let start = format!("{HANDSHAKE}0.030 A P. 1:101(100) ack 1\n0.040 B . 1:1(0) ack 101 win 0\n");
    let steady = |_, t| format!("{t:.3} A . 100:100(0) ack 1\n{:.3} B . 1:1(0) ack 101 win 0", t + 0.01);
    check(many(&start, TIMES, steady), |client| client.probes + client.ambiguous_probes);
    let octets = |_, t| format!("{t:.3} A . 101:102(1) ack 1\n{:.3} B . 1:1(0) ack 101 win 0", t + 0.01);
    check(many(&start, TIMES, octets), |client| client.window_probes);
}
