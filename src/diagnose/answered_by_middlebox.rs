//! Something else that answers for the peer: a proxy, a NAT daemon, an offloading card.

use super::Case;
use crate::infer::{hops, is_elsewhere};
use crate::report::words::{counted, duration};
use crate::report::{Confidence, Finding, Severity};

/// Answers this many times faster than the handshake was do not come from as far.
const FASTER: i64 = 4;

pub(super) fn findings(case: &Case<'_>, found: &mut Vec<Finding>) {
    for (side, prober) in case.probers() {
        let Some(alien) = &prober.alien_answers else { continue };
        let peer = (!side).name();
        // The peer's own packets have that TTL by now: it is the way that changed.
        if case.flow.view(!side).ttl == Some(alien.ttl) {
            continue;
        }
        // Nothing on the way is further off than the end of it.
        if hops(alien.ttl) > hops(alien.own_ttl) {
            continue;
        }
        let far = case.flow.view(!side).rtt;
        let fast = prober.rtt.as_ref().map(|rtt| rtt.median);
        let faster = far.zip(fast).filter(|(far, fast)| fast.scale(FASTER, 1) < *far);
        if faster.is_none() && !is_elsewhere(alien.ttl, alien.own_ttl) {
            continue;
        }
        let timing = faster.map_or(String::new(), |(far, fast)| {
            format!(", and within {} where the {peer} itself needs {}", duration(fast), duration(far))
        });
        let text = format!(
            "{} came with TTL {} where the {peer}'s own packets have {}{timing}: something on the way answers for it, so its being \
             alive is not proved",
            counted(alien.answers, "answer"),
            alien.ttl,
            alien.own_ttl
        );
        let always = alien.answers >= 2 && alien.answers >= prober.answered;
        found.push(Finding::new(
            "answered-by-middlebox",
            Severity::Warning,
            if always || faster.is_some() { Confidence::Likely } else { Confidence::Possible },
            Some(side),
            text,
            alien.frames.iter().copied(),
        ));
    }
}
