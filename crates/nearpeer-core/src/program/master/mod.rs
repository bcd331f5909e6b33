//! The restricted master program of one level: the pairs with a place that a solve has generated so far, the
//! loads, the places' capacities, the rows of other constraints and the levels that are held.
//!
//! ```text
//! x_emp ∈ {0, 1}     the pair meets at place p                     (a column)
//! f     ≥ 0          units of a load, by what they are worth       Σ x − Σ f = 0      for every person
//! s     ≥ 0          what is missed of a promise                   Σ a·x + Σ b·z + s ≥ q, or without s ≤ q
//! h     ≥ 0          by how much a held level falls short          val_h + h ≥ V_h
//! Σ x_p ≤ Q_p        for every place (where Q is not fixed, see the leaders' variables in `meetings::staff`)
//! Σ_p x_emp ≤ 1      where both could be in two pairs
//! z     ∈ [0, 1]     the person takes part, in a mode              f ≤ max·z, f ≥ k·z, Σ z ≤ 1
//! ```
//!
//! `z` is there only for those of whom more counts than how many pairs they have: who may have none or at least `k`,
//! have a term of their own in a row, or can be in several modes (`modes.rs`), in each of which they have a row.
//!
//! A shortfall costs more than anything it could gain, so that there always is a solution.

mod frame;

use std::ops::Range;

use good_lp::{ProblemVariables, SolverModel, Variable};

use frame::{Asked, Frame, Layout, TakesPart, entries};

use super::model::failure;
use super::{IntegerProgram, Modes};
#[cfg(feature = "highs")]
use super::{Staff, Staffed, Staffing};
use crate::certificate::Level;
use crate::constraint::Spot;
use crate::error::Error;
use crate::interrupt::Interrupt;
use crate::roster::Role;

/// A pair at a place; the place is 0 where pairs have none.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct Placed {
    pub(crate) mentee: u32,
    pub(crate) mentor: u32,
    pub(crate) place: u32,
    /// The place's site and slot; nothing where pairs have none.
    pub(crate) spot: Option<Spot>,
    /// The mentor's mode; 0 where there is one.
    pub(crate) mode: u32,
    pub(crate) score: i64,
}

/// What is asked of the program: the best value of a level, given those before it, within capacities.
#[derive(Debug, Clone)]
pub(crate) struct Task {
    pub(crate) level: Level,
    /// The levels before it, each with the value that it must not fall short of.
    pub(crate) held: Vec<(Level, i64)>,
    /// What a unit of a shortfall costs.
    pub(crate) penalty: f64,
}

/// What the linear program says, in floating point: hints, from which a bound is worked out in integers.
#[derive(Debug, Clone, Default)]
pub(crate) struct Duals {
    pub(crate) mentees: Vec<f64>,
    pub(crate) mentors: Vec<f64>,
    pub(crate) places: Vec<f64>,
    /// What of a place's price is paid to leaders.
    pub(crate) leaders: Vec<f64>,
    pub(crate) rows: Vec<f64>,
    pub(crate) held: Vec<f64>,
    /// How much a person takes part in a mode, where that is asked.
    pub(crate) parts: Vec<(Role, usize, u32, f64)>,
    /// How much of each seat is taken.
    pub(crate) seats: Vec<f64>,
    /// How much of each column is chosen.
    pub(crate) chosen: Vec<f64>,
    /// Whether a held level falls short.
    pub(crate) falls_short: bool,
}

/// The pairs among these columns, numbered from `first`, that must be kept from meeting at two places: those of
/// two people who may both be in several pairs.
fn choices(program: &IntegerProgram, columns: &[Placed], first: usize) -> Vec<Vec<usize>> {
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
    for choice in choices(program, columns, 0) {
        let of_pair: Vec<Variable> = choice.iter().map(|ix| picked[*ix].0).collect();
        constraints.push(super::model::sum(&of_pair).leq(1));
    }
    super::model::optimise(
        variables,
        objective,
        constraints,
        Vec::new(),
        &picked,
        interrupt,
    )
}

/// The linear program of a level as a live HiGHS model, which is given columns and capacities or a staffing, and solved
/// again from where it was.
#[cfg(feature = "highs")]
pub(crate) struct Master {
    live: super::highs::Live,
    task: Task,
    /// Variables before the first column.
    before: usize,
    layout: Layout,
    modes: Modes,
    parts: Vec<TakesPart>,
    /// The most that places have room for.
    room: Vec<f64>,
    seats: usize,
    /// The rows of what leaders hold at each place; none where pairs need no leader.
    led: Range<usize>,
    columns: Vec<Placed>,
    /// By column, whether it is worth more than it is.
    is_favoured: Vec<bool>,
}

#[cfg(feature = "highs")]
impl Master {
    /// # Errors
    /// [`ErrorKind::Solver`](crate::ErrorKind::Solver).
    pub(crate) fn new(
        program: &IntegerProgram,
        task: Task,
        modes: &Modes,
        staffing: &Staffing,
        columns: &[Placed],
    ) -> Result<Self, Error> {
        let places = staffing.room().len();
        let layout = Layout::new(program, &task, modes, places);
        let asked = Asked {
            program,
            task: &task,
            modes,
            layout,
            is_whole: false,
        };
        let mut variables = ProblemVariables::new();
        let staff = Staff::new(staffing, &mut variables);
        let mut frame = Frame::new(asked, variables);
        for (row, held) in frame.rows[layout.places..].iter_mut().zip(&staff.held) {
            row.add_mul(-1, *held);
        }
        let before = frame.variables.len();
        for pair in columns {
            frame.add(asked, *pair);
        }
        let variables = std::mem::take(&mut frame.variables);
        let objective = std::mem::take(&mut frame.objective);
        let parts = std::mem::take(&mut frame.parts);
        let mut constraints = frame.constraints(asked, &vec![0; places]);
        let first = constraints.len();
        let of_leaders = if staffing.teams.is_some() { places } else { 0 };
        constraints.extend(staff.constraints(staffing));
        let mut model = variables
            .maximise(objective)
            .using(good_lp::solvers::highs::highs);
        for constraint in constraints {
            model.add_constraint(constraint);
        }
        let mut live = super::highs::Live::new(model)?;
        live.add_choices(&choices(program, columns, before))?;
        Ok(Self {
            live,
            task,
            before,
            layout,
            modes: modes.clone(),
            parts,
            room: staffing
                .room()
                .iter()
                .map(|room| f64::from(*room))
                .collect(),
            seats: staffing.seats().len(),
            led: first..first + of_leaders,
            is_favoured: vec![false; columns.len()],
            columns: columns.to_vec(),
        })
    }

    pub(crate) fn columns(&self) -> &[Placed] {
        &self.columns
    }

    /// # Errors
    /// [`ErrorKind::Solver`](crate::ErrorKind::Solver).
    pub(crate) fn add(&mut self, program: &IntegerProgram, new: &[Placed]) -> Result<(), Error> {
        let columns: Vec<super::highs::Column> = new
            .iter()
            .map(|pair| super::highs::Column {
                cost: pair.worth(program, self.task.level),
                upper: 1.0,
                entries: entries(program, &self.task, &self.modes, self.layout, *pair),
            })
            .collect();
        let first = self.before + self.columns.len();
        self.columns.extend_from_slice(new);
        self.is_favoured.resize(self.columns.len(), false);
        self.live.add_columns(&columns)?;
        self.live.add_choices(&choices(program, new, first))
    }

    /// Has places hold so many pairs, wherever leaders are.
    ///
    /// # Errors
    /// [`ErrorKind::Solver`](crate::ErrorKind::Solver).
    pub(crate) fn set_capacities(&mut self, capacities: &[u32]) -> Result<(), Error> {
        let held: Vec<f64> = capacities.iter().map(|most| f64::from(*most)).collect();
        self.set_held(&held, f64::INFINITY)
    }

    /// Has places hold what leaders, of whom so much is decided, can hold there.
    ///
    /// # Errors
    /// [`ErrorKind::Solver`](crate::ErrorKind::Solver).
    pub(crate) fn set_staff(&mut self, decided: &Staffed) -> Result<(), Error> {
        self.set_held(&self.room.clone(), 0.0)?;
        let bounds: Vec<(f64, f64)> = (0..self.seats)
            .map(|seat| match decided.get(&seat) {
                Some(taken) => (f64::from(u8::from(*taken)), f64::from(u8::from(*taken))),
                None => (0.0, 1.0),
            })
            .collect();
        self.live.set_column_bounds(self.room.len(), &bounds)
    }

    /// What places hold at most, and by how much that may be more than what leaders hold.
    fn set_held(&mut self, most: &[f64], beyond: f64) -> Result<(), Error> {
        let bounds: Vec<(f64, f64)> = most.iter().map(|most| (0.0, *most)).collect();
        self.live.set_column_bounds(0, &bounds)?;
        for row in self.led.clone() {
            self.live.set_upper(row, beyond)?;
        }
        Ok(())
    }

    /// Makes a shortfall of held levels cost this much a unit.
    ///
    /// # Errors
    /// [`ErrorKind::Solver`](crate::ErrorKind::Solver).
    pub(crate) fn set_penalty(&mut self, penalty: f64) -> Result<(), Error> {
        self.task.penalty = penalty;
        let first = self.before - self.task.held.len();
        for ix in first..self.before {
            self.live.set_cost(ix, -penalty)?;
        }
        Ok(())
    }

    /// Decides who takes part, and in which mode: those that may not, and those that are worth `bonus` more, so that
    /// they will.
    ///
    /// # Errors
    /// [`ErrorKind::Solver`](crate::ErrorKind::Solver).
    pub(crate) fn decide_parts(
        &mut self,
        bonus: f64,
        decision: impl Fn(Role, u32, u32) -> Option<bool>,
    ) -> Result<(), Error> {
        for part in &self.parts {
            let decided = decision(part.role, part.ix as u32, part.mode);
            let extra = if decided == Some(true) { bonus } else { 0.0 };
            self.live.set_cost(part.variable, part.worth + extra)?;
            let most = f64::from(u8::from(decided != Some(false)));
            self.live.set_column_bounds(part.variable, &[(0.0, most)])?;
        }
        Ok(())
    }

    /// Decides columns: those that may not be chosen, and those that are worth `bonus` more, so that they will be.
    ///
    /// # Errors
    /// [`ErrorKind::Solver`](crate::ErrorKind::Solver).
    pub(crate) fn decide(
        &mut self,
        program: &IntegerProgram,
        bonus: f64,
        decision: impl Fn(&Placed) -> Option<bool>,
    ) -> Result<(), Error> {
        let decisions: Vec<Option<bool>> = self.columns.iter().map(decision).collect();
        let bounds: Vec<(f64, f64)> = decisions
            .iter()
            .map(|decision| (0.0, f64::from(u8::from(*decision != Some(false)))))
            .collect();
        self.live.set_column_bounds(self.before, &bounds)?;
        for (ix, decision) in decisions.iter().enumerate() {
            let was = std::mem::replace(&mut self.is_favoured[ix], *decision == Some(true));
            if was || *decision == Some(true) {
                let worth = self.columns[ix].worth(program, self.task.level);
                let extra = if self.is_favoured[ix] { bonus } else { 0.0 };
                self.live.set_cost(self.before + ix, worth + extra)?;
            }
        }
        Ok(())
    }

    /// Solves the program; the dual simplex method is faster after changes of capacities, the primal one after new
    /// columns.
    ///
    /// # Errors
    /// The interrupt's, or [`ErrorKind::Solver`](crate::ErrorKind::Solver).
    pub(crate) fn solve(
        &mut self,
        program: &IntegerProgram,
        by: super::highs::Simplex,
        interrupt: &Interrupt,
    ) -> Result<Duals, Error> {
        let solution = self.live.solve_by(by, interrupt)?;
        let duals = solution.dual_rows();
        let layout = self.layout;
        let values = solution.columns();
        let shortfalls = &values[self.before - self.task.held.len()..self.before];
        if duals.len() < self.led.end {
            return Err(failure("HiGHS gives not as many prices as there are rows"));
        }
        let of_rows = duals[layout.rows..layout.places].iter().zip(&program.rows);
        Ok(Duals {
            mentees: duals[..layout.mentors].to_vec(),
            mentors: duals[layout.mentors..layout.rows].to_vec(),
            // A row with a least value has a price of 0 or less.
            rows: of_rows
                .map(|(price, row)| row.sign() as f64 * price / row.scale as f64)
                .collect(),
            places: duals[layout.places..layout.held].to_vec(),
            leaders: duals[self.led.clone()].to_vec(),
            held: duals[layout.held..layout.end]
                .iter()
                .map(|price| -price)
                .collect(),
            parts: self
                .parts
                .iter()
                .map(|part| (part.role, part.ix, part.mode, values[part.variable]))
                .collect(),
            seats: values[self.room.len()..self.room.len() + self.seats].to_vec(),
            chosen: values[self.before..].to_vec(),
            falls_short: shortfalls.iter().any(|shortfall| *shortfall > 1e-6),
        })
    }
}
