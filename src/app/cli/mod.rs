//! What can be typed. The comments are the help; what it all means together is for [`job`](super::job) to say.

mod analysis;
mod check;
mod diff;
mod live;
mod profiles;
mod sockets;
mod values;

pub(super) use analysis::Analysis;
pub(super) use check::{Check, CheckFormat};
pub(super) use diff::{By, Diff};
pub(super) use live::Live;
pub(super) use profiles::Profiles;
pub(super) use sockets::Sockets;
pub(super) use values::{Color, Flows, Format, ListFormat, SchemaOf, Time};

use clap::{Parser, Subcommand};

const EXAMPLES: &str = "\
Examples, by task:
  Who probes whom, and how did it end?
    keepscope trace.pcap
    keepscope -f 'tcp port 5432' mon.pcap tue.pcap       one capture in pieces, filtered
    ssh host tcpdump -U -w - tcp | keepscope -           from a pipe
    keepscope --flow 4 trace.pcap                        why each frame of flow 4 is what it is said to be
  What is happening now?
    sudo keepscope -i eth0                               a view on a terminal, else a line per event
    keepscope sockets --none                             local sockets without keepalive, from the kernel
  Show it to others
    keepscope --format html -o report.html trace.pcap    a page for a browser
    keepscope trace.pcap --evidence out.pcapng           the frames that prove it, with comments
    keepscope trace.pcap --anonymize random              with other addresses
  Use it in programs and in CI
    keepscope --format json trace.pcap.gz | jq '.flows[] | select(.state == \"reset\")'
    keepscope check -e 'port 443 side=client idle=60s±10%' trace.pcap
    keepscope diff before.pcap after.pcap

Exit codes: 0 done, 1 an expectation failed or something changed (check, diff), 2 usage, input or permission error.";

/// Reads TCP keepalives out of packets, from captures or live: who probes whom, with which idle, interval and count, who answers, and how
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

    #[command(flatten)]
    pub(super) live: Live,
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
    /// List the local TCP sockets with their keepalive timers, as the kernel tells of them (Linux).
    Sockets(Sockets),
    /// Check captures against expectations, for CI; exits with 1 where one does not hold.
    Check(Check),
    /// What changed between two captures or reports; exits with 1 where something did.
    Diff(Diff),
    /// Print a manual page, as roff: keepscope man | man -l -
    Man {
        /// Of this command instead of keepscope itself.
        command: Option<String>,
    },
    /// Print the completions of a shell.
    Completions {
        /// The shell.
        shell: clap_complete::Shell,
    },
}

#[cfg(test)]
mod tests {
    use super::*;
    use clap::CommandFactory;
    use std::path::PathBuf;

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
