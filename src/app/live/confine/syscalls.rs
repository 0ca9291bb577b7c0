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
    // Both or, as far as that can be known beforehand, none.
    let filters = [refused(), absent()].into_iter().collect::<Result<Vec<_>, _>>();
    match filters.and_then(|filters| filters.iter().try_for_each(|filter| apply_filter_all_threads(filter))) {
        Ok(()) => "seccomp: no new sockets, no other programs".to_owned(),
        Err(error) => format!("seccomp: not in force ({error})"),
    }
}

/// What is refused.
fn refused() -> Result<BpfProgram, seccompiler::Error> {
    let mut rules: Vec<(libc::c_long, Vec<SeccompRule>)> =
        REFUSED.iter().map(|call| (*call, Vec::new())).collect();
    // The kernel's own tables are asked for through netlink; nothing leaves the machine by it.
    let netlink = u64::from(libc::AF_NETLINK.unsigned_abs());
    rules.push((libc::SYS_socket, vec![where_first(SeccompCmpOp::Ne, netlink)?]));
    // A thread is welcome, a world of its own is not.
    let new_user = u64::from(libc::CLONE_NEWUSER.unsigned_abs());
    rules.push((libc::SYS_clone, vec![where_first(SeccompCmpOp::MaskedEq(new_user), new_user)?]));
    filter(rules, libc::EPERM)
}

/// What is as if it were not there: the newer `clone` hides its flags from a filter, and who does not find it asks for the older.
fn absent() -> Result<BpfProgram, seccompiler::Error> {
    filter(vec![(libc::SYS_clone3, Vec::new())], libc::ENOSYS)
}

/// Calls whose first argument compares so with `value`, by its low 32 bits.
fn where_first(how: SeccompCmpOp, value: u64) -> Result<SeccompRule, seccompiler::Error> {
    let condition = SeccompCondition::new(0, SeccompCmpArgLen::Dword, how, value)?;
    Ok(SeccompRule::new(vec![condition])?)
}

#[allow(
    clippy::useless_conversion,
    reason = "the numbers of system calls are as wide as the machine's words"
)]
fn filter(
    rules: Vec<(libc::c_long, Vec<SeccompRule>)>,
    errno: libc::c_int,
) -> Result<BpfProgram, seccompiler::Error> {
    let rules: BTreeMap<i64, Vec<SeccompRule>> =
        rules.into_iter().map(|(call, rules)| (i64::from(call), rules)).collect();
    let refuse = SeccompAction::Errno(errno.unsigned_abs());
    let arch = std::env::consts::ARCH.try_into()?;
    Ok(SeccompFilter::new(rules, SeccompAction::Allow, refuse, arch)?.try_into()?)
}
