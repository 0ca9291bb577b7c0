//! A source whose names nobody is to know.

use crate::frame::FrameBatch;
use crate::source::{FrameSource, Interface, Next, SourceError, SourceNotes, SourcePiece};

/// A source that tells the names of its files and interfaces to nobody: files are called `capture-1`, `capture-2` … instead.
pub struct Masked<S> {
    inner: S,
    notes: SourceNotes,
}

impl<S: FrameSource> Masked<S> {
    /// `inner`, masked.
    #[must_use]
    pub fn new(inner: S) -> Self {
        let notes = masked(inner.notes());
        Self { inner, notes }
    }
}

impl<S: FrameSource> FrameSource for Masked<S> {
    fn fill(&mut self, batch: &mut FrameBatch) -> Result<Next, SourceError> {
        let next = self.inner.fill(batch);
        let (now, known) = (self.inner.notes(), &self.notes);
        let is_new = now.sources.len() != known.sources.len()
            || now.warnings.len() != known.warnings.len()
            || now.interfaces.len() != known.interfaces.len()
            || now.dropped != known.dropped
            || now.lost.is_some() != known.lost.is_some()
            || next == Ok(Next::End);
        if is_new {
            self.notes = masked(now);
        }
        next
    }

    fn notes(&self) -> &SourceNotes {
        &self.notes
    }
}

fn masked(notes: &SourceNotes) -> SourceNotes {
    let alias = |place: usize| format!("capture-{}", place + 1);
    let hidden = |warning: &String| {
        // The longest first: a name may be a part of another.
        let mut names: Vec<(usize, &str)> =
            notes.sources.iter().map(|piece| piece.name.as_str()).enumerate().collect();
        names.sort_by_key(|(_, name)| std::cmp::Reverse(name.len()));
        let begin = names.iter().find(|(_, name)| warning.starts_with(&format!("{name}: ")));
        match begin {
            Some((place, name)) => alias(*place) + warning.get(name.len()..).unwrap_or_default(),
            // About a file that could not be used, or about what the names do not tell.
            None => match warning.split_once(": ") {
                Some((_, rest)) => format!("a file: {rest}"),
                None => warning.clone(),
            },
        }
    };
    SourceNotes {
        sources: notes
            .sources
            .iter()
            .enumerate()
            .map(|(place, piece)| SourcePiece { name: alias(place), frames_before: piece.frames_before })
            .collect(),
        warnings: notes.warnings.iter().map(hidden).collect(),
        interfaces: notes
            .interfaces
            .iter()
            .map(|interface| Interface { name: None, description: None, ..interface.clone() })
            .collect(),
        lost: notes.lost.as_ref().map(hidden),
        ..notes.clone()
    }
}
