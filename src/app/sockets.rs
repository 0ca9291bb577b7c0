//! `keepscope sockets`: the kernel's own view of local sockets.

use super::cli::{ListFormat, Sockets};
use super::output::{Output, color};
use super::print::print;
use super::{Error, Exit};
use crate::render::{sockets_json, text};
use crate::sockets::{Listing, Selection, Table, Watch};
use crate::time::{Span, Timestamp};
use std::time::{Duration, Instant, SystemTime};

/// How far looks are apart: probes are at least a second apart, and each must be seen.
const PERIOD: Duration = Duration::from_millis(250);

/// Looks at the sockets, once or for as long as asked, and lists them.
pub(super) fn list(typed: &Sockets) -> Result<Exit, Error> {
    let selection =
        Selection { process: typed.process.clone(), port: typed.port, none: typed.none, all: typed.all };
    let (mut table, watch) = match typed.watch {
        None => (sample()?, None),
        Some(for_long) => {
            let (table, watch) = watch(for_long)?;
            (table, Some(watch))
        }
    };
    table.find_owners();
    let mut listing = Listing::new(&table, watch.as_ref(), &selection, now());
    listing.watched = typed.watch.map(span);
    let mut out = Vec::new();
    match typed.format {
        ListFormat::Text => text::sockets::write(&mut out, &listing, color(typed.color, &Output::Stdout)),
        ListFormat::Json => sockets_json::write(&mut out, &listing),
    }
    .map_err(|e| Error::io("cannot write", e))?;
    print(&String::from_utf8_lossy(&out))
}

/// Looks again and again. The last table, and what all of them taught.
fn watch(for_long: Duration) -> Result<(Table, Watch), Error> {
    let mut watch = Watch::default();
    let start = instant();
    let mut next = Duration::ZERO;
    loop {
        let before = start.elapsed();
        let mut table = sample()?;
        let after = start.elapsed();
        if next == Duration::ZERO {
            // Of sockets that vanish, it is too late to ask afterwards.
            table.find_owners();
        }
        watch.take(&table, span(before), span(after));
        if after >= for_long {
            return Ok((table, watch));
        }
        // A look that took long puts off the next ones instead of crowding them.
        next = (next + PERIOD).max(after).min(for_long.max(after));
        std::thread::sleep(next.saturating_sub(start.elapsed()));
    }
}

fn sample() -> Result<Table, Error> {
    Table::sample().map_err(|unavailable| Error::Usage(unavailable.to_string()))
}

fn span(duration: Duration) -> Span {
    Span(i64::try_from(duration.as_nanos()).unwrap_or(i64::MAX))
}

#[expect(clippy::disallowed_methods, reason = "the kernel's timers run in real time")]
fn instant() -> Instant {
    Instant::now()
}

#[expect(clippy::disallowed_methods, reason = "a list of what is there now says when that was")]
fn now() -> Timestamp {
    let since = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).unwrap_or_default();
    Timestamp(span(since).0)
}
