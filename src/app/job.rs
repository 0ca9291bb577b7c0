//! What the command line means. Everything that can be wrong with it is wrong here, before a byte of input is read.

use super::cli::{Analysis, Color, Flows, Format, Time};
use super::key::Key;
use super::{Error, catalogue};
use crate::analyzer::{Analyzer, Config};
use crate::anonymize::Masked;
use crate::explain::Selector;
use crate::infer::Catalogue;
use crate::render::text::Clock;
use crate::report::Flow;
use crate::source::FrameSource;
use std::fs::{File, Metadata, OpenOptions};
use std::io::{self, BufRead, BufReader, IsTerminal, Write};
use std::path::{Path, PathBuf};

/// What is to be done.
#[derive(Debug)]
pub(super) struct Job {
    /// At least one, unless the run is live; "-" only alone.
    pub(super) inputs: Vec<PathBuf>,
    /// Whether the capture comes in several files, so that a frame's number is told with its file.
    pub(super) is_in_pieces: bool,
    pub(super) filter: Option<String>,
    pub(super) format: Format,
    pub(super) output: Output,
    /// Where evidence goes.
    pub(super) evidence: Option<Evidence>,
    pub(super) flows: Flows,
    /// The flow that alone is wanted.
    pub(super) flow: Option<Selector>,
    pub(super) max_flows: Option<u64>,
    /// What other addresses are made with.
    pub(super) key: Option<Key>,
    pub(super) catalogue: Catalogue,
    pub(super) clock: Clock,
    pub(super) color: bool,
    pub(super) strict: bool,
    pub(super) quiet: bool,
    pub(super) verbose: bool,
}

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

/// A file for evidence, open, and still holding what it held before.
#[derive(Debug)]
pub(super) struct Evidence {
    /// Its name.
    pub(super) name: String,
    file: Output,
}

impl Evidence {
    /// Where it goes.
    pub(super) const fn output(&self) -> &Output {
        &self.file
    }

    /// The stream to write to, emptied only now.
    pub(super) fn start(&self) -> io::Result<Box<dyn Write + '_>> {
        self.file.start()
    }
}

impl Job {
    /// What `typed` means. A live run reads no file of `typed`.
    pub(super) fn resolve(typed: Analysis, is_live: bool) -> Result<Self, Error> {
        let inputs = if is_live { Vec::new() } else { inputs(&typed)? };
        if typed.filter.is_some() && !cfg!(feature = "libpcap") {
            return usage("-f needs libpcap, which this build lacks (build it with --features libpcap)");
        }
        let others = typed.files_from.iter().chain(&typed.profiles).chain(&typed.anonymize);
        let read: Vec<&PathBuf> = inputs.iter().chain(others).collect();
        refuse_output_that_is_input(read.iter().copied(), typed.output.as_deref())?;
        if let Some(evidence) = &typed.evidence {
            refuse_output_that_is_input(read.into_iter().chain(&typed.output), Some(evidence))?;
        }
        let key = typed.anonymize.as_deref().map(Key::load).transpose()?;
        let catalogue = catalogue::load(typed.profiles.as_deref())?;
        let output = Output::of(typed.output.as_deref())?;
        if typed.format == Format::Html && output.is_terminal() {
            return usage(
                "--format html is a page for a browser, not for a terminal; name a file for it with -o",
            );
        }
        let evidence = typed.evidence.map(|path| -> Result<_, Error> {
            Ok(Evidence { name: path.display().to_string(), file: Output::open(&path)? })
        });
        let evidence = evidence.transpose()?;
        Ok(Self {
            is_in_pieces: inputs.len() > 1,
            inputs,
            filter: typed.filter,
            format: typed.format,
            flows: typed.flows.unwrap_or(match typed.format {
                Format::Text | Format::Markdown | Format::Html => Flows::Relevant,
                Format::Json | Format::Ndjson | Format::Csv => Flows::All,
            }),
            flow: typed.flow,
            max_flows: typed.max_flows,
            key,
            catalogue,
            clock: match typed.time {
                Time::Relative => Clock::Relative,
                Time::Utc => Clock::Utc,
                Time::Local => Clock::Local,
                Time::Epoch => Clock::Epoch,
            },
            color: color(typed.color, &output),
            output,
            evidence,
            strict: typed.strict,
            quiet: typed.quiet,
            verbose: typed.verbose,
        })
    }

    /// An analysis of this kind.
    pub(super) fn analyzer(&self, config: Config) -> Analyzer {
        let analyzer = Analyzer::new(config).with_catalogue(self.catalogue.clone());
        match &self.key {
            Some(key) => analyzer.with_anonymizer(key.anonymizer()),
            None => analyzer,
        }
    }

    /// `source`, which tells its names only where they may be known.
    pub(super) fn masked(&self, source: impl FrameSource + 'static) -> Box<dyn FrameSource> {
        if self.key.is_some() { Box::new(Masked::new(source)) } else { Box::new(source) }
    }

    /// Whether what is read comes when it comes: through a pipe, from a socket or a terminal.
    pub(super) fn reads_a_pipe(&self) -> bool {
        let [input] = self.inputs.as_slice() else { return false };
        let path = if input.as_os_str() == "-" { Path::new("/dev/stdin") } else { input };
        path.metadata().is_ok_and(|meta| !meta.is_file() && !meta.is_dir())
    }

    /// Whether flows of which nothing is known beyond their record need only be counted.
    pub(super) fn wants_notable_only(&self) -> bool {
        self.flow.is_none() && self.flows == Flows::Relevant
    }

    /// Whether the report shows `flow`.
    pub(super) fn wants(&self, flow: &Flow) -> bool {
        match &self.flow {
            Some(only) => only.chooses(flow.index, &flow.tuple),
            None => self.flows == Flows::All || flow.is_relevant(),
        }
    }

    /// Whether a reader sees the report, which lists the warnings, on the same screen as standard error.
    pub(super) fn report_shows_warnings(&self) -> bool {
        self.format == Format::Text && self.output.is_terminal() && io::stderr().is_terminal()
    }
}

impl Output {
    /// Standard output, unless a file is named.
    pub(super) fn of(path: Option<&Path>) -> Result<Self, Error> {
        path.map_or(Ok(Self::Stdout), Self::open)
    }

    fn open(path: &Path) -> Result<Self, Error> {
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

/// What cannot be asked for.
pub(super) fn usage<T>(line: impl Into<String>) -> Result<T, Error> {
    Err(Error::Usage(line.into()))
}

fn inputs(typed: &Analysis) -> Result<Vec<PathBuf>, Error> {
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
    // Among several it is one bad file, which costs the others nothing.
    if let [directory] = inputs.as_slice()
        && directory.is_dir()
    {
        let name = directory.display();
        return usage(format!("{name} is a directory; name the captures in it, for example {name}/*.pcap"));
    }
    if let Some(word) = filter_word(&typed.files) {
        return usage(format!(
            "there is no file {word}; a filter expression is given with -f, for example -f 'tcp port 80'"
        ));
    }
    Ok(inputs)
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
