//! Capturing on real interfaces, in network namespaces of the test's own. Needs root and iproute2; skipped loudly without.
#![cfg(all(feature = "libpcap", target_os = "linux"))]

#[path = "support/ns.rs"]
#[allow(dead_code, reason = "other tests use the rest")]
mod ns;

use keepscope::frame::{FrameBatch, LinkType};
use keepscope::source::live::{self, DEFAULT_SNAPLEN, Live, OpenError, Options};
use keepscope::source::{Dropped, FrameSource, Next, Stop};
use keepscope::time::Timestamp;
use ns::Namespace;
use std::net::UdpSocket;
use std::process::Command;

/// Runs `story` inside a namespace with a cable to another one, by starting this test program again there.
fn inside(test: &str, story: fn()) {
    if Namespace::is_inside() {
        return story();
    }
    let Some((here, _there)) = Namespace::pair() else { return };
    here.rerun(test);
}

fn options(interface: &str) -> Options {
    Options {
        interface: interface.to_owned(),
        promiscuous: true,
        snaplen: DEFAULT_SNAPLEN,
        buffer_kib: None,
        filter: Some("udp port 4242".to_owned()),
    }
}

/// A running capture and what it brought so far.
struct Running {
    source: Live,
    stop: Stop,
    batch: FrameBatch,
    /// Number, time, wire length, captured length.
    frames: Vec<(u64, Timestamp, u32, usize)>,
    quiet: Vec<Timestamp>,
    ended: bool,
}

impl Running {
    fn on(options: &Options) -> Self {
        let stop = Stop::default();
        let source = live::open(options, stop.clone()).expect("a capture");
        Self {
            source,
            stop,
            batch: FrameBatch::default(),
            frames: Vec::new(),
            quiet: Vec::new(),
            ended: false,
        }
    }

    /// Goes on until `enough`, or for some 20 seconds of silence.
    #[track_caller]
    fn until(&mut self, enough: impl Fn(&Self) -> bool) {
        for _ in 0..100 {
            if enough(self) {
                return;
            }
            match self.source.fill(&mut self.batch).expect("frames") {
                Next::Filled => self
                    .frames
                    .extend(self.batch.iter().map(|f| (f.no.get(), f.ts, f.wire_len, f.data.len()))),
                Next::Quiet(time) => self.quiet.push(time),
                Next::End => self.ended = true,
            }
        }
        panic!("it never came: {:?} {:?}", self.frames, self.source.notes());
    }

    fn warned(&self, words: &str) -> bool {
        self.source.notes().warnings.iter().any(|line| line.contains(words))
    }
}

/// Sends UDP datagrams of so many bytes through the cable.
fn send(count: usize, bytes: usize) {
    let socket = UdpSocket::bind("10.77.0.1:0").expect("a socket");
    for _ in 0..count {
        socket.send_to(&vec![0; bytes], "10.77.0.2:4242").expect("a datagram sent");
    }
}

fn ip(arguments: &str) {
    let status = Command::new("ip").args(arguments.split(' ')).status().expect("ip");
    assert!(status.success(), "ip {arguments}");
}

#[test]
fn frames_come_whole_and_silence_never_overtakes_them() {
    inside("frames_come_whole_and_silence_never_overtakes_them", || {
        let mut running = Running::on(&options("eth0"));
        assert_eq!(running.source.link(), LinkType(1));
        running.until(|seen| seen.quiet.len() >= 2);
        send(3, 1_000);
        running.until(|seen| seen.frames.len() == 3);
        let before = *running.quiet.last().expect("silence");
        running.until(|seen| seen.quiet.len() >= 8);
        send(300, 10);
        running.until(|seen| seen.frames.len() == 303);
        running.stop.set();
        running.until(|seen| seen.ended);

        let numbers: Vec<u64> = running.frames.iter().map(|(no, ..)| *no).collect();
        assert_eq!(numbers, (1..=303).collect::<Vec<_>>());
        assert!(running.frames.is_sorted_by_key(|(_, ts, ..)| *ts) && running.quiet.is_sorted());
        assert!(running.frames.iter().any(|(_, ts, ..)| ts.0 % 1_000 != 0), "stamps of nanoseconds");
        assert!(before <= running.frames[0].1 && *running.quiet.last().unwrap() <= running.frames[302].1);
        let (_, _, wire_len, captured) = running.frames[0];
        assert_eq!((wire_len, captured), (14 + 20 + 8 + 1_000, DEFAULT_SNAPLEN as usize));
        assert_eq!(running.source.notes().dropped, Some(Dropped::default()));
        assert_eq!(running.source.notes().lost, None);
        assert_eq!(running.source.notes().warnings, Vec::<String>::new());
    });
}

#[test]
fn an_interface_that_goes_down_is_captured_on_when_it_is_up_again() {
    inside("an_interface_that_goes_down_is_captured_on_when_it_is_up_again", || {
        let mut running = Running::on(&options("eth0"));
        send(1, 10);
        running.until(|seen| seen.frames.len() == 1);
        ip("link set eth0 down");
        running.until(|seen| seen.warned("eth0: interface down at 2"));
        ip("link set eth0 up");
        running.until(|seen| seen.warned("eth0: interface up again at 2"));
        send(1, 10);
        running.until(|seen| seen.frames.len() == 2);
        assert_eq!(running.source.notes().lost, None);
        ip("link set eth0 down");
        ip("link set eth0 name wan0");
        running.until(|seen| seen.ended);
        assert_eq!(running.source.notes().lost.as_deref(), Some("eth0: the interface was renamed to wan0"));
    });
}

#[test]
fn a_deleted_interface_is_the_end_and_what_came_before_is_kept() {
    inside("a_deleted_interface_is_the_end_and_what_came_before_is_kept", || {
        let mut running = Running::on(&options("eth0"));
        running.until(|seen| !seen.quiet.is_empty());
        send(5, 10);
        ip("link del eth0");
        ip("link add eth0 type veth peer name eth1");
        running.until(|seen| seen.ended);
        assert_eq!(running.frames.len(), 5);
        assert_eq!(running.source.notes().lost.as_deref(), Some("eth0: the interface is gone"));
    });
}

#[test]
fn all_interfaces_are_captured_on_together() {
    inside("all_interfaces_are_captured_on_together", || {
        let mut running = Running::on(&options("any"));
        assert_eq!(running.source.link(), LinkType(276));
        send(2, 10);
        let lo = UdpSocket::bind("127.0.0.1:0").expect("a socket");
        lo.send_to(b"x", "127.0.0.1:4242").expect("a datagram sent");
        running.until(|seen| seen.frames.len() == 3);
        assert_eq!(running.source.notes().warnings, Vec::<String>::new());
    });
}

#[test]
fn what_cannot_be_opened_is_told_apart() {
    inside("what_cannot_be_opened_is_told_apart", || {
        let open = |options: &Options| live::open(options, Stop::default()).err().expect("an error");
        let unknown = open(&options("eth7"));
        assert!(
            matches!(&unknown, OpenError::NoSuchInterface { name, known } if name == "eth7" && known.contains(&"eth0".to_owned())),
            "{unknown}"
        );
        let error = open(&Options { filter: Some("udp prot 1".to_owned()), ..options("eth0") });
        assert!(
            matches!(&error, OpenError::Other(text) if text.starts_with("filter 'udp prot 1': ")),
            "{error}"
        );
        ip("link set eth0 down");
        let error = open(&options("eth0"));
        assert!(matches!(&error, OpenError::Other(text) if text.starts_with("eth0: ")), "{error}");
        eprintln!("{error}");
    });
}
