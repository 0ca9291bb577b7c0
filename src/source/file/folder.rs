//! The captures in a folder.

use super::pieces::first_time;
use std::fs::{self, File};
use std::io;
use std::path::{Path, PathBuf};

/// What a folder holds.
#[derive(Clone, Debug, Default)]
pub struct Folder {
    /// The captures, by the time of their first frames; and files that cannot be opened, as they may be some.
    pub captures: Vec<PathBuf>,
    /// What is none: other files, files without a byte, and folders, by name.
    pub others: Vec<PathBuf>,
}

/// Looks at what `folder` holds, but not into the folders in it, nor at what is hidden (names that begin with a dot, as for a shell's `*`).
/// A file is a capture by how it begins, whatever its name is.
///
/// # Errors
/// It cannot be read.
pub fn captures_in(folder: &Path) -> io::Result<Folder> {
    let mut names = Vec::new();
    for entry in fs::read_dir(folder)? {
        names.push(entry?.file_name());
    }
    // Whatever the order the folder gives them in.
    names.sort_unstable();
    let (mut captures, mut others) = (Vec::new(), Vec::new());
    for name in names.iter().filter(|name| !name.as_encoded_bytes().starts_with(b".")) {
        let path = folder.join(name);
        // A pipe would wait for its writer.
        if !path.is_file() {
            others.push(path);
            continue;
        }
        match first_time(&path) {
            Ok(first) => captures.push((first, path)),
            Err(_) if File::open(&path).is_ok() => others.push(path),
            Err(_) => captures.push((None, path)),
        }
    }
    // Stable: what begins at the same time stays in the order of the names.
    captures.sort_by_key(|(first, _)| *first);
    Ok(Folder { captures: captures.into_iter().map(|(_, path)| path).collect(), others })
}
