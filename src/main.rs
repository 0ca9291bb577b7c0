//! The `keepscope` command.

use keepscope::app::{self, Exit};
use std::io::Write;
use std::process::ExitCode;

fn main() -> ExitCode {
    match app::run(std::env::args_os()) {
        Ok(exit) => exit.into(),
        // Whoever read our output has seen enough: `keepscope … | head` is no failure.
        Err(error) if error.is_closed_pipe() => Exit::Done.into(),
        Err(error) => {
            // Where standard error is closed too there is nobody left to tell.
            let _ = writeln!(std::io::stderr(), "keepscope: {error}");
            Exit::Trouble.into()
        }
    }
}
