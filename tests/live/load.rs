//! A hundred thousand connections at a time: what it costs. Not run by default, as it takes minutes and its figures are a machine's; it
//! needs tcpreplay beside the rest, and is best told which program to measure:
//!
//! ```sh
//! cargo build --release
//! KEEPSCOPE=target/release/keepscope KEEPSCOPE_SECONDS=60 cargo test --test live -- --ignored --nocapture load
//! ```
//!
//! Each connection is probed every ten seconds. `KEEPSCOPE_RATE` is frames a second, by default 20,000, which is just that, and every line
//! is read; 0 is as fast as one core sends, and only the report is asked for, as the reader of so many lines would be what is measured.

use super::ns::Namespace;
use super::program::{Line, Program, now};
use super::stories::timestamp;
use etherparse::PacketBuilder;
use keepscope::time::Span;
use nix::sys::signal::Signal;
use std::fs::{self, File};
use std::io::{BufRead, BufReader, BufWriter, Read, Write};
use std::path::Path;
use std::process::Stdio;
use std::time::Duration;

const FLOWS: u32 = 100_000;

/// Of so many lines one is looked at.
const SAMPLE: usize = 101;

#[test]
#[ignore = "takes minutes, and tells figures"]
fn load() {
    let Some((here, there)) = Namespace::pair() else { return };
    let dir = tempfile::tempdir().unwrap();
    let [open, probes] = ["open.pcap", "probes.pcap"].map(|name| dir.path().join(name));
    write(&open, Flow::handshake);
    write(&probes, Flow::probe_and_answer);
    let (rate, seconds) = (number("KEEPSCOPE_RATE", 20_000), number("KEEPSCOPE_SECONDS", 60));
    let is_paced = rate > 0;

    let program = std::env::var("KEEPSCOPE").unwrap_or_else(|_| env!("CARGO_BIN_EXE_keepscope").to_owned());
    let mut command = here.command(program);
    command.args(["-i", "eth0", "-v", "--format", if is_paced { "ndjson" } else { "json" }]);
    let mut child =
        command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    let out = BufReader::new(child.stdout.take().unwrap());
    let reader =
        std::thread::spawn(move || if is_paced { read(out) } else { (read_report(out), Vec::new()) });
    let keepscope = Program::of(child);
    keepscope.wait_until_it_says("keepscope: running as ");
    let process = Process { id: keepscope.child.id() };

    replay(&there, &open, if is_paced { rate } else { 50_000 });
    eprintln!("all open: {}", process.figures());
    let (before, start) = (process.cpu(), now());
    let mut last = start;
    while now().since(start) < Span::from_secs(seconds.into()) {
        replay(&there, &probes, rate);
        if now().since(last) >= Span::from_secs(30) {
            last = now();
            eprintln!("after {:.0} s: {}", last.since(start).as_secs_f64(), process.figures());
        }
    }
    let lasted = now().since(start).as_secs_f64();
    let cpu = process.cpu() - before;
    std::thread::sleep(Duration::from_secs(1));
    let (figures, asked) = (process.figures(), now());
    let ended = keepscope.end(Signal::SIGINT);
    let ending = now().since(asked);
    let (summary, delays) = reader.join().unwrap();
    assert_eq!(ended.code, 0, "{}", ended.err);
    assert_eq!(summary["summary"]["flows"], FLOWS, "{}", ended.err);
    let capture = &summary["capture"];
    eprintln!("at the end: {figures}; {:.0} % of a core over {lasted:.0} s", cpu / lasted * 100.0);
    eprintln!(
        "{} frames, dropped {}, probes {}, answered {}",
        capture["frames"], capture["dropped"], summary["summary"]["probes"], summary["summary"]["answered"]
    );
    eprintln!("the report took {:.2} s", ending.as_secs_f64());
    if delays.is_empty() {
        return;
    }
    let at = |part: f64| delays[((delays.len() - 1) as f64 * part) as usize].as_secs_f64();
    eprintln!(
        "lines were late by {:.3} s, 99 of 100 by less than {:.3} s, all by {:.3} s",
        at(0.5),
        at(0.99),
        at(1.0)
    );
}

/// Reads everything, and tells the last line, and how late some were.
fn read(out: impl BufRead) -> (serde_json::Value, Vec<Span>) {
    let (mut delays, mut last) = (Vec::new(), String::new());
    for (number, text) in out.lines().map_while(Result::ok).enumerate() {
        if number % SAMPLE == 0 {
            let line = Line { at: now(), text };
            let record = line.json();
            if !record["decided_frame"].is_null() && record["type"] != "flow" {
                delays.push(line.at.since(timestamp(record["time"].as_str().unwrap())));
            }
        } else {
            last = text;
        }
    }
    delays.sort();
    (serde_json::from_str(&last).unwrap(), delays)
}

/// Reads everything before it looks at any of it, so that nobody waits for that.
fn read_report(mut out: impl Read) -> serde_json::Value {
    let mut report = Vec::new();
    out.read_to_end(&mut report).unwrap();
    serde_json::from_slice(&report).unwrap()
}

fn number(variable: &str, otherwise: u32) -> u32 {
    std::env::var(variable).map_or(otherwise, |text| text.parse().unwrap())
}

/// Sends what `file` holds, at so many frames a second; 0: as fast as can be.
fn replay(host: &Namespace, file: &Path, rate: u32) {
    let mut command = host.command("tcpreplay");
    command.args(["-q", "--preload-pcap", "-i", "eth0"]);
    match rate {
        0 => command.arg("--topspeed"),
        rate => command.args([format!("--pps={rate}"), "--pps-multi=100".to_owned()]),
    };
    let output = command.arg(file).output().expect("tcpreplay");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
}

struct Process {
    id: u32,
}

impl Process {
    /// How much memory it has and had at most, and how many threads' worth of time it took.
    fn figures(&self) -> String {
        let status = fs::read_to_string(format!("/proc/{}/status", self.id)).unwrap();
        let field = |name: &str| {
            let line = status.lines().find_map(|line| line.strip_prefix(name)).unwrap();
            line.trim().trim_end_matches(" kB").parse::<u64>().unwrap() / 1024
        };
        format!("{} MiB, {} at most; {:.1} s of CPU time", field("VmRSS:"), field("VmHWM:"), self.cpu())
    }

    /// Seconds of CPU time.
    fn cpu(&self) -> f64 {
        let stat = fs::read_to_string(format!("/proc/{}/stat", self.id)).unwrap();
        let fields: Vec<&str> = stat.rsplit_once(')').unwrap().1.split_whitespace().collect();
        // utime and stime, in ticks of a hundredth of a second.
        fields[11..13].iter().map(|ticks| ticks.parse::<f64>().unwrap()).sum::<f64>() / 100.0
    }
}

/// A connection that is not on any host.
struct Flow(u32);

impl Flow {
    const fn client(&self) -> ([u8; 4], u16, u32) {
        let [_, high, middle, low] = (self.0 / 20_000).to_be_bytes();
        ([10, 1 + high, middle, low], 32_768 + (self.0 % 20_000) as u16, self.0.wrapping_mul(2_654_435_761))
    }

    fn segment(&self, out: &mut impl Write, from_client: bool, flags: &str, seq: u32, ack: u32) {
        let (address, port, _) = self.client();
        let server = ([10, 200, 0, (self.0 % 250) as u8], 443);
        let (from, to) = if from_client { ((address, port), server) } else { (server, (address, port)) };
        let step = PacketBuilder::ethernet2([2, 0, 0, 0, 0, 1], [2, 0, 0, 0, 0, 2]).ipv4(from.0, to.0, 64);
        let mut step = step.tcp(from.1, to.1, seq, 65_000);
        if flags.contains('S') {
            step = step.syn();
        }
        if flags.contains('.') {
            step = step.ack(ack);
        }
        let mut frame = Vec::new();
        step.write(&mut frame, &[]).unwrap();
        let length = (frame.len() as u32).to_le_bytes();
        out.write_all(&[&[0; 8], &length[..], &length[..], &frame].concat()).unwrap();
    }

    fn handshake(&self, out: &mut impl Write) {
        let (.., isn) = self.client();
        self.segment(out, true, "S", isn, 0);
        self.segment(out, false, "S.", !isn, isn.wrapping_add(1));
        self.segment(out, true, ".", isn.wrapping_add(1), (!isn).wrapping_add(1));
    }

    fn probe_and_answer(&self, out: &mut impl Write) {
        let (.., isn) = self.client();
        self.segment(out, true, ".", isn, (!isn).wrapping_add(1));
        self.segment(out, false, ".", (!isn).wrapping_add(1), isn.wrapping_add(1));
    }
}

/// Writes a capture of all connections.
fn write(path: &Path, each: impl Fn(&Flow, &mut BufWriter<File>)) {
    let mut out = BufWriter::new(File::create(path).unwrap());
    let header: [u32; 6] = [0xa1b2_c3d4, 0x0004_0002, 0, 0, 262_144, 1];
    header.iter().for_each(|word| out.write_all(&word.to_le_bytes()).unwrap());
    (0..FLOWS).for_each(|flow| each(&Flow(flow), &mut out));
    out.flush().unwrap();
}
