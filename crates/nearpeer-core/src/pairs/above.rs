//! The pairs of another source whose score is not below a floor.

use std::borrow::Cow;

use super::{Pairs, Sweep};
use crate::roster::Role;

/// Floors and prices of a pass are within this.
const FAR: i64 = 1 << 60;

/// The eligible pairs that score `floor` or more.
pub(crate) struct Above<'p> {
    pairs: &'p dyn Pairs,
    floor: i64,
}

impl<'p> Above<'p> {
    pub(crate) fn new(pairs: &'p dyn Pairs, floor: i64) -> Self {
        Self { pairs, floor }
    }
}

impl Pairs for Above<'_> {
    fn mentees(&self) -> usize {
        self.pairs.mentees()
    }

    fn mentors(&self) -> usize {
        self.pairs.mentors()
    }

    fn row(&self, mentee: usize, row: &mut Vec<(u32, i64)>) {
        self.pairs.row(mentee, row);
        row.retain(|(_, score)| *score >= self.floor);
    }

    fn score(&self, mentee: usize, mentor: u32) -> Option<i64> {
        let score = self.pairs.score(mentee, mentor);
        score.filter(|score| *score >= self.floor)
    }

    /// That of all pairs, so that the levels' weights are the same at every floor.
    fn score_range(&self) -> (i64, i64) {
        self.pairs.score_range()
    }

    fn order(&self, role: Role) -> Cow<'_, [u32]> {
        self.pairs.order(role)
    }

    fn sweep<'s>(&'s self, role: Role, prices: &'s [i64]) -> Option<Box<dyn Sweep + 's>> {
        let dearest = prices.iter().copied().max().unwrap_or(0);
        Some(Box::new(AboveSweep {
            sweep: self.pairs.sweep(role, prices)?,
            floor: self.floor,
            // A score that is above this and the dearest price together is at the floor.
            least: (self.floor - 1).saturating_sub(dearest).clamp(-FAR, FAR),
        }))
    }
}

struct AboveSweep<'s> {
    sweep: Box<dyn Sweep + 's>,
    floor: i64,
    least: i64,
}

impl Sweep for AboveSweep<'_> {
    fn row(&self, person: usize, floor: i64, visit: &mut dyn FnMut(u32, i64) -> i64) {
        let mut floor = floor.max(self.least);
        self.sweep.row(person, floor, &mut |other, score| {
            if score >= self.floor {
                floor = floor.max(visit(other, score));
            }
            floor
        });
    }
}
