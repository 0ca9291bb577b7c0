//! Colours on a screen. Nothing is told by them alone.

use crate::render::text::style::Tone;
use ratatui::style::{Color, Modifier, Style};

/// Whether to colour at all.
#[derive(Clone, Copy, Debug)]
pub(super) struct Ink(pub(super) bool);

impl Ink {
    /// How `tone` looks: the colours that every theme defines, so that it can be read on a light and on a dark ground. Without colours
    /// only what is bold stands out.
    pub(super) const fn tone(self, tone: Tone) -> Style {
        let style = Style::new();
        match tone {
            Tone::Plain => style,
            Tone::Title => style.add_modifier(Modifier::BOLD),
            Tone::Bad if self.0 => style.fg(Color::Red).add_modifier(Modifier::BOLD),
            Tone::Bad => style.add_modifier(Modifier::BOLD),
            Tone::Faint if self.0 => style.add_modifier(Modifier::DIM),
            Tone::Good if self.0 => style.fg(Color::Green),
            Tone::Doubtful if self.0 => style.fg(Color::Yellow),
            Tone::Faint | Tone::Good | Tone::Doubtful => style,
        }
    }

    /// What must not be overlooked.
    pub(super) const fn loud(self) -> Style {
        self.tone(Tone::Bad).add_modifier(Modifier::REVERSED)
    }
}

/// What the keys act on.
pub(super) const SELECTED: Modifier = Modifier::REVERSED;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn without_colours_there_are_only_bold_and_reverse() {
        let tones = [Tone::Plain, Tone::Title, Tone::Faint, Tone::Good, Tone::Doubtful, Tone::Bad];
        for style in tones.map(|tone| Ink(false).tone(tone)).into_iter().chain([Ink(false).loud()]) {
            assert_eq!((style.fg, style.bg), (None, None));
            assert!((Modifier::BOLD | Modifier::REVERSED).contains(style.add_modifier));
        }
    }
}
