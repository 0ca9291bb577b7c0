//! The list as text and as JSON.

use super::keepalive_socket;
use keepscope::render::{schema, sockets_json, text};
use keepscope::sockets::{Defaults, Listing, Owner, Selection, Socket, State, Table, Timer, TimerKind};
use keepscope::time::{Span, Timestamp};
use unicode_width::UnicodeWidthStr;

fn listing() -> Listing {
    let at = |port: u16, timer: Option<(TimerKind, i64, u8)>| Socket {
        local: ([10, 0, 0, 1], port).into(),
        inode: u32::from(port),
        timer: timer.map(|(kind, ms, count)| Timer { kind, left: Span::from_millis(ms), count }),
        ..keepalive_socket(0, 0, 1_000)
    };
    let owner = |pid, name: &str| Owner { pid, name: name.to_owned() };
    let sockets = vec![
        Socket { owners: vec![owner(77, "post\x1b[31mgres")], ..keepalive_socket(72_300, 0, 7_127_700) },
        Socket { owners: vec![owner(12, "nginx"), owner(13, "nginx")], ..at(41_000, None) },
        at(42_000, Some((TimerKind::Retransmission, 1_200, 5))),
        at(43_000, Some((TimerKind::Persist, 106_000, 1))),
        Socket { state: State::TimeWait, inode: 0, ..at(44_000, Some((TimerKind::TimeWait, 59_000, 0))) },
        at(45_000, Some((TimerKind::Keepalive, 900, 3))),
        Socket {
            local: "[2001:db8:1234:5678:9abc:def0:1234:5678]:50000".parse().unwrap(),
            peer: "[2001:db8:1234:5678:9abc:def0:1234:1]:443".parse().unwrap(),
            is_ipv6: true,
            ..keepalive_socket(41_500, 0, 18_500)
        },
    ];
    let defaults = Defaults {
        idle: Some(Span::from_secs(7200)),
        interval: Some(Span::from_secs(75)),
        probes: Some(9),
        retries: Some(15),
        orphan_retries: None,
    };
    let mut table = Table::of(sockets, defaults);
    table.owners_hidden = true;
    Listing::new(&table, None, &Selection { all: true, ..Selection::default() }, Timestamp(0))
}

const EXPECTED: &str = include_str!("../golden/sockets.txt");

#[test]
fn the_text_is_what_it_was() {
    let mut out = Vec::new();
    text::sockets::write(&mut out, &listing(), false).unwrap();
    let text = String::from_utf8(out).unwrap();
    if std::env::var_os("KEEPSCOPE_BLESS").is_some() {
        let path = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/golden/sockets.txt");
        std::fs::write(path, &text).unwrap();
    } else {
        assert_eq!(text, EXPECTED, "{text}");
    }
    for line in text.lines() {
        assert!(line.width() <= 100 && line == line.trim_end(), "{line}");
    }
    assert!(!text.contains('\x1b'));
}

#[test]
fn colours_only_colour() {
    let (mut plain, mut coloured) = (Vec::new(), Vec::new());
    text::sockets::write(&mut plain, &listing(), false).unwrap();
    text::sockets::write(&mut coloured, &listing(), true).unwrap();
    let coloured = String::from_utf8(coloured).unwrap();
    let mut bare = String::new();
    for (place, part) in coloured.split("\x1b[").enumerate() {
        bare += if place == 0 { part } else { part.split_once('m').unwrap().1 };
    }
    assert_eq!(bare, String::from_utf8(plain).unwrap());
}

#[test]
fn the_document_fits_its_schema() {
    let mut out = Vec::new();
    sockets_json::write(&mut out, &listing()).unwrap();
    let document: serde_json::Value = serde_json::from_slice(&out).unwrap();
    let validator = jsonschema::validator_for(schema::sockets_schema().as_value()).unwrap();
    let errors: Vec<String> = validator.iter_errors(&document).map(|error| error.to_string()).collect();
    assert!(errors.is_empty(), "{errors:?}");
    assert_eq!(document["schema"], "keepscope.sockets/1");
    let first = &document["sockets"][0];
    assert_eq!((&first["keepalive"], &first["unanswered"]), (&"none".into(), &serde_json::Value::Null));
    assert_eq!(first["processes"][1]["pid"], 13);
    let troubled = &document["sockets"][1];
    assert_eq!((&troubled["unanswered"], &troubled["timer"]["left_s"]), (&3.into(), &0.9.into()));
    assert_eq!(troubled["settings"]["count"]["kind"], "at_least");
}
