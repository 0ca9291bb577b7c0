//! Numbers as people say them.

use crate::time::{NANOS_PER_SECOND, Span};

/// A duration to three significant figures, or in the two largest units: `310 µs`, `2.02 s`, `2 h 0 min`.
#[must_use]
pub fn duration(span: Span) -> String {
    let seconds = span.as_secs_f64();
    let whole = span.0.saturating_add(NANOS_PER_SECOND / 2).div_euclid(NANOS_PER_SECOND);
    match whole {
        // Below two minutes seconds are what one configures and compares.
        ..120 if seconds < 0.000_999_5 => format!("{} µs", three_figures(seconds * 1e6)),
        ..120 if seconds < 0.999_5 => format!("{} ms", three_figures(seconds * 1e3)),
        ..120 => format!("{} s", three_figures(seconds)),
        120..3600 => format!("{} min {} s", whole / 60, whole % 60),
        3600..172_800 => format!("{} h {} min", whole / 3600, whole / 60 % 60),
        _ => format!("{} d {} h", whole / 86_400, whole / 3600 % 24),
    }
}

/// A number with its thousands apart: `1,741`.
#[must_use]
pub fn count(number: u64) -> String {
    let digits = number.to_string();
    let mut grouped = String::with_capacity(digits.len() * 4 / 3);
    for (place, digit) in digits.chars().enumerate() {
        if place > 0 && (digits.len() - place).is_multiple_of(3) {
            grouped.push(',');
        }
        grouped.push(digit);
    }
    grouped
}

/// A number of things: `1 frame`, `2 frames`.
#[must_use]
pub fn counted(number: u64, thing: &str) -> String {
    let plural = if number == 1 { "" } else { "s" };
    format!("{} {thing}{plural}", count(number))
}

fn three_figures(value: f64) -> String {
    let decimals = match value {
        ..9.995 => 2,
        ..99.95 => 1,
        _ => 0,
    };
    format!("{value:.decimals$}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn durations_read_like_speech() {
        for (nanos, text) in [
            (0, "0.00 µs"),
            (310_000, "310 µs"),
            (999_600, "1.00 ms"),
            (18_400_000, "18.4 ms"),
            (999_600_000, "1.00 s"),
            (2_016_000_000, "2.02 s"),
            (9_996_000_000, "10.0 s"),
            (75_800_000_000, "75.8 s"),
            (119_400_000_000, "119 s"),
            (119_600_000_000, "2 min 0 s"),
            (300_000_000_000, "5 min 0 s"),
            (7_200_128_000_000, "2 h 0 min"),
            (200_000_000_000_000, "2 d 7 h"),
        ] {
            assert_eq!(duration(Span(nanos)), text);
        }
    }

    #[test]
    fn thousands_stand_apart() {
        for (number, text) in [(0, "0"), (999, "999"), (1_741, "1,741"), (1_000_000, "1,000,000")] {
            assert_eq!(count(number), text);
        }
        assert_eq!(counted(1, "flow"), "1 flow");
        assert_eq!(counted(0, "flow"), "0 flows");
    }
}
