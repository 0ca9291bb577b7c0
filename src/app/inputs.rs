//! What is to be read, as it is named.

use super::Error;
use super::cli::Analysis;
use super::error::usage;
use crate::source::file::{Directory, captures_in};
use std::fs::{File, Metadata};
use std::io::{self, BufRead, BufReader, IsTerminal};
use std::path::{Path, PathBuf};

/// Of what is left out of a directory, as many are named.
const MAX_NAMES: usize = 3;

/// The captures that are named, at least one; and lines to be said of them.
pub(super) fn inputs(typed: &Analysis) -> Result<(Vec<PathBuf>, Vec<String>), Error> {
    let mut inputs = typed.read.clone();
    inputs.extend_from_slice(&typed.files);
    if let Some(list) = &typed.files_from {
        inputs.extend(listed(list)?);
    }
    let is_stdin = |path: &PathBuf| path.as_os_str() == "-";
    if inputs.is_empty() {
        return usage("no capture is named; give a FILE, or '-' for standard input");
    }
    if inputs.len() > 1 && inputs.iter().any(is_stdin) {
        return usage("'-' (standard input) stands alone: it cannot be one of several pieces");
    }
    if inputs.iter().any(is_stdin) && io::stdin().is_terminal() {
        return usage("standard input is a terminal, not a capture");
    }
    if let Some(word) = filter_word(&typed.files) {
        return usage(format!(
            "there is no file {word}; a filter expression is given with -f, for example -f 'tcp port 80'"
        ));
    }
    unfold(inputs, LeftOut::told(typed.quiet, typed.anonymize.is_some()))
}

/// How it is told what is left out of a directory.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum LeftOut {
    Named,
    /// Where no names of files may be told.
    Counted,
    Untold,
}

impl LeftOut {
    /// What `--quiet` and `--anonymize` make of it.
    pub(super) const fn told(quiet: bool, anonymize: bool) -> Self {
        match (quiet, anonymize) {
            (true, _) => Self::Untold,
            (false, true) => Self::Counted,
            (false, false) => Self::Named,
        }
    }

    fn remark(self, directory: &Path, others: &[PathBuf]) -> Option<String> {
        match self {
            _ if others.is_empty() => None,
            Self::Named => Some(format!(
                "{}: left out, as they are no captures: {}",
                directory.display(),
                enumerated(others)
            )),
            Self::Counted => Some(format!("left out of the directory, as no captures: {}", others.len())),
            Self::Untold => None,
        }
    }
}

/// `paths`, with the captures that a directory among them holds in its place, by the time of their first frames; and lines to be said of what
/// else it holds.
pub(super) fn unfold(paths: Vec<PathBuf>, left_out: LeftOut) -> Result<(Vec<PathBuf>, Vec<String>), Error> {
    let (mut all, mut remarks, is_alone) = (Vec::new(), Vec::new(), paths.len() == 1);
    for path in paths {
        if !path.is_dir() {
            all.push(path);
            continue;
        }
        match captures_in(&path) {
            Ok(Directory { captures, others }) if !captures.is_empty() => {
                remarks.extend(left_out.remark(&path, &others));
                all.extend(captures);
            }
            Ok(_) if is_alone => {
                return usage(format!("{} is a directory without a capture in it", path.display()));
            }
            Err(e) if is_alone => return Err(Error::io(format!("cannot read {}", path.display()), e)),
            // Among several it is one bad file, which costs the others nothing.
            Ok(_) | Err(_) => all.push(path),
        }
    }
    Ok((all, remarks))
}

/// The names of the first few of `paths`, and how many more there are.
fn enumerated(paths: &[PathBuf]) -> String {
    let name = |path: &PathBuf| path.file_name().map(|name| name.to_string_lossy().into_owned());
    let mut names: Vec<String> = paths.iter().take(MAX_NAMES).filter_map(name).collect();
    if let more @ 1.. = paths.len().saturating_sub(MAX_NAMES) {
        names.push(format!("{more} more"));
    }
    names.join(", ")
}

/// The names in a list, one a line.
fn listed(list: &Path) -> Result<Vec<PathBuf>, Error> {
    let failed = |e| Error::io(format!("cannot read {}", list.display()), e);
    let lines: Box<dyn BufRead> = if list.as_os_str() == "-" {
        Box::new(io::stdin().lock())
    } else {
        Box::new(BufReader::new(File::open(list).map_err(failed)?))
    };
    let names = lines.split(b'\n').filter_map(|line| match line {
        Ok(line) => path_of(line.strip_suffix(b"\r").unwrap_or(&line)).map(Ok),
        Err(e) => Some(Err(failed(e))),
    });
    names.collect()
}

/// A name as bytes, since file names need not be UTF-8; `None` for an empty line.
fn path_of(name: &[u8]) -> Option<PathBuf> {
    if name.is_empty() {
        return None;
    }
    #[cfg(unix)]
    return Some(PathBuf::from(<std::ffi::OsStr as std::os::unix::ffi::OsStrExt>::from_bytes(name)));
    #[cfg(not(unix))]
    Some(PathBuf::from(String::from_utf8_lossy(name).into_owned()))
}

/// What begins with a word of libpcap's filter language among `files` and is no file: tcpdump takes a filter as its last
/// arguments, we do not.
fn filter_word(files: &[PathBuf]) -> Option<&str> {
    const WORDS: [&str; 17] = [
        "tcp",
        "udp",
        "icmp",
        "ip",
        "ip6",
        "ether",
        "vlan",
        "host",
        "net",
        "port",
        "portrange",
        "src",
        "dst",
        "not",
        "and",
        "or",
        "greater",
    ];
    let is_filter = |name: &&str| name.split(' ').next().is_some_and(|word| WORDS.contains(&word));
    files.iter().filter_map(|file| file.to_str()).filter(is_filter).find(|name| !Path::new(name).exists())
}

/// Refuses to write over what is to be read, whatever the two are called.
pub(super) fn refuse_output_that_is_input<'a>(
    inputs: impl Iterator<Item = &'a PathBuf>,
    output: Option<&Path>,
) -> Result<(), Error> {
    let output = match output {
        Some(path) => std::fs::metadata(path).ok(),
        None => std::fs::metadata("/dev/stdout").ok(),
    };
    let Some(output) = output.filter(Metadata::is_file) else { return Ok(()) };
    for input in inputs {
        let path = if input.as_os_str() == "-" { Path::new("/dev/stdin") } else { input };
        if std::fs::metadata(path).is_ok_and(|input| is_same_file(&input, &output)) {
            return usage(format!("{} is both input and output", input.display()));
        }
    }
    Ok(())
}

/// Whether two names led to one file.
#[cfg(unix)]
pub(super) fn is_same_file(a: &Metadata, b: &Metadata) -> bool {
    use std::os::unix::fs::MetadataExt;
    (a.dev(), a.ino()) == (b.dev(), b.ino())
}

#[cfg(not(unix))]
pub(super) fn is_same_file(_: &Metadata, _: &Metadata) -> bool {
    false
}
