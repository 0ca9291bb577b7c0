//! `-D`: the interfaces that can be captured on.

use crate::app::{Error, Exit};

/// Prints them, those most likely to be meant first: a number, which `--iface` takes too, and what is known of each.
#[cfg(feature = "libpcap")]
pub(in crate::app) fn list_interfaces() -> Result<Exit, Error> {
    let found = crate::source::live::interfaces();
    let found = found.map_err(|why| Error::Usage(format!("cannot list the interfaces: {why}")))?;
    crate::app::print::print(&table(&found))
}

/// Without libpcap there are none.
#[cfg(not(feature = "libpcap"))]
pub(in crate::app) fn list_interfaces() -> Result<Exit, Error> {
    crate::app::error::usage(super::plan::NEEDS_LIBPCAP.replace("--iface", "-D"))
}

#[cfg(feature = "libpcap")]
fn table(found: &[crate::source::live::Interface]) -> String {
    use crate::render::foreign::for_terminal;

    let shown = |text: &str| for_terminal(text).to_string();
    let names: Vec<String> = found.iter().map(|interface| shown(&interface.name)).collect();
    let width = names.iter().map(|name| name.chars().count()).max().unwrap_or_default();
    let mut text = String::new();
    for ((number, interface), name) in (1..).zip(found).zip(&names) {
        let state = match (interface.up, interface.running) {
            (true, true) => "up, running",
            (true, false) => "up",
            (false, _) => "down",
        };
        let mut known: Vec<String> = interface.addresses.iter().map(ToString::to_string).collect();
        known.extend(interface.description.as_deref().map(shown));
        let line = format!("{number:2}. {name:width$}  {state:11}  {}", known.join(", "));
        text += line.trim_end();
        text.push('\n');
    }
    text
}

#[cfg(all(test, feature = "libpcap"))]
mod tests {
    use super::*;
    use crate::source::live::Interface;

    #[test]
    fn each_has_its_number_and_cannot_command_the_terminal() {
        let interface = |name: &str, up, description: Option<&str>| Interface {
            name: name.into(),
            description: description.map(str::to_owned),
            addresses: if up { vec!["10.0.0.1".parse().unwrap()] } else { Vec::new() },
            up,
            running: up,
            loopback: false,
        };
        let found = [interface("eth0", true, None), interface("\x1b[m", false, Some("odd"))];
        assert_eq!(table(&found), " 1. eth0    up, running  10.0.0.1\n 2. \\x1b[m  down         odd\n");
    }
}
