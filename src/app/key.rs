//! `--anonymize`: the key that other addresses are made with.

use super::Error;
use crate::anonymize::{Anonymizer, KEY_LEN, WeakKey};
use std::fmt;
use std::fs::File;
use std::io::{self, Read};
use std::path::Path;

/// What asks for a key that nobody will ever know.
const RANDOM: &str = "random";

/// A key, of two halves that differ.
#[derive(Clone)]
pub(super) struct Key([u8; KEY_LEN]);

impl fmt::Debug for Key {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Key(…)")
    }
}

impl Key {
    /// The key in the file at `path`, or a new one.
    pub(super) fn load(path: &Path) -> Result<Self, Error> {
        let mut key = [0; KEY_LEN];
        if path.as_os_str() == RANDOM {
            getrandom::fill(&mut key)
                .map_err(|e| Error::io("cannot make a key", io::Error::other(e.to_string())))?;
        } else {
            let name = path.display();
            let failed = |e| {
                let hint = "make one with: head -c 32 /dev/urandom >KEYFILE";
                Error::io(format!("cannot read the key in {name} ({hint})"), e)
            };
            let mut bytes = Vec::new();
            // Room for 64 digits and a line end; what is longer is no key.
            File::open(path).map_err(failed)?.take(128).read_to_end(&mut bytes).map_err(failed)?;
            key = parse(&bytes).ok_or_else(|| {
                Error::Usage(format!(
                    "{name}: a key is {KEY_LEN} bytes, or {} hexadecimal digits",
                    2 * KEY_LEN
                ))
            })?;
        }
        let _ =
            Anonymizer::new(key).map_err(|WeakKey| Error::Usage(format!("{}: {WeakKey}", path.display())))?;
        Ok(Self(key))
    }

    /// What gives addresses substitutes by this key.
    pub(super) fn anonymizer(&self) -> Anonymizer {
        Anonymizer::new(self.0).expect("checked when it was loaded")
    }
}

fn parse(bytes: &[u8]) -> Option<[u8; KEY_LEN]> {
    if let Ok(key) = bytes.try_into() {
        return Some(key);
    }
    let digits = bytes.trim_ascii();
    if digits.len() != 2 * KEY_LEN {
        return None;
    }
    let digit = |byte: &u8| char::from(*byte).to_digit(16).map(|digit| digit as u8);
    let mut key = [0; KEY_LEN];
    for (byte, pair) in key.iter_mut().zip(digits.chunks_exact(2)) {
        let [high, low] = pair else { return None };
        *byte = digit(high)? << 4 | digit(low)?;
    }
    Some(key)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_is_bytes_or_digits() {
        let key: [u8; KEY_LEN] = std::array::from_fn(|i| i as u8 * 7);
        let digits: String = key.iter().map(|byte| format!("{byte:02x}")).collect();
        for written in
            [key.to_vec(), digits.clone().into_bytes(), format!("{}\n", digits.to_uppercase()).into_bytes()]
        {
            assert_eq!(parse(&written), Some(key));
        }
        for wrong in [&key[1..], &digits.as_bytes()[1..], digits.replace('0', "g").as_bytes(), b""] {
            assert_eq!(parse(wrong), None);
        }
    }
}
