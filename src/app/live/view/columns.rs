//! Which columns there is room for, and how wide they are.

/// The widths of the columns; 0: there is no room for it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Columns {
    /// Between columns.
    pub(super) gap: u16,
    pub(super) index: u16,
    pub(super) name: u16,
    pub(super) state: u16,
    pub(super) idle: u16,
    pub(super) interval: u16,
    pub(super) count: u16,
    pub(super) answers: u16,
    /// The bar until the next probe.
    pub(super) bar: u16,
    /// The same in figures.
    pub(super) next: u16,
    /// What the kernel says of the prober's timer.
    pub(super) kernel: u16,
    pub(super) rtt: u16,
    /// The last round trips.
    pub(super) spark: u16,
    pub(super) outcome: u16,
}

/// The mark of a severity.
pub(super) const MARK: u16 = 2;

/// How wide the columns would like to be.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Needs {
    pub(super) index: u16,
    pub(super) name: u16,
    pub(super) outcome: u16,
    pub(super) kernel: u16,
}

/// From this width on columns stand further apart.
const ROOMY: u16 = 100;

const MIN_NAME: u16 = 22;
const MIN_OUTCOME: u16 = 13;
const FAIR_NAME: u16 = 47;
const FAIR_OUTCOME: u16 = 27;
const MAX_BAR: u16 = 24;
const MAX_SPARK: u16 = 40;

impl Columns {
    /// The columns of a table that is `width` wide: those that matter most first, then wider ones.
    pub(super) fn of(width: u16, needs: Needs) -> Self {
        let gap = if width < ROOMY { 1 } else { 2 };
        let mut columns = Self { gap, ..Self::default() };
        let mut room = width.saturating_sub(MARK);
        let name = needs.name.max("PROBER → PEER".chars().count() as u16);
        // All of it or nothing.
        let open = |column: &mut u16, want: u16, room: &mut u16| {
            if want > 0 && want + gap <= *room {
                *column = want;
                *room -= want + gap;
            }
        };
        // As far as there is room.
        let widen = |column: &mut u16, want: u16, room: &mut u16| {
            if *column > 0 {
                let more = want.saturating_sub(*column).min(*room);
                *column += more;
                *room -= more;
            }
        };
        open(&mut columns.name, name.min(MIN_NAME), &mut room);
        open(&mut columns.outcome, MIN_OUTCOME, &mut room);
        open(&mut columns.next, 6, &mut room);
        open(&mut columns.index, needs.index, &mut room);
        open(&mut columns.idle, 6, &mut room);
        open(&mut columns.interval, 6, &mut room);
        open(&mut columns.count, 5, &mut room);
        open(&mut columns.bar, 5, &mut room);
        widen(&mut columns.name, name.min(FAIR_NAME), &mut room);
        open(&mut columns.kernel, needs.kernel, &mut room);
        open(&mut columns.rtt, 7, &mut room);
        open(&mut columns.spark, 8, &mut room);
        widen(&mut columns.outcome, needs.outcome.min(FAIR_OUTCOME), &mut room);
        open(&mut columns.answers, 9, &mut room);
        open(&mut columns.state, 11, &mut room);
        widen(&mut columns.next, 9, &mut room);
        widen(&mut columns.bar, 12, &mut room);
        widen(&mut columns.spark, 16, &mut room);
        widen(&mut columns.name, name, &mut room);
        widen(&mut columns.outcome, needs.outcome, &mut room);
        widen(&mut columns.bar, MAX_BAR, &mut room);
        widen(&mut columns.spark, MAX_SPARK, &mut room);
        if columns.outcome > 0 {
            columns.outcome += room;
        }
        columns
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const NEEDS: Needs = Needs { index: 3, name: 31, outcome: 25, kernel: 15 };

    fn sum(columns: &Columns) -> u16 {
        let Columns {
            gap,
            index,
            name,
            state,
            idle,
            interval,
            count,
            answers,
            bar,
            next,
            kernel,
            rtt,
            spark,
            outcome,
        } = *columns;
        let widths =
            [index, name, state, idle, interval, count, answers, bar, next, kernel, rtt, spark, outcome];
        MARK + widths.into_iter().filter(|width| *width > 0).map(|width| width + gap).sum::<u16>()
    }

    #[test]
    fn columns_never_take_more_than_there_is() {
        for needs in [NEEDS, Needs { index: 9, name: 95, outcome: 60, kernel: 0 }, Needs::default()] {
            for width in 2..400 {
                assert!(sum(&Columns::of(width, needs)) <= width, "{width}");
            }
        }
    }

    #[test]
    fn what_matters_most_stays_longest() {
        let narrow = Columns::of(80, NEEDS);
        assert!(narrow.idle > 0 && narrow.interval > 0 && narrow.count > 0 && narrow.bar > 0);
        assert_eq!((narrow.state, narrow.answers), (0, 0));
        let tiny = Columns::of(44, NEEDS);
        assert!(tiny.name > 0 && tiny.outcome > 0 && tiny.spark == 0);
        let wide = Columns::of(200, NEEDS);
        assert!(wide.state > 0 && wide.spark >= 16 && wide.kernel == 15 && wide.bar >= 12 && wide.name == 31);
        assert_eq!(Columns::of(1, NEEDS), Columns { gap: 1, ..Columns::default() });
    }
}
