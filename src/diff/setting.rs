//! Configured values of several flows, as far as they are known.

use crate::report::{Count, SettingRange};

/// How many different values of a service are told apart.
const MAX_VALUES: usize = 16;

/// Takes a range into the values seen so far: one of them if it may be the same, narrowed to what both allow; else a further one.
pub(super) fn take(values: &mut Vec<SettingRange>, range: SettingRange) {
    let has_room = values.len() < MAX_VALUES;
    match values.iter_mut().find(|value| overlap(value, &range)) {
        Some(value) => {
            // The narrower one knows better which value it is.
            if range.high - range.low < value.high - value.low {
                value.nearest = range.nearest;
            }
            value.low = value.low.max(range.low);
            value.high = value.high.min(range.high);
            value.samples = value.samples.saturating_add(range.samples);
        }
        None if has_room => values.push(range),
        None => {}
    }
}

/// Takes a count into those seen so far.
pub(super) fn take_count(counts: &mut Vec<Count>, count: Count) {
    if !counts.contains(&count) && counts.len() < MAX_VALUES {
        counts.push(count);
    }
}

/// Whether a value of one capture can be none of the other's. Where one shows nothing, nothing can be said.
pub(super) fn differ(then: &[SettingRange], now: &[SettingRange]) -> bool {
    let lacks = |one: &[SettingRange], other: &[SettingRange]| {
        one.iter().any(|value| !other.iter().any(|o| overlap(value, o)))
    };
    !then.is_empty() && !now.is_empty() && (lacks(then, now) || lacks(now, then))
}

/// The same for counts: an exact one contradicts another, and a lower bound above it.
pub(super) fn counts_differ(then: &[Count], now: &[Count]) -> bool {
    let lacks = |one: &[Count], other: &[Count]| {
        one.iter().any(|count| !other.iter().any(|o| may_be_same(*count, *o)))
    };
    !then.is_empty() && !now.is_empty() && (lacks(then, now) || lacks(now, then))
}

const fn overlap(a: &SettingRange, b: &SettingRange) -> bool {
    a.low.0 <= b.high.0 && b.low.0 <= a.high.0
}

const fn may_be_same(a: Count, b: Count) -> bool {
    match (a, b) {
        (Count::AtLeast(_), Count::AtLeast(_)) => true,
        (Count::AtLeast(least), Count::Exact(n) | Count::ExactOrUserTimeout(n))
        | (Count::Exact(n) | Count::ExactOrUserTimeout(n), Count::AtLeast(least)) => n >= least,
        (Count::Exact(a) | Count::ExactOrUserTimeout(a), Count::Exact(b) | Count::ExactOrUserTimeout(b)) => {
            a == b
        }
    }
}
