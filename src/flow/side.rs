//! The two ends of a connection.

use std::ops::Not;

/// An end of a connection. `!side` is its peer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Side {
    /// The end that opened the connection (or is assumed to have).
    Client,
    /// The end that accepted it.
    Server,
}

impl Side {
    /// Both ends, client first.
    pub const BOTH: [Self; 2] = [Self::Client, Self::Server];

    /// Its name in reports.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Client => "client",
            Self::Server => "server",
        }
    }
}

impl Not for Side {
    type Output = Self;
    fn not(self) -> Self {
        match self {
            Self::Client => Self::Server,
            Self::Server => Self::Client,
        }
    }
}
