//! Less evidence may make a label ambiguous, but never another one.

use super::capture::{Analysis, Sample, Shot, assert_none};
use super::packet;
use super::samples::samples;
use keepscope::run::EventKind;

/// What a frame is called.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Label {
    Probe,
    Answer,
    WindowProbe,
    Ambiguous,
    OneByteRetransmission,
    /// Not a label of a segment: an ICMP error or the end of a run.
    Other,
}

impl Label {
    pub(crate) const fn of(kind: &EventKind) -> Self {
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
pub(crate) fn labels(analysis: &Analysis, shots: &[Shot]) -> Vec<Option<Label>> {
    let last = shots.iter().map(|shot| shot.origin).max().unwrap_or(0);
    let mut labels = vec![None; last as usize];
    for event in &analysis.events {
        let label = Label::of(&event.kind);
        if label != Label::Other {
            let origin = shots[event.frame.get() as usize - 1].origin;
            let slot = &mut labels[origin as usize - 1];
            assert_eq!(*slot, None, "frame {origin} has two labels; the other is {label:?}");
            *slot = Some(label);
        }
    }
    labels
}

/// Whether `weak` is what less evidence may make of `full`: the same, ambiguous, or nothing.
pub(crate) fn weakens(full: Option<Label>, weak: Option<Label>) -> bool {
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
pub(crate) fn contradictions(what: &str, sample: &Sample, less: &Sample) -> Vec<String> {
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
pub(crate) fn one_direction(sample: &Sample, lower: bool) -> Sample {
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
        violations.extend(suffixes(&sample, (1..sample.shots.len()).step_by(step)));
    }
    assert_none(&violations);
}

/// Takes away what comes before each of `starts`. Three things are left out of account, because what is left of the capture is a capture that
/// by itself shows something else: a copy whose original is taken away is the original now; into a window of which nothing was heard a probe
/// is a keepalive as soon as it is answered with an open one (R3); and a segment that had been overtaken by what was taken away looks like
/// one once that is acknowledged.
pub(crate) fn suffixes(sample: &Sample, starts: impl Iterator<Item = usize>) -> Vec<String> {
    let full = labels(&sample.analyse(), &sample.shots);
    let mut violations = Vec::new();
    for start in starts.filter(|start| !is_copy(&sample.shots, *start)) {
        let less = sample.with(sample.shots[start..].to_vec());
        let analysis = less.analyse();
        let weak = labels(&analysis, &less.shots);
        let mut excused = Vec::new();
        for event in &analysis.events {
            let at = less.shots[event.frame.get() as usize - 1].origin as usize - 1;
            match &event.kind {
                EventKind::Probe { rule, .. } => {
                    let (shot, lost, before) =
                        (&sample.shots[at], &sample.shots[..start], &sample.shots[start..at]);
                    let into_the_dark =
                        *rule == "R3" && may_be_into_zero_window(full[at]) && !has_heard_peer(before, shot);
                    if into_the_dark || is_overtaken(lost, shot) {
                        excused.push(at);
                    }
                }
                EventKind::Answer { probe_frame, .. } => {
                    let probe = less.shots[probe_frame.get() as usize - 1].origin as usize - 1;
                    if excused.contains(&probe) {
                        excused.push(at);
                    }
                }
                _ => {}
            }
        }
        for (at, (full, weak)) in full.iter().zip(&weak).enumerate() {
            if !weakens(*full, *weak) && !excused.contains(&at) {
                violations.push(format!(
                    "from {} on: {}: frame {}: {full:?} became {weak:?}",
                    start + 1,
                    sample.name,
                    at + 1
                ));
            }
        }
    }
    violations
}

fn may_be_into_zero_window(label: Option<Label>) -> bool {
    matches!(label, Some(Label::WindowProbe | Label::Ambiguous))
}

/// Whether one of the frames comes from the peer of the one who sent `shot`.
fn has_heard_peer(before: &[Shot], shot: &Shot) -> bool {
    let ends = |shot: &Shot| Some(packet::tcp_of(shot)?.ends(&shot.data));
    let Some((src, dst)) = ends(shot) else { return false };
    before.iter().any(|other| ends(other) == Some((dst.clone(), src.clone())))
}

/// Whether the sender of `shot` had sent something beyond it.
fn is_overtaken(lost: &[Shot], shot: &Shot) -> bool {
    let Some(tcp) = packet::tcp_of(shot) else { return false };
    let (ends, (first, _)) = (tcp.ends(&shot.data), tcp.span(shot));
    lost.iter().any(|other| {
        packet::tcp_of(other).filter(|tcp| !tcp.is_quoted && tcp.ends(&other.data) == ends).is_some_and(
            |tcp| {
                let (_, end) = tcp.span(other);
                end.wrapping_sub(first) as i32 > 0
            },
        )
    })
}

/// Whether the frame repeats one that came shortly before, up to what routers and link layers change.
fn is_copy(shots: &[Shot], at: usize) -> bool {
    let shot = &shots[at];
    let segment =
        |shot: &Shot| packet::tcp_of(shot).map(|tcp| (tcp.id(&shot.data), shot.data[tcp.at..].to_vec()));
    segment(shot).is_some_and(|this| {
        let recent = shots[..at].iter().rev().take(8).filter(|other| shot.ts - other.ts < 250_000_000);
        recent.into_iter().any(|other| segment(other).as_ref() == Some(&this))
    })
}
