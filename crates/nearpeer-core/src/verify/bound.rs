//! The bound that a certificate's prices prove. The formula and its sources are in
//! [`certificate`](crate::certificate); overflow is an error here, for a certificate is untrusted.

use std::collections::{BTreeMap, HashSet};

use super::pass::{Rates, over_pairs};
use super::statement::{Load, Statement};
use super::{fault, too_large};
use crate::certificate::{Certificate, Level, Prices, Proof, ProofNode};
use crate::error::Error;
use crate::interrupt::StopFlag;

/// Mentors' prices that a thread holds at one time. A tree has many leaves, and each pass over the pairs is
/// for as many of them as that allows.
const HELD_PRICES: usize = 1 << 19;

/// The weights that the certificate gives the levels.
pub(super) struct Weights {
    pub(super) obligation: i128,
    pub(super) coverage: i128,
    pub(super) transition: i128,
    pub(super) score: i128,
    /// By tier.
    pub(super) priority: Vec<(u32, i128)>,
}

impl Weights {
    /// What covering a mentee of this tier counts, in a transition grade or not.
    pub(super) fn cover(&self, (tier, transition): (u32, bool)) -> i128 {
        let extra = self
            .priority
            .iter()
            .find(|(other, _)| *other == tier && tier > 0);
        let transition = if transition { self.transition } else { 0 };
        self.coverage + transition + extra.map_or(0, |(_, weight)| *weight)
    }

    /// Those of the levels above the score.
    pub(super) fn above_score(&self) -> Self {
        Self {
            priority: self.priority.clone(),
            score: 0,
            ..*self
        }
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
            transition: weight(Level::Transition),
            score: weight(Level::Score),
            priority: priority.collect(),
        }
    }
}

/// What a leaf's branches say of a mentor's circle.
#[derive(Clone, Copy, PartialEq)]
enum State {
    Undecided,
    Closed,
    Open,
}

/// Pairs (mentee, mentor) that branches have decided: whether they are in the match.
type Decided = BTreeMap<(u32, u32), bool>;

/// What a branch has decided of a level.
#[derive(Clone, Copy)]
enum Bounded {
    AtMost(Level, i64),
    AtLeast(Level, i64),
}

impl Bounded {
    /// What a price of this adds to the bound beside the weights. `None` if it is too large.
    fn paid(self, price: i128) -> Option<i128> {
        match self {
            Self::AtMost(_, value) => price.checked_mul(value.into()),
            Self::AtLeast(_, value) => price.checked_mul(value.into())?.checked_neg(),
        }
    }

    /// What a price of this adds to the weight of covering a mentee of this tier, in a transition grade or not.
    fn weight(self, price: i128, (tier, transition): (u32, bool)) -> Option<i128> {
        let (Self::AtMost(level, _) | Self::AtLeast(level, _)) = self;
        let counts = match level {
            Level::Priority(other) => other == tier,
            Level::Transition => transition,
            _ => true,
        };
        match self {
            _ if !counts => Some(0),
            Self::AtMost(..) => price.checked_neg(),
            Self::AtLeast(..) => Some(price),
        }
    }
}

/// What the branches on the way to a node have decided.
#[derive(Clone)]
struct Way {
    /// By mentor.
    states: Vec<State>,
    decided: Decided,
    levels: Vec<Bounded>,
}

/// Prices, and what the branches on the way to them have decided.
pub(super) struct Leaf<'a> {
    pub(super) prices: &'a Prices,
    way: Way,
}

impl Leaf<'_> {
    /// Whether the mentor takes none or at least so many, and the branches do not say which.
    pub(super) fn has_circle(&self, statement: &Statement, mentor: usize) -> bool {
        statement.mentors[mentor].circle > 1 && self.way.states[mentor] == State::Undecided
    }

    /// The pairs of a mentee that the branches have decided: their mentors, and whether they are chosen.
    pub(super) fn decided(&self, mentee: usize) -> impl Iterator<Item = (u32, bool)> {
        let mentee = mentee as u32;
        let of_mentee = self.way.decided.range((mentee, 0)..=(mentee, u32::MAX));
        of_mentee.map(|((_, mentor), chosen)| (*mentor, *chosen))
    }
}

/// A proof tree, and what one unit of the combined objective counts in its prices.
#[derive(Clone, Copy)]
pub(super) struct Tree<'a> {
    pub(super) denominator: i64,
    pub(super) nodes: &'a [ProofNode],
}

impl<'a> From<&'a Certificate> for Tree<'a> {
    fn from(certificate: &'a Certificate) -> Self {
        Self {
            denominator: certificate.denominator,
            nodes: &certificate.nodes,
        }
    }
}

impl<'a> From<&'a Proof> for Tree<'a> {
    fn from(proof: &'a Proof) -> Self {
        Self {
            denominator: proof.denominator,
            nodes: &proof.nodes,
        }
    }
}

/// What the whole tree proves.
pub(super) struct Proven {
    /// No match has a greater combined objective.
    pub(super) bound: i128,
    pub(super) leaves: usize,
    pub(super) eligible: u64,
}

/// The bound of the largest leaf of the proof tree. `claims` are the pairs of the answer.
pub(super) fn of_tree(
    statement: &Statement,
    weights: &Weights,
    tree: Tree,
    claims: &[(u32, u32, i64)],
    stop: &StopFlag,
) -> Result<Proven, Error> {
    if !(1..=1_000_000_000).contains(&tree.denominator) {
        return Err(fault("the denominator of the prices is out of range"));
    }
    let mut claims = claims.to_vec();
    claims.sort_unstable();
    let unit = i128::from(tree.denominator);
    let rates = Rates {
        score: weights.score.checked_mul(unit).ok_or_else(too_large)?,
        obligation: weights.obligation.checked_mul(unit).ok_or_else(too_large)?,
    };
    let leaves = leaves(statement, tree.nodes)?;
    let at_once = HELD_PRICES / statement.mentors.len().max(1);
    let mut proven = Proven {
        bound: i128::MIN,
        leaves: leaves.len(),
        eligible: 0,
    };
    for some in leaves.chunks(at_once.max(1)) {
        let passed = over_pairs(statement, rates, some, &claims, stop)?;
        proven.eligible = passed.eligible;
        for (leaf, of_pairs) in some.iter().zip(passed.sums) {
            let of_loads = of_loads(statement, weights, unit, leaf);
            let bound = of_loads.and_then(|of_loads| of_loads.checked_add(of_pairs));
            proven.bound = proven.bound.max(bound.ok_or_else(too_large)?);
        }
    }
    proven.bound = proven.bound.div_euclid(unit);
    Ok(proven)
}

/// Walks the proof tree, whose leaves must cover every match.
fn leaves<'a>(statement: &Statement, nodes: &'a [ProofNode]) -> Result<Vec<Leaf<'a>>, Error> {
    let root = Way {
        states: vec![State::Undecided; statement.mentors.len()],
        decided: Decided::new(),
        levels: Vec::new(),
    };
    let mut stack = vec![(0usize, root)];
    let mut seen = HashSet::new();
    let mut leaves = Vec::new();
    while let Some((node, way)) = stack.pop() {
        if !seen.insert(node) {
            return Err(fault("a node of the proof tree is reached twice"));
        }
        match nodes.get(node) {
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
                if !is_circle || way.states[ix] != State::Undecided {
                    return Err(fault(
                        "the proof tree splits on a mentor that it cannot split on",
                    ));
                }
                for (child, state) in [(*closed, State::Closed), (*open, State::Open)] {
                    let mut way = way.clone();
                    way.states[ix] = state;
                    stack.push((child, way));
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
                if !exists || way.decided.contains_key(&pair) {
                    return Err(fault(
                        "the proof tree splits on a pair that it cannot split on",
                    ));
                }
                for (child, is_chosen) in [(*left_out, false), (*chosen, true)] {
                    let mut way = way.clone();
                    way.decided.insert(pair, is_chosen);
                    stack.push((child, way));
                }
            }
            Some(ProofNode::Level {
                level,
                at_most,
                below,
                above,
            }) => {
                let counts = matches!(
                    level,
                    Level::Priority(1..) | Level::Transition | Level::Coverage
                );
                let more = at_most.checked_add(1).filter(|_| counts).ok_or_else(|| {
                    fault("the proof tree splits on a level that it cannot split on")
                })?;
                let sides = [
                    (*below, Bounded::AtMost(*level, *at_most)),
                    (*above, Bounded::AtLeast(*level, more)),
                ];
                for (child, bounded) in sides {
                    let mut way = way.clone();
                    way.levels.push(bounded);
                    stack.push((child, way));
                }
            }
            Some(ProofNode::Leaf(prices)) => {
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
                if prices.levels.len() != way.levels.len() {
                    return Err(fault(
                        "a leaf of the proof has not as many prices as levels are decided",
                    ));
                }
                if prices.levels.iter().any(|price| *price < 0) {
                    return Err(fault("a leaf of the proof has a negative price of a level"));
                }
                leaves.push(Leaf { prices, way });
            }
        }
    }
    Ok(leaves)
}

/// The part of a leaf's bound that is not of pairs: the loads and quotas at their prices, less all obligations of
/// required pairs. `None` if it is too large.
fn of_loads(statement: &Statement, weights: &Weights, unit: i128, leaf: &Leaf) -> Option<i128> {
    let required = i128::try_from(statement.required.len()).ok()?;
    let mut sum = (weights.obligation.checked_mul(required)?).checked_mul(-unit)?;
    let obligation = weights.obligation;
    let mentees = statement.mentees.iter().zip(&statement.tiers);
    for ((load, tier), price) in mentees.zip(&leaf.prices.mentees) {
        let cover = weights.cover(*tier);
        let best = if leaf.way.levels.is_empty() {
            best_load(*load, *price, obligation, cover, unit)
        } else {
            // The weight as the prices of decided levels leave it, in their units.
            let mut levels = leaf.way.levels.iter().zip(&leaf.prices.levels);
            let cover = levels.try_fold(cover.checked_mul(unit)?, |cover, (level, price)| {
                cover.checked_add(level.weight(*price, *tier)?)
            })?;
            best_load(*load, *price, obligation.checked_mul(unit)?, cover, 1)
        };
        sum = sum.checked_add(best?)?;
    }
    for (ix, (load, price)) in (statement.mentors.iter().zip(&leaf.prices.mentors)).enumerate() {
        let best = match leaf.way.states[ix] {
            State::Closed => Some(0),
            State::Open => {
                let open = Load {
                    min: load.circle.max(load.min),
                    ..*load
                };
                best_load(open, *price, obligation, 0, unit)
            }
            // The pass over the pairs has found the best circle.
            State::Undecided if leaf.has_circle(statement, ix) => Some(0),
            State::Undecided => best_load(*load, *price, obligation, 0, unit),
        };
        sum = sum.checked_add(best?)?;
    }
    for (rule, price) in statement.side.iter().zip(&leaf.prices.side) {
        sum = sum.checked_add(price.checked_mul(rule.limit.into())?)?;
    }
    for (level, price) in leaf.way.levels.iter().zip(&leaf.prices.levels) {
        sum = sum.checked_add(level.paid(*price)?)?;
    }
    Some(sum)
}

/// max over d of `price · d - obligation · missed(d) + cover · [d ≥ 1]`. The function is linear between the
/// loads 0, 1, min and max, so one of them is best.
fn best_load(load: Load, price: i128, obligation: i128, cover: i128, unit: i128) -> Option<i128> {
    let breaks = [0, 1, load.min, load.max];
    let mut best = None;
    for units in breaks.into_iter().filter(|units| *units <= load.max) {
        best = best.max(Some(at_load(units, load, price, obligation, cover, unit)?));
    }
    best
}

pub(super) fn at_load(
    units: u32,
    load: Load,
    price: i128,
    obligation: i128,
    cover: i128,
    unit: i128,
) -> Option<i128> {
    let missed = i128::from(load.min.saturating_sub(units));
    let gain = if units > 0 { cover } else { 0 };
    let promises = gain
        .checked_sub(obligation.checked_mul(missed)?)?
        .checked_mul(unit)?;
    price.checked_mul(units.into())?.checked_add(promises)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        /// The loads that are tried against every load there is.
        #[test]
        fn the_best_load_is_that_of_all_loads(
            (min, max) in (0u32..12, 0u32..12),
            price in -40i128..40,
            obligation in 0i128..40,
            cover in -40i128..40,
            unit in 1i128..4,
        ) {
            let load = Load { min, max, circle: 0 };
            let of = |units| at_load(units, load, price, obligation, cover, unit);
            let all = (0..=max).filter_map(of).max();
            prop_assert_eq!(best_load(load, price, obligation, cover, unit), all);
        }
    }

    #[test]
    fn numbers_beyond_128_bits_are_noticed() {
        let load = |max| Load {
            min: 1,
            max,
            circle: 0,
        };
        assert_eq!(best_load(load(1), i128::MAX, 0, 0, 1), Some(i128::MAX));
        assert_eq!(best_load(load(2), i128::MAX, 0, 0, 1), None);
        assert_eq!(best_load(load(1), 0, i128::MAX, 0, 2), None);
        assert_eq!(best_load(load(1), 1, 0, i128::MAX, 1), None);
    }
}
