//! What each further pair of a person is worth.

use super::Weight;

/// A person's load: a promised minimum, a maximum, and a value of the first pair (a mentee's coverage).
#[derive(Debug, Clone, Copy)]
pub(super) struct Load<W> {
    min: u32,
    max: u32,
    obligation: W,
    first: W,
}

impl<W: Weight> Load<W> {
    pub(super) fn new(min: u32, max: u32, obligation: W, first: W) -> Self {
        Self {
            min: min.min(max),
            max,
            obligation,
            first,
        }
    }

    /// Changes what the first pair is worth beside what is promised; says whether it was another value.
    pub(super) fn revalue(&mut self, first: W) -> bool {
        std::mem::replace(&mut self.first, first) != first
    }

    /// Whether there can be one pair and no more.
    pub(super) fn is_single(&self) -> bool {
        self.max == 1
    }

    /// What the `number`-th pair is worth, never more than the one before; `None` where there can be no such
    /// pair.
    pub(super) fn step(&self, number: u32) -> Option<W> {
        if number == 0 || number > self.max {
            return None;
        }
        let kept = if number <= self.min {
            self.obligation
        } else {
            W::zero()
        };
        Some(if number == 1 { kept + self.first } else { kept })
    }
}
