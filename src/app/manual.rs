//! What is made from the description of the command line: manual pages and completions.

use super::cli::Cli;
use super::print::print_bytes;
use super::{Error, Exit};
use clap::CommandFactory;
use clap_complete::Shell;
use clap_mangen::Man;

/// Prints the manual page of keepscope, or of one of its commands.
pub(super) fn page(command: Option<&str>) -> Result<Exit, Error> {
    let mut cli = Cli::command();
    // Gives the commands their full names.
    cli.build();
    let described = match command {
        None => &cli,
        Some(name) => cli.find_subcommand(name).ok_or_else(|| {
            let known: Vec<&str> = cli.get_subcommands().map(clap::Command::get_name).collect();
            Error::Usage(format!("there is no command {name}; there are: {}", known.join(", ")))
        })?,
    };
    let mut roff = Vec::new();
    let man = Man::new(described.clone()).source(concat!("keepscope ", env!("CARGO_PKG_VERSION")));
    man.render(&mut roff).map_err(|e| Error::io("cannot write", e))?;
    print_bytes(&roff)
}

/// Prints what makes `shell` complete keepscope's options.
pub(super) fn completions(shell: Shell) -> Result<Exit, Error> {
    let mut script = Vec::new();
    clap_complete::generate(shell, &mut Cli::command(), "keepscope", &mut script);
    print_bytes(&script)
}
