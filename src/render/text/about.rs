//! What is known of a flow itself.

use super::clock::Dial;
use super::story::ending_words;
use super::style::{Paint, Tone};
use super::wrap::{Lead, paragraph};
use super::{figure, table};
use crate::flow::Side;
use crate::render::schema::WiresharkFilter;
use crate::render::{CommunityId, foreign};
use crate::report::{Flow, Heartbeat, HeartbeatFrom, Http, Prober};
use crate::run::Outcome;
use crate::time::Span;
use std::io::{self, Write};

/// Before a line.
const INDENT: &str = "  ";

/// Writes it.
pub(super) fn write(out: &mut impl Write, flow: &Flow, dial: &Dial, paint: Paint) -> io::Result<()> {
    let name = format!("{} → {}", table::end(flow, Side::Client), table::end(flow, Side::Server));
    writeln!(out, "\n{}", paint.tone(Tone::Title, name))?;
    lines(flow, dial).iter().try_for_each(|words| line(out, words))
}

/// What is known of it, a line each.
pub(in crate::render) fn lines(flow: &Flow, dial: &Dial) -> Vec<String> {
    let identity = format!("id {} · {}", CommunityId::of(&flow.tuple), WiresharkFilter::of(&flow.tuple));
    [facts(flow).join(" · "), identity].into_iter().chain(history(flow, dial)).collect()
}

/// How it was used, and what that shows, a line each.
pub(in crate::render) fn history(flow: &Flow, dial: &Dial) -> Vec<String> {
    let mut lines = vec![match flow.last_data {
        Some(last) => format!(
            "data: {} B from the client, {} B from the server, the last at {}",
            figure::count(flow.client_bytes),
            figure::count(flow.server_bytes),
            dial.tell(last)
        ),
        None => "no data".into(),
    }];
    lines.extend(flow.ending.as_ref().map(|ending| format!("end: {}", ending_words(ending))));
    lines.extend(Side::BOTH.into_iter().flat_map(|side| prober_words(flow.prober(side), side)));
    lines.extend(flow.heartbeat.as_ref().map(heartbeat_words));
    lines.extend(flow.http.as_ref().map(http_words));
    lines
}

fn line(out: &mut impl Write, text: &str) -> io::Result<()> {
    paragraph(out, Lead { text: INDENT, width: INDENT.len() }, text, INDENT.len() + 2)
}

/// What there was of it.
pub(in crate::render) fn facts(flow: &Flow) -> Vec<String> {
    let duration = flow.end.since(flow.start).max(Span::ZERO);
    let mut facts = vec![
        format!("flow {}, client → server", flow.index),
        figure::counted(flow.segments, "segment"),
        figure::duration(duration),
        format!("frames {}–{}", flow.first_frame, flow.last_frame),
        flow.state.name().replace('_', "-"),
    ];
    if flow.one_sided {
        facts.push("only one direction was captured".into());
    }
    if !flow.encapsulation.is_empty() {
        let layers: Vec<String> = flow.encapsulation.iter().map(ToString::to_string).collect();
        facts.push(format!("in {}", layers.join(" / ")));
    }
    facts
}

/// How long a vanished peer stays unnoticed, and whose probes these may be.
fn prober_words(prober: &Prober, side: Side) -> Vec<String> {
    let Some(settings) = &prober.settings else { return Vec::new() };
    let (us, peer) = (side.name(), (!side).name());
    let mut lines = Vec::new();
    if let Some((low, high)) = settings.detection_time {
        let observed = prober.runs.last().filter(|run| run.outcome == Some(Outcome::TimedOut));
        let observed = observed
            .and_then(|run| run.detected_after)
            .map_or(String::new(), |span| format!("; here it took {}", figure::duration(span)));
        let (low, high) = (figure::duration(low), figure::duration(high));
        lines.push(format!(
            "detection: the {us} gives a vanished {peer} up after {low} to {high} of silence{observed}"
        ));
    }
    let mut looks = Vec::new();
    if !settings.stack.is_empty() {
        looks.push(format!("the {us}'s probes look like {}", settings.stack.join(", ")));
    }
    if !settings.profiles.is_empty() {
        let names = settings.profiles.iter().map(|name| foreign::for_terminal(name).to_string());
        looks.push(format!("their settings fit {}", names.collect::<Vec<_>>().join(", ")));
    }
    if !looks.is_empty() {
        lines.push(format!("stack: {}", looks.join("; ")));
    }
    lines
}

/// `heartbeat: 40 B from the client every 30.0 s, …`.
pub(crate) fn heartbeat_words(heartbeat: &Heartbeat) -> String {
    let from = match heartbeat.from {
        HeartbeatFrom::Client => "from the client",
        HeartbeatFrom::Server => "from the server",
        HeartbeatFrom::Both => "from either end",
    };
    let reply = match heartbeat.reply_bytes {
        0 => String::new(),
        bytes => format!(", answered by {} B", figure::count(bytes)),
    };
    let masks = if heartbeat.masks_keepalive { ": keepalive never gets to probe" } else { "" };
    format!(
        "heartbeat: {} B {from} every {}{reply}, {}, frames {}–{}{masks}",
        figure::count(heartbeat.request_bytes),
        figure::duration(heartbeat.period.median),
        figure::counted(heartbeat.count, "time"),
        heartbeat.first_frame,
        heartbeat.last_frame
    )
}

/// `HTTP/1.1: 3 requests, Keep-Alive: timeout=60 (#12)`.
pub(crate) fn http_words(http: &Http) -> String {
    let mut facts = vec![figure::counted(http.requests, "request")];
    facts.extend(http.connection.map(|connection| format!("Connection: {}", connection.name())));
    let timeout = http.timeout_s.map(|timeout| format!("timeout={timeout}"));
    let max = http.max.map(|max| format!("max={max}"));
    let parameters: Vec<String> = timeout.into_iter().chain(max).collect();
    if !parameters.is_empty() {
        let frame = http.frame.map_or_else(String::new, |frame| format!(" (#{frame})"));
        facts.push(format!("Keep-Alive: {}{frame}", parameters.join(", ")));
    }
    format!("HTTP/{}: {}", http.version.name(), facts.join(", "))
}
