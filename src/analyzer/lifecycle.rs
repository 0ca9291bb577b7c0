//! How flows begin, end, and leave.

use super::flow_report::{Known, flow_report};
use super::partition::Partition;
use super::{Analyzer, EndReason, FlowRef, LINGER, MIN_ENDINGS, Output};
use crate::decode::Segment;
use crate::diagnose::{self, Case};
use crate::flow::{FlowId, FlowRecord, Lookup, Side};
use crate::frame::FrameNo;
use crate::report::{Flow, State};
use crate::run::Close;

impl Analyzer {
    pub(super) fn begin_flow(&mut self, at: u8, lookup: &Lookup, seg: &Segment) -> (FlowId, Side) {
        if let Some(victim) = self.partitions.get_mut(usize::from(at)).and_then(Partition::victim) {
            self.capture.evicted_flows += 1;
            self.end_flow(victim, Close::Evicted, Some(seg.frame));
        }
        let index = self.next_index;
        self.next_index = self.next_index.saturating_add(1);
        if let Some(witness) = &mut self.witness {
            witness.begin(index.into(), &seg.tuple);
        }
        let Some(partition) = self.partitions.get_mut(usize::from(at)) else {
            // `at` is always less than the number of partitions: it was taken modulo that.
            unreachable!("a lookup names one of the partitions");
        };
        let (id, side) = partition.table.insert(lookup, index, seg);
        partition.tally.enter(State::Open);
        let flow = FlowRef { partition: at, id, index };
        if let Some(rank) = partition.rank(id) {
            partition.evictor.note(flow, rank);
        }
        (id, side)
    }

    /// Time has moved on, and for some flow the wait for its end is over.
    pub(super) fn expire_flows(&mut self, decided: Option<FrameNo>) {
        while let Some(&(until, flow)) = self.endings.front()
            && until < self.now
        {
            self.endings.pop_front();
            self.expire_flow(flow, decided);
        }
    }

    /// Forgets waits for the ends of flows that are gone: a tuple that is used again and again leaves one each time.
    pub(super) fn prune_endings(&mut self) {
        if self.endings.len() < self.endings_bound {
            return;
        }
        let mut endings = std::mem::take(&mut self.endings);
        endings.retain(|(_, flow)| self.record(*flow).is_some_and(|record| !record.is_retired()));
        self.endings_bound = MIN_ENDINGS.max(endings.len() * 2);
        self.endings = endings;
    }

    /// The wait for a flow's end is over.
    fn expire_flow(&mut self, flow: FlowRef, decided: Option<FrameNo>) {
        if self.record(flow).is_none_or(FlowRecord::is_retired) {
            return;
        }
        let partition = self.partitions.get_mut(usize::from(flow.partition));
        let Some(record) = partition.and_then(|partition| partition.table.get_mut(flow.id)) else { return };
        if record.must_wait_again() {
            self.endings.push_back((self.now + LINGER, flow));
        } else if record.is_ending() {
            self.end_flow(flow, Close::Flow, decided);
        }
    }

    /// Makes a flow final: nothing joins it any more.
    pub(super) fn end_flow(&mut self, flow: FlowRef, why: Close, decided: Option<FrameNo>) {
        self.finish_track(flow, why, decided);
        self.prune_endings();
        if self.config.watch {
            self.watch.forget(flow);
        }
        if let Some(partition) = self.partitions.get_mut(usize::from(flow.partition)) {
            partition.retire(flow.id, self.now, &self.hasher);
        }
        if self.config.stream {
            let reason = if why == Close::Evicted { EndReason::Evicted } else { EndReason::Ended };
            if let Some(output) = self.take_out(flow, decided, reason) {
                self.outbox.push_flow(output);
            }
        }
    }

    pub(super) fn finish_track(&mut self, flow: FlowRef, why: Close, decided: Option<FrameNo>) {
        let now = self.now;
        if let Some(partition) = self.partitions.get_mut(usize::from(flow.partition))
            && partition.track(flow.id).is_some()
        {
            partition.with_track(
                flow.id,
                false,
                decided,
                &mut self.outbox.decisions,
                |track, one_sided, ctx| {
                    track.close(why, now, one_sided, ctx);
                },
            );
        }
    }

    /// Makes the report of a final flow and forgets the flow.
    pub(super) fn take_out(
        &mut self,
        flow: FlowRef,
        decided: Option<FrameNo>,
        reason: EndReason,
    ) -> Option<Output> {
        let report = self.flow_report(flow)?;
        self.conclude(&report);
        self.outside.forget(flow);
        let partition = self.partitions.get_mut(usize::from(flow.partition))?;
        partition.drop_annex(flow.id);
        partition.table.forget(flow.id);
        Some(Output::Flow { flow: Box::new(report), decided, reason })
    }

    pub(super) fn flow_report(&self, reference: FlowRef) -> Option<Flow> {
        let record = self.record(reference)?;
        let partition = self.partitions.get(usize::from(reference.partition))?;
        let running = partition.track(reference.id);
        let over = partition.track_if_over(reference.id, self.now, self.losses.latest());
        let known = Known {
            record,
            track: over.as_ref().or(running),
            running,
            notes: partition.notes(reference.id),
            now: self.now,
            losses: &self.losses,
        };
        let catalogue = &self.catalogue;
        let mut flow = flow_report(&known, &self.encapsulations, catalogue);
        let case = Case { flow: &flow, now: self.now, last_frame: self.last_frame, catalogue };
        let found = diagnose::findings(&case);
        flow.findings = self.outside.join(reference, found);
        Some(flow)
    }

    /// Takes a final flow into what is said of all.
    pub(super) fn conclude(&mut self, flow: &Flow) {
        self.summary.add(flow);
        self.overview.add(flow);
    }
}
