//! Files: the format, the compression and the cut into pieces are no part of the truth.

use super::capture::{Sample, Shot, analyse_files, assert_none, difference};
use super::files::{self, Format};
use super::samples::samples;
use std::fs;
use std::path::PathBuf;
use tempfile::TempDir;

/// All samples with times in whole microseconds, which every format can hold.
fn in_microseconds() -> Vec<Sample> {
    samples().iter().map(|s| s.map(|shot| Shot { ts: shot.ts / 1000 * 1000, ..shot.clone() })).collect()
}

fn put(directory: &TempDir, name: &str, bytes: &[u8]) -> PathBuf {
    let path = directory.path().join(name);
    fs::write(&path, bytes).expect("a temporary file");
    path
}

#[test]
fn the_file_format_changes_nothing() {
    let directory = TempDir::new().expect("a temporary directory");
    let mut violations = Vec::new();
    for sample in in_microseconds() {
        let truth = sample.truth();
        let mut check = |what: &str, bytes: &[u8]| {
            let path = put(&directory, "capture", bytes);
            let got = analyse_files(&[path]).truth(&sample.shots);
            violations.extend(difference(what, &sample, &truth, &got));
        };
        for format in Format::ALL.into_iter().filter(|format| format.can_hold(&sample.shots)) {
            check(&format!("{format:?}"), &format.write(&sample.shots));
        }
        let plain = Format { is_pcapng: true, is_big_endian: false, nanoseconds: true }.write(&sample.shots);
        check("gzip", &files::gzip(&plain));
        check("zstd", &files::zstd(&plain));
        check("xz", &files::xz(&plain));
        check("lz4", &files::lz4(&plain));
    }
    assert_none(&violations);
}

/// Whatever the order in which the pieces are named.
#[test]
fn a_capture_may_be_cut_into_two_files() {
    let directory = TempDir::new().expect("a temporary directory");
    let format = Format { is_pcapng: true, is_big_endian: false, nanoseconds: true };
    let mut violations = Vec::new();
    for sample in samples() {
        let truth = sample.truth();
        let step = sample.shots.len().div_ceil(40).max(1);
        for at in (1..sample.shots.len()).step_by(step) {
            let (first, second) = sample.shots.split_at(at);
            if second[0].ts <= first[0].ts {
                continue;
            }
            let first = put(&directory, "first", &format.write(first));
            let second = put(&directory, "second", &files::gzip(&format.write(second)));
            for pieces in [[first.clone(), second.clone()], [second, first]] {
                let got = analyse_files(&pieces).truth(&sample.shots);
                violations.extend(difference(&format!("cut at {at}"), &sample, &truth, &got));
            }
        }
    }
    assert_none(&violations);
}
