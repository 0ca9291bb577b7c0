//! The play: all connections at once, and five ways to watch them.
//!
//! ```text
//!  a ──── to-a r ──── b      on to-a: NDJSON with all that goes beside it; JSON; a directory that tcpdump fills; a pipe from tcpdump
//!  │                         on a's eth0: text lines
//! ```

use super::lab::Lab;
use super::program::{Ended, Program};
use super::story::{self, NAMES, Story};
use keepscope::frame::FrameBatch;
use keepscope::source::{FrameSource, Next, file};
use keepscope::time::Timestamp;
use nix::sys::signal::Signal;
use serde_json::Value;
use std::fs;
use std::io::{Read, Write};
use std::net::TcpStream;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::OnceLock;
use std::time::Duration;

/// What was told of the play.
pub(crate) struct Play {
    pub(crate) stories: Vec<Story>,
    /// NDJSON, with snapshots, metrics and recorded frames.
    pub(crate) records: Ended,
    /// The lines of text.
    pub(crate) lines: Ended,
    /// The stamps of the frames that `records` is about, from number 1.
    pub(crate) stamps: Vec<Timestamp>,
    /// The analysis of those frames, as NDJSON.
    pub(crate) records_again: String,
    /// Reports of running captures, and of the same frames afterwards.
    pub(crate) reports: Vec<Pair>,
    /// The metrics when all was quiet, just before the end, and those that were left in the file.
    pub(crate) pages: (String, String),
}

/// The same frames reported twice.
pub(crate) struct Pair {
    pub(crate) how: &'static str,
    pub(crate) live: Ended,
    pub(crate) offline: Value,
}

/// The play, which is given once; `None` where it cannot be.
pub(crate) fn play() -> Option<&'static Play> {
    static PLAY: OnceLock<Option<Play>> = OnceLock::new();
    PLAY.get_or_init(perform).as_ref()
}

fn perform() -> Option<Play> {
    let lab = Lab::open()?;
    let dir = tempfile::tempdir().unwrap();
    // The program gives its privileges up before it writes.
    fs::set_permissions(dir.path(), fs::Permissions::from_mode(0o777)).unwrap();
    let path = |name: &str| dir.path().join(name);
    let pieces = path("pieces");
    fs::create_dir(&pieces).unwrap();

    let beside = format!(
        "-w {} --metrics-file {} --metrics 9464 --snapshot 2",
        path("records.pcap").display(),
        path("metrics").display()
    );
    let records = Program::keepscope(&lab.r, &format!("-i to-a -f ip --format ndjson {beside}"));
    let report =
        Program::keepscope(&lab.r, &format!("-i to-a --format json -w {}", path("report.pcap").display()));
    let lines = Program::keepscope(&lab.a, "-i eth0 --color never --time utc");
    let follower = Program::keepscope(&lab.r, &format!("--follow {} --format json", pieces.display()));
    let filler = Program::tcpdump(&lab.r, &format!("-i to-a -G 2 -w {}/%s.pcap", pieces.display()));
    let (pump, piped) = pipe(&lab, &path("piped.pcap"));

    let (stories, open): (Vec<_>, Vec<_>) = std::thread::scope(|scope| {
        let begun = NAMES.map(|name| {
            scope.spawn({
                let (lab, records) = (&lab, &records);
                move || story::play(name, lab, records)
            })
        });
        begun.map(|story| story.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic)))
    })
    .into_iter()
    .unzip();

    // Those that still talk end. Of the others an end is still there, which must not be heard. The metrics are a second old at most.
    let (talking, _silent): (Vec<_>, Vec<_>) = open.into_iter().partition(|(name, _)| name.still_talks());
    drop(talking);
    std::thread::sleep(Duration::from_secs(3));
    let page = lab.r.within(|| scrape(9464));
    let records = records.end(Signal::SIGINT);
    let (report, lines) = (report.end(Signal::SIGTERM), lines.end(Signal::SIGINT));
    pump.end();
    let piped = piped.wait();
    filler.end(Signal::SIGINT);
    // What was written last is to be read first.
    std::thread::sleep(Duration::from_secs(1));
    let follower = follower.end(Signal::SIGINT);

    let mut pieces: Vec<PathBuf> =
        fs::read_dir(&pieces).unwrap().map(|entry| entry.unwrap().path()).collect();
    pieces.sort();
    assert!(pieces.len() > 2, "tcpdump did not rotate: {pieces:?}");
    let offline = |files: &[PathBuf]| serde_json::from_slice(&analyse("json", files)).unwrap();
    let reports = vec![
        Pair { how: "-i", live: report, offline: offline(&[path("report.pcap")]) },
        Pair { how: "--follow", live: follower, offline: offline(&pieces) },
        Pair { how: "-", live: piped, offline: offline(&[path("piped.pcap")]) },
    ];
    let recorded = path("records.pcap");
    Some(Play {
        stories,
        records,
        lines,
        stamps: stamps(&recorded),
        records_again: String::from_utf8(analyse("ndjson", &[recorded])).unwrap(),
        reports,
        pages: (page, fs::read_to_string(path("metrics")).unwrap()),
    })
}

/// What keepscope makes of these files.
fn analyse(format: &str, files: &[PathBuf]) -> Vec<u8> {
    let mut command = Command::new(env!("CARGO_BIN_EXE_keepscope"));
    let output = command.args(["--format", format]).args(files).output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    output.stdout
}

/// The stamps of the frames in a file.
fn stamps(path: &Path) -> Vec<Timestamp> {
    let (mut source, mut batch) = (file::open(&[path.to_owned()], None).unwrap(), FrameBatch::default());
    let mut stamps = Vec::new();
    while source.fill(&mut batch).unwrap() == Next::Filled {
        stamps.extend(batch.iter().map(|frame| frame.ts));
    }
    stamps
}

/// tcpdump, whose output goes to keepscope and to a file.
struct Pump {
    tcpdump: std::process::Child,
    copies: std::thread::JoinHandle<()>,
}

fn pipe(lab: &Lab, copy: &Path) -> (Pump, Program) {
    let mut command = Command::new(env!("CARGO_BIN_EXE_keepscope"));
    command.args(["--format", "json", "-"]).stdin(Stdio::piped());
    let mut keepscope = Program::start(command);
    let (mut stdin, mut copy) = (keepscope.child.stdin.take().unwrap(), fs::File::create(copy).unwrap());
    let mut tcpdump = lab.r.command("tcpdump");
    tcpdump.args(["-i", "to-a", "-U", "--immediate-mode", "-w", "-"]);
    let mut tcpdump = tcpdump.stdout(Stdio::piped()).stderr(Stdio::null()).spawn().unwrap();
    let mut from = tcpdump.stdout.take().unwrap();
    // The file's header says that it captures.
    let mut header = [0; 24];
    from.read_exact(&mut header).unwrap();
    let copies = std::thread::spawn(move || {
        let mut bytes = header.to_vec();
        let mut room = [0; 4096];
        loop {
            stdin.write_all(&bytes).unwrap();
            stdin.flush().unwrap();
            copy.write_all(&bytes).unwrap();
            match from.read(&mut room).unwrap() {
                0 => return,
                read => bytes = room[..read].to_vec(),
            }
        }
    });
    (Pump { tcpdump, copies }, keepscope)
}

impl Pump {
    fn end(mut self) {
        let pid = nix::unistd::Pid::from_raw(self.tcpdump.id().try_into().unwrap());
        nix::sys::signal::kill(pid, Signal::SIGINT).unwrap();
        self.tcpdump.wait().unwrap();
        self.copies.join().unwrap();
    }
}

/// The metrics that are served on loopback.
fn scrape(port: u16) -> String {
    let mut connection = TcpStream::connect(("127.0.0.1", port)).unwrap();
    write!(connection, "GET /metrics HTTP/1.1\r\nHost: x\r\nAccept: application/openmetrics-text\r\n\r\n")
        .unwrap();
    let mut answer = String::new();
    connection.read_to_string(&mut answer).unwrap();
    let (head, page) = answer.split_once("\r\n\r\n").unwrap();
    assert!(head.starts_with("HTTP/1.1 200 "), "{head}");
    page.to_owned()
}
