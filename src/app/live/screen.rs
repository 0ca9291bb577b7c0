//! The live view in its terminal: fed, drawn, and asked for keys.

use super::join::Look;
use super::view::{Flows, Options, Snapshot, Terminal, View, Wish};
use crate::analyzer::{Analyzer, Output};
use crate::app::job::Job;
use std::io;
use std::rc::Rc;
use std::time::Duration;

/// How often the view is refreshed, where that costs nothing.
const EVERY: Duration = Duration::from_millis(250);

/// How many times as long as a refresh took there is none after it: looking at the flows must not cost frames.
const REST: u32 = 9;

/// The live view in its terminal. Dropped, it leaves the terminal as it was.
pub(super) struct Screen {
    terminal: Terminal,
    view: View,
    /// Where the frames come from. Text from outside.
    source: String,
    /// When it is to be refreshed.
    due: Duration,
}

impl Screen {
    /// Takes the terminal over.
    ///
    /// # Errors
    /// There is none.
    pub(super) fn enter(job: &Job, source: String) -> io::Result<Self> {
        let view = View::new(Options::of_environment(job.color, job.clock));
        Ok(Self { terminal: Terminal::enter()?, view, source, due: Duration::ZERO })
    }

    /// Takes what was decided.
    pub(super) fn take(&mut self, output: &Output) {
        self.view.take(output);
    }

    /// Looks for keys, and draws what is new, with what the `kernel` said last; `elapsed` tells the time. Answers whether the end is wished.
    ///
    /// # Errors
    /// The terminal is gone.
    pub(super) fn attend(
        &mut self,
        analyzer: &Analyzer,
        kernel: Option<&Rc<Look>>,
        elapsed: &dyn Fn() -> Duration,
    ) -> io::Result<bool> {
        let (keys, mut is_new) = self.terminal.poll_keys(Duration::ZERO)?;
        let mut is_over = false;
        for key in keys {
            match self.view.key(key) {
                Wish::Nothing => {}
                Wish::Quit => is_over = true,
                Wish::Suspend => self.terminal.suspend()?,
            }
        }
        let now = elapsed();
        if now >= self.due {
            self.refresh(analyzer, kernel);
            is_new = true;
        }
        if is_new {
            self.terminal.draw(&self.view)?;
        }
        if now >= self.due {
            let after = elapsed();
            self.due = after + EVERY.max(after.saturating_sub(now) * REST);
        }
        Ok(is_over)
    }

    fn refresh(&mut self, analyzer: &Analyzer, kernel: Option<&Rc<Look>>) {
        let (counts, now) = (analyzer.flow_counts(), analyzer.now().unwrap_or_default());
        let mut flows = Flows::default();
        analyzer.open_flows(true, |flow| flows.add(flow, now));
        let (conclusions, _) = analyzer.conclude_all();
        self.view.refresh(Snapshot {
            now,
            source: self.source.clone(),
            flows,
            capture: analyzer.capture().clone(),
            conclusions,
            counts,
            kernel: kernel.cloned(),
        });
    }
}
