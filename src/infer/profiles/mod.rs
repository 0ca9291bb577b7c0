//! Default settings of systems and programs.
//!
//! To add a program, add an entry to `programs.rs`, in its group; to add an operating system or a TCP library, one to `systems.rs`.

mod programs;
mod systems;

pub use programs::PROGRAMS;
pub use systems::SYSTEMS;

use super::source::{Grade, Source, holds};
use crate::flow::Side;
use std::borrow::Cow;

/// A setting as far as it is known: seconds, or a number of probes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Value {
    /// This.
    Fixed(u32),
    /// Set in units of this: minutes, for example.
    MultipleOf(u32),
    /// What the operating system has.
    OsDefault,
    /// Whatever the program that uses it asks for.
    Any,
    /// No fixed interval: each is double the one before.
    Doubling,
    /// It never probes.
    Off,
    /// The source does not tell.
    Unknown,
}

/// Which end of a connection probes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Prober {
    /// The one that opened it.
    Client,
    /// The one that accepted it.
    Server,
    /// Either.
    Either,
    /// A box between two connections, which is an end of each.
    Middle,
}

impl Prober {
    /// All.
    pub const ALL: [Self; 4] = [Self::Client, Self::Server, Self::Either, Self::Middle];

    /// Its name in listings and in files.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Client => "client",
            Self::Server => "server",
            Self::Either => "either",
            Self::Middle => "middle",
        }
    }

    /// Whether probes of `side` can be its.
    #[must_use]
    pub fn may_be(self, side: Side) -> bool {
        match self {
            Self::Client => side == Side::Client,
            Self::Server => side == Side::Server,
            Self::Either | Self::Middle => true,
        }
    }
}

/// The keepalive settings that a system or a program has where nobody changed them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Profile {
    /// What has them; no other profile is called so.
    pub name: Cow<'static, str>,
    /// TCP_KEEPIDLE.
    pub idle: Value,
    /// TCP_KEEPINTVL.
    pub interval: Value,
    /// TCP_KEEPCNT.
    pub count: Value,
    /// TCP_USER_TIMEOUT in seconds, which on Linux takes the count's place; `None` where it is not set.
    pub user_timeout: Option<u32>,
    /// Which end of the connection it is.
    pub side: Prober,
    /// The [stacks](super::fingerprint::STACKS) it is found on; empty: any.
    pub stacks: &'static [&'static str],
    /// Where that is known from.
    pub source: Source,
}

impl Profile {
    /// Whether its name holds `word`, in capitals or not.
    #[must_use]
    pub fn is_called(&self, word: &str) -> bool {
        holds(&self.name, word)
    }

    /// A built-in profile, found on any stack.
    const fn new(
        name: &'static str,
        [idle, interval, count]: [Value; 3],
        side: Prober,
        grade: Grade,
        source: &'static str,
    ) -> Self {
        Self {
            name: Cow::Borrowed(name),
            idle,
            interval,
            count,
            user_timeout: None,
            side,
            stacks: &[],
            source: Source::of(grade, source),
        }
    }

    /// Found on these stacks only.
    const fn on(mut self, stacks: &'static [&'static str]) -> Self {
        self.stacks = stacks;
        self
    }

    /// With a user timeout.
    const fn with_user_timeout(mut self, seconds: u32) -> Self {
        self.user_timeout = Some(seconds);
        self
    }
}

/// What the entries are written in.
mod words {
    pub(super) use super::Prober::{Client, Either, Middle, Server};
    pub(super) use super::Profile;
    pub(super) use super::Value::{Any, Doubling, Fixed, MultipleOf, Off, OsDefault, Unknown};
    pub(super) use crate::infer::source::Grade::{Documentation, GeneralKnowledge, Measured, SourceCode};

    /// Idle and interval in seconds, and the count.
    pub(super) const fn fixed(idle: u32, interval: u32, count: u32) -> [super::Value; 3] {
        [Fixed(idle), Fixed(interval), Fixed(count)]
    }

    /// A program that only sets SO_KEEPALIVE.
    pub(super) const BARE: [super::Value; 3] = [OsDefault, OsDefault, OsDefault];

    /// A program that sets nothing.
    pub(super) const OFF: [super::Value; 3] = [Off, Off, Off];
}
