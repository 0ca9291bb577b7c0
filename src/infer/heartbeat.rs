//! Whether exchanges of data that recur are a heartbeat, and what it means for keepalive.

use crate::flow::Side;
use crate::measure::Stat;
use crate::notes::{Beats, Series};
use crate::report::{Heartbeat, HeartbeatFrom, Prober};
use crate::time::{Span, Timestamp};

/// Nothing more frequent is a heartbeat: it is a conversation.
const SHORTEST_PERIOD: Span = Span::from_millis(900);

/// The beats of the two ends have one period if those differ by no more than this, in percent.
const SAME_PERIOD_PERCENT: (i64, i64) = (80, 125);

/// No pause was longer than about the period if none was longer than this, in percent of the median.
const ABOUT_PERIOD_PERCENT: i64 = 150;

/// The default idle of every stack (RFC 9293 MUST-28).
const DEFAULT_IDLE: Span = Span::from_secs(7_200);

/// The heartbeat of a flow whose ends probed as `client` and `server`, and which was open until `until` (its end, or the capture's).
///
/// Of several series that are regular, that with the most beats is the heartbeat. Where both ends begin beats of one period, it is one
/// heartbeat of both; its period, sizes and frames are those of the end with more.
#[must_use]
pub fn heartbeat(beats: &Beats, client: &Prober, server: &Prober, until: Timestamp) -> Option<Heartbeat> {
    let series = beats.series();
    let regular = |series: &Series| {
        let period = series.periods().filter(|_| series.is_regular())?;
        (period.median >= SHORTEST_PERIOD).then_some(period)
    };
    let candidates = || series.iter().filter_map(|series| Some((series, regular(series)?)));
    let (best, period) = candidates().max_by_key(|(series, period)| (series.count(), -period.median.0))?;
    let (low, high) = SAME_PERIOD_PERCENT;
    let returned = candidates()
        .filter(|(series, other)| {
            series.from() != best.from() && other.median.is_within_percent_of(period.median, low, high)
        })
        .max_by_key(|(series, _)| series.count());
    let from = match (returned, best.from()) {
        (Some(_), _) => HeartbeatFrom::Both,
        (None, Side::Client) => HeartbeatFrom::Client,
        (None, Side::Server) => HeartbeatFrom::Server,
    };
    Some(Heartbeat {
        period,
        from,
        request_bytes: u64::from(best.request()),
        reply_bytes: u64::from(best.reply()),
        count: u64::from(best.count()) + returned.map_or(0, |(other, _)| u64::from(other.count())),
        masks_keepalive: masks_keepalive(&period, beats.longest_pause(until), [client, server]),
        first_frame: returned
            .map_or(best.first_frame(), |(other, _)| best.first_frame().min(other.first_frame())),
        last_frame: returned
            .map_or(best.last_frame(), |(other, _)| best.last_frame().max(other.last_frame())),
    })
}

/// Whether keepalive never gets to probe between the beats.
///
/// Each beat restarts the idle clock of both ends: one receives the data, the other its acknowledgement. So an end that probes is masked if
/// its idle is longer than the period (than nearly all periods: the 95th percentile); its probes were seen before the beats began, or
/// where one failed to come. An idle that was never measured, although there were probes, is not known to be longer.
///
/// Where neither end probed, nothing says whether keepalive is on. But in a flow that was never quiet for longer than about the period,
/// no keepalive with an idle above it can ever have fired, and none will while the beats go on: that is what being masked means. A longer
/// pause without a probe tells something else: keepalive is off there, or slower than that pause; so does a period that outlasts the
/// default idle.
fn masks_keepalive(period: &Stat, longest_pause: Span, probers: [&Prober; 2]) -> bool {
    if probers.iter().any(|prober| prober.probes > 0) {
        let masked = |prober: &&Prober| prober.idle.is_some_and(|idle| period.p95 < idle.min);
        return probers.iter().filter(|prober| prober.probes > 0).all(masked);
    }
    longest_pause <= period.median.scale(ABOUT_PERIOD_PERCENT, 100) && period.median < DEFAULT_IDLE
}

#[cfg(test)]
mod tests {
    use super::heartbeat;
    use crate::measure::{Samples, Stat};
    use crate::notes::testing::{Talk, moment, notes_on};
    use crate::report::{Heartbeat, HeartbeatFrom, Prober};
    use crate::time::Span;

    /// The heartbeat of a talk that is watched until 1 s after `end_ms`; neither end probes.
    fn found_in(talk: &Talk, end_ms: i64) -> Option<Heartbeat> {
        found_beside(talk, end_ms, &Prober::default(), &Prober::default())
    }

    fn found_beside(talk: &Talk, end_ms: i64, client: &Prober, server: &Prober) -> Option<Heartbeat> {
        let notes = notes_on(&talk.text)?;
        heartbeat(notes.beats()?, client, server, moment(end_ms + 1_000))
    }

    fn stat(idle: Span) -> Option<Stat> {
        let mut samples = Samples::default();
        samples.push(idle);
        samples.stat()
    }

    fn prober(idle_s: Option<i64>) -> Prober {
        Prober { probes: 1, idle: idle_s.and_then(|s| stat(Span::from_secs(s))), ..Prober::default() }
    }

    /// Numbers without a rhythm, from 0 to 999.
    fn noise(seed: u64) -> u64 {
        let mut x = seed.wrapping_add(1).wrapping_mul(0x9E37_79B9_7F4A_7C15);
        x ^= x >> 29;
        x = x.wrapping_mul(0xBF58_476D_1CE4_E5B9);
        (x >> 33) % 1000
    }

    #[test]
    fn a_ping_and_its_pong_every_thirty_seconds() {
        let mut talk = Talk::new();
        talk.asks(30, 'A', 500, 2000);
        for n in 1..=5 {
            talk.asks(30_000 * n + noise(n), 'A', 40, 90);
        }
        let found = found_in(&talk, 150_000).unwrap();
        assert_eq!(
            (found.from, found.request_bytes, found.reply_bytes, found.count),
            (HeartbeatFrom::Client, 40, 90, 5)
        );
        assert!((29..31).contains(&(found.period.median.0 / 1_000_000_000)), "{found:?}");
        assert_eq!(found.period.samples, 4);
        // Frames: 3 of the handshake, 3 of each exchange.
        assert_eq!((found.first_frame.get(), found.last_frame.get()), (7, 19));
        assert!(found.masks_keepalive);
    }

    #[test]
    fn three_beats_are_no_heartbeat() {
        let mut talk = Talk::new();
        talk.asks(30, 'A', 500, 2000);
        for n in 1..=3 {
            talk.asks(30_000 * n, 'A', 40, 90);
        }
        assert_eq!(found_in(&talk, 90_000), None);
    }

    #[test]
    fn one_octet_a_second_that_only_tcp_answers() {
        let mut talk = Talk::new();
        for n in 1..=20 {
            talk.says(1_000 * n, 'B', 1);
        }
        let found = found_in(&talk, 20_000).unwrap();
        assert_eq!(
            (found.from, found.request_bytes, found.reply_bytes, found.count),
            (HeartbeatFrom::Server, 1, 0, 20)
        );
    }

    #[test]
    fn a_probe_with_one_octet_is_no_beat() {
        let mut talk = Talk::new();
        talk.says(30, 'A', 5);
        for n in 1..=6 {
            talk.text += &format!("{n}0.000 A . 5:6(1) ack 1 hex 00\n{n}0.010 B . 1:1(0) ack 6\n");
        }
        assert_eq!(found_in(&talk, 60_000), None);
    }

    #[test]
    fn both_ends_ping_at_one_period() {
        let mut talk = Talk::new();
        for n in 1..=6 {
            talk.says(60_000 * n + noise(n), 'A', 19).says(60_000 * n + 20_000, 'B', 19);
        }
        let found = found_in(&talk, 380_000).unwrap();
        assert_eq!((found.from, found.request_bytes, found.count), (HeartbeatFrom::Both, 19, 12));
        assert_eq!((found.first_frame.get(), found.last_frame.get()), (4, 26));
    }

    #[test]
    fn the_octets_of_padding_may_vary_and_a_slow_answer_is_one() {
        let mut talk = Talk::new();
        for n in 1..=8 {
            talk.asks(15_000 * n, 'A', 120 + (n % 3) as u32 * 4, 64);
        }
        assert_eq!(found_in(&talk, 120_000).unwrap().count, 8);
        let mut talk = Talk::new();
        for n in 1..=5 {
            talk.text += &format!("{n}0.000 A P. {}:{}(8) ack {}\n", n * 8 - 7, n * 8 + 1, n * 4 - 3);
            talk.text += &format!("{n}1.500 B P. {}:{}(4) ack {}\n", n * 4 - 3, n * 4 + 1, n * 8 + 1);
        }
        let found = found_in(&talk, 51_000).unwrap();
        assert_eq!((found.from, found.request_bytes, found.reply_bytes), (HeartbeatFrom::Client, 8, 4));
    }

    #[test]
    fn beats_amid_other_traffic() {
        // A timer that goes on whatever else is said …
        let mut talk = Talk::new();
        for n in 1..=12 {
            talk.asks(20_000 * n, 'A', 40, 40);
            if n % 3 != 0 {
                talk.asks(20_000 * n + 3_000 + 10 * noise(n), 'A', 200 + noise(n) as u32, 3_000);
            }
        }
        let found = found_in(&talk, 240_000).unwrap();
        assert_eq!((found.count, found.period.median), (12, Span::from_secs(20)));
        // … and one that other data restarts.
        let (mut talk, mut now) = (Talk::new(), 1_000);
        for n in 1..=24 {
            if n % 2 == 0 {
                now += 4_000 + 10 * noise(n);
                talk.asks(now, 'A', 200 + noise(n) as u32, 3_000);
            }
            now += 20_000;
            talk.asks(now, 'A', 40, 40);
        }
        let found = found_in(&talk, now as i64).unwrap();
        assert_eq!((found.count, found.request_bytes), (24, 40));
        assert!(found.period.median.is_within_percent_of(Span::from_secs(20), 99, 101), "{found:?}");
    }

    #[test]
    fn a_beat_that_failed_to_come_leaves_a_heartbeat_that_masks_nothing() {
        let mut talk = Talk::new();
        for n in (1..=12).filter(|n| *n != 7) {
            talk.asks(30_000 * n, 'A', 40, 40);
        }
        let found = found_in(&talk, 360_000).unwrap();
        assert_eq!(
            (found.count, found.period.median, found.masks_keepalive),
            (11, Span::from_secs(30), false)
        );
    }

    #[test]
    fn requests_at_random_times_are_no_heartbeat() {
        for seed in 0..20 {
            let (mut talk, mut now) = (Talk::new(), 0);
            for n in 0..200 {
                now += 1_000 + 9 * noise(seed * 1_000 + n);
                talk.asks(now, 'A', 40, 90);
            }
            assert_eq!(found_in(&talk, now as i64), None, "{seed}");
        }
    }

    #[test]
    fn a_period_may_be_jittered_by_a_quarter_but_not_by_a_half() {
        // BGP (RFC 4271 §10): between three quarters of the period and all of it.
        let talk_of = |shortest: u64, spread: u64, seed: u64| {
            let (mut talk, mut now) = (Talk::new(), 0);
            for n in 0..30 {
                now += shortest + spread * noise(seed * 100 + n) / 1_000;
                talk.says(now, 'A', 19);
            }
            (talk, now as i64)
        };
        for seed in 0..10 {
            let (talk, end) = talk_of(45_000, 15_000, seed);
            assert_eq!(found_in(&talk, end).unwrap().count, 30, "{seed}");
            let (talk, end) = talk_of(4_000, 4_000, seed);
            assert_eq!(found_in(&talk, end), None, "{seed}");
        }
    }

    #[test]
    fn typing_into_a_shell_is_no_heartbeat() {
        for seed in 0..20 {
            let (mut talk, mut now) = (Talk::new(), 0);
            for n in 0..400 {
                let random = noise(seed * 1_000 + n);
                // Keys 100 ms to 700 ms apart, and thinking now and then; every tenth prints something.
                now += if random.is_multiple_of(10) { 2_000 + 5 * random } else { 100 + random * 6 / 10 };
                talk.asks(now, 'A', 36, if n % 10 == 9 { 100 + random as u32 } else { 36 });
            }
            assert_eq!(found_in(&talk, now as i64), None, "{seed}");
        }
    }

    #[test]
    fn large_regular_transfers_are_no_heartbeat() {
        let mut talk = Talk::new();
        for n in 1..=10 {
            talk.asks(30_000 * n, 'A', 40, 9_000);
        }
        assert_eq!(found_in(&talk, 300_000), None);
    }

    #[test]
    fn a_steady_series_is_found_after_an_irregular_hour() {
        let (mut talk, mut now) = (Talk::new(), 0);
        for n in 0..100 {
            now += 1_000 + 20 * noise(n);
            talk.asks(now, 'A', 40, 40);
        }
        for _ in 0..100 {
            now += 30_000;
            talk.asks(now, 'A', 40, 40);
        }
        let found = found_in(&talk, now as i64).unwrap();
        assert_eq!(found.period.median, Span::from_secs(30));
    }

    /// So many exchanges of four kinds at random.
    fn chat(talk: &mut Talk, mut now: u64, exchanges: u64) -> u64 {
        for n in 0..exchanges {
            now += 1_000 + 4 * noise(n);
            talk.asks(now, 'A', 40 + 100 * (noise(n + 500) % 4) as u32, 300);
        }
        now
    }

    #[test]
    fn a_steady_series_is_found_where_others_were_before() {
        let mut talk = Talk::new();
        let mut now = chat(&mut talk, 0, 60);
        for _ in 0..20 {
            now += 60_000;
            talk.asks(now, 'A', 6, 6);
        }
        let found = found_in(&talk, now as i64).unwrap();
        assert_eq!((found.request_bytes, found.period.median), (6, Span::from_secs(60)));
    }

    #[test]
    fn a_heartbeat_is_told_although_others_came_after() {
        let mut talk = Talk::new();
        for n in 1..=10 {
            talk.asks(30_000 * n, 'A', 6, 6);
        }
        let mut now = chat(&mut talk, 300_000, 60);
        for n in 0..60 {
            now += 1_000 + noise(n);
            talk.asks(now, 'B', 1_000 + 150 * (n % 20) as u32, 8);
        }
        assert_eq!(found_in(&talk, now as i64).unwrap().count, 10);
    }

    #[test]
    fn a_few_steady_beats_after_an_irregular_hour_are_chance() {
        let (mut talk, mut now) = (Talk::new(), 0);
        for n in 0..33 + 8 {
            now += if n < 33 { 1_000 + 20 * noise(n) } else { 30_000 };
            talk.asks(now, 'A', 40, 40);
        }
        assert_eq!(found_in(&talk, now as i64), None);
    }

    #[test]
    fn a_heartbeat_is_kept_while_others_come_and_go() {
        let mut talk = Talk::new();
        for n in 1..=30 {
            talk.asks(30_000 * n, 'A', 6, 6);
            for other in 1..=5 {
                talk.asks(30_000 * n + 5_000 * other - 500, 'B', 100 + 40 * ((5 * n + other) % 60) as u32, 6);
            }
        }
        let found = found_in(&talk, 930_000).unwrap();
        assert!(
            found.request_bytes == 6 && found.from == HeartbeatFrom::Client && found.count > 20,
            "{found:?}"
        );
    }

    #[test]
    fn an_end_that_probes_is_masked_if_its_idle_is_longer() {
        let mut talk = Talk::new();
        for n in 1..=6 {
            talk.asks(30_000 * n, 'A', 40, 90);
        }
        let masks = |client: Option<Option<i64>>, server: Option<Option<i64>>| {
            let of = |idle: Option<Option<i64>>| idle.map(prober).unwrap_or_default();
            found_beside(&talk, 180_000, &of(client), &of(server)).unwrap().masks_keepalive
        };
        assert!(masks(Some(Some(60)), None));
        assert!(masks(Some(Some(60)), Some(Some(45))));
        assert!(!masks(Some(Some(60)), Some(Some(20))));
        assert!(!masks(None, Some(None)), "an idle that is not known");
    }

    #[test]
    fn a_heartbeat_slower_than_any_idle_masks_nothing() {
        let mut talk = Talk::new();
        for n in 1..=6 {
            talk.asks(10_000_000 * n, 'A', 40, 90);
        }
        assert!(!found_in(&talk, 60_000_000).unwrap().masks_keepalive);
        let mut talk = Talk::new();
        for n in 1..=6 {
            talk.asks(30_000 * n, 'A', 40, 90);
        }
        assert!(!found_in(&talk, 600_000).unwrap().masks_keepalive, "the beats have stopped long ago");
    }
}
