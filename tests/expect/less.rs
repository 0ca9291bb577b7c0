//! Less evidence: what did not happen in a capture did not happen in its beginning, and what holds there as a fact stays one.

use super::reports::{ends, of_bytes, recorded, verdict};
use keepscope::expect::Verdict::{Fails, Holds};
use std::fs;

/// Facts of the kind "it was not there": if they hold of the whole, they hold of every beginning with the same flows.
const ABSENT: [&str; 4] =
    ["no reset", "no probe", "no finding id=reset-by-middlebox", "no finding id=peer-state-gone"];

/// Facts of the kind "it was there": if they hold of a beginning, they hold of the whole.
const PRESENT: [&str; 4] = ["reset", "probe", "any outcome=timed_out", "any outcome=answered"];

const CUTS: usize = 6;

#[test]
fn a_cut_takes_no_fact_back() {
    let mut broken = Vec::new();
    let (mut absent, mut present) = (0, 0);
    for fixture in recorded() {
        let name = fixture.file_name().unwrap().to_string_lossy().into_owned();
        let bytes = fs::read(fixture.join("capture.pcap")).unwrap();
        let ends = ends(&bytes);
        let whole = of_bytes(&bytes);
        for end in ends.iter().step_by(ends.len().div_ceil(CUTS).max(1)) {
            let cut = of_bytes(&bytes[..*end]);
            for expression in ABSENT {
                // A beginning that has no flow yet, or of one only one direction, shows nothing.
                if verdict(&whole, expression) == Holds
                    && verdict(&cut, expression) == Fails
                    && !cut.flows.is_empty()
                {
                    broken.push(format!("{name}: {expression} holds, but not of a beginning"));
                }
                absent += u32::from(verdict(&cut, expression) == Holds);
            }
            for expression in PRESENT {
                if verdict(&cut, expression) == Holds {
                    present += 1;
                    if verdict(&whole, expression) != Holds {
                        broken
                            .push(format!("{name}: {expression} holds of a beginning, but not of the whole"));
                    }
                }
            }
        }
    }
    assert!(broken.is_empty(), "{}", broken.join("\n"));
    assert!(absent > 100 && present > 100, "{absent} {present}: the test shows nothing");
}
