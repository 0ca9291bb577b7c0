//! After how long a quiet boxes on the way forget a connection.
//!
//! To add one, add an entry to `boxes.rs`.

mod boxes;

pub use boxes::BOXES;

use super::source::{Grade, Source, holds};
use crate::measure::LATENESS;
use crate::time::Span;
use std::borrow::Cow;

/// The idle time-out of an established TCP connection, in seconds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum IdleTimeout {
    /// This, where nobody changed it.
    Fixed(u32),
    /// Nearly always in between: a kind of box, not one of them.
    Between(u32, u32),
    /// No less.
    AtLeast(u32),
}

impl IdleTimeout {
    /// What it is not below.
    #[must_use]
    pub const fn low(self) -> Span {
        let (Self::Fixed(low) | Self::Between(low, _) | Self::AtLeast(low)) = self;
        Span::from_secs(low as i64)
    }

    /// What it is not above, where that is known.
    #[must_use]
    pub const fn high(self) -> Option<Span> {
        match self {
            Self::Fixed(high) | Self::Between(_, high) => Some(Span::from_secs(high as i64)),
            Self::AtLeast(_) => None,
        }
    }
}

/// Whether an idle time-out can be changed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Configurable {
    /// It cannot.
    No,
    /// It can.
    Yes,
    /// To anything in this range, in seconds.
    Within(u32, u32),
    /// The source does not tell.
    Unknown,
}

/// What a box does when the time is over.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum OnExpiry {
    /// It sends RST, at once or to what comes next.
    Rst,
    /// It closes the connection.
    Fin,
    /// It drops what comes next and says nothing.
    Silent,
    /// The source does not tell, or it depends.
    Unknown,
}

impl OnExpiry {
    /// All.
    pub const ALL: [Self; 4] = [Self::Rst, Self::Fin, Self::Silent, Self::Unknown];

    /// Its name in listings and in files.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Rst => "rst",
            Self::Fin => "fin",
            Self::Silent => "silent",
            Self::Unknown => "unknown",
        }
    }
}

/// Whether probes come in time for a box.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Margin {
    /// Well before the time-out, even if the timer is late.
    Safe,
    /// Before the time-out, but by less than the lateness of timers.
    Tight,
    /// Not before the time-out.
    WillDrop,
    /// That depends on which of them it is.
    Depends,
}

/// A box, or a kind of boxes, that forgets quiet connections.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Middlebox {
    /// Its name for programs: lower case, digits and hyphens. No other has it.
    pub id: Cow<'static, str>,
    /// Its name for people.
    pub name: Cow<'static, str>,
    /// When it forgets.
    pub idle_timeout: IdleTimeout,
    /// Whether that can be changed.
    pub configurable: Configurable,
    /// What it does then.
    pub on_expiry: OnExpiry,
    /// Where that is known from.
    pub source: Source,
}

impl Middlebox {
    /// Whether its id or its name holds `word`, in capitals or not.
    #[must_use]
    pub fn is_called(&self, word: &str) -> bool {
        holds(&self.id, word) || holds(&self.name, word)
    }

    /// Whether probes after `idle` of quiet come in time for it, with its default.
    ///
    /// Timers are late by up to an eighth ([`LATENESS`]), so a margin below that, which is a little more than a tenth of the time-out, is
    /// none that one can rely on.
    #[must_use]
    pub fn margin(&self, idle: Span) -> Margin {
        let (late, of) = LATENESS;
        let latest = idle + idle.scale(late, of);
        if latest < self.idle_timeout.low() {
            Margin::Safe
        } else if self.idle_timeout.high().is_some_and(|high| idle >= high) {
            Margin::WillDrop
        } else if matches!(self.idle_timeout, IdleTimeout::Fixed(_)) {
            Margin::Tight
        } else {
            Margin::Depends
        }
    }

    /// Whether its default explains that a quiet of `low` was survived and one of `high` was not. What has no single default explains
    /// everything, and so nothing.
    #[must_use]
    pub fn explains(&self, low: Span, high: Span) -> bool {
        match self.idle_timeout {
            IdleTimeout::Fixed(seconds) => {
                let timeout = Span::from_secs(i64::from(seconds));
                low < timeout && timeout <= high
            }
            IdleTimeout::Between(..) | IdleTimeout::AtLeast(_) => false,
        }
    }

    const fn new(
        id: &'static str,
        name: &'static str,
        idle_timeout: IdleTimeout,
        configurable: Configurable,
        on_expiry: OnExpiry,
        grade: Grade,
        source: &'static str,
    ) -> Self {
        Self {
            id: Cow::Borrowed(id),
            name: Cow::Borrowed(name),
            idle_timeout,
            configurable,
            on_expiry,
            source: Source::of(grade, source),
        }
    }
}
