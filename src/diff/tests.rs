use super::{Change, Facts, Found, Observed, ProberFacts, Shown, What, compare};
use crate::report::{Count, SettingRange};
use crate::time::Span;

fn range(low: i64, high: i64) -> SettingRange {
    let seconds = |s| Span::from_secs(s);
    SettingRange { low: seconds(low), high: seconds(high), nearest: Some(seconds(high)), samples: 1 }
}

/// A flow to port 5432 whose client probes after an idle time in this range.
fn probing(idle: (i64, i64)) -> Facts {
    let client = ProberFacts {
        status: "probing".into(),
        idle: Some(range(idle.0, idle.1)),
        count: Some(Count::AtLeast(1)),
        outcome: Some("answered".into()),
        ..ProberFacts::default()
    };
    let server = ProberFacts { status: "not_observable".into(), ..ProberFacts::default() };
    Facts { port: 5432, client, server, ..Facts::default() }
}

fn observed(flows: impl IntoIterator<Item = Facts>) -> Observed {
    let mut observed = Observed::new(false);
    flows.into_iter().for_each(|facts| observed.add(facts));
    observed
}

fn changed(before: &Observed, after: &Observed) -> Vec<What> {
    compare(before, after).into_iter().map(|change| change.what).collect()
}

#[test]
fn a_setting_changed_where_no_value_fits_both() {
    let before = observed([probing((57, 60))]);
    for (idle, changes) in [((58, 61), vec![]), ((0, 70), vec![]), ((110, 120), vec![What::Idle])] {
        assert_eq!(changed(&before, &observed([probing(idle)])), changes, "{idle:?}");
    }
    let [Change { before: shown, .. }] = &compare(&before, &observed([probing((110, 120))]))[..] else {
        panic!("one change")
    };
    assert_eq!(*shown, [Shown::Range(range(57, 60))]);
}

#[test]
fn a_second_value_of_a_service_is_a_change() {
    let before = observed([probing((57, 60))]);
    let after = observed([probing((57, 60)), probing((110, 120))]);
    assert_eq!(changed(&before, &after), [What::Idle]);
    assert_eq!(changed(&after, &before), [What::Idle], "and so is its end");
}

#[test]
fn more_of_the_same_is_no_change() {
    let (once, often) = (observed([probing((57, 60))]), observed((0..50).map(|_| probing((58, 60)))));
    assert_eq!(changed(&once, &often), []);
}

#[test]
fn a_count_contradicts_another_and_a_lower_bound_above_it() {
    let with = |count| {
        let mut facts = probing((57, 60));
        facts.client.count = count;
        observed([facts])
    };
    let exact = with(Some(Count::Exact(3)));
    for (count, changes) in [
        (Some(Count::Exact(3)), vec![]),
        (Some(Count::AtLeast(3)), vec![]),
        (None, vec![]),
        (Some(Count::AtLeast(4)), vec![What::Count]),
        (Some(Count::ExactOrUserTimeout(9)), vec![What::Count]),
    ] {
        assert_eq!(changed(&exact, &with(count)), changes, "{count:?}");
    }
}

#[test]
fn keepalive_that_is_gone_is_a_change_of_status() {
    let mut quiet = probing((57, 60));
    quiet.client = ProberFacts { status: "not_observable".into(), ..ProberFacts::default() };
    assert_eq!(changed(&observed([probing((57, 60))]), &observed([quiet])), [What::Status]);
}

#[test]
fn outcomes_endings_and_findings_appear_and_vanish() {
    let mut dead = probing((57, 60));
    dead.client.outcome = Some("timed_out".into());
    dead.ending = Some(Facts::ending("client", "rst", Some("keepalive")));
    dead.findings = vec![Found { id: "dead-peer-detected".into(), is_grave: true }];
    let (healthy, dead) = (observed([probing((57, 60))]), observed([dead]));
    assert_eq!(changed(&healthy, &dead), [What::Outcomes, What::Endings, What::Findings]);
    // A run that the end of the capture cut short says nothing.
    let mut waiting = probing((57, 60));
    waiting.client.outcome = Some("pending".into());
    let both = observed([probing((57, 60)), waiting]);
    assert_eq!(changed(&healthy, &both), []);
}

#[test]
fn a_service_is_missed_where_it_probed() {
    let quiet = Facts { port: 80, ..Facts::default() };
    assert_eq!(changed(&observed([probing((57, 60)), quiet]), &observed([])), [What::Service]);
}

#[test]
fn by_port_other_hosts_are_the_same_service() {
    let on = |host: &str| Facts { addr: host.parse().ok(), ..probing((57, 60)) };
    let (mut before, mut after) = (Observed::new(true), Observed::new(true));
    before.add(on("10.0.0.1"));
    after.add(on("192.0.2.7"));
    assert_eq!(changed(&before, &after), []);
    assert_eq!(
        changed(&observed([on("10.0.0.1")]), &observed([on("192.0.2.7")])),
        [What::Service, What::Service]
    );
}
