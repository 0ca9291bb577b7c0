//! `answered`: what part of all probes was answered.

use super::Verdict;
use super::ground::Answer;
use super::quantity::WHOLE;
use super::wanted::Wanted;
use super::words::{add_few, figure};
use crate::flow::Side;
use crate::frame::FrameNo;
use crate::report::Flow;
use crate::report::words::{count, counted};
use crate::run::Outcome;

/// Probes of many flows.
#[derive(Clone, Debug, Default)]
pub(super) struct Tally {
    answered: u64,
    unanswered: u64,
    /// Of the unanswered, those whose answers may not have been captured.
    doubtful: u64,
    /// Probes that were still open at the end.
    undecided: u64,
    frames: Vec<FrameNo>,
}

impl Tally {
    pub(super) fn add(&mut self, flow: &Flow, side: Option<Side>, is_lossy: bool) {
        let asked = Side::BOTH.into_iter().filter(|one| side.is_none_or(|side| side == *one));
        for prober in asked.map(|side| flow.prober(side)) {
            self.answered += prober.answered;
            self.unanswered += prober.unanswered;
            self.undecided += prober.undecided;
            if is_lossy || flow.one_sided {
                self.doubtful += prober.unanswered;
            }
            if prober.unanswered > 0 {
                let lost = prober.runs.iter().filter(|run| run.outcome != Some(Outcome::Answered));
                add_few(&mut self.frames, lost.flat_map(|run| run.probe_frames.iter().copied()));
            }
        }
    }

    pub(super) fn judge(self, wanted: Wanted) -> Answer {
        let all = self.answered + self.unanswered;
        let Some(all) = Some(all).filter(|all| *all > 0) else {
            let open = if self.undecided > 0 { ", but for what was open at the end" } else { "" };
            return Answer::new(Verdict::Inconclusive, format!("no probe was captured{open}"));
        };
        let part = |of: u64| (i128::from(of) * i128::from(WHOLE) / i128::from(all)) as i64;
        let range = (part(self.answered), part(self.answered + self.doubtful));
        let percent = figure(range.0, WHOLE / 100);
        let mut text = format!("{} of {} answered: {percent} %", count(self.answered), counted(all, "probe"));
        if self.doubtful > 0 {
            text += &format!("; {} of the answers may not have been captured", count(self.doubtful));
        }
        if self.undecided > 0 {
            text += &format!("; {} open at the end", counted(self.undecided, "probe"));
        }
        Answer::new(wanted.verdict(range, false), text).shown_by(self.frames)
    }
}
