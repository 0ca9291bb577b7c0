use super::*;
use crate::frame::{Fault, Frame, LinkType};
use crate::source::FrameSource;
use crate::source::trace::Trace;

/// Which frames of a trace match `expression`, by number.
fn matching(expression: &str) -> Vec<u64> {
    let trace = Trace::parse(
        "
        addr B 10.0.0.2:443
        0.0 A S 0:1(0)
        0.1 B S. 0:1(0) ack 1
        0.2 A P. 1:1201(1200) ack 1
        ",
    )
    .unwrap();
    let (mut batch, mut warnings) = (FrameBatch::default(), Vec::new());
    trace.source().fill(&mut batch).unwrap();
    Filter::new(expression).unwrap().apply(&mut batch, &mut warnings);
    assert_eq!(warnings, Vec::<String>::new());
    batch.iter().filter(|frame| frame.fault.is_none()).map(|frame| frame.no.get()).collect()
}

#[test]
fn frames_that_do_not_match_are_marked() {
    assert_eq!(matching("tcp"), [1, 2, 3]);
    assert_eq!(matching("src port 443"), [2]);
    assert_eq!(matching("tcp[tcpflags] & tcp-syn != 0 and not src host 10.0.0.2"), [1]);
    assert_eq!(matching("greater 1000"), [3]);
    assert_eq!(matching("udp or ip6"), Vec::<u64>::new());
}

#[test]
fn the_length_on_the_wire_counts_not_what_was_captured() {
    let mut filter = Filter::new("greater 1000").unwrap();
    let data = [0_u8; 60];
    let program = filter.program(LinkType(1), &mut Vec::new()).unwrap();
    assert!(program.matches(&data, 1_500));
    assert!(!program.matches(&data, 60));
}

#[test]
fn the_program_runs_as_libpcap_runs_it() {
    // Every expression against every prefix of a frame, as both see it: with nothing cut off.
    let expressions = [
        "tcp port 443",
        "ip6",
        "not tcp",
        "tcp[13] & 7 != 0",
        "ip[2:2] > 40 and ip[8] < 65",
        "len <= 40",
        "net 10.0.0.0/30",
        "tcp[((tcp[12] & 0xf0) >> 2):4] = 0x78787878",
        "ip[6:2] & 0x1fff = 0",
        "udp or port 40000",
        "ip[0] * 3 - 1 = 206",
        "ip[3] / 2 % 7 ^ 1 | 8 != 0 and host 10.0.0.2",
    ];
    let trace = Trace::parse("0.0 A S 0:1(0)\n0.1 B S. 0:1(0) ack 1\n0.2 A P. 1:9(8) ack 1 ttl 9").unwrap();
    let mut batch = FrameBatch::default();
    trace.source().fill(&mut batch).unwrap();
    let raw = pcap::Capture::dead(pcap::Linktype(12)).unwrap();
    for expression in expressions {
        let theirs = raw.compile(expression, true).unwrap();
        let ours = compile::compile(expression, LinkType::RAW).unwrap();
        for Frame { data, .. } in batch.iter() {
            for len in 1..=data.len() {
                let data = &data[..len];
                assert_eq!(ours.matches(data, len as u32), theirs.filter(data), "{expression} {data:?}");
            }
        }
    }
}

#[test]
fn a_syntax_error_is_said_at_once() {
    let error = Filter::new("tcp prot 80").unwrap_err();
    assert!(error.0.starts_with("filter 'tcp prot 80': ") && error.0.contains("syntax error"), "{error}");
}

#[test]
fn a_link_type_the_expression_means_nothing_for_is_said_once_and_matches_nothing() {
    let mut filter = Filter::new("ether host 00:00:00:00:00:01").unwrap();
    let trace = Trace::parse("0.0 A S 0:1(0)\n0.1 B S. 0:1(0) ack 1").unwrap();
    let (mut batch, mut warnings) = (FrameBatch::default(), Vec::new());
    trace.source().fill(&mut batch).unwrap();
    filter.apply(&mut batch, &mut warnings);
    assert!(batch.frames.iter().all(|frame| frame.fault == Some(Fault::Filtered)));
    assert_eq!(warnings.len(), 1);
    assert!(
        warnings[0].starts_with("filter 'ether host 00:00:00:00:00:01' for link type 101: "),
        "{warnings:?}"
    );
}
