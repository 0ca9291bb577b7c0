//! The catalogue of stacks, profiles and middleboxes, as JSON.

use super::Generator;
use crate::infer;
use crate::infer::fingerprint::Spacing;
use crate::infer::middleboxes::{Configurable, IdleTimeout};
use crate::infer::{Catalogue, profiles};
use schemars::JsonSchema;
use serde::Serialize;

/// What is known beforehand of stacks, default settings and middleboxes: the document of `keepscope profiles --format json`.
#[derive(Debug, Serialize, JsonSchema)]
#[schemars(title = "keepscope.profiles/1")]
pub struct Listing<'a> {
    schema: &'static str,
    generator: Generator,
    stacks: Vec<Stack<'a>>,
    profiles: Vec<Profile<'a>>,
    middleboxes: Vec<Middlebox<'a>>,
}

/// How a TCP implementation probes; null: not known, or either.
#[derive(Debug, Serialize, JsonSchema)]
#[schemars(rename = "KnownStack")]
struct Stack<'a> {
    name: &'a str,
    title: &'a str,
    one_byte: Option<bool>,
    timestamps: Option<bool>,
    spacing: Option<&'static str>,
    count: Option<u64>,
    ttl: Option<u8>,
    source: Source<'a>,
}

/// The default settings of a system or a program.
#[derive(Debug, Serialize, JsonSchema)]
#[schemars(rename = "KnownProfile")]
struct Profile<'a> {
    name: &'a str,
    idle_s: Option<Value>,
    interval_s: Option<Value>,
    count: Option<Value>,
    user_timeout_s: Option<u32>,
    side: &'static str,
    stacks: &'a [&'static str],
    source: Source<'a>,
}

/// A setting; null where the source does not tell.
#[derive(Debug, Serialize, JsonSchema)]
#[schemars(rename = "KnownValue")]
struct Value {
    value: Option<u32>,
    kind: &'static str,
}

/// A box on the way that forgets quiet connections.
#[derive(Debug, Serialize, JsonSchema)]
#[schemars(rename = "KnownMiddlebox")]
struct Middlebox<'a> {
    id: &'a str,
    name: &'a str,
    idle_timeout_s: Bounds,
    /// Null where the source does not tell.
    configurable: Option<bool>,
    configurable_s: Option<Bounds>,
    on_expiry: Option<&'static str>,
    source: Source<'a>,
}

/// A range of seconds; `high` is null where it is open.
#[derive(Debug, Serialize, JsonSchema)]
#[schemars(rename = "KnownBounds")]
struct Bounds {
    low: u32,
    high: Option<u32>,
}

/// Where something is known from, and how well.
#[derive(Debug, Serialize, JsonSchema)]
#[schemars(rename = "KnownSource")]
struct Source<'a> {
    grade: &'static str,
    text: &'a str,
}

impl<'a> Listing<'a> {
    /// What of the catalogue has `word` in its name.
    pub(in crate::render) fn new(catalogue: &'a Catalogue, word: &str) -> Self {
        let stacks = infer::fingerprint::STACKS.iter().filter(|stack| stack.is_called(word));
        let profiles = catalogue.profiles().filter(|profile| profile.is_called(word));
        let middleboxes = catalogue.middleboxes().filter(|middlebox| middlebox.is_called(word));
        Self {
            schema: "keepscope.profiles/1",
            generator: Generator::THIS,
            stacks: stacks.map(Stack::from).collect(),
            profiles: profiles.map(Profile::from).collect(),
            middleboxes: middleboxes.map(Middlebox::from).collect(),
        }
    }

    /// Whether nothing has.
    pub(in crate::render) const fn is_empty(&self) -> bool {
        self.stacks.is_empty() && self.profiles.is_empty() && self.middleboxes.is_empty()
    }
}

impl<'a> From<&'a infer::fingerprint::Stack> for Stack<'a> {
    fn from(stack: &'a infer::fingerprint::Stack) -> Self {
        Self {
            name: stack.name,
            title: stack.title,
            one_byte: stack.one_byte,
            timestamps: stack.timestamps,
            spacing: stack.spacing.map(|spacing| match spacing {
                Spacing::Constant => "constant",
                Spacing::Doubling => "doubling",
            }),
            count: stack.count,
            ttl: stack.ttl,
            source: Source { grade: grade(stack.grade), text: stack.source },
        }
    }
}

impl<'a> From<&'a profiles::Profile> for Profile<'a> {
    fn from(profile: &'a profiles::Profile) -> Self {
        Self {
            name: &profile.name,
            idle_s: value(profile.idle),
            interval_s: value(profile.interval),
            count: value(profile.count),
            user_timeout_s: profile.user_timeout,
            side: profile.side.name(),
            stacks: profile.stacks,
            source: (&profile.source).into(),
        }
    }
}

const fn value(value: profiles::Value) -> Option<Value> {
    use profiles::Value::{Any, Doubling, Fixed, MultipleOf, Off, OsDefault, Unknown};
    let (value, kind) = match value {
        Fixed(value) => (Some(value), "fixed"),
        MultipleOf(value) => (Some(value), "multiple_of"),
        OsDefault => (None, "os_default"),
        Any => (None, "any"),
        Doubling => (None, "doubling"),
        Off => (None, "off"),
        Unknown => return None,
    };
    Some(Value { value, kind })
}

impl<'a> From<&'a infer::middleboxes::Middlebox> for Middlebox<'a> {
    fn from(middlebox: &'a infer::middleboxes::Middlebox) -> Self {
        let (low, high) = match middlebox.idle_timeout {
            IdleTimeout::Fixed(seconds) => (seconds, Some(seconds)),
            IdleTimeout::Between(low, high) => (low, Some(high)),
            IdleTimeout::AtLeast(low) => (low, None),
        };
        let (configurable, configurable_s) = match middlebox.configurable {
            Configurable::No => (Some(false), None),
            Configurable::Yes => (Some(true), None),
            Configurable::Within(low, high) => (Some(true), Some(Bounds { low, high: Some(high) })),
            Configurable::Unknown => (None, None),
        };
        Self {
            id: &middlebox.id,
            name: &middlebox.name,
            idle_timeout_s: Bounds { low, high },
            configurable,
            configurable_s,
            on_expiry: match middlebox.on_expiry {
                infer::middleboxes::OnExpiry::Unknown => None,
                known => Some(known.name()),
            },
            source: (&middlebox.source).into(),
        }
    }
}

const fn grade(grade: infer::Grade) -> &'static str {
    match grade {
        infer::Grade::Measured => "measured",
        infer::Grade::SourceCode => "code_or_standard",
        infer::Grade::Documentation => "documentation",
        infer::Grade::GeneralKnowledge => "general_knowledge",
        infer::Grade::Given => "given",
    }
}

impl<'a> From<&'a infer::Source> for Source<'a> {
    fn from(source: &'a infer::Source) -> Self {
        Self { grade: grade(source.grade), text: &source.text }
    }
}
