//! What can be typed. The comments are the help; what it all means together is for [`job`](super::job) to say.

use crate::explain::Selector;
use clap::{Args, Parser, Subcommand, ValueEnum};
use std::path::PathBuf;

const EXAMPLES: &str = "\
Examples:
  keepscope trace.pcap                             who probes whom, and how it ended
  keepscope -f 'tcp port 5432' mon.pcap tue.pcap   one capture in pieces, filtered
  ssh host tcpdump -w - tcp | keepscope -          from a pipe
  keepscope --flow 4 trace.pcap                    why each frame of flow 4 is what it is said to be
  keepscope --format json trace.pcap.gz | jq '.flows[] | select(.state == \"reset\")'

Exit codes: 0 done, 2 usage, input or permission error.";

/// Reads TCP keepalives out of packet captures: who probes whom, with which idle, interval and count, who answers, and how
/// it ended.
///
/// A word that names a command is that command: a capture called "schema" is given as ./schema.
#[derive(Debug, Parser)]
#[command(name = "keepscope", after_help = EXAMPLES, max_term_width = 100)]
#[command(args_conflicts_with_subcommands = true, arg_required_else_help = true, disable_version_flag = true)]
#[command(disable_help_subcommand = true)]
pub(super) struct Cli {
    #[command(subcommand)]
    pub(super) command: Option<Command>,

    #[command(flatten)]
    pub(super) analysis: Analysis,
}

#[derive(Debug, Subcommand)]
pub(super) enum Command {
    /// Print the JSON Schema of a machine format.
    Schema {
        /// Of a JSON report, or of a line of NDJSON.
        #[arg(value_enum, default_value_t = SchemaOf::Report)]
        of: SchemaOf,
    },
    /// List the known stacks, default settings and middleboxes, with their sources.
    Profiles(Profiles),
}

#[derive(Debug, Args)]
pub(super) struct Profiles {
    /// Only what has WORD in its name.
    pub(super) word: Option<String>,

    /// More stacks and middleboxes (TOML).
    #[arg(long, value_name = "FILE")]
    pub(super) profiles: Option<PathBuf>,

    /// How to write the list.
    #[arg(long, value_enum, default_value_t = ListFormat::Text)]
    pub(super) format: ListFormat,

    /// When to colour text.
    #[arg(long, value_enum, default_value_t = Color::Auto)]
    pub(super) color: Color,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(super) enum ListFormat {
    /// For people.
    Text,
    /// One document.
    Json,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(super) enum SchemaOf {
    /// --format json
    Report,
    /// --format ndjson
    Event,
    /// keepscope profiles --format json
    Profiles,
}

#[derive(Debug, Args)]
pub(super) struct Analysis {
    /// Captures: pcap or pcapng, also compressed (gz, zst, xz, lz4); '-' is standard input. Several are one capture cut in
    /// pieces.
    #[arg(value_name = "FILE")]
    pub(super) files: Vec<PathBuf>,

    /// Another way to name a FILE.
    #[arg(short = 'r', long = "read", value_name = "FILE")]
    pub(super) read: Vec<PathBuf>,

    /// Read the names of the FILEs from LIST, one a line; '-' is standard input.
    #[arg(long, value_name = "LIST")]
    pub(super) files_from: Option<PathBuf>,

    /// Analyse only the frames that match EXPR, in libpcap's filter syntax.
    #[arg(short, long, value_name = "EXPR")]
    pub(super) filter: Option<String>,

    /// How to write what was found.
    #[arg(long, value_enum, default_value_t = Format::Text)]
    pub(super) format: Format,

    /// Write to FILE instead of standard output.
    #[arg(short, long, value_name = "FILE")]
    pub(super) output: Option<PathBuf>,

    /// Which flows to list: those with probes, a heartbeat, a warning or a problem, or all. [default: relevant for text, all for json and ndjson]
    #[arg(long, value_enum)]
    pub(super) flows: Option<Flows>,

    /// Only one flow, and in text frame by frame, with the reason for each label: its number, as in the column #, or its
    /// Community ID, which connections share that used the same ports.
    #[arg(long, value_name = "ID|INDEX", conflicts_with = "flows")]
    pub(super) flow: Option<Selector>,

    /// Hold at most N flows at a time; those that matter least are reported and forgotten first. [default: no limit]
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u64).range(1..))]
    pub(super) max_flows: Option<u64>,

    /// More stacks and middleboxes than `keepscope profiles` lists (TOML).
    #[arg(long, value_name = "FILE")]
    pub(super) profiles: Option<PathBuf>,

    /// Analyse with up to N threads; what is written is the same for every N.
    #[arg(short, long, value_name = "N", value_parser = clap::value_parser!(u16).range(1..))]
    pub(super) jobs: Option<u16>,

    /// How text tells points in time.
    #[arg(long, value_enum, default_value_t = Time::Relative)]
    pub(super) time: Time,

    /// When to colour text.
    #[arg(long, value_enum, default_value_t = Color::Auto)]
    pub(super) color: Color,

    /// Fail with exit code 2 where the input is damaged or frames were lost while capturing.
    #[arg(long)]
    pub(super) strict: bool,

    /// Show neither warnings nor progress.
    #[arg(short, long)]
    pub(super) quiet: bool,

    /// Text: tell every probe of every flow that has any.
    #[arg(short, long)]
    pub(super) verbose: bool,

    /// Accepted, as names are never resolved.
    #[arg(short = 'n')]
    pub(super) numeric: bool,

    /// Print version and features.
    #[arg(short = 'V', long)]
    pub(super) version: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(super) enum Format {
    /// For people.
    Text,
    /// One document.
    Json,
    /// A line per event, flow and summary, as they are decided.
    Ndjson,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(super) enum Flows {
    /// With keepalive, zero-window or ambiguous probes, a heartbeat, a warning or a problem.
    Relevant,
    /// All.
    All,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(super) enum Time {
    /// Seconds since the first frame.
    Relative,
    /// Date and time in UTC.
    Utc,
    /// Date and time here (TZ).
    Local,
    /// Seconds since 1970.
    Epoch,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(super) enum Color {
    /// On a terminal, unless NO_COLOR is set; always where CLICOLOR_FORCE is.
    Auto,
    /// Always.
    Always,
    /// Never.
    Never,
}

#[cfg(test)]
mod tests {
    use super::*;
    use clap::CommandFactory;

    #[test]
    fn the_command_line_is_sound() {
        Cli::command().debug_assert();
    }

    #[test]
    fn a_command_stands_first_and_alone() {
        let parse = |args: &[&str]| Cli::try_parse_from([&["keepscope"], args].concat());
        assert!(matches!(
            parse(&["schema"]).unwrap().command,
            Some(Command::Schema { of: SchemaOf::Report })
        ));
        assert!(parse(&["./schema"]).unwrap().command.is_none());
        let files = parse(&["a.pcap", "schema"]).unwrap().analysis.files;
        assert_eq!(files, [PathBuf::from("a.pcap"), PathBuf::from("schema")]);
        assert!(parse(&[]).is_err());
    }
}
