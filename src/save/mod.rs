//! Raw frames on their way into capture files, rotated as tcpdump's `-w` with `-C`, `-G` and `-W` rotates them.
//!
//! Files are opened by name, one after another, by whoever the program runs as at that moment: after privileges were dropped, that user.
//! Time is that of the frames; nothing here reads a clock.

mod name;
mod pcap;

use crate::frame::{Frame, FrameBatch, LinkType};
use crate::time::{NANOS_PER_SECOND, Timestamp};
use jiff::tz::TimeZone;
use name::{digits, file_name};
use pcap::Output;
use std::io;
use std::num::{NonZeroU32, NonZeroU64};
use std::path::{Path, PathBuf};

/// The name that means standard output.
pub const STDOUT: &str = "-";

/// Bytes in a unit of `-C`: tcpdump's million, not 2^20.
const ROTATE_UNIT: u64 = 1_000_000;

/// Where raw frames go, and when the next file begins.
#[derive(Clone, Debug)]
pub struct RawOptions {
    /// The file (`-w`), or [`STDOUT`]. With `rotate_s`, conversions of strftime(3) in it are replaced by the local time at which a file begins.
    pub path: PathBuf,
    /// `-C`: a file that holds more than so many millions of bytes is followed by the next, which has a number after its name.
    pub rotate_mb: Option<NonZeroU64>,
    /// `-G`: a file that covers so many seconds is followed by the next.
    pub rotate_s: Option<NonZeroU64>,
    /// `-W`: with `rotate_mb`, after so many files the first is overwritten; with `rotate_s` alone, the capture ends after so many files.
    pub files: Option<NonZeroU32>,
    /// When the first file begins: now.
    pub start: Timestamp,
}

impl RawOptions {
    /// What is wrong with these options together, for people; `None` where nothing is.
    #[must_use]
    pub fn conflict(&self) -> Option<&'static str> {
        let rotates = self.rotate_mb.is_some() || self.rotate_s.is_some();
        if self.files.is_some() && !rotates {
            return Some("-W counts files: it needs -C or -G");
        }
        if rotates && self.path.as_os_str() == STDOUT {
            return Some("-w - is standard output, which cannot be rotated (-C, -G)");
        }
        None
    }
}

/// How much of a batch was written.
#[must_use]
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Wrote {
    /// All of it.
    All,
    /// Only the first `frames` frames: the last of the files that `-G` with `-W` allows is complete. The capture ends here.
    Full {
        /// How many frames of the batch were written.
        frames: usize,
    },
}

/// Writes frames into pcap files with time stamps of nanoseconds.
pub struct RawWriter {
    options: RawOptions,
    zone: TimeZone,
    link: LinkType,
    snaplen: u32,
    output: Output,
    /// When the file, or the first of those that share a name, began: in seconds since the epoch, as tcpdump counts.
    window: i64,
    /// How many such files were completed.
    windows: u32,
    /// The number of the file among those that share a name.
    part: u64,
    full: bool,
}

impl RawWriter {
    /// Creates the first file, for frames of this link type that are captured to `snaplen` bytes. A file of that name is overwritten.
    ///
    /// # Errors
    /// Options that contradict each other, a name strftime cannot work with, or a file that cannot be created; with its name.
    pub fn create(options: RawOptions, link: LinkType, snaplen: u32) -> io::Result<Self> {
        Self::create_in(TimeZone::system(), options, link, snaplen)
    }

    fn create_in(zone: TimeZone, options: RawOptions, link: LinkType, snaplen: u32) -> io::Result<Self> {
        if let Some(conflict) = options.conflict() {
            return Err(io::Error::new(io::ErrorKind::InvalidInput, conflict));
        }
        let window = seconds(options.start);
        let path = path_at(&options, &zone, window, 0)?;
        let output = Output::create(path, link, snaplen)?;
        Ok(Self { options, zone, link, snaplen, output, window, windows: 0, part: 0, full: false })
    }

    /// The file that is written at the moment.
    #[must_use]
    pub fn path(&self) -> &Path {
        self.output.path()
    }

    /// Writes the frames of a batch in their order. They may wait in memory until [`flush`](Self::flush).
    ///
    /// # Errors
    /// What the file's writing, or the next one's creation, ends in; with its name.
    pub fn write(&mut self, batch: &FrameBatch) -> io::Result<Wrote> {
        for (at, frame) in batch.iter().enumerate() {
            self.rotate(&frame)?;
            if self.full {
                return Ok(Wrote::Full { frames: at });
            }
            self.output.write(&frame)?;
        }
        Ok(Wrote::All)
    }

    /// Hands what waits in memory to the system.
    ///
    /// # Errors
    /// As for [`write`](Self::write).
    pub fn flush(&mut self) -> io::Result<()> {
        self.output.flush()
    }

    /// Begins the file anew where another program moved it away (as logrotate does before it sends SIGHUP). A file that is still in its place
    /// goes on.
    ///
    /// # Errors
    /// As for [`write`](Self::write).
    pub fn reopen(&mut self) -> io::Result<()> {
        self.output.flush()?;
        if self.output.is_in_its_place() {
            return Ok(());
        }
        self.output = Output::create(self.output.path().to_owned(), self.link, self.snaplen)?;
        Ok(())
    }

    /// Goes on to the file that `frame` belongs into.
    fn rotate(&mut self, frame: &Frame<'_>) -> io::Result<()> {
        let now = seconds(frame.ts);
        let is_over =
            |rotate_s: NonZeroU64| i128::from(now) - i128::from(self.window) >= rotate_s.get().into();
        if !self.full && self.options.rotate_s.is_some_and(is_over) {
            self.window = now;
            self.windows = self.windows.saturating_add(1);
            self.part = 0;
            if self.options.rotate_mb.is_none()
                && self.options.files.is_some_and(|files| self.windows >= files.get())
            {
                self.full = true;
                return self.flush();
            }
            return self.next_file();
        }
        let is_big = |rotate_mb: NonZeroU64| self.output.len() > rotate_mb.get().saturating_mul(ROTATE_UNIT);
        if !self.full && self.options.rotate_mb.is_some_and(is_big) {
            self.part += 1;
            if self.options.files.is_some_and(|files| self.part >= files.get().into()) {
                self.part = 0;
            }
            return self.next_file();
        }
        Ok(())
    }

    fn next_file(&mut self) -> io::Result<()> {
        self.output.flush()?;
        let path = path_at(&self.options, &self.zone, self.window, self.part)?;
        self.output = Output::create(path, self.link, self.snaplen)?;
        Ok(())
    }
}

impl Drop for RawWriter {
    fn drop(&mut self) {
        // Who wants to know flushes before.
        let _ = self.flush();
    }
}

/// The name of the file with the number `part` that began at `window`.
fn path_at(options: &RawOptions, zone: &TimeZone, window: i64, part: u64) -> io::Result<PathBuf> {
    let digits = if options.rotate_mb.is_some() { options.files.map_or(0, digits) } else { 0 };
    let moment = options.rotate_s.map(|_| (window, zone));
    file_name(&options.path, moment, part, digits)
}

const fn seconds(ts: Timestamp) -> i64 {
    ts.0.div_euclid(NANOS_PER_SECOND)
}

#[cfg(test)]
mod tests;
