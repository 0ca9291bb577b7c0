//! The bytes that are read next: what was captured of them, and how many there were on the wire.

use super::Skip;
use crate::frame::Frame;

/// A bounded reader of one layer.
///
/// It knows two ends: where the captured bytes end and where the layer itself ends. What lies beyond the first was cut
/// by the snapshot ([`Skip::Truncated`]); what lies beyond the second never existed, so a header that reaches there is
/// [`Skip::Malformed`]. A copy of it is a bookmark.
#[derive(Clone, Copy, Debug)]
pub(super) struct Reader<'a> {
    /// What was captured from here on, within this layer.
    data: &'a [u8],
    /// Where `data` starts in the frame.
    position: usize,
    /// How many octets the layer has from here on; never less than `data.len()`.
    wire: usize,
}

impl<'a> Reader<'a> {
    /// Reads `frame` from its first byte.
    pub(super) fn new(frame: &Frame<'a>) -> Self {
        Self { data: frame.data, position: 0, wire: frame.data.len().max(frame.wire_len as usize) }
    }

    /// What was captured from here on.
    pub(super) const fn captured(&self) -> &'a [u8] {
        self.data
    }

    /// Where the next byte lies in the frame.
    pub(super) const fn position(&self) -> usize {
        self.position
    }

    /// How many octets follow on the wire, captured or not.
    pub(super) const fn wire_len(&self) -> usize {
        self.wire
    }

    /// Why `n` octets cannot be had: they were cut off, or there never were that many.
    pub(super) const fn lack_of(&self, n: usize) -> Skip {
        if n > self.wire { Skip::Malformed } else { Skip::Truncated }
    }

    /// The next `N` octets, without moving on.
    pub(super) fn peek<const N: usize>(&self) -> Result<[u8; N], Skip> {
        self.data.first_chunk().copied().ok_or(self.lack_of(N))
    }

    /// The next `N` octets.
    pub(super) fn take<const N: usize>(&mut self) -> Result<[u8; N], Skip> {
        let bytes = self.peek()?;
        self.skip(N)?;
        Ok(bytes)
    }

    /// The next octet.
    pub(super) fn u8(&mut self) -> Result<u8, Skip> {
        self.take().map(u8::from_be_bytes)
    }

    /// The next two octets, in network order.
    pub(super) fn u16(&mut self) -> Result<u16, Skip> {
        self.take().map(u16::from_be_bytes)
    }

    /// The next four octets, in network order.
    pub(super) fn u32(&mut self) -> Result<u32, Skip> {
        self.take().map(u32::from_be_bytes)
    }

    /// The next `n` octets, all of which must have been captured.
    pub(super) fn slice(&mut self, n: usize) -> Result<&'a [u8], Skip> {
        let bytes = self.data.get(..n).ok_or(self.lack_of(n))?;
        self.skip(n)?;
        Ok(bytes)
    }

    /// Moves over `n` octets, all of which must have been captured.
    pub(super) fn skip(&mut self, n: usize) -> Result<(), Skip> {
        self.data = self.data.get(n..).ok_or(self.lack_of(n))?;
        self.position += n;
        self.wire -= n;
        Ok(())
    }

    /// What was captured of the next `n` octets, and moves over all of them.
    pub(super) fn slice_captured(&mut self, n: usize) -> Result<&'a [u8], Skip> {
        let bytes = self.data.get(..n).unwrap_or(self.data);
        let wire = self.wire.checked_sub(n).ok_or(Skip::Malformed)?;
        self.skip(bytes.len())?;
        self.wire = wire;
        Ok(bytes)
    }

    /// Ends the layer `len` octets from here, because its own header says so: what was captured behind that is padding,
    /// a trailer or a frame check sequence.
    ///
    /// A header that claims *more* than its carrier has is believed, as tcpdump does ("bytes missing!"): taps and mirror
    /// ports that slice packets, and tools that rewrite a savefile, shorten the frame and leave the header as it was, and
    /// the first fragment of a tunnel holds a packet that is longer than itself. What lies beyond the carrier then
    /// counts as cut off.
    pub(super) fn end_after(&mut self, len: usize) {
        self.data = self.data.get(..len).unwrap_or(self.data);
        self.wire = len;
    }
}

#[cfg(test)]
mod tests {
    use super::{Reader, Skip};

    const TEN_OF_TWENTY: Reader<'static> =
        Reader { data: &[0, 1, 2, 3, 4, 5, 6, 7, 8, 9], position: 0, wire: 20 };

    #[test]
    fn what_was_cut_is_not_what_never_was() {
        let mut r = TEN_OF_TWENTY;
        assert_eq!(r.take::<8>(), Ok([0, 1, 2, 3, 4, 5, 6, 7]));
        assert_eq!(r.take::<4>(), Err(Skip::Truncated));
        assert_eq!(r.skip(12), Err(Skip::Truncated));
        assert_eq!(r.skip(13), Err(Skip::Malformed));
        assert_eq!((r.u16(), r.u8(), r.position()), (Ok(0x0809), Err(Skip::Truncated), 10));
    }

    #[test]
    fn a_header_ends_its_layer_before_the_padding() {
        let mut r = TEN_OF_TWENTY;
        r.end_after(4);
        assert_eq!((r.captured(), r.wire_len()), (&[0, 1, 2, 3][..], 4));
        assert_eq!(r.skip(5), Err(Skip::Malformed));
    }

    #[test]
    fn a_slice_may_be_captured_in_part() {
        let mut r = TEN_OF_TWENTY;
        assert_eq!(r.slice(11), Err(Skip::Truncated));
        assert_eq!(r.slice_captured(21), Err(Skip::Malformed));
        assert_eq!(r.slice_captured(15), Ok(&[0, 1, 2, 3, 4, 5, 6, 7, 8, 9][..]));
        assert_eq!((r.captured().len(), r.position(), r.wire_len()), (0, 10, 5));
    }
}
