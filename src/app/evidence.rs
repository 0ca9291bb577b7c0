//! `--evidence`: the frames of the flows with findings, from the same input read again.

use super::Error;
use super::job::{Evidence as Wanted, Job};
use super::limits::Limits;
use crate::analyzer::{Analyzer, Config};
use crate::evidence::{Comments, Evidence, Mask, about};
use crate::explain::{Chosen, Trail};
use crate::frame::{Fault, FrameBatch, FrameMeta};
use crate::report::{Conclusions, Severity, words};
use crate::source::{FrameSource, Next, SourcePiece, file};
use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::io::{self, BufWriter};
use std::path::PathBuf;

/// How many flows the section's comment tells of.
const MAX_TOLD: usize = 20;

/// What evidence is cut out of: what the report was made of, to be read again.
pub(super) struct Whole<'a> {
    /// Standard input is one that can be set back.
    pub(super) inputs: &'a [PathBuf],
    /// As much of them as the report is of.
    pub(super) limits: Limits,
    pub(super) max_flows: Option<u64>,
    /// What the report calls them.
    pub(super) sources: &'a [SourcePiece],
}

/// Reads the input three times more: to find the flows, to follow them, and to write their frames. Each is the analysis that made the report,
/// so the numbers are the same; what it takes to remember frames is a bit for each.
pub(super) fn write(job: &Job, wanted: &Wanted, whole: &Whole<'_>) -> Result<(), Error> {
    let chosen = match job.flow {
        Some(selector) => Chosen::By(selector),
        None => Chosen::Indexes(with_findings(job, whole)?),
    };
    let mut analyzer = analyzer(job, whole).with_trail(chosen);
    read(job, whole, &mut analyzer)?;
    let Some(trail) = analyzer.take_trail() else { return Ok(()) };

    let (mut comments, mut told) = (Comments::of(&trail), Vec::new());
    analyzer.report(|flow| {
        if trail.flows().contains(&flow.index) {
            comments.conclude(&flow);
            if told.len() < MAX_TOLD {
                told.push(about(&flow));
            }
        }
    });
    let (conclusions, _) = analyzer.conclude_all();
    for across in &conclusions.findings {
        if across.flows.iter().any(|flow| trail.flows().contains(flow)) {
            comments.find(&across.finding, &words::counted(across.flows_total, "flow"));
        }
    }
    let failed = |e| Error::io(format!("cannot write {}", wanted.name), e);
    let out = BufWriter::new(wanted.start().map_err(failed)?);
    let mut evidence = Evidence::begin(out, &summary(whole.sources, &trail, &told)).map_err(failed)?;
    let (mut source, mut limits) = (reopen(job, whole.inputs)?, whole.limits);
    let mut batch = FrameBatch::default();
    let mut mask = job.key.as_ref().map(|key| Mask::new(key.anonymizer()));
    let mut end: Option<FrameMeta> = None;
    while fill(&mut *source, &mut batch, &mut limits)? {
        for meta in batch.frames.iter().filter(|meta| trail.has(meta.no)) {
            let (said, interfaces) = (comments.on(meta.no), &source.notes().interfaces);
            match &mut mask {
                Some(mask) => mask.frame(&mut evidence, &batch, meta, said),
                None => evidence.frame(&batch, meta, said, interfaces),
            }
            .map_err(failed)?;
        }
        let believable = batch.frames.iter().filter(|meta| meta.fault != Some(Fault::Malformed));
        end = believable.copied().chain(end).max_by_key(|meta| meta.ts);
    }
    if let Some(end) = end.filter(|end| !trail.has(end.no)) {
        evidence.goes_on_until(&end, &source.notes().interfaces).map_err(failed)?;
    }
    evidence.lost(source.notes().dropped).map_err(failed)?;
    evidence.end().map_err(failed)
}

/// The flows with a problem or a warning, or which share one; where there are none, those with any finding.
fn with_findings(job: &Job, whole: &Whole<'_>) -> Result<BTreeSet<u64>, Error> {
    let mut analyzer = analyzer(job, whole);
    read(job, whole, &mut analyzer)?;
    let (mut grave, mut others) = (BTreeSet::new(), BTreeSet::new());
    analyzer.report_notable(|flow| match flow.gravest() {
        Some(Severity::Info) => _ = others.insert(flow.index),
        Some(_) => _ = grave.insert(flow.index),
        None => {}
    });
    let (Conclusions { findings, .. }, _) = analyzer.conclude_all();
    let shared = findings.iter().filter(|across| across.finding.severity < Severity::Info);
    grave.extend(shared.flat_map(|across| across.flows.iter().copied()));
    Ok(if grave.is_empty() { others } else { grave })
}

fn analyzer(job: &Job, whole: &Whole<'_>) -> Analyzer {
    let config = Config { max_flows: whole.max_flows, ..Config::default() };
    job.analyzer(config)
}

fn read(job: &Job, whole: &Whole<'_>, analyzer: &mut Analyzer) -> Result<(), Error> {
    let (mut source, mut limits) = (reopen(job, whole.inputs)?, whole.limits);
    let mut batch = FrameBatch::default();
    while fill(&mut *source, &mut batch, &mut limits)? {
        analyzer.handle_batch(&batch);
    }
    analyzer.handle_end(source.notes());
    Ok(())
}

/// Reads the next frames, as far as they are wanted. Answers whether there were any.
fn fill(source: &mut dyn FrameSource, batch: &mut FrameBatch, limits: &mut Limits) -> Result<bool, Error> {
    if limits.is_reached() || source.fill(batch)? == Next::End {
        return Ok(false);
    }
    limits.cut(batch);
    Ok(true)
}

/// What the file's own comment says.
fn summary(sources: &[SourcePiece], trail: &Trail, told: &[String]) -> String {
    let names: Vec<&str> = sources.iter().map(|piece| piece.name.as_str()).collect();
    let mut text = format!(
        "{} of {} of {}; a comment begins with the number of its frame there",
        words::counted(trail.frames(), "frame"),
        words::counted(trail.flows().len() as u64, "flow"),
        names.join(", ")
    );
    told.iter().for_each(|line| _ = write!(text, "\n{line}"));
    match trail.flows().len().saturating_sub(told.len()) {
        0 => {}
        more => _ = write!(text, "\nand {}", words::counted(more as u64, "more flow")),
    }
    if trail.decisions().1 > 0 {
        _ = write!(text, "\n{} have no comment", words::counted(trail.decisions().1, "more label"));
    }
    text
}

/// Lets standard input begin anew.
#[cfg(unix)]
fn rewind() -> Result<(), Error> {
    use nix::unistd::{Whence, lseek};
    let failed = |e: nix::Error| Error::io("cannot read standard input again", e.into());
    lseek(io::stdin(), 0, Whence::SeekSet).map(|_| ()).map_err(failed)
}

#[cfg(not(unix))]
fn rewind() -> Result<(), Error> {
    Err(Error::Usage("--evidence needs a file here: standard input can be read only once".into()))
}

/// The input from its beginning.
fn reopen(job: &Job, inputs: &[PathBuf]) -> Result<Box<dyn FrameSource>, Error> {
    if inputs.iter().any(|path| path.as_os_str() == "-") {
        rewind()?;
    }
    Ok(job.masked(file::open(inputs, job.filter.as_deref())?))
}
