//! MPLS (RFC 3032), with IP or an Ethernet pseudowire (RFC 4448) inside.

use crate::decode::encapsulation::Layer;
use crate::decode::reader::Reader;
use crate::decode::surroundings::{Found, Surroundings};
use crate::decode::{Skip, ethernet, ip};

/// A label stack. Nothing in it says what it carries, so the first bits behind it have to: 4 and 6 are IP; 0 is the
/// control word of a pseudowire, or the first bits of an Ethernet address in one without. The EtherType decides.
pub(in crate::decode) fn read(mut reader: Reader<'_>, around: &mut Surroundings<'_>) -> Found {
    around.dive()?;
    loop {
        let entry = reader.u32()?;
        around.tag(Layer::Mpls(entry >> 12));
        if entry & BOTTOM_OF_STACK != 0 {
            break;
        }
    }
    match reader.peek()? {
        [0x40..=0x4F | 0x60..=0x6F] => ip::read(reader, around),
        [0x00..=0x0F] => {
            let mut behind_control_word = reader;
            behind_control_word.skip(CONTROL_WORD)?;
            if holds_ethernet(behind_control_word)? {
                ethernet::read(behind_control_word, around)
            } else {
                ethernet::read(reader, around)
            }
        }
        [_] => ethernet::read(reader, around),
    }
}

/// Whether what follows reads like an Ethernet frame with IP in it.
fn holds_ethernet(mut reader: Reader<'_>) -> Result<bool, Skip> {
    reader.skip(12)?;
    reader.u16().map(ethernet::leads_to_ip)
}

/// The S bit.
const BOTTOM_OF_STACK: u32 = 0x100;
/// Octets of a pseudowire's control word (RFC 4385).
const CONTROL_WORD: usize = 4;

#[cfg(test)]
mod tests {
    use crate::decode::Skip;
    use crate::decode::ethernet::{IPV4, IPV6, MPLS};
    use crate::decode::testing::*;

    fn label(label: u32, bottom: bool) -> [u8; 4] {
        (label << 12 | u32::from(bottom) << 8 | 64).to_be_bytes()
    }

    #[test]
    fn a_label_stack_around_ip() {
        let one = join(&[&label(17, true), &v4(TCP, &probe())]);
        assert_eq!(assert_probe(1, &ethernet(MPLS, &one)), ["mpls 17"]);
        assert_eq!(assert_probe(1, &ethernet(0x8848, &one)), ["mpls 17"]);
        let two = join(&[&label(16, false), &label(17, true), &v6(TCP, &probe())]);
        assert_eq!(assert_probe(1, &ethernet(MPLS, &two)), ["mpls 16", "mpls 17"]);
        assert_eq!(assert_probe(9, &join(&[&[0xFF, 3, 2, 0x81], &one])), ["mpls 17"]);
        assert_eq!(assert_probe(101, &v4(137, &one)), ["mpls 17"]);
    }

    #[test]
    fn a_pseudowire_with_and_without_control_word() {
        let inner = ethernet(IPV6, &v6(TCP, &probe()));
        for control_word in [&[][..], &[0, 0, 0, 9]] {
            let frame = ethernet(MPLS, &join(&[&label(17, true), control_word, &inner]));
            assert_eq!(assert_probe(1, &frame), ["mpls 17"]);
        }
        let mut other_address = inner;
        other_address[0] = 0xA4;
        assert_probe(1, &ethernet(MPLS, &join(&[&label(17, true), &other_address])));
    }

    #[test]
    fn pseudowires_within_pseudowires_end_at_the_limit() {
        let nest = |n| {
            (0..n).fold(ethernet(IPV4, &v4(TCP, &probe())), |inner, i| {
                ethernet(MPLS, &join(&[&label(i, true), &[0; 4], &inner]))
            })
        };
        assert_probe(1, &nest(8));
        assert_skip(1, &nest(9), Skip::Malformed);
        assert_skip(1, &nest(10_000), Skip::Malformed);
    }

    #[test]
    fn a_stack_without_bottom() {
        assert_skip(1, &ethernet(MPLS, &label(17, false).repeat(20)), Skip::Malformed);
    }
}
