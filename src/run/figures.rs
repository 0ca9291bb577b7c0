//! The figures of one direction's probing: counts and samples.

use super::fact::{Probe, Ttl};
use super::marks::Marks;
use super::outcome::{MAX_LISTED_FRAMES, Outcome};
use crate::classify::ProbeRule;
use crate::frame::FrameNo;
use crate::measure::Samples;
use crate::report::{AlienAnswers, Prober};
use crate::time::Span;

/// Counts and samples so far.
#[derive(Clone, Debug, Default)]
pub(super) struct Figures {
    probes: u64,
    answered: u64,
    unanswered: u64,
    undecided: u64,
    one_byte: u64,
    pub(super) marks: Marks,
    /// From the last acceptable segment to the first probe of a run.
    idle: Samples,
    /// From the last segment of any kind; `None` as long as that is the same, which it is of most of many flows.
    idle_any: Option<Box<Samples>>,
    idle_any_differs: bool,
    /// Between unanswered probes, and the last wait of a run that timed out.
    pub(super) interval: Samples,
    /// From probe to answer.
    pub(super) rtt: Samples,
    /// Answers whose TTL is not the peer's.
    alien: Option<Box<AlienAnswers>>,
}

impl Figures {
    pub(super) const fn has_probes(&self) -> bool {
        self.probes > 0
    }

    /// Counts a probe, and notes what it looks like.
    pub(super) fn count_probe(&mut self, probe: &Probe, rule: ProbeRule) {
        self.probes += 1;
        self.one_byte += u64::from(probe.payload);
        self.marks.take(probe, rule);
    }

    /// Takes the wait before the first probe of a run, since the last acceptable segment and since any.
    pub(super) fn take_idle(&mut self, idle: Option<Span>, any: Option<Span>) {
        if idle != any {
            self.part_idles();
            self.idle_any_differs |= any.is_some();
        }
        if let Some(idle) = idle {
            self.idle.push(idle);
        }
        if let (Some(samples), Some(any)) = (&mut self.idle_any, any) {
            samples.push(any);
        }
    }

    /// Takes back a wait since the last acceptable segment, which that was not.
    pub(super) fn take_back_idle(&mut self, idle: Span) {
        self.part_idles();
        self.idle.remove(idle);
    }

    /// From here on the waits since the last segment of any kind are others.
    fn part_idles(&mut self) {
        self.idle_any.get_or_insert_with(|| Box::new(self.idle.clone()));
    }

    /// Takes the TTL of a bare ACK that answers.
    pub(super) fn take_answer(&mut self, frame: FrameNo, ttl: Ttl) {
        let Some(own) = ttl.own.filter(|own| *own != ttl.seen) else { return };
        let alien = self.alien.get_or_insert_default();
        alien.answers += 1;
        alien.ttl = ttl.seen;
        alien.own_ttl = own;
        if alien.frames.len() < MAX_LISTED_FRAMES {
            alien.frames.push(frame);
        }
    }

    /// Sorts the probes of a run that ended into answered, unanswered and undecided ones.
    pub(super) fn end_run(&mut self, probes: u64, outcome: Outcome) {
        let before = probes - 1;
        match outcome {
            Outcome::Answered | Outcome::Recovered => {
                self.answered += 1;
                self.unanswered += before;
            }
            Outcome::Pending => {
                self.undecided += 1;
                self.unanswered += before;
            }
            Outcome::Unknown => self.undecided += probes,
            _ => self.unanswered += probes,
        }
    }

    /// Fills in what it knows.
    pub(super) fn report(&self, prober: &mut Prober) {
        prober.probes = self.probes;
        prober.answered = self.answered;
        prober.unanswered = self.unanswered;
        prober.undecided = self.undecided;
        prober.one_byte_probes = self.one_byte;
        prober.probes_with_timestamps = self.marks.with_timestamps.into();
        prober.idle = self.idle.stat();
        prober.idle_any = self.idle_any.as_ref().filter(|_| self.idle_any_differs).and_then(|any| any.stat());
        prober.interval = self.interval.stat();
        prober.rtt = self.rtt.stat();
        prober.alien_answers = self.alien.as_deref().cloned();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn idles(figures: &Figures) -> (u64, Option<u64>) {
        let mut prober = Prober::default();
        figures.report(&mut prober);
        (prober.idle.map_or(0, |idle| idle.samples), prober.idle_any.map(|any| any.samples))
    }

    #[test]
    fn waits_since_any_segment_are_all_there_once_one_differs() {
        let (mut figures, s) = (Figures::default(), |s| Some(Span::from_secs(s)));
        figures.take_idle(s(2), s(2));
        figures.take_idle(s(2), s(2));
        assert_eq!(idles(&figures), (2, None));
        figures.take_idle(s(2), s(1));
        figures.take_idle(s(2), s(2));
        assert_eq!(idles(&figures), (4, Some(4)));
        let mut figures = Figures::default();
        figures.take_idle(None, s(1));
        assert_eq!(idles(&figures), (0, Some(1)));
    }

    #[test]
    fn a_wait_that_is_taken_back_was_still_one_since_any_segment() {
        let (mut figures, s) = (Figures::default(), Span::from_secs);
        figures.take_idle(Some(s(2)), Some(s(2)));
        figures.take_back_idle(s(2));
        figures.take_idle(Some(s(3)), Some(s(1)));
        assert_eq!(idles(&figures), (1, Some(2)));
    }
}
