//! A terminal that a test can look at: a command in a detached tmux session of its own server, on a socket that nobody else uses.

use std::path::PathBuf;
use std::process::{Command, Output};
use std::time::{Duration, Instant};
use tempfile::TempDir;

/// How long a screen may take to show what is waited for. Only a broken program takes so long, or a machine that does nothing else.
const PATIENCE: Duration = Duration::from_secs(60);

/// How often is looked.
const EVERY: Duration = Duration::from_millis(50);

/// A command on a screen. Dropped, both are gone.
#[derive(Debug)]
pub(crate) struct Screen {
    /// Holds the socket.
    dir: TempDir,
}

impl Screen {
    /// Runs `command`, a line for the shell, on a screen of this size, with UTF-8 and without `NO_COLOR`. When it ends the screen stays
    /// and shows its last state. `None`, said aloud, where there is no tmux.
    pub(crate) fn start(command: &str, (width, height): (u16, u16)) -> Option<Self> {
        if Command::new("tmux").arg("-V").output().is_err() {
            eprintln!("skipped: tmux is not installed");
            return None;
        }
        let screen = Self { dir: tempfile::tempdir().unwrap() };
        // Started by itself, so that the session begins with the options set.
        let options =
            "set -g remain-on-exit on ; set -g status off ; set -g default-terminal screen-256color";
        std::fs::write(screen.file("tmux.conf"), options.replace(" ; ", "\n")).unwrap();
        let (width, height) = (width.to_string(), height.to_string());
        // How it ended is told by a file: tmux does not always notice on a busy machine.
        let (told, status) = (screen.file("told"), screen.file("status"));
        let command = format!(
            "trap : INT; env -u NO_COLOR LC_ALL=C.UTF-8 sh -c '{}'; echo $? > {told}; mv {told} {status}",
            command.replace('\'', r"'\''"),
            told = told.display(),
            status = status.display()
        );
        screen.tmux(&["new-session", "-d", "-x", &width, "-y", &height, &command]);
        Some(screen)
    }

    /// Sends keys by tmux's names: `q`, `Enter`, `C-c`, `PageDown`; what is no name is typed.
    pub(crate) fn keys(&self, keys: &[&str]) {
        let mut arguments = vec!["send-keys"];
        arguments.extend(keys);
        self.tmux(&arguments);
    }

    /// Gives the screen another size.
    pub(crate) fn resize(&self, (width, height): (u16, u16)) {
        self.tmux(&["resize-window", "-x", &width.to_string(), "-y", &height.to_string()]);
    }

    /// What the screen shows, without the spaces at the ends of lines.
    pub(crate) fn text(&self) -> String {
        String::from_utf8(self.tmux(&["capture-pane", "-p"]).stdout).unwrap()
    }

    /// The same with its colours, as escape sequences.
    pub(crate) fn colored_text(&self) -> String {
        String::from_utf8(self.tmux(&["capture-pane", "-e", "-p"]).stdout).unwrap()
    }

    /// Waits until the screen shows `words`; tells what it shows then.
    #[track_caller]
    pub(crate) fn wait_for(&self, words: &str) -> String {
        self.wait_until(&format!("{words:?} to be shown"), |text| text.contains(words))
    }

    /// Waits until what the screen shows `is_so`; tells what it shows then.
    #[track_caller]
    pub(crate) fn wait_until(&self, what: &str, is_so: impl Fn(&str) -> bool) -> String {
        let until = now() + PATIENCE;
        loop {
            let text = self.text();
            if is_so(&text) {
                return text;
            }
            assert!(now() < until, "waited for {what}; the screen shows:\n{text}");
            std::thread::sleep(EVERY);
        }
    }

    /// Waits until the command has ended; tells its exit code.
    #[track_caller]
    pub(crate) fn wait_for_end(&self) -> i32 {
        let until = now() + PATIENCE;
        loop {
            if let Ok(code) = std::fs::read_to_string(self.file("status")) {
                return code.trim().parse().unwrap();
            }
            assert!(now() < until, "the command goes on; the screen shows:\n{}", self.text());
            std::thread::sleep(EVERY);
        }
    }

    fn file(&self, name: &str) -> PathBuf {
        self.dir.path().join(name)
    }

    #[track_caller]
    fn tmux(&self, arguments: &[&str]) -> Output {
        let output = self.command().args(arguments).output().unwrap();
        assert!(output.status.success(), "tmux {arguments:?}: {}", String::from_utf8_lossy(&output.stderr));
        output
    }

    fn command(&self) -> Command {
        let mut command = Command::new("tmux");
        // -u: UTF-8 whatever the locale of the tests is.
        command.arg("-u").arg("-S").arg(self.file("socket")).arg("-f").arg(self.file("tmux.conf"));
        command.env_remove("TMUX");
        command
    }
}

impl Drop for Screen {
    fn drop(&mut self) {
        // Where the server is gone already there is nothing to end.
        let _ = self.command().arg("kill-server").output();
    }
}

#[expect(clippy::disallowed_methods, reason = "a test waits for a screen")]
fn now() -> Instant {
    Instant::now()
}
