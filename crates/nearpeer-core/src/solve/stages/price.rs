//! What prices prove of a level: a pass over every eligible pair, in exact integers.

use std::cmp::Reverse;
use std::collections::BTreeMap;
use std::iter::repeat;

use rayon::prelude::*;

use super::part::Part;
use crate::certificate::Level;
use crate::certificate::stages::LevelPrices;
use crate::error::Error;
use crate::interrupt::Interrupt;
use crate::program::IntegerProgram;
use crate::program::master::{Duals, Placed};
use crate::progress::Phase;
use crate::solve::bound::loads_bound;
use crate::solve::columns::turn;

/// What one unit of a level counts in the prices. Duals are rounded up to such parts, so a level's bound is greater by less
/// than the number of people and rows over this.
pub(super) const UNIT: i64 = 1 << 20;

/// Pairs that a mentee gets in a round.
const MOST: usize = 6;

/// Pairs that a person starts with: the best by score.
const FIRST: usize = 6;

/// Prices beyond this would leave no room for sums.
const FAR: f64 = (1i64 << 58) as f64;

/// What has been decided of pairs (mentee, mentor) in a tree: whether they are in the match.
pub(super) type Decided = BTreeMap<(u32, u32), bool>;

/// What a pass found.
pub(super) struct Priced {
    /// The bound, without what the places' capacities add.
    pub(super) fixed: i128,
    /// Pairs that are worth more than their prices, at every place at which they can meet.
    pub(super) violated: Vec<Placed>,
}

/// The duals as integer prices.
pub(super) fn rounded(duals: &Duals) -> LevelPrices {
    let up = |duals: &[f64], least: f64| -> Vec<i64> {
        let whole = duals.iter().map(|dual| {
            // Sums of small errors are no reason to round up.
            let parts = (dual * UNIT as f64 - 1e-3).ceil();
            parts.clamp(least, FAR) as i64
        });
        whole.collect()
    };
    let places = up(&duals.places, 0.0);
    // Where pairs need no leader, everything is paid for room.
    let leaders = up(&duals.leaders, 0.0).into_iter().chain(repeat(0));
    let rooms = places.iter().zip(leaders);
    LevelPrices {
        mentees: up(&duals.mentees, -FAR),
        mentors: up(&duals.mentors, -FAR),
        rooms: rooms
            .map(|(place, leader)| (place - leader).max(0))
            .collect(),
        places,
        side: up(&duals.side, 0.0),
        held: up(&duals.held, 0.0),
    }
}

/// A level at given prices.
pub(super) struct View<'a> {
    part: &'a Part<'a>,
    /// The program with the weights that the prices give its levels.
    program: IntegerProgram<'a>,
    prices: &'a LevelPrices,
    decided: &'a Decided,
    held: &'a [(Level, i64)],
}

impl<'a> View<'a> {
    pub(super) fn new(
        part: &'a Part<'a>,
        level: Level,
        held: &'a [(Level, i64)],
        prices: &'a LevelPrices,
        decided: &'a Decided,
    ) -> Self {
        let weight = |of: Level| {
            let mut held = held.iter().zip(&prices.held);
            let held = held.find(|((other, _), _)| *other == of);
            match held {
                Some((_, price)) => i128::from(*price),
                None if of == level => i128::from(UNIT),
                None => 0,
            }
        };
        Self {
            part,
            program: part.program.weighed(weight),
            prices,
            decided,
            held,
        }
    }

    /// What the pair is worth above the prices of its people and rows, and of its cheapest place; `None` where it
    /// cannot meet.
    fn profit(&self, mentee: usize, mentor: u32, score: i64) -> Option<i64> {
        let prices = self.prices;
        let weight = self.program.weight(mentee as u32, mentor, score) as i64;
        let mut profit = weight - prices.mentees[mentee] - prices.mentors[mentor as usize];
        for (row, price) in self.part.program.side.iter().zip(&prices.side) {
            if *price > 0 && row.has(mentee as u32, mentor) {
                profit -= price;
            }
        }
        let place = self.part.cheapest(mentee, mentor, &prices.places)?;
        Some(profit - place)
    }

    /// The decided pairs of a mentee.
    fn decided_of(&self, mentee: usize) -> impl Iterator<Item = (u32, bool)> {
        let mentee = mentee as u32;
        let decided = self.decided.range((mentee, 0)..=(mentee, u32::MAX));
        decided.map(|((_, mentor), chosen)| (*mentor, *chosen))
    }

    /// Prices every eligible pair.
    ///
    /// # Errors
    /// The interrupt's.
    pub(super) fn price(&self, interrupt: &Interrupt) -> Result<Priced, Error> {
        let mentees = self.part.program.mentees.len();
        let walk = interrupt.walk(Phase::Pricing, mentees);
        let of_mentee = |row: &mut Vec<(u32, i64)>, mentee: usize| {
            if !walk.goes_on(mentee) {
                return (0, Vec::new());
            }
            self.part.program.pairs.row(mentee, row);
            let is_decided = !self.decided.is_empty() && self.decided_of(mentee).next().is_some();
            let mut sum = 0i128;
            let mut best: Vec<(Reverse<i64>, u64, u32, i64)> = Vec::new();
            for &(mentor, score) in row.iter() {
                let Some(profit) = self.profit(mentee, mentor, score) else {
                    continue;
                };
                let decided = is_decided
                    .then(|| self.decided_of(mentee).find(|(other, _)| *other == mentor))
                    .flatten();
                match decided {
                    Some((_, true)) => sum += i128::from(profit),
                    Some((_, false)) => {}
                    None if profit > 0 => {
                        sum += i128::from(profit);
                        let place = turn(mentee, mentor, self.part.program.mentors.len());
                        best.push((Reverse(profit), place, mentor, score));
                    }
                    None => {}
                }
            }
            if best.len() > MOST {
                best.select_nth_unstable(MOST - 1);
                best.truncate(MOST);
            }
            best.sort_unstable();
            let violated = best.into_iter().flat_map(|(_, _, mentor, score)| {
                self.part.everywhere(mentee as u32, mentor, score)
            });
            (sum, violated.collect::<Vec<Placed>>())
        };
        let rows: Vec<(i128, Vec<Placed>)> = (0..mentees)
            .into_par_iter()
            .map_init(Vec::new, of_mentee)
            .collect();
        walk.end()?;
        let mut fixed = self.fixed();
        let mut violated = Vec::new();
        for (sum, of_mentee) in rows {
            fixed += sum;
            violated.extend(of_mentee);
        }
        Ok(Priced { fixed, violated })
    }

    /// The terms of the bound that are no pair's and no place's.
    fn fixed(&self) -> i128 {
        let wide = |prices: &[i64]| prices.iter().map(|price| i128::from(*price)).collect();
        let prices = crate::certificate::Prices {
            mentees: wide(&self.prices.mentees),
            mentors: wide(&self.prices.mentors),
            side: Vec::new(),
        };
        let undecided = vec![crate::program::Decision::Either; self.program.mentors.len()];
        let loads = loads_bound(&self.program, &undecided, &prices, 1);
        let rows = self.part.program.side.iter().zip(&self.prices.side);
        let rows: i128 = rows
            .map(|(row, price)| i128::from(row.limit) * i128::from(*price))
            .sum();
        let held = self.held.iter().zip(&self.prices.held);
        let held: i128 = held
            .map(|((_, value), price)| i128::from(*value) * i128::from(*price))
            .sum();
        loads + rows - held
    }

    /// The pairs whose profit is not below `-gap`; `None` if they are more than `most`.
    ///
    /// # Errors
    /// The interrupt's.
    pub(super) fn within(
        &self,
        gap: i128,
        most: usize,
        interrupt: &Interrupt,
    ) -> Result<Option<Vec<Placed>>, Error> {
        let mentees = self.part.program.mentees.len();
        let walk = interrupt.walk(Phase::Pricing, mentees);
        let of_mentee = |row: &mut Vec<(u32, i64)>, mentee: usize| {
            if !walk.goes_on(mentee) {
                return Vec::new();
            }
            self.part.program.pairs.row(mentee, row);
            row.sort_unstable();
            let near = row.iter().filter(|&&(mentor, score)| {
                let profit = self.profit(mentee, mentor, score);
                profit.is_some_and(|profit| i128::from(profit) >= -gap)
            });
            let near = near.flat_map(|&(mentor, score)| {
                let dearest = self.prices.places.iter();
                let cheapest = self.part.cheapest(mentee, mentor, &self.prices.places);
                let profit = self.profit(mentee, mentor, score).unwrap_or(i64::MIN);
                // The same pair is worth less at dearer places.
                let at = dearest.map(move |price| profit + cheapest.unwrap_or(0) - price);
                let at: Vec<i64> = at.collect();
                let everywhere = self.part.everywhere(mentee as u32, mentor, score);
                everywhere.filter(move |pair| {
                    let profit = at.get(pair.place as usize).copied().unwrap_or(profit);
                    i128::from(profit) >= -gap
                })
            });
            near.collect::<Vec<Placed>>()
        };
        let rows: Vec<Vec<Placed>> = (0..mentees)
            .into_par_iter()
            .map_init(Vec::new, of_mentee)
            .collect();
        walk.end()?;
        let near: Vec<Placed> = rows.into_iter().flatten().collect();
        Ok((near.len() <= most).then_some(near))
    }
}

/// The best pairs of everybody, at every place at which they can meet, and all required ones.
///
/// # Errors
/// The interrupt's.
pub(super) fn first(part: &Part, interrupt: &Interrupt) -> Result<Vec<Placed>, Error> {
    let program = &part.program;
    let sizes = [program.mentees.len(), program.mentors.len()];
    let walk = interrupt.walk(Phase::FirstColumns, sizes[0]);
    type Best = Vec<(Reverse<i64>, u64, u32)>;
    let keep = |best: &mut Best, offer| {
        let place = best.partition_point(|other| *other < offer);
        if place < FIRST {
            best.insert(place, offer);
            best.truncate(FIRST);
        }
    };
    let start = || (vec![Best::new(); sizes[1]], Vec::new(), Vec::new());
    let folded =
        (0..sizes[0])
            .into_par_iter()
            .fold(start, |(mut mentors, mut pairs, mut row), mentee| {
                if walk.goes_on(mentee) {
                    program.pairs.row(mentee, &mut row);
                    let mut own = Best::new();
                    for &(mentor, score) in &row {
                        if part.can_meet(mentee, mentor) {
                            let place = turn(mentee, mentor, sizes[1]);
                            keep(&mut own, (Reverse(score), place, mentor));
                            let place = turn(mentor as usize, mentee as u32, sizes[0]);
                            keep(
                                &mut mentors[mentor as usize],
                                (Reverse(score), place, mentee as u32),
                            );
                        }
                    }
                    pairs.extend(
                        own.into_iter()
                            .map(|(score, _, mentor)| (mentee as u32, mentor, score.0)),
                    );
                }
                (mentors, pairs, row)
            });
    let (mentors, mut pairs, _) = folded.reduce(start, |(mut mentors, mut pairs, row), other| {
        for (mentor, best) in other.0.into_iter().enumerate() {
            for offer in best {
                keep(&mut mentors[mentor], offer);
            }
        }
        pairs.extend(other.1);
        (mentors, pairs, row)
    });
    walk.end()?;
    for (mentor, best) in (0u32..).zip(mentors) {
        pairs.extend(
            best.into_iter()
                .map(|(score, _, mentee)| (mentee, mentor, score.0)),
        );
    }
    for &(mentee, mentor) in &program.required {
        let score = program.pairs.score(mentee as usize, mentor);
        pairs.extend(score.map(|score| (mentee, mentor, score)));
    }
    pairs.sort_unstable();
    pairs.dedup();
    let pairs = pairs.into_iter();
    Ok(pairs
        .flat_map(|(mentee, mentor, score)| part.everywhere(mentee, mentor, score))
        .collect())
}
