//! The highest floor under all scores at which the levels above keep their values: bisection over the scores, each
//! step solved and proven like any programme.

use rayon::prelude::*;

use super::super::{Method, Solution, solve};
use super::{Proof, lowest};
use crate::error::Error;
use crate::interrupt::Interrupt;
use crate::pairs::Above;
use crate::program::{Chosen, IntegerProgram};

/// How far the lowest score can be raised.
pub(super) struct Floor {
    /// A match that is as good in the levels above.
    pub(super) chosen: Vec<Chosen>,
    /// Its lowest score.
    pub(super) lowest: i64,
    /// No match that is as good in the levels above has a greater lowest score.
    pub(super) bound: i64,
    /// That proof; `None` where the bound is the greatest score there can be.
    pub(super) beyond: Option<Proof>,
}

impl Floor {
    /// What is known before anything is tried.
    pub(super) fn unproven(program: &IntegerProgram, plain: &Solution) -> Self {
        Self {
            lowest: lowest(program, &plain.chosen),
            chosen: plain.chosen.clone(),
            bound: program.pairs.score_range().1,
            beyond: None,
        }
    }
}

/// Raises the lowest score as far as the levels above allow, or a limit does. They must be proven for `plain`.
///
/// # Errors
/// As [`solve`].
pub(super) fn raise(
    program: &IntegerProgram,
    plain: &Solution,
    method: Method,
    interrupt: &Interrupt,
) -> Result<Floor, Error> {
    let above = program.levels.above_score();
    let mut floor = Floor::unproven(program, plain);
    let value_of = |program: &IntegerProgram, chosen: &[Chosen]| {
        program.levels.combined(&program.values(chosen))
    };
    let target = value_of(&program.over(program.pairs, above.clone()), &plain.chosen);
    let mut guess = guess(program, plain);
    while floor.lowest < floor.bound {
        // A good guess is tried from both sides; what is left is halved.
        let tried = match guess {
            Some(guess) if guess < floor.bound && guess >= floor.lowest => guess + 1,
            Some(guess) if guess == floor.bound => guess,
            _ => floor.lowest + (floor.bound - floor.lowest + 1) / 2,
        };
        let pairs = Above::new(program.pairs, tried);
        let program = program.over(&pairs, above.clone());
        let solution = solve(&program, method, interrupt)?;
        if value_of(&program, &solution.chosen) == target {
            floor.lowest = lowest(&program, &solution.chosen);
            floor.chosen = solution.chosen;
        } else if solution.bound < target {
            floor.bound = tried - 1;
            floor.beyond = Some(solution.into_proof());
        } else {
            break;
        }
        if guess.is_some_and(|guess| floor.lowest > guess || tried == guess) {
            guess = None;
        }
    }
    Ok(floor)
}

/// What the lowest score cannot be above if the same mentees stay matched: the least of their best scores. A hint, which
/// mostly is the answer.
fn guess(program: &IntegerProgram, plain: &Solution) -> Option<i64> {
    let best = |row: &mut Vec<(u32, i64)>, pair: &Chosen| {
        program.pairs.row(pair.mentee as usize, row);
        row.iter().map(|(_, score)| *score).max()
    };
    let mentees = plain.chosen.par_chunk_by(|a, b| a.mentee == b.mentee);
    let best = mentees.map_init(Vec::new, |row, pairs| best(row, &pairs[0]));
    best.flatten().min()
}
