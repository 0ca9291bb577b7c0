//! … as JUnit XML, as CI servers read it: a suite for each capture, a case for each expectation.

use super::lines;
use crate::expect::{Checked, Judgement, Rule, Suite, Verdict};
use crate::render::foreign::for_xml;
use quick_junit::{NonSuccessKind, Report, TestCase, TestCaseStatus, TestSuite};
use std::io::{self, Write};

/// What the whole is called.
const NAME: &str = "keepscope check";

/// Writes it.
///
/// # Errors
/// What `out` reports.
pub fn write(out: &mut impl Write, suite: &Suite) -> io::Result<()> {
    let mut report = Report::new(NAME);
    report.add_test_suites(suite.checked.iter().map(|checked| of_capture(suite, checked)));
    report.serialize(out).map_err(io::Error::other)
}

fn of_capture(suite: &Suite, checked: &Checked) -> TestSuite {
    let name = for_xml(&checked.name).to_string();
    let mut of_capture = TestSuite::new(name.as_str());
    match &checked.result {
        Ok((_, judgements)) => {
            let cases = suite.judgements(judgements).map(|(rule, judgement)| case(&name, rule, judgement));
            of_capture.add_test_cases(cases);
        }
        // One case for each rule: whoever counts them misses none.
        Err(why) => {
            of_capture.add_test_cases(suite.rules.iter().map(|rule| {
                let mut status = TestCaseStatus::non_success(NonSuccessKind::Error);
                status.set_type("unreadable").set_message(for_xml(why).to_string());
                named(&name, rule, status)
            }));
        }
    }
    of_capture
}

fn case(capture: &str, rule: &Rule, judgement: &Judgement) -> TestCase {
    let why: Vec<String> = lines(judgement).iter().map(|line| for_xml(line).to_string()).collect();
    let (message, details) = (why.first().cloned().unwrap_or_default(), why.join("\n"));
    let passes = rule.passes(judgement.verdict);
    let status = match judgement.verdict {
        Verdict::Holds => TestCaseStatus::success(),
        Verdict::Inconclusive if passes => {
            let mut status = TestCaseStatus::skipped();
            status.set_type(judgement.verdict.name()).set_message(message).set_description(details.as_str());
            status
        }
        Verdict::Inconclusive | Verdict::Fails => {
            let mut status = TestCaseStatus::non_success(NonSuccessKind::Failure);
            status.set_type(judgement.verdict.name()).set_message(message).set_description(details.as_str());
            status
        }
    };
    let mut case = named(capture, rule, status);
    if judgement.holds() {
        case.set_system_out(details);
    }
    case
}

fn named(capture: &str, rule: &Rule, status: TestCaseStatus) -> TestCase {
    let mut case = TestCase::new(for_xml(&rule.name).to_string(), status);
    case.set_classname(capture);
    case
}
