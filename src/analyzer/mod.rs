//! Wires the core: batches of frames in, events and a report out. A plain function of frames: no I/O, no clock, no threads.
//!
//! The calling contract: [`handle_batch`](Analyzer::handle_batch) for each batch, [`drain`](Analyzer::drain) after it where the analysis
//! streams, and [`handle_end`](Analyzer::handle_end) once. Then a last [`drain`](Analyzer::drain), or else
//! [`report`](Analyzer::report), hands out the flows; what is said of all of them is complete after that.

mod evictor;
mod flow_report;
mod icmp_copies;
mod lifecycle;
mod losses;
mod open;
mod output;
mod partition;
mod running;
mod tally;
mod told;
mod watch;

pub use output::{EndReason, Output};

use crate::anonymize::Anonymizer;
use crate::classify::classify;
use crate::decode::{Decoded, Encapsulations, IcmpError, Segment, Skip, decode_into};
use crate::diagnose::Overview;
use crate::explain::{Chosen, Explainer, Owned, Owners, Selector, Sketches, Trail, Transcript, Witness};
use crate::flow::{FlowId, FlowRecord, Half, Hasher, Lookup, Observation, PARTITIONS, Seen};
use crate::frame::{Fault, FrameBatch, FrameMeta, FrameNo};
use crate::infer::Catalogue;
use crate::notes::Notes;
use crate::report::{Capture, Conclusions, Flow, Others, Summary};
use crate::run::{Close, Track};
use crate::source::SourceNotes;
use crate::time::{Span, Timestamp};
use evictor::Rank;
use flow_report::count_plain;
use icmp_copies::IcmpCopies;
use losses::Losses;
use output::Outbox;
use partition::Partition;
use std::collections::VecDeque;
use told::Outside;
use watch::Watch;

/// How long after its close or reset a flow takes further segments (capture time).
const LINGER: Span = Span::from_secs(60);

/// Fewer waits for ends are not worth a look at which of them are gone.
const MIN_ENDINGS: usize = 1 << 16;

/// With a bound on flows below this there is one partition, so that the bound is exact; above, each partition has its share.
const SHARED_BOUND: u64 = 1 << 16;

/// How an analysis is to go.
#[derive(Clone, Copy, Debug, Default)]
pub struct Config {
    /// How many flows the table holds at most; `None`: as many as come.
    pub max_flows: Option<u64>,
    /// Whether events and finished flows are handed out along the way ([`Analyzer::drain`]) and then forgotten, instead of flows being
    /// kept for the report.
    pub stream: bool,
    /// Whether what does not happen in time is told when its time is over ([`Output::Notice`]), and not only in hindsight. For a streaming
    /// analysis of a running capture; the reports of flows are the same with and without.
    pub watch: bool,
    /// Which flows are to be explained segment by segment ([`Analyzer::take_transcripts`]); `None`: none, which costs nothing.
    pub explain: Option<Selector>,
    /// Whether flows are to be drawn ([`Analyzer::take_sketches`]).
    pub sketch: bool,
}

/// Where a flow is: its partition and its place there.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
struct FlowRef {
    partition: u8,
    id: FlowId,
    /// The flow's number: places are used again.
    index: u32,
}

/// How many frames are decoded and looked up before the first of them is observed: enough for their cache misses to overlap, few enough
/// to stay in the L1 cache.
const ROW: usize = 64;

/// How many flows ahead what is remembered of a flow is asked for, where flows are taken one after the other.
const AHEAD: usize = 4;

/// A short row of frames on their way through the passes. Its lists keep their length and are written over for each row: what is put
/// behind a list that may have to grow is held back until it has grown, and that is felt.
#[derive(Debug, Default)]
struct Row {
    contents: Vec<Result<Decoded, Skip>>,
    /// Partition and lookup of each content that is `Ok`.
    lookups: Vec<(u8, Lookup)>,
}

impl Row {
    fn new() -> Self {
        Self { contents: vec![Err(Skip::NotIp); ROW], lookups: vec![(0, Lookup::default()); ROW] }
    }
}

/// The analysis.
#[derive(Debug)]
pub struct Analyzer {
    config: Config,
    catalogue: Catalogue,
    hasher: Hasher,
    partitions: Vec<Partition>,
    encapsulations: Encapsulations,
    anonymizer: Option<Anonymizer>,
    /// Flows whose end is waited out, and until when. All wait equally long, so the queue is in order.
    endings: VecDeque<(Timestamp, FlowRef)>,
    /// With how many of them it is looked which are gone.
    endings_bound: usize,
    outbox: Outbox,
    watch: Watch,
    losses: Losses,
    /// Findings that others hand in.
    outside: Outside,
    capture: Capture,
    summary: Summary,
    overview: Overview,
    next_index: u32,
    /// The latest time any frame had.
    now: Timestamp,
    last_frame: FrameNo,
    icmp_seen: IcmpCopies,
    witness: Option<Box<Witness>>,
    row: Row,
}

impl Analyzer {
    /// A new, empty analysis.
    #[must_use]
    pub fn new(config: Config) -> Self {
        // Where nobody asks along the way, notices would only pile up.
        let config = Config { watch: config.watch && config.stream, ..config };
        let shares = match config.max_flows {
            Some(bound) if bound < SHARED_BOUND => 1,
            _ => PARTITIONS,
        };
        let bound = config.max_flows.map(|n| (n / shares as u64).max(1) as usize);
        Self {
            config,
            catalogue: Catalogue::default(),
            hasher: Hasher::default(),
            partitions: (0..shares).map(|_| Partition::new(bound)).collect(),
            encapsulations: Encapsulations::default(),
            anonymizer: None,
            endings: VecDeque::new(),
            endings_bound: MIN_ENDINGS,
            outbox: Outbox::new(config.stream || config.explain.is_some() || config.sketch),
            watch: Watch::default(),
            losses: Losses::default(),
            outside: Outside::default(),
            capture: Capture::default(),
            summary: Summary::default(),
            overview: Overview::default(),
            next_index: 0,
            now: Timestamp(i64::MIN),
            last_frame: FrameNo::FIRST,
            icmp_seen: IcmpCopies::default(),
            witness: (config.explain.is_some() || config.sketch).then(|| {
                Box::new(Witness {
                    explainer: config.explain.map(Explainer::new),
                    trail: None,
                    owners: None,
                    sketches: config.sketch.then(Sketches::default),
                })
            }),
            row: Row::new(),
        }
    }

    /// With a catalogue that holds more than what is built in.
    #[must_use]
    pub fn with_catalogue(mut self, catalogue: Catalogue) -> Self {
        self.catalogue = catalogue;
        self
    }

    /// With other addresses than those captured, in everything that is handed out.
    #[must_use]
    pub fn with_anonymizer(mut self, anonymizer: Anonymizer) -> Self {
        self.anonymizer = Some(anonymizer);
        self
    }

    /// Follows chosen flows frame by frame ([`take_trail`](Self::take_trail)). To be called before the first frame.
    #[must_use]
    pub fn with_trail(mut self, chosen: Chosen) -> Self {
        self.witness.get_or_insert_default().trail = Some(Trail::new(chosen));
        self.outbox.decisions.wanted = true;
        self
    }

    /// Tells which flow each frame belongs to ([`owners`](Self::owners)); only of the flows that `only` chooses. To be called before the
    /// first frame.
    #[must_use]
    pub fn with_owners(mut self, only: Option<Selector>) -> Self {
        self.witness.get_or_insert_default().owners = Some(Owners::new(only));
        self
    }

    /// Takes the next frames.
    pub fn handle_batch(&mut self, batch: &FrameBatch) {
        let mut row = std::mem::take(&mut self.row);
        for metas in batch.frames.chunks(ROW) {
            // Passes over a short row, so that its cache misses overlap: decode, ask for the index entries, find the records and ask for
            // them, then observe one by one.
            for (content, meta) in row.contents.iter_mut().zip(metas) {
                decode_into(content, &batch.frame(meta), &mut self.encapsulations);
                if let Some(anonymizer) = &mut self.anonymizer
                    && let Ok(content) = content
                {
                    anonymizer.mask(content);
                }
            }
            let mut places = row.lookups.iter_mut();
            for content in row.contents.iter().take(metas.len()) {
                let tuple = match content {
                    Ok(Decoded::Segment(seg)) => &seg.tuple,
                    Ok(Decoded::Icmp(icmp)) => &icmp.quoted,
                    Err(_) => continue,
                };
                let (partition, lookup) = self.hasher.lookup(tuple);
                let at = partition % self.partitions.len();
                if let Some(partition) = self.partitions.get(at) {
                    partition.table.approach(&lookup);
                }
                if let Some(place) = places.next() {
                    *place = (at as u8, lookup);
                }
            }
            let free = places.len();
            for (at, lookup) in row.lookups.iter_mut().take(ROW - free) {
                if let Some(partition) = self.partitions.get(usize::from(*at)) {
                    partition.table.prepare(lookup);
                }
            }
            for (at, lookup) in row.lookups.iter().take(ROW - free) {
                if let Some(partition) = self.partitions.get(usize::from(*at)) {
                    partition.approach_annex(partition.table.likely(lookup));
                }
            }
            self.observe(batch, metas, &row);
        }
        self.row = row;
    }

    fn observe(&mut self, batch: &FrameBatch, metas: &[FrameMeta], row: &Row) {
        self.capture.frames += metas.len() as u64;
        self.capture.bytes += metas.iter().map(|meta| u64::from(meta.wire_len)).sum::<u64>();
        let mut lookups = row.lookups.iter();
        for (content, meta) in row.contents.iter().zip(metas) {
            if meta.fault != Some(Fault::Malformed) {
                self.advance(meta.ts, Some(meta.no));
            }
            match content {
                Ok(content) => {
                    let Some((at, lookup)) = lookups.next() else { continue };
                    match content {
                        Decoded::Segment(seg) => self.segment(*at, lookup, seg, || batch.frame(meta).data),
                        Decoded::Icmp(icmp) => self.icmp(*at, lookup, icmp),
                    }
                }
                Err(skip) => self.skip(*skip),
            }
            self.last_frame = meta.no;
            self.close_frame();
        }
    }

    /// Takes notice that time went on to `now` without a frame.
    pub fn handle_time(&mut self, now: Timestamp) {
        self.advance(now, None);
        self.close_frame();
    }

    /// Ends the analysis: settles what is open, and takes over what the source learnt.
    pub fn handle_end(&mut self, notes: &SourceNotes) {
        self.take_over(notes);
        let more = self.losses.finish(notes.dropped, self.now);
        self.lose(more);
        let noted = self.flow_refs(|record| record.annex().is_some() && !record.is_retired());
        for (place, flow) in noted.iter().enumerate() {
            self.approach(&noted, place);
            self.finish_track(*flow, Close::Capture, None);
        }
        self.explain_decisions();
        if self.config.stream {
            let mut open = self.flow_refs(|record| !record.is_retired());
            open.sort_by_key(|flow| self.record(*flow).map(FlowRecord::last_frame));
            self.outbox.end(open);
        }
        self.capture.time_steps = self.outbox.decisions.time_steps;
    }

    /// Hands out what was decided since the last call; nothing unless [`Config::stream`].
    pub fn drain(&mut self, mut take: impl FnMut(Output)) {
        while let Some(output) = self.outbox.next_decided() {
            take(output);
        }
        // What the end of the capture decided goes by frame; flows are made one at a time.
        while let Some(flow) = self.outbox.next_flow() {
            let last_frame = self.record(flow).map(FlowRecord::last_frame);
            while let Some(event) = last_frame.and_then(|frame| self.outbox.next_event(Some(frame))) {
                take(event);
            }
            if let Some(output) = self.take_out(flow, None, EndReason::EndOfCapture) {
                take(output);
            }
        }
        while let Some(event) = self.outbox.next_event(None) {
            take(event);
        }
    }

    /// What was read; complete after [`handle_end`](Self::handle_end).
    #[must_use]
    pub const fn capture(&self) -> &Capture {
        &self.capture
    }

    /// Hands out what was written down of the flows to be explained; complete after [`handle_end`](Self::handle_end). To be called once.
    pub fn take_transcripts(&mut self) -> Vec<Transcript> {
        let explainer = self.witness.as_mut().and_then(|witness| witness.explainer.as_mut());
        explainer.map(Explainer::take_transcripts).unwrap_or_default()
    }

    /// Hands out the trail of the flows that are followed, if any are; complete after [`handle_end`](Self::handle_end). To be called once.
    pub fn take_trail(&mut self) -> Option<Trail> {
        self.witness.as_mut()?.trail.take()
    }

    /// Which flow each frame belongs to, in order, since the last call. To be called after each batch, as the list would only grow.
    pub fn owners(&mut self) -> impl Iterator<Item = Owned> + '_ {
        let owners = self.witness.as_mut().and_then(|witness| witness.owners.as_mut());
        owners.into_iter().flat_map(Owners::drain)
    }

    /// Hands out what was drawn of the flows; complete after [`handle_end`](Self::handle_end). To be called once.
    pub fn take_sketches(&mut self) -> Sketches {
        self.witness.as_mut().and_then(|witness| witness.sketches.take()).unwrap_or_default()
    }

    /// How many flows there were to be explained.
    #[must_use]
    pub fn chosen_flows(&self) -> u64 {
        let explainer = self.witness.as_ref().and_then(|witness| witness.explainer.as_ref());
        explainer.map_or(0, Explainer::chosen)
    }

    /// Hands out the flows in the order of their first frame, made one at a time; none after a streaming analysis. To be called once.
    pub fn report(&mut self, take: impl FnMut(Flow)) {
        if !self.config.stream {
            self.hand_out(self.flow_refs(|_| true), take);
        }
    }

    /// Hands out the flows as [`report`](Self::report) does, but those of which nothing is known beyond their record, and which so cannot
    /// be [relevant](Flow::is_relevant): they are counted.
    pub fn report_notable(&mut self, take: impl FnMut(Flow)) -> Others {
        let mut others = Others::default();
        if self.config.stream {
            return others;
        }
        // One look at all records, which are most of the memory, does both.
        let mut summary = std::mem::take(&mut self.summary);
        let notable = self.flow_refs(|record| {
            let is_notable = self.outside.is_notable(record);
            if !is_notable {
                count_plain(record, self.now, &self.losses, &mut others, &mut summary);
            }
            is_notable
        });
        self.summary = summary;
        self.hand_out(notable, take);
        others
    }

    fn hand_out(&mut self, mut flows: Vec<FlowRef>, mut take: impl FnMut(Flow)) {
        flows.sort_unstable_by_key(|flow| flow.index);
        for (place, flow) in flows.iter().enumerate() {
            self.approach(&flows, place);
            if let Some(report) = self.flow_report(*flow) {
                self.conclude(&report);
                take(report);
            }
        }
    }

    /// Asks for the memory of the flows that come soon after `place`: they lie far apart.
    fn approach(&self, flows: &[FlowRef], place: usize) {
        let at = |ahead: usize| {
            let flow = flows.get(place + ahead)?;
            Some((self.partitions.get(usize::from(flow.partition))?, flow.id))
        };
        if let Some((partition, id)) = at(AHEAD * 2) {
            partition.approach(id);
        }
        if let Some((partition, id)) = at(AHEAD) {
            partition.approach_annex(partition.table.get(id));
        }
    }

    /// What is said of all flows together, and sums over them; complete when the last was handed out.
    #[must_use]
    pub fn conclude_all(&self) -> (Conclusions, Summary) {
        let conclusions = self.overview.conclusions(&self.catalogue);
        let mut summary = self.summary.clone();
        summary.count_findings(conclusions.findings.iter().map(|across| &across.finding));
        (conclusions, summary)
    }

    /// The frame at hand decides nothing more.
    #[inline]
    fn close_frame(&mut self) {
        if self.witness.is_some() {
            self.explain_decisions();
        }
        self.outbox.close_frame();
    }

    /// Shows what was decided to the witness; where nothing streams, nobody else asks for it.
    #[cold]
    fn explain_decisions(&mut self) {
        let Some(witness) = &mut self.witness else { return };
        let events = &mut self.outbox.decisions.events;
        events.iter().for_each(|event| witness.note(event));
        if !self.config.stream {
            events.clear();
        }
    }

    fn skip(&mut self, skip: Skip) {
        let reason = Skip::ALL.iter().position(|s| *s == skip);
        if let Some(count) = reason.and_then(|i| self.capture.skipped.get_mut(i)) {
            *count += 1;
        }
    }

    /// Moves time on to `ts`, the time of `frame`, and settles what it settles.
    #[inline(always)]
    fn advance(&mut self, ts: Timestamp, frame: Option<FrameNo>) {
        if frame.is_some() {
            self.capture.start = Some(self.capture.start.map_or(ts, |start| start.min(ts)));
            self.capture.end = self.capture.end.max(Some(ts));
        }
        if ts <= self.now {
            return;
        }
        self.now = ts;
        if self.watch.is_due(ts) {
            self.sound_alarms(frame);
        }
        if self.endings.front().is_some_and(|(until, _)| *until < ts) {
            self.expire_flows(frame);
        }
    }

    fn segment<'b>(&mut self, at: u8, lookup: &Lookup, seg: &Segment, data: impl FnOnce() -> &'b [u8]) {
        let Some(partition) = self.partitions.get(usize::from(at)) else { return };
        let (id, side) = match partition.table.find(lookup, seg) {
            Seen::Known(id, side) => (id, side),
            Seen::Reused(id) => {
                self.end_flow(self.flow_ref(at, id), Close::Flow, Some(seg.frame));
                self.begin_flow(at, lookup, seg)
            }
            Seen::New => self.begin_flow(at, lookup, seg),
        };
        let Some(partition) = self.partitions.get_mut(usize::from(at)) else { return };
        let Some(record) = partition.table.get_mut(id) else { return };
        let (mut noted, mut pauses) = (None, false);
        let (has_annex, has_paused) = (record.annex().is_some(), record.has_paused_twice());
        let (index, state) = (u64::from(record.index()), record.state());
        let witness = &mut self.witness;
        let is_new = record.observe(id, side, seg, |o| {
            let class = classify(o);
            // Nearly all segments concern nothing worth remembering. Only for the others is kept what was known before them.
            pauses = Notes::pauses(o, class);
            let (probes, notes) =
                (Track::begins_with(class), Notes::begins_with(o, class) || pauses && has_paused);
            let is_notable = has_annex || probes || notes;
            if let Some(witness) = witness {
                witness.segment(index, class, is_notable, o);
            }
            if is_notable {
                noted = Some((class, probes, notes, o.before, *o.sender, *o.receiver));
            }
        });
        if !is_new {
            self.capture.duplicates += 1;
            if let Some(witness) = &mut self.witness {
                witness.copy(index, side, seg);
            }
            return;
        }
        self.capture.segments += 1;
        if pauses {
            record.mark_pause();
        }
        if record.state() != state {
            partition.tally.leave(state);
            partition.tally.enter(record.state());
        }
        if !record.has_ended() {
            record.stop_ending();
        } else if record.begin_ending() {
            let flow = FlowRef { partition: at, id, index: record.index() };
            // Counted from the latest time: a clock that ran backwards must not break the order.
            self.endings.push_back((self.now + LINGER, flow));
            partition.evictor.note(flow, Rank::Ended);
        }
        if let Some((class, probes, notes, before, sender, receiver)) = noted {
            let o = Observation { flow: id, side, seg, before, sender: &sender, receiver: &receiver };
            partition.with_track(id, probes, Some(seg.frame), &mut self.outbox.decisions, |track, _, ctx| {
                track.observe(&o, class, ctx);
            });
            partition.with_notes(id, notes, |notes| notes.observe(&o, class, payload(seg, data())));
            if self.config.watch {
                self.look_out(self.flow_ref(at, id));
            }
        }
    }

    fn icmp(&mut self, at: u8, lookup: &Lookup, icmp: &IcmpError) {
        if self.icmp_seen.is_second_copy(icmp) {
            self.capture.duplicates += 1;
            return;
        }
        self.capture.icmp_errors += 1;
        let Some(partition) = self.partitions.get_mut(usize::from(at)) else { return };
        let Some((id, side)) = partition.table.find_quoted(lookup) else { return };
        if let Some(witness) = &mut self.witness
            && let Some(record) = partition.table.get(id)
        {
            witness.quoted(record.index().into(), icmp.frame);
        }
        partition.with_track(id, true, Some(icmp.frame), &mut self.outbox.decisions, |track, _, ctx| {
            track.quoted(side, icmp, ctx);
        });
        let is_in_flight = |half: &Half| {
            let from_una = half.snd_una().is_none_or(|una| !icmp.quoted_seq.is_before(una));
            from_una && half.snd_nxt().is_some_and(|nxt| icmp.quoted_seq.is_before(nxt))
        };
        if partition.table.get(id).is_some_and(|record| is_in_flight(record.half(side))) {
            partition.with_notes(id, true, |notes| notes.quoted(side, icmp));
        }
    }

    /// The reference of a flow in the table.
    fn flow_ref(&self, at: u8, id: FlowId) -> FlowRef {
        let record = self.partitions.get(usize::from(at)).and_then(|p| p.table.get(id));
        FlowRef { partition: at, id, index: record.map_or(0, FlowRecord::index) }
    }

    /// All flows of which `wanted` is true, in no order that means anything.
    fn flow_refs(&self, mut wanted: impl FnMut(&FlowRecord) -> bool) -> Vec<FlowRef> {
        let mut refs = Vec::new();
        for (at, partition) in self.partitions.iter().enumerate() {
            let flows = partition.table.iter().filter(|(_, record)| wanted(record));
            refs.extend(flows.map(|(id, record)| FlowRef { partition: at as u8, id, index: record.index() }));
        }
        refs
    }

    /// The record behind a reference, unless its place belongs to another flow by now.
    fn record(&self, flow: FlowRef) -> Option<&FlowRecord> {
        let record = self.partitions.get(usize::from(flow.partition))?.table.get(flow.id)?;
        (record.index() == flow.index).then_some(record)
    }
}

/// The captured part of a segment's data, in the bytes of its frame.
fn payload<'b>(seg: &Segment, frame: &'b [u8]) -> &'b [u8] {
    let (offset, len) = seg.payload;
    frame.get(offset as usize..).and_then(|data| data.get(..len as usize)).unwrap_or_default()
}
