//! The certificate of a solution: what its values and bounds prove.

use crate::certificate::{Certificate, FORMAT, Fairness, Level, LevelValue, ProofNode, Status};
use crate::error::{Error, ErrorKind};
use crate::program::{Chosen, IntegerProgram};
use crate::solve::Solution;
use crate::solve::fair::Fair;

/// The ids of the mentees and of the mentors.
type Ids = [Vec<String>; 2];

/// The certificate of a solution.
///
/// # Errors
/// [`ErrorKind::Limit`] if a limit came before the obligations were kept or shown to conflict.
pub(crate) fn certify(
    program: &IntegerProgram,
    solution: &Solution,
    ids: Ids,
) -> Result<Certificate, Error> {
    let values = program.values(&solution.chosen);
    let levels = match &solution.staged {
        None => program.levels.bounds(solution.bound, &values),
        Some(staged) => {
            let levels = program.levels.iter().zip(values.iter().zip(&staged.bounds));
            levels
                .map(|((level, weight), (&objective, &bound))| LevelValue {
                    level,
                    weight,
                    objective,
                    bound,
                })
                .collect()
        }
    };
    let status = status(program, solution, &levels, solution.cut)?;
    let proof = (solution.denominator, solution.nodes.clone());
    let staged = solution.staged.as_ref();
    Ok(Certificate {
        parts: staged.map_or_else(Vec::new, |staged| staged.parts.clone()),
        ..certificate(status, levels, ids, proof, None)
    })
}

/// The match and the certificate of a solution under a level of fairness.
///
/// # Errors
/// As [`certify`].
pub(crate) fn certify_fair(
    program: &IntegerProgram,
    fair: Fair,
    ids: Ids,
) -> Result<(Vec<Chosen>, Certificate), Error> {
    let status = status(program, &fair.plain, &fair.levels, fair.cut)?;
    let proof = (fair.plain.denominator, fair.plain.nodes);
    let certificate = certificate(status, fair.levels, ids, proof, fair.proofs);
    Ok((fair.chosen, certificate))
}

/// What is proven by a solution and by the bounds of all levels.
fn status(
    program: &IntegerProgram,
    solution: &Solution,
    levels: &[LevelValue],
    cut: bool,
) -> Result<Status, Error> {
    let values = program.values(&solution.chosen);
    let infeasible = match &solution.staged {
        None => program.levels.proves_infeasible(solution.bound),
        Some(_) => levels
            .iter()
            .any(|level| level.level == Level::Obligations && level.bound < 0),
    };
    if infeasible {
        Ok(Status::Infeasible)
    } else if !program.levels.is_feasible(&values) {
        Err(Error::new(
            ErrorKind::Limit,
            "a limit was reached before any feasible match was found",
        ))
    } else if levels.iter().all(|level| level.bound == level.objective) {
        Ok(Status::Optimal)
    } else if cut {
        Ok(Status::LimitReached)
    } else {
        Err(Error::new(
            ErrorKind::Solver,
            "the bound does not meet the objective: this is a fault in nearpeer, please report it",
        ))
    }
}

fn certificate(
    status: Status,
    mut levels: Vec<LevelValue>,
    [mentees, mentors]: Ids,
    (denominator, nodes): (i64, Vec<ProofNode>),
    fairness: Option<Fairness>,
) -> Certificate {
    if status == Status::Infeasible {
        // Only the bound of the first level speaks of all matches; nothing else is claimed.
        for (ix, level) in levels.iter_mut().enumerate() {
            level.bound = if ix == 0 { level.bound } else { 0 };
            level.objective = level.bound;
        }
    }
    let of_interest = match status {
        Status::Infeasible => levels.first(),
        _ => levels
            .iter()
            .find(|level| level.bound != level.objective)
            .or(levels.last()),
    };
    let (level, objective, bound) = of_interest.map_or((Level::Coverage, 0, 0), |level| {
        (level.level, level.objective, level.bound)
    });
    Certificate {
        format: FORMAT,
        status,
        level,
        objective,
        bound,
        gap: bound - objective,
        levels,
        mentees,
        mentors,
        denominator,
        nodes,
        fairness,
        parts: Vec::new(),
        students: Vec::new(),
        groups: Vec::new(),
        unbalanced: None,
        stability: None,
    }
}
