//! A bar on standard error, where that is a terminal and the work is long.

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use std::io::IsTerminal;
use std::time::{Duration, Instant};

/// Work that is done before is not worth a bar.
const PATIENCE: Duration = Duration::from_millis(500);

/// Redraws a second: enough for the eye.
const REDRAWS: u8 = 8;

/// How far the reading is. Nothing at all where it would not be shown.
#[derive(Debug)]
pub(super) struct Progress(Option<Watched>);

#[derive(Debug)]
struct Watched {
    since: Instant,
    /// Measures from the start, so that its rate is right when it appears.
    bar: ProgressBar,
    is_shown: bool,
}

impl Progress {
    /// For an input of `total` bytes, where that is known; `quiet` shows nothing.
    pub(super) fn new(total: Option<u64>, quiet: bool) -> Self {
        let wanted = !quiet && std::io::stderr().is_terminal();
        Self(wanted.then(|| Watched { since: now(), bar: hidden_bar(total), is_shown: false }))
    }

    /// Takes notice that `bytes` were read.
    pub(super) fn at(&mut self, bytes: u64) {
        let Some(Watched { since, bar, is_shown }) = &mut self.0 else { return };
        if !*is_shown && since.elapsed() >= PATIENCE {
            bar.set_draw_target(ProgressDrawTarget::stderr_with_hz(REDRAWS));
            *is_shown = true;
        }
        bar.set_position(bytes);
    }

    /// Leaves the terminal as it was.
    pub(super) fn finish(&mut self) {
        if let Some(watched) = self.0.take() {
            watched.bar.finish_and_clear();
        }
    }
}

fn hidden_bar(total: Option<u64>) -> ProgressBar {
    let template = match total {
        Some(_) => "{wide_bar} {bytes} of {total_bytes}  {bytes_per_sec}  {eta} left",
        None => "{spinner} {bytes}  {bytes_per_sec}",
    };
    let bar = ProgressBar::with_draw_target(total, ProgressDrawTarget::hidden());
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
