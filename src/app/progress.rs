//! A bar on standard error, where that is a terminal and the work is long.

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use std::io::IsTerminal;
use std::time::{Duration, Instant};

/// Work that is done before is not worth a bar.
const PATIENCE: Duration = Duration::from_millis(500);

/// Redraws a second: enough for the eye.
const REDRAWS: u8 = 8;

/// How far the reading is.
#[derive(Debug)]
pub(super) struct Progress {
    since: Option<Instant>,
    total: Option<u64>,
    bar: Option<ProgressBar>,
}

impl Progress {
    /// For an input of `total` bytes, where that is known; `quiet` shows nothing.
    pub(super) fn new(total: Option<u64>, quiet: bool) -> Self {
        let shown = !quiet && std::io::stderr().is_terminal();
        Self { since: shown.then(now), total, bar: None }
    }

    /// Takes notice that `bytes` were read.
    pub(super) fn at(&mut self, bytes: u64) {
        let Some(since) = self.since else { return };
        if self.bar.is_none() && since.elapsed() >= PATIENCE {
            self.bar = Some(bar(self.total).with_elapsed(since.elapsed()));
        }
        if let Some(bar) = &self.bar {
            bar.set_position(bytes);
        }
    }

    /// Leaves the terminal as it was.
    pub(super) fn finish(self) {
        if let Some(bar) = self.bar {
            bar.finish_and_clear();
        }
    }
}

fn bar(total: Option<u64>) -> ProgressBar {
    let target = ProgressDrawTarget::stderr_with_hz(REDRAWS);
    let template = match total {
        Some(_) => "{wide_bar} {bytes} of {total_bytes}  {bytes_per_sec}  {eta} left",
        None => "{spinner} {bytes}  {bytes_per_sec}",
    };
    let bar = ProgressBar::with_draw_target(total, target);
    match ProgressStyle::with_template(template) {
        Ok(style) => bar.with_style(style),
        Err(_) => bar,
    }
}

#[expect(
    clippy::disallowed_methods,
    reason = "a progress bar tells real time, and the analysis never sees it"
)]
fn now() -> Instant {
    Instant::now()
}
