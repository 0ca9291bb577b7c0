//! The live view of a real capture on a real screen: connections of known ways, keys, and screens that a person has looked at.
//!
//! After a wanted change: `KEEPSCOPE_BLESS=1 cargo test --test screen`, and read the difference.

use crate::masks::masked;
use crate::ns::Namespace;
use crate::tmux::Screen;
use nix::sys::signal::{Signal, kill};
use nix::unistd::Pid;
use std::path::Path;
use std::process::{Child, Command, Stdio};

const BIN: &str = env!("CARGO_BIN_EXE_keepscope");
const SMALL: (u16, u16) = (80, 24);
const LARGE: (u16, u16) = (200, 60);

/// One connection that is well, one whose peer does not answer any more, one whose probes a firewall keeps in, and one that never asked for
/// keepalive and says something every second.
const CONNECTIONS: &str = r#"
import socket, subprocess, time
def connect(port, server, idle=None, interval=1, count=9):
    listener = socket.socket()
    listener.bind(("127.0.0.2", server))
    listener.listen()
    client = socket.socket()
    client.bind(("127.0.0.1", port))
    if idle:
        client.setsockopt(socket.IPPROTO_TCP, socket.TCP_KEEPIDLE, idle)
        client.setsockopt(socket.IPPROTO_TCP, socket.TCP_KEEPINTVL, interval)
        client.setsockopt(socket.IPPROTO_TCP, socket.TCP_KEEPCNT, count)
        client.setsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE, 1)
    client.connect(("127.0.0.2", server))
    peer, _ = listener.accept()
    client.send(b"hello")
    peer.recv(5)
    return client, peer, listener
held = [
    connect(40001, 5432, idle=3),
    connect(40002, 443, idle=1, interval=1, count=3),
    connect(40003, 8080, idle=4, interval=2, count=99),
    connect(40004, 22),
]
rules = """table inet t {
    chain i { type filter hook input priority 0; tcp dport 443 drop; }
    chain o { type filter hook output priority 0; tcp sport 40003 drop; }
}"""
time.sleep(0.5)
subprocess.run(["nft", "-f", "-"], input=rules.encode(), check=True)
while True:
    held[3][0].send(b"beat")
    held[3][1].recv(4)
    time.sleep(1)
"#;

/// The connections in a world of their own.
struct World {
    namespace: Namespace,
    traffic: Option<Child>,
}

impl World {
    /// `None`, said aloud, where there can be none.
    fn new() -> Option<Self> {
        for tool in ["nft", "python3"] {
            if Command::new(tool).arg("--version").output().is_err() {
                eprintln!("skipped: real connections need {tool}");
                return None;
            }
        }
        Some(Self { namespace: Namespace::new()?, traffic: None })
    }

    /// The program with these options, as a line for the shell.
    fn keepscope(&self, options: &str) -> String {
        format!("ip netns exec {} {BIN} -i lo {options}", self.namespace.name())
    }

    fn connect(&mut self) {
        let mut python = self.namespace.command("python3");
        self.traffic = Some(python.args(["-c", CONNECTIONS]).stdin(Stdio::null()).spawn().unwrap());
    }
}

impl Drop for World {
    fn drop(&mut self) {
        if let Some(traffic) = &mut self.traffic {
            let _ = traffic.kill();
            let _ = traffic.wait();
        }
    }
}

#[test]
fn a_person_sees_what_becomes_of_connections() {
    let Some(mut world) = World::new() else { return };
    let Some(screen) = Screen::start(&world.keepscope(""), SMALL) else { return };
    let empty = screen.wait_for("waiting for the first frame");
    assert!(empty.starts_with("keepscope lo · "), "{empty}");
    world.connect();
    // The last to come is the remark that the healthy one probes often.
    screen.wait_until("how all of them stand", |text| {
        ["timed out", "never leaves", "no probe, da", "2 remarks"].iter().all(|words| text.contains(words))
    });
    screen.keys(&["p"]);
    golden("screen-small.txt", &screen.wait_for("PAUSED"));
    let colored = screen.colored_text();
    assert!(colored.contains("\x1b[38;5;1m!!") || colored.contains("\x1b[31m!!"), "{colored}");

    screen.keys(&["s"]);
    screen.wait_for("next due first");
    screen.keys(&["s", "s", "s"]);
    screen.wait_for("by address");
    screen.keys(&["r"]);
    screen.wait_for("by address, reversed");
    screen.keys(&["s"]);
    screen.wait_for("worst first");

    screen.keys(&["/", "8080"]);
    screen.wait_for("filter: 8080");
    screen.keys(&["Enter", "Enter"]);
    golden("screen-panel.txt", &screen.wait_for("kernel: keepalive"));
    screen.keys(&["Enter", "Escape"]);
    // tmux waits for what may follow an Escape.
    screen.wait_until("all rows", |text| !text.contains("8080\":"));

    screen.keys(&["?"]);
    screen.wait_for("─ help ─");
    screen.keys(&["x"]);
    screen.wait_until("no help", |text| !text.contains("─ help ─"));
    screen.keys(&["Home"]);
    screen.resize(LARGE);
    let large = screen.wait_until("a wide screen", |text| text.contains("KERNEL"));
    // What is below stands side by side there; each alone is on the small screens.
    let (table, below) = large.split_at(large.find("\n─ flow ").unwrap() + 1);
    golden("screen-large.txt", table);
    let heading = below.lines().next().unwrap();
    assert!(heading.contains(" → 127.0.0.2:443 ─") && heading.contains("─ findings · 2 problems"), "{large}");

    screen.keys(&["p"]);
    screen.wait_until("it going on", |text| !text.contains("PAUSED"));
    screen.keys(&["q"]);
    assert_eq!(screen.wait_for_end(), 0);
    let report = screen.text();
    assert!(report.contains("1 timed out") && report.contains("problem  the kernel has sent"), "{report}");
}

/// A shell that runs the program, and what the terminal is like when it has it again.
#[test]
fn whatever_ends_it_the_terminal_is_as_before() {
    let Some(world) = World::new() else { return };
    let Some(screen) = Screen::start("PS1=ready: exec sh -i", SMALL) else { return };
    let directory = tempfile::tempdir().unwrap();
    let pid = directory.path().join("pid");
    let program = world.keepscope("");
    let line = format!("clear; sh -c \"echo \\$\\$ > {}; exec {program}\"", pid.display());
    let start = || {
        screen.keys(&[&line, "Enter"]);
        screen.wait_for("q quit");
    };
    let is_sane = |code: i32| {
        screen.keys(&[
            "clear; echo code $? $(stty -a | tr -s \" ;\" \"\\n\\n\" | grep -x -e icanon -e echo)",
            "Enter",
        ]);
        let text = screen.wait_for(&format!("code {code} "));
        assert!(text.contains(&format!("code {code} icanon echo")), "{text}");
    };
    screen.wait_for("ready:");

    start();
    screen.keys(&["C-z"]);
    screen.wait_for("Stopped");
    screen.keys(&["fg", "Enter"]);
    screen.wait_for("q quit");
    screen.keys(&["q"]);
    screen.wait_until("its report", |text| text.contains("ready:") && !text.contains("q quit"));
    is_sane(0);

    start();
    screen.keys(&["C-c"]);
    screen.wait_until("its report", |text| text.contains("ready:") && !text.contains("q quit"));
    is_sane(0);

    start();
    let pid = std::fs::read_to_string(&pid).unwrap().trim().parse().unwrap();
    kill(Pid::from_raw(pid), Signal::SIGTERM).unwrap();
    screen.wait_until("its report", |text| text.contains("ready:") && !text.contains("q quit"));
    is_sane(0);
}

/// Compares with a file of `tests/golden`, or writes it.
#[track_caller]
fn golden(name: &str, screen: &str) {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/golden").join(name);
    let masked = masked(screen);
    if std::env::var_os("KEEPSCOPE_BLESS").is_some() {
        std::fs::write(&path, &masked).unwrap();
    }
    let expected = std::fs::read_to_string(&path).unwrap_or_default();
    assert!(masked == expected, "{name} differs; the screen is now:\n{screen}\nmasked:\n{masked}");
}
