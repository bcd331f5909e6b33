//! What a limit finds at hand: the best match and the best bound so far.

use super::{Solution, bound};
use crate::certificate::{LevelValue, Prices, ProofNode};
use crate::program::{Chosen, Decision, IntegerProgram};

/// The best match so far, and the prices whose bound is the best so far.
pub(super) struct AtHand {
    /// Ascending.
    pub(super) chosen: Vec<Chosen>,
    /// The combined objective of `chosen`.
    pub(super) value: i128,
    prices: Prices,
    /// In the prices' units.
    bound: i128,
    /// What one unit of the combined objective counts in the prices.
    denominator: i64,
}

impl AtHand {
    /// Nothing chosen, and a bound that needs no look at any pair, so that a limit may come at once.
    pub(super) fn new(program: &IntegerProgram, denominator: i64) -> Self {
        let (prices, bound) = outset(program, denominator);
        Self {
            chosen: Vec::new(),
            value: program.levels.combined(&program.values(&[])),
            prices,
            bound,
            denominator,
        }
    }

    /// Keeps a match, ascending, if it is better and every load is within its bounds.
    pub(super) fn offer(&mut self, program: &IntegerProgram, chosen: Vec<Chosen>) {
        let value = program.levels.combined(&program.values(&chosen));
        if value > self.value && program.allows(&chosen) {
            (self.chosen, self.value) = (chosen, value);
        }
    }

    /// Keeps prices, if their bound is not worse. It must be the bound that the certificate's formula gives
    /// for them.
    pub(super) fn prove(&mut self, prices: &Prices, bound: i128) {
        if bound <= self.bound {
            self.prices.clone_from(prices);
            self.bound = bound;
        }
    }

    /// What the match has in every level, and the bounds.
    pub(super) fn levels(&self, program: &IntegerProgram) -> Vec<LevelValue> {
        let bound = self.bound.div_euclid(i128::from(self.denominator));
        program.levels.bounds(bound, &program.values(&self.chosen))
    }

    /// All that is at hand, as the solution of a solve that is cut.
    pub(super) fn solution(self) -> Solution {
        Solution {
            chosen: self.chosen,
            bound: self.bound.div_euclid(i128::from(self.denominator)),
            denominator: self.denominator,
            nodes: vec![ProofNode::Leaf(self.prices)],
            cut: true,
            staged: None,
        }
    }
}

/// Prices that no pair is worth more than, whoever is in it, and their bound: either all mentees ask the most
/// that a pair can be worth and mentors nothing, or mentors ask that and mentees nothing.
fn outset(program: &IntegerProgram, denominator: i64) -> (Prices, i128) {
    let unit = i128::from(denominator);
    let levels = &program.levels;
    let most = i128::from(program.pairs.score_range().1) * levels.score();
    let mut required = [
        vec![false; program.mentees.len()],
        vec![false; program.mentors.len()],
    ];
    for &(mentee, mentor) in &program.required {
        required[0][mentee as usize] = true;
        required[1][mentor as usize] = true;
    }
    let ask = |required: &Vec<bool>, most: i128| {
        let price = |required: &bool| {
            let obligation = if *required { levels.obligation() } else { 0 };
            unit * (most + obligation)
        };
        required.iter().map(price).collect::<Vec<i128>>()
    };
    let undecided = vec![Decision::Either; program.mentors.len()];
    let with_bound = |prices: Prices| {
        let bound = bound::loads_bound(program, &undecided, &prices, unit);
        (prices, bound)
    };
    let by_mentees = with_bound(Prices {
        mentees: ask(&required[0], most),
        mentors: vec![0; program.mentors.len()],
        side: vec![0; program.side.len()],
        ..Prices::default()
    });
    if !program.is_network() {
        // The price of an undecided circle cancels in the bound, so mentors cannot be the ones who ask.
        return by_mentees;
    }
    // A mentee who asks nothing gives what a first mentor is worth besides the pair.
    let gives: Vec<i128> = program
        .mentees
        .iter()
        .map(|mentee| {
            let promised = if mentee.min > 0 {
                levels.obligation()
            } else {
                0
            };
            levels.coverage(mentee.tier) + promised
        })
        .collect();
    let greatest = gives.iter().copied().max().unwrap_or(0);
    let by_mentors = with_bound(Prices {
        mentees: gives.into_iter().map(|gives| -unit * gives).collect(),
        mentors: ask(&required[1], most + greatest),
        side: vec![0; program.side.len()],
        ..Prices::default()
    });
    if by_mentors.1 < by_mentees.1 {
        by_mentors
    } else {
        by_mentees
    }
}
