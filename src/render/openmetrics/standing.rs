//! Findings that hold at the moment.

use super::keys::Kind;
use crate::report::Finding;

/// Which findings hold now, counted by kind: those on the flows that are open, and those that span flows.
///
/// A connection that lives for weeks is final in weeks; what is found on it is worth knowing today.
#[derive(Clone, Debug)]
pub struct Standing {
    counts: Vec<(Kind, u64)>,
}

impl Default for Standing {
    fn default() -> Self {
        Self { counts: Kind::all().map(|kind| (kind, 0)).collect() }
    }
}

impl Standing {
    /// Counts findings.
    pub fn add<'a>(&mut self, findings: impl IntoIterator<Item = &'a Finding>) {
        for finding in findings {
            let kind = Kind::of(finding);
            if let Some((_, count)) = self.counts.iter_mut().find(|(known, _)| *known == kind) {
                *count += 1;
            }
        }
    }

    pub(super) fn counts(&self) -> impl Iterator<Item = (Kind, u64)> {
        self.counts.iter().copied()
    }
}
