//! HTTP/1.x, as the headers of messages tell: what is asked for, and how long the connection is kept.
//!
//! Only what was captured at the beginning of a message is read. Nothing is put together again: of a header block that goes on in the next
//! segment the first part counts.

use crate::flow::{Observation, Side};
use crate::frame::FrameNo;
use crate::report::{Http, HttpConnection, HttpVersion};
use httparse::{EMPTY_HEADER, Header, Request, Response, Status};

/// How many headers of a message are read.
const MAX_HEADERS: usize = 64;

/// How many octets of a segment are read.
const MAX_PARSED: usize = 8 * 1024;

/// How many requests of one segment are counted (pipelining).
const MAX_PIPELINED: u32 = 32;

/// The methods of RFC 9110 §9 and RFC 5789.
const METHODS: [&str; 9] = ["GET", "POST", "HEAD", "PUT", "DELETE", "OPTIONS", "CONNECT", "PATCH", "TRACE"];

/// What a response begins with.
const RESPONSE: &[u8] = b"HTTP/1.";

/// The shortest message: a response `HTTP/1.0 200` with its line ends.
const SHORTEST: u32 = 14;

/// What the messages of one connection said.
#[derive(Clone, Copy, Debug, Default)]
pub struct Messages {
    version: Option<HttpVersion>,
    connection: Option<HttpConnection>,
    requests: u32,
    responses: u32,
    timeout_s: Option<u64>,
    max: Option<u64>,
    frame: Option<FrameNo>,
}

impl Messages {
    /// Whether new data may be the beginning of a message, by its first octet: not where it only follows what is still in flight.
    pub(super) fn may_begin_with(o: &Observation<'_>) -> bool {
        let Some(first) = o.seg.first_octet else { return false };
        let fits = match o.side {
            Side::Client => matches!(first, b'G' | b'P' | b'H' | b'D' | b'O' | b'C' | b'T'),
            Side::Server => first == b'H',
        };
        fits && o.seg.payload_len >= SHORTEST
            && o.sender.snd_una().is_none_or(|una| o.sender.snd_nxt() == Some(una))
    }

    /// Whether the captured part of new data begins like a message.
    pub(super) fn begins_with(o: &Observation<'_>, payload: &[u8]) -> bool {
        match o.side {
            Side::Client => METHODS.iter().any(|method| {
                payload.strip_prefix(method.as_bytes()).is_some_and(|rest| rest.first() == Some(&b' '))
            }),
            Side::Server => payload.starts_with(RESPONSE),
        }
    }

    /// Whether there was no message after all.
    pub(super) const fn is_empty(&self) -> bool {
        self.version.is_none()
    }

    /// Takes the captured part of new data.
    pub(super) fn observe(&mut self, o: &Observation<'_>, payload: &[u8]) {
        if !Self::begins_with(o, payload) {
            return;
        }
        let payload = payload.get(..MAX_PARSED).unwrap_or(payload);
        match o.side {
            Side::Client => self.take_requests(payload, o.seg.frame),
            Side::Server => self.take_response(payload, o.seg.frame),
        }
    }

    fn take_requests(&mut self, mut payload: &[u8], frame: FrameNo) {
        for _ in 0..MAX_PIPELINED {
            let mut headers = [EMPTY_HEADER; MAX_HEADERS];
            let mut request = Request::new(&mut headers);
            let status = request.parse(payload);
            // A request line, whatever follows it: without one it is something else that begins with such letters.
            let is_known = request.method.is_some_and(|method| METHODS.contains(&method));
            let Some(version) = request.version.and_then(version_of).filter(|_| is_known) else { return };
            self.version = Some(version);
            self.requests = self.requests.saturating_add(1);
            self.take_headers(request.headers, frame);
            let Ok(Status::Complete(len)) = status else { return };
            let Some(body) = body_length(request.headers) else { return };
            let next = payload.get(len..).and_then(|rest| rest.get(body..));
            payload = next.unwrap_or_default();
            if payload.is_empty() {
                return;
            }
        }
    }

    fn take_response(&mut self, payload: &[u8], frame: FrameNo) {
        let mut headers = [EMPTY_HEADER; MAX_HEADERS];
        let mut response = Response::new(&mut headers);
        // What is cut off in the headers, or is too much, or broken, leaves those before it.
        let _ = response.parse(payload);
        let (Some(version), Some(code)) = (response.version.and_then(version_of), response.code) else {
            return;
        };
        self.version = Some(version);
        // Interim responses (1xx, but for the switch of protocols) answer nothing yet (RFC 9110 §15.2).
        if code >= 200 || code == 101 {
            self.responses = self.responses.saturating_add(1);
        }
        self.take_headers(response.headers, frame);
    }

    fn take_headers(&mut self, headers: &[Header<'_>], frame: FrameNo) {
        for header in headers {
            if header.name.eq_ignore_ascii_case("connection") {
                self.connection = connection_of(header.value).or(self.connection);
            } else if header.name.eq_ignore_ascii_case("keep-alive") {
                let (timeout_s, max) = keep_alive_of(header.value);
                if timeout_s.is_some() || max.is_some() {
                    (self.timeout_s, self.max, self.frame) = (timeout_s, max, Some(frame));
                }
            }
        }
    }

    /// What is known of HTTP on the connection. Where requests were not captured, their responses tell how many there were at least.
    #[must_use]
    pub fn report(&self) -> Option<Http> {
        Some(Http {
            version: self.version?,
            requests: u64::from(self.requests.max(self.responses)),
            connection: self.connection,
            timeout_s: self.timeout_s,
            max: self.max,
            frame: self.frame,
        })
    }
}

const fn version_of(minor: u8) -> Option<HttpVersion> {
    match minor {
        0 => Some(HttpVersion::V10),
        1 => Some(HttpVersion::V11),
        _ => None,
    }
}

/// How many octets of body follow the headers of a request; `None` where only reading on would tell.
fn body_length(headers: &[Header<'_>]) -> Option<usize> {
    let named = |name: &str| headers.iter().find(|header| header.name.eq_ignore_ascii_case(name));
    if named("transfer-encoding").is_some() || named("upgrade").is_some() {
        return None;
    }
    match named("content-length") {
        Some(header) => number(header.value).and_then(|length| usize::try_from(length).ok()),
        None => Some(0),
    }
}

/// The most telling of the tokens of a `Connection` header (RFC 9110 §7.6.1); `None` if it has none.
fn connection_of(value: &[u8]) -> Option<HttpConnection> {
    let tokens =
        || value.split(|octet| *octet == b',').map(<[u8]>::trim_ascii).filter(|token| !token.is_empty());
    let has = |name: &str| tokens().any(|token| token.eq_ignore_ascii_case(name.as_bytes()));
    tokens().next()?;
    Some(if has("close") {
        HttpConnection::Close
    } else if has("upgrade") {
        HttpConnection::Upgrade
    } else if has("keep-alive") {
        HttpConnection::KeepAlive
    } else {
        HttpConnection::Other
    })
}

/// `timeout` and `max` of a `Keep-Alive` header (RFC 2068 §19.7.1.1).
fn keep_alive_of(value: &[u8]) -> (Option<u64>, Option<u64>) {
    let (mut timeout_s, mut max) = (None, None);
    for parameter in value.split(|octet| *octet == b',') {
        let mut parts = parameter.splitn(2, |octet| *octet == b'=');
        let (Some(name), Some(value)) = (parts.next(), parts.next()) else { continue };
        let name = name.trim_ascii();
        if name.eq_ignore_ascii_case(b"timeout") {
            timeout_s = number(value);
        } else if name.eq_ignore_ascii_case(b"max") {
            max = number(value);
        }
    }
    (timeout_s, max)
}

/// Decimal digits alone, in quotes or not.
fn number(value: &[u8]) -> Option<u64> {
    let value = value.trim_ascii();
    let digits = value.strip_prefix(b"\"").and_then(|rest| rest.strip_suffix(b"\"")).unwrap_or(value);
    let all_digits = digits.iter().all(u8::is_ascii_digit);
    if all_digits { str::from_utf8(digits).ok()?.parse().ok() } else { None }
}

#[cfg(test)]
mod tests {
    use super::super::testing::notes_on_captured;
    use super::{Messages, connection_of, keep_alive_of};
    use crate::frame::FrameNo;
    use crate::report::{Http, HttpConnection, HttpVersion};
    use proptest::prelude::*;
    use std::fmt::Write as _;

    /// What is told of segments with these payloads, `A` or `B` before each, one after the other.
    fn http_of(segments: &[(char, &str)]) -> Option<Http> {
        http_of_captured(segments, usize::MAX)
    }

    fn http_of_captured(segments: &[(char, &str)], snaplen: usize) -> Option<Http> {
        let mut story = "0.0 A S 0:1(0)\n0.01 B S. 0:1(0) ack 1\n0.02 A . 1:1(0) ack 1\n".to_owned();
        let (mut a, mut b) = (1, 1);
        for (n, (sender, text)) in segments.iter().enumerate() {
            let (own, other) = if *sender == 'A' { (&mut a, &mut b) } else { (&mut b, &mut a) };
            let hex: String = text.bytes().map(|octet| format!("{octet:02x}")).collect();
            let (at, end) = (n + 1, *own + text.len());
            writeln!(story, "0.{at:02}5 {sender} P. {own}:{end}({}) ack {other} hex {hex}", text.len())
                .unwrap();
            *own = end;
        }
        notes_on_captured(&story, snaplen)?.http()?.report()
    }

    #[test]
    fn requests_and_what_the_server_says_of_the_connection() {
        let http = http_of(&[
            ('A', "GET / HTTP/1.1\r\nHost: a\r\nConnection: keep-alive\r\n\r\n"),
            ('B', "HTTP/1.1 200 OK\r\nConnection: Keep-Alive\r\nKeep-Alive: timeout=60, max=100\r\n\r\n"),
            ('A', "POST /x HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\n\r\nabc"),
            ('B', "HTTP/1.1 100 Continue\r\n\r\n"),
            ('B', "HTTP/1.1 204 No Content\r\nKEEP-ALIVE: max=99,timeout=\"5\"\r\nconnection: CLOSE\r\n\r\n"),
        ]);
        let http = http.unwrap();
        assert_eq!((http.version, http.requests), (HttpVersion::V11, 2));
        assert_eq!(http.connection, Some(HttpConnection::Close));
        assert_eq!((http.timeout_s, http.max, http.frame.map(FrameNo::get)), (Some(5), Some(99), Some(8)));
    }

    #[test]
    fn pipelined_requests_count_each() {
        let http = http_of(&[(
            'A',
            "GET /1 HTTP/1.0\r\n\r\nPUT /2 HTTP/1.0\r\nContent-Length: 4\r\n\r\nGET GET /3 HTTP/1.0\r\n\r\nXYZ / HTTP/1.0\r\n\r\n",
        )]);
        let http = http.unwrap();
        assert_eq!((http.version, http.requests, http.connection), (HttpVersion::V10, 3, None));
    }

    #[test]
    fn headers_that_go_on_in_the_next_segment_are_read_as_far_as_the_first_goes() {
        let http = http_of(&[
            ('A', "GET / HTTP/1.1\r\nConnection: keep-alive\r\nCookie: abc"),
            ('A', "def\r\nConnection: close\r\n\r\n"),
        ]);
        let http = http.unwrap();
        assert_eq!((http.requests, http.connection), (1, Some(HttpConnection::KeepAlive)));
        let many: String = (0..200).map(|n| format!("X-{n}: y\r\n")).collect();
        let http =
            http_of(&[('A', &format!("GET / HTTP/1.1\r\nConnection: upgrade\r\n{many}\r\n"))]).unwrap();
        assert_eq!((http.requests, http.connection), (1, Some(HttpConnection::Upgrade)));
        let broken = "HTTP/1.1 200 OK\r\nKeep-Alive: timeout=7\r\nbro ken\r\n\r\n";
        assert_eq!(http_of(&[('B', broken)]).unwrap().timeout_s, Some(7));
    }

    #[test]
    fn where_requests_were_not_captured_responses_count() {
        let http = http_of(&[
            ('A', "xxxxxxxxxxxxxxxxxxxxxx"),
            ('B', "HTTP/1.1 200 OK\r\n\r\n"),
            ('A', "xxxxxxxxxxxxxxxxxxxxxx"),
            ('B', "HTTP/1.1 304 Not Modified\r\n\r\n"),
        ]);
        assert_eq!(http.unwrap().requests, 2);
    }

    #[test]
    fn what_only_begins_like_a_message_is_none() {
        for text in [
            "GET lost, you binary protocol of mine\n",
            "GET / SIP/2.0\r\nVia: x\r\n\r\n",
            "GETX / HTTP/1.1\r\n\r\n",
            "G\x00\x01\x02\x03\x04\x05\x06\x07\x08\x09\x0a\x0b\x0c\x0d",
            "OPTIONS * HTTP/9.1\r\n\r\n",
            "POST /a-line-that-was-cut-off",
        ] {
            assert_eq!(http_of(&[('A', text)]), None, "{text}");
        }
        for text in ["HTTP/1.x what is this\r\n\r\n", "HTTP/2 200 OK\r\n\r\n", "HTTP/1.1 abc OK\r\n\r\n"] {
            assert_eq!(http_of(&[('B', text)]), None, "{text}");
        }
        // A request comes from the client, a response from the server.
        assert_eq!(http_of(&[('B', "GET / HTTP/1.1\r\n\r\n")]), None);
        assert_eq!(http_of(&[('A', "HTTP/1.1 200 OK\r\n\r\n")]), None);
    }

    #[test]
    fn only_what_was_captured_counts() {
        let segments = [('A', "GET / HTTP/1.1\r\nConnection: close\r\n\r\n")];
        assert_eq!(http_of_captured(&segments, 0), None);
        assert_eq!(http_of_captured(&segments, 10), None);
        assert_eq!(http_of_captured(&segments, 20).unwrap().connection, None);
        assert_eq!(http_of_captured(&segments, 36).unwrap().connection, Some(HttpConnection::Close));
    }

    proptest! {
        #[test]
        fn nothing_that_begins_like_a_message_breaks_the_reading_of_it(
            start in prop::sample::select(vec!["GET / HTTP/1.1\r\n", "GET ", "HTTP/1.1 200 ", "HTTP/1.1 200 OK\r\nKeep-Alive: "]),
            rest in prop::collection::vec(any::<u8>(), 0..200),
        ) {
            let octets = [start.as_bytes(), &rest].concat();
            let mut messages = Messages::default();
            messages.take_requests(&octets, FrameNo::FIRST);
            messages.take_response(&octets, FrameNo::FIRST);
            let whole_line = start.ends_with("\r\n") || start.ends_with(": ");
            prop_assert!(!whole_line || messages.report().is_some_and(|http| http.requests == 1));
        }
    }

    #[test]
    fn the_most_telling_token_of_a_connection_header_counts() {
        assert_eq!(connection_of(b"keep-alive, Upgrade"), Some(HttpConnection::Upgrade));
        assert_eq!(connection_of(b"TE ,\tclose"), Some(HttpConnection::Close));
        assert_eq!(connection_of(b"TE, Keep-Alive"), Some(HttpConnection::KeepAlive));
        assert_eq!(connection_of(b"TE"), Some(HttpConnection::Other));
        assert_eq!(connection_of(b" , "), None);
    }

    #[test]
    fn a_parameter_that_is_no_number_is_not_known() {
        assert_eq!(keep_alive_of(b"timeout=5, max=x"), (Some(5), None));
        assert_eq!(keep_alive_of(b"300"), (None, None));
        assert_eq!(keep_alive_of(b"timeout=-1,max=99999999999999999999999"), (None, None));
        assert_eq!(keep_alive_of(b"timeout=,Max = 7"), (None, Some(7)));
    }
}
