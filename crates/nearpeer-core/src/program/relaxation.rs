//! The linear relaxation in which circles are as tight as a linear program can have them:
//! `x_em ≤ z_m` and `k·z_m ≤ Σ_e x_em ≤ max·z_m` with `z_m` in [0, 1] are the convex hull of 'none or at
//! least k' (Balas, *Disjunctive programming*, 1979).

use good_lp::{Expression, ProblemVariables, SolverModel, Variable, constraint, variable};

use super::model::{Columns, sum};
use super::{Decision, IntegerProgram};
use crate::error::Error;
use crate::interrupt::Interrupt;

/// What the linear relaxation says, in floating point: hints, from which a bound is worked out in integers.
pub(crate) struct Relaxation {
    /// A price a mentee.
    pub(crate) mentees: Vec<f64>,
    /// A price a mentor.
    pub(crate) mentors: Vec<f64>,
    /// How far each mentor's circle is open, in [0, 1]; 0 where it is decided or there is none.
    pub(crate) open: Vec<f64>,
}

/// Solves the linear relaxation on `columns`.
///
/// # Errors
/// The interrupt's, or [`ErrorKind::Solver`](crate::ErrorKind::Solver).
pub(crate) fn solve(
    program: &IntegerProgram,
    columns: &Columns,
    decisions: &[Decision],
    interrupt: &Interrupt,
) -> Result<Relaxation, Error> {
    let levels = &program.levels;
    let obligation = levels.obligation() as f64;
    // HiGHS takes costs of 1e20 for infinite; of larger ones the last digits are lost.
    let largest = levels.combined_unit() as f64;
    let scale = (largest / 1e15).max(1.0);
    let mut variables = ProblemVariables::new();
    let mut objective = Expression::with_capacity(columns.len());
    let mut constraints = Vec::new();
    // Rows of balance, whose duals are the prices: units into a person's node equal units out of it.
    let mut balances = Vec::new();
    let mut of_mentor: Vec<Vec<Variable>> = vec![Vec::new(); program.mentors.len()];
    let mut segment = |variables: &mut ProblemVariables, room: u32, slope: f64| {
        let units = variables.add(variable().min(0).max(room));
        objective.add_mul(slope / scale, units);
        units
    };
    for ((ix, mentee), columns) in (0u32..).zip(&program.mentees).zip(columns) {
        let promised = mentee.min.min(mentee.max);
        let first = levels.coverage(mentee.tier) as f64;
        let slope = if promised > 0 {
            first + obligation
        } else {
            first
        };
        let mut balance = Expression::with_capacity(columns.len() + 3);
        for (room, slope) in [
            (mentee.max.min(1), slope),
            (promised.saturating_sub(1), obligation),
            (mentee.max - promised.max(1).min(mentee.max), 0.0),
        ] {
            balance.add_mul(-1, segment(&mut variables, room, slope));
        }
        for &(mentor, score) in columns {
            let pair = segment(&mut variables, 1, program.weight(ix, mentor, score) as f64);
            of_mentor[mentor as usize].push(pair);
            balance.add_mul(1, pair);
        }
        balances.push(balance.eq(0));
    }
    let mut open_places = vec![None; program.mentors.len()];
    for (ix, ((mentor, pairs), decision)) in program
        .mentors
        .iter()
        .zip(&of_mentor)
        .zip(decisions)
        .enumerate()
    {
        let mut balance = sum(pairs);
        let (min, max) = match decision {
            Decision::Closed => (0, 0),
            Decision::Open => (mentor.min.max(mentor.circle).min(mentor.max), mentor.max),
            Decision::Either => (mentor.min.min(mentor.max), mentor.max),
        };
        if *decision == Decision::Either && mentor.circle > 0 {
            open_places[ix] = Some(variables.len());
            let open = segment(&mut variables, 1, 0.0);
            constraints.push((sum(pairs) - f64::from(mentor.circle) * open).geq(0));
            constraints.push((sum(pairs) - f64::from(max) * open).leq(0));
            constraints.extend(pairs.iter().map(|&pair| constraint!(pair <= open)));
            balance.add_mul(-1, segment(&mut variables, max, 0.0));
        } else {
            balance.add_mul(-1, segment(&mut variables, min, obligation));
            balance.add_mul(-1, segment(&mut variables, max - min, 0.0));
        }
        balances.push(balance.eq(0));
    }
    let mut model = variables
        .maximise(objective)
        .using(good_lp::solvers::highs::highs);
    let rows = balances.len();
    for constraint in balances.into_iter().chain(constraints) {
        model.add_constraint(constraint);
    }
    let solution = super::highs::solve(model, interrupt)?;
    let prices = solution.dual_rows()[..rows]
        .iter()
        .map(|price| price * scale);
    let mut mentees: Vec<f64> = prices.collect();
    let mentors = mentees.split_off(program.mentees.len());
    // good_lp gives HiGHS one column a variable, in the order in which they were added.
    let value = |place: Option<usize>| place.map_or(0.0, |place| solution.columns()[place]);
    Ok(Relaxation {
        mentees,
        mentors,
        open: open_places.into_iter().map(value).collect(),
    })
}
