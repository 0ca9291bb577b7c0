//! Where `--metrics` listens.

use std::net::{IpAddr, Ipv4Addr, SocketAddr};

/// Where `--metrics` listens, as it was typed and checked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::app) struct Address(pub(in crate::app) SocketAddr);

/// Reads `ADDR:PORT`. Without an address, `PORT` and `:PORT` are on loopback, and so is `localhost`: names are never resolved.
///
/// # Errors
/// What it should look like.
pub(in crate::app) fn parse(typed: &str) -> Result<Address, String> {
    const LOOPBACK: IpAddr = IpAddr::V4(Ipv4Addr::LOCALHOST);
    let port_only = typed.strip_prefix(':').or_else(|| typed.strip_prefix("localhost:")).unwrap_or(typed);
    let on_loopback = || port_only.parse().ok().map(|port| SocketAddr::new(LOOPBACK, port));
    on_loopback()
        .or_else(|| typed.parse().ok())
        .map(Address)
        .ok_or_else(|| "ADDR:PORT or PORT is needed, such as 127.0.0.1:9464, [::1]:9464 or 9464".to_owned())
}

impl Address {
    /// What to tell whoever listens to others than this machine.
    pub(in crate::app) fn warning(self) -> Option<String> {
        let ip = self.0.ip().to_canonical();
        (!ip.is_loopback()).then(|| {
            let whom =
                if ip.is_unspecified() { "any address of this machine".to_owned() } else { ip.to_string() };
            format!("--metrics {}: whoever reaches {whom} can read the figures, without a password", self.0)
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn without_an_address_it_is_loopback() {
        for typed in ["9464", ":9464", "localhost:9464", "127.0.0.1:9464"] {
            let address = parse(typed).unwrap();
            assert_eq!(address.0.to_string(), "127.0.0.1:9464", "{typed}");
            assert_eq!(address.warning(), None, "{typed}");
        }
        assert_eq!(parse("[::1]:9464").unwrap().warning(), None);
        assert_eq!(parse("[::ffff:127.0.0.1]:9464").unwrap().warning(), None);
    }

    #[test]
    fn other_addresses_warn() {
        let any = "any address of this machine can read the figures";
        for (typed, whom) in
            [("0.0.0.0:9464", any), ("[::]:9464", any), ("192.0.2.7:9464", "whoever reaches 192.0.2.7 can")]
        {
            let warning = parse(typed).unwrap().warning().unwrap();
            assert!(warning.contains(whom) && !warning.contains('\n'), "{warning}");
        }
    }

    #[test]
    fn what_is_no_address_says_what_is() {
        for typed in ["", ":", "65536", "127.0.0.1", "::1", "host:9464", "127.0.0.1:9464:1", "-1"] {
            assert!(parse(typed).unwrap_err().contains("127.0.0.1:9464"), "{typed}");
        }
    }
}
