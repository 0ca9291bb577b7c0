use super::*;
use etherparse::{NetSlice, SlicedPacket, TransportSlice};

const EXAMPLE: &str = r#"
# a connection
isn A 4294967285
start 1600000000
 0.000 A S  0:1(0) win 64000 <ts 100/0,wscale 7,sackOK>
 0.010 B S. 0:1(0) ack 1
 0.020 A .  1:1(0) ack 1
 0.030 A P. 1:6(5) ack 1 data "h#l\"o" # greeting
60.020 A .  5:5(0) ack 1        # keepalive_probe
60.030 B .  1:1(0) ack 6 <sack 5:6>      # keepalive_answer of 60.020
61.000 R icmp 3/1 of 60.020
62.5 A F. 6:7(0) ack 1 ttl 9 id 77
"#;

fn batch(trace: &Trace) -> FrameBatch {
    let mut batch = FrameBatch::default();
    trace.source().fill(&mut batch).unwrap();
    batch
}

#[test]
fn lines_carry_time_number_and_expectation() {
    let trace = Trace::parse(EXAMPLE).unwrap();
    assert_eq!(trace.lines().len(), 8);
    let probe = trace.line_at("60.02").unwrap();
    assert_eq!((probe.frame.get(), probe.line_no), (5, 9));
    assert_eq!(probe.ts, Timestamp(1_600_000_060_020_000_000));
    assert_eq!(probe.expectation.as_deref(), Some("keepalive_probe"));
    assert_eq!(trace.line_at("60.030").unwrap().expectation.as_deref(), Some("keepalive_answer of 60.020"));
    assert_eq!(trace.line_at("0.000").unwrap().expectation, None);
}

#[test]
fn segments_are_what_the_lines_say() {
    let batch = batch(&Trace::parse(EXAMPLE).unwrap());
    let packets: Vec<_> = batch.iter().map(|frame| SlicedPacket::from_ip(frame.data).unwrap()).collect();
    let tcp = |at: usize| match &packets[at].transport {
        Some(TransportSlice::Tcp(tcp)) => tcp.clone(),
        other => panic!("{other:?}"),
    };
    let (syn, answer, hello, probe, sack, fin) = (tcp(0), tcp(1), tcp(3), tcp(4), tcp(5), tcp(7));
    assert_eq!(
        (syn.sequence_number(), syn.syn(), syn.ack(), syn.window_size()),
        (4_294_967_285, true, false, 64_000)
    );
    assert_eq!(syn.options(), [8, 10, 0, 0, 0, 100, 0, 0, 0, 0, 3, 3, 7, 4, 2, 1]);
    assert_eq!((answer.sequence_number(), answer.acknowledgment_number()), (9_000, 4_294_967_286));
    assert_eq!((hello.source_port(), hello.destination_port(), hello.psh()), (40_000, 443, true));
    assert_eq!(hello.payload(), b"h#l\"o");
    assert_eq!((probe.sequence_number(), probe.payload().len()), (4_294_967_290, 0));
    assert_eq!(sack.acknowledgment_number(), 4_294_967_291);
    assert_eq!(sack.options()[..2], [5, 10]);
    assert_eq!(sack.options()[2..6], 4_294_967_290_u32.to_be_bytes());
    assert_eq!((fin.fin(), fin.sequence_number()), (true, 4_294_967_291));
    let ip = |at: usize| match &packets[at].net {
        Some(NetSlice::Ipv4(v4)) => v4.header(),
        other => panic!("{other:?}"),
    };
    let ids: Vec<_> = (0..8).map(|at| ip(at).identification()).collect();
    assert_eq!(ids, [1, 1, 2, 3, 4, 2, 1, 77]);
    assert_eq!((ip(7).ttl(), ip(6).source(), ip(6).destination()), (9, [10, 0, 0, 254], [10, 0, 0, 1]));
}

#[track_caller]
fn checksums_hold(text: &str) {
    for frame in batch(&Trace::parse(text).unwrap()).iter() {
        let packet = SlicedPacket::from_ip(frame.data).unwrap();
        let net = packet.net.unwrap();
        if let NetSlice::Ipv4(v4) = &net {
            assert_eq!(v4.header().header_checksum(), v4.header().to_header().calc_header_checksum());
        }
        match (packet.transport.unwrap(), net) {
            (TransportSlice::Tcp(tcp), NetSlice::Ipv4(v4)) => {
                assert_eq!(
                    tcp.calc_checksum_ipv4(v4.header().source(), v4.header().destination()),
                    Ok(tcp.checksum())
                );
            }
            (TransportSlice::Tcp(tcp), NetSlice::Ipv6(v6)) => {
                let sum = tcp.calc_checksum_ipv6(v6.header().source(), v6.header().destination());
                assert_eq!(sum, Ok(tcp.checksum()));
            }
            (TransportSlice::Icmpv4(icmp), _) => {
                assert_eq!(icmp.icmp_type().calc_checksum(icmp.payload()), icmp.checksum());
            }
            (TransportSlice::Icmpv6(icmp), NetSlice::Ipv6(v6)) => {
                assert!(icmp.is_checksum_valid(v6.header().source(), v6.header().destination()));
            }
            other => panic!("{other:?}"),
        }
    }
}

#[test]
fn checksums_are_right_for_both_families() {
    checksums_hold(EXAMPLE);
    checksums_hold(
        "
        addr A [fd00::1]:40000
        addr B [fd00::2]:443
        0.0 A S 0:1(0) <mss 1440>
        0.1 B S. 0:1(0) ack 1
        0.2 A P. 1:4(3) ack 1 hex 00ffee
        0.3 R icmp 1/3 of 0.2
        ",
    );
}

#[test]
fn more_frames_than_a_batch_holds_come_in_several() {
    let text: String = (0..600).map(|i| format!("{i}.0 A . 1:1(0) ack 1\n")).collect();
    let trace = Trace::parse(&text).unwrap();
    let (mut source, mut batch, mut sizes) = (trace.source(), FrameBatch::default(), Vec::new());
    while source.fill(&mut batch).unwrap() == Next::Filled {
        sizes.push(batch.frames.len());
    }
    assert_eq!(sizes, [256, 256, 88]);
}

#[track_caller]
fn check_error(line: &str, expected: &str) {
    let error = Trace::parse(&format!("0.0 A S 0:1(0)\n{line}")).unwrap_err();
    assert_eq!(error.to_string(), format!("line 2: {expected}"));
}

#[test]
fn what_is_wrong_is_said_with_its_line() {
    check_error("1.0 C . 1:1(0) ack 1", "a sender is A, B or R, not 'C'");
    check_error("1.0 A X 1:1(0)", "'X' is no flag (those are S F R P U and '.')");
    check_error("1.0 A . 1:1(0)", "the flag '.' needs ack N");
    check_error("1.0 A P 1:1(0) ack 1", "ack N needs the flag '.'");
    check_error("1.0 A . 1:3(1) ack 1", "1 and 1 octets do not end at 3");
    check_error("1.0 A . 1:2 ack 1", "'1:2' is not first:end(length)");
    check_error("1.0 A . 1:2(1) ack 1 data \"ab\"", "the data has 2 octets, the segment 1");
    check_error("1.0 A . 1:2(1) ack 1 data \"a", "a quotation without end");
    check_error("1.0 A . 1:1(0) ack 1 <mss>", "'' is not an MSS");
    check_error("1.0 A . 1:1(0) ack 1 <ts 1/2", "'<' without '>'");
    check_error("1.0 A . 1:1(0) ack 1 twice", "'twice' is not understood here");
    check_error("1.x A . 1:1(0) ack 1", "'1.x' is not a time in seconds");
    check_error("1.0 R icmp 3/1 of 0.5", "no segment was sent at that time");
    check_error("isn C 1", "'C' has no isn");
    check_error("addr A 10.0.0.1", "'10.0.0.1' is not an address and port");
    check_error("hello", "a line begins with a time, isn, addr or start, not with 'hello'");
    check_error(
        "1.0 A . 1:1(0) ack 1 <sack 1:2 3:4 5:6 7:8 9:10>",
        "44 octets of options, and a header has room for 40",
    );
}
