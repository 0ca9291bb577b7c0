//! What was found, as rows of names and words: the form in which traces state what they expect.

use super::analysis::{Analysis, FinalFlow};
use keepscope::analyzer::EndReason;
use keepscope::frame::FrameNo;
use keepscope::report::{
    Changed, Count, Ending, Errno, Finding, Prober, Roles, SettingChange, SettingRange, Timer,
};
use keepscope::run::{Event, EventKind, IcmpNote, Run};
use keepscope::source::trace::Trace;
use keepscope::time::{Span, Timestamp};

/// A name and its value.
pub(crate) type Fact = (&'static str, String);

/// A length of time in seconds, with three decimals or as many more as it needs.
pub(crate) fn seconds(span: Span) -> String {
    let nanos = span.0.unsigned_abs();
    let fraction = format!("{:09}", nanos % 1_000_000_000);
    let trimmed = fraction.trim_end_matches('0');
    let sign = if span.0 < 0 { "-" } else { "" };
    format!("{sign}{}.{trimmed:0<3}", nanos / 1_000_000_000)
}

fn or_null<T>(value: Option<T>, text: impl FnOnce(T) -> String) -> String {
    value.map_or_else(|| "null".to_owned(), text)
}

fn span(value: Option<Span>) -> String {
    or_null(value, seconds)
}

/// The time of a frame as it is written in the trace.
fn time_of(trace: &Trace, frame: Option<FrameNo>) -> String {
    let line = frame.and_then(|frame| trace.lines().iter().find(|line| line.frame == frame));
    or_null(line, |line| seconds(Span(line.time)))
}

/// A moment as a time of the trace.
fn moment(trace: &Trace, at: Option<Timestamp>) -> String {
    let zero = trace.lines().first().map(|line| Timestamp(line.ts.0 - line.time));
    or_null(at.zip(zero), |(at, zero)| seconds(at.since(zero)))
}

/// The name of a label, and all that can be said of it; `None` for the end of a run.
pub(crate) fn label(event: &Event, trace: &Trace) -> Option<(&'static str, Vec<Fact>)> {
    let payload = |octets: &u8| ("payload", octets.to_string());
    let (name, mut facts) = match &event.kind {
        EventKind::Probe { run, number, payload: octets, idle, interval, rule, seq: _ } => (
            "keepalive_probe",
            vec![
                ("rule", (*rule).to_owned()),
                ("run", run.to_string()),
                ("number", number.to_string()),
                ("idle", span(*idle)),
                ("interval", span(*interval)),
                payload(octets),
            ],
        ),
        EventKind::Answer { probe_frame, rtt, by } => (
            "keepalive_answer",
            vec![
                ("of", time_of(trace, Some(*probe_frame))),
                ("rtt", span(*rtt)),
                ("by", by.name().to_owned()),
            ],
        ),
        EventKind::WindowProbe { payload: octets, .. } => ("window_probe", vec![payload(octets)]),
        EventKind::KeepaliveOrWindowProbe { payload: octets, .. } => {
            ("keepalive_or_window_probe", vec![payload(octets)])
        }
        EventKind::KeepaliveOrRetransmission { .. } => ("keepalive_or_retransmission", vec![]),
        EventKind::OneByteRetransmission { .. } => ("one_byte_retransmission", vec![]),
        EventKind::IcmpError { icmp_type, icmp_code, from } => {
            ("icmp_error", vec![("type", format!("{icmp_type}/{icmp_code}")), ("from", from.to_string())])
        }
        EventKind::RunEnd(_) => return None,
    };
    facts.push(("side", event.side.name().to_owned()));
    facts.push(("flow", event.index.to_string()));
    facts.push(("decided", time_of(trace, event.decided)));
    Some((name, facts))
}

/// The outcome of a run, and all that can be said of it.
pub(crate) fn run(run: &Run, trace: &Trace) -> (&'static str, Vec<Fact>) {
    let list = |items: Vec<String>| if items.is_empty() { "none".to_owned() } else { items.join(",") };
    let icmp = |note: &IcmpNote| format!("{}/{}", note.kind, note.code);
    let facts = vec![
        ("probes", run.probes.to_string()),
        ("idle", span(run.idle)),
        ("interval", list(run.intervals.iter().map(|gap| seconds(*gap)).collect())),
        ("wait", span(run.last_wait)),
        ("detected", span(run.detected_after)),
        ("quiet_since", moment(trace, run.quiet_since)),
        ("end", time_of(trace, run.end_frame)),
        ("icmp", list(run.icmp.iter().map(icmp).collect())),
        ("doubt", list(run.doubt.iter().map(|doubt| doubt.name().to_owned()).collect())),
    ];
    (run.outcome.map_or("open", |outcome| outcome.name()), facts)
}

/// The whole seconds in a range, and the nearest of them.
fn range(range: Option<&SettingRange>) -> [String; 2] {
    let whole = |range: &SettingRange| {
        let (low, high) = (range.low.as_secs_f64().ceil(), range.high.as_secs_f64().floor());
        if low < high { format!("{low}..{high}") } else { low.to_string() }
    };
    let nearest = range.and_then(|range| range.nearest).map(|nearest| nearest.as_secs_f64().to_string());
    [or_null(range, whole), or_null(nearest, |nearest| nearest)]
}

/// Settings that changed, each with the probe that showed it.
fn changes(prober: &Prober, trace: &Trace) -> String {
    let change = |change: &SettingChange| {
        let what = match change.what {
            Changed::Idle => "idle",
            Changed::Interval => "interval",
            Changed::LateStart => "late_start",
        };
        format!("{what}@{}", time_of(trace, Some(change.frame)))
    };
    let all: Vec<String> = prober.changes.iter().map(change).collect();
    if all.is_empty() { "none".to_owned() } else { all.join(",") }
}

/// The sums of one end.
pub(crate) fn side(prober: &Prober, trace: &Trace) -> Vec<Fact> {
    let settings = prober.settings.as_ref();
    let count = settings.and_then(|settings| settings.count).map(|count| match count {
        Count::Exact(n) => format!("exact:{n}"),
        Count::AtLeast(n) => format!("at_least:{n}"),
        Count::ExactOrUserTimeout(n) => format!("exact_or_user_timeout:{n}"),
    });
    let bounds = |(low, high)| format!("{}..{}", seconds(low), seconds(high));
    let samples = |stat: Option<keepscope::measure::Stat>| stat.map_or(0, |stat| stat.samples).to_string();
    let [idle_setting, idle_nearest] = range(settings.and_then(|settings| settings.idle.as_ref()));
    let [interval_setting, interval_nearest] =
        range(settings.and_then(|settings| settings.interval.as_ref()));
    vec![
        ("status", prober.status.name().to_owned()),
        ("quiet", span(prober.longest_quiet)),
        ("probes", prober.probes.to_string()),
        ("answered", prober.answered.to_string()),
        ("unanswered", prober.unanswered.to_string()),
        ("undecided", prober.undecided.to_string()),
        ("one_byte", prober.one_byte_probes.to_string()),
        ("window_probes", prober.window_probes.to_string()),
        ("ambiguous", prober.ambiguous_probes.to_string()),
        ("runs", prober.runs_total.to_string()),
        ("outcome", or_null(prober.outcome, |outcome| outcome.name().to_owned())),
        ("idle", span(prober.idle.map(|stat| stat.min))),
        ("idle_samples", samples(prober.idle)),
        ("idle_any", span(prober.idle_any.map(|stat| stat.min))),
        ("interval", span(prober.interval.map(|stat| stat.min))),
        ("interval_samples", samples(prober.interval)),
        ("rtt", span(prober.rtt.map(|stat| stat.min))),
        ("rtt_samples", samples(prober.rtt)),
        ("count", or_null(count, |count| count)),
        ("idle_setting", idle_setting),
        ("idle_nearest", idle_nearest),
        ("interval_setting", interval_setting),
        ("interval_nearest", interval_nearest),
        ("detection", or_null(settings.and_then(|settings| settings.detection_time), bounds)),
        ("changes", changes(prober, trace)),
        ("user_timeout", or_null(settings.and_then(|settings| settings.user_timeout), bounds)),
        ("stack", or_null(settings, |settings| settings.stack.join(","))),
        (
            "first_profile",
            or_null(settings.and_then(|settings| settings.profiles.first()), |name| name.replace(' ', "-")),
        ),
    ]
}

/// What ended a flow.
pub(crate) fn ending(ending: &Ending, trace: &Trace) -> Vec<Fact> {
    let errno = |errno: Option<Errno>| or_null(errno, |errno| errno.name().to_owned());
    vec![
        ("by", ending.by.name().to_owned()),
        ("how", ending.how.name().to_owned()),
        ("timer", or_null(ending.timer.map(Timer::name), str::to_owned)),
        ("at", time_of(trace, ending.frame)),
        ("quiet", span(ending.quiet_before)),
        ("client_errno", errno(ending.client_errno)),
        ("server_errno", errno(ending.server_errno)),
        ("confidence", ending.confidence.name().to_owned()),
    ]
}

/// How grave and how sure a conclusion is, and the times of the frames that show it.
pub(crate) fn finding(finding: &Finding, trace: &Trace) -> Vec<Fact> {
    let frames: Vec<String> = finding.frames.iter().map(|frame| time_of(trace, Some(*frame))).collect();
    vec![
        ("severity", finding.severity.name().to_owned()),
        ("confidence", finding.confidence.name().to_owned()),
        ("frames", frames.join(",")),
    ]
}

/// What is known of a flow as such.
pub(crate) fn flow(last: &FinalFlow, trace: &Trace) -> Vec<Fact> {
    let FinalFlow { flow, decided, reason } = last;
    let roles = match flow.roles {
        Roles::Handshake => "handshake",
        Roles::Assumed => "assumed",
    };
    let reason = match reason {
        EndReason::Ended => "ended",
        EndReason::Evicted => "evicted",
        EndReason::EndOfCapture => "end_of_capture",
    };
    vec![
        ("state", flow.state.name().to_owned()),
        ("roles", roles.to_owned()),
        ("final", time_of(trace, *decided)),
        ("reason", reason.to_owned()),
        ("segments", flow.segments.to_string()),
        ("client_bytes", flow.client_bytes.to_string()),
        ("server_bytes", flow.server_bytes.to_string()),
        ("one_sided", flow.one_sided.to_string()),
    ]
}

/// The sums over the capture.
pub(crate) fn capture(analysis: &Analysis) -> Vec<Fact> {
    let capture = &analysis.capture;
    vec![
        ("flows", analysis.flows.len().to_string()),
        ("frames", capture.frames.to_string()),
        ("segments", capture.segments.to_string()),
        ("icmp_errors", capture.icmp_errors.to_string()),
        ("duplicates", capture.duplicates.to_string()),
        ("time_steps", capture.time_steps.to_string()),
        ("evicted_flows", capture.evicted_flows.to_string()),
    ]
}
