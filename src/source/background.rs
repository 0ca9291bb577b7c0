//! A source that may keep its reader waiting, read on a thread of its own, so that others need not wait.
//!
//! Nothing can be told to a thread that waits for a pipe; so it is left to wait, and whoever reads from here is told that nothing came.

use super::{FrameSource, Next, SourceError, SourceNotes};
use crate::frame::FrameBatch;
use crate::time::Timestamp;
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender, SyncSender, channel, sync_channel};
use std::time::Duration;

/// How long is waited for frames before it is said that none came.
const PATIENCE: Duration = Duration::from_millis(100);

/// How many batches may wait to be analysed.
const DEPTH: usize = 4;

/// Frames that another thread reads. Made by [`spawn`].
#[derive(Debug)]
pub struct Background {
    read: Receiver<Result<Read, SourceError>>,
    /// Batches that were analysed, to be filled again.
    spare: Sender<FrameBatch>,
    notes: SourceNotes,
    /// The time of the last frame.
    now: Timestamp,
}

/// What came.
#[derive(Debug)]
struct Read {
    next: Next,
    batch: FrameBatch,
    /// Where something was learnt.
    notes: Option<SourceNotes>,
}

/// Reads what `open` opens, on a thread of its own: opening may have to wait too. What goes wrong is told by the first
/// [`fill`](FrameSource::fill).
///
/// # Errors
/// There can be no further thread.
pub fn spawn<S: FrameSource>(
    open: impl FnOnce() -> Result<S, SourceError> + Send + 'static,
) -> std::io::Result<Background> {
    let (send, read) = sync_channel(DEPTH);
    let (spare, spares) = channel();
    std::thread::Builder::new().name("reader".into()).spawn(move || match open() {
        Ok(source) => pump(source, &send, &spares),
        // Who does not listen any more wants nothing.
        Err(error) => drop(send.send(Err(error))),
    })?;
    Ok(Background { read, spare, notes: SourceNotes::default(), now: Timestamp(i64::MIN) })
}

/// Hands over all of `source`, until it ends or nobody listens.
fn pump(
    mut source: impl FrameSource,
    send: &SyncSender<Result<Read, SourceError>>,
    spares: &Receiver<FrameBatch>,
) {
    let mut known = None;
    loop {
        let mut batch = spares.try_recv().unwrap_or_default();
        let result = source.fill(&mut batch).map(|next| {
            let learnt = Some(extent(source.notes()));
            let notes = (next == Next::End || learnt != known).then(|| source.notes().clone());
            known = learnt;
            Read { next, batch, notes }
        });
        let is_last = !matches!(result, Ok(Read { next: Next::Filled | Next::Quiet(_), .. }));
        if send.send(result).is_err() || is_last {
            return;
        }
    }
}

/// What changes where something is learnt: notes only grow.
fn extent(notes: &SourceNotes) -> impl PartialEq + use<> {
    let lists = (notes.sources.len(), notes.interfaces.len(), notes.warnings.len());
    (lists, notes.dropped, notes.damaged, notes.unusable)
}

impl FrameSource for Background {
    fn fill(&mut self, batch: &mut FrameBatch) -> Result<Next, SourceError> {
        batch.clear();
        let mut read = match self.read.recv_timeout(PATIENCE) {
            Ok(read) => read?,
            Err(RecvTimeoutError::Timeout) => return Ok(Next::Quiet(self.now)),
            Err(RecvTimeoutError::Disconnected) => return Ok(Next::End),
        };
        std::mem::swap(batch, &mut read.batch);
        if let Some(notes) = read.notes {
            self.notes = notes;
        }
        if let Some(last) = batch.frames.last() {
            self.now = self.now.max(last.ts);
        }
        // A reader that has ended needs none.
        let _ = self.spare.send(read.batch);
        Ok(read.next)
    }

    fn notes(&self) -> &SourceNotes {
        &self.notes
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::source::trace::{Trace, TraceSource};

    const TRACE: &str = "
        0.000 A S  0:1(0)
        0.010 B S. 0:1(0) ack 1
        0.020 A .  1:1(0) ack 1
    ";

    fn trace() -> TraceSource<'static> {
        Box::leak(Box::new(Trace::parse(TRACE).unwrap())).source()
    }

    /// The frames and the end of all that comes, and how often nothing came.
    fn read_all(source: &mut impl FrameSource) -> (Vec<Vec<u8>>, Result<usize, SourceError>) {
        let (mut frames, mut quiet, mut batch) = (Vec::new(), 0, FrameBatch::default());
        loop {
            match source.fill(&mut batch) {
                Ok(Next::Filled) => frames.extend(batch.iter().map(|frame| frame.data.to_vec())),
                Ok(Next::Quiet(_)) => quiet += 1,
                Ok(Next::End) => return (frames, Ok(quiet)),
                Err(error) => return (frames, Err(error)),
            }
        }
    }

    /// Waits for a word before it yields anything.
    struct Slow(Receiver<()>, TraceSource<'static>);

    impl FrameSource for Slow {
        fn fill(&mut self, batch: &mut FrameBatch) -> Result<Next, SourceError> {
            let _ = self.0.recv();
            self.1.fill(batch)
        }
        fn notes(&self) -> &SourceNotes {
            self.1.notes()
        }
    }

    #[test]
    fn the_same_frames_come_as_without_it() {
        let mut direct = trace();
        let mut behind = spawn(|| Ok(trace())).unwrap();
        assert_eq!(read_all(&mut direct).0, read_all(&mut behind).0);
        assert_eq!(behind.notes().sources.len(), direct.notes().sources.len());
    }

    #[test]
    fn who_waits_is_told_that_nothing_came() {
        let (tell, told) = channel();
        let mut behind = spawn(move || Ok(Slow(told, trace()))).unwrap();
        assert!(matches!(behind.fill(&mut FrameBatch::default()), Ok(Next::Quiet(_))));
        // From here on it does not wait.
        drop(tell);
        assert_eq!(read_all(&mut behind).0.len(), 3);
    }

    #[test]
    fn what_goes_wrong_while_opening_is_told_to_who_reads() {
        let error = SourceError("-: empty file".into());
        let same = error.clone();
        let mut behind = spawn(move || Err::<TraceSource<'static>, _>(same)).unwrap();
        assert_eq!(read_all(&mut behind), (vec![], Err(error)));
    }
}
