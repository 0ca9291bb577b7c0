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
