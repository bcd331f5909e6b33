//! An assessment as a page to read and as a folder of tables.

mod page;

use std::path::{Path, PathBuf};

use arrow::array::RecordBatch;
use nearpeer_core::{Assessment, Error};

use crate::drafts::{self, Drafts};
use crate::tables::{
    bottleneck_members_table, bottlenecks_table, eligibility_table, rule_counts_table, staff_table,
    supply_table, write_table_csv,
};

pub use page::page;

/// A file's name, and what is in it.
type File = (&'static str, fn(&Assessment) -> RecordBatch);

const FILES: [File; 6] = [
    ("eligibility.csv", eligibility_table),
    ("rules.csv", rule_counts_table),
    ("supply.csv", supply_table),
    ("bottlenecks.csv", bottlenecks_table),
    ("bottleneck_members.csv", bottleneck_members_table),
    ("staff.csv", staff_table),
];

/// The names of all the files that an assessment may have.
#[must_use]
pub fn names() -> [&'static str; 6] {
    FILES.map(|(name, _)| name)
}

/// Writes the tables of an assessment as CSV to a folder, which is made if it is not there: `eligibility.csv`, `rules.csv`,
/// `supply.csv`, `bottlenecks.csv`, `bottleneck_members.csv` and, where there are leaders or rooms, `staff.csv`. Each file is
/// there whole or not at all.
///
/// # Errors
/// [`ErrorKind::Io`](crate::ErrorKind::Io) naming the folder or file that cannot be written.
pub fn save(assessment: &Assessment, folder: &Path) -> Result<Vec<PathBuf>, Error> {
    check_folder(folder)?;
    let mut files = Drafts::new(folder)?;
    for (name, table) in FILES {
        if name != "staff.csv" || !assessment.staff.is_empty() {
            files.add(name, |out| write_table_csv(&table(assessment), out))?;
        }
    }
    files.persist()
}

/// Checks that an assessment can be saved to this folder, before it is made. Leaves nothing behind.
///
/// # Errors
/// As [`save`].
pub fn check_folder(folder: &Path) -> Result<(), Error> {
    drafts::check_folder(folder, names())
}
