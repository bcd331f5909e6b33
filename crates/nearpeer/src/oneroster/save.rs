//! The two tables as files of a folder.

use std::path::{Path, PathBuf};

use arrow::array::AsArray;
use nearpeer_core::Error;

use super::Students;
use crate::district::Format;
use crate::drafts::{self, Drafts};
use crate::tables::{is_formula, write_table};

/// The mentees' file, without its ending.
pub const MENTEES: &str = "mentees";

/// The mentors' file, without its ending.
pub const MENTORS: &str = "mentors";

/// A table of people is read as it stands, so an id with a mark before it would be another.
fn check_ids(students: &Students) -> Result<(), Error> {
    for table in [&students.mentees, &students.mentors] {
        let ids = table
            .column_by_name("id")
            .and_then(|ids| ids.as_string_opt::<i32>());
        let mut ids = ids.into_iter().flatten().flatten();
        if let Some(id) = ids.find(|id| is_formula(id)) {
            let message =
                "an id that a spreadsheet would run as a formula; write Parquet, or take other ids";
            return Err(Error::input(message).in_column("id").with_value(id));
        }
    }
    Ok(())
}

/// The names of the files that [`save`] writes.
#[must_use]
pub fn files(format: Format) -> [String; 2] {
    [MENTEES, MENTORS].map(|table| format.file(table))
}

/// Writes both tables to a folder, which is made if it is not there; each file is there whole or not at all. Files of these
/// names that are there are replaced.
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
    let names = files(format);
    drafts::check_folder(folder, &names)?;
    let mut files = Drafts::new(folder)?;
    for (name, table) in names
        .into_iter()
        .zip([&students.mentees, &students.mentors])
    {
        files.add(name, |out| write_table(table, format, out))?;
    }
    files.persist()
}
