use super::*;

fn names(shape: &Shape) -> Vec<&'static str> {
    fits(shape).into_iter().map(|fit| fit.stack).collect()
}

fn likely(shape: &Shape) -> Vec<&'static str> {
    let likely = fits(shape).into_iter().filter(|fit| fit.confidence != Confidence::Possible);
    likely.map(|fit| fit.stack).collect()
}

/// An empty probe with timestamps that began with a TTL of 64.
const USUAL: Shape = Shape {
    one_byte: Some(false),
    timestamps: Some(true),
    initial_ttl: Some(64),
    psh: Some(false),
    spacing: None,
    retries: None,
    resets_at_the_end: None,
    over_unacknowledged_data: None,
    ack_is_behind: Some(false),
    timer_wheel: None,
};

#[test]
fn the_usual_shape_is_shared_and_no_guess_is_made() {
    let found = names(&USUAL);
    assert_eq!(found[..3], ["linux", "freebsd", "gvisor"]);
    assert!(!found.contains(&"windows") && !found.contains(&"macos") && !found.contains(&"smoltcp"));
    assert_eq!(likely(&USUAL), [""; 0]);
}

#[test]
fn dropped_timestamps_are_apples() {
    let shape = Shape { timestamps: Some(false), ..USUAL };
    assert_eq!(names(&shape)[0], "macos");
    assert!(!names(&shape).contains(&"linux"));
    assert_eq!(likely(&shape), ["macos"]);
    // Where the connection has none, nothing was dropped.
    let shape = Shape { timestamps: None, ..USUAL };
    assert!(["linux", "macos"].iter().all(|stack| names(&shape).contains(stack)));
    assert_eq!(likely(&shape), [""; 0]);
}

#[test]
fn an_octet_without_timestamps_is_windows_whatever_its_ttl() {
    let shape = Shape { one_byte: Some(true), timestamps: Some(false), initial_ttl: Some(128), ..USUAL };
    assert_eq!(names(&shape)[0], "windows");
    assert_eq!(likely(&shape), ["windows"]);
    assert!(!names(&shape).contains(&"smoltcp"));
    let other_ttl = Shape { initial_ttl: Some(64), ..shape };
    assert!(names(&other_ttl).contains(&"windows"));
    assert_eq!(likely(&other_ttl), [""; 0]);
}

#[test]
fn an_octet_with_timestamps_is_not() {
    let shape = Shape { one_byte: Some(true), ..USUAL };
    assert_eq!(names(&shape)[..2], ["smoltcp", "illumos"]);
    assert!(!names(&shape).contains(&"windows"));
    // smoltcp's spacing is constant.
    let shape = Shape { spacing: Some(Spacing::Doubling), ..shape };
    assert!(names(&shape).contains(&"illumos") && !names(&shape).contains(&"smoltcp"));
}

#[test]
fn each_mark_excludes_who_does_otherwise() {
    let over_data = names(&Shape { over_unacknowledged_data: Some(true), ..USUAL });
    assert_eq!(over_data[0], "freebsd");
    assert!(!over_data.contains(&"linux"));
    let wheel = Shape { timer_wheel: Some(true), ..USUAL };
    assert_eq!((names(&wheel), likely(&wheel)), (vec!["linux"], vec!["linux"]));
    let behind = names(&Shape { ack_is_behind: Some(true), timestamps: None, ..USUAL });
    assert!(!behind.contains(&"linux") && !behind.contains(&"freebsd"), "{behind:?}");
    let freertos = Shape { timestamps: Some(false), initial_ttl: Some(128), retries: Some(4), ..USUAL };
    assert_eq!(names(&freertos)[0], "freertos-tcp");
    assert!(!names(&Shape { retries: Some(5), ..freertos }).contains(&"freertos-tcp"));
    assert!(!names(&Shape { resets_at_the_end: Some(true), ..freertos }).contains(&"freertos-tcp"));
    assert!(names(&Shape { psh: Some(true), one_byte: Some(true), ..USUAL }).contains(&"illumos"));
}

#[test]
fn without_probes_nothing_fits() {
    assert_eq!(names(&Shape::of(&Prober::default(), &Marks::default(), true, Vantage::default())), [""; 0]);
}

#[test]
fn a_shape_says_only_what_all_probes_share() {
    let prober = Prober { probes: 3, one_byte_probes: 1, ..Prober::default() };
    let marks = Marks { with_timestamps: 3, ttl: Some(57), ..Marks::default() };
    let shape = Shape::of(&prober, &marks, true, Vantage::default());
    let wanted = (None, Some(true), Some(64), Some(false));
    assert_eq!((shape.one_byte, shape.timestamps, shape.initial_ttl, shape.psh), wanted);
    assert_eq!(
        Shape::of(&prober, &Marks { with_timestamps: 2, ..marks }, true, Vantage::default()).timestamps,
        None
    );
    let none = Marks { with_timestamps: 0, ..marks };
    assert_eq!(Shape::of(&prober, &none, true, Vantage::default()).timestamps, Some(false));
    assert_eq!(
        Shape::of(&prober, &none, false, Vantage::default()).timestamps,
        None,
        "there were none to drop"
    );
}

#[test]
fn a_ttl_tells_where_it_began() {
    for (seen, initial) in [(1, 64), (64, 64), (65, 128), (113, 128), (128, 128), (129, 255), (255, 255)] {
        assert_eq!(initial_ttl(seen), initial);
    }
}
