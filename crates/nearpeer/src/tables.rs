//! Tables in (CSV, Parquet, Arrow) and tables out, as Arrow record batches.

use std::path::Path;

use arrow::array::RecordBatch;
use nearpeer_core::{Error, Match, Roster};

/// A table with the name that messages use: `mentees`, `mentors`, `pairs_required`, ...
#[derive(Debug, Clone)]
pub struct Table {
    name: String,
    batches: Vec<RecordBatch>,
}

impl Table {
    /// A table of record batches that share a schema.
    pub fn new(name: impl Into<String>, batches: Vec<RecordBatch>) -> Self {
        Self {
            name: name.into(),
            batches,
        }
    }

    /// Reads a file by its ending: `.csv`, `.parquet`, `.arrow` (also `.feather`, `.ipc`).
    ///
    /// # Errors
    /// [`ErrorKind::Io`](crate::ErrorKind::Io) where the file cannot be read, [`ErrorKind::Input`](crate::ErrorKind::Input) where
    /// it is not what its ending says, naming the row where it is one.
    pub fn read(name: impl Into<String>, path: &Path) -> Result<Self, Error> {
        let _ = (name.into(), path);
        todo!()
    }
}

/// Every table of a programme.
#[derive(Debug, Clone)]
pub struct Tables {
    /// The mentees.
    pub mentees: Table,
    /// The mentors.
    pub mentors: Table,
    /// Pairs that must be in every match.
    pub required: Option<Table>,
    /// Pairs that must not be in a match.
    pub blocked: Option<Table>,
    /// Pairs of an earlier match.
    pub previous: Option<Table>,
    /// The caller's own scores of pairs.
    pub pair_scores: Option<Table>,
}

impl Tables {
    /// Checks the tables and puts them in canonical order.
    ///
    /// # Errors
    /// [`ErrorKind::Input`](crate::ErrorKind::Input) naming table, row, column and value.
    pub fn roster(&self) -> Result<Roster, Error> {
        let _ = (&self.mentees.name, &self.mentees.batches);
        todo!()
    }
}

/// The chosen pairs as a table: `mentee_id`, `mentor_id`, `score` (points), `score_<criterion>` (points).
#[must_use]
pub fn pairs_table(answer: &Match) -> RecordBatch {
    let _ = answer;
    todo!()
}

/// Everybody in no pair as a table: `id`, `role`, `reason`, `detail`.
#[must_use]
pub fn unmatched_table(answer: &Match) -> RecordBatch {
    let _ = answer;
    todo!()
}
