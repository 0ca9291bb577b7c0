//! Lines to type: what gives the behaviour that was seen, and what the prober's own tools would have shown.

use super::figure;
use super::setting::{Known, known};
use super::style::{Paint, Tone};
use super::timer::Timer;
use crate::flow::Side;
use crate::report::{Count, Flow, SettingRange, Settings, State};
use crate::run::{Outcome, Run};
use crate::time::{Span, Timestamp};
use std::io::{self, Write};

/// Before a line.
const INDENT: &str = "    ";

/// Something that can be configured: the socket option, the sysctl, and the words for where it cannot be seen.
struct Knob {
    option: &'static str,
    sysctl: &'static str,
    value: Value,
}

/// What is known of a configured value.
enum Value {
    /// The value.
    Known(u64),
    /// The likeliest of several: the first and the last of them.
    Likely(u64, (u64, u64)),
    /// The bounds, in words: nothing is invented between them.
    Bounds(String),
    /// Nothing.
    Unseen(&'static str),
}

/// Writes the lines for `side` of `flow`; `now`: when the capture ended.
pub(super) fn write(
    out: &mut impl Write,
    flow: &Flow,
    side: Side,
    now: Option<Timestamp>,
    paint: Paint,
) -> io::Result<()> {
    let Some(ready) = Ready::of(flow, side, now) else { return Ok(()) };
    let heading = format!("  to configure a socket like the {}'s", side.name());
    writeln!(out, "\n{}", paint.tone(Tone::Title, heading))?;
    setsockopt(out, &ready.knobs, ready.settings, paint)?;
    if !ready.is_linux {
        return Ok(());
    }
    sysctl(out, &ready.knobs, paint)?;
    let Some(timer) = ready.timer else { return Ok(()) };
    writeln!(out, "{INDENT}{}", paint.tone(Tone::Faint, format_args!("# {TIMER_HEADING}")))?;
    writeln!(out, "{INDENT}ss -o       {}", timer.ss())?;
    writeln!(out, "{INDENT}netstat -o  {}", timer.netstat())
}

/// What stands above the lines of `ss -o` and `netstat -o`.
const TIMER_HEADING: &str =
    "what a Linux prober would have shown at the end, about (time to the next probe, unanswered)";

/// Lines to copy, in blocks of a kind: what they are, and the lines.
pub(in crate::render) fn blocks(
    flow: &Flow,
    side: Side,
    now: Option<Timestamp>,
) -> io::Result<Vec<(&'static str, String)>> {
    let Some(ready) = Ready::of(flow, side, now) else { return Ok(Vec::new()) };
    let plain = |out: Vec<u8>| String::from_utf8_lossy(&out).replace(INDENT, "").trim_end().to_owned();
    let (mut calls, mut commands) = (Vec::new(), Vec::new());
    setsockopt(&mut calls, &ready.knobs, ready.settings, Paint(false))?;
    let mut blocks = vec![("setsockopt", plain(calls))];
    if !ready.is_linux {
        return Ok(blocks);
    }
    sysctl(&mut commands, &ready.knobs, Paint(false))?;
    if !commands.is_empty() {
        blocks.push(("sysctl", plain(commands)));
    }
    if let Some(timer) = ready.timer {
        let lines = format!("# {TIMER_HEADING}\nss -o       {}\nnetstat -o  {}", timer.ss(), timer.netstat());
        blocks.push(("ss -o", lines));
    }
    Ok(blocks)
}

/// What lines to type are made of.
struct Ready<'a> {
    settings: &'a Settings,
    knobs: [Knob; 3],
    /// A sysctl, ss and netstat -o are Linux's: nothing of them where the prober is known to be something else.
    is_linux: bool,
    timer: Option<Timer>,
}

impl<'a> Ready<'a> {
    fn of(flow: &'a Flow, side: Side, now: Option<Timestamp>) -> Option<Self> {
        let prober = flow.prober(side);
        let settings = prober.settings.as_ref().filter(|_| prober.probes > 0)?;
        Some(Self {
            settings,
            knobs: knobs(settings),
            is_linux: settings.stack.is_empty() || settings.stack.contains(&"linux"),
            timer: now.and_then(|now| running_timer(flow, side, now)),
        })
    }
}

fn setsockopt(out: &mut impl Write, knobs: &[Knob], settings: &Settings, paint: Paint) -> io::Result<()> {
    let call = |level: &str, option: &str, value: u64| {
        format!("{INDENT}setsockopt(fd, {level}, {option}, &(int){{{value}}}, sizeof(int));")
    };
    let remark = |out: &mut dyn Write, words: String| {
        writeln!(out, "{INDENT}{}", paint.tone(Tone::Faint, format_args!("/* {words} */")))
    };
    writeln!(out, "{}", call("SOL_SOCKET", "SO_KEEPALIVE", 1))?;
    for Knob { option, value, .. } in knobs {
        match value {
            Value::Known(value) => writeln!(out, "{}", call("IPPROTO_TCP", option, *value))?,
            Value::Likely(value, (first, last)) => {
                let others = paint.tone(Tone::Faint, format_args!("/* {first}..{last} would fit */"));
                writeln!(out, "{} {others}", call("IPPROTO_TCP", option, *value))?;
            }
            Value::Bounds(words) => remark(out, format!("{option} {words}"))?,
            Value::Unseen(why) => remark(out, format!("{option} cannot be seen here: {why}"))?,
        }
    }
    if let Some((low, high)) = settings.user_timeout {
        let (low, high) = (low.0 / 1_000_000, high.0 / 1_000_000);
        remark(out, format!("or, instead of the count, TCP_USER_TIMEOUT in {low}..{high} (milliseconds)"))?;
    }
    Ok(())
}

fn sysctl(out: &mut impl Write, knobs: &[Knob], paint: Paint) -> io::Result<()> {
    let mut known = knobs.iter().filter_map(|knob| match knob.value {
        Value::Known(value) | Value::Likely(value, _) => Some((knob.sysctl, value)),
        Value::Bounds(_) | Value::Unseen(_) => None,
    });
    let Some(first) = known.next() else { return Ok(()) };
    for (name, value) in std::iter::once(first).chain(known) {
        writeln!(out, "{INDENT}sysctl -w net.ipv4.{name}={value}")?;
    }
    let reach =
        "# a sysctl reaches only sockets that ask for keepalive (SO_KEEPALIVE) and have no own values";
    writeln!(out, "{INDENT}{}", paint.tone(Tone::Faint, reach))
}

fn knobs(settings: &Settings) -> [Knob; 3] {
    [
        Knob {
            option: "TCP_KEEPIDLE",
            sysctl: "tcp_keepalive_time",
            value: seconds(settings.idle.as_ref(), "no idle time was measured"),
        },
        Knob {
            option: "TCP_KEEPINTVL",
            sysctl: "tcp_keepalive_intvl",
            value: seconds(settings.interval.as_ref(), "no probe had to be repeated"),
        },
        Knob {
            option: "TCP_KEEPCNT",
            sysctl: "tcp_keepalive_probes",
            value: match settings.count {
                Some(Count::Exact(n) | Count::ExactOrUserTimeout(n)) => Value::Known(n),
                Some(Count::AtLeast(n)) => Value::Bounds(format!("is at least {n}")),
                None => Value::Unseen("it did not give up"),
            },
        },
    ]
}

fn seconds(range: Option<&SettingRange>, unseen: &'static str) -> Value {
    let Some(range) = range else { return Value::Unseen(unseen) };
    match known(range) {
        Known::Sure(seconds) => Value::Known(seconds),
        Known::Likely(seconds, fit) => Value::Likely(seconds, fit),
        Known::Range => Value::Bounds(format!(
            "lies between {} and {}",
            figure::duration(range.low),
            figure::duration(range.high)
        )),
    }
}

/// The keepalive timer of `side` at `now`; `None` where it does not run, or the capture does not show when it fires.
///
/// Linux sets it to the interval with every probe; when it fires then and finds that an answer has come, it sets it to what is left of
/// the idle time since. Traffic does not touch it (net/ipv4/tcp_timer.c, `tcp_keepalive_timer`).
fn running_timer(flow: &Flow, side: Side, now: Timestamp) -> Option<Timer> {
    let (prober, peer) = (flow.prober(side), flow.view(!side));
    let is_running = matches!(flow.state, State::Open | State::HalfClosed)
        && flow.ending.is_none()
        && !flow.view(side).has_unacknowledged
        && !peer.offers_zero_window;
    let run = prober.runs.last().filter(|_| is_running)?;
    let settings = prober.settings.as_ref()?;
    let value = |range: Option<SettingRange>| range.and_then(|range| range.nearest);
    let (fires, unanswered) = match run.outcome? {
        Outcome::Pending if !run.counts_on => (run.end + value(settings.interval)?, run.probes),
        Outcome::Answered | Outcome::Recovered => {
            let last_probe = last_probe(run)?;
            let repeats = value(settings.interval).map(|interval| last_probe + interval);
            (repeats.filter(|at| *at > now).unwrap_or(run.end + value(settings.idle)?), 0)
        }
        _ => return None,
    };
    let left = fires.since(now);
    (left > Span::ZERO).then_some(Timer { left, unanswered })
}

/// When the last probe of an answered run was sent.
fn last_probe(run: &Run) -> Option<Timestamp> {
    let repeats = run.probes.saturating_sub(1);
    (run.intervals.len() as u64 == repeats)
        .then(|| run.intervals.iter().fold(run.start, |at, interval| at + *interval))
}
