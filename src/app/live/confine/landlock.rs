//! Landlock: which files can be opened from here on, and that no TCP port can (<https://landlock.io>, Linux 5.13 and later).

use super::Needs;
use landlock::{
    ABI, Access, AccessFs, AccessNet, BitFlags, LandlockStatus, RestrictionStatus, Ruleset, RulesetAttr,
    RulesetCreatedAttr, RulesetError, RulesetStatus, Scope, make_bitflags, path_beneath_rules,
};

/// What is asked for; an older kernel gives what it has.
const ASKED: ABI = ABI::V7;

/// What is read beside what is asked for: the kernel's tables of interfaces, sockets and processes, and time zones.
const SYSTEM: [&str; 5] =
    ["/proc", "/sys/class/net", "/sys/devices", "/usr/share/zoneinfo", "/etc/localtime"];

/// Restricts this thread and those it starts. Answers what is in force, in words.
pub(super) fn restrict(needs: &Needs) -> String {
    match try_restrict(needs) {
        Ok(status) => told(&status),
        Err(error) => format!("Landlock: not in force ({error})"),
    }
}

fn try_restrict(needs: &Needs) -> Result<RestrictionStatus, RulesetError> {
    let read: BitFlags<AccessFs> = make_bitflags!(AccessFs::{ReadFile | ReadDir});
    let write = make_bitflags!(AccessFs::{WriteFile | Truncate | MakeReg | RemoveFile});
    let draw = make_bitflags!(AccessFs::{ReadFile | WriteFile | IoctlDev});
    let terminal = needs.terminal.then_some("/dev/tty");
    // Rights without a rule are denied everywhere: TCP, for one.
    Ruleset::default()
        .handle_access(AccessFs::from_all(ASKED))?
        .handle_access(AccessNet::from_all(ASKED))?
        .scope(Scope::from_all(ASKED))?
        .create()?
        .add_rules(path_beneath_rules(&needs.writes, write))?
        .add_rules(path_beneath_rules(&needs.reads, read))?
        .add_rules(path_beneath_rules(SYSTEM, read))?
        .add_rules(path_beneath_rules(terminal, draw))?
        .restrict_self()
}

fn told(status: &RestrictionStatus) -> String {
    let abi = match status.landlock {
        LandlockStatus::Available { effective_abi, .. } => format!(" (ABI {})", effective_abi as i32),
        _ => String::new(),
    };
    match status.ruleset {
        RulesetStatus::NotEnforced => "Landlock: this kernel has none".to_owned(),
        RulesetStatus::PartiallyEnforced => format!("Landlock: files, as far as this kernel can{abi}"),
        RulesetStatus::FullyEnforced => format!("Landlock: files and TCP{abi}"),
    }
}
