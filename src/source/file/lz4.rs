//! lz4 frames one after another, with an end that is certain.
//!
//! The decoder of `lz4_flex` reads one frame, knows no skippable ones, and says the same at the end of a frame and where a frame is cut
//! off between two blocks. Here the difference is seen from below: a whole frame is left without asking for one byte too many.

use lz4_flex::frame::FrameDecoder;
use std::io::{self, BufRead, Chain, Cursor, Read};

const FRAME_MAGIC: u32 = 0x184D_2204;
const SKIPPABLE_MAGIC: std::ops::RangeInclusive<u32> = 0x184D_2A50..=0x184D_2A5F;

/// Reads what is inside a row of lz4 frames.
pub(super) struct Decoder<R: BufRead> {
    state: State<R>,
}

type Frame<R> = FrameDecoder<Chain<Cursor<[u8; 4]>, Watched<R>>>;

enum State<R: BufRead> {
    Between(Watched<R>),
    /// The frame's magic number is read already: it is put in front again.
    Inside(Box<Frame<R>>),
    Over,
}

impl<R: BufRead> Decoder<R> {
    /// A decoder for `compressed`, which begins with a frame.
    pub(super) const fn new(compressed: R) -> Self {
        Self { state: State::Between(Watched { inner: compressed, asked_too_much: false }) }
    }
}

impl<R: BufRead> Read for Decoder<R> {
    fn read(&mut self, buf: &mut [u8]) -> io::Result<usize> {
        if buf.is_empty() {
            return Ok(0);
        }
        loop {
            match std::mem::replace(&mut self.state, State::Over) {
                State::Over => return Ok(0),
                State::Between(mut rest) => {
                    if rest.inner.fill_buf()?.is_empty() {
                        return Ok(0);
                    }
                    self.state = next_frame(rest)?;
                }
                State::Inside(mut frame) => {
                    let read = frame.read(buf)?;
                    if read > 0 {
                        self.state = State::Inside(frame);
                        return Ok(read);
                    }
                    let (_, rest) = frame.into_inner().into_inner();
                    if rest.asked_too_much {
                        return Err(io::ErrorKind::UnexpectedEof.into());
                    }
                    self.state = State::Between(rest);
                }
            }
        }
    }
}

/// Begins the next frame, or leaves a skippable one behind.
fn next_frame<R: BufRead>(mut rest: Watched<R>) -> io::Result<State<R>> {
    let mut word = [0; 4];
    rest.read_exact(&mut word)?;
    let magic = u32::from_le_bytes(word);
    if SKIPPABLE_MAGIC.contains(&magic) {
        rest.read_exact(&mut word)?;
        let len = u64::from(u32::from_le_bytes(word));
        if io::copy(&mut rest.by_ref().take(len), &mut io::sink())? < len {
            return Err(io::ErrorKind::UnexpectedEof.into());
        }
        Ok(State::Between(rest))
    } else if magic == FRAME_MAGIC {
        Ok(State::Inside(Box::new(FrameDecoder::new(Cursor::new(word).chain(rest)))))
    } else {
        Err(io::Error::new(io::ErrorKind::InvalidData, "no lz4 frame where the next should begin"))
    }
}

/// A reader that remembers whether someone wanted to read on at its end.
struct Watched<R> {
    inner: R,
    asked_too_much: bool,
}

impl<R: Read> Read for Watched<R> {
    fn read(&mut self, buf: &mut [u8]) -> io::Result<usize> {
        let read = self.inner.read(buf)?;
        self.asked_too_much |= read == 0 && !buf.is_empty();
        Ok(read)
    }
}
