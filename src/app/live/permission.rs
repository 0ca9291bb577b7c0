//! What to do without the permission to capture: all ways at once, each ready to be copied.

use crate::render::foreign;
use std::path::{Path, PathBuf};

/// Tells how `interface` can be captured on, in several lines without a line end.
pub(super) fn guidance(interface: &str) -> String {
    told(interface, &own_path())
}

/// The file this program was started from.
fn own_path() -> PathBuf {
    let path = std::env::current_exe().and_then(|path| path.canonicalize());
    path.unwrap_or_else(|_| PathBuf::from("keepscope"))
}

fn told(interface: &str, program: &Path) -> String {
    let shown = foreign::for_terminal(interface);
    let (name, program) = (quoted(interface), quoted(&program.to_string_lossy()));
    let ways = [
        (format!("sudo {program} -i {name}"), "as root, which is given up once the interface is open"),
        (format!("sudo setcap cap_net_raw+ep {program}"), "once; from then on without sudo"),
        ("--cap-add=NET_RAW".to_owned(), "in a container, with --network=host to see the host's interfaces"),
        (
            format!("sudo tcpdump -i {name} -U -w - | {program} -"),
            "without privileges: another program captures",
        ),
        (format!("{program} capture.pcap"), "without privileges: a capture made elsewhere"),
    ];
    let width = ways.iter().map(|(way, _)| way.chars().count()).filter(|width| *width <= WIDE).max();
    let lines = ways.iter().map(|(way, why)| match width {
        Some(width) if way.chars().count() <= width => format!("\n  {way:width$}  # {why}"),
        _ => format!("\n  {way}  # {why}"),
    });
    format!(
        "cannot capture on {shown}: the capability CAP_NET_RAW is missing. What gives it, or does without:"
    ) + &lines.collect::<String>()
}

/// A longer command shifts no other's remark.
const WIDE: usize = 60;

/// `text` as one word of a shell's command line, safe for a terminal.
fn quoted(text: &str) -> String {
    let is_plain = |c: char| c.is_ascii_alphanumeric() || "_-./:@%+=,".contains(c);
    let shown = foreign::for_terminal(text).to_string();
    if !shown.is_empty() && shown.chars().all(is_plain) {
        return shown;
    }
    format!("'{}'", shown.replace('\'', r"'\''"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_way_is_ready_to_be_copied() {
        let text = told("eth0", Path::new("/usr/local/bin/keepscope"));
        for way in [
            "CAP_NET_RAW",
            "\n  sudo setcap cap_net_raw+ep /usr/local/bin/keepscope  ",
            "\n  --cap-add=NET_RAW  ",
            "\n  sudo tcpdump -i eth0 -U -w - | /usr/local/bin/keepscope -  ",
            "\n  /usr/local/bin/keepscope capture.pcap  ",
        ] {
            assert!(text.contains(way), "{way} is missing in\n{text}");
        }
        assert!(text.starts_with("cannot capture on eth0: "));
    }

    #[test]
    fn names_are_one_word_for_the_shell() {
        assert_eq!(quoted("eth0.7"), "eth0.7");
        assert_eq!(quoted("/opt/my tools/keepscope"), "'/opt/my tools/keepscope'");
        assert_eq!(quoted("it's"), r"'it'\''s'");
        assert_eq!(quoted(""), "''");
        assert_eq!(quoted("a;reboot"), "'a;reboot'");
        assert!(!quoted("a\x1b[31m\nb").contains(['\x1b', '\n']));
    }
}
