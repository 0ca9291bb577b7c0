//! A run that goes on until it is told to stop: on an interface, a directory that fills, or a pipe.

mod archive;
mod confine;
mod drops;
mod limits;
mod pace;
mod permission;
mod plan;
mod signals;
mod sink;
#[cfg(test)]
mod testing;

pub(super) use limits::Limits;
pub(super) use plan::Plan;
