//! `--evidence`: the frames of the flows with findings, from the same input read again.

use super::Error;
use super::job::{Evidence as Wanted, Job};
use crate::analyzer::{Analyzer, Config};
use crate::evidence::{Comments, Evidence, Mask, about};
use crate::explain::{Chosen, Trail};
use crate::frame::{Fault, FrameBatch, FrameMeta};
use crate::report::{Capture, Conclusions, Severity, words};
use crate::source::{FrameSource, Next, file};
use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::io::{self, BufWriter};

/// How many flows the section's comment tells of.
const MAX_TOLD: usize = 20;

/// Reads the input three times more: to find the flows, to follow them, and to write their frames. Each is the analysis that made the report,
/// so the numbers are the same; what it takes to remember frames is a bit for each.
pub(super) fn write(job: &Job, wanted: &Wanted) -> Result<(), Error> {
    let chosen = match job.flow {
        Some(selector) => Chosen::By(selector),
        None => Chosen::Indexes(with_findings(job)?),
    };
    let mut analyzer = analyzer(job).with_trail(chosen);
    read(job, &mut analyzer)?;
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
    let mut evidence = Evidence::begin(out, &summary(analyzer.capture(), &trail, &told)).map_err(failed)?;
    let mut source = reopen(job)?;
    let mut batch = FrameBatch::default();
    let mut mask = job.key.as_ref().map(|key| Mask::new(key.anonymizer()));
    let mut end: Option<FrameMeta> = None;
    while source.fill(&mut batch)? != Next::End {
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
    evidence.end().map_err(failed)
}

/// The flows with a problem or a warning, or which share one; where there are none, those with any finding.
fn with_findings(job: &Job) -> Result<BTreeSet<u64>, Error> {
    let mut analyzer = analyzer(job);
    read(job, &mut analyzer)?;
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

fn analyzer(job: &Job) -> Analyzer {
    let config = Config { max_flows: job.max_flows, ..Config::default() };
    job.analyzer(config)
}

fn read(job: &Job, analyzer: &mut Analyzer) -> Result<(), Error> {
    let mut source = reopen(job)?;
    let mut batch = FrameBatch::default();
    while source.fill(&mut batch)? != Next::End {
        analyzer.handle_batch(&batch);
    }
    analyzer.handle_end(source.notes());
    Ok(())
}

/// What the file's own comment says.
fn summary(capture: &Capture, trail: &Trail, told: &[String]) -> String {
    let names: Vec<&str> = capture.sources.iter().map(|piece| piece.name.as_str()).collect();
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

/// Puts what comes from standard input into a file without a name, and that file in its place, so that it can be read more than once.
#[cfg(unix)]
pub(super) fn spool() -> Result<(), Error> {
    let failed = |e| Error::io("cannot keep standard input to read it again", e);
    let mut file = tempfile::tempfile().map_err(failed)?;
    io::copy(&mut io::stdin().lock(), &mut file).map_err(failed)?;
    nix::unistd::dup2_stdin(&file).map_err(|e| failed(e.into()))?;
    rewind()
}

/// Lets standard input begin anew.
#[cfg(unix)]
fn rewind() -> Result<(), Error> {
    use nix::unistd::{Whence, lseek};
    let failed = |e: nix::Error| Error::io("cannot read standard input again", e.into());
    lseek(io::stdin(), 0, Whence::SeekSet).map(|_| ()).map_err(failed)
}

/// Elsewhere what comes from standard input can be read once only.
#[cfg(not(unix))]
pub(super) fn spool() -> Result<(), Error> {
    Err(Error::Usage("--evidence needs a file here: standard input can be read only once".into()))
}

/// Never needed: see [`spool`].
#[cfg(not(unix))]
fn rewind() -> Result<(), Error> {
    Ok(())
}

/// The input from its beginning.
fn reopen(job: &Job) -> Result<Box<dyn FrameSource>, Error> {
    if job.reads_stdin() {
        rewind()?;
    }
    Ok(job.masked(file::open(&job.inputs, job.filter.as_deref())?))
}
