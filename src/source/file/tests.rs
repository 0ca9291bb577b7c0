use super::*;
use crate::frame::Fault;
use crate::time::Timestamp;
use std::io::Write;
use tempfile::TempDir;

/// A classic pcap file of frames given as time in seconds and data.
fn pcap(frames: &[(u32, &[u8])]) -> Vec<u8> {
    let words = |words: &[u32]| words.iter().flat_map(|word| word.to_le_bytes()).collect::<Vec<u8>>();
    let mut bytes = words(&[0xA1B2_C3D4, 4 << 16 | 2, 0, 0, 65_535, 1]);
    for (seconds, data) in frames {
        bytes.extend(words(&[*seconds, 0, data.len() as u32, data.len() as u32]));
        bytes.extend(*data);
    }
    bytes
}

/// A folder with files in it, and what reading them brings.
struct Folder(TempDir);

impl Folder {
    fn with(files: &[(&str, &[u8])]) -> Self {
        let folder = tempfile::tempdir().unwrap();
        for (name, bytes) in files {
            std::fs::write(folder.path().join(name), bytes).unwrap();
        }
        Self(folder)
    }

    fn paths(&self, names: &[&str]) -> Vec<PathBuf> {
        names.iter().map(|name| self.0.path().join(name)).collect()
    }

    /// What is said, without the folder's name.
    fn clean(&self, text: &str) -> String {
        text.replace(&format!("{}/", self.0.path().display()), "")
    }

    fn read(&self, names: &[&str]) -> Result<Read, String> {
        let mut files = open(&self.paths(names), None).map_err(|error| self.clean(&error.0))?;
        let (mut batch, mut read) = (FrameBatch::default(), Read::default());
        loop {
            match files.fill(&mut batch).map_err(|error| self.clean(&error.0))? {
                Next::End => break,
                next => assert_eq!(next, Next::Filled),
            }
            assert!(!batch.frames.is_empty());
            for frame in batch.iter() {
                assert_eq!(frame.no.get(), read.frames.len() as u64 + 1);
                read.frames.push((frame.ts, frame.data.to_vec(), frame.fault));
            }
        }
        assert_eq!(files.fill(&mut batch), Ok(Next::End));
        read.notes = files.notes().clone();
        read.notes.warnings.iter_mut().for_each(|line| *line = self.clean(line));
        read.progress = Some(files.progress());
        Ok(read)
    }

    fn read_all(&self, names: &[&str]) -> Read {
        self.read(names).unwrap()
    }
}

#[derive(Default)]
struct Read {
    frames: Vec<(Timestamp, Vec<u8>, Option<Fault>)>,
    notes: SourceNotes,
    progress: Option<Progress>,
}

impl Read {
    fn data(&self) -> Vec<&[u8]> {
        self.frames.iter().map(|(_, data, _)| data.as_slice()).collect()
    }

    fn warnings(&self) -> Vec<&str> {
        self.notes.warnings.iter().map(String::as_str).collect()
    }
}

#[track_caller]
fn check_no_capture(bytes: &[u8], expected: &str) {
    let folder = Folder::with(&[("a", bytes)]);
    assert_eq!(folder.read(&["a"]).err().as_deref(), Some(expected));
}

#[test]
fn what_is_no_capture_is_said_in_one_line() {
    check_no_capture(b"", "a: empty file");
    check_no_capture(b"just notes, taken in a hurry", "a: not a capture: looks like text");
    check_no_capture(&pcap(&[])[..20], "a: cut off in its header (24 bytes are needed, 20 are there)");
    check_no_capture(&[0x0A, 0x0D, 0x0D, 0x0A, 0, 0], "a: a pcapng section header without a byte order mark");
    check_no_capture(&gzip(b"notes, packed"), "a: not a capture: looks like text (inside gzip)");
    check_no_capture(&gzip(&gzip(b"")), "a: not a capture: looks like gzip data (inside gzip)");
    check_no_capture(&gzip(b""), "a: empty file (inside gzip)");
    check_no_capture(&gzip(b"notes")[..10], "a: the gzip data is cut off");
    let folder = Folder::with(&[]);
    assert_eq!(folder.read(&["gone"]).err().as_deref(), Some("gone: no such file"));
    std::fs::create_dir(folder.0.path().join("d")).unwrap();
    assert_eq!(folder.read(&["d"]).err().as_deref(), Some("d: is a directory"));
}

#[test]
fn a_directory_is_its_captures_in_the_order_of_time() {
    let (late, early) = (pcap(&[(9, b"late")]), gzip(&pcap(&[(8, b"early")])));
    // What is broken, or of a kind that is not known, stays: it must not be missing in silence.
    let folder = Folder::with(&[
        ("a", &late),
        ("b", &early),
        (".c", &late),
        ("cut", &late[..20]),
        ("cut.gz", &early[..10]),
        ("erf", b"snoop\0\0\0"),
        ("notes", b"none"),
        ("sealed", &[0x85, 1, 0xFF]),
        ("z", b""),
    ]);
    std::fs::create_dir(folder.0.path().join("d")).unwrap();
    let found = captures_in(folder.0.path()).unwrap();
    assert_eq!(found.captures, folder.paths(&["cut", "cut.gz", "erf", "sealed", "b", "a"]));
    assert_eq!(found.others, folder.paths(&["d", "notes", "z"]));
}

fn gzip(data: &[u8]) -> Vec<u8> {
    let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    encoder.write_all(data).unwrap();
    encoder.finish().unwrap()
}

#[test]
fn a_capture_without_frames_is_a_capture() {
    let read = Folder::with(&[("a", &pcap(&[]))]).read_all(&["a"]);
    assert!(read.frames.is_empty() && read.warnings().is_empty() && !read.notes.damaged);
}

#[test]
fn a_file_cut_anywhere_gives_the_whole_records_before_the_cut() {
    let frames: [(u32, &[u8]); 3] = [(1, b"one"), (2, b""), (3, b"three")];
    let whole = pcap(&frames);
    let ends = [24, 43, 59, 80];
    for len in 24..=whole.len() {
        let read = Folder::with(&[("a", &whole[..len])]).read_all(&["a"]);
        let expected = ends.iter().filter(|end| **end <= len).count() - 1;
        assert_eq!(read.data(), frames[..expected].iter().map(|(_, data)| *data).collect::<Vec<_>>());
        assert_eq!(read.notes.damaged, !ends.contains(&len), "cut at {len}");
        assert_eq!(read.warnings().len(), usize::from(read.notes.damaged));
    }
    let read = Folder::with(&[("a", &whole[..77])]).read_all(&["a"]);
    assert_eq!(
        read.warnings(),
        ["a: cut off in frame 3 at byte 59 (the record claims 5 bytes, 2 are there)"]
    );
    let read = Folder::with(&[("a", &whole[..62])]).read_all(&["a"]);
    assert_eq!(
        read.warnings(),
        ["a: cut off in frame 3 at byte 59 (a record header has 16 bytes, 3 are there)"]
    );
}

#[test]
fn an_absurd_length_is_damage() {
    let mut bytes = pcap(&[(1, b"one"), (2, b"two")]);
    bytes[43 + 8..43 + 12].copy_from_slice(&u32::MAX.to_le_bytes());
    let read = Folder::with(&[("a", &bytes)]).read_all(&["a"]);
    assert_eq!(read.data(), [b"one"]);
    let expected =
        "a: damaged from frame 2 at byte 43 on (the record claims 4294967295 bytes, more than any can have)";
    assert_eq!(read.warnings(), [expected]);
}

#[test]
fn a_length_that_is_believable_but_not_there_allocates_what_is_there() {
    let mut bytes = pcap(&[(1, b"one")]);
    bytes[24 + 8..24 + 12].copy_from_slice(&(15_u32 << 20).to_le_bytes());
    let folder = Folder::with(&[("a", &bytes)]);
    let (mut files, mut batch) = (open(&folder.paths(&["a"]), None).unwrap(), FrameBatch::default());
    assert_eq!(files.fill(&mut batch), Ok(Next::End));
    assert!(batch.bytes.len() < 1 << 20);
}

#[test]
fn a_stamp_that_cannot_be_is_malformed_and_has_the_time_of_the_frame_before() {
    let mut bytes = pcap(&[(1, b"one"), (2, b"two"), (3, b"three")]);
    bytes[43 + 4..43 + 8].copy_from_slice(&2_000_000_u32.to_le_bytes());
    let read = Folder::with(&[("a", &bytes)]).read_all(&["a"]);
    let seen: Vec<_> = read.frames.iter().map(|(ts, _, fault)| (ts.0 / 1_000_000_000, *fault)).collect();
    assert_eq!(seen, [(1, None), (1, Some(Fault::Malformed)), (3, None)]);
}

#[test]
fn long_files_pass_through_batches_unchanged() {
    // Lengths from nothing to far more than is read at once, so that records lie across every border.
    let noise: Vec<u8> = (0..200_000_u32).map(|i| (i.wrapping_mul(2_654_435_761) >> 11) as u8).collect();
    let frames: Vec<(u32, &[u8])> = (0..3_000)
        .map(|i: u32| (i, &noise[..if i % 997 == 5 { 200_000 } else { i as usize * 7 % 1_500 }]))
        .collect();
    let bytes = pcap(&frames);
    let folder = Folder::with(&[("a", &bytes), ("a.gz", &gzip(&bytes))]);
    for name in ["a", "a.gz"] {
        let read = folder.read_all(&[name]);
        assert!(read.data() == frames.iter().map(|(_, data)| *data).collect::<Vec<_>>(), "{name}");
        let progress = read.progress.unwrap();
        assert_eq!(Some(progress.read()), progress.total());
    }
}

#[test]
fn damage_in_compressed_data_is_placed_in_what_is_inside() {
    let bytes = pcap(&[(1, b"one"), (2, b"two"), (3, b"three")]);
    let packed = gzip(&bytes);
    let folder = Folder::with(&[("cut", &packed[..packed.len() - 8]), ("inside", &gzip(&bytes[..80]))]);
    let read = folder.read_all(&["cut"]);
    assert_eq!(read.data().len(), 3);
    let expected = "cut: the gzip data is cut off in frame 4 at byte 83 of the decompressed data";
    assert_eq!(read.warnings(), [expected]);
    let expected = "inside: cut off in frame 3 at byte 62 of the decompressed data (the record claims 5 bytes, 2 are there)";
    assert_eq!(folder.read_all(&["inside"]).warnings(), [expected]);
}

#[test]
fn pieces_are_read_in_the_order_of_their_first_frames() {
    let (first, second) = (pcap(&[(1, b"one"), (2, b"two")]), pcap(&[(3, b"three"), (4, b"four")]));
    let folder = Folder::with(&[("b", &first), ("a", &second), ("none", &pcap(&[]))]);
    let read = folder.read_all(&["a", "none", "b"]);
    assert_eq!(read.data(), [&b"one"[..], b"two", b"three", b"four"]);
    let sources: Vec<_> =
        read.notes.sources.iter().map(|piece| (folder.clean(&piece.name), piece.frames_before)).collect();
    assert_eq!(sources, [("none".to_owned(), 0), ("b".to_owned(), 0), ("a".to_owned(), 2)]);
    assert_eq!(read.progress.unwrap().total(), Some((first.len() + second.len() + 24) as u64));
}

#[test]
fn pieces_may_overlap_by_a_second_and_no_more() {
    let folder = Folder::with(&[
        ("a", &pcap(&[(1, b""), (10, b"")])),
        ("b", &pcap(&[(9, b""), (20, b"")])),
        ("c", &pcap(&[(8, b"")])),
    ]);
    assert_eq!(folder.read_all(&["a", "b"]).frames.len(), 4);
    let expected = "a and c overlap by 2.0 s: probably two capture points, analyse them one by one";
    assert_eq!(folder.read(&["c", "a"]).err().as_deref(), Some(expected));
}

#[test]
fn one_bad_file_of_several_is_left_out() {
    let good = pcap(&[(1, b"one")]);
    let folder = Folder::with(&[
        ("good", &good),
        ("cut", &pcap(&[(2, b"two")])[..40]),
        ("notes", b"text"),
        ("empty", b""),
    ]);
    let read = folder.read_all(&["notes", "good", "gone", "empty", "cut"]);
    assert_eq!(read.data(), [b"one"]);
    assert!(read.notes.damaged && read.notes.unusable);
    let expected = [
        "notes: not a capture: looks like text",
        "gone: no such file",
        "empty: empty file",
        "cut: cut off in frame 1 at byte 24 (the record claims 3 bytes, 0 are there)",
    ];
    assert_eq!(read.warnings(), expected);
    let error = folder.read(&["notes", "gone"]).err();
    assert_eq!(error.as_deref(), Some("notes: not a capture: looks like text; gone: no such file"));
}

#[test]
fn standard_input_stands_alone() {
    let error = open(&[PathBuf::from("-"), PathBuf::from("a")], None).err().unwrap();
    assert_eq!(error.0, "-: standard input stands alone, without other files");
}

#[cfg(feature = "libpcap")]
#[test]
fn a_filter_marks_frames_and_they_keep_their_numbers() {
    let folder = Folder::with(&[("a", &pcap(&[(1, b"short"), (2, &[0; 100])]))]);
    let mut files = open(&folder.paths(&["a"]), Some("greater 60")).unwrap();
    let mut batch = FrameBatch::default();
    files.fill(&mut batch).unwrap();
    let seen: Vec<_> = batch.iter().map(|frame| (frame.no.get(), frame.fault)).collect();
    assert_eq!(seen, [(1, Some(Fault::Filtered)), (2, None)]);
    assert!(open(&folder.paths(&["a"]), Some("greater than 60")).is_err());
}

#[cfg(not(feature = "libpcap"))]
#[test]
fn a_build_without_libpcap_names_what_it_lacks() {
    let error = open(&[PathBuf::from("a")], Some("tcp")).err().unwrap();
    assert_eq!(error.0, "this build lacks libpcap: -f needs it (build with --features libpcap)");
}

#[test]
fn mutated_files_end_and_never_panic() {
    let mut bytes = pcap(&(0..40).map(|i| (i, &b"some octets of a frame"[..])).collect::<Vec<_>>());
    let mut state = 1_u64;
    let mut random = |below: usize| {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (state >> 33) as usize % below
    };
    for _ in 0..500 {
        let at = random(bytes.len());
        bytes[at] = random(256) as u8;
        let folder = Folder::with(&[("a", &bytes), ("a.gz", &gzip(&bytes))]);
        let read = |name| folder.read(&[name]).map(|read| read.frames).ok();
        assert_eq!(read("a"), read("a.gz"));
        // So that the file stays a capture mostly: its header heals.
        bytes.splice(..24, pcap(&[]));
    }
}

#[test]
fn each_file_has_interfaces_of_its_own() {
    let (first, second) = (pcap(&[(1, b"one")]), pcap(&[(2, b"two"), (3, b"three")]));
    let folder = Folder::with(&[("a.pcap", &first), ("b.pcap", &second)]);
    let mut files = open(&folder.paths(&["a.pcap", "b.pcap"]), None).unwrap();
    let (mut batch, mut numbers) = (FrameBatch::default(), Vec::new());
    while files.fill(&mut batch).unwrap() == Next::Filled {
        numbers.extend(batch.frames.iter().map(|meta| meta.interface.0));
    }
    assert_eq!(numbers, [0, 1, 1]);
    assert_eq!(files.notes().interfaces.len(), 2);
}
