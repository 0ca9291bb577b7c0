//! Little that unpacks to much.

use super::capture::analyse_files;
use super::files;
use super::memory::measured;
use std::fs;
use std::io::{BufWriter, Write};
use tempfile::TempDir;

/// A record of zeros: 64 KiB of them.
fn record() -> Vec<u8> {
    const LEN: u32 = 1 << 16;
    let mut record = vec![0; 8];
    record.extend(LEN.to_le_bytes());
    record.extend(LEN.to_le_bytes());
    record.resize(16 + LEN as usize, 0);
    record
}

const HEAD: [u8; 24] = [0xD4, 0xC3, 0xB2, 0xA1, 2, 0, 4, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 4, 0, 1, 0, 0, 0];

/// Reads a capture of `members` MiB of zeros, packed by `pack` a MiB at a time.
fn read(members: u64, pack: fn(&[u8]) -> Vec<u8>) {
    let directory = TempDir::new().expect("a temporary directory");
    let path = directory.path().join("bomb");
    let mut file = BufWriter::new(fs::File::create(&path).expect("a temporary file"));
    let member = pack(&record().repeat(16));
    file.write_all(&pack(&HEAD)).expect("room on the disk");
    for _ in 0..members {
        file.write_all(&member).expect("room on the disk");
    }
    drop(file);
    let (analysis, peak, _) = measured(|| analyse_files(&[path]));
    assert_eq!(analysis.capture.frames, members * 16);
    assert!(analysis.capture.warnings.is_empty(), "{:?}", analysis.capture.warnings);
    assert!(peak < 24 << 20, "{peak} bytes of memory");
}

#[test]
fn a_hundred_mebibytes_of_zeros_are_read_in_little_memory() {
    read(100, files::gzip);
}

#[test]
fn so_they_are_in_every_compression() {
    read(12, files::zstd);
    read(12, files::xz);
    read(12, files::lz4);
}
