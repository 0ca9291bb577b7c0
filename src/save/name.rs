//! The names of rotated files, by tcpdump's rules (`MakeFilename` of its source).

use jiff::Timestamp;
use jiff::fmt::strtime::{BrokenDownTime, Config, PosixCustom};
use jiff::tz::TimeZone;
use std::io;
use std::num::NonZeroU32;
use std::path::{Path, PathBuf};

/// How many digits a number has where there are so many files: those of the highest, and none for a single file.
pub(super) fn digits(files: NonZeroU32) -> usize {
    let highest = files.get() - 1;
    highest.checked_ilog10().map_or(0, |log| log as usize + 1)
}

/// The name made from `path`: strftime's conversions replaced by `moment` (in seconds since the epoch, in a time zone), and then the number `part`
/// with at least so many `digits`. The first file has no number, unless digits are asked for.
///
/// # Errors
/// A name that is not UTF-8 and whose conversions were to be replaced, or one that no time can be put into.
pub(super) fn file_name(
    path: &Path,
    moment: Option<(i64, &TimeZone)>,
    part: u64,
    digits: usize,
) -> io::Result<PathBuf> {
    let mut name = match moment {
        Some((seconds, zone)) => at_time(path, seconds, zone)?.into(),
        None => path.as_os_str().to_owned(),
    };
    if part > 0 || digits > 0 {
        name.push(format!("{part:0digits$}"));
    }
    Ok(name.into())
}

fn at_time(path: &Path, seconds: i64, zone: &TimeZone) -> io::Result<String> {
    let bad = |why: &dyn std::fmt::Display| {
        io::Error::new(io::ErrorKind::InvalidInput, format!("{}: {why}", path.display()))
    };
    let format = path.to_str().ok_or_else(|| bad(&"a name with a time in it must be UTF-8"))?;
    let moment = Timestamp::from_second(seconds).unwrap_or_default().to_zoned(zone.clone());
    // What is no conversion is left as it stands, as the C library does.
    let config = Config::new().custom(PosixCustom::new()).lenient(true);
    BrokenDownTime::from(&moment).to_string_with_config(&config, format).map_err(|error| bad(&error))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(path: &str, is_timed: bool, part: u64, files: u32, expected: &str) {
        let digits = NonZeroU32::new(files).map_or(0, digits);
        // 2026-01-01T00:00:05Z
        let utc = TimeZone::UTC;
        let moment = is_timed.then_some((1_767_225_605, &utc));
        assert_eq!(file_name(Path::new(path), moment, part, digits).unwrap(), Path::new(expected));
    }

    #[test]
    fn numbers_stand_after_the_name_with_as_many_digits_as_the_highest() {
        check("a.pcap", false, 0, 0, "a.pcap");
        check("a.pcap", false, 1, 0, "a.pcap1");
        check("a.pcap", false, 12, 0, "a.pcap12");
        check("a.pcap", false, 0, 1, "a.pcap");
        check("a.pcap", false, 0, 2, "a.pcap0");
        check("a.pcap", false, 3, 10, "a.pcap3");
        check("a.pcap", false, 3, 11, "a.pcap03");
        check("a.pcap", false, 0, 1_000, "a.pcap000");
    }

    #[test]
    fn the_time_stands_where_the_name_says_only_if_files_go_by_time() {
        check("a-%Y%m%d_%H%M%S.pcap", true, 0, 0, "a-20260101_000005.pcap");
        check("a-%F-%s", true, 2, 20, "a-2026-01-01-176722560502");
        check("a-%H", false, 0, 0, "a-%H");
        check("100%", true, 0, 0, "100%");
    }
}
