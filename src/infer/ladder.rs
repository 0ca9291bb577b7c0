//! Whether a flow ended with data that nobody acknowledged any more.

use crate::notes::{Ladder, Rung};
use crate::report::LadderEnd;

/// Fewer retransmissions without an answer are a lost segment or two.
const LEAST: u64 = 2;

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
    })
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
        assert_eq!((end.total, end.duration), (5, Span::from_millis(6_500)));
        assert_eq!((ms(end.original.unwrap().at), ms(end.first.at), ms(end.last.at)), (5_000, 5_208, 11_500));
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
        assert_eq!((end.total, end.rungs.len()), (20, 16));
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
