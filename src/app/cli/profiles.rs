//! `keepscope profiles`.

use super::{Color, ListFormat};
use clap::Args;
use std::path::PathBuf;

#[derive(Debug, Args)]
pub(in crate::app) struct Profiles {
    /// Only what has WORD in its name.
    pub(in crate::app) word: Option<String>,

    /// More stacks and middleboxes (TOML).
    #[arg(long, value_name = "FILE")]
    pub(in crate::app) profiles: Option<PathBuf>,

    /// How to write the list.
    #[arg(long, value_enum, default_value_t = ListFormat::Text)]
    pub(in crate::app) format: ListFormat,

    /// When to colour text.
    #[arg(long, value_enum, default_value_t = Color::Auto)]
    pub(in crate::app) color: Color,
}
