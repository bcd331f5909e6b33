//! The linear program of columns and side rows, as a live HiGHS model: built once through good_lp, started
//! from a match, then given more columns and solved again from where it was.
//!
//! The rows are those of the network and the side rows. Levels are maximised in turn: each level that is
//! solved gets a row that holds its value while the next is solved. One combined objective would have
//! coefficients beyond what floating point can tell apart.

use good_lp::{Expression, ProblemVariables, SolverModel, Variable, variable};

use super::highs::{AT_LOWER, AT_UPPER, BASIC, Column, Live};
use super::model::Columns;
use super::{Chosen, IntegerProgram};
use crate::certificate::Level;
use crate::error::Error;
use crate::interrupt::Interrupt;

/// Beyond this HiGHS takes a bound for infinite.
const UNBOUNDED: f64 = 1e30;

/// The linear program.
pub(crate) struct Linear<'a> {
    program: &'a IntegerProgram<'a>,
    live: Live,
    /// What each column of the model stands for.
    meanings: Vec<Meaning>,
}

/// What a column of the model stands for.
#[derive(Debug, Clone, Copy)]
enum Meaning {
    /// A pair with its score.
    Pair(u32, u32, i64),
    /// The mentee's first mentor, and whether it is promised.
    First { mentee: u32, promised: bool },
    /// More of what is promised to somebody.
    Promised,
    /// What a load may hold beyond.
    Free,
}

/// The duals of one level's solve.
pub(crate) struct LevelDuals {
    /// The combined objective's weight of the level.
    pub(crate) weight: i128,
    /// How great the level can be.
    pub(crate) value: f64,
    /// A price a side row, in units of the level.
    pub(crate) side: Vec<f64>,
    /// A price of each level before it, in units of this level: what one unit less of that would add.
    pub(crate) held: Vec<f64>,
    /// A price of each level's greatest value, by level, in units of this level: what one unit more of that would add. Those
    /// of levels without one, and of the last, are 0.
    pub(crate) most: Vec<f64>,
}

impl<'a> Linear<'a> {
    /// The model on these columns, which starts from a match among them that keeps within every limit.
    ///
    /// # Errors
    /// [`ErrorKind::Solver`](crate::ErrorKind::Solver).
    pub(crate) fn new(
        program: &'a IntegerProgram<'a>,
        columns: &Columns,
        start: &[Chosen],
    ) -> Result<Self, Error> {
        let mut meanings = Vec::new();
        let mut statuses = Vec::new();
        let mut variables = ProblemVariables::new();
        let people = program.mentees.len() + program.mentors.len();
        let mut balances = vec![Expression::default(); people];
        let mut balance_statuses = vec![BASIC; people];
        // What is left of each person's load while it fills the segments.
        let mut left = program.loads(start).concat();
        for (ix, meaning, room) in segments(program) {
            let units = variables.add(variable().min(0).max(room));
            balances[ix].add_mul(-1, units);
            meanings.push(meaning);
            let filled = left[ix].min(room);
            left[ix] -= filled;
            // A segment that is filled in part is basic, in place of its person's balance.
            statuses.push(if filled == 0 {
                AT_LOWER
            } else if filled == room {
                AT_UPPER
            } else {
                balance_statuses[ix] = AT_LOWER;
                BASIC
            });
        }
        let mut side = vec![Expression::default(); program.side.len()];
        for (mentee, columns) in (0u32..).zip(columns) {
            for &(mentor, score) in columns {
                let pair = variables.add(variable().min(0).max(1));
                balances[mentee as usize].add_mul(1, pair);
                balances[program.mentees.len() + mentor as usize].add_mul(1, pair);
                for (row, sum) in program.side.iter().zip(&mut side) {
                    if row.has(mentee, mentor) {
                        sum.add_mul(1, pair);
                    }
                }
                meanings.push(Meaning::Pair(mentee, mentor, score));
                let key = |pair: &Chosen| (pair.mentee, pair.mentor);
                let chosen = start.binary_search_by_key(&(mentee, mentor), key).is_ok();
                statuses.push(if chosen { AT_UPPER } else { AT_LOWER });
            }
        }
        let levels: Vec<Level> = program.levels.iter().map(|(level, _)| level).collect();
        let all: Vec<Variable> = variables
            .iter_variables_with_def()
            .map(|(all, _)| all)
            .collect();
        let held = levels.iter().map(|level| {
            let mut sum = Expression::default();
            for (&variable, meaning) in all.iter().zip(&meanings) {
                let worth = worth(program, *level, *meaning);
                if worth != 0.0 {
                    sum.add_mul(worth, variable);
                }
            }
            sum.geq(-UNBOUNDED)
        });
        let held: Vec<_> = held.take(levels.len().saturating_sub(1)).collect();
        let mut model = variables
            .maximise(Expression::default())
            .using(good_lp::solvers::highs::highs);
        for balance in balances {
            model.add_constraint(balance.eq(0));
        }
        for (row, sum) in program.side.iter().zip(side) {
            model.add_constraint(sum.leq(row.limit));
        }
        for level in held {
            model.add_constraint(level);
        }
        let mut live = Live::new(model)?;
        balance_statuses.resize(live.rows()?, BASIC);
        live.set_basis(&statuses, &balance_statuses)?;
        Ok(Self {
            program,
            live,
            meanings,
        })
    }

    /// Adds columns (mentee, mentor, score).
    ///
    /// # Errors
    /// [`ErrorKind::Solver`](crate::ErrorKind::Solver).
    pub(crate) fn add(&mut self, new: &[(u32, u32, i64)]) -> Result<(), Error> {
        let program = self.program;
        let people = program.mentees.len() + program.mentors.len();
        let levels: Vec<Level> = program.levels.iter().map(|(level, _)| level).collect();
        let columns = new.iter().map(|&(mentee, mentor, score)| {
            let meaning = Meaning::Pair(mentee, mentor, score);
            let mut entries = vec![
                (mentee as usize, 1.0),
                (program.mentees.len() + mentor as usize, 1.0),
            ];
            let rows = program.side.iter().enumerate();
            let counted = rows.filter(|(_, row)| row.has(mentee, mentor));
            entries.extend(counted.map(|(ix, _)| (people + ix, 1.0)));
            let first_held = people + program.side.len();
            let held = levels.iter().take(levels.len() - 1).enumerate();
            let held = held.map(|(ix, level)| (first_held + ix, worth(program, *level, meaning)));
            entries.extend(held.filter(|(_, worth)| *worth != 0.0));
            self.meanings.push(meaning);
            Column {
                cost: 0.0,
                upper: 1.0,
                entries,
            }
        });
        let columns: Vec<Column> = columns.collect();
        self.live.add_columns(&columns)
    }

    /// Solves level after level, and gives the duals of each. `most` has the greatest value that a level may have, by
    /// level; none for the last.
    ///
    /// # Errors
    /// The interrupt's, or [`ErrorKind::Solver`](crate::ErrorKind::Solver).
    pub(crate) fn solve(
        &mut self,
        most: &[Option<i64>],
        interrupt: &Interrupt,
    ) -> Result<Vec<LevelDuals>, Error> {
        let program = self.program;
        let first_side = program.mentees.len() + program.mentors.len();
        let first_held = first_side + program.side.len();
        let levels: Vec<(Level, i128)> = program.levels.iter().collect();
        let mut duals = Vec::with_capacity(levels.len());
        let most = |ix: usize| most.get(ix).copied().flatten().map(|most| most as f64);
        for ix in (0..levels.len() - 1).filter(|ix| most(*ix).is_some()) {
            let upper = most(ix).unwrap_or(f64::INFINITY);
            self.live.set_bounds(first_held + ix, -UNBOUNDED, upper)?;
        }
        for (ix, &(level, weight)) in levels.iter().enumerate() {
            let meanings = self.meanings.iter();
            let costs: Vec<f64> = meanings
                .map(|meaning| worth(program, level, *meaning))
                .collect();
            self.live.set_costs(0, &costs)?;
            let solution = self.live.solve(interrupt)?;
            let prices = solution.dual_rows();
            let worths = costs.iter().zip(solution.columns());
            let value: f64 = worths.map(|(worth, units)| worth * units).sum();
            duals.push(LevelDuals {
                weight,
                value,
                side: prices[first_side..first_held].to_vec(),
                // A row that holds a level from below has a price of 0 or less, from above of 0 or more.
                held: prices[first_held..first_held + ix]
                    .iter()
                    .map(|price| if *price > 0.0 { 0.0 } else { -price })
                    .collect(),
                most: (0..levels.len())
                    .map(|ix| match most(ix) {
                        Some(_) => prices
                            .get(first_held + ix)
                            .map_or(0.0, |price| price.max(0.0)),
                        None => 0.0,
                    })
                    .collect(),
            });
            if ix + 1 < levels.len() {
                let upper = most(ix).unwrap_or(f64::INFINITY);
                let value = value.min(upper);
                self.live.set_bounds(first_held + ix, value, upper)?;
            }
        }
        for row in first_held..self.live.rows()? {
            self.live.set_lower(row, -UNBOUNDED)?;
        }
        Ok(duals)
    }
}

/// What every person's load is made of: (person, meaning, room), in the order in which a load fills them.
fn segments<'a>(
    program: &'a IntegerProgram<'_>,
) -> impl Iterator<Item = (usize, Meaning, u32)> + 'a {
    let mentees = program.mentees.iter().enumerate();
    let mentees = mentees.flat_map(|(ix, mentee)| {
        let promised = mentee.min.min(mentee.max);
        let first = Meaning::First {
            mentee: ix as u32,
            promised: promised > 0,
        };
        [
            (ix, first, mentee.max.min(1)),
            (ix, Meaning::Promised, promised.saturating_sub(1)),
            (
                ix,
                Meaning::Free,
                mentee.max - promised.max(1).min(mentee.max),
            ),
        ]
    });
    let first = program.mentees.len();
    let mentors = program.mentors.iter().enumerate();
    let mentors = mentors.flat_map(move |(ix, mentor)| {
        let promised = mentor.min.min(mentor.max);
        [
            (first + ix, Meaning::Promised, promised),
            (first + ix, Meaning::Free, mentor.max - promised),
        ]
    });
    mentees.chain(mentors).filter(|(_, _, room)| *room > 0)
}

/// What one unit of a column adds to a level.
fn worth(program: &IntegerProgram, level: Level, of: Meaning) -> f64 {
    let counts = match (level, of) {
        // Exact: scores are below 2^53.
        (Level::Score, Meaning::Pair(_, _, score)) => return score as f64,
        (Level::Obligations, Meaning::Pair(mentee, mentor, _)) => program.requires(mentee, mentor),
        (Level::Obligations, Meaning::First { promised, .. }) => promised,
        (Level::Obligations, Meaning::Promised) => true,
        (level, Meaning::First { mentee, .. }) => {
            program.mentees[mentee as usize].tier.counts_for(level)
        }
        _ => false,
    };
    f64::from(u8::from(counts))
}
