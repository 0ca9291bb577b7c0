//! The captures every property is held against: the fixtures, and short traces of each kind of event.

use super::capture::Sample;
use std::path::Path;

/// Traces: name and text.
const TRACES: &[(&str, &str)] = &[
    (
        "probes answered, lost and given up",
        "isn A 4294967285
           0.000 A S  0:1(0) <ts 100/0,wscale 7,sackOK>
           0.010 B S. 0:1(0) ack 1 <ts 900/100,wscale 7,sackOK>
           0.020 A .  1:1(0) ack 1
           0.030 A P. 1:12(11) ack 1 data \"hello there\"
           0.040 B .  1:1(0) ack 12
           0.050 B P. 1:6(5) ack 12 data \"hello\"
           0.060 A .  12:12(0) ack 6
          60.060 A .  11:11(0) ack 6
          60.070 B .  6:6(0) ack 12
         120.070 A .  11:11(0) ack 6
         120.080 B .  6:6(0) ack 12
         180.080 A .  11:11(0) ack 6
         190.080 A .  11:11(0) ack 6
         190.090 B .  6:6(0) ack 12
         250.090 A .  11:11(0) ack 6
         250.091 R icmp 3/1 of 250.090
         260.090 A .  11:11(0) ack 6
         260.091 R icmp 3/1 of 260.090
         270.090 A .  11:11(0) ack 6
         280.090 A R. 12:12(0) ack 6",
    ),
    (
        "both ends probe, octets of garbage, a reset",
        "isn B 4294967295
           0.000 A S  0:1(0)
           0.010 B S. 0:1(0) ack 1
           0.020 A .  1:1(0) ack 1
           0.030 A P. 1:6(5) ack 1 data \"hello\"
           0.040 B .  1:1(0) ack 6
          30.000 A .  5:6(1) ack 1 hex 00
          30.010 B .  1:1(0) ack 6 <sack 5:6>
          30.005 B .  0:0(0) ack 6
          30.020 A .  6:6(0) ack 1
          60.000 A .  5:6(1) ack 1 hex 00
          60.010 B .  1:1(0) ack 6 <sack 5:6>
          60.040 B .  0:0(0) ack 6
          60.050 A .  6:6(0) ack 1
          90.000 A .  5:6(1) ack 1 hex 00
          90.010 B R  1:1(0)",
    ),
    (
        "started in the middle",
        "addr A [fd00::1]:40000
        addr B [fd00::2]:443
           0.000 A .  99:99(0) ack 500
           0.010 B .  500:500(0) ack 100
          75.000 A .  99:99(0) ack 500
          75.010 B .  500:500(0) ack 100
         150.000 A .  99:99(0) ack 500
         165.000 A .  99:99(0) ack 500
         180.000 A .  99:99(0) ack 500",
    ),
    (
        "only one direction, octets and none",
        "  0.000 A .  99:99(0) ack 500
          10.000 A .  99:99(0) ack 500
          20.000 A .  99:99(0) ack 500
          25.000 A P. 100:105(5) ack 500
          40.000 A .  104:104(0) ack 500
          50.000 A .  104:105(1) ack 500
          60.000 A .  104:104(0) ack 500",
    ),
    (
        "zero window, doubling",
        "  0.000 A S  0:1(0)
           0.010 B S. 0:1(0) ack 1 win 1000
           0.020 A .  1:1(0) ack 1
           0.030 A P. 1:1001(1000) ack 1
           0.040 B .  1:1(0) ack 1001 win 0
           0.250 A .  1000:1000(0) ack 1
           0.260 B .  1:1(0) ack 1001 win 0
           0.680 A .  1000:1000(0) ack 1
           0.690 B .  1:1(0) ack 1001 win 0
           1.550 A .  1000:1000(0) ack 1
           1.560 B .  1:1(0) ack 1001 win 0
           3.290 A .  1000:1000(0) ack 1
           3.300 B .  1:1(0) ack 1001 win 5000
           3.310 A P. 1001:1101(100) ack 1",
    ),
    (
        "zero window, even and too few",
        "  0.000 A S  0:1(0)
           0.010 B S. 0:1(0) ack 1 win 1000
           0.020 A .  1:1(0) ack 1
           0.030 A P. 1:1001(1000) ack 1
           0.040 B .  1:1(0) ack 1001 win 0
          10.040 A .  1000:1000(0) ack 1
          10.050 B .  1:1(0) ack 1001 win 0
          20.050 A .  1000:1000(0) ack 1
          20.060 B .  1:1(0) ack 1001 win 0
          30.060 A .  1000:1000(0) ack 1
          30.070 B .  1:1(0) ack 1001 win 0
          40.070 A .  1000:1000(0) ack 1
          45.000 B .  1:1(0) ack 1001 win 9000
          46.000 A P. 1001:1011(10) ack 1
          46.010 B .  1:1(0) ack 1011 win 0
          50.000 A .  1010:1010(0) ack 1
          50.010 B .  1:1(0) ack 1011 win 0
          51.000 B .  1:1(0) ack 1011 win 900",
    ),
    (
        "an octet beyond a zero window",
        "  0.000 A S  0:1(0)
           0.010 B S. 0:1(0) ack 1 win 10
           0.020 A .  1:1(0) ack 1
           0.030 A P. 1:11(10) ack 1
           0.040 B .  1:1(0) ack 11 win 0
           5.040 A .  11:12(1) ack 1
           5.050 B .  1:1(0) ack 11 win 0
          10.040 A .  11:12(1) ack 1
          10.050 B .  1:1(0) ack 12 win 100",
    ),
    (
        "one octet sent again",
        "  0.000 A S  0:1(0)
           0.010 B S. 0:1(0) ack 1
           0.020 A .  1:1(0) ack 1
           1.000 A P. 1:2(1) ack 1 data \"x\"
           1.200 A P. 1:2(1) ack 1 data \"x\"
           1.600 A P. 1:2(1) ack 1 data \"x\"
           1.610 B .  1:1(0) ack 2
           2.400 A P. 1:2(1) ack 1 data \"x\"
           2.410 B .  1:1(0) ack 2 <sack 1:2>
           4.000 A P. 1:2(1) ack 1 data \"x\"
           4.010 B .  1:1(0) ack 2 <sack 1:2>",
    ),
    (
        "a heartbeat's last octet again",
        "  0.000 A S  0:1(0)
           0.010 B S. 0:1(0) ack 1
           0.020 A .  1:1(0) ack 1
           1.000 A P. 1:2(1) ack 1 data \"x\"
           1.010 B .  1:1(0) ack 2
          31.000 A .  1:2(1) ack 1 data \"x\"
          31.010 B .  1:1(0) ack 2 <sack 1:2>
          61.000 A .  1:2(1) ack 1 data \"x\"
          61.010 B .  1:1(0) ack 2 <sack 1:2>
          91.000 A .  1:2(1) ack 1 data \"x\"
          92.000 A F. 2:3(0) ack 1
          92.010 B F. 1:2(0) ack 3
          92.020 A .  3:3(0) ack 2",
    ),
    (
        "data instead of an answer, half-closed, the port used again",
        "  0.000 A S  0:1(0)
           0.010 B S. 0:1(0) ack 1
           0.020 A .  1:1(0) ack 1
          10.000 A .  0:0(0) ack 1
          10.010 B P. 1:101(100) ack 1
          10.020 A .  1:1(0) ack 101
          20.000 A .  0:0(0) ack 101
          22.000 B P. 101:201(100) ack 1
          22.010 A .  1:1(0) ack 201
          32.000 A .  0:0(0) ack 201
          33.000 A P. 1:11(10) ack 201
          33.010 B .  201:201(0) ack 11
          35.000 B F. 201:202(0) ack 11
          35.010 A .  11:11(0) ack 202
          45.000 A .  10:10(0) ack 202
          45.010 B .  202:202(0) ack 11
          55.000 B .  201:201(0) ack 11
          55.010 A .  11:11(0) ack 202
          60.000 A F. 11:12(0) ack 202
          60.010 B .  202:202(0) ack 12
        isn A 500000
        isn B 700000
          70.000 A S  0:1(0)
          70.010 B S. 0:1(0) ack 1
          70.020 A .  1:1(0) ack 1
          80.000 A .  0:0(0) ack 1
          80.010 B .  1:1(0) ack 1
         500.000 A .  0:0(0) ack 1",
    ),
    (
        "a peer that is gone, on IPv6",
        "addr A [fd00::1]:40000
        addr B [fd00::2]:443
           0.000 A S  0:1(0)
           0.010 B S. 0:1(0) ack 1
           0.020 A .  1:1(0) ack 1
           2.000 A .  0:0(0) ack 1
           2.100 R icmp 1/3 of 2.000
           3.000 A .  0:0(0) ack 1
           3.100 R icmp 1/3 of 3.000
           4.000 A .  0:0(0) ack 1
           5.000 A R. 1:1(0) ack 1",
    ),
    (
        "data outstanding, and an acknowledgement of lost data",
        "  0.000 A S  0:1(0)
           0.010 B S. 0:1(0) ack 1
           0.020 A .  1:1(0) ack 1
           1.000 A P. 1:101(100) ack 1
           5.000 A .  0:0(0) ack 1
           5.010 B .  1:1(0) ack 101
          10.000 B .  1:1(0) ack 301
          20.000 A .  300:300(0) ack 1
          20.010 B .  1:1(0) ack 301
          30.000 A .  499:499(0) ack 1
          30.010 B .  1:1(0) ack 500",
    ),
];

/// All captures.
pub(crate) fn samples() -> Vec<Sample> {
    let mut samples: Vec<Sample> = TRACES.iter().map(|(name, text)| Sample::from_trace(name, text)).collect();
    samples.extend(fixtures());
    samples
}

/// The directories of `fixtures/` that hold a trace or a capture, in the order of their names.
fn fixtures() -> Vec<Sample> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures");
    let Ok(entries) = std::fs::read_dir(root) else { return Vec::new() };
    let mut directories: Vec<_> = entries.map(|entry| entry.expect("a readable entry").path()).collect();
    directories.sort();
    directories
        .iter()
        .filter_map(|directory| {
            let file = |name: &str| Some(directory.join(name)).filter(|path| path.is_file());
            let mut sample = if let Some(path) = file("trace.txt") {
                Sample::from_trace("trace", &std::fs::read_to_string(path).expect("a readable trace"))
            } else {
                Sample::from_file(&file("capture.pcap").or_else(|| file("capture.pcapng"))?)
            };
            sample.name = directory.file_name()?.to_string_lossy().into_owned();
            Some(sample)
        })
        .collect()
}
