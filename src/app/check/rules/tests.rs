use super::*;

#[track_caller]
fn refuses(text: &str, message: &str) {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("rules.toml");
    std::fs::write(&path, text).unwrap();
    let told = load(&[], std::slice::from_ref(&path), false).unwrap_err().to_string();
    assert_eq!(told.replace(&path.display().to_string(), "rules.toml"), message);
}

#[test]
fn a_file_holds_named_and_unnamed_expectations() {
    let text = r#"
        [[expect]]
        name = "the database"
        expr = "port 5432 idle=60s"

        [[expect]]
        expr = 'no reset'
        allow_inconclusive = true
    "#;
    let rules = parse(text.as_bytes(), false).unwrap();
    let told: Vec<_> =
        rules.iter().map(|rule| (rule.name.as_str(), rule.is_named(), rule.allow_inconclusive)).collect();
    assert_eq!(told, [("the database", true, false), ("no reset", false, true)]);
    assert!(parse(text.as_bytes(), true).unwrap().iter().all(|rule| rule.allow_inconclusive));
}

#[test]
fn what_is_wrong_is_said_with_its_place() {
    refuses("# nothing\n", "rules.toml:1:1: no [[expect]] in it");
    refuses("[[expect]]\nname = \"a\"\n", "rules.toml:1:1: missing field `expr`");
    refuses(
        "[[expect]]\nexpression = \"no reset\"\n",
        "rules.toml:2:1: unknown field `expression`, expected one of `name`, `expr`, `allow_inconclusive`",
    );
    refuses(
        "[[expect]]\nexpr = \"no reset\"\nname = \" \"\n",
        "rules.toml:3:8: a name has 1 to 200 characters",
    );
    refuses(
        "[[expect]]\nexpr = \"no reset idle=60\"\n",
        "rules.toml:2:25: column 17: expected a unit after 60: us, ms, s, min or h\n    no reset idle=60\n                    ^",
    );
    // Where an escape stands before it, the string's beginning has to do.
    refuses(
        "[[expect]]\nexpr = \"no\\treset x\"\n",
        "rules.toml:2:8: column 10: expected a selector (port, host, flow, side, probing) or a check (status, idle, interval, \
         count, probes, rtt, outcome, answered, no, reset, probe, finding), not 'x'\n    no\\x09reset x\n                ^",
    );
}

#[test]
fn absurd_sizes_are_refused() {
    let many = "[[expect]]\nexpr = 'no reset'\n".repeat(MAX_RULES + 1);
    refuses(&many, "rules.toml:1:1: 1001 expectations: at most 1000 are taken");
    refuses(&"#".repeat(MAX_BYTES + 1), "rules.toml: more than 1 MiB of rules");
    let long = format!("[[expect]]\nname = '{}'\nexpr = 'no reset'\n", "n".repeat(MAX_NAME + 1));
    refuses(&long, "rules.toml:2:8: a name has 1 to 200 characters");
    let expressions = vec!["no reset".to_owned(); MAX_RULES + 1];
    let told = load(&expressions, &[], false).unwrap_err().to_string();
    assert_eq!(told, "1001 expectations: at most 1000 are taken");
}
