//! What was concluded, and what must not have been.

use super::analysis::Analysis;
use keepscope::flow::Side;
/// All kinds of findings: a misspelt one would never be found, and nobody would notice.
pub(crate) use keepscope::report::FINDING_IDS as KNOWN;
use keepscope::report::{Finding, Severity};

/// `id`, if there are such findings.
pub(crate) fn known(id: &str) -> Result<&str, String> {
    KNOWN.into_iter().find(|known| *known == id).ok_or_else(|| format!("no finding is called '{id}'"))
}

/// The findings about a flow, or with `None` those that span flows.
pub(crate) fn about(analysis: &Analysis, flow: Option<u64>) -> Vec<&Finding> {
    match flow {
        None => analysis.conclusions.findings.iter().map(|across| &across.finding).collect(),
        Some(index) => {
            let of_flow = analysis.flows.iter().filter(|last| last.flow.index == index);
            of_flow.flat_map(|last| &last.flow.findings).collect()
        }
    }
}

/// Findings that say that something is, or may go wrong: a healthy capture has none.
pub(crate) fn alarms(analysis: &Analysis) -> Vec<String> {
    let mut alarms = Vec::new();
    let flows = analysis.flows.iter().map(|last| Some(last.flow.index));
    for flow in flows.chain([None]) {
        let whose = flow.map_or("capture".to_owned(), |index| format!("flow {index}"));
        let grave = about(analysis, flow).into_iter().filter(|finding| finding.severity < Severity::Info);
        alarms.extend(grave.map(|finding| format!("{whose} {}", shown(finding))));
    }
    alarms
}

/// A finding in a line, for people.
pub(crate) fn shown(finding: &Finding) -> String {
    let side = finding.side.map_or("", Side::name);
    format!("{} ({} {side}): {}", finding.id, finding.severity.name(), finding.text)
}
