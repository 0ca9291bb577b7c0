//! `--profiles FILE`: what the user knows of stacks and middleboxes, added to what is built in.

use super::Error;
use super::flaw::Flaw;
use crate::infer::middleboxes::{Configurable, IdleTimeout, Middlebox, OnExpiry};
use crate::infer::profiles::{Prober, Profile, Value};
use crate::infer::{Catalogue, Grade, Source};
use serde::de::{self, Deserialize, Deserializer, Visitor};
use std::borrow::Cow;
use std::collections::HashSet;
use std::fmt;
use std::fs::File;
use std::io::Read;
use std::ops::{Range, RangeInclusive};
use std::path::Path;
use toml::Spanned;

/// The largest file that is read.
const MAX_BYTES: usize = 1 << 20;

/// The most profiles and middleboxes in it.
const MAX_ENTRIES: usize = 10_000;

/// The longest name, in characters: it must fit into a report of 100 columns.
const MAX_NAME: usize = 64;

/// The longest source, in characters.
const MAX_SOURCE: usize = 256;

/// The longest time any system can be told, in seconds: Windows and lwIP take 32 bits of milliseconds. Linux allows 32767 s only.
const SECONDS: RangeInclusive<i64> = 1..=4_294_967;

/// How many probes a system can be told. Linux allows 127 only, Windows 255.
const PROBES: RangeInclusive<i64> = 1..=1_000;

/// The built-in catalogue, and what `file` adds to it.
pub(super) fn load(file: Option<&Path>) -> Result<Catalogue, Error> {
    let Some(path) = file else { return Ok(Catalogue::default()) };
    let failed = |e| Error::io(format!("cannot read {}", path.display()), e);
    let mut bytes = Vec::new();
    // One byte more than allowed tells that it is too long.
    File::open(path).map_err(failed)?.take(MAX_BYTES as u64 + 1).read_to_end(&mut bytes).map_err(failed)?;
    let name = path.display().to_string();
    if bytes.len() > MAX_BYTES {
        return Err(Error::Usage(format!("{name}: more than {} MiB of profiles", MAX_BYTES >> 20)));
    }
    parse(&bytes).map_err(|flaw| Error::Usage(format!("{name}:{flaw}")))
}

#[derive(serde::Deserialize)]
#[serde(deny_unknown_fields)]
struct Document {
    #[serde(default)]
    profile: Vec<ProfileEntry>,
    #[serde(default)]
    middlebox: Vec<MiddleboxEntry>,
}

#[derive(serde::Deserialize)]
#[serde(deny_unknown_fields)]
struct ProfileEntry {
    name: Spanned<String>,
    idle: Option<Spanned<Setting>>,
    interval: Option<Spanned<Setting>>,
    count: Option<Spanned<Setting>>,
    side: Option<Spanned<String>>,
    source: Option<Spanned<String>>,
}

#[derive(serde::Deserialize)]
#[serde(deny_unknown_fields)]
struct MiddleboxEntry {
    name: Spanned<String>,
    idle_timeout: Spanned<Setting>,
    on_expiry: Option<Spanned<String>>,
    source: Option<Spanned<String>>,
}

/// A number, or "os".
#[derive(Clone, Copy)]
enum Setting {
    Number(i64),
    OsDefault,
}

impl<'de> Deserialize<'de> for Setting {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Either;
        impl Visitor<'_> for Either {
            type Value = Setting;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a whole number, or \"os\" for what the system has")
            }

            fn visit_i64<E: de::Error>(self, number: i64) -> Result<Setting, E> {
                Ok(Setting::Number(number))
            }

            fn visit_str<E: de::Error>(self, word: &str) -> Result<Setting, E> {
                if word == "os" {
                    Ok(Setting::OsDefault)
                } else {
                    Err(E::invalid_value(de::Unexpected::Str(word), &self))
                }
            }
        }
        deserializer.deserialize_any(Either)
    }
}

fn parse(bytes: &[u8]) -> Result<Catalogue, Flaw> {
    let document: Document = Flaw::parse(bytes)?;
    let entries = document.profile.len() + document.middlebox.len();
    if entries > MAX_ENTRIES {
        return Err(Flaw::at(bytes, 0, format!("{entries} entries: at most {MAX_ENTRIES} are taken")));
    }
    let reader = Reader { bytes };
    let built_in = Catalogue::default();
    let mut names = Names::of(built_in.profiles().map(|profile| &profile.name));
    let profiles: Result<Vec<Profile>, Flaw> =
        document.profile.into_iter().map(|entry| reader.profile(entry, &mut names)).collect();
    let mut names = Names::of(built_in.middleboxes().flat_map(|middlebox| [&middlebox.id, &middlebox.name]));
    let middleboxes: Result<Vec<Middlebox>, Flaw> =
        document.middlebox.into_iter().map(|entry| reader.middlebox(entry, &mut names)).collect();
    Ok(Catalogue::with(profiles?, middleboxes?))
}

/// The names that are taken, in small letters.
struct Names(HashSet<String>);

impl Names {
    fn of<'a>(names: impl Iterator<Item = &'a Cow<'static, str>>) -> Self {
        Self(names.map(|name| name.to_lowercase()).collect())
    }
}

/// Makes entries of what was read, and says where it cannot.
struct Reader<'a> {
    bytes: &'a [u8],
}

impl Reader<'_> {
    fn profile(&self, entry: ProfileEntry, names: &mut Names) -> Result<Profile, Flaw> {
        let span = entry.name.span();
        let [idle, interval, count] = [
            self.value(entry.idle, &SECONDS, "idle, in seconds,")?,
            self.value(entry.interval, &SECONDS, "interval, in seconds,")?,
            self.value(entry.count, &PROBES, "count")?,
        ];
        if [idle, interval] == [Value::Unknown; 2] {
            return Err(self.flaw(&span, "a profile needs an idle or an interval: nothing else tells it"));
        }
        Ok(Profile {
            name: self.name(entry.name, names)?,
            idle,
            interval,
            count,
            user_timeout: None,
            side: self.word(entry.side, &Prober::ALL, Prober::name)?.unwrap_or(Prober::Either),
            stacks: &[],
            source: self.source(entry.source)?,
        })
    }

    fn middlebox(&self, entry: MiddleboxEntry, names: &mut Names) -> Result<Middlebox, Flaw> {
        let span = entry.idle_timeout.span();
        let Value::Fixed(seconds) =
            self.value(Some(entry.idle_timeout), &SECONDS, "idle_timeout, in seconds,")?
        else {
            return Err(self.flaw(&span, "the idle_timeout of a middlebox is a whole number of seconds"));
        };
        let span = entry.name.span();
        let name = self.name(entry.name, names)?;
        let id = id_of(&name);
        if id != name.to_lowercase() && !names.0.insert(id.clone()) {
            return Err(self.flaw(&span, &format!("its short name, {id}, is taken")));
        }
        Ok(Middlebox {
            id: id.into(),
            name,
            idle_timeout: IdleTimeout::Fixed(seconds),
            configurable: Configurable::Unknown,
            on_expiry: self
                .word(entry.on_expiry, &OnExpiry::ALL, OnExpiry::name)?
                .unwrap_or(OnExpiry::Unknown),
            source: self.source(entry.source)?,
        })
    }

    fn name(&self, name: Spanned<String>, names: &mut Names) -> Result<Cow<'static, str>, Flaw> {
        let span = name.span();
        let name = name.into_inner();
        if name.trim().is_empty() || name.chars().count() > MAX_NAME {
            return Err(self.flaw(&span, &format!("a name has 1 to {MAX_NAME} characters")));
        }
        if !names.0.insert(name.to_lowercase()) {
            return Err(self.flaw(&span, &format!("there is another {name}; every name stands once")));
        }
        Ok(name.into())
    }

    /// `None` is what the user does not know.
    fn value(
        &self,
        setting: Option<Spanned<Setting>>,
        bounds: &RangeInclusive<i64>,
        what: &str,
    ) -> Result<Value, Flaw> {
        let Some(setting) = setting else { return Ok(Value::Unknown) };
        match *setting.get_ref() {
            Setting::OsDefault => Ok(Value::OsDefault),
            Setting::Number(number) => match u32::try_from(number) {
                Ok(value) if bounds.contains(&number) => Ok(Value::Fixed(value)),
                _ => {
                    let (low, high) = (bounds.start(), bounds.end());
                    Err(self.flaw(&setting.span(), &format!("{what} is {low} to {high}, not {number}")))
                }
            },
        }
    }

    /// One of `all`, by its name.
    fn word<T: Copy>(
        &self,
        word: Option<Spanned<String>>,
        all: &[T],
        name: impl Fn(T) -> &'static str,
    ) -> Result<Option<T>, Flaw> {
        let Some(word) = word else { return Ok(None) };
        let found = all.iter().copied().find(|known| name(*known) == word.get_ref());
        found.map(Some).ok_or_else(|| {
            let names: Vec<&str> = all.iter().map(|known| name(*known)).collect();
            self.flaw(&word.span(), &format!("expected one of {}", names.join(", ")))
        })
    }

    fn source(&self, source: Option<Spanned<String>>) -> Result<Source, Flaw> {
        let text = match source {
            None => Cow::Borrowed("the file of --profiles"),
            Some(source) if source.get_ref().chars().count() > MAX_SOURCE => {
                return Err(
                    self.flaw(&source.span(), &format!("a source has at most {MAX_SOURCE} characters"))
                );
            }
            Some(source) => source.into_inner().into(),
        };
        Ok(Source { grade: Grade::Given, text })
    }

    fn flaw(&self, span: &Range<usize>, text: &str) -> Flaw {
        Flaw::at(self.bytes, span.start, text)
    }
}

/// A name as programs like it: small letters, digits, and single hyphens for everything else. A name without any is its own.
fn id_of(name: &str) -> String {
    let lower = name.to_lowercase();
    let words: Vec<&str> =
        lower.split(|c: char| !c.is_ascii_alphanumeric()).filter(|w| !w.is_empty()).collect();
    if words.is_empty() { name.to_owned() } else { words.join("-") }
}

#[cfg(test)]
mod tests;
