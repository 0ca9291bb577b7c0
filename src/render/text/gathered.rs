//! Flows on their way into a report: which of them get a row, which are told of, and which are only counted.

use super::headline::Tally;
use super::table::Table;
use super::worst::Worst;
use crate::report::{Flow, Others};

/// What a reader wishes to hear of flows.
#[derive(Clone, Copy, Debug)]
pub(in crate::render) struct Wish {
    /// Whether flows without probes get rows too, instead of being counted.
    pub(in crate::render) all_flows: bool,
    /// Whether every flow with probes is told in full.
    pub(in crate::render) verbose: bool,
    /// Whether only single flows are asked for, and each is told in full.
    pub(in crate::render) singled_out: bool,
}

/// The flows so far.
#[derive(Debug, Default)]
pub(in crate::render) struct Gathered {
    pub(in crate::render) table: Table,
    pub(in crate::render) others: Others,
    pub(in crate::render) worst: Worst,
    /// Flows that are told in full.
    pub(in crate::render) to_tell: Vec<Flow>,
    pub(in crate::render) relevant: u64,
    pub(in crate::render) tally: Tally,
}

impl Gathered {
    /// Takes a flow.
    pub(in crate::render) fn add(&mut self, flow: Flow, wish: Wish) {
        self.tally.add(&flow);
        if flow.is_relevant() {
            self.relevant += 1;
            self.table.add_relevant_rows(&flow);
            self.worst.add(&flow);
            // Kept in case it stays the only one: what the reader asks about then is its story.
            if wish.verbose || self.relevant == 1 || wish.singled_out {
                self.to_tell.push(flow);
            }
        } else if wish.all_flows || wish.singled_out {
            self.table.add_quiet_row(&flow);
            if wish.singled_out {
                self.to_tell.push(flow);
            }
        } else {
            self.others.add(&flow);
        }
    }
}
