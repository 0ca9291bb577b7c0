//! The walls of the house: the table of rooms in the crate documentation, held against the code.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

/// | room | may name |
///
/// In the order of the crate documentation. A room may always name itself. `report` holds the words that a finding is told in, so rooms to
/// its left may use them; it names no function of theirs.
const ROOMS: &[(&str, &[&str])] = &[
    ("time", &[]),
    ("seq", &[]),
    ("frame", &["time"]),
    ("source", &["time", "frame"]),
    ("decode", &["time", "seq", "frame"]),
    ("anonymize", &["seq", "frame", "source", "decode"]),
    ("flow", &["time", "seq", "frame", "decode", "report"]),
    ("classify", &["time", "seq", "decode", "flow"]),
    ("notes", &["time", "seq", "frame", "decode", "flow", "classify", "measure", "report"]),
    ("run", &["time", "seq", "frame", "decode", "flow", "classify", "measure", "report"]),
    ("explain", &["time", "seq", "frame", "decode", "flow", "classify", "run"]),
    ("measure", &["time"]),
    ("infer", &["time", "frame", "flow", "notes", "measure", "run", "report"]),
    ("diagnose", &["time", "frame", "decode", "flow", "notes", "run", "measure", "infer", "report"]),
    ("report", &["time", "frame", "source", "decode", "flow", "notes", "run", "measure"]),
    ("diff", &["decode", "flow", "time", "report"]),
    ("expect", &["time", "frame", "decode", "flow", "run", "explain", "measure", "report"]),
    (
        "analyzer",
        &[
            "time",
            "seq",
            "frame",
            "source",
            "decode",
            "anonymize",
            "flow",
            "classify",
            "notes",
            "run",
            "explain",
            "infer",
            "diagnose",
            "report",
        ],
    ),
    ("sockets", &["time", "frame", "decode", "flow", "run", "infer", "report"]),
    (
        "render",
        &[
            "time", "seq", "frame", "source", "decode", "flow", "classify", "run", "explain", "measure",
            "infer", "diff", "report", "expect", "analyzer", "sockets",
        ],
    ),
    ("save", &["time", "frame"]),
    ("evidence", &["frame", "source", "decode", "anonymize", "explain", "run", "report", "render"]),
    (
        "app",
        &[
            "time",
            "frame",
            "source",
            "decode",
            "anonymize",
            "flow",
            "run",
            "measure",
            "explain",
            "infer",
            "diff",
            "report",
            "expect",
            "analyzer",
            "render",
            "sockets",
            "save",
            "evidence",
        ],
    ),
];

/// Of `source`, only `app` may name what reads; others know its notes.
const READERS: &[&str] = &[
    "source::background",
    "source::file",
    "source::filter",
    "source::trace",
    "source::live",
    "source::follow",
];

/// Rooms that do no I/O, read no clock, start no thread and print nothing: what they are given is all they know.
const PURE: &[&str] = &[
    "time",
    "seq",
    "frame",
    "decode",
    "anonymize",
    "flow",
    "classify",
    "notes",
    "run",
    "explain",
    "measure",
    "infer",
    "diagnose",
    "diff",
    "report",
    "expect",
    "analyzer",
];

/// What a pure room never names. Addresses (`std::net::IpAddr`) are values, sockets are not.
const IMPURE_PATHS: &[&str] =
    &["std::fs", "std::io", "std::env", "std::process", "std::thread", "std::time", "std::sync"];
const IMPURE_WORDS: &[&str] = &[
    "TcpStream",
    "TcpListener",
    "UdpSocket",
    "ToSocketAddrs",
    "Instant",
    "SystemTime",
    "println!",
    "eprintln!",
    "print!",
    "eprint!",
    "dbg!",
];

/// The only file that may say `unsafe`.
const UNSAFE_FILE: &str = "flow/prefetch.rs";

/// Rooms that may know of serialisation.
const SERIALISING: &[&str] = &["render", "app"];
const SERIALISING_WORDS: &[&str] =
    &["serde", "serde_json", "schemars", "Serialize", "Deserialize", "JsonSchema"];

/// A longer file holds more than one thing.
const MAX_LINES: usize = 600;

#[test]
fn rooms_name_only_what_they_may() {
    let mut wrong = Vec::new();
    for file in sources() {
        let Some(room) = file.room() else { continue };
        let (_, may_name) = ROOMS.iter().find(|(name, _)| *name == room).unwrap_or_else(|| {
            panic!("{} belongs to no room of the table", file.path);
        });
        for path in file.rooms_named() {
            let named = path.split("::").next().unwrap_or_default();
            let is_reader = READERS.iter().any(|reader| path.starts_with(reader));
            if named == room {
                continue;
            }
            if !may_name.contains(&named) || is_reader && room != "app" {
                wrong.push(format!("{}: `{room}` must not name `{path}`", file.path));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn the_binary_is_thin() {
    let main = sources().into_iter().find(|file| file.path == "main.rs").expect("src/main.rs");
    for path in paths_after("keepscope", &main.code) {
        assert!(path.starts_with("app"), "src/main.rs must not name `keepscope::{path}`");
    }
}

#[test]
fn the_core_does_no_io_and_reads_no_clock() {
    let mut wrong = Vec::new();
    for file in sources().iter().filter(|file| file.room().is_some_and(|room| PURE.contains(&room))) {
        let paths: Vec<String> = paths_after("std", &file.code).map(|path| format!("std::{path}")).collect();
        let mut found: Vec<&str> = IMPURE_PATHS
            .iter()
            .copied()
            .filter(|impure| paths.iter().any(|p| p == impure || p.starts_with(&format!("{impure}::"))))
            .collect();
        found.extend(IMPURE_WORDS.iter().copied().filter(|word| says(&file.code, word)));
        wrong.extend(found.iter().map(|what| format!("{}: must not name `{what}`", file.path)));
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn unsafe_is_said_in_one_file_only() {
    for file in sources().iter().filter(|file| file.path != UNSAFE_FILE) {
        assert!(!says(&file.all_code, "unsafe"), "{} says `unsafe`: only {UNSAFE_FILE} may", file.path);
    }
}

#[test]
fn domain_types_are_not_serialised() {
    for file in sources().iter().filter(|file| !file.room().is_some_and(|room| SERIALISING.contains(&room))) {
        for word in SERIALISING_WORDS {
            assert!(!says(&file.all_code, word), "{} says `{word}`: only {SERIALISING:?} may", file.path);
        }
    }
}

#[test]
fn no_file_is_long() {
    for file in sources() {
        assert!(file.lines <= MAX_LINES, "{} has {} lines: more than {MAX_LINES}", file.path, file.lines);
    }
}

/// The table of the documentation names every room in the order of this one, and forbids nothing that this one allows.
#[test]
fn the_documentation_has_the_same_table() {
    let text = fs::read_to_string(root().join("lib.rs")).expect("src/lib.rs");
    let documented: Vec<(Vec<&str>, &str)> = text
        .lines()
        .filter_map(|line| line.strip_prefix("//! | "))
        .map(|row| row.split(" | ").collect::<Vec<_>>())
        .filter_map(|cells| match cells[..] {
            [rooms, _, never] if rooms.contains('`') => Some((quoted(rooms), never)),
            _ => None,
        })
        .collect();
    let order: Vec<&str> = documented.iter().flat_map(|(rooms, _)| rooms.iter().copied()).collect();
    assert_eq!(order, ROOMS.iter().map(|(room, _)| *room).collect::<Vec<_>>(), "the rooms of src/lib.rs");
    for (rooms, never) in &documented {
        for forbidden in quoted(never) {
            let at = order.iter().position(|room| *room == forbidden).expect("a forbidden room is a room");
            let until = if never.contains("and after") { order.len() } else { at + 1 };
            // Readers are forbidden by a table of their own.
            let is_whole = !never.contains(&format!("[`{forbidden}`]'s readers"));
            for (room, may_name) in ROOMS.iter().filter(|(room, _)| rooms.contains(room) && is_whole) {
                for name in order.get(at..until).unwrap_or_default() {
                    assert!(!may_name.contains(name), "the documentation forbids `{room}` to name `{name}`");
                }
            }
        }
    }
    let modules = text.lines().filter_map(|line| line.strip_prefix("pub mod ")?.strip_suffix(';'));
    for module in modules {
        assert!(order.contains(&module), "module `{module}` is no room of the documentation");
    }
}

#[test]
fn paths_are_found_in_every_way_of_writing_them() {
    let code = "use crate::frame::{Fault, FrameNo}; use crate::{time::Span, seq}; fn f(x: crate::run::Event) { my_crate::no(); }";
    let found: Vec<String> = paths_after("crate", code).collect();
    assert_eq!(found, ["frame::Fault", "frame::FrameNo", "time::Span", "seq", "run::Event"]);
    assert!(says("x unsafe{", "unsafe") && !says("unsafe_code", "unsafe") && says("a;println!(", "println!"));
    assert!(!says("eprintln!(", "println!"));
}

/// A source file without comments.
struct Source {
    /// Relative to `src/`.
    path: String,
    /// Without tests.
    code: String,
    /// With tests.
    all_code: String,
    lines: usize,
}

impl Source {
    fn read(path: &Path) -> Self {
        let text = fs::read_to_string(path).expect("a readable source file");
        let without_comments = |line: &str| line.split("//").next().unwrap_or_default().to_owned() + "\n";
        let all_code: String = text.lines().map(without_comments).collect();
        let name = path.strip_prefix(root()).expect("a file below src").to_string_lossy().replace('\\', "/");
        let is_test = name.ends_with("tests.rs") || name.ends_with("testing.rs");
        // Tests stand at the end of their file.
        let tests_at = all_code.find("#[cfg(test)]\nmod tests {").unwrap_or(all_code.len());
        let code = if is_test { String::new() } else { all_code[..tests_at].to_owned() };
        Self { path: name, code, all_code, lines: text.lines().count() }
    }

    /// The room it belongs to; `None` for the crate's root files.
    fn room(&self) -> Option<&str> {
        let first = self.path.split('/').next()?.trim_end_matches(".rs");
        (!matches!(first, "lib" | "main")).then_some(first)
    }

    /// How many modules deep it lies: `super` that often is the crate.
    fn depth(&self) -> usize {
        let parts = self.path.split('/').count();
        if self.path.ends_with("/mod.rs") { parts - 1 } else { parts }
    }

    /// All paths from the crate's root that begin with a room.
    fn rooms_named(&self) -> BTreeSet<String> {
        let up = vec!["super"; self.depth()].join("::");
        paths_after("crate", &self.code)
            .chain(paths_after(&up, &self.code))
            .filter(|path| ROOMS.iter().any(|(room, _)| path.split("::").next() == Some(room)))
            .collect()
    }
}

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("src")
}

/// All files below `src/`, in the order of their names.
fn sources() -> Vec<Source> {
    let mut directories = vec![root()];
    let mut files = Vec::new();
    while let Some(directory) = directories.pop() {
        for entry in fs::read_dir(&directory).expect("a readable directory") {
            let path = entry.expect("a readable entry").path();
            if path.is_dir() {
                directories.push(path);
            } else if path.extension().is_some_and(|extension| extension == "rs") {
                files.push(Source::read(&path));
            }
        }
    }
    files.sort_by(|a, b| a.path.cmp(&b.path));
    files
}

/// What stands between backticks.
fn quoted(cell: &str) -> Vec<&str> {
    cell.split('`').skip(1).step_by(2).collect()
}

const fn is_word(c: char) -> bool {
    c.is_ascii_alphanumeric() || c == '_'
}

/// Whether `word` stands in `code` as a word of its own.
fn says(code: &str, word: &str) -> bool {
    code.match_indices(word).any(|(at, _)| {
        let before = code[..at].chars().next_back();
        let after = code[at + word.len()..].chars().next();
        !before.is_some_and(is_word) && (word.ends_with('!') || !after.is_some_and(is_word))
    })
}

/// Every path that follows `start::`, groups in braces taken apart.
fn paths_after(start: &str, code: &str) -> impl Iterator<Item = String> {
    let start = format!("{start}::");
    let mut found = Vec::new();
    for (at, _) in code.match_indices(&start) {
        let is_path = |c: char| is_word(c) || c == ':';
        if !code[..at].chars().next_back().is_some_and(is_path) {
            let mut rest = code[at + start.len()..].chars().peekable();
            expand(String::new(), &mut rest, &mut found);
        }
    }
    found.into_iter()
}

/// Reads `a::b` or `a::{b, c::d}` and notes each path in full.
fn expand(mut path: String, rest: &mut std::iter::Peekable<std::str::Chars<'_>>, found: &mut Vec<String>) {
    while let Some(c) = rest.next_if(|c| is_word(*c) || *c == ':') {
        path.push(c);
    }
    if rest.next_if_eq(&'{').is_none() {
        found.push(path.trim_end_matches("::").to_owned());
        return;
    }
    loop {
        while rest.next_if(|c| c.is_whitespace() || *c == ',').is_some() {}
        match rest.peek() {
            Some(c) if is_word(*c) => expand(path.clone(), rest, found),
            Some('}') => {
                rest.next();
                return;
            }
            // `*`, or the `as` of a rename: nothing that begins a path.
            Some(_) => {
                rest.next();
            }
            None => return,
        }
    }
}
