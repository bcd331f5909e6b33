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

mod choice;
mod frame;

use std::collections::BTreeMap;
use std::ops::Range;

use good_lp::{ProblemVariables, SolverModel};

use choice::choices;
pub(crate) use choice::{WithSeats, choose, choose_with_seats};
use frame::{Asked, Frame, Layout, TakesPart, entries};

use super::model::failure;
#[cfg(feature = "highs")]
use super::{Crew, Staff, Staffed, Staffing};
use super::{IntegerProgram, Modes};
use crate::certificate::Level;
use crate::constraint::Spot;
use crate::error::Error;
use crate::interrupt::Interrupt;
use crate::roster::Role;

/// What the greatest score adds to a pair where a level counts none, so that of equal choices one is better than the others:
/// the dual simplex method takes a twentieth of the time on such programs.
#[cfg(feature = "highs")]
const TIE: f64 = 0.01;

/// Mentees from which on ties are broken: with fewer, one linear program costs less than two. Few in tests, so that small
/// programmes break ties, too.
#[cfg(feature = "highs")]
const TIES_FROM: usize = if cfg!(test) { 3 } else { 100 };

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
    /// What a leader costs who would have to be there and cannot.
    pub(crate) missing: f64,
    /// What a unit of score adds to a pair beside what it is worth to the level, so that of equal matches one is better.
    pub(crate) tie: f64,
}

/// What the linear program says, in floating point: hints, from which a bound is worked out in integers.
#[derive(Debug, Clone, Default)]
pub(crate) struct Duals {
    pub(crate) mentees: Vec<f64>,
    pub(crate) mentors: Vec<f64>,
    pub(crate) places: Vec<f64>,
    /// What of a place's price is paid to leaders.
    pub(crate) leaders: Vec<f64>,
    /// And what for roundings, in their order.
    pub(crate) rounded: Vec<f64>,
    pub(crate) rows: Vec<f64>,
    pub(crate) held: Vec<f64>,
    /// How much a person takes part in a mode, where that is asked.
    pub(crate) parts: Vec<(Role, usize, u32, f64)>,
    /// How much of each seat is taken.
    pub(crate) seats: Vec<f64>,
    /// What one leader more of a crew would add where there are as many as there may be; below 0 where there are as few.
    pub(crate) crews: BTreeMap<Crew, f64>,
    /// How much of each column is chosen.
    pub(crate) chosen: Vec<f64>,
    /// Whether a held level falls short.
    pub(crate) falls_short: bool,
    /// What all that is chosen is worth.
    pub(crate) value: f64,
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
    /// By crew of whom anything was decided so far, its row.
    crews: BTreeMap<Crew, usize>,
    /// The rows of what leaders hold at each place; none where pairs need no leader.
    led: Range<usize>,
    /// The rows of roundings, and what each comes to without any leader.
    rounded: Range<usize>,
    bases: Vec<f64>,
    columns: Vec<Placed>,
    /// By column, what it is worth to the level, and what more a tree has it count.
    costs: Vec<f64>,
    /// What a unit of score adds while ties are broken; 0 where the level is the score.
    tie: f64,
    /// Whether the last solve broke ties.
    is_tied: bool,
}

/// What a unit of score adds where ties are broken by it.
#[cfg(feature = "highs")]
pub(crate) fn tie(program: &IntegerProgram, level: Level) -> f64 {
    let (least, greatest) = program.pairs.score_range();
    match level {
        Level::Score => 0.0,
        _ if program.mentees.len() < TIES_FROM => 0.0,
        _ => TIE / (least.unsigned_abs().max(greatest.unsigned_abs()).max(1) as f64),
    }
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
        let staff = Staff::new(staffing, &mut variables, false);
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
        let last = constraints.len();
        let model = variables
            .maximise(objective)
            .using(good_lp::solvers::highs::highs)
            .with_all(constraints);
        let mut live = super::highs::Live::new(model)?;
        let level = task.level;
        live.add_choices(&choices(program, columns, before), 1.0)?;
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
            crews: BTreeMap::new(),
            led: first..first + of_leaders,
            rounded: last - staffing.roundings().len()..last,
            bases: staffing
                .roundings()
                .iter()
                .map(|rounding| rounding.base as f64)
                .collect(),
            costs: columns
                .iter()
                .map(|pair| pair.worth(program, level))
                .collect(),
            tie: tie(program, level),
            is_tied: false,
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
        self.costs.extend(columns.iter().map(|column| column.cost));
        self.live.add_columns(&columns)?;
        self.live.add_choices(&choices(program, new, first), 1.0)
    }

    /// Has places hold so many pairs, wherever leaders are.
    ///
    /// # Errors
    /// [`ErrorKind::Solver`](crate::ErrorKind::Solver).
    pub(crate) fn set_capacities(&mut self, capacities: &[u32]) -> Result<(), Error> {
        let held: Vec<f64> = capacities.iter().map(|most| f64::from(*most)).collect();
        for row in self.crews.values() {
            self.live
                .set_bounds(*row, f64::NEG_INFINITY, f64::INFINITY)?;
        }
        self.set_held(&held, f64::INFINITY)
    }

    /// Has places hold what leaders, of whom so much is decided, can hold there.
    ///
    /// # Errors
    /// [`ErrorKind::Solver`](crate::ErrorKind::Solver).
    pub(crate) fn set_staff(
        &mut self,
        staffing: &Staffing,
        decided: &Staffed,
    ) -> Result<(), Error> {
        self.set_held(&self.room.clone(), 0.0)?;
        let bounds: Vec<(f64, f64)> = (0..self.seats)
            .map(|seat| match decided.seats.get(&seat) {
                Some(taken) => (f64::from(u8::from(*taken)), f64::from(u8::from(*taken))),
                None => (0.0, 1.0),
            })
            .collect();
        self.live.set_column_bounds(self.room.len(), &bounds)?;
        for crew in decided.crews.keys() {
            if !self.crews.contains_key(crew) {
                self.count(staffing, *crew)?;
            }
        }
        for (crew, row) in &self.crews {
            let (least, most) = decided.crews.get(crew).copied().unwrap_or((0, u32::MAX));
            let most = match most {
                u32::MAX => f64::INFINITY,
                most => f64::from(most),
            };
            self.live.set_bounds(*row, f64::from(least), most)?;
        }
        Ok(())
    }

    /// Counts the leaders of a crew in a row. One who is missing costs more than anything that is gained by it, so that there
    /// always is a solution.
    fn count(&mut self, staffing: &Staffing, crew: Crew) -> Result<(), Error> {
        let row = self.live.rows()?;
        let seats = self.room.len();
        let number = staffing.crews().range(..crew).count();
        let missing = seats + self.seats + number;
        let columns = staffing.crews()[&crew].iter().map(|seat| seats + seat);
        let columns = columns.chain([missing]).collect();
        self.live.set_cost(missing, -self.task.missing)?;
        self.live.add_choices(&[columns], f64::INFINITY)?;
        self.crews.insert(crew, row);
        Ok(())
    }

    /// What places hold at most, and by how much that may be more than what leaders hold.
    fn set_held(&mut self, most: &[f64], beyond: f64) -> Result<(), Error> {
        let bounds: Vec<(f64, f64)> = most.iter().map(|most| (0.0, *most)).collect();
        self.live.set_column_bounds(0, &bounds)?;
        for row in self.led.clone() {
            self.live.set_upper(row, beyond)?;
        }
        for (row, base) in self.rounded.clone().zip(&self.bases) {
            self.live.set_upper(row, base + beyond)?;
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
        let costs = self.columns.iter().zip(&decisions).map(|(pair, decision)| {
            let extra = if *decision == Some(true) { bonus } else { 0.0 };
            pair.worth(program, self.task.level) + extra
        });
        self.costs = costs.collect();
        self.live.set_costs(self.before, &self.costs)
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
        let by = match std::mem::take(&mut self.is_tied) {
            // What is the best with ties broken is the best of the level, too, or nearly.
            true => super::highs::Simplex::Primal,
            false => by,
        };
        let solution = self.live.solve_by(by, interrupt)?;
        self.read(program, &solution, self.live.value())
    }

    /// [`solve`](Self::solve) with ties broken by score, if they are to be; what is chosen is worth to the level what it says,
    /// or a little less than the most.
    ///
    /// # Errors
    /// As there.
    pub(crate) fn solve_tied(
        &mut self,
        program: &IntegerProgram,
        by: super::highs::Simplex,
        interrupt: &Interrupt,
    ) -> Result<Option<Duals>, Error> {
        if self.tie == 0.0 {
            return Ok(None);
        }
        let scores = self.columns.iter().map(|pair| pair.score as f64);
        let costs = self.costs.iter().zip(scores.clone());
        let costs: Vec<f64> = costs.map(|(cost, score)| cost + self.tie * score).collect();
        self.live.set_costs(self.before, &costs)?;
        let solution = self.live.solve_by(by, interrupt)?;
        self.live.set_costs(self.before, &self.costs)?;
        self.is_tied = true;
        let chosen = scores.zip(&solution.columns()[self.before..]);
        let of_ties: f64 = chosen.map(|(score, part)| self.tie * score * part).sum();
        let value = self.live.value() - of_ties;
        self.read(program, &solution, value).map(Some)
    }

    fn read(
        &self,
        program: &IntegerProgram,
        solution: &highs::Solution,
        value: f64,
    ) -> Result<Duals, Error> {
        let duals = solution.dual_rows();
        let layout = self.layout;
        let values = solution.columns();
        let shortfalls = &values[self.before - self.task.held.len()..self.before];
        let last = self.crews.values().max().copied().unwrap_or(0);
        if duals.len() < self.rounded.end.max(last + 1) {
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
            rounded: duals[self.rounded.clone()].to_vec(),
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
            crews: self
                .crews
                .iter()
                .map(|(crew, row)| (*crew, duals[*row]))
                .collect(),
            chosen: values[self.before..].to_vec(),
            falls_short: shortfalls.iter().any(|shortfall| *shortfall > 1e-6),
            value,
        })
    }
}
