//! `keepscope check`: whether captures are as expected.

mod rules;

use super::cli::{Check, CheckFormat};
use super::inputs::{LeftOut, refuse_output_that_is_input, unfold};
use super::key::Key;
use super::one::{Analysed, Reading};
use super::output::{Output, color};
use super::say::{tell_line, tell_warning};
use super::{Error, Exit, catalogue};
use crate::expect::{Checked, Judge, Judgement, Rule, Suite};
use crate::render::{check, text};
use crate::report::Capture;
use crate::source::SourceError;
use std::io::{self, BufWriter, IsTerminal, Write};
use std::path::PathBuf;

/// Checks each capture by itself, or all files as one, and tells whether all is as expected.
pub(super) fn check(typed: &Check) -> Result<Exit, Error> {
    let (files, remarks) =
        unfold(typed.files.clone(), LeftOut::told(typed.quiet, typed.anonymize.is_some()))?;
    refuse(typed, &files)?;
    let rules = rules::load(&typed.expressions, &typed.rules, typed.allow_inconclusive)?;
    let key = typed.anonymize.as_deref().map(Key::load).transpose()?;
    if key.is_some() {
        refuse_addresses(&rules)?;
    }
    let catalogue = catalogue::load(typed.profiles.as_deref())?;
    let output = Output::of(typed.output.as_deref())?;
    remarks.iter().for_each(|line| tell_line(line));
    let captures: Vec<&[PathBuf]> = if typed.one_capture { vec![&files] } else { files.chunks(1).collect() };
    let (filter, quiet) = (typed.filter.as_deref(), typed.quiet);
    let reading = Reading { filter, catalogue: &catalogue, key: key.as_ref(), quiet };
    let numbered = captures.into_iter().zip(1..);
    let checked = numbered.map(|(paths, place)| check_one(paths, place, &rules, reading, typed)).collect();
    let suite = Suite { rules, checked };
    let mut out = BufWriter::new(output.start().map_err(|e| Error::io("cannot write", e))?);
    write(&mut out, &suite, typed.format, color(typed.color, &output))
        .and_then(|()| out.flush())
        .map_err(|e| Error::io("cannot write", e))?;
    let totals = suite.totals();
    Ok(match totals.unreadable {
        0 if totals.passed() => Exit::Done,
        0 => Exit::Failed,
        _ => Exit::Trouble,
    })
}

/// Everything that can be wrong with the command line, but for what is wrong in a file.
fn refuse(typed: &Check, files: &[PathBuf]) -> Result<(), Error> {
    let usage = |line: &str| Err(Error::Usage(line.into()));
    if typed.expressions.is_empty() && typed.rules.is_empty() {
        return usage(
            "nothing is expected; say what with -e, for example -e 'port 443 idle=60s', or with --rules",
        );
    }
    if typed.filter.is_some() && !cfg!(feature = "libpcap") {
        return usage("-f needs libpcap, which this build lacks (build it with --features libpcap)");
    }
    let stdins = |paths: &[PathBuf]| paths.iter().filter(|path| path.as_os_str() == "-").count();
    if stdins(&typed.rules) > 0 && stdins(files) + stdins(&typed.rules) > 1 {
        return usage("'-' (standard input) can be read once: it holds the rules, or a capture");
    }
    let stdins = stdins(files);
    if stdins > 1 || stdins == 1 && typed.one_capture && files.len() > 1 {
        return usage(
            "'-' (standard input) is one capture: it can be checked once, and is no piece of another",
        );
    }
    if stdins == 1 && io::stdin().is_terminal() {
        return usage("standard input is a terminal, not a capture");
    }
    let inputs = files.iter().chain(&typed.rules).chain(&typed.profiles).chain(&typed.anonymize);
    refuse_output_that_is_input(inputs, typed.output.as_deref())
}

/// Refuses expectations about addresses: what is written tells each expectation as it was typed.
fn refuse_addresses(rules: &[Rule]) -> Result<(), Error> {
    match rules.iter().find(|rule| rule.expectation.names_an_address()) {
        Some(rule) => Err(Error::Usage(format!(
            "--anonymize hides addresses, and '{}' would tell one: select by port, or by the number of a flow",
            rule.expectation
        ))),
        None => Ok(()),
    }
}

/// One capture. That it cannot be read is a result, too: the others are checked nevertheless.
fn check_one(
    paths: &[PathBuf],
    place: usize,
    rules: &[Rule],
    reading: Reading<'_>,
    typed: &Check,
) -> Checked {
    let names: Vec<String> =
        paths.iter().zip(place..).map(|(path, place)| reading.name(path, place)).collect();
    let name = names.join(" + ");
    let result = judge(paths, place, rules, reading).map_err(|SourceError(why)| why);
    match &result {
        Ok((capture, _)) if !typed.quiet => capture.warnings.iter().for_each(|line| tell_warning(line)),
        Ok(_) => {}
        // Text says it where it belongs.
        Err(_) if typed.format == CheckFormat::Text && typed.output.is_none() => {}
        Err(why) => tell_line(why),
    }
    Checked { name, result }
}

fn judge(
    paths: &[PathBuf],
    place: usize,
    rules: &[Rule],
    reading: Reading<'_>,
) -> Result<(Capture, Vec<Judgement>), SourceError> {
    let Analysed { mut analyzer, notes } = reading.analyse(paths, place)?;
    // What a missing piece would have shown nobody knows.
    if notes.unusable {
        return Err(SourceError(notes.warnings.join("; ")));
    }
    let capture = analyzer.capture().clone();
    let mut judges: Vec<Judge<'_>> =
        rules.iter().map(|rule| Judge::new(&rule.expectation, &capture)).collect();
    analyzer.report(|flow| judges.iter_mut().for_each(|judge| judge.flow(&flow)));
    let (conclusions, _) = analyzer.conclude_all();
    let judgements = judges.into_iter().map(|judge| judge.finish(&conclusions)).collect();
    Ok((capture, judgements))
}

fn write(out: &mut impl Write, suite: &Suite, format: CheckFormat, color: bool) -> io::Result<()> {
    match format {
        CheckFormat::Text => text::check::write(out, suite, color),
        CheckFormat::Json => check::json::write(out, suite),
        CheckFormat::Junit => check::junit::write(out, suite),
        CheckFormat::Tap => check::tap::write(out, suite),
        CheckFormat::Github => check::github::write(out, suite),
    }
}
