//! Frames from a running interface, through libpcap.
//!
//! ```text
//!  kernel's ring ──► handle ──► FrameBatch          clock ──► Quiet(now)
//!                                  drops, watch ──► SourceNotes
//! ```
//! The kernel hands frames over in blocks, at the latest after a tenth of a second; in between this sleeps. A filter runs in the kernel:
//! what it leaves out is never seen, and counted nowhere.

mod drops;
mod error;
mod handle;
mod interfaces;
mod watch;

pub use error::OpenError;
pub use interfaces::{Interface, interfaces};

use super::clock::Clock;
use super::quiet::Quiet;
use super::remarks::Remarks;
use super::{FrameSource, Next, SourceError, SourceNotes, SourcePiece, Stop};
use crate::frame::{FrameBatch, LinkType};
use crate::time::{Span, Timestamp};
use drops::Drops;
use handle::Handle;
use std::time::Duration;
use watch::{State, Watch};

/// How much of a frame is captured where nothing else is asked for, in bytes. The deepest headers that are read (Ethernet with two VLAN
/// tags, IPv6, UDP, VXLAN, Ethernet again, IPv6 with extension headers, TCP with all its options) take some 250; as much again shows the
/// headers of an HTTP message, and more than an ICMP error has to quote.
pub const DEFAULT_SNAPLEN: u32 = 512;

/// The kernel's buffer where nothing else is asked for, in KiB. libpcap's own 2 MiB are full after a few milliseconds of a busy link.
pub const DEFAULT_BUFFER_KIB: u32 = 16 << 10;

/// libpcap's own limit.
const MAX_SNAPLEN: u32 = 262_144;
/// For how long the kernel may collect frames before it hands them over.
const HOLD: Span = Span::from_millis(100);
/// How far behind the clock silence is told: the hold, and as much again and a half for a machine that is late.
const MARGIN: Span = Span::from_millis(250);
/// How often silence is told.
const QUIET_EVERY: Span = Span::from_millis(200);
/// How long frames may still come after the end was decided: the kernel's last block.
const LAST_BLOCK: Span = Span::from_millis(150);
/// How often drop counters and the interface are looked at.
const LOOK_EVERY: Span = Span::from_secs(1);
/// How long one wait for a frame lasts at most; a wish to stop is noticed after it.
const WAIT: Duration = Duration::from_millis(100);
/// How long to wait after libpcap reported trouble.
const TROUBLE_WAIT: Duration = Duration::from_millis(20);

/// What to capture, and how.
#[derive(Clone, Debug)]
pub struct Options {
    /// The interface's name, its number in the list of [`interfaces`], or `any`.
    pub interface: String,
    /// Whether frames for other hosts are wanted too, where the interface can.
    pub promiscuous: bool,
    /// How many bytes of a frame are captured at most: [`DEFAULT_SNAPLEN`]; 0: all of them.
    pub snaplen: u32,
    /// The size of the kernel's buffer in KiB; `None`: [`DEFAULT_BUFFER_KIB`].
    pub buffer_kib: Option<u32>,
    /// An expression of libpcap's filter language. It runs in the kernel.
    pub filter: Option<String>,
}

/// Opens an interface for capturing. This is what needs privileges; nothing later does.
///
/// The source ends soon after `stop` is set, when what the kernel had captured by then is delivered.
///
/// # Errors
/// No permission, no such interface, or what libpcap complains about.
pub fn open(options: &Options, stop: Stop) -> Result<Live, OpenError> {
    let clock = Clock::start();
    let name = interfaces::named(&options.interface)?;
    let mut notes = SourceNotes {
        sources: vec![SourcePiece { name: name.clone(), frames_before: 0 }],
        ..SourceNotes::default()
    };
    let handle = Handle::open(&name, options, HOLD, &mut notes.warnings)?;
    let watch = Watch::new(&name);
    if watch.as_ref().is_some_and(|watch| watch.state() == State::NoCarrier) {
        notes.warnings.push(format!("{name}: no carrier"));
    }
    let mut quiet = Quiet::new(MARGIN);
    quiet.anchor(Clock::wall(), clock.elapsed());
    Ok(Live {
        watch,
        name,
        snaplen: if options.snaplen == 0 { MAX_SNAPLEN } else { options.snaplen.min(MAX_SNAPLEN) },
        handle,
        stop,
        clock,
        quiet,
        drops: Drops::default(),
        changes: Remarks::default(),
        notes,
        looked: None,
        ending: None,
        ended: false,
    })
}

/// A running capture. Made by [`open`].
pub struct Live {
    name: String,
    snaplen: u32,
    handle: Handle,
    /// `None` where the interface's state cannot be seen.
    watch: Option<Watch>,
    stop: Stop,
    clock: Clock,
    quiet: Quiet,
    drops: Drops,
    /// Of the interface's state.
    changes: Remarks,
    notes: SourceNotes,
    /// When drops and the interface were looked at last.
    looked: Option<Span>,
    /// When it was decided to end.
    ending: Option<Span>,
    ended: bool,
}

impl Live {
    /// The link type of all frames.
    #[must_use]
    pub const fn link(&self) -> LinkType {
        self.handle.link()
    }

    /// How many bytes of a frame are captured at most.
    #[must_use]
    pub const fn snaplen(&self) -> u32 {
        self.snaplen
    }

    /// Whether to go on: until somebody asks to stop or the interface is lost, and then for as long as the last frames take.
    fn goes_on(&mut self, now: Span) -> bool {
        if self.ending.is_none() && self.stop.is_set() {
            self.ending = Some(now);
        }
        self.ending.is_none_or(|since| now - since < LAST_BLOCK)
    }

    /// Looks at the drop counters and at the interface, once a second.
    fn look_around(&mut self, now: Span) {
        if self.looked.is_some_and(|looked| now - looked < LOOK_EVERY) {
            return;
        }
        self.looked = Some(now);
        self.count_drops();
        self.watch_interface();
    }

    fn count_drops(&mut self) {
        // An interface that is gone counts no more; what it counted holds.
        if let Some(counted) = self.handle.drops() {
            self.drops.count(counted, &mut self.notes);
        }
    }

    fn watch_interface(&mut self) {
        let Some(watch) = &mut self.watch else { return };
        let Some((before, after)) = watch.change() else { return };
        let name = watch.name();
        if after == State::Gone {
            self.lose(format!("{}: the interface is gone", self.name));
            return;
        }
        let line = format!("{name}: {} at {}", after.words(before), moment(Clock::wall()));
        self.changes.add(&mut self.notes.warnings, line, "changes of the interface's state");
    }

    /// Decides to end because the interface is lost; the first reason is the one.
    fn lose(&mut self, why: String) {
        self.notes.lost.get_or_insert(why);
        self.ending.get_or_insert(self.clock.elapsed());
    }

    /// Takes libpcap's complaint. An interface that went down may come up again; every other trouble is the end.
    fn trouble(&mut self, complaint: &str) {
        self.watch_interface();
        // libpcap before 1.10 says so, once; later ones say nothing.
        if !complaint.contains("went down") {
            // One that was renamed while it was down is lost too: libpcap looks for it by name.
            let why = match &self.watch {
                Some(watch) if watch.name() != self.name => {
                    format!("the interface was renamed to {}", watch.name())
                }
                _ => complaint.to_owned(),
            };
            self.lose(format!("{}: {why}", self.name));
        }
        std::thread::sleep(TROUBLE_WAIT);
    }

    fn end(&mut self) {
        if !self.ended {
            self.ended = true;
            self.count_drops();
        }
    }
}

impl FrameSource for Live {
    fn fill(&mut self, batch: &mut FrameBatch) -> Result<Next, SourceError> {
        batch.clear();
        let began = self.clock.elapsed();
        while !self.ended {
            // Both clocks before the look: no frame it does not find was captured by then, but for the margin.
            let (now, wall) = (self.clock.elapsed(), Clock::wall());
            if !self.goes_on(now) {
                break;
            }
            match self.handle.read(batch) {
                Ok(0) => {}
                Ok(_) => {
                    self.quiet.anchor(self.handle.last(), now);
                    self.look_around(now);
                    return Ok(Next::Filled);
                }
                Err(complaint) => self.trouble(&complaint),
            }
            self.look_around(now);
            if now - began >= QUIET_EVERY
                && let Some(time) = self.quiet.at(now, wall)
            {
                return Ok(Next::Quiet(time));
            }
            self.handle.wait(WAIT);
        }
        self.end();
        Ok(Next::End)
    }

    fn notes(&self) -> &SourceNotes {
        &self.notes
    }
}

/// A point in time for people, to the second.
fn moment(at: Timestamp) -> String {
    let known = jiff::Timestamp::from_nanosecond(at.0.into()).unwrap_or_default();
    known.strftime("%Y-%m-%dT%H:%M:%SZ").to_string()
}
