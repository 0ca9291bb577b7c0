//! `keepscope profiles`: what is known beforehand.

use super::cli::{ListFormat, Profiles};
use super::output::{Output, color};
use super::print::print_bytes;
use super::{Error, Exit, catalogue};
use crate::render::{profiles_json, text};

/// Lists the catalogue, or what of it has `word` in its name.
pub(super) fn list(typed: &Profiles) -> Result<Exit, Error> {
    let catalogue = catalogue::load(typed.profiles.as_deref())?;
    let word = typed.word.as_deref().unwrap_or_default();
    let mut out = Vec::new();
    let written = match typed.format {
        ListFormat::Text => {
            text::profiles::write(&mut out, &catalogue, word, color(typed.color, &Output::Stdout))
        }
        ListFormat::Json => profiles_json::write(&mut out, &catalogue, word),
    };
    if !written.map_err(|e| Error::io("cannot write", e))? {
        return Err(Error::Usage(format!("nothing that is known has '{word}' in its name")));
    }
    print_bytes(&out)
}
