//! How many flows there are, while a capture runs.

/// The flows of a running analysis, by what is known of them now.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct FlowCounts {
    /// In the table: neither FIN nor RST was seen.
    pub open: u64,
    /// In the table: one end sent FIN.
    pub half_closed: u64,
    /// In the table: both did, less than a minute ago.
    pub closed: u64,
    /// In the table: an end sent RST, less than a minute ago.
    pub reset: u64,
    /// Of all in the table, those of which an end has probed.
    pub probing: u64,
    /// Of all in the table, those in which a probe has no answer yet.
    pub waiting: u64,
    /// All flows there ever were.
    pub total: u64,
    /// Those that left the table because it was full.
    pub evicted: u64,
}

impl FlowCounts {
    /// The flows in the table.
    #[must_use]
    pub const fn in_table(&self) -> u64 {
        self.open + self.half_closed + self.closed + self.reset
    }
}
