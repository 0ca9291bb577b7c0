//! The systemd unit: what it asks keepscope to do, and what it keeps it from.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::Command;

fn path() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("packaging/systemd/keepscope@.service")
}

fn text() -> String {
    std::fs::read_to_string(path()).expect("the unit")
}

/// The unit's settings, by section and name.
fn settings() -> BTreeMap<(String, String), Vec<String>> {
    let text = text();
    let mut settings: BTreeMap<_, Vec<String>> = BTreeMap::new();
    let mut section = String::new();
    for line in text.lines().filter(|line| !line.is_empty() && !line.starts_with('#')) {
        if let Some(name) = line.strip_prefix('[').and_then(|line| line.strip_suffix(']')) {
            name.clone_into(&mut section);
        } else {
            let (name, value) = line.split_once('=').unwrap_or_else(|| panic!("{line:?} sets nothing"));
            settings.entry((section.clone(), name.to_owned())).or_default().push(value.to_owned());
        }
    }
    settings
}

fn service(name: &str) -> Vec<String> {
    settings().remove(&("Service".to_owned(), name.to_owned())).unwrap_or_default()
}

/// What the unit starts, as systemd would put it for the interface eth0.
fn arguments() -> Vec<String> {
    let [line] = service("ExecStart").try_into().expect("one command");
    let metrics =
        service("Environment").into_iter().find_map(|set| set.strip_prefix("METRICS=").map(str::to_owned));
    let logs = "/var/log/keepscope/eth0";
    line.replace("%I", "eth0")
        .replace("${METRICS}", &metrics.expect("a default for METRICS"))
        .replace("${LOGS_DIRECTORY}", logs)
        .replace(" $OPTIONS", "")
        .split(' ')
        .map(str::to_owned)
        .collect()
}

#[test]
fn it_starts_what_can_be_started() {
    let arguments = arguments();
    let (program, arguments) = arguments.split_first().expect("a program");
    assert_eq!(program, "/usr/bin/keepscope");
    assert!(arguments.iter().all(|argument| !argument.contains(['$', '%'])), "{arguments:?}");
    let keepscope = || Command::new(env!("CARGO_BIN_EXE_keepscope"));
    let help = keepscope().arg("--help").output().expect("keepscope");
    if !String::from_utf8_lossy(&help.stdout).contains("--iface") {
        eprintln!(
            "skipped: this keepscope captures nothing live, so it cannot be asked whether it knows {arguments:?}"
        );
        return;
    }
    // Help is given once all that stands before it was understood.
    let output = keepscope().args(arguments).arg("--help").output().expect("keepscope");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
}

#[test]
fn the_metrics_are_for_this_machine_only() {
    let arguments = arguments();
    let at = arguments.iter().position(|argument| argument == "--metrics").expect("--metrics");
    let address: std::net::SocketAddr = arguments[at + 1].parse().expect("an address");
    assert!(address.ip().is_loopback());
    assert_eq!(service("IPAddressDeny"), ["any"]);
    assert_eq!(service("IPAddressAllow"), ["localhost"]);
}

#[test]
fn it_may_open_an_interface_and_nothing_else() {
    for capabilities in [service("AmbientCapabilities"), service("CapabilityBoundingSet")] {
        assert_eq!(capabilities, ["CAP_NET_RAW"]);
    }
    for (setting, value) in [
        ("DynamicUser", "yes"),
        ("NoNewPrivileges", "yes"),
        ("ProtectSystem", "strict"),
        ("ProtectHome", "yes"),
        ("PrivateTmp", "yes"),
        ("PrivateDevices", "yes"),
        ("MemoryDenyWriteExecute", "yes"),
        ("RestrictAddressFamilies", "AF_PACKET AF_INET AF_INET6 AF_NETLINK AF_UNIX"),
    ] {
        assert_eq!(service(setting), [value], "{setting}");
    }
    // What keepscope itself does to be safe must not be what it is kept from.
    let calls = service("SystemCallFilter").concat();
    for needed in ["@system-service", "seccomp", "landlock_restrict_self"] {
        assert!(calls.split(' ').any(|call| call == needed), "{needed} is not in {calls}");
    }
    // In a user namespace of its own the capability would be worth nothing.
    assert!(service("PrivateUsers").is_empty() && service("PrivateNetwork").is_empty());
}

#[test]
fn it_writes_only_where_it_may() {
    let arguments = arguments();
    let at = arguments.iter().position(|argument| argument == "--output").expect("--output");
    let [directory] = service("LogsDirectory").try_into().expect("one directory");
    let directory = format!("/var/log/{}/", directory.replace("%I", "eth0"));
    assert!(arguments[at + 1].starts_with(&directory), "{} is not in {directory}", arguments[at + 1]);
    assert_eq!(service("ExecReload"), ["/bin/kill -HUP $MAINPID"], "logs can be rotated");
}

#[test]
fn systemd_understands_it() {
    let directory = tempfile::tempdir().expect("a directory");
    let unit = directory.path().join("keepscope@eth0.service");
    // It is to be understood, not to be there.
    std::fs::write(&unit, text().replace("=/usr/bin/keepscope ", "=/bin/true ")).expect("a copy");
    let verify = Command::new("systemd-analyze").args(["verify", "--man=no"]).arg(&unit).output();
    let Ok(verify) = verify else {
        eprintln!("skipped: there is no systemd-analyze here");
        return;
    };
    let said = String::from_utf8_lossy(&verify.stderr);
    if said.contains("invalid option") || said.contains("unrecognized option") {
        eprintln!("skipped: this systemd-analyze is too old: {said}");
        return;
    }
    // Of other units on this machine it says things, too.
    let about_ours: Vec<&str> = said.lines().filter(|line| line.contains("keepscope")).collect();
    assert!(verify.status.success() && about_ours.is_empty(), "{said}");
}
