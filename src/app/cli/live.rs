//! What a live run can be told beside what any analysis can.

use super::values::seconds;
use crate::app::live::metrics::{self, Address};
use clap::Args;
use std::path::PathBuf;
use std::time::Duration;

#[derive(Debug, Default, Args)]
#[command(next_help_heading = "Live")]
pub(in crate::app) struct Live {
    /// Capture on IFACE, or on 'any' for all interfaces, until Ctrl-C, --duration or -c.
    #[arg(short, long, value_name = "IFACE")]
    pub(in crate::app) iface: Option<String>,

    /// List the interfaces that can be captured on.
    #[arg(short = 'D', long)]
    pub(in crate::app) list_interfaces: bool,

    /// Read the captures in DIR that another tcpdump is writing and rotating.
    #[arg(long, value_name = "DIR")]
    pub(in crate::app) follow: Option<PathBuf>,

    /// Stop after COUNT frames that match the filter; of files too.
    #[arg(short, long, value_name = "COUNT", value_parser = clap::value_parser!(u64).range(1..))]
    pub(in crate::app) count: Option<u64>,

    /// Stop after SECONDS; of files too, by their time stamps.
    #[arg(long, value_name = "SECONDS", value_parser = seconds)]
    pub(in crate::app) duration: Option<Duration>,

    /// Do not put the interface into promiscuous mode.
    #[arg(short = 'p', long = "no-promiscuous-mode")]
    pub(in crate::app) no_promiscuous: bool,

    /// Capture SNAPLEN bytes of each frame; 0: all. [default: 512: the headers, and what findings need beyond them]
    #[arg(short, long, value_name = "SNAPLEN", value_parser = clap::value_parser!(u32).range(..=262_144))]
    pub(in crate::app) snaplen: Option<u32>,

    /// Let the kernel buffer KIB kibibytes of frames.
    #[arg(short = 'B', long, value_name = "KIB", value_parser = clap::value_parser!(u32).range(1..=2_097_151))]
    pub(in crate::app) buffer_size: Option<u32>,

    /// Write the frames to FILE, as they were captured. With -G the name may hold strftime's codes.
    #[arg(short, long, value_name = "FILE")]
    pub(in crate::app) write: Option<PathBuf>,

    /// Begin another file after MB million bytes: FILE, FILE1, FILE2, …
    #[arg(short = 'C', value_name = "MB", value_parser = clap::value_parser!(u32).range(1..))]
    pub(in crate::app) rotate_size: Option<u32>,

    /// Begin another file every SECONDS.
    #[arg(short = 'G', value_name = "SECONDS", value_parser = clap::value_parser!(u32).range(1..))]
    pub(in crate::app) rotate_seconds: Option<u32>,

    /// With -C: write at most FILES files, and then over the oldest. With -G alone: stop after FILES files.
    #[arg(short = 'W', value_name = "FILES", value_parser = clap::value_parser!(u32).range(1..))]
    pub(in crate::app) rotate_files: Option<u32>,

    /// NDJSON: write a record of every open flow every SECONDS.
    #[arg(long, value_name = "SECONDS", value_parser = seconds)]
    pub(in crate::app) snapshot: Option<Duration>,

    /// Serve OpenMetrics over HTTP; where only a PORT is given, to this machine alone.
    #[arg(long, value_name = "ADDR:PORT", value_parser = metrics::parse)]
    pub(in crate::app) metrics: Option<Address>,

    /// Write OpenMetrics to FILE, again and again.
    #[arg(long, value_name = "FILE")]
    pub(in crate::app) metrics_file: Option<PathBuf>,

    /// Go on as user NAME once all is open, where started as root. [default: who called sudo, or else nobody]
    #[arg(short = 'Z', long, value_name = "NAME")]
    pub(in crate::app) user: Option<String>,
}
