//! `-w`: the frames as they were captured, those and only those that are analysed.

use super::plan::Raw;
use crate::app::Error;
use crate::frame::{FrameBatch, LinkType};
use crate::save::{RawOptions, RawWriter, Wrote};
use crate::time::Timestamp;
use std::num::{NonZeroU32, NonZeroU64};

/// Where they go.
pub(super) struct Tap {
    writer: RawWriter,
}

impl Tap {
    /// Begins the first file, for frames of this link type that are captured to `snaplen` bytes.
    ///
    /// # Errors
    /// The file cannot be made.
    pub(super) fn create(raw: &Raw, link: LinkType, snaplen: u32) -> Result<Self, Error> {
        let options = RawOptions {
            path: raw.path.clone(),
            rotate_mb: raw.size.and_then(|size| NonZeroU64::new(size.into())),
            rotate_s: raw.seconds.and_then(|seconds| NonZeroU64::new(seconds.into())),
            files: raw.files.and_then(NonZeroU32::new),
            start: now(),
        };
        Ok(Self { writer: RawWriter::create(options, link, snaplen).map_err(failed)? })
    }

    /// Writes the frames. Those for which there may be no further file are taken out of the batch; answers whether there are none.
    ///
    /// # Errors
    /// They cannot be written.
    pub(super) fn write(&mut self, batch: &mut FrameBatch) -> Result<bool, Error> {
        match self.writer.write(batch).map_err(failed)? {
            Wrote::All => Ok(true),
            Wrote::Full { frames } => {
                batch.frames.truncate(frames);
                Ok(false)
            }
        }
    }

    /// Goes on in the file that has the name now.
    ///
    /// # Errors
    /// It cannot be had.
    pub(super) fn reopen(&mut self) -> Result<(), Error> {
        self.writer.reopen().map_err(failed)
    }

    /// Hands over what still waits in memory.
    ///
    /// # Errors
    /// It cannot be written.
    pub(super) fn flush(&mut self) -> Result<(), Error> {
        self.writer.flush().map_err(failed)
    }
}

/// The cause names the file.
fn failed(cause: std::io::Error) -> Error {
    Error::io("cannot write frames (-w)", cause)
}

/// The clock's time, from which files are counted.
#[expect(clippy::disallowed_methods, reason = "files begin by the clock; the analysis never sees it")]
fn now() -> Timestamp {
    let since = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).unwrap_or_default();
    Timestamp(i64::try_from(since.as_nanos()).unwrap_or_default())
}
