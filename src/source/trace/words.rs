//! A line of a trace, word by word.

use std::str::FromStr;

/// The words of a line: separated by space, but `"…"` and `<…>` are one word each.
pub(super) struct Words<'a> {
    rest: &'a str,
}

impl<'a> Words<'a> {
    /// The words of `line` before its comment, and the comment.
    ///
    /// # Errors
    /// A quotation without end.
    pub(super) fn split(line: &'a str) -> Result<(Self, &'a str), String> {
        let (mut quoted, mut escaped) = (false, false);
        for (at, c) in line.char_indices() {
            match c {
                '#' if !quoted => {
                    let (words, comment) = line.split_at(at);
                    return Ok((Self { rest: words }, comment.trim_start_matches('#')));
                }
                '"' if !escaped => quoted = !quoted,
                _ => {}
            }
            escaped = quoted && c == '\\' && !escaped;
        }
        if quoted { Err("a quotation without end".to_owned()) } else { Ok((Self { rest: line }, "")) }
    }

    /// The next word; `None` at the end of the line.
    pub(super) fn next_word(&mut self) -> Result<Option<&'a str>, String> {
        let rest = self.rest.trim_start();
        let len = if rest.starts_with('"') {
            let mut escaped = false;
            let close = rest.char_indices().skip(1).find(|(_, c)| {
                let closes = *c == '"' && !escaped;
                escaped = *c == '\\' && !escaped;
                closes
            });
            close.map(|(at, _)| at + 1).ok_or("a quotation without end")?
        } else if rest.starts_with('<') {
            rest.find('>').map(|at| at + 1).ok_or("'<' without '>'")?
        } else {
            rest.find(char::is_whitespace).unwrap_or(rest.len())
        };
        let (word, rest) = rest.split_at(len);
        self.rest = rest;
        Ok((!word.is_empty()).then_some(word))
    }

    /// The next word, which must be there.
    pub(super) fn word(&mut self, what: &str) -> Result<&'a str, String> {
        self.next_word()?.ok_or_else(|| format!("{what} is missing"))
    }

    /// The next word, which must be this one.
    pub(super) fn expect(&mut self, expected: &str) -> Result<(), String> {
        let word = self.word(expected)?;
        if word == expected { Ok(()) } else { Err(format!("'{expected}' is expected, not '{word}'")) }
    }

    /// The next word as a number, or whatever else can be read from one word.
    pub(super) fn number<T: FromStr>(&mut self, what: &str) -> Result<T, String> {
        number(self.word(what)?, what)
    }

    /// The next word as two numbers.
    pub(super) fn pair<T: FromStr>(&mut self, separator: &str, what: &str) -> Result<(T, T), String> {
        pair(self.word(what)?, separator, what)
    }

    /// Nothing more.
    pub(super) fn end(&mut self) -> Result<(), String> {
        self.next_word()?.map_or(Ok(()), |word| Err(format!("'{word}' is too much")))
    }
}

/// A word as a number, or whatever else can be read from one word.
pub(super) fn number<T: FromStr>(word: &str, what: &str) -> Result<T, String> {
    word.parse().map_err(|_| format!("'{word}' is not {what}"))
}

/// A word as two numbers.
pub(super) fn pair<T: FromStr>(word: &str, separator: &str, what: &str) -> Result<(T, T), String> {
    let (left, right) = word.split_once(separator).ok_or_else(|| format!("'{word}' is not {what}"))?;
    Ok((number(left, what)?, number(right, what)?))
}

/// A time in seconds, with at most nine digits behind the point, in nanoseconds.
pub(super) fn parse_time(word: &str) -> Result<i64, String> {
    let wrong = || format!("'{word}' is not a time in seconds");
    let (seconds, fraction) = word.split_once('.').unwrap_or((word, ""));
    let digits = |part: &str| part.bytes().all(|octet| octet.is_ascii_digit());
    if seconds.is_empty() || fraction.len() > 9 || !digits(seconds) || !digits(fraction) {
        return Err(wrong());
    }
    let nanos: i64 = format!("{fraction:0<9}").parse().map_err(|_| wrong())?;
    let whole = seconds.parse::<i64>().ok().and_then(|seconds| seconds.checked_mul(1_000_000_000));
    whole.and_then(|whole| whole.checked_add(nanos)).ok_or_else(wrong)
}

/// The octets a quoted word stands for: `\n`, `\r`, `\t`, `\0`, `\xNN`, and `\` before anything else as itself.
pub(super) fn unquote(word: &str) -> Result<Vec<u8>, String> {
    let inner =
        word.strip_prefix('"').and_then(|rest| rest.strip_suffix('"')).ok_or("data is a text in quotes")?;
    let mut octets = Vec::new();
    let mut chars = inner.chars();
    while let Some(c) = chars.next() {
        let literal = match (c, (c == '\\').then(|| chars.next()).flatten()) {
            ('\\', Some('n')) => '\n',
            ('\\', Some('r')) => '\r',
            ('\\', Some('t')) => '\t',
            ('\\', Some('0')) => '\0',
            ('\\', Some('x')) => {
                let digits: String = chars.by_ref().take(2).collect();
                octets.extend(unhex(&digits)?);
                continue;
            }
            ('\\', Some(other)) => other,
            _ => c,
        };
        octets.extend(literal.encode_utf8(&mut [0; 4]).bytes());
    }
    Ok(octets)
}

/// The octets of a row of hexadecimal digits.
pub(super) fn unhex(word: &str) -> Result<Vec<u8>, String> {
    let wrong = || format!("'{word}' is not a row of hexadecimal octets");
    let digits: Option<Vec<u32>> = word.chars().map(|c| c.to_digit(16)).collect();
    let digits = digits.filter(|digits| digits.len() % 2 == 0 && !digits.is_empty()).ok_or_else(wrong)?;
    // A digit is at most 15, so two of them are at most 255.
    Ok(digits.as_chunks().0.iter().map(|[high, low]| (high << 4 | low) as u8).collect())
}
