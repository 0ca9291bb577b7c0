//! What changed between two captures: per service the settings, the outcomes, the endings and the findings.
//!
//! Traffic is never the same twice, so numbers of flows and probes are no change; what they show is. Both sides are told as sets: a change
//! is what one capture shows and the other contradicts or lacks. What a capture cannot show contradicts nothing.

mod facts;
mod observed;
mod setting;

pub use facts::{Facts, Found, ProberFacts, Service};
pub use observed::Observed;

use crate::flow::Side;
use crate::report::{Count, SettingRange};
use observed::{Prober, ServiceFacts};
use std::collections::BTreeSet;

/// Something that is not as it was.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Change {
    /// The service it is about.
    pub service: Service,
    /// The end it is about; `None` where it is about the connections.
    pub side: Option<Side>,
    /// What of it.
    pub what: What,
    /// What the first capture shows.
    pub before: Vec<Shown>,
    /// What the second one shows.
    pub after: Vec<Shown>,
}

/// What can change.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum What {
    /// Whether the service is there at all.
    Service,
    /// Whether an end probes.
    Status,
    /// TCP_KEEPIDLE.
    Idle,
    /// TCP_KEEPINTVL.
    Interval,
    /// TCP_KEEPCNT.
    Count,
    /// How the last runs of probes ended.
    Outcomes,
    /// What ended the connections.
    Endings,
    /// What was concluded.
    Findings,
}

impl What {
    /// Its name in reports.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Service => "service",
            Self::Status => "status",
            Self::Idle => "idle",
            Self::Interval => "interval",
            Self::Count => "count",
            Self::Outcomes => "outcomes",
            Self::Endings => "endings",
            Self::Findings => "findings",
        }
    }
}

/// One thing that a capture shows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Shown {
    /// The name of a status, an outcome or an ending, or the id of a finding.
    Name(String),
    /// The range of a configured time.
    Range(SettingRange),
    /// A probe count.
    Count(Count),
}

/// What is not in `after` as it is in `before`, in the order of the services.
#[must_use]
pub fn compare(before: &Observed, after: &Observed) -> Vec<Change> {
    let services: BTreeSet<&Service> = before.services().chain(after.services()).collect();
    let mut changes = Vec::new();
    for service in services {
        match (before.of(service), after.of(service)) {
            (Some(then), Some(now)) => compare_service(*service, then, now, &mut changes),
            (then, now) => {
                // Of a service that did nothing worth telling nobody misses a thing.
                if then.or(now).is_some_and(ServiceFacts::is_telling) {
                    let told = |there: bool| names(there.then_some("present"));
                    let (before, after) = (told(then.is_some()), told(now.is_some()));
                    changes.push(Change {
                        service: *service,
                        side: None,
                        what: What::Service,
                        before,
                        after,
                    });
                }
            }
        }
    }
    changes
}

fn compare_service(service: Service, then: &ServiceFacts, now: &ServiceFacts, changes: &mut Vec<Change>) {
    let mut note = |side, what, (before, after): (Vec<Shown>, Vec<Shown>)| {
        changes.push(Change { service, side, what, before, after });
    };
    for side in Side::BOTH {
        let (then, now) = (then.prober(side), now.prober(side));
        if then.statuses() != now.statuses() {
            note(Some(side), What::Status, (names(then.statuses()), names(now.statuses())));
        }
        for (what, of) in
            [(What::Idle, Prober::idle as fn(&Prober) -> &[SettingRange]), (What::Interval, Prober::interval)]
        {
            if setting::differ(of(then), of(now)) {
                let ranges = |of: &[SettingRange]| of.iter().copied().map(Shown::Range).collect();
                note(Some(side), what, (ranges(of(then)), ranges(of(now))));
            }
        }
        if setting::counts_differ(then.counts(), now.counts()) {
            let counts = |of: &[Count]| of.iter().copied().map(Shown::Count).collect();
            note(Some(side), What::Count, (counts(then.counts()), counts(now.counts())));
        }
        let is_comparable = then.probes() && now.probes();
        if is_comparable && then.outcomes() != now.outcomes() {
            note(Some(side), What::Outcomes, (names(then.outcomes()), names(now.outcomes())));
        }
    }
    if then.endings() != now.endings() {
        note(None, What::Endings, (names(then.endings()), names(now.endings())));
    }
    if then.findings() != now.findings() {
        note(None, What::Findings, (names(then.findings()), names(now.findings())));
    }
}

fn names<'a>(names: impl IntoIterator<Item = impl AsRef<str> + 'a>) -> Vec<Shown> {
    names.into_iter().map(|name| Shown::Name(name.as_ref().to_owned())).collect()
}

#[cfg(test)]
mod tests;
