//! A receiver that took nothing for so long that its peer had to ask for room again and again.

use super::Case;
use crate::flow::Side;
use crate::report::words::{counted, duration};
use crate::report::{Confidence, Finding, Severity};
use crate::time::Span;

/// A closed window is ordinary for less than this.
const LONG: Span = Span::from_secs(3);

pub(super) fn findings(case: &Case<'_>, found: &mut Vec<Finding>) {
    for side in Side::BOTH {
        let prober = case.flow.prober(side);
        let Some(stall) = prober.stall.filter(|stall| stall.length >= LONG) else { continue };
        let (us, peer) = (side.name(), (!side).name());
        let text = format!(
            "the {peer} kept its window closed for at least {}: its application does not read, and {} of the {us} are no keepalives",
            duration(stall.length),
            counted(prober.window_probes, "window probe"),
        );
        found.push(Finding::new(
            "zero-window-stall",
            Severity::Warning,
            Confidence::Certain,
            Some(!side),
            text,
            [stall.from, stall.to],
        ));
    }
}
