//! Several files that are one capture cut in pieces: which come first, and whether they can be pieces of one capture at all.

use super::capture::{Capture, Position};
use super::input::STDIN;
use crate::frame::{Fault, FrameBatch};
use crate::source::SourceError;
use crate::time::{Span, Timestamp};
use std::collections::VecDeque;
use std::path::{Path, PathBuf};

/// How far a piece may reach back before the last frame of the one before it: a rotating capture is not exact, a second capture point
/// is seconds off.
pub(in crate::source) const MAX_OVERLAP: Span = Span::from_secs(1);

/// A file that is a capture, as far as its first frame tells.
#[derive(Clone, Debug)]
pub(super) struct Piece {
    pub(super) path: PathBuf,
    /// When its first frame was captured; `None` where it has none with a believable time.
    pub(super) first: Option<Timestamp>,
}

/// A file that is no piece of the capture, and why: the line to print.
pub(super) type Unusable = String;

/// Looks at the first frame of every file, one after another, and orders them by it. Files without frames come first.
///
/// # Errors
/// Standard input among several files.
pub(super) fn arrange(paths: &[PathBuf]) -> Result<(VecDeque<Piece>, Vec<Unusable>), SourceError> {
    let mut pieces = Vec::new();
    let mut unusable = Vec::new();
    for path in paths {
        if path.as_os_str() == STDIN {
            return Err(SourceError("-: standard input stands alone, without other files".to_owned()));
        }
        match first_time(path) {
            Ok(first) => pieces.push(Piece { path: path.clone(), first }),
            Err(why) => unusable.push(format!("{}: {why}", path.display())),
        }
    }
    // Stable: what starts at the same time stays in the order given.
    pieces.sort_by_key(|piece| piece.first);
    Ok((pieces.into(), unusable))
}

/// When the first frame of a capture was captured; `None` where it has none with a believable time.
///
/// # Errors
/// Why it is no capture, without its name.
pub(in crate::source) fn first_time(path: &Path) -> Result<Option<Timestamp>, String> {
    // A pipe would be empty when it is read in earnest.
    if path.metadata().is_ok_and(|meta| !meta.is_file() && !meta.is_dir()) {
        return Err("can be read only once: give it alone".to_owned());
    }
    let mut capture = Capture::open(path, Default::default())?;
    let mut batch = FrameBatch::default();
    capture.fill(&mut batch, &mut Position::default());
    Ok(batch.frames.iter().find(|frame| frame.fault != Some(Fault::Malformed)).map(|frame| frame.ts))
}

/// Whether the piece `next` can follow `before`, whose last frame was captured at `last`.
///
/// # Errors
/// They overlap by more than a second.
pub(super) fn can_follow(before: &Path, last: Option<Timestamp>, next: &Piece) -> Result<(), SourceError> {
    let (Some(last), Some(first)) = (last, next.first) else { return Ok(()) };
    let overlap = last.since(first);
    if overlap <= MAX_OVERLAP {
        return Ok(());
    }
    Err(SourceError(format!(
        "{} and {} overlap by {:.1} s: probably two capture points, analyse them one by one",
        before.display(),
        next.path.display(),
        overlap.as_secs_f64(),
    )))
}
