//! What is said on standard error, beside the results. What cannot be said there is no reason to stop: it is in the report, too.

use crate::render::foreign;
use std::io::{self, Write};

/// Says `text`, in one piece.
pub(super) fn tell(text: &str) {
    let _ = io::stderr().lock().write_all(text.as_bytes());
}

/// Says one line. Text from outside may be in it.
pub(super) fn tell_line(line: &str) {
    tell(&format!("keepscope: {}\n", foreign::for_terminal(line)));
}

/// Says one line that warns.
pub(super) fn tell_warning(line: &str) {
    tell(&format!("keepscope: warning: {}\n", foreign::for_terminal(line)));
}
