//! From text to an [`Expectation`].

use super::address::Network;
use super::check::{Asks, Check, Each, Together};
use super::event::{Condition, Event};
use super::outcome::Ending;
use super::quantity::{percentage, time, wanted_time, whole};
use super::rtt::Quantile;
use super::scan::{Piece, Scanner};
use super::selection::{Selection, Selector};
use super::wanted::{Operator, Wanted};
use super::{Expectation, Flaw};
use crate::explain;
use crate::flow::Side;
use crate::report::{FINDING_IDS, Severity, Status};
use crate::run::Outcome;

const TERM: &str = "a selector (port, host, flow, side, probing) or a check (status, idle, interval, count, probes, rtt, outcome, \
                    answered, no, reset, probe, finding)";
const CHECK: &str =
    "a check (status, idle, interval, count, probes, rtt, outcome, answered, no, reset, probe or finding)";

pub(super) fn parse(text: &str) -> Result<Expectation, Flaw> {
    let mut parser =
        Parser { scanner: Scanner::new(text), selection: Selection::default(), checks: Vec::new() };
    let any = parser.scanner.keyword("any").is_some();
    if !any {
        parser.scanner.keyword("all");
    }
    while !parser.scanner.is_at_end() {
        parser.term()?;
    }
    if parser.checks.is_empty() {
        return Err(parser.scanner.expected(CHECK));
    }
    Ok(Expectation { text: text.trim().to_owned(), any, selection: parser.selection, checks: parser.checks })
}

struct Parser<'a> {
    scanner: Scanner<'a>,
    selection: Selection,
    checks: Vec<Check>,
}

impl<'a> Parser<'a> {
    fn term(&mut self) -> Result<(), Flaw> {
        let start = self.scanner.place();
        let before = self.scanner;
        let word = self.scanner.word().ok_or_else(|| self.scanner.expected(TERM))?;
        let asks = match word.text {
            "client" => return self.of_an_end(Some(Side::Client), None),
            "server" => return self.of_an_end(Some(Side::Server), None),
            "port" | "host" => return self.of_an_end(None, Some(word)),
            "flow" => return self.flow(),
            "side" => return self.side(&word),
            "probing" => {
                self.selection.selectors.push(Selector::Probing);
                return Ok(());
            }
            "all" | "any" => {
                return Err(self.scanner.flaw(word.span, format!("'{}' stands first, and once", word.text)));
            }
            "status" => Asks::Each(self.status()?),
            "idle" => Asks::Each(Each::Idle(self.time("idle")?)),
            "interval" => Asks::Each(Each::Interval(self.time("interval")?)),
            "count" => Asks::Each(Each::Count(self.number(word.text)?)),
            "probes" => Asks::Each(Each::Probes(self.number(word.text)?)),
            "rtt" => Asks::Each(self.rtt()?),
            "outcome" => Asks::Each(self.outcome()?),
            "answered" => Asks::Together(self.answered()?),
            "no" => {
                let word =
                    self.scanner.word().ok_or_else(|| self.scanner.expected("reset, probe or finding"))?;
                let Some(event) = self.event(&word)? else {
                    let text = format!("expected reset, probe or finding after 'no', not '{}'", word.text);
                    return Err(self.scanner.flaw(word.span, text));
                };
                Asks::Together(Together::Event { event, absent: true })
            }
            _ => match self.event(&word)? {
                Some(event) => Asks::Together(Together::Event { event, absent: false }),
                None => {
                    self.scanner = before;
                    return Err(self.scanner.expected(TERM));
                }
            },
        };
        let text = self.scanner.since(start).to_owned();
        self.checks.push(Check { text, asks });
        Ok(())
    }

    /// `port` or `host`, which was read already where there is a `word`.
    fn of_an_end(&mut self, side: Option<Side>, word: Option<Piece<'a>>) -> Result<(), Flaw> {
        let expected = "port or host";
        let Some(word) = word.or_else(|| self.scanner.word()) else {
            return Err(self.scanner.expected(expected));
        };
        let selector = match word.text {
            "port" => self.port(side)?,
            "host" => self.host(side)?,
            other => {
                let text = format!(
                    "expected {expected}, not '{other}' (an end as prober is side=client or side=server)"
                );
                return Err(self.scanner.flaw(word.span, text));
            }
        };
        self.selection.selectors.push(selector);
        Ok(())
    }

    fn port(&mut self, side: Option<Side>) -> Result<Selector, Flaw> {
        let low = self.port_number()?;
        self.scanner.place();
        let high = if self.scanner.sign("-").is_some() { self.port_number()? } else { low };
        Ok(Selector::Port(side, low.min(high)..=low.max(high)))
    }

    fn port_number(&mut self) -> Result<u16, Flaw> {
        let expected = "a port: 0 to 65535";
        let mut ahead = self.scanner;
        let number = ahead.number(false).and_then(|number| number.text.parse().ok());
        let number = number.ok_or_else(|| self.scanner.expected(expected))?;
        self.scanner = ahead;
        Ok(number)
    }

    fn host(&mut self, side: Option<Side>) -> Result<Selector, Flaw> {
        let text = self.scanner.raw().ok_or_else(|| self.scanner.expected("an IPv4 or IPv6 address"))?;
        let network = Network::parse(text.text).map_err(|(is_length, why)| {
            let slash = text.text.find('/').filter(|_| is_length).map_or(0, |at| at + 1);
            self.scanner.flaw(text.span.start + slash..text.span.end, why)
        })?;
        Ok(Selector::Host(side, network))
    }

    fn flow(&mut self) -> Result<(), Flaw> {
        let text =
            self.scanner.raw().ok_or_else(|| self.scanner.expected("a flow's number or Community ID"))?;
        let flow: explain::Selector = text
            .text
            .parse()
            .map_err(|why: explain::NotAFlow| self.scanner.flaw(text.span, why.to_string()))?;
        self.selection.selectors.push(Selector::Flow(flow));
        Ok(())
    }

    fn side(&mut self, word: &Piece<'_>) -> Result<(), Flaw> {
        self.scanner.place();
        self.scanner.sign("=").ok_or_else(|| self.scanner.expected("= after side"))?;
        let side = self.one_of(&Side::BOTH, Side::name, "client or server")?;
        if self.selection.side.replace(side).is_some() {
            let text = "side is given twice: without it, an expectation is about whichever end probes";
            return Err(self.scanner.flaw(word.span.clone(), text));
        }
        Ok(())
    }

    fn status(&mut self) -> Result<Each, Flaw> {
        let is_not = self.equality("status")?;
        let wanted = self.one_of(&[Status::Probing, Status::Off], Status::name, "probing or off")?;
        Ok(Each::Status { wanted, is_not })
    }

    fn rtt(&mut self) -> Result<Each, Flaw> {
        let quantile = self.one_of(&Quantile::ALL, Quantile::name, "min, median, p95, p99 or max")?;
        Ok(Each::Rtt(quantile, self.time(quantile.name())?))
    }

    fn outcome(&mut self) -> Result<Each, Flaw> {
        let is_not = self.equality("outcome")?;
        let names = "an outcome: reset, answered, recovered, ignored, superseded, timed_out, closed, unknown, stopped or pending";
        let outcome = self.one_of(&Outcome::ALL, Outcome::name, names)?;
        let within = match self.scanner.keyword("within") {
            None => None,
            Some(word) if !Ending::ends_connections(outcome) => {
                let text = "within goes with outcomes that end a connection: timed_out, reset or closed";
                return Err(self.scanner.flaw(word.span, text));
            }
            Some(_) => Some(time(&mut self.scanner)?),
        };
        Ok(Each::Outcome(Ending { outcome, within, is_not }))
    }

    fn answered(&mut self) -> Result<Together, Flaw> {
        let operator = self.operator("answered")?;
        Ok(Together::Answered(Wanted::exactly(operator, percentage(&mut self.scanner)?)))
    }

    /// `None` where `word` names no event.
    fn event(&mut self, word: &Piece<'_>) -> Result<Option<Event>, Flaw> {
        Ok(Some(match word.text {
            "reset" => Event::Reset,
            "probe" => Event::Probe,
            "finding" => Event::Finding(self.conditions()?),
            _ => return Ok(None),
        }))
    }

    fn conditions(&mut self) -> Result<Vec<Condition>, Flaw> {
        let mut conditions = Vec::new();
        loop {
            if self.scanner.keyword("id").is_some() {
                let is_not = self.equality("id")?;
                let known = format!("the name of a finding ({})", FINDING_IDS.join(", "));
                let id = self.one_of(&FINDING_IDS, |id| id, &known)?;
                conditions.push(Condition::Id { id, is_not });
            } else if self.scanner.keyword("severity").is_some() {
                let operator = self.operator("severity")?;
                let all = "problem, warning or info";
                let severity = self.one_of(&Severity::ALL, Severity::name, all)?;
                conditions.push(Condition::Severity(Wanted::exactly(operator, Condition::rank(severity))));
            } else {
                return Ok(conditions);
            }
        }
    }

    fn time(&mut self, after: &str) -> Result<Wanted, Flaw> {
        let operator = self.operator(after)?;
        wanted_time(&mut self.scanner, operator)
    }

    fn number(&mut self, after: &str) -> Result<Wanted, Flaw> {
        let operator = self.operator(after)?;
        Ok(Wanted::exactly(operator, whole(&mut self.scanner, "a number of probes")?))
    }

    fn operator(&mut self, after: &str) -> Result<Operator, Flaw> {
        match self.scanner.operator() {
            Some((operator, _)) => Ok(operator),
            None => Err(self.scanner.expected(&format!("a comparison after {after}: =, !=, <, <=, > or >="))),
        }
    }

    /// Whether it is `!=`.
    fn equality(&mut self, after: &str) -> Result<bool, Flaw> {
        let mut ahead = self.scanner;
        match ahead.operator() {
            Some((operator, _)) if operator.is_equality() => {
                self.scanner = ahead;
                Ok(operator == Operator::NotEqual)
            }
            _ => Err(self.scanner.expected(&format!("= or != after {after}"))),
        }
    }

    fn one_of<T: Copy>(
        &mut self,
        all: &[T],
        name: impl Fn(T) -> &'static str,
        names: &str,
    ) -> Result<T, Flaw> {
        let mut ahead = self.scanner;
        let word = ahead.word();
        let found = all.iter().copied().find(|one| word.as_ref().is_some_and(|word| word.text == name(*one)));
        let Some(found) = found else { return Err(self.scanner.expected(names)) };
        self.scanner = ahead;
        Ok(found)
    }
}
