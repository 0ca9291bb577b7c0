//! Why an interface cannot be captured on.

use std::fmt;

/// Why a capture could not be opened.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum OpenError {
    /// The system does not let this user capture: on Linux the capability `CAP_NET_RAW` is missing.
    Permission,
    /// There is no such interface: its name and the names there are. Text from outside: escape before printing.
    NoSuchInterface {
        /// As asked for.
        name: String,
        /// As the system has them.
        known: Vec<String>,
    },
    /// Anything else, as libpcap says it. Text from outside: escape before printing.
    Other(String),
}

impl fmt::Display for OpenError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Permission => f.write_str("no permission to capture"),
            Self::NoSuchInterface { name, known } if known.is_empty() => {
                write!(f, "no interface '{name}' (none can be captured on)")
            }
            Self::NoSuchInterface { name, known } => {
                write!(f, "no interface '{name}' (there are: {})", known.join(", "))
            }
            Self::Other(text) => f.write_str(text),
        }
    }
}

impl std::error::Error for OpenError {}

impl OpenError {
    /// What libpcap's complaint means. The `pcap` crate hands on its words, not its number.
    pub(super) fn of(error: pcap::Error) -> Self {
        let text = complaint(error);
        let lower = text.to_lowercase();
        let is_permission =
            ["permission", "not permitted", "cap_net_raw"].iter().any(|words| lower.contains(words));
        if is_permission { Self::Permission } else { Self::Other(text) }
    }
}

/// libpcap's own words, without the crate's.
pub(super) fn complaint(error: pcap::Error) -> String {
    match error {
        pcap::Error::PcapError(text) if text.is_empty() => "libpcap failed and does not say why".to_owned(),
        pcap::Error::PcapError(text) => text.replace('\n', " "),
        other => other.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(text: &str, expected: &OpenError) {
        assert_eq!(OpenError::of(pcap::Error::PcapError(text.to_owned())), *expected);
    }

    #[test]
    fn a_lack_of_permission_is_told_from_other_trouble_by_libpcaps_words() {
        // 1.8 to 1.9, 1.10, and the text pcap_strerror has for PCAP_ERROR_PERM_DENIED.
        check("socket: Operation not permitted", &OpenError::Permission);
        check("Attempt to create packet socket failed - CAP_NET_RAW may be required", &OpenError::Permission);
        check("(cannot open BPF device) /dev/bpf0: Permission denied", &OpenError::Permission);
        check("You don't have permission to perform this capture on that device", &OpenError::Permission);
        let other = "That device is not up";
        check(other, &OpenError::Other(other.to_owned()));
    }

    #[test]
    fn an_unknown_interface_is_said_with_those_that_exist() {
        let known = vec!["lo".to_owned(), "any".to_owned()];
        let error = OpenError::NoSuchInterface { name: "eth9".to_owned(), known };
        assert_eq!(error.to_string(), "no interface 'eth9' (there are: lo, any)");
    }
}
