//! `keepscope check`.

use super::Color;
use clap::{Args, ValueEnum};
use std::path::PathBuf;

const EXAMPLES: &str = "\
Examples:
  keepscope check -e 'port 5432 side=client idle=60s±10% interval=10s count=3' trace.pcap
  keepscope check -e 'all no finding severity>=warning' -e 'rtt p99<50ms' *.pcap
  keepscope check -e 'any outcome=timed_out within 90s' trace.pcap
  keepscope check --rules keepalive.toml --format junit -o report.xml *.pcap

Exit codes: 0 everything is as expected, 1 an expectation failed or is inconclusive, 2 usage, input or permission error.";

#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub(in crate::app) struct Check {
    /// What is expected of each capture, for example 'port 5432 side=client idle=60s'.
    #[arg(short, long = "expect", value_name = "EXPR")]
    pub(in crate::app) expressions: Vec<String>,

    /// Read more expectations from FILE (TOML); '-' is standard input.
    #[arg(long, value_name = "FILE")]
    pub(in crate::app) rules: Vec<PathBuf>,

    /// Captures, each checked by itself; '-' is standard input, a directory the captures in it.
    #[arg(value_name = "FILE", required = true)]
    pub(in crate::app) files: Vec<PathBuf>,

    /// All FILEs are pieces of one capture.
    #[arg(long)]
    pub(in crate::app) one_capture: bool,

    /// Accept what a capture cannot show.
    #[arg(long)]
    pub(in crate::app) allow_inconclusive: bool,

    /// Check only the frames that match EXPR, in libpcap's filter syntax.
    #[arg(short, long, value_name = "EXPR")]
    pub(in crate::app) filter: Option<String>,

    /// Other addresses in every output, with prefixes preserved, and no names of files. The key is 32 bytes, or 64 hexadecimal digits;
    /// `random` is a new one for this run. Expectations then name no address.
    #[arg(long, value_name = "KEYFILE|random")]
    pub(in crate::app) anonymize: Option<PathBuf>,

    /// More stacks and middleboxes than `keepscope profiles` lists (TOML).
    #[arg(long, value_name = "FILE")]
    pub(in crate::app) profiles: Option<PathBuf>,

    /// How to write what came of it.
    #[arg(long, value_enum, default_value_t = CheckFormat::Text)]
    pub(in crate::app) format: CheckFormat,

    /// Write to FILE instead of standard output.
    #[arg(short, long, value_name = "FILE")]
    pub(in crate::app) output: Option<PathBuf>,

    /// When to colour text.
    #[arg(long, value_enum, default_value_t = Color::Auto)]
    pub(in crate::app) color: Color,

    /// Show neither warnings nor progress.
    #[arg(short, long)]
    pub(in crate::app) quiet: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(in crate::app) enum CheckFormat {
    /// For people.
    Text,
    /// One document.
    Json,
    /// JUnit XML, for CI servers.
    Junit,
    /// Test Anything Protocol.
    Tap,
    /// Annotations of GitHub Actions.
    Github,
}
