//! Who probes, with which settings, and what came of it.

use super::span;
use crate::flow::Side;
use crate::frame::FrameNo;
use crate::measure::Stat;
use crate::render::foreign;
use crate::render::text::clock::Dial;
use crate::render::text::figure;
use crate::render::text::setting::{Known, known};
use crate::render::text::wrap::tight;
use crate::report::{Confidence, Count, Errno, Flow, Killer, Prober, SettingRange, Settings};
use crate::run::{Outcome, Run};
use crate::time::Span;

/// How many names of profiles are told.
const MAX_FITS: usize = 3;

/// `the client probes after 60 s of quiet, then every 10 s (TCP_KEEPIDLE 60, TCP_KEEPINTVL 10; fits libcurl)`.
pub(crate) fn settings(flow: &Flow, side: Side) -> String {
    let prober = flow.prober(side);
    let settings = prober.settings.as_ref();
    let mut words = format!("the {} probes", side.name());
    let idle = figure_of(settings.and_then(|s| s.idle.as_ref()), prober.idle.as_ref());
    let interval = figure_of(settings.and_then(|s| s.interval.as_ref()), prober.interval.as_ref());
    let had_idle = idle.is_some();
    if let Some(idle) = idle {
        words += &format!(" after {idle} of quiet");
    }
    if let Some(interval) = interval {
        words += &format!("{} every {interval}", if had_idle { ", then" } else { "" });
    }
    let details = settings.map(details).unwrap_or_default();
    if details.is_empty() { words } else { format!("{words} ({details})") }
}

/// The configured value where one is known, else what was measured.
fn figure_of(setting: Option<&SettingRange>, measured: Option<&Stat>) -> Option<String> {
    match setting.map(known) {
        Some(Known::Sure(seconds) | Known::Likely(seconds, _)) => {
            Some(tight(&format!("{} s", figure::count(seconds))))
        }
        Some(Known::Range) | None => measured.map(|stat| span(stat.median)),
    }
}

fn details(settings: &Settings) -> String {
    let mut options = Vec::new();
    options.extend(settings.idle.as_ref().map(|range| option("TCP_KEEPIDLE", range)));
    options.extend(settings.interval.as_ref().map(|range| option("TCP_KEEPINTVL", range)));
    options.extend(settings.count.map(|count| match count {
        Count::Exact(n) => tight(&format!("TCP_KEEPCNT {n}")),
        Count::AtLeast(n) => tight(&format!("TCP_KEEPCNT ≥ {n}")),
        Count::ExactOrUserTimeout(n) => format!("{} or a user timeout", tight(&format!("TCP_KEEPCNT {n}"))),
    }));
    let mut parts = Vec::new();
    if !options.is_empty() {
        parts.push(options.join(", "));
    }
    if !settings.profiles.is_empty() {
        parts.push(format!("fits {}", some_of(&settings.profiles)));
    }
    parts.join("; ")
}

/// The first few names, which may come from a user's file, and how many more there are. Some have commas in them.
pub(super) fn some_of(names: &[String]) -> String {
    let mut told: Vec<String> =
        names.iter().take(MAX_FITS).map(|name| foreign::for_terminal(name).to_string()).collect();
    let more = names.len().saturating_sub(MAX_FITS);
    if more > 0 {
        told.push(tight(&format!("{more} more")));
    }
    told.join(" or ")
}

fn option(name: &str, range: &SettingRange) -> String {
    tight(&format!("{name} {}", value(range)))
}

/// The configured value, or the range it lies in: `60`, `≈ 60`, `1.79–2.02 s`.
fn value(range: &SettingRange) -> String {
    match known(range) {
        Known::Sure(seconds) => seconds.to_string(),
        Known::Likely(seconds, _) => format!("≈ {seconds}"),
        // Both ends in one unit where people think in it.
        Known::Range if range.high < Span::from_secs(120) => {
            format!("{:.2}–{:.2} s", range.low.as_secs_f64(), range.high.as_secs_f64())
        }
        Known::Range => format!("{} – {}", figure::duration(range.low), figure::duration(range.high)),
    }
}

/// `, last answered at 2.002 s, then 3 probes unanswered; it gave up …`.
pub(super) fn outcome(flow: &Flow, side: Side, dial: &Dial) -> String {
    let prober = flow.prober(side);
    let Some(run) = prober.runs.last() else { return String::new() };
    let answered = answered_before(prober, run).map_or_else(
        || if prober.answered > 0 { String::new() } else { ", never answered".into() },
        |before| format!(", last answered at {}", tight(&dial.tell_shortly(before.end))),
    );
    let peer = (!side).name();
    let probes = figure::counted(run.probes, "probe");
    let unanswered = format!("{answered}, then {} unanswered", tight(&probes));
    let gone = run.detected_after.map(|after| format!(" {} after the last sign of life", span(after)));
    let gone = gone.unwrap_or_default();
    match run.outcome.unwrap_or(Outcome::Pending) {
        Outcome::Answered if prober.unanswered == 0 && prober.undecided == 0 && prober.answered > 1 => {
            match prober.answered {
                2 => "; both probes were answered".into(),
                answered => format!("; all {} probes were answered", figure::count(answered)),
            }
        }
        Outcome::Answered => format!(", last answered at {}", tight(&dial.tell_shortly(run.end))),
        Outcome::Recovered => format!(
            ", last answered at {} after {} had been lost",
            tight(&dial.tell_shortly(run.end)),
            tight(&figure::counted(run.probes.saturating_sub(1), "probe"))
        ),
        Outcome::TimedOut => format!("{unanswered}; it gave up{gone}{}", errno(flow, side)),
        Outcome::Reset => {
            let from =
                match flow.ending.filter(|ending| ending.frame == run.end_frame).map(|ending| ending.by) {
                    Some(Killer::Middlebox) => "a box on the way".into(),
                    Some(Killer::End(by)) => format!("the {}", by.name()),
                    Some(Killer::Unknown) | None => format!("the {peer} or a box on the way"),
                };
            let lost = run.probes.saturating_sub(1);
            let lost = if lost > 0 {
                format!("{} unanswered and ", tight(&figure::counted(lost, "probe")))
            } else {
                String::new()
            };
            format!("{answered}, then {lost}RST from {from}{gone}{}", errno(flow, side))
        }
        Outcome::Ignored => format!("; the {peer} is alive but never answers probes"),
        Outcome::Superseded => format!("{unanswered} before it sent data or FIN"),
        Outcome::Closed => format!("{unanswered}; it aborted then, not by its probe timer"),
        Outcome::Unknown => "; the answering direction was not captured".into(),
        Outcome::Stopped => format!("{unanswered}, and nothing more from it"),
        Outcome::Pending => format!("{unanswered} when the capture ends"),
    }
}

/// The newest run before `last` that was answered.
fn answered_before<'a>(prober: &'a Prober, last: &Run) -> Option<&'a Run> {
    let is_answered = |run: &&Run| matches!(run.outcome, Some(Outcome::Answered | Outcome::Recovered));
    prober.runs.iter().rev().filter(|run| run.number < last.number).find(is_answered)
}

/// ` (ETIMEDOUT, likely)`: what the prober's application was told, and how sure that is.
fn errno(flow: &Flow, side: Side) -> String {
    let Some(ending) = flow.ending else { return String::new() };
    let error = match side {
        Side::Client => ending.client_errno,
        Side::Server => ending.server_errno,
    };
    let sure = Some(ending.confidence).filter(|confidence| *confidence != Confidence::Certain);
    let parts: Vec<&str> = error.map(Errno::name).into_iter().chain(sure.map(Confidence::name)).collect();
    if parts.is_empty() { String::new() } else { format!(" ({})", parts.join(", ")) }
}

/// What the other end does, when both probe.
pub(super) fn other_side(flow: &Flow, side: Side) -> String {
    let prober = flow.prober(side);
    let idle = figure_of(prober.settings.as_ref().and_then(|s| s.idle.as_ref()), prober.idle.as_ref());
    let idle = idle.map(|idle| format!(", after {idle} of quiet")).unwrap_or_default();
    let answered = figure::count(prober.answered);
    format!("the {} probes too{idle} ({answered} of {} answered)", side.name(), figure::count(prober.probes))
}

/// The frame that ended the last run of `side`, if a frame did.
pub(super) fn last_frame(flow: &Flow, side: Side) -> Option<FrameNo> {
    flow.prober(side).runs.last()?.end_frame
}
