//! Screens of the view, drawn from captures up to a moment, and what each key does.
//!
//! After a wanted change: `KEEPSCOPE_BLESS=1 cargo test --lib live::view`, and read the difference.

mod keys;
mod order;
mod replay;
mod screens;

use super::{Options, View};
use crate::render::text::Clock;
use ratatui::Terminal;
use ratatui::backend::TestBackend;
use ratatui::buffer::Buffer;

const PLAIN: Options = Options { color: false, unicode: true, clock: Clock::Relative };

/// What `view` draws on a screen of this size.
fn drawn(view: &View, (width, height): (u16, u16)) -> Buffer {
    let mut terminal = Terminal::new(TestBackend::new(width, height)).unwrap();
    terminal.draw(|frame| view.draw(frame)).unwrap();
    terminal.backend().buffer().clone()
}

/// The characters of a screen, a line each.
fn text(buffer: &Buffer) -> String {
    let mut text = String::new();
    for line in buffer.content.chunks(buffer.area.width.into()) {
        let mut skip = 0;
        let mut row = String::new();
        for cell in line {
            if skip == 0 {
                row += cell.symbol();
                skip = unicode_width::UnicodeWidthStr::width(cell.symbol()).max(1);
            }
            skip -= 1;
        }
        text += row.trim_end();
        text.push('\n');
    }
    text
}
