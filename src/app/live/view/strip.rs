//! The strip: what an end's probing looked like over time.

use super::moments::{Moment, Sign};
use crate::render::text::clock::Dial;
use crate::time::{Span, Timestamp};
use unicode_width::UnicodeWidthStr;

/// What the signs of a strip mean.
pub(super) const LEGEND: &str = "● answered  ○ unanswered  × may be one  ! ICMP  ✕ RST  ◇ next";

/// The time that a strip shows.
#[derive(Clone, Copy, Debug)]
pub(super) struct Window {
    pub(super) from: Timestamp,
    pub(super) now: Timestamp,
    pub(super) to: Timestamp,
    pub(super) width: usize,
}

impl Window {
    /// From the first of `moments` that there is room for until `now`, or until a probe is `due` soon after.
    pub(super) fn of(
        moments: &[&Moment],
        now: Timestamp,
        due: Option<Timestamp>,
        width: usize,
    ) -> Option<Self> {
        // Four cells for each, on average: else they cover one another.
        let first = moments.len().saturating_sub(width / 4);
        let from = moments.get(first..)?.iter().map(|moment| moment.at).min()?;
        let past = now.since(from);
        let soon = due.filter(|due| *due > now && due.since(now).0 <= past.0.saturating_mul(2));
        let to = soon.unwrap_or(now).max(from + Span::from_millis(1));
        Some(Self { from, now: now.min(to), to, width })
    }

    /// The cell of a moment.
    fn cell(&self, at: Timestamp) -> Option<usize> {
        let (whole, part) = (self.to.since(self.from), at.since(self.from));
        let last = self.width.checked_sub(1)?;
        let cell = part.scale(last as i64, whole.0.max(1)).0;
        (part >= Span::ZERO && at <= self.to).then(|| usize::try_from(cell).unwrap_or(0).min(last))
    }
}

/// The line of signs of one end: the graver where two fall into one cell.
pub(super) fn lane<'a>(
    window: &Window,
    moments: impl Iterator<Item = &'a Moment>,
    due: Option<Timestamp>,
) -> String {
    let mut signs = vec![Sign::None; window.width];
    for moment in moments {
        if let Some(sign) = window.cell(moment.at).and_then(|cell| signs.get_mut(cell)) {
            *sign = moment.sign.max(*sign);
        }
    }
    let now = window.cell(window.now).unwrap_or(0);
    let due = due.filter(|due| *due > window.now).and_then(|due| window.cell(due));
    let sign = |(place, sign): (usize, &Sign)| match sign {
        Sign::Answered => '●',
        Sign::Unanswered => '○',
        Sign::Doubtful => '×',
        Sign::Icmp => '!',
        Sign::Reset => '✕',
        Sign::None if Some(place) == due => '◇',
        Sign::None if place <= now => '─',
        Sign::None => '·',
    };
    signs.iter().enumerate().map(sign).collect()
}

/// The line below: when it begins, now, and when it ends.
pub(super) fn axis(window: &Window, dial: &Dial) -> String {
    let start = dial.tell_briefly(window.from);
    let now = format!("now {}", dial.tell_briefly(window.now));
    let end = window.cell(window.now).unwrap_or(0) + 1;
    let gap = end.saturating_sub(start.width() + now.width());
    if gap >= 2 { format!("{start}{}{now}", " ".repeat(gap)) } else { format!("{start}  {now}") }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::flow::Side;
    use crate::render::text::style::Tone;

    fn moment(s: i64, sign: Sign) -> Moment {
        let at = Timestamp(0) + Span::from_secs(s);
        Moment {
            at,
            frame: None,
            side: Side::Client,
            prober: Side::Client,
            sign,
            words: String::new(),
            tone: Tone::Plain,
        }
    }

    #[test]
    fn signs_stand_where_their_time_is() {
        let moments = [moment(0, Sign::Answered), moment(5, Sign::Unanswered), moment(10, Sign::Reset)];
        let all: Vec<&Moment> = moments.iter().collect();
        let window = Window::of(&all, Timestamp(0) + Span::from_secs(10), None, 21).unwrap();
        assert_eq!(lane(&window, moments.iter(), None), "●─────────○─────────✕");
        let due = Some(Timestamp(0) + Span::from_secs(20));
        let window = Window::of(&all, Timestamp(0) + Span::from_secs(10), due, 21).unwrap();
        assert_eq!(lane(&window, moments.iter(), due), "●────○────✕·········◇");
    }

    #[test]
    fn the_graver_covers_and_nothing_overflows() {
        let moments = [moment(0, Sign::Answered), moment(0, Sign::Icmp), moment(-9, Sign::Reset)];
        let all: Vec<&Moment> = moments.iter().collect();
        let now = Timestamp(0);
        for width in 0..5 {
            if let Some(window) = Window::of(&all, now, None, width) {
                assert_eq!(lane(&window, moments.iter(), None).chars().count(), width);
            }
        }
        assert!(Window::of(&[], now, None, 10).is_none());
    }
}
