//! Findings as they come, each once.

use crate::flow::Side;
use crate::report::{CaptureFinding, Finding, Flow, Severity};
use crate::time::Timestamp;
use std::collections::{HashMap, VecDeque};

/// How many lines are kept.
const MAX_ENTRIES: usize = 500;

/// How many findings that span flows are remembered, so that none is told twice.
const MAX_ACROSS: usize = 1_000;

/// Something that was found.
#[derive(Clone, Debug)]
pub(super) struct Entry {
    /// When it became known.
    pub(super) at: Timestamp,
    /// The flow it is about; `None`: several.
    pub(super) index: Option<u64>,
    pub(super) finding: Finding,
}

/// Whom a finding is about, and its name.
type Told = (&'static str, Option<Side>);

/// What was found, in the order in which it became known.
#[derive(Clone, Debug, Default)]
pub(super) struct Logbook {
    entries: VecDeque<Entry>,
    told: HashMap<u64, Vec<Told>>,
    told_across: VecDeque<(&'static str, Option<u64>)>,
    /// How many of each severity, in the order of [`Severity::ALL`].
    counts: [u64; Severity::ALL.len()],
}

impl Logbook {
    /// The lines, the oldest first.
    pub(super) fn entries(&self) -> impl DoubleEndedIterator<Item = &Entry> {
        self.entries.iter()
    }

    /// How many findings there were of each severity, in the order of [`Severity::ALL`].
    pub(super) const fn counts(&self) -> [u64; Severity::ALL.len()] {
        self.counts
    }

    /// Takes the findings of a flow. One that was told already is brought up to date where it stands.
    pub(super) fn take(&mut self, flow: &Flow, at: Timestamp) {
        for finding in &flow.findings {
            let name: Told = (finding.id, finding.side);
            let told = self.told.entry(flow.index).or_default();
            if told.contains(&name) {
                let index = Some(flow.index);
                let is_it = |entry: &&mut Entry| {
                    entry.index == index && (entry.finding.id, entry.finding.side) == name
                };
                if let Some(entry) = self.entries.iter_mut().rev().find(is_it)
                    && entry.finding != *finding
                {
                    entry.finding.clone_from(finding);
                }
            } else {
                told.push(name);
                self.push(Entry { at, index: Some(flow.index), finding: finding.clone() });
            }
        }
    }

    /// Takes a finding that spans flows.
    pub(super) fn take_across(&mut self, across: &CaptureFinding, at: Timestamp) {
        let name = (across.finding.id, across.flows.first().copied());
        if self.told_across.contains(&name) {
            return;
        }
        if self.told_across.len() == MAX_ACROSS {
            self.told_across.pop_front();
        }
        self.told_across.push_back(name);
        self.push(Entry { at, index: None, finding: across.finding.clone() });
    }

    /// Forgets what was told of flows that are not shown any more.
    pub(super) fn retain(&mut self, is_shown: impl Fn(u64) -> bool) {
        self.told.retain(|index, _| is_shown(*index));
    }

    fn push(&mut self, entry: Entry) {
        let severity = Severity::ALL.iter().position(|severity| *severity == entry.finding.severity);
        if let Some(count) = severity.and_then(|place| self.counts.get_mut(place)) {
            *count += 1;
        }
        if self.entries.len() == MAX_ENTRIES {
            self.entries.pop_front();
        }
        self.entries.push_back(entry);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::frame::FrameNo;
    use crate::report::Confidence;

    fn across(first: u64) -> CaptureFinding {
        let finding = Finding::new(
            "killed-together",
            Severity::Warning,
            Confidence::Likely,
            None,
            "text".into(),
            [FrameNo::FIRST],
        );
        CaptureFinding { finding, flows: vec![first, first + 1], flows_total: 2 }
    }

    #[test]
    fn nothing_is_told_twice_and_the_oldest_goes() {
        let mut log = Logbook::default();
        log.take_across(&across(0), Timestamp(1));
        log.take_across(&across(0), Timestamp(2));
        assert_eq!((log.entries().count(), log.counts()), (1, [0, 1, 0]));
        (1..=MAX_ENTRIES as u64).for_each(|first| log.take_across(&across(first), Timestamp(3)));
        assert_eq!((log.entries().count(), log.counts()[1]), (MAX_ENTRIES, MAX_ENTRIES as u64 + 1));
        assert_eq!(log.entries().next().unwrap().at, Timestamp(3));
    }
}
