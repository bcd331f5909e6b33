//! Tables in (CSV, Parquet, Arrow) and tables out.
//!
//! # What is read
//! A table of people needs the column `id`; the other columns of [`Field`] are read where
//! they are present, and any further column of text, numbers, booleans or dates is kept for custom rules
//! and criteria (nested columns, and columns without a name, are not). A table of pairs needs
//! `mentee_id` and `mentor_id`; one of pair scores also `value` (or `score`). A table of leaders needs `id`,
//! `slots`, `capacity` and, where people have a column `site`, `site` (one or several); it may have
//! `max_slots`. One of rooms needs `slot`, `capacity` and, likewise, `site`. Their other columns are not read.
//!
//! - A null or an empty cell is missing. So is NaN in a column of floats, for that is what pandas makes of
//!   whole numbers with gaps; in a column of pair scores it is an error.
//! - Ids are text or whole numbers; whitespace around an id is dropped.
//! - Whole numbers may come as text or as floats without a fraction.
//! - Yes or no may come as booleans, `true`/`false`, `yes`/`no`, `y`/`n` in any case, or 1/0.
//! - Lists may come as lists, or as text with `;` between the items. So may the numbers of an embedding, as lists
//!   of a fixed length, too; a null among them is an error.
//! - The table of previous pairs may be the `pairs.csv` of an earlier match, as it was written.
//! - CSV has no types: a further column is numeric if all its cells are numbers, in every CSV that has it.

mod arrow_file;
mod cells;
mod claimed;
mod columns;
mod costs;
mod csv_file;
mod extra;
mod file;
mod lists;
mod output;
mod output_assess;
mod output_groups;
mod output_network;
mod output_outcomes;
mod output_reasons;
mod output_whatif;
mod pairs;
mod parquet_file;
mod parquet_out;
mod people;
mod read_as;
mod read_back;
pub(crate) mod rows;
mod sheet;
mod spreadsheet;
mod staff;
mod stored;
mod vectors;

use std::collections::BTreeMap;
use std::path::Path;

use arrow::array::RecordBatch;
use nearpeer_core::{Error, Field, Role, Roster, RosterBuilder};

use spreadsheet::unguard;

pub use cells::with_way_out;
pub use costs::read_costs;
pub(crate) use csv_file::read_columns;
pub use output::{blocking_table, pairs_table, write_blocking_csv, write_pairs_csv};
pub use output_assess::{
    bottleneck_members_table, bottlenecks_table, eligibility_table, rule_counts_table, staff_table,
    supply_table,
};
pub use output_groups::{left_out_table, ties_table, write_left_out_csv, write_ties_csv};
pub use output_network::network_table;
pub use output_outcomes::{groups_table, limits_table};
pub use output_reasons::{unmatched_table, write_unmatched_csv};
pub use output_whatif::{
    advice_table, alternatives_table, conflict_table, cost_column, cost_table, criteria_table,
    partners_of_pair_table, partners_table, removed_table, repair_table, rivals_table,
    rule_checks_table,
};
pub(crate) use parquet_out::{parquet_writer, write_parquet, write_table};
pub(crate) use sheet::{Sheet, write_csv as write_table_csv};
pub(crate) use spreadsheet::is_formula;

pub(crate) use claimed::{claimed_pairs, claimed_ties};
pub(crate) use file::{MAX_TEXT_BYTES, name as file_name, read_limited, read_text, unreadable};
pub(crate) use read_back::{criterion_scores, listed_left_out, listed_unmatched};

/// The longest cell that is read, in bytes. A longer one is a broken file (an unclosed quote) or an attack.
pub const MAX_CELL_BYTES: usize = 1 << 20;

/// The longest list that is read, in items.
pub const MAX_LIST_ITEMS: usize = 100_000;

/// A table with the name that messages use: `mentees`, `mentors`, `pairs_required`, ...
#[derive(Debug, Clone)]
pub struct Table {
    name: String,
    batches: Vec<RecordBatch>,
    /// Whether the columns have types of their own; a CSV's are all text.
    typed: bool,
    /// What columns are called in the table itself, by the names that they are read as.
    renamed: BTreeMap<String, String>,
}

impl Table {
    /// A table of record batches.
    pub fn new(name: impl Into<String>, batches: Vec<RecordBatch>) -> Self {
        Self {
            name: name.into(),
            batches,
            typed: true,
            renamed: BTreeMap::new(),
        }
    }

    /// Reads a file by its ending: `.csv`, `.parquet`, `.arrow` (also `.feather`, `.ipc`).
    ///
    /// # Errors
    /// [`ErrorKind::Io`](crate::ErrorKind::Io) where the file cannot be read,
    /// [`ErrorKind::Input`](crate::ErrorKind::Input) where it is not what its ending says, naming the file
    /// as the table, and the row and column where there are such.
    pub fn read(name: impl Into<String>, path: &Path) -> Result<Self, Error> {
        let (batches, typed) = file::read(path).map_err(|error| {
            if error.place().table.is_some() {
                error
            } else {
                error.in_table(file::name(path))
            }
        })?;
        Ok(Self {
            name: name.into(),
            batches,
            typed,
            renamed: BTreeMap::new(),
        })
    }

    /// The name that messages use.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The rows, as Arrow record batches.
    #[must_use]
    pub fn batches(&self) -> &[RecordBatch] {
        &self.batches
    }

    /// How many rows there are.
    #[must_use]
    pub fn rows(&self) -> usize {
        self.batches.iter().map(RecordBatch::num_rows).sum()
    }
}

/// Every table of a programme.
#[derive(Debug, Clone)]
pub struct Tables {
    /// The mentees.
    pub mentees: Table,
    /// The mentors.
    pub mentors: Table,
    /// The adults who supervise meetings.
    pub leaders: Option<Table>,
    /// How many pairs there is room for, by site and slot.
    pub rooms: Option<Table>,
    /// Pairs that must be in every match.
    pub required: Option<Table>,
    /// Pairs that must not be in a match.
    pub blocked: Option<Table>,
    /// Pairs of an earlier match.
    pub previous: Option<Table>,
    /// The caller's own scores of pairs.
    pub pair_scores: Option<Table>,
}

/// The tables that name pairs.
#[derive(Debug, Clone, Default)]
pub struct PairTables {
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
    /// The two tables that every programme has.
    #[must_use]
    pub fn new(mentees: Table, mentors: Table) -> Self {
        Self {
            mentees,
            mentors,
            leaders: None,
            rooms: None,
            required: None,
            blocked: None,
            previous: None,
            pair_scores: None,
        }
    }

    /// Checks the tables and puts them in canonical order.
    ///
    /// # Errors
    /// [`ErrorKind::Input`](crate::ErrorKind::Input) naming table, row, column and value: a missing or
    /// doubled column, a cell that cannot be read or is longer than [`MAX_CELL_BYTES`] or
    /// [`MAX_LIST_ITEMS`], and all that [`RosterBuilder::build`](crate::RosterBuilder::build) refuses.
    pub fn roster(&self) -> Result<Roster, Error> {
        let people = [&self.mentees, &self.mentors].into_iter();
        let staff = [&self.leaders, &self.rooms].into_iter();
        let pairs = [
            &self.required,
            &self.blocked,
            &self.previous,
            &self.pair_scores,
        ];
        let tables = people.chain(staff.chain(pairs).flatten());
        let own = |error| tables.fold(error, |error, table| table.in_own_words(error));
        self.read().map_err(own)
    }

    fn read(&self) -> Result<Roster, Error> {
        let numeric = extra::numeric_columns([&self.mentees, &self.mentors])?;
        let mut builder = Roster::builder();
        people::read(&mut builder, Role::Mentee, &self.mentees, &numeric)?;
        people::read(&mut builder, Role::Mentor, &self.mentors, &numeric)?;
        if let Some(table) = &self.leaders {
            staff::leaders(&mut builder, table, self.has_sites())?;
        }
        if let Some(table) = &self.rooms {
            staff::rooms(&mut builder, table, self.has_sites())?;
        }
        let tables = PairTables {
            required: self.required.clone(),
            blocked: self.blocked.clone(),
            previous: self.previous.clone(),
            pair_scores: self.pair_scores.clone(),
        };
        tables.read(&mut builder, pairs::OF_SIDES)?;
        builder.build()
    }

    /// Whether mentees or mentors have a column of sites.
    fn has_sites(&self) -> bool {
        let mut people = self.mentees.batches.iter().chain(&self.mentors.batches);
        people.any(|batch| cells::find(batch, Field::Site.name()).is_some())
    }
}

/// The tables of a co-mentoring programme.
#[derive(Debug, Clone)]
pub struct StudentTables {
    /// The students.
    pub students: Table,
    /// The tables of pairs, with the columns `student_a_id` and `student_b_id`, in either order.
    pub pairs: PairTables,
}

impl StudentTables {
    /// The one table that every co-mentoring programme has.
    #[must_use]
    pub fn new(students: Table) -> Self {
        Self {
            students,
            pairs: PairTables::default(),
        }
    }

    /// Checks the tables and puts them in canonical order.
    ///
    /// # Errors
    /// As [`Tables::roster`].
    pub fn roster(&self) -> Result<Roster, Error> {
        let pairs = &self.pairs;
        let pairs = [
            &pairs.required,
            &pairs.blocked,
            &pairs.previous,
            &pairs.pair_scores,
        ];
        let tables = [&self.students]
            .into_iter()
            .chain(pairs.into_iter().flatten());
        let own = |error| tables.fold(error, |error, table| table.in_own_words(error));
        self.read().map_err(own)
    }

    fn read(&self) -> Result<Roster, Error> {
        let numeric = extra::numeric_columns([&self.students])?;
        let mut builder = Roster::of_students();
        // Students are pushed as mentees are.
        people::read(&mut builder, Role::Mentee, &self.students, &numeric)?;
        self.pairs.read(&mut builder, pairs::OF_STUDENTS)?;
        builder.build()
    }
}

impl PairTables {
    fn read(&self, builder: &mut RosterBuilder, ids: pairs::Ids) -> Result<(), Error> {
        if let Some(table) = &self.required {
            pairs::read(table, ids, |mentee, mentor| {
                builder.push_required(mentee, mentor);
            })?;
        }
        if let Some(table) = &self.blocked {
            pairs::read(table, ids, |mentee, mentor| {
                builder.push_blocked(mentee, mentor)
            })?;
        }
        if let Some(table) = &self.previous {
            // An earlier `pairs.csv` has marks before ids that a spreadsheet would take for formulas.
            let plain = |id: String| match table.typed {
                true => id,
                false => unguard(&id).to_owned(),
            };
            pairs::read(table, ids, |mentee, mentor| {
                builder.push_previous(plain(mentee), plain(mentor));
            })?;
        }
        if let Some(table) = &self.pair_scores {
            builder.declare_pair_scores();
            pairs::read_scores(table, ids, |mentee, mentor, score| {
                builder.push_pair_score(mentee, mentor, score);
            })?;
        }
        Ok(())
    }
}
