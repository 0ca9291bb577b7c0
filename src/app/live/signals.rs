//! Signals: what other programs and Ctrl-C ask of a run.
//!
//! They are taken by a thread of their own, which only leaves notes: the loop of the run looks at them several times a second. That thread
//! also ends a run that does not end by itself, because it waits for somebody to read its output.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

/// Notes of what was asked for. Clones share them.
#[derive(Clone, Debug, Default)]
pub(super) struct Wishes(Arc<Notes>);

#[derive(Debug, Default)]
struct Notes {
    end: AtomicBool,
    statistics: AtomicBool,
    reopening: AtomicBool,
}

impl Wishes {
    /// Notes that the end is wanted. Answers whether that is known already.
    pub(super) fn wish_end(&self) -> bool {
        self.0.end.swap(true, Ordering::Relaxed)
    }

    /// Whether the end is wanted.
    pub(super) fn is_end_wanted(&self) -> bool {
        self.0.end.load(Ordering::Relaxed)
    }

    /// Whether statistics were asked for since the last time.
    pub(super) fn take_statistics(&self) -> bool {
        self.0.statistics.swap(false, Ordering::Relaxed)
    }

    /// Whether outputs are to be opened again since the last time.
    pub(super) fn take_reopening(&self) -> bool {
        self.0.reopening.swap(false, Ordering::Relaxed)
    }

    #[cfg(any(unix, test))]
    pub(super) fn wish_statistics(&self) {
        self.0.statistics.store(true, Ordering::Relaxed);
    }

    #[cfg(any(unix, test))]
    pub(super) fn wish_reopening(&self) {
        self.0.reopening.store(true, Ordering::Relaxed);
    }
}

/// Starts to take signals. `before_abort` is done before a second Ctrl-C ends the program at once.
///
/// # Errors
/// The system refuses.
#[cfg(unix)]
pub(super) fn listen(wishes: Wishes, before_abort: fn()) -> std::io::Result<()> {
    use signal_hook::consts::{SIGHUP, SIGINT, SIGTERM, SIGUSR1};
    use signal_hook::iterator::Signals;

    let had_terminal = has_terminal();
    let mut signals = Signals::new([SIGHUP, SIGINT, SIGTERM, SIGUSR1])?;
    #[cfg(any(target_vendor = "apple", target_os = "freebsd", target_os = "openbsd", target_os = "netbsd"))]
    signals.add_signal(signal_hook::consts::SIGINFO)?;
    std::thread::Builder::new().name("signals".into()).spawn(move || {
        for signal in signals.forever() {
            match signal {
                SIGINT | SIGTERM => {
                    if wishes.wish_end() {
                        before_abort();
                        // As a shell tells that a signal ended a program.
                        std::process::exit(128 + signal);
                    }
                }
                // With the terminal goes the person it was for. Without one, it is a wish.
                SIGHUP if had_terminal && !has_terminal() => {
                    wishes.wish_end();
                }
                SIGHUP => wishes.wish_reopening(),
                _ => wishes.wish_statistics(),
            }
        }
    })?;
    Ok(())
}

/// Elsewhere Ctrl-C ends the program, as without this.
#[cfg(not(unix))]
pub(super) fn listen(_: Wishes, _: fn()) -> std::io::Result<()> {
    Ok(())
}

/// Whether anybody sits in front of it. A terminal that hung up is none any more.
#[cfg(unix)]
fn has_terminal() -> bool {
    use std::io::{IsTerminal, stderr, stdin, stdout};
    stdin().is_terminal() || stdout().is_terminal() || stderr().is_terminal()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_wish_is_fulfilled_once_and_the_end_stays() {
        let wishes = Wishes::default();
        assert!(!wishes.is_end_wanted() && !wishes.take_statistics() && !wishes.take_reopening());
        wishes.wish_statistics();
        wishes.wish_reopening();
        assert!(wishes.take_statistics() && !wishes.take_statistics());
        assert!(wishes.take_reopening() && !wishes.take_reopening());
        assert!(!wishes.wish_end() && wishes.wish_end(), "the second time is told from the first");
        assert!(wishes.is_end_wanted());
    }
}
