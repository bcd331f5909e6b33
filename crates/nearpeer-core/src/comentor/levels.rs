//! The levels of a co-mentoring objective, and what covering a student weighs.

use crate::certificate::{Level, LevelValue};
use crate::error::Error;
use crate::programme::{ObjectiveLevel, Program};
use crate::roster::People;

/// Sums over everybody, doubled, stay below 2^126.
const LARGEST: i128 = 1 << 124;

/// What a student's place in a pair or triad can add to the score at most: half a point, in micropoints.
const MOST_A_STUDENT: i128 = 500_000;

/// The levels in order, from the most important; the score is the last.
pub(super) struct Levels {
    /// With the weight, and the least and the greatest value.
    levels: Vec<(Level, i128, i128, i128)>,
}

/// What groups have in the levels.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Tally {
    pub(super) triads: usize,
    pub(super) score: i64,
}

impl Levels {
    pub(super) fn new(students: &People, program: &Program, limit: usize) -> Result<Self, Error> {
        let count = students.len() as i128;
        let mut order = Vec::new();
        for level in &program.objective {
            match level {
                ObjectiveLevel::Priority => {
                    let mut tiers: Vec<u32> = (0..students.len())
                        .map(|ix| students.priority(ix))
                        .collect();
                    tiers.sort_unstable_by(|a, b| b.cmp(a));
                    for tier in tiers.chunk_by(|a, b| a == b).filter(|tier| tier[0] > 0) {
                        order.push((Level::Priority(tier[0]), 0, tier.len() as i128));
                    }
                }
                ObjectiveLevel::Coverage => order.push((Level::Coverage, 0, count)),
                // No levels of co-mentoring but the score, which is always the last.
                ObjectiveLevel::Score
                | ObjectiveLevel::Transition
                | ObjectiveLevel::WorstOff
                | ObjectiveLevel::Leximin => {}
            }
        }
        if limit > 0 {
            order.push((Level::Triads, -(limit as i128), 0));
        }
        order.push((Level::Score, 0, count * MOST_A_STUDENT));
        let largest = LARGEST / count.max(1);
        let mut below = 0i128;
        let mut levels = Vec::new();
        for (level, least, greatest) in order.into_iter().rev() {
            let weight = below + 1;
            let span = weight.checked_mul(greatest - least);
            let span = span.filter(|span| *span < largest).ok_or_else(too_many)?;
            below += span;
            levels.push((level, weight, least, greatest));
        }
        if below >= largest {
            return Err(too_many());
        }
        levels.reverse();
        Ok(Self { levels })
    }

    fn weight(&self, wanted: Level) -> i128 {
        let found = self.levels.iter().find(|entry| entry.0 == wanted);
        found.map_or(0, |entry| entry.1)
    }

    /// What covering a student of this tier weighs.
    pub(super) fn cover(&self, tier: u32) -> i128 {
        let tiers = if tier > 0 {
            self.weight(Level::Priority(tier))
        } else {
            0
        };
        tiers + self.weight(Level::Coverage)
    }

    /// What a triad costs.
    pub(super) fn triad(&self) -> i128 {
        self.weight(Level::Triads)
    }

    /// The value of each level, where `covered` counts the covered students of a tier, or all.
    pub(super) fn values(&self, tally: Tally, covered: impl Fn(Option<u32>) -> i64) -> Vec<i64> {
        let value = |entry: &(Level, i128, i128, i128)| match entry.0 {
            Level::Priority(tier) => covered(Some(tier)),
            Level::Coverage => covered(None),
            Level::Triads => -(tally.triads as i64),
            _ => tally.score,
        };
        self.levels.iter().map(value).collect()
    }

    /// What `bound` on the combined objective says of each level in turn.
    pub(super) fn bounds(&self, bound: i128, values: &[i64]) -> Vec<LevelValue> {
        let mut left = bound;
        let mut below: i128 = self.levels.iter().map(|entry| entry.1 * entry.2).sum();
        let entries = self.levels.iter().zip(values);
        entries
            .map(|(&(level, weight, least, greatest), &objective)| {
                below -= weight * least;
                let bound = (left - below).div_euclid(weight).min(greatest);
                left -= weight * i128::from(objective);
                LevelValue {
                    level,
                    weight,
                    objective,
                    // Within the level's range, which is.
                    bound: bound.clamp(i64::MIN.into(), i64::MAX.into()) as i64,
                }
            })
            .collect()
    }
}

fn too_many() -> Error {
    Error::input(
        "the programme has too many students and priority tiers for exact arithmetic; use fewer tiers",
    )
}
