//! The files of a followed directory: which were read, which is next, and which are none of ours.

use super::entry::{Change, Entry, State, compressed_stem};
use crate::source::file::pieces::MAX_OVERLAP;
use crate::time::{Span, Timestamp};
use std::collections::{BTreeMap, HashSet};
use std::fs;
use std::path::{Path, PathBuf};

/// For how long the file that is being read must not have grown before another one counts as the next although its frames are older: the
/// machine's clock was set back, and nobody else writes.
const STANDSTILL: Span = Span::from_secs(3);

/// What a look brought to light.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Remark {
    /// Something people should know: one line.
    Warning(String),
    /// The file that is being read has lost its name to another one, or its content to a new one (`is_gone`).
    Overwritten {
        /// What was not read of it cannot be read any more.
        is_gone: bool,
    },
}

/// The files of a directory by name.
#[derive(Debug)]
pub(super) struct Directory {
    path: PathBuf,
    entries: BTreeMap<PathBuf, Entry>,
    /// The file that is being read.
    current: Option<PathBuf>,
    remarks: Vec<Remark>,
    /// Whether it was looked at before.
    is_known: bool,
}

impl Directory {
    pub(super) fn new(path: &Path) -> Self {
        Self {
            path: path.to_owned(),
            entries: BTreeMap::new(),
            current: None,
            remarks: Vec::new(),
            is_known: false,
        }
    }

    /// Takes in what the directory holds now; `now` is what the machine's clock shows.
    ///
    /// # Errors
    /// Why it cannot be read, with its name.
    pub(super) fn look(&mut self, now: Timestamp) -> Result<(), String> {
        let list = fs::read_dir(&self.path).map_err(|error| self.explain(&error))?;
        let mut before = std::mem::take(&mut self.entries);
        let mut fresh = Vec::new();
        for entry in list.flatten() {
            let path = entry.path();
            // What a link leads to; what is gone again is not there.
            let Ok(meta) = path.metadata() else { continue };
            if !meta.is_file() {
                continue;
            }
            match before.remove(&path) {
                Some(known) => {
                    let known = self.again(&path, known, &meta);
                    self.entries.insert(path, known);
                }
                None => fresh.push((path, meta)),
            }
        }
        for (path, meta) in fresh {
            let entry = Entry::new(&path, &meta, !self.is_known);
            self.entries.insert(path, entry);
        }
        // `before` holds what has gone since.
        self.settle_copies(&before);
        self.examine(now);
        self.is_known = true;
        Ok(())
    }

    /// Hands out what the last look brought to light.
    pub(super) fn remarks(&mut self) -> Vec<Remark> {
        std::mem::take(&mut self.remarks)
    }

    /// Looks at the file that is being read only.
    pub(super) fn look_at_current(&mut self) {
        let Some(path) = self.current.clone() else { return };
        // One that is gone can be read to its end.
        let Ok(meta) = path.metadata() else { return };
        if let Some(entry) = self.entries.remove(&path) {
            let entry = self.again(&path, entry, &meta);
            self.entries.insert(path, entry);
        }
    }

    /// Whether there is a file to read after one whose last frame was captured at `last` and which has not grown for so long.
    pub(super) fn has_next(&mut self, last: Option<Timestamp>, standstill: Span) -> bool {
        self.leave_out_late(last);
        self.pick(last, standstill).is_some()
    }

    /// The file to read next, after one that is read and whose last frame was captured at `last`. It is the current one from now on; `now` is what
    /// the machine's clock shows.
    pub(super) fn next(&mut self, last: Option<Timestamp>, now: Timestamp) -> Option<PathBuf> {
        self.leave_out_late(last);
        while let Some((path, first)) = self.pick(last, STANDSTILL) {
            let Some(entry) = self.entries.get_mut(&path) else { continue };
            // A ring may have overtaken us.
            let meta = path.metadata().ok();
            let change = meta.map(|meta| entry.change(&path, &meta));
            if !matches!(change, Some(Change::None | Change::Grown)) {
                (entry.state, entry.is_initial) = (State::Empty, false);
                self.examine(now);
                continue;
            }
            entry.state = State::Current;
            if !follows(first, last) {
                self.warn(&path, "begins before the end of the file before it (was the clock set back?)");
            }
            self.current = Some(path.clone());
            return Some(path);
        }
        None
    }

    /// The file that was being read is read.
    pub(super) fn leave(&mut self) {
        let Some(path) = self.current.take() else { return };
        let Some(entry) = self.entries.get_mut(&path) else { return };
        if entry.state == State::Current {
            entry.state = State::Read;
            // What came since the last look was read.
            if let Ok(meta) = path.metadata() {
                entry.change(&path, &meta);
            }
        }
    }

    /// Whether a file was begun of which nothing is there yet: the program that began it holds at least its header back.
    pub(super) fn awaits(&self) -> bool {
        let is_held = |entry: &Entry| entry.state == State::Empty && entry.len() == 0 && !entry.is_initial;
        self.entries.iter().any(|(path, entry)| is_held(entry) && !is_copy(path))
    }

    /// Looks at a known file again.
    fn again(&mut self, path: &Path, mut entry: Entry, meta: &fs::Metadata) -> Entry {
        let len = entry.len();
        let change = entry.change(path, meta);
        match change {
            Change::Grown if entry.state == State::Read && entry.len() > len && !is_copy(path) => {
                let line = "grows although the next file has begun (two captures in one directory?): what is added is left out";
                self.warn(path, line);
                entry.state = State::LeftOut;
            }
            Change::Replaced | Change::Overwritten => {
                if entry.state == State::Current {
                    self.remarks.push(Remark::Overwritten { is_gone: change == Change::Overwritten });
                    self.current = None;
                }
                // A copy of what was read stays one.
                if !(entry.state == State::Read && is_copy(path)) {
                    (entry.state, entry.is_initial) = (State::Empty, false);
                }
            }
            Change::None | Change::Grown => {}
        }
        entry
    }

    /// Compressed copies of what was read count as read; the originals may have `gone` since.
    fn settle_copies(&mut self, gone: &BTreeMap<PathBuf, Entry>) {
        let is_read = |entry: &Entry| matches!(entry.state, State::Read | State::Current);
        let all = self.entries.iter().chain(gone);
        let originals: HashSet<PathBuf> =
            all.filter(|(_, entry)| is_read(entry)).map(|(path, _)| path.to_owned()).collect();
        for (path, entry) in self.entries.iter_mut().filter(|(_, entry)| entry.state == State::Empty) {
            if original(path).is_some_and(|original| originals.contains(&original)) {
                entry.state = State::Read;
            }
        }
    }

    /// Looks into the files that have no frame yet.
    fn examine(&mut self, now: Timestamp) {
        let empty = self.entries.iter().filter(|(_, entry)| entry.state == State::Empty);
        // As long as the original is there, it is read.
        let is_needed =
            |path: &Path| !original(path).is_some_and(|original| self.entries.contains_key(&original));
        let paths: Vec<PathBuf> =
            empty.map(|(path, _)| path.to_owned()).filter(|path| is_needed(path)).collect();
        for path in paths {
            let result = self.entries.get_mut(&path).map(|entry| entry.examine(&path, now));
            if let Some(Err(why)) = result {
                self.warn(&path, &why);
            }
        }
    }

    /// Leaves out the files that were there from the beginning and cannot follow a frame captured at `last`.
    fn leave_out_late(&mut self, last: Option<Timestamp>) {
        let late: Vec<PathBuf> = self
            .waiting()
            .filter(|(_, entry, first)| entry.is_initial && !follows(*first, last))
            .map(|(path, ..)| path.to_owned())
            .collect();
        for path in late {
            if let Some(entry) = self.entries.get_mut(&path) {
                entry.state = State::LeftOut;
            }
            self.warn(
                &path,
                "begins before the end of the file before it (two captures in one directory?): left out",
            );
        }
    }

    /// The file that is to follow one whose last frame was captured at `last` and which has not grown for so long: the earliest that can.
    fn pick(&self, last: Option<Timestamp>, standstill: Span) -> Option<(PathBuf, Timestamp)> {
        let may_be_late = standstill >= STANDSTILL;
        self.waiting()
            .map(|(path, _, first)| (!follows(first, last), first, path))
            .filter(|(is_late, ..)| !is_late || may_be_late)
            .min()
            .map(|(_, first, path)| (path.to_owned(), first))
    }

    fn warn(&mut self, path: &Path, what: &str) {
        self.remarks.push(Remark::Warning(format!("{}: {what}", path.display())));
    }

    /// The files that wait to be read, and when their first frames were captured.
    fn waiting(&self) -> impl Iterator<Item = (&Path, &Entry, Timestamp)> {
        self.entries.iter().filter_map(|(path, entry)| match entry.state {
            State::Waiting(first) => Some((path.as_path(), entry, first)),
            _ => None,
        })
    }

    fn explain(&self, error: &std::io::Error) -> String {
        use std::io::ErrorKind;
        let why = match error.kind() {
            ErrorKind::NotFound => "no such directory".to_owned(),
            ErrorKind::NotADirectory => "is not a directory".to_owned(),
            ErrorKind::PermissionDenied => "permission denied".to_owned(),
            _ => error.to_string(),
        };
        format!("{}: {why}", self.path.display())
    }
}

/// The file that one is, by its name, the compressed copy of.
fn original(path: &Path) -> Option<PathBuf> {
    compressed_stem(path).map(|stem| path.with_file_name(stem))
}

/// Whether a file is, by its name, the compressed copy of another.
fn is_copy(path: &Path) -> bool {
    compressed_stem(path).is_some()
}

/// Whether a file whose first frame was captured at `first` can follow a frame captured at `last`.
fn follows(first: Timestamp, last: Option<Timestamp>) -> bool {
    last.is_none_or(|last| last.since(first) <= MAX_OVERLAP)
}
