//! The configured value lies in the range that is said: a model of Linux' keepalive timer, seen from anywhere on the way, through the whole
//! analysis. `KEEPSCOPE_SWEEP=200000 cargo test --test timers -- --nocapture` takes more samples and prints how wide the ranges are.

mod kernel;

use keepscope::analyzer::{Analyzer, Config};
use keepscope::frame::FrameBatch;
use keepscope::report::{Count, Flow, SettingRange};
use keepscope::source::trace::Trace;
use keepscope::source::{FrameSource, Next};
use keepscope::time::Span;
use kernel::{Scene, Seen, mix, watch};
use std::collections::BTreeMap;
use std::fmt::Write;

/// How many scenes are looked at where the environment does not say.
const SCENES: u64 = 6_000;

/// So many flows make one capture.
const AT_ONCE: u64 = 2_000;

const TIMES: [i64; 46] = [
    1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 12, 15, 16, 17, 20, 25, 30, 32, 35, 45, 60, 64, 75, 90, 100, 110, 120,
    130, 131, 132, 140, 150, 180, 200, 240, 290, 300, 350, 600, 900, 1200, 1800, 2064, 3600, 5400, 7200,
];

/// One of these, by the seed.
fn pick<T: Copy>(seed: u64, salt: u64, from: &[T]) -> T {
    let at = mix(seed ^ salt.wrapping_mul(0xA076_1D64_78BD_642F)) % from.len() as u64;
    *from.iter().cycle().nth(at as usize).expect("something to pick from")
}

fn scene(seed: u64) -> Scene {
    let idle = match pick(seed, 1, &[0, 1, 2]) {
        0 => 1 + (mix(seed ^ 0xF00D) % 7200) as i64,
        _ => pick(seed, 2, &TIMES),
    };
    let interval = match pick(seed, 3, &[0, 0, 0, 1, 2, 3, 4, 5]) {
        0 => pick(seed, 4, &[1, 1, 2, 5, 10, 15, 30, 60, 75]),
        1 => idle,
        2 => (idle / 2).max(1),
        3 => (idle - 1).max(1),
        4 => idle + 1,
        _ => pick(seed, 5, &TIMES),
    };
    let count = pick(seed, 6, &[1, 2, 3, 4, 9]);
    let answered = pick(seed, 7, &[None, None, Some(0), Some(1), Some(2), Some(3), Some(4)]);
    Scene {
        hz: pick(seed, 8, &[100, 250, 300, 1000]),
        idle,
        interval,
        count,
        user_timeout_ms: pick(seed, 9, &[0, 0, 0, 1])
            .gt(&0)
            .then(|| idle * 1000 + (mix(seed ^ 0xCAFE) % (interval as u64 * 6000)) as i64),
        rtt: pick(seed, 10, &[100_000, 5_000_000, 40_000_000, 100_000_000, 400_000_000]),
        away: pick(seed, 11, &[0, 50, 100]),
        answered,
        data_after: pick(
            seed,
            12,
            &[None, None, Some(1_000_000 + (mix(seed ^ 0xDA7A) % 1000) as i64 * idle * 1_000_000)],
        ),
        begins_after: if answered == Some(0) { None } else { pick(seed, 13, &[None, None, None, Some(1)]) },
        timestamps: pick(seed, 14, &[true, true, true, false]),
        phase: (mix(seed ^ 0x9_4A5E) % 8_000_000_000_000) as i64,
        seed,
    }
}

/// The scenes as one text trace, one after the other.
fn trace_of(scenes: &[Scene]) -> String {
    let mut text = String::new();
    let mut offset = 0;
    for (i, scene) in scenes.iter().enumerate() {
        let seen = watch(*scene, 12);
        let ts =
            |own: i64, echo: i64| if scene.timestamps { format!("<ts {own}/{echo}>") } else { String::new() };
        let first = seen.first().map_or(0, |(at, _)| *at);
        let _ = writeln!(text, "addr A 10.0.0.1:{}", 2_000 + i);
        let (mut own, mut peer, mut octets) = (0, 0, 1);
        for (at, what) in &seen {
            let time = offset + at - first;
            let stamp = at.div_euclid(1_000_000);
            let ttl = if scene.away == 0 { 64 } else { 63 };
            let _ = write!(text, "{}.{:09} ", time / 1_000_000_000, time % 1_000_000_000);
            let peer_stamp = stamp + 5_000;
            let _ = match what {
                Seen::Syn => writeln!(text, "A S 0:0(0) win 64240 {} ttl {ttl}", ts(stamp, 0)),
                Seen::SynAck => writeln!(text, "B S. 0:0(0) ack 1 {}", ts(peer_stamp, stamp)),
                Seen::HandshakeAck => writeln!(text, "A . 1:1(0) ack 1 {} ttl {ttl}", ts(stamp, peer)),
                Seen::Probe => writeln!(text, "A . 0:0(0) ack {octets} {} ttl {ttl}", ts(stamp, peer)),
                Seen::Answer => writeln!(text, "B . {octets}:{octets}(0) ack 1 {}", ts(peer_stamp, own)),
                Seen::Data => {
                    let end = octets + 7;
                    let line = writeln!(text, "B P. {octets}:{end}(7) ack 1 {}", ts(peer_stamp, own));
                    octets = end;
                    line
                }
                Seen::DataAck => writeln!(text, "A . 1:1(0) ack {octets} {} ttl {ttl}", ts(stamp, peer)),
                Seen::Reset => writeln!(text, "A R. 1:1(0) ack {octets} {} ttl {ttl}", ts(stamp, peer)),
            };
            match what {
                Seen::SynAck | Seen::Answer | Seen::Data => peer = peer_stamp,
                _ => own = stamp,
            }
        }
        offset += seen.last().map_or(0, |(at, _)| at - first) + 300_000_000_000;
    }
    text
}

/// How often the truth lay inside, and how wide the ranges were, in parts of the true value.
#[derive(Default)]
struct Coverage {
    all: u64,
    inside: u64,
    widths: Vec<f64>,
}

#[derive(Default)]
struct Tally {
    classes: BTreeMap<String, Coverage>,
    misses: Vec<String>,
}

impl Tally {
    fn take(&mut self, class: String, scene: &Scene, truth: i64, range: &SettingRange, flow: &Flow) {
        let coverage = self.classes.entry(class.clone()).or_default();
        coverage.all += 1;
        let seconds = Span::from_secs(truth);
        coverage.widths.push((range.high - range.low).as_secs_f64() / seconds.as_secs_f64());
        if (range.low..=range.high).contains(&seconds) {
            coverage.inside += 1;
        } else {
            let idles: Vec<_> = flow.client.runs.iter().map(|run| (run.idle, run.intervals.len())).collect();
            self.misses.push(format!("{class}: {truth} is not in {range:?}; {scene:?} {idles:?}"));
        }
    }
}

#[test]
fn the_configured_value_lies_in_its_range() {
    let scenes = std::env::var("KEEPSCOPE_SWEEP").ok().and_then(|n| n.parse().ok()).unwrap_or(SCENES);
    let mut tally = Tally::default();
    for from in (0..scenes).step_by(AT_ONCE as usize) {
        let scenes: Vec<Scene> = (from..scenes.min(from + AT_ONCE)).map(scene).collect();
        let flows = flows_of(&trace_of(&scenes));
        assert_eq!(flows.len(), scenes.len());
        for (scene, flow) in scenes.iter().zip(&flows) {
            judge(scene, flow, &mut tally);
        }
    }
    for (class, coverage) in &mut tally.classes {
        coverage.widths.sort_unstable_by(f64::total_cmp);
        let place = |percent: usize| (coverage.widths.len() - 1) * percent / 100;
        let at = |percent| coverage.widths.get(place(percent)).map_or(f64::NAN, |width| width * 100.0);
        println!(
            "{class:75} {:7} of {:7} inside, width {:5.1} % (median), {:5.1} % (90 %), {:5.1} % (worst)",
            coverage.inside,
            coverage.all,
            at(50),
            at(90),
            at(100),
        );
    }
    let ranges: u64 = tally.classes.values().map(|coverage| coverage.all).sum();
    assert!(ranges > scenes * 2, "only {ranges} ranges");
    let shown: Vec<&String> = tally.misses.iter().take(12).collect();
    assert!(shown.is_empty(), "{} misses, of them:\n{shown:#?}", tally.misses.len());
}

fn flows_of(trace: &str) -> Vec<Flow> {
    let trace = Trace::parse(trace).expect("a trace");
    let mut source = trace.source();
    let mut analyzer = Analyzer::new(Config::default());
    let mut batch = FrameBatch::default();
    while source.fill(&mut batch).expect("frames") != Next::End {
        analyzer.handle_batch(&batch);
    }
    analyzer.handle_end(source.notes());
    let mut flows = Vec::new();
    analyzer.report(|flow| flows.push(flow));
    flows
}

fn judge(scene: &Scene, flow: &Flow, tally: &mut Tally) {
    let prober = &flow.client;
    let Some(settings) = &prober.settings else { return };
    let shape = if scene.interval > scene.idle { "interval > idle" } else { "interval <= idle" };
    let life = match scene.answered {
        None => "answered",
        Some(0) => "never answered",
        Some(_) => "answered, then lost",
    };
    let begin = if scene.begins_after.is_some() { ", from amid it" } else { "" };
    let stamps = if scene.timestamps { "" } else { ", no time stamps" };
    let from = match scene.away {
        0 => "prober",
        50 => "middle",
        _ => "peer",
    };
    for place in [format!("HZ {}{begin}", scene.hz), format!("at the {from}{begin}{stamps}")] {
        if let Some(range) = &settings.idle {
            tally.take(format!("idle, {place}, {life}, {shape}"), scene, scene.idle, range, flow);
        }
        if let Some(range) = &settings.interval {
            tally.take(format!("interval, {place}, {life}, {shape}"), scene, scene.interval, range, flow);
        }
    }
    if !prober.changes.is_empty() {
        let idles: Vec<_> = prober.runs.iter().map(|run| (run.idle, run.start)).collect();
        tally.misses.push(format!("nothing changed: {:?}; {scene:?} {idles:?}", prober.changes));
    }
    let Some(count) = settings.count else { return };
    let (truth, timeout) = (scene.count, scene.user_timeout_ms.map(Span::from_millis));
    let holds = match (count, timeout) {
        (Count::Exact(n), None) => n == truth,
        (Count::AtLeast(n), None) => n <= truth,
        (Count::ExactOrUserTimeout(n), None) => n == truth,
        (Count::ExactOrUserTimeout(_), Some(timeout)) => settings
            .user_timeout
            .is_some_and(|(low, high)| low <= timeout && timeout <= high + Span::from_millis(10)),
        (Count::AtLeast(_), Some(_)) => true,
        (Count::Exact(_), Some(_)) => false,
    };
    if !holds {
        tally.misses.push(format!("count {count:?}, {:?}; {scene:?}", settings.user_timeout));
    }
    if let (Some((low, high)), Some(took)) =
        (settings.detection_time, prober.runs.last().and_then(|run| run.detected_after))
        && !(low <= took && took <= high + Span::from_millis(500))
    {
        tally.misses.push(format!("detected after {took}, predicted {low} to {high}; {scene:?}"));
    }
}
