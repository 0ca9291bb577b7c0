//! A file that always holds a whole page.

use crate::render::openmetrics;
use std::ffi::{OsStr, OsString};
use std::fs::{self, File, OpenOptions};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

/// A file that is replaced as a whole: who reads it sees one page or the next, never half of one.
///
/// A name that ends in `.prom` is what the textfile collector of node_exporter reads; it gets the text format which that knows.
#[derive(Debug)]
pub(super) struct MetricsFile {
    path: PathBuf,
    temporary: PathBuf,
    is_plain: bool,
}

impl MetricsFile {
    /// The file at `path`; nothing is written yet.
    ///
    /// # Errors
    /// There is something else at `path`, which could not be replaced.
    pub(super) fn at(path: &Path) -> io::Result<Self> {
        let name = path.file_name().ok_or_else(|| io::Error::other("a file's name is needed"))?;
        match fs::metadata(path) {
            Ok(there) if !there.is_file() => {
                return Err(io::Error::other(
                    "it is no regular file, which alone can be replaced as a whole",
                ));
            }
            Err(e) if e.kind() != io::ErrorKind::NotFound => return Err(e),
            _ => {}
        }
        // It does not end as the file does: else a collector would read it too.
        let mut temporary = OsString::from(".");
        temporary.push(name);
        temporary.push(".tmp");
        Ok(Self {
            path: path.to_owned(),
            temporary: path.with_file_name(temporary),
            is_plain: path.extension() == Some(OsStr::new("prom")),
        })
    }

    /// Which file it is.
    pub(super) fn path(&self) -> &Path {
        &self.path
    }

    /// Replaces what it holds.
    ///
    /// # Errors
    /// It, or the temporary file beside it, cannot be written. It holds what it held before.
    pub(super) fn write(&self, page: &str) -> io::Result<()> {
        let plain = self.is_plain.then(|| openmetrics::plain(page));
        let written = self.create().and_then(|mut file| {
            readable_by_all(&file)?;
            file.write_all(plain.as_deref().unwrap_or(page).as_bytes())
        });
        written.and_then(|()| fs::rename(&self.temporary, &self.path)).inspect_err(|_| {
            // It may not be there.
            let _ = fs::remove_file(&self.temporary);
        })
    }

    /// The temporary file, made anew: what is there is a leftover, or somebody else's link to another file.
    fn create(&self) -> io::Result<File> {
        let create = || OpenOptions::new().write(true).create_new(true).open(&self.temporary);
        create().or_else(|error| match error.kind() {
            io::ErrorKind::AlreadyExists => {
                fs::remove_file(&self.temporary)?;
                create()
            }
            _ => Err(error),
        })
    }
}

/// The collector is another user.
#[cfg(unix)]
fn readable_by_all(file: &File) -> io::Result<()> {
    use std::os::unix::fs::PermissionsExt;
    file.set_permissions(fs::Permissions::from_mode(0o644))
}

#[cfg(not(unix))]
fn readable_by_all(_: &File) -> io::Result<()> {
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    const PAGE: &str = "# HELP x_a A.\n# TYPE x_a counter\nx_a_total 1\n# EOF\n";

    #[test]
    fn the_file_holds_the_newest_page_and_nothing_lies_beside_it() {
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path().join("keepscope.txt");
        let file = MetricsFile::at(&path).unwrap();
        assert!(!path.exists(), "nothing is written before it is asked for");
        for page in ["a longer page\n", PAGE] {
            file.write(page).unwrap();
            assert_eq!(fs::read_to_string(&path).unwrap(), page);
        }
        assert_eq!(directory.path().read_dir().unwrap().count(), 1);
    }

    #[cfg(unix)]
    #[test]
    fn others_may_read_it_and_a_leftover_link_is_not_followed() {
        use std::os::unix::fs::PermissionsExt;
        let directory = tempfile::tempdir().unwrap();
        let (path, victim) = (directory.path().join("k.prom"), directory.path().join("victim"));
        fs::write(&victim, "untouched").unwrap();
        std::os::unix::fs::symlink(&victim, directory.path().join(".k.prom.tmp")).unwrap();
        MetricsFile::at(&path).unwrap().write(PAGE).unwrap();
        assert_eq!(fs::read_to_string(&victim).unwrap(), "untouched");
        assert_eq!(fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o644);
        assert_eq!(
            fs::read_to_string(&path).unwrap(),
            "# HELP x_a_total A.\n# TYPE x_a_total counter\nx_a_total 1\n",
            "a .prom file is in the format of the textfile collector"
        );
    }

    #[test]
    fn who_reads_while_it_is_written_sees_whole_pages() {
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path().join("m");
        let file = MetricsFile::at(&path).unwrap();
        let pages = ["a".repeat(100_000), "b".repeat(50_000)];
        file.write(&pages[0]).unwrap();
        let writer = std::thread::spawn({
            let pages = pages.clone();
            move || (0..200).for_each(|i| file.write(&pages[i % 2]).unwrap())
        });
        while !writer.is_finished() {
            assert!(pages.contains(&fs::read_to_string(&path).unwrap()));
        }
        writer.join().unwrap();
    }

    #[test]
    fn what_cannot_be_replaced_is_refused() {
        let directory = tempfile::tempdir().unwrap();
        assert!(MetricsFile::at(directory.path()).is_err());
        assert!(MetricsFile::at(Path::new("/")).is_err());
        let nowhere = directory.path().join("not/there");
        assert!(MetricsFile::at(&nowhere).unwrap().write(PAGE).is_err());
    }
}
