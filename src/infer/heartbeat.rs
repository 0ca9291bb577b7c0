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
