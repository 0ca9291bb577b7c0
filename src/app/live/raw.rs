//! `-w`: the frames as they were captured.

use crate::app::Error;
use crate::frame::FrameBatch;

/// Where they go.
pub(super) struct Tap(());

impl Tap {
    pub(super) fn write(&mut self, _: &FrameBatch) -> Result<(), Error> {
        Ok(())
    }
    pub(super) fn reopen(&mut self) -> Result<(), Error> {
        Ok(())
    }
    pub(super) fn close(self) -> Result<(), Error> {
        Ok(())
    }
}
