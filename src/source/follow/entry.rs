//! One file of a followed directory, as it was when it was looked at.

use crate::source::file::pieces::first_time;
use crate::time::{Span, Timestamp};
use std::fs::{File, Metadata};
use std::io::Read;
use std::path::Path;
use std::time::UNIX_EPOCH;

/// How many bytes at its start tell a file from one that took its place: a capture's header and its first frame, with its time.
const HEAD: u64 = 512;
/// No capture is shorter.
const SHORTEST: u64 = 24;

/// For how long nobody must have written to a compressed file before it is read.
const SETTLED: Span = Span::from_secs(2);

/// What is known of a file.
#[derive(Debug)]
pub(super) struct Entry {
    stat: Stat,
    head: Vec<u8>,
    pub(super) state: State,
    /// Whether it was there when following began.
    pub(super) is_initial: bool,
}

/// What became of a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum State {
    /// It has no frame yet.
    Empty,
    /// It waits to be read, and this is when its first frame was captured.
    Waiting(Timestamp),
    /// It is being read.
    Current,
    /// It was read, or is a compressed copy of one that was.
    Read,
    /// It is not for us.
    LeftOut,
}

/// What a look without opening tells.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Stat {
    /// Device and inode, where there are such.
    place: (u64, u64),
    len: u64,
    /// In nanoseconds since the epoch.
    modified: i64,
}

/// What became of a file since the last look.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Change {
    None,
    /// The same file, longer or touched.
    Grown,
    /// Another file has its name.
    Replaced,
    /// It was emptied and begun anew.
    Overwritten,
}

impl Entry {
    /// A file that is met for the first time.
    pub(super) fn new(path: &Path, meta: &Metadata, is_initial: bool) -> Self {
        Self { stat: Stat::of(meta), head: head(path), state: State::Empty, is_initial }
    }

    /// Compares the file with what it was, and takes over what it is.
    pub(super) fn change(&mut self, path: &Path, meta: &Metadata) -> Change {
        let (before, stat) = (self.stat, Stat::of(meta));
        if stat == before {
            return Change::None;
        }
        let head = head(path);
        let is_continued = stat.len >= before.len && head.starts_with(&self.head);
        (self.stat, self.head) = (stat, head);
        match stat.place == before.place {
            true if is_continued => Change::Grown,
            true => Change::Overwritten,
            false => Change::Replaced,
        }
    }

    /// Finds out whether a file without frames has one by now; `now` is what the machine's clock shows.
    ///
    /// # Errors
    /// Why it is no capture, without its name.
    pub(super) fn examine(&mut self, path: &Path, now: Timestamp) -> Result<(), String> {
        // What is compressed is complete when nobody writes any more.
        let is_settled = self.stat.modified < (now - SETTLED).0;
        if self.stat.len < SHORTEST || compressed_stem(path).is_some() && !is_settled {
            return Ok(());
        }
        match first_time(path) {
            Ok(Some(first)) => self.state = State::Waiting(first),
            Ok(None) => {}
            // It went away between two looks.
            Err(_) if !path.exists() => {}
            Err(why) => {
                self.state = State::LeftOut;
                return Err(why);
            }
        }
        Ok(())
    }

    /// How long it is.
    pub(super) const fn len(&self) -> u64 {
        self.stat.len
    }
}

impl Stat {
    fn of(meta: &Metadata) -> Self {
        #[cfg(unix)]
        let place = {
            use std::os::unix::fs::MetadataExt;
            (meta.dev(), meta.ino())
        };
        #[cfg(not(unix))]
        let place = (0, 0);
        let modified = meta.modified().ok().and_then(|at| at.duration_since(UNIX_EPOCH).ok());
        let modified = modified.and_then(|since| i64::try_from(since.as_nanos()).ok()).unwrap_or(0);
        Self { place, len: meta.len(), modified }
    }
}

/// The name a compressed file had before, by the endings that `tcpdump -z` and its like lead to; `None` where it has none of them.
pub(super) fn compressed_stem(path: &Path) -> Option<&Path> {
    let ending = path.extension()?.to_str()?;
    let is_known = ["gz", "zst", "xz", "lz4", "bz2", "Z"].contains(&ending);
    let stem = path.file_name()?.to_str()?.strip_suffix(ending)?.strip_suffix('.')?;
    is_known.then_some(Path::new(stem))
}

/// The start of a file; nothing where it cannot be read.
fn head(path: &Path) -> Vec<u8> {
    let mut head = Vec::new();
    if let Ok(file) = File::open(path) {
        // What came before an error is what there is.
        let _ = file.take(HEAD).read_to_end(&mut head);
    }
    head
}
