//! The text format that came before OpenMetrics, and that some readers know only.

use std::fmt::Write;

/// A page of [`Metrics::encode`](super::Metrics::encode) in Prometheus' text format 0.0.4: for readers that know no OpenMetrics, among them
/// the textfile collector of node_exporter, which refuses a file with a type it does not know.
///
/// The series are the same. There, a counter is called what its series is called, and what only tells which build this is, is a gauge.
#[must_use]
pub fn plain(page: &str) -> String {
    let mut out = String::with_capacity(page.len());
    // HELP comes first, but only TYPE says what it is called.
    let mut help = None;
    for line in page.lines() {
        let mut words = line.splitn(4, ' ');
        match (words.next(), words.next(), words.next(), words.next()) {
            (Some("#"), Some("HELP"), Some(family), Some(text)) => help = Some((family, text)),
            (Some("#"), Some("TYPE"), Some(family), Some(kind)) => {
                let (suffix, kind) = match kind {
                    "counter" => ("_total", "counter"),
                    "info" => ("_info", "gauge"),
                    kind => ("", kind),
                };
                let text = help.take().filter(|(of, _)| *of == family).map_or("", |(_, text)| text);
                // Writing into a string cannot fail.
                let _ = write!(out, "# HELP {family}{suffix} {text}\n# TYPE {family}{suffix} {kind}\n");
            }
            // UNIT and EOF are unknown there.
            (Some("#"), ..) => {}
            _ => {
                out.push_str(line);
                out.push('\n');
            }
        }
    }
    out
}
