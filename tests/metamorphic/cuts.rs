//! A capture that is cut short says the same as far as it goes.

use super::capture::{Analysis, Sample, assert_none};
use super::evidence::{Label, labels, weakens};
use super::samples::samples;
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
