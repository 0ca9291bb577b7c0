//! What the command line means. Everything that can be wrong with it is wrong here, before a frame is analysed.

use super::cli::{Analysis, Flows, Format, Time};
use super::error::usage;
use super::inputs::{inputs, refuse_output_that_is_input};
use super::key::Key;
use super::output::{Output, color};
use super::say::tell_line;
use super::{Error, catalogue};
use crate::analyzer::{Analyzer, Config};
use crate::anonymize::Masked;
use crate::explain::Selector;
use crate::infer::Catalogue;
use crate::render::text::Clock;
use crate::report::Flow;
use crate::source::FrameSource;
use std::io::{self, IsTerminal, Write};
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
        let (inputs, remarks) = if is_live { Default::default() } else { inputs(&typed)? };
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
        remarks.iter().for_each(|line| tell_line(line));
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
