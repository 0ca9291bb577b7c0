//! What has been opened on the way down to the packet that is read now.

use super::encapsulation::{Encapsulations, Layer, Stack};
use super::{Decoded, NetworkId, Skip};
use crate::frame::Frame;

/// How many tunnels may lie inside each other. Every tunnel that re-enters a layer counts, so that the depth of the
/// reading is bounded by this and not by the frame.
pub(super) const MAX_TUNNELS: u8 = 8;

/// What every layer answers with.
pub(super) type Found = Result<Decoded, Skip>;

/// The frame, and the tags and tunnels around the packet that is read now.
pub(super) struct Surroundings<'f> {
    /// The frame all of it came in.
    pub(super) frame: &'f Frame<'f>,
    /// The network of the innermost VXLAN or Geneve tunnel.
    pub(super) network: NetworkId,
    /// Where encapsulations get their ids.
    pub(super) encapsulations: &'f mut Encapsulations,
    layers: Stack,
    tunnels: u8,
}

impl<'f> Surroundings<'f> {
    /// Nothing opened yet.
    pub(super) fn new(frame: &'f Frame<'f>, encapsulations: &'f mut Encapsulations) -> Self {
        Self { frame, network: NetworkId::NONE, encapsulations, layers: Stack::default(), tunnels: 0 }
    }

    /// Notes a tag, which takes the reading no deeper.
    pub(super) fn tag(&mut self, layer: Layer) {
        self.layers.push(layer);
    }

    /// Enters a tunnel.
    ///
    /// # Errors
    /// [`Skip::Malformed`] beyond [`MAX_TUNNELS`].
    pub(super) fn tunnel(&mut self, layer: Layer) -> Result<(), Skip> {
        self.dive()?;
        self.tag(layer);
        Ok(())
    }

    /// Goes one tunnel deeper without naming it: its tags did.
    ///
    /// # Errors
    /// [`Skip::Malformed`] beyond [`MAX_TUNNELS`].
    pub(super) const fn dive(&mut self) -> Result<(), Skip> {
        if self.tunnels == MAX_TUNNELS {
            return Err(Skip::Malformed);
        }
        self.tunnels += 1;
        Ok(())
    }

    /// The id of all tags and tunnels so far. Called only where a segment was found, so that nothing else takes one up.
    pub(super) fn intern(&mut self) -> super::encapsulation::EncapsulationId {
        self.encapsulations.intern(&self.layers)
    }
}
