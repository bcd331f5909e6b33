//! The engine for callers who bring their own scores: loads on rows and columns, forbidden and required
//! cells, and a certified optimum.

use crate::certificate::{Certificate, Status};
use crate::error::Error;
use crate::matching::Options;

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

impl Scores {
    /// Whole scores, row after row (`rows * columns` of them).
    ///
    /// # Errors
    /// [`ErrorKind::Input`](crate::ErrorKind::Input) for wrong dimensions or a score beyond ±10^15.
    pub fn dense_integers(rows: usize, columns: usize, values: &[i64]) -> Result<Self, Error> {
        let _ = (rows, columns, values);
        todo!()
    }

    /// Scores that are rounded once to micropoints, row after row (`rows * columns` of them).
    ///
    /// # Errors
    /// [`ErrorKind::Input`](crate::ErrorKind::Input) for wrong dimensions, or naming the cell of a score that is not finite or
    /// beyond ±10^9.
    pub fn dense(rows: usize, columns: usize, values: &[f64]) -> Result<Self, Error> {
        let _ = (rows, columns, values);
        todo!()
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
        let _ = (rows, columns, cells.into_iter().count());
        todo!()
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
        let _ = (rows, columns, cells.into_iter().count());
        todo!()
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
}

/// Chooses the cells of the greatest total score under the loads.
///
/// # Errors
/// [`ErrorKind`](crate::ErrorKind)`::Input` naming what is wrong with the loads or cells,
/// `::Infeasible` where the loads and required cells cannot all be kept; otherwise as
/// [`Program::solve_with`](crate::Program::solve_with).
pub fn assign(scores: &Scores, assign: &Assign, options: &Options) -> Result<Assignment, Error> {
    let _ = (scores, assign, options);
    Err(Error::new(crate::ErrorKind::Solver, "under construction"))
}
