use super::*;
use crate::infer::fingerprint::STACKS;
use crate::infer::profiles::Prober;
use crate::infer::source::{Grade, Source};
use std::collections::BTreeSet;

/// A setting measured as so many milliseconds, by a timer of Linux.
fn about(ms: i64) -> Option<SettingRange> {
    let high = Span::from_millis(ms);
    Some(SettingRange { low: high.scale(63, 71), high, nearest: None, samples: 3 })
}

fn names(seen: &Seen<'_>) -> Vec<String> {
    Catalogue::default().fitting(seen).into_iter().map(|profile| profile.name.to_string()).collect()
}

const UNIX: &[&str] = &["linux", "freebsd", "gvisor"];

#[track_caller]
fn has(names: &[String], wanted: &[&str], unwanted: &[&str]) {
    for name in wanted {
        assert!(names.iter().any(|n| n == name), "{name} fits, but was not found in {names:?}");
    }
    for name in unwanted {
        assert!(!names.iter().any(|n| n == name), "{name} does not fit, but was found in {names:?}");
    }
}

#[test]
fn an_idle_time_alone_names_all_that_share_it() {
    let client =
        |ms| names(&Seen { idle: about(ms), stacks: UNIX, side: Some(Side::Client), ..Seen::default() });
    has(&client(15_104), &["Go net", "reqwest", "redis-cli"], &["curl, libcurl", "Chrome, Chromium"]);
    let go = "Go, KeepAlive 30 s (net/http, etcd, client-go)";
    has(&client(30_720), &[go, "Microsoft.Data.SqlClient (managed)", "Redis cluster bus"], &["Go net"]);
    let sixty = ["curl, libcurl", "Node.js fetch (undici)", "Linux NFS client", "Google Cloud advice"];
    has(&client(61_440), &sixty, &[go, "Chrome, Chromium"]);
    has(&client(45_056), &["Chrome, Chromium"], &["curl, libcurl", "Go net"]);
    has(&client(1_024), &["Node.js http.Agent with keepAlive"], &["libuv, Node.js setKeepAlive"]);
    let server =
        names(&Seen { idle: about(311_300), stacks: UNIX, side: Some(Side::Server), ..Seen::default() });
    has(&server, &["Redis, Valkey server", "MongoDB server"], &["redis-cli", "AWS NLB TLS listener"]);
}

#[test]
fn what_else_was_observed_decides() {
    let seen = Seen { idle: about(15_104), stacks: UNIX, ..Seen::default() };
    let found = names(&Seen { interval: about(15_104), count: Some(Count::ExactOrUserTimeout(3)), ..seen });
    assert_eq!(found, ["reqwest"]);
    let found = names(&Seen { interval: about(5_120), ..seen });
    assert_eq!(found, ["redis-cli"]);
    // Go's nine are not excluded by four that were outlived, reqwest's three are.
    let found = names(&Seen { interval: about(15_104), count: Some(Count::AtLeast(4)), ..seen });
    has(&found, &["Go net"], &["reqwest", "redis-cli"]);
    // What nobody has as default.
    assert_eq!(names(&Seen { interval: about(7_000), ..seen }), [""; 0]);
}

#[test]
fn timers_are_late_and_never_early() {
    let found = |low, high| {
        let (low, high) = (Span::from_millis(low), Span::from_millis(high));
        names(&Seen { idle: Some(SettingRange { low, high, nearest: None, samples: 1 }), ..Seen::default() })
    };
    has(&found(13_300, 15_000), &["Go net"], &[]);
    has(&found(13_300, 14_999), &[], &["Go net"]);
    has(&found(15_001, 16_900), &[], &["Go net"]);
}

#[test]
fn one_second_and_ten_probes_are_windows_or_libuv_by_their_stack() {
    let seen = Seen {
        idle: about(40_960),
        interval: about(1_024),
        count: Some(Count::ExactOrUserTimeout(10)),
        ..Seen::default()
    };
    let (windows, libuv) = ("any program on Windows with its own idle", "libuv, Node.js setKeepAlive");
    assert_eq!(names(&Seen { stacks: &["windows", "illumos"], ..seen })[0], windows);
    assert_eq!(names(&Seen { stacks: &["windows"], ..seen }), [windows]);
    assert_eq!(names(&Seen { stacks: UNIX, ..seen }), [libuv]);
    // Nine are neither's, and without the count nothing is to go by.
    assert_eq!(names(&Seen { count: Some(Count::ExactOrUserTimeout(9)), ..seen }), [""; 0]);
    assert_eq!(names(&Seen { count: None, stacks: UNIX, ..seen }), [""; 0]);
}

#[test]
fn the_default_of_the_system_is_that_of_a_stack_that_fits() {
    let seen = Seen { idle: about(7_208_960), interval: about(75_776), ..Seen::default() };
    let linux = names(&Seen {
        stacks: &["linux"],
        count: Some(Count::ExactOrUserTimeout(9)),
        side: Some(Side::Client),
        ..seen
    });
    assert_eq!(linux[0], "Linux default", "what a system does comes before who leaves it so");
    has(
        &linux,
        &["OpenSSH (TCPKeepAlive yes)", "PostgreSQL server and libpq"],
        &["FreeBSD default (every connection)"],
    );
    let eight = Some(Count::ExactOrUserTimeout(8));
    has(&names(&Seen { stacks: &["linux"], count: eight, ..seen }), &[], &["Linux default", "PgBouncer"]);
    let either = names(&Seen { stacks: UNIX, count: eight, ..seen });
    has(&either, &["FreeBSD default (every connection)", "PgBouncer"], &["Linux default"]);
    // A system's settings go together: no stack has 7200, 1 and 9.
    let mixed = Seen {
        spacing: Some(Spacing::Constant),
        interval: about(1_008),
        count: Some(Count::Exact(9)),
        ..seen
    };
    assert_eq!(names(&mixed), [""; 0]);
    has(&names(&Seen { count: Some(Count::Exact(10)), ..mixed }), &["Windows default"], &[]);
}

#[test]
fn spacings_that_double_are_no_interval() {
    let seen = Seen { idle: about(7_200_100), interval: about(500), stacks: &["illumos"], ..Seen::default() };
    let doubling = names(&Seen { spacing: Some(Spacing::Doubling), ..seen });
    has(&doubling, &["Solaris and illumos default"], &["Linux default", "Arch Linux (filesystem package)"]);
    assert_eq!(names(&Seen { spacing: Some(Spacing::Constant), ..seen }), [""; 0]);
}

#[test]
fn a_user_timeout_ends_the_probing_of_an_nfs_client() {
    let seen = Seen { idle: about(61_440), interval: about(61_440), stacks: &["linux"], ..Seen::default() };
    for (count, fits) in [(1, false), (2, true), (3, true), (4, false)] {
        let found = names(&Seen { count: Some(Count::ExactOrUserTimeout(count)), ..seen });
        assert_eq!(found.iter().any(|name| name == "Linux NFS client"), fits, "{count}: {found:?}");
    }
}

#[test]
fn minutes_fit_any_minute_but_come_after_what_is_exact() {
    let oracle = "Oracle Net dead connection detection";
    let server = Seen { side: Some(Side::Server), stacks: &["linux"], ..Seen::default() };
    let found = names(&Seen { idle: about(311_300), ..server });
    assert!(
        found.iter().position(|n| n == oracle) > found.iter().position(|n| n == "MongoDB server"),
        "{found:?}"
    );
    has(&names(&Seen { idle: about(606_210), interval: about(6_144), ..server }), &[oracle], &[]);
    has(&names(&Seen { idle: about(59_000), ..server }), &[], &[oracle]);
    has(&names(&Seen { idle: about(606_210), side: Some(Side::Client), ..server }), &[], &[oracle]);
}

#[test]
fn nothing_observed_names_nothing() {
    assert_eq!(names(&Seen::default()), [""; 0]);
    assert_eq!(names(&Seen { count: Some(Count::Exact(9)), ..Seen::default() }), [""; 0]);
}

#[test]
fn what_the_user_gave_stands_first_among_equals() {
    let source = Source { grade: Grade::Given, text: "us".into() };
    let ours = Profile {
        name: "ours".into(),
        idle: Value::Fixed(60),
        interval: Value::Fixed(60),
        count: Value::Unknown,
        user_timeout: None,
        side: Prober::Client,
        stacks: &[],
        source,
    };
    let catalogue = Catalogue::with(vec![ours], Vec::new());
    let seen = Seen { idle: about(61_440), interval: about(61_440), stacks: UNIX, ..Seen::default() };
    assert_eq!(catalogue.fitting(&seen)[0].name, "ours");
    let count = Some(Count::ExactOrUserTimeout(9));
    let names: Vec<&str> =
        catalogue.fitting(&Seen { count, ..seen }).iter().map(|profile| &*profile.name).collect();
    assert_eq!(names, ["curl, libcurl", "ours"], "three settings that agree are more than two");
}

#[test]
fn plausible_values_are_those_of_profiles() {
    let secs = Span::from_secs;
    let catalogue = Catalogue::default();
    let plausible = catalogue.plausible();
    assert!([1, 15, 45, 60, 300, 7200].iter().all(|s| plausible.idle.contains(&secs(*s))));
    assert!(!plausible.idle.contains(&secs(5)) && plausible.interval.contains(&secs(5)));
    assert!(plausible.idle.is_sorted() && plausible.interval.is_sorted());
    let mut ours = catalogue.profiles().next().unwrap().clone();
    ours.idle = Value::Fixed(77);
    assert!(Catalogue::with(vec![ours], Vec::new()).plausible().idle.contains(&secs(77)));
}

#[test]
fn a_margin_below_the_lateness_of_timers_is_tight() {
    let catalogue = Catalogue::default();
    let margin = |id: &str, idle| {
        catalogue.middleboxes().find(|middlebox| middlebox.id == id).unwrap().margin(Span::from_secs(idle))
    };
    assert_eq!(margin("aws-nlb", 300), Margin::Safe);
    assert_eq!(margin("aws-nlb", 310), Margin::Safe);
    assert_eq!(margin("aws-nlb", 311), Margin::Tight);
    assert_eq!(margin("aws-nlb", 349), Margin::Tight);
    assert_eq!(margin("aws-nlb", 350), Margin::WillDrop);
    assert_eq!(margin("linux-conntrack", 7200), Margin::Safe);
    assert_eq!(margin("home-gateways", 200), Margin::Safe);
    assert_eq!(margin("home-gateways", 7200), Margin::Depends);
    assert_eq!(margin("cellular-carriers", 1800), Margin::WillDrop);
    assert_eq!(margin("rfc5382", 7200), Margin::Depends, "an eighth late is too late");
    let ids = |idle| -> Vec<String> {
        catalogue
            .middleboxes_with(Margin::WillDrop, Span::from_secs(idle))
            .map(|middlebox| middlebox.id.to_string())
            .collect()
    };
    assert_eq!(ids(60), ["aws-alb"]);
    assert!(ids(7200).contains(&"azure-lb".into()) && !ids(7200).contains(&"linux-conntrack".into()));
}

#[test]
fn a_bracket_names_the_boxes_whose_default_it_holds() {
    let catalogue = Catalogue::default();
    let ids = |low, high| -> Vec<String> {
        let (low, high) = (Span::from_millis(low), Span::from_millis(high));
        catalogue.middleboxes_matching(low, high).map(|middlebox| middlebox.id.to_string()).collect()
    };
    let found = ids(300_100, 351_200);
    has(
        &found,
        &["aws-nlb", "aws-nat-gateway"],
        &["f5-bigip", "azure-lb", "home-gateways", "cellular-carriers"],
    );
    has(&ids(299_000, 350_000), &["aws-nlb", "f5-bigip"], &[]);
    has(&ids(350_000, 390_000), &[], &["aws-nlb"]);
    assert_eq!(ids(241_000, 290_000), [""; 0]);
}

#[test]
fn every_entry_has_a_name_of_its_own_a_source_and_sensible_values() {
    let catalogue = Catalogue::default();
    let mut taken = BTreeSet::new();
    for profile in catalogue.profiles() {
        assert!(taken.insert(profile.name.to_lowercase()), "{} is there twice", profile.name);
        assert!(!profile.source.text.is_empty(), "{} has no source", profile.name);
        for (value, most) in [(profile.idle, 32_767), (profile.interval, 32_767), (profile.count, 127)] {
            if let Value::Fixed(n) | Value::MultipleOf(n) = value {
                assert!((1..=most).contains(&n), "{}: {n}", profile.name);
            }
        }
        for stack in profile.stacks {
            assert!(STACKS.iter().any(|known| known.name == *stack), "{}: {stack}?", profile.name);
        }
    }
    for system in SYSTEMS {
        let [stack] = system.stacks else { panic!("{} is for one stack", system.name) };
        assert_eq!(SYSTEMS.iter().filter(|other| other.stacks.contains(stack)).count(), 1, "{stack}");
        assert_ne!(system.idle, Value::OsDefault, "{}", system.name);
    }
    for middlebox in catalogue.middleboxes() {
        let id = &middlebox.id;
        assert!(taken.insert(id.to_string()) && taken.insert(middlebox.name.to_lowercase()), "{id} twice");
        assert!(id.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-'), "{id}");
        assert!(!middlebox.source.text.is_empty(), "{id} has no source");
    }
    for stack in STACKS {
        assert!(taken.insert(format!("stack {}", stack.name)), "{} is there twice", stack.name);
        assert!(!stack.source.is_empty() && !stack.title.is_empty(), "{}", stack.name);
    }
}
