//! The highest floor under all scores at which the levels above keep their values: bisection over the scores, each
//! step solved and proven like any programme.

use rayon::prelude::*;

use super::super::{Method, Solution, solve};
use super::{Proof, lowest};
use crate::error::Error;
use crate::interrupt::Interrupt;
use crate::pairs::Above;
use crate::program::{Chosen, IntegerProgram};

/// Mentees whose best scores one thread looks for at a time.
const CHUNK: usize = 64;

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
    let mut hints = hints(program, plain);
    while floor.lowest < floor.bound {
        // A good hint is tried from both sides; what is left is halved.
        let tried = match hints.last() {
            Some(&hint) if hint < floor.lowest || hint > floor.bound => {
                hints.pop();
                continue;
            }
            Some(&hint) if hint < floor.bound => hint + 1,
            Some(&hint) => hint,
            None => floor.lowest + (floor.bound - floor.lowest + 1) / 2,
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
    }
    Ok(floor)
}

/// What the lowest score cannot be above if the same mentees, or the same people, stay matched: the least of their best
/// scores. Mostly one of the two is the answer; the lower one comes last.
fn hints(program: &IntegerProgram, plain: &Solution) -> Vec<i64> {
    let nobody = || vec![i64::MIN; program.mentors.len()];
    let mentees: Vec<usize> = (plain.chosen)
        .chunk_by(|a, b| a.mentee == b.mentee)
        .map(|pairs| pairs[0].mentee as usize)
        .collect();
    let of_mentees = mentees.par_chunks(CHUNK).fold(
        || (i64::MAX, nobody(), Vec::new()),
        |(mut least, mut mentors, mut row), mentees| {
            for &mentee in mentees {
                program.pairs.row(mentee, &mut row);
                least = least.min(row.iter().map(|pair| pair.1).max().unwrap_or(least));
                for &(mentor, score) in &row {
                    let best = &mut mentors[mentor as usize];
                    *best = score.max(*best);
                }
            }
            (least, mentors, row)
        },
    );
    let (of_mentees, best, _) = of_mentees.reduce(
        || (i64::MAX, nobody(), Vec::new()),
        |mut a, b| {
            let best = a.1.iter_mut().zip(b.1);
            best.for_each(|(best, other)| *best = other.max(*best));
            (a.0.min(b.0), a.1, a.2)
        },
    );
    let mentors = plain.chosen.iter().map(|pair| best[pair.mentor as usize]);
    let of_people = mentors.min().unwrap_or(of_mentees).min(of_mentees);
    vec![of_mentees, of_people]
}
