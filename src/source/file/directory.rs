//! The captures in a directory.

use super::input::Input;
use super::lookslike::is_of_another_kind;
use super::pieces::first_time;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

/// What a directory holds.
#[derive(Clone, Debug, Default)]
pub struct Directory {
    /// The captures, by the time of their first frames; before them what may be one, and cannot be read.
    pub captures: Vec<PathBuf>,
    /// What is none, by name: files of another kind, those without a byte, and directories.
    pub others: Vec<PathBuf>,
}

/// Looks at what `directory` holds, but not into the directories in it, nor at what is hidden (names that begin with a dot, as for a
/// shell's `*`). A file is a capture by how it begins, whatever its name is.
///
/// # Errors
/// It cannot be read.
pub fn captures_in(directory: &Path) -> io::Result<Directory> {
    let mut names = Vec::new();
    for entry in fs::read_dir(directory)? {
        names.push(entry?.file_name());
    }
    // Whatever the order the directory gives them in.
    names.sort_unstable();
    let (mut captures, mut others) = (Vec::new(), Vec::new());
    for name in names.iter().filter(|name| !name.as_encoded_bytes().starts_with(b".")) {
        let path = directory.join(name);
        // A pipe would wait for its writer.
        match path.metadata() {
            Ok(meta) if !meta.is_file() || meta.len() == 0 => others.push(path),
            _ => match first_time(&path) {
                Ok(first) => captures.push((first, path)),
                Err(_) if is_none(&path) => others.push(path),
                // Whoever reads it says what is wrong with it.
                Err(_) => captures.push((None, path)),
            },
        }
    }
    // Stable: what begins at the same time stays in the order of the names.
    captures.sort_by_key(|(first, _)| *first);
    Ok(Directory { captures: captures.into_iter().map(|(_, path)| path).collect(), others })
}

fn is_none(path: &Path) -> bool {
    Input::open(path, Default::default()).is_ok_and(|input| is_of_another_kind(&input.start))
}
