//! The engine for callers who bring their own scores: loads on rows and columns, forbidden and required
//! cells, and a certified optimum.

use crate::certificate::{Certificate, Level, Status};
use crate::certify::certify;
use crate::error::Error;
use crate::interrupt::Interrupt;
use crate::matching::Options;
use crate::pairs::{Pairs, Sweep};
use crate::pool::in_pool;
use crate::program::{Beside, IntegerProgram, Mentee, Mentor, Tier};
use crate::programme::ObjectiveLevel;
use crate::progress::Phase;
use crate::roster::Role;
pub use crate::scores::{Index, Number, Scores, Unit};
use crate::solve::solve;
use crate::whatif::conflict;

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

/// Scores without the forbidden cells, as the program sees them.
struct Edges<'a> {
    scores: &'a Scores<'a>,
    /// (row, column), ascending.
    forbidden: Vec<(u32, u32)>,
}

impl Edges<'_> {
    /// The forbidden cells of a row.
    fn forbidden_in(&self, row: usize) -> &[(u32, u32)] {
        let start = |row: usize| {
            self.forbidden
                .partition_point(|cell| (cell.0 as usize) < row)
        };
        if self.forbidden.is_empty() {
            return &[];
        }
        &self.forbidden[start(row)..start(row + 1)]
    }
}

impl Pairs for Edges<'_> {
    fn mentees(&self) -> usize {
        self.scores.rows()
    }

    fn mentors(&self) -> usize {
        self.scores.columns()
    }

    fn row(&self, mentee: usize, row: &mut Vec<(u32, i64)>) {
        self.scores.row(mentee, row);
        let mut forbidden = self.forbidden_in(mentee).iter().peekable();
        if forbidden.peek().is_some() {
            row.retain(|(column, _)| {
                while forbidden.next_if(|cell| cell.1 < *column).is_some() {}
                forbidden.next_if(|cell| cell.1 == *column).is_none()
            });
        }
    }

    fn score(&self, mentee: usize, mentor: u32) -> Option<i64> {
        let cell = (mentee as u32, mentor);
        let is_forbidden = self.forbidden.binary_search(&cell).is_ok();
        let score = self.scores.score(mentee, mentor)?;
        (!is_forbidden).then_some(score)
    }

    fn score_range(&self) -> (i64, i64) {
        self.scores.range()
    }

    fn has_single_rows(&self) -> bool {
        true
    }

    fn sweep<'s>(&'s self, role: Role, prices: &'s [i64]) -> Option<Box<dyn Sweep + 's>> {
        // A column is no faster to read than everything.
        (role == Role::Mentee).then(|| {
            Box::new(CellSweep {
                edges: self,
                prices,
            }) as _
        })
    }
}

/// The cells of a row that beat prices.
struct CellSweep<'s> {
    edges: &'s Edges<'s>,
    prices: &'s [i64],
}

impl Sweep for CellSweep<'_> {
    fn row(&self, row: usize, mut floor: i64, visit: &mut dyn FnMut(u32, i64) -> i64) {
        let mut forbidden = self.edges.forbidden_in(row).iter().peekable();
        let scores = self.edges.scores;
        scores.above(row, self.prices, floor, &mut |column, score| {
            while forbidden.next_if(|cell| cell.1 < column).is_some() {}
            if forbidden.peek().is_none_or(|cell| cell.1 != column) {
                floor = visit(column, score);
            }
            floor
        });
    }

    fn floor(&self, row: usize, lowest: i64, most: usize) -> i64 {
        let forbidden = self.edges.forbidden_in(row).len();
        let scores = self.edges.scores;
        scores.floor(row, self.prices, lowest, most + forbidden)
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
pub fn assign(
    scores: &Scores<'_>,
    assign: &Assign,
    options: &Options,
) -> Result<Assignment, Error> {
    options.validate()?;
    let row_loads = loads("row_load", &assign.row_loads, scores.rows())?;
    let column_loads = loads("col_load", &assign.column_loads, scores.columns())?;
    let forbidden = cells("forbid", &assign.forbid, scores)?;
    let required = cells("require", &assign.require, scores)?;
    for (ix, &(row, column)) in assign.require.iter().enumerate() {
        let fault = |message: &str| {
            let cell = Error::input(message).in_table("require").in_row(ix);
            Err(cell.with_value(&format!("({row}, {column})")))
        };
        if forbidden.binary_search(&(row, column)).is_ok() {
            return fault("the required cell is also forbidden");
        }
        if scores.score(row as usize, column).is_none() {
            return fault("the required cell has no score, so it cannot be chosen");
        }
    }
    let edges = Edges { scores, forbidden };
    let mentees = row_loads.iter().map(|load| Mentee {
        min: load.low,
        max: load.high,
        tier: Tier::default(),
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
        Beside::default(),
    )?;
    let interrupt = Interrupt::new(options);
    interrupt.enter(Phase::Compile);
    let solution = in_pool(options.threads, || {
        solve(&program, options.method, &interrupt)
    })?;
    let ids =
        [scores.rows(), scores.columns()].map(|side| (0..side).map(|ix| ix.to_string()).collect());
    let certificate = certify(&program, &solution, ids)?;
    if certificate.status == Status::Infeasible {
        let conflict = in_pool(options.threads, || {
            let loads = [&row_loads[..], &column_loads];
            conflict::of_cells(&edges, loads, &assign.require, &solution.chosen, &interrupt)
        })?;
        return Err(Error::infeasible(conflict, certificate));
    }
    interrupt.without_limits().stand(&certificate.levels)?;
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
        unit: scores.unit(),
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
fn cells(name: &str, cells: &[(u32, u32)], scores: &Scores<'_>) -> Result<Vec<(u32, u32)>, Error> {
    for (ix, &(row, column)) in cells.iter().enumerate() {
        if row as usize >= scores.rows() || column as usize >= scores.columns() {
            let (rows, columns) = (scores.rows(), scores.columns());
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
