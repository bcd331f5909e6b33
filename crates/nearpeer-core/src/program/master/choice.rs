//! Choices of columns by the solver behind `good_lp`, which is asked for whole numbers.

use good_lp::{Constraint, ProblemVariables, SolverModel, Variable};

use super::frame::{Asked, Frame, Layout};
use super::{Placed, Task};
use crate::error::Error;
use crate::interrupt::Interrupt;
use crate::program::model::{optimise, sum};
use crate::program::{IntegerProgram, Modes, Staff, Staffing, highs};

/// The pairs among these columns, numbered from `first`, that must be kept from meeting at two places: those of
/// two people who may both be in several pairs.
pub(super) fn choices(
    program: &IntegerProgram,
    columns: &[Placed],
    first: usize,
) -> Vec<Vec<usize>> {
    let mut choices: std::collections::BTreeMap<(u32, u32), Vec<usize>> = Default::default();
    for (ix, pair) in columns.iter().enumerate() {
        let most = program.mentees[pair.mentee as usize].max;
        if most.min(program.mentors[pair.mentor as usize].max) > 1 {
            let of_pair = choices.entry((pair.mentee, pair.mentor)).or_default();
            of_pair.push(first + ix);
        }
    }
    choices
        .into_values()
        .filter(|of_pair| of_pair.len() > 1)
        .collect()
}

/// A row for each of those pairs; `picked` are the variables of the columns.
fn at_one_place(
    program: &IntegerProgram,
    columns: &[Placed],
    picked: &[Variable],
) -> impl Iterator<Item = Constraint> {
    let rows = choices(program, columns, 0).into_iter();
    rows.map(|row| {
        let of_pair: Vec<Variable> = row.iter().map(|ix| picked[*ix]).collect();
        sum(&of_pair).leq(1)
    })
}

/// The best choice of columns by the solver behind `good_lp`: which of them are chosen.
///
/// # Errors
/// The interrupt's, or [`ErrorKind::Solver`](crate::ErrorKind::Solver).
pub(crate) fn choose(
    program: &IntegerProgram,
    task: &Task,
    modes: &Modes,
    capacities: &[u32],
    columns: &[Placed],
    interrupt: &Interrupt,
) -> Result<Vec<bool>, Error> {
    let asked = Asked {
        program,
        task,
        modes,
        layout: Layout::new(program, task, modes, capacities.len()),
        is_whole: true,
    };
    let mut frame = Frame::new(asked, ProblemVariables::new());
    let mut picked = Vec::with_capacity(columns.len());
    for pair in columns {
        let place = frame.variables.len();
        picked.push((frame.add(asked, *pair), place));
    }
    let variables = std::mem::take(&mut frame.variables);
    let objective = std::mem::take(&mut frame.objective);
    let mut constraints = frame.constraints(asked, capacities);
    let variables_of: Vec<Variable> = picked.iter().map(|(variable, _)| *variable).collect();
    constraints.extend(at_one_place(program, columns, &variables_of));
    optimise(
        variables,
        objective,
        constraints,
        Vec::new(),
        &picked,
        interrupt,
    )
}

/// Which columns are chosen, and which seats are taken.
pub(crate) struct WithSeats {
    pub(crate) chosen: Vec<bool>,
    pub(crate) seats: Vec<bool>,
}

/// The best choice of columns and of seats that the solver behind `good_lp` finds in so many nodes of its own search.
///
/// # Errors
/// [`ErrorKind::Solver`](crate::ErrorKind::Solver).
pub(crate) fn choose_with_seats(
    program: &IntegerProgram,
    task: &Task,
    modes: &Modes,
    staffing: &Staffing,
    columns: &[Placed],
    nodes: i32,
    interrupt: &Interrupt,
) -> Result<Option<WithSeats>, Error> {
    let places = staffing.room().len();
    let asked = Asked {
        program,
        task,
        modes,
        layout: Layout::new(program, task, modes, places),
        is_whole: true,
    };
    let mut variables = ProblemVariables::new();
    let staff = Staff::new(staffing, &mut variables, true);
    let mut frame = Frame::new(asked, variables);
    for (row, held) in frame.rows[asked.layout.places..]
        .iter_mut()
        .zip(&staff.held)
    {
        row.add_mul(-1, *held);
    }
    let before = frame.variables.len();
    let picked: Vec<Variable> = columns.iter().map(|pair| frame.add(asked, *pair)).collect();
    let variables = std::mem::take(&mut frame.variables);
    let objective = std::mem::take(&mut frame.objective);
    let mut constraints = frame.constraints(asked, &vec![0; places]);
    constraints.extend(staff.constraints(staffing));
    constraints.extend(at_one_place(program, columns, &picked));
    let model = variables
        .maximise(objective)
        .using(good_lp::solvers::highs::highs)
        .with_all(constraints);
    let solution = highs::solve_in_part(model, nodes, interrupt)?;
    Ok(solution.map(|solution| {
        let values = solution.columns();
        let is_taken = |values: &[f64]| values.iter().map(|value| *value > 0.5).collect();
        let seats = &values[places..places + staff.seats.len()];
        WithSeats {
            chosen: is_taken(&values[before..]),
            seats: is_taken(seats),
        }
    }))
}
