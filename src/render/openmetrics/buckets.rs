//! Where the buckets of the histograms lie.

/// Round trips, in seconds: from a neighbour in the same rack to a path that is about to be given up.
pub(super) const ROUND_TRIPS: [f64; 17] = [
    0.00005, 0.0001, 0.00025, 0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0,
    10.0,
];

/// Idle times, in seconds. The bounds lie between the values that people configure, not on them: a timer fires a little late, on Linux by
/// up to an eighth, so each configured value and its lateness share a bucket.
pub(super) const IDLES: [f64; 21] = [
    0.5, 1.5, 4.0, 8.0, 13.0, 18.0, 25.0, 40.0, 55.0, 70.0, 85.0, 110.0, 160.0, 220.0, 280.0, 500.0, 800.0,
    1500.0, 3000.0, 7000.0, 9000.0,
];

/// Intervals, in seconds; as [`IDLES`], but nobody waits for hours between two probes.
pub(super) const INTERVALS: [f64; 13] =
    [0.5, 1.5, 4.0, 8.0, 13.0, 18.0, 25.0, 40.0, 55.0, 70.0, 85.0, 160.0, 500.0];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_configured_value_shares_its_bucket_with_its_lateness() {
        let bucket = |bounds: &[f64], seconds: f64| bounds.partition_point(|bound| *bound < seconds);
        let late = |seconds: f64| seconds * 9.0 / 8.0;
        for idle in [1.0, 5.0, 10.0, 15.0, 20.0, 30.0, 45.0, 60.0, 75.0, 90.0, 120.0, 180.0, 240.0, 300.0] {
            assert_eq!(bucket(&IDLES, idle - 0.005), bucket(&IDLES, late(idle)), "an idle time of {idle} s");
        }
        for idle in [600.0, 900.0, 1800.0, 3600.0, 7200.0] {
            assert_eq!(bucket(&IDLES, idle - 0.005), bucket(&IDLES, late(idle)), "an idle time of {idle} s");
        }
        for interval in [1.0, 5.0, 10.0, 15.0, 20.0, 30.0, 45.0, 60.0, 75.0] {
            assert_eq!(
                bucket(&INTERVALS, interval - 0.005),
                bucket(&INTERVALS, late(interval)),
                "{interval} s"
            );
        }
        assert_ne!(bucket(&IDLES, 60.0), bucket(&IDLES, 75.0), "neighbours are told apart");
    }

    #[test]
    fn bounds_rise() {
        assert!(ROUND_TRIPS.is_sorted() && IDLES.is_sorted() && INTERVALS.is_sorted());
    }
}
