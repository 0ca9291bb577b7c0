//! How points in time are told.

use crate::render::calendar::Utc;
use crate::time::{NANOS_PER_SECOND, Timestamp};
use jiff::tz::TimeZone;

/// How points in time are told.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Clock {
    /// Seconds since the capture's first frame.
    #[default]
    Relative,
    /// Date and time in UTC.
    Utc,
    /// Date and time where the reader is (TZ).
    Local,
    /// Seconds since 1970.
    Epoch,
}

/// A clock set for one capture.
#[derive(Debug)]
pub(crate) enum Dial {
    Relative { start: Timestamp },
    Utc,
    Local(TimeZone),
    Epoch,
}

impl Dial {
    /// `clock` for a capture that starts at `start`.
    pub(crate) fn new(clock: Clock, start: Option<Timestamp>) -> Self {
        match clock {
            Clock::Relative => Self::Relative { start: start.unwrap_or_default() },
            Clock::Utc => Self::Utc,
            Clock::Local => Self::Local(TimeZone::system()),
            Clock::Epoch => Self::Epoch,
        }
    }

    /// `at`, to the microsecond.
    pub(crate) fn tell(&self, at: Timestamp) -> String {
        match self {
            Self::Relative { start } => seconds(at.since(*start).0),
            Self::Utc => Utc::of(at).to_string(),
            Self::Local(zone) => local(at, zone, "%Y-%m-%d %H:%M:%S.%6f"),
            Self::Epoch => seconds(at.0),
        }
    }

    /// `at` in a sentence, to the millisecond or second.
    pub(crate) fn tell_shortly(&self, at: Timestamp) -> String {
        match self {
            Self::Relative { start } => milliseconds(at.since(*start).0) + " s",
            Self::Utc => {
                let text = Utc::of(at).to_string();
                text.split('.').next().unwrap_or_default().to_owned()
            }
            Self::Local(zone) => local(at, zone, "%Y-%m-%d %H:%M:%S"),
            Self::Epoch => milliseconds(at.0),
        }
    }

    /// `at` in a line that is read while it happens, to the second: the time of day, or since the start.
    pub(crate) fn tell_briefly(&self, at: Timestamp) -> String {
        match self {
            Self::Relative { start } => {
                let seconds = at.since(*start).0.div_euclid(NANOS_PER_SECOND);
                let sign = if seconds < 0 { "-" } else { "" };
                let seconds = seconds.unsigned_abs();
                format!("{sign}{}:{:02}:{:02}", seconds / 3600, seconds / 60 % 60, seconds % 60)
            }
            Self::Utc | Self::Local(_) => {
                let text = self.tell_shortly(at);
                text.split(' ').next_back().unwrap_or_default().to_owned()
            }
            Self::Epoch => seconds(at.0).split('.').next().unwrap_or_default().to_owned(),
        }
    }

    /// How wide a column of times is.
    pub(super) const fn width(&self) -> usize {
        match self {
            // Up to 99,999 seconds: more than a day.
            Self::Relative { .. } => "99999.000000".len(),
            Self::Utc | Self::Local(_) => "2026-01-01 00:00:00.000000".len(),
            Self::Epoch => "1767225600.000000".len(),
        }
    }

    /// `at` for the head, where the zone is named and a capture's own start cannot be told in relation to itself.
    pub(in crate::render) fn tell_start(&self, at: Timestamp) -> String {
        match self {
            Self::Relative { .. } | Self::Utc => format!("{} UTC", Utc::of(at)),
            Self::Local(zone) => local(at, zone, "%Y-%m-%d %H:%M:%S.%6f %:z"),
            Self::Epoch => seconds(at.0),
        }
    }
}

fn seconds(nanos: i64) -> String {
    let sign = if nanos < 0 { "-" } else { "" };
    let (whole, part) =
        (nanos.unsigned_abs() / NANOS_PER_SECOND as u64, nanos.unsigned_abs() % NANOS_PER_SECOND as u64);
    format!("{sign}{whole}.{:06}", part / 1000)
}

fn milliseconds(nanos: i64) -> String {
    let mut text = seconds(nanos);
    text.truncate(text.len().saturating_sub("000".len()));
    text
}

fn local(at: Timestamp, zone: &TimeZone, format: &str) -> String {
    // An i64 of nanoseconds lies well within what the library can hold.
    let known = jiff::Timestamp::from_nanosecond(at.0.into()).unwrap_or_default();
    known.to_zoned(zone.clone()).strftime(format).to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_clock_tells_the_same_moment_its_way() {
        let start = Timestamp(1_767_225_600_000_000_000);
        let at = Timestamp(start.0 + 8_032_000_999);
        let dial = |clock| Dial::new(clock, Some(start));
        assert_eq!(dial(Clock::Relative).tell(at), "8.032000");
        assert_eq!(dial(Clock::Relative).tell(Timestamp(start.0 - 1_500_000_000)), "-1.500000");
        assert_eq!(dial(Clock::Utc).tell(at), "2026-01-01 00:00:08.032000");
        assert_eq!(dial(Clock::Epoch).tell(at), "1767225608.032000");
        assert_eq!(dial(Clock::Relative).tell_shortly(at), "8.032 s");
        assert_eq!(dial(Clock::Utc).tell_shortly(at), "2026-01-01 00:00:08");
        assert_eq!(dial(Clock::Epoch).tell_shortly(at), "1767225608.032");
        assert_eq!(dial(Clock::Relative).tell_briefly(Timestamp(start.0 + 3_725_999_999_999)), "1:02:05");
        assert_eq!(dial(Clock::Utc).tell_briefly(at), "00:00:08");
        assert_eq!(dial(Clock::Epoch).tell_briefly(at), "1767225608");
        let zone = Dial::Local(TimeZone::posix("EST5").unwrap());
        assert_eq!(zone.tell_briefly(at), "19:00:08");
        assert_eq!(zone.tell(at), "2025-12-31 19:00:08.032000");
        assert_eq!(zone.tell_start(at), "2025-12-31 19:00:08.032000 -05:00");
    }
}
