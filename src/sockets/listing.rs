//! What of a table is shown, in which order.

use super::Defaults;
use super::reading::read;
use super::socket::{Keepalive, Socket, State, TimerKind};
use super::table::Table;
use super::timing::Inferred;
use super::watch::Watch;
use crate::time::{Span, Timestamp};
use std::cmp::Reverse;

/// Which sockets are wanted.
#[derive(Clone, Debug, Default)]
pub struct Selection {
    /// Held by a process with this number, or with this in its name.
    pub process: Option<String>,
    /// With this port at either end.
    pub port: Option<u16>,
    /// Without keepalive.
    pub none: bool,
    /// Also those that are not open yet, or over.
    pub all: bool,
}

impl Selection {
    fn wants(&self, socket: &Socket) -> bool {
        let is_port = |port| socket.local.port() == port || socket.peer.port() == port;
        self.port.is_none_or(is_port)
            && self.process.as_deref().is_none_or(|word| is_held_by(socket, word))
            && match socket.keepalive() {
                Keepalive::Off => true,
                Keepalive::Over => self.all && !self.none,
                Keepalive::On { .. } | Keepalive::Hidden(_) => !self.none,
            }
    }
}

fn is_held_by(socket: &Socket, word: &str) -> bool {
    let pid: Option<u32> = word.parse().ok();
    socket.owners.iter().any(|owner| pid == Some(owner.pid) || owner.name.contains(word))
}

/// A socket, and what its timer says of its settings.
#[derive(Clone, Debug)]
pub struct Row {
    /// The socket.
    pub socket: Socket,
    /// Its settings.
    pub inferred: Inferred,
    /// Whether it vanished while it was watched; then this is how it was last seen.
    pub is_gone: bool,
}

/// How many sockets there are of each kind.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Counts {
    /// All that are listed and still there.
    pub sockets: u64,
    /// With keepalive on.
    pub keepalive: u64,
    /// Without.
    pub none: u64,
    /// Behind a retransmission timer.
    pub behind_retransmission: u64,
    /// Behind a zero-window probe timer.
    pub behind_persist: u64,
    /// Not open yet, or over.
    pub over: u64,
    /// Vanished while they were watched, after probes had gone unanswered.
    pub gone: u64,
    /// Of those without a process that was found, how many have one that was not: the kernel's own and orphans do not count.
    pub owners_unseen: u64,
}

/// What is shown.
#[derive(Clone, Debug, Default)]
pub struct Listing {
    /// Those without keepalive first, the longest quiet before others; then those with keepalive, the one in most trouble first; then
    /// those of which it cannot be seen; then those that are over; at last those that vanished.
    pub rows: Vec<Row>,
    /// How many there are.
    pub counts: Counts,
    /// The settings of the system.
    pub defaults: Defaults,
    /// When the kernel was asked last.
    pub taken: Timestamp,
    /// For how long the sockets were watched; `None`: one look.
    pub watched: Option<Span>,
    /// What may be missing: one sentence each.
    pub warnings: Vec<String>,
    /// Whether some processes did not let themselves be looked into.
    pub owners_hidden: bool,
}

impl Listing {
    /// What `selection` wants of `table`, with what `watch` learned.
    #[must_use]
    pub fn new(table: &Table, watch: Option<&Watch>, selection: &Selection, taken: Timestamp) -> Self {
        let wanted = table.sockets().iter().filter(|socket| selection.wants(socket));
        let row = |socket: &Socket| Row {
            inferred: watch.map_or_else(|| read(socket), |watch| watch.inferred(socket)),
            socket: socket.clone(),
            is_gone: false,
        };
        let mut rows: Vec<Row> = wanted.map(row).collect();
        rows.sort_by_key(|row| place(&row.socket));
        let gone = watch.map(Watch::gone).unwrap_or_default();
        rows.extend(
            gone.iter().filter(|(socket, _)| selection.wants(socket)).map(|(socket, inferred)| Row {
                socket: socket.clone(),
                inferred: *inferred,
                is_gone: true,
            }),
        );
        let mut warnings = Vec::new();
        if table.interrupted {
            warnings
                .push("sockets came and went while the kernel told of them: some may be missing".to_owned());
        }
        if table.unreadable > 0 {
            warnings.push(format!("{} of the kernel's answers could not be read", table.unreadable));
        }
        Self {
            counts: Counts::of(&rows),
            rows,
            defaults: table.defaults,
            taken,
            watched: None,
            warnings,
            owners_hidden: table.owners_hidden,
        }
    }
}

impl Counts {
    fn of(rows: &[Row]) -> Self {
        let mut counts = Self::default();
        for Row { socket, is_gone, .. } in rows {
            if *is_gone {
                counts.gone += 1;
                continue;
            }
            counts.sockets += 1;
            counts.owners_unseen += u64::from(socket.owners.is_empty() && socket.inode != 0);
            *match socket.keepalive() {
                Keepalive::On { .. } => &mut counts.keepalive,
                Keepalive::Off => &mut counts.none,
                Keepalive::Hidden(TimerKind::Persist) => &mut counts.behind_persist,
                Keepalive::Hidden(_) => &mut counts.behind_retransmission,
                Keepalive::Over => &mut counts.over,
            } += 1;
        }
        counts
    }
}

/// Where a socket stands in the list: group, what matters most first, then its addresses.
fn place(socket: &Socket) -> impl Ord + use<> {
    let quiet = socket.elapsed().unwrap_or_default();
    let (group, first, second) = match socket.keepalive() {
        Keepalive::Off => (0, Reverse(u8::from(socket.state == State::Established)), Span(-quiet.0)),
        Keepalive::On { left, unanswered } => (1, Reverse(unanswered), left),
        Keepalive::Hidden(_) => {
            let timer = socket.timer;
            (2, Reverse(timer.map_or(0, |timer| timer.count)), timer.map_or(Span::ZERO, |timer| timer.left))
        }
        Keepalive::Over => (3, Reverse(0), socket.timer.map_or(Span::ZERO, |timer| timer.left)),
    };
    (group, first, second, socket.local, socket.peer)
}

#[cfg(test)]
mod tests {
    use super::super::socket::tests::quiet_socket;
    use super::super::{Owner, Timer};
    use super::*;

    fn sockets() -> Vec<Socket> {
        let timer = |kind, count| Some(Timer { kind, left: Span::from_secs(5), count });
        let at = |port, timer| Socket { local: ([10, 0, 0, 1], port).into(), timer, ..quiet_socket() };
        let owner = Owner { pid: 12, name: "nginx: worker".into() };
        vec![
            at(1, timer(TimerKind::Retransmission, 2)),
            at(2, timer(TimerKind::Keepalive, 0)),
            Socket { owners: vec![owner], ..at(3, None) },
            at(4, timer(TimerKind::Keepalive, 3)),
            at(5, timer(TimerKind::Persist, 1)),
            Socket { state: State::TimeWait, inode: 0, ..at(6, timer(TimerKind::TimeWait, 0)) },
        ]
    }

    fn listed(selection: &Selection) -> (Vec<u16>, Counts) {
        let table = Table::of(sockets(), Defaults::default());
        let listing = Listing::new(&table, None, selection, Timestamp(0));
        (listing.rows.iter().map(|row| row.socket.local.port()).collect(), listing.counts)
    }

    #[test]
    fn those_people_look_for_come_first_and_all_are_counted() {
        let (ports, counts) = listed(&Selection { all: true, ..Selection::default() });
        assert_eq!(ports, [3, 4, 2, 1, 5, 6]);
        let wanted = Counts {
            sockets: 6,
            keepalive: 2,
            none: 1,
            behind_retransmission: 1,
            behind_persist: 1,
            over: 1,
            gone: 0,
            owners_unseen: 4,
        };
        assert_eq!(counts, wanted);
    }

    #[test]
    fn a_selection_narrows() {
        let of = |selection: Selection| listed(&selection).0;
        assert_eq!(of(Selection::default()), [3, 4, 2, 1, 5], "what is over only where it is asked for");
        assert_eq!(of(Selection { none: true, all: true, ..Selection::default() }), [3]);
        assert_eq!(of(Selection { port: Some(4), ..Selection::default() }), [4]);
        assert_eq!(of(Selection { port: Some(443), none: true, ..Selection::default() }), [3]);
        for word in ["nginx", "12"] {
            assert_eq!(of(Selection { process: Some(word.into()), ..Selection::default() }), [3]);
        }
        assert!(of(Selection { process: Some("1".into()), ..Selection::default() }).is_empty());
    }
}
