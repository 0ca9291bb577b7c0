//! Frames that are changed, random, or nested without end.

use super::capture::{Sample, Shot};
use super::packet;
use super::random::Random;

const LINKS: [u16; 19] =
    [0, 1, 9, 12, 14, 50, 51, 101, 104, 105, 108, 113, 127, 147, 228, 229, 276, 7, 65535];

const TRACE: &str = "
    0.000 A S  0:1(0) <mss 1460,ts 100/0,wscale 7,sackOK>
    0.010 B S. 0:1(0) ack 1 <mss 1460,ts 900/100,wscale 7,sackOK>
    0.020 A P. 1:12(11) ack 1 <ts 110/900>
    0.030 B .  1:1(0) ack 12 win 0 <ts 910/110,sack 3:4 5:6>
   60.000 A .  11:11(0) ack 1
   60.010 B .  1:1(0) ack 12
  120.000 A .  11:12(1) ack 1 hex 00
  120.001 R icmp 3/1 of 120.000
  130.000 A .  11:12(1) ack 1 hex 00
  130.010 B .  1:1(0) ack 12 <sack 11:12>
  131.000 B F. 1:2(0) ack 12
  140.000 A R. 12:12(0) ack 2
";

/// The same flow, plain and in everything that can be around it.
fn bases() -> Vec<Shot> {
    let plain = Sample::from_trace("plain", TRACE).shots;
    let v6 =
        Sample::from_trace("v6", &format!("addr A [fd00::1]:40000\naddr B [fd00::2]:443\n{TRACE}")).shots;
    let wraps: [fn(&Shot) -> Shot; 6] =
        [Shot::clone, packet::ethernet, packet::vlan, packet::qinq, packet::vxlan, packet::gre];
    plain.iter().chain(&v6).flat_map(|shot| wraps.map(|wrap| wrap(shot))).collect()
}

fn analyse(shots: Vec<Shot>) -> [u64; 4] {
    let sample = Sample { name: "broken".to_owned(), shots };
    let capture = sample.analyse().capture;
    [capture.frames, capture.segments, capture.icmp_errors, capture.duplicates]
}

/// Numbers the frames, which reports are told by.
fn numbered(mut shots: Vec<Shot>) -> Vec<Shot> {
    (1..).zip(&mut shots).for_each(|(number, shot)| shot.origin = number);
    shots
}

#[test]
fn frames_may_be_damaged_anywhere() {
    let bases = bases();
    let mut random = Random(4);
    for _ in 0..40 {
        let mut shots = Vec::new();
        for base in &bases {
            for _ in 0..4 {
                let mut shot = base.clone();
                random.damage(&mut shot.data);
                shot.ts += random.below(1 << 40) as i64 - (1 << 39);
                shots.push(shot);
            }
        }
        let expected = shots.len() as u64;
        assert_eq!(analyse(numbered(shots))[0], expected);
    }
}

/// Mostly the same few flows, so that what numbers, flags and times say contradicts itself in every way.
#[test]
fn segments_may_say_anything() {
    let plain = Sample::from_trace("plain", TRACE).shots;
    let mut random = Random(5);
    for _ in 0..150 {
        let mut shots = Vec::new();
        let mut ts = 0;
        for _ in 0..400 {
            let mut shot = plain[random.below(plain.len())].clone();
            let Some(tcp) = packet::tcp_of(&shot).filter(|tcp| !tcp.is_quoted) else {
                shots.push(shot);
                continue;
            };
            for field in [4, 8] {
                let near = random.below(4) as u32;
                let far = if random.below(20) == 0 { random.next() as u32 } else { 1000 };
                let number = far.wrapping_add(near);
                shot.data[tcp.at + field..tcp.at + field + 4].copy_from_slice(&number.to_be_bytes());
            }
            if random.below(3) == 0 {
                shot.data[tcp.at + 13] =
                    [0x10, 0x10, 0x11, 0x18, 0x14, 0x04, 0x02, 0x12, 0xFF, 0][random.below(10)];
            }
            if random.below(4) == 0 {
                shot.data[tcp.at + 14] = 0;
                shot.data[tcp.at + 15] = 0;
            }
            ts += [
                0,
                4_000,
                200_000_000,
                1_000_000_000,
                10_000_000_000,
                60_000_000_000,
                -5_000_000_000,
                i64::MAX / 9000,
            ][random.below(8)];
            shot.ts = ts;
            shots.push(shot);
        }
        analyse(numbered(shots));
    }
}

#[test]
fn frames_may_be_random() {
    let mut random = Random(6);
    let mut shots = Vec::new();
    for _ in 0..20_000 {
        let len = random.below(120);
        let mut data = random.bytes(len);
        if let Some(first) = data.first_mut() {
            // Else nearly all of them would end at the first octet.
            *first = [0x45, 0x60, 0x4F, *first][random.below(4)];
        }
        if let Some(protocol) = data.get_mut(9) {
            *protocol = [6, 1, 17, 47, 4, 41, 58, 0][random.below(8)];
        }
        shots.push(Shot {
            origin: 0,
            ts: random.next() as i64,
            link: LINKS[random.below(LINKS.len())],
            wire_len: [len as u32, u32::MAX, 0, 65_535][random.below(4)],
            data,
        });
    }
    assert_eq!(analyse(numbered(shots))[0], 20_000);
}

#[test]
fn frames_may_be_cut_anywhere() {
    let shots: Vec<Shot> =
        bases().iter().flat_map(|shot| (0..shot.data.len()).map(|len| packet::snap(shot, len))).collect();
    let frames = shots.len() as u64;
    assert_eq!(analyse(numbered(shots))[0], frames);
}

/// `head` again and again in front of a probe: layers without end are no reason to recurse without end.
#[test]
fn layers_may_be_nested_without_end() {
    let plain = &Sample::from_trace("plain", TRACE).shots[0];
    let on = |link: u16, head: &[u8], times: usize, tail: &[u8]| {
        let data = [&head.repeat(times), tail].concat();
        Shot { link, wire_len: data.len() as u32, data, ..plain.clone() }
    };
    let macs = [2_u8; 12];
    let inner = &plain.data;
    let ip_in_ip = [0x45, 0, 0xFF, 0xFF, 0, 1, 0, 0, 64, 4, 0, 0, 1, 1, 1, 1, 2, 2, 2, 2];
    let gre = [&[0x45, 0, 0xFF, 0xFF, 0, 1, 0, 0, 64, 47, 0, 0, 1, 1, 1, 1, 2, 2, 2, 2][..], &[0, 0, 8, 0]]
        .concat();
    let options_v6 = [0x60, 0, 0, 0, 0xFF, 0xFF, 0, 64];
    let v6 = [&options_v6[..], &[1; 32]].concat();
    let v6_in_v6 = [&[0x60, 0, 0, 0, 0xFF, 0xFF, 41, 64][..], &[1; 32]].concat();
    let vxlan = {
        let udp_in_ip = [0x45, 0, 0xFF, 0xFF, 0, 1, 0, 0, 64, 17, 0, 0, 1, 1, 1, 1, 2, 2, 2, 2];
        let udp = [0xC0, 1, 0x12, 0xB5, 0xFF, 0xF0, 0, 0, 8, 0, 0, 0, 0, 0, 42, 0];
        [&udp_in_ip[..], &udp, &macs, &[8, 0]].concat()
    };
    let tagged = |tag: &[u8], times| {
        let frame = on(1, tag, times, &[&[8, 0], &inner[..]].concat());
        Shot { data: [&macs[..], &frame.data].concat(), wire_len: frame.wire_len + 12, ..frame }
    };
    let mut shots = Vec::new();
    for times in [1, 7, 8, 9, 15, 16, 17, 64, 500, 3000] {
        shots.push(tagged(&[0x81, 0, 0, 7], times));
        shots.push(tagged(&[0x88, 0xA8, 0, 7], times));
        let labels = on(1, &[0, 1, 0, 64], times, &[&[0, 1, 1, 64], &inner[..]].concat());
        shots.push(Shot { data: [&macs[..], &[0x88, 0x47], &labels.data].concat(), ..labels });
        shots.push(on(101, &ip_in_ip, times, inner));
        shots.push(on(101, &gre, times, inner));
        shots.push(on(101, &v6_in_v6, times, inner));
        shots.push(on(101, &vxlan, times, inner));
        let extensions =
            on(101, &[0, 0, 1, 4, 0, 0, 0, 0], times, &[&[6, 0, 1, 4, 0, 0, 0, 0], &inner[20..]].concat());
        shots.push(Shot { data: [&v6[..], &extensions.data].concat(), ..extensions });
        let fragments = on(101, &[44, 0, 0, 0, 0, 0, 0, 1], times, &inner[20..]);
        shots.push(Shot { data: [&v6[..], &fragments.data].concat(), ..fragments });
    }
    for shot in &mut shots {
        shot.wire_len = shot.data.len() as u32;
    }
    let frames = shots.len() as u64;
    let [counted, segments, ..] = analyse(numbered(shots));
    assert_eq!(counted, frames);
    assert!(0 < segments && segments < frames, "{segments} of {frames} frames are read");
}
