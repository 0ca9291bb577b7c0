//! The command: what was typed (`cli`), what it means (`job`), doing it (one module a command), how it ended ([`Exit`]).

mod analyse;
mod catalogue;
mod check;
mod cli;
mod diff;
mod error;
mod evidence;
mod exit;
mod flaw;
mod inputs;
mod job;
mod key;
mod limits;
mod live;
mod manual;
mod one;
mod output;
mod pointer;
mod print;
mod profiles;
mod progress;
mod results;
mod say;
mod sockets;
mod version;

pub use error::Error;
pub use exit::Exit;
pub use one::analyze_file;

use clap::Parser;
use cli::{Cli, Command};
use job::Job;
use live::Plan;
use std::ffi::OsString;

/// Does what the command line `args` asks for, the program's name first.
///
/// # Errors
/// Whatever keeps it from being done, ready to be printed in one line.
pub fn run(args: impl IntoIterator<Item = OsString>) -> Result<Exit, Error> {
    let cli = match Cli::try_parse_from(args) {
        Ok(cli) => cli,
        Err(error) => {
            // Help and version are "errors" with exit code 0, and go to standard output.
            error.print().map_err(|e| Error::io("cannot write", e))?;
            return Ok(if error.use_stderr() { Exit::Trouble } else { Exit::Done });
        }
    };
    match cli.command {
        _ if cli.analysis.version => print::print(&version::text()),
        Some(Command::Schema { of }) => print::print_schema(of),
        Some(Command::Profiles(typed)) => profiles::list(&typed),
        Some(Command::Check(typed)) => check::check(&typed),
        Some(Command::Diff(typed)) => diff::diff(&typed),
        Some(Command::Sockets(typed)) => sockets::list(&typed),
        Some(Command::Man { command }) => manual::page(command.as_deref()),
        Some(Command::Completions { shell }) => manual::completions(shell),
        None if cli.live.list_interfaces => live::list_interfaces(),
        None => {
            let plan = Plan::resolve(cli.live, &cli.analysis)?;
            let mut job = Job::resolve(cli.analysis, plan.is_live())?;
            job.is_in_pieces |= plan.follows();
            if plan.is_live() || job.reads_a_pipe() {
                live::run(&job, plan)
            } else {
                analyse::analyse(&job, plan.limits)
            }
        }
    }
}
