//! Expectations: what the connections of a capture should be like, said in a small language, and whether they are.
//!
//! ```text
//! port 5432 side=client idle=60s±10% interval=10s count=3
//! host 10.0.0.7 answered>=99%
//! all no finding severity>=warning
//! any port 443 outcome=timed_out within 90s
//! ```
//!
//! # Grammar
//!
//! ```text
//! expectation = [ "all" | "any" ] , { selector } , check , { check } ;      (* selectors and checks in any order *)
//!
//! selector    = [ "client" | "server" ] , "port" , number , [ "-" , number ]
//!             | [ "client" | "server" ] , "host" , address , [ "/" , number ]
//!             | "flow" , ( number | community-id )
//!             | "side" , "=" , ( "client" | "server" )
//!             | "probing" ;
//!
//! check       = "status" , equality , ( "probing" | "off" )
//!             | ( "idle" | "interval" ) , comparison , time , [ tolerance ]
//!             | ( "count" | "probes" ) , comparison , number
//!             | "rtt" , ( "min" | "median" | "p95" | "p99" | "max" ) , comparison , time , [ tolerance ]
//!             | "outcome" , equality , outcome , [ "within" , time ]
//!             | "answered" , comparison , decimal , "%"
//!             | [ "no" ] , ( "reset" | "probe" | "finding" , { "id" , equality , name | "severity" , comparison , severity } ) ;
//!
//! comparison  = equality | "<" | "<=" | ">" | ">=" ;
//! equality    = "=" | "!=" ;
//! tolerance   = ( "±" | "+-" | "+/-" ) , decimal , ( "%" | unit ) ;          (* after = and != *)
//! time        = decimal , unit ;
//! unit        = "us" | "µs" | "ms" | "s" | "min" | "h" ;
//! decimal     = number , [ "." , number ] ;
//! ```
//! Space is free but inside a word or a number. An address is never a name; an [outcome](crate::run::Outcome) and the name of a finding are
//! written as in reports.
//!
//! # What it means
//!
//! A flow is selected if all selectors fit. `status`, `idle`, `interval`, `count`, `probes`, `rtt` and `outcome` are asked of each selected
//! flow: `all` of them (also where neither word is said) or `any` must be so. `answered`, `reset`, `probe` and `finding` are asked of all of
//! them together.
//!
//! The answer is a [`Verdict`]. What the capture cannot show is no pass but [`Inconclusive`](Verdict::Inconclusive), and an expectation
//! that selects no flow [`Fails`](Verdict::Fails). How values are compared that are known only as a range stands in `docs/check.md`, with
//! what each key asks.
//!
//! # In a test
//!
//! ```
//! let report = keepscope::analyze_file("fixtures/alive/capture.pcap")?;
//! keepscope::expect::check(&report, "port 443 side=client idle=2s")?.assert_holds();
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

mod address;
mod answered;
mod check;
mod count;
mod event;
mod expectation;
mod flaw;
mod ground;
mod judge;
mod judgement;
mod outcome;
mod parse;
mod probes;
mod quantity;
mod rtt;
mod scan;
mod selection;
mod sides;
mod status;
mod suite;
mod time;
mod verdict;
mod wanted;
mod words;

pub use expectation::{Expectation, MAX_LENGTH};
pub use flaw::Flaw;
pub use ground::{Ground, MAX_GROUNDS, Named};
pub use judge::Judge;
pub use judgement::Judgement;
pub use suite::{Checked, Rule, Suite, Totals};
pub use verdict::Verdict;

use crate::report::Report;

/// Whether `report` is as `expectation` says.
///
/// # Errors
/// `expectation` is not written in the language of this [module](self).
pub fn check(report: &Report, expectation: &str) -> Result<Judgement, Flaw> {
    Ok(expectation.parse::<Expectation>()?.judge(report))
}

/// The examples of the page for users.
#[cfg(doctest)]
#[doc = include_str!("../../docs/check.md")]
struct Page;
