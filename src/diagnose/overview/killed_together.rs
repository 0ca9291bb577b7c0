//! Many connections that were killed within a second: a device that failed, restarted or was reconfigured, and no idle timer.

use super::across;
use crate::flow::Side;
use crate::frame::FrameNo;
use crate::report::words::{counted, duration};
use crate::report::{CaptureFinding, Confidence, Finding, Flow, How, Killer, Severity};
use crate::run::Outcome;
use crate::time::{Span, Timestamp};

/// How many kills are kept.
const MAX_KILLS: usize = 1 << 16;

/// Kills this near to each other have one cause.
const TOGETHER: Span = Span::from_secs(1);

/// Fewer may be chance.
const MANY: usize = 3;

/// Silences that are all as long as each other, within so many percent, would fit an idle timer as well.
const SAME_QUIET_PERCENT: i64 = 110;

/// A connection that was reset against the will of both ends, as far as can be seen.
#[derive(Clone, Copy, Debug)]
struct Kill {
    at: Timestamp,
    flow: u64,
    frame: FrameNo,
    quiet: Span,
    by_box: bool,
}

#[derive(Debug, Default)]
pub(super) struct Kills(Vec<Kill>);

impl Kills {
    pub(super) fn add(&mut self, flow: &Flow) {
        let Some(ending) = flow.ending.filter(|ending| ending.how == How::Rst && ending.timer.is_none())
        else {
            return;
        };
        // What was never opened, and what one end had closed, was not killed.
        let is_over = Side::BOTH.into_iter().any(|side| flow.view(side).has_sent_fin);
        let Some(reset) = flow.reset.as_ref().filter(|_| flow.is_established() && !is_over) else { return };
        let asked = flow.prober(!reset.from).runs.last().map(|run| (run.outcome, run.end_frame));
        let at_probe = asked == Some((Some(Outcome::Reset), Some(reset.frame)));
        let by_box = ending.by == Killer::Middlebox;
        let after_quiet = flow.death.is_some_and(|death| death.frame == reset.frame);
        // An application that aborts its own connections is no killer.
        if (by_box || at_probe || after_quiet) && self.0.len() < MAX_KILLS {
            let quiet = ending.quiet_before.unwrap_or_default();
            self.0.push(Kill { at: reset.at, flow: flow.index, frame: reset.frame, quiet, by_box });
        }
    }

    pub(super) fn findings(&self) -> Vec<CaptureFinding> {
        let mut kills = self.0.clone();
        kills.sort_by_key(|kill| (kill.at, kill.flow));
        let mut findings = Vec::new();
        let mut rest = kills.as_slice();
        while let Some(first) = rest.first() {
            let together = rest.partition_point(|kill| kill.at.since(first.at) <= TOGETHER);
            let (group, later) = rest.split_at(together);
            if group.len() >= MANY && !is_same_quiet(group) {
                findings.push(finding(group));
                rest = later;
            } else {
                rest = rest.get(1..).unwrap_or_default();
            }
        }
        findings
    }
}

fn is_same_quiet(group: &[Kill]) -> bool {
    let quiets = || group.iter().map(|kill| kill.quiet);
    let (shortest, longest) = (quiets().min().unwrap_or_default(), quiets().max().unwrap_or_default());
    longest <= shortest.scale(SAME_QUIET_PERCENT, 100)
}

fn finding(group: &[Kill]) -> CaptureFinding {
    let quiets = || group.iter().map(|kill| kill.quiet);
    let boxes = group.iter().filter(|kill| kill.by_box).count();
    let text = format!(
        "{} were reset within a second, after between {} and {} of quiet: no idle timer does that, but a device or a host that lost its \
         state (restart, failover, reconfiguration)",
        counted(group.len() as u64, "connection"),
        duration(quiets().min().unwrap_or_default()),
        duration(quiets().max().unwrap_or_default()),
    );
    let confidence = if boxes == group.len() { Confidence::Likely } else { Confidence::Possible };
    let frames = group.iter().map(|kill| kill.frame);
    let finding = Finding::new("killed-together", Severity::Problem, confidence, None, text, frames);
    across(finding, group.iter().map(|kill| kill.flow))
}
