//! What is embedded to be read later, when a flow is opened: plain where there is little of it, else compressed.

use crate::render::foreign;
use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use flate2::Compression;
use flate2::write::GzEncoder;
use std::io::{self, Write};

/// As much as stays readable in the file; a longer list is compressed.
const MAX_PLAIN: usize = 1 << 20;

/// What all chunks may take up in the file. A page stays below 20 MB with it.
const BUDGET: usize = 11 << 20;

/// A chunk may be so many times as large as its share of what is left: the worst flows, which come first, have the most to tell.
const GENEROSITY: usize = 4;

/// Some of what is read later, as a text.
#[derive(Debug)]
pub(super) enum Chunk {
    /// JSON.
    Plain(String),
    /// JSON in gzip in base64.
    Packed(String),
}

impl Chunk {
    /// Writes it as an element.
    pub(super) fn write(&self, out: &mut impl Write) -> io::Result<()> {
        match self {
            Self::Plain(json) => writeln!(
                out,
                "<script type=\"application/json\" class=\"flows\">{}</script>",
                foreign::for_script(json)
            ),
            Self::Packed(text) => {
                writeln!(out, "<script type=\"application/gzip\" class=\"flows\">{text}</script>")
            }
        }
    }

    fn len(&self) -> usize {
        let (Self::Plain(text) | Self::Packed(text)) = self;
        text.len()
    }

    fn packed(self) -> io::Result<Self> {
        let Self::Plain(json) = self else { return Ok(self) };
        let mut encoder = GzEncoder::new(Vec::new(), Compression::default());
        encoder.write_all(json.as_bytes())?;
        Ok(Self::Packed(BASE64_STANDARD.encode(encoder.finish()?)))
    }
}

/// Makes `total` chunks. `make` gives the JSON of the chunk of that number at a level of detail, from 0 to `levels` - 1: the higher the
/// level, the less of it.
pub(super) fn pack(
    total: usize,
    levels: usize,
    make: impl Fn(usize, usize) -> io::Result<String>,
) -> io::Result<Vec<Chunk>> {
    let mut chunks: Vec<Chunk> = Vec::with_capacity(total);
    let mut used = 0;
    let mut is_packed = false;
    for number in 0..total {
        let mut chunk = Chunk::Plain(make(number, 0)?);
        if !is_packed && used + chunk.len() > MAX_PLAIN {
            is_packed = true;
            chunks = chunks.into_iter().map(Chunk::packed).collect::<io::Result<_>>()?;
            used = chunks.iter().map(Chunk::len).sum();
        }
        if is_packed {
            chunk = chunk.packed()?;
            let share = BUDGET.saturating_sub(used) / (total - number) * GENEROSITY;
            let allowed = share.min(BUDGET.saturating_sub(used));
            let mut level = 1;
            while chunk.len() > allowed && level < levels {
                chunk = Chunk::Plain(make(number, level)?).packed()?;
                level += 1;
            }
        }
        used += chunk.len();
        chunks.push(chunk);
    }
    Ok(chunks)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn little_stays_readable() {
        let chunks = pack(3, 1, |number, _| Ok(format!("[{number}]"))).unwrap();
        assert!(chunks.iter().all(|chunk| matches!(chunk, Chunk::Plain(_))) && chunks.len() == 3);
    }

    #[test]
    fn much_is_compressed_from_the_first_chunk_on() {
        let chunks = pack(3, 1, |_, _| Ok("x".repeat(500_000))).unwrap();
        assert!(chunks.iter().all(|chunk| matches!(chunk, Chunk::Packed(_))));
        assert!(chunks.iter().map(Chunk::len).sum::<usize>() < 10_000);
    }

    #[test]
    fn what_cannot_be_compressed_loses_detail_before_the_page_grows_without_bound() {
        // Noise, which no compression makes smaller: 1.5 MB a chunk at first, and little where it must be little.
        let noise = |number: usize, len: usize| {
            let mut state = number as u64 + 1;
            let next = move || {
                state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
                char::from(b'#' + (state >> 57) as u8 % 90)
            };
            std::iter::repeat_with(next).take(len).collect::<String>()
        };
        let chunks =
            pack(12, 2, |number, level| Ok(noise(number, if level == 0 { 1_500_000 } else { 1_000 })))
                .unwrap();
        assert!(chunks.iter().map(Chunk::len).sum::<usize>() <= BUDGET + 12 * 2_000);
        assert!(chunks.last().unwrap().len() < 2_000);
    }
}
