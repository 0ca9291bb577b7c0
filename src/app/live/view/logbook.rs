//! What was found and what did not happen in time, each once, as it became known.

use crate::analyzer::Output;
use crate::flow::Side;
use crate::render::text::event_line::words;
use crate::render::text::style::Tone;
use crate::render::text::{figure, finding, table};
use crate::report::{CaptureFinding, Finding, Flow, Loss, Notice, NoticeKind, Severity};
use crate::run::{Event, EventKind};
use crate::time::Timestamp;
use std::collections::{HashMap, VecDeque};

/// How many lines are kept.
const MAX_ENTRIES: usize = 500;

/// How many findings that span flows are remembered, so that none is told twice.
const MAX_ACROSS: usize = 1_000;

/// What an entry is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Topic {
    /// A finding of a flow, by its name and whom it is about.
    Finding(&'static str, Option<Side>),
    /// A finding that spans flows, by its name and the first of them.
    Across(&'static str, Option<u64>),
    /// A run that waits: whose, and its number.
    Waiting(Side, u32),
    /// A flow that is silent.
    Silent(Side),
    /// Lost frames.
    Loss,
}

/// Something that became known.
#[derive(Clone, Debug)]
pub(super) struct Entry {
    /// When it became known.
    pub(super) at: Timestamp,
    /// The flow it is about; `None`: several, or none.
    pub(super) index: Option<u64>,
    pub(super) topic: Topic,
    /// `None`: not a finding.
    pub(super) severity: Option<Severity>,
    /// One sentence. Text from outside may be part of it.
    pub(super) text: String,
}

impl Entry {
    fn of_finding(at: Timestamp, index: Option<u64>, topic: Topic, finding: &Finding) -> Self {
        let text = finding.text.clone() + finding::doubt(finding.confidence);
        Self { at, index, topic, severity: Some(finding.severity), text }
    }

    /// In a word, what it is.
    pub(super) const fn label(&self) -> &'static str {
        match (self.severity, self.topic) {
            (Some(severity), _) => severity.name(),
            (None, Topic::Loss) => "loss",
            (None, _) => "waiting",
        }
    }

    /// What it means to a reader.
    pub(super) const fn tone(&self) -> Tone {
        match (self.severity, self.topic) {
            (Some(severity), _) => finding::tone(severity),
            (None, Topic::Loss) => Tone::Bad,
            (None, _) => Tone::Plain,
        }
    }
}

/// What became known, in this order.
#[derive(Clone, Debug, Default)]
pub(super) struct Logbook {
    entries: VecDeque<Entry>,
    told: HashMap<u64, Vec<Topic>>,
    told_across: VecDeque<Topic>,
    /// How many findings of each severity, in the order of [`Severity::ALL`].
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

    /// Takes what did not happen in time, and what was lost.
    pub(super) fn take(&mut self, output: &Output) {
        match output {
            Output::Notice(notice) => self.notice(notice),
            Output::Loss(loss) => self.loss(loss),
            Output::Event(event) => self.ended(event),
            // The next snapshot has it among the findings of its flow.
            Output::Flow { .. } | Output::Told(_) => {}
        }
    }

    /// Takes the findings of a flow. One that was told already is brought up to date where it stands.
    pub(super) fn take_findings(&mut self, flow: &Flow, at: Timestamp) {
        for finding in &flow.findings {
            let topic = Topic::Finding(finding.id, finding.side);
            let told = self.told.entry(flow.index).or_default();
            let is_new = !told.contains(&topic);
            if is_new {
                told.push(topic);
            }
            self.tell(Entry::of_finding(at, Some(flow.index), topic, finding), is_new);
        }
    }

    /// Takes a finding that spans flows.
    pub(super) fn take_across(&mut self, across: &CaptureFinding, at: Timestamp) {
        let topic = Topic::Across(across.finding.id, across.flows.first().copied());
        let is_new = !self.told_across.contains(&topic);
        if is_new {
            if self.told_across.len() == MAX_ACROSS {
                self.told_across.pop_front();
            }
            self.told_across.push_back(topic);
        }
        self.tell(Entry::of_finding(at, None, topic, &across.finding), is_new);
    }

    /// Forgets what was told of flows that are not shown any more.
    pub(super) fn retain(&mut self, is_shown: impl Fn(u64) -> bool) {
        self.told.retain(|index, _| is_shown(*index));
    }

    fn notice(&mut self, notice: &Notice) {
        let (us, side) = (notice.side.name(), notice.side);
        let (topic, text) = match notice.kind {
            // Of a row of them the newest is told: it stands for all before it.
            NoticeKind::ProbeUnanswered { run, number, .. } => {
                let probes = figure::counted(number, "probe");
                (Topic::Waiting(side, run), format!("{probes} of the {us} unanswered (#{})", notice.frame))
            }
            NoticeKind::ProbeOverdue { run, .. } => {
                (Topic::Waiting(side, run), format!("{us}: {}", words::of_notice(notice).0))
            }
            NoticeKind::Silent { .. } => (Topic::Silent(side), words::of_notice(notice).0),
        };
        let entry = Entry { at: notice.at, index: Some(notice.index), topic, severity: None, text };
        let is_new = self.position(&entry).is_none();
        self.tell(entry, is_new);
    }

    /// A run that waited has ended: what is said of it says how.
    fn ended(&mut self, event: &Event) {
        let EventKind::RunEnd(run) = &event.kind else { return };
        let about = (Some(event.index), Topic::Waiting(event.side, run.number));
        let told = self.entries.iter_mut().rev().find(|entry| (entry.index, entry.topic) == about);
        if let Some((told, outcome)) = told.zip(run.outcome) {
            told.text += &format!(", then {}", table::words(outcome));
        }
    }

    fn loss(&mut self, loss: &Loss) {
        let lost = loss.total.kernel.saturating_add(loss.total.interface);
        let text = format!(
            "{} lost while capturing: what is unanswered is in doubt",
            figure::counted(lost, "frame")
        );
        let at = loss.at.unwrap_or_default();
        let entry = Entry { at, index: None, topic: Topic::Loss, severity: None, text };
        // A row of losses is one.
        let is_new = self.entries.back().is_none_or(|last| last.topic != Topic::Loss);
        self.tell(entry, is_new);
    }

    /// Where the newest entry with the same topic is.
    fn position(&self, entry: &Entry) -> Option<usize> {
        self.entries.iter().rposition(|other| (other.index, other.topic) == (entry.index, entry.topic))
    }

    /// Adds `entry` if it is new; else the one there was says the same from now on.
    fn tell(&mut self, entry: Entry, is_new: bool) {
        if is_new {
            return self.push(entry);
        }
        let place = self.position(&entry);
        if let Some(told) = place.and_then(|place| self.entries.get_mut(place)) {
            told.text = entry.text;
        }
    }

    fn push(&mut self, entry: Entry) {
        let severity = Severity::ALL.iter().position(|severity| Some(*severity) == entry.severity);
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
    use crate::source::Dropped;

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

    #[test]
    fn a_row_of_losses_is_one_line_with_the_last_figure() {
        let loss = |kernel| {
            let total = Dropped { kernel, interface: 0 };
            Output::Loss(Loss { at: None, more: total, total })
        };
        let mut log = Logbook::default();
        log.take(&loss(3));
        log.take(&loss(1_234));
        log.take_across(&across(0), Timestamp(1));
        log.take(&loss(1_235));
        let texts: Vec<&str> = log.entries().map(|entry| entry.text.as_str()).collect();
        assert!(texts[0].starts_with("1,234 frames lost") && texts[2].starts_with("1,235 frames lost"));
        assert_eq!(texts.len(), 3);
    }
}
