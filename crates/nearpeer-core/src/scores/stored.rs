//! Scores that are kept in 32 bits, beside cells without one.

use super::number::Counted;

/// What a cell without a score is worth: no floor is as low, whatever the price.
const NOTHING: i64 = -(1 << 62);

/// A score of 0 or more; by default none. One more is stored, so that memory that is all zeros has no scores.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Stored(i32);

impl Stored {
    /// `None` if the score is below 0 or too great.
    pub(crate) fn new(score: i64) -> Option<Self> {
        let stored = i32::try_from(score.checked_add(1)?).ok()?;
        (stored > 0).then_some(Self(stored))
    }

    pub(crate) fn score(self) -> Option<i64> {
        (self.0 != 0).then(|| self.units())
    }
}

impl Counted for Stored {
    #[inline]
    fn units(self) -> i64 {
        if self.0 == 0 {
            NOTHING
        } else {
            i64::from(self.0) - 1
        }
    }
}
