//! What an analysis can be told.

use super::{Color, Flows, Format, Time};
use crate::explain::Selector;
use clap::Args;
use std::path::PathBuf;

#[derive(Debug, Args)]
pub(in crate::app) struct Analysis {
    /// Captures: pcap or pcapng, also compressed (gz, zst, xz, lz4); '-' is standard input, a directory the captures in it.
    /// Several are one capture cut in pieces.
    #[arg(value_name = "FILE")]
    pub(in crate::app) files: Vec<PathBuf>,

    /// Another way to name a FILE.
    #[arg(short = 'r', long = "read", value_name = "FILE")]
    pub(in crate::app) read: Vec<PathBuf>,

    /// Read the names of the FILEs from LIST, one a line; '-' is standard input.
    #[arg(long, value_name = "LIST")]
    pub(in crate::app) files_from: Option<PathBuf>,

    /// Analyse only the frames that match EXPR, in libpcap's filter syntax.
    #[arg(short, long, value_name = "EXPR")]
    pub(in crate::app) filter: Option<String>,

    /// How to write what was found.
    #[arg(long, value_enum, default_value_t = Format::Text)]
    pub(in crate::app) format: Format,

    /// Write to FILE instead of standard output.
    #[arg(short, long, value_name = "FILE")]
    pub(in crate::app) output: Option<PathBuf>,

    /// Also write the frames of the flows with problems or warnings (or of --flow) to FILE, as pcapng, with labels and findings as comments
    /// for Wireshark; live, the last 64 frames of each, at the end.
    #[arg(long, value_name = "FILE")]
    pub(in crate::app) evidence: Option<PathBuf>,

    /// Other addresses in every output, with prefixes preserved, and no names of files and interfaces. The key is 32 bytes, or 64
    /// hexadecimal digits; `random` is a new one for this run.
    #[arg(long, value_name = "KEYFILE|random")]
    pub(in crate::app) anonymize: Option<PathBuf>,

    /// Which flows to list: those with probes, a heartbeat, a warning or a problem, or all. [default: relevant for text, markdown and html, all for json, ndjson and csv]
    #[arg(long, value_enum)]
    pub(in crate::app) flows: Option<Flows>,

    /// Only one flow, and in text frame by frame, with the reason for each label: its number, as in the column #, or its
    /// Community ID, which connections share that used the same ports.
    #[arg(long, value_name = "ID|INDEX", conflicts_with = "flows")]
    pub(in crate::app) flow: Option<Selector>,

    /// Hold at most N flows at a time; those that matter least are reported and forgotten first. [default: no limit for files, 1000000 live]
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u64).range(1..))]
    pub(in crate::app) max_flows: Option<u64>,

    /// More stacks and middleboxes than `keepscope profiles` lists (TOML).
    #[arg(long, value_name = "FILE")]
    pub(in crate::app) profiles: Option<PathBuf>,

    /// Analyse with up to N threads; what is written is the same for every N.
    #[arg(short, long, value_name = "N", value_parser = clap::value_parser!(u16).range(1..))]
    pub(in crate::app) jobs: Option<u16>,

    /// How text and Markdown tell points in time.
    #[arg(long, value_enum, default_value_t = Time::Relative)]
    pub(in crate::app) time: Time,

    /// When to colour text.
    #[arg(long, value_enum, default_value_t = Color::Auto)]
    pub(in crate::app) color: Color,

    /// Fail with exit code 2 where the input is damaged or frames were lost while capturing.
    #[arg(long)]
    pub(in crate::app) strict: bool,

    /// Show neither warnings nor progress; live, nothing before the report at the end.
    #[arg(short, long)]
    pub(in crate::app) quiet: bool,

    /// Text: tell every probe of every flow that has any.
    #[arg(short, long)]
    pub(in crate::app) verbose: bool,

    /// Accepted, as names are never resolved.
    #[arg(short = 'n')]
    pub(in crate::app) numeric: bool,

    /// Print version and features.
    #[arg(short = 'V', long)]
    pub(in crate::app) version: bool,
}
