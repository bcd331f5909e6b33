//! The levels of fairness: the lowest score of a match, raised as far as the levels above allow, and for leximin
//! the next lowest, and so on. Proofs and sources are at [`Fairness`].

mod floor;
mod graph;
mod order;
mod search;
mod stages;

use super::{Method, Solution};
use crate::certificate::{Fairness, Level, LevelValue, Proof, Without};
use crate::error::Error;
use crate::interrupt::Interrupt;
use crate::pairs::Above;
use crate::program::{Chosen, IntegerProgram};
use crate::programme::ObjectiveLevel;
use crate::progress::Phase;
use floor::Floor;

/// A match under a level of fairness, and its proofs.
pub(crate) struct Fair {
    pub(crate) chosen: Vec<Chosen>,
    /// The best match without the level.
    pub(crate) plain: Solution,
    /// Whether a limit came before a proof.
    pub(crate) cut: bool,
    /// The values and bounds of all levels.
    pub(crate) levels: Vec<LevelValue>,
    /// `None` where the obligations are not kept, so there is no match.
    pub(crate) proofs: Option<Fairness>,
}

/// Solves the program with a level of fairness between the levels above the score and the score.
///
/// # Errors
/// As [`solve`](super::solve).
pub(crate) fn solve(
    program: &IntegerProgram,
    level: ObjectiveLevel,
    method: Method,
    interrupt: &Interrupt,
) -> Result<Fair, Error> {
    let plain = super::solve(program, method, interrupt)?;
    let values = program.values(&plain.chosen);
    let mut levels = program.levels.bounds(plain.bound, &values);
    let score = levels.pop_if(|value| value.level == Level::Score);
    if !program.levels.is_feasible(&values) {
        for level in names(level) {
            levels.push(valued(*level, 0, 0));
        }
        levels.extend(score);
        let chosen = plain.chosen.clone();
        let cut = plain.cut;
        return Ok(Fair {
            chosen,
            plain,
            cut,
            levels,
            proofs: None,
        });
    }
    interrupt.enter(Phase::Fairness);
    let is_proven =
        |levels: &[LevelValue]| levels.iter().all(|value| value.bound == value.objective);
    let mut floor = if is_proven(&levels) {
        floor::raise(program, &plain, method, interrupt)?
    } else {
        Floor::unproven(program, &plain)
    };
    let mut cut = plain.cut || floor.lowest < floor.bound;
    let at_floor = Above::new(program.pairs, floor.lowest);
    let about = floor.lowest;
    let mut chosen = std::mem::take(&mut floor.chosen);
    let within = match score {
        None => None,
        Some(_) => {
            let program = program.over(&at_floor, program.levels.clone());
            let within = super::solve(&program, method, interrupt)?;
            let worth = |chosen: &[Chosen]| program.levels.combined(&program.values(chosen));
            if worth(&within.chosen) >= worth(&chosen) {
                chosen.clone_from(&within.chosen);
            }
            cut |= within.cut;
            Some(within)
        }
    };
    let mut order = None;
    if level == ObjectiveLevel::Leximin && !chosen.is_empty() {
        if is_proven(&levels) && floor.lowest == floor.bound {
            let program = program.over(&at_floor, program.levels.above_score());
            if let Some((raised, proof)) = order::raise(&program, &chosen, interrupt)? {
                (chosen, order) = (raised, Some(proof));
            }
        }
        cut |= order.is_none();
    }
    let lowest = lowest(program, &chosen);
    levels.push(valued(Level::WorstOff, lowest, floor.bound));
    if level == ObjectiveLevel::Leximin {
        let pairs = chosen.len() as i64;
        let proven = if order.is_some() { pairs } else { 0 };
        levels.push(valued(Level::Leximin, proven, pairs));
    }
    if let (Some(of_score), Some(within)) = (score, &within) {
        let values = program.values(&chosen);
        let bounds = program.levels.bounds(within.bound, &values);
        let mut own = *bounds.last().unwrap_or(&of_score);
        if order.is_some() {
            own.bound = own.objective;
        }
        levels.push(own);
    }
    let proofs = Fairness {
        floor: about,
        beyond: floor.beyond,
        within: within
            .filter(|_| order.is_none())
            .map(|within| within.into_proof()),
        order,
        without: score.map(|score| without(&plain, score)),
    };
    Ok(Fair {
        chosen,
        plain,
        cut,
        levels,
        proofs: Some(proofs),
    })
}

/// The levels of a certificate that a level of the objective stands for.
fn names(level: ObjectiveLevel) -> &'static [Level] {
    match level {
        ObjectiveLevel::Leximin => &[Level::WorstOff, Level::Leximin],
        _ => &[Level::WorstOff],
    }
}

fn valued(level: Level, objective: i64, bound: i64) -> LevelValue {
    LevelValue {
        level,
        weight: 0,
        objective,
        bound,
    }
}

/// The lowest score of the pairs; the greatest that there can be where there are none.
fn lowest(program: &IntegerProgram, chosen: &[Chosen]) -> i64 {
    let scores = chosen.iter().map(|pair| pair.score);
    scores.min().unwrap_or(program.pairs.score_range().1)
}

fn without(plain: &Solution, score: LevelValue) -> Without {
    Without {
        score: score.objective,
        bound: score.bound,
        pairs: plain.chosen.iter().map(|pair| pair.indices()).collect(),
    }
}

impl Solution {
    fn into_proof(self) -> Proof {
        Proof {
            denominator: self.denominator,
            nodes: self.nodes,
        }
    }
}
