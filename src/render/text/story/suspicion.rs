//! What the end of a flow says of the path.

use super::probing::some_of;
use super::span;
use crate::infer::middleboxes::BOXES;
use crate::report::{Flow, Path};

/// What is suspected of the path, where it was this flow that showed it. A silence that fits no box is not blamed on one: the peer may
/// have gone.
pub(super) fn clause(flow: &Flow, paths: &[Path]) -> Option<String> {
    let path = paths.iter().find(|path| path.died.is_some_and(|(_, index)| index == flow.index))?;
    let ((died, _), (survived, _)) = path.died.zip(path.survived)?;
    path.idle_timeout?;
    let names: Vec<String> = path.candidates.iter().map(|id| name_of(id)).collect();
    (!names.is_empty()).then(|| {
        let (died, survived) = (span(died.length), span(survived.length));
        format!("a silence of {died} killed it where {survived} had been survived: fits {}", some_of(&names))
    })
}

/// The name for people of a box that is known by its id; the user's own have their ids only here.
fn name_of(id: &str) -> String {
    BOXES.iter().find(|middlebox| middlebox.id == id).map_or(id, |middlebox| &middlebox.name).to_owned()
}
