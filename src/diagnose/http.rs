//! HTTP keep-alive is not TCP keepalive: one keeps a connection for the next request, the other asks whether the peer lives.

use super::Case;
use crate::flow::Side;
use crate::report::words::duration;
use crate::report::{Confidence, Finding, HttpConnection, Severity};
use crate::time::Span;

pub(super) fn findings(case: &Case<'_>, found: &mut Vec<Finding>) {
    let Some(http) = &case.flow.http else { return };
    let speaks_of_it = http.timeout_s.is_some() || http.connection == Some(HttpConnection::KeepAlive);
    let (true, Some(frame)) = (speaks_of_it, http.frame) else { return };
    let probing = case.probers().find_map(|(side, prober)| Some((side, prober.idle.as_ref()?.median)));
    let timeout = http.timeout_s.and_then(|s| i64::try_from(s).ok()).map(|s| Span::from_secs(s.min(1 << 32)));
    let text = match (timeout, probing) {
        (Some(timeout), Some((side, idle))) => {
            let relation = if idle < timeout {
                "before that, which does not lengthen it: only requests do"
            } else {
                "later than that: the server closes first, and keepalive never matters between requests"
            };
            format!(
                "the server keeps this connection {} for a next request (Keep-Alive: timeout={}); the {}'s TCP keepalive probes after {} \
                 of quiet, {relation}",
                duration(timeout),
                timeout.as_secs_f64(),
                side.name(),
                duration(idle)
            )
        }
        (Some(timeout), None) => format!(
            "the server keeps this connection {} for a next request (Keep-Alive: timeout={}); that is no TCP keepalive, of which none was \
             seen: a client that reuses the connection later than that meets a closed one",
            duration(timeout),
            timeout.as_secs_f64()
        ),
        (None, _) => {
            "\"Connection: keep-alive\" keeps the connection for a next request; it is no TCP keepalive and sends no probes".to_owned()
        }
    };
    found.push(Finding::new(
        "http-keep-alive-is-not-tcp-keepalive",
        Severity::Info,
        Confidence::Certain,
        Some(Side::Server),
        text,
        [frame],
    ));
}
