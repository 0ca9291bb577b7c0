//! Giving up what a run needs no more once its source is open: how the steps of [`confine`] follow from the plan.

use super::confine::{Needs, shut_in};
use super::plan::{Origin, Plan, parent};
use crate::app::Error;
use crate::app::job::{Evidence, Job};
use crate::app::output::Output;
use crate::app::say::{tell_line, tell_warning};
use std::path::{Path, PathBuf};

#[cfg(unix)]
use super::confine::identity::{Identity, Power, give_up};

/// Whom a run is to go on as.
#[derive(Debug)]
pub(super) struct Who {
    #[cfg(unix)]
    identity: Option<Identity>,
}

impl Who {
    /// The user that `plan` asks for. Where it only reads a directory, root stays root if it asks for none: the files may be root's.
    ///
    /// # Errors
    /// There is no such user, or one cannot become it.
    pub(super) fn resolve(plan: &Plan) -> Result<Self, Error> {
        #[cfg(unix)]
        {
            let stays = plan.user.is_none() && !matches!(plan.origin, Origin::Interface { .. });
            let identity = if stays { None } else { Identity::resolve(plan.user.as_deref())? };
            Ok(Self { identity })
        }
        #[cfg(not(unix))]
        {
            let _ = plan;
            Ok(Self {})
        }
    }
}

impl Who {
    /// The user's name, where it is another than who started the program.
    pub(super) fn other(&self) -> Option<&str> {
        #[cfg(unix)]
        return self.identity.as_ref().map(Identity::name);
        #[cfg(not(unix))]
        None
    }
}

/// Gives up all that `plan` does not need, for good. To be called before any thread is started.
///
/// # Errors
/// Privileges cannot be given up, or files could not be written without them.
pub(super) fn leave(job: &Job, plan: &Plan, who: &Who, terminal: bool) -> Result<(), Error> {
    let output = match &job.output {
        Output::File { path, .. } => Some(path.as_path()),
        Output::Stdout => None,
    };
    // Found while they can be: the user may not even see them. Evidence goes to a file that is open.
    let writes: Vec<PathBuf> = output.into_iter().chain(plan.files()).map(existing_parent).collect();
    let mut told = Vec::new();
    #[cfg(unix)]
    {
        told.push(become_user(job, plan, who)?);
    }
    #[cfg(not(unix))]
    let _ = who;
    let reads = match &plan.origin {
        Origin::Directory(directory) => Some(directory.clone()),
        Origin::Interface { .. } | Origin::Inputs => None,
    };
    let zones = std::env::var_os("TZDIR").map(PathBuf::from);
    told.push(shut_in(&Needs { writes, reads: reads.into_iter().chain(zones).collect(), terminal }));
    if job.verbose {
        tell_line(&told.join("; "));
    }
    Ok(())
}

#[cfg(unix)]
fn become_user(job: &Job, plan: &Plan, who: &Who) -> Result<String, Error> {
    let identity = who.identity.as_ref();
    // What was there before belongs to whom it belonged.
    let outputs = std::iter::once(&job.output).chain(job.evidence.as_ref().map(Evidence::output));
    for output in outputs {
        if let (Some(identity), Output::File { file, path, is_new: true }) = (identity, output) {
            identity
                .own(file)
                .map_err(|e| Error::io(format!("cannot give {} to its user", path.display()), e))?;
        }
    }
    let wanted = Wanted::of(job, plan);
    let power = match (&plan.origin, &plan.user) {
        (Origin::Directory(_), None) => Power::Read,
        _ => Power::None,
    };
    let told = give_up(identity, power)?;
    if let Some(identity) = identity {
        wanted.check(identity, job.quiet)?;
    }
    Ok(told)
}

/// Files that will be made later, each with its directory.
#[cfg(unix)]
struct Wanted {
    /// Without them the run cannot do what it was asked to.
    needed: Vec<(PathBuf, PathBuf)>,
    /// What is wanted only where a log rotation moves a file away.
    again: Option<(PathBuf, PathBuf)>,
}

#[cfg(unix)]
impl Wanted {
    fn of(job: &Job, plan: &Plan) -> Self {
        let placed = |path: &Path| (path.to_path_buf(), existing_parent(path));
        let rotated = plan.raw.as_ref().filter(|raw| raw.rotates()).map(|raw| raw.path.as_path());
        let again = match &job.output {
            Output::File { file, path, .. } if file.metadata().is_ok_and(|meta| meta.is_file()) => {
                Some(placed(path))
            }
            _ => None,
        };
        Self { needed: rotated.into_iter().chain(plan.metrics_file.as_deref()).map(placed).collect(), again }
    }

    /// Whether `user`, which the program is by now, may make them.
    fn check(&self, user: &Identity, quiet: bool) -> Result<(), Error> {
        let is_refused = |directory: &Path| {
            let flags = nix::unistd::AccessFlags::W_OK | nix::unistd::AccessFlags::X_OK;
            nix::unistd::access(directory, flags).is_err()
        };
        let user = user.name();
        for (path, directory) in &self.needed {
            if is_refused(directory) {
                let (path, directory) = (path.display(), directory.display());
                return Err(Error::Usage(format!(
                    "user {user} cannot make files in {directory}, so {path} cannot be written (--user names another)"
                )));
            }
        }
        if let Some((path, directory)) = &self.again
            && is_refused(directory)
            && !quiet
        {
            let (path, directory) = (path.display(), directory.display());
            tell_warning(&format!(
                "user {user} cannot make files in {directory}: after SIGHUP, {path} is written on where it is (--user names another)"
            ));
        }
        Ok(())
    }
}

/// The directory that holds `path`, or where its name is not final yet (`%H`), the one below which it will be.
fn existing_parent(path: &Path) -> PathBuf {
    let mut directory = parent(path);
    while !directory.is_dir() && directory.parent().is_some() {
        directory = parent(&directory);
    }
    directory
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_directory_whose_name_is_not_final_is_looked_for_above() {
        let dir = tempfile::tempdir().unwrap();
        let parent = |name: &str| existing_parent(&dir.path().join(name));
        assert_eq!(parent("out.pcap"), dir.path());
        assert_eq!(parent("%Y/%m/out.pcap"), dir.path());
        assert_eq!(existing_parent(Path::new("out.pcap")), Path::new("."));
        assert_eq!(existing_parent(Path::new("%Y/out.pcap")), Path::new("."));
    }
}
