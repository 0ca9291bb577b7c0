//! How long it goes on where nobody ends it.

use super::lab::Lab;
use super::program::Program;

#[test]
fn so_many_frames_and_so_long() {
    let Some(lab) = Lab::open() else { return };
    let counted = Program::keepscope(&lab.r, "-i to-a -f tcp -c 5 --format json");
    let timed = Program::keepscope(&lab.r, "-i any --duration 3 --format json");
    let _connection = lab.connect(10, Some((1, 1, 3)));
    let (counted, timed) = (counted.wait(), timed.wait());
    assert_eq!((counted.code, timed.code), (0, 0), "{}{}", counted.err, timed.err);
    assert_eq!(counted.document()["capture"]["frames"], 5);
    let capture = &timed.document()["capture"];
    assert!(capture["duration_s"].as_f64() <= Some(3.0) && capture["frames"].as_u64() > Some(5), "{capture}");
    // The router sees every segment twice.
    assert!(capture["duplicates"].as_u64() >= Some(5), "{capture}");
}

/// Nothing came yet: a report of nothing.
#[test]
fn the_end_before_the_first_frame_is_an_end_too() {
    let Some(lab) = Lab::open() else { return };
    let keepscope = Program::keepscope(&lab.r, "-i to-a -f tcp --format json");
    let ended = keepscope.end(nix::sys::signal::Signal::SIGTERM);
    assert_eq!(ended.code, 0, "{}", ended.err);
    assert_eq!(ended.document()["capture"]["frames"], 0);
}
