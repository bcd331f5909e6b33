//! The students who can be paired, and passes over all their pairs.

use rayon::prelude::*;

use super::blossom::Blossoms;
use crate::error::Error;
use crate::interrupt::Interrupt;
use crate::pairs::{Pairs, RosterPairs, Sweep};
use crate::progress::Phase;
use crate::roster::Role;

/// A price at which nobody is worth a pair.
const OUT_OF_REACH: i64 = 1 << 59;

/// Prices beyond this are compared pair by pair, in 128 bits.
const WIDE: i128 = 1 << 57;

/// Pairs of a student that one pass adds at most.
const ADDED: usize = 8;

/// A pair and its score; the first is before the second in canonical order.
pub(super) type Scored = (u32, u32, i64);

/// The students and what is known of them.
pub(super) struct Students<'r> {
    pub(super) pairs: RosterPairs<'r>,
    /// What covering a student weighs.
    pub(super) cover: Vec<i128>,
    /// Whether the student is free to be in any group.
    pub(super) open: Vec<bool>,
}

impl Students<'_> {
    pub(super) fn len(&self) -> usize {
        self.open.len()
    }

    pub(super) fn score(&self, a: u32, b: u32) -> Option<i64> {
        let open = a != b && self.open[a as usize] && self.open[b as usize];
        self.pairs.score(a as usize, b).filter(|_| open)
    }

    /// The students who are open, in the order in which a pass is fastest.
    pub(super) fn order(&self) -> Vec<u32> {
        let order = self.pairs.order(Role::Mentee);
        let open = order.iter().copied().filter(|ix| self.open[*ix as usize]);
        open.collect()
    }

    /// A pass in which a pair of score `s` is looked at if `s > floor + price` of its second student. Prices of
    /// `None` are out of reach.
    pub(super) fn pass(&self, price: impl Fn(u32) -> Option<i128>) -> Pass<'_> {
        let of = |ix: u32| self.open[ix as usize].then(|| price(ix)).flatten();
        let wide: Vec<Option<i128>> = (0..self.len() as u32).map(of).collect();
        let narrow = wide.iter().flatten().all(|price| price.abs() < WIDE);
        let narrow = narrow.then(|| {
            let prices = wide
                .iter()
                .map(|price| price.map_or(OUT_OF_REACH, |price| price as i64));
            prices.collect()
        });
        Pass {
            students: self,
            wide,
            narrow,
        }
    }

    /// The best pairs of everybody who is open, so many each.
    ///
    /// # Errors
    /// The interrupt's.
    pub(super) fn best(
        &self,
        most: usize,
        interrupt: &Interrupt,
    ) -> Result<Vec<Vec<(u32, i64)>>, Error> {
        let pass = self.pass(|_| Some(0));
        let rows = self.order();
        let found = pass.rows(&rows, Phase::FirstColumns, interrupt, |row, ix| {
            let mut best: Vec<(u32, i64)> = Vec::new();
            row.each(ix, -1, |other, score| {
                let place = best.partition_point(|pair| pair.1 >= score);
                best.insert(place, (other, score));
                best.truncate(most);
                match best.last() {
                    Some(last) if best.len() == most => last.1.into(),
                    _ => -1,
                }
            });
            (ix, best)
        })?;
        let mut all = vec![Vec::new(); self.len()];
        for (ix, best) in found {
            all[ix as usize] = best;
        }
        Ok(all)
    }

    /// The pairs that are worth more than the prices, of each of `rows` the worst few with students after it.
    ///
    /// # Errors
    /// The interrupt's.
    pub(super) fn violators(
        &self,
        prices: &Blossoms,
        rows: &[u32],
        interrupt: &Interrupt,
    ) -> Result<Vec<Scored>, Error> {
        let there = |ix: u32| !prices.is_removed(ix);
        let pass = self.pass(|ix| there(ix).then(|| prices.price(ix).div_euclid(2)));
        let rows: Vec<u32> = rows.iter().copied().filter(|ix| there(*ix)).collect();
        let found = pass.rows(&rows, Phase::Pricing, interrupt, |row, ix| {
            let own = prices.price(ix);
            let sharing = prices.common(ix, row.common);
            let common = std::mem::take(row.common);
            let mut worst: Vec<(i128, u32, i64)> = Vec::new();
            row.each(ix, own.div_euclid(2), |other, score| {
                let least = match worst.last() {
                    Some(last) if worst.len() == ADDED => last.0,
                    _ => 0,
                };
                let floor = |least: i128| (own + least).div_euclid(2);
                if other < ix {
                    return floor(least);
                }
                let above =
                    2 * i128::from(score) - own - prices.price(other) - common[other as usize];
                if above > least {
                    let place = worst.partition_point(|pair| pair.0 >= above);
                    worst.insert(place, (above, other, score));
                    worst.truncate(ADDED);
                }
                floor(least)
            });
            *row.common = common;
            for other in sharing {
                row.common[other as usize] = 0;
            }
            let pairs = worst.into_iter();
            pairs
                .map(|(_, other, score)| (ix, other, score))
                .collect::<Vec<_>>()
        })?;
        Ok(found.into_iter().flatten().collect())
    }
}

/// A pass over pairs that beat prices.
pub(super) struct Pass<'s> {
    students: &'s Students<'s>,
    wide: Vec<Option<i128>>,
    narrow: Option<Vec<i64>>,
}

/// One thread's part of a pass.
pub(super) struct Row<'p> {
    pass: &'p Pass<'p>,
    sweep: Option<&'p dyn Sweep>,
    buffer: Vec<(u32, i64)>,
    /// A number for every student, 0 between rows.
    pub(super) common: &'p mut Vec<i128>,
}

impl Row<'_> {
    /// Calls `visit` with every partner of an eligible pair whose score is more than `floor` and the partner's price (and
    /// with a few more, if these are very large), and the score. `visit` answers with the floor for the rest, which must not be lower.
    pub(super) fn each(&mut self, ix: u32, floor: i128, mut visit: impl FnMut(u32, i64) -> i128) {
        let narrow = |floor: i128| floor.clamp(-WIDE, WIDE) as i64;
        match self.sweep {
            // A floor that is clamped can only let more pairs pass, and `visit` looks again.
            Some(sweep) => {
                let mut floor = narrow(floor);
                sweep.row(ix as usize, floor, &mut |other, score| {
                    if other != ix {
                        floor = narrow(visit(other, score));
                    }
                    floor
                });
            }
            None => {
                self.pass.students.pairs.row(ix as usize, &mut self.buffer);
                let mut floor = floor;
                for &(other, score) in &self.buffer {
                    let Some(price) = self.pass.wide[other as usize] else {
                        continue;
                    };
                    if other != ix && i128::from(score) > floor + price {
                        floor = visit(other, score);
                    }
                }
            }
        }
    }
}

impl Pass<'_> {
    /// Works on every row, on all threads; the results are in the order of the rows.
    ///
    /// # Errors
    /// The interrupt's.
    pub(super) fn rows<T: Send>(
        &self,
        rows: &[u32],
        phase: Phase,
        interrupt: &Interrupt,
        work: impl Fn(&mut Row<'_>, u32) -> T + Sync,
    ) -> Result<Vec<T>, Error> {
        let sweep = self
            .narrow
            .as_ref()
            .and_then(|prices| self.students.pairs.sweep(Role::Mentee, prices));
        let walk = interrupt.walk(phase, rows.len());
        let found = rows
            .par_iter()
            .enumerate()
            .map_init(
                || (vec![0i128; self.students.len()], Vec::new()),
                |(common, buffer), (place, &ix)| {
                    walk.goes_on(place).then(|| {
                        let mut row = Row {
                            pass: self,
                            sweep: sweep.as_deref(),
                            buffer: std::mem::take(buffer),
                            common,
                        };
                        let found = work(&mut row, ix);
                        *buffer = row.buffer;
                        found
                    })
                },
            )
            .flatten()
            .collect();
        walk.end()?;
        Ok(found)
    }
}
