//! Lines for people, as many as anybody reads: a source that runs for weeks may meet the same trouble without end.

/// How many lines of one kind are kept.
const MAX_LINES: u64 = 100;

/// Counts lines of one kind on their way into a source's warnings.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Remarks {
    said: u64,
    /// Where the line stands that counts those that are not kept.
    last: Option<usize>,
}

impl Remarks {
    /// Adds `line` to `warnings`, or counts it in one last line that says how many more `what` there were.
    pub(super) fn add(&mut self, warnings: &mut Vec<String>, line: String, what: &str) {
        self.said += 1;
        if self.said <= MAX_LINES {
            warnings.push(line);
            return;
        }
        let count = format!("and {} more {what}", self.said - MAX_LINES);
        match self.last.and_then(|at| warnings.get_mut(at)) {
            Some(last) => *last = count,
            None => {
                self.last = Some(warnings.len());
                warnings.push(count);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_hundred_lines_are_kept_and_the_rest_is_counted_in_one() {
        let (mut remarks, mut warnings) = (Remarks::default(), vec!["other".to_owned()]);
        for i in 1..=250 {
            remarks.add(&mut warnings, format!("line {i}"), "changes");
        }
        assert_eq!(warnings.len(), 102);
        assert_eq!(warnings[100], "line 100");
        assert_eq!(warnings[101], "and 150 more changes");
    }
}
