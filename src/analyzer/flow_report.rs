//! From a record and a track to what a report says of a flow.

use super::losses::Losses;
use crate::decode::Encapsulations;
use crate::diagnose::Plain;
use crate::flow::{FlowRecord, Side};
use crate::infer::fingerprint::{self, Shape};
use crate::infer::{self, Catalogue, Heard, Seen, Vantage};
use crate::notes::{Messages, Notes};
use crate::report::{Flow, Others, Prober, Roles, Status, Summary, View};
use crate::run::{Doubt, Marks, Outcome, Run, Track};
use crate::time::{Span, Timestamp};

/// Quiet for longer than this without a probe means that keepalive is off (or slower than any default): two hours, the default idle of
/// every stack (RFC 9293 MUST-28), and an eighth of it for the lateness of timers.
const OFF_AFTER: Span = Span::from_secs(8_100);

/// Everything known of a flow.
#[derive(Clone, Copy, Debug)]
pub(super) struct Known<'a> {
    pub(super) record: &'a FlowRecord,
    /// Its probes, as they are if everything is over now.
    pub(super) track: Option<&'a Track>,
    /// Its probes as they are.
    pub(super) running: Option<&'a Track>,
    pub(super) notes: Option<&'a Notes>,
    pub(super) now: Timestamp,
    pub(super) losses: &'a Losses,
}

/// What a report says of a flow, but for conclusions.
pub(super) fn flow_report(known: &Known<'_>, encapsulations: &Encapsulations, catalogue: &Catalogue) -> Flow {
    let Known { record, notes, now, .. } = *known;
    let mut flow = Flow {
        index: u64::from(record.index()),
        tuple: record.tuple(),
        roles: record.roles(),
        encapsulation: encapsulations.get(record.encapsulation()).iter().collect(),
        start: record.start(),
        end: record.end(),
        first_frame: record.first_frame(),
        last_frame: record.last_frame(),
        segments: u64::from(record.segments()),
        client_bytes: record.data_bytes(Side::Client),
        server_bytes: record.data_bytes(Side::Server),
        last_data: record.last_data(),
        state: record.state(),
        one_sided: record.is_one_sided(),
        client: prober(known, Side::Client, catalogue),
        server: prober(known, Side::Server, catalogue),
        views: Side::BOTH.map(|side| view(record, side)),
        last_word: record.last_word(),
        ending: None,
        reset: None,
        quotes: Vec::new(),
        longest_gap: None,
        survived: None,
        death: None,
        ladders: [None, None],
        heartbeat: None,
        http: None,
        findings: Vec::new(),
    };
    if let Some(notes) = notes {
        infer_from(notes, &mut flow, now);
    }
    flow.ending = infer::ending(&flow, now);
    flow
}

/// Whether an end that was quiet for so long and sent no probe has keepalive switched off.
fn is_off(longest_quiet: Option<Span>) -> bool {
    longest_quiet.is_some_and(|quiet| quiet > OFF_AFTER)
}

/// Counts a flow of which there is nothing but its record; what a report of it would say is counted the same.
pub(super) fn count_plain(
    record: &FlowRecord,
    now: Timestamp,
    losses: &Losses,
    others: &mut Others,
    summary: &mut Summary,
) {
    let lossy = losses.touch(record.start(), now);
    let quiet = |side| if lossy { None } else { record.longest_quiet(side, now) };
    let [client, server] = Side::BOTH.map(quiet);
    others.add_one(is_off(client) && is_off(server), client.max(server));
    let plain = Plain {
        state: record.state(),
        roles: record.roles(),
        one_sided: record.is_one_sided(),
        start: record.start(),
        end: record.end(),
        now,
        longest_quiet: client.max(server).unwrap_or_default(),
    };
    summary.add_plain(plain.remarks());
}

/// What the notes say of the application, of silences, and of the end.
fn infer_from(notes: &Notes, flow: &mut Flow, now: Timestamp) {
    let until = if flow.last_word.is_some() { flow.end } else { now };
    flow.heartbeat =
        notes.beats().and_then(|beats| infer::heartbeat(beats, &flow.client, &flow.server, until));
    flow.http = notes.http().and_then(Messages::report);
    flow.quotes = notes.quotes().map_or_else(Vec::new, |quotes| quotes.first().to_vec());
    flow.reset = notes.reset().copied();
    flow.ladders = Side::BOTH.map(|side| notes.ladder(side).and_then(infer::ended_on));
    if let Some(gaps) = notes.gaps() {
        flow.longest_gap = gaps.longest();
        flow.survived = gaps.survived();
        flow.death = gaps.death();
    }
}

fn view(record: &FlowRecord, side: Side) -> View {
    let half = record.half(side);
    View {
        rtt: record.rtt(side),
        ttl: half.ttl(),
        is_ttl_proven: half.is_ttl_proven(),
        has_timestamps: half.has_timestamps(),
        has_sent_fin: record.has_sent_fin(side),
        last_sent: half.last_sent(),
        has_unacknowledged: half.is_seen() && !half.has_nothing_in_flight(),
        offers_zero_window: half.offers_zero_window() == Some(true),
    }
}

fn prober(known: &Known<'_>, side: Side, catalogue: &Catalogue) -> Prober {
    let Known { record, track, running, now, losses, .. } = *known;
    let mut prober = track.map_or_else(Prober::default, |track| track.report(side));
    // Where frames were lost, a probe may have been among them: no quiet is certain.
    let lossy = losses.touch(record.start(), now);
    prober.longest_quiet = if lossy { None } else { record.longest_quiet(side, now) };
    prober.status = if prober.probes > 0 {
        Status::Probing
    } else if !prober.is_relevant() && is_off(prober.longest_quiet) {
        Status::Off
    } else {
        Status::NotObservable
    };
    if lossy {
        // A lost frame may have been a probe or its answer; where an answer was seen at once, nothing is missing. What was known when a run
        // ended is in it already.
        let is_doubtful = |run: &&mut Run| {
            let from = run.quiet_since.unwrap_or(run.start);
            run.outcome != Some(Outcome::Answered)
                && !run.doubt.contains(&Doubt::Drops)
                && losses.touch(from, run.end)
        };
        prober.runs.iter_mut().filter(is_doubtful).for_each(|run| run.doubt.push(Doubt::Drops));
    }
    let half = record.half(side);
    let vantage = Vantage { rtt: record.rtt(side), ttl: half.ttl(), has_timestamps: half.has_timestamps() };
    prober.open_run = running.and_then(|track| track.open_run(side)).cloned();
    let heard = Heard { acceptable: half.t_acc(), any: record.half(!side).last_sent() };
    prober.due = if record.has_ended() { None } else { infer::due(&prober, heard) };
    (prober.settings, prober.changes) = infer::settings(&prober, vantage, &catalogue.plausible());
    if let Some(track) = track {
        match_catalogue(&mut prober, &track.marks(side), record, (side, vantage), catalogue);
    }
    prober
}

/// Names the stacks and the profiles that fit the settings found.
fn match_catalogue(
    prober: &mut Prober,
    marks: &Marks,
    record: &FlowRecord,
    (side, vantage): (Side, Vantage),
    catalogue: &Catalogue,
) {
    let has_timestamps = Side::BOTH.into_iter().any(|side| record.half(side).has_timestamps());
    let shape = Shape::of(prober, marks, has_timestamps, vantage);
    let cycle = infer::cycle(prober, vantage);
    let Some(settings) = &mut prober.settings else { return };
    settings.stack = fingerprint::fits(&shape).into_iter().map(|fit| fit.stack).collect();
    let seen = Seen {
        idle: settings.idle,
        interval: settings.interval,
        cycle,
        count: settings.count,
        spacing: shape.spacing,
        stacks: &settings.stack,
        side: (record.roles() == Roles::Handshake).then_some(side),
    };
    let profiles: Vec<String> =
        catalogue.fitting(&seen).into_iter().map(|profile| profile.name.to_string()).collect();
    settings.profiles = profiles;
}
