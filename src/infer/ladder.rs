//! Whether a flow ended with data that nobody acknowledged any more.

use crate::notes::{Ladder, Rung};
use crate::report::LadderEnd;
use crate::time::Span;

/// Fewer retransmissions without an answer are a lost segment or two.
const LEAST: u64 = 2;

/// A wait this long, in percent of the one before, doubles (RFC 6298 §5.5), by a timer that may be late.
const DOUBLES_PERCENT: (i64, i64) = (160, 240);

/// The longest wait between retransmissions, from which on it is constant: 60 s (BSD) or 120 s (Linux, `TCP_RTO_MAX`); less lateness.
const CAP: Span = Span::from_secs(55);

/// … then the next one is this long at least, in percent.
const CONSTANT_PERCENT: (i64, i64) = (87, 240);

/// What `ladder` tells of the end of its flow: nothing of the other end came after it began, and it has two retransmissions at least.
///
/// Whether the flow has ended is not known here: at the end of a capture the next retransmission may be on its way.
#[must_use]
pub fn ended_on(ladder: &Ladder) -> Option<LadderEnd> {
    let first = ladder.first().next()?;
    let rungs: Vec<Rung> = ladder.first().chain(ladder.last()).collect();
    let last = ladder.last().next_back().or_else(|| ladder.first().next_back())?;
    let start = ladder.original().map(|rung| rung.at).or_else(|| ladder.newest_at()).unwrap_or(first.at);
    (ladder.total() >= LEAST).then(|| LadderEnd {
        original: ladder.original(),
        first,
        last,
        total: ladder.total(),
        duration: last.at.since(start),
        last_wait: rungs.iter().rev().nth(1).map(|before| last.at.since(before.at)),
        rungs,
        doubling: is_doubling(ladder),
    })
}

fn is_doubling(ladder: &Ladder) -> bool {
    let start = ladder.original().map(|rung| rung.at).or_else(|| ladder.newest_at());
    // Between the two parts some may be missing.
    let first: Vec<_> = start.into_iter().chain(ladder.first().map(|rung| rung.at)).collect();
    let last: Vec<_> = ladder.last().map(|rung| rung.at).collect();
    let (mut doubles, mut others) = (0_u32, 0_u32);
    for times in [first, last] {
        let waits: Vec<Span> =
            times.iter().zip(times.iter().skip(1)).map(|(from, to)| to.since(*from)).collect();
        for (wait, next) in waits.iter().zip(waits.iter().skip(1)) {
            let (low, high) = if *wait >= CAP { CONSTANT_PERCENT } else { DOUBLES_PERCENT };
            // The last step before the cap is less than double.
            let reaches_cap = *next >= CAP && next >= wait;
            if next.is_within_percent_of(*wait, low, high) || reaches_cap {
                doubles += 1;
            } else {
                others += 1;
            }
        }
    }
    doubles > 0 && others <= 1
}

#[cfg(test)]
mod tests {
    use super::{LadderEnd, ended_on};
    use crate::flow::Side;
    use crate::notes::testing::{ms, notes_on};
    use crate::time::Span;

    /// What is told of data of the client that was sent at 5 s and again at these times, in milliseconds.
    fn end_of(again: &[u64], after: &str) -> Option<LadderEnd> {
        let mut story =
            "0.0 A S 0:1(0)\n0.01 B S. 0:1(0) ack 1\n0.02 A . 1:1(0) ack 1\n5.000 A P. 1:6(5) ack 1\n"
                .to_owned();
        for at in again {
            story += &format!("{}.{:03} A P. 1:6(5) ack 1\n", at / 1_000, at % 1_000);
        }
        ended_on(notes_on(&(story + after))?.ladder(Side::Client)?)
    }

    #[test]
    fn waits_that_double_to_the_end() {
        let end = end_of(&[5_208, 5_620, 6_450, 8_110, 11_500], "").unwrap();
        assert_eq!((end.total, end.duration, end.doubling), (5, Span::from_millis(6_500), true));
        assert_eq!((ms(end.original.unwrap().at), ms(end.first.at), ms(end.last.at)), (5_000, 5_208, 11_500));
    }

    #[test]
    fn a_tail_loss_probe_comes_before_the_ladder() {
        assert!(end_of(&[5_050, 5_250, 5_650, 6_450], "").unwrap().doubling);
    }

    #[test]
    fn up_to_the_longest_wait_and_on() {
        let mut at = 5_000;
        let again: Vec<u64> = (0..20)
            .map(|n| {
                at += (400_u64 << n).min(120_000);
                at
            })
            .collect();
        let end = end_of(&again, "").unwrap();
        assert!(end.doubling && end.total == 20);
    }

    #[test]
    fn constant_waits_do_not_double() {
        assert!(!end_of(&[5_204, 5_408, 5_612, 5_816, 6_020], "").unwrap().doubling);
    }

    #[test]
    fn a_single_retransmission_or_a_sign_of_life_is_no_end() {
        assert_eq!(end_of(&[5_200], ""), None);
        assert_eq!(end_of(&[5_200, 5_600, 6_400], "7.0 B . 1:1(0) ack 1"), None);
        assert_eq!(end_of(&[5_200, 5_600, 6_400], "7.0 B . 1:1(0) ack 6"), None);
    }

    #[test]
    fn a_rst_does_not_take_the_ladder_away() {
        assert_eq!(end_of(&[5_200, 5_600, 6_400], "7.0 B R 1:1(0)").unwrap().total, 3);
    }
}
