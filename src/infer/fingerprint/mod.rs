//! Which TCP implementations send probes of the shape that was seen.
//!
//! Most of what can be seen is shared by several of them, and a TTL is a setting, so this names all that fit and is never certain. To add
//! an implementation, add a row to `stacks.rs`.

mod stacks;

pub use stacks::{STACKS, Stack};

use super::source::{Grade, holds};
use super::vantage::Vantage;
use super::wheel::is_on_wheel;
use crate::report::{Confidence, Count, Prober};
use crate::run::{Marks, Outcome, Run};

/// Percent of the spacing before within which spacings count as equal, and as doubled.
const EQUAL_PERCENT: (i64, i64) = (87, 115);
const DOUBLED_PERCENT: (i64, i64) = (160, 240);

/// How unanswered probes follow each other.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Spacing {
    /// At the same distance, apart from the lateness of timers.
    Constant,
    /// Each at twice the distance of the one before.
    Doubling,
}

/// What was seen of an end's probes. `None`: not observable, so it excludes nothing.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Shape {
    /// Every probe carried one octet, or none did; `None` where they differ.
    pub one_byte: Option<bool>,
    /// Every probe carried the timestamps option, or none did; `None` where they differ, or where the connection has no timestamps.
    pub timestamps: Option<bool>,
    /// How unanswered probes followed each other; needs two such spacings in a run.
    pub spacing: Option<Spacing>,
    /// How many probes went unanswered before the prober gave up.
    pub retries: Option<u64>,
    /// The TTL or hop limit that the newest probe was sent with, as far as its value at the capture point tells: see [`initial_ttl`].
    pub initial_ttl: Option<u8>,
    /// Whether any probe carried PSH.
    pub psh: Option<bool>,
    /// That the prober gave up with a RST. A prober of which nothing more came may have been switched off: that is `None`.
    pub resets_at_the_end: Option<bool>,
    /// Whether any probe came while data of the prober was unacknowledged; `Some(false)` tells nothing, there may have been no occasion.
    pub over_unacknowledged_data: Option<bool>,
    /// Whether the ACK field of every probe lies one below what its sender had acknowledged before; `None` where they differ or that
    /// is not known.
    pub ack_is_behind: Option<bool>,
    /// That timers end on the granules of Linux' timer wheel.
    pub timer_wheel: Option<bool>,
}

impl Shape {
    /// The shape of an end's probes, from what is reported of them and what was marked on each; `has_timestamps`: whether either end of
    /// the connection sent timestamps (RFC 7323: then both agreed to); `vantage`: from where they were seen.
    #[must_use]
    pub fn of(prober: &Prober, marks: &Marks, has_timestamps: bool, vantage: Vantage) -> Self {
        let all_or_none = |some: u64, of: u64| match some {
            0 if of > 0 => Some(false),
            some if some == of && of > 0 => Some(true),
            _ => None,
        };
        let gave_up = prober.runs.iter().any(|run| run.outcome == Some(Outcome::TimedOut));
        Self {
            one_byte: all_or_none(prober.one_byte_probes, prober.probes),
            timestamps: all_or_none(marks.with_timestamps.into(), prober.probes).filter(|_| has_timestamps),
            spacing: prober.runs.iter().find_map(spacing),
            retries: match prober.settings.as_ref().and_then(|settings| settings.count) {
                Some(Count::Exact(n) | Count::ExactOrUserTimeout(n)) => Some(n),
                Some(Count::AtLeast(_)) | None => None,
            },
            initial_ttl: marks.ttl.map(initial_ttl),
            psh: (prober.probes > 0).then_some(marks.with_psh > 0),
            resets_at_the_end: gave_up.then_some(true),
            over_unacknowledged_data: (marks.over_unacknowledged_data > 0).then_some(true),
            ack_is_behind: all_or_none(marks.with_ack_behind.into(), marks.with_known_ack.into()),
            timer_wheel: is_on_wheel(prober, vantage).then_some(true),
        }
    }
}

/// The spacing of a run's probes, and of the RST after them; `None` where they are too few, or follow neither pattern.
fn spacing(run: &Run) -> Option<Spacing> {
    let spacings = run.intervals.iter().chain(&run.last_wait);
    let mut pairs = spacings.clone().zip(spacings.skip(1)).peekable();
    pairs.peek()?;
    let all = |(low, high): (i64, i64)| {
        pairs.clone().all(|(before, after)| after.is_within_percent_of(*before, low, high))
    };
    if all(EQUAL_PERCENT) {
        Some(Spacing::Constant)
    } else if all(DOUBLED_PERCENT) {
        Some(Spacing::Doubling)
    } else {
        None
    }
}

/// The TTL that a packet was probably sent with: systems begin at 64, 128 or 255, and few paths have more than 60 hops.
#[must_use]
pub const fn initial_ttl(seen: u8) -> u8 {
    match seen {
        0..=64 => 64,
        65..=128 => 128,
        _ => 255,
    }
}

/// A stack that fits.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Fit {
    /// Its name, one of [`STACKS`].
    pub stack: &'static str,
    /// [`Likely`](Confidence::Likely) where no other fits whose behaviour is better known than by hearsay; else
    /// [`Possible`](Confidence::Possible). Never certain.
    pub confidence: Confidence,
}

/// All stacks that fit, the most specific first: those whose behaviour is known by more than hearsay, of them those whose usual TTL was
/// seen, of them those with more that was observed and agrees. Empty where nothing distinguishing was observed.
#[must_use]
pub fn fits(shape: &Shape) -> Vec<Fit> {
    if shape.one_byte.is_none() && shape.timestamps.is_none() {
        return Vec::new();
    }
    let mut fitting: Vec<&Stack> = STACKS.iter().filter(|stack| stack.fits(shape)).collect();
    // Stable: what is equal stays in the order of the table, which is that of how common they are.
    fitting.sort_by_key(|stack| {
        (stack.is_hearsay(), stack.has_other_ttl(shape), std::cmp::Reverse(stack.agreements(shape)))
    });
    let known = |stack: &Stack| !stack.is_hearsay() && !stack.has_other_ttl(shape);
    let alone = fitting.iter().filter(|stack| known(stack)).count() == 1;
    let confidence =
        |stack: &Stack| if alone && known(stack) { Confidence::Likely } else { Confidence::Possible };
    fitting.into_iter().map(|stack| Fit { stack: stack.name, confidence: confidence(stack) }).collect()
}

impl Stack {
    /// Whether its name or its title holds `word`, in capitals or not.
    #[must_use]
    pub fn is_called(&self, word: &str) -> bool {
        holds(self.name, word) || holds(self.title, word)
    }

    /// Whether its behaviour is known by hearsay only.
    const fn is_hearsay(&self) -> bool {
        matches!(self.grade, Grade::GeneralKnowledge)
    }

    fn has_other_ttl(&self, shape: &Shape) -> bool {
        matches!((shape.initial_ttl, self.ttl), (Some(seen), Some(usual)) if seen != usual)
    }

    /// What was seen beside what it does, of all that can exclude it.
    fn comparisons(&self, shape: &Shape) -> [Option<bool>; 8] {
        /// `None` where either is unknown.
        fn compare<T: PartialEq>(seen: Option<T>, does: Option<T>) -> Option<bool> {
            seen.zip(does).map(|(seen, does)| seen == does)
        }
        [
            compare(shape.one_byte, self.one_byte),
            compare(shape.timestamps, self.timestamps),
            compare(shape.spacing, self.spacing),
            compare(shape.retries, self.count),
            compare(shape.psh, self.psh),
            compare(shape.resets_at_the_end, self.resets_at_the_end),
            compare(shape.ack_is_behind, self.ack_is_behind),
            // What was not seen, nobody may have had occasion to do.
            compare(shape.over_unacknowledged_data.filter(|seen| *seen), self.over_unacknowledged_data),
        ]
    }

    fn fits(&self, shape: &Shape) -> bool {
        let off_the_wheel = shape.timer_wheel == Some(true) && !self.timer_wheel;
        !off_the_wheel && !self.comparisons(shape).contains(&Some(false))
    }

    fn agreements(&self, shape: &Shape) -> usize {
        self.comparisons(shape).iter().filter(|compared| **compared == Some(true)).count()
    }
}

#[cfg(test)]
mod tests;
