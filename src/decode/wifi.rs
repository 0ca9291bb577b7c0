//! 802.11 data frames in the clear, with or without a radiotap header.

use super::reader::Reader;
use super::surroundings::{Found, Surroundings};
use super::{Skip, ethernet};

/// An 802.11 frame from its frame control on (IEEE 802.11 §9.2).
pub(super) fn read(reader: Reader<'_>, around: &mut Surroundings<'_>) -> Found {
    mac(reader, false, around)
}

/// An 802.11 frame behind a radiotap header (<https://www.radiotap.org>), whose numbers are little-endian.
pub(super) fn radiotap(mut reader: Reader<'_>, around: &mut Surroundings<'_>) -> Found {
    let [version, _, len @ ..]: [u8; 4] = reader.take()?;
    if version != 0 {
        return Err(Skip::NotIp);
    }
    let len = usize::from(u16::from_le_bytes(len)).checked_sub(4).ok_or(Skip::Malformed)?;
    let fields = reader.slice(len)?;
    mac(reader, radiotap_flags(fields).unwrap_or(0) & DATA_PAD != 0, around)
}

/// The radiotap field `Flags` (bit 1); `fields` starts at the presence words, four octets into the header.
fn radiotap_flags(fields: &[u8]) -> Option<u8> {
    let mut words = fields.chunks_exact(4);
    let present = *words.next()?.first()?;
    if present & 0b10 == 0 {
        return None;
    }
    let mut at = 4_usize;
    let mut last_of_word = *fields.get(3)?;
    while last_of_word & 0x80 != 0 {
        last_of_word = *words.next()?.get(3)?;
        at += 4;
    }
    // TSFT (bit 0) stands first, aligned to eight octets from the start of the header.
    if present & 0b01 != 0 {
        at = (at + 4).next_multiple_of(8) - 4 + 8;
    }
    fields.get(at).copied()
}

/// The MAC header; `padded` where the driver filled it up to a multiple of four.
fn mac(mut reader: Reader<'_>, padded: bool, around: &mut Surroundings<'_>) -> Found {
    let [control, flags] = reader.peek()?;
    let has_data = control & 0b0100_1111 == DATA;
    if !has_data || flags & PROTECTED != 0 {
        return Err(Skip::NotIp);
    }
    let qos = control & QOS != 0;
    let four_addresses = flags & BETWEEN_SYSTEMS == BETWEEN_SYSTEMS;
    reader.skip(22)?;
    let fragment = reader.u16()?.swap_bytes() & 0x000F;
    let mut header = 24_usize;
    if four_addresses {
        reader.skip(6)?;
        header += 6;
    }
    let mut aggregate = false;
    if qos {
        aggregate = reader.u16()?.swap_bytes() & A_MSDU != 0;
        header += 2;
        if flags & ORDER != 0 {
            reader.skip(4)?;
            header += 4;
        }
    }
    if padded {
        reader.skip(header.next_multiple_of(4) - header)?;
    }
    if fragment != 0 {
        return Err(Skip::Fragment);
    }
    if aggregate {
        // Of an aggregate only the first subframe is read: a frame holds one segment.
        reader.skip(14)?;
    }
    let ether_type = ethernet::llc(&mut reader)?;
    ethernet::payload(ether_type, reader, around)
}

/// Frame control, first octet: version 0, type data, and no subtype without data.
const DATA: u8 = 0b0000_1000;
/// Frame control, first octet: QoS.
const QOS: u8 = 0x80;
/// Frame control, second octet: to and from the distribution system, so there is a fourth address.
const BETWEEN_SYSTEMS: u8 = 0x03;
/// Frame control, second octet: encrypted.
const PROTECTED: u8 = 0x40;
/// Frame control, second octet: in a QoS frame, an HT control field follows.
const ORDER: u8 = 0x80;
/// QoS control: the body is a row of subframes.
const A_MSDU: u16 = 0x80;
/// Radiotap flags: padding between MAC header and body.
const DATA_PAD: u8 = 0x20;

#[cfg(test)]
mod tests {
    use super::super::testing::*;
    use super::Skip;

    fn body() -> Vec<u8> {
        join(&[&[0xAA, 0xAA, 3, 0, 0, 0, 8, 0], &v4(TCP, &probe())])
    }

    #[test]
    fn data_frames_of_every_header_length() {
        assert_probe(105, &join(&[&[0x08, 0x01], &[0; 22], &body()]));
        assert_probe(105, &join(&[&[0x08, 0x03], &[0; 28], &body()]));
        assert_probe(105, &join(&[&[0x88, 0x02], &[0; 24], &body()]));
        assert_probe(105, &join(&[&[0x88, 0x82], &[0; 28], &body()]));
        assert_probe(105, &join(&[&[0x88, 0x02], &[0; 22], &[0x80, 0], &[0; 14], &body()]));
    }

    #[test]
    fn beacons_null_data_ciphertext_and_later_fragments() {
        assert_skip(105, &join(&[&[0x80, 0x00], &[0; 22], &body()]), Skip::NotIp);
        assert_skip(105, &join(&[&[0x48, 0x01], &[0; 22], &body()]), Skip::NotIp);
        assert_skip(105, &join(&[&[0x08, 0x41], &[0; 22], &body()]), Skip::NotIp);
        assert_skip(105, &join(&[&[0x08, 0x01], &[0; 20], &[1, 0], &body()]), Skip::Fragment);
    }

    #[test]
    fn radiotap_with_and_without_padding() {
        let mac = join(&[&[0x88, 0x02], &[0; 24]]);
        assert_probe(127, &join(&[&[0, 0, 8, 0, 0, 0, 0, 0], &mac, &body()]));
        // TSFT and flags present, behind a second presence word; the flags say "data pad".
        let header = [0, 0, 25, 0, 3, 0, 0, 0x80, 0, 0, 0, 0, 0, 0, 0, 0, 9, 9, 9, 9, 9, 9, 9, 9, 0x20];
        let short = [0, 0, 17, 0, 3, 0, 0, 0, 9, 9, 9, 9, 9, 9, 9, 9, 0x20];
        for radio in [&header[..], &short] {
            assert_probe(127, &join(&[radio, &mac, &[0, 0], &body()]));
        }
        assert_skip(127, &join(&[&[1, 0, 8, 0, 0, 0, 0, 0], &mac, &body()]), Skip::NotIp);
        assert_skip(127, &join(&[&[0, 0, 3, 0, 0, 0, 0, 0], &mac, &body()]), Skip::Malformed);
    }
}
