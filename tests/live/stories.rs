//! What each connection was, and that it was told while it happened.

use super::play::{Play, play};
use super::program::Line;
use super::story::{NAMES, Name, Story};
use keepscope::time::{Span, Timestamp};
use serde_json::Value;
use std::collections::BTreeMap;

/// How late a line may be. It is some 0.2 s where nothing else runs: the kernel's hold, and the beat of silence.
const LATE: Span = Span::from_secs(3);

impl Play {
    fn story(&self, name: Name) -> &Story {
        self.stories.iter().find(|story| story.name == name).unwrap()
    }

    /// The records of one connection, with the lines they came in.
    fn told(&self, name: Name) -> Vec<(&Line, Value)> {
        let id = &self.story(name).id;
        self.all().filter(|(_, record)| record["flow"] == **id).collect()
    }

    /// All records.
    pub(crate) fn all(&self) -> impl Iterator<Item = (&Line, Value)> {
        self.records.out.iter().map(|line| (line, line.json()))
    }

    /// The report on one connection at the end.
    fn flow(&self, name: Name) -> Value {
        let (_, last) = self.told(name).into_iter().rfind(|(_, record)| record["type"] == "flow").unwrap();
        assert_eq!(last["final"], true);
        last["flow_report"].clone()
    }

    fn outcomes(&self, name: Name) -> Vec<String> {
        let records = self.told(name).into_iter().filter(|(_, record)| record["type"] == "run_end");
        let mut outcomes: Vec<String> =
            records.map(|(_, record)| record["outcome"].as_str().unwrap().to_owned()).collect();
        outcomes.dedup();
        outcomes
    }

    fn kinds(&self, name: Name) -> BTreeMap<String, usize> {
        let mut kinds = BTreeMap::new();
        for (_, record) in self.told(name) {
            *kinds.entry(record["type"].as_str().unwrap().to_owned()).or_default() += 1;
        }
        kinds
    }
}

#[test]
fn every_connection_is_told_as_what_it_is() {
    let Some(play) = play() else { return };
    for (name, outcomes) in [
        (Name::Alive, &["answered"][..]),
        (Name::Vanished, &["answered", "timed_out"]),
        (Name::Rebooted, &["answered", "reset"]),
        (Name::Flaky, &["answered", "recovered", "answered"]),
        (Name::Unreachable, &["answered", "timed_out"]),
        (Name::CutShort, &["answered", "stopped"]),
        (Name::Muted, &["answered"]),
        (Name::Off, &[]),
    ] {
        let told = play.outcomes(name);
        // Flaky may have ended before another idle time had passed.
        let expected = if name == Name::Flaky { &outcomes[..told.len().max(2)] } else { outcomes };
        assert_eq!(told, expected, "{name:?}");
        let (flow, story) = (play.flow(name), play.story(name));
        let end = |end: std::net::SocketAddrV4| serde_json::json!({"addr": end.ip(), "port": end.port()});
        assert_eq!((&flow["client"], &flow["server"]), (&end(story.client), &end(story.server)), "{name:?}");
        assert_eq!(flow["server_keepalive"]["probes"], 0, "{name:?}");
    }
    assert_eq!(play.records.code, 0, "{}", play.records.err);
}

#[test]
fn the_settings_are_those_of_the_sockets() {
    let Some(play) = play() else { return };
    for name in NAMES {
        let side = &play.flow(name)["client_keepalive"];
        let Some((idle, interval, count)) = name.keepalive() else {
            assert_eq!((&side["probes"], &side["settings"]), (&0.into(), &Value::Null), "{name:?}");
            continue;
        };
        let settings = &side["settings"];
        let holds = |setting: &Value, truth: u32| {
            let truth = Some(f64::from(truth));
            setting["low"].as_f64() <= truth && truth <= setting["high"].as_f64()
        };
        assert!(holds(&settings["idle_s"], idle), "{name:?}: {settings}");
        let (interval_told, count_told) = (&settings["interval_s"], &settings["count"]);
        assert!(interval_told.is_null() || holds(interval_told, interval), "{name:?}: {settings}");
        match name {
            Name::Vanished | Name::Unreachable => {
                assert!(!interval_told.is_null(), "{name:?}: {settings}");
                assert_eq!(count_told["value"], count, "{name:?}: {settings}");
            }
            Name::Flaky | Name::CutShort => assert!(!interval_told.is_null(), "{name:?}: {settings}"),
            _ => {}
        }
    }
}

#[test]
fn who_ended_it_and_why_is_told() {
    let Some(play) = play() else { return };
    let ending = |name: Name| play.flow(name)["ending"].clone();
    for name in [Name::Vanished, Name::Unreachable] {
        let ending = ending(name);
        assert_eq!(
            (&ending["by"], &ending["timer"], &ending["client_errno"]),
            (&"client".into(), &"keepalive".into(), &"ETIMEDOUT".into()),
            "{name:?}: {ending}"
        );
    }
    let ending = ending(Name::Rebooted);
    assert_eq!(
        (&ending["by"], &ending["how"], &ending["client_errno"]),
        (&"server".into(), &"rst".into(), &"ECONNRESET".into()),
        "{ending}"
    );
    let told = play.told(Name::Unreachable);
    let errors: Vec<_> = told.iter().filter(|(_, record)| record["type"] == "icmp_error").collect();
    let count = play.kinds(Name::Unreachable);
    assert_eq!(errors.len(), 4, "one for each probe, and for the reset: {count:?}");
    for (_, error) in errors {
        assert_eq!((&error["from"], &error["text"]), (&"10.0.1.254".into(), &"host unreachable".into()));
    }
}

/// Of every record that a frame decided, and of every notice, how long after that moment its line was read.
#[test]
fn lines_come_while_it_happens() {
    let Some(play) = play() else { return };
    let mut delays: BTreeMap<String, Vec<Span>> = BTreeMap::new();
    for (line, record) in play.all().filter(|(line, _)| line.at <= play.records.asked) {
        let decided = match (&record["decided_frame"], &record["at"]) {
            (Value::Number(frame), _) => play.stamps[frame.as_u64().unwrap() as usize - 1],
            (_, Value::String(at)) => timestamp(at),
            _ => continue,
        };
        delays.entry(record["type"].as_str().unwrap().to_owned()).or_default().push(line.at.since(decided));
    }
    for (kind, delays) in &mut delays {
        delays.sort();
        let (median, longest) = (delays[delays.len() / 2], delays[delays.len() - 1]);
        eprintln!("{kind}: {} lines, {median} late, {longest} at most", delays.len());
        assert!(delays[0] >= Span(0) && longest < LATE, "{kind}: {delays:?}");
    }
    for kind in ["keepalive_probe", "keepalive_answer", "probe_unanswered", "probe_overdue", "flow_silent"] {
        assert!(delays.contains_key(kind), "{kind} never came while it ran");
    }
}

#[test]
fn what_does_not_come_is_told_before_the_next_packet() {
    let Some(play) = play() else { return };
    let vanished = play.told(Name::Vanished);
    let probes: Vec<_> = vanished.iter().filter(|(_, record)| record["type"] == "keepalive_probe").collect();
    let notices: Vec<_> =
        vanished.iter().filter(|(_, record)| record["type"] == "probe_unanswered").collect();
    let [first, second] = &probes[probes.len() - 2..] else { panic!("{probes:?}") };
    assert_eq!(notices.len(), 2, "one for each probe");
    let (line, notice) = notices[0];
    assert_eq!((&notice["frame"], &notice["number"]), (&first.1["frame"], &1.into()));
    let next = timestamp(second.1["time"].as_str().unwrap());
    assert!(line.at < next, "told {} after the next probe", line.at.since(next));

    // Nothing comes after it at all.
    for (name, kind) in [(Name::CutShort, "probe_overdue"), (Name::Muted, "flow_silent")] {
        let told = play.told(name);
        let is_notice = |record: &Value| record["type"] == kind;
        let (line, notice) = told.iter().find(|(_, record)| is_notice(record)).unwrap();
        assert!(line.at < play.records.asked, "{name:?}");
        assert_eq!(notice["frame"], play.flow(name)["last_frame"], "{name:?}");
        assert_eq!(told.iter().filter(|(_, record)| is_notice(record)).count(), 1, "{name:?}: once");
    }
    // And nobody else is called silent or late.
    for name in [Name::Alive, Name::Off, Name::Rebooted] {
        let kinds = play.kinds(name);
        let notices = ["probe_unanswered", "probe_overdue", "flow_silent"].map(|kind| kinds.get(kind));
        assert_eq!(notices, [None; 3], "{name:?}");
    }
}

#[test]
fn the_lines_of_text_tell_the_same() {
    let Some(play) = play() else { return };
    let (events, report): (Vec<_>, Vec<_>) =
        play.lines.out.iter().partition(|line| line.at <= play.lines.asked);
    let tells = |name: Name, words: &str| {
        let (client, server) = (play.story(name).client, play.story(name).server);
        events.iter().any(|line| {
            line.text.contains(&client.to_string())
                && line.text.contains(&server.to_string())
                && line.text.contains(words)
        })
    };
    for (name, words) in [
        (Name::Alive, ": answered after "),
        (Name::Vanished, ": probe 1 unanswered for 1.00 s"),
        (Name::Vanished, "timed out"),
        (Name::Rebooted, "reset"),
        (Name::Flaky, "recovered"),
        (Name::Unreachable, "host unreachable"),
    ] {
        assert!(tells(name, words), "{name:?}: no {words:?} in\n{}", play.lines.text());
    }
    assert_eq!(play.lines.code, 0);
    assert!(report.iter().any(|line| line.text.contains("timed out")), "no report:\n{}", play.lines.text());
}

pub(crate) fn timestamp(text: &str) -> Timestamp {
    let moment: jiff::Timestamp = text.parse().unwrap();
    Timestamp(moment.as_nanosecond().try_into().unwrap())
}
