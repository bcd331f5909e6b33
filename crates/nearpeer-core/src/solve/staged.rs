//! The answer of a solve by parts and levels.

use crate::certificate::stages::PartProof;
use crate::roster::Code;

/// Where a chosen pair meets, and by whom it is supervised.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Meets {
    pub(crate) site: Code,
    pub(crate) slot: Code,
    /// The leader's place in the roster.
    pub(crate) leader: Option<usize>,
}

/// The proof of a solve by parts and levels.
pub(crate) struct Staged {
    /// In the order of the chosen pairs, if they meet at places.
    pub(crate) meets: Option<Vec<Meets>>,
    pub(crate) parts: Vec<PartProof>,
    /// The bound of every level.
    pub(crate) bounds: Vec<i64>,
}
