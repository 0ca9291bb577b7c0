//! Who ended a connection, how, by which timer, and what the applications were told.
//!
//! | what was seen | by | how | timer | errno |
//! | --- | --- | --- | --- | --- |
//! | a run of probes that timed out, and its RST | the prober | rst | keepalive | prober ETIMEDOUT |
//! | a RST that answers probes or data | its sender, or a box | rst | – | the other ECONNRESET |
//! | another RST | its sender, or a box | rst | – | the other ECONNRESET, if neither had closed |
//! | a RST instead of a connection | its sender | rst | – | – |
//! | a FIN | its sender | fin | – | – |
//! | data sent again and again, then silence | its sender | silence | retransmission | sender ETIMEDOUT, or EHOSTUNREACH |
//! | window probes without an answer, then silence | the prober | silence | persist | prober ETIMEDOUT |
//!
//! Linux: `tcp_keepalive_timer`, `tcp_write_err` and `tcp_reset`; an ICMP error counts only where it quotes what is in flight
//! (`tcp_v4_err`), so never where it quotes a probe.

use super::reset::{Origin, origin};
use crate::flow::Side;
use crate::report::{Confidence, Ending, Errno, Flow, How, Killer, LadderEnd, LastWord, State, Timer};
use crate::run::{Outcome, Run};
use crate::time::{Span, Timestamp};

/// Nobody waits longer than this for the next retransmission or window probe (Linux `TCP_RTO_MAX`), timer lateness on top.
const LONGEST_WAIT: Span = Span::from_secs(136);

/// … and mostly no longer than this many times the last wait.
const PATIENCE: i64 = 3;

/// Window probes begin a fifth of a second apart: after this long without an answer several were sent.
const SEVERAL_WINDOW_PROBES: Span = Span::from_secs(1);

/// The stack whose errors are known from its source and from measurements.
const KNOWN_STACK: &str = "linux";

/// What ended `flow`; `None` while it is open, or where the capture ends too early to tell. `now`: the latest time of the capture.
#[must_use]
pub fn ending(flow: &Flow, now: Timestamp) -> Option<Ending> {
    match flow.last_word {
        Some(word) if word.is_reset => Some(by_reset(flow, word)),
        // One FIN leaves the other direction open.
        Some(word) if flow.state == State::Closed => by_silence(flow, now).or(Some(by_fin(word))),
        Some(_) | None => by_silence(flow, now),
    }
}

fn by_reset(flow: &Flow, word: LastWord) -> Ending {
    let (from, told) = (word.from, !word.from);
    let mut ending = Ending {
        by: Killer::End(from),
        how: How::Rst,
        timer: None,
        frame: Some(word.frame),
        quiet_before: Some(word.quiet_before),
        client_errno: None,
        server_errno: None,
        confidence: Confidence::Likely,
    };
    let ended_by = |side: Side, outcome: Outcome| {
        let run = flow.prober(side).runs.last()?;
        (run.outcome == Some(outcome) && run.end_frame == Some(word.frame)).then_some(run)
    };
    if let Some(run) = ended_by(from, Outcome::TimedOut) {
        ending.timer = Some(Timer::Keepalive);
        ending.quiet_before = run.detected_after.or(ending.quiet_before);
        set_errno(&mut ending, from, Errno::TimedOut);
        ending.confidence = confidence_in_errno(flow, from);
        return ending;
    }
    if flow.prober(from).answered_in_vain.is_some() && ended_by(told, Outcome::Reset).is_none() {
        ending.timer = Some(Timer::Keepalive);
        set_errno(&mut ending, from, Errno::TimedOut);
        return ending;
    }
    // No application holds what was never opened; a refusal has another name.
    if !flow.is_established() {
        ending.confidence = Confidence::Possible;
        return ending;
    }
    // Whoever has closed already is told nothing more, who was told of the other's FIN reads the end of the data (and may get EPIPE), and
    // who answers no probes will hardly hear of it.
    let is_deaf = ended_by(from, Outcome::Closed).is_some();
    if Side::BOTH.into_iter().all(|side| !flow.view(side).has_sent_fin) && !is_deaf {
        set_errno(&mut ending, told, Errno::ConnReset);
    }
    let provoked: Option<&Run> = ended_by(told, Outcome::Reset);
    let reset = flow.reset.as_ref().filter(|reset| reset.frame == word.frame);
    // An application that aborts sends RST with ACK; without it is answered what belongs to no connection (RFC 9293 §3.5.2).
    let is_answer = provoked.is_some() || reset.is_some_and(|reset| !reset.has_ack);
    ending.quiet_before = provoked
        .and_then(|run| run.detected_after)
        .or_else(|| flow.death.filter(|death| death.frame == word.frame).map(|death| death.gap.length))
        .or(ending.quiet_before);
    match reset.map(|reset| origin(reset, flow.view(from).rtt)) {
        Some(Origin::Middlebox { by_ttl }) => {
            ending.by = Killer::Middlebox;
            ending.confidence = if by_ttl { Confidence::Likely } else { Confidence::Possible };
        }
        // A box that forgot, and answers in the name of the peer, cannot be told from the peer.
        Some(Origin::Unknown) | None if is_answer => {
            ending.by = Killer::Unknown;
            ending.confidence = Confidence::Possible;
        }
        Some(Origin::Unknown) | None => ending.confidence = Confidence::Possible,
        Some(Origin::End) => {}
    }
    ending
}

fn by_fin(word: LastWord) -> Ending {
    Ending {
        by: Killer::End(word.from),
        how: How::Fin,
        timer: None,
        frame: Some(word.frame),
        quiet_before: Some(word.quiet_before),
        client_errno: None,
        server_errno: None,
        confidence: Confidence::Certain,
    }
}

/// An end that gave up without a word, as Linux does where data or window probes were open.
fn by_silence(flow: &Flow, now: Timestamp) -> Option<Ending> {
    Side::BOTH.into_iter().find_map(|side| {
        retransmission_ended(flow, side, now).or_else(|| window_probing_ended(flow, side, now))
    })
}

/// Window probes that nobody answered any more.
fn window_probing_ended(flow: &Flow, side: Side, now: Timestamp) -> Option<Ending> {
    let prober = flow.prober(side);
    let (frame, at) = prober.last_window_probe?;
    let heard = flow.view(!side).last_sent?;
    let in_vain = at.since(heard);
    // Their spacing doubles, so the next comes no later than as long again, and with some patience twice as long.
    let patience = in_vain.scale(2, 1).min(LONGEST_WAIT);
    if in_vain < SEVERAL_WINDOW_PROBES || now.max(flow.end).since(at) <= patience || flow.end > at {
        return None;
    }
    let mut ending = Ending {
        by: Killer::End(side),
        how: How::Silence,
        timer: Some(Timer::Persist),
        frame: Some(frame),
        quiet_before: Some(in_vain),
        client_errno: None,
        server_errno: None,
        confidence: Confidence::Likely,
    };
    set_errno(&mut ending, side, Errno::TimedOut);
    Some(ending)
}

fn retransmission_ended(flow: &Flow, side: Side, now: Timestamp) -> Option<Ending> {
    let ladder = flow.ladder(side)?;
    if !has_given_up(ladder, flow, now) {
        return None;
    }
    let mut ending = Ending {
        by: Killer::End(side),
        how: How::Silence,
        timer: Some(Timer::Retransmission),
        frame: Some(ladder.last.frame),
        quiet_before: Some(ladder.duration),
        client_errno: None,
        server_errno: None,
        confidence: Confidence::Likely,
    };
    // After its FIN the application may have gone.
    if !flow.view(side).has_sent_fin {
        let unreachable = flow.quotes.iter().any(|quote| quote.of == side && quote.is_unreachable());
        set_errno(&mut ending, side, if unreachable { Errno::HostUnreach } else { Errno::TimedOut });
    }
    Some(ending)
}

/// Whether the next retransmission would have been seen, had there been one.
fn has_given_up(ladder: &LadderEnd, flow: &Flow, now: Timestamp) -> bool {
    let last_wait = ladder.last_wait.unwrap_or(ladder.duration);
    let patience = last_wait.scale(PATIENCE, 1).min(LONGEST_WAIT);
    now.max(flow.end).since(ladder.last.at) > patience
}

fn set_errno(ending: &mut Ending, side: Side, errno: Errno) {
    match side {
        Side::Client => ending.client_errno = Some(errno),
        Side::Server => ending.server_errno = Some(errno),
    }
}

/// Certain only for a stack that the shape of its probes leaves no doubt about.
fn confidence_in_errno(flow: &Flow, side: Side) -> Confidence {
    let settings = flow.prober(side).settings.as_ref();
    let is_known = settings.is_some_and(|settings| settings.stack == [KNOWN_STACK]);
    if is_known { Confidence::Certain } else { Confidence::Likely }
}
