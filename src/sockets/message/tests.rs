use super::*;
use crate::sockets::Keepalive;

/// What a kernel 6.18 answered: for IPv4, then for IPv6, a datagram a paragraph, in hexadecimal.
const RECORDED: &str = include_str!("recorded.txt");

fn datagrams() -> Vec<Vec<u8>> {
    let lines = RECORDED.lines().filter(|line| !line.starts_with('#')).collect::<Vec<_>>().join("\n");
    let octet = |pair: &[u8]| u8::from_str_radix(std::str::from_utf8(pair).unwrap(), 16).unwrap();
    let paragraphs = lines.split("\n\n").map(|paragraph| paragraph.replace('\n', ""));
    let bytes = paragraphs.filter(|digits| !digits.is_empty());
    bytes.map(|digits| digits.as_bytes().chunks(2).map(octet).collect()).collect()
}

fn answer() -> Answer {
    let mut answer = Answer::default();
    for datagram in datagrams() {
        read(&datagram, &mut answer).unwrap();
    }
    answer
}

/// A message of `kind` with `payload`.
fn message(kind: u16, flags: u16, payload: &[u8]) -> Vec<u8> {
    let length = 16 + payload.len() as u32;
    let mut bytes =
        [length.to_ne_bytes().as_slice(), &kind.to_ne_bytes(), &flags.to_ne_bytes(), &[0; 8]].concat();
    bytes.extend_from_slice(payload);
    bytes.resize(bytes.len().next_multiple_of(4), 0);
    bytes
}

/// What `ss -tanoi` printed in the same moment.
#[test]
fn every_kind_of_timer_is_read() {
    let answer = answer();
    assert_eq!((answer.sockets.len(), answer.unreadable, answer.interrupted), (14, 0, false));
    let socket = |port| answer.sockets.iter().find(|socket| socket.local.port() == port).unwrap();
    let timer = |port| {
        let timer = socket(port).timer.unwrap();
        (timer.kind, timer.left.0 / 1_000_000_000, timer.count)
    };
    assert_eq!(timer(42_920), (TimerKind::Keepalive, 7, 1));
    assert_eq!(timer(42_928), (TimerKind::Keepalive, 7_076, 0));
    assert_eq!(timer(42_950), (TimerKind::Retransmission, 1, 7));
    assert_eq!(timer(47_896), (TimerKind::Persist, 49, 3));
    assert_eq!(timer(48_118), (TimerKind::TimeWait, 48, 0));
    assert_eq!(socket(48_118).keepalive(), Keepalive::Over);
    let without = socket(42_896);
    assert_eq!((without.timer, without.state, without.uid), (None, State::Established, 0));
    assert_eq!(
        (without.local.to_string(), without.peer.to_string()),
        ("10.9.0.1:42896".into(), "10.9.0.2:7000".into())
    );
    assert_eq!(without.elapsed(), Some(without.quiet.unwrap().data_received));
    assert_eq!(without.traffic.unwrap().data_segments, Some((0, 0)));
    assert_eq!(socket(47_880).traffic.unwrap().unacked, 1);
    let v6 = socket(59_956);
    assert_eq!((v6.local.to_string(), v6.is_ipv6), ("[fd09::1]:59956".into(), true));
}

#[test]
fn an_ipv4_connection_of_an_ipv6_socket_has_ipv4_addresses() {
    let datagram = datagrams().remove(0);
    let mut v6 = datagram.get(..76 + 12).unwrap().to_vec();
    v6[..4].copy_from_slice(&88_u32.to_ne_bytes());
    v6[16] = 10;
    let mapped: std::net::Ipv6Addr = "::ffff:192.0.2.1".parse().unwrap();
    v6[24..40].copy_from_slice(&mapped.octets());
    let mut answer = Answer::default();
    read(&v6, &mut answer).unwrap();
    let socket = &answer.sockets[0];
    assert_eq!((socket.local.ip().to_string(), socket.is_ipv6), ("192.0.2.1".into(), true));
}

#[test]
fn a_shorter_tcp_info_tells_less_and_none_nothing() {
    let datagram = datagrams().remove(0);
    let mut answer = Answer::default();
    read(&datagram, &mut answer).unwrap();
    let info = vec![9; 232];
    assert!(quiet(&info).is_some() && traffic(&info).unwrap().data_segments.is_some());
    // Linux 2.6 has 104 octets.
    assert!(quiet(&info[..104]).is_some() && traffic(&info[..104]).unwrap().data_segments.is_none());
    assert_eq!((quiet(&info[..59]), traffic(&info[..71])), (None, None));
    assert_eq!((quiet(&[]), traffic(&[])), (None, None));
}

#[test]
fn a_refusal_is_an_error_and_the_end_is_the_end() {
    let mut answer = Answer::default();
    assert_eq!(read(&message(ERROR, 0, &(-2_i32).to_ne_bytes()), &mut answer), Err(2));
    assert_eq!(read(&message(DONE, 2, &(-22_i32).to_ne_bytes()), &mut answer), Err(22));
    assert_eq!(read(&message(DONE, 2, &0_i32.to_ne_bytes()), &mut answer), Ok(true));
    assert_eq!(read(&message(DONE, 2, &[]), &mut answer), Ok(true));
    assert_eq!(read(&message(ERROR, 0, &i32::MIN.to_ne_bytes()), &mut answer), Err(i32::MAX));
    assert_eq!(answer, Answer::default());
}

#[test]
fn an_interruption_is_noticed_wherever_it_is_said() {
    for kind in [DONE, SOCK_DIAG_BY_FAMILY, 99] {
        let mut answer = Answer::default();
        read(&message(kind, NLM_F_DUMP_INTR, &[0; 4]), &mut answer).unwrap();
        assert!(answer.interrupted, "{kind}");
    }
}

#[test]
fn whatever_is_cut_off_or_broken_is_left_out() {
    let datagram = datagrams().into_iter().max_by_key(Vec::len).unwrap();
    let whole = {
        let mut answer = Answer::default();
        read(&datagram, &mut answer).unwrap();
        answer.sockets.len()
    };
    for length in 0..datagram.len() {
        let mut answer = Answer::default();
        let _ = read(&datagram[..length], &mut answer);
        assert!(answer.sockets.len() <= whole && answer.unreadable <= 1, "{length}");
    }
    for place in 0..datagram.len() {
        for value in [0x00, 0x01, 0x7F, 0x80, 0xFF] {
            let mut broken = datagram.clone();
            broken[place] = value;
            let mut answer = Answer::default();
            let _ = read(&broken, &mut answer);
            for socket in &answer.sockets {
                let _ = (socket.keepalive(), socket.elapsed(), crate::sockets::like_ss(socket.timer));
            }
        }
    }
}

#[test]
fn what_the_kernel_never_sends_is_counted() {
    for payload in [&[][..], &[2; 71], &[99; 72]] {
        let mut answer = Answer::default();
        read(&message(SOCK_DIAG_BY_FAMILY, 0, payload), &mut answer).unwrap();
        assert_eq!((answer.sockets.len(), answer.unreadable), (0, 1), "{}", payload.len());
    }
}
