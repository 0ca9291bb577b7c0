//! A source whose names nobody is to know.

use crate::frame::FrameBatch;
use crate::source::{FrameSource, Interface, Next, SourceError, SourceNotes, SourcePiece};

/// What a file is called instead, by its place among the captures, from 1.
#[must_use]
pub fn alias(place: usize) -> String {
    format!("capture-{place}")
}

/// `line`, which may begin with one of `names`, with the alias of that file instead; the first of them has the place `first`.
#[must_use]
pub fn without_names<'a>(line: &str, names: impl IntoIterator<Item = &'a str>, first: usize) -> String {
    // The longest first: a name may be a part of another.
    let mut names: Vec<(usize, &str)> = names.into_iter().enumerate().collect();
    names.sort_by_key(|(_, name)| std::cmp::Reverse(name.len()));
    let begin = names.iter().find(|(_, name)| line.starts_with(&format!("{name}: ")));
    match begin {
        Some((place, name)) => alias(first + place) + line.get(name.len()..).unwrap_or_default(),
        // About a file that could not be used, or about what the names do not tell.
        None => match line.split_once(": ") {
            Some((_, rest)) => format!("a file: {rest}"),
            None => line.to_owned(),
        },
    }
}

/// A source that tells the names of its files and interfaces to nobody: files are called `capture-1`, `capture-2` … instead.
pub struct Masked<S> {
    inner: S,
    /// The place of its first file.
    first: usize,
    notes: SourceNotes,
}

impl<S: FrameSource> Masked<S> {
    /// `inner`, masked.
    #[must_use]
    pub fn new(inner: S) -> Self {
        Self::from_place(inner, 1)
    }

    /// `inner`, masked, its first file called `capture-{first}`.
    #[must_use]
    pub fn from_place(inner: S, first: usize) -> Self {
        let notes = masked(inner.notes(), first);
        Self { inner, first, notes }
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
            self.notes = masked(now, self.first);
        }
        next
    }

    fn notes(&self) -> &SourceNotes {
        &self.notes
    }
}

fn masked(notes: &SourceNotes, first: usize) -> SourceNotes {
    let names = || notes.sources.iter().map(|piece| piece.name.as_str());
    let hidden = |line: &String| without_names(line, names(), first);
    let alias_of = |place: usize| alias(first + place);
    SourceNotes {
        sources: notes
            .sources
            .iter()
            .enumerate()
            .map(|(place, piece)| SourcePiece { name: alias_of(place), frames_before: piece.frames_before })
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
