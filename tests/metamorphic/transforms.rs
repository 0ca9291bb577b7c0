//! Transforms that leave the truth as it is.

use super::capture::{Sample, Shot, assert_none, difference};
use super::packet;
use super::samples::samples;
use keepscope::report::Roles;
use keepscope::run::Outcome;
use proptest::test_runner::{Config, RngAlgorithm, TestRng, TestRunner};

/// Each sample's truth after `transform` that differs from the one before.
fn violations(what: &str, samples: &[Sample], transform: impl Fn(&Sample) -> Sample) -> Vec<String> {
    samples
        .iter()
        .filter_map(|sample| difference(what, sample, &sample.truth(), &transform(sample).truth()))
        .collect()
}

/// A runner whose random numbers are the same in every run.
pub(crate) fn runner(cases: u32) -> TestRunner {
    let config = Config { cases, failure_persistence: None, ..Config::default() };
    TestRunner::new_with_rng(config, TestRng::from_seed(RngAlgorithm::ChaCha, &[7; 32]))
}

#[test]
fn sequence_numbers_may_begin_anywhere() {
    let samples = samples();
    for (a, b) in [(1, 0), (0, 1), (0x8000_0000, 0x7FFF_FFFF), (u32::MAX, u32::MAX)] {
        assert_none(&violations(&format!("numbers + {a}, {b}"), &samples, |s| numbers(s, a, b)));
    }
    let property = |(a, b): (u32, u32)| {
        assert_none(&violations(&format!("numbers + {a}, {b}"), &samples, |s| numbers(s, a, b)));
        Ok(())
    };
    runner(8).run(&(0_u32.., 0_u32..), property).expect("the truth does not depend on the initial numbers");
}

/// Every number of every connection passes the end of the circle somewhere.
#[test]
fn sequence_numbers_may_wrap_at_any_segment() {
    for sample in samples().iter().filter(|sample| sample.shots.len() <= 60) {
        let truth = sample.truth();
        let mut found = Vec::new();
        for shot in &sample.shots {
            let Some(tcp) = packet::tcp_of(shot) else { continue };
            let (src, dst) = tcp.ends(&shot.data);
            let number = u32::from_be_bytes(shot.data[tcp.at + 4..tcp.at + 8].try_into().unwrap());
            for beyond in [0, 1, 2] {
                let delta = beyond - i64::from(number);
                let (a, b) = if src < dst { (delta as u32, 0) } else { (0, delta as u32) };
                let what = format!("frame {} at {beyond}", shot.origin);
                found.extend(difference(&what, sample, &truth, &numbers(sample, a, b).truth()));
            }
        }
        assert_none(&found);
    }
}

fn numbers(sample: &Sample, by_lower: u32, by_higher: u32) -> Sample {
    sample.map(|shot| packet::shift_numbers(shot, by_lower, by_higher))
}

#[test]
fn time_may_be_any_time() {
    let samples = samples();
    for seconds in [-1_700_000_000, -4_000_000_000, 1, 3_000_000_000] {
        let shift = |shot: &Shot| Shot { ts: shot.ts + seconds * 1_000_000_000 + 13, ..shot.clone() };
        assert_none(&violations(&format!("time + {seconds} s"), &samples, |s| s.map(shift)));
    }
}

#[test]
fn ends_may_have_other_addresses() {
    let samples = samples();
    assert_none(&violations("other hosts", &samples, |s| s.map(|shot| packet::renumber(shot, false))));
    assert_none(&violations("other networks", &samples, |s| s.map(|shot| packet::renumber(shot, true))));
}

/// Where the handshake tells client and server, ports mean nothing.
#[test]
fn ends_may_have_other_ports() {
    let mut samples = samples();
    samples.retain(|s| s.analyse().flows.iter().all(|(flow, _)| flow.roles == Roles::Handshake));
    assert!(samples.len() > 5);
    assert_none(&violations("ports reversed", &samples, |s| s.map(packet::reverse_ports)));
}

#[test]
fn every_frame_may_come_twice() {
    assert_none(&samples().iter().flat_map(|sample| twice(sample, Shot::clone)).collect::<Vec<_>>());
}

#[test]
fn every_frame_may_come_again_behind_a_router() {
    assert_none(&samples().iter().flat_map(|sample| twice(sample, packet::pass_router)).collect::<Vec<_>>());
}

/// With a copy of every frame right behind it, everything is as it was, and the copies are counted.
pub(crate) fn twice(sample: &Sample, copy: impl Fn(&Shot) -> Shot) -> Vec<String> {
    let mut shots = Vec::new();
    for (at, shot) in sample.shots.iter().enumerate() {
        // The copy comes before the next frame, and before the end of the capture.
        let next = sample.shots.get(at + 1).unwrap_or(shot).ts;
        let ts = (shot.ts + 4_000).min(next.max(shot.ts));
        shots.extend([shot.clone(), Shot { ts, ..copy(shot) }]);
    }
    let doubled = sample.with(shots);
    let (before, after) = (sample.analyse(), doubled.analyse());
    let (b, a) = (&before.capture, &after.capture);
    let duplicates = b.duplicates * 2 + b.segments + b.icmp_errors;
    let counts = (a.duplicates != duplicates || a.skipped.iter().ne(&b.skipped.map(|n| n * 2)))
        .then(|| format!("twice: {}: {} duplicates instead of {duplicates}", sample.name, a.duplicates));
    let truth = difference("twice", sample, &before.truth(&sample.shots), &after.truth(&doubled.shots));
    truth.into_iter().chain(counts).collect()
}

/// Puts a frame into something.
type Wrap = fn(&Shot) -> Shot;

#[test]
fn frames_may_travel_in_anything() {
    let samples = samples();
    let around: [(&str, Wrap); 5] = [
        ("ethernet", packet::ethernet),
        ("vlan", packet::vlan),
        ("qinq", packet::qinq),
        ("vxlan", packet::vxlan),
        ("gre", packet::gre),
    ];
    for (what, wrap) in around {
        assert_none(&violations(what, &samples, |sample| sample.map(wrap)));
    }
    assert_none(&violations("gre in vxlan", &samples, |s| s.map(|shot| packet::vxlan(&packet::gre(shot)))));
}

/// The wrapped frames are what they are meant to be.
#[test]
fn what_is_around_a_flow_is_told() {
    let sample = &samples()[0];
    let around = |wrap: Wrap| {
        let analysis = sample.map(wrap).analyse();
        analysis.flows[0].0.encapsulation.iter().map(ToString::to_string).collect::<Vec<_>>()
    };
    assert!(around(packet::ethernet).is_empty());
    assert_eq!(around(packet::vlan), ["vlan 7"]);
    assert_eq!(around(packet::qinq), ["vlan 99", "vlan 7"]);
    assert_eq!(around(packet::vxlan), ["vxlan 42"]);
    assert_eq!(around(packet::gre), ["gre"]);
}

/// The samples show every kind of event, so that the properties say something about each.
#[test]
fn samples_hold_every_kind_of_event() {
    let told = samples().iter().flat_map(Sample::truth).collect::<Vec<_>>().join("\n");
    let kinds = [
        ": probe",
        ": answer",
        ": window probe",
        ": keepalive or window probe",
        ": keepalive or retransmission",
        ": one-byte retransmission",
        ": icmp",
    ];
    for kind in kinds {
        assert!(told.contains(kind), "no sample shows '{kind}'");
    }
    for rule in [" R1\n", " R1b\n", " R2\n", " R3\n", " R5\n"] {
        assert!(told.contains(rule), "no sample shows a probe by {rule:?}");
    }
    // Without the answering direction nothing is proved to be a probe, so no run ends `unknown`.
    for outcome in Outcome::ALL.into_iter().filter(|outcome| *outcome != Outcome::Unknown) {
        assert!(
            told.contains(&format!("Some({outcome:?}) from")),
            "no sample shows a run that ends {outcome:?}"
        );
    }
}
