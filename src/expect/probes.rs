//! `probes`: how many there were.

use super::count::signed;
use super::ground::Answer;
use super::wanted::Wanted;
use super::words::last_few;
use crate::flow::Side;
use crate::report::words::counted;
use crate::report::{Flow, Prober};

/// The probes of both ends, or of `side`. Where frames were lost there may have been more.
pub(super) fn probes(flow: &Flow, side: Option<Side>, is_lossy: bool, wanted: Wanted) -> Vec<Answer> {
    let is_asked = |one: &Side| side.is_none_or(|side| side == *one);
    let asked: Vec<&Prober> = Side::BOTH.into_iter().filter(is_asked).map(|side| flow.prober(side)).collect();
    let seen: u64 = asked.iter().map(|prober| prober.probes).sum();
    let ambiguous: u64 = asked.iter().map(|prober| prober.ambiguous_probes).sum();
    let most = if is_lossy || flow.one_sided { i64::MAX } else { signed(seen + ambiguous) };
    let mut text = counted(seen, "probe");
    if ambiguous > 0 {
        text += &format!(", and {ambiguous} that may be");
    }
    if is_lossy {
        text += "; frames were lost while capturing";
    }
    let frames = last_few(asked.iter().flat_map(|prober| &prober.runs).map(|run| run.first_frame));
    let mut answer = Answer::new(wanted.verdict((signed(seen), most), false), text).shown_by(frames);
    answer.side = side;
    vec![answer]
}
