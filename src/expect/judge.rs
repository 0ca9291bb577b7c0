//! From flows, one at a time, to a judgement.

use super::answered::Tally;
use super::check::{Asks, Check, Each, Together};
use super::event::Search;
use super::ground::Answer;
use super::selection::Selector;
use super::{
    Expectation, Ground, Judgement, MAX_GROUNDS, Named, Verdict, count, outcome, probes, rtt, status, time,
};
use crate::report::words::counted;
use crate::report::{Capture, Conclusions, Flow};

/// Judges the flows of a capture, one at a time.
#[derive(Debug)]
pub struct Judge<'a> {
    expectation: &'a Expectation,
    /// Frames that were lost while capturing.
    lost: u64,
    flows: u64,
    selected: u64,
    /// What the checks of each flow come to.
    each: Verdict,
    /// Of the selected flows, those that hold by themselves.
    holding: u64,
    /// … and those in which nobody probes.
    silent: u64,
    /// What is gathered for the checks of all flows together, in their order.
    together: Vec<Gathered>,
    /// For each verdict the first grounds and how many there are.
    grounds: [(Vec<Ground>, u64); Verdict::ALL.len()],
}

/// What is gathered for a check of all flows together.
#[derive(Debug, Default)]
struct Gathered {
    tally: Tally,
    search: Search,
    /// What was found; of nothing, an empty list.
    found: Vec<Ground>,
    found_total: u64,
}

impl<'a> Judge<'a> {
    /// Before the first flow. Of `capture` it is asked what was lost.
    #[must_use]
    pub fn new(expectation: &'a Expectation, capture: &Capture) -> Self {
        let together = expectation.checks.iter().filter(|check| matches!(check.asks, Asks::Together(_)));
        Self {
            expectation,
            lost: capture.dropped.map_or(0, |dropped| dropped.kernel.saturating_add(dropped.interface)),
            flows: 0,
            selected: 0,
            holding: 0,
            silent: 0,
            // Of no flow all are as they should, and none is.
            each: if expectation.asks_each() && expectation.any { Verdict::Fails } else { Verdict::Holds },
            together: together.map(|_| Gathered::default()).collect(),
            grounds: Default::default(),
        }
    }

    /// Takes the next flow, in the order of their numbers.
    pub fn flow(&mut self, flow: &Flow) {
        self.flows += 1;
        let expectation = self.expectation;
        if !expectation.selection.selects(flow) {
            return;
        }
        self.selected += 1;
        let named = Some(Named { index: flow.index, tuple: flow.tuple });
        let mut grounds = Vec::new();
        let mut gathered = self.together.iter_mut();
        let side = expectation.selection.side;
        for check in &expectation.checks {
            match &check.asks {
                Asks::Each(each) => {
                    let answers = ask(each, flow, side, self.lost > 0);
                    grounds.extend(answers.into_iter().map(|answer| ground(check, named, answer)));
                }
                Asks::Together(asked) => {
                    let Some(gathered) = gathered.next() else { continue };
                    match asked {
                        Together::Answered(_) => gathered.tally.add(flow, side, self.lost > 0),
                        Together::Event { event, .. } => {
                            for answer in event.look(&mut gathered.search, flow, side) {
                                gathered.find(ground(check, named, answer));
                            }
                        }
                    }
                }
            }
        }
        let Some(verdict) = grounds.iter().map(|ground| ground.verdict).max() else { return };
        self.holding += u64::from(verdict == Verdict::Holds);
        self.silent += u64::from(!Selector::Probing.selects(flow, side));
        self.each = if expectation.any { self.each.or(verdict) } else { self.each.and(verdict) };
        grounds.into_iter().filter(|ground| ground.verdict == verdict).for_each(|ground| self.note(ground));
    }

    /// After the last flow.
    #[must_use]
    pub fn finish(mut self, conclusions: &Conclusions) -> Judgement {
        let expectation = self.expectation;
        let mut verdict = self.each;
        let together = expectation.checks.iter().filter_map(|check| match &check.asks {
            Asks::Together(asked) => Some((check, asked)),
            Asks::Each(_) => None,
        });
        if self.selected == 0 {
            let text = format!("no flow is selected: the capture has {}", counted(self.flows, "flow"));
            let why = Answer::new(Verdict::Fails, text);
            return self.judgement(Verdict::Fails, vec![(why.into_ground(String::new(), None), 1)]);
        }
        let mut more = Vec::new();
        for ((check, asked), gathered) in together.zip(std::mem::take(&mut self.together)) {
            let before = more.len();
            match asked {
                Together::Answered(wanted) => {
                    more.push((ground(check, None, gathered.tally.judge(*wanted)), 1));
                }
                Together::Event { event, absent } => {
                    let mut found = self.search(check, event, gathered, conclusions);
                    for (ground, _) in &mut found {
                        ground.verdict = ground.verdict.negated_if(*absent);
                    }
                    more.extend(found);
                }
            }
            let of_check = more.get(before..).unwrap_or_default().iter().map(|(ground, _)| ground.verdict);
            verdict = verdict.and(of_check.max().unwrap_or(Verdict::Holds));
        }
        if verdict == Verdict::Inconclusive && self.each == verdict && self.holding > 0 && self.silent > 0 {
            let text = format!(
                "it holds for {} of {}; with 'probing' those in which nobody probes are left out",
                self.holding,
                counted(self.selected, "flow")
            );
            more.push((Answer::new(verdict, text).into_ground(String::new(), None), 1));
        }
        self.judgement(verdict, more)
    }

    /// What was found of an event; or, if nothing was, that.
    fn search(
        &self,
        check: &Check,
        event: &super::event::Event,
        mut gathered: Gathered,
        conclusions: &Conclusions,
    ) -> Vec<(Ground, u64)> {
        let across = event.look_across(&gathered.search, conclusions, &self.expectation.selection);
        across.into_iter().for_each(|answer| gathered.find(ground(check, None, answer)));
        let best = gathered.found.iter().map(|ground| ground.verdict).min();
        if let Some(best) = best {
            let mut found: Vec<(Ground, u64)> =
                gathered.found.into_iter().filter(|ground| ground.verdict == best).map(|g| (g, 1)).collect();
            let told = found.len() as u64;
            if let Some((_, total)) = found.last_mut() {
                *total += gathered.found_total.saturating_sub(told);
            }
            return found;
        }
        vec![(ground(check, None, event.not_found(&gathered.search, self.selected, self.lost)), 1)]
    }

    fn judgement(mut self, verdict: Verdict, more: Vec<(Ground, u64)>) -> Judgement {
        for (ground, total) in more {
            let of = ground.verdict;
            self.note(ground);
            if let Some((_, all)) = self.grounds.get_mut(of as usize) {
                *all += total - 1;
            }
        }
        let (grounds, grounds_total) =
            self.grounds.get_mut(verdict as usize).map(std::mem::take).unwrap_or_default();
        Judgement {
            expectation: self.expectation.to_string(),
            verdict,
            selected: self.selected,
            grounds,
            grounds_total,
        }
    }

    fn note(&mut self, ground: Ground) {
        if let Some((kept, total)) = self.grounds.get_mut(ground.verdict as usize) {
            *total += 1;
            if kept.len() < MAX_GROUNDS {
                kept.push(ground);
            }
        }
    }
}

impl Gathered {
    /// What certainly is there comes before what may be.
    fn find(&mut self, ground: Ground) {
        self.found_total += 1;
        if self.found.len() < MAX_GROUNDS {
            self.found.push(ground);
        } else if ground.verdict == Verdict::Holds
            && let Some(other) = self.found.iter_mut().find(|other| other.verdict != Verdict::Holds)
        {
            *other = ground;
        }
    }
}

impl Expectation {
    fn asks_each(&self) -> bool {
        self.checks.iter().any(|check| matches!(check.asks, Asks::Each(_)))
    }
}

fn ask(each: &Each, flow: &Flow, side: Option<crate::flow::Side>, is_lossy: bool) -> Vec<Answer> {
    match each {
        Each::Status { wanted, is_not } => status::status(flow, side, *wanted, *is_not),
        Each::Idle(wanted) => time::idle(flow, side, *wanted),
        Each::Interval(wanted) => time::interval(flow, side, *wanted),
        Each::Count(wanted) => count::count(flow, side, *wanted),
        Each::Probes(wanted) => probes::probes(flow, side, is_lossy, *wanted),
        Each::Rtt(quantile, wanted) => rtt::rtt(flow, side, *quantile, *wanted),
        Each::Outcome(wanted) => outcome::outcome(flow, side, *wanted),
    }
}

fn ground(check: &Check, flow: Option<Named>, answer: Answer) -> Ground {
    answer.into_ground(check.text.clone(), flow)
}
