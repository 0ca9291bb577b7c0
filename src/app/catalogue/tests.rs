use super::*;

#[track_caller]
fn refuses(text: &str, flaw: &str) {
    assert_eq!(parse(text.as_bytes()).map(|_| ()).unwrap_err().to_string(), flaw);
}

#[test]
fn entries_are_added_to_what_is_built_in() {
    let text = r#"
        [[profile]]
        name = "our agent"
        idle = 40
        interval = "os"
        side = "client"
        source = "deploy/agent.conf"

        [[middlebox]]
        name = "Data centre firewall (Bonn)"
        idle_timeout = 1500
        on_expiry = "silent"
    "#;
    let catalogue = parse(text.as_bytes()).unwrap();
    let [agent] = catalogue.given_profiles() else { panic!("one profile") };
    assert_eq!((&*agent.name, agent.idle, agent.interval), ("our agent", Value::Fixed(40), Value::OsDefault));
    assert_eq!((agent.count, agent.side), (Value::Unknown, Prober::Client));
    assert_eq!(agent.source, Source { grade: Grade::Given, text: "deploy/agent.conf".into() });
    let [firewall] = catalogue.given_middleboxes() else { panic!("one middlebox") };
    assert_eq!((&*firewall.id, firewall.on_expiry), ("data-centre-firewall-bonn", OnExpiry::Silent));
    assert!(catalogue.profiles().count() > 40 && catalogue.middleboxes().count() > 30);
}

#[test]
fn a_name_may_be_its_own_short_name_but_for_capitals() {
    let text = "[[middlebox]]\nname = \"Bonn-FW\"\nidle_timeout = 9\n";
    assert_eq!(parse(text.as_bytes()).unwrap().given_middleboxes()[0].id, "bonn-fw");
    let same = "[[middlebox]]\nname = \"bonn fw\"\nidle_timeout = 9\n";
    refuses(&format!("{text}{same}"), "5:8: its short name, bonn-fw, is taken");
}

#[test]
fn an_empty_file_adds_nothing() {
    assert!(parse(b"# nothing yet\n").unwrap().given_profiles().is_empty());
}

#[test]
fn what_is_wrong_is_said_with_its_place() {
    refuses("[[profile]]\nname = \"a\"\nidle = 0\n", "3:8: idle, in seconds, is 1 to 4294967, not 0");
    refuses(
        "[[profile]]\nname = \"a\"\nidle = 4294968\n",
        "3:8: idle, in seconds, is 1 to 4294967, not 4294968",
    );
    refuses("[[profile]]\nname = \"a\"\nidle = 9\ncount = 1001", "4:9: count is 1 to 1000, not 1001");
    refuses(
        "[[profile]]\nname = \"a\"\n",
        "2:8: a profile needs an idle or an interval: nothing else tells it",
    );
    refuses("[[profile]]\nname = \" \"\nidle = 9\n", "2:8: a name has 1 to 64 characters");
    refuses(
        "[[profile]]\nname = \"a\"\nidle = 9\nside = \"both\"\n",
        "4:8: expected one of client, server, either, middle",
    );
    refuses(
        "[[profile]]\nname = \"REDIS-CLI\"\nidle = 9\n",
        "2:8: there is another REDIS-CLI; every name stands once",
    );
    refuses(
        "[[middlebox]]\nname = \"aws nlb\"\nidle_timeout = 9\n",
        "2:8: its short name, aws-nlb, is taken",
    );
    refuses(
        "[[middlebox]]\nname = \"a\"\nidle_timeout = \"os\"\n",
        "3:16: the idle_timeout of a middlebox is a whole number of seconds",
    );
    refuses(
        "[[middlebox]]\nname = \"a\"\nidle_timeout = 9\non_expiry = \"drop\"\n",
        "4:13: expected one of rst, fin, silent, unknown",
    );
    refuses(
        "[[profile]]\nname = \"ä\"\n\tidle = 1.5\n",
        "3:9: invalid type: floating point `1.5`, expected a whole number, or \"os\" for what the system has",
    );
    refuses(
        "[[profile]]\nname = \"a\"\nidle = \"OS\"\n",
        "3:8: invalid value: string \"OS\", expected a whole number, or \"os\" for what the system has",
    );
    refuses("[[middlebox]]\nname = \"a\"\n", "1:1: missing field `idle_timeout`");
    refuses(
        "[[profiles]]\nname = \"a\"\n",
        "1:3: unknown field `profiles`, expected `profile` or `middlebox`",
    );
    let flaw = parse(b"[[profile]]\nname = \"\xff\"\n").unwrap_err();
    assert_eq!((flaw.line, flaw.column), (2, 9));
}

#[test]
fn sizes_are_bounded() {
    let name = |length: usize| format!("[[profile]]\nname = \"{}\"\nidle = 9\n", "é".repeat(length));
    assert!(parse(name(MAX_NAME).as_bytes()).is_ok());
    refuses(&name(MAX_NAME + 1), "2:8: a name has 1 to 64 characters");
    let source =
        |length: usize| format!("[[profile]]\nname = \"a\"\nidle = 9\nsource = \"{}\"\n", "é".repeat(length));
    assert!(parse(source(MAX_SOURCE).as_bytes()).is_ok());
    refuses(&source(MAX_SOURCE + 1), "4:10: a source has at most 256 characters");
    let entries =
        |n: usize| (0..n).map(|n| format!("[[profile]]\nname=\"{n}\"\nidle=9\n")).collect::<String>();
    assert!(parse(entries(MAX_ENTRIES).as_bytes()).is_ok());
    refuses(&entries(MAX_ENTRIES + 1), "1:1: 10001 entries: at most 10000 are taken");
    let nested = format!("x = {}", "[".repeat(100_000));
    assert!(parse(nested.as_bytes()).is_err());
}
