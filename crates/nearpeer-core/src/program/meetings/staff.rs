//! The master program of staffing: where to put leaders so that what is known of the bound is greatest.

use good_lp::{Expression, ProblemVariables, SolverModel, variable};

use super::Staffing;
use crate::error::Error;
use crate::interrupt::Interrupt;
use crate::program::highs::solve_within;

/// A staffing this near to the best is good enough to be looked at.
const NEAR: f64 = 1e-5;

/// A bound for all staffings: a constant, and what each place's capacity adds.
pub(crate) struct Line<'a> {
    pub(crate) fixed: f64,
    pub(crate) places: &'a [i64],
}

/// The places of every leader, with nearly the greatest of the least of these bounds, and with capacities that are
/// worked out from them.
///
/// # Errors
/// The interrupt's, or [`ErrorKind::Solver`](crate::ErrorKind::Solver).
pub(crate) fn staff(
    staffing: &Staffing,
    lines: &[Line],
    unit: f64,
    interrupt: &Interrupt,
) -> Result<Vec<Vec<usize>>, Error> {
    let teams = staffing.teams.as_deref().unwrap_or_default();
    let mut variables = ProblemVariables::new();
    let held: Vec<_> = staffing
        .room()
        .iter()
        .map(|room| variables.add(variable().min(0).max(*room)))
        .collect();
    let bound = variables.add(variable());
    let mut staffed = vec![Expression::default(); held.len()];
    let mut constraints = Vec::new();
    // (team, place, column)
    let mut put = Vec::new();
    for (number, team) in teams.iter().enumerate() {
        let mut slots = Expression::default();
        for places in &team.slots {
            let mut in_slot = Expression::default();
            for &place in places {
                put.push((number, place, variables.len()));
                let is_there = variables.add(variable().binary());
                in_slot.add_mul(1, is_there);
                slots.add_mul(1, is_there);
                staffed[place].add_mul(team.capacity, is_there);
            }
            constraints.push(in_slot.leq(1));
        }
        constraints.push(slots.leq(team.most as f64));
    }
    for (held, staffed) in held.iter().zip(staffed) {
        constraints.push((staffed - *held).geq(0));
    }
    for line in lines {
        let mut sum = Expression::default();
        for (held, price) in held.iter().zip(line.places) {
            if *price != 0 {
                sum.add_mul(*price as f64 / unit, *held);
            }
        }
        constraints.push((sum - bound).geq(-line.fixed / unit));
    }
    let mut model = variables
        .maximise(bound)
        .using(good_lp::solvers::highs::highs);
    for constraint in constraints {
        model.add_constraint(constraint);
    }
    let solution = solve_within(model, NEAR, interrupt)?;
    let mut placed = vec![Vec::new(); teams.len()];
    for (team, place, column) in put {
        if solution.columns()[column] > 0.5 {
            placed[team].push(place);
        }
    }
    Ok(placed)
}
