//! What the live options mean. Whatever can be wrong with them is wrong here, before anything is opened.

use super::metrics::Address;
use crate::app::Error;
use crate::app::cli::{Analysis, Format, Live};
use crate::app::error::usage;
use crate::app::inputs::is_same_file;
use crate::app::job::Job;
use crate::app::limits::Limits;
use std::path::{Path, PathBuf};
use std::time::Duration;

/// A run as the live options have it.
#[derive(Debug)]
pub(in crate::app) struct Plan {
    pub(super) origin: Origin,
    pub(in crate::app) limits: Limits,
    pub(super) raw: Option<Raw>,
    /// How often open flows are written.
    pub(super) snapshot: Option<Duration>,
    pub(super) metrics: Option<Address>,
    pub(super) metrics_file: Option<PathBuf>,
    /// Whom to go on as.
    pub(super) user: Option<String>,
}

/// Where frames come from.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Origin {
    /// An interface of this machine.
    Interface { name: String, promiscuous: bool, snaplen: Option<u32>, buffer_kib: Option<u32> },
    /// A directory that another program fills with captures.
    Directory(PathBuf),
    /// The inputs of the job.
    Inputs,
}

/// Where the frames are written to as they are, and when another file begins.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Raw {
    pub(super) path: PathBuf,
    /// Millions of bytes.
    pub(super) size: Option<u32>,
    pub(super) seconds: Option<u32>,
    pub(super) files: Option<u32>,
}

impl Raw {
    /// Whether more files than the first are wanted.
    pub(super) const fn rotates(&self) -> bool {
        self.size.is_some() || self.seconds.is_some()
    }
}

impl Plan {
    /// What `live` means beside `analysis`.
    pub(in crate::app) fn resolve(live: Live, analysis: &Analysis) -> Result<Self, Error> {
        belongs_together(&live, analysis)?;
        outputs_stay_apart(&live, analysis)?;
        let origin = match (live.iface, live.follow) {
            (Some(name), _) => Origin::Interface {
                name,
                promiscuous: !live.no_promiscuous,
                // As in tcpdump: 0 is "all".
                snaplen: live.snaplen.map(|length| if length == 0 { MAX_SNAPLEN } else { length }),
                buffer_kib: live.buffer_size,
            },
            (None, Some(directory)) => Origin::Directory(directory),
            (None, None) => Origin::Inputs,
        };
        Ok(Self {
            origin,
            limits: Limits::new(live.count, live.duration),
            raw: live.write.map(|path| Raw {
                path,
                size: live.rotate_size,
                seconds: live.rotate_seconds,
                files: live.rotate_files,
            }),
            snapshot: live.snapshot,
            metrics: live.metrics,
            metrics_file: live.metrics_file,
            user: live.user,
        })
    }

    /// Whether frames come as they are captured, from no input of the job.
    pub(in crate::app) fn is_live(&self) -> bool {
        self.origin != Origin::Inputs
    }

    /// Whether it reads a directory that fills.
    pub(in crate::app) const fn follows(&self) -> bool {
        matches!(self.origin, Origin::Directory(_))
    }

    /// Whether what is captured may be connections of this host, under their own addresses.
    pub(super) const fn is_of_this_host(&self, job: &Job) -> bool {
        cfg!(target_os = "linux") && matches!(self.origin, Origin::Interface { .. }) && job.key.is_none()
    }

    /// The files it writes, beside the results.
    pub(super) fn files(&self) -> impl Iterator<Item = &Path> {
        self.raw.iter().map(|raw| raw.path.as_path()).chain(self.metrics_file.as_deref())
    }
}

/// What a build without libpcap answers.
pub(super) const NEEDS_LIBPCAP: &str =
    "--iface needs libpcap, which this build lacks (build it with --features libpcap)";

/// tcpdump's, and more than any frame.
const MAX_SNAPLEN: u32 = 262_144;

/// Whether every option has what it needs, and nothing that it cannot have.
fn belongs_together(live: &Live, analysis: &Analysis) -> Result<(), Error> {
    let on_interface = live.iface.is_some();
    let is_live = on_interface || live.follow.is_some();
    if on_interface && live.follow.is_some() {
        return usage("--iface and --follow are two captures: give one of them");
    }
    if on_interface && !cfg!(feature = "libpcap") {
        return usage(NEEDS_LIBPCAP);
    }
    let is_named = !(analysis.files.is_empty() && analysis.read.is_empty() && analysis.files_from.is_none());
    if is_live && is_named {
        let option = if on_interface { "--iface captures live" } else { "--follow reads a directory" };
        return usage(format!(
            "{option} and takes no FILE; a filter is given with -f, for example -f 'tcp port 80'"
        ));
    }
    for (is_given, option) in [
        (live.no_promiscuous, "-p"),
        (live.snaplen.is_some(), "-s"),
        (live.buffer_size.is_some(), "-B"),
        (live.write.is_some(), "-w"),
    ] {
        if is_given && !on_interface {
            return usage(format!("{option} is for live capture: it goes with --iface"));
        }
    }
    if live.user.is_some() && !is_live {
        return usage("--user is for live capture: it goes with --iface or --follow");
    }
    if live.user.is_some() && !cfg!(unix) {
        return usage("--user needs a Unix system");
    }
    let is_pipe = |path: &PathBuf| path.as_os_str() == "-";
    let may_go_on = is_live || analysis.files.iter().chain(&analysis.read).any(is_pipe);
    for (is_given, option) in [
        (live.snapshot.is_some(), "--snapshot"),
        (live.metrics.is_some(), "--metrics"),
        (live.metrics_file.is_some(), "--metrics-file"),
    ] {
        if is_given && !may_go_on {
            return usage(format!("{option} is for what goes on: it goes with --iface, --follow or '-'"));
        }
    }
    if analysis.anonymize.is_some() && live.write.is_some() {
        return usage(
            "-w writes the frames as they are, and --anonymize is to tell nobody what they hold: --evidence writes them anew",
        );
    }
    if live.snapshot.is_some() && analysis.format != Format::Ndjson {
        return usage("--snapshot writes records of open flows: it goes with --format ndjson");
    }
    let rotates = live.rotate_size.is_some() || live.rotate_seconds.is_some();
    if live.write.is_none() && rotates {
        let option = if live.rotate_size.is_some() { "-C" } else { "-G" };
        return usage(format!("{option} begins other files for the frames: it goes with -w"));
    }
    if live.rotate_files.is_some() && !rotates {
        return usage("-W limits the files that -C or -G begin: it goes with one of them");
    }
    if live.write.as_ref().is_some_and(is_pipe) {
        if analysis.output.is_none() {
            return usage(
                "-w - and the results would both go to standard output: give -o FILE for the results",
            );
        }
        if rotates {
            return usage("-w - is standard output, which cannot be rotated (-C, -G)");
        }
    }
    Ok(())
}

/// Whether no file is written twice, or read after it was written.
fn outputs_stay_apart(live: &Live, analysis: &Analysis) -> Result<(), Error> {
    let given = [&analysis.output, &analysis.evidence, &live.write, &live.metrics_file];
    let outputs: Vec<&PathBuf> = given.into_iter().flatten().collect();
    for (i, one) in outputs.iter().enumerate() {
        for other in outputs.iter().skip(i + 1) {
            if is_same(one, other) {
                return usage(format!("{} is written to twice", other.display()));
            }
        }
        if let Some(directory) = &live.follow
            && is_same(&parent(one), directory)
        {
            let (output, directory) = (one.display(), directory.display());
            return usage(format!("{output} would be written to {directory}, which is read"));
        }
        for input in analysis.files.iter().chain(&analysis.read).chain(&analysis.profiles) {
            if is_same(one, input) {
                return usage(format!("{} is both input and output", input.display()));
            }
        }
    }
    Ok(())
}

/// The directory that holds `path`.
pub(super) fn parent(path: &Path) -> PathBuf {
    match path.parent() {
        Some(parent) if parent.as_os_str().is_empty() => PathBuf::from("."),
        Some(parent) => parent.to_path_buf(),
        None => path.to_path_buf(),
    }
}

/// Whether two names are of one thing, which for devices and pipes is no matter.
fn is_same(one: &Path, other: &Path) -> bool {
    match (one.metadata(), other.metadata()) {
        (Ok(a), Ok(b)) => (a.is_file() || a.is_dir()) && is_same_file(&a, &b),
        // What is not there yet may come to be the same.
        _ => one.file_name() == other.file_name() && same_place(&parent(one), &parent(other)),
    }
}

fn same_place(one: &Path, other: &Path) -> bool {
    match (one.canonicalize(), other.canonicalize()) {
        (Ok(one), Ok(other)) => one == other,
        _ => one == other,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::app::cli::Cli;
    use clap::Parser;

    fn plan(args: &str) -> Result<Plan, String> {
        let cli = Cli::try_parse_from(args.split(' ')).map_err(|error| error.to_string())?;
        Plan::resolve(cli.live, &cli.analysis).map_err(|error| error.to_string())
    }

    #[cfg(feature = "libpcap")]
    #[test]
    fn tcpdumps_letters_mean_what_they_mean_there() {
        let plan =
            plan("keepscope -i eth0 -p -s 0 -B 4096 -c 10 -w out-%H.pcap -C 100 -G 3600 -W 24 -n").unwrap();
        let snaplen = Some(MAX_SNAPLEN);
        let (name, buffer_kib) = ("eth0".to_owned(), Some(4096));
        assert_eq!(plan.origin, Origin::Interface { name, promiscuous: false, snaplen, buffer_kib });
        let raw = Raw { path: "out-%H.pcap".into(), size: Some(100), seconds: Some(3600), files: Some(24) };
        assert_eq!(plan.raw, Some(raw));
    }

    #[cfg(not(feature = "libpcap"))]
    #[test]
    fn a_build_without_libpcap_names_it() {
        assert!(plan("keepscope -i eth0").unwrap_err().contains("libpcap"));
    }

    #[test]
    fn a_file_can_be_cut_short() {
        assert_eq!(plan("keepscope -c 10 --duration 5 a.pcap").unwrap().origin, Origin::Inputs);
        assert_eq!(plan("keepscope --format ndjson --snapshot 5 -").unwrap().origin, Origin::Inputs);
    }

    #[test]
    fn options_that_do_not_go_together_are_refused_in_one_line() {
        for (args, reason) in [
            ("-s 96 a.pcap", "-s is for live capture"),
            ("-p a.pcap", "-p is for live capture"),
            ("-w b.pcap a.pcap", "-w is for live capture"),
            ("-w b.pcap --follow d", "-w is for live capture"),
            ("--user root a.pcap", "--user is for live capture"),
            ("--follow d a.pcap", "--follow reads a directory and takes no FILE"),
            ("--follow d -r a.pcap", "takes no FILE"),
            ("--snapshot 5 --follow d", "--snapshot writes records of open flows"),
            ("--snapshot 5 --format ndjson a.pcap", "--snapshot is for what goes on"),
            ("--metrics 9464 a.pcap", "--metrics is for what goes on"),
            ("-C 1 a.pcap", "-C begins other files for the frames: it goes with -w"),
            ("-G 1 --follow d", "-G begins other files"),
            ("-W 1 --follow d", "-W limits the files"),
            ("--follow . -o ./new.json", "./new.json would be written to ., which is read"),
            ("--follow d -o x --metrics-file ./x", "./x is written to twice"),
            ("-o x --evidence ./x a.pcap", "./x is written to twice"),
            ("--follow d --metrics-file x --evidence x", "x is written to twice"),
            ("--follow . --evidence ./new.pcapng", "./new.pcapng would be written to ., which is read"),
        ] {
            let error = plan(&format!("keepscope {args}")).unwrap_err();
            assert!(error.contains(reason) && !error.contains('\n'), "{args}: {error}");
        }
    }

    #[cfg(feature = "libpcap")]
    #[test]
    fn an_interface_excludes_other_inputs() {
        for (args, reason) in [
            ("-i eth0 --follow d", "--iface and --follow are two captures"),
            ("-i eth0 tcp port 80", "a filter is given with -f"),
            ("-i eth0 -w x -o x", "x is written to twice"),
            ("-i eth0 -w -", "-w - and the results would both go to standard output"),
            ("-i eth0 -w - -o x -C 1", "-w - is standard output"),
            ("-i eth0 -w x -W 5", "-W limits the files"),
            ("-i eth0 -w x --anonymize random", "-w writes the frames as they are"),
            ("-i eth0 -w x --evidence x", "x is written to twice"),
        ] {
            let error = plan(&format!("keepscope {args}")).unwrap_err();
            assert!(error.contains(reason) && !error.contains('\n'), "{args}: {error}");
        }
    }
}
