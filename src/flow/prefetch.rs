//! The one place that asks the processor to fetch memory ahead of its use.
#![allow(unsafe_code)]

/// Bytes in a cache line on the processors this is for.
const LINE: usize = 64;

/// Asks for all cache lines of `value`. A hint: it changes nothing but time.
pub fn prefetch<T>(value: &T) {
    #[cfg(target_arch = "x86_64")]
    {
        use std::arch::x86_64::{_MM_HINT_T0, _mm_prefetch};
        let start = std::ptr::from_ref(value).cast::<i8>();
        // A value that does not start at a line's start ends in one line more. No iterator: this is to become a row of instructions.
        let last = size_of::<T>().saturating_sub(1);
        let mut offset = 0;
        loop {
            // SAFETY: a prefetch reads nothing a program can observe and never faults; the address lies inside `value`.
            unsafe { _mm_prefetch::<_MM_HINT_T0>(start.add(offset)) };
            if offset == last {
                break;
            }
            offset = last.min(offset + LINE);
        }
    }
    #[cfg(not(target_arch = "x86_64"))]
    {
        let _ = (value, LINE);
    }
}
