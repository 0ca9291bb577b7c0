//! What this build is and can do.

/// The lines of `--version`.
pub(super) fn text() -> String {
    let version = env!("CARGO_PKG_VERSION");
    let pcap = match (cfg!(feature = "libpcap"), loaded_libpcap()) {
        (false, _) => "without libpcap: no capture filters (-f)".into(),
        (true, None) => "with libpcap".into(),
        (true, Some(version)) => format!("with libpcap {version}"),
    };
    let features = if cfg!(feature = "libpcap") { "+libpcap" } else { "-libpcap" };
    format!("keepscope {version}\n{pcap}\nfeatures: {features}\n")
}

/// The version of the libpcap this process has loaded.
///
/// libpcap tells its version by a C function only, and this crate calls none by itself; but a shared library's file is named
/// after it, and the kernel tells which file was loaded.
fn loaded_libpcap() -> Option<String> {
    let maps = std::fs::read_to_string("/proc/self/maps").ok()?;
    version_in(&maps).map(str::to_owned)
}

fn version_in(maps: &str) -> Option<&str> {
    const NAME: &str = "/libpcap.so.";
    maps.lines().find_map(|line| line.rsplit_once(NAME)).map(|(_, version)| version)
}

#[cfg(test)]
mod tests {
    use super::version_in;

    #[test]
    fn the_loaded_library_tells_its_version() {
        let maps = "7f00-7f01 r--p 0 08:01 1 /usr/lib/libc.so.6\n7f02-7f03 r--p 0 08:01 2 /usr/lib/libpcap.so.1.10.3\n";
        assert_eq!(version_in(maps), Some("1.10.3"));
        assert_eq!(version_in(""), None);
    }
}
