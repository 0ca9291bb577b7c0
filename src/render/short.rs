//! Short strings on the stack: a report of a million flows would otherwise be five million formatted addresses.

use std::fmt;
use std::net::IpAddr;

/// A string of at most `N` bytes. What does not fit is cut; callers choose `N` so that everything does.
#[derive(Clone, Copy)]
pub(super) struct Short<const N: usize> {
    bytes: [u8; N],
    len: usize,
}

impl<const N: usize> Short<N> {
    /// Nothing yet.
    pub(super) const EMPTY: Self = Self { bytes: [0; N], len: 0 };

    /// What was pushed.
    pub(super) fn as_str(&self) -> &str {
        self.bytes.get(..self.len).and_then(|bytes| std::str::from_utf8(bytes).ok()).unwrap_or_default()
    }

    /// Appends ASCII `text`.
    pub(super) fn push(&mut self, text: &str) {
        if let Some(slot) = self.bytes.get_mut(self.len..self.len + text.len()) {
            slot.copy_from_slice(text.as_bytes());
            self.len += text.len();
        }
    }

    /// Appends `number`.
    pub(super) fn push_number(&mut self, number: u16) {
        let digits: usize = match number {
            0..10 => 1,
            10..100 => 2,
            100..1000 => 3,
            1000..10_000 => 4,
            10_000.. => 5,
        };
        let mut rest = number;
        if let Some(slot) = self.bytes.get_mut(self.len..self.len + digits) {
            for digit in slot.iter_mut().rev() {
                *digit = b'0' + (rest % 10) as u8;
                rest /= 10;
            }
            self.len += digits;
        }
    }

    /// Appends `addr` as [`IpAddr`] displays it; four numbers and three dots need no formatter.
    pub(super) fn push_addr(&mut self, addr: IpAddr) {
        match addr {
            IpAddr::V4(v4) => {
                let [a, b, c, d] = v4.octets();
                self.push_number(a.into());
                for octet in [b, c, d] {
                    self.push(".");
                    self.push_number(octet.into());
                }
            }
            IpAddr::V6(v6) => {
                // Only cutting could fail, and that is no error here.
                let _ = fmt::Write::write_fmt(self, format_args!("{v6}"));
            }
        }
    }
}

impl<const N: usize> fmt::Write for Short<N> {
    fn write_str(&mut self, text: &str) -> fmt::Result {
        self.push(text);
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_read_as_the_standard_library_writes_them() {
        for addr in ["0.0.0.0", "10.20.30.40", "255.255.255.255", "::", "2001:db8::1", "::ffff:1.2.3.4"] {
            let mut short = Short::<45>::EMPTY;
            short.push_addr(addr.parse().unwrap());
            assert_eq!(short.as_str(), addr);
        }
    }

    #[test]
    fn numbers_keep_all_their_digits() {
        for number in [0, 9, 10, 99, 100, 999, 1000, 9999, 10_000, u16::MAX] {
            let mut short = Short::<5>::EMPTY;
            short.push_number(number);
            assert_eq!(short.as_str(), number.to_string());
        }
    }

    #[test]
    fn what_does_not_fit_is_left_out() {
        let mut short = Short::<3>::EMPTY;
        short.push("ab");
        short.push("cd");
        assert_eq!(short.as_str(), "ab");
    }
}
