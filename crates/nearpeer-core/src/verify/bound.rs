//! The bound that a certificate's prices prove. The formula and its sources are in
//! [`certificate`](crate::certificate); overflow is an error here, for a certificate is untrusted.

use std::borrow::Cow;
use std::collections::{HashMap, HashSet};

use rayon::prelude::*;

use super::fault;
use super::statement::{Load, Statement};
use crate::certificate::{Certificate, Level, Prices, ProofNode};
use crate::error::Error;

/// Pairs whose scores are kept for the leaves of a tree: 16 bytes each.
const KEPT_PAIRS: usize = 20_000_000;

/// The weights that the certificate gives the levels.
pub(super) struct Weights {
    pub(super) obligation: i128,
    pub(super) coverage: i128,
    pub(super) score: i128,
    /// By tier.
    pub(super) priority: Vec<(u32, i128)>,
}

impl Weights {
    fn cover(&self, tier: u32) -> i128 {
        let extra = self
            .priority
            .iter()
            .find(|(other, _)| *other == tier && tier > 0);
        self.coverage + extra.map_or(0, |(_, weight)| *weight)
    }

    pub(super) fn read(certificate: &Certificate) -> Self {
        let weight = |level: Level| {
            let mut levels = certificate.levels.iter();
            levels
                .find(|value| value.level == level)
                .map_or(0, |value| value.weight)
        };
        let priority = certificate
            .levels
            .iter()
            .filter_map(|value| match value.level {
                Level::Priority(tier) => Some((tier, value.weight)),
                _ => None,
            });
        Self {
            obligation: weight(Level::Obligations),
            coverage: weight(Level::Coverage),
            score: weight(Level::Score),
            priority: priority.collect(),
        }
    }
}

#[derive(Clone, Copy, PartialEq)]
enum State {
    Undecided,
    Closed,
    Open,
}

/// Pairs that branches have decided: whether they are in the match.
type Decided = HashMap<(u32, u32), bool>;

/// What the whole tree proves.
pub(super) struct Proven {
    /// No match has a greater combined objective.
    pub(super) bound: i128,
    pub(super) leaves: usize,
    pub(super) eligible: u64,
}

/// Walks the proof tree.
pub(super) fn of_tree(
    statement: &Statement,
    weights: &Weights,
    certificate: &Certificate,
) -> Result<Proven, Error> {
    // A tree has many leaves, and scoring plainly is slow: where they fit in memory, scores are kept.
    let kept: Option<Vec<Vec<(u32, i64)>>> = (certificate.nodes.len() > 1
        && statement
            .mentees
            .len()
            .saturating_mul(statement.mentors.len())
            <= KEPT_PAIRS)
        .then(|| {
            (0..statement.mentees.len())
                .into_par_iter()
                .map(&statement.row)
                .collect()
        });
    let row = |mentee: usize| match &kept {
        Some(rows) => Cow::Borrowed(rows[mentee].as_slice()),
        None => Cow::Owned((statement.row)(mentee)),
    };
    let mut stack = vec![(
        0usize,
        vec![State::Undecided; statement.mentors.len()],
        Decided::new(),
    )];
    let mut seen = HashSet::new();
    let mut proven = Proven {
        bound: i128::MIN,
        leaves: 0,
        eligible: 0,
    };
    while let Some((node, states, decided)) = stack.pop() {
        if !seen.insert(node) {
            return Err(fault("a node of the proof tree is reached twice"));
        }
        match certificate.nodes.get(node) {
            None => return Err(fault("the proof tree lacks a node")),
            Some(ProofNode::Branch {
                mentor,
                closed,
                open,
            }) => {
                let ix = mentor.get();
                let is_circle = statement
                    .mentors
                    .get(ix)
                    .is_some_and(|mentor| mentor.circle > 1);
                if !is_circle || states[ix] != State::Undecided {
                    return Err(fault(
                        "the proof tree splits on a mentor that it cannot split on",
                    ));
                }
                for (child, state) in [(*closed, State::Closed), (*open, State::Open)] {
                    let mut states = states.clone();
                    states[ix] = state;
                    stack.push((child, states, decided.clone()));
                }
            }
            Some(ProofNode::Pair {
                mentee,
                mentor,
                left_out,
                chosen,
            }) => {
                let pair = (mentee.0, mentor.0);
                let exists = mentee.get() < statement.mentees.len()
                    && mentor.get() < statement.mentors.len();
                if !exists || decided.contains_key(&pair) {
                    return Err(fault(
                        "the proof tree splits on a pair that it cannot split on",
                    ));
                }
                for (child, is_chosen) in [(*left_out, false), (*chosen, true)] {
                    let mut decided = decided.clone();
                    decided.insert(pair, is_chosen);
                    stack.push((child, states.clone(), decided));
                }
            }
            Some(ProofNode::Leaf(prices)) => {
                let (bound, eligible) = of_leaf(
                    statement,
                    &row,
                    weights,
                    certificate.denominator,
                    prices,
                    &states,
                    &decided,
                )?;
                proven.bound = proven.bound.max(bound);
                proven.leaves += 1;
                proven.eligible = eligible;
            }
        }
    }
    proven.bound = proven.bound.div_euclid(i128::from(certificate.denominator));
    Ok(proven)
}

/// One pass over a mentee's pairs: what they add to the bound, how many there are, and what undecided mentors
/// would get from this mentee.
struct Pass {
    sum: Option<i128>,
    eligible: u64,
    offers: Vec<(u32, i128)>,
}

fn of_leaf<'a>(
    statement: &Statement,
    row: &(impl Fn(usize) -> Cow<'a, [(u32, i64)]> + Sync),
    weights: &Weights,
    unit: i64,
    prices: &Prices,
    states: &[State],
    decided: &Decided,
) -> Result<(i128, u64), Error> {
    let unit = i128::from(unit);
    if prices.mentees.len() != statement.mentees.len()
        || prices.mentors.len() != statement.mentors.len()
    {
        return Err(fault(
            "a leaf of the proof has not as many prices as there are people",
        ));
    }
    if prices.side.len() != statement.side.len() {
        return Err(fault(
            "a leaf of the proof has not as many prices as there are quotas",
        ));
    }
    // A limit on what may be chosen can only make choosing dearer.
    if prices.side.iter().any(|price| *price < 0) {
        return Err(fault("a leaf of the proof has a negative price of a quota"));
    }
    let side_price = |mentee: u32, mentor: u32| -> Option<i128> {
        let rules = statement.side.iter().zip(&prices.side);
        rules
            .filter(|(rule, price)| **price > 0 && (rule.counts)(mentee, mentor))
            .try_fold(0i128, |sum, (_, price)| sum.checked_add(*price))
    };
    let in_circle = |ix: usize| statement.mentors[ix].circle > 1 && states[ix] == State::Undecided;
    let required: HashSet<(u32, u32)> = statement.required.iter().copied().collect();
    let passes: Vec<Pass> = (0..statement.mentees.len())
        .into_par_iter()
        .map(|mentee| {
            let mut pass = Pass {
                sum: Some(0),
                eligible: 0,
                offers: Vec::new(),
            };
            for &(mentor, score) in row(mentee).iter() {
                pass.eligible += 1;
                let promised = required.contains(&(mentee as u32, mentor));
                let worth = weights
                    .score
                    .checked_mul(score.into())
                    .and_then(|worth| {
                        worth.checked_add(if promised { weights.obligation } else { 0 })
                    })
                    .and_then(|worth| worth.checked_mul(unit))
                    .and_then(|worth| worth.checked_sub(prices.mentees[mentee]))
                    .and_then(|worth| worth.checked_sub(side_price(mentee as u32, mentor)?));
                let ix = mentor as usize;
                match worth {
                    Some(worth) if in_circle(ix) => pass.offers.push((mentor, worth)),
                    worth => {
                        let profit = worth.and_then(|worth| worth.checked_sub(prices.mentors[ix]));
                        let sum = pass.sum.zip(profit);
                        let pair = (mentee as u32, mentor);
                        pass.sum = sum.and_then(|(sum, profit)| {
                            sum.checked_add(match decided.get(&pair) {
                                None => profit.max(0),
                                Some(false) => 0,
                                Some(true) => profit,
                            })
                        });
                    }
                }
            }
            pass
        })
        .collect();
    let mut terms: Vec<Option<i128>> = statement
        .side
        .iter()
        .zip(&prices.side)
        .map(|(rule, price)| price.checked_mul(rule.limit.into()))
        .collect();
    let mut eligible = 0;
    let mut offers: Vec<Vec<i128>> = vec![Vec::new(); statement.mentors.len()];
    for (mentee, pass) in passes.into_iter().enumerate() {
        terms.push(pass.sum);
        eligible += pass.eligible;
        for (mentor, worth) in pass.offers {
            offers[mentor as usize].push(worth);
        }
        let cover = weights.cover(statement.tiers[mentee]);
        let load = statement.mentees[mentee];
        terms.push(best_load(
            load,
            prices.mentees[mentee],
            weights.obligation,
            cover,
            unit,
        ));
    }
    for (ix, (mut offers, load)) in offers.into_iter().zip(&statement.mentors).enumerate() {
        let price = prices.mentors[ix];
        terms.push(match states[ix] {
            State::Closed => Some(0),
            State::Open => {
                let open = Load {
                    min: load.circle.max(load.min),
                    ..*load
                };
                best_load(open, price, weights.obligation, 0, unit)
            }
            State::Undecided if in_circle(ix) => {
                offers.sort_unstable_by(|a, b| b.cmp(a));
                best_circle(load, &offers)
            }
            State::Undecided => best_load(*load, price, weights.obligation, 0, unit),
        });
    }
    let constant = i128::try_from(statement.required.len()).ok();
    let constant =
        constant.and_then(|required| required.checked_mul(weights.obligation)?.checked_mul(-unit));
    terms.push(constant);
    let total = terms
        .into_iter()
        .try_fold(0i128, |sum, term| sum.checked_add(term?));
    total
        .map(|bound| (bound, eligible))
        .ok_or_else(|| fault("the prices of the proof are too large to be added up"))
}

/// max over d of `price · d - obligation · missed(d) + cover · [d ≥ 1]`, every load tried.
fn best_load(load: Load, price: i128, obligation: i128, cover: i128, unit: i128) -> Option<i128> {
    let mut best = None;
    for units in 0..=load.max {
        let missed = i128::from(load.min.saturating_sub(units));
        let gain = if units > 0 { cover } else { 0 };
        let value = price.checked_mul(units.into())?;
        let promises = gain
            .checked_sub(obligation.checked_mul(missed)?)?
            .checked_mul(unit)?;
        best = best.max(Some(value.checked_add(promises)?));
    }
    best
}

/// The most that one mentor's circle can be worth, none included. `offers` are in descending order.
fn best_circle(load: &Load, offers: &[i128]) -> Option<i128> {
    let mut best = 0;
    let mut sum = 0i128;
    for (size, offer) in (1u32..=load.max).zip(offers) {
        sum = sum.checked_add(*offer)?;
        if size >= load.circle {
            best = best.max(sum);
        }
    }
    Some(best)
}
