//! What the keys do.

use super::rows::{Key, Order};
use super::{View, Wish};
use ratatui::crossterm::event::{KeyCode, KeyEvent, KeyEventKind, KeyModifiers};

/// How far a page goes.
const PAGE: isize = 10;

/// How long a filter may be.
const MAX_FILTER: usize = 100;

impl View {
    /// Takes a key; tells what it wishes of the loop.
    pub(in crate::app::live) fn key(&mut self, key: KeyEvent) -> Wish {
        if key.kind == KeyEventKind::Release {
            return Wish::Nothing;
        }
        let control = key.modifiers.contains(KeyModifiers::CONTROL);
        // A raw terminal sends it as a key instead of a signal.
        if control && key.code == KeyCode::Char('c') {
            return Wish::Quit;
        }
        if control && key.code == KeyCode::Char('z') {
            return Wish::Suspend;
        }
        if control || key.modifiers.contains(KeyModifiers::ALT) {
            return Wish::Nothing;
        }
        if self.shows_help {
            return self.key_in_help(key.code);
        }
        if self.types_filter && self.typed(key.code) {
            return Wish::Nothing;
        }
        match key.code {
            KeyCode::Char('q') => return Wish::Quit,
            KeyCode::Char('?' | 'h') => self.shows_help = true,
            KeyCode::Char('p' | ' ') => self.pause(),
            KeyCode::Char('/') => self.types_filter = true,
            KeyCode::Esc => self.wishes.filter.clear(),
            KeyCode::Enter | KeyCode::Tab => self.toggle_panel(),
            KeyCode::Char('s') => self.order(self.wishes.order.next()),
            KeyCode::Char('r') => self.wishes.reversed = !self.wishes.reversed,
            KeyCode::Up | KeyCode::Char('k') => self.go(-1),
            KeyCode::Down | KeyCode::Char('j') => self.go(1),
            KeyCode::PageUp => self.go(-PAGE),
            KeyCode::PageDown => self.go(PAGE),
            KeyCode::Home | KeyCode::Char('g') => self.go(isize::MIN),
            KeyCode::End | KeyCode::Char('G') => self.go(isize::MAX),
            _ => {}
        }
        Wish::Nothing
    }

    /// Any key closes the help; `q` means it.
    fn key_in_help(&mut self, code: KeyCode) -> Wish {
        self.shows_help = false;
        if code == KeyCode::Char('q') { Wish::Quit } else { Wish::Nothing }
    }

    /// A key while the filter is typed; whether it belonged there.
    fn typed(&mut self, code: KeyCode) -> bool {
        let filter = &mut self.wishes.filter;
        match code {
            KeyCode::Char(c) if filter.chars().count() < MAX_FILTER => filter.push(c),
            KeyCode::Char(_) => {}
            KeyCode::Backspace => {
                filter.pop();
            }
            KeyCode::Enter | KeyCode::Tab => self.types_filter = false,
            KeyCode::Esc => {
                filter.clear();
                self.types_filter = false;
            }
            // The rows can be walked through meanwhile.
            _ => return false,
        }
        true
    }

    /// The flow that a reader opens the panel for stays in it, wherever its row goes.
    fn toggle_panel(&mut self) {
        let (rows, _) = self.rows();
        let place = self.place(&rows);
        self.selected = rows.get(place).map(|row| (row.key(), place));
        self.panel_flipped = !self.panel_flipped;
    }

    fn pause(&mut self) {
        self.frozen = match self.frozen {
            Some(_) => None,
            None => Some(Box::new(self.live.clone())),
        };
    }

    fn order(&mut self, order: Order) {
        self.wishes.order = order;
        self.wishes.reversed = false;
    }

    /// Moves the selection by so many rows.
    fn go(&mut self, by: isize) {
        let (rows, _) = self.rows();
        let keys: Vec<Key> = rows.iter().map(super::rows::Row::key).collect();
        let Some(last) = keys.len().checked_sub(1) else { return };
        let place = self.place(&rows).saturating_add_signed(by).min(last);
        // The top is a place, not a flow: what gets there is shown.
        self.selected = keys.get(place).copied().filter(|_| place > 0).map(|key| (key, place));
    }
}
