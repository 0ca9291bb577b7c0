//! What each key does.

use super::replay::Replay;
use super::{PLAIN, drawn, text};
use crate::app::live::view::{View, Wish};
use ratatui::crossterm::event::{KeyCode, KeyEvent, KeyEventKind, KeyModifiers};
use ratatui::style::Modifier;

const SMALL: (u16, u16) = (80, 24);

fn demo() -> View {
    Replay::of("demo", PLAIN).until(16_200).view
}

fn press(view: &mut View, code: KeyCode) {
    assert_eq!(view.key(KeyEvent::from(code)), Wish::Nothing);
}

fn type_in(view: &mut View, keys: &str) {
    keys.chars().for_each(|c| press(view, KeyCode::Char(c)));
}

fn screen(view: &View) -> String {
    text(&drawn(view, SMALL))
}

/// The line that the selection is on.
fn selected(view: &View) -> String {
    let buffer = drawn(view, SMALL);
    let is_selected = |y: &u16| buffer[(20, *y)].modifier.contains(Modifier::REVERSED);
    let lines: Vec<u16> = (0..SMALL.1).filter(is_selected).collect();
    assert_eq!(lines.len(), 1, "one row is selected");
    text(&buffer).lines().nth(lines[0].into()).unwrap().to_owned()
}

/// The numbers of the flows in the order of their rows.
fn order(view: &View) -> Vec<u64> {
    view.rows().0.iter().map(|row| row.flow.index).collect()
}

#[test]
fn q_and_ctrl_c_quit_and_releases_do_nothing() {
    let mut view = demo();
    assert_eq!(view.key(KeyEvent::from(KeyCode::Char('q'))), Wish::Quit);
    assert_eq!(view.key(KeyEvent::new(KeyCode::Char('c'), KeyModifiers::CONTROL)), Wish::Quit);
    assert_eq!(view.key(KeyEvent::new(KeyCode::Char('z'), KeyModifiers::CONTROL)), Wish::Suspend);
    let released = KeyEvent::new_with_kind(KeyCode::Char('q'), KeyModifiers::NONE, KeyEventKind::Release);
    assert_eq!(view.key(released), Wish::Nothing);
    assert_eq!(view.key(KeyEvent::new(KeyCode::Char('q'), KeyModifiers::ALT)), Wish::Nothing);
}

#[test]
fn a_filter_is_typed_kept_and_cleared() {
    let mut view = demo();
    let all = order(&view).len();
    type_in(&mut view, "/quit");
    assert!(screen(&view).contains("filter: quit"), "letters are no commands now");
    assert!(screen(&view).contains("no flow has all words of the filter"));
    (0..4).for_each(|_| press(&mut view, KeyCode::Backspace));
    type_in(&mut view, "5432");
    press(&mut view, KeyCode::Enter);
    assert_eq!(order(&view), [1, 0]);
    assert!(screen(&view).contains("with \"5432\": 2 of 11"));
    press(&mut view, KeyCode::Esc);
    assert_eq!(order(&view).len(), all);
    type_in(&mut view, "/5432");
    press(&mut view, KeyCode::Esc);
    assert_eq!(order(&view).len(), all);
    assert!(!screen(&view).contains("filter: "));
}

#[test]
fn a_filter_that_is_typed_leaves_control_characters_in_words() {
    let mut view = demo();
    type_in(&mut view, "/\u{202e}");
    assert!(screen(&view).contains(r"filter: \u{202e}"));
}

#[test]
fn s_goes_through_the_orders_and_r_turns_them_round() {
    let mut view = demo();
    let worst = order(&view);
    for name in ["next due first", "slowest answer first", "longest idle first", "by address", "worst first"]
    {
        press(&mut view, KeyCode::Char('s'));
        assert!(screen(&view).contains(name), "{name}");
    }
    press(&mut view, KeyCode::Char('r'));
    assert!(screen(&view).contains("worst first, reversed"));
    assert_eq!(order(&view), worst.iter().rev().copied().collect::<Vec<_>>());
    press(&mut view, KeyCode::Char('r'));
    assert_eq!(order(&view), worst);
}

#[test]
fn the_selection_walks_and_stays_with_its_flow() {
    let mut view = demo();
    let first = selected(&view);
    press(&mut view, KeyCode::Up);
    assert_eq!(selected(&view), first, "there is nothing above");
    press(&mut view, KeyCode::Down);
    type_in(&mut view, "j");
    let third = selected(&view);
    type_in(&mut view, "k");
    assert_ne!(selected(&view), third);
    press(&mut view, KeyCode::End);
    let last = selected(&view);
    assert!(last.contains(" 2 "), "{last}");
    press(&mut view, KeyCode::PageDown);
    assert_eq!(selected(&view), last);
    press(&mut view, KeyCode::Char('r'));
    assert_eq!(selected(&view), last, "turned round, the same flow is selected");
    press(&mut view, KeyCode::Char('r'));
    press(&mut view, KeyCode::PageUp);
    assert_eq!(selected(&view), first);
    type_in(&mut view, "Gg");
    assert_eq!(selected(&view), first);
}

#[test]
fn the_selection_survives_when_its_flow_is_filtered_out() {
    let mut view = demo();
    press(&mut view, KeyCode::End);
    type_in(&mut view, "/5432");
    press(&mut view, KeyCode::Enter);
    assert!(selected(&view).contains("5432"));
}

#[test]
fn enter_and_tab_open_and_close_the_panel() {
    let mut view = demo();
    let closed = screen(&view);
    press(&mut view, KeyCode::Enter);
    assert!(screen(&view).contains("the client probes") && !screen(&view).contains("─ findings"));
    press(&mut view, KeyCode::Tab);
    assert_eq!(screen(&view), closed);
    let large = text(&drawn(&view, (200, 60)));
    assert!(large.contains("─ flow ") && large.contains("─ findings"), "a large screen has both");
    press(&mut view, KeyCode::Enter);
    assert!(!text(&drawn(&view, (200, 60))).contains("─ flow "));
}

#[test]
fn any_key_closes_the_help_and_q_still_quits() {
    let mut view = demo();
    let before = screen(&view);
    type_in(&mut view, "?");
    assert!(screen(&view).contains("─ help ─"));
    type_in(&mut view, "s");
    assert_eq!(screen(&view), before);
    type_in(&mut view, "h");
    assert_eq!(view.key(KeyEvent::from(KeyCode::Char('q'))), Wish::Quit);
}

#[test]
fn a_pause_freezes_the_picture_but_not_the_keys() {
    let mut replay = Replay::of("demo", PLAIN).until(10_000);
    press(&mut replay.view, KeyCode::Char('p'));
    let paused = screen(&replay.view);
    assert!(paused.contains(" PAUSED "));
    let mut replay = replay.until(18_000);
    assert_eq!(screen(&replay.view), paused);
    press(&mut replay.view, KeyCode::Down);
    assert_ne!(drawn(&replay.view, SMALL), drawn(&Replay::of("demo", PLAIN).until(10_000).view, SMALL));
    press(&mut replay.view, KeyCode::Up);
    assert_eq!(screen(&replay.view), paused);
    press(&mut replay.view, KeyCode::Char(' '));
    let going_on = screen(&replay.view);
    assert!(!going_on.contains("PAUSED") && going_on.contains("18 s"), "{going_on}");
    assert_eq!(going_on, screen(&Replay::of("demo", PLAIN).until(18_000).view), "nothing was missed");
}
