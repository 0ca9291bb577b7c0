//! A small HTTP server: it does nothing but hand out one page.

use super::connection::{serve, turn_away};
use super::page::Page;
use crate::source::Stop;
use std::io;
use std::net::{SocketAddr, TcpListener};
use std::sync::Arc;
use std::thread;
use std::time::Duration;

/// How many are answered at a time. A scraper needs one connection every few seconds.
const MAX_CONNECTIONS: usize = 4;

/// How often it looks for who has come, and whether it is to stop.
const LOOK_EVERY: Duration = Duration::from_millis(50);

/// A socket that listens. Nobody is answered before [`serve`](Self::serve).
#[derive(Debug)]
pub(super) struct Server {
    listener: TcpListener,
}

impl Server {
    /// Listens at `address`. The only socket there will be: what comes later only accepts.
    ///
    /// # Errors
    /// What the operating system says: the port is taken, or may not be.
    pub(super) fn bind(address: SocketAddr) -> io::Result<Self> {
        let listener = TcpListener::bind(address)?;
        listener.set_nonblocking(true)?;
        Ok(Self { listener })
    }

    /// Where it listens: with the port that was given, where 0 was asked for.
    ///
    /// # Errors
    /// What the operating system says.
    #[cfg(test)]
    pub(super) fn address(&self) -> io::Result<SocketAddr> {
        self.listener.local_addr()
    }

    /// Answers from a thread of its own, until `stop` is set.
    ///
    /// # Errors
    /// There can be no thread.
    pub(super) fn serve(self, page: Page, stop: Stop) -> io::Result<thread::JoinHandle<()>> {
        thread::Builder::new().name("metrics".into()).spawn(move || self.accept(&page, &stop))
    }

    fn accept(self, page: &Page, stop: &Stop) {
        // Each connection holds a clone of it, however it ends.
        let seat = Arc::new(());
        while !stop.is_set() {
            let Ok((stream, _)) = self.listener.accept() else {
                // Nobody is there, or they have gone again, or there are no file descriptors left: all of that passes.
                thread::sleep(LOOK_EVERY);
                continue;
            };
            if Arc::strong_count(&seat) > MAX_CONNECTIONS {
                let _ = turn_away(stream);
                continue;
            }
            let (seat, page) = (Arc::clone(&seat), page.clone());
            let answering = thread::Builder::new().name("metrics".into());
            // Whose connection breaks comes again. Where there can be no thread, the stream is closed.
            let _ = answering.spawn(move || {
                let _ = serve(stream, &page);
                drop(seat);
            });
        }
    }
}
