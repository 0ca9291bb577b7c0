//! `keepscope diff A B`: what changed between two captures or reports.

mod report;

use super::cli::{By, Diff, ListFormat};
use super::job::{Output, color};
use super::print::print_bytes;
use super::{Error, Exit, catalogue};
use crate::analyzer::{Analyzer, Config};
use crate::diff::{Facts, Observed, compare};
use crate::frame::FrameBatch;
use crate::infer::Catalogue;
use crate::render::{diff_json, foreign, text};
use crate::source::{FrameSource, Next, file};
use std::fs::File;
use std::io::Read;
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
            let name = path.display().to_string();
            eprintln!(
                "keepscope: warning: {}: {} flows are not compared: too many services",
                foreign::for_terminal(&name),
                observed.left_out()
            );
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
    if is_json(path)? {
        return report::read(path, |facts| observed.add(facts));
    }
    let mut source = file::open(&[path.to_owned()], typed.filter.as_deref())?;
    let mut analyzer = Analyzer::new(Config::default()).with_catalogue(catalogue.clone());
    let mut batch = FrameBatch::default();
    while source.fill(&mut batch)? != Next::End {
        analyzer.handle_batch(&batch);
    }
    analyzer.handle_end(source.notes());
    if !typed.quiet {
        for warning in &source.notes().warnings {
            eprintln!("keepscope: warning: {}", foreign::for_terminal(warning));
        }
    }
    analyzer.report(|flow| observed.add(Facts::of(&flow)));
    Ok(())
}

/// Whether a file begins like a JSON object. No capture does: their magic numbers are other bytes.
fn is_json(path: &Path) -> Result<bool, Error> {
    if path.as_os_str() == "-" {
        return Ok(false);
    }
    let failed = |e| Error::io(format!("cannot read {}", path.display()), e);
    let mut head = [0; 64];
    let read = File::open(path).map_err(failed)?.read(&mut head).map_err(failed)?;
    let first = head.iter().take(read).find(|byte| !byte.is_ascii_whitespace());
    Ok(first == Some(&b'{'))
}
