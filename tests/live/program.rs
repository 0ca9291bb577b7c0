//! A program that runs, and what it says, with the moment in which each line came.

use super::ns::Namespace;
use keepscope::time::Timestamp;
use nix::sys::signal::{Signal, kill};
use nix::unistd::Pid;
use serde_json::Value;
use std::io::{BufRead, BufReader};
use std::os::unix::process::ExitStatusExt;
use std::process::{Child, Command, Stdio};
use std::sync::{Arc, Mutex};
use std::thread::JoinHandle;
use std::time::Duration;

/// A line, and when it was read.
#[derive(Clone, Debug)]
pub(crate) struct Line {
    pub(crate) at: Timestamp,
    pub(crate) text: String,
}

impl Line {
    /// The line as the JSON it is.
    pub(crate) fn json(&self) -> Value {
        serde_json::from_str(&self.text).unwrap_or_else(|error| panic!("{error}: {}", self.text))
    }
}

/// A program that runs in a namespace. Killed where the test forgets it.
pub(crate) struct Program {
    pub(crate) child: Child,
    out: Lines,
    err: Lines,
}

/// What a program said, and how it ended: its exit code, or the signal's number beyond 128, as shells have it.
pub(crate) struct Ended {
    pub(crate) code: i32,
    pub(crate) out: Vec<Line>,
    pub(crate) err: String,
    /// When it was asked to end.
    pub(crate) asked: Timestamp,
}

impl Ended {
    pub(crate) fn text(&self) -> String {
        self.out.iter().map(|line| line.text.clone() + "\n").collect()
    }

    pub(crate) fn document(&self) -> Value {
        serde_json::from_str(&self.text()).unwrap_or_else(|error| panic!("{error}: {}", self.err))
    }
}

impl Program {
    /// Starts keepscope there, and waits until it captures.
    pub(crate) fn keepscope(host: &Namespace, args: &str) -> Self {
        let mut command = host.command(env!("CARGO_BIN_EXE_keepscope"));
        command.args(args.split(' ')).arg("-v").stdin(Stdio::null());
        let program = Self::start(command);
        // Said when everything is open.
        program.wait_until_it_says("keepscope: running as ");
        program
    }

    /// Starts tcpdump there, and waits until it captures.
    pub(crate) fn tcpdump(host: &Namespace, args: &str) -> Self {
        let mut command = host.command("tcpdump");
        // Root's, as another user may not write where a test does; and what it has at once.
        command.args(["-Z", "root", "-U", "--immediate-mode"]).args(args.split(' '));
        let program = Self::start(command);
        program.wait_until_it_says("listening on ");
        program
    }

    pub(crate) fn start(mut command: Command) -> Self {
        Self::of(command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap())
    }

    /// One that was started, and whose standard output may be read by somebody else.
    pub(crate) fn of(mut child: Child) -> Self {
        let out = child.stdout.take().map_or_else(|| Lines::of(std::io::empty()), Lines::of);
        let err = Lines::of(child.stderr.take().unwrap());
        Self { child, out, err }
    }

    #[track_caller]
    pub(crate) fn wait_until_it_says(&self, words: &str) {
        wait_until(
            || self.err.any(|line| line.text.contains(words)),
            || format!("{words:?} was never said: {:?}", self.err.all()),
        );
    }

    /// Waits for a line on standard output that `is_it`.
    #[track_caller]
    pub(crate) fn wait_for(&self, what: &str, is_it: impl Fn(&Line) -> bool) {
        wait_until(
            || self.out.any(&is_it),
            || {
                let lines: Vec<_> = self.out.all().into_iter().map(|line| line.text).collect();
                format!("{what} never came:\n{}\n{:?}", lines.join("\n"), self.err.all())
            },
        );
    }

    pub(crate) fn signal(&self, signal: Signal) {
        kill(Pid::from_raw(self.child.id().try_into().unwrap()), signal).unwrap();
    }

    /// Asks it to end, and waits for that.
    pub(crate) fn end(self, signal: Signal) -> Ended {
        self.signal(signal);
        self.wait()
    }

    /// Waits until it ends by itself.
    pub(crate) fn wait(mut self) -> Ended {
        let asked = now();
        let mut status = None;
        wait_until(
            || {
                status = self.child.try_wait().unwrap();
                status.is_some()
            },
            || "it never ended".to_owned(),
        );
        let (status, err) = (status.unwrap(), self.err.rest());
        let err = err.into_iter().map(|line| line.text + "\n").collect();
        let code = status.code().or(status.signal().map(|signal| 128 + signal)).unwrap();
        Ended { code, out: self.out.rest(), err, asked }
    }
}

impl Drop for Program {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// The lines of a pipe as they come.
struct Lines {
    lines: Arc<Mutex<Vec<Line>>>,
    reader: Option<JoinHandle<()>>,
}

impl Lines {
    fn of(pipe: impl std::io::Read + Send + 'static) -> Self {
        let lines = Arc::new(Mutex::new(Vec::new()));
        let into = lines.clone();
        let reader = std::thread::spawn(move || {
            for text in BufReader::new(pipe).lines().map_while(Result::ok) {
                into.lock().unwrap().push(Line { at: now(), text });
            }
        });
        Self { lines, reader: Some(reader) }
    }

    fn any(&self, is_it: impl Fn(&Line) -> bool) -> bool {
        self.lines.lock().unwrap().iter().any(is_it)
    }

    fn all(&self) -> Vec<Line> {
        self.lines.lock().unwrap().clone()
    }

    /// All of them, once the pipe is closed.
    fn rest(&mut self) -> Vec<Line> {
        self.reader.take().unwrap().join().unwrap();
        std::mem::take(&mut self.lines.lock().unwrap())
    }
}

/// Waits until `done`, for longer than anything takes on however busy a machine.
#[track_caller]
pub(crate) fn wait_until(mut done: impl FnMut() -> bool, otherwise: impl FnOnce() -> String) {
    for _ in 0..1_500 {
        if done() {
            return;
        }
        std::thread::sleep(Duration::from_millis(40));
    }
    panic!("{}", otherwise());
}

/// The clock that stamps frames too.
#[allow(clippy::disallowed_methods, reason = "the delay of lines is measured")]
pub(crate) fn now() -> Timestamp {
    let since = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).unwrap();
    Timestamp(i64::try_from(since.as_nanos()).unwrap())
}
