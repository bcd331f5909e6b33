//! What prices prove of a level: a pass over every eligible pair, in exact integers.

use std::cmp::Reverse;

use rayon::prelude::*;

use super::decided::Decided;
use super::part::Part;
use crate::certificate::Level;
use crate::certificate::stages::{LevelPrices, RoundingPrice};
use crate::constraint::{Row, Spot};
use crate::error::Error;
use crate::interrupt::Interrupt;
use crate::program::master::{Duals, Placed};
use crate::program::{CrewPrices, IntegerProgram, Staffing};
use crate::progress::Phase;
use crate::roster::Role;
use crate::solve::columns::turn;

/// What one unit of a level counts in the prices. Duals are rounded up to such parts, so a level's bound is greater by less
/// than the sum of the loads and the rows' limits over this.
pub(super) fn unit(rows: &[Row]) -> i64 {
    let has_large = rows.iter().any(|row| row.scale > 1_000);
    1 << if has_large { 30 } else { 20 }
}

/// Pairs that a mentee gets in a round.
const MOST: usize = 6;

/// Pairs that a person starts with: the best by score.
const FIRST: usize = 6;

/// Prices beyond this would leave no room for sums.
const FAR: f64 = (1i64 << 58) as f64;

/// What a pass found.
pub(super) struct Priced {
    /// The bound, without what the places' capacities add.
    pub(super) fixed: i128,
    /// Pairs that are worth more than their prices, at every place at which they can meet.
    pub(super) violated: Vec<Placed>,
}

/// The duals as integer prices. Where a linear program can keep to what is decided only in part, what it misses is dear,
/// and so are its duals: then all are made less by one factor, since it is their proportions that prove anything.
pub(super) fn rounded(duals: &Duals, staffing: &Staffing, unit: i64) -> (LevelPrices, CrewPrices) {
    let unit = unit as f64;
    let all = [
        &duals.mentees,
        &duals.mentors,
        &duals.places,
        &duals.leaders,
        &duals.rounded,
        &duals.rows,
        &duals.held,
    ];
    let largest = all.into_iter().flatten();
    let largest = largest.fold(0.0f64, |largest, dual| largest.max(dual.abs()));
    let factor = unit.min(FAR / largest.max(1.0));
    let up = |duals: &[f64], least: f64| -> Vec<i64> {
        let whole = duals.iter().map(|dual| {
            // Sums of small errors are no reason to round up.
            let parts = (dual * factor - 1e-3).ceil();
            parts.clamp(least, FAR) as i64
        });
        whole.collect()
    };
    let places = up(&duals.places, 0.0);
    // What of a place's price nothing else is paid for is paid for room; everything where pairs need no leader.
    let mut rooms = places.clone();
    let paid = up(&duals.rounded, 0.0);
    let mut rounded = Vec::new();
    for (rounding, paid) in staffing.roundings().iter().zip(paid) {
        let left = &mut rooms[rounding.place];
        let price = paid.min(*left);
        *left -= price;
        if price > 0 {
            rounded.push(RoundingPrice {
                place: rounding.place,
                by: rounding.by,
                price,
            });
        }
    }
    for (room, leader) in rooms.iter_mut().zip(up(&duals.leaders, 0.0)) {
        *room -= leader.min(*room);
    }
    // These may be any: what they say is true in any case.
    let crews = duals.crews.iter().map(|(crew, dual)| {
        let price = (dual * factor).clamp(-FAR, FAR).round();
        (*crew, price as i64)
    });
    let crews = crews.filter(|(_, price)| *price != 0).collect();
    let prices = LevelPrices {
        mentees: up(&duals.mentees, -FAR),
        mentors: up(&duals.mentors, -FAR),
        rooms,
        rounded,
        places,
        side: up(&duals.rows, 0.0),
        held: up(&duals.held, 0.0),
    };
    (prices, crews)
}

/// A level at given prices.
pub(super) struct View<'a> {
    part: &'a Part<'a>,
    /// The program with the weights that the prices give its levels.
    program: IntegerProgram<'a>,
    prices: &'a LevelPrices,
    decided: &'a Decided,
    held: &'a [(Level, i64)],
    /// The rows that have a price and concern anybody, with what is taken off for each unit of a term.
    priced: Vec<(&'a Row, i64)>,
    /// Whether rows that depend on places have prices.
    by_place: bool,
    /// By constraint, the same of those that concern few people.
    few: Vec<i64>,
    /// Whether no row has a price, and mentors have one mode: then only the places differ.
    is_plain: bool,
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
                None if of == level => i128::from(part.unit),
                None => 0,
            }
        };
        let rows = part.program.rows.iter().zip(&prices.side);
        let rows = rows.map(|(row, price)| (row, row.sign() * price));
        let with_price = rows.clone().filter(|(_, price)| *price != 0);
        Self {
            part,
            program: part.program.weighed(weight),
            prices,
            decided,
            held,
            priced: with_price
                .clone()
                .filter(|(row, _)| row.few.is_none())
                .collect(),
            by_place: with_price.clone().any(|(row, _)| row.by_place),
            is_plain: with_price.clone().next().is_none() && part.modes.count() == 1,
            few: rows.map(|(_, price)| price).collect(),
        }
    }

    /// What is taken off the pair's worth at a place for the rows' prices.
    #[inline]
    fn of_rows(&self, mentee: u32, mentor: u32, spot: Option<Spot>) -> i128 {
        let rows = &self.part.program.rows;
        let few = self.part.few_of(mentee, mentor);
        let few = few.map(|row| (&rows[row], self.few[row]));
        let general = self.priced.iter().copied();
        general
            .chain(few.filter(|(_, price)| *price != 0))
            .map(|(row, price)| i128::from(price) * i128::from(row.pair(mentee, mentor, spot)))
            .sum()
    }

    /// What the pair is worth at each place and in each mode of the mentor's above the prices of its people, rows, and
    /// of the place: place, mode, profit.
    #[inline]
    fn profits(
        &self,
        mentee: usize,
        mentor: u32,
        score: i64,
    ) -> impl Iterator<Item = (u32, u32, i128)> {
        let prices = self.prices;
        let (e, m) = (mentee as u32, mentor);
        let weight = self.program.weight(e, m, score);
        let worth = weight - i128::from(prices.mentees[mentee]);
        let everywhere = if self.by_place {
            0
        } else {
            self.of_rows(e, m, None)
        };
        let modes = self.part.modes.count();
        let of_mentor = &prices.mentors[mentor as usize * modes..][..modes];
        let places = self.part.places_of(mentee, mentor);
        places.flat_map(move |place| {
            let of_place = self.of_place(place);
            let of_rows = match self.by_place {
                true => self.of_rows(e, m, self.part.spot(place)),
                false => everywhere,
            };
            let here = worth - i128::from(of_place) - of_rows;
            let modes = self.part.modes.of_pair(mentee, place);
            modes.map(move |mode| {
                let profit = here - i128::from(of_mentor[mode as usize]);
                (place as u32, mode, profit)
            })
        })
    }

    /// The price of a place; 0 where pairs have none.
    #[inline]
    fn of_place(&self, place: usize) -> i64 {
        self.prices.places.get(place).copied().unwrap_or(0)
    }

    /// The most that the pair is worth at a place where it may meet, in a mode that the mentor may be in; `None` where
    /// there is none.
    #[inline]
    fn profit(&self, (mentee, mentor, score): (usize, u32, i64), is_free: bool) -> Option<i128> {
        if is_free && self.is_plain {
            let places = self.part.places_of(mentee, mentor);
            let cheapest = places.map(|place| self.of_place(place)).min()?;
            let weight = self.program.weight(mentee as u32, mentor, score);
            let (e, m) = (mentee, mentor as usize);
            let people = i128::from(self.prices.mentees[e]) + i128::from(self.prices.mentors[m]);
            return Some(weight - people - i128::from(cheapest));
        }
        let profits = self.profits(mentee, mentor, score);
        if is_free {
            return profits.map(|(.., profit)| profit).max();
        }
        let decided = self.decided.pair(mentee as u32, mentor);
        let allowed = profits.filter(|(place, mode, _)| {
            decided.is_none_or(|decided| decided.may_meet(*place))
                && self.decided.may_be_in(mentor, *mode)
        });
        allowed.map(|(.., profit)| profit).max()
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
            let is_free = self.decided.is_empty();
            let mut sum = 0i128;
            let mut best: Vec<(Reverse<i128>, u64, u32, i64)> = Vec::new();
            for &(mentor, score) in row.iter() {
                if !is_free && self.decided.leaves_out(mentee as u32, mentor) {
                    continue;
                }
                let Some(profit) = self.profit((mentee, mentor, score), is_free) else {
                    continue;
                };
                if !is_free && self.decided.chooses(mentee as u32, mentor) {
                    sum += profit;
                } else if profit > 0 {
                    sum += profit;
                    let place = turn(mentee, mentor, self.part.program.mentors.len());
                    best.push((Reverse(profit), place, mentor, score));
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
        let levels = &self.program.levels;
        let obligation = levels.obligation();
        let rows = self.part.program.rows.iter().zip(&self.prices.side);
        let rows: Vec<(&Row, i128)> = rows.map(|(row, price)| (row, i128::from(*price))).collect();
        let of_people: Vec<(&Row, i128)> = rows
            .iter()
            .filter(|(row, price)| *price > 0 && row.has_people())
            .copied()
            .collect();
        // What a load is worth for which a person has any pair at all, beside what each pair costs.
        let first = |role: Role, ix: usize| -> i128 {
            let rows = of_people.iter();
            rows.map(|(row, price)| {
                -price * i128::from(row.sign()) * i128::from(row.person(role, ix))
            })
            .sum()
        };
        let decided = [Role::Mentee, Role::Mentor].map(|role| self.decided.loads(role));
        // The most that a load is worth at this price: none, if that is allowed, or from `least` to `max`.
        let best =
            |price: i64, min: u32, (least, max): (u32, u32), first: i128, person: (Role, usize)| {
                let decided = &decided[person.0 as usize];
                let (fewest, most) = decided.get(&(person.1 as u32)).copied().unwrap_or_default();
                let most = most.unwrap_or(max).min(max);
                let fewest = fewest.min(most);
                let least = least.max(1).max(fewest);
                // The function is linear between these loads.
                let loads = [0, least, min, most].into_iter();
                let loads = loads
                    .filter(|load| (*load == 0 && fewest == 0) || (least..=most).contains(load));
                let value = |load: u32| {
                    let missed = i128::from(min.saturating_sub(load));
                    let gain = if load > 0 { first } else { 0 };
                    i128::from(price) * i128::from(load) + gain - obligation * missed
                };
                loads.map(value).max().unwrap_or(0)
            };
        let mentees = self.program.mentees.iter().zip(&self.prices.mentees);
        let mentees = mentees.enumerate().map(|(ix, (mentee, price))| {
            let first = first(Role::Mentee, ix) + levels.coverage(mentee.tier);
            let person = (Role::Mentee, ix);
            best(*price, mentee.min, (1, mentee.max), first, person)
        });
        let modes = self.part.modes.count();
        let prices = self.prices.mentors.chunks(modes);
        let mentors = self.program.mentors.iter().zip(prices).enumerate();
        let mentors = mentors.map(|(ix, (mentor, prices))| {
            let first = first(Role::Mentor, ix);
            let allowed = (0u32..).zip(prices);
            let allowed = allowed.filter(|(mode, _)| self.decided.may_be_in(ix as u32, *mode));
            let load = (mentor.circle, mentor.max);
            let in_mode =
                allowed.map(|(_, price)| best(*price, mentor.min, load, first, (Role::Mentor, ix)));
            let in_none = || best(0, mentor.min, (0, 0), first, (Role::Mentor, ix));
            in_mode.max().unwrap_or_else(in_none)
        });
        let loads =
            mentees.chain(mentors).sum::<i128>() - obligation * self.program.required.len() as i128;
        let rows = rows.iter().map(|(row, price)| {
            let limit = i128::from(row.limit);
            let missing = match row.promise {
                true => (price - obligation).max(0) * limit,
                false => 0,
            };
            price * i128::from(row.sign()) * limit + missing
        });
        let held = self.held.iter().zip(&self.prices.held);
        let held: i128 = held
            .map(|((_, value), price)| i128::from(*value) * i128::from(*price))
            .sum();
        loads + rows.sum::<i128>() - held
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
            let near = row.iter().flat_map(|&(mentor, score)| {
                let everywhere = self.part.everywhere(mentee as u32, mentor, score);
                let profits = self.profits(mentee, mentor, score);
                let near = everywhere.zip(profits);
                let near = near.filter(move |(_, (.., profit))| *profit >= -gap);
                near.map(|(pair, _)| pair)
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
