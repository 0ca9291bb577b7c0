//! A capture or a report, whichever it is: what its first bytes tell has to be read again, and of a pipe it cannot be.

use crate::app::Error;
use std::fs::File;
use std::io::{self, Read};
use std::path::{Path, PathBuf};
use tempfile::TempPath;

/// Something that can be opened more than once.
pub(super) struct Input {
    path: PathBuf,
    /// What the user calls it.
    name: String,
    /// What came through a pipe. It goes with this.
    kept: Option<TempPath>,
}

impl Input {
    /// What `path` leads to, `-` to standard input.
    ///
    /// # Errors
    /// It cannot be read, or not be kept.
    pub(super) fn of(path: &Path) -> Result<Self, Error> {
        let name = path.display().to_string();
        let failed = |e| Error::io(format!("cannot read {name}"), e);
        let kept = if path.as_os_str() == "-" {
            Some(keep(io::stdin().lock()).map_err(failed)?)
        } else if path.metadata().map_err(failed)?.is_file() {
            None
        } else {
            Some(keep(File::open(path).map_err(failed)?).map_err(failed)?)
        };
        let path = kept.as_deref().unwrap_or(path).to_owned();
        Ok(Self { path, name, kept })
    }

    /// Where it can be opened.
    pub(super) fn path(&self) -> &Path {
        &self.path
    }

    /// What the user calls it.
    pub(super) fn name(&self) -> &str {
        &self.name
    }

    /// `text` as the user knows the file.
    pub(super) fn told(&self, text: &str) -> String {
        match &self.kept {
            Some(kept) => text.replacen(&kept.display().to_string(), &self.name, 1),
            None => text.to_owned(),
        }
    }

    /// Whether it begins like a JSON object. No capture does: their magic numbers are other bytes.
    ///
    /// # Errors
    /// It cannot be read.
    pub(super) fn is_json(&self) -> Result<bool, Error> {
        let failed = |e| Error::io(format!("cannot read {}", self.name), e);
        let mut head = [0; 64];
        let read = File::open(&self.path).map_err(failed)?.read(&mut head).map_err(failed)?;
        let first = head.iter().take(read).find(|byte| !byte.is_ascii_whitespace());
        Ok(first == Some(&b'{'))
    }
}

fn keep(mut from: impl Read) -> io::Result<TempPath> {
    let mut file = tempfile::NamedTempFile::new()?;
    io::copy(&mut from, &mut file)?;
    Ok(file.into_temp_path())
}
