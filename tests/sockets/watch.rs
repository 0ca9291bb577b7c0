//! Settings told from the timer alone: the truth has to lie in every range.

use super::kernel::{Kernel, Scene};
use keepscope::report::Count;
use keepscope::sockets::{Certainty, Defaults, Inferred, Setting, Table, Watch};
use keepscope::time::Span;

/// Looks at the socket of `scene` from second `from` to second `to`, every `period` seconds, each look taking up to 3 ms.
fn watched(scene: &Scene, from: f64, to: f64, period: f64) -> (Inferred, bool) {
    let mut kernel = Kernel::new(scene.clone());
    let mut watch = Watch::default();
    let mut last = Inferred::default();
    let mut at = from;
    let nanos = |seconds: f64| Span((seconds * 1e9) as i64);
    while at < to {
        let sockets: Vec<_> = kernel.look(at).into_iter().collect();
        let table = Table::of(sockets, Defaults::default());
        let asked = (at * 7_919.0).fract() * 0.003;
        watch.take(&table, nanos(at - asked), nanos(at - asked + 0.003));
        match table.sockets() {
            [socket] => last = watch.inferred(socket),
            _ => break,
        }
        at += period;
    }
    match watch.gone() {
        [(_, inferred)] => (*inferred, true),
        _ => (last, false),
    }
}

fn nearest(setting: Option<Setting>) -> Option<i64> {
    setting?.range.nearest.map(|nearest| nearest.0 / 1_000_000_000)
}

#[track_caller]
fn assert_true(setting: Option<Setting>, truth: i64, scene: &Scene) {
    if let Some(Setting { range, certainty: Certainty::Seen }) = setting {
        let truth = Span::from_secs(truth);
        assert!(range.low <= truth && truth <= range.high, "{truth:?} is not in {range:?}: {scene:?}");
    }
}

/// A number between 0 and 1 that looks random.
fn random(seed: &mut u64) -> f64 {
    *seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
    (*seed >> 11) as f64 / (1_u64 << 53) as f64
}

#[test]
fn the_truth_lies_in_every_range_whatever_the_kernel_and_the_traffic() {
    let mut seed = 1;
    let (mut seen, mut read, mut misread) = (0, 0, 0);
    for number in 0..1_500 {
        let mut r = || random(&mut seed);
        let pick = |r: f64, from: &[i64]| from[(r * from.len() as f64) as usize];
        let data = match number % 4 {
            0 => Vec::new(),
            1 => vec![r() * 30.0],
            2 => (0..40).map(|_| r() * 100.0).collect(),
            _ => (0..1_000).map(|_| r() * 100.0).collect(),
        };
        let scene = Scene {
            hz: pick(r(), &[100, 250, 300, 1000]),
            idle: pick(r(), &[1, 2, 3, 5, 10, 20, 60, 7200]),
            interval: pick(r(), &[1, 2, 3, 5, 10, 30, 75]),
            count: 2 + (r() * 8.0) as u8,
            rtt: [0.0, 0.0002, 0.03, 0.3][(r() * 4.0) as usize],
            data,
            dead_from: if r() < 0.4 { r() * 60.0 } else { f64::INFINITY },
            switched_on: if r() < 0.3 { r() * 20.0 } else { 0.0 },
            phase: (r() * 1e6) as i64,
        };
        let from = r() * 20.0;
        let period = [0.25, 0.25, 0.5, 2.0][(r() * 4.0) as usize];
        let (inferred, gone) = watched(&scene, from, from + 5.0 + r() * 90.0, period);
        assert_true(inferred.idle, scene.idle, &scene);
        assert_true(inferred.interval, scene.interval, &scene);
        match inferred.count {
            Some(Count::AtLeast(n)) => assert!(n <= u64::from(scene.count), "{scene:?}"),
            Some(Count::ExactOrUserTimeout(n)) => assert!(gone && n == u64::from(scene.count), "{scene:?}"),
            Some(Count::Exact(_)) => panic!("a user timeout is never excluded"),
            None => {}
        }
        match inferred.idle {
            Some(Setting { certainty: Certainty::Seen, .. }) => seen += 1,
            Some(_) => {
                read += 1;
                misread += u32::from(nearest(inferred.idle) != Some(scene.idle));
            }
            None => {}
        }
    }
    assert!(seen > 500 && read > 50, "hardly anything is told: {seen} seen, {read} read");
    assert!(misread * 20 < read, "{misread} of {read} readings are wrong");
}

#[test]
fn an_idle_connection_whose_peer_answers_shows_both_times() {
    for hz in [250, 1000] {
        let scene = Scene { hz, idle: 10, interval: 3, ..Scene::default() };
        let (inferred, _) = watched(&scene, 1.0, 30.0, 0.25);
        assert_eq!((nearest(inferred.idle), nearest(inferred.interval)), (Some(10), Some(3)), "{hz}");
        assert_eq!(inferred.count, None);
    }
}

#[test]
fn a_dead_peer_shows_interval_and_count() {
    let scene = Scene { idle: 5, interval: 2, count: 4, dead_from: 2.0, ..Scene::default() };
    let (inferred, gone) = watched(&scene, 1.0, 60.0, 0.25);
    assert!(gone);
    assert_eq!((nearest(inferred.idle), nearest(inferred.interval)), (Some(5), Some(2)));
    assert_eq!(inferred.count, Some(Count::ExactOrUserTimeout(4)));
    let (before, _) = watched(&scene, 1.0, 8.5, 0.25);
    assert_eq!(before.count, Some(Count::AtLeast(2)));
}

#[test]
fn a_busy_connection_shows_its_idle_time_when_the_timer_fires_in_vain() {
    let data = (0..600).map(|beat| f64::from(beat) * 0.7).collect();
    let scene = Scene { idle: 20, data, ..Scene::default() };
    let (inferred, _) = watched(&scene, 3.0, 40.0, 0.25);
    assert_eq!(nearest(inferred.idle), Some(20));
    assert_eq!(inferred.idle.unwrap().certainty, Certainty::Seen);
}

#[test]
fn one_look_at_a_quiet_connection_suggests_its_idle_time() {
    let scene = Scene { idle: 7200, data: vec![4.0], switched_on: 0.004, ..Scene::default() };
    let (armed_before, _) = watched(&scene, 6.0, 6.1, 0.25);
    assert_eq!(
        nearest(armed_before.idle),
        Some(7196),
        "data came a whole number of seconds later: this is why it says 'read'"
    );
    assert_eq!(armed_before.idle.unwrap().certainty, Certainty::Read);
    let quiet = Scene { data: Vec::new(), ..scene };
    assert_eq!(nearest(watched(&quiet, 6.0, 6.1, 0.25).0.idle), Some(7200));
}

#[test]
fn two_looks_are_enough_where_the_timer_was_armed_in_between() {
    // Armed at 0 for 10 s, in vain, as data came at 6.3 s: then for the rest.
    let scene = Scene { idle: 10, data: vec![6.3], ..Scene::default() };
    let (inferred, _) = watched(&scene, 8.0, 13.0, 4.0);
    assert_eq!(nearest(inferred.idle), Some(10));
    assert_eq!(inferred.idle.unwrap().certainty, Certainty::Seen);
}

#[test]
fn switching_keepalive_on_shows_the_idle_time() {
    let scene = Scene { idle: 45, switched_on: 5.5, ..Scene::default() };
    let (inferred, _) = watched(&scene, 3.0, 7.0, 0.25);
    assert_eq!(nearest(inferred.idle), Some(45));
    assert_eq!(inferred.idle.unwrap().certainty, Certainty::Seen);
    assert_eq!(watched(&scene, 3.0, 5.4, 0.25).0, Inferred::default(), "off so far");
}
