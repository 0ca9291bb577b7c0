//! seccomp: system calls that a run has no use for, and that a stranger would. Landlock knows files and TCP; UDP, raw packets and other
//! programs are refused here.

use nix::libc;
use seccompiler::{
    BpfProgram, SeccompAction, SeccompCmpArgLen, SeccompCmpOp, SeccompCondition, SeccompFilter, SeccompRule,
    apply_filter_all_threads,
};
use std::collections::BTreeMap;

/// Refused whatever the arguments.
const REFUSED: [libc::c_long; 11] = [
    // Other programs.
    libc::SYS_execve,
    libc::SYS_execveat,
    // Other processes.
    libc::SYS_ptrace,
    libc::SYS_process_vm_readv,
    libc::SYS_process_vm_writev,
    // Does what other calls do, past this filter.
    libc::SYS_io_uring_setup,
    // A world in which all capabilities are there again.
    libc::SYS_unshare,
    libc::SYS_setns,
    // What faults of the kernel were found with.
    libc::SYS_bpf,
    libc::SYS_perf_event_open,
    libc::SYS_userfaultfd,
];

/// Restricts all threads. Answers what is in force, in words.
pub(super) fn restrict() -> String {
    match filter().and_then(|filter| apply_filter_all_threads(&filter)) {
        Ok(()) => "seccomp: no new sockets, no other programs".to_owned(),
        Err(error) => format!("seccomp: not in force ({error})"),
    }
}

#[allow(
    clippy::useless_conversion,
    reason = "the numbers of system calls are as wide as the machine's words"
)]
fn filter() -> Result<BpfProgram, seccompiler::Error> {
    let mut rules: BTreeMap<i64, Vec<SeccompRule>> =
        REFUSED.iter().map(|call| (i64::from(*call), Vec::new())).collect();
    // The kernel's own tables are asked for through netlink; nothing leaves the machine by it.
    let other_family = SeccompCondition::new(
        0,
        SeccompCmpArgLen::Dword,
        SeccompCmpOp::Ne,
        u64::from(libc::AF_NETLINK.unsigned_abs()),
    )?;
    rules.insert(i64::from(libc::SYS_socket), vec![SeccompRule::new(vec![other_family])?]);
    let refuse = SeccompAction::Errno(libc::EPERM.unsigned_abs());
    let arch = std::env::consts::ARCH.try_into()?;
    Ok(SeccompFilter::new(rules, SeccompAction::Allow, refuse, arch)?.try_into()?)
}
