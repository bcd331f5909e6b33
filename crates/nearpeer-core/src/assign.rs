//! The engine for callers who bring their own scores: loads on rows and columns, forbidden and required
//! cells, and a certified optimum.

use crate::certificate::{Certificate, Level, Status};
use crate::error::Error;
use crate::explain::shortened;
use crate::interrupt::Interrupt;
use crate::matching::{Options, certify, in_pool, zero_time_limit};
use crate::pairs::Pairs;
use crate::program::{Chosen, IntegerProgram, Mentee, Mentor};
use crate::programme::ObjectiveLevel;
use crate::solve::solve;

/// The greatest number of rows or columns: their loads and prices are held in memory.
const MAX_SIDE: usize = 10_000_000;

/// Scores of rows against columns. A cell that is not stored is not an edge; a stored zero is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Scores {
    rows: usize,
    columns: usize,
    /// Where each row's cells start; one more than there are rows.
    starts: Vec<usize>,
    /// The column of each cell, ascending within a row.
    cells: Vec<u32>,
    /// The score of each cell, in `unit`s.
    values: Vec<i64>,
    unit: Unit,
}

/// What one unit of an integer score counts in the caller's scores.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Unit {
    /// The scores were integers and are used as they are.
    One,
    /// The scores were floats and were rounded once to micropoints.
    Micropoint,
}

/// How many cells a row or a column may be in: at least `low` (a promise), at most `high`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct LoadRange {
    /// At least this many.
    pub low: u32,
    /// At most this many.
    pub high: u32,
}

/// What to assign besides the scores.
#[derive(Debug, Clone, Default)]
pub struct Assign {
    /// A load a row; empty for (0, 1) everywhere.
    pub row_loads: Vec<LoadRange>,
    /// A load a column; empty for (0, 1) everywhere.
    pub column_loads: Vec<LoadRange>,
    /// Cells (row, column) that must not be chosen.
    pub forbid: Vec<(u32, u32)>,
    /// Cells (row, column) that must be chosen.
    pub require: Vec<(u32, u32)>,
    /// Whether to choose something in as many rows as possible before looking at scores.
    pub coverage_first: bool,
}

/// The chosen cells and the proof.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Assignment {
    /// The row of each chosen cell, ascending.
    pub rows: Vec<u32>,
    /// The column of each chosen cell.
    pub columns: Vec<u32>,
    /// The total score, in the scores' [`Unit`].
    pub objective: i64,
    /// No assignment (that covers as many rows, if coverage comes first) has a greater total.
    pub bound: i64,
    /// `bound - objective`.
    pub gap: i64,
    /// How the solve ended.
    pub status: Status,
    /// The unit of the scores.
    pub unit: Unit,
    /// The proof; rows stand for mentees and columns for mentors, and ids are their numbers.
    pub certificate: Certificate,
}

/// Whole scores up to this can be added up exactly, and every one is a float.
const LARGEST_INTEGER: i64 = 1_000_000_000_000_000;

/// Float scores up to this have an exact number of micropoints.
const LARGEST_FLOAT: f64 = 1e9;

impl Scores {
    /// Whole scores, row after row (`rows * columns` of them).
    ///
    /// # Errors
    /// [`ErrorKind::Input`](crate::ErrorKind::Input) for wrong dimensions or a score beyond ±10^15.
    pub fn dense_integers(rows: usize, columns: usize, values: &[i64]) -> Result<Self, Error> {
        Self::from_dense(rows, columns, values, Unit::One, integer)
    }

    /// Scores that are rounded once to micropoints, row after row (`rows * columns` of them).
    ///
    /// # Errors
    /// [`ErrorKind::Input`](crate::ErrorKind::Input) for wrong dimensions, or naming the cell of a score
    /// that is not finite or beyond ±10^9.
    pub fn dense(rows: usize, columns: usize, values: &[f64]) -> Result<Self, Error> {
        Self::from_dense(rows, columns, values, Unit::Micropoint, micropoints)
    }

    /// Whole scores of single cells, in any order.
    ///
    /// # Errors
    /// As [`dense_integers`](Self::dense_integers), and for a cell out of range or stored twice.
    pub fn sparse_integers(
        rows: usize,
        columns: usize,
        cells: impl IntoIterator<Item = (u32, u32, i64)>,
    ) -> Result<Self, Error> {
        Self::from_cells(rows, columns, cells, Unit::One, integer)
    }

    /// Scores of single cells, in any order, rounded once to micropoints.
    ///
    /// # Errors
    /// As [`dense`](Self::dense), and for a cell out of range or stored twice.
    pub fn sparse(
        rows: usize,
        columns: usize,
        cells: impl IntoIterator<Item = (u32, u32, f64)>,
    ) -> Result<Self, Error> {
        Self::from_cells(rows, columns, cells, Unit::Micropoint, micropoints)
    }

    /// How many rows there are.
    #[must_use]
    pub fn rows(&self) -> usize {
        self.rows
    }

    /// How many columns there are.
    #[must_use]
    pub fn columns(&self) -> usize {
        self.columns
    }

    fn from_dense<T: Copy>(
        rows: usize,
        columns: usize,
        values: &[T],
        unit: Unit,
        read: impl Fn(T) -> Result<i64, Error>,
    ) -> Result<Self, Error> {
        let wanted = rows.checked_mul(columns);
        if wanted != Some(values.len()) {
            return Err(Error::input(format!(
                "{rows} rows of {columns} scores are not {} scores",
                values.len()
            )));
        }
        let cells = values.iter().enumerate().map(|(ix, &value)| {
            // Sides are checked to be below 2^32 before any cell is read.
            ((ix / columns) as u32, (ix % columns) as u32, value)
        });
        Self::from_cells(rows, columns, cells, unit, read)
    }

    fn from_cells<T: Copy>(
        rows: usize,
        columns: usize,
        cells: impl IntoIterator<Item = (u32, u32, T)>,
        unit: Unit,
        read: impl Fn(T) -> Result<i64, Error>,
    ) -> Result<Self, Error> {
        if rows == 0 || columns == 0 {
            return Err(Error::input(format!(
                "scores need at least one row and one column, not {rows} x {columns}"
            )));
        }
        if rows.max(columns) > MAX_SIDE {
            return Err(Error::input(format!(
                "more than {MAX_SIDE} rows or columns"
            )));
        }
        let mut all = Vec::new();
        for (row, column, value) in cells {
            let (row_ix, column_ix) = (row as usize, column as usize);
            let at = |error: Error| {
                error
                    .in_table("scores")
                    .in_row(row_ix)
                    .in_column(column.to_string())
            };
            if row_ix >= rows || column_ix >= columns {
                return Err(at(Error::input(format!(
                    "the cell is outside of {rows} x {columns}"
                ))));
            }
            all.push((row, column, read(value).map_err(at)?));
        }
        if !all.is_sorted() {
            all.sort_unstable();
        }
        if let Some(twice) = all
            .windows(2)
            .find(|cells| cells[0].0 == cells[1].0 && cells[0].1 == cells[1].1)
        {
            return Err(Error::input("the cell has two scores")
                .in_table("scores")
                .in_row(twice[0].0 as usize)
                .in_column(twice[0].1.to_string()));
        }
        let mut starts = vec![0; rows + 1];
        for (row, _, _) in &all {
            starts[*row as usize + 1] += 1;
        }
        for row in 0..rows {
            starts[row + 1] += starts[row];
        }
        Ok(Self {
            rows,
            columns,
            starts,
            cells: all.iter().map(|cell| cell.1).collect(),
            values: all.iter().map(|cell| cell.2).collect(),
            unit,
        })
    }

    /// The cells of a row: columns, and their scores.
    fn row(&self, row: usize) -> (&[u32], &[i64]) {
        let range = self.starts[row]..self.starts[row + 1];
        (&self.cells[range.clone()], &self.values[range])
    }

    /// The stored cells of a row: (column, score), ascending.
    pub(crate) fn cells(&self, row: usize) -> impl Iterator<Item = (u32, i64)> {
        let (columns, values) = self.row(row);
        columns.iter().copied().zip(values.iter().copied())
    }

    /// Whether the cell is stored.
    fn has(&self, row: u32, column: u32) -> bool {
        self.row(row as usize).0.binary_search(&column).is_ok()
    }
}

fn integer(value: i64) -> Result<i64, Error> {
    if value.unsigned_abs() <= LARGEST_INTEGER.unsigned_abs() {
        Ok(value)
    } else {
        let fault = Error::input(format!(
            "a whole score is from -{LARGEST_INTEGER} to {LARGEST_INTEGER}"
        ));
        Err(fault.with_value(&value.to_string()))
    }
}

fn micropoints(value: f64) -> Result<i64, Error> {
    if value.abs() <= LARGEST_FLOAT {
        // Exact: at most 1e15.
        Ok((value * 1e6).round() as i64)
    } else {
        let fault = Error::input("a score is a finite number from -1e9 to 1e9");
        Err(fault.with_value(&value.to_string()))
    }
}

/// Scores without the forbidden cells, as the program sees them.
struct Edges<'a> {
    scores: &'a Scores,
    /// (row, column), ascending.
    forbidden: Vec<(u32, u32)>,
}

impl Pairs for Edges<'_> {
    fn mentees(&self) -> usize {
        self.scores.rows
    }

    fn mentors(&self) -> usize {
        self.scores.columns
    }

    fn row(&self, mentee: usize, row: &mut Vec<(u32, i64)>) {
        row.clear();
        row.extend(self.scores.cells(mentee));
        if !self.forbidden.is_empty() {
            row.retain(|(column, _)| {
                self.forbidden
                    .binary_search(&(mentee as u32, *column))
                    .is_err()
            });
        }
    }

    fn score(&self, mentee: usize, mentor: u32) -> Option<i64> {
        let (columns, values) = self.scores.row(mentee);
        let place = columns.binary_search(&mentor).ok()?;
        let forbidden = self
            .forbidden
            .binary_search(&(mentee as u32, mentor))
            .is_ok();
        (!forbidden).then_some(values[place])
    }

    fn score_range(&self) -> (i64, i64) {
        let values = || self.scores.values.iter().copied();
        (values().min().unwrap_or(0), values().max().unwrap_or(0))
    }
}

/// Chooses the cells of the greatest total score under the loads.
///
/// ```
/// use nearpeer_core::{Assign, Options, Scores, assign};
///
/// let scores = Scores::dense_integers(2, 2, &[4, 5, 3, 1])?;
/// let best = assign(&scores, &Assign::default(), &Options::default())?;
/// assert_eq!((best.rows, best.columns), (vec![0, 1], vec![1, 0]));
/// assert_eq!((best.objective, best.gap), (8, 0));
/// # Ok::<(), nearpeer_core::Error>(())
/// ```
///
/// # Errors
/// [`ErrorKind`](crate::ErrorKind)`::Input` naming what is wrong with the loads or cells,
/// `::Infeasible` where the loads and required cells cannot all be kept; otherwise as
/// [`Program::solve_with`](crate::Program::solve_with).
pub fn assign(scores: &Scores, assign: &Assign, options: &Options) -> Result<Assignment, Error> {
    if options.time_limit.is_some_and(|limit| limit.is_zero()) {
        return Err(zero_time_limit());
    }
    let row_loads = loads("row_load", &assign.row_loads, scores.rows)?;
    let column_loads = loads("col_load", &assign.column_loads, scores.columns)?;
    let forbidden = cells("forbid", &assign.forbid, scores)?;
    let required = cells("require", &assign.require, scores)?;
    for &(row, column) in &required {
        let fault = |message: &str| {
            let cell = Error::input(message)
                .in_table("require")
                .in_row(row as usize);
            Err(cell.in_column(column.to_string()))
        };
        if forbidden.binary_search(&(row, column)).is_ok() {
            return fault("the cell is both required and forbidden");
        }
        if !scores.has(row, column) {
            return fault("the required cell has no score, so it cannot be chosen");
        }
    }
    let edges = Edges { scores, forbidden };
    let mentees = row_loads.iter().map(|load| Mentee {
        min: load.low,
        max: load.high,
        tier: 0,
    });
    let mentors = column_loads
        .iter()
        .map(|load| Mentor::new(load.low, load.high, 0));
    let objective: &[ObjectiveLevel] = if assign.coverage_first {
        &[ObjectiveLevel::Coverage, ObjectiveLevel::Score]
    } else {
        &[ObjectiveLevel::Score]
    };
    let program = IntegerProgram::new(
        &edges,
        mentees.collect(),
        mentors.collect(),
        required,
        objective,
        Vec::new(),
    )?;
    let interrupt = Interrupt::new(options.time_limit, options.stop.clone());
    let solution = in_pool(options.threads, || {
        solve(&program, options.method, &interrupt)
    })?;
    let ids =
        [scores.rows, scores.columns].map(|side| (0..side).map(|ix| ix.to_string()).collect());
    let certificate = certify(&program, &solution, ids)?;
    if certificate.status == Status::Infeasible {
        return Err(Error::infeasible(
            missed(&program, &solution.chosen),
            certificate,
        ));
    }
    let score = certificate
        .levels
        .iter()
        .find(|level| level.level == Level::Score);
    let (objective, bound) = score.map_or((0, 0), |level| (level.objective, level.bound));
    Ok(Assignment {
        rows: solution.chosen.iter().map(|cell| cell.mentee).collect(),
        columns: solution.chosen.iter().map(|cell| cell.mentor).collect(),
        objective,
        bound,
        gap: bound - objective,
        status: certificate.status,
        unit: scores.unit,
        certificate,
    })
}

fn loads(name: &str, loads: &[LoadRange], side: usize) -> Result<Vec<LoadRange>, Error> {
    if loads.is_empty() {
        return Ok(vec![LoadRange { low: 0, high: 1 }; side]);
    }
    if loads.len() != side {
        return Err(Error::input(format!("{} loads for {side}", loads.len())).in_table(name));
    }
    for (ix, load) in loads.iter().enumerate() {
        if load.low > load.high {
            return Err(Error::input(format!(
                "the low end is above the high end, which is {}",
                load.high
            ))
            .in_table(name)
            .in_row(ix)
            .with_value(&load.low.to_string()));
        }
    }
    Ok(loads.to_vec())
}

/// The cells in order, each once.
fn cells(name: &str, cells: &[(u32, u32)], scores: &Scores) -> Result<Vec<(u32, u32)>, Error> {
    for (ix, &(row, column)) in cells.iter().enumerate() {
        if row as usize >= scores.rows || column as usize >= scores.columns {
            let (rows, columns) = (scores.rows, scores.columns);
            return Err(
                Error::input(format!("the cell is outside of {rows} x {columns}"))
                    .in_table(name)
                    .in_row(ix)
                    .with_value(&format!("({row}, {column})")),
            );
        }
    }
    let mut cells = cells.to_vec();
    cells.sort_unstable();
    cells.dedup();
    Ok(cells)
}

/// The loads and required cells that the answer misses.
fn missed(program: &IntegerProgram, chosen: &[Chosen]) -> Vec<String> {
    let loads = program.loads(chosen);
    let kept = |cell: &(u32, u32)| {
        chosen
            .binary_search_by_key(cell, |cell| (cell.mentee, cell.mentor))
            .is_ok()
    };
    let required = program.required.iter().filter(|cell| !kept(cell));
    let mut missed: Vec<String> = required
        .map(|cell| format!("the required cell {cell:?}"))
        .collect();
    let rows = program.mentees.iter().map(|row| row.min);
    let columns = program.mentors.iter().map(|column| column.min);
    let sides = [
        ("row", rows.collect::<Vec<_>>()),
        ("column", columns.collect()),
    ];
    for ((side, minima), loads) in sides.into_iter().zip(loads) {
        for (ix, (min, load)) in minima.into_iter().zip(loads).enumerate() {
            if load < min {
                missed.push(format!(
                    "{side} {ix} needs a load of {min} and can have {load}"
                ));
            }
        }
    }
    shortened(missed)
}
