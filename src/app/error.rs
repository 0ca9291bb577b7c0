//! What keeps the program from doing what it was asked to.

use super::pointer::Pointer;
use crate::expect::Flaw;
use crate::render::foreign;
use crate::source::SourceError;
use std::{fmt, io};

/// One line for people, safe for a terminal; where an expectation is wrong, two more that point at the place, and several as
/// [`Guidance`](Self::Guidance).
#[derive(Debug)]
pub enum Error {
    /// The command line asks for something that cannot be.
    Usage(String),
    /// The input cannot be analysed.
    Source(SourceError),
    /// An expectation is not written as it should be.
    Expression {
        /// Where it stands.
        place: String,
        /// The expectation.
        expression: String,
        /// What is wrong with it.
        flaw: Flaw,
    },
    /// What was asked for needs something that can be had, told in several lines that are safe for a terminal.
    Guidance(String),
    /// The operating system refused something.
    Io {
        /// What was attempted, and with which file.
        operation: String,
        /// Why it failed.
        cause: io::Error,
    },
}

impl Error {
    /// `operation` failed because of `cause`.
    pub(super) fn io(operation: impl Into<String>, cause: io::Error) -> Self {
        Self::Io { operation: operation.into(), cause }
    }

    /// With a remark on what was attempted.
    #[must_use]
    pub(super) fn with_hint(self, hint: Option<String>) -> Self {
        match (self, hint) {
            (Self::Io { operation, cause }, Some(hint)) => {
                Self::Io { operation: format!("{operation} {hint}"), cause }
            }
            (error, _) => error,
        }
    }

    /// Whether it is only that nobody reads our output any more.
    #[must_use]
    pub fn is_closed_pipe(&self) -> bool {
        matches!(self, Self::Io { cause, .. } if cause.kind() == io::ErrorKind::BrokenPipe)
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let line = match self {
            Self::Guidance(lines) => return f.write_str(lines),
            Self::Usage(line) | Self::Source(SourceError(line)) => line.clone(),
            Self::Io { operation, cause } => format!("{operation}: {}", reason(cause)),
            Self::Expression { place, expression, flaw } => {
                let line = format!("{place}: {flaw}");
                let line = foreign::for_terminal(&line);
                return write!(f, "{line}\n{}", Pointer::to(&flaw.span, expression));
            }
        };
        foreign::for_terminal(&line).fmt(f)
    }
}

impl std::error::Error for Error {}

impl From<SourceError> for Error {
    fn from(error: SourceError) -> Self {
        Self::Source(error)
    }
}

/// The cause without the number of the error, which helps nobody.
fn reason(cause: &io::Error) -> String {
    let text = cause.to_string();
    match text.split_once(" (os error") {
        Some((words, _)) => words.to_lowercase(),
        None => text,
    }
}

/// What cannot be asked for.
pub(super) fn usage<T>(line: impl Into<String>) -> Result<T, Error> {
    Err(Error::Usage(line.into()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_error_is_one_line_without_numbers() {
        let missing = Error::io("cannot open a\nb.pcap", io::Error::from_raw_os_error(2));
        assert_eq!(missing.to_string(), r"cannot open a\x0ab.pcap: no such file or directory");
        assert!(!missing.is_closed_pipe());
        assert!(Error::io("cannot write", io::ErrorKind::BrokenPipe.into()).is_closed_pipe());
    }
}
