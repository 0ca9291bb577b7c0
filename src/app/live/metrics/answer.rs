//! From the head of a request to the bytes that answer it.

use crate::render::openmetrics::{self, MEDIA_TYPE, PLAIN_MEDIA_TYPE};
use httparse::{EMPTY_HEADER, Error, Header, Request, Status};

/// How long the head of a request may be. Prometheus sends a few hundred bytes.
pub(super) const MAX_HEAD: usize = 4096;

/// How many header fields it may have.
const MAX_FIELDS: usize = 64;

/// Answers the request of which `head` was received so far; `None`: it goes on.
pub(super) fn answer(head: &[u8], page: &str) -> Option<Vec<u8>> {
    let mut fields = [EMPTY_HEADER; MAX_FIELDS];
    let mut request = Request::new(&mut fields);
    match request.parse(head) {
        Ok(Status::Complete(_)) => Some(to_request(&request, page)),
        Ok(Status::Partial) if head.len() < MAX_HEAD => None,
        Ok(Status::Partial) | Err(Error::TooManyHeaders) => {
            Some(refusal("431 Request Header Fields Too Large"))
        }
        Err(Error::Version) => Some(refusal("505 HTTP Version Not Supported")),
        Err(_) => Some(refusal("400 Bad Request")),
    }
}

/// Who comes while as many as may be are being answered is told this.
pub(super) fn busy() -> Vec<u8> {
    refusal("503 Service Unavailable")
}

/// Who does not finish asking in time is told this.
pub(super) fn too_slow() -> Vec<u8> {
    refusal("408 Request Timeout")
}

fn to_request(request: &Request<'_, '_>, page: &str) -> Vec<u8> {
    let with_body = match request.method {
        Some("GET") => true,
        Some("HEAD") => false,
        _ => {
            return response(
                "405 Method Not Allowed",
                "text/plain",
                "Allow: GET, HEAD\r\n",
                "only GET\n",
                true,
            );
        }
    };
    match path(request.path.unwrap_or_default()) {
        "/metrics" if wants_plain(request.headers) => {
            response("200 OK", PLAIN_MEDIA_TYPE, "", &openmetrics::plain(page), with_body)
        }
        "/metrics" => response("200 OK", MEDIA_TYPE, "", page, with_body),
        "/" => response("200 OK", "text/plain", "", "keepscope: the metrics are at /metrics\n", with_body),
        _ => {
            response("404 Not Found", "text/plain", "", "not found: the metrics are at /metrics\n", with_body)
        }
    }
}

/// The path of a request's target, without the authority that a proxy puts before it, and without a query.
fn path(target: &str) -> &str {
    let path = match target.strip_prefix("http://") {
        Some(rest) => rest.find('/').and_then(|at| rest.get(at..)).unwrap_or("/"),
        None => target,
    };
    path.split(['?', '#']).next().unwrap_or_default()
}

/// Whether the text format before OpenMetrics is asked for: by readers that know only that one, and by browsers, which would offer to save a
/// type that they do not know instead of showing it.
fn wants_plain(fields: &[Header<'_>]) -> bool {
    let mut accepted = String::new();
    for field in fields.iter().filter(|field| field.name.eq_ignore_ascii_case("accept")) {
        accepted.push_str(&String::from_utf8_lossy(field.value).to_ascii_lowercase());
        accepted.push(',');
    }
    !accepted.contains("application/openmetrics-text") && accepted.contains("text/")
}

/// A line that says no.
fn refusal(status: &str) -> Vec<u8> {
    response(status, "text/plain", "", &format!("{status}\n"), true)
}

fn response(status: &str, media_type: &str, fields: &str, body: &str, with_body: bool) -> Vec<u8> {
    let length = body.len();
    let body = if with_body { body } else { "" };
    format!(
        "HTTP/1.1 {status}\r\n\
         Content-Type: {media_type}\r\n\
         Content-Length: {length}\r\n\
         {fields}Cache-Control: no-store\r\n\
         X-Content-Type-Options: nosniff\r\n\
         Connection: close\r\n\
         \r\n\
         {body}"
    )
    .into_bytes()
}

#[cfg(test)]
mod tests {
    use super::*;

    const PAGE: &str = "# HELP x_build X.\n# TYPE x_build info\nx_build_info{version=\"1\"} 1\n# EOF\n";

    fn asked(request: &str) -> String {
        String::from_utf8(answer(request.as_bytes(), PAGE).expect("an answer")).unwrap()
    }

    #[test]
    fn a_scrape_gets_the_page() {
        let accept =
            "application/openmetrics-text;version=1.0.0;q=0.5,text/plain;version=0.0.4;q=0.3,*/*;q=0.1";
        for request in [
            "GET /metrics HTTP/1.0\r\n\r\n".to_owned(),
            "GET /metrics HTTP/1.1\r\nHost: x\r\nAccept: */*\r\n\r\n".to_owned(),
            format!("GET /metrics?x=1 HTTP/1.1\r\nHost: x\r\naccept: {accept}\r\n\r\n"),
            "GET http://127.0.0.1:9464/metrics HTTP/1.1\r\nHost: x\r\n\r\n".to_owned(),
        ] {
            let answer = asked(&request);
            assert!(answer.starts_with("HTTP/1.1 200 OK\r\n"), "{answer}");
            assert!(answer.contains(&format!("\r\nContent-Type: {MEDIA_TYPE}\r\n")), "{answer}");
            assert!(answer.contains(&format!("\r\nContent-Length: {}\r\n", PAGE.len())), "{answer}");
            assert!(answer.ends_with(&format!("\r\n\r\n{PAGE}")), "{answer}");
        }
    }

    #[test]
    fn who_knows_only_the_older_format_gets_it() {
        for accept in ["text/plain", "text/plain;version=0.0.4", "text/html,application/xhtml+xml,*/*;q=0.8"]
        {
            let answer = asked(&format!("GET /metrics HTTP/1.1\r\nAccept: {accept}\r\n\r\n"));
            assert!(
                answer.contains(PLAIN_MEDIA_TYPE) && answer.contains("# TYPE x_build_info gauge\n"),
                "{answer}"
            );
            assert!(!answer.contains("EOF"), "{answer}");
        }
    }

    #[test]
    fn head_tells_the_length_and_sends_nothing() {
        let answer = asked("HEAD /metrics HTTP/1.1\r\n\r\n");
        assert!(answer.contains(&format!("Content-Length: {}\r\n", PAGE.len())), "{answer}");
        assert!(answer.ends_with("\r\n\r\n"), "{answer}");
    }

    #[test]
    fn the_root_points_on_and_the_rest_is_not_there() {
        assert!(asked("GET / HTTP/1.1\r\n\r\n").ends_with("the metrics are at /metrics\n"));
        for path in ["/metrics/", "/metric", "/../etc/shadow", "*", "//metrics", "http://x"] {
            let answer = asked(&format!("GET {path} HTTP/1.1\r\n\r\n"));
            let expected = if path == "http://x" { "200" } else { "404" };
            assert!(answer.starts_with(&format!("HTTP/1.1 {expected} ")), "{path}: {answer}");
        }
    }

    #[test]
    fn nothing_else_may_be_done() {
        for method in ["POST", "PUT", "DELETE", "OPTIONS", "CONNECT", "get"] {
            let answer = asked(&format!("{method} /metrics HTTP/1.1\r\n\r\n"));
            assert!(
                answer.starts_with("HTTP/1.1 405 ") && answer.contains("\r\nAllow: GET, HEAD\r\n"),
                "{answer}"
            );
        }
    }

    #[test]
    fn what_is_no_request_is_refused_at_once() {
        for (request, status) in [
            ("\x16\x03\x01\x02\x00\x01\x00\x01\u{fc}", "400"),
            ("GET\r\n\r\n", "400"),
            ("GET /metrics HTTP/1.1\r\nno colon\r\n\r\n", "400"),
            ("GET /metrics HTTP/3.0\r\n\r\n", "505"),
            (&format!("GET / HTTP/1.1\r\n{}\r\n", "a: b\r\n".repeat(MAX_FIELDS + 1)), "431"),
            (&"A".repeat(MAX_HEAD), "431"),
        ] {
            assert!(asked(request).starts_with(&format!("HTTP/1.1 {status} ")), "{request:.40}");
        }
    }

    #[test]
    fn half_a_request_is_waited_for() {
        for head in ["", "G", "GET /metrics HTTP/1.1\r\n", "GET /metrics HTTP/1.1\r\nHost: x\r\n"] {
            assert_eq!(answer(head.as_bytes(), PAGE), None, "{head:?}");
        }
    }
}
