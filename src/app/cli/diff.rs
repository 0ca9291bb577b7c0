//! `keepscope diff`.

use super::{Color, ListFormat};
use clap::{Args, ValueEnum};
use std::path::PathBuf;

#[derive(Debug, Args)]
pub(in crate::app) struct Diff {
    /// What it was: a capture, or a report of --format json.
    #[arg(value_name = "A")]
    pub(in crate::app) before: PathBuf,

    /// What it is now: a capture, or a report of --format json.
    #[arg(value_name = "B")]
    pub(in crate::app) after: PathBuf,

    /// Analyse only the frames of captures that match EXPR, in libpcap's filter syntax.
    #[arg(short, long, value_name = "EXPR")]
    pub(in crate::app) filter: Option<String>,

    /// What a service is: the server's address and port, or the port alone, for captures of different hosts.
    #[arg(long, value_enum, default_value_t = By::Address)]
    pub(in crate::app) by: By,

    /// How to write what changed.
    #[arg(long, value_enum, default_value_t = ListFormat::Text)]
    pub(in crate::app) format: ListFormat,

    /// Other addresses, with prefixes preserved, and no names of files. The key is 32 bytes, or 64 hexadecimal digits; `random` is a new one
    /// for this run.
    #[arg(long, value_name = "KEYFILE|random")]
    pub(in crate::app) anonymize: Option<PathBuf>,

    /// More stacks and middleboxes (TOML).
    #[arg(long, value_name = "FILE")]
    pub(in crate::app) profiles: Option<PathBuf>,

    /// When to colour text.
    #[arg(long, value_enum, default_value_t = Color::Auto)]
    pub(in crate::app) color: Color,

    /// Print nothing but errors: the exit code tells.
    #[arg(short, long)]
    pub(in crate::app) quiet: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(in crate::app) enum By {
    /// Address and port.
    Address,
    /// The port alone.
    Port,
}
