//! One pass over all eligible pairs: what they add to the bounds of some leaves. The rows are streamed over
//! the threads, and nothing is kept of a pair that has been looked at, save the best offers to circles.

use std::sync::atomic::{AtomicUsize, Ordering};

use rayon::prelude::*;

use super::bound::Leaf;
use super::circle::Circle;
use super::options::go_on;
use super::statement::{Statement, of_mentee};
use super::{fault, too_large};
use crate::certificate::Prices;
use crate::constraint::Rule;
use crate::error::Error;
use crate::interrupt::StopFlag;

/// Integers that prices are reckoned in: 64 bits where everything fits, which is several times as fast.
trait Whole: Copy + Ord + Send + Sync + From<i8> + Into<i128> + TryFrom<i128> {
    const LEAST: Self;

    /// `rate · score − charge`; `None` if it overflows.
    fn worth(rate: Self, score: i64, charge: Self) -> Option<Self>;
}

impl Whole for i64 {
    const LEAST: Self = Self::MIN;

    #[inline]
    fn worth(rate: Self, score: i64, charge: Self) -> Option<Self> {
        // Does not overflow: `Rates::fit` has looked at the greatest numbers beforehand.
        Some(rate * score - charge)
    }
}

impl Whole for i128 {
    const LEAST: Self = Self::MIN;

    #[inline]
    fn worth(rate: Self, score: i64, charge: Self) -> Option<Self> {
        rate.checked_mul(score.into())?.checked_sub(charge)
    }
}

/// What a pair counts in the combined objective, in the unit of the prices.
#[derive(Debug, Clone, Copy)]
pub(super) struct Rates {
    /// One unit of score.
    pub(super) score: i128,
    /// A required pair.
    pub(super) obligation: i128,
}

impl Rates {
    /// Whether 64 bits hold every price of the leaf, and what any pair is worth at it.
    fn fit(self, scores: (i64, i64), prices: &Prices) -> bool {
        let greatest = |prices: &[i128]| prices.iter().map(|price| price.unsigned_abs()).max();
        let score = scores.0.unsigned_abs().max(scores.1.unsigned_abs());
        let worth = (self.score.unsigned_abs())
            .checked_mul(score.into())
            .and_then(|worth| worth.checked_add(self.obligation.unsigned_abs()))
            .and_then(|worth| worth.checked_add(greatest(&prices.mentees).unwrap_or(0)))
            .and_then(|worth| {
                let mut of_quotas = prices.side.iter();
                of_quotas.try_fold(worth, |worth, price| {
                    worth.checked_add(price.unsigned_abs())
                })
            });
        let worth = worth.map(|worth| worth.max(greatest(&prices.mentors).unwrap_or(0)));
        // Half of the room is left over, so that no step on the way overflows either.
        worth.is_some_and(|worth| worth < 1 << 62)
    }
}

/// What a pass has found.
pub(super) struct Passed {
    /// How many eligible pairs there are.
    pub(super) eligible: u64,
    /// By leaf: `Σ max(0, w − u − v − Σ s)` over the pairs of mentors without an undecided circle (with what branches
    /// have decided of single ones), and what the best circles of the others are worth.
    pub(super) sums: Vec<i128>,
}

/// Looks at every eligible pair once, for all of `leaves`. The pairs of the answer, `claims` (ascending), must be
/// among them with the scores that they have there.
///
/// # Errors
/// [`ErrorKind::Verification`](crate::ErrorKind::Verification) where numbers are too large to be added up,
/// `::Interrupted` once `stop` is raised.
pub(super) fn over_pairs(
    statement: &Statement,
    rates: Rates,
    leaves: &[Leaf],
    claims: &[(u32, u32, i64)],
    stop: &StopFlag,
) -> Result<Passed, Error> {
    let fit = |leaf: &Leaf| rates.fit(statement.scores, leaf.prices);
    if leaves.iter().all(fit) {
        stream::<i64>(statement, rates, leaves, claims, stop)
    } else {
        stream::<i128>(statement, rates, leaves, claims, stop)
    }
}

fn stream<N: Whole>(
    statement: &Statement,
    rates: Rates,
    leaves: &[Leaf],
    claims: &[(u32, u32, i64)],
    stop: &StopFlag,
) -> Result<Passed, Error> {
    let next = AtomicUsize::new(0);
    // Each thread takes the next mentee whom no other has taken, and adds to sums of its own.
    let part = |_| -> Result<(u64, Vec<Tally<N>>), Error> {
        let tallies = leaves
            .iter()
            .map(|leaf| Tally::new(statement, rates, leaf).ok_or_else(too_large));
        let mut tallies = tallies.collect::<Result<Vec<_>, Error>>()?;
        let mut eligible = 0;
        let mut row = Vec::new();
        loop {
            let mentee = next.fetch_add(1, Ordering::Relaxed);
            if mentee >= statement.mentees.len() {
                return Ok((eligible, tallies));
            }
            (statement.row)(mentee, &mut row);
            // A row that is not whole has not counted yet.
            go_on(stop)?;
            // The weights of the levels rest on this range, and so do numbers of 64 bits.
            let (least, greatest) = statement.scores;
            if !row
                .iter()
                .all(|(_, score)| (least..=greatest).contains(score))
            {
                return Err(fault("a pair's score is not in the range of scores"));
            }
            answer_is_in(&row, of_mentee(claims, mentee, |claim| claim.0))?;
            eligible += row.len() as u64;
            let required = of_mentee(&statement.required, mentee, |pair| pair.0);
            for tally in &mut tallies {
                tally.add(mentee, &row, required).ok_or_else(too_large)?;
            }
        }
    };
    let parts: Vec<(u64, Vec<Tally<N>>)> = (0..rayon::current_num_threads())
        .into_par_iter()
        .map(part)
        .collect::<Result<_, Error>>()?;
    let eligible = parts.iter().map(|(eligible, _)| eligible).sum();
    let mut whole: Vec<Option<Tally<N>>> = leaves.iter().map(|_| None).collect();
    for (_, tallies) in parts {
        for (whole, tally) in whole.iter_mut().zip(tallies) {
            *whole = match whole.take() {
                None => Some(tally),
                Some(whole) => Some(whole.merged(tally).ok_or_else(too_large)?),
            };
        }
    }
    let sums = whole.into_iter().flatten();
    let sums = sums.map(|tally| tally.sum().ok_or_else(too_large));
    Ok(Passed {
        eligible,
        sums: sums.collect::<Result<_, Error>>()?,
    })
}

/// Whether the row that the bound is worked out from scores the mentee's pairs of the answer as the answer does.
pub(super) fn answer_is_in(row: &[(u32, i64)], claims: &[(u32, u32, i64)]) -> Result<(), Error> {
    for &(mentee, mentor, score) in claims {
        let pair = row.iter().find(|pair| pair.0 == mentor);
        if pair.map(|pair| pair.1) != Some(score) {
            return Err(fault(format!(
                "the pair of mentee number {} and mentor number {} in the order of ids has another score \
                 in the bound than in the answer: this is a fault in nearpeer, please report it",
                mentee + 1,
                mentor + 1
            )));
        }
    }
    Ok(())
}

/// What one thread has found of one leaf.
struct Tally<'a, N> {
    leaf: &'a Leaf<'a>,
    side: &'a [Rule<'a>],
    rate: N,
    obligation: i128,
    /// By mentor: what a pair must be worth, above its mentee's price, for the bound to notice it.
    hurdles: Vec<N>,
    /// By mentor; empty where there are no circles.
    circles: Vec<Option<Circle<N>>>,
    sum: i128,
}

impl<'a, N: Whole> Tally<'a, N> {
    fn new(statement: &'a Statement<'a>, rates: Rates, leaf: &'a Leaf<'a>) -> Option<Self> {
        let mentors = 0..statement.mentors.len();
        let circle = |mentor: usize| {
            let load = statement.mentors[mentor];
            leaf.has_circle(statement, mentor)
                .then(|| Circle::new(load.circle, load.max))
        };
        let circles: Vec<Option<Circle<N>>> = if mentors
            .clone()
            .any(|mentor| leaf.has_circle(statement, mentor))
        {
            mentors.clone().map(circle).collect()
        } else {
            Vec::new()
        };
        let hurdle = |mentor: usize| match circles.get(mentor) {
            // The mentor's price cancels, and the first offers are kept whatever they are worth.
            Some(Some(_)) => Some(N::LEAST),
            _ => N::try_from(leaf.prices.mentors[mentor]).ok(),
        };
        Some(Self {
            leaf,
            side: &statement.side,
            rate: N::try_from(rates.score).ok()?,
            obligation: rates.obligation,
            hurdles: mentors.map(hurdle).collect::<Option<_>>()?,
            circles,
            sum: 0,
        })
    }

    /// Adds the pairs of one mentee, some of whom are required. `None` if a number is too large.
    fn add(&mut self, mentee: usize, row: &[(u32, i64)], required: &[(u32, u32)]) -> Option<()> {
        let price = self.leaf.prices.mentees[mentee];
        let own = N::try_from(price).ok()?;
        let promised = N::try_from(price.checked_sub(self.obligation)?).ok()?;
        let (side, prices) = (self.side, &self.leaf.prices.side);
        let charge = |mentor: u32| {
            let is_required = required.iter().any(|pair| pair.1 == mentor);
            let mut charge: i128 = if is_required { promised } else { own }.into();
            for (rule, price) in side.iter().zip(prices) {
                if *price > 0 && (rule.pair)(mentee as u32, mentor, None) > 0 {
                    charge = charge.checked_add(*price)?;
                }
            }
            N::try_from(charge).ok()
        };
        if required.is_empty() && side.is_empty() {
            self.add_at(row, |_| Some(own))?;
        } else {
            self.add_at(row, charge)?;
        }
        for (mentor, is_chosen) in self.leaf.decided(mentee) {
            let pair = row.iter().find(|pair| pair.0 == mentor);
            let is_circle = matches!(self.circles.get(mentor as usize), Some(Some(_)));
            // A pair that is not eligible adds nothing, and one of an undecided circle no more than if it were undecided.
            if let (Some(&(_, score)), false) = (pair, is_circle) {
                let worth: i128 = N::worth(self.rate, score, charge(mentor)?)?.into();
                let profit = worth.checked_sub(self.hurdles[mentor as usize].into())?;
                let decided = if is_chosen { profit } else { 0 };
                let change = decided.checked_sub(profit.max(0))?;
                self.sum = self.sum.checked_add(change)?;
            }
        }
        Some(())
    }

    /// Adds pairs at what each is charged besides its mentor's price: the mentee's price and those of quotas, less
    /// what it counts apart from its score.
    #[inline]
    fn add_at(&mut self, row: &[(u32, i64)], charge: impl Fn(u32) -> Option<N>) -> Option<()> {
        for &(mentor, score) in row {
            let worth = N::worth(self.rate, score, charge(mentor)?)?;
            if worth >= self.hurdles[mentor as usize] {
                self.notice(mentor as usize, worth)?;
            }
        }
        Some(())
    }

    fn notice(&mut self, mentor: usize, worth: N) -> Option<()> {
        let hurdle = &mut self.hurdles[mentor];
        if let Some(Some(circle)) = self.circles.get_mut(mentor) {
            circle.offer(worth);
            *hurdle = circle.hurdle().unwrap_or(N::LEAST);
        } else {
            let profit = worth.into().checked_sub((*hurdle).into())?;
            self.sum = self.sum.checked_add(profit)?;
        }
        Some(())
    }

    fn merged(mut self, other: Self) -> Option<Self> {
        self.sum = self.sum.checked_add(other.sum)?;
        for (mine, theirs) in self.circles.iter_mut().zip(other.circles) {
            if let (Some(mine), Some(theirs)) = (mine, theirs) {
                mine.merge(theirs);
            }
        }
        Some(self)
    }

    fn sum(self) -> Option<i128> {
        let mut circles = self.circles.into_iter().flatten();
        circles.try_fold(self.sum, |sum, circle| sum.checked_add(circle.best()?))
    }
}
