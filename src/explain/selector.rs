//! Which flows are meant.

use crate::decode::Tuple;
use crate::flow::CommunityId;
use std::fmt;
use std::str::FromStr;

/// Chooses flows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Selector {
    /// By the number in the capture, from 0.
    Index(u64),
    /// By the Community ID, which several flows share where ports are used again.
    Id(CommunityId),
}

impl Selector {
    /// Whether it means the flow with this number and this tuple, in either direction.
    #[must_use]
    pub fn chooses(&self, index: u64, tuple: &Tuple) -> bool {
        match self {
            Self::Index(wanted) => *wanted == index,
            Self::Id(wanted) => *wanted == CommunityId::of(tuple),
        }
    }
}

/// What names no flow.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NotAFlow;

impl fmt::Display for NotAFlow {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(
            "neither a flow's number (as in the column #) nor a Community ID (1:… with 28 characters after the colon)",
        )
    }
}

impl std::error::Error for NotAFlow {}

impl FromStr for Selector {
    type Err = NotAFlow;

    fn from_str(text: &str) -> Result<Self, NotAFlow> {
        match text.parse() {
            Ok(index) if text.bytes().all(|byte| byte.is_ascii_digit()) => Ok(Self::Index(index)),
            _ => text.parse().map(Self::Id).map_err(|_| NotAFlow),
        }
    }
}

impl fmt::Display for Selector {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Index(index) => write!(f, "number {index}"),
            Self::Id(id) => write!(f, "id {id}"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_and_an_id_are_told_apart() {
        assert_eq!("17".parse(), Ok(Selector::Index(17)));
        let id = "1:LQU9qZlK+B5F3KDmev6m5PMibrg=";
        assert_eq!(id.parse::<Selector>().unwrap().to_string(), format!("id {id}"));
        for wrong in ["", "+1", "-1", "1:", "10.0.0.1", "99999999999999999999"] {
            assert_eq!(wrong.parse::<Selector>(), Err(NotAFlow), "{wrong}");
        }
    }
}
