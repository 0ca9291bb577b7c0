//! The command: what was typed (`cli`), what it means (`job`), doing it (one module a command), how it ended ([`Exit`]).

mod analyse;
mod catalogue;
mod cli;
mod error;
mod exit;
mod job;
mod print;
mod profiles;
mod progress;
mod results;
mod sockets;
mod version;

pub use error::Error;
pub use exit::Exit;

use clap::Parser;
use cli::{Cli, Command};
use job::Job;
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
        Some(Command::Sockets(typed)) => sockets::list(&typed),
        None => analyse::analyse(Job::resolve(cli.analysis)?),
    }
}
