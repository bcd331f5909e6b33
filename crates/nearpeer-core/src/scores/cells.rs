//! What all forms of scores have in common.

use std::fmt::Debug;

/// The cells of one form and type: whoever calls chooses it once a row, not once a cell.
pub(crate) trait Cells: Debug + Send + Sync {
    /// Adds the cells of a row to `out`: (column, score), ascending.
    fn row(&self, row: usize, sign: Sign, out: &mut Vec<(u32, i64)>);

    /// As [`Scores::above`](super::Scores::above).
    fn above(
        &self,
        row: usize,
        sign: Sign,
        prices: &[i64],
        floor: i64,
        visit: &mut dyn FnMut(u32, i64) -> i64,
    );

    /// As [`Scores::floor`](super::Scores::floor).
    fn floor(&self, row: usize, sign: Sign, prices: &[i64], lowest: i64, most: usize) -> i64 {
        let _ = (row, sign, prices, most);
        lowest
    }

    /// The score of a cell in units, or `None` if it is not stored.
    fn score(&self, row: usize, column: u32) -> Option<i64>;
}

/// Whether scores are used as they are or with their sign turned, without a branch.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Sign(i64);

impl Sign {
    pub(crate) const KEPT: Self = Self(0);

    /// The other way round.
    pub(super) fn turned(self) -> Self {
        Self(!self.0)
    }

    #[inline]
    pub(super) fn of(self, score: i64) -> i64 {
        (score ^ self.0).wrapping_sub(self.0)
    }
}
