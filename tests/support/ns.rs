//! Hosts on one machine: network namespaces, made for a test and removed with it. They need root and iproute2.

use nix::sched::{CloneFlags, setns};
use std::fs::File;
use std::process::{Command, Output};
use std::sync::atomic::{AtomicU32, Ordering};

/// A network namespace of its own; removed on drop, with what is in it.
pub(crate) struct Namespace {
    name: String,
}

impl Namespace {
    /// A new namespace with its loopback interface up and no IPv6, whose chatter would be in every capture. `None`, and said on standard error, where
    /// none can be made: the test that asked is to return.
    pub(crate) fn new() -> Option<Self> {
        static MADE: AtomicU32 = AtomicU32::new(0);
        let name = format!("ks{}-{}", std::process::id(), MADE.fetch_add(1, Ordering::Relaxed));
        let refused = |why: &str| eprintln!("skipped: no network namespace ({})", why.trim());
        for arguments in [vec!["netns", "add", &name], vec!["netns", "exec", &name, "true"]] {
            match Command::new("ip").args(&arguments).output() {
                Ok(output) if output.status.success() => {}
                Ok(output) => {
                    refused(&String::from_utf8_lossy(&output.stderr));
                    let _ = Command::new("ip").args(["netns", "del", &name]).output();
                    return None;
                }
                Err(error) => {
                    refused(&format!("ip: {error}"));
                    return None;
                }
            }
        }
        let namespace = Self { name };
        namespace.sysctl("net.ipv6.conf.all.disable_ipv6", "1");
        namespace.sysctl("net.ipv6.conf.default.disable_ipv6", "1");
        namespace.ip("link set lo up");
        Some(namespace)
    }

    /// Two namespaces with a cable between them: `eth0` in both, up, 10.77.0.1/24 in the first and 10.77.0.2/24 in the second.
    pub(crate) fn pair() -> Option<(Self, Self)> {
        let (first, second) = (Self::new()?, Self::new()?);
        first.ip(&format!("link add eth0 type veth peer name eth0 netns {}", second.name));
        for (namespace, address) in [(&first, "10.77.0.1/24"), (&second, "10.77.0.2/24")] {
            namespace.ip(&format!("addr add {address} dev eth0"));
            namespace.ip("link set eth0 up");
        }
        Some((first, second))
    }

    /// Its name, as `ip netns` knows it.
    pub(crate) fn name(&self) -> &str {
        &self.name
    }

    /// Runs `ip` with these arguments in it.
    #[track_caller]
    pub(crate) fn ip(&self, arguments: &str) -> String {
        check(Command::new("ip").args(["-n", &self.name]).args(arguments.split(' ')))
    }

    /// Sets a kernel parameter of it.
    #[track_caller]
    pub(crate) fn sysctl(&self, name: &str, value: &str) {
        let path = format!("/proc/sys/{}", name.replace('.', "/"));
        // A kernel without IPv6 has nothing to switch off.
        let line = format!("test ! -e {path} || echo {value} > {path}");
        check(self.command("sh").args(["-c", &line]));
    }

    /// Does `action` in it, on a thread of its own. A socket that is made there stays there.
    #[track_caller]
    pub(crate) fn within<T: Send>(&self, action: impl FnOnce() -> T + Send) -> T {
        let handle = File::open(format!("/run/netns/{}", self.name)).expect("a namespace that is there");
        std::thread::scope(|scope| {
            let inside = scope.spawn(|| {
                setns(handle, CloneFlags::CLONE_NEWNET).expect("a thread in the namespace");
                action()
            });
            inside.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic))
        })
    }

    /// A program to be run in it, with its own view of /sys.
    pub(crate) fn command(&self, program: impl AsRef<std::ffi::OsStr>) -> Command {
        let mut command = Command::new("ip");
        command.args(["netns", "exec", &self.name]).arg(program);
        command
    }

    /// Runs one test of this test program in it, with `KEEPSCOPE_TEST_INSIDE` set, and fails where that fails.
    #[track_caller]
    pub(crate) fn rerun(&self, test: &str) {
        let program = std::env::current_exe().expect("the path of this test");
        let mut command = self.command(program);
        command.args([test, "--exact", "--nocapture", "--test-threads=1"]).env(INSIDE, "1");
        let output = command.output().expect("ip netns exec");
        let said =
            format!("{}{}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
        assert!(output.status.success() && said.contains("1 passed"), "{test} inside the namespace:\n{said}");
    }

    /// Whether this process was started by [`rerun`](Self::rerun).
    pub(crate) fn is_inside() -> bool {
        std::env::var_os(INSIDE).is_some()
    }
}

const INSIDE: &str = "KEEPSCOPE_TEST_INSIDE";

impl Drop for Namespace {
    fn drop(&mut self) {
        let _ = Command::new("ip").args(["netns", "del", &self.name]).output();
    }
}

/// Runs a command that is to succeed, and returns what it printed.
#[track_caller]
fn check(command: &mut Command) -> String {
    let Output { status, stdout, stderr } = command.output().expect("a command that starts");
    assert!(status.success(), "{command:?}: {}", String::from_utf8_lossy(&stderr));
    String::from_utf8_lossy(&stdout).into_owned()
}
