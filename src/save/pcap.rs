//! One pcap file that is being written: a file header, then records, in the byte order of this machine.
//!
//! Written by hand, as it is read: the whole format is seven numbers and then four per record.
//! <https://www.ietf.org/archive/id/draft-ietf-opsawg-pcap-05.html>

use super::STDOUT;
use crate::frame::{Frame, LinkType};
use crate::time::NANOS_PER_SECOND;
use std::fs::File;
use std::io::{self, BufWriter, Stdout, Write};
use std::path::{Path, PathBuf};

/// Nanosecond time stamps.
const MAGIC_NANOS: u32 = 0xA1B2_3C4D;
const FILE_HEADER: usize = 24;
const RECORD_HEADER: usize = 16;
/// How much waits in memory at most.
const BUFFER: usize = 256 << 10;

/// An open pcap file.
pub(super) struct Output {
    path: PathBuf,
    target: BufWriter<Target>,
    len: u64,
}

enum Target {
    File(File),
    Stdout(Stdout),
}

impl Output {
    /// Creates or empties the file at `path` and writes its header.
    ///
    /// # Errors
    /// With the file's name.
    pub(super) fn create(path: PathBuf, link: LinkType, snaplen: u32) -> io::Result<Self> {
        let target = if path.as_os_str() == STDOUT {
            Target::Stdout(io::stdout())
        } else {
            Target::File(File::create(&path).map_err(|error| named(&path, &error))?)
        };
        let mut output = Self { path, target: BufWriter::with_capacity(BUFFER, target), len: 0 };
        let words = [MAGIC_NANOS, version(2, 4), 0, 0, snaplen, link.0.into()];
        output.put(&octets::<6, FILE_HEADER>(words))?;
        Ok(output)
    }

    pub(super) fn path(&self) -> &Path {
        &self.path
    }

    /// How many bytes the file has, with those that wait in memory.
    pub(super) const fn len(&self) -> u64 {
        self.len
    }

    /// Appends a frame. A stamp that the format cannot hold (before 1970, after 2106) becomes the nearest that it can.
    ///
    /// # Errors
    /// With the file's name.
    pub(super) fn write(&mut self, frame: &Frame<'_>) -> io::Result<()> {
        let seconds = frame.ts.0.div_euclid(NANOS_PER_SECOND).clamp(0, u32::MAX.into()) as u32;
        let nanos = frame.ts.0.rem_euclid(NANOS_PER_SECOND) as u32;
        let words = [seconds, nanos, frame.data.len() as u32, frame.wire_len];
        self.put(&octets::<4, RECORD_HEADER>(words))?;
        self.put(frame.data)
    }

    /// # Errors
    /// With the file's name.
    pub(super) fn flush(&mut self) -> io::Result<()> {
        self.target.flush().map_err(|error| named(&self.path, &error))
    }

    /// Whether the name still leads to the file that is written.
    pub(super) fn is_in_its_place(&self) -> bool {
        let Target::File(file) = self.target.get_ref() else { return true };
        #[cfg(unix)]
        {
            use std::os::unix::fs::MetadataExt;
            let identity = |meta: std::fs::Metadata| (meta.dev(), meta.ino());
            self.path.metadata().map(identity).ok() == file.metadata().map(identity).ok()
        }
        #[cfg(not(unix))]
        {
            let _ = file;
            self.path.exists()
        }
    }

    fn put(&mut self, bytes: &[u8]) -> io::Result<()> {
        self.target.write_all(bytes).map_err(|error| named(&self.path, &error))?;
        self.len += bytes.len() as u64;
        Ok(())
    }
}

impl Write for Target {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        match self {
            Self::File(file) => file.write(bytes),
            Self::Stdout(stdout) => stdout.write(bytes),
        }
    }

    fn flush(&mut self) -> io::Result<()> {
        match self {
            Self::File(file) => file.flush(),
            Self::Stdout(stdout) => stdout.flush(),
        }
    }
}

/// The same error, and which file it is about.
fn named(path: &Path, error: &io::Error) -> io::Error {
    io::Error::new(error.kind(), format!("{}: {error}", path.display()))
}

/// Two halves as the word they make in this machine's byte order.
fn version(major: u16, minor: u16) -> u32 {
    let [a, b] = major.to_ne_bytes();
    let [c, d] = minor.to_ne_bytes();
    u32::from_ne_bytes([a, b, c, d])
}

fn octets<const WORDS: usize, const OCTETS: usize>(words: [u32; WORDS]) -> [u8; OCTETS] {
    let mut octets = [0; OCTETS];
    for (place, word) in octets.chunks_exact_mut(4).zip(words) {
        place.copy_from_slice(&word.to_ne_bytes());
    }
    octets
}
