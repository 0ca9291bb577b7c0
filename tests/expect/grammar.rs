//! What is in the language and what is not, and how that is said.
//!
//! After a wanted change: `KEEPSCOPE_BLESS=1 cargo test --test expect`.

use keepscope::expect::{Expectation, Flaw, MAX_LENGTH};
use std::fmt::Write;
use std::path::Path;

const GOOD: &[&str] = &[
    "port 5432 side=client idle=60s±10% interval=10s count=3",
    "host 10.0.0.7 answered>=99%",
    "all no finding severity>=warning",
    "port 443 status=off",
    "outcome=timed_out within 90s",
    "rtt p99<50ms",
    "no reset",
    "no finding id=reset-by-middlebox",
    "no finding id!=eager-probing severity>info",
    "finding",
    "any port 8000-8999 status=probing",
    "client host 10.0.0.0/8 server port 443 no probe",
    "host fd00::/64 host fd00::1 probes>0",
    "flow 4 status!=off",
    "flow 1:LQU9qZlK+B5F3KDmev6m5PMibrg= reset",
    "idle = 2 h interval<=1.5min rtt max < 250us",
    "idle=60s+-5s interval=10s+/-500ms idle≥1s interval≤30s count≠9",
    "probing idle=60s ± 10 %",
    "idle=1s port 80",
    "outcome!=ignored",
    "  no reset  ",
];

/// Each is a near miss: one thing in it is wrong.
const BAD: &[&str] = &[
    "",
    "   ",
    "all",
    "port 5432",
    "port 5432 idle",
    "port 5432 idle=",
    "port 5432 idle=60",
    "port 5432 idle=60 m",
    "port 5432 idle=sixty",
    "port 5432 idle:60s",
    "port 5432 idle==60s",
    "port 5432 idel=60s",
    "port 65536 no reset",
    "port http no reset",
    "port 80- no reset",
    "ports 80 no reset",
    "client 10.0.0.1 no reset",
    "client=10.0.0.1 no reset",
    "server idle=60s",
    "host db1 no reset",
    "host 10.0.0.1/33 no reset",
    "host 10.0.0.1/ no reset",
    "flow first no reset",
    "side=both idle=60s",
    "side client idle=60s",
    "side=client side=server idle=60s",
    "no reset all",
    "any all no reset",
    "idle<=60s±10%",
    "idle=60s±",
    "idle=60s±10",
    "idle=60s±101%",
    "idle=60s±10%%",
    "idle=99999h",
    "idle=99999999999999999999s",
    "idle=1.0000000001s",
    "idle=-1s",
    "idle=1.s",
    "interval=10s,count=3",
    "count=3.5",
    "count=three",
    "count=9999999999",
    "answered>=99",
    "answered>=101%",
    "answered 99%",
    "status=on",
    "status>off",
    "status=not_observable",
    "outcome=timeout",
    "outcome<reset",
    "outcome=answered within 1s",
    "outcome=timed_out within",
    "outcome=timed_out within 90",
    "rtt<50ms",
    "rtt p90<50ms",
    "no",
    "no resets",
    "no idle=60s",
    "no finding id=reset-by-midlebox",
    "no finding id>half-open",
    "no finding severity>=error",
    "no finding severity",
    "no reset; no probe",
    "no reset 日本",
];

#[test]
fn what_is_in_the_language_is_kept_as_it_was_written() {
    for text in GOOD {
        let expectation: Expectation = text.parse().unwrap_or_else(|flaw: Flaw| panic!("{text}: {flaw}"));
        assert_eq!(expectation.to_string(), text.trim());
        let again: Expectation = expectation.to_string().parse().unwrap();
        assert_eq!(again, expectation);
    }
}

#[test]
fn a_near_miss_is_told_with_its_column_and_what_was_expected() {
    let mut told = String::new();
    for text in BAD {
        let flaw = text.parse::<Expectation>().map(|_| ()).expect_err(text);
        let before = &text[..flaw.span.start.min(text.len())];
        assert_eq!(flaw.column, before.chars().count() + 1);
        let marked = text.get(flaw.span.clone()).unwrap_or(" ").chars().count();
        writeln!(told, "{text}\n{}{}\n{flaw}\n", " ".repeat(flaw.column - 1), "^".repeat(marked)).unwrap();
    }
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/golden/expectation-flaws.txt");
    if std::env::var_os("KEEPSCOPE_BLESS").is_some() {
        std::fs::write(&path, &told).unwrap();
    }
    let kept = std::fs::read_to_string(&path).unwrap_or_default();
    assert!(kept == told, "{} is another; see the comment of this test:\n{told}", path.display());
}

#[test]
fn an_endless_expectation_is_refused_and_no_number_overflows() {
    let long = "no reset ".repeat(MAX_LENGTH);
    assert_eq!(long.parse::<Expectation>().unwrap_err().text, "an expectation has at most 4096 bytes");
    for digits in [
        "9".repeat(4000),
        "999999999999.999999999".into(),
        "999999999999999999.999999999".into(),
        format!("0.{}", "9".repeat(3000)),
        format!("{}1", "0".repeat(3000)),
    ] {
        for text in [
            "idle=Xs",
            "idle=Xh",
            "idle=Xus",
            "idle=1h±Xh",
            "idle=1s±X%",
            "count=X",
            "answered>=X%",
            "port X no reset",
            "flow X no reset",
        ] {
            // Whatever it says, it says it.
            let _ = text.replace('X', &digits).parse::<Expectation>();
        }
    }
    assert!("idle=00000000000000000000060s".parse::<Expectation>().is_ok());
}

#[test]
fn no_beginning_and_no_byte_of_an_expectation_makes_it_panic() {
    for text in GOOD {
        for (at, _) in text.char_indices() {
            for inserted in ["", "=", "±", "\u{0}", "日", "-", "/", "9", " "] {
                let changed = format!("{}{inserted}{}", &text[..at], &text[at..]);
                if let Err(flaw) = changed.parse::<Expectation>() {
                    assert!(flaw.span.start <= changed.len() && changed.is_char_boundary(flaw.span.start));
                }
                let _ = text[..at].parse::<Expectation>();
            }
        }
    }
}

#[test]
fn all_findings_can_be_asked_for() {
    for id in keepscope::report::FINDING_IDS {
        assert!(format!("no finding id={id}").parse::<Expectation>().is_ok(), "{id}");
    }
}
