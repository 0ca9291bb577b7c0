//! The live view: what a person sees of an interface while it is watched.
//!
//! A [`View`] is fed with what the analysis decides ([`View::take`]), with a [`Snapshot`] a few times a second ([`View::refresh`]) and with
//! keys ([`View::key`]); [`View::draw`] is a plain function of it. It reads no clock and does no I/O: that is [`Terminal`]'s.

mod ascii;
mod bar;
mod columns;
mod detail;
mod flows;
mod footer;
mod head;
mod help;
mod ink;
mod kernel;
mod keyboard;
mod keys;
mod log;
mod logbook;
mod moments;
mod pen;
mod picture;
mod rows;
mod snapshot;
mod standing;
mod strip;
mod terminal;

#[cfg(test)]
mod tests;

pub(in crate::app::live) use snapshot::{Flows, Snapshot};
pub(in crate::app::live) use terminal::{Terminal, restore};

use crate::analyzer::Output;
use crate::render::text::Clock;
use crate::render::text::clock::Dial;
use ink::Ink;
use pen::{Pen, below};
use picture::Picture;
use ratatui::Frame;
use ratatui::layout::Rect;
use rows::{Key, Row, Wishes};

/// What a reader's terminal can do, and how times are told.
#[derive(Clone, Copy, Debug)]
pub(in crate::app::live) struct Options {
    /// Whether there are colours; without, only bold and reverse.
    pub(in crate::app::live) color: bool,
    /// Whether there are signs beyond ASCII.
    pub(in crate::app::live) unicode: bool,
    /// How points in time are told.
    pub(in crate::app::live) clock: Clock,
}

impl Options {
    /// For the locale that the environment names.
    pub(in crate::app::live) fn of_environment(color: bool, clock: Clock) -> Self {
        let locale = ["LC_ALL", "LC_CTYPE", "LANG"].map(|name| std::env::var(name).ok());
        Self { color, unicode: ascii::is_utf8(locale.iter().map(Option::as_deref)), clock }
    }
}

/// What a key asks of the loop.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::app::live) enum Wish {
    /// Nothing but to be drawn again.
    Nothing,
    /// The end, as by a signal.
    Quit,
    /// To be stopped until the shell goes on with it.
    Suspend,
}

/// From this height on there is room for the panel and the findings at once, so it is open from the start.
const TALL: u16 = 40;

/// From this width on they stand side by side.
const WIDE: u16 = 140;

/// The view.
#[derive(Debug)]
pub(in crate::app::live) struct View {
    options: Options,
    live: Picture,
    /// What is shown instead while it is paused.
    frozen: Option<Box<Picture>>,
    wishes: Wishes,
    /// The row that was walked to, and its place then; `None`: whatever is at the top.
    selected: Option<(Key, usize)>,
    types_filter: bool,
    /// Whether the panel is open where it would be closed, and the other way round.
    panel_flipped: bool,
    shows_help: bool,
}

impl View {
    /// A view with nothing to show yet.
    pub(in crate::app::live) fn new(options: Options) -> Self {
        Self {
            options,
            live: Picture::default(),
            frozen: None,
            wishes: Wishes::default(),
            selected: None,
            types_filter: false,
            panel_flipped: false,
            shows_help: false,
        }
    }

    /// Takes what was decided.
    pub(in crate::app::live) fn take(&mut self, output: &Output) {
        self.live.take(output);
    }

    /// Takes the state of the analysis.
    pub(in crate::app::live) fn refresh(&mut self, snapshot: Snapshot) {
        self.live.refresh(snapshot);
    }

    /// Draws it.
    pub(in crate::app::live) fn draw(&self, frame: &mut Frame<'_>) {
        let area = frame.area();
        let mut pen = Pen { buffer: frame.buffer_mut(), ink: Ink(self.options.color) };
        self.draw_panels(&mut pen, area);
        if self.shows_help {
            help::draw(&mut pen, area);
        }
        if !self.options.unicode {
            ascii::translate(pen.buffer);
        }
    }

    fn draw_panels(&self, pen: &mut Pen<'_>, area: Rect) {
        let (rows, all) = self.rows();
        let place = self.place(&rows);
        let dial = Dial::new(self.options.clock, self.picture().snapshot.capture.start);
        let head = head::draw(pen, area, self.picture(), self.frozen.is_some());
        let rest = below(area, head);
        let Some(height) = rest.height.checked_sub(1).filter(|height| *height > 0) else { return };
        footer::draw(pen, below(rest, height), self);
        let rest = Rect { height, ..rest };
        let panel = (area.height >= TALL) != self.panel_flipped;
        let Areas { flows, detail, log } = Areas::of(rest, panel, rows.len());
        flows::draw(pen, flows, self, &rows, all, place);
        if let Some(area) = detail {
            let row = rows.get(place);
            detail::draw(pen, area, row, self.picture(), &dial);
        }
        if let Some(area) = log {
            log::draw(pen, area, &self.picture().log, &dial);
        }
    }

    /// What is on the screen.
    fn picture(&self) -> &Picture {
        self.frozen.as_deref().unwrap_or(&self.live)
    }

    /// The rows in order, and how many there are without the filter.
    fn rows(&self) -> (Vec<Row<'_>>, usize) {
        let picture = self.picture();
        rows::rows(picture.flows(), &self.wishes, picture.snapshot.now)
    }

    /// Where the selection is among `rows`.
    fn place(&self, rows: &[Row<'_>]) -> usize {
        let Some((key, place)) = self.selected else { return 0 };
        let found = rows.iter().position(|row| row.key() == key);
        found.unwrap_or(place).min(rows.len().saturating_sub(1))
    }
}

/// Where the panels are.
#[derive(Clone, Copy, Debug)]
struct Areas {
    flows: Rect,
    detail: Option<Rect>,
    log: Option<Rect>,
}

impl Areas {
    /// Shares `area` out, in which there are so many rows to show.
    fn of(area: Rect, panel: bool, rows: usize) -> Self {
        // A heading and the columns' titles.
        let wanted = u16::try_from(rows).unwrap_or(u16::MAX).saturating_add(2);
        let tall = area.height >= TALL - 4;
        let table = match area.height {
            ..8 => area.height,
            height if panel && !tall => wanted.clamp(5, height * 2 / 5),
            height if panel => wanted.clamp(8, height / 2),
            height => wanted.clamp(height * 2 / 5, height * 2 / 3),
        };
        let flows = Rect { height: table, ..area };
        let rest = below(area, table);
        let (detail, log) = match (rest.height, panel) {
            (0, _) => (None, None),
            (_, false) => (None, Some(rest)),
            _ if area.width >= WIDE => {
                let left = rest.width * 3 / 5;
                (Some(Rect { width: left, ..rest }), Some(pen::from(rest, left + 2)))
            }
            (height, true) if tall => {
                let upper = height * 2 / 3;
                (Some(Rect { height: upper, ..rest }), Some(below(rest, upper)))
            }
            (_, true) => (Some(rest), None),
        };
        Self { flows, detail, log }
    }
}
