use super::*;
use crate::frame::{FrameMeta, FrameNo, InterfaceNo};
use std::collections::BTreeMap;
use std::process::Command;
use tempfile::TempDir;

/// 2026-01-01T00:00:00Z
const START: i64 = 1_767_225_600;

/// Frames captured so many seconds after the start, each of so many bytes.
fn batch(frames: impl IntoIterator<Item = (i64, usize)>) -> FrameBatch {
    let mut batch = FrameBatch::default();
    for (no, (after, len)) in (1..).zip(frames) {
        batch.frames.push(FrameMeta {
            no: FrameNo::new(no).unwrap(),
            ts: Timestamp((START + after) * NANOS_PER_SECOND + 123_456_789),
            link: LinkType::ETHERNET,
            wire_len: len as u32 + 4,
            offset: batch.bytes.len() as u32,
            cap_len: len as u32,
            interface: InterfaceNo::default(),
            fault: None,
        });
        batch.bytes.extend((0..len).map(|i| i as u8));
    }
    batch
}

/// A folder that is written into.
struct Folder(TempDir);

impl Folder {
    fn new() -> Self {
        Self(tempfile::tempdir().unwrap())
    }

    fn options(&self, name: &str, mb: u64, seconds: u64, files: u32) -> RawOptions {
        RawOptions {
            path: self.0.path().join(name),
            rotate_mb: NonZeroU64::new(mb),
            rotate_s: NonZeroU64::new(seconds),
            files: NonZeroU32::new(files),
            start: Timestamp(START * NANOS_PER_SECOND),
        }
    }

    fn writer(&self, name: &str, mb: u64, seconds: u64, files: u32) -> RawWriter {
        let options = self.options(name, mb, seconds, files);
        RawWriter::create_in(TimeZone::UTC, options, LinkType::ETHERNET, 2_000_000).unwrap()
    }

    /// Names of the files and how many frames they hold.
    fn files(&self) -> BTreeMap<String, usize> {
        let entries = std::fs::read_dir(self.0.path()).unwrap();
        entries
            .map(|entry| {
                let entry = entry.unwrap();
                (entry.file_name().into_string().unwrap(), frames(&std::fs::read(entry.path()).unwrap()))
            })
            .collect()
    }
}

/// How many frames a file holds; it must end with a whole one.
fn frames(bytes: &[u8]) -> usize {
    let mut rest = &bytes[24..];
    let mut count = 0;
    while !rest.is_empty() {
        let len = u32::from_ne_bytes(rest[8..12].try_into().unwrap()) as usize;
        rest = &rest[16 + len..];
        count += 1;
    }
    count
}

#[track_caller]
fn check(folder: &Folder, expected: &[(&str, usize)]) {
    let expected: BTreeMap<String, usize> =
        expected.iter().map(|(name, count)| ((*name).to_owned(), *count)).collect();
    assert_eq!(folder.files(), expected);
}

#[test]
fn a_file_that_is_not_rotated_holds_everything() {
    let folder = Folder::new();
    let mut writer = folder.writer("a-%H.pcap", 0, 0, 0);
    assert_eq!(writer.write(&batch([(0, 60), (100_000, 2_000_000), (5, 0)])).unwrap(), Wrote::All);
    drop(writer);
    check(&folder, &[("a-%H.pcap", 3)]);
}

#[test]
fn what_was_written_is_read_back() {
    use crate::source::{FrameSource, Next};
    let folder = Folder::new();
    let mut writer = folder.writer("a", 0, 0, 0);
    let written = batch([(0, 60), (1, 0), (2, 7)]);
    let _ = writer.write(&written).unwrap();
    writer.flush().unwrap();
    let mut read = FrameBatch::default();
    let mut files = crate::source::file::open(&[folder.0.path().join("a")], None).unwrap();
    assert_eq!(files.fill(&mut read), Ok(Next::Filled));
    let seen = |batch: &FrameBatch| -> Vec<_> {
        batch.iter().map(|f| (f.no, f.ts, f.link, f.wire_len, f.data.to_vec(), f.fault)).collect()
    };
    assert_eq!(seen(&read), seen(&written));
}

#[test]
fn the_next_file_begins_after_the_one_that_grew_too_large() {
    let folder = Folder::new();
    let mut writer = folder.writer("a", 1, 0, 0);
    // 24 bytes of header and three records of 400,016: over a million after the third.
    let _ = writer.write(&batch((0..8).map(|i| (i, 400_000)))).unwrap();
    drop(writer);
    check(&folder, &[("a", 3), ("a1", 3), ("a2", 2)]);
}

#[test]
fn a_ring_overwrites_its_first_file() {
    let folder = Folder::new();
    let mut writer = folder.writer("a", 1, 0, 11);
    let _ = writer.write(&batch((0..35).map(|i| (i, 400_000)))).unwrap();
    drop(writer);
    let mut expected: Vec<(String, usize)> = (0..11).map(|i| (format!("a{i:02}"), 3)).collect();
    expected[0].1 = 2;
    assert_eq!(folder.files(), expected.into_iter().collect());
}

#[test]
fn the_next_file_begins_with_the_first_frame_after_its_time() {
    let folder = Folder::new();
    let mut writer = folder.writer("a-%H%M%S", 0, 10, 0);
    // Windows begin where a frame comes, not at multiples: 0, 10, 35.
    assert_eq!(
        writer.write(&batch([(0, 1), (9, 1), (10, 1), (19, 1), (35, 1), (44, 1)])).unwrap(),
        Wrote::All
    );
    assert_eq!(writer.path(), folder.0.path().join("a-000035"));
    drop(writer);
    check(&folder, &[("a-000000", 2), ("a-000010", 2), ("a-000035", 2)]);
}

#[test]
fn a_count_of_files_ends_a_capture_that_goes_by_time() {
    let folder = Folder::new();
    let mut writer = folder.writer("a-%S", 0, 10, 2);
    let frames = batch([(0, 1), (10, 1), (19, 1), (20, 1), (21, 1)]);
    assert_eq!(writer.write(&frames).unwrap(), Wrote::Full { frames: 3 });
    assert_eq!(writer.write(&frames).unwrap(), Wrote::Full { frames: 0 });
    drop(writer);
    check(&folder, &[("a-00", 1), ("a-10", 2)]);
}

#[test]
fn by_time_and_by_size_numbers_begin_anew_with_the_time_and_a_count_ends_nothing() {
    let folder = Folder::new();
    let mut writer = folder.writer("a-%S.", 1, 10, 0);
    let frames = batch([(0, 1_000_000), (1, 1), (2, 1), (10, 1_000_000), (11, 1)]);
    assert_eq!(writer.write(&frames).unwrap(), Wrote::All);
    drop(writer);
    check(&folder, &[("a-00.", 1), ("a-00.1", 2), ("a-10.", 1), ("a-10.1", 1)]);

    let folder = Folder::new();
    let mut writer = folder.writer("a-%S.", 1, 10, 2);
    let frames = batch([(0, 1_000_000), (1, 1_000_000), (2, 1), (10, 1), (20, 1), (30, 1)]);
    assert_eq!(writer.write(&frames).unwrap(), Wrote::All);
    drop(writer);
    check(&folder, &[("a-00.0", 1), ("a-00.1", 1), ("a-10.0", 1), ("a-20.0", 1), ("a-30.0", 1)]);
}

#[test]
fn a_file_that_was_moved_away_is_begun_anew_and_one_in_its_place_goes_on() {
    let folder = Folder::new();
    let mut writer = folder.writer("a", 0, 0, 0);
    let _ = writer.write(&batch([(0, 1), (1, 1)])).unwrap();
    writer.reopen().unwrap();
    let _ = writer.write(&batch([(2, 1)])).unwrap();
    std::fs::rename(folder.0.path().join("a"), folder.0.path().join("old")).unwrap();
    writer.reopen().unwrap();
    let _ = writer.write(&batch([(3, 1)])).unwrap();
    drop(writer);
    check(&folder, &[("a", 1), ("old", 3)]);
}

#[test]
fn options_that_contradict_each_other_are_refused() {
    let conflict =
        |options: RawOptions| RawWriter::create(options, LinkType::ETHERNET, 1).err().unwrap().to_string();
    let folder = Folder::new();
    assert!(conflict(folder.options("a", 0, 0, 3)).starts_with("-W counts files"));
    let stdout = RawOptions { path: STDOUT.into(), ..folder.options("a", 1, 0, 0) };
    assert!(conflict(stdout).starts_with("-w - is standard output"));
    let error = conflict(folder.options("none/a", 0, 0, 0));
    assert!(error.starts_with(&format!("{}/none/a: No such file", folder.0.path().display())), "{error}");
}

#[cfg(target_os = "linux")]
#[test]
fn a_full_disk_is_an_error_with_the_files_name() {
    let folder = Folder::new();
    let options = RawOptions { path: "/dev/full".into(), ..folder.options("", 0, 0, 0) };
    let mut writer = RawWriter::create(options, LinkType::ETHERNET, 1).unwrap();
    let _ = writer.write(&batch([(0, 1)])).unwrap();
    let error = writer.flush().unwrap_err();
    assert_eq!(error.kind(), io::ErrorKind::StorageFull);
    assert!(error.to_string().starts_with("/dev/full: "), "{error}");
}

/// The same frames through tcpdump with the same options: the same files with the same number of frames.
#[test]
fn tcpdump_would_have_made_the_same_files() {
    let folder = Folder::new();
    let all = folder.0.path().join("all");
    let mut writer = folder.writer("all", 0, 0, 0);
    // Frames that any snapshot length lets pass.
    let batches: Vec<FrameBatch> = (0..12).map(|i| batch((0..256).map(|j| (i * 256 + j, 1_400)))).collect();
    batches.iter().for_each(|batch| assert_eq!(writer.write(batch).unwrap(), Wrote::All));
    drop(writer);
    for (mb, files) in [(1, 0), (1, 3), (1, 11), (2, 1), (1, 2)] {
        let (ours, theirs) = (Folder::new(), Folder::new());
        let mut writer = ours.writer("x.pcap", mb, 0, files);
        batches.iter().for_each(|batch| assert_eq!(writer.write(batch).unwrap(), Wrote::All));
        drop(writer);
        let mut tcpdump = Command::new("tcpdump");
        // As root it would hand its files to a user that cannot enter the folder.
        tcpdump.args(["-Z", "root", "--nano", "-r"]).arg(&all).arg("-w").arg(theirs.0.path().join("x.pcap"));
        tcpdump.args(["-C", &mb.to_string()]);
        if files > 0 {
            tcpdump.args(["-W", &files.to_string()]);
        }
        match tcpdump.output() {
            Ok(output) if output.status.success() => {}
            Ok(output) => panic!("{}", String::from_utf8_lossy(&output.stderr)),
            Err(error) => return eprintln!("skipped: nothing to compare with (tcpdump: {error})"),
        }
        assert_eq!(ours.files(), theirs.files(), "-C {mb} -W {files}");
        for (name, _) in ours.files() {
            let read = |folder: &Folder| std::fs::read(folder.0.path().join(&name)).unwrap();
            assert!(read(&ours)[24..] == read(&theirs)[24..], "{name} with -C {mb} -W {files}");
        }
    }
}
