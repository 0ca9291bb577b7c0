//! keepscope reads TCP keepalives out of packets: who probes whom, with which idle, interval and count, who answers and how fast, and how
//! it ended. Measured, with the frames that prove it, and honest about what the capture cannot show.
//!
//! # The house
//!
//! A library whose core is a plain function of frames, and a thin binary. Values are handed to the right; nothing is handed back.
//!
//! ```text
//!            ┌─────────────── the core: no I/O, no clock, no threads, no printing ───────────────┐
//! source ──► decode ──► flow ──► classify ──► run ──► measure ──► infer ──► diagnose ──► Report ─┬────────────► render ──► app
//! (file,     Frame→     Segment→ Observation  Verdict→ samples    Settings  findings             ├─► expect ──►   ▲
//!  live,     Segment    Observa- →Class       Event,                                             ├─► diff ────►   │
//!  follow,   or Skip    tion                  Run                                                └─► evidence     │
//!  trace)                                                                  sockets (the kernel's own view) ───────┘
//! ```
//!
//! | room | holds | never names |
//! | --- | --- | --- |
//! | [`time`], [`seq`], [`frame`] | time stamps, sequence numbers, frames and batches of them | any other room |
//! | [`source`] | capture files, standard input, running interfaces, followed directories, filters, text traces | [`decode`] and after |
//! | [`decode`] | link types, tunnels, IP, TCP, ICMP; stateless | [`source`] |
//! | [`anonymize`] | other addresses, and packets made anew with them | [`flow`] |
//! | [`flow`] | what both ends of a connection were known to be before each segment; second copies | [`classify`] |
//! | [`classify`] | an ordered list of rules, each a pure function of one [`flow::Observation`] | [`run`] |
//! | [`notes`] | what is remembered of a flow beyond its sequence numbers, lazily: recurring exchanges, HTTP/1.x headers, long silences, retransmissions without an answer, the RST | [`run`] |
//! | [`run`] | candidates settled by what came later, answers paired with probes, outcomes | [`infer`] |
//! | [`explain`] | of chosen flows every segment, what was known before it, its rule and its labels; a sketch of flows that are to be drawn | [`infer`] |
//! | [`measure`] | samples and their statistics | [`infer`] |
//! | [`infer`] | what follows for the configured values, the stack, the application and the end; the catalogue of stacks, programs and boxes | [`render`] |
//! | [`diagnose`] | conclusions: one file each, with its text and the frames that show it | [`analyzer`], [`render`] |
//! | [`report`] | what was found, as domain values | [`render`] |
//! | [`diff`] | what changed between two captures, per service | [`analyzer`], [`render`] |
//! | [`expect`] | a small language for what the connections of a capture should be like, and whether they are | [`analyzer`], [`render`] |
//! | [`analyzer`] | wires the core: batches in, events and a report out | [`source`]'s readers, [`render`] |
//! | [`sockets`] | the Linux kernel's own view of local TCP sockets: their timers, what follows for the settings, and where it and the capture disagree | [`source`], [`analyzer`], [`render`] |
//! | [`render`] | text, JSON, NDJSON; the only types that are serialised; the one escaper per output | [`source`]'s readers, [`app`] |
//! | [`save`] | raw frames into capture files, rotated as tcpdump rotates them | [`source`], [`decode`] |
//! | [`evidence`] | the frames of chosen flows as pcapng, labels and findings as their comments | [`app`] |
//! | [`app`] | command line, job, progress, exit codes | – |
//!
//! `tests/architecture.rs` holds this table against the code's `use` lines.
//!
//! # Four decisions that carry it
//!
//! - **[`flow`] shows what was known *before*.** It never learns the verdict on a segment; it also finds second copies, and joins an
//!   ICMP error to its flow by the quoted tuple. A quotation never creates a flow.
//! - **[`classify`](classify::classify) is a pure function of one observation**, over an ordered `const` list of rules. What needs the
//!   future is a [candidate](classify::Candidate); [`run`] settles it. While a candidate is open, everything that happens to its direction
//!   queues behind it, so runs are built from certain facts in the order of the capture. What is never settled stays ambiguous.
//! - **Time enters as frame time stamps, and as quiet time.** Nothing in the core reads a clock. A running capture tells how far time went
//!   on without a frame, and hears what did not happen by then; what is found in the end is the same.
//! - **Everything travels in batches.** A [`frame::FrameBatch`] owns its bytes; the flow table prefetches over a batch, and flows are
//!   spread over 64 partitions by a fixed hash, so that batches can be worked on by several threads without a change of the result.
//!
//! # Invariants
//!
//! 1. The same frames give the same bytes of report. Sums are integer nanoseconds until [`render`].
//! 2. `frames == segments + icmp_errors + duplicates + skipped`; a bad frame is a counted fact, never an error of the run.
//! 3. A rule reads one observation and nothing else; [`flow`] never reads a verdict.
//! 4. Every figure can be traced to frame numbers. What the capture could not show is a bound or `None`.
//! 5. Domain types are not `Serialize`; [`render`] alone is the contract with other programs.
//! 6. No `unwrap`, indexing or unchecked arithmetic on anything that came from a frame. `unsafe` only in `flow/prefetch.rs`.
//! 7. A flow is never forgotten because it is quiet: keepalive idle is two hours and more. A quiet flow costs at most 256 bytes; what
//!    concerns probes lives apart, lazily, and bounded.
//! 8. No allocation per frame in the steady state.
//! 9. Text from outside is escaped by the one escaper of its output.

pub mod analyzer;
pub mod anonymize;
pub mod app;
pub mod classify;
pub mod decode;
pub mod diagnose;
pub mod diff;
pub mod evidence;
pub mod expect;
pub mod explain;
pub mod flow;
pub mod frame;
pub mod infer;
pub mod measure;
pub mod notes;
pub mod render;
pub mod report;
pub mod run;
pub mod save;
pub mod seq;
pub mod sockets;
pub mod source;
pub mod time;

pub use app::analyze_file;
