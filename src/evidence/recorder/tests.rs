//! What is kept, what is let go, and that it never becomes more.

use super::*;
use crate::explain::Owned;
use crate::frame::{FrameNo, InterfaceNo, LinkType};
use crate::time::Timestamp;

const FRAME: usize = 400;

/// `numbers` as a batch, each frame full of its own number.
fn batch(numbers: impl Iterator<Item = u64>) -> FrameBatch {
    let mut batch = FrameBatch::default();
    for number in numbers {
        let offset = batch.bytes.len() as u32;
        batch.bytes.extend([number as u8; FRAME]);
        batch.frames.push(FrameMeta {
            no: FrameNo::new(number).unwrap(),
            ts: Timestamp(number as i64),
            link: LinkType(1),
            wire_len: FRAME as u32,
            offset,
            cap_len: FRAME as u32,
            interface: InterfaceNo(0),
            fault: None,
        });
    }
    batch
}

/// The frames of `batch`, all of which belong to `flow`.
fn owned(batch: &FrameBatch, flow: impl Fn(u64) -> u64, is_notable: bool) -> Vec<Owned> {
    let owned =
        batch.frames.iter().map(|meta| Owned { frame: meta.no, flow: flow(meta.no.get()), is_notable });
    owned.collect()
}

fn numbers(rings: &Rings) -> Vec<u64> {
    let mut numbers: Vec<u64> = rings.frames().map(|kept| kept.meta.no.get()).collect();
    numbers.sort_unstable();
    numbers
}

#[test]
fn of_a_flow_the_last_frames_stay_cut_to_their_headers() {
    let mut recorder = Recorder::new(false);
    for first in (1..=200).step_by(50) {
        let batch = batch(first..first + 50);
        recorder.record(&batch, owned(&batch, |_| 7, true).into_iter());
    }
    assert_eq!(numbers(&recorder.open), (137..=200).collect::<Vec<u64>>());
    assert_eq!(recorder.open.earlier(), 136);
    for kept in recorder.open.frames() {
        assert_eq!(kept.data, [kept.meta.no.get() as u8; MAX_BYTES]);
        assert_eq!(kept.meta.wire_len as usize, FRAME, "what it was on the wire is known");
    }
}

#[test]
fn a_flow_is_recorded_from_when_it_becomes_notable() {
    let mut recorder = Recorder::new(false);
    let batch = batch(1..=6);
    let mut owners = owned(&batch, |number| number % 2, false);
    owners[2].is_notable = true;
    // A frame without an owner is nobody's.
    owners.remove(3);
    recorder.record(&batch, owners.into_iter());
    assert_eq!(numbers(&recorder.open), [3, 5]);
}

#[test]
fn ten_thousand_flows_take_no_more_than_there_is_room_for() {
    const BOUND: usize = 1 << 20;
    let mut recorder = Recorder::with_room(false, BOUND);
    let (mut most, mut number) = (0, 0);
    for _ in 0..40 {
        for _ in 0..10_000 / 250 {
            let batch = batch(number + 1..=number + 250);
            number += 250;
            recorder.record(&batch, owned(&batch, |number| number % 10_000, true).into_iter());
            most = most.max(recorder.memory());
            assert!(recorder.memory() <= BOUND);
        }
    }
    assert!(most > BOUND * 9 / 10, "the room is used: {most}");
    let kept = numbers(&recorder.open);
    assert_eq!(kept.last(), Some(&number));
    assert_eq!(
        kept.first(),
        Some(&(number + 1 - kept.len() as u64)),
        "those that said nothing for longest go"
    );
    for index in 0..10_000 {
        recorder.open.take(index);
    }
    assert_eq!(recorder.memory(), 0, "nothing stays behind");
    recorder.open.let_go_of_quietest();
}
