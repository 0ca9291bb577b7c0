//! Frames from files: pcap and pcapng, compressed or not, one file or a capture cut in pieces, or standard input.
//!
//! ```text
//!  input ──► compression ──► stream ──► legacy | pcapng ──► capture ──► pieces ──► Files
//!  (opened,  (gzip, zstd,    (bytes     (records)           (frames,    (order,
//!  counted)   xz, lz4)        into                           damage)     overlap)
//!                             batches)
//! ```
//! Everything that is read is believed only as far as it goes together: what claims an absurd length is damage, and damage ends a file but
//! never the run.

mod bytes;
pub(super) mod capture;
mod compression;
mod directory;
mod input;
mod interface;
mod legacy;
mod lookslike;
mod lz4;
mod pcapng;
pub(super) mod pieces;
mod record;
mod stream;

pub use directory::{Directory, captures_in};

use super::filter::Filter;
use super::{FrameSource, MAX_INTERFACES, Next, SourceError, SourceNotes, SourcePiece};
use crate::frame::{FrameBatch, InterfaceNo};
use capture::{Capture, Position};
use input::STDIN;
use pieces::Piece;
use std::collections::VecDeque;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

/// What is said of a file some of whose frames have no time.
pub(super) const UNSTAMPED: &str =
    "frames without time stamps (simple packet blocks) are given the time of the frame before";

/// Opens the captures at `paths` as one: ordered by their first frame and read one after another. `-` alone is standard input.
///
/// `filter` is an expression of libpcap's filter language; frames that do not match it are delivered as
/// [filtered](crate::frame::Fault::Filtered).
///
/// One file of several that cannot be used is left out: see [`SourceNotes::unusable`].
///
/// # Errors
/// No file that can be used; `-` among others; a filter that cannot be compiled.
pub fn open(paths: &[PathBuf], filter: Option<&str>) -> Result<Files, SourceError> {
    let filter = filter.map(Filter::new).transpose()?;
    let progress = Progress { read: Arc::default(), total: total_len(paths) };
    let mut files = Files {
        queue: VecDeque::new(),
        current: None,
        position: Position::default(),
        filter,
        notes: SourceNotes::default(),
        progress,
    };
    match paths {
        [] => return Err(SourceError("no file to read".to_owned())),
        [path] => {
            let capture = files.open_capture(path).map_err(SourceError)?;
            files.enter(path.clone(), capture);
        }
        _ => {
            let (queue, unusable) = pieces::arrange(paths)?;
            if queue.is_empty() {
                return Err(SourceError(unusable.join("; ")));
            }
            files.queue = queue;
            unusable.into_iter().for_each(|line| files.leave_out(line));
        }
    }
    Ok(files)
}

/// Captures in files, or on standard input, as a source of frames. Made by [`open`].
pub struct Files {
    /// What comes after the current one.
    queue: VecDeque<Piece>,
    /// The one that is open, with its path.
    current: Option<(PathBuf, Capture)>,
    position: Position,
    filter: Option<Filter>,
    notes: SourceNotes,
    progress: Progress,
}

/// How far reading has come; a handle that can be asked from anywhere.
#[derive(Clone, Debug)]
pub struct Progress {
    read: Arc<AtomicU64>,
    total: Option<u64>,
}

impl Progress {
    /// How many bytes were read, compressed as they are.
    #[must_use]
    pub fn read(&self) -> u64 {
        self.read.load(Ordering::Relaxed)
    }

    /// How many bytes there are; `None` where that cannot be known.
    #[must_use]
    pub const fn total(&self) -> Option<u64> {
        self.total
    }
}

impl Files {
    /// How far reading has come.
    #[must_use]
    pub fn progress(&self) -> Progress {
        self.progress.clone()
    }

    fn open_capture(&self, path: &Path) -> Result<Capture, String> {
        Capture::open(path, Arc::clone(&self.progress.read)).map_err(|why| format!("{}: {why}", name(path)))
    }

    fn enter(&mut self, path: PathBuf, capture: Capture) {
        let frames_before = self.position.next.get() - 1;
        self.position.interfaces = InterfaceNo::default().later(self.notes.interfaces.len() as u32);
        self.notes.sources.push(SourcePiece { name: name(&path), frames_before });
        self.current = Some((path, capture));
    }

    /// Notes what the file that was read to its end has to say.
    fn leave(&mut self, path: &Path, capture: &Capture) {
        add_drops(&mut self.notes, capture);
        if std::mem::take(&mut self.position.unstamped) {
            self.notes.warnings.push(format!("{}: {UNSTAMPED}", name(path)));
        }
        if let Some(damage) = capture.damage() {
            self.notes.warnings.push(format!("{}: {damage}", name(path)));
            self.notes.damaged = true;
        }
    }

    /// Notes a file that cannot be used.
    fn leave_out(&mut self, line: String) {
        self.notes.warnings.push(line);
        self.notes.damaged = true;
        self.notes.unusable = true;
    }
}

impl FrameSource for Files {
    fn fill(&mut self, batch: &mut FrameBatch) -> Result<Next, SourceError> {
        batch.clear();
        let mut before: Option<PathBuf> = None;
        loop {
            if let Some((path, mut capture)) = self.current.take() {
                let is_filled = capture.fill(batch, &mut self.position);
                self.notes.interfaces.extend(capture.take_described());
                self.notes.interfaces.truncate(MAX_INTERFACES);
                if is_filled {
                    self.current = Some((path, capture));
                    if let Some(filter) = &mut self.filter {
                        filter.apply(batch, &mut self.notes.warnings);
                    }
                    return Ok(Next::Filled);
                }
                self.leave(&path, &capture);
                before = Some(path);
            }
            let Some(piece) = self.queue.pop_front() else { return Ok(Next::End) };
            if let Some(before) = &before {
                pieces::can_follow(before, self.position.time, &piece)?;
            }
            match self.open_capture(&piece.path) {
                Ok(capture) => self.enter(piece.path, capture),
                Err(line) => self.leave_out(line),
            }
        }
    }

    fn notes(&self) -> &SourceNotes {
        &self.notes
    }
}

/// Adds what was lost while `capture` was made to what was lost before.
pub(super) fn add_drops(notes: &mut SourceNotes, capture: &Capture) {
    if let Some(dropped) = capture.dropped() {
        notes.dropped = Some(notes.dropped.map_or(dropped, |before| before.plus(dropped)));
    }
}

/// The name of an input as it was given.
pub(super) fn name(path: &Path) -> String {
    path.to_string_lossy().into_owned()
}

/// The sum of the files' lengths; `None` where one of them has none. Those that cannot be read add nothing.
fn total_len(paths: &[PathBuf]) -> Option<u64> {
    paths
        .iter()
        .filter_map(
            |path| if path.as_os_str() == STDIN { Some(None) } else { path.metadata().ok().map(Some) },
        )
        .map(|meta| meta.filter(std::fs::Metadata::is_file).map(|meta| meta.len()))
        .sum()
}

#[cfg(test)]
mod tests;
