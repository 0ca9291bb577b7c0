//! Who a run is once everything is open: the user who asked for it, or nobody, without capabilities.

use crate::app::Error;
use crate::app::error::usage;
use nix::unistd::{Gid, Uid, User};
use std::ffi::CString;

/// A user to go on as.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::app::live) struct Identity {
    name: String,
    uid: Uid,
    gid: Gid,
}

/// What is needed of root's power afterwards.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::app::live) enum Power {
    /// Nothing.
    None,
    /// To read captures that another user writes.
    #[cfg_attr(not(target_os = "linux"), expect(dead_code, reason = "only Linux divides root's power"))]
    Read,
}

impl Identity {
    /// The user to go on as: the one `named`, or who called sudo, or nobody. `None` where nothing is to be changed, as the program was
    /// not started as root.
    ///
    /// # Errors
    /// There is no user of that name, or one cannot become it.
    pub(in crate::app::live) fn resolve(named: Option<&str>) -> Result<Option<Self>, Error> {
        let Some(name) = named else {
            return Ok(Uid::effective().is_root().then(|| invoker(&variable).unwrap_or_else(Self::nobody)));
        };
        let found = User::from_name(name).ok().flatten();
        let Some(user) = found.or_else(|| User::from_uid(Uid::from_raw(name.parse().ok()?)).ok().flatten())
        else {
            return usage(format!("--user {name}: there is no such user"));
        };
        if !Uid::effective().is_root() {
            return if user.uid == Uid::effective() {
                Ok(None)
            } else {
                usage(format!("--user {name}: only root can become another user"))
            };
        }
        Ok(Some(Self { name: user.name, uid: user.uid, gid: user.gid }))
    }

    fn nobody() -> Self {
        /// What `nobody` is where no list of users says it.
        const NOBODY: u32 = 65_534;
        let (uid, gid) = match User::from_name("nobody") {
            Ok(Some(user)) => (user.uid, user.gid),
            _ => (Uid::from_raw(NOBODY), Gid::from_raw(NOBODY)),
        };
        Self { name: "nobody".to_owned(), uid, gid }
    }

    /// Makes an open file that was made for this user the user's own.
    ///
    /// # Errors
    /// The system's.
    pub(in crate::app::live) fn own(&self, file: &std::fs::File) -> std::io::Result<()> {
        Ok(nix::unistd::fchown(file, Some(self.uid), Some(self.gid))?)
    }

    /// Its name.
    pub(in crate::app::live) fn name(&self) -> &str {
        &self.name
    }

    fn become_it(&self) -> nix::Result<()> {
        // To become root is to stay root; what groups it is in harms nothing.
        if !self.uid.is_root() {
            let name = CString::new(self.name.clone()).unwrap_or_default();
            // Where the list of users cannot be read, no further group is the safe answer.
            #[cfg(not(target_vendor = "apple"))]
            if nix::unistd::initgroups(&name, self.gid).is_err() {
                nix::unistd::setgroups(&[self.gid])?;
            }
            #[cfg(target_vendor = "apple")]
            let _ = name;
        }
        nix::unistd::setgid(self.gid)?;
        nix::unistd::setuid(self.uid)?;
        // What is given up must be gone for good.
        let is_back = !self.uid.is_root() && nix::unistd::setuid(Uid::from_raw(0)).is_ok();
        if is_back || Uid::effective() != self.uid { Err(nix::Error::EPERM) } else { Ok(()) }
    }
}

/// Who called sudo, if anybody but root did.
fn invoker(variable: &dyn Fn(&str) -> Option<u32>) -> Option<Identity> {
    let uid = variable("SUDO_UID").filter(|uid| *uid != 0)?;
    let gid = variable("SUDO_GID").unwrap_or(uid);
    let user = User::from_uid(Uid::from_raw(uid)).ok().flatten();
    let name = user.map_or_else(|| uid.to_string(), |user| user.name);
    Some(Identity { name, uid: Uid::from_raw(uid), gid: Gid::from_raw(gid) })
}

fn variable(name: &str) -> Option<u32> {
    std::env::var(name).ok()?.parse().ok()
}

/// Becomes `identity` where there is one, and gives up all capabilities but what `power` needs. Answers who the run is now, in words.
///
/// # Errors
/// The system refuses: then nothing may go on.
pub(in crate::app::live) fn give_up(identity: Option<&Identity>, power: Power) -> Result<String, Error> {
    let failed = |cause: std::io::Error| Error::io("cannot give up privileges", cause);
    #[cfg(target_os = "linux")]
    capabilities::bound(power);
    if let Some(identity) = identity {
        identity.become_it().map_err(|errno| failed(errno.into()))?;
    }
    #[cfg(target_os = "linux")]
    let left = capabilities::clear(power).map_err(failed)?;
    #[cfg(not(target_os = "linux"))]
    let left = "";
    let uid = Uid::effective();
    let name = match identity {
        Some(identity) => identity.name.clone(),
        None => User::from_uid(uid).ok().flatten().map_or_else(|| uid.to_string(), |user| user.name),
    };
    Ok(format!("running as {name} (uid {uid}){left}"))
}

#[cfg(target_os = "linux")]
mod capabilities {
    use super::Power;
    use caps::{CapSet, Capability, CapsHashSet};
    use std::io;

    fn kept(power: Power) -> CapsHashSet {
        match power {
            Power::None => CapsHashSet::new(),
            Power::Read => CapsHashSet::from([Capability::CAP_DAC_READ_SEARCH]),
        }
    }

    /// Gives up what could be had again by starting another program. Whoever may not do that has nothing to gain either.
    pub(super) fn bound(power: Power) {
        let kept = kept(power);
        for capability in caps::runtime::thread_all_supported() {
            if !kept.contains(&capability) {
                let _ = caps::drop(None, CapSet::Bounding, capability);
            }
        }
    }

    /// Gives up what the thread has, and what it could ask for. Answers what is left, in words.
    pub(super) fn clear(power: Power) -> io::Result<&'static str> {
        let failed = |error: caps::errors::CapsError| io::Error::other(error.to_string());
        // Kernels before 4.3 have no ambient set.
        let _ = caps::clear(None, CapSet::Ambient);
        let permitted = caps::read(None, CapSet::Permitted).map_err(failed)?;
        let kept: CapsHashSet = kept(power).intersection(&permitted).copied().collect();
        caps::set(None, CapSet::Effective, &kept).map_err(failed)?;
        caps::set(None, CapSet::Permitted, &kept).map_err(failed)?;
        caps::clear(None, CapSet::Inheritable).map_err(failed)?;
        nix::sys::prctl::set_no_new_privs()?;
        Ok(if kept.is_empty() {
            ", without capabilities"
        } else {
            ", without capabilities but to read others' files"
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn who_called_sudo_is_who_it_is_for() {
        let environment = |uid: Option<u32>| {
            move |name: &str| match name {
                "SUDO_UID" => uid,
                "SUDO_GID" => Some(4_000_001),
                _ => None,
            }
        };
        let someone = invoker(&environment(Some(4_000_000))).unwrap();
        let uid = Uid::from_raw(4_000_000);
        assert_eq!(someone, Identity { name: "4000000".into(), uid, gid: Gid::from_raw(4_000_001) });
        assert_eq!(invoker(&environment(Some(0))), None, "root that calls sudo is still root");
        assert_eq!(invoker(&environment(None)), None);
    }

    #[test]
    fn a_user_that_is_not_there_is_said() {
        let error = Identity::resolve(Some("no-such-user")).unwrap_err().to_string();
        assert_eq!(error, "--user no-such-user: there is no such user");
    }
}
