//! The integer program through `good_lp`, on the columns that a solve has generated so far.
//!
//! ```text
//! x_em ∈ {0, 1}          the pair is chosen                     (a column)
//! c_e  ∈ [0, 1]          the mentee counts as covered           c_e ≤ Σ_m x_em
//! s    ≥ 0               the part of a minimum that is missed   Σ x + s ≥ min
//! z_m  ∈ {0, 1}          the mentor has a circle                k·z_m ≤ Σ_e x_em ≤ max·z_m,  x_em ≤ z_m
//! Σ x ≤ max              for every person
//! ```
//!
//! The levels are maximised one after the other, each with the earlier ones held at their best values.

use good_lp::{
    Constraint, Expression, ProblemVariables, SolverModel, Variable, constraint, variable,
};

use super::{Decision, IntegerProgram};
use crate::certificate::Level;
use crate::error::{Error, ErrorKind};
use crate::interrupt::Interrupt;

/// The columns of each mentee: (mentor, score), ascending.
pub(crate) type Columns = Vec<Vec<(u32, i64)>>;

/// The best choice of `columns` by the solver behind `good_lp`: pairs (mentee, mentor), ascending.
///
/// # Errors
/// The interrupt's, or [`ErrorKind::Solver`].
pub(crate) fn solve(
    program: &IntegerProgram,
    columns: &Columns,
    decisions: &[Decision],
    interrupt: &Interrupt,
) -> Result<Vec<(u32, u32)>, Error> {
    let mut best: Vec<(Expression, f64)> = Vec::new();
    let mut chosen = Vec::new();
    for (level, _) in program.levels.iter() {
        let mut model = Model::new(program, columns, decisions);
        let held = best
            .iter()
            .map(|(expression, value)| expression.clone().geq(*value))
            .collect();
        let objective = model.level(program, columns, level);
        let picked = model.picked();
        let variables = std::mem::take(&mut model.variables);
        let constraints = std::mem::take(&mut model.constraints);
        let aim = objective.clone();
        let values = optimise(variables, aim, constraints, held, &picked, interrupt)?;
        chosen = model.chosen(columns, &values);
        best.push((objective, model.value(program, level, columns, &chosen)));
    }
    Ok(chosen)
}

/// The variables and constraints of the program.
struct Model {
    variables: ProblemVariables,
    constraints: Vec<Constraint>,
    /// x by mentee, in the order of its columns.
    pairs: Vec<Vec<Variable>>,
    /// Where each x stands among all variables.
    places: Vec<usize>,
    covered: Vec<Variable>,
    missed: Vec<Variable>,
}

impl Model {
    fn new(program: &IntegerProgram, columns: &Columns, decisions: &[Decision]) -> Self {
        let mut model = Self {
            variables: ProblemVariables::new(),
            constraints: Vec::new(),
            pairs: Vec::new(),
            places: Vec::new(),
            covered: Vec::new(),
            missed: Vec::new(),
        };
        let mut of_mentor: Vec<Vec<Variable>> = vec![Vec::new(); program.mentors.len()];
        for (mentee, columns) in program.mentees.iter().zip(columns) {
            let mut pairs = Vec::with_capacity(columns.len());
            for (mentor, _) in columns {
                model.places.push(model.variables.len());
                let pair = model.variables.add(variable().binary());
                of_mentor[*mentor as usize].push(pair);
                pairs.push(pair);
            }
            let covered = model.variables.add(variable().min(0).max(1));
            model.constraints.push((sum(&pairs) - covered).geq(0));
            model.covered.push(covered);
            model.load(&pairs, mentee.min, mentee.max);
            model.pairs.push(pairs);
        }
        for ((mentor, pairs), decision) in program.mentors.iter().zip(&of_mentor).zip(decisions) {
            match (decision, mentor.circle) {
                (Decision::Closed, _) => model.constraints.push(sum(pairs).leq(0)),
                (Decision::Open, _) => model.load(pairs, mentor.min.max(mentor.circle), mentor.max),
                (Decision::Either, 0) => model.load(pairs, mentor.min, mentor.max),
                (Decision::Either, circle) => model.circle(pairs, circle, mentor.max),
            }
        }
        for row in &program.side {
            let mut members = Vec::new();
            model.each_pair(columns, |mentee, mentor, _, pair| {
                if row.has(mentee, mentor) {
                    members.push(pair);
                }
            });
            model.constraints.push(sum(&members).leq(row.limit));
        }
        model
    }

    /// The bounds on one person's load; its minimum may be missed at a cost.
    fn load(&mut self, pairs: &[Variable], min: u32, max: u32) {
        self.constraints.push(sum(pairs).leq(max));
        if min > 0 {
            let missed = self.variables.add(variable().min(0).max(min));
            self.constraints
                .push((sum(pairs) + missed).geq(f64::from(min)));
            self.missed.push(missed);
        }
    }

    fn circle(&mut self, pairs: &[Variable], circle: u32, max: u32) {
        let open = self.variables.add(variable().binary());
        let load = sum(pairs);
        self.constraints
            .push((load.clone() - f64::from(circle) * open).geq(0));
        self.constraints.push((load - f64::from(max) * open).leq(0));
        for &pair in pairs {
            self.constraints.push(constraint!(pair <= open));
        }
    }

    /// The objective of one level.
    fn level(&self, program: &IntegerProgram, columns: &Columns, level: Level) -> Expression {
        let mut objective = Expression::with_capacity(self.covered.len());
        match level {
            Level::Obligations => {
                for &missed in &self.missed {
                    objective.add_mul(-1, missed);
                }
                self.each_pair(columns, |mentee, mentor, _, pair| {
                    if program.requires(mentee, mentor) {
                        objective.add_mul(1, pair);
                    }
                });
            }
            Level::Score => self.each_pair(columns, |_, _, score, pair| {
                // Exact: scores are below 2^53.
                objective.add_mul(score as f64, pair);
            }),
            // No levels of the program: `stable::fewest` looks after the one, and pairs have no groups of three.
            Level::BlockingPairs | Level::Triads => {}
            _ => {
                for (mentee, &covered) in program.mentees.iter().zip(&self.covered) {
                    if mentee.tier.counts_for(level) {
                        objective.add_mul(1, covered);
                    }
                }
            }
        }
        objective
    }

    /// The exact value of a level, for the constraint that holds it.
    fn value(
        &self,
        program: &IntegerProgram,
        level: Level,
        columns: &Columns,
        chosen: &[(u32, u32)],
    ) -> f64 {
        let chosen: Vec<super::Chosen> = chosen
            .iter()
            .map(|&(mentee, mentor)| {
                let columns = &columns[mentee as usize];
                let place = columns.partition_point(|(other, _)| *other < mentor);
                let score = columns[place].1;
                super::Chosen {
                    mentee,
                    mentor,
                    score,
                }
            })
            .collect();
        let values = program.values(&chosen);
        let mut levels = program.levels.iter().zip(values);
        let value = levels.find(|((other, _), _)| *other == level);
        let value = value.map_or(0, |(_, value)| value);
        match level {
            // The model counts kept required pairs upwards from 0.
            Level::Obligations => (value + program.required.len() as i64) as f64,
            _ => value as f64,
        }
    }

    fn each_pair(&self, columns: &Columns, mut visit: impl FnMut(u32, u32, i64, Variable)) {
        for ((mentee, pairs), columns) in (0u32..).zip(&self.pairs).zip(columns) {
            for (&pair, &(mentor, score)) in pairs.iter().zip(columns) {
                visit(mentee, mentor, score, pair);
            }
        }
    }

    /// Every x, with its place among all variables.
    fn picked(&self) -> Vec<(Variable, usize)> {
        let pairs = self.pairs.iter().flatten().copied();
        pairs.zip(self.places.iter().copied()).collect()
    }

    fn chosen(&self, columns: &Columns, values: &[bool]) -> Vec<(u32, u32)> {
        let mut values = values.iter();
        let mut chosen = Vec::new();
        self.each_pair(columns, |mentee, mentor, _, _| {
            if values.next() == Some(&true) {
                chosen.push((mentee, mentor));
            }
        });
        chosen
    }
}

pub(super) fn sum(variables: &[Variable]) -> Expression {
    let mut sum = Expression::with_capacity(variables.len());
    for &variable in variables {
        sum.add_mul(1, variable);
    }
    sum
}

/// Maximises by the solver behind `good_lp`; says which of `picked` are 1.
#[cfg(feature = "highs")]
pub(crate) fn optimise(
    variables: ProblemVariables,
    objective: Expression,
    constraints: Vec<Constraint>,
    held: Vec<Constraint>,
    picked: &[(Variable, usize)],
    interrupt: &Interrupt,
) -> Result<Vec<bool>, Error> {
    let build = || {
        let mut model = variables
            .clone()
            .maximise(objective.clone())
            .using(good_lp::solvers::highs::highs);
        for constraint in constraints.iter().chain(&held) {
            model.add_constraint(constraint.clone());
        }
        model
    };
    // Rarely HiGHS finds what its presolve gives back to be infeasible, and fails.
    let solution = match super::highs::solve(build(), interrupt) {
        Err(error) if error.kind() == ErrorKind::Solver => {
            super::highs::solve_plainly(build(), interrupt)?
        }
        solved => solved?,
    };
    let columns = solution.columns();
    // good_lp gives HiGHS one column a variable, in the order in which they were added.
    Ok(picked
        .iter()
        .map(|&(_, place)| columns[place] > 0.5)
        .collect())
}

/// As above, by microlp, which cannot be asked to stop: it runs on a thread of its own.
#[cfg(not(feature = "highs"))]
pub(crate) fn optimise(
    variables: ProblemVariables,
    objective: Expression,
    constraints: Vec<Constraint>,
    held: Vec<Constraint>,
    picked: &[(Variable, usize)],
    interrupt: &Interrupt,
) -> Result<Vec<bool>, Error> {
    use good_lp::Solution;
    use good_lp::solvers::WithTimeLimit;

    let picked = picked.to_vec();
    interrupt.run(move |limit| {
        let model = variables
            .maximise(objective)
            .using(good_lp::solvers::microlp::microlp);
        let mut model = match limit {
            Some(seconds) => model.with_time_limit(seconds),
            None => model,
        };
        for constraint in constraints.into_iter().chain(held) {
            model.add_constraint(constraint);
        }
        let solution = model.solve().map_err(failure)?;
        Ok(picked
            .iter()
            .map(|&(pair, _)| solution.value(pair) > 0.5)
            .collect())
    })?
}

pub(super) fn failure(error: impl std::fmt::Display) -> Error {
    Error::new(
        ErrorKind::Solver,
        format!("the solver behind the integer program failed: {error}"),
    )
}
