//! The sums of a bound: over the loads of people and the rows, and over the eligible pairs.

use std::collections::HashMap;

use rayon::prelude::*;

use super::super::meetings::{Meetings, Spot};
use super::super::options::go_on;
use super::super::statement::{Load, Statement};
use super::super::{fault, too_large};
use super::{Leaf, Part, required};
use crate::error::Error;
use crate::interrupt::StopFlag;
use crate::roster::Role;

impl Part<'_> {
    /// The part of the bound that no pair and no place has.
    pub(super) fn of_loads(&self, statement: &Statement, leaf: &Leaf) -> Option<i128> {
        let prices = leaf.prices;
        let mut sum = 0i128;
        let decided = [0, 1].map(|side| leaf.decided.loads(side));
        // What the rows' prices add for a person who has any pair.
        let rules = statement.side.iter().zip(&prices.side);
        let rules = rules.filter(|(_, price)| **price > 0);
        let of_rules = |role: Role, ix: usize| -> i128 {
            let adds = rules.clone().map(|(rule, price)| {
                let adds = i128::from(*price) * i128::from((rule.person)(role, ix as u32));
                if rule.promise { adds } else { -adds }
            });
            adds.sum()
        };
        let best = |price: i64, load: Load, first: i128, (side, number): (usize, usize)| {
            let of_person = decided[side].get(&(number as u32)).copied();
            let (fewest, most) = of_person.unwrap_or_default();
            let most = most.unwrap_or(load.max).min(load.max);
            let fewest = fewest.min(most);
            // With anybody at all, as many as a circle has.
            let least = load.circle.max(1).max(fewest);
            let allowed =
                |count: &u32| (*count == 0 && fewest == 0) || (least..=most).contains(count);
            let loads = [0, least, load.min, most].into_iter().filter(allowed);
            let worth = loads.map(|count| {
                let missed = i128::from(load.min.saturating_sub(count));
                let gain = if count > 0 { first } else { 0 };
                i128::from(price) * i128::from(count) + gain - leaf.obligation * missed
            });
            worth.max().unwrap_or(0)
        };
        let mentees = prices.mentees.iter().zip(self.mentee_loads(statement));
        for (number, (price, (load, tier))) in mentees.enumerate() {
            let ix = self.proof.mentees[number].get();
            let first = leaf.weights.first(tier) + of_rules(Role::Mentee, ix);
            sum = sum.checked_add(best(*price, load, first, (0, number)))?;
        }
        let mentors = prices.mentors.chunks(self.modes.count());
        let mentors = mentors.zip(self.mentor_loads(statement)).enumerate();
        for (number, (prices, load)) in mentors {
            let ix = self.proof.mentors[number].get();
            let first = of_rules(Role::Mentor, ix);
            let modes = (0u32..).zip(prices);
            let modes = modes.filter(|(mode, _)| leaf.decided.may_be_in(number as u32, *mode));
            let in_mode = modes.map(|(_, price)| best(*price, load, first, (1, number)));
            // In no mode there is nobody.
            let nobody = Load { max: 0, ..load };
            let in_none = || best(0, nobody, first, (1, number));
            sum = sum.checked_add(in_mode.max().unwrap_or_else(in_none))?;
        }
        for (rule, price) in statement.side.iter().zip(&prices.side) {
            let (price, limit) = (i128::from(*price), i128::from(rule.limit));
            let of_rule = match rule.promise {
                true => (price - leaf.obligation).max(0) * limit - price * limit,
                false => price * limit,
            };
            sum = sum.checked_add(of_rule)?;
        }
        for (value, price) in self.values.iter().zip(&prices.held) {
            sum = sum.checked_sub(i128::from(*price).checked_mul(*value)?)?;
        }
        sum.checked_sub(
            leaf.obligation
                .checked_mul(required(statement, self.proof))?,
        )
    }

    /// By leaf, what the eligible pairs add to its bound; and how many there are.
    pub(super) fn over_pairs(
        &self,
        statement: &Statement,
        meetings: Option<&Meetings>,
        of_mentor: &[u32],
        number: u32,
        leaves: &[Leaf],
        stop: &StopFlag,
    ) -> Result<(Vec<i128>, u64), Error> {
        let place: HashMap<Spot, usize> = self.spots.iter().copied().zip(0..).collect();
        let of_mentee = |ix: usize| -> Result<(Vec<i128>, u64), Error> {
            go_on(stop)?;
            let mentee = self.proof.mentees[ix].get();
            let mut row = Vec::new();
            (statement.row)(mentee, &mut row);
            go_on(stop)?;
            let mut sums = vec![0i128; leaves.len()];
            let mut places: Vec<usize> = Vec::new();
            for &(mentor, score) in &row {
                if score < statement.scores.0 || score > statement.scores.1 {
                    return Err(fault("a pair's score is not in the range of scores"));
                }
                places.clear();
                if let Some(meetings) = meetings {
                    for spot in meetings.spots(mentee, mentor as usize) {
                        match place.get(&spot) {
                            Some(place) => places.push(*place),
                            None if meetings.can_be_held(spot) => {
                                return Err(fault(
                                    "the proof leaves out a place at which a pair can meet",
                                ));
                            }
                            None => {}
                        }
                    }
                    if places.is_empty() {
                        continue;
                    }
                }
                if of_mentor[mentor as usize] != number {
                    return Err(fault(format!(
                        "mentee number {} and mentor number {} in the order of ids can be paired, and are in \
                         different parts of the proof",
                        mentee + 1,
                        mentor + 1
                    )));
                }
                let own = self.mentors[&mentor];
                let required = statement
                    .required
                    .binary_search(&(mentee as u32, mentor))
                    .is_ok();
                for (leaf, sum) in leaves.iter().zip(&mut sums) {
                    let prices = leaf.prices;
                    let mut worth = leaf.score * i128::from(score) - i128::from(prices.mentees[ix]);
                    if required {
                        worth += leaf.obligation;
                    }
                    // What a place and the rows' prices there take off, where that is least.
                    let of_rules = |spot: Option<Spot>| -> i128 {
                        let rules = statement.side.iter().zip(&prices.side);
                        let rules = rules.filter(|(_, price)| **price > 0);
                        let taken = rules.map(|(rule, price)| {
                            let adds = (rule.pair)(mentee as u32, mentor, spot);
                            let taken = i128::from(*price) * i128::from(adds);
                            if rule.promise { -taken } else { taken }
                        });
                        taken.sum()
                    };
                    let is_in = leaf.decided.is_in(ix as u32, own);
                    if is_in == Some(false) {
                        continue;
                    }
                    // The least of the mentor's prices in the modes that the pair is of.
                    let of_modes = |place: usize| {
                        if self.modes.count() == 1 {
                            return Some(i128::from(prices.mentors[own as usize]));
                        }
                        let modes = self.modes.of(ix, place).into_iter();
                        let modes = modes.filter(|mode| leaf.decided.may_be_in(own, *mode));
                        let first = own as usize * self.modes.count();
                        modes
                            .map(|mode| i128::from(prices.mentors[first + mode as usize]))
                            .min()
                    };
                    let taken = places
                        .iter()
                        .filter(|place| leaf.decided.may_meet(ix as u32, own, **place as u32))
                        .filter_map(|place| {
                            let of_place = i128::from(prices.places[*place]);
                            let of_rules = of_rules(Some(self.spots[*place]));
                            Some(of_place + of_rules + of_modes(*place)?)
                        });
                    let taken = match meetings {
                        Some(_) => taken.min(),
                        None => of_modes(0).map(|of_modes| of_modes + of_rules(None)),
                    };
                    // A pair that can meet nowhere adds nothing.
                    let Some(taken) = taken else { continue };
                    worth -= taken;
                    *sum += if is_in == Some(true) {
                        worth
                    } else {
                        worth.max(0)
                    };
                }
            }
            Ok((sums, row.len() as u64))
        };
        let start = || (vec![0i128; leaves.len()], 0);
        (0..self.proof.mentees.len())
            .into_par_iter()
            .map(of_mentee)
            .try_fold(start, |(mut sums, count), of_mentee| {
                let (own, pairs) = of_mentee?;
                for (sum, own) in sums.iter_mut().zip(own) {
                    *sum = sum.checked_add(own).ok_or_else(too_large)?;
                }
                Ok((sums, count + pairs))
            })
            .try_reduce(start, |(mut sums, count), (others, more)| {
                for (sum, other) in sums.iter_mut().zip(others) {
                    *sum = sum.checked_add(other).ok_or_else(too_large)?;
                }
                Ok((sums, count + more))
            })
    }
}
