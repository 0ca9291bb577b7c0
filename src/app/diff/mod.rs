//! `keepscope diff A B`: what changed between two captures or reports.

mod input;
mod report;

use super::cli::{By, Diff, ListFormat};
use super::key::Key;
use super::one::{Analysed, Reading};
use super::output::{Output, color};
use super::print::print_bytes;
use super::say::tell_warning;
use super::{Error, Exit, catalogue};
use crate::diff::{Facts, Observed, compare};
use crate::render::{diff_json, text};
use crate::source::SourceError;
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
    let key = typed.anonymize.as_deref().map(Key::load).transpose()?;
    let (filter, quiet) = (typed.filter.as_deref(), typed.quiet);
    let reading = Reading { filter, catalogue: &catalogue, key: key.as_ref(), quiet };
    let mut sides = Vec::new();
    for (path, place) in [&typed.before, &typed.after].into_iter().zip(1..) {
        let mut observed = Observed::new(typed.by == By::Port);
        observe(path, place, reading, &mut observed)?;
        if observed.left_out() > 0 && !quiet {
            let (name, flows) = (reading.name(path, place), observed.left_out());
            tell_warning(&format!("{name}: {flows} flows are not compared: too many services"));
        }
        sides.push(observed);
    }
    let [before, after] = &sides[..] else { return Ok(Exit::Trouble) };
    let changes = compare(before, after);
    let names = [reading.name(&typed.before, 1), reading.name(&typed.after, 2)];
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
fn observe(path: &Path, place: usize, reading: Reading<'_>, observed: &mut Observed) -> Result<(), Error> {
    let input = Input::of(path)?;
    if input.is_json()? {
        let mut anonymizer = reading.key.map(Key::anonymizer);
        return report::read(&input, |mut facts| {
            if let (Some(anonymizer), Some(addr)) = (&mut anonymizer, &mut facts.addr) {
                *addr = anonymizer.address(*addr);
            }
            observed.add(facts);
        });
    }
    let named = |SourceError(why): SourceError| SourceError(input.told(&why));
    let Analysed { mut analyzer, notes } =
        reading.analyse(&[input.path().to_owned()], place).map_err(named)?;
    if !reading.quiet {
        notes.warnings.iter().for_each(|line| tell_warning(&input.told(line)));
    }
    analyzer.report(|flow| observed.add(Facts::of(&flow)));
    Ok(())
}
