//! The levels of the objective, and the weights that make one integer of them.

use super::side::UNIT;
use super::{Mentee, Mentor, Tier};
use crate::certificate::{Level, LevelValue};
use crate::error::Error;
use crate::pairs::Pairs;
use crate::programme::ObjectiveLevel;

/// Prices are sums along paths of the network, which pass every person at most once. They stay below 2^124
/// if the combined objective times the number of people stays below this.
const LARGEST: i128 = 1 << 124;

/// As above, where prices are kept in parts of 1e-4 (see `solve::branch`).
const LARGEST_WITH_CIRCLES: i128 = LARGEST / 10_000;

/// As above, where side rows have prices: see `solve::side` for how far weights and prices then reach.
fn largest_with_side_rows(rows: usize) -> i128 {
    LARGEST / (i128::from(UNIT) * 8 * (1 + 2 * rows as i128))
}

/// The levels in order, from the most important.
#[derive(Debug, Clone)]
pub(crate) struct Levels {
    levels: Vec<Entry>,
}

#[derive(Debug, Clone, Copy)]
struct Entry {
    level: Level,
    weight: i128,
    /// The least value that the level can have.
    least: i128,
    /// The greatest value that the level can have.
    greatest: i128,
}

impl Levels {
    pub(super) fn new(
        pairs: &dyn Pairs,
        mentees: &[Mentee],
        mentors: &[Mentor],
        promises: i64,
        objective: &[ObjectiveLevel],
        side_rows: usize,
    ) -> Result<Self, Error> {
        let mut order = Vec::new();
        let promised = mentees.iter().map(|mentee| i128::from(mentee.min));
        let promised = promised.chain(
            mentors
                .iter()
                .map(|mentor| i128::from(mentor.min.max(mentor.circle))),
        );
        let obligations = promised.sum::<i128>() + i128::from(promises);
        if obligations > 0 {
            order.push((Level::Obligations, -obligations, 0));
        }
        let promised = order.len();
        for level in objective {
            match level {
                ObjectiveLevel::Priority => {
                    let mut tiers: Vec<u32> =
                        mentees.iter().map(|mentee| mentee.tier.priority).collect();
                    tiers.sort_unstable_by(|a, b| b.cmp(a));
                    for tier in tiers.chunk_by(|a, b| a == b).filter(|tier| tier[0] > 0) {
                        order.push((Level::Priority(tier[0]), 0, tier.len() as i128));
                    }
                }
                ObjectiveLevel::Transition => {
                    let counted = mentees.iter().filter(|mentee| mentee.tier.transition);
                    let counted = counted.count() as i128;
                    if counted > 0 {
                        order.push((Level::Transition, 0, counted));
                    }
                }
                // They bound single pairs, and are no part of a sum; see `solve::fair`.
                ObjectiveLevel::WorstOff | ObjectiveLevel::Leximin => {}
                ObjectiveLevel::Coverage => {
                    order.push((Level::Coverage, 0, mentees.len() as i128));
                }
                ObjectiveLevel::Score => {
                    let (least, greatest) = pairs.score_range();
                    let side = |maxima: &mut dyn Iterator<Item = u32>, others: usize| -> i128 {
                        maxima.map(|max| i128::from(max).min(others as i128)).sum()
                    };
                    let most =
                        side(&mut mentees.iter().map(|mentee| mentee.max), mentors.len()).min(
                            side(&mut mentors.iter().map(|mentor| mentor.max), mentees.len()),
                        );
                    let of = |score: i64| i128::from(score).saturating_mul(most);
                    if of(least).min(-of(greatest)) < -i128::from(i64::MAX) {
                        return Err(Error::input(
                            "the scores are too large to be added up exactly",
                        ));
                    }
                    order.push((Level::Score, of(least.min(0)), of(greatest.max(0))));
                }
            }
        }
        if order.len() == promised {
            // No mentee has a priority, and beside promises nothing else is asked for.
            order.push((Level::Coverage, 0, mentees.len() as i128));
        }
        let circles = mentors.iter().any(|mentor| mentor.circle > 0);
        let largest = if side_rows > 0 {
            // A proof may decide levels, which then have prices as rows have.
            largest_with_side_rows(side_rows + order.len())
        } else if circles {
            LARGEST_WITH_CIRCLES
        } else {
            LARGEST
        };
        let largest = largest / (mentees.len() + mentors.len()) as i128;
        let mut levels = Vec::new();
        let mut below = 0i128;
        for (level, least, greatest) in order.into_iter().rev() {
            let weight = below + 1;
            let span = weight
                .checked_mul(greatest - least)
                .filter(|span| *span < largest);
            below += span.ok_or_else(too_many)?;
            levels.push(Entry {
                level,
                weight,
                least,
                greatest,
            });
        }
        if below >= largest {
            return Err(too_many());
        }
        levels.reverse();
        Ok(Self { levels })
    }

    /// The same levels with weights in units of `1 / unit`.
    pub(crate) fn in_units(&self, unit: i128) -> Self {
        let scaled = |entry: &Entry| Entry {
            weight: entry.weight * unit,
            ..*entry
        };
        Self {
            levels: self.levels.iter().map(scaled).collect(),
        }
    }

    /// Puts more weight on the level at `place`, or less.
    pub(crate) fn shift(&mut self, place: usize, by: i128) {
        self.levels[place].weight += by;
    }

    /// The same levels with other weights.
    #[cfg(feature = "highs")]
    pub(crate) fn weighed(&self, weight: impl Fn(Level) -> i128) -> Self {
        let weighed = |entry: &Entry| Entry {
            weight: weight(entry.level),
            ..*entry
        };
        Self {
            levels: self.levels.iter().map(weighed).collect(),
        }
    }

    /// The levels above the score, with the weights that they have here.
    pub(crate) fn above_score(&self) -> Self {
        let levels = self.levels.iter().copied();
        Self {
            levels: levels.filter(|entry| entry.level != Level::Score).collect(),
        }
    }

    /// More than two matches can differ by in the combined objective.
    pub(crate) fn span(&self) -> i128 {
        let spans = self.levels.iter();
        1 + spans
            .map(|entry| entry.weight * (entry.greatest - entry.least))
            .sum::<i128>()
    }

    /// The weight of one unit of a level; 0 where it is none of these.
    #[cfg(feature = "highs")]
    pub(crate) fn weight(&self, level: Level) -> i128 {
        self.weight_of(level)
    }

    fn weight_of(&self, level: Level) -> i128 {
        let entry = self.levels.iter().find(|entry| entry.level == level);
        entry.map_or(0, |entry| entry.weight)
    }

    /// The weight of one kept obligation; 0 where there is none.
    pub(crate) fn obligation(&self) -> i128 {
        self.weight_of(Level::Obligations)
    }

    /// The weight of one unit of score; 0 where scores do not count.
    pub(crate) fn score(&self) -> i128 {
        self.weight_of(Level::Score)
    }

    /// What covering a mentee of this tier adds.
    pub(crate) fn coverage(&self, tier: Tier) -> i128 {
        let counted = self.levels.iter();
        let counted = counted.filter(|entry| tier.counts_for(entry.level));
        counted.map(|entry| entry.weight).sum()
    }

    /// The weight of one unit of every level together.
    #[cfg(feature = "highs")]
    pub(super) fn combined_unit(&self) -> i128 {
        self.levels.iter().map(|entry| entry.weight).sum()
    }

    /// The levels and their weights.
    pub(crate) fn iter(&self) -> impl Iterator<Item = (Level, i128)> {
        self.levels.iter().map(|entry| (entry.level, entry.weight))
    }

    /// The value of each level, given that of the obligations, the score, and a count of covered mentees.
    pub(super) fn evaluate(
        &self,
        obligations: i64,
        score: i64,
        covered: impl Fn(Level) -> i64,
    ) -> Vec<i64> {
        self.levels
            .iter()
            .map(|entry| match entry.level {
                Level::Obligations => obligations,
                Level::Score => score,
                // Pairs of two sides have no groups of three.
                Level::BlockingPairs | Level::Triads => 0,
                level => covered(level),
            })
            .collect()
    }

    /// The combined objective of these values.
    pub(crate) fn combined(&self, values: &[i64]) -> i128 {
        let terms = self.levels.iter().zip(values);
        terms
            .map(|(entry, value)| entry.weight * i128::from(*value))
            .sum()
    }

    /// Whether every obligation is kept.
    pub(crate) fn is_feasible(&self, values: &[i64]) -> bool {
        let mut levels = self.levels.iter().zip(values);
        levels.all(|(entry, value)| entry.level != Level::Obligations || *value == 0)
    }

    /// Whether `bound` on the combined objective proves that the obligations cannot all be kept.
    pub(crate) fn proves_infeasible(&self, bound: i128) -> bool {
        self.obligation() > 0 && self.bounds(bound, &vec![0; self.levels.len()])[0].bound < 0
    }

    /// What `bound` on the combined objective says of each level in turn.
    pub(crate) fn bounds(&self, bound: i128, values: &[i64]) -> Vec<LevelValue> {
        let mut left = bound;
        let mut below: i128 = self
            .levels
            .iter()
            .map(|entry| entry.weight * entry.least)
            .sum();
        let entries = self.levels.iter().zip(values);
        entries
            .map(|(entry, &objective)| {
                below -= entry.weight * entry.least;
                let bound = (left - below).div_euclid(entry.weight).min(entry.greatest);
                left -= entry.weight * i128::from(objective);
                LevelValue {
                    level: entry.level,
                    weight: entry.weight,
                    objective,
                    bound: bound.clamp(i64::MIN.into(), i64::MAX.into()) as i64,
                }
            })
            .collect()
    }
}

fn too_many() -> Error {
    Error::input(
        "the programme has too many people and priority tiers for exact arithmetic; use fewer tiers",
    )
}
