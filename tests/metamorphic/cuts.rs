//! A capture that is cut short says the same as far as it goes.

use super::capture::{Analysis, Sample, assert_none};
use super::evidence::{Label, labels, weakens};
use super::samples::samples;
use keepscope::frame::FrameNo;
use keepscope::run::EventKind;

#[test]
fn a_cut_changes_nothing_that_was_decided_before() {
    let mut violations = Vec::new();
    for sample in samples() {
        let step = sample.shots.len().div_ceil(150).max(1);
        violations.extend(cut(&sample, (1..sample.shots.len()).step_by(step)));
    }
    assert_none(&violations);
}

/// Cuts after each of `ends` frames.
pub(crate) fn cut(sample: &Sample, ends: impl Iterator<Item = usize>) -> Vec<String> {
    let full = sample.analyse();
    let decided = full.decided(&sample.shots);
    let full_labels = labels(&full, &sample.shots);
    let mut violations = Vec::new();
    for end in ends {
        let short = sample.with(sample.shots[..end].to_vec());
        let analysis = short.analyse();
        let expected: Vec<_> = decided.iter().filter(|(by, _)| *by <= end as u64).cloned().collect();
        let got = analysis.decided(&short.shots);
        if expected != got {
            let at = expected.iter().zip(&got).take_while(|(e, g)| e == g).count();
            violations.push(format!(
                "cut after {end}: {}:\n  expected {:?}\n  got      {:?}",
                sample.name,
                expected.get(at),
                got.get(at)
            ));
        }
        violations.extend(left_open(sample, end, &analysis, &short, &full_labels));
    }
    violations
}

/// What the end of the capture decided is ambiguous, or what the whole capture says as well.
fn left_open(
    sample: &Sample,
    end: usize,
    analysis: &Analysis,
    short: &Sample,
    full: &[Option<Label>],
) -> Vec<String> {
    let short_labels = labels(analysis, &short.shots);
    let contradicts = |(at, got): (usize, &Option<Label>)| {
        let expected = full[at];
        (!weakens(expected, *got)).then(|| {
            format!("cut after {end}: {}: frame {}: {expected:?} became {got:?}", sample.name, at + 1)
        })
    };
    let mut violations: Vec<_> = short_labels.iter().enumerate().filter_map(contradicts).collect();
    for event in analysis.events.iter().filter(|event| event.decided.is_none()) {
        let is_open = match &event.kind {
            EventKind::KeepaliveOrWindowProbe { .. }
            | EventKind::KeepaliveOrRetransmission { .. }
            | EventKind::RunEnd(_) => true,
            // Certain by itself, but held up behind one that was not: the whole capture calls it the same.
            _ => full[event.frame.get() as usize - 1] == Some(Label::of(&event.kind)),
        };
        if !is_open {
            let (name, frame) = (&sample.name, event.frame);
            violations
                .push(format!("cut after {end}: {name}: frame {frame}: the end decided {:?}", event.kind));
        }
    }
    violations
}

/// A frame that is no segment moves time on: what it decides is told, and told to be decided by it.
#[test]
fn time_decides_whatever_frame_brings_it() {
    let text = "
        0.000 A S  0:1(0)
        0.010 B S. 0:1(0) ack 1
        0.020 A .  1:1(0) ack 1
        5.000 A .  0:0(0) ack 1
       20.000 A R. 1:1(0) ack 1
       90.000 B .  1:1(0) ack 1
       95.000 B .  1:1(0) ack 1
    ";
    let mut sample = Sample::from_trace("a flow that is over", text);
    for shot in sample.shots.iter_mut().rev().take(2) {
        // Nothing that is known: neither IPv4 nor IPv6.
        shot.data[0] = 0;
    }
    let analysis = sample.analyse();
    let finals: Vec<_> = analysis.flows.iter().map(|(_, decided)| decided.map(FrameNo::get)).collect();
    assert_eq!(finals, [Some(6)]);
    assert_none(&cut(&sample, 1..7));
}
