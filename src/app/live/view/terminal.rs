//! The terminal: its other screen and its raw mode, and both back at the end, whatever the end is.

use super::View;
use super::keyboard::Keyboard;
use ratatui::backend::CrosstermBackend;
use ratatui::crossterm::event::{self, Event, KeyEvent};
use ratatui::crossterm::execute;
use ratatui::crossterm::style::force_color_output;
use ratatui::crossterm::terminal::{
    EnterAlternateScreen, LeaveAlternateScreen, disable_raw_mode, enable_raw_mode,
};
use std::io::{self, Stdout, stdout};
use std::sync::Once;
use std::time::Duration;

/// The terminal while the view has it. Dropped, it is as before.
#[derive(Debug)]
pub(in crate::app::live) struct Terminal {
    terminal: ratatui::Terminal<CrosstermBackend<Stdout>>,
    keyboard: Keyboard,
}

impl Terminal {
    /// Takes the terminal over. To be called before anything is given up that opening `/dev/tty` needs.
    ///
    /// # Errors
    /// Where standard output is none, or it is gone.
    pub(in crate::app::live) fn enter() -> io::Result<Self> {
        restore_on_panic();
        enable_raw_mode()?;
        let entered = Self::on_other_screen();
        if entered.is_err() {
            restore();
        }
        entered
    }

    fn on_other_screen() -> io::Result<Self> {
        execute!(stdout(), EnterAlternateScreen)?;
        // Which styles there are is decided already; NO_COLOR in the environment would be obeyed a second time.
        force_color_output(true);
        let mut terminal = ratatui::Terminal::new(CrosstermBackend::new(stdout()))?;
        terminal.clear()?;
        // What reads the keys is opened here and now.
        event::poll(Duration::ZERO)?;
        Ok(Self { terminal, keyboard: Keyboard::open()? })
    }

    /// Gives the terminal back and stops the process, as Ctrl-Z does elsewhere; takes the terminal again when the shell goes on with it.
    ///
    /// # Errors
    /// Where the terminal is gone by then.
    #[cfg(unix)]
    pub(in crate::app::live) fn suspend(&mut self) -> io::Result<()> {
        let _ = self.terminal.show_cursor();
        restore();
        let stopped = signal_hook::low_level::raise(signal_hook::consts::SIGTSTP);
        enable_raw_mode()?;
        execute!(stdout(), EnterAlternateScreen)?;
        self.terminal.clear()?;
        stopped
    }

    /// Nothing: the system has no such thing.
    #[cfg(not(unix))]
    pub(in crate::app::live) fn suspend(&mut self) -> io::Result<()> {
        Ok(())
    }

    /// Draws `view`, in the size that the terminal has now.
    ///
    /// # Errors
    /// Where the terminal is gone.
    pub(in crate::app::live) fn draw(&mut self, view: &View) -> io::Result<()> {
        self.terminal.draw(|frame| view.draw(frame)).map(|_| ())
    }

    /// The keys that were hit since the last call, and whether anything happened that needs drawing: a key, or another size. Waits up to
    /// `wait` for the first.
    ///
    /// # Errors
    /// Where the terminal is gone.
    pub(in crate::app::live) fn poll_keys(&mut self, wait: Duration) -> io::Result<(Vec<KeyEvent>, bool)> {
        self.keyboard.must_be_there()?;
        let (mut keys, mut is_new) = (Vec::new(), false);
        let mut wait = wait;
        while event::poll(wait)? {
            match event::read()? {
                Event::Key(key) => {
                    keys.push(key);
                    is_new = true;
                }
                Event::Resize(..) => is_new = true,
                _ => {}
            }
            wait = Duration::ZERO;
        }
        Ok((keys, is_new))
    }
}

impl Drop for Terminal {
    fn drop(&mut self) {
        let _ = self.terminal.show_cursor();
        restore();
    }
}

/// Gives the terminal back. What fails here has nobody left to be told.
pub(in crate::app::live) fn restore() {
    let _ = disable_raw_mode();
    let _ = execute!(stdout(), LeaveAlternateScreen, ratatui::crossterm::cursor::Show);
}

/// A panic's message belongs on the screen that stays.
fn restore_on_panic() {
    static ONCE: Once = Once::new();
    ONCE.call_once(|| {
        let hook = std::panic::take_hook();
        std::panic::set_hook(Box::new(move |info| {
            restore();
            hook(info);
        }));
    });
}
