//! Writers of capture files.

use super::capture::Shot;
use std::collections::BTreeSet;
use std::io::Write;

/// A file format, with byte order and resolution of time.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Format {
    pub(crate) is_pcapng: bool,
    pub(crate) is_big_endian: bool,
    pub(crate) nanoseconds: bool,
}

/// Puts numbers into a file in one byte order.
struct Pen {
    bytes: Vec<u8>,
    is_big_endian: bool,
}

impl Pen {
    fn u16(&mut self, n: u16) {
        self.bytes.extend(if self.is_big_endian { n.to_be_bytes() } else { n.to_le_bytes() });
    }

    fn u32(&mut self, n: u32) {
        self.bytes.extend(if self.is_big_endian { n.to_be_bytes() } else { n.to_le_bytes() });
    }

    fn octets(&mut self, octets: &[u8]) {
        self.bytes.extend_from_slice(octets);
    }

    fn pad(&mut self) {
        self.bytes.resize(self.bytes.len().next_multiple_of(4), 0);
    }

    /// A pcapng block whose body is written by `body`.
    fn block(&mut self, kind: u32, body: impl FnOnce(&mut Self)) {
        let at = self.bytes.len();
        self.u32(kind);
        self.u32(0);
        body(self);
        self.pad();
        let len = (self.bytes.len() - at + 4) as u32;
        self.u32(len);
        let in_order = if self.is_big_endian { len.to_be_bytes() } else { len.to_le_bytes() };
        self.bytes[at + 4..at + 8].copy_from_slice(&in_order);
    }
}

impl Format {
    pub(crate) const ALL: [Self; 8] = {
        let mut all = [Self { is_pcapng: false, is_big_endian: false, nanoseconds: false }; 8];
        let mut i = 0;
        while i < 8 {
            all[i] = Self { is_pcapng: i & 4 != 0, is_big_endian: i & 2 != 0, nanoseconds: i & 1 != 0 };
            i += 1;
        }
        all
    };

    /// Whether it can hold these frames: pcap has one link type.
    #[allow(dead_code, reason = "for the metamorphic tests")]
    pub(crate) fn can_hold(self, shots: &[Shot]) -> bool {
        self.is_pcapng || links(shots).len() <= 1
    }

    pub(crate) fn write(self, shots: &[Shot]) -> Vec<u8> {
        let mut pen = Pen { bytes: Vec::new(), is_big_endian: self.is_big_endian };
        if self.is_pcapng {
            self.pcapng(&mut pen, shots);
        } else {
            self.pcap(&mut pen, shots);
        }
        pen.bytes
    }

    fn pcap(self, pen: &mut Pen, shots: &[Shot]) {
        pen.u32(if self.nanoseconds { 0xA1B2_3C4D } else { 0xA1B2_C3D4 });
        pen.u16(2);
        pen.u16(4);
        pen.u32(0);
        pen.u32(0);
        pen.u32(262_144);
        pen.u32(links(shots).first().copied().unwrap_or(1).into());
        for shot in shots {
            let nanos = shot.ts % 1_000_000_000;
            pen.u32((shot.ts / 1_000_000_000) as u32);
            pen.u32((if self.nanoseconds { nanos } else { nanos / 1000 }) as u32);
            pen.u32(shot.data.len() as u32);
            pen.u32(shot.wire_len);
            pen.octets(&shot.data);
        }
    }

    fn pcapng(self, pen: &mut Pen, shots: &[Shot]) {
        pen.block(0x0A0D_0D0A, |pen| {
            pen.u32(0x1A2B_3C4D);
            pen.u16(1);
            pen.u16(0);
            pen.u32(u32::MAX);
            pen.u32(u32::MAX);
        });
        let links = links(shots);
        for link in &links {
            pen.block(1, |pen| {
                pen.u16(*link);
                pen.u16(0);
                pen.u32(0);
                if self.nanoseconds {
                    // if_tsresol: 10^-9
                    pen.u16(9);
                    pen.u16(1);
                    pen.octets(&[9, 0, 0, 0]);
                    pen.u32(0);
                }
            });
        }
        for shot in shots {
            pen.block(6, |pen| {
                let units = if self.nanoseconds { shot.ts } else { shot.ts / 1000 } as u64;
                pen.u32(links.iter().position(|link| *link == shot.link).unwrap_or(0) as u32);
                pen.u32((units >> 32) as u32);
                pen.u32(units as u32);
                pen.u32(shot.data.len() as u32);
                pen.u32(shot.wire_len);
                pen.octets(&shot.data);
            });
        }
    }
}

fn links(shots: &[Shot]) -> Vec<u16> {
    shots.iter().map(|shot| shot.link).collect::<BTreeSet<_>>().into_iter().collect()
}

pub(crate) fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    encoder.write_all(bytes).expect("room in memory");
    encoder.finish().expect("room in memory")
}

pub(crate) fn zstd(bytes: &[u8]) -> Vec<u8> {
    zstd::encode_all(bytes, 1).expect("room in memory")
}

pub(crate) fn xz(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = liblzma::write::XzEncoder::new(Vec::new(), 1);
    encoder.write_all(bytes).expect("room in memory");
    encoder.finish().expect("room in memory")
}

pub(crate) fn lz4(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = lz4_flex::frame::FrameEncoder::new(Vec::new());
    encoder.write_all(bytes).expect("room in memory");
    encoder.finish().expect("room in memory")
}
