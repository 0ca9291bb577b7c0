//! `--metrics ADDR:PORT` and `--metrics-file FILE`: what is counted, handed to whoever asks for it.
//!
//! ```text
//!   the loop ──► Exporter ──► Page ──► Server: a thread, and one for each of a few connections
//!                    └──────► MetricsFile
//! ```
//! The server never touches the analysis: it reads the newest page, which the loop puts into a slot.

mod address;
mod answer;
mod connection;
mod exporter;
mod file;
mod page;
mod server;
#[cfg(test)]
mod tests;

pub(in crate::app) use address::{Address, parse};
pub(in crate::app) use exporter::Exporter;
