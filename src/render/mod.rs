//! What a person or a program is shown: text, JSON, NDJSON, CSV, Markdown, a page.
//!
//! Domain values come in, bytes go out. [`schema`] holds the only `Serialize` types, and so is the contract with programs;
//! [`foreign`] is what text from outside must pass on its way out. One format, one file.

mod calendar;
pub mod check;
pub mod csv;
pub mod diff_json;
pub mod foreign;
pub mod html;
pub mod json;
pub mod markdown;
pub mod ndjson;
pub mod openmetrics;
pub mod profiles_json;
pub mod schema;
mod short;
pub mod sockets_json;
pub mod text;

pub use crate::flow::CommunityId;

use crate::frame::FrameNo;
use crate::source::SourcePiece;

/// Tells in which file of a capture a frame lies.
///
/// A capture of one file answers nothing: there the frame's number says it all, and `frame_refs` is left out.
#[derive(Clone, Copy, Debug)]
pub struct Pieces<'a>(Option<&'a [SourcePiece]>);

impl<'a> Pieces<'a> {
    /// For a capture that was given as one file.
    pub const SINGLE: Self = Self(None);

    /// For a capture that was given as several files, of which these were read so far.
    #[must_use]
    pub const fn several(pieces: &'a [SourcePiece]) -> Self {
        Self(Some(pieces))
    }

    /// The 1-based number of the file that holds `frame`, and the frame's 1-based number in it.
    #[must_use]
    pub fn locate(self, frame: FrameNo) -> Option<(usize, u64)> {
        let pieces = self.0?;
        let file = pieces.partition_point(|piece| piece.frames_before < frame.get());
        let piece = pieces.get(file.checked_sub(1)?)?;
        Some((file, frame.get() - piece.frames_before))
    }

    const fn is_several(self) -> bool {
        self.0.is_some()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_frame_is_found_in_its_file() {
        let piece = |name: &str, frames_before| SourcePiece { name: name.into(), frames_before };
        let pieces = [piece("a", 0), piece("empty", 10), piece("c", 10)];
        let locate = |frame| Pieces::several(&pieces).locate(FrameNo::new(frame).unwrap());
        assert_eq!(locate(1), Some((1, 1)));
        assert_eq!(locate(10), Some((1, 10)));
        assert_eq!(locate(11), Some((3, 1)), "an empty file holds no frame");
        assert_eq!(Pieces::SINGLE.locate(FrameNo::FIRST), None);
    }
}
