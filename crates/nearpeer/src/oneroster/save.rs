//! The two tables as files of a folder.

use std::path::{Path, PathBuf};

use nearpeer_core::Error;

use super::Students;
use crate::district::Format;
use crate::drafts::{self, Drafts};
use crate::tables::write_table;

/// The mentees' file, without its ending.
pub const MENTEES: &str = "mentees";

/// The mentors' file, without its ending.
pub const MENTORS: &str = "mentors";

/// Writes both tables to a folder, which is made if it is not there; each file is there whole or not at all.
///
/// In CSV, a cell that a spreadsheet would run as a formula gets a `'` before it.
///
/// Returns the paths of the files.
///
/// # Errors
/// [`ErrorKind::Io`](crate::ErrorKind::Io) naming the folder or file that cannot be written;
/// [`ErrorKind::Input`](crate::ErrorKind::Input) for an id that would not be the same in CSV.
pub fn save(students: &Students, folder: &Path, format: Format) -> Result<Vec<PathBuf>, Error> {
    if let Format::Csv = format {
        check_ids(students)?;
    }
    let tables = [(MENTEES, &students.mentees), (MENTORS, &students.mentors)];
    let tables = tables.map(|(name, table)| (format!("{name}.{}", format.ending()), table));
    drafts::check_folder(folder, tables.iter().map(|(name, _)| name))?;
    let mut files = Drafts::new(folder)?;
    for (name, table) in tables {
        files.add(name, |out| write_table(table, format, out))?;
    }
    files.persist()
}
