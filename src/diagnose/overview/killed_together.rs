//! Many connections that were killed within a second: a device that failed, restarted or was reconfigured, and no idle timer.

use super::across;
use crate::flow::Side;
use crate::frame::FrameNo;
use crate::report::words::{counted, duration};
use crate::report::{CaptureFinding, Confidence, Finding, Flow, How, Killer, Severity};
use crate::run::Outcome;
use crate::time::{Span, Timestamp};

/// How many kills are kept one by one; beyond, those of the older half are settled and forgotten.
const MAX_KILLS: usize = 1 << 16;

/// How many findings about forgotten kills are kept; beyond, they are counted.
const MAX_FOUND: usize = 256;

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
pub(super) struct Kills {
    recent: Vec<Kill>,
    /// About those that were forgotten.
    found: Vec<CaptureFinding>,
    /// How many more there were, and the first of them.
    left_out: u64,
    first_left_out: Option<Kill>,
}

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
        if by_box || at_probe || after_quiet {
            let quiet = ending.quiet_before.unwrap_or_default();
            self.note(Kill { at: reset.at, flow: flow.index, frame: reset.frame, quiet, by_box });
        }
    }

    fn note(&mut self, kill: Kill) {
        if self.recent.len() >= MAX_KILLS {
            self.settle_older_half();
        }
        self.recent.push(kill);
    }

    fn settle_older_half(&mut self) {
        self.recent.sort_by_key(|kill| (kill.at, kill.flow));
        // Not in the middle of those that were killed together, if it can be helped.
        let half = self.recent.len() / 2;
        let is_cut = |(before, after): (&Kill, &Kill)| after.at.since(before.at) > TOGETHER;
        let later = self.recent.iter().skip(half);
        let cut =
            self.recent.iter().skip(half - 1).zip(later).position(is_cut).map_or(half, |more| half + more);
        let older: Vec<Kill> = self.recent.drain(..cut).collect();
        for group in groups(&older) {
            if self.found.len() < MAX_FOUND {
                self.found.push(finding(group));
            } else {
                self.left_out += 1;
                self.first_left_out = self.first_left_out.or(group.first().copied());
            }
        }
    }

    pub(super) fn findings(&self) -> Vec<CaptureFinding> {
        let mut kills = self.recent.clone();
        kills.sort_by_key(|kill| (kill.at, kill.flow));
        self.found
            .iter()
            .cloned()
            .chain(groups(&kills).into_iter().map(finding))
            .chain(self.not_told())
            .collect()
    }

    /// What is said of those for which there was no room.
    fn not_told(&self) -> Option<CaptureFinding> {
        let first = self.first_left_out?;
        let text = format!(
            "connections were reset together at {} that are not listed",
            counted(self.left_out, "more moment")
        );
        let (severity, certain) = (Severity::Info, Confidence::Certain);
        Some(across(
            Finding::new("killed-together", severity, certain, None, text, [first.frame]),
            [first.flow],
        ))
    }
}

/// Those that were killed together, of kills in the order of time.
fn groups(kills: &[Kill]) -> Vec<&[Kill]> {
    let mut groups = Vec::new();
    let mut rest = kills;
    while let Some(first) = rest.first() {
        let together = rest.partition_point(|kill| kill.at.since(first.at) <= TOGETHER);
        let (group, later) = rest.split_at(together);
        if group.len() >= MANY && !is_same_quiet(group) {
            groups.push(group);
            rest = later;
        } else {
            rest = rest.get(1..).unwrap_or_default();
        }
    }
    groups
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

#[cfg(test)]
mod tests {
    use super::{Kill, Kills, MANY, MAX_FOUND, MAX_KILLS};
    use crate::frame::FrameNo;
    use crate::report::Severity;
    use crate::time::{Span, Timestamp};

    #[test]
    fn after_many_kills_the_newest_are_still_told() {
        let mut kills = Kills::default();
        let moments = MAX_KILLS as u64;
        for moment in 0..moments {
            for which in 0..MANY as u64 {
                kills.note(Kill {
                    at: Timestamp(0) + Span::from_secs(10 * moment as i64),
                    flow: moment * MANY as u64 + which,
                    frame: FrameNo::FIRST,
                    quiet: Span::from_secs(1 + which as i64 * 100),
                    by_box: true,
                });
            }
        }
        assert!(kills.recent.len() <= MAX_KILLS && kills.found.len() <= MAX_FOUND);
        let found = kills.findings();
        let (told, counted): (Vec<_>, Vec<_>) =
            found.iter().partition(|across| across.finding.severity == Severity::Problem);
        assert_eq!(told.last().unwrap().flows.last(), Some(&(moments * MANY as u64 - 1)));
        assert_eq!(counted.len(), 1);
        assert_eq!(told.len() as u64 + kills.left_out, moments, "none is lost without being counted");
    }
}
