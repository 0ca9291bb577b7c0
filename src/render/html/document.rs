//! The page itself: what stands in the file, and what a browser is forbidden to do with it.

use super::headline::Headline;
use super::overview::Overview;
use super::packed::Chunk;
use super::row::Row;
use crate::render::foreign;
use crate::report::Capture;
use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use serde::Serialize;
use sha2::{Digest, Sha256};
use std::io::{self, Write};

/// The frame of the page; what stands in `{{…}}` is put in.
const PAGE: &str = include_str!("page/page.html");

/// The style, a file for each part of the page.
const STYLE: &str = concat!(
    include_str!("page/base.css"),
    include_str!("page/summary.css"),
    include_str!("page/table.css"),
    include_str!("page/charts.css"),
    include_str!("page/flow.css"),
    include_str!("page/phone.css"),
    include_str!("page/print.css"),
);

/// The script: one function, in files of one idea each.
const SCRIPT: &str = concat!(
    "'use strict';\n(() => {\n",
    include_str!("page/base.js"),
    include_str!("page/table.js"),
    include_str!("page/axis.js"),
    include_str!("page/timeline.js"),
    include_str!("page/flow.js"),
    include_str!("page/charts.js"),
    include_str!("page/summary.js"),
    include_str!("page/main.js"),
    "})();\n"
);

/// How many inputs are named in the title.
const MAX_NAMED_SOURCES: usize = 3;

/// Writes the page.
pub(super) fn write(
    out: &mut impl Write,
    capture: &Capture,
    headline: &Headline,
    overview: &Overview<'_>,
    rows: &[Row],
    details: &[Chunk],
) -> io::Result<()> {
    let mut rest = PAGE;
    while let Some((before, after)) = rest.split_once("{{") {
        let (name, after) = after.split_once("}}").unwrap_or((after, ""));
        out.write_all(before.as_bytes())?;
        match name {
            "policy" => write!(out, "{}", foreign::for_html(&policy()))?,
            "style" => out.write_all(STYLE.as_bytes())?,
            "script" => out.write_all(SCRIPT.as_bytes())?,
            "title" => write!(out, "{}", foreign::for_html(&title(capture)))?,
            "headline" => write!(out, "{}", foreign::for_html(&headline.words))?,
            "overview" => embed(out, overview)?,
            "rows" => embed(out, &rows)?,
            "details" => details.iter().try_for_each(|chunk| chunk.write(out))?,
            _ => {}
        }
        rest = after;
    }
    out.write_all(rest.as_bytes())
}

/// Writes `value` as JSON that ends no script.
fn embed(out: &mut impl Write, value: &impl Serialize) -> io::Result<()> {
    let json = serde_json::to_string(value)?;
    write!(out, "{}", foreign::for_script(&json))
}

/// Nothing is loaded from anywhere, and only this script and this style apply: what stands in the data can be neither.
fn policy() -> String {
    let hash = |text: &str| format!("'sha256-{}'", BASE64_STANDARD.encode(Sha256::digest(text)));
    format!(
        "default-src 'none'; script-src {}; style-src {}; img-src data:; base-uri 'none'; form-action 'none'",
        hash(SCRIPT),
        hash(STYLE)
    )
}

/// What was read: the names of the files without their directories.
fn title(capture: &Capture) -> String {
    let name = |name: &str| name.rsplit('/').next().unwrap_or(name).to_owned();
    let mut names: Vec<String> =
        capture.sources.iter().take(MAX_NAMED_SOURCES).map(|piece| name(&piece.name)).collect();
    let more = capture.sources.len().saturating_sub(MAX_NAMED_SOURCES);
    if more > 0 {
        names.push(format!("{more} more"));
    }
    names.join(", ")
}
