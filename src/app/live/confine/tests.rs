//! What a stranger in the process could still do. Each test starts itself again as a child, for what is given up is gone for good.

#![cfg(target_os = "linux")]

use super::identity::{Identity, Power, give_up};
use super::{Needs, shut_in};
use std::fs;
use std::io::ErrorKind::PermissionDenied;
use std::net::{TcpListener, TcpStream, UdpSocket};
use std::os::unix::net::UnixDatagram;
use std::path::{Path, PathBuf};
use std::process::Command;

/// Names the directory in which the child may write, and makes a child of it.
const CHILD: &str = "KEEPSCOPE_TEST_CONFINED";

/// The directory of the child; `None` in the parent.
fn child_dir() -> Option<PathBuf> {
    std::env::var_os(CHILD).map(PathBuf::from)
}

/// Starts `test` again as a child that may write in `dir`, and expects it to succeed.
fn start_again(test: &str, dir: &Path) {
    let output = Command::new(std::env::current_exe().unwrap())
        .args(["--exact", &format!("app::live::confine::tests::{test}"), "--nocapture"])
        .env(CHILD, dir)
        .output()
        .unwrap();
    let told =
        String::from_utf8_lossy(&output.stdout).into_owned() + &String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success() && told.contains("1 passed"), "{told}");
    // What was not in force is in the parent's output.
    told.lines().filter(|line| line.starts_with("skipped")).for_each(|line| eprintln!("{line}"));
}

fn is_root() -> bool {
    nix::unistd::Uid::effective().is_root()
}

fn status(field: &str) -> String {
    let status = fs::read_to_string("/proc/thread-self/status").unwrap();
    let line = status.lines().find_map(|line| line.strip_prefix(field)?.strip_prefix(':'));
    line.unwrap_or_default().trim().to_owned()
}

#[test]
fn only_what_is_needed_can_be_opened() {
    let Some(dir) = child_dir() else {
        let dir = tempfile::tempdir().unwrap();
        return start_again("only_what_is_needed_can_be_opened", dir.path());
    };
    let home = tempfile::tempdir().unwrap();
    fs::write(home.path().join("secret"), "x").unwrap();
    let filters = || status("Seccomp_filters").parse::<u32>().unwrap_or_default();
    let before = filters();
    let told = shut_in(&Needs { writes: vec![dir.clone()], ..Needs::default() });
    if told.contains("seccomp: not in force") {
        eprintln!("skipped: {told}");
    } else {
        let refused = |result: std::io::Result<()>, what: &str| {
            assert_eq!(result.map_err(|e| e.kind()), Err(PermissionDenied), "{what}: {told}");
        };
        refused(UdpSocket::bind("127.0.0.1:0").map(drop), "UDP");
        refused(TcpListener::bind("127.0.0.1:0").map(drop), "a TCP port");
        refused(TcpStream::connect("127.0.0.1:9").map(drop), "a TCP connection");
        refused(UnixDatagram::unbound().map(drop), "a Unix socket");
        refused(Command::new("/bin/true").status().map(drop), "another program");
        let unshared = nix::sched::unshare(nix::sched::CloneFlags::CLONE_NEWUSER);
        refused(unshared.map_err(Into::into), "a user namespace");
        // One refuses, the other says that a call is not there. Before Linux 5.9 the kernel does not count them.
        assert!(status("Seccomp_filters").is_empty() || filters() == before + 2);
        let thread = std::thread::Builder::new().spawn(|| 7).map(|thread| thread.join().unwrap());
        assert_eq!(thread.unwrap(), 7, "a thread is still to be had");
    }
    if told.contains("Landlock: this kernel has none") {
        eprintln!("skipped: {told}");
        return;
    }
    for path in [Path::new("/etc/shadow"), Path::new("/etc/passwd"), &home.path().join("secret")] {
        assert_eq!(fs::read(path).map_err(|e| e.kind()), Err(PermissionDenied), "{}", path.display());
    }
    assert_eq!(fs::read_dir("/root").map(drop).map_err(|e| e.kind()), Err(PermissionDenied));
    assert_eq!(fs::write("/tmp/keepscope-test", "x").map_err(|e| e.kind()), Err(PermissionDenied));
    // What a run needs it still has: outputs, also renamed and begun again, and the kernel's tables.
    fs::write(dir.join("new"), "1").unwrap();
    fs::rename(dir.join("new"), dir.join("old")).unwrap();
    fs::write(dir.join("old"), "2").unwrap();
    fs::remove_file(dir.join("old")).unwrap();
    assert!(!fs::read("/proc/net/dev").unwrap().is_empty());
    assert!(fs::read_dir("/sys/class/net").is_ok());
}

#[test]
fn root_becomes_somebody_without_capabilities() {
    let Some(_) = child_dir() else {
        if !is_root() {
            return eprintln!("skipped: only root can become another user");
        }
        return start_again("root_becomes_somebody_without_capabilities", Path::new("/"));
    };
    let nobody = Identity::resolve(None).unwrap().unwrap();
    give_up(Some(&nobody), Power::None).unwrap();
    let uid = status("Uid");
    assert!(
        uid.split_whitespace().all(|id| id == uid.split_whitespace().next().unwrap() && id != "0"),
        "{uid}"
    );
    for set in ["CapInh", "CapPrm", "CapEff", "CapBnd", "CapAmb"] {
        assert_eq!(status(set), "0".repeat(16), "{set}");
    }
    assert_eq!(status("NoNewPrivs"), "1");
    assert_eq!(fs::read("/etc/shadow").map_err(|e| e.kind()), Err(PermissionDenied));
}

#[test]
fn root_that_stays_root_keeps_its_files_only() {
    let Some(dir) = child_dir() else {
        if !is_root() {
            return eprintln!("skipped: only root can stay root");
        }
        let dir = tempfile::tempdir().unwrap();
        return start_again("root_that_stays_root_keeps_its_files_only", dir.path());
    };
    let root = Identity::resolve(Some("root")).unwrap().unwrap();
    give_up(Some(&root), Power::Read).unwrap();
    assert_eq!(status("CapEff"), "0000000000000004", "CAP_DAC_READ_SEARCH");
    fs::write(dir.join("file"), "x").unwrap();
}
