//! Less evidence may make a label ambiguous, but never another one.

use super::capture::{Analysis, Sample, Shot, assert_none};
use super::packet;
use super::samples::samples;
use keepscope::run::EventKind;

/// What a frame is called.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Label {
    Probe,
    Answer,
    WindowProbe,
    Ambiguous,
    OneByteRetransmission,
    /// Not a label of a segment: an ICMP error or the end of a run.
    Other,
}

impl Label {
    pub const fn of(kind: &EventKind) -> Self {
        match kind {
            EventKind::Probe { .. } => Self::Probe,
            EventKind::Answer { .. } => Self::Answer,
            EventKind::WindowProbe { .. } => Self::WindowProbe,
            EventKind::KeepaliveOrWindowProbe { .. } | EventKind::KeepaliveOrRetransmission { .. } => {
                Self::Ambiguous
            }
            EventKind::OneByteRetransmission { .. } => Self::OneByteRetransmission,
            EventKind::IcmpError { .. } | EventKind::RunEnd(_) => Self::Other,
        }
    }
}

/// The label of each frame, by the number it has in the untransformed capture. A frame has one label at most.
pub fn labels(analysis: &Analysis, shots: &[Shot]) -> Vec<Option<Label>> {
    let last = shots.iter().map(|shot| shot.origin).max().unwrap_or(0);
    let mut labels = vec![None; last as usize];
    for event in &analysis.events {
        let label = Label::of(&event.kind);
        if label != Label::Other {
            let origin = shots[event.frame.get() as usize - 1].origin;
            let slot = &mut labels[origin as usize - 1];
            assert_eq!(*slot, None, "frame {origin} has two labels");
            *slot = Some(label);
        }
    }
    labels
}

/// Whether `weak` is what less evidence may make of `full`: the same, ambiguous, or nothing.
pub fn weakens(full: Option<Label>, weak: Option<Label>) -> bool {
    match weak {
        None | Some(Label::Ambiguous) => true,
        Some(_) => full == weak,
    }
}

fn assert_weakens(what: &str, take_away: impl Fn(&Sample) -> Sample) {
    let violations: Vec<_> =
        samples().iter().flat_map(|sample| contradictions(what, sample, &take_away(sample))).collect();
    assert_none(&violations);
}

/// Labels that `less`, made from `sample` by taking evidence away, has and must not have.
pub fn contradictions(what: &str, sample: &Sample, less: &Sample) -> Vec<String> {
    let full = labels(&sample.analyse(), &sample.shots);
    let weak = labels(&less.analyse(), &less.shots);
    let contradicts = |((at, full), weak): ((usize, &Option<Label>), &Option<Label>)| {
        (!weakens(*full, *weak))
            .then(|| format!("{what}: {}: frame {}: {full:?} became {weak:?}", sample.name, at + 1))
    };
    full.iter().enumerate().zip(&weak).filter_map(contradicts).collect()
}

#[test]
fn without_data_octets() {
    assert_weakens("headers only", |sample| sample.map(packet::snap_to_headers));
}

/// 54 and 66 octets are Ethernet, IPv4 and TCP without options and with time stamps.
#[test]
fn with_a_short_snaplen() {
    for len in [54, 66, 74] {
        assert_weakens(&format!("snaplen {len}"), |s| {
            s.map(|shot| packet::snap(&packet::ethernet(shot), len))
        });
    }
}

#[test]
fn with_one_direction() {
    assert_weakens("the lower end", |sample| one_direction(sample, true));
    assert_weakens("the higher end", |sample| one_direction(sample, false));
}

/// What the lower, or the higher end of each connection sent, and everything that is no segment.
pub fn one_direction(sample: &Sample, lower: bool) -> Sample {
    let is_kept = |shot: &&Shot| {
        packet::tcp_of(shot).filter(|tcp| !tcp.is_quoted).is_none_or(|tcp| {
            let (src, dst) = tcp.ends(&shot.data);
            (src < dst) == lower
        })
    };
    sample.with(sample.shots.iter().filter(is_kept).cloned().collect())
}

#[test]
fn without_the_beginning() {
    let mut violations = Vec::new();
    for sample in samples() {
        let step = sample.shots.len().div_ceil(100).max(1);
        for start in (1..sample.shots.len()).step_by(step) {
            let less = sample.with(sample.shots[start..].to_vec());
            violations.extend(contradictions(&format!("from {} on", start + 1), &sample, &less));
        }
    }
    assert_none(&violations);
}
