//! Markdown, as GitHub, GitLab and their like read it.

use super::for_terminal;
use std::fmt::{self, Write};

/// `text` as it may stand in a line or a table of Markdown (GitHub Flavored, <https://github.github.com/gfm/>): markup and HTML are shown,
/// not obeyed, and so are control characters and what reorders text.
///
/// Addresses do not become links, nor words mentions: `@team`, `#12`, `:100:`, `http://…`. A backslash does not help there, because forges
/// look for these in the text that Markdown has become. So a space without width (U+200B) stands in them, written as a reference.
#[must_use]
pub const fn for_markdown(text: &str) -> ForMarkdown<'_> {
    ForMarkdown(text)
}

/// Displays text from outside so that a forge only shows it.
#[derive(Clone, Copy, Debug)]
pub struct ForMarkdown<'a>(&'a str);

/// Parts what would become a link.
const GAP: &str = "&#8203;";

impl fmt::Display for ForMarkdown<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let text = for_terminal(self.0).to_string();
        // A list begins with a number, too: `1. `, `1) `.
        let digits = text.bytes().take_while(u8::is_ascii_digit).count();
        for (at, c) in text.char_indices() {
            let rest = text.get(at + c.len_utf8()..).unwrap_or_default();
            let next = rest.chars().next();
            let before = text.get(..at).and_then(|before| before.chars().next_back());
            let is_markup = match c {
                '\\' | '`' | '*' | '[' | ']' | '{' | '}' | '<' | '>' | '|' | '~' | '!' | '$' | '#' | '&'
                | '^' => true,
                // Within a word it marks nothing.
                '_' => {
                    !(before.is_some_and(char::is_alphanumeric) && next.is_some_and(char::is_alphanumeric))
                }
                // At the beginning these make lists, lines and headings.
                '+' | '-' | '=' | ':' => at == 0,
                '.' | ')' => at > 0 && at == digits && next.is_none_or(char::is_whitespace),
                _ => false,
            };
            if is_markup {
                f.write_char('\\')?;
            }
            f.write_char(c)?;
            if becomes_a_link(c, rest, before, text.get(..at).unwrap_or_default()) {
                f.write_str(GAP)?;
            }
        }
        Ok(())
    }
}

/// Whether a forge would make something of `c` and the `rest` behind it.
fn becomes_a_link(c: char, rest: &str, before: Option<char>, all_before: &str) -> bool {
    let follows = |is: fn(char) -> bool| rest.chars().next().is_some_and(is);
    match c {
        // People and addresses of theirs; teams.
        '@' => true,
        // Tickets, milestones, labels; merge requests, snippets, epics.
        '#' | '%' | '~' => follows(|c| c.is_alphanumeric() || c == '"'),
        '!' | '$' | '&' => follows(|c| c.is_ascii_digit()),
        // `GH-12`, and tickets of other trackers.
        '-' => {
            before.is_some_and(|c| c.is_ascii_uppercase() || c.is_ascii_digit())
                && follows(|c| c.is_ascii_digit())
                && all_before.split(|c: char| !c.is_ascii_alphanumeric()).next_back().is_some_and(is_project)
        }
        ':' => {
            rest.starts_with("//") || follows(char::is_alphabetic) && is_scheme(all_before) || is_emoji(rest)
        }
        'w' | 'W' => {
            let is_www = |w: &str| w.eq_ignore_ascii_case("ww");
            rest.starts_with('.') && all_before.get(all_before.len().saturating_sub(2)..).is_some_and(is_www)
        }
        _ => false,
    }
}

/// Whether `word` may name a project before the number of its ticket.
fn is_project(word: &str) -> bool {
    word.starts_with(|c: char| c.is_ascii_uppercase())
        && word.chars().all(|c| c.is_ascii_uppercase() || c.is_ascii_digit())
}

/// Whether `text` ends in a scheme of those that make a link without slashes.
fn is_scheme(text: &str) -> bool {
    let word = text.rsplit(|c: char| !c.is_ascii_alphanumeric()).next().unwrap_or_default();
    ["mailto", "xmpp"].iter().any(|scheme| word.eq_ignore_ascii_case(scheme))
}

/// Whether what stands behind a colon makes a little picture of it: `100:`.
fn is_emoji(rest: &str) -> bool {
    let Some((name, _)) = rest.split_once(':') else { return false };
    // In an IPv6 address such a part has at most four digits; of those few are names of pictures, and the others stay as they are.
    let is_hexadecimal = name.len() <= 4 && name.chars().all(|c| c.is_ascii_hexdigit());
    let is_name =
        !name.is_empty() && name.chars().all(|c| c.is_alphanumeric() || matches!(c, '_' | '+' | '-'));
    is_name && (!is_hexadecimal || PICTURES.contains(&name))
}

/// What looks like a part of an IPv6 address and is the name of a picture (<https://github.com/github/gemoji>).
const PICTURES: [&str; 11] = ["100", "1234", "a", "ab", "abc", "abcd", "b", "bee", "cd", "de", "8"];

#[cfg(test)]
mod tests {
    use super::for_markdown;

    #[test]
    fn what_is_markup_is_shown() {
        for (foreign, shown) in [
            ("trace.pcap", "trace.pcap"),
            ("naïve 日本-2.pcap", "naïve 日本-2.pcap"),
            ("TCP_KEEPIDLE 60", "TCP_KEEPIDLE 60"),
            ("_a_ __b__", r"\_a\_ \_\_b\_\_"),
            ("*a* **b** ~~c~~", r"\*a\* \*\*b\*\* \~\~&#8203;c\~\~"),
            ("`code` | cell", r"\`code\` \| cell"),
            ("[a](javascript:b) ![c](d)", r"\[a\](javascript:b) \!\[c\](d)"),
            ("<img src=x onerror=y>", r"\<img src=x onerror=y\>"),
            ("a &lt; &amp;", r"a \&lt; \&amp;"),
            ("a\\", r"a\\"),
            ("1. one", r"1\. one"),
            ("10.0.0.1", "10.0.0.1"),
            ("- one", r"\- one"),
            ("# one", r"\# one"),
            ("a\nb\u{202e}", r"a\\x0ab\\u\{202e\}"),
        ] {
            assert_eq!(for_markdown(foreign).to_string(), shown);
        }
    }

    #[test]
    fn nothing_becomes_a_link_or_calls_anybody() {
        for (foreign, shown) in [
            ("@team", "@&#8203;team"),
            ("me@example.org", "me@&#8203;example.org"),
            ("FIN #544", r"FIN \#&#8203;544"),
            ("owner/repo#1!2", r"owner/repo\#&#8203;1\!&#8203;2"),
            ("GH-12 NET-7", "GH-&#8203;12 NET-&#8203;7"),
            ("http://x www.x", "http:&#8203;//x www&#8203;.x"),
            ("mailto:x", "mailto:&#8203;x"),
            (":tada: :100:", r"\:&#8203;tada: :&#8203;100:"),
            ("from 2001:db8:1:2::3", "from 2001:db8:1:2::3"),
            ("100 %, 5 m - 6", "100 %, 5 m - 6"),
        ] {
            assert_eq!(for_markdown(foreign).to_string(), shown);
        }
    }
}
