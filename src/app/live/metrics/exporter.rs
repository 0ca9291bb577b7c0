//! What the loop calls: counts, and hands pages over when it is time.

use super::address::Address;
use super::file::MetricsFile;
use super::page::Page;
use super::server::Server;
use crate::analyzer::{Analyzer, Output};
use crate::app::Error;
use crate::render::openmetrics::{Metrics, Standing};
use crate::report::FlowCounts;
use crate::source::Stop;
use std::path::Path;
use std::time::{Duration, Instant};

/// How old a page may be.
const PAGE_EVERY: Duration = Duration::from_secs(1);

/// How old the file may be: a scrape interval that is usual.
const FILE_EVERY: Duration = Duration::from_secs(15);

/// How old the findings on open flows may be. Looking for them means looking at every flow that is of interest.
const LOOK_EVERY: Duration = Duration::from_secs(15);

/// With more flows than this nobody looks: each may take some ten microseconds, and frames would be lost meanwhile.
const MAX_LOOKED_AT: u64 = 10_000;

/// The metrics of a running analysis, and where they go.
///
/// In this order: [`open`](Self::open), with all privileges; [`start`](Self::start), when they are dropped; [`take`](Self::take) and
/// [`tick`](Self::tick) while the analysis goes on; [`finish`](Self::finish).
#[derive(Debug)]
pub(in crate::app) struct Exporter {
    metrics: Metrics,
    page: Page,
    server: Option<Server>,
    file: Option<MetricsFile>,
    paged: Instant,
    filed: Instant,
    looked: Instant,
    is_file_failing: bool,
}

impl Exporter {
    /// Takes the port and looks at the file, where they are asked for; `None` where neither is.
    ///
    /// # Errors
    /// The port is taken, or the file cannot be one.
    #[expect(clippy::disallowed_methods, reason = "when the next page is due is a matter of the clock")]
    pub(in crate::app) fn open(address: Option<Address>, file: Option<&Path>) -> Result<Option<Self>, Error> {
        if address.is_none() && file.is_none() {
            return Ok(None);
        }
        let bind = |Address(address)| {
            Server::bind(address).map_err(|e| Error::io(format!("cannot listen at {address} (--metrics)"), e))
        };
        let check = |path: &Path| MetricsFile::at(path).map_err(|e| cannot_write(path, e));
        let (server, file) = (address.map(bind).transpose()?, file.map(check).transpose()?);
        let metrics = Metrics::new(env!("CARGO_PKG_VERSION"));
        let (page, now) = (Page::new(metrics.encode()), Instant::now());
        let (paged, filed, looked) = (now, now, now);
        Ok(Some(Self { metrics, page, server, file, paged, filed, looked, is_file_failing: false }))
    }

    /// Writes the file for the first time, and begins to answer, until `stop` is set.
    ///
    /// # Errors
    /// The file cannot be written by who this process is now.
    pub(in crate::app) fn start(&mut self, stop: Stop) -> Result<(), Error> {
        self.write_file()?;
        if let Some(server) = self.server.take() {
            // Nobody waits for the thread: it ends with the process.
            server
                .serve(self.page.clone(), stop)
                .map_err(|e| Error::io("cannot start a thread (--metrics)", e))?;
        }
        Ok(())
    }

    /// Counts what was decided.
    pub(in crate::app) fn take(&mut self, output: &Output) {
        self.metrics.take(output);
    }

    /// Hands over what is due by now. To be called after every batch and in quiet time; mostly it does nothing.
    ///
    /// # Errors
    /// The file cannot be written, for the first time since it could. The analysis can go on, and so can calling this.
    #[expect(clippy::disallowed_methods, reason = "when the next page is due is a matter of the clock")]
    pub(in crate::app) fn tick(&mut self, analyzer: &Analyzer) -> Result<(), Error> {
        let now = Instant::now();
        if now.duration_since(self.paged) < PAGE_EVERY {
            return Ok(());
        }
        self.paged = now;
        let counts = analyzer.flow_counts();
        if now.duration_since(self.looked) >= LOOK_EVERY {
            self.looked = now;
            self.look(analyzer, &counts);
        }
        self.hand_over(analyzer, &counts);
        if now.duration_since(self.filed) < FILE_EVERY {
            return Ok(());
        }
        self.filed = now;
        let was_failing = std::mem::replace(&mut self.is_file_failing, false);
        match self.write_file() {
            Ok(()) => Ok(()),
            Err(error) => {
                self.is_file_failing = true;
                if was_failing { Ok(()) } else { Err(error) }
            }
        }
    }

    /// Writes the last figures: after the end of the analysis, and after all it handed out was [taken](Self::take).
    ///
    /// # Errors
    /// The file cannot be written.
    pub(in crate::app) fn finish(&mut self, analyzer: &Analyzer) -> Result<(), Error> {
        let counts = analyzer.flow_counts();
        self.look(analyzer, &counts);
        self.hand_over(analyzer, &counts);
        self.write_file()
    }

    fn look(&mut self, analyzer: &Analyzer, counts: &FlowCounts) {
        if counts.in_table() > MAX_LOOKED_AT {
            self.metrics.look_away();
            return;
        }
        let mut standing = Standing::default();
        analyzer.open_flows(true, |flow| standing.add(&flow.findings));
        let (conclusions, _) = analyzer.conclude_all();
        standing.add(conclusions.findings.iter().map(|across| &across.finding));
        self.metrics.stand(&standing);
    }

    fn hand_over(&mut self, analyzer: &Analyzer, counts: &FlowCounts) {
        self.metrics.refresh(analyzer.capture(), counts);
        self.page.put(self.metrics.encode());
    }

    fn write_file(&self) -> Result<(), Error> {
        let Some(file) = &self.file else { return Ok(()) };
        file.write(&self.page.get()).map_err(|e| cannot_write(file.path(), e))
    }
}

fn cannot_write(path: &Path, cause: std::io::Error) -> Error {
    Error::io(format!("cannot write {} (--metrics-file)", path.display()), cause)
}
