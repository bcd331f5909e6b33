//! The units of the model: indices of people, and scores in integer micropoints.

use std::fmt;

use serde::{Deserialize, Serialize};

/// Position of a mentee in canonical (id) order.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct MenteeIx(pub u32);

/// Position of a mentor in canonical (id) order.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct MentorIx(pub u32);

impl MenteeIx {
    /// The index as a `usize`, for slices.
    #[must_use]
    pub fn get(self) -> usize {
        self.0 as usize
    }

    /// # Panics
    /// If `ix` is 2^32 or more; rosters are limited to fewer people when they are built.
    #[must_use]
    pub fn new(ix: usize) -> Self {
        Self(u32::try_from(ix).expect("a roster holds fewer than 2^32 mentees"))
    }
}

impl MentorIx {
    /// The index as a `usize`, for slices.
    #[must_use]
    pub fn get(self) -> usize {
        self.0 as usize
    }

    /// # Panics
    /// If `ix` is 2^32 or more; rosters are limited to fewer people when they are built.
    #[must_use]
    pub fn new(ix: usize) -> Self {
        Self(u32::try_from(ix).expect("a roster holds fewer than 2^32 mentors"))
    }
}

/// A score or a sum of scores in millionths of a point: a pair that is perfect by every criterion
/// scores 1,000,000.
#[derive(
    Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize,
)]
#[serde(transparent)]
pub struct Micropoints(pub i64);

impl Micropoints {
    /// One point: the score of a pair that is perfect by every criterion.
    pub const ONE: Self = Self(1_000_000);
}

/// Writes the exact value in points with six decimals: `0.683421`.
impl fmt::Display for Micropoints {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let sign = if self.0 < 0 { "-" } else { "" };
        let magnitude = self.0.unsigned_abs();
        write!(
            f,
            "{sign}{}.{:06}",
            magnitude / 1_000_000,
            magnitude % 1_000_000
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn micropoints_are_written_exactly() {
        assert_eq!(Micropoints(683_421).to_string(), "0.683421");
        assert_eq!(Micropoints(-1).to_string(), "-0.000001");
        assert_eq!(Micropoints(12_000_000).to_string(), "12.000000");
    }
}
