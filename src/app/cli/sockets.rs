//! `keepscope sockets`.

use super::{Color, ListFormat};
use clap::Args;
use std::time::Duration;

/// How long one may watch: a day.
const MAX_WATCH: f64 = 86_400.0;

#[derive(Debug, Args)]
pub(in crate::app) struct Sockets {
    /// Only sockets held by the process NAME (a part of it will do), or with this number.
    #[arg(short, long, value_name = "NAME|PID")]
    pub(in crate::app) process: Option<String>,

    /// Only sockets with this port, at either end.
    #[arg(long, value_name = "PORT")]
    pub(in crate::app) port: Option<u16>,

    /// Only sockets without keepalive.
    #[arg(long)]
    pub(in crate::app) none: bool,

    /// Also sockets that are closed (TIME-WAIT) or not open yet.
    #[arg(short, long)]
    pub(in crate::app) all: bool,

    /// Look again and again for so long, and tell each socket's idle time and interval from its timer.
    #[arg(long, value_name = "SECONDS", value_parser = watch)]
    pub(in crate::app) watch: Option<Duration>,

    /// How to write the list.
    #[arg(long, value_enum, default_value_t = ListFormat::Text)]
    pub(in crate::app) format: ListFormat,

    /// When to colour text.
    #[arg(long, value_enum, default_value_t = Color::Auto)]
    pub(in crate::app) color: Color,
}

fn watch(typed: &str) -> Result<Duration, String> {
    match typed.parse::<f64>() {
        Ok(seconds) if seconds > 0.0 && seconds <= MAX_WATCH => Ok(Duration::from_secs_f64(seconds)),
        _ => Err(format!("a number of seconds is wanted, up to {MAX_WATCH} (a day)")),
    }
}

#[cfg(test)]
mod tests {
    use super::watch;

    #[test]
    fn one_watches_for_some_seconds() {
        assert_eq!(watch("2.5").map(|watched| watched.as_millis()), Ok(2500));
        for typed in ["0", "-1", "NaN", "inf", "1e9", "ten", ""] {
            assert!(watch(typed).is_err(), "{typed}");
        }
    }
}
