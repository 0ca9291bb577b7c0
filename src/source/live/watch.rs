//! The interface itself: up, down, without a cable, renamed or gone. libpcap tells of an end at most.
#![cfg_attr(not(target_os = "linux"), allow(dead_code, reason = "only Linux shows its interfaces as files"))]

use std::fs;
use std::path::{Path, PathBuf};

/// Where Linux shows its interfaces.
const SYSFS: &str = "/sys/class/net";
/// `IFF_UP` of the flags there.
const IFF_UP: u32 = 1;

/// What an interface can do at the moment.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum State {
    Up,
    /// Switched on, but nothing at the other end of the cable.
    NoCarrier,
    Down,
    /// Deleted, or moved to another network namespace. Not one that was made anew with the same name.
    Gone,
}

impl State {
    /// What happened, for people: the state it went into from `before`.
    pub(super) const fn words(self, before: Self) -> &'static str {
        match (self, before) {
            (Self::Up, Self::NoCarrier) => "carrier again",
            (Self::Up, _) => "interface up again",
            (Self::NoCarrier, Self::Up) => "no carrier",
            (Self::NoCarrier, _) => "interface up again, but without carrier",
            (Self::Down, _) => "interface down",
            (Self::Gone, _) => "interface gone",
        }
    }
}

/// Watches one interface through sysfs.
#[derive(Debug)]
pub(super) struct Watch {
    root: PathBuf,
    name: String,
    /// The kernel's number of it, which a new one of the same name does not have.
    index: u32,
    state: State,
}

impl Watch {
    /// For the interface of this name as it is now; `None` where there is nothing to watch: all interfaces together, another system than Linux, or a
    /// sysfs that shows another network namespace than this process is in.
    pub(super) fn new(name: &str) -> Option<Self> {
        #[cfg(target_os = "linux")]
        {
            let index = nix::net::if_::if_nametoindex(name).ok()?;
            Self::within(Path::new(SYSFS), name).filter(|watch| watch.index == index)
        }
        #[cfg(not(target_os = "linux"))]
        {
            let _ = (name, SYSFS);
            None
        }
    }

    fn within(root: &Path, name: &str) -> Option<Self> {
        let index = index_of(&root.join(name))?;
        let mut watch = Self { root: root.to_owned(), name: name.to_owned(), index, state: State::Up };
        watch.state = watch.look();
        Some(watch)
    }

    /// Its name, which may change.
    pub(super) fn name(&self) -> &str {
        &self.name
    }

    /// What it could do when it was looked at last.
    pub(super) const fn state(&self) -> State {
        self.state
    }

    /// Looks again, and returns the states before and after where they differ.
    pub(super) fn change(&mut self) -> Option<(State, State)> {
        let before = self.state;
        self.state = self.look();
        (self.state != before).then_some((before, self.state))
    }

    fn look(&mut self) -> State {
        let mut place = self.root.join(&self.name);
        if index_of(&place) != Some(self.index) {
            let Some(name) = self.find() else { return State::Gone };
            place = self.root.join(&name);
            self.name = name;
        }
        match read(&place, "flags").and_then(|text| u32::from_str_radix(text.strip_prefix("0x")?, 16).ok()) {
            Some(flags) if flags & IFF_UP == 0 => State::Down,
            // It cannot be read while the interface is down.
            _ if read(&place, "carrier").as_deref() == Some("0") => State::NoCarrier,
            _ => State::Up,
        }
    }

    /// The name the interface has now.
    fn find(&self) -> Option<String> {
        let all = fs::read_dir(&self.root).ok()?;
        let found = all.flatten().find(|entry| index_of(&entry.path()) == Some(self.index))?;
        Some(found.file_name().to_string_lossy().into_owned())
    }
}

fn index_of(place: &Path) -> Option<u32> {
    read(place, "ifindex")?.parse().ok()
}

fn read(place: &Path, file: &str) -> Option<String> {
    fs::read_to_string(place.join(file)).ok().map(|text| text.trim().to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn put(root: &Path, name: &str, index: &str, flags: &str, carrier: &str) {
        let place = root.join(name);
        fs::create_dir_all(&place).unwrap();
        for (file, text) in [("ifindex", index), ("flags", flags), ("carrier", carrier)] {
            fs::write(place.join(file), format!("{text}\n")).unwrap();
        }
    }

    #[test]
    fn an_interface_goes_down_up_and_away() {
        let root = tempfile::tempdir().unwrap();
        let root = root.path();
        put(root, "eth0", "7", "0x1003", "1");
        let mut watch = Watch::within(root, "eth0").unwrap();
        assert_eq!(watch.change(), None);
        put(root, "eth0", "7", "0x1002", "");
        assert_eq!(watch.change(), Some((State::Up, State::Down)));
        put(root, "eth0", "7", "0x1003", "0");
        assert_eq!(watch.change(), Some((State::Down, State::NoCarrier)));
        put(root, "eth0", "7", "0x1003", "1");
        assert_eq!(watch.change(), Some((State::NoCarrier, State::Up)));
        fs::remove_dir_all(root.join("eth0")).unwrap();
        assert_eq!(watch.change(), Some((State::Up, State::Gone)));
    }

    #[test]
    fn a_new_interface_of_the_same_name_is_another_one() {
        let root = tempfile::tempdir().unwrap();
        put(root.path(), "eth0", "7", "0x1003", "1");
        let mut watch = Watch::within(root.path(), "eth0").unwrap();
        put(root.path(), "eth0", "8", "0x1003", "1");
        assert_eq!(watch.change(), Some((State::Up, State::Gone)));
    }

    #[test]
    fn a_renamed_interface_is_the_same() {
        let root = tempfile::tempdir().unwrap();
        put(root.path(), "eth0", "7", "0x1003", "1");
        let mut watch = Watch::within(root.path(), "eth0").unwrap();
        fs::rename(root.path().join("eth0"), root.path().join("wan0")).unwrap();
        assert_eq!(watch.change(), None);
        assert_eq!(watch.name(), "wan0");
    }

    #[test]
    fn all_interfaces_together_are_not_watched() {
        assert!(Watch::new("any").is_none());
    }
}
