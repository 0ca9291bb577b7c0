//! Where frames were lost, nothing is absent for certain.

use super::reports::{of_trace, verdict};
use keepscope::expect::Verdict::{Fails, Holds, Inconclusive};
use keepscope::source::Dropped;

const TRACE: &str = "
     0.000 A S  0:1(0)
     0.010 B S. 0:1(0) ack 1
     0.020 A .  1:1(0) ack 1
    60.020 A .  0:0(0) ack 1
    60.030 B .  1:1(0) ack 1
   120.030 A .  0:0(0) ack 1
   130.030 A .  0:0(0) ack 1
   130.040 B .  1:1(0) ack 1
";

#[test]
fn what_may_have_been_lost_is_neither_there_nor_not() {
    let lost = Some(Dropped { kernel: 2, interface: 1 });
    let (all, some) = (of_trace(TRACE, Some(Dropped::default())), of_trace(TRACE, lost));
    for (expression, in_all, in_some) in [
        ("no reset", Holds, Inconclusive),
        ("no finding severity=problem", Holds, Inconclusive),
        ("reset", Fails, Inconclusive),
        ("no probe", Fails, Fails),
        ("answered>=99%", Fails, Inconclusive),
        ("answered>=60%", Holds, Holds),
        ("probes=3", Holds, Inconclusive),
        ("probes>=3", Holds, Holds),
        ("probes<3", Fails, Fails),
    ] {
        assert_eq!(verdict(&all, expression), in_all, "{expression}");
        assert_eq!(verdict(&some, expression), in_some, "{expression}");
    }
}
