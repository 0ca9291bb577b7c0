//! Numbers with units.

use super::Flaw;
use super::scan::{Piece, Scanner};
use super::wanted::{Operator, Wanted};
use crate::time::{NANOS_PER_SECOND, Span};

/// Units of time, in nanoseconds.
const UNITS: [(&str, i64); 7] = [
    ("us", 1_000),
    ("µs", 1_000),
    ("μs", 1_000),
    ("ms", 1_000_000),
    ("s", NANOS_PER_SECOND),
    ("min", 60 * NANOS_PER_SECOND),
    ("h", 3_600 * NANOS_PER_SECOND),
];

const UNIT_NAMES: &str = "us, ms, s, min or h";

/// The longest time that can be asked for: no setting takes more than 32 bits of milliseconds, 50 days.
const MAX_TIME: Span = Span::from_secs(10_000 * 3_600);

/// The largest number that can be asked for.
const MAX_NUMBER: i64 = 1_000_000_000;

/// The most digits before the point, and behind it: with any unit they fit into 128 bits.
const MAX_DIGITS: usize = 12;
const MAX_DECIMALS: usize = 9;

/// The whole, where a part of it is meant: a billionth of a percent is enough.
pub(super) const WHOLE: i64 = 100_000_000_000;

const TOLERANCES: [&str; 3] = ["±", "+/-", "+-"];

/// A time and its tolerance.
pub(super) fn wanted_time(scanner: &mut Scanner<'_>, operator: Operator) -> Result<Wanted, Flaw> {
    let value = time(scanner)?;
    let Some(sign) = TOLERANCES.iter().find_map(|sign| {
        scanner.place();
        scanner.sign(sign)
    }) else {
        return Ok(Wanted::exactly(operator, value.0));
    };
    if !operator.is_equality() {
        return Err(scanner.flaw(sign.span, "a tolerance goes with = and != only: move the bound instead"));
    }
    let number = scanner.number(true).ok_or_else(|| scanner.expected("a tolerance such as 10% or 5s"))?;
    scanner.place();
    let either_way = match scanner.sign("%") {
        Some(_) => value.scale(decimal(scanner, &number, WHOLE / 100, WHOLE)?, WHOLE),
        None => with_unit(scanner, &number)?,
    };
    let (low, high) = (value - either_way, value + either_way);
    Ok(Wanted { operator, low: low.0.max(0), high: high.0 })
}

/// A time: a number and its unit.
pub(super) fn time(scanner: &mut Scanner<'_>) -> Result<Span, Flaw> {
    let number = scanner.number(true).ok_or_else(|| scanner.expected("a time such as 60s"))?;
    with_unit(scanner, &number)
}

fn with_unit(scanner: &mut Scanner<'_>, number: &Piece<'_>) -> Result<Span, Flaw> {
    let unit = scanner.unit();
    let Some((_, nanos)) = UNITS.iter().find(|(name, _)| *name == unit.text) else {
        let text = match unit.text {
            "" => format!("expected a unit after {}: {UNIT_NAMES}", number.text),
            other => format!("expected a unit ({UNIT_NAMES}), not '{}'", super::scan::cut(other)),
        };
        return Err(scanner.flaw(unit.span, text));
    };
    let nanos = decimal(scanner, number, *nanos, MAX_TIME.0)?;
    Ok(Span(nanos))
}

/// A whole number.
pub(super) fn whole(scanner: &mut Scanner<'_>, what: &str) -> Result<i64, Flaw> {
    let number = scanner.number(false).ok_or_else(|| scanner.expected(what))?;
    decimal(scanner, &number, 1, MAX_NUMBER)
}

/// A percentage, as so many of [`WHOLE`].
pub(super) fn percentage(scanner: &mut Scanner<'_>) -> Result<i64, Flaw> {
    let expected = "a percentage such as 99%";
    let number = scanner.number(true).ok_or_else(|| scanner.expected(expected))?;
    let part = decimal(scanner, &number, WHOLE / 100, WHOLE)?;
    scanner.place();
    scanner.sign("%").ok_or_else(|| scanner.expected("%"))?;
    Ok(part)
}

/// `number` times `unit`, which is not more than `most`.
fn decimal(scanner: &Scanner<'_>, number: &Piece<'_>, unit: i64, most: i64) -> Result<i64, Flaw> {
    let (digits, decimals) = number.text.split_once('.').unwrap_or((number.text, ""));
    let too_large =
        || scanner.flaw(number.span.clone(), format!("{} is too large", super::scan::cut(number.text)));
    if decimals.len() > MAX_DECIMALS {
        let text = format!("at most {MAX_DECIMALS} digits may stand behind the point");
        return Err(scanner.flaw(number.span.clone(), text));
    }
    let significant = digits.trim_start_matches('0');
    if significant.len() > MAX_DIGITS {
        return Err(too_large());
    }
    let parse = |digits: &str| digits.parse::<i128>().unwrap_or_default();
    let scale = 10_i128.pow(decimals.len() as u32);
    let all = (parse(significant) * scale + parse(decimals)) * i128::from(unit) / scale;
    i64::try_from(all).ok().filter(|value| *value <= most).ok_or_else(too_large)
}
