//! What must not change when a capture does: the same flows told with other numbers, at another time, from other addresses, twice, through a
//! tunnel, in another file format, in pieces, or cut short.

mod capture;
mod cuts;
mod evidence;
mod files;
mod formats;
mod packet;
mod samples;
mod transforms;
