//! How many sockets there are, without asking for each.

/// The kernel's counts, of IPv4 and IPv6.
#[cfg(target_os = "linux")]
const TABLES: [&str; 2] = ["/proc/net/sockstat", "/proc/net/sockstat6"];

/// About how many TCP sockets this network namespace has: those in use and those in TIME-WAIT. `None` where the kernel does not tell.
#[cfg(target_os = "linux")]
#[must_use]
pub fn population() -> Option<u64> {
    let counts = TABLES.map(|path| counted(&std::fs::read_to_string(path).ok()?));
    counts.into_iter().flatten().reduce(u64::saturating_add)
}

/// Nobody tells: this is not Linux.
#[cfg(not(target_os = "linux"))]
#[must_use]
pub fn population() -> Option<u64> {
    None
}

/// `TCP: inuse 5 orphan 0 tw 2 alloc 7 mem 1`; IPv6 only tells `TCP6: inuse 5`.
#[cfg(any(target_os = "linux", test))]
fn counted(table: &str) -> Option<u64> {
    let line = table.lines().find_map(|line| line.strip_prefix("TCP: ").or(line.strip_prefix("TCP6: ")))?;
    let fields: Vec<&str> = line.split_whitespace().collect();
    let pairs = fields.chunks_exact(2).filter_map(|pair| match pair {
        ["inuse" | "tw", count] => count.parse::<u64>().ok(),
        _ => None,
    });
    pairs.reduce(u64::saturating_add)
}

#[cfg(test)]
mod tests {
    use super::counted;

    #[test]
    fn sockets_are_counted_as_the_kernel_does() {
        let v4 = "sockets: used 271\nTCP: inuse 17 orphan 3 tw 40 alloc 90 mem 6\nUDP: inuse 9 mem 2\n";
        assert_eq!(counted(v4), Some(57));
        assert_eq!(counted("TCP6: inuse 5\nUDP6: inuse 4\n"), Some(5));
        assert_eq!(counted("UDP: inuse 9 mem 2\n"), None);
        assert_eq!(counted(""), None);
    }
}
