//! What a capture shows of its services.

use super::facts::{Facts, ProberFacts, Service};
use super::setting;
use crate::flow::Side;
use crate::report::{Count, SettingRange};
use std::collections::{BTreeMap, BTreeSet};

/// How many services of a capture are compared.
const MAX_SERVICES: usize = 100_000;

/// The outcome that depends on when the capture ended, and says nothing else.
const PENDING: &str = "pending";

/// What a capture shows, service by service.
#[derive(Clone, Debug, Default)]
pub struct Observed {
    by_port: bool,
    services: BTreeMap<Service, ServiceFacts>,
    left_out: u64,
}

/// What a capture shows of a service.
#[derive(Clone, Debug, Default)]
pub(super) struct ServiceFacts {
    client: Prober,
    server: Prober,
    endings: BTreeSet<String>,
    findings: BTreeSet<String>,
    has_grave_findings: bool,
}

/// What a capture shows of the clients, or the servers, of a service.
#[derive(Clone, Debug, Default)]
pub(super) struct Prober {
    statuses: BTreeSet<String>,
    outcomes: BTreeSet<String>,
    idle: Vec<SettingRange>,
    interval: Vec<SettingRange>,
    counts: Vec<Count>,
}

impl Observed {
    /// Nothing so far. `by_port` tells services apart by their port alone, for captures of different hosts.
    #[must_use]
    pub fn new(by_port: bool) -> Self {
        Self { by_port, ..Self::default() }
    }

    /// Takes a flow.
    pub fn add(&mut self, facts: Facts) {
        let addr = facts.addr.filter(|_| !self.by_port);
        let service = Service { port: facts.port, addr };
        if self.services.len() >= MAX_SERVICES && !self.services.contains_key(&service) {
            self.left_out += 1;
            return;
        }
        self.services.entry(service).or_default().add(facts);
    }

    /// How many flows were left out because there are too many services.
    #[must_use]
    pub const fn left_out(&self) -> u64 {
        self.left_out
    }

    pub(super) fn services(&self) -> impl Iterator<Item = &Service> {
        self.services.keys()
    }

    pub(super) fn of(&self, service: &Service) -> Option<&ServiceFacts> {
        self.services.get(service)
    }
}

impl ServiceFacts {
    fn add(&mut self, facts: Facts) {
        self.client.add(facts.client);
        self.server.add(facts.server);
        self.endings.extend(facts.ending);
        for found in facts.findings {
            self.has_grave_findings |= found.is_grave;
            self.findings.insert(found.id);
        }
    }

    pub(super) const fn prober(&self, side: Side) -> &Prober {
        match side {
            Side::Client => &self.client,
            Side::Server => &self.server,
        }
    }

    pub(super) const fn endings(&self) -> &BTreeSet<String> {
        &self.endings
    }

    pub(super) const fn findings(&self) -> &BTreeSet<String> {
        &self.findings
    }

    /// Whether anybody would miss it: it has probes, or something is wrong with it.
    pub(super) fn is_telling(&self) -> bool {
        self.client.probes() || self.server.probes() || self.has_grave_findings
    }
}

impl Prober {
    fn add(&mut self, facts: ProberFacts) {
        self.statuses.insert(facts.status);
        self.outcomes.extend(facts.outcome.filter(|outcome| outcome != PENDING));
        if let Some(idle) = facts.idle {
            setting::take(&mut self.idle, idle);
        }
        if let Some(interval) = facts.interval {
            setting::take(&mut self.interval, interval);
        }
        if let Some(count) = facts.count {
            setting::take_count(&mut self.counts, count);
        }
    }

    pub(super) const fn statuses(&self) -> &BTreeSet<String> {
        &self.statuses
    }

    pub(super) const fn outcomes(&self) -> &BTreeSet<String> {
        &self.outcomes
    }

    pub(super) fn idle(&self) -> &[SettingRange] {
        &self.idle
    }

    pub(super) fn interval(&self) -> &[SettingRange] {
        &self.interval
    }

    pub(super) fn counts(&self) -> &[Count] {
        &self.counts
    }

    pub(super) fn probes(&self) -> bool {
        self.statuses.contains("probing")
    }
}
