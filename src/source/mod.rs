//! Where frames come from. Files, standard input and text traces look alike to what follows.

pub mod background;
mod clock;
pub mod file;
pub mod filter;
pub mod follow;
mod link;
#[cfg(feature = "libpcap")]
pub mod live;
mod quiet;
mod remarks;
mod stop;
pub mod trace;

pub use stop::Stop;

use crate::frame::{FrameBatch, LinkType};
use crate::time::Timestamp;
use std::fmt;

/// What a call of [`FrameSource::fill`] brought.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Next {
    /// The batch holds at least one frame.
    Filled,
    /// Live only: no frame came, but time went on to here.
    Quiet(Timestamp),
    /// There is nothing more.
    End,
}

/// Something that yields frames in capture order.
pub trait FrameSource {
    /// Clears `batch` and fills it with the next frames.
    ///
    /// # Errors
    /// Only what ends the analysis without a result. Damage inside a capture is no error: the source ends there and says so in
    /// [`notes`](Self::notes).
    fn fill(&mut self, batch: &mut FrameBatch) -> Result<Next, SourceError>;

    /// What is known of the input so far, beyond its frames; complete after [`Next::End`].
    fn notes(&self) -> &SourceNotes;
}

/// What a source learnt beside the frames.
#[derive(Clone, Debug, Default)]
pub struct SourceNotes {
    /// The inputs by name, in the order they were read. Of a followed directory the newest thousand.
    pub sources: Vec<SourcePiece>,
    /// Damage and oddities met on the way, in order, each one line without a line end.
    pub warnings: Vec<String>,
    /// The interfaces by number, as far as they are known: a classic pcap file has one, without a name. At most [`MAX_INTERFACES`].
    pub interfaces: Vec<Interface>,
    /// Frames the capturing machine lost, as far as the capture says.
    pub dropped: Option<Dropped>,
    /// Whether an input was damaged or could not be used (`--strict`, and "one bad file of several", make that exit code 2).
    pub damaged: bool,
    /// Whether one of several inputs could not be used at all.
    pub unusable: bool,
    /// Live only: why nothing more can come although nobody asked to stop (the interface was deleted), one line. What was captured until
    /// then is whole; the program ends with exit code 2. Text from outside: escape before printing.
    pub lost: Option<String>,
}

/// One file of a capture.
#[derive(Clone, Debug)]
pub struct SourcePiece {
    /// The name as given; "-" for standard input. Text from outside: escape before printing.
    pub name: String,
    /// How many frames of the capture come before this file's first.
    pub frames_before: u64,
}

/// How many interfaces of a capture are remembered.
pub const MAX_INTERFACES: usize = 4096;

/// An interface that frames were captured on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Interface {
    /// Its name, for example "eth0". Text from outside: escape before printing, as below.
    pub name: Option<String>,
    /// What somebody said of it.
    pub description: Option<String>,
    /// How its frames begin.
    pub link: LinkType,
    /// How many bytes of a frame it captures at most; 0: no limit.
    pub snaplen: u32,
}

/// Frames that were lost while capturing, from pcapng interface statistics or from the live capture.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Dropped {
    /// Lost by the operating system (buffer full).
    pub kernel: u64,
    /// Lost by the interface.
    pub interface: u64,
}

impl Dropped {
    /// What both lost together.
    #[must_use]
    pub const fn plus(self, other: Self) -> Self {
        Self {
            kernel: self.kernel.saturating_add(other.kernel),
            interface: self.interface.saturating_add(other.interface),
        }
    }
}

/// Why an input could not be analysed: one line, position first, ready to be printed after `keepscope: `.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SourceError(pub String);

impl fmt::Display for SourceError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for SourceError {}
