//! Input that means harm, or is merely broken: nothing panics, nothing hangs, and memory stays within bounds. All random numbers are the
//! same in every run.

#![allow(clippy::indexing_slicing, clippy::unwrap_used, reason = "a test that goes out of bounds is to fail")]

#[path = "../metamorphic/capture.rs"]
#[allow(dead_code, reason = "shared with the metamorphic tests, of which these use a part")]
mod capture;
#[path = "../metamorphic/files.rs"]
mod files;
#[path = "../metamorphic/packet.rs"]
#[allow(dead_code, reason = "shared with the metamorphic tests, of which these use a part")]
mod packet;

mod bombs;
mod broken_files;
mod broken_frames;
mod crowds;
mod memory;
mod random;
