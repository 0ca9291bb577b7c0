//! Decompression, recognised by content: gzip, zstd, xz and lz4, each with any number of members one after another.

use super::lz4;
use flate2::bufread::MultiGzDecoder;
use liblzma::bufread::XzDecoder;
use liblzma::stream::{CONCATENATED, Stream};
use std::io::{self, BufRead, Read};
use zstd::stream::read::Decoder as ZstdDecoder;

/// How far back a compressed stream may refer, and so how much memory a decompressor may take: 2^27 bytes.
const WINDOW_LIMIT_LOG2: u32 = 27;
/// What xz needs beside the window itself.
const XZ_OVERHEAD: u64 = 1 << 20;

/// A kind of compressed stream.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Compression {
    Gzip,
    Zstd,
    Xz,
    Lz4,
}

impl Compression {
    /// The kind of stream that begins with `start`; `None` where it is none of them.
    pub(super) fn of(start: &[u8]) -> Option<Self> {
        match start {
            [0x1F, 0x8B, ..] => Some(Self::Gzip),
            [0x28, 0xB5, 0x2F, 0xFD, ..] => Some(Self::Zstd),
            // A skippable frame. Those of zstd and lz4 look the same; only zstd's tools begin a file with one.
            [0x50..=0x5F, 0x2A, 0x4D, 0x18, ..] => Some(Self::Zstd),
            [0xFD, b'7', b'z', b'X', b'Z', 0, ..] => Some(Self::Xz),
            [0x04, 0x22, 0x4D, 0x18, ..] => Some(Self::Lz4),
            _ => None,
        }
    }

    /// Its name for people.
    pub(super) const fn name(self) -> &'static str {
        match self {
            Self::Gzip => "gzip",
            Self::Zstd => "zstd",
            Self::Xz => "xz",
            Self::Lz4 => "lz4",
        }
    }

    /// What is inside `compressed`, all members of it.
    ///
    /// # Errors
    /// Where the decompressor cannot be set up. What reading yields: [`io::ErrorKind::UnexpectedEof`] where the stream ends too early,
    /// another kind where it is broken or refers further back than the limit.
    pub(super) fn decoder(
        self,
        compressed: impl BufRead + Send + 'static,
    ) -> io::Result<Box<dyn Read + Send>> {
        Ok(match self {
            Self::Gzip => Box::new(MultiGzDecoder::new(compressed)),
            Self::Zstd => {
                let mut decoder = ZstdDecoder::with_buffer(compressed)?;
                decoder.window_log_max(WINDOW_LIMIT_LOG2)?;
                Box::new(decoder)
            }
            Self::Xz => {
                let limit = (1 << WINDOW_LIMIT_LOG2) + XZ_OVERHEAD;
                let stream = Stream::new_stream_decoder(limit, CONCATENATED)?;
                Box::new(XzDecoder::new_stream(compressed, stream))
            }
            Self::Lz4 => Box::new(lz4::Decoder::new(compressed)),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::Write;

    fn gzip(data: &[u8]) -> Vec<u8> {
        let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
        encoder.write_all(data).unwrap();
        encoder.finish().unwrap()
    }

    fn xz(data: &[u8]) -> Vec<u8> {
        let mut encoder = liblzma::write::XzEncoder::new(Vec::new(), 1);
        encoder.write_all(data).unwrap();
        encoder.finish().unwrap()
    }

    fn zstd(data: &[u8]) -> Vec<u8> {
        zstd::stream::encode_all(data, 1).unwrap()
    }

    fn lz4(data: &[u8]) -> Vec<u8> {
        let mut encoder = lz4_flex::frame::FrameEncoder::new(Vec::new());
        encoder.write_all(data).unwrap();
        encoder.finish().unwrap()
    }

    type Pack = fn(&[u8]) -> Vec<u8>;

    const ALL: [(Compression, Pack); 4] = [
        (Compression::Gzip, gzip),
        (Compression::Zstd, zstd),
        (Compression::Xz, xz),
        (Compression::Lz4, lz4),
    ];

    fn unpack(bytes: &[u8]) -> (Vec<u8>, io::Result<usize>) {
        let mut reader = Compression::of(bytes).unwrap().decoder(io::Cursor::new(bytes.to_vec())).unwrap();
        let mut out = Vec::new();
        let result = reader.read_to_end(&mut out);
        (out, result)
    }

    fn noise(len: u32) -> Vec<u8> {
        (0..len).map(|i| (i.wrapping_mul(2_654_435_761) >> 13) as u8).collect()
    }

    #[test]
    fn every_kind_is_recognised_and_unpacked_member_after_member() {
        for (kind, pack) in ALL {
            let (first, second) = (noise(100_000), noise(7));
            let bytes = [pack(&first), pack(&[]), pack(&second)].concat();
            assert_eq!(Compression::of(&bytes), Some(kind));
            let (out, result) = unpack(&bytes);
            result.unwrap();
            assert!(out == [first, second].concat(), "{kind:?}");
        }
    }

    #[test]
    fn a_stream_that_is_cut_gives_what_is_before_the_cut_and_then_an_error() {
        for (kind, pack) in ALL {
            let data = noise(1_000);
            let bytes = [pack(&data), pack(&data)].concat();
            for len in bytes.len() / 2 + 6..bytes.len() {
                let (out, result) = unpack(&bytes[..len]);
                assert!(
                    out.len() >= data.len() && [&data[..], &data].concat().starts_with(&out),
                    "{kind:?} {len}"
                );
                let error = result.expect_err(&format!("{kind:?} cut at {len} of {}", bytes.len()));
                assert_eq!(error.kind(), io::ErrorKind::UnexpectedEof, "{kind:?} {len}: {error}");
            }
        }
    }

    #[test]
    fn skippable_frames_are_skipped() {
        let skippable = [0x50, 0x2A, 0x4D, 0x18, 3, 0, 0, 0, 1, 2, 3];
        let data = noise(50);
        assert_eq!(unpack(&[&skippable[..], &zstd(&data), &skippable].concat()).0, data);
        assert_eq!(unpack(&[&lz4(&data)[..], &skippable, &lz4(&data)].concat()).0, data.repeat(2));
    }

    #[test]
    fn a_window_beyond_the_limit_is_refused() {
        // A zstd frame header that asks for a window of 2^30 bytes.
        let (_, result) = unpack(&[0x28, 0xB5, 0x2F, 0xFD, 0x00, 0xA0, 0, 0, 0]);
        assert!(result.is_err());
    }
}
