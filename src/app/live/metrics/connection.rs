//! One connection: a request, its answer, and the end. Whoever is slow is not waited for.

use super::answer::{MAX_HEAD, answer, busy, too_slow};
use super::page::Page;
use std::io::{self, Read, Write};
use std::net::{Shutdown, TcpStream};
use std::time::{Duration, Instant};

/// How long a request may take, and then how long its answer may: each in all, however often a byte comes.
const PATIENCE: Duration = Duration::from_secs(2);

/// How much is still read of what nobody asked for, so that closing does not reset the connection under the answer.
const MAX_LEFTOVERS: usize = 1 << 16;

/// How long that is waited for.
const LEFTOVER_PATIENCE: Duration = Duration::from_millis(250);

/// Answers the one request of `stream`.
///
/// # Errors
/// What ends it early: nobody needs to be told.
pub(super) fn serve(mut stream: TcpStream, page: &Page) -> io::Result<()> {
    // Where it is inherited from the listener.
    stream.set_nonblocking(false)?;
    let answer = hear(&mut stream, page, &Deadline::after(PATIENCE))?;
    tell(&mut stream, &answer, &Deadline::after(PATIENCE))?;
    stream.shutdown(Shutdown::Write)?;
    let_go(&mut stream, &Deadline::after(LEFTOVER_PATIENCE))
}

/// Tells `stream` to come again, without waiting for anything.
///
/// # Errors
/// What ends it early: nobody needs to be told.
pub(super) fn turn_away(mut stream: TcpStream) -> io::Result<()> {
    stream.set_nonblocking(true)?;
    // What was asked is read if it is here already: else closing would reset the connection under the answer.
    let _ = stream.read(&mut [0; MAX_HEAD]);
    stream.write_all(&busy())?;
    stream.shutdown(Shutdown::Write)
}

/// Reads a request and works out its answer.
fn hear(stream: &mut TcpStream, page: &Page, deadline: &Deadline) -> io::Result<Vec<u8>> {
    let mut head = Vec::new();
    let mut part = [0; MAX_HEAD];
    loop {
        let Some(left) = deadline.left() else { return Ok(too_slow()) };
        stream.set_read_timeout(Some(left))?;
        let room = MAX_HEAD.saturating_sub(head.len());
        match stream.read(part.get_mut(..room).unwrap_or_default()) {
            Ok(0) => return Err(io::ErrorKind::UnexpectedEof.into()),
            Ok(read) => head.extend_from_slice(part.get(..read).unwrap_or_default()),
            Err(e) if is_passing(&e) => continue,
            Err(e) => return Err(e),
        }
        if let Some(answer) = answer(&head, &page.get()) {
            return Ok(answer);
        }
    }
}

/// Writes all of `bytes`.
fn tell(stream: &mut TcpStream, mut bytes: &[u8], deadline: &Deadline) -> io::Result<()> {
    while !bytes.is_empty() {
        let left = deadline.left().ok_or(io::ErrorKind::TimedOut)?;
        stream.set_write_timeout(Some(left))?;
        match stream.write(bytes) {
            Ok(0) => return Err(io::ErrorKind::WriteZero.into()),
            Ok(written) => bytes = bytes.get(written..).unwrap_or_default(),
            Err(e) if is_passing(&e) => {}
            Err(e) => return Err(e),
        }
    }
    Ok(())
}

/// Reads and forgets what still comes, for a moment.
fn let_go(stream: &mut TcpStream, deadline: &Deadline) -> io::Result<()> {
    let (mut read, mut part) = (0, [0; MAX_HEAD]);
    while read < MAX_LEFTOVERS
        && let Some(left) = deadline.left()
    {
        stream.set_read_timeout(Some(left))?;
        match stream.read(&mut part)? {
            0 => break,
            more => read += more,
        }
    }
    Ok(())
}

/// Whether it was only a signal, or time that is counted elsewhere.
fn is_passing(error: &io::Error) -> bool {
    matches!(error.kind(), io::ErrorKind::Interrupted | io::ErrorKind::WouldBlock | io::ErrorKind::TimedOut)
}

/// A moment until which something must be done.
struct Deadline {
    since: Instant,
    patience: Duration,
}

impl Deadline {
    #[expect(clippy::disallowed_methods, reason = "how long a stranger may take is a matter of the clock")]
    fn after(patience: Duration) -> Self {
        Self { since: Instant::now(), patience }
    }

    /// How long it is until then; `None` once it has passed.
    fn left(&self) -> Option<Duration> {
        self.patience.checked_sub(self.since.elapsed()).filter(|left| !left.is_zero())
    }
}
