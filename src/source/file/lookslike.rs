//! What a file that is no capture looks like: the one line that saves its owner a guess.

/// How many bytes of a file are enough to tell.
pub(super) const ENOUGH: usize = 512;

/// First bytes, and what of captures they mean: other formats of them, and what they may be packed in. Longer ones stand before shorter ones
/// they begin with.
const OF_CAPTURES: &[(&[u8], &str)] = &[
    (b"snoop\0\0\0", "looks like a snoop capture (convert it with: editcap -F pcap)"),
    (b"GMBU", "looks like a Network Monitor capture (convert it with: editcap -F pcap)"),
    (b"RTSS", "looks like a Network Monitor capture (convert it with: editcap -F pcap)"),
    (b"XCP\0", "looks like a NetXRay capture (convert it with: editcap -F pcap)"),
    (b"iptrace ", "looks like an AIX iptrace capture (convert it with: editcap -F pcap)"),
    (b"TRSNIFF data", "looks like a Sniffer capture (convert it with: editcap -F pcap)"),
    (b"\x1C\x00\x01\xAC", "looks like an Ixia capture (convert it with: editcap -F pcap)"),
    (b"\x1C\x00\x01\xAB", "looks like an Ixia capture (convert it with: editcap -F pcap)"),
    (b"\xAC\x01\x00\x1C", "looks like an Ixia capture (convert it with: editcap -F pcap)"),
    (b"\xAB\x01\x00\x1C", "looks like an Ixia capture (convert it with: editcap -F pcap)"),
    (b"\x34\xB2\xA1", "looks like a variant of pcap that is not known"),
    (b"BZh", "looks like bzip2 data (known are gzip, zstd, xz and lz4)"),
    (b"\x1F\x9D", "looks like compress'ed data (known are gzip, zstd, xz and lz4)"),
    (b"\x02\x21\x4C\x18", "looks like lz4 data of the old format (known is the frame format)"),
    (b"LZIP", "looks like lzip data (known are gzip, zstd, xz and lz4)"),
    (b"7z\xBC\xAF\x27\x1C", "looks like a 7-Zip archive: unpack it first"),
    (b"PK\x03\x04", "looks like a ZIP archive: unpack it first"),
    (b"Rar!", "looks like a RAR archive: unpack it first"),
    (b"\x1F\x8B", "looks like gzip data"),
    (b"\x28\xB5\x2F\xFD", "looks like zstd data"),
    (b"\xFD7zXZ\0", "looks like xz data"),
    (b"\x04\x22\x4D\x18", "looks like lz4 data"),
];

/// First bytes of what never holds a capture.
const OF_OTHERS: &[(&[u8], &str)] = &[
    (b"\x7FELF", "looks like an ELF program"),
    (b"MZ", "looks like a Windows program"),
    (b"\x89PNG", "looks like a PNG image"),
    (b"\xFF\xD8\xFF", "looks like a JPEG image"),
    (b"GIF8", "looks like a GIF image"),
    (b"%PDF", "looks like a PDF document"),
    (b"SQLite format 3\0", "looks like an SQLite database"),
];

/// What a file that begins with `start` looks like, as it is said after "not a capture: ". `start` holds the first [`ENOUGH`] bytes,
/// or all there are; not none.
pub(super) fn looks_like(start: &[u8]) -> String {
    if let Some(what) = by_magic(OF_CAPTURES, start).or_else(|| by_magic(OF_OTHERS, start)) {
        return what.to_owned();
    }
    if let Some(what) = looks_like_text(start) {
        return what.to_owned();
    }
    if start.iter().all(|octet| *octet == 0) {
        return "nothing but zeros at its start".to_owned();
    }
    if is_erf(start) {
        return "looks like an ERF capture (convert it with: editcap -F pcap)".to_owned();
    }
    if start.len() < super::legacy::FILE_HEADER {
        return format!("too short ({} bytes)", start.len());
    }
    let first: Vec<String> = start.iter().take(8).map(|octet| format!("{octet:02x}")).collect();
    format!("starts with {}", first.join(" "))
}

fn by_magic(magics: &[(&'static [u8], &'static str)], start: &[u8]) -> Option<&'static str> {
    magics.iter().find(|(magic, _)| start.starts_with(magic)).map(|(_, what)| *what)
}

/// Whether a file that begins with `start` is of a kind that never holds a capture. What cannot be told may be a damaged one.
pub(super) fn is_of_another_kind(start: &[u8]) -> bool {
    let is_text = looks_like_text(start).is_some_and(|what| what != LFS_POINTER);
    by_magic(OF_CAPTURES, start).is_none() && (is_text || by_magic(OF_OTHERS, start).is_some())
}

/// It stands for a file, which may be a capture.
const LFS_POINTER: &str = "looks like a Git LFS pointer: fetch the file itself";

fn looks_like_text(start: &[u8]) -> Option<&'static str> {
    let text = match std::str::from_utf8(start) {
        Ok(text) => text,
        // The last character may be cut.
        Err(error) if error.error_len().is_none() => {
            std::str::from_utf8(start.get(..error.valid_up_to())?).ok()?
        }
        Err(_) => return None,
    };
    if text.is_empty() || text.chars().any(|c| c.is_control() && !c.is_ascii_whitespace() && c != '\x1B') {
        return None;
    }
    let text = text.trim_start_matches('\u{FEFF}').trim_start();
    Some(if text.starts_with("version https://git-lfs") {
        LFS_POINTER
    } else if text.starts_with("<!DOCTYPE html") || text.starts_with("<html") {
        "looks like a web page"
    } else if text.starts_with('<') {
        "looks like XML"
    } else if text.starts_with(['{', '[']) {
        "looks like JSON"
    } else {
        "looks like text"
    })
}

/// ERF has no magic number, but its records follow one another: eight octets of time, a type (1 to 48, bit 7: extension headers follow), and the
/// record's length at 10, at least that of its header. At least the first record must end where it can be seen.
fn is_erf(start: &[u8]) -> bool {
    let mut rest = Some(start);
    let mut whole = 0;
    while let Some([_, _, _, _, _, _, _, _, kind, _, len_high, len_low, ..]) =
        rest.and_then(<[u8]>::first_chunk::<16>)
    {
        let len = u16::from_be_bytes([*len_high, *len_low]);
        if !(1..=48).contains(&(kind & 0x7F)) || len < 16 {
            return false;
        }
        rest = rest.and_then(|rest| rest.get(len.into()..));
        whole += usize::from(rest.is_some());
    }
    whole > 0
}

#[cfg(test)]
mod tests {
    use super::looks_like;

    #[track_caller]
    fn check(start: &[u8], expected: &str) {
        assert_eq!(looks_like(start), expected);
    }

    #[test]
    fn what_people_give_by_mistake_is_named() {
        check(b"10:00:00.1 IP 10.0.0.1.40000 > 10.0.0.2.443", "looks like text");
        check("Grüße".as_bytes().split_at(4).0, "looks like text");
        check(b"  {\"a\": 1}", "looks like JSON");
        check(b"<?xml version='1.0'?>", "looks like XML");
        check(b"<!DOCTYPE html><title>404", "looks like a web page");
        check(b"\x7FELF\x02\x01\x01\0\0\0\0\0\0\0\0\0", "looks like an ELF program");
        check(b"\x1F\x8B\x08\0", "looks like gzip data");
        check(b"snoop\0\0\0\0\0\0\x02", "looks like a snoop capture (convert it with: editcap -F pcap)");
        let erf = [&[7; 8][..], &[2, 4, 0, 20, 0, 0, 0, 4, 0, 0, 1, 2]].concat().repeat(3);
        check(&erf, "looks like an ERF capture (convert it with: editcap -F pcap)");
        check(&[0; 100], "nothing but zeros at its start");
        check(&[1, 2, 3], "too short (3 bytes)");
        check(&[0xEE; 30], "starts with ee ee ee ee ee ee ee ee");
    }
}
