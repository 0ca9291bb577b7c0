//! Files that are cut, changed, or claim what cannot be.

use super::capture::{Sample, analyse_files};
use super::files::{self, Format};
use super::memory::measured;
use super::random::Random;
use keepscope::source::file;
use std::fs;
use std::path::{Path, PathBuf};
use tempfile::TempDir;

/// What reading a small file may take, whatever lengths it claims; a decompressor's window included.
const ROOM: usize = 24 << 20;

const TRACE: &str = "
    0.000 A S  0:1(0) <ts 100/0,wscale 7,sackOK>
    0.010 B S. 0:1(0) ack 1 <ts 900/100,wscale 7,sackOK>
    0.020 A P. 1:12(11) ack 1
    0.030 B .  1:1(0) ack 12
   60.000 A .  11:11(0) ack 1
   60.010 B .  1:1(0) ack 12
  120.000 A .  11:12(1) ack 1 hex 00
  120.001 R icmp 3/1 of 120.000
  130.000 A .  11:12(1) ack 1 hex 00
  140.000 A R. 12:12(0) ack 1
";

struct Scene {
    directory: TempDir,
}

impl Scene {
    fn new() -> Self {
        Self { directory: TempDir::new().expect("a temporary directory") }
    }

    /// Reads `bytes` as a file. Whether that is a capture or not, it ends, in bounded memory and with every frame counted.
    #[track_caller]
    fn read(&self, bytes: &[u8]) {
        let path = self.directory.path().join("capture");
        fs::write(&path, bytes).expect("a temporary file");
        let ((), peak, _) = measured(|| read(&path));
        assert!(peak < ROOM, "{peak} bytes of memory for {} of a file", bytes.len());
    }
}

fn read(path: &Path) {
    let paths: [PathBuf; 1] = [path.to_owned()];
    if file::open(&paths, None).is_ok() {
        analyse_files(&paths);
    }
}

/// The same small capture in every format and compression.
fn captures() -> Vec<(&'static str, Vec<u8>)> {
    let shots = Sample::from_trace("small", TRACE).shots;
    let pcap = Format { is_pcapng: false, is_big_endian: true, nanoseconds: false }.write(&shots);
    let pcapng = Format { is_pcapng: true, is_big_endian: false, nanoseconds: true }.write(&shots);
    vec![
        ("gzip", files::gzip(&pcapng)),
        ("zstd", files::zstd(&pcap)),
        ("xz", files::xz(&pcap)),
        ("lz4", files::lz4(&pcapng)),
        ("pcap", pcap),
        ("pcapng", pcapng),
    ]
}

#[test]
fn files_may_be_cut_anywhere() {
    let scene = Scene::new();
    for (_, bytes) in captures() {
        for len in 0..bytes.len() {
            scene.read(&bytes[..len]);
        }
    }
}

#[test]
fn files_may_be_damaged_anywhere() {
    let scene = Scene::new();
    let mut random = Random(1);
    for (_, bytes) in captures() {
        for _ in 0..600 {
            let mut damaged = bytes.clone();
            random.damage(&mut damaged);
            scene.read(&damaged);
        }
    }
}

#[test]
fn pieces_may_be_lost_doubled_or_moved() {
    let scene = Scene::new();
    let mut random = Random(2);
    for (_, bytes) in captures() {
        for _ in 0..150 {
            let (from, to) = (random.below(bytes.len()), random.below(bytes.len()));
            let (from, to) = (from.min(to), from.max(to));
            let at = random.below(bytes.len());
            let moved = [&bytes[..at], &bytes[from..to], &bytes[at..]].concat();
            scene.read(&moved);
            scene.read(&[&bytes[..from], &bytes[to..]].concat());
        }
    }
}

#[test]
fn anything_may_follow_a_magic_number() {
    let scene = Scene::new();
    let mut random = Random(3);
    let heads: [&[u8]; 14] = [
        &[0xA1, 0xB2, 0xC3, 0xD4],
        &[0xD4, 0xC3, 0xB2, 0xA1],
        &[0xA1, 0xB2, 0x3C, 0x4D],
        &[0xA1, 0xB2, 0xCD, 0x34],
        &[0xD4, 0xC3, 0xB2, 0xA1, 2, 0, 4, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 4, 0, 1, 0, 0, 0],
        &[0x0A, 0x0D, 0x0D, 0x0A],
        &[0x0A, 0x0D, 0x0D, 0x0A, 28, 0, 0, 0, 0x4D, 0x3C, 0x2B, 0x1A],
        &[
            0x0A, 0x0D, 0x0D, 0x0A, 28, 0, 0, 0, 0x4D, 0x3C, 0x2B, 0x1A, 1, 0, 0, 0, 255, 255, 255, 255, 255,
            255, 255, 255, 28, 0, 0, 0,
        ],
        &[0x1F, 0x8B, 8, 0],
        &[0x28, 0xB5, 0x2F, 0xFD],
        &[0xFD, 0x37, 0x7A, 0x58, 0x5A, 0],
        &[0x04, 0x22, 0x4D, 0x18],
        &[0x50, 0x2A, 0x4D, 0x18],
        &[],
    ];
    for head in heads {
        for _ in 0..120 {
            let len = random.below(2000);
            scene.read(&[head, &random.bytes(len)].concat());
        }
    }
}

const ABSURD: [u32; 16] = [
    0,
    1,
    3,
    4,
    8,
    11,
    12,
    16,
    0x7FFF,
    0x0100_0000,
    0x0100_0001,
    0x7FFF_FFFF,
    0x8000_0000,
    0xFFFF_FFF0,
    0xFFFF_FFFC,
    0xFFFF_FFFF,
];

/// Every 32-bit word of a capture, one after another, is replaced by each of these.
#[test]
fn lengths_may_claim_anything() {
    let scene = Scene::new();
    let shots = Sample::from_trace("small", TRACE).shots;
    for format in Format::ALL.into_iter().filter(|format| !format.nanoseconds) {
        // Two frames are enough: what follows them is read in the same way.
        let bytes = format.write(&shots[..2]);
        for at in (0..bytes.len() - 3).step_by(4) {
            for absurd in ABSURD {
                for word in [absurd.to_le_bytes(), absurd.to_be_bytes()] {
                    let mut changed = bytes.clone();
                    changed[at..at + 4].copy_from_slice(&word);
                    scene.read(&changed);
                }
            }
        }
    }
}

/// Options of pcapng blocks: their own lengths, resolutions and offsets of time.
#[test]
fn options_may_claim_anything() {
    let scene = Scene::new();
    let shots = Sample::from_trace("small", TRACE).shots;
    let bytes = Format { is_pcapng: true, is_big_endian: false, nanoseconds: true }.write(&shots);
    // The interface's only option: if_tsresol, one octet.
    let option = bytes.windows(5).position(|w| w == [9, 0, 1, 0, 9]).expect("the option is there");
    for resolution in 0..=u8::MAX {
        let mut changed = bytes.clone();
        changed[option + 4] = resolution;
        scene.read(&changed);
    }
    for code in 0..20_u16 {
        for len in [0, 1, 2, 4, 5, 8, 16, 0x7FFF, 0xFFFC, 0xFFFF_u16] {
            let mut changed = bytes.clone();
            changed[option..option + 2].copy_from_slice(&code.to_le_bytes());
            changed[option + 2..option + 4].copy_from_slice(&len.to_le_bytes());
            scene.read(&changed);
        }
    }
}
