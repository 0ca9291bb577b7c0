//! Everything about probes of one flow; only flows with look-alikes have one.

use super::context::Context;
use super::event::EventKind;
use super::fact::{Fact, Probe, Ttl};
use super::machine::{Awaited, Close, Machine};
use super::marks::Marks;
use super::outcome::{IcmpNote, Run};
use super::own_clock::OwnClock;
use super::settle::Settler;
use crate::classify::Class;
use crate::decode::IcmpError;
use crate::flow::{Observation, Side};
use crate::report::Prober;
use crate::time::{Span, Timestamp};

/// What one end does as prober.
#[derive(Clone, Debug, Default)]
struct Direction {
    settler: Settler,
    machine: Machine,
    clock: OwnClock,
}

impl Direction {
    /// Hands what is certain to the machine.
    fn advance(&mut self, one_sided: bool, ctx: &mut Context<'_>) {
        while let Some(fact) = self.settler.next_fact() {
            self.machine.apply(&fact, one_sided, ctx);
        }
    }

    /// Takes a fact: at once where nothing queues, else behind what does.
    fn take(&mut self, fact: Fact, one_sided: bool, ctx: &mut Context<'_>) {
        self.advance(one_sided, ctx);
        if self.settler.is_clear() {
            self.machine.apply(&fact, one_sided, ctx);
        } else {
            self.settler.push(fact);
        }
    }

    /// Whether facts matter now.
    fn is_listening(&self) -> bool {
        self.machine.is_open() || !self.settler.is_clear()
    }

    /// The prober itself sent a segment.
    fn sent(&mut self, o: &Observation<'_>, class: Class, ctx: &mut Context<'_>) {
        let (frame, ts, seq) = (o.seg.frame, o.seg.ts, o.seg.seq);
        let one_sided = !o.receiver.is_seen();
        let ahead = self.clock.sent(o.seg);
        let probe = |clock: &OwnClock| Probe::of(o, clock, ahead);
        match class {
            Class::Probe(rule) => {
                let probe = probe(&self.clock);
                if self.settler.probe(&probe, rule, ctx) {
                    self.take(Fact::Probe(probe, rule), one_sided, ctx);
                }
            }
            Class::Candidate(why) => self.settler.hold(probe(&self.clock), why, ctx),
            Class::WindowProbe => self.settler.window_probe(&probe(&self.clock), ctx),
            Class::OneOctetRetransmission => self.settler.retransmission(&probe(&self.clock), ctx),
            Class::Data | Class::Fin if o.sends_new() => {
                self.settler.sent_new(seq, ctx);
                if self.is_listening() {
                    self.take(Fact::OwnNew { frame, ts }, one_sided, ctx);
                }
            }
            Class::Reset => {
                let proved = self.settler.sent_reset(o.seg, ctx);
                let at_snd_nxt = proved || o.sender.snd_nxt() == Some(seq);
                self.take(Fact::OwnReset { frame, ts, at_snd_nxt, ahead }, one_sided, ctx);
            }
            _ => {}
        }
        self.advance(one_sided, ctx);
    }

    /// The prober's peer sent a segment.
    fn heard(&mut self, o: &Observation<'_>, class: Class, ctx: &mut Context<'_>) {
        let (frame, ts) = (o.seg.frame, o.seg.ts);
        // Probes of the peer are no sign of life, and neither is its RST.
        if !class.is_probe_like() && class != Class::Reset {
            self.clock.heard(o.seg);
        }
        if !self.is_listening() {
            if class != Class::Reset {
                self.settler.window_told(o.seg);
            }
            return;
        }
        if class == Class::Reset {
            self.settler.give_up(ctx);
            return self.take(Fact::PeerReset { frame, ts }, false, ctx);
        }
        self.settler.heard(o.seg, ctx);
        match (o.seg.ack, class) {
            // A probe of the peer that crosses ours is no answer.
            (Some(_), _) if class.is_probe_like() => {}
            (Some(ack), Class::Data | Class::Retransmission | Class::Fin | Class::OneOctetRetransmission) => {
                self.take(Fact::PeerData { frame, ts, ack, fin: o.seg.flags.fin() }, false, ctx);
            }
            (Some(ack), Class::BareAck | Class::Candidate(_)) => {
                let own = o.sender.ttl().filter(|_| o.sender.is_ttl_proven());
                let ttl = Ttl { seen: o.seg.ttl, own };
                self.take(Fact::PeerAck { frame, ts, ack, ttl }, false, ctx);
            }
            _ => {}
        }
        self.advance(false, ctx);
    }

    fn is_empty(&self) -> bool {
        self.settler.is_empty() && !self.machine.has_probes()
    }
}

/// Everything about probes of one flow.
#[derive(Clone, Debug, Default)]
pub struct Track {
    client: Direction,
    server: Direction,
}

impl Track {
    /// Whether a segment of this class must be tracked even in a flow without a track.
    #[must_use]
    pub const fn begins_with(class: Class) -> bool {
        matches!(
            class,
            Class::Probe(_) | Class::Candidate(_) | Class::WindowProbe | Class::OneOctetRetransmission
        )
    }

    const fn direction(&self, side: Side) -> &Direction {
        match side {
            Side::Client => &self.client,
            Side::Server => &self.server,
        }
    }

    const fn direction_mut(&mut self, side: Side) -> &mut Direction {
        match side {
            Side::Client => &mut self.client,
            Side::Server => &mut self.server,
        }
    }

    /// Takes the next segment of the flow and its class.
    pub fn observe(&mut self, o: &Observation<'_>, class: Class, ctx: &mut Context<'_>) {
        ctx.side = o.side;
        self.direction_mut(o.side).sent(o, class, ctx);
        ctx.side = !o.side;
        self.direction_mut(!o.side).heard(o, class, ctx);
        for side in Side::BOTH {
            if let Some(answer) = self.direction_mut(side).machine.take_answer() {
                ctx.side = !side;
                self.direction_mut(!side).settler.dismiss(answer, ctx);
            }
        }
    }

    /// Takes an ICMP error that quotes a segment of `side`.
    pub fn quoted(&mut self, side: Side, icmp: &IcmpError, ctx: &mut Context<'_>) {
        let IcmpError { frame, kind, code, from, quoted_seq: seq, .. } = *icmp;
        ctx.side = side;
        ctx.emit(frame, icmp.ts, || EventKind::IcmpError { icmp_type: kind, icmp_code: code, from });
        let direction = self.direction_mut(side);
        direction.take(Fact::Icmp { note: IcmpNote { frame, kind, code, from }, seq }, false, ctx);
    }

    /// Ends both directions at `now`: nothing more will be known.
    pub fn close(&mut self, why: Close, now: Timestamp, one_sided: bool, ctx: &mut Context<'_>) {
        for side in Side::BOTH {
            ctx.side = side;
            let direction = self.direction_mut(side);
            direction.settler.give_up(ctx);
            direction.advance(one_sided, ctx);
            direction.machine.close(why, now, one_sided, ctx);
        }
    }

    /// Ends the run of `side` if its time is over at `now`, as whatever comes later would find it to be.
    pub fn run_out(&mut self, side: Side, now: Timestamp, one_sided: bool, ctx: &mut Context<'_>) {
        ctx.side = side;
        let direction = self.direction_mut(side);
        if direction.settler.is_clear() {
            direction.machine.run_out(now, one_sided, ctx);
        }
    }

    /// What the open run of `side` waits for; `None` without one, and while something may still turn out to be a probe.
    #[must_use]
    pub fn awaited(&self, side: Side) -> Option<Awaited> {
        let direction = self.direction(side);
        if direction.settler.is_clear() { direction.machine.awaited() } else { None }
    }

    /// The idle time of `side` seen last, and after how much quiet it probes again at the latest, but for the lateness of timers; `None`
    /// where nothing tells.
    #[must_use]
    pub fn patience(&self, side: Side) -> Option<(Span, Span)> {
        let direction = self.direction(side);
        if direction.settler.is_clear() { direction.machine.patience() } else { None }
    }

    /// Whether either end has a run that nothing has ended yet.
    #[must_use]
    pub const fn is_waiting(&self) -> bool {
        self.client.machine.is_open() || self.server.machine.is_open()
    }

    /// Whether anything would be settled by an end now: a run is open, or something may still turn out to be a probe.
    #[must_use]
    pub fn is_unsettled(&self) -> bool {
        self.is_waiting() || !self.client.settler.is_clear() || !self.server.settler.is_clear()
    }

    /// The run of `side` that nothing has ended yet.
    #[must_use]
    pub fn open_run(&self, side: Side) -> Option<&Run> {
        self.direction(side).machine.open_run()
    }

    /// Whether there is nothing to remember.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.client.is_empty() && self.server.is_empty()
    }

    /// Whether `side` ever probed.
    #[must_use]
    pub fn has_probes(&self, side: Side) -> bool {
        self.direction(side).machine.has_probes()
    }

    /// Whether either end ever probed.
    #[must_use]
    pub const fn has_any_probes(&self) -> bool {
        self.client.machine.has_probes() || self.server.machine.has_probes()
    }

    /// What the probes of `side` look like.
    #[must_use]
    pub const fn marks(&self, side: Side) -> Marks {
        self.direction(side).machine.marks()
    }

    /// What `side` did as prober; times of quiet and status are not known here.
    #[must_use]
    pub fn report(&self, side: Side) -> Prober {
        let direction = self.direction(side);
        let mut prober = Prober {
            window_probes: direction.settler.window_probes(),
            ambiguous_probes: direction.settler.undecided(),
            stall: direction.settler.stall(),
            last_window_probe: direction.settler.last_window_probe(),
            ..Prober::default()
        };
        direction.machine.report(&mut prober);
        prober
    }
}
