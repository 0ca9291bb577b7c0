//! What must not change when a capture does: the same flows told with other numbers, at another time, from other addresses, twice, through a
//! tunnel, in another file format, in pieces, or cut short.

#![allow(clippy::indexing_slicing, clippy::unwrap_used, reason = "a test that goes out of bounds is to fail")]

mod capture;
mod cuts;
mod due;
mod evidence;
mod files;
mod formats;
mod packet;
mod quiet;
mod samples;
mod stories;
mod transforms;
