//! What a run gives up once everything is open, so that a stranger's packet that finds a fault in it finds nothing else.
//!
//! Three steps, each of which holds by itself: another user and no capabilities ([`identity`]), no files but those that are needed
//! ([`landlock`]), no sockets and no programs ([`syscalls`]). The first must succeed where there is something to give up; the others are
//! what the kernel offers, and `-v` tells what that is. All of it holds for the thread that does it and those it starts: it must come
//! before any other is started.

#[cfg(unix)]
pub(super) mod identity;
#[cfg(target_os = "linux")]
mod landlock;
#[cfg(target_os = "linux")]
mod syscalls;
#[cfg(test)]
mod tests;

use std::path::PathBuf;

/// What is still needed afterwards.
#[derive(Debug, Default)]
pub(super) struct Needs {
    /// Directories in which files are written, made, renamed and removed.
    pub(super) writes: Vec<PathBuf>,
    /// Directories and files that are read.
    pub(super) reads: Vec<PathBuf>,
    /// The terminal, which is opened again to be drawn on.
    pub(super) terminal: bool,
}

/// Leaves nothing but `needs`. Answers what is in force, in words; what the system does not offer is no error.
pub(super) fn shut_in(needs: &Needs) -> String {
    #[cfg(target_os = "linux")]
    return format!("{}; {}", landlock::restrict(needs), syscalls::restrict());
    #[cfg(not(target_os = "linux"))]
    {
        let _ = needs;
        "no sandbox on this system".to_owned()
    }
}
