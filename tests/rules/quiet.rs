//! Quiet time is time: what is due and does not come is told when it should have come.
//!
//! A line `TIME quiet` tells the analysis that time went on to there. What it hands out is told in lines `TIME what`, of notices and ends of
//! runs with the time of the capture when they were handed out.

use keepscope::analyzer::{Analyzer, Config, Output};
use keepscope::frame::{FrameBatch, FrameMeta};
use keepscope::report::{Awaited, Flow, FlowCounts, NoticeKind};
use keepscope::run::{Event, EventKind, Outcome};
use keepscope::source::trace::Trace;
use keepscope::source::{Dropped, FrameSource, SourceNotes};
use keepscope::time::{NANOS_PER_SECOND, Span, Timestamp};

/// The epoch second of time 0 in a trace.
const START: Timestamp = Timestamp(1_700_000_000 * NANOS_PER_SECOND);

/// A running capture.
struct Live {
    analyzer: Analyzer,
    told: Vec<String>,
}

enum Moment {
    Frame(FrameBatch),
    Quiet(Timestamp),
    Dropped(u64),
}

impl Live {
    fn new(config: Config) -> Self {
        Self { analyzer: Analyzer::new(Config { stream: true, ..config }), told: Vec::new() }
    }

    fn watching() -> Self {
        Self::new(Config { watch: true, ..Config::default() })
    }

    /// Lets happen what a story tells.
    fn goes_on(mut self, story: &str) -> Self {
        moments(story).into_iter().for_each(|moment| self.happens(moment));
        self
    }

    fn happens(&mut self, moment: Moment) {
        match moment {
            Moment::Frame(batch) => self.analyzer.handle_batch(&batch),
            Moment::Quiet(now) => self.analyzer.handle_time(now),
            Moment::Dropped(kernel) => {
                let dropped = Some(Dropped { kernel, interface: 0 });
                self.analyzer.handle_notes(&SourceNotes { dropped, ..SourceNotes::default() });
            }
        }
        self.listen();
    }

    fn listen(&mut self) {
        let now = self.analyzer.now().unwrap_or(START);
        let told = &mut self.told;
        self.analyzer
            .drain(|output| told.extend(words(&output).map(|words| format!("{} {words}", seconds(now)))));
    }

    fn tells(&self, expected: &[&str]) {
        assert_eq!(self.told, expected, "\n{}", self.told.join("\n"));
    }

    fn open_flow(&self) -> Flow {
        let mut flows = Vec::new();
        self.analyzer.open_flows(false, |flow| flows.push(flow));
        assert_eq!(flows.len(), 1);
        flows.remove(0)
    }
}

fn moments(story: &str) -> Vec<Moment> {
    let aside = |line: &str| {
        let mut words = line.split_whitespace();
        let (time, what) = (words.next()?.parse::<f64>().ok()?, words.next()?);
        match what {
            "quiet" => Some(Moment::Quiet(START + Span((time * 1e9).round() as i64))),
            "dropped" => Some(Moment::Dropped(words.next()?.parse().ok()?)),
            _ => None,
        }
    };
    let is_frame = |line: &str| line.trim_start().starts_with(|c: char| c.is_ascii_digit());
    let frames: Vec<&str> = story.lines().filter(|line| aside(line).is_none()).collect();
    let trace = Trace::parse(&frames.join("\n")).expect("a trace");
    let (mut source, mut batch) = (trace.source(), FrameBatch::default());
    let mut batches = Vec::new();
    while source.fill(&mut batch).expect("frames") == keepscope::source::Next::Filled {
        batches.extend(batch.frames.iter().map(|meta| {
            let mut one = FrameBatch::default();
            one.bytes.extend_from_slice(batch.frame(meta).data);
            one.frames.push(FrameMeta { offset: 0, ..*meta });
            one
        }));
    }
    let mut batches = batches.into_iter();
    let lines = story.lines();
    lines
        .filter_map(|line| match aside(line) {
            Some(moment) => Some(moment),
            None if is_frame(line) => batches.next().map(Moment::Frame),
            None => None,
        })
        .collect()
}

fn seconds(at: Timestamp) -> String {
    format!("{:.3}", at.since(START).as_secs_f64())
}

fn words(output: &Output) -> Option<String> {
    Some(match output {
        Output::Notice(notice) => {
            let side = notice.side.name();
            let what = match notice.kind {
                NoticeKind::ProbeUnanswered { run, number, waited, next } => {
                    let next = next.map_or_else(|| "?".into(), seconds);
                    format!("probe {run}.{number} unanswered for {waited}, next {next}")
                }
                NoticeKind::ProbeOverdue { run, number, waited, expected } => {
                    let expected = expected.map_or_else(|| "?".into(), seconds);
                    format!("overdue after {run}.{number} for {waited}, expected {expected}")
                }
                NoticeKind::Silent { idle, quiet } => format!("silent for {quiet}, idle {idle}"),
            };
            format!("{side} {what}, at {} of frame {}", seconds(notice.at), notice.frame)
        }
        Output::Event(Event { kind: EventKind::RunEnd(run), side, .. }) => {
            let doubt = if run.doubt.is_empty() { "" } else { " doubtful" };
            format!("{} {}{doubt}", side.name(), run.outcome?.name())
        }
        Output::Flow { .. } => "final".into(),
        Output::Loss(loss) => format!("lost {} of {}", loss.more.kernel, loss.total.kernel),
        Output::Event(_) | Output::Told(_) => return None,
    })
}

const HANDSHAKE: &str = "
      0.000 A S  0:1(0)
      0.010 B S. 0:1(0) ack 1
      0.020 A .  1:1(0) ack 1
";

/// Idle 60 s and, from a run in which a probe was lost, interval 10 s.
const KNOWN: &str = "
      0.000 A S  0:1(0)
      0.010 B S. 0:1(0) ack 1
      0.020 A .  1:1(0) ack 1
     60.000 A .  0:0(0) ack 1
     70.000 A .  0:0(0) ack 1
     70.010 B .  1:1(0) ack 1
    130.010 A .  0:0(0) ack 1
    130.020 B .  1:1(0) ack 1
";

/// What a watcher is told of what follows.
fn known(story: &str) -> Live {
    let before = Live::watching().goes_on(KNOWN).told.len();
    let mut live = Live::watching().goes_on(&(KNOWN.to_owned() + story));
    live.told.drain(..before);
    live
}

#[test]
fn an_answer_that_comes_in_time_is_no_news() {
    let story = "
        190.020 A .  0:0(0) ack 1
        190.500 quiet
        190.900 B .  1:1(0) ack 1
        250.000 quiet";
    known(story).tells(&["190.900 client answered"]);
}

#[test]
fn a_probe_without_answer_is_told_once_and_when_it_is_due() {
    let story = "
        190.020 A .  0:0(0) ack 1
        191.000 quiet
        191.100 quiet
        191.200 quiet
        199.000 quiet
        200.020 A .  0:0(0) ack 1
        201.100 quiet
        201.200 B .  1:1(0) ack 1";
    known(story).tells(&[
        "191.100 client probe 2.1 unanswered for 1 s, next 200.020, at 191.020 of frame 9",
        "201.100 client probe 2.2 unanswered for 1 s, next 210.020, at 201.020 of frame 10",
        "201.200 client recovered",
    ]);
}

#[test]
fn a_slow_path_is_given_more_time() {
    let slow = "
          0.000 A S  0:1(0)
          0.800 B S. 0:1(0) ack 1
          0.810 A .  1:1(0) ack 1
         60.810 A .  0:0(0) ack 1
         63.900 quiet
         64.100 quiet";
    Live::watching()
        .goes_on(slow)
        .tells(&["64.100 client probe 0.1 unanswered for 3.2 s, next ?, at 64.010 of frame 4"]);
}

#[test]
fn no_longer_than_the_interval_is_waited_for_an_answer() {
    let quick = "
          0.000 A S  0:1(0)
          0.010 B S. 0:1(0) ack 1
          0.020 A .  1:1(0) ack 1
          5.000 A .  0:0(0) ack 1
          5.400 A .  0:0(0) ack 1
          5.410 B .  1:1(0) ack 1
         10.000 A .  0:0(0) ack 1
         10.500 quiet";
    Live::watching().goes_on(quick).tells(&[
        "5.410 client recovered",
        "10.500 client probe 1.1 unanswered for 0.4 s, next 10.400, at 10.400 of frame 7",
    ]);
}

#[test]
fn a_run_that_waits_is_overdue_and_then_over() {
    let story = "
        190.020 A .  0:0(0) ack 1
        200.020 A .  0:0(0) ack 1
        211.700 quiet
        211.900 quiet
        233.000 quiet
        234.000 quiet
        400.000 quiet";
    let live = known(story);
    live.tells(&[
        "200.020 client probe 2.1 unanswered for 1 s, next 200.020, at 191.020 of frame 9",
        "211.700 client probe 2.2 unanswered for 1 s, next 210.020, at 201.020 of frame 10",
        "211.900 client overdue after 2.2 for 11.769841269 s, expected 210.020, at 211.790 of frame 10",
        "234.000 client stopped",
    ]);
    // What has stopped is expected no more.
    assert_eq!(live.open_flow().client.due, None);
}

#[test]
fn a_reset_in_time_ends_the_waiting() {
    let story = "
        190.020 A .  0:0(0) ack 1
        200.020 A .  0:0(0) ack 1
        210.020 A R. 1:1(0) ack 1
        269.000 quiet
        270.100 quiet";
    known(story).tells(&[
        "200.020 client probe 2.1 unanswered for 1 s, next 200.020, at 191.020 of frame 9",
        "210.020 client probe 2.2 unanswered for 1 s, next 210.020, at 201.020 of frame 10",
        "210.020 client timed_out",
        // A flow that was reset is final a minute later, by quiet time too.
        "270.100 final",
    ]);
}

#[test]
fn where_the_interval_is_unknown_time_decides_nothing() {
    let story = HANDSHAKE.to_owned()
        + "
         60.020 A .  0:0(0) ack 1
        195.000 quiet
        196.000 quiet
        900.000 quiet
        910.000 A .  0:0(0) ack 1
        910.010 B .  1:1(0) ack 1";
    Live::watching().goes_on(&story).tells(&[
        "195.000 client probe 0.1 unanswered for 1 s, next ?, at 61.020 of frame 4",
        "196.000 client overdue after 0.1 for 135.26063492 s, expected ?, at 195.281 of frame 4",
        "910.010 client recovered",
    ]);
}

#[test]
fn a_flow_that_is_silent_for_too_long_is_told() {
    let story = "
        198.000 quiet
        198.200 quiet
        900.000 quiet";
    known(story).tells(&["198.200 client silent for 68.119047619 s, idle 60 s, at 198.139 of frame 8"]);
}

#[test]
fn a_single_idle_time_proves_little() {
    // As KEEPINTVL above KEEPIDLE does: the first wait is the shorter one.
    let story = HANDSHAKE.to_owned()
        + "
          2.020 A .  0:0(0) ack 1
          2.030 B .  1:1(0) ack 1
          5.000 quiet
         87.000 quiet
         87.100 quiet";
    Live::watching().goes_on(&story).tells(&[
        "2.030 client answered",
        "87.100 client silent for 85.023809523 s, idle 2.01 s, at 87.054 of frame 5",
    ]);
}

#[test]
fn only_a_probe_after_a_probe_shows_how_long_an_end_waits() {
    // Idle 30 s, and the usual interval of 75 s. Data between them shows the former only, however often.
    let story = HANDSHAKE.to_owned()
        + "
         30.020 A .  0:0(0) ack 1
         30.030 B .  1:1(0) ack 1
         40.000 A P. 1:11(10) ack 1
         40.010 B .  1:1(0) ack 11
         70.010 A .  10:10(0) ack 1
         70.020 B .  1:1(0) ack 11
        130.000 quiet
        145.020 A .  10:10(0) ack 1
        145.030 B .  1:1(0) ack 11
        230.000 quiet
        230.100 quiet";
    Live::watching().goes_on(&story).tells(&[
        "30.030 client answered",
        "70.020 client answered",
        "145.030 client answered",
        "230.100 client silent for 85.023809523 s, idle 75 s, at 230.054 of frame 11",
    ]);
}

#[test]
fn silence_is_as_it_should_be_where_no_probe_is_due() {
    let data_in_flight = "
        140.000 A P. 1:11(10) ack 1
        900.000 quiet";
    let zero_window = "
        140.000 B .  1:1(0) ack 1 win 0
        900.000 quiet";
    let half_closed = "
        140.000 A F. 1:2(0) ack 1
        140.010 B .  1:1(0) ack 2
        900.000 quiet";
    for story in [data_in_flight, zero_window, half_closed] {
        known(story).tells(&[]);
    }
}

#[test]
fn data_puts_the_probe_off() {
    let story = "
        180.000 A P. 1:11(10) ack 1
        180.010 B .  1:1(0) ack 11
        240.000 quiet
        248.000 quiet
        248.200 quiet";
    known(story).tells(&["248.200 client silent for 68.119047619 s, idle 60 s, at 248.129 of frame 10"]);
}

#[test]
fn with_one_direction_nothing_is_missing() {
    let story = "
          0.000 A .  99:99(0) ack 500
         10.000 A .  99:99(0) ack 500
         20.000 A .  99:99(0) ack 500
        100.000 quiet
        900.000 quiet";
    Live::watching().goes_on(story).tells(&[]);
}

#[test]
fn intervals_that_double_are_given_time_to_double() {
    let story = HANDSHAKE.to_owned()
        + "
         60.020 A .  0:0(0) ack 1
         61.020 A .  0:0(0) ack 1
         63.020 A .  0:0(0) ack 1
         67.500 quiet
         68.200 quiet";
    Live::watching().goes_on(&story).tells(&[
        "63.020 client probe 0.2 unanswered for 1 s, next 62.020, at 62.020 of frame 5",
        // Nobody could know then.
        "63.020 client overdue after 0.2 for 1.626984126 s, expected 62.020, at 62.647 of frame 5",
        "67.500 client probe 0.3 unanswered for 1 s, next 67.020, at 64.020 of frame 6",
        "68.200 client overdue after 0.3 for 5.007936507 s, expected 67.020, at 68.028 of frame 6",
    ]);
}

#[test]
fn a_flow_that_was_closed_is_final_by_quiet_time() {
    let story = "
        140.000 A F. 1:2(0) ack 1
        140.010 B F. 1:2(0) ack 2
        140.020 A .  2:2(0) ack 2
        199.000 quiet
        200.100 quiet";
    known(story).tells(&["200.100 final"]);
}

#[test]
fn what_is_lost_makes_doubtful_what_it_touches() {
    let story = "
        131.000 dropped 0
        190.020 A .  0:0(0) ack 1
        190.030 B .  1:1(0) ack 1
        190.100 dropped 7
        250.030 A .  0:0(0) ack 1
        250.100 dropped 7
        260.030 A .  0:0(0) ack 1
        260.040 B .  1:1(0) ack 1
        300.000 dropped 7
        320.040 A .  0:0(0) ack 1
        330.040 A .  0:0(0) ack 1
        330.050 B .  1:1(0) ack 1";
    let live = known(story);
    live.tells(&[
        "190.030 client answered",
        "190.030 lost 7 of 7",
        "260.030 client probe 3.1 unanswered for 1 s, next 260.030, at 251.030 of frame 11",
        "260.040 client recovered doubtful",
        "330.040 client probe 4.1 unanswered for 1 s, next 330.040, at 321.040 of frame 14",
        "330.050 client recovered",
    ]);
    let doubts: Vec<_> = live.open_flow().client.runs.iter().map(|run| run.doubt.len()).collect();
    assert_eq!(doubts, [0, 0, 0, 1, 0], "what was over before is not in doubt");
}

#[test]
fn an_open_flow_is_shown_as_if_the_capture_ended() {
    let waiting = "
        190.020 A .  0:0(0) ack 1
        200.020 A .  0:0(0) ack 1
        205.000 quiet
    ";
    let flow = known(waiting).open_flow();
    let client = &flow.client;
    assert_eq!((client.probes, client.answered, client.unanswered, client.undecided), (5, 2, 2, 1));
    let outcomes: Vec<_> = client.runs.iter().map(|run| run.outcome).collect();
    assert_eq!(outcomes, [Some(Outcome::Recovered), Some(Outcome::Answered), Some(Outcome::Pending)]);
    assert_eq!((client.runs_total, client.outcome), (3, Some(Outcome::Pending)));
    let open = client.open_run.as_ref().expect("an open run");
    assert_eq!((open.number, open.probes, open.outcome), (2, 2, None));
    assert_eq!(due(&flow), Some((Awaited::NextProbe, "200.020".into(), "210.020".into())));

    let flow = known(&(waiting.to_owned() + "205.010 B .  1:1(0) ack 1")).open_flow();
    assert!(flow.client.open_run.is_none() && flow.client.undecided == 0);
    assert_eq!(due(&flow), Some((Awaited::FirstProbe, "205.010".into(), "265.010".into())));
}

/// What the client is expected to do, since when, and when.
fn due(flow: &Flow) -> Option<(Awaited, String, String)> {
    flow.client.due.map(|due| (due.what, seconds(due.since), seconds(due.at)))
}

#[test]
fn a_look_at_open_flows_changes_nothing() {
    let story = "
          0.000 A .  99:99(0) ack 500
         60.000 A .  99:99(0) ack 500
         60.005 quiet
         60.010 B .  500:500(0) ack 100
    ";
    let mut live = Live::watching();
    let mut ambiguous = Vec::new();
    for moment in moments(story) {
        live.happens(moment);
        ambiguous.push(live.open_flow().client.ambiguous_probes);
    }
    assert_eq!(ambiguous, [0, 2, 2, 0], "what may be a probe is one in the end");
    assert_eq!(live.open_flow().client.probes, 2);
}

#[test]
fn settings_that_were_changed_are_gone_by() {
    let story = "
        160.020 A .  0:0(0) ack 1
        160.030 B .  1:1(0) ack 1
        190.030 A .  0:0(0) ack 1
        193.030 A .  0:0(0) ack 1
        193.040 B .  1:1(0) ack 1
        223.040 A .  0:0(0) ack 1
    ";
    let flow = known(story).open_flow();
    assert_eq!(due(&flow), Some((Awaited::NextProbe, "223.040".into(), "226.040".into())));
    let flow = known(&(story.to_owned() + "223.050 B .  1:1(0) ack 1")).open_flow();
    assert_eq!(due(&flow), Some((Awaited::FirstProbe, "223.050".into(), "253.050".into())));
}

#[test]
fn flows_are_counted_as_they_change() {
    let counts = |story: &str| {
        let counts = Live::new(Config::default()).goes_on(story).analyzer.flow_counts();
        let FlowCounts { open, half_closed, closed, reset, probing, waiting, total, evicted } = counts;
        assert_eq!(evicted, 0);
        [open, half_closed, closed, reset, probing, waiting, total]
    };
    let probing = KNOWN.to_owned() + "190.020 A .  0:0(0) ack 1\n";
    assert_eq!(counts(HANDSHAKE), [1, 0, 0, 0, 0, 0, 1]);
    assert_eq!(counts(&probing), [1, 0, 0, 0, 1, 1, 1]);
    let answered = probing + "190.030 B .  1:1(0) ack 1\n";
    assert_eq!(counts(&answered), [1, 0, 0, 0, 1, 0, 1]);
    let half_closed = answered + "200.000 A F. 1:2(0) ack 1\n";
    assert_eq!(counts(&half_closed), [0, 1, 0, 0, 1, 0, 1]);
    let closed = half_closed + "200.010 B F. 1:2(0) ack 2\n";
    assert_eq!(counts(&closed), [0, 0, 1, 0, 1, 0, 1]);
    // A minute later it is forgotten.
    assert_eq!(counts(&(closed.clone() + "260.100 quiet\n")), [0, 0, 0, 0, 0, 0, 1]);
    // Its tuple is used again, and reset.
    let again = closed + "isn A 500000\n201.000 A S  0:1(0)\n201.010 B R. 0:0(0) ack 1\n";
    assert_eq!(counts(&again), [0, 0, 0, 1, 0, 0, 2]);
}
