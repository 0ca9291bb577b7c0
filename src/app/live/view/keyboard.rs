//! Whether there still is a terminal to read keys from. The one that reads them, crossterm, would read the end of one that hung up
//! for ever, and come back no more.

use std::io;

/// What keys are read from.
#[derive(Debug)]
pub(super) struct Keyboard {
    #[cfg(unix)]
    file: std::os::fd::OwnedFd,
}

#[cfg(unix)]
impl Keyboard {
    /// The file that crossterm reads, too: standard input where that is a terminal, else the one that controls this process.
    pub(super) fn open() -> io::Result<Self> {
        use std::io::IsTerminal;
        use std::os::fd::AsFd;
        let stdin = io::stdin();
        let file = if stdin.is_terminal() {
            stdin.as_fd().try_clone_to_owned()?
        } else {
            std::fs::File::open("/dev/tty")?.into()
        };
        Ok(Self { file })
    }

    /// # Errors
    /// The terminal hung up.
    pub(super) fn must_be_there(&self) -> io::Result<()> {
        use nix::poll::{PollFd, PollFlags, PollTimeout, poll};
        use std::os::fd::AsFd;
        let mut look = [PollFd::new(self.file.as_fd(), PollFlags::POLLIN)];
        // An interrupted look says nothing; another follows soon.
        let _ = poll(&mut look, PollTimeout::ZERO);
        let gone = PollFlags::POLLHUP | PollFlags::POLLERR | PollFlags::POLLNVAL;
        match look {
            [look] if look.revents().is_some_and(|is| is.intersects(gone)) => {
                Err(io::Error::new(io::ErrorKind::BrokenPipe, "the terminal hung up"))
            }
            _ => Ok(()),
        }
    }
}

#[cfg(not(unix))]
impl Keyboard {
    /// Elsewhere a console that is closed ends the program.
    pub(super) fn open() -> io::Result<Self> {
        Ok(Self {})
    }

    /// # Errors
    /// None.
    pub(super) fn must_be_there(&self) -> io::Result<()> {
        Ok(())
    }
}
