//! `count`: after how many unanswered probes an end gives up.

use super::Verdict;
use super::ground::Answer;
use super::sides::each_prober;
use super::time::frames_of;
use super::wanted::Wanted;
use super::words::{between, last_few};
use crate::flow::Side;
use crate::report::words::counted;
use crate::report::{Count, Flow, Prober};
use crate::run::Run;

/// TCP_KEEPCNT, as it takes effect: whether a user timeout stands behind it shows nowhere but in the socket.
pub(super) fn count(flow: &Flow, side: Option<Side>, wanted: Wanted) -> Vec<Answer> {
    each_prober(flow, side, None, |prober| {
        let count = prober.settings.as_ref().and_then(|settings| settings.count);
        let Some(count) = count else {
            return Answer::new(
                Verdict::Inconclusive,
                "it never gave up, and no probe followed an unanswered one",
            );
        };
        let (low, high) = match count {
            Count::Exact(n) | Count::ExactOrUserTimeout(n) => (signed(n), signed(n)),
            Count::AtLeast(n) => (signed(n), i64::MAX),
        };
        Answer::new(wanted.verdict((low, high), false), text(prober, count)).shown_by(frames(prober, count))
    })
}

fn text(prober: &Prober, count: Count) -> String {
    match count {
        Count::Exact(n) => format!("gave up after {}", counted(n, "unanswered probe")),
        Count::AtLeast(n) => format!("sent {} and did not give up", counted(n, "unanswered probe")),
        Count::ExactOrUserTimeout(n) => {
            let timeout = prober.settings.as_ref().and_then(|settings| settings.user_timeout);
            let of = timeout.map_or_else(String::new, |(low, high)| format!(" of {}", between(low, high)));
            format!(
                "gave up after {}; a user timeout{of} would look the same",
                counted(n, "unanswered probe")
            )
        }
    }
}

/// The newest run with so many probes.
fn frames(prober: &Prober, count: Count) -> Vec<crate::frame::FrameNo> {
    let (Count::Exact(n) | Count::AtLeast(n) | Count::ExactOrUserTimeout(n)) = count;
    let is_it = |run: &&Run| run.probes >= n;
    // An open run is the last of them.
    let run = prober.runs.iter().rfind(is_it);
    run.map(|run| last_few(frames_of(run))).unwrap_or_default()
}

pub(super) fn signed(number: u64) -> i64 {
    i64::try_from(number).unwrap_or(i64::MAX)
}
