//! Where the results of a run go: opened once, opened again when a log rotation has moved the file away.

use crate::app::inputs::is_same_file;
use crate::app::output::Output;
use std::fs::{File, OpenOptions};
use std::io::{self, BufWriter, Write};
use std::path::PathBuf;

/// How much is gathered before it is written, where nothing asks for more often.
const BUFFER: usize = 1 << 16;

/// An output that is written as things happen.
#[derive(Debug)]
pub(super) struct Sink {
    out: BufWriter<Target>,
}

#[derive(Debug)]
enum Target {
    Stdout(io::Stdout),
    /// A file, which is emptied before the first byte: what cannot be analysed costs no earlier report.
    File {
        file: File,
        path: PathBuf,
        is_begun: bool,
    },
    #[cfg(test)]
    Memory(Memory),
}

/// What was written, for tests to see.
#[cfg(test)]
pub(super) type Memory = std::sync::Arc<std::sync::Mutex<Vec<u8>>>;

impl Sink {
    /// For what goes to `output`.
    ///
    /// # Errors
    /// There can be no further open file.
    pub(super) fn new(output: &Output) -> io::Result<Self> {
        let target = match output {
            Output::Stdout => Target::Stdout(io::stdout()),
            Output::File { file, path, .. } => {
                Target::File { file: file.try_clone()?, path: path.clone(), is_begun: false }
            }
        };
        Ok(Self { out: BufWriter::with_capacity(BUFFER, target) })
    }

    #[cfg(test)]
    pub(super) fn memory(memory: &Memory) -> Self {
        Self { out: BufWriter::new(Target::Memory(memory.clone())) }
    }

    /// Goes on in the file that has the name now; what was written so far stays where it is. Only files have names to lose.
    ///
    /// # Errors
    /// The system's, with the name: the file that was open is written on.
    pub(super) fn reopen(&mut self) -> Result<(), (PathBuf, io::Error)> {
        let flushed = self.out.flush();
        let Target::File { file, path, .. } = self.out.get_mut() else { return Ok(()) };
        let failed = |error| (path.clone(), error);
        flushed.map_err(failed)?;
        let is_file = file.metadata().map_err(failed)?.is_file();
        if !is_file || is_named(file, path) {
            return Ok(());
        }
        let fresh = OpenOptions::new().append(true).create(true).open(&*path).map_err(failed)?;
        *file = fresh;
        Ok(())
    }
}

/// Whether `path` is still the name of `file`.
fn is_named(file: &File, path: &PathBuf) -> bool {
    match (file.metadata(), std::fs::metadata(path)) {
        (Ok(open), Ok(named)) => is_same_file(&open, &named),
        _ => false,
    }
}

impl Write for Sink {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.out.write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.out.flush()
    }
}

impl Write for Target {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        match self {
            Self::Stdout(out) => out.write(bytes),
            Self::File { file, is_begun, .. } => {
                if !std::mem::replace(is_begun, true) && file.metadata()?.is_file() {
                    file.set_len(0)?;
                }
                file.write(bytes)
            }
            #[cfg(test)]
            Self::Memory(memory) => memory.lock().map_or(Ok(0), |mut bytes_so_far| bytes_so_far.write(bytes)),
        }
    }

    fn flush(&mut self) -> io::Result<()> {
        match self {
            Self::Stdout(out) => out.flush(),
            Self::File { file, .. } => file.flush(),
            #[cfg(test)]
            Self::Memory(_) => Ok(()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::fs;

    fn sink(path: &std::path::Path) -> Sink {
        let file = OpenOptions::new().write(true).create(true).truncate(false).open(path).unwrap();
        Sink::new(&Output::File { file, path: path.into(), is_new: false }).unwrap()
    }

    #[test]
    fn a_file_that_was_moved_away_is_begun_again() {
        let dir = tempfile::tempdir().unwrap();
        let (log, old) = (dir.path().join("log"), dir.path().join("log.1"));
        fs::write(&log, "what was there before").unwrap();
        let mut sink = sink(&log);
        assert_eq!(fs::read(&log).unwrap(), b"what was there before", "until there is something better");
        sink.write_all(b"one\n").unwrap();
        fs::rename(&log, &old).unwrap();
        sink.reopen().unwrap();
        sink.write_all(b"two\n").unwrap();
        sink.flush().unwrap();
        assert_eq!((fs::read(&old).unwrap(), fs::read(&log).unwrap()), (b"one\n".into(), b"two\n".into()));
    }

    #[test]
    fn a_file_that_is_still_there_is_written_on() {
        let dir = tempfile::tempdir().unwrap();
        let log = dir.path().join("log");
        let mut sink = sink(&log);
        sink.write_all(b"one\n").unwrap();
        sink.reopen().unwrap();
        sink.write_all(b"two\n").unwrap();
        sink.flush().unwrap();
        assert_eq!(fs::read(&log).unwrap(), b"one\ntwo\n");
    }

    #[test]
    fn a_name_that_cannot_be_had_costs_nothing_that_comes() {
        let dir = tempfile::tempdir().unwrap();
        let (log, old) = (dir.path().join("sub/log"), dir.path().join("gone"));
        fs::create_dir(dir.path().join("sub")).unwrap();
        let mut sink = sink(&log);
        fs::rename(dir.path().join("sub"), &old).unwrap();
        let (path, error) = sink.reopen().unwrap_err();
        assert_eq!((path, error.kind()), (log, io::ErrorKind::NotFound));
        sink.write_all(b"on\n").unwrap();
        sink.flush().unwrap();
        assert_eq!(fs::read(old.join("log")).unwrap(), b"on\n");
    }
}
