//! Where results go, and whether in colour.

use super::Error;
use super::cli::Color;
use std::fs::{File, OpenOptions};
use std::io::{self, IsTerminal, Write};
use std::path::{Path, PathBuf};

/// Where results go.
#[derive(Debug)]
pub(super) enum Output {
    /// Standard output.
    Stdout,
    /// A file that is open, and still holds what it held before: see [`Output::start`].
    File {
        file: File,
        path: PathBuf,
        /// Whether it was not there before.
        is_new: bool,
    },
}

impl Output {
    /// Standard output, unless a file is named.
    pub(super) fn of(path: Option<&Path>) -> Result<Self, Error> {
        path.map_or(Ok(Self::Stdout), Self::open)
    }

    pub(super) fn open(path: &Path) -> Result<Self, Error> {
        let opened = match OpenOptions::new().write(true).create_new(true).open(path) {
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {
                let there = OpenOptions::new().write(true).create(true).truncate(false).open(path);
                there.map(|file| (file, false))
            }
            opened => opened.map(|file| (file, true)),
        };
        let failed = |e| Error::io(format!("cannot write {}", path.display()), e);
        opened.map(|(file, is_new)| Self::File { file, path: path.into(), is_new }).map_err(failed)
    }

    /// The stream to write to. A file is emptied only now: an input that turns out to be missing costs no earlier report.
    pub(super) fn start(&self) -> io::Result<Box<dyn Write + '_>> {
        match self {
            Self::Stdout => Ok(Box::new(io::stdout().lock())),
            Self::File { file, .. } => {
                // Devices and pipes cannot be cut, and need not be.
                if file.metadata()?.is_file() {
                    file.set_len(0)?;
                }
                Ok(Box::new(file))
            }
        }
    }

    /// Whether results appear on a terminal.
    pub(super) fn is_terminal(&self) -> bool {
        matches!(self, Self::Stdout) && io::stdout().is_terminal()
    }
}

/// <https://no-color.org> and <https://bixense.com/clicolors>: what is typed wins, then NO_COLOR, then CLICOLOR_FORCE.
pub(super) fn color(typed: Color, output: &Output) -> bool {
    let is_set = |name| std::env::var_os(name).is_some_and(|value| !value.is_empty());
    let forced = std::env::var_os("CLICOLOR_FORCE").is_some_and(|value| !value.is_empty() && value != "0");
    match typed {
        Color::Always => true,
        Color::Never => false,
        Color::Auto if is_set("NO_COLOR") => false,
        Color::Auto => {
            forced || (output.is_terminal() && std::env::var_os("TERM").is_none_or(|term| term != "dumb"))
        }
    }
}
