//! A libpcap handle that puts frames straight into batches and never waits longer than it is told.

use super::Options;
use super::error::{OpenError, complaint};
use super::interfaces::ANY;
use crate::frame::{Fault, FrameBatch, FrameMeta, FrameNo, InterfaceNo, LinkType, MAX_BATCH_FRAMES};
use crate::source::link::link_type;
use crate::time::{Span, Timestamp};
use pcap::{Active, Capture, Linktype, PacketHeader, Precision};
use std::time::Duration;

/// DLT_LINUX_SLL2: like the older cooked header, and with the interface of each frame.
const SLL2: Linktype = Linktype(276);
/// How long to sleep where nothing tells that a frame came.
const NAP: Duration = Duration::from_millis(10);

/// An open interface.
pub(super) struct Handle {
    capture: Capture<Active>,
    link: LinkType,
    /// Nanoseconds in one unit of a stamp's fraction.
    unit: i64,
    /// Whether the handle has a file that tells when frames are there.
    wakes: bool,
    next: FrameNo,
    /// When the last frame with a believable stamp was captured.
    last: Timestamp,
}

impl Handle {
    /// Opens the interface of this name. Frames wait in the kernel for as long as `hold`. What the interface cannot do, and is done without, adds a
    /// line to `warnings`.
    ///
    /// # Errors
    /// No permission, or libpcap's complaint about the interface or the filter.
    pub(super) fn open(
        name: &str,
        options: &Options,
        hold: Span,
        warnings: &mut Vec<String>,
    ) -> Result<Self, OpenError> {
        let wakes = is_network_device(name);
        // All interfaces together cannot be promiscuous.
        let promiscuous = options.promiscuous && name != ANY;
        let capture = match activate(name, options, hold, promiscuous, wakes) {
            // libpcap opens what cannot be promiscuous and says so; the crate takes that for an error.
            Err(OpenError::Other(complaint)) if promiscuous => {
                let without = activate(name, options, hold, false, wakes)
                    .map_err(|_| OpenError::Other(format!("{name}: {complaint}")))?;
                warnings.push(format!(
                    "{name}: not promiscuous, only frames of this host are seen ({complaint})"
                ));
                without
            }
            Err(OpenError::Other(complaint)) => return Err(OpenError::Other(format!("{name}: {complaint}"))),
            other => other?,
        };
        let mut capture = capture.setnonblock().map_err(OpenError::of)?;
        if name == ANY && capture.list_datalinks().is_ok_and(|links| links.contains(&SLL2)) {
            capture.set_datalink(SLL2).map_err(OpenError::of)?;
        }
        if let Some(filter) = &options.filter {
            capture
                .filter(filter, true)
                .map_err(|error| OpenError::Other(format!("filter '{filter}': {}", complaint(error))))?;
        }
        Ok(Self {
            link: link_type(capture.get_datalink().0 as u16),
            capture,
            unit: if is_nanosecond(wakes) { 1 } else { 1_000 },
            wakes,
            next: FrameNo::FIRST,
            last: Timestamp::default(),
        })
    }

    pub(super) const fn link(&self) -> LinkType {
        self.link
    }

    /// When the last frame was captured.
    pub(super) const fn last(&self) -> Timestamp {
        self.last
    }

    /// Fills an empty batch with the frames that are there, and returns how many. Does not wait.
    ///
    /// # Errors
    /// libpcap's complaint.
    pub(super) fn read(&mut self, batch: &mut FrameBatch) -> Result<usize, String> {
        batch.bytes.clear();
        let Self { capture, link, unit, next, last, .. } = self;
        let result = capture.dispatch(Some(MAX_BATCH_FRAMES), |packet| {
            let stamp = time(packet.header, *unit);
            *last = stamp.unwrap_or(*last);
            let malformed = stamp.is_none() || packet.header.len < packet.header.caplen;
            batch.frames.push(FrameMeta {
                no: *next,
                ts: *last,
                link: *link,
                wire_len: packet.header.len,
                // At most 256 frames of 256 KiB each.
                offset: batch.bytes.len() as u32,
                cap_len: packet.data.len() as u32,
                interface: InterfaceNo::default(),
                fault: malformed.then_some(Fault::Malformed),
            });
            batch.bytes.extend_from_slice(packet.data);
            *next = next.next();
        });
        match result {
            // What came before the trouble counts; the trouble comes again.
            _ if !batch.frames.is_empty() => Ok(batch.frames.len()),
            Ok(_) => Ok(0),
            Err(error) => Err(complaint(error)),
        }
    }

    /// Sleeps until a frame may be there, but no longer than `at_most`.
    pub(super) fn wait(&self, at_most: Duration) {
        #[cfg(unix)]
        if self.wakes {
            use nix::poll::{PollFd, PollFlags, PollTimeout, poll};
            use std::os::fd::AsFd;
            let mut files = [PollFd::new(self.capture.as_fd(), PollFlags::POLLIN)];
            let timeout = PollTimeout::try_from(at_most).unwrap_or(PollTimeout::ZERO);
            let woken = poll(&mut files, timeout);
            let [file] = &files;
            let is_trouble = file.revents().is_some_and(|events| !(events - PollFlags::POLLIN).is_empty());
            if woken.is_ok() && !is_trouble {
                return;
            }
        }
        std::thread::sleep(NAP.min(at_most));
    }

    /// How many frames the kernel and the interface lost since the handle was opened, in 32 bits each; `None` where that cannot be known.
    pub(super) fn drops(&mut self) -> Option<[u32; 2]> {
        self.capture.stats().ok().map(|counted| [counted.dropped, counted.if_dropped])
    }
}

fn activate(
    name: &str,
    options: &Options,
    hold: Span,
    promiscuous: bool,
    wakes: bool,
) -> Result<Capture<Active>, OpenError> {
    let bytes = u64::from(options.buffer_kib.unwrap_or(super::DEFAULT_BUFFER_KIB)) << 10;
    let mut capture = Capture::from_device(name)
        .map_err(OpenError::of)?
        .promisc(promiscuous)
        .snaplen(i32::try_from(options.snaplen).unwrap_or(0))
        .buffer_size(i32::try_from(bytes).unwrap_or(i32::MAX))
        .timeout(i32::try_from(hold.0 / 1_000_000).unwrap_or(i32::MAX));
    if is_nanosecond(wakes) {
        capture = capture.precision(Precision::Nano);
    }
    capture.open().map_err(OpenError::of)
}

/// Whether stamps are in nanoseconds. libpcap gives them for Linux' network devices, and the crate cannot ask it about others.
const fn is_nanosecond(is_network_device: bool) -> bool {
    is_network_device && cfg!(target_os = "linux")
}

/// Whether the kernel's own packet sockets, or BPF devices, serve this interface. libpcap knows others, which have no file to wait for.
fn is_network_device(name: &str) -> bool {
    #[cfg(unix)]
    return name == ANY || nix::net::if_::if_nametoindex(name).is_ok();
    #[cfg(not(unix))]
    return name.is_empty();
}

#[allow(clippy::unnecessary_cast, reason = "their width differs from system to system")]
fn time(header: &PacketHeader, unit: i64) -> Option<Timestamp> {
    let nanos = (header.ts.tv_usec as i64).checked_mul(unit)?;
    (0..1_000_000_000).contains(&nanos).then(|| Timestamp::new(header.ts.tv_sec as i64, nanos)).flatten()
}
