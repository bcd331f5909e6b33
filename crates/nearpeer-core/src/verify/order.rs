//! The bound that vectors of prices prove: the formula of the level `leximin`, see
//! [`certificate::Fairness`](crate::certificate::Fairness). Overflow is an error, for a certificate is untrusted.

use std::cmp::Ordering;
use std::collections::BTreeMap;

use rayon::prelude::*;

use super::bound::{Weights, at_load};
use super::options::go_on;
use super::pass::answer_is_in;
use super::statement::{Load, Statement, of_mentee};
use super::{fault, too_large};
use crate::certificate::{Order, ScorePrice};
use crate::error::Error;
use crate::interrupt::StopFlag;

/// Mentees whose rows are added up in one piece.
const CHUNK: usize = 64;

/// A vector: a number for the levels above, and one for some of the scores.
#[derive(Debug, Clone, Default, PartialEq)]
struct Vector {
    above: i128,
    scores: BTreeMap<i64, i128>,
}

impl Vector {
    fn add(&mut self, above: i128, scores: &[ScorePrice], times: i128) -> Option<()> {
        self.above = self.above.checked_add(above)?;
        for &(score, number) in scores {
            let number = i128::from(number).checked_mul(times)?;
            let sum = self.scores.entry(score).or_default();
            *sum = sum.checked_add(number)?;
        }
        Some(())
    }

    fn merged(mut self, other: Self) -> Option<Self> {
        self.above = self.above.checked_add(other.above)?;
        for (score, number) in other.scores {
            let sum = self.scores.entry(score).or_default();
            *sum = sum.checked_add(number)?;
        }
        Some(self)
    }

    /// Compared with nothing.
    fn sign(&self) -> Ordering {
        let mut numbers = std::iter::once(&self.above).chain(self.scores.values());
        let first = numbers.find(|number| **number != 0);
        first.map_or(Ordering::Equal, |number| number.cmp(&0))
    }
}

/// Proves that no match of the statement has a better order of scores than the pairs of the answer, `claims`, whose levels
/// above are worth `above`.
///
/// # Errors
/// [`ErrorKind::Verification`](crate::ErrorKind::Verification) where it is not proven or numbers are too large,
/// `::Interrupted` once `stop` is raised.
pub(super) fn prove(
    statement: &Statement,
    weights: &Weights,
    order: &Order,
    (claims, above): (&[(u32, u32, i64)], i128),
    stop: &StopFlag,
) -> Result<(), Error> {
    fits(statement, order)?;
    let mut claims = claims.to_vec();
    claims.sort_unstable();
    let of_pairs = over_pairs(statement, weights, order, &claims, stop)?;
    let of_loads = of_loads(statement, weights, order).ok_or_else(too_large)?;
    let mut bound = of_pairs.merged(of_loads).ok_or_else(too_large)?;
    bound.scores.retain(|_, number| *number != 0);
    let mut value = Vector {
        above,
        ..Vector::default()
    };
    for (_, _, score) in claims {
        *value.scores.entry(score).or_default() -= 1;
    }
    if bound != value {
        return Err(fault(
            "the prices of the order of scores prove another order than the match has",
        ));
    }
    Ok(())
}

/// Whether there are as many prices as people, and each is written in the order of scores, without zeros.
fn fits(statement: &Statement, order: &Order) -> Result<(), Error> {
    let sizes = [statement.mentees.len(), statement.mentors.len()];
    let above = [order.above.mentees.len(), order.above.mentors.len()];
    let listed = [order.mentees.len(), order.mentors.len()];
    let mut lists = order.mentees.iter().chain(&order.mentors);
    let ascending = |list: &Vec<ScorePrice>| {
        list.iter().all(|price| price.1 != 0) && list.windows(2).all(|two| two[0].0 < two[1].0)
    };
    if sizes != above || sizes != listed || !order.above.side.is_empty() || !lists.all(ascending) {
        return Err(fault(
            "the prices of the order of scores are not one a person, by score",
        ));
    }
    // Nobody who can be in a circle of none or so many has prices here.
    if statement.mentors.iter().any(|mentor| mentor.circle > 1) {
        return Err(fault(
            "an order of scores cannot be proven with 'none or at least k'",
        ));
    }
    Ok(())
}

/// What the pairs are worth above their prices, those that are worth something.
fn over_pairs(
    statement: &Statement,
    weights: &Weights,
    order: &Order,
    claims: &[(u32, u32, i64)],
    stop: &StopFlag,
) -> Result<Vector, Error> {
    let mentees: Vec<usize> = (0..statement.mentees.len()).collect();
    let part = |mentees: &[usize]| -> Result<Vector, Error> {
        let mut sum = Vector::default();
        let mut row = Vec::new();
        for &mentee in mentees {
            (statement.row)(mentee, &mut row);
            go_on(stop)?;
            answer_is_in(&row, of_mentee(claims, mentee, |claim| claim.0))?;
            let required = of_mentee(&statement.required, mentee, |pair| pair.0);
            for &(mentor, score) in &row {
                let is_required = required.iter().any(|pair| pair.1 == mentor);
                let weight = if is_required { weights.obligation } else { 0 };
                add_pair(&mut sum, order, (mentee, mentor as usize), score, weight)
                    .ok_or_else(too_large)?;
            }
        }
        Ok(sum)
    };
    let sums = mentees.par_chunks(CHUNK).map(part);
    sums.try_reduce(Vector::default, |a, b| a.merged(b).ok_or_else(too_large))
}

/// Adds what one pair is worth above its prices, if that is more than nothing.
fn add_pair(
    sum: &mut Vector,
    order: &Order,
    (mentee, mentor): (usize, usize),
    score: i64,
    weight: i128,
) -> Option<()> {
    let prices = order.above.mentees[mentee].checked_add(order.above.mentors[mentor])?;
    let above = weight.checked_sub(prices)?;
    let (own, other) = (&order.mentees[mentee], &order.mentors[mentor]);
    // Most pairs: not worth it for the levels above, or free of prices, so that their score alone counts, against them.
    if above < 0 || (above == 0 && own.is_empty() && other.is_empty()) {
        return Some(());
    }
    let mut worth = Vector::default();
    worth.add(above, own, -1)?;
    worth.add(0, other, -1)?;
    worth.add(0, &[(score, -1)], 1)?;
    if worth.sign() == Ordering::Greater {
        *sum = std::mem::take(sum).merged(worth)?;
    }
    Some(())
}

/// The loads at their prices, less the obligations of all required pairs.
fn of_loads(statement: &Statement, weights: &Weights, order: &Order) -> Option<Vector> {
    let required = i128::try_from(statement.required.len()).ok()?;
    let mut sum = Vector {
        above: weights.obligation.checked_mul(required)?.checked_neg()?,
        ..Vector::default()
    };
    let cover = statement.tiers.iter().map(|tier| weights.cover(*tier));
    let mentees = statement.mentees.iter().zip(cover).zip(&order.mentees);
    let mentors = statement
        .mentors
        .iter()
        .map(|load| (load, 0))
        .zip(&order.mentors);
    let above = order.above.mentees.iter().chain(&order.above.mentors);
    for (((load, cover), list), price) in mentees.chain(mentors).zip(above) {
        add_load(&mut sum, *load, *price, list, weights.obligation, cover)?;
    }
    Some(sum)
}

/// Adds the best that a load can be worth. As a function of the load it has breaks at 0, 1, the least and the greatest.
fn add_load(
    sum: &mut Vector,
    load: Load,
    price: i128,
    list: &[ScorePrice],
    obligation: i128,
    cover: i128,
) -> Option<()> {
    let breaks = [0, 1, load.min, load.max];
    // Of loads that are worth the same above, the first number of the price decides.
    let grows = list.first().is_some_and(|first| first.1 > 0);
    let mut best: Option<(i128, u32)> = None;
    for units in breaks.into_iter().filter(|units| *units <= load.max) {
        let worth = at_load(units, load, price, obligation, cover, 1)?;
        let is_better = best
            .is_none_or(|(other, at)| worth > other || (worth == other && (units > at) == grows));
        if is_better {
            best = Some((worth, units));
        }
    }
    let (worth, units) = best?;
    sum.add(worth, list, units.into())
}
