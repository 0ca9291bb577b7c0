//! Reads a page of metrics as strictly as the specification allows: OpenMetrics 1.0, or the text format 0.0.4 before it.

use std::collections::BTreeMap;

/// Which of the two formats a page is to be in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Dialect {
    OpenMetrics,
    Plain,
}

/// A family of metrics.
#[derive(Debug, Default)]
pub(crate) struct Family {
    pub(crate) kind: String,
    pub(crate) help: String,
    pub(crate) unit: Option<String>,
    pub(crate) samples: Vec<Sample>,
}

/// A line with a value.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Sample {
    pub(crate) name: String,
    pub(crate) labels: BTreeMap<String, String>,
    pub(crate) value: f64,
}

/// All of a page.
#[derive(Debug)]
pub(crate) struct Page {
    pub(crate) families: BTreeMap<String, Family>,
}

impl Page {
    /// Reads a page; panics with what is wrong with it.
    pub(crate) fn read(text: &str, dialect: Dialect) -> Self {
        let body = match dialect {
            Dialect::OpenMetrics => text.strip_suffix("# EOF\n").expect("the last line is # EOF"),
            Dialect::Plain => text,
        };
        let mut families: BTreeMap<String, Family> = BTreeMap::new();
        let mut current = String::new();
        for line in body.lines() {
            assert!(!line.is_empty() && line.trim() == line, "a line with something around it: {line:?}");
            if let Some(comment) = line.strip_prefix("# ") {
                let words: Vec<&str> = comment.splitn(3, ' ').collect();
                let [what, name, rest] = words[..] else { panic!("a comment that says nothing: {line:?}") };
                match what {
                    "HELP" => {
                        assert!(!families.contains_key(name), "{name} is told of twice, or in two places");
                        families
                            .insert(name.to_owned(), Family { help: rest.to_owned(), ..Family::default() });
                        name.clone_into(&mut current);
                    }
                    "TYPE" => rest.clone_into(&mut own(&mut families, &current, name).kind),
                    "UNIT" if dialect == Dialect::OpenMetrics => {
                        assert!(
                            name.ends_with(&format!("_{rest}")),
                            "{name} does not end in its unit {rest}"
                        );
                        own(&mut families, &current, name).unit = Some(rest.to_owned());
                    }
                    _ => panic!("a comment of no known kind: {line:?}"),
                }
                continue;
            }
            let sample = Sample::read(line);
            let family =
                families.get_mut(&current).unwrap_or_else(|| panic!("a value before any family: {line}"));
            let suffix =
                sample.name.strip_prefix(&current).unwrap_or_else(|| panic!("{line} among {current}"));
            let expected: &[&str] = match (family.kind.as_str(), dialect) {
                ("counter", Dialect::OpenMetrics) => &["_total"],
                ("counter", Dialect::Plain) => {
                    assert!(current.ends_with("_total"), "the counter {current}");
                    &[""]
                }
                ("info", Dialect::OpenMetrics) => &["_info"],
                ("gauge", _) => &[""],
                ("histogram", _) => &["_sum", "_count", "_bucket"],
                (kind, _) => panic!("{current} is a {kind}"),
            };
            assert!(expected.contains(&suffix), "{line}: a {} has no {suffix:?}", family.kind);
            assert!(
                !family.samples.iter().any(|s| (&s.name, &s.labels) == (&sample.name, &sample.labels)),
                "{line} is there twice"
            );
            family.samples.push(sample);
        }
        let page = Self { families };
        page.families.iter().for_each(|(name, family)| family.hold(name));
        page
    }

    /// The value of the series with this name and exactly these labels.
    pub(crate) fn value(&self, name: &str, labels: &[(&str, &str)]) -> f64 {
        let wanted: BTreeMap<String, String> =
            labels.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
        let mut found = self.samples().filter(|sample| sample.name == name && sample.labels == wanted);
        let sample = found.next().unwrap_or_else(|| panic!("no series {name}{labels:?}"));
        sample.value
    }

    /// The sum over all series with this name that have this label, if one is asked for.
    pub(crate) fn sum(&self, name: &str, label: Option<(&str, &str)>) -> f64 {
        let has = |sample: &&Sample| {
            label.is_none_or(|(name, value)| sample.labels.get(name).is_some_and(|v| v == value))
        };
        self.samples().filter(|sample| sample.name == name).filter(has).map(|sample| sample.value).sum()
    }

    pub(crate) fn samples(&self) -> impl Iterator<Item = &Sample> {
        self.families.values().flat_map(|family| &family.samples)
    }
}

fn own<'f>(families: &'f mut BTreeMap<String, Family>, current: &str, name: &str) -> &'f mut Family {
    assert_eq!(name, current, "what belongs to a family stands together");
    families.get_mut(name).expect("HELP comes first")
}

impl Family {
    fn hold(&self, name: &str) {
        assert!(name.starts_with("keepscope_"), "{name} lacks the prefix");
        assert!(self.help.ends_with('.') && self.help.len() > 20, "{name} is explained by {:?}", self.help);
        assert!(!self.samples.is_empty(), "{name} has no series");
        if self.kind == "histogram" {
            self.hold_histograms(name);
        }
        for sample in self.samples.iter().filter(|_| self.kind == "counter") {
            assert!(sample.value >= 0.0 && sample.value.fract() == 0.0, "{sample:?}");
        }
    }

    /// Buckets rise to the count, and the last is unbounded.
    fn hold_histograms(&self, name: &str) {
        let of = |suffix: &str| {
            let name = format!("{name}{suffix}");
            self.samples.iter().filter(move |sample| sample.name == name)
        };
        for count in of("_count") {
            let mut last = (f64::NEG_INFINITY, 0.0);
            for bucket in of("_bucket") {
                let mut labels = bucket.labels.clone();
                let bound = labels.remove("le").expect("a bucket has a bound");
                if labels != count.labels {
                    continue;
                }
                let bound = if bound == "+Inf" { f64::INFINITY } else { bound.parse().expect("a bound") };
                assert!(bound > last.0 && bucket.value >= last.1, "{bucket:?} after {last:?}");
                last = (bound, bucket.value);
            }
            assert_eq!(last, (f64::INFINITY, count.value), "the last bucket of {name}");
        }
    }
}

impl Sample {
    /// Reads `name{label="value",…} value`.
    fn read(line: &str) -> Self {
        let (series, value) = line.rsplit_once(' ').unwrap_or_else(|| panic!("no value in {line:?}"));
        let (name, labels) = match series.split_once('{') {
            None => (series, ""),
            Some((name, rest)) => (name, rest.strip_suffix('}').expect("a closing brace")),
        };
        assert!(is_word(name), "{name:?} is no name");
        let labels = labels.split(',').filter(|label| !label.is_empty()).map(|label| {
            let (name, value) = label.split_once('=').unwrap_or_else(|| panic!("{label:?} is no label"));
            let value = value.strip_prefix('"').and_then(|value| value.strip_suffix('"')).expect("quotes");
            assert!(is_word(name) && !value.contains(['"', '\\', '\n']), "{label:?}");
            (name.to_owned(), value.to_owned())
        });
        let value = value.parse().unwrap_or_else(|_| panic!("{value:?} is no number"));
        Self { name: name.to_owned(), labels: labels.collect(), value }
    }
}

fn is_word(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'_')
}
