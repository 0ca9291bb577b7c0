//! Time stamps as dates: RFC 3339 in UTC, by integer arithmetic alone.

use crate::time::{NANOS_PER_SECOND, Timestamp};
use std::fmt;

/// How many bytes [`Utc`] prints: `2026-01-01T00:00:00.000000000Z`.
const RFC3339_LEN: usize = 30;

const SECONDS_PER_DAY: i64 = 86_400;

/// A time stamp taken apart, in UTC.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Utc {
    year: i64,
    month: i64,
    day: i64,
    hour: i64,
    minute: i64,
    second: i64,
    nano: i64,
}

impl Utc {
    /// `at` on the calendar.
    pub(super) const fn of(at: Timestamp) -> Self {
        let seconds = at.0.div_euclid(NANOS_PER_SECOND);
        let in_day = seconds.rem_euclid(SECONDS_PER_DAY);
        let (year, month, day) = civil_from_days(seconds.div_euclid(SECONDS_PER_DAY));
        Self {
            year,
            month,
            day,
            hour: in_day / 3600,
            minute: in_day / 60 % 60,
            second: in_day % 60,
            nano: at.0.rem_euclid(NANOS_PER_SECOND),
        }
    }

    /// RFC 3339 with nanoseconds, without allocating: reports hold millions of these.
    pub(super) fn rfc3339<R>(self, then: impl FnOnce(&str) -> R) -> R {
        let mut text = *b"0000-00-00T00:00:00.000000000Z";
        for (from, digits, value) in [
            (0, 4, self.year),
            (5, 2, self.month),
            (8, 2, self.day),
            (11, 2, self.hour),
            (14, 2, self.minute),
            (17, 2, self.second),
            (20, 9, self.nano),
        ] {
            put_decimal(&mut text, from, digits, value);
        }
        then(std::str::from_utf8(&text).unwrap_or_default())
    }
}

/// To the microsecond and without a zone, for people: `2026-01-01 00:00:00.000000`.
impl fmt::Display for Utc {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { year, month, day, hour, minute, second, nano } = *self;
        write!(f, "{year:04}-{month:02}-{day:02} {hour:02}:{minute:02}:{second:02}.{:06}", nano / 1000)
    }
}

/// Writes `value` right-aligned into `digits` bytes of `text`; the years of an `i64` of nanoseconds have four digits.
fn put_decimal(text: &mut [u8; RFC3339_LEN], from: usize, digits: usize, mut value: i64) {
    for slot in text.iter_mut().skip(from).take(digits).rev() {
        *slot = b'0' + (value % 10) as u8;
        value /= 10;
    }
}

/// Year, month and day of the `days`th day after 1970-01-01.
///
/// Howard Hinnant's `civil_from_days`: years start in March, so that the leap day is the last day of a year, and 400 of them
/// (an era) always have the same length.
const fn civil_from_days(days: i64) -> (i64, i64, i64) {
    const DAYS_PER_ERA: i64 = 146_097;
    const MARCH_0000_TO_1970: i64 = 719_468;
    let days = days + MARCH_0000_TO_1970;
    let era = days.div_euclid(DAYS_PER_ERA);
    let day_of_era = days.rem_euclid(DAYS_PER_ERA);
    let year_of_era = (day_of_era - day_of_era / 1460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
    let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let month_from_march = (5 * day_of_year + 2) / 153;
    let day = day_of_year - (153 * month_from_march + 2) / 5 + 1;
    let month = if month_from_march < 10 { month_from_march + 3 } else { month_from_march - 9 };
    let year = year_of_era + era * 400 + if month <= 2 { 1 } else { 0 };
    (year, month, day)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn stamps_become_dates() {
        for (stamp, date) in [
            (0, "1970-01-01T00:00:00.000000000Z"),
            (-1, "1969-12-31T23:59:59.999999999Z"),
            (951_782_400_000_000_000, "2000-02-29T00:00:00.000000000Z"),
            (1_767_225_600_123_456_789, "2026-01-01T00:00:00.123456789Z"),
            (4_107_542_399_000_000_000, "2100-02-28T23:59:59.000000000Z"),
            (4_107_542_400_000_000_000, "2100-03-01T00:00:00.000000000Z"),
            (i64::MIN, "1677-09-21T00:12:43.145224192Z"),
            (i64::MAX, "2262-04-11T23:47:16.854775807Z"),
        ] {
            Utc::of(Timestamp(stamp)).rfc3339(|text| assert_eq!(text, date));
        }
    }

    #[test]
    fn people_are_spared_the_nanoseconds() {
        assert_eq!(Utc::of(Timestamp(1_123_456_789)).to_string(), "1970-01-01 00:00:01.123456");
    }
}
