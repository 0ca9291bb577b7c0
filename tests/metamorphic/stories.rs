//! Connections made up at random: two ends that send data, acknowledge, probe, shut their windows, repeat themselves and reset, in any order
//! and at any pace. Nobody knows what they should be called, but whatever it is must not change with what is taken away.

use super::capture::{Sample, Shot, assert_none};
use super::cuts::cut;
use super::evidence::{contradictions, one_direction};
use super::packet;
use super::transforms::{runner, twice};
use proptest::collection::vec;
use proptest::prelude::*;
use std::fmt::Write as _;

/// What happens next, to whom and how long after what came before.
#[derive(Clone, Copy, Debug)]
enum Act {
    Data(u32),
    Octet,
    OctetAgain { psh: bool },
    GarbageOctet,
    DataAgain,
    Ack,
    Probe,
    Fin,
    Reset,
}

#[derive(Clone, Copy, Debug)]
struct Step {
    by_a: bool,
    act: Act,
    /// In milliseconds; paces that repeat make rhythms.
    after: u32,
    /// Whether the window is shut from now on.
    shut: bool,
}

fn act() -> impl Strategy<Value = Act> {
    prop_oneof![
        2 => (2_u32..200).prop_map(Act::Data),
        2 => Just(Act::Octet),
        2 => any::<bool>().prop_map(|psh| Act::OctetAgain { psh }),
        1 => Just(Act::GarbageOctet),
        1 => Just(Act::DataAgain),
        6 => Just(Act::Ack),
        6 => Just(Act::Probe),
        1 => Just(Act::Fin),
        1 => Just(Act::Reset),
    ]
}

fn step() -> impl Strategy<Value = Step> {
    let after =
        prop_oneof![Just(1), Just(10), Just(200), Just(400), Just(800), Just(1600), Just(5003), Just(31_237)];
    let parts = (any::<bool>(), act(), after, prop::bool::weighted(0.15));
    parts.prop_map(|(by_a, act, after, shut)| Step { by_a, act, after, shut })
}

/// The story as a trace. Each end acknowledges what the other has sent.
fn tell(handshake: bool, steps: &[Step]) -> Sample {
    let mut text = String::new();
    let (mut nxt, mut last, mut now) = ([1_u32, 1_u32], [1_u32, 1_u32], 1000_u32);
    if handshake {
        text.push_str("0.000 A S 0:1(0)\n0.010 B S. 0:1(0) ack 1\n0.020 A . 1:1(0) ack 1\n");
    }
    for step in steps {
        now += step.after;
        let me = usize::from(!step.by_a);
        let (own, other) = (nxt[me], nxt[1 - me]);
        let (flags, from, len, octets) = match step.act {
            Act::Data(len) => ("P.", own, len, ""),
            Act::Octet => ("P.", own, 1, "data \"x\""),
            Act::OctetAgain { psh } => (if psh { "P." } else { "." }, own - 1, 1, "data \"x\""),
            Act::GarbageOctet => (".", own - 1, 1, "hex 00"),
            Act::DataAgain => ("P.", last[me], own - last[me], ""),
            Act::Ack => (".", own, 0, ""),
            Act::Probe => (".", own - 1, 0, ""),
            Act::Fin => ("F.", own, 0, ""),
            Act::Reset => ("R.", own, 0, ""),
        };
        let new = match step.act {
            Act::Data(len) => len,
            Act::Octet | Act::Fin => 1,
            _ => 0,
        };
        if new > 0 {
            last[me] = own;
            nxt[me] += new;
        }
        let (name, end) = (["A", "B"][me], from + len);
        let window = if step.shut { 0 } else { 5000 };
        let (s, ms) = (now / 1000, now % 1000);
        let _ = writeln!(
            text,
            "{s}.{ms:03} {name} {flags} {from}:{end}({len}) ack {other} win {window} {octets}"
        );
    }
    Sample::from_trace(&format!("a story:\n{text}"), &text)
}

fn hold(cases: u32, property: impl Fn(&Sample) -> Vec<String>) {
    let stories = (any::<bool>(), vec(step(), 1..40));
    let result = runner(cases).run(&stories, |(handshake, steps)| {
        assert_none(&property(&tell(handshake, &steps)));
        Ok(())
    });
    if let Err(why) = result {
        panic!("{why}");
    }
}

#[test]
fn a_cut_changes_nothing_that_was_decided_before() {
    hold(150, |story| cut(story, 1..story.shots.len()));
}

#[test]
fn every_frame_may_come_twice() {
    hold(300, |story| twice(story, packet::pass_router));
}

/// Of stories without a RST: a prober's own, at the next beat of the timer, counts as proof that it gave up on keepalives even where nothing
/// of the peer was captured, and random ends reset whenever they like.
#[test]
fn one_direction_weakens() {
    hold(400, |story| {
        let is_reset = |shot: &Shot| packet::tcp_of(shot).is_some_and(|tcp| tcp.is_reset(&shot.data));
        let story = &story.with(story.shots.iter().filter(|shot| !is_reset(shot)).cloned().collect());
        let story = &story.numbered();
        let lower = contradictions("the lower end", story, &one_direction(story, true));
        let higher = contradictions("the higher end", story, &one_direction(story, false));
        [lower, higher].concat()
    });
}

#[test]
fn headers_weaken() {
    hold(400, |story| contradictions("headers only", story, &story.map(packet::snap_to_headers)));
}
