use super::*;
use std::fs::{self, OpenOptions};
use std::io::Write;
use tempfile::TempDir;

/// The file header of a classic pcap file.
fn header() -> Vec<u8> {
    words(&[0xA1B2_C3D4, 4 << 16 | 2, 0, 0, 65_535, 1])
}

/// The record of a frame captured at so many seconds.
fn record(seconds: u32, data: &[u8]) -> Vec<u8> {
    [words(&[seconds, 0, data.len() as u32, data.len() as u32]), data.to_vec()].concat()
}

fn words(words: &[u32]) -> Vec<u8> {
    words.iter().flat_map(|word| word.to_le_bytes()).collect()
}

fn pcap(frames: &[(u32, &str)]) -> Vec<u8> {
    let records = frames.iter().map(|(seconds, data)| record(*seconds, data.as_bytes()));
    records.fold(header(), |file, record| [file, record].concat())
}

fn gzip(data: &[u8]) -> Vec<u8> {
    let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    encoder.write_all(data).unwrap();
    encoder.finish().unwrap()
}

/// A directory that is followed, and the frames it brought so far.
struct Followed {
    folder: TempDir,
    source: Option<Follow>,
    stop: Stop,
    batch: FrameBatch,
    frames: Vec<String>,
    quiet: Vec<Timestamp>,
}

impl Followed {
    fn with(files: &[(&str, &[u8])]) -> Self {
        let followed = Self {
            folder: tempfile::tempdir().unwrap(),
            source: None,
            stop: Stop::default(),
            batch: FrameBatch::default(),
            frames: Vec::new(),
            quiet: Vec::new(),
        };
        files.iter().for_each(|(name, bytes)| followed.put(name, bytes));
        followed
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// Writes a file anew, in place.
    fn put(&self, name: &str, bytes: &[u8]) {
        fs::write(self.path(name), bytes).unwrap();
    }

    /// Appends to a file.
    fn add(&self, name: &str, bytes: &[u8]) {
        OpenOptions::new().append(true).open(self.path(name)).unwrap().write_all(bytes).unwrap();
    }

    fn fill(&mut self) -> Next {
        let source =
            self.source.get_or_insert_with(|| open(self.folder.path(), None, self.stop.clone()).unwrap());
        let next = source.fill(&mut self.batch).unwrap();
        match next {
            Next::Filled => {
                for frame in self.batch.iter() {
                    assert_eq!(frame.no.get(), self.frames.len() as u64 + 1);
                    assert_eq!(frame.fault, None);
                    self.frames.push(String::from_utf8_lossy(frame.data).into_owned());
                }
            }
            Next::Quiet(time) => self.quiet.push(time),
            Next::End => {}
        }
        next
    }

    /// Goes on until there are these frames, and then for so many rounds of silence in which none may come.
    #[track_caller]
    fn check(&mut self, expected: &str, silence: usize) {
        let expected: Vec<&str> = expected.split_whitespace().collect();
        for _ in 0..100 + expected.len() {
            if self.frames.len() >= expected.len() {
                break;
            }
            self.fill();
        }
        let until = self.quiet.len() + silence;
        while self.quiet.len() < until && self.frames.len() == expected.len() {
            self.fill();
        }
        assert_eq!(self.frames, expected, "{:?}", self.warnings());
    }

    fn warnings(&self) -> Vec<String> {
        let notes = self.source.as_ref().unwrap().notes();
        let clean = |line: &String| line.replace(&format!("{}/", self.folder.path().display()), "");
        notes.warnings.iter().map(clean).collect()
    }

    fn sources(&self) -> Vec<(String, u64)> {
        let notes = self.source.as_ref().unwrap().notes();
        let name =
            |piece: &SourcePiece| Path::new(&piece.name).file_name().unwrap().to_string_lossy().into_owned();
        notes.sources.iter().map(|piece| (name(piece), piece.frames_before)).collect()
    }
}

#[test]
fn what_is_there_is_read_in_the_order_of_its_frames_and_the_newest_as_it_grows() {
    let mut followed = Followed::with(&[
        ("b", &pcap(&[(1, "one"), (2, "two")])),
        ("a", &pcap(&[(3, "three")])),
        ("empty", b""),
        ("header-only", &header()),
    ]);
    followed.check("one two three", 1);
    followed.add("a", &record(4, b"four"));
    followed.check("one two three four", 1);
    // A record that comes in two steps, cut in its header and in its data.
    let next = record(5, b"five");
    for (from, to) in [(0, 7), (7, 18)] {
        followed.add("a", &next[from..to]);
        followed.check("one two three four", 2);
    }
    followed.add("a", &next[18..]);
    followed.check("one two three four five", 1);
    assert_eq!(followed.warnings(), Vec::<String>::new());
    assert_eq!(followed.sources(), [("b".to_owned(), 0), ("a".to_owned(), 2)]);
    followed.stop.set();
    assert_eq!(followed.fill(), Next::End);
    assert!(!followed.source.unwrap().notes().damaged);
}

#[test]
fn the_next_file_is_read_when_it_appears_and_then_the_last_one_is_complete() {
    let mut followed = Followed::with(&[("a", &pcap(&[(1, "one")]))]);
    followed.check("one", 1);
    // The next file is there, but its first frame is still in the writer's memory; this one grows on.
    followed.put("b", b"");
    followed.check("one", 6);
    followed.add("a", &record(2, b"two"));
    followed.check("one two", 1);
    followed.add("a", &record(3, b"cut")[..17]);
    followed.put("b", &pcap(&[(4, "four")]));
    followed.check("one two four", 1);
    let expected = "a: cut off in frame 3 at byte 62 (the record claims 3 bytes, 1 are there)";
    assert_eq!(followed.warnings(), [expected]);
    assert!(followed.source.as_ref().unwrap().notes().damaged);
    assert_eq!(followed.sources(), [("a".to_owned(), 0), ("b".to_owned(), 2)]);
}

#[test]
fn a_ring_goes_round() {
    let mut followed =
        Followed::with(&[("0", &pcap(&[(1, "one")])), ("1", &pcap(&[(2, "two"), (3, "three")]))]);
    followed.check("one two three", 1);
    // Emptied and begun anew, as long as before.
    followed.put("0", &pcap(&[(4, "fou")]));
    followed.check("one two three fou", 1);
    // Replaced by another file.
    followed.put("other.tmp", b"");
    followed.put("other.tmp", &pcap(&[(5, "five"), (6, "six")]));
    fs::rename(followed.path("other.tmp"), followed.path("1")).unwrap();
    followed.check("one two three fou five six", 6);
    assert_eq!(followed.warnings(), Vec::<String>::new());
}

#[test]
fn a_single_file_that_is_begun_anew_is_read_anew() {
    let mut followed = Followed::with(&[("a", &pcap(&[(1, "one"), (2, "two")]))]);
    followed.check("one two", 1);
    // Longer than before, so that nothing but its content tells.
    followed.put("a", &pcap(&[(3, "three"), (4, "four"), (5, "five")]));
    followed.check("one two three four five", 6);
    // Another file of that name, after what the old one had left.
    followed.add("a", &record(6, b"six"));
    fs::rename(followed.path("a"), followed.path("b")).unwrap();
    followed.put("a", &pcap(&[(7, "seven")]));
    followed.check("one two three four five six seven", 6);
    assert_eq!(followed.warnings(), Vec::<String>::new());
}

#[test]
fn what_is_no_capture_is_left_out_and_said_once() {
    let mut followed = Followed::with(&[("notes", b"taken in a hurry"), ("a", &pcap(&[(1, "one")]))]);
    fs::create_dir(followed.path("folder")).unwrap();
    followed.check("one", 6);
    followed.add("notes", b", and some more");
    followed.put("tcpdump.pid", b"4711\n, and what not, to be long enough");
    followed.check("one", 8);
    let expected = ["notes: not a capture: looks like text", "tcpdump.pid: not a capture: looks like text"];
    assert_eq!(followed.warnings(), expected);
    assert!(!followed.source.as_ref().unwrap().notes().unusable);
}

#[test]
fn compressed_copies_are_not_read_twice_but_what_is_there_only_compressed_is() {
    let old = gzip(&pcap(&[(1, "one")]));
    let mut followed = Followed::with(&[
        ("0.gz", &old),
        ("1", &pcap(&[(2, "two")])),
        ("1.gz", &gzip(&pcap(&[(2, "two")]))),
        ("2", &pcap(&[(3, "three")])),
    ]);
    // Nobody has written to it for an hour.
    let long_ago =
        fs::metadata(followed.path("0.gz")).unwrap().modified().unwrap() - Duration::from_secs(3_600);
    OpenOptions::new().append(true).open(followed.path("0.gz")).unwrap().set_modified(long_ago).unwrap();
    followed.check("one two three", 1);
    fs::remove_file(followed.path("1")).unwrap();
    followed.put("3", &pcap(&[(4, "four")]));
    followed.check("one two three four", 1);
    followed.put("2.gz", &gzip(&pcap(&[(3, "three")])));
    fs::remove_file(followed.path("2")).unwrap();
    followed.check("one two three four", 15);
    assert_eq!(followed.warnings(), Vec::<String>::new());
}

#[test]
fn two_captures_in_one_directory_are_told() {
    let mut followed =
        Followed::with(&[("a", &pcap(&[(1, "one"), (100, "two")])), ("b", &pcap(&[(50, "other")]))]);
    followed.check("one two", 3);
    let expected =
        "b: begins before the end of the file before it (two captures in one directory?): left out";
    assert_eq!(followed.warnings(), [expected]);
}

#[test]
fn a_clock_that_was_set_back_loses_no_file() {
    let mut followed = Followed::with(&[("a", &pcap(&[(10_000, "one")]))]);
    followed.check("one", 1);
    followed.put("b", &pcap(&[(6_400, "two")]));
    followed.check("one two", 1);
    assert_eq!(
        followed.warnings(),
        ["b: begins before the end of the file before it (was the clock set back?)"]
    );
}

#[test]
fn silence_goes_on_in_the_time_of_the_capture_and_stops_where_frames_are_held_back() {
    const LAST: Timestamp = Timestamp(1_000 * 1_000_000_000);
    let mut followed = Followed::with(&[]);
    followed.check("", 1);
    assert_eq!(followed.quiet, [Timestamp(i64::MIN)]);
    followed.put("a", &pcap(&[(1_000, "one")]));
    followed.check("one", 12);
    // More than two seconds of silence, less the margin.
    let times = &followed.quiet[followed.quiet.len() - 12..];
    assert_eq!(times[0], LAST);
    assert!(times.is_sorted() && times[11] > LAST && times[11] < LAST + Span::from_secs(600), "{times:?}");
    // The next file is empty: its writer holds back what is in it. With a header it holds nothing back.
    for (next, is_held) in [(&b""[..], true), (&header(), false)] {
        followed.put("b", next);
        followed.check("one", 14);
        let times = &followed.quiet[followed.quiet.len() - 4..];
        assert_eq!(times[0] == times[3], is_held, "{times:?}");
    }
    // The writer holds the rest of a record back: time has not come further than what it shows.
    followed.add("a", &record(2_000, b"two")[..5]);
    followed.check("one", 4);
    let times = &followed.quiet[followed.quiet.len() - 3..];
    assert!(times.iter().all(|time| *time == times[0]), "{times:?}");
}

#[test]
fn only_the_newest_names_are_kept() {
    let mut followed = Followed::with(&[]);
    for i in 0..1_100_u32 {
        followed.put(&format!("{i:04}"), &pcap(&[(i, "x")]));
    }
    followed.check(&"x ".repeat(1_100), 1);
    let sources = followed.sources();
    assert_eq!(
        (sources.len(), &sources[0], &sources[999]),
        (1_000, &("0100".into(), 100), &("1099".into(), 1_099))
    );
}

#[test]
fn a_directory_that_is_none_or_goes_away_is_said() {
    let mut followed = Followed::with(&[("a", &pcap(&[(1, "one")]))]);
    let error = |name| open(&followed.path(name), None, Stop::default()).err().unwrap().0;
    assert!(error("gone").ends_with("/gone: no such directory"));
    assert!(error("a").ends_with("/a: is not a directory"));
    followed.check("one", 1);
    fs::remove_dir_all(followed.folder.path()).unwrap();
    while followed.fill() != Next::End {}
    let lost = followed.source.unwrap().notes().lost.clone();
    assert!(lost.is_some_and(|line| line.ends_with(": no such directory")));
}

#[cfg(feature = "libpcap")]
#[test]
fn a_filter_marks_frames_and_they_keep_their_numbers() {
    let followed = Followed::with(&[("a", &pcap(&[(1, "short"), (2, &"long".repeat(20))]))]);
    let mut source = open(followed.folder.path(), Some("greater 60"), Stop::default()).unwrap();
    let mut batch = FrameBatch::default();
    assert_eq!(source.fill(&mut batch), Ok(Next::Filled));
    let seen: Vec<_> = batch.iter().map(|frame| (frame.no.get(), frame.fault)).collect();
    assert_eq!(seen, [(1, Some(crate::frame::Fault::Filtered)), (2, None)]);
}
