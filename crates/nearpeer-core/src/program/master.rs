//! The restricted master program of one level: the pairs with a place that a solve has generated so far, the
//! loads, the places' capacities, the side rows and the levels that are held.
//!
//! ```text
//! x_emp ∈ {0, 1}     the pair meets at place p                     (a column)
//! f     ≥ 0          units of a load, by what they are worth       Σ x − Σ f = 0      for every person
//! h     ≥ 0          by how much a held level falls short          val_h + h ≥ V_h
//! Σ x_p ≤ Q_p        for every place (where Q is not fixed, see the leaders' variables in `meetings::staff`)
//! Σ_p x_emp ≤ 1      where both could be in two pairs
//! ```
//!
//! A shortfall costs more than anything it could gain, so that there always is a solution.

use good_lp::{Constraint, Expression, ProblemVariables, SolverModel, Variable, variable};

use super::model::failure;
use super::{IntegerProgram, Tier};
#[cfg(feature = "highs")]
use super::{Staff, Staffed, Staffing};
use crate::certificate::Level;
use crate::error::Error;
use crate::interrupt::Interrupt;

/// A pair at a place; the place is 0 where pairs have none.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct Placed {
    pub(crate) mentee: u32,
    pub(crate) mentor: u32,
    pub(crate) place: u32,
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
    pub(crate) side: Vec<f64>,
    pub(crate) held: Vec<f64>,
    /// How much of each seat is taken.
    pub(crate) seats: Vec<f64>,
    /// How much of each column is chosen.
    pub(crate) chosen: Vec<f64>,
    /// Whether a held level falls short.
    pub(crate) falls_short: bool,
}

/// The variables and constraints before any column.
struct Frame {
    variables: ProblemVariables,
    objective: Expression,
    /// A row a person, a side row, a place, and a held level, in this order.
    rows: Vec<Expression>,
}

/// What every person's load is made of: (person, meaning, room), in the order in which a load fills them.
fn segments<'a>(
    program: &'a IntegerProgram<'_>,
) -> impl Iterator<Item = (usize, Segment, u32)> + 'a {
    let mentees = program.mentees.iter().enumerate();
    let mentees = mentees.flat_map(|(ix, mentee)| {
        let promised = mentee.min.min(mentee.max);
        let first = Segment::First {
            tier: mentee.tier,
            promised: promised > 0,
        };
        [
            (ix, first, mentee.max.min(1)),
            (ix, Segment::Promised, promised.saturating_sub(1)),
            (
                ix,
                Segment::Free,
                mentee.max - promised.max(1).min(mentee.max),
            ),
        ]
    });
    let first = program.mentees.len();
    let mentors = program.mentors.iter().enumerate();
    let mentors = mentors.flat_map(move |(ix, mentor)| {
        let promised = mentor.min.min(mentor.max);
        [
            (first + ix, Segment::Promised, promised),
            (first + ix, Segment::Free, mentor.max - promised),
        ]
    });
    mentees.chain(mentors).filter(|(_, _, room)| *room > 0)
}

/// What a part of a load is worth.
#[derive(Debug, Clone, Copy)]
enum Segment {
    /// The mentee's first mentor, and whether it is promised.
    First { tier: Tier, promised: bool },
    /// More of what is promised to somebody.
    Promised,
    /// What a load may hold beyond.
    Free,
}

impl Segment {
    fn worth(self, level: Level) -> f64 {
        let counts = match (level, self) {
            (Level::Obligations, Self::First { promised, .. }) => promised,
            (Level::Obligations, Self::Promised) => true,
            (_, Self::First { tier, .. }) => tier.counts_for(level),
            _ => false,
        };
        f64::from(u8::from(counts))
    }
}

impl Placed {
    /// What the pair itself adds to a level, beside the loads.
    fn worth(self, program: &IntegerProgram, level: Level) -> f64 {
        match level {
            // Exact: scores are below 2^53.
            Level::Score => self.score as f64,
            Level::Obligations => f64::from(u8::from(program.requires(self.mentee, self.mentor))),
            _ => 0.0,
        }
    }
}

impl Frame {
    fn new(
        program: &IntegerProgram,
        task: &Task,
        places: usize,
        variables: ProblemVariables,
    ) -> Self {
        let people = program.mentees.len() + program.mentors.len();
        let held = people + program.side.len() + places;
        let mut frame = Self {
            variables,
            objective: Expression::default(),
            rows: vec![Expression::default(); held + task.held.len()],
        };
        for (ix, segment, room) in segments(program) {
            let units = frame.variables.add(variable().min(0).max(room));
            frame.rows[ix].add_mul(-1, units);
            frame.objective.add_mul(segment.worth(task.level), units);
            for (row, (level, _)) in task.held.iter().enumerate() {
                let worth = segment.worth(*level);
                if worth != 0.0 {
                    frame.rows[held + row].add_mul(worth, units);
                }
            }
        }
        for row in 0..task.held.len() {
            let shortfall = frame.variables.add(variable().min(0));
            frame.objective.add_mul(-task.penalty, shortfall);
            frame.rows[held + row].add_mul(1, shortfall);
        }
        frame
    }

    fn add(
        &mut self,
        program: &IntegerProgram,
        task: &Task,
        pair: Placed,
        is_whole: bool,
    ) -> Variable {
        let definition = if is_whole {
            variable().binary()
        } else {
            variable().min(0).max(1)
        };
        let chosen = self.variables.add(definition);
        self.objective
            .add_mul(pair.worth(program, task.level), chosen);
        let entries = entries(program, task, self.rows.len(), pair);
        for (row, coefficient) in entries {
            self.rows[row].add_mul(coefficient, chosen);
        }
        chosen
    }

    fn constraints(
        rows: Vec<Expression>,
        program: &IntegerProgram,
        task: &Task,
        capacities: &[u32],
    ) -> Vec<Constraint> {
        let people = program.mentees.len() + program.mentors.len();
        let limits = program.side.iter().map(|row| f64::from(row.limit));
        let limits: Vec<f64> = limits
            .chain(capacities.iter().map(|capacity| f64::from(*capacity)))
            .collect();
        let rows = rows.into_iter().enumerate();
        rows.map(|(ix, row)| {
            if ix < people {
                row.eq(0)
            } else if ix < people + limits.len() {
                row.leq(limits[ix - people])
            } else {
                let (level, value) = task.held[ix - people - limits.len()];
                row.geq(held_value(program, level, value))
            }
        })
        .collect()
    }
}

/// The least that a row which holds a level may come to: the model counts kept obligations upwards from 0.
fn held_value(program: &IntegerProgram, level: Level, value: i64) -> f64 {
    match level {
        Level::Obligations => (value + program.obligations()) as f64,
        _ => value as f64,
    }
}

/// The entries of a column: (row, coefficient), by row.
fn entries(program: &IntegerProgram, task: &Task, rows: usize, pair: Placed) -> Vec<(usize, f64)> {
    let people = program.mentees.len() + program.mentors.len();
    let held = rows - task.held.len();
    let mut entries = vec![
        (pair.mentee as usize, 1.0),
        (program.mentees.len() + pair.mentor as usize, 1.0),
    ];
    for (ix, row) in program.side.iter().enumerate() {
        if row.has(pair.mentee, pair.mentor) {
            entries.push((people + ix, 1.0));
        }
    }
    let first_place = people + program.side.len();
    if first_place < held {
        entries.push((first_place + pair.place as usize, 1.0));
    }
    for (row, (level, _)) in task.held.iter().enumerate() {
        let worth = pair.worth(program, *level);
        if worth != 0.0 {
            entries.push((held + row, worth));
        }
    }
    entries
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
    capacities: &[u32],
    columns: &[Placed],
    interrupt: &Interrupt,
) -> Result<Vec<bool>, Error> {
    let mut frame = Frame::new(program, task, capacities.len(), ProblemVariables::new());
    let mut picked = Vec::with_capacity(columns.len());
    for pair in columns {
        let place = frame.variables.len();
        picked.push((frame.add(program, task, *pair, true), place));
    }
    let mut constraints = Frame::constraints(frame.rows, program, task, capacities);
    for choice in choices(program, columns, 0) {
        let of_pair: Vec<Variable> = choice.iter().map(|ix| picked[*ix].0).collect();
        constraints.push(super::model::sum(&of_pair).leq(1));
    }
    super::model::optimise(
        frame.variables,
        frame.objective,
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
    rows: usize,
    /// The most that places have room for.
    room: Vec<f64>,
    seats: usize,
    /// Whether leaders have rows.
    has_leaders: bool,
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
        staffing: &Staffing,
        columns: &[Placed],
    ) -> Result<Self, Error> {
        let mut variables = ProblemVariables::new();
        let staff = Staff::new(staffing, &mut variables);
        let places = staffing.room().len();
        let mut frame = Frame::new(program, &task, places, variables);
        let first = program.mentees.len() + program.mentors.len() + program.side.len();
        for (row, held) in frame.rows[first..].iter_mut().zip(&staff.held) {
            row.add_mul(-1, *held);
        }
        let before = frame.variables.len();
        for pair in columns {
            frame.add(program, &task, *pair, false);
        }
        let rows = frame.rows.len();
        let mut constraints = Frame::constraints(frame.rows, program, &task, &vec![0; places]);
        constraints.extend(staff.constraints(staffing));
        let mut model = frame
            .variables
            .maximise(frame.objective)
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
            rows,
            room: staffing
                .room()
                .iter()
                .map(|room| f64::from(*room))
                .collect(),
            seats: staffing.seats().len(),
            has_leaders: staffing.teams.is_some(),
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
                entries: entries(program, &self.task, self.rows, *pair),
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
        if self.has_leaders {
            for ix in 0..most.len() {
                self.live.set_upper(self.rows + ix, beyond)?;
            }
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
        let mentors = program.mentees.len();
        let side = mentors + program.mentors.len();
        let places = side + program.side.len();
        let held = self.rows - self.task.held.len();
        let values = solution.columns();
        let shortfalls = &values[self.before - self.task.held.len()..self.before];
        let of_leaders = if self.has_leaders { self.room.len() } else { 0 };
        if duals.len() < self.rows + of_leaders {
            return Err(failure("HiGHS gives not as many prices as there are rows"));
        }
        Ok(Duals {
            mentees: duals[..mentors].to_vec(),
            mentors: duals[mentors..side].to_vec(),
            side: duals[side..places].to_vec(),
            places: duals[places..held].to_vec(),
            leaders: duals[self.rows..self.rows + of_leaders].to_vec(),
            seats: values[self.room.len()..self.room.len() + self.seats].to_vec(),
            // A row that holds a level from below has a price of 0 or less.
            held: duals[held..self.rows].iter().map(|price| -price).collect(),
            chosen: values[self.before..].to_vec(),
            falls_short: shortfalls.iter().any(|shortfall| *shortfall > 1e-6),
        })
    }
}
