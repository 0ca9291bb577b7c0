//! The program on a terminal that tmux plays: keys go in, screens come out. Skipped aloud where there is no tmux.

#![allow(clippy::unwrap_used, reason = "a failed step is a failed test")]

#[cfg(all(target_os = "linux", feature = "libpcap"))]
mod live;
mod masks;
#[cfg(all(target_os = "linux", feature = "libpcap"))]
#[path = "../support/ns.rs"]
#[allow(dead_code, reason = "other tests use the rest")]
mod ns;
#[path = "../support/tmux.rs"]
mod tmux;

use tmux::Screen;

#[test]
fn a_screen_takes_keys_and_shows_what_comes_of_them() {
    let script =
        "printf \"what? \"; read -r answer; printf \"\\033[31m%s\\033[0m it is\\n\" \"$answer\"; exit 3";
    let Some(screen) = Screen::start(script, (40, 5)) else { return };
    screen.wait_for("what?");
    screen.keys(&["it's so", "Enter"]);
    assert!(screen.wait_for("it is").lines().any(|line| line == "it's so it is"));
    assert!(screen.colored_text().contains("\x1b[31mit's so"));
    assert_eq!(screen.wait_for_end(), 3);
}

#[test]
fn a_screen_changes_its_size() {
    let script = "trap \"stty size\" WINCH; stty size; while :; do sleep 0.1; done";
    let Some(screen) = Screen::start(script, (80, 24)) else { return };
    screen.wait_for("24 80");
    screen.resize((132, 43));
    screen.wait_for("43 132");
}

/// A window that is closed, a connection that is cut: nobody is left who could end what runs there.
#[cfg(target_os = "linux")]
#[test]
fn the_live_view_ends_with_its_terminal() {
    let directory = tempfile::tempdir().unwrap();
    let pid = directory.path().join("pid");
    let command = format!(
        "echo $$ > {}; exec {} --follow {}",
        pid.display(),
        env!("CARGO_BIN_EXE_keepscope"),
        directory.path().display()
    );
    let Some(screen) = Screen::start(&command, (100, 30)) else { return };
    screen.wait_for("q quit");
    let pid = std::fs::read_to_string(pid).unwrap();
    let process = std::path::PathBuf::from(format!("/proc/{}", pid.trim()));
    assert!(process.exists());
    drop(screen);
    for _ in 0..600 {
        if !process.exists() {
            return;
        }
        std::thread::sleep(std::time::Duration::from_millis(50));
    }
    nix::sys::signal::kill(
        nix::unistd::Pid::from_raw(pid.trim().parse().unwrap()),
        nix::sys::signal::SIGKILL,
    )
    .unwrap();
    panic!("it still runs");
}
