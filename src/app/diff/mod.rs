//! `keepscope diff A B`: what changed between two captures or reports.

mod input;
mod report;

use super::cli::{By, Diff, ListFormat};
use super::job::{Output, color};
use super::print::print_bytes;
use super::say::tell_warning;
use super::{Error, Exit, catalogue};
use crate::analyzer::{Analyzer, Config};
use crate::diff::{Facts, Observed, compare};
use crate::frame::FrameBatch;
use crate::infer::Catalogue;
use crate::render::{diff_json, text};
use crate::source::{FrameSource, Next, SourceError, file};
use input::Input;
use std::path::Path;

/// Compares what was with what is. Exits with 1 where something changed.
pub(super) fn diff(typed: &Diff) -> Result<Exit, Error> {
    if typed.filter.is_some() && !cfg!(feature = "libpcap") {
        return Err(Error::Usage(
            "-f needs libpcap, which this build lacks (build it with --features libpcap)".into(),
        ));
    }
    let catalogue = catalogue::load(typed.profiles.as_deref())?;
    let mut sides = Vec::new();
    for path in [&typed.before, &typed.after] {
        let mut observed = Observed::new(typed.by == By::Port);
        observe(path, typed, &catalogue, &mut observed)?;
        if observed.left_out() > 0 && !typed.quiet {
            let (name, left_out) = (path.display(), observed.left_out());
            tell_warning(&format!("{name}: {left_out} flows are not compared: too many services"));
        }
        sides.push(observed);
    }
    let [before, after] = &sides[..] else { return Ok(Exit::Trouble) };
    let changes = compare(before, after);
    let names = [&typed.before, &typed.after].map(|path| path.display().to_string());
    if !typed.quiet {
        let mut out = Vec::new();
        let written = match typed.format {
            ListFormat::Text => {
                text::diff::write(&mut out, &names, &changes, color(typed.color, &Output::Stdout))
            }
            ListFormat::Json => diff_json::write(&mut out, &names, &changes),
        };
        written.map_err(|e| Error::io("cannot write", e))?;
        print_bytes(&out)?;
    }
    Ok(if changes.is_empty() { Exit::Done } else { Exit::Failed })
}

/// Takes what `path` shows: a report where it begins like one, else a capture.
fn observe(path: &Path, typed: &Diff, catalogue: &Catalogue, observed: &mut Observed) -> Result<(), Error> {
    let input = Input::of(path)?;
    if input.is_json()? {
        return report::read(&input, |facts| observed.add(facts));
    }
    let named = |SourceError(why): SourceError| SourceError(input.told(&why));
    let mut source = file::open(&[input.path().to_owned()], typed.filter.as_deref()).map_err(named)?;
    let mut analyzer = Analyzer::new(Config::default()).with_catalogue(catalogue.clone());
    let mut batch = FrameBatch::default();
    while source.fill(&mut batch).map_err(named)? != Next::End {
        analyzer.handle_batch(&batch);
    }
    analyzer.handle_end(source.notes());
    if !typed.quiet {
        for warning in &source.notes().warnings {
            tell_warning(&input.told(warning));
        }
    }
    analyzer.report(|flow| observed.add(Facts::of(&flow)));
    Ok(())
}
