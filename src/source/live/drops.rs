//! Frames that were lost on the way, from counters that wrap.

use crate::source::{Dropped, SourceNotes};

/// Sums up what libpcap's counters, of 32 bits each, add.
#[derive(Debug, Default)]
pub(super) struct Drops {
    /// As read last: kernel, interface.
    last: [u32; 2],
    total: Dropped,
    /// Where the warning stands.
    line: Option<usize>,
}

impl Drops {
    /// Takes over the counters as they stand, kernel and interface, and brings the one warning about them up to date.
    pub(super) fn count(&mut self, counters: [u32; 2], notes: &mut SourceNotes) {
        let [kernel, interface] = [0, 1].map(|i| grown(get(self.last, i), get(counters, i)));
        self.last = counters;
        self.total = self.total.plus(Dropped { kernel, interface });
        notes.dropped = Some(self.total);
        if kernel == 0 && interface == 0 {
            return;
        }
        let Dropped { kernel, interface } = self.total;
        let text = format!(
            "frames were lost while capturing, {kernel} by the kernel and {interface} by the interface: what seems unanswered may have been \
             answered (a larger buffer with -B, or fewer frames with -f, may help)"
        );
        match self.line.and_then(|at| notes.warnings.get_mut(at)) {
            Some(line) => *line = text,
            None => {
                self.line = Some(notes.warnings.len());
                notes.warnings.push(text);
            }
        }
    }
}

fn get(counters: [u32; 2], i: usize) -> u32 {
    counters.get(i).copied().unwrap_or_default()
}

/// How much a counter grew. One that seems to have run most of the way round was set back instead: what it counts since is what there is.
const fn grown(before: u32, after: u32) -> u64 {
    let grown = after.wrapping_sub(before);
    if grown < 1 << 31 { grown as u64 } else { after as u64 }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_warning_grows_with_the_drops() {
        let (mut drops, mut notes) = (Drops::default(), SourceNotes::default());
        drops.count([0, 0], &mut notes);
        assert_eq!(notes.dropped, Some(Dropped::default()));
        assert!(notes.warnings.is_empty());
        drops.count([5, 0], &mut notes);
        notes.warnings.push("something else".to_owned());
        drops.count([7, 1], &mut notes);
        drops.count([7, 1], &mut notes);
        assert_eq!(notes.dropped, Some(Dropped { kernel: 7, interface: 1 }));
        assert_eq!(notes.warnings.len(), 2);
        assert!(notes.warnings[0].contains("7 by the kernel and 1 by the interface"), "{:?}", notes.warnings);
    }

    #[test]
    fn counters_wrap_and_are_set_back() {
        assert_eq!(grown(u32::MAX - 1, 3), 5);
        assert_eq!(grown(1_000, 10), 10);
        assert_eq!(grown(1_000, 1_000), 0);
    }
}
