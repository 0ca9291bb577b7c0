//! Which flows are shown, for how long, and in which order.

use super::super::rows::{Order, Wishes, rows};
use super::super::snapshot::{Flows, MAX_FLOWS};
use super::super::standing;
use super::PLAIN;
use super::replay::Replay;
use crate::analyzer::{EndReason, Output};
use crate::app::live::view::View;
use crate::flow::Side;
use crate::report::{Flow, State};

/// The flows at a moment when some wait, some are lost and some are well, in the order of the capture.
fn flows(view: &View) -> Vec<Flow> {
    let mut flows: Vec<Flow> = view.picture().flows().cloned().collect();
    flows.sort_by_key(|flow| flow.index);
    flows
}

fn sorted(view: &View, wishes: &Wishes) -> Vec<(u64, Option<Side>)> {
    let flows = flows(view);
    let (rows, _) = rows(flows.iter(), wishes, view.picture().snapshot.now);
    rows.iter().map(|row| (row.flow.index, row.side)).collect()
}

fn demo(ms: i64) -> View {
    Replay::of("demo", PLAIN).until(ms).view
}

#[test]
fn the_worst_is_what_is_lost_then_what_waits() {
    let view = demo(16_200);
    let order: Vec<u64> = sorted(&view, &Wishes::default()).iter().map(|(index, _)| *index).collect();
    assert_eq!(order[0], 3, "its peer has forgotten it");
    assert!(order[1..3].contains(&1) && order[1..3].contains(&4), "both wait in vain: {order:?}");
    assert_eq!(order.last(), Some(&2), "a flow in which nobody probes");
    assert!(!order.contains(&9) && !order.contains(&11), "of those there is nothing to say");
}

#[test]
fn an_order_by_a_figure_puts_what_has_none_last() {
    let view = demo(16_200);
    let flows = flows(&view);
    let figure = |order: Order, (index, side): (u64, Option<Side>)| {
        let prober =
            side.and_then(|side| flows.iter().find(|flow| flow.index == index).map(|f| f.prober(side)))?;
        match order {
            Order::Due => prober.due.map(|due| -due.at.0),
            Order::Rtt => prober.rtt.map(|rtt| rtt.median.0),
            _ => prober.idle.map(|idle| idle.median.0),
        }
    };
    for order in [Order::Due, Order::Rtt, Order::Idle] {
        let rows = sorted(&view, &Wishes { order, ..Wishes::default() });
        let figures: Vec<Option<i64>> = rows
            .iter()
            .filter(|(index, _)| order != Order::Due || *index != 3)
            .map(|row| figure(order, *row))
            .collect();
        assert!(figures.is_sorted_by(|a, b| a >= b), "{order:?}: {figures:?}");
        assert!(figures.first().unwrap().is_some() && figures.last().unwrap().is_none());
    }
}

#[test]
fn addresses_are_ordered_as_numbers() {
    let view = demo(16_200);
    let order = sorted(&view, &Wishes { order: Order::Name, ..Wishes::default() });
    assert_eq!(order.first(), Some(&(3, Some(Side::Client))), "10.0.1.1:38812 is the lowest");
    assert_eq!(order.last(), Some(&(7, Some(Side::Server))), "IPv6 comes after IPv4");
}

#[test]
fn a_filter_finds_addresses_ports_outcomes_and_findings() {
    let view = demo(16_200);
    for (filter, expected) in [
        ("10.0.2.31", vec![3]),
        (":5432", vec![0, 1]),
        ("WAITING", vec![1, 4]),
        ("waiting 5432", vec![1]),
        ("5432 waiting 443", vec![]),
        ("zero-window", vec![10]),
        ("probes-lost", vec![6, 6]),
        ("problem", vec![3]),
        ("server fd00", vec![7]),
        ("   ", vec![0, 1, 2, 3, 4, 5, 6, 6, 7, 8, 10]),
    ] {
        let mut found: Vec<u64> = sorted(&view, &Wishes { filter: filter.into(), ..Wishes::default() })
            .iter()
            .map(|row| row.0)
            .collect();
        found.sort_unstable();
        assert_eq!(found, expected, "{filter}");
    }
}

#[test]
fn outcomes_are_told_in_words() {
    let view = demo(30_000);
    let now = view.picture().snapshot.now;
    let words = |index| {
        let flows = flows(&view);
        let flow = flows.iter().find(|flow| flow.index == index).unwrap();
        standing::words(flow, Some(Side::Client), now).long
    };
    assert_eq!(words(1), "timed out — peer vanished");
    assert_eq!(words(0), "answered");
    let view = demo(16_200);
    let flows = flows(&view);
    assert_eq!(
        standing::words(&flows[4], Some(Side::Client), view.picture().snapshot.now).long,
        "waiting: 4 unanswered — path error"
    );
}

#[test]
fn a_flow_that_is_final_stays_for_a_while() {
    let replay = Replay::of("demo", PLAIN).until(100_000);
    let has_dead = |view: &View| flows(view).iter().any(|flow| flow.index == 3);
    assert!(has_dead(&replay.view), "a minute after its RST it is final, and still there");
    assert!(!has_dead(&replay.until(500_000).view), "but not for ever");
}

#[test]
fn a_flow_that_becomes_final_between_two_snapshots_is_shown_once() {
    let mut view = demo(16_200);
    let before = flows(&view);
    let flow = Flow { state: State::Reset, ..before[0].clone() };
    view.take(&Output::Flow { flow: Box::new(flow), decided: None, reason: EndReason::Ended });
    let after = flows(&view);
    assert_eq!(after.len(), before.len());
    assert_eq!((after[0].index, after[0].state), (before[0].index, State::Reset));
}

#[test]
fn only_so_many_flows_are_kept_and_the_worst_are_among_them() {
    let view = demo(16_200);
    let (all, now) = (flows(&view), view.picture().snapshot.now);
    let with_index = |like: usize, index: u64| Flow { index, ..all[like].clone() };
    let mut kept = Flows::default();
    for index in 0..3 * MAX_FLOWS as u64 {
        // Every tenth has a problem.
        kept.add(with_index(if index % 10 == 9 { 3 } else { 0 }, index), now);
    }
    kept.trim(now);
    assert_eq!((kept.iter().count(), kept.left_out()), (MAX_FLOWS, 2 * MAX_FLOWS as u64));
    assert_eq!(kept.iter().filter(|flow| flow.index % 10 == 9).count(), 3 * MAX_FLOWS / 10);
}
