//! The fewest blocking pairs among the matches that are best by the objective.
//!
//! Prices that prove a match the best describe all that are as good (complementary slackness): a pair that is
//! worth less than its two prices is in none of them, one that is worth more in all, and a person whose price says so is
//! in none or has all places taken. Among these the integer program
//!
//! ```text
//! min Σ b    b_em + Σ_{m' at least as wanted by e} x_em' + (1/c_m) Σ_{e' more wanted by m} x_e'm ≥ 1
//! ```
//!
//! (c_m is the mentor's room, b_em is 1 where the pair blocks) is solved with the rows of those pairs only that have
//! blocked a match so far. It gives a bound, and a match; once that has no blocking pair without a row, it is the
//! optimum. To find it is NP-hard in general (Biró, Manlove and Mittal, *Size versus stability in the marriage problem*, 2010).

use std::collections::BTreeSet;

use good_lp::{Constraint, Expression, ProblemVariables, Variable, variable};

use super::blocking::each_blocking;
use super::market::{Candidate, Market, Rank};
use crate::certificate::{Prices, ProofNode};
use crate::error::{Error, ErrorKind};
use crate::interrupt::Interrupt;
use crate::program::{Chosen, IntegerProgram, optimise};
use crate::roster::Role;
use crate::solve::Solution;

/// Rows that a round adds at most: thousands of pairs can block a match, and most of them no better one.
const ROWS: usize = 2_000;

/// A match with few blocking pairs.
#[derive(Debug)]
pub(crate) struct Fewest {
    /// By mentee.
    pub(crate) chosen: Vec<Chosen>,
    /// How many pairs block it.
    pub(crate) blocking: usize,
    /// No match that is as good has fewer.
    pub(crate) bound: usize,
    /// Whether a limit came before the two met.
    pub(crate) cut: bool,
}

/// Of the matches that are as good as `solution`, one with the fewest blocking pairs.
///
/// # Errors
/// [`ErrorKind::Interrupted`], or [`ErrorKind::Solver`]; a limit only cuts it short.
pub(crate) fn fewest_blocking(
    market: &Market,
    program: &IntegerProgram,
    solution: &Solution,
    proven: bool,
    interrupt: &Interrupt,
) -> Result<Fewest, Error> {
    let finish = interrupt.without_limits();
    let mut blocks = blocking(market, &solution.chosen, &finish)?;
    let mut best = Fewest {
        chosen: solution.chosen.clone(),
        blocking: blocks.len(),
        bound: 0,
        cut: false,
    };
    let prices = match solution.nodes.as_slice() {
        [ProofNode::Leaf(prices)] if proven => prices,
        _ => {
            best.cut = best.blocking > 0;
            return Ok(best);
        }
    };
    let mut equals = None;
    let mut rows = Vec::new();
    let mut known = BTreeSet::new();
    while best.blocking > best.bound {
        let new = blocks
            .iter()
            .filter(|(mentee, candidate)| known.insert((*mentee, candidate.who)));
        rows.extend(new.take(ROWS).copied());
        let equals = equals
            .get_or_insert_with(|| Equals::new(market, program, prices, solution.denominator));
        let chosen = match equals.fewest(market, &rows, interrupt) {
            Ok(chosen) => chosen,
            Err(error) if error.kind() == ErrorKind::Limit => {
                best.cut = true;
                break;
            }
            Err(error) => return Err(error),
        };
        blocks = blocking(market, &chosen, &finish)?;
        let counted = blocks
            .iter()
            .filter(|(mentee, candidate)| known.contains(&(*mentee, candidate.who)));
        best.bound = best.bound.max(counted.count());
        if blocks.len() < best.blocking {
            best.blocking = blocks.len();
            best.chosen = chosen;
        }
    }
    Ok(best)
}

type Block = (u32, Candidate);

fn blocking(
    market: &Market,
    chosen: &[Chosen],
    interrupt: &Interrupt,
) -> Result<Vec<Block>, Error> {
    each_blocking(market, chosen, interrupt, |mentee, blocking, _| {
        let pairs = blocking.iter();
        pairs.map(|candidate| (mentee, *candidate)).collect()
    })
}

/// All matches that are as good as the best.
struct Equals {
    /// The pairs that they can have, by mentee.
    pairs: Vec<Pair>,
    /// Whether each mentee, and each mentor, must have all places taken.
    filled: [Vec<bool>; 2],
}

struct Pair {
    chosen: Chosen,
    /// How much the two want each other.
    ranks: [Rank; 2],
    /// In every match.
    always: bool,
}

impl Equals {
    fn new(market: &Market, program: &IntegerProgram, prices: &Prices, unit: i64) -> Self {
        let unit = i128::from(unit);
        let worth = |mentee: usize| {
            prices.mentees[mentee] + unit * program.levels.coverage(program.mentees[mentee].tier)
        };
        let mut pairs = Vec::new();
        let mut row = Vec::new();
        for mentee in 0..program.mentees.len() {
            if worth(mentee) < 0 || program.mentees[mentee].max == 0 {
                continue;
            }
            program.pairs.row(mentee, &mut row);
            row.sort_unstable();
            for &(mentor, score) in &row {
                let price = prices.mentors[mentor as usize];
                let weight = unit * program.weight(mentee as u32, mentor, score);
                let over = weight - prices.mentees[mentee] - price;
                if over < 0 || price < 0 || program.mentors[mentor as usize].max == 0 {
                    continue;
                }
                let mentee = mentee as u32;
                let ranks = [
                    market.rank(Role::Mentee, mentee, mentor, score),
                    market.rank(Role::Mentor, mentor, mentee, score),
                ];
                if let [Some(of_mentee), Some(of_mentor)] = ranks {
                    pairs.push(Pair {
                        chosen: Chosen {
                            mentee,
                            mentor,
                            score,
                        },
                        ranks: [of_mentee, of_mentor],
                        always: over > 0,
                    });
                }
            }
        }
        let mentees = (0..program.mentees.len()).map(|mentee| worth(mentee) > 0);
        let mentors = prices.mentors.iter().map(|price| *price > 0);
        Self {
            pairs,
            filled: [mentees.collect(), mentors.collect()],
        }
    }

    /// The match with the fewest of the pairs of `rows` that block.
    fn fewest(
        &self,
        market: &Market,
        rows: &[Block],
        interrupt: &Interrupt,
    ) -> Result<Vec<Chosen>, Error> {
        let mut variables = ProblemVariables::new();
        let mut constraints: Vec<Constraint> = Vec::new();
        let mut picked = Vec::with_capacity(self.pairs.len());
        let mut of = [Role::Mentee, Role::Mentor].map(|role| vec![Vec::new(); market.people(role)]);
        for (place, pair) in self.pairs.iter().enumerate() {
            let chosen = variables.add(variable().binary());
            if pair.always {
                constraints.push(Expression::from(chosen).geq(1));
            }
            picked.push((chosen, place));
            of[0][pair.chosen.mentee as usize].push((pair.ranks[0], chosen));
            of[1][pair.chosen.mentor as usize].push((pair.ranks[1], chosen));
        }
        for ((of, filled), room) in of.iter().zip(&self.filled).zip(&market.room) {
            for ((pairs, filled), room) in of.iter().zip(filled).zip(room) {
                let load: Expression = pairs.iter().map(|(_, chosen)| chosen).sum();
                if *filled {
                    constraints.push(load.clone().geq(f64::from(*room)));
                }
                if !pairs.is_empty() {
                    constraints.push(load.leq(f64::from(*room)));
                }
            }
        }
        let mut objective = Expression::with_capacity(rows.len());
        for (mentee, candidate) in rows {
            let blocks = variables.add(variable().binary());
            objective.add_mul(-1, blocks);
            let room = f64::from(market.room[1][candidate.who as usize]);
            let mut kept = room * blocks;
            let add = |kept: &mut Expression, pairs: &[(Rank, Variable)], below, factor: f64| {
                for (_, chosen) in pairs.iter().filter(|(rank, _)| *rank < below) {
                    kept.add_mul(factor, *chosen);
                }
            };
            let at_least = (candidate.rank.0, candidate.rank.1, candidate.rank.2 + 1);
            add(&mut kept, &of[0][*mentee as usize], at_least, room);
            add(
                &mut kept,
                &of[1][candidate.who as usize],
                candidate.returned,
                1.0,
            );
            constraints.push(kept.geq(room));
        }
        let values = optimise(
            variables,
            objective,
            constraints,
            Vec::new(),
            &picked,
            interrupt,
        )?;
        let pairs = self.pairs.iter().zip(values);
        Ok(pairs
            .filter(|(_, is_chosen)| *is_chosen)
            .map(|(pair, _)| pair.chosen)
            .collect())
    }
}
