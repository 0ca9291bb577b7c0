//! Frames from a directory into which another program captures and rotates: tcpdump with `-G`, `-C` and `-W`, or dumpcap with `-b`.
//!
//! ```text
//!  directory ──► which file next ──► capture, as it grows ──► FrameBatch
//!  (looked at once a second)         (tried ten times a second)
//! ```
//! The files that are there are read in the order of their first frames, the newest as it grows, and then each that appears. Such a file
//! grows in steps that end anywhere: a record that is cut off is not damage before the next file has begun.

mod directory;
mod entry;

use super::clock::Clock;
use super::file::capture::{Capture, Position};
use super::file::{UNSTAMPED, add_drops, name};
use super::filter::Filter;
use super::quiet::Quiet;
use super::remarks::Remarks;
use super::{FrameSource, Next, SourceError, SourceNotes, SourcePiece, Stop};
use crate::frame::FrameBatch;
use crate::time::{Span, Timestamp};
use directory::{Directory, Remark};
use std::path::{Path, PathBuf};
use std::time::Duration;

/// How often a file that grows is tried.
const POLL: Duration = Duration::from_millis(100);
/// How often silence is told.
const QUIET_EVERY: Span = Span::from_millis(200);
/// How far behind the clock silence is told: for what is on its way from the kernel through the other program into the file.
const MARGIN: Span = Span::from_millis(1_500);
/// How often the directory is looked at.
const LOOK_EVERY: Span = Span::from_secs(1);
/// The size of the steps in which a program writes that does not write every frame at once.
const WRITE_BUFFER: u64 = 4096;
/// How many file names are kept in the notes.
const MAX_PIECES: usize = 1_000;

/// Follows the captures in the directory `path`.
///
/// `filter` is an expression of libpcap's filter language; frames that do not match it are delivered as
/// [filtered](crate::frame::Fault::Filtered). The source ends soon after `stop` is set.
///
/// # Errors
/// A directory that cannot be read; a filter that cannot be compiled.
pub fn open(path: &Path, filter: Option<&str>, stop: Stop) -> Result<Follow, SourceError> {
    let filter = filter.map(Filter::new).transpose()?;
    let clock = Clock::start();
    let mut follow = Follow {
        directory: Directory::new(path),
        current: None,
        position: Position::default(),
        filter,
        stop,
        clock,
        quiet: Quiet::new(MARGIN),
        notes: SourceNotes::default(),
        left_out: Remarks::default(),
        looked: None,
    };
    match follow.look(clock.elapsed()) {
        Some(why) => Err(SourceError(why)),
        None => Ok(follow),
    }
}

/// A directory that is followed. Made by [`open`].
pub struct Follow {
    directory: Directory,
    current: Option<Current>,
    position: Position,
    filter: Option<Filter>,
    stop: Stop,
    clock: Clock,
    quiet: Quiet,
    notes: SourceNotes,
    /// Warnings about files; there may be any number of them.
    left_out: Remarks,
    looked: Option<Span>,
}

/// The file that is being read.
struct Current {
    path: PathBuf,
    capture: Capture,
    /// When it brought a frame last.
    grew: Span,
    /// Whether another file has its name now. This one can be read to its end.
    is_replaced: bool,
}

impl Follow {
    /// Looks at the directory, if it is time to. Why that is impossible.
    fn look(&mut self, now: Span) -> Option<String> {
        if self.looked.is_some_and(|looked| now - looked < LOOK_EVERY) {
            return None;
        }
        self.looked = Some(now);
        if let Err(why) = self.directory.look(Clock::wall()) {
            return Some(why);
        }
        self.take_remarks();
        None
    }

    /// Looks at the current file alone, so that nothing is read of what took its place as if it went on.
    fn look_at_current(&mut self) {
        if self.current.is_some() {
            self.directory.look_at_current();
            self.take_remarks();
        }
    }

    fn take_remarks(&mut self) {
        for remark in self.directory.remarks() {
            match (remark, &mut self.current) {
                (Remark::Warning(line), _) => self.warn(line),
                (Remark::Overwritten { is_gone: true }, _) => self.leave(),
                (Remark::Overwritten { is_gone: false }, Some(current)) => current.is_replaced = true,
                (Remark::Overwritten { is_gone: false }, None) => {}
            }
        }
    }

    /// Reads the next frames of the current file, or of the one after it.
    fn read(&mut self, batch: &mut FrameBatch, now: Span) -> bool {
        loop {
            if let Some(current) = &mut self.current {
                if current.capture.fill(batch, &mut self.position) {
                    current.grew = now;
                    return true;
                }
                if !self.is_over(now) {
                    return false;
                }
                // Whoever began the next file had completed this one: what it holds now is all.
                if self.finish(batch) {
                    return true;
                }
            }
            if !self.enter(now) {
                return false;
            }
        }
    }

    /// Whether the current file, which has no frame to read, is complete: the next one has begun.
    fn is_over(&mut self, now: Span) -> bool {
        let Some(current) = &self.current else { return true };
        if current.is_replaced || current.capture.is_compressed() {
            return true;
        }
        self.directory.has_next(self.position.time, now - current.grew)
    }

    /// Reads what is left of the current file, which grows no more. Whether there were frames.
    fn finish(&mut self, batch: &mut FrameBatch) -> bool {
        let Some(current) = &mut self.current else { return false };
        current.capture.set_growing(false);
        let has_frames = current.capture.fill(batch, &mut self.position);
        if !has_frames {
            self.leave();
        }
        has_frames
    }

    /// Opens the next file, if there is one.
    fn enter(&mut self, now: Span) -> bool {
        while let Some(path) = self.directory.next(self.position.time, Clock::wall()) {
            self.take_remarks();
            match Capture::open(&path, Default::default()) {
                Ok(mut capture) => {
                    capture.set_growing(!capture.is_compressed());
                    let frames_before = self.position.next.get() - 1;
                    if self.notes.sources.len() >= MAX_PIECES {
                        self.notes.sources.remove(0);
                    }
                    self.notes.sources.push(SourcePiece { name: name(&path), frames_before });
                    self.current = Some(Current { path, capture, grew: now, is_replaced: false });
                    return true;
                }
                Err(why) => {
                    self.directory.leave();
                    self.warn(format!("{}: {why}", name(&path)));
                }
            }
        }
        false
    }

    /// Notes what the current file has to say, and leaves it.
    fn leave(&mut self) {
        let Some(Current { path, capture, is_replaced, .. }) = self.current.take() else { return };
        if !is_replaced {
            self.directory.leave();
        }
        add_drops(&mut self.notes, &capture);
        if std::mem::take(&mut self.position.unstamped) {
            self.warn(format!("{}: {UNSTAMPED}", name(&path)));
        }
        if let Some(damage) = capture.damage() {
            self.warn(format!("{}: {damage}", name(&path)));
            self.notes.damaged = true;
        }
    }

    fn warn(&mut self, line: String) {
        self.left_out.add(&mut self.notes.warnings, line, "remarks about files");
    }

    /// What time it is while nothing comes. It stands still where frames are surely, or probably, still in the other program's memory.
    fn silence(&mut self, now: Span) -> Timestamp {
        let is_held = self.directory.awaits()
            || self.current.as_ref().is_some_and(|current| {
                let (read, cut) = current.capture.read();
                cut > 0 || read % WRITE_BUFFER == 0
            });
        let time = if is_held { self.quiet.held() } else { self.quiet.at(now, Timestamp(i64::MAX)) };
        // Before the first frame no time has come.
        time.unwrap_or(Timestamp(i64::MIN))
    }
}

impl FrameSource for Follow {
    fn fill(&mut self, batch: &mut FrameBatch) -> Result<Next, SourceError> {
        batch.clear();
        let began = self.clock.elapsed();
        while !self.stop.is_set() && self.notes.lost.is_none() {
            let now = self.clock.elapsed();
            if let Some(why) = self.look(now) {
                self.notes.lost = Some(why);
                break;
            }
            self.look_at_current();
            if self.read(batch, now) {
                if let Some(time) = self.position.time {
                    self.quiet.anchor(time, now);
                }
                if let Some(filter) = &mut self.filter {
                    filter.apply(batch, &mut self.notes.warnings);
                }
                return Ok(Next::Filled);
            }
            if now - began >= QUIET_EVERY {
                return Ok(Next::Quiet(self.silence(now)));
            }
            std::thread::sleep(POLL);
        }
        self.leave();
        Ok(Next::End)
    }

    fn notes(&self) -> &SourceNotes {
        &self.notes
    }
}

#[cfg(test)]
mod tests;
