//! The server, as scrapers and strangers meet it.

use super::page::Page;
use super::server::Server;
use super::{Address, Exporter};
use crate::analyzer::{Analyzer, Config};
use crate::frame::FrameBatch;
use crate::source::trace::Trace;
use crate::source::{FrameSource, Next, Stop};
use std::io::{Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::thread;
use std::time::{Duration, Instant};

/// Longer than anything here may take, on a machine with much else to do.
const LONG: Duration = Duration::from_secs(20);

/// A server on a port that was free, which ends with the test.
struct Running {
    address: SocketAddr,
    page: Page,
    stop: Stop,
    thread: Option<thread::JoinHandle<()>>,
}

impl Running {
    fn with(page: &str) -> Self {
        let server = Server::bind("127.0.0.1:0".parse().unwrap()).unwrap();
        let (address, page, stop) = (server.address().unwrap(), Page::new(page.to_owned()), Stop::default());
        let thread = Some(server.serve(page.clone(), stop.clone()).unwrap());
        Self { address, page, stop, thread }
    }

    fn connect(&self) -> TcpStream {
        let stream = TcpStream::connect(self.address).unwrap();
        stream.set_read_timeout(Some(LONG)).unwrap();
        stream.set_write_timeout(Some(LONG)).unwrap();
        stream
    }

    /// What is answered to `request`.
    fn ask(&self, request: &str) -> String {
        let mut stream = self.connect();
        stream.write_all(request.as_bytes()).unwrap();
        all_of(stream)
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        self.stop.set();
        self.thread.take().unwrap().join().unwrap();
    }
}

/// What comes until the other end closes; nothing more where it resets.
fn all_of(mut stream: TcpStream) -> String {
    let mut all = Vec::new();
    let _ = stream.read_to_end(&mut all);
    String::from_utf8(all).unwrap()
}

#[expect(clippy::disallowed_methods, reason = "these tests are about patience")]
fn now() -> Instant {
    Instant::now()
}

#[test]
fn the_newest_page_is_handed_out() {
    let running = Running::with("the first\n# EOF\n");
    assert!(running.ask("GET /metrics HTTP/1.1\r\n\r\n").ends_with("\r\n\r\nthe first\n# EOF\n"));
    running.page.put("the second\n# EOF\n".into());
    assert!(running.ask("GET /metrics HTTP/1.1\r\n\r\n").ends_with("\r\n\r\nthe second\n# EOF\n"));
    assert!(running.ask("HEAD /metrics HTTP/1.1\r\n\r\n").ends_with("\r\n\r\n"));
    assert!(running.ask("GET /elsewhere HTTP/1.1\r\n\r\n").starts_with("HTTP/1.1 404 "));
    assert!(
        running.ask("POST /metrics HTTP/1.1\r\nContent-Length: 3\r\n\r\nabc").starts_with("HTTP/1.1 405 ")
    );
}

#[test]
fn a_request_may_come_in_pieces() {
    let running = Running::with("page\n");
    let mut stream = running.connect();
    for piece in ["GET /met", "rics HTTP/1.1\r\nHo", "st: x\r\n", "\r\n"] {
        stream.write_all(piece.as_bytes()).unwrap();
        thread::sleep(Duration::from_millis(20));
    }
    assert!(all_of(stream).ends_with("\r\n\r\npage\n"));
}

#[test]
fn a_large_page_arrives_whole() {
    let page = "x".repeat(3_000_000);
    let running = Running::with(&page);
    let answer = running.ask("GET /metrics HTTP/1.1\r\n\r\n");
    assert_eq!(answer.split_once("\r\n\r\n").unwrap().1.len(), page.len());
}

#[test]
fn garbage_and_much_of_it_is_refused_and_the_next_is_served() {
    let running = Running::with("page\n");
    for (request, status) in [
        ("\0\0\0\0".to_owned(), "400"),
        ("GET /metrics HTTP/1.1\r\nX: ".to_owned() + &"y".repeat(20_000), "431"),
        ("A".repeat(1_000_000), "431"),
    ] {
        let mut stream = running.connect();
        // The server may be tired of it before it is written.
        let _ = stream.write_all(request.as_bytes());
        let answer = all_of(stream);
        let expected = format!("HTTP/1.1 {status} ");
        // Of what is too much by far, nothing is read, and the answer may be lost with the connection.
        assert!(answer.starts_with(&expected) || request.len() > 1 << 17, "{request:.20}: {answer}");
    }
    assert!(running.ask("GET /metrics HTTP/1.1\r\n\r\n").ends_with("page\n"));
}

#[test]
fn who_says_nothing_or_ever_so_little_is_let_go() {
    let running = Running::with("page\n");
    let began = now();
    let silent = running.connect();
    let mut dripping = running.connect();
    let drip = thread::spawn(move || {
        // One octet at a time would go on for minutes.
        for _ in 0..1000 {
            if dripping.write_all(b"G").is_err() {
                break;
            }
            thread::sleep(Duration::from_millis(100));
        }
        now()
    });
    assert!(running.ask("GET /metrics HTTP/1.1\r\n\r\n").ends_with("page\n"), "others are served meanwhile");
    assert!(all_of(silent).starts_with("HTTP/1.1 408 "));
    assert!(drip.join().unwrap().duration_since(began) < LONG, "an octet now and then buys no time");
}

#[test]
fn who_does_not_read_is_let_go() {
    let running = Running::with(&"x".repeat(30_000_000));
    let mut deaf = running.connect();
    deaf.write_all(b"GET /metrics HTTP/1.1\r\n\r\n").unwrap();
    thread::sleep(Duration::from_secs(4));
    let answer = all_of(deaf);
    assert!(answer.len() < 30_000_000, "all of {} octets came", answer.len());
    running.page.put("page\n".into());
    assert!(running.ask("GET /metrics HTTP/1.1\r\n\r\n").ends_with("page\n"));
}

#[test]
fn a_crowd_is_turned_away_until_it_thins_out() {
    let running = Running::with("page\n");
    let crowd: Vec<TcpStream> = (0..40).map(|_| running.connect()).collect();
    let answers: Vec<String> = crowd.into_iter().map(all_of).collect();
    let told = |status: &str| {
        answers.iter().filter(|answer| answer.starts_with(&format!("HTTP/1.1 {status} "))).count()
    };
    // Those who have a seat say nothing, too.
    assert!(told("503") > 20, "{answers:?}");
    assert!(told("408") > 0, "some are waited for: {answers:?}");
    let began = now();
    while !running.ask("GET /metrics HTTP/1.1\r\n\r\n").ends_with("page\n") {
        assert!(now().duration_since(began) < LONG, "nobody is served any more");
        thread::sleep(Duration::from_millis(50));
    }
}

#[test]
fn a_port_that_is_taken_is_an_error_of_the_start() {
    let running = Running::with("page\n");
    let error = Exporter::open(Some(Address(running.address)), None).unwrap_err();
    assert!(error.to_string().starts_with(&format!("cannot listen at {} (--metrics): ", running.address)));
}

#[test]
fn nothing_is_asked_for_nothing_is_opened() {
    assert!(Exporter::open(None, None).unwrap().is_none());
}

/// Everything is forbidden that has to do with files, and with ports, but for what is open already.
#[cfg(target_os = "linux")]
#[test]
fn a_sandbox_without_files_and_new_sockets_does_not_hinder_it() {
    use landlock::{ABI, Access, AccessFs, AccessNet, Ruleset, RulesetAttr, RulesetStatus};
    let server = Server::bind("127.0.0.1:0".parse().unwrap()).unwrap();
    let address = server.address().unwrap();
    let stop = Stop::default();
    let confined = {
        let stop = stop.clone();
        move || {
            let rules = Ruleset::default()
                .handle_access(AccessFs::from_all(ABI::V4))
                .and_then(|rules| rules.handle_access(AccessNet::from_all(ABI::V4)))
                .and_then(landlock::Ruleset::create)
                .and_then(landlock::RulesetCreated::restrict_self)
                .unwrap();
            if rules.ruleset != RulesetStatus::FullyEnforced {
                eprintln!("skipped: this kernel has no Landlock that forbids connections");
                return None;
            }
            assert!(TcpStream::connect(address).is_err(), "nothing is forbidden");
            Some(server.serve(Page::new("page\n".into()), stop).unwrap())
        }
    };
    // Only that thread, and what it starts, is confined.
    let Some(thread) = thread::spawn(confined).join().unwrap() else { return };
    let mut stream = TcpStream::connect(address).unwrap();
    stream.write_all(b"GET /metrics HTTP/1.1\r\n\r\n").unwrap();
    assert!(all_of(stream).ends_with("page\n"));
    stop.set();
    thread.join().unwrap();
}

/// A connection that is probed once, and whose end answers.
const PROBED: &str = "
     0.000 A S  0:1(0)
     0.010 B S. 0:1(0) ack 1
     0.020 A .  1:1(0) ack 1
    60.020 A .  0:0(0) ack 1
    60.030 B .  1:1(0) ack 1
";

#[test]
fn an_analysis_is_in_the_file_from_the_first_page_to_the_last() {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("keepscope.txt");
    let read = || std::fs::read_to_string(&path).unwrap();
    let mut exporter = Exporter::open(None, Some(&path)).unwrap().unwrap();
    assert!(!path.exists(), "who is privileged writes nothing that others must replace");
    exporter.start(Stop::default()).unwrap();
    assert!(read().contains("keepscope_probes_sent_total{role=\"client\"} 0\n"));

    let trace = Trace::parse(PROBED).unwrap();
    let mut source = trace.source();
    let mut analyzer = Analyzer::new(Config { stream: true, ..Config::default() });
    let mut batch = FrameBatch::default();
    while source.fill(&mut batch).unwrap() != Next::End {
        analyzer.handle_batch(&batch);
        analyzer.drain(|output| exporter.take(&output));
        exporter.tick(&analyzer).unwrap();
    }
    analyzer.handle_end(source.notes());
    analyzer.drain(|output| exporter.take(&output));
    exporter.finish(&analyzer).unwrap();
    for line in [
        "keepscope_packets_total{kind=\"segment\"} 5\n",
        "keepscope_probes_sent_total{role=\"client\"} 1\n",
        "keepscope_probes_total{role=\"client\",result=\"answered\"} 1\n",
        "keepscope_probe_rtt_seconds_sum{role=\"client\"} 0.01\n",
        "keepscope_keepalive_idle_seconds_bucket{le=\"55.0\",role=\"client\"} 0\n",
        "keepscope_keepalive_idle_seconds_bucket{le=\"70.0\",role=\"client\"} 1\n",
        "keepscope_runs_total{outcome=\"answered\"} 1\n",
    ] {
        assert!(read().contains(line), "{line} is not in\n{}", read());
    }
}

#[test]
fn a_file_that_cannot_be_written_is_an_error_of_the_start() {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("gone/keepscope.prom");
    let error = Exporter::open(None, Some(&path)).unwrap().unwrap().start(Stop::default()).unwrap_err();
    let error = error.to_string();
    assert!(error.contains("keepscope.prom (--metrics-file): no such file"), "{error}");
}
