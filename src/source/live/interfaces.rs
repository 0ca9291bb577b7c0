//! The interfaces there are.

use super::error::OpenError;
use pcap::Device;
use std::net::IpAddr;

/// The name libpcap gives to all interfaces together, on Linux.
pub(super) const ANY: &str = "any";

/// An interface that can be captured on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Interface {
    /// Its name. Text from outside: escape before printing.
    pub name: String,
    /// What libpcap says it is, if anything. Text from outside.
    pub description: Option<String>,
    /// Its IP addresses.
    pub addresses: Vec<IpAddr>,
    /// Whether it is switched on.
    pub up: bool,
    /// Whether it can send and receive.
    pub running: bool,
    /// Whether it leads back to this machine.
    pub loopback: bool,
}

/// The interfaces that can be captured on, those most likely to be meant first. On Linux this needs no privileges.
///
/// # Errors
/// libpcap cannot list them.
pub fn interfaces() -> Result<Vec<Interface>, OpenError> {
    let devices = Device::list().map_err(OpenError::of)?;
    Ok(devices.into_iter().map(Interface::from).collect())
}

/// The name of the interface that is meant by `wanted`: its name, or its number in the list.
///
/// # Errors
/// There is none.
pub(super) fn named(wanted: &str) -> Result<String, OpenError> {
    let known: Vec<String> = interfaces()?.into_iter().map(|interface| interface.name).collect();
    pick(wanted, known)
}

fn pick(wanted: &str, known: Vec<String>) -> Result<String, OpenError> {
    if known.iter().any(|name| name == wanted) {
        return Ok(wanted.to_owned());
    }
    let number = wanted.parse::<usize>().ok();
    match number.and_then(|number| known.get(number.checked_sub(1)?)) {
        Some(name) => Ok(name.clone()),
        None => Err(OpenError::NoSuchInterface { name: wanted.to_owned(), known }),
    }
}

impl From<Device> for Interface {
    fn from(device: Device) -> Self {
        Self {
            up: device.flags.is_up(),
            running: device.flags.is_running(),
            loopback: device.flags.is_loopback(),
            addresses: device.addresses.iter().map(|address| address.addr).collect(),
            description: device.desc.filter(|text| !text.is_empty()),
            name: device.name,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_interface_is_meant_by_its_name_or_by_its_number() {
        let known = || vec!["eth0".to_owned(), "2".to_owned(), "lo".to_owned()];
        assert_eq!(pick("lo", known()).as_deref(), Ok("lo"));
        assert_eq!(pick("3", known()).as_deref(), Ok("lo"));
        assert_eq!(pick("2", known()).as_deref(), Ok("2"));
        for wrong in ["0", "4", "eth", "", "-1"] {
            let error = OpenError::NoSuchInterface { name: wrong.to_owned(), known: known() };
            assert_eq!(pick(wrong, known()), Err(error));
        }
    }

    #[test]
    #[cfg(target_os = "linux")]
    fn the_loopback_interface_is_listed_as_what_it_is() {
        let list = interfaces().unwrap();
        let lo = list.iter().find(|interface| interface.name == "lo").expect("a loopback interface");
        assert!(lo.loopback);
    }
}
