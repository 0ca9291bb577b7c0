//! What a trace says is to be found in it.

use super::facts::{Fact, seconds};
use super::findings::known;
use keepscope::flow::Side;
use keepscope::time::Span;

/// The labels a frame can have: the event types of the NDJSON contract.
const LABELS: [&str; 7] = [
    "keepalive_probe",
    "keepalive_answer",
    "window_probe",
    "keepalive_or_window_probe",
    "keepalive_or_retransmission",
    "one_byte_retransmission",
    "icmp_error",
];

/// A name, and what is stated of it: what is not stated is not compared.
#[derive(Clone, Debug)]
pub(crate) struct Stated {
    pub(crate) name: String,
    pub(crate) facts: Vec<(String, String)>,
}

impl Stated {
    fn parse(name: &str, words: &[&str]) -> Result<Self, String> {
        let pairs = words.chunks(2);
        let facts = pairs.map(|pair| match pair {
            [key, value] => Ok(((*key).to_owned(), canonical(value))),
            _ => Err(format!("'{}' has no value", pair.join(" "))),
        });
        Ok(Self { name: name.to_owned(), facts: facts.collect::<Result<_, _>>()? })
    }

    /// As it is written.
    pub(crate) fn text(&self) -> String {
        let facts = self.facts.iter().map(|(key, value)| format!(" {key} {value}"));
        std::iter::once(self.name.clone()).chain(facts).collect()
    }

    /// What was found, told in the same names.
    pub(crate) fn found(&self, name: &str, found: &[Fact]) -> Result<Self, String> {
        let look_up = |(key, _): &(String, String)| {
            let fact = found.iter().find(|(known, _)| known == key);
            let (_, value) = fact.ok_or_else(|| format!("'{key}' is not known of {name}"))?;
            Ok((key.clone(), value.clone()))
        };
        let facts = self.facts.iter().map(look_up).collect::<Result<_, String>>()?;
        Ok(Self { name: name.to_owned(), facts })
    }
}

/// Times and lengths of time (whatever has a decimal point) as [`seconds`] writes them.
fn canonical(value: &str) -> String {
    let time = |word: &str| {
        let (whole, fraction) = word.split_once('.')?;
        let nanos: i64 = format!("{whole}{fraction:0<9}").parse().ok()?;
        (fraction.len() <= 9).then(|| seconds(Span(nanos)))
    };
    let words = value.split(',').map(|word| time(word).unwrap_or_else(|| word.to_owned()));
    words.collect::<Vec<_>>().join(",")
}

/// The label that the comment of a line states.
///
/// A comment that begins with a label's name is that label, with facts in pairs of words, up to the end or to ` -- `, behind which anything
/// may be said. Any other comment is for people only; lest a misspelt label be taken for one, it must not begin with a word that has `_`.
pub(crate) fn label(comment: &str) -> Result<Option<Stated>, String> {
    let stated = comment.split_once("--").map_or(comment, |(stated, _)| stated);
    let words: Vec<&str> = stated.split_whitespace().collect();
    let Some((name, rest)) = words.split_first() else { return Ok(None) };
    if LABELS.contains(name) {
        let label = Stated::parse(name, rest)?;
        if *name == "keepalive_answer" && !label.facts.iter().any(|(key, _)| key == "of") {
            return Err("a keepalive_answer is an answer 'of TIME'".to_owned());
        }
        return Ok(Some(label));
    }
    if name.contains('_') { Err(format!("'{name}' is no label")) } else { Ok(None) }
}

/// Whom a line `=> …` is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Subject {
    /// The next run of an end of a flow.
    Run(u64, Side),
    /// That an end of a flow has no runs.
    NoRuns(u64, Side),
    /// The sums of an end of a flow.
    Side(u64, Side),
    /// A flow.
    Flow(u64),
    /// The capture.
    Capture,
    /// A conclusion about a flow (`None`: about several), and about that end of it, or any.
    Finding(Option<u64>, Option<Side>),
    /// That there is no such conclusion.
    NoFinding(Option<u64>, Option<Side>),
    /// That no conclusion is a warning or a problem.
    Healthy,
    /// What ended a flow.
    Ending(u64),
    /// That nothing did.
    NoEnding(u64),
}

/// A line `=> …`.
#[derive(Clone, Debug)]
pub(crate) struct Conclusion {
    pub(crate) subject: Subject,
    pub(crate) stated: Stated,
}

impl Conclusion {
    /// Reads what follows `=>`:
    ///
    /// ```text
    /// [flow N] client|server OUTCOME KEY VALUE …   the next run of that end; if one run of a capture is told, all must be
    /// [flow N] client|server no_runs
    /// [flow N] client|server side KEY VALUE …      the sums of that end
    /// flow N KEY VALUE …
    /// capture KEY VALUE …
    /// [flow N|capture] finding [client|server] ID KEY VALUE …      capture: one that spans flows
    /// [flow N|capture] no finding [client|server] ID
    /// [flow N] ending KEY VALUE …                  what ended the flow; `ending none`: nothing did
    /// healthy                                      no finding is a warning or a problem
    /// ```
    pub(crate) fn parse(text: &str) -> Result<Self, String> {
        let words: Vec<&str> = text.split_whitespace().collect();
        let (flow, words) = match words.as_slice() {
            ["flow", number, rest @ ..] => {
                (number.parse().map_err(|_| format!("'{number}' is no flow"))?, rest)
            }
            all => (0, all),
        };
        let side = |word: &str| if word == "client" { Side::Client } else { Side::Server };
        let whose = Some(flow);
        let (subject, name, facts) = match words {
            ["capture", rest @ ..] if matches!(rest, ["finding" | "no", ..]) => {
                return Self::finding(None, rest);
            }
            ["finding" | "no", ..] => return Self::finding(whose, words),
            ["healthy"] => (Subject::Healthy, "healthy", &[][..]),
            ["ending", "none"] => (Subject::NoEnding(flow), "none", &[][..]),
            ["ending", facts @ ..] => (Subject::Ending(flow), "", facts),
            ["capture", facts @ ..] => (Subject::Capture, "", facts),
            [end @ ("client" | "server"), "side", facts @ ..] => {
                (Subject::Side(flow, side(end)), "side", facts)
            }
            [end @ ("client" | "server"), "no_runs"] => {
                (Subject::NoRuns(flow, side(end)), "no_runs", &[][..])
            }
            [end @ ("client" | "server"), outcome, facts @ ..] => {
                (Subject::Run(flow, side(end)), *outcome, facts)
            }
            facts => (Subject::Flow(flow), "", facts),
        };
        Ok(Self { subject, stated: Stated::parse(name, facts)? })
    }

    /// `[no] finding [client|server] ID …`
    fn finding(flow: Option<u64>, words: &[&str]) -> Result<Self, String> {
        let (is_found, words) = match words {
            ["finding", rest @ ..] => (true, rest),
            ["no", "finding", rest @ ..] => (false, rest),
            other => return Err(format!("'{}' is neither 'finding' nor 'no finding'", other.join(" "))),
        };
        let (side, words) = match words {
            ["client", rest @ ..] => (Some(Side::Client), rest),
            ["server", rest @ ..] => (Some(Side::Server), rest),
            all => (None, all),
        };
        let Some((id, facts)) = words.split_first() else { return Err("which finding?".to_owned()) };
        let subject = if is_found { Subject::Finding(flow, side) } else { Subject::NoFinding(flow, side) };
        Ok(Self { subject, stated: Stated::parse(known(id)?, facts)? })
    }

    /// As it is written.
    pub(crate) fn text(&self) -> String {
        let of = |flow: Option<u64>| match flow {
            None => "capture ".to_owned(),
            Some(0) => String::new(),
            Some(index) => format!("flow {index} "),
        };
        let about = |side: Option<Side>| side.map_or(String::new(), |side| format!("{} ", side.name()));
        let flow = |flow: u64| if flow == 0 { String::new() } else { format!("flow {flow} ") };
        let stated = self.stated.text();
        match self.subject {
            Subject::Run(index, side) | Subject::Side(index, side) | Subject::NoRuns(index, side) => {
                format!("=> {}{} {stated}", flow(index), side.name())
            }
            Subject::Flow(index) => format!("=> flow {index}{stated}"),
            Subject::Capture => format!("=> capture{stated}"),
            Subject::Finding(flow, side) => format!("=> {}finding {}{stated}", of(flow), about(side)),
            Subject::NoFinding(flow, side) => format!("=> {}no finding {}{stated}", of(flow), about(side)),
            Subject::Healthy => format!("=> {stated}"),
            Subject::Ending(index) | Subject::NoEnding(index) => {
                format!("=> {}ending {}", flow(index), stated.trim_start())
            }
        }
    }
}
