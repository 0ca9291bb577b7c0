//! `keepscope check`: whether captures are as expected. JSON, JUnit XML, TAP, GitHub annotations.

pub mod github;
pub mod json;
pub mod junit;
pub mod tap;

use crate::decode::ip_addr;
use crate::expect::{Ground, Judgement, Named};
use std::fmt::Write;
use std::net::SocketAddr;

/// Where a ground was found: flow and end; empty where it is about all flows that were selected. As everything here it has not passed an
/// escaper yet.
pub(super) fn place(ground: &Ground) -> String {
    let mut place = ground.flow.map_or_else(String::new, |Named { index, tuple }| {
        let end = |address, port| SocketAddr::new(ip_addr(address, tuple.is_ipv6), port);
        let (client, server) = (end(tuple.src, tuple.src_port), end(tuple.dst, tuple.dst_port));
        format!("flow {index} ({client} → {server})")
    });
    if let Some(side) = ground.side {
        let before = if place.is_empty() { "" } else { ", " };
        let _ = write!(place, "{before}{}", side.name());
    }
    place
}

/// The frames that show it: `frames #1 #2`.
pub(super) fn frames(ground: &Ground) -> String {
    let mut text = String::new();
    for frame in &ground.frames {
        let _ = write!(text, " #{frame}");
    }
    match ground.frames.len() {
        0 => text,
        1 => format!("frame{text}"),
        _ => format!("frames{text}"),
    }
}

/// A ground in one line.
fn line(ground: &Ground) -> String {
    let mut line = ground.check.clone();
    for part in [&place(ground), &ground.text] {
        if !part.is_empty() {
            let before = if line.is_empty() { "" } else { ": " };
            let _ = write!(line, "{before}{part}");
        }
    }
    let frames = frames(ground);
    if !frames.is_empty() {
        let _ = write!(line, " · {frames}");
    }
    line
}

/// The grounds, a line each, and how many more there are.
fn lines(judgement: &Judgement) -> Vec<String> {
    let mut lines: Vec<String> = judgement.grounds.iter().map(line).collect();
    let more = judgement.grounds_total - judgement.grounds.len() as u64;
    if more > 0 {
        lines.push(format!("… and {more} more"));
    }
    lines
}
