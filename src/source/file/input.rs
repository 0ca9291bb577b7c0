//! One input as a stream of octets: opened, counted for the progress bar, and decompressed if need be.

use super::compression::Compression;
use super::lookslike;
use std::fs::File;
use std::io::{self, BufReader, Cursor, Read};
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

/// The name that means standard input.
pub(super) const STDIN: &str = "-";

/// How much of a compressed file is read at once.
const COMPRESSED_CHUNK: usize = 64 << 10;

/// An input, read up to where its kind can be told.
pub(super) struct Input {
    /// What follows `start`.
    pub(super) rest: Box<dyn Read + Send>,
    /// The first octets, decompressed: [`lookslike::ENOUGH`], or all there are.
    pub(super) start: Vec<u8>,
    /// Around it.
    pub(super) compression: Option<Compression>,
}

impl Input {
    /// Opens the file at `path`, or standard input. What is read of it, compressed as it is, is added to `counter`.
    ///
    /// # Errors
    /// Why not, without the name: missing, not readable, empty, or compressed data that is broken at once.
    pub(super) fn open(path: &Path, counter: Arc<AtomicU64>) -> Result<Self, String> {
        let raw: Box<dyn Read + Send> = if path.as_os_str() == STDIN {
            Box::new(standard_input().map_err(|error| explain(&error))?)
        } else {
            Box::new(File::open(path).map_err(|error| explain(&error))?)
        };
        let mut raw = Counted { inner: raw, counter };
        let start = read_start(&mut raw).map_err(|error| explain(&error))?;
        if start.is_empty() {
            return Err("empty file".to_owned());
        }
        let Some(compression) = Compression::of(&start) else {
            return Ok(Self { rest: Box::new(raw), start, compression: None });
        };
        let whole = BufReader::with_capacity(COMPRESSED_CHUNK, Cursor::new(start).chain(raw));
        let mut rest = compression.decoder(whole).map_err(|error| explain(&error))?;
        let start = read_start(&mut rest).map_err(|error| read_error(&error, Some(compression)))?;
        if start.is_empty() {
            return Err(format!("empty file (inside {})", compression.name()));
        }
        Ok(Self { rest, start, compression: Some(compression) })
    }
}

/// Standard input, without the buffer that the whole program shares: after it was set back, nothing in there comes before its beginning.
#[cfg(unix)]
fn standard_input() -> io::Result<File> {
    use std::os::fd::AsFd;
    Ok(File::from(io::stdin().as_fd().try_clone_to_owned()?))
}

#[cfg(not(unix))]
fn standard_input() -> io::Result<io::Stdin> {
    Ok(io::stdin())
}

/// Why an input cannot be opened, in the words other tools use.
pub(super) fn explain(error: &io::Error) -> String {
    match error.kind() {
        io::ErrorKind::NotFound => "no such file".to_owned(),
        io::ErrorKind::PermissionDenied => "permission denied".to_owned(),
        io::ErrorKind::IsADirectory => "is a directory".to_owned(),
        _ => error.to_string(),
    }
}

/// What went wrong while reading on, as it is said before the place.
pub(super) fn read_error(error: &io::Error, compression: Option<Compression>) -> String {
    match compression {
        Some(kind) if error.kind() == io::ErrorKind::UnexpectedEof => {
            format!("the {} data is cut off", kind.name())
        }
        Some(kind) => format!("the {} data is broken ({error})", kind.name()),
        None => format!("cannot be read on ({})", explain(error)),
    }
}

/// Reads until it is enough to tell what the input is. No more is waited for than a capture's header, as a pipe may be slow.
fn read_start(reader: &mut impl Read) -> io::Result<Vec<u8>> {
    let mut start = vec![0; lookslike::ENOUGH];
    let mut filled = 0;
    while filled < super::pcapng::SECTION_HEADER {
        match reader.read(start.get_mut(filled..).unwrap_or_default()) {
            Ok(0) => break,
            Ok(read) => filled += read,
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            // Part of the start came out of it: what it is can be told, and the error comes again.
            Err(_) if filled > 0 => break,
            Err(error) => return Err(error),
        }
    }
    start.truncate(filled);
    Ok(start)
}

/// Counts what is read.
struct Counted<R> {
    inner: R,
    counter: Arc<AtomicU64>,
}

impl<R: Read> Read for Counted<R> {
    fn read(&mut self, buf: &mut [u8]) -> io::Result<usize> {
        let read = self.inner.read(buf)?;
        self.counter.fetch_add(read as u64, Ordering::Relaxed);
        Ok(read)
    }
}
