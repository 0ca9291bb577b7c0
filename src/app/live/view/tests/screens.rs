//! Whole screens, against files made to be read by a person.

use super::replay::Replay;
use super::{PLAIN, drawn, text};
use crate::app::live::join::Look;
use crate::app::live::view::{Options, Snapshot, View, Wish};
use crate::flow::Side;
use crate::render::text::table;
use crate::report::{Capture, Flow};
use crate::sockets::{Defaults, Socket, State, Table, Timer, TimerKind};
use crate::source::Dropped;
use crate::time::Span;
use ratatui::crossterm::event::{KeyCode, KeyEvent};
use ratatui::style::Color;
use std::path::Path;
use std::rc::Rc;

const SMALL: (u16, u16) = (80, 24);
const LARGE: (u16, u16) = (200, 60);

/// In the middle of the demonstration: some peers are gone, some are being waited for, some are well.
const IN_THE_MIDDLE: i64 = 16_200;

fn demo() -> Replay {
    Replay::of("demo", PLAIN).until(IN_THE_MIDDLE)
}

/// The same with the panel of the first flow that waits.
fn with_panel() -> Replay {
    let mut replay = demo();
    press(&mut replay, &[KeyCode::Down, KeyCode::Enter]);
    replay
}

fn press(replay: &mut Replay, codes: &[KeyCode]) {
    for code in codes {
        assert_eq!(replay.view.key(KeyEvent::from(*code)), Wish::Nothing);
    }
}

#[test]
fn a_small_screen_shows_the_flows_that_matter_and_what_was_found() {
    golden("view-small.txt", &text(&drawn(&demo().view, SMALL)));
}

#[test]
fn a_large_screen_shows_more_of_everything() {
    golden("view-large.txt", &text(&drawn(&demo().view, LARGE)));
}

#[test]
fn the_panel_tells_of_the_selected_flow() {
    golden("view-panel.txt", &text(&drawn(&with_panel().view, SMALL)));
}

#[test]
fn the_help_covers_what_is_below() {
    let mut replay = demo();
    press(&mut replay, &[KeyCode::Char('?')]);
    golden("view-help.txt", &text(&drawn(&replay.view, SMALL)));
}

/// Of three that probe, one end of each on this host.
#[test]
fn the_kernels_timer_stands_beside_the_wires() {
    let mut replay = demo();
    let flows = replay.open_flows();
    let flows: Vec<&Flow> = flows.iter().filter(|flow| [0, 1, 6].contains(&flow.index)).collect();
    let timers = [Some((TimerKind::Keepalive, 2)), None, Some((TimerKind::Persist, 0))];
    let sockets = flows.iter().zip(timers).map(|(flow, timer)| Socket {
        local: table::end(flow, Side::Client),
        peer: table::end(flow, Side::Server),
        is_ipv6: false,
        state: State::Established,
        timer: timer.map(|(kind, count)| Timer { kind, left: Span::from_millis(4_250), count }),
        quiet: None,
        traffic: None,
        uid: 0,
        inode: 1,
        cookie: [0; 8],
        owners: Vec::new(),
    });
    let table = Table::of(sockets.collect(), Defaults::default());
    replay.kernel = Some(Rc::new(Look { at: replay.now(), table }));
    let mut replay = replay.until(IN_THE_MIDDLE + 1_000);
    let screen = text(&drawn(&replay.view, LARGE));
    for words in ["  KERNEL  ", " 3.3s, 2 unans ", " off ", " window 0 "] {
        assert!(screen.contains(words), "{words}: {screen}");
    }
    let filter = table::end(flows[0], Side::Client).to_string();
    press(&mut replay, &[KeyCode::Char('/')]);
    press(&mut replay, &filter.chars().map(KeyCode::Char).collect::<Vec<_>>());
    press(&mut replay, &[KeyCode::Enter, KeyCode::Enter]);
    let screen = text(&drawn(&replay.view, SMALL));
    let words = "the client: this host's kernel: keepalive 3.3s left, 2 unanswered";
    assert!(screen.contains(words) && !screen.contains("ss -o ≈"), "{screen}");
}

#[test]
fn what_is_lost_is_loud() {
    let mut replay = Replay::of("demo", PLAIN).until(1_000);
    replay.dropped = Some(Dropped { kernel: 1_234, interface: 0 });
    let screen = text(&drawn(&replay.until(2_000).view, SMALL));
    assert!(screen.contains("1,234 frames DROPPED by the kernel"), "{screen}");
}

#[test]
fn text_from_outside_is_shown_and_not_obeyed() {
    let mut view = View::new(PLAIN);
    view.refresh(Snapshot { source: "eth0\u{202e}\u{1b}[31m".into(), ..Snapshot::default() });
    let screen = text(&drawn(&view, SMALL));
    assert!(screen.starts_with(r"keepscope eth0\u{202e}\x1b[31m · "), "{screen}");
}

#[test]
fn before_anything_probes_it_says_what_to_expect() {
    let screen = text(&drawn(&Replay::of("demo", PLAIN).until(250).view, SMALL));
    assert!(screen.contains(" so far: by default keepalive waits for two hours of quiet"), "{screen}");
    assert!(screen.contains("nothing found so far"), "{screen}");
    let screen = text(&drawn(&View::new(PLAIN), SMALL));
    assert!(screen.contains("waiting for the first frame"), "{screen}");
    let mut view = View::new(PLAIN);
    let capture = Capture { frames: 7, ..Capture::default() };
    view.refresh(Snapshot { capture, ..Snapshot::default() });
    let screen = text(&drawn(&view, SMALL));
    assert!(screen.contains("no TCP in 7 frames so far"), "{screen}");
}

#[test]
fn no_size_is_too_small() {
    let mut replay = demo();
    for help in [false, true] {
        if help {
            press(&mut replay, &[KeyCode::Char('?')]);
        }
        for width in (1..40).chain([79, 81, 139, 140, 300]) {
            for height in (1..30).chain([39, 40, 41]) {
                drawn(&replay.view, (width, height));
            }
        }
    }
    assert!(text(&drawn(&demo().view, (10, 3))).starts_with("keepscope"));
}

#[test]
fn nothing_is_told_by_colour_alone() {
    let colored = Replay::of("demo", Options { color: true, ..PLAIN }).until(IN_THE_MIDDLE);
    for size in [SMALL, LARGE] {
        let (plain, colored) = (drawn(&demo().view, size), drawn(&colored.view, size));
        assert_eq!(text(&plain), text(&colored));
        assert!(plain.content.iter().all(|cell| (cell.fg, cell.bg) == (Color::Reset, Color::Reset)));
        let colors: Vec<Color> = colored.content.iter().map(|cell| cell.fg).collect();
        assert!(colors.contains(&Color::Red) && colors.contains(&Color::Green));
    }
}

#[test]
fn without_utf8_everything_is_ascii() {
    let mut replay = Replay::of("demo", Options { unicode: false, ..PLAIN }).until(IN_THE_MIDDLE);
    press(&mut replay, &[KeyCode::Enter]);
    let panel = text(&drawn(&replay.view, SMALL));
    press(&mut replay, &[KeyCode::Char('?')]);
    let help = text(&drawn(&replay.view, SMALL));
    for screen in [panel, help] {
        assert!(screen.is_ascii() && !screen.contains("?  ?  ?"), "{screen}");
    }
}

#[test]
fn the_manual_shows_real_screens() {
    const BLOCK: (&str, &str) = ("```text\n", "```");
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/view.md");
    let manual = std::fs::read_to_string(&path).unwrap();
    let mut parts = manual.split(BLOCK.0);
    let mut real = parts.next().unwrap().to_owned();
    for (part, view) in parts.zip([demo().view, with_panel().view]) {
        let (_, rest) = part.split_once(BLOCK.1).unwrap();
        real += &[BLOCK.0, &text(&drawn(&view, SMALL)), BLOCK.1, rest].concat();
    }
    if std::env::var_os("KEEPSCOPE_BLESS").is_some() {
        std::fs::write(&path, &real).unwrap();
    } else {
        assert!(manual == real, "docs/view.md shows other screens than these:\n{real}");
    }
}

/// Compares with a file of `tests/golden`, or writes it.
fn golden(name: &str, screen: &str) {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/golden").join(name);
    if std::env::var_os("KEEPSCOPE_BLESS").is_some() {
        std::fs::write(&path, screen).unwrap();
    }
    let expected = std::fs::read_to_string(&path).unwrap_or_default();
    assert!(screen == expected, "{name} differs; the screen is now:\n{screen}");
}
