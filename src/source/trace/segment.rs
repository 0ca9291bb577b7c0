//! What a line says about a segment.

use super::words::{Words, number, pair, unhex, unquote};

/// The control bits, as in the header's 14th octet, and their letters.
const FLAGS: [(char, u8); 6] = [('F', 0x01), ('S', 0x02), ('R', 0x04), ('P', 0x08), ('.', 0x10), ('U', 0x20)];
const FIN: u8 = 0x01;
const SYN: u8 = 0x02;
const ACK: u8 = 0x10;

/// How much data a segment may carry: an IPv4 packet of 65,535 octets with the longest TCP header holds it.
const MAX_DATA: u32 = 65_535 - 20 - 60;
/// How many octets of options a TCP header has room for.
const MAX_OPTIONS: usize = 40;

/// A segment, with absolute sequence numbers.
#[derive(Debug)]
pub(super) struct Segment {
    pub(super) flags: u8,
    pub(super) seq: u32,
    /// 0 without ACK.
    pub(super) ack: u32,
    pub(super) window: u16,
    /// As in the header, padded to whole words.
    pub(super) options: Vec<u8>,
    pub(super) data: Vec<u8>,
    pub(super) ttl: u8,
    /// The IP identification, where the line gives one.
    pub(super) id: Option<u16>,
}

impl Segment {
    /// Reads flags, numbers and all that follows them. `own` and `other` are the initial sequence numbers of sender and receiver.
    pub(super) fn parse(words: &mut Words<'_>, own: u32, other: u32) -> Result<Self, String> {
        let flags = parse_flags(words.word("flags")?)?;
        let (first, len) = parse_numbers(words.word("first:end(length)")?, flags)?;
        let mut segment = Self {
            flags,
            seq: own.wrapping_add(first),
            ack: 0,
            window: 64_240,
            options: Vec::new(),
            data: vec![b'x'; len as usize],
            ttl: 64,
            id: None,
        };
        let mut ack = None;
        while let Some(word) = words.next_word()? {
            match word {
                "ack" => ack = Some(words.number::<u32>("an acknowledgement number")?),
                "win" => segment.window = words.number("a window")?,
                "ttl" => segment.ttl = words.number("a TTL")?,
                "id" => segment.id = Some(words.number("an IP ID")?),
                "data" => segment.data = unquote(words.word("the data")?)?,
                "hex" => segment.data = unhex(words.word("the data")?)?,
                options if options.starts_with('<') => segment.options = parse_options(options, other)?,
                unknown => return Err(format!("'{unknown}' is not understood here")),
            }
        }
        match (ack, flags & ACK != 0) {
            (Some(ack), true) => segment.ack = other.wrapping_add(ack),
            (None, false) => {}
            (Some(_), false) => return Err("ack N needs the flag '.'".to_owned()),
            (None, true) => return Err("the flag '.' needs ack N".to_owned()),
        }
        if segment.data.len() != len as usize {
            return Err(format!("the data has {} octets, the segment {len}", segment.data.len()));
        }
        Ok(segment)
    }
}

fn parse_flags(word: &str) -> Result<u8, String> {
    word.chars().try_fold(0, |flags, letter| match FLAGS.iter().find(|(known, _)| *known == letter) {
        Some((_, bit)) => Ok(flags | bit),
        None => Err(format!("'{letter}' is no flag (those are S F R P U and '.')")),
    })
}

/// `first:end(length)`: the relative number of the first octet, and the length.
fn parse_numbers(word: &str, flags: u8) -> Result<(u32, u32), String> {
    const WHAT: &str = "first:end(length)";
    let wrong = || format!("'{word}' is not {WHAT}");
    let (numbers, len) = word.strip_suffix(')').and_then(|word| word.split_once('(')).ok_or_else(wrong)?;
    let (first, end): (u32, u32) = pair(numbers, ":", WHAT)?;
    let len: u32 = number(len, WHAT)?;
    if len > MAX_DATA {
        return Err(format!("no segment carries {len} octets"));
    }
    let end_of_data = first.wrapping_add(len);
    let occupied = u32::from(flags & SYN != 0) + u32::from(flags & FIN != 0);
    if end != end_of_data && end != end_of_data.wrapping_add(occupied) {
        return Err(format!("{first} and {len} octets do not end at {end}"));
    }
    Ok((first, len))
}

/// `<…>`: options separated by commas, as octets. SACK edges are relative to the receiver's initial sequence number.
fn parse_options(word: &str, other: u32) -> Result<Vec<u8>, String> {
    let inner = word.trim_start_matches('<').trim_end_matches('>');
    let mut octets = Vec::new();
    for option in inner.split(',').map(str::trim).filter(|option| !option.is_empty()) {
        let (name, values) = option.split_once(char::is_whitespace).unwrap_or((option, ""));
        let values = values.trim();
        match name {
            "nop" => octets.push(1),
            "mss" => {
                octets.extend([2, 4]);
                octets.extend(number::<u16>(values, "an MSS")?.to_be_bytes());
            }
            "wscale" => octets.extend([3, 3, number(values, "a window scale")?]),
            "sackOK" => octets.extend([4, 2]),
            "sack" => {
                let edges: Vec<u8> = values
                    .split_whitespace()
                    .map(|block| pair::<u32>(block, ":", "a SACK block L:R"))
                    .flat_map(|block| match block {
                        Ok((left, right)) => [Ok(left), Ok(right)],
                        Err(wrong) => [Err(wrong.clone()), Err(wrong)],
                    })
                    .map(|edge| edge.map(|edge| other.wrapping_add(edge).to_be_bytes()))
                    .collect::<Result<Vec<_>, _>>()?
                    .concat();
                let len = u8::try_from(edges.len() + 2).map_err(|_| "too many SACK blocks")?;
                octets.extend([5, len]);
                octets.extend(edges);
            }
            "ts" => {
                let (value, echo): (u32, u32) = pair(values, "/", "time stamps VALUE/ECHO")?;
                octets.extend([8, 10]);
                octets.extend(value.to_be_bytes());
                octets.extend(echo.to_be_bytes());
            }
            other => return Err(format!("'{other}' is no option")),
        }
    }
    octets.resize(octets.len().next_multiple_of(4), 1);
    if octets.len() > MAX_OPTIONS {
        return Err(format!("{} octets of options, and a header has room for {MAX_OPTIONS}", octets.len()));
    }
    Ok(octets)
}
