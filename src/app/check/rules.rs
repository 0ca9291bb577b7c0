//! The expectations: from the command line, and from files.

use crate::app::Error;
use crate::app::flaw::Flaw;
use crate::expect::{self, Expectation, Rule};
use std::fs::File;
use std::io::{self, Read};
use std::path::{Path, PathBuf};
use toml::Spanned;

/// The largest file that is read.
const MAX_BYTES: usize = 1 << 20;

/// The most expectations, from wherever they come.
const MAX_RULES: usize = 1_000;

/// The longest name, in characters.
const MAX_NAME: usize = 200;

/// All expectations, those of the command line first.
pub(super) fn load(
    expressions: &[String],
    files: &[PathBuf],
    allow_inconclusive: bool,
) -> Result<Vec<Rule>, Error> {
    let mut rules = Vec::new();
    for expression in expressions {
        let expectation = expression.parse().map_err(|flaw| Error::Expression {
            place: "-e".into(),
            expression: expression.clone(),
            flaw,
        })?;
        rules.push(Rule::unnamed(expectation, allow_inconclusive));
    }
    for file in files {
        rules.extend(read(file, allow_inconclusive)?);
    }
    if rules.len() > MAX_RULES {
        return Err(Error::Usage(format!("{} expectations: at most {MAX_RULES} are taken", rules.len())));
    }
    Ok(rules)
}

fn read(path: &Path, allow_inconclusive: bool) -> Result<Vec<Rule>, Error> {
    let failed = |e| Error::io(format!("cannot read {}", path.display()), e);
    let mut bytes = Vec::new();
    let file: Box<dyn Read> = if path.as_os_str() == "-" {
        Box::new(io::stdin().lock())
    } else {
        Box::new(File::open(path).map_err(failed)?)
    };
    // One byte more than allowed tells that it is too long.
    file.take(MAX_BYTES as u64 + 1).read_to_end(&mut bytes).map_err(failed)?;
    let name = path.display().to_string();
    if bytes.len() > MAX_BYTES {
        return Err(Error::Usage(format!("{name}: more than {} MiB of rules", MAX_BYTES >> 20)));
    }
    parse(&bytes, allow_inconclusive).map_err(|wrong| match wrong {
        Wrong::File(flaw) => Error::Usage(format!("{name}:{flaw}")),
        Wrong::Expression { at: Flaw { line, column, .. }, expression, flaw } => {
            Error::Expression { place: format!("{name}:{line}:{column}"), expression, flaw }
        }
    })
}

/// What is wrong with a file.
#[derive(Debug)]
enum Wrong {
    File(Flaw),
    Expression { at: Flaw, expression: String, flaw: expect::Flaw },
}

impl From<Flaw> for Wrong {
    fn from(flaw: Flaw) -> Self {
        Self::File(flaw)
    }
}

#[derive(serde::Deserialize)]
#[serde(deny_unknown_fields)]
struct Document {
    #[serde(default)]
    expect: Vec<Entry>,
}

#[derive(serde::Deserialize)]
#[serde(deny_unknown_fields)]
struct Entry {
    name: Option<Spanned<String>>,
    expr: Spanned<String>,
    #[serde(default)]
    allow_inconclusive: bool,
}

fn parse(bytes: &[u8], allow_inconclusive: bool) -> Result<Vec<Rule>, Wrong> {
    let document: Document = Flaw::parse(bytes)?;
    if document.expect.is_empty() {
        return Err(Flaw::at(bytes, 0, "no [[expect]] in it").into());
    }
    if document.expect.len() > MAX_RULES {
        let text = format!("{} expectations: at most {MAX_RULES} are taken", document.expect.len());
        return Err(Flaw::at(bytes, 0, text).into());
    }
    document.expect.into_iter().map(|entry| rule(bytes, entry, allow_inconclusive)).collect()
}

fn rule(bytes: &[u8], entry: Entry, allow_inconclusive: bool) -> Result<Rule, Wrong> {
    let span = entry.expr.span();
    let expression = entry.expr.into_inner();
    let expectation: Expectation = match expression.parse() {
        Ok(expectation) => expectation,
        Err(flaw) => {
            return Err(Wrong::Expression { at: place(bytes, &span, &expression, &flaw), expression, flaw });
        }
    };
    let mut rule = Rule::unnamed(expectation, allow_inconclusive || entry.allow_inconclusive);
    if let Some(name) = entry.name {
        let span = name.span();
        let name = name.into_inner();
        if name.trim().is_empty() || name.chars().count() > MAX_NAME {
            return Err(Flaw::at(bytes, span.start, format!("a name has 1 to {MAX_NAME} characters")).into());
        }
        rule.name = name;
    }
    Ok(rule)
}

/// Where the flaw is in the file: exactly, if the string stands there as it is; else where the string begins.
fn place(bytes: &[u8], span: &std::ops::Range<usize>, expression: &str, flaw: &expect::Flaw) -> Flaw {
    let is_plain = bytes.get(span.start + 1..span.end.saturating_sub(1)) == Some(expression.as_bytes());
    let offset = if is_plain { span.start + 1 + flaw.span.start } else { span.start };
    Flaw::at(bytes, offset, "")
}

#[cfg(test)]
mod tests;
