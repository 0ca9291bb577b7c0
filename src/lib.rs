//! keepscope reads TCP keepalives out of packets.

pub mod analyzer;
pub mod classify;
pub mod decode;
pub mod flow;
pub mod frame;
pub mod infer;
pub mod measure;
pub mod report;
pub mod run;
pub mod seq;
pub mod source;
pub mod time;
