//! Everything that is known beforehand: what is built in, and what the user gave; and what of it fits.

use super::fingerprint::Spacing;
use super::middleboxes::{BOXES, Margin, Middlebox};
use super::profiles::{PROGRAMS, Profile, SYSTEMS, Value};
use super::settings::Plausible;
use crate::flow::Side;
use crate::report::{Count, SettingRange};
use crate::time::Span;
use std::cmp::Reverse;
use std::collections::BTreeSet;

/// The known profiles and middleboxes.
#[derive(Clone, Debug)]
pub struct Catalogue {
    given_profiles: Vec<Profile>,
    given_middleboxes: Vec<Middlebox>,
    /// What profiles set, in order and once each.
    idle_values: Vec<Span>,
    interval_values: Vec<Span>,
}

impl Default for Catalogue {
    /// What is built in.
    fn default() -> Self {
        Self::with(Vec::new(), Vec::new())
    }
}

/// What was seen of an end that probes. `None`: not observable, so it is not compared.
#[derive(Clone, Copy, Debug, Default)]
pub struct Seen<'a> {
    /// TCP_KEEPIDLE lies here.
    pub idle: Option<SettingRange>,
    /// TCP_KEEPINTVL lies here.
    pub interval: Option<SettingRange>,
    /// TCP_KEEPIDLE, or on Linux the longer of it and TCP_KEEPINTVL, lies here: see [`cycle`](super::cycle).
    pub cycle: Option<(Span, Span)>,
    /// What is known of TCP_KEEPCNT.
    pub count: Option<Count>,
    /// How unanswered probes followed each other.
    pub spacing: Option<Spacing>,
    /// The stacks whose probes look so; empty: any.
    pub stacks: &'a [&'static str],
    /// Which end it is; `None` where client and server were told apart by guess.
    pub side: Option<Side>,
}

/// How well a single setting agrees.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Agreement {
    /// It does not.
    No,
    /// It was not observed, or the profile does not fix it.
    NotCompared,
    /// It is not excluded.
    Loose,
    /// The profile's value lies where the setting does.
    Close,
}

impl Catalogue {
    /// What is built in and these; names and ids are the caller's to keep apart.
    #[must_use]
    pub fn with(profiles: Vec<Profile>, middleboxes: Vec<Middlebox>) -> Self {
        let values = |setting: fn(&Profile) -> Value| -> Vec<Span> {
            let all =
                profiles.iter().chain(SYSTEMS).chain(PROGRAMS).filter_map(|profile| match setting(profile) {
                    Value::Fixed(seconds) => Some(Span::from_secs(i64::from(seconds))),
                    _ => None,
                });
            all.collect::<BTreeSet<_>>().into_iter().collect()
        };
        Self {
            idle_values: values(|profile| profile.idle),
            interval_values: values(|profile| profile.interval),
            given_profiles: profiles,
            given_middleboxes: middleboxes,
        }
    }

    /// All profiles: the user's, those of systems, those of programs.
    pub fn profiles(&self) -> impl Iterator<Item = &Profile> {
        self.given_profiles.iter().chain(SYSTEMS).chain(PROGRAMS)
    }

    /// The user's profiles.
    #[must_use]
    pub fn given_profiles(&self) -> &[Profile] {
        &self.given_profiles
    }

    /// All middleboxes: the user's, then those built in.
    pub fn middleboxes(&self) -> impl Iterator<Item = &Middlebox> {
        self.given_middleboxes.iter().chain(BOXES)
    }

    /// The user's middleboxes.
    #[must_use]
    pub fn given_middleboxes(&self) -> &[Middlebox] {
        &self.given_middleboxes
    }

    /// Every profile that fits, those with more observed settings that agree first, and equal ones in the order of
    /// [`profiles`](Self::profiles). None where neither idle nor interval was observed: a count alone tells nothing.
    #[must_use]
    pub fn fitting(&self, seen: &Seen<'_>) -> Vec<&Profile> {
        if seen.idle.is_none() && seen.interval.is_none() {
            return Vec::new();
        }
        let is_possible = |stacks: &[&str]| {
            seen.stacks.is_empty() || stacks.is_empty() || stacks.iter().any(|s| seen.stacks.contains(s))
        };
        let systems: Vec<&Profile> = SYSTEMS.iter().filter(|system| is_possible(system.stacks)).collect();
        // Numbers exclude most of them, and are compared sooner than names.
        let mut fitting: Vec<(u32, &Profile)> = self
            .profiles()
            .filter_map(|profile| Some((score(profile, &systems, seen)?, profile)))
            .filter(|(_, profile)| is_possible(profile.stacks))
            .collect();
        fitting.sort_by_key(|(score, _)| Reverse(*score));
        fitting.into_iter().map(|(_, profile)| profile).collect()
    }

    /// The idle times and intervals that profiles have: candidates for what was configured.
    #[must_use]
    pub fn plausible(&self) -> Plausible<'_> {
        Plausible { idle: &self.idle_values, interval: &self.interval_values }
    }

    /// The middleboxes to which probes after `idle` of quiet have this margin.
    pub fn middleboxes_with(&self, margin: Margin, idle: Span) -> impl Iterator<Item = &Middlebox> {
        self.middleboxes().filter(move |middlebox| middlebox.margin(idle) == margin)
    }

    /// The middleboxes whose default explains that a quiet of `low` was survived and one of `high` was not.
    pub fn middleboxes_matching(&self, low: Span, high: Span) -> impl Iterator<Item = &Middlebox> {
        self.middleboxes().filter(move |middlebox| middlebox.explains(low, high))
    }
}

/// How many settings agree, each twice as much where closely; `None` where the profile does not fit. `systems`: what "the system's
/// default" may be.
fn score(profile: &Profile, systems: &[&Profile], seen: &Seen<'_>) -> Option<u32> {
    if seen.side.is_some_and(|side| !profile.side.may_be(side)) {
        return None;
    }
    if !asks_the_system(profile) {
        return score_of(profile, [profile.idle, profile.interval, profile.count], seen);
    }
    let own_systems = systems.iter().filter(|system| {
        profile.stacks.is_empty() || system.stacks.iter().any(|stack| profile.stacks.contains(stack))
    });
    let resolved = own_systems.filter_map(|system| {
        let or = |own: Value, default: Value| if own == Value::OsDefault { default } else { own };
        let settings = [
            or(profile.idle, system.idle),
            or(profile.interval, system.interval),
            or(profile.count, system.count),
        ];
        score_of(profile, settings, seen)
    });
    resolved.max()
}

fn asks_the_system(profile: &Profile) -> bool {
    [profile.idle, profile.interval, profile.count].contains(&Value::OsDefault)
}

fn score_of(profile: &Profile, [idle, interval, count]: [Value; 3], seen: &Seen<'_>) -> Option<u32> {
    if idle == Value::Off {
        return None;
    }
    let agreements = [
        compare_time(idle, seen.idle),
        compare_spacing(interval, seen.spacing).unwrap_or_else(|| compare_time(interval, seen.interval)),
        compare_count(count, seen.count, || probes_within_user_timeout(profile, idle, interval)),
    ];
    let [at_idle, at_interval, at_count] = agreements;
    let is_told = if idle == Value::Any {
        // Whatever its idle: only interval and count together are something to go by.
        at_interval == Agreement::Close && at_count == Agreement::Close
    } else {
        at_idle > Agreement::NotCompared || at_interval > Agreement::NotCompared
    };
    let fits = is_told && !agreements.contains(&Agreement::No) && may_repeat(idle, interval, seen.cycle);
    let points = |agreement: &Agreement| match agreement {
        Agreement::No | Agreement::NotCompared => 0,
        Agreement::Loose => 1,
        Agreement::Close => 2,
    };
    fits.then(|| agreements.iter().map(points).sum())
}

/// Whether answered probes can follow each other as they did: every idle time, or every longer of it and the interval, for which the ranges
/// of both have room, need not explain what was seen.
fn may_repeat(idle: Value, interval: Value, cycle: Option<(Span, Span)>) -> bool {
    let (Value::Fixed(idle), Some((least, most))) = (idle, cycle) else { return true };
    let fits = |seconds: u32| (least..=most).contains(&Span::from_secs(i64::from(seconds)));
    match interval {
        Value::Fixed(interval) => fits(idle) || fits(idle.max(interval)),
        Value::Doubling | Value::Off => fits(idle),
        // An interval that is not known may be the longer of the two.
        _ => Span::from_secs(i64::from(idle)) <= most,
    }
}

fn compare_time(value: Value, seen: Option<SettingRange>) -> Agreement {
    let Some(SettingRange { low, high, .. }) = seen else { return Agreement::NotCompared };
    let seconds = |seconds: u32| Span::from_secs(i64::from(seconds));
    match value {
        Value::Fixed(value) if (low..=high).contains(&seconds(value)) => Agreement::Close,
        Value::MultipleOf(unit) if unit > 0 => {
            let unit = seconds(unit);
            let nearest_below = unit.scale(high.0 / unit.0, 1);
            if nearest_below >= low.max(unit) { Agreement::Loose } else { Agreement::No }
        }
        Value::Fixed(_) | Value::MultipleOf(_) | Value::Off => Agreement::No,
        Value::OsDefault | Value::Any | Value::Doubling | Value::Unknown => Agreement::NotCompared,
    }
}

/// `None` where the times must tell.
fn compare_spacing(interval: Value, seen: Option<Spacing>) -> Option<Agreement> {
    match (interval, seen) {
        (Value::Doubling, Some(Spacing::Doubling)) => Some(Agreement::Close),
        (Value::Doubling, Some(Spacing::Constant)) | (Value::Fixed(_), Some(Spacing::Doubling)) => {
            Some(Agreement::No)
        }
        _ => None,
    }
}

/// `by_user_timeout`: the number of probes after which the profile's user timeout ends a connection.
fn compare_count(value: Value, seen: Option<Count>, by_user_timeout: impl Fn() -> Option<u64>) -> Agreement {
    let (Value::Fixed(value), Some(seen)) = (value, seen) else { return Agreement::NotCompared };
    let most = u64::from(value).max(by_user_timeout().unwrap_or(0));
    let is_it = |n| n == u64::from(value) || Some(n) == by_user_timeout();
    match seen {
        Count::Exact(n) | Count::ExactOrUserTimeout(n) if is_it(n) => Agreement::Close,
        // A sent probe is no more than its number: that it is not excluded says little.
        Count::AtLeast(n) if n <= most => Agreement::NotCompared,
        Count::Exact(_) | Count::ExactOrUserTimeout(_) | Count::AtLeast(_) => Agreement::No,
    }
}

/// Linux gives up at the first firing of the timer after the user timeout, and probes once at least (`tcp_keepalive_timer`).
fn probes_within_user_timeout(profile: &Profile, idle: Value, interval: Value) -> Option<u64> {
    let (Value::Fixed(idle), Value::Fixed(interval)) = (idle, interval) else { return None };
    let left = profile.user_timeout?.saturating_sub(idle);
    Some(u64::from(left.div_ceil(interval.max(1)).max(1)))
}

#[cfg(test)]
mod tests;
