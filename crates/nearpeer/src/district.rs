//! A made-up district ([`synth`](crate::synth)) as tables, and as a folder of files.

use std::io::{self, Write};
use std::path::{Path, PathBuf};

use arrow::array::RecordBatch;
use nearpeer_core::synth::District;
use nearpeer_core::{Error, Role};

use crate::drafts::{self, Drafts};
use crate::tables::parquet_writer;
use crate::tables::rows::{Columns, Record, schema, write_csv};

/// The programme's settings, with the feeders.
pub const PROGRAMME: &str = "programme.toml";

/// The tables' names, without their endings.
pub const TABLES: [&str; 4] = ["mentees", "mentors", "leaders", "rooms"];

/// The columns of the leaders' table.
const LEADER_COLUMNS: [&str; 5] = ["id", "site", "slots", "capacity", "max_slots"];

/// The columns of the rooms' table.
const ROOM_COLUMNS: [&str; 3] = ["site", "slot", "capacity"];

/// Rows that a Parquet file gets at a time.
const BATCH: usize = 1 << 16;

/// How tables are written.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
#[non_exhaustive]
pub enum Format {
    /// Text; lists with `;` between the items.
    #[default]
    Csv,
    /// Typed columns, compressed.
    Parquet,
}

impl Format {
    /// The files' ending: `csv`, `parquet`.
    #[must_use]
    pub fn ending(self) -> &'static str {
        match self {
            Self::Csv => "csv",
            Self::Parquet => "parquet",
        }
    }

    /// The file of a table: `mentees.csv`.
    pub(crate) fn file(self, table: &str) -> String {
        format!("{table}.{}", self.ending())
    }
}

/// The mentees or mentors as a table: grades and loads are whole numbers, lists are lists, and a missing cell
/// is null.
#[must_use]
pub fn students_table(district: &District, role: Role) -> RecordBatch {
    Columns::of(&student_columns(district, role), district.students(role))
}

/// The leaders as a table: `id`, `site`, `slots`, `capacity` (pairs at one time), `max_slots` (a week).
#[must_use]
pub fn leaders_table(district: &District) -> RecordBatch {
    Columns::of(&LEADER_COLUMNS, district.leaders())
}

/// The rooms as a table: `site`, `slot`, `capacity` (pairs at one time).
#[must_use]
pub fn rooms_table(district: &District) -> RecordBatch {
    Columns::of(&ROOM_COLUMNS, district.rooms())
}

/// The names of the files that [`save`] writes.
#[must_use]
pub fn files(format: Format) -> Vec<String> {
    let tables = TABLES.iter().map(|table| format.file(table));
    tables.chain([PROGRAMME.to_owned()]).collect()
}

/// Writes the four tables and `programme.toml` to a folder, which is made if it is not there.
///
/// All are written in full under other names first, and renamed one after the other at the end, so each file
/// is there whole or not at all; files of these names that are there are replaced. The same district gives the same bytes. (Those of Parquet may differ from
/// one version of nearpeer to the next.)
///
/// Returns the paths of the files.
///
/// # Errors
/// [`ErrorKind::Io`](crate::ErrorKind::Io) naming the folder or file that cannot be written. No file has
/// changed then, unless a renaming failed.
pub fn save(district: &District, folder: &Path, format: Format) -> Result<Vec<PathBuf>, Error> {
    drafts::check_folder(folder, files(format))?;
    let [mentees, mentors, leaders, rooms] = TABLES.map(|table| format.file(table));
    let mut files = Drafts::new(folder)?;
    for (name, role) in [(mentees, Role::Mentee), (mentors, Role::Mentor)] {
        let columns = student_columns(district, role);
        files.add(name, |out| {
            write(format, &columns, district.students(role), out)
        })?;
    }
    files.add(leaders, |out| {
        write(format, &LEADER_COLUMNS, district.leaders(), out)
    })?;
    files.add(rooms, |out| {
        write(format, &ROOM_COLUMNS, district.rooms(), out)
    })?;
    files.add(PROGRAMME, |out| {
        out.write_all(district.program().to_toml().as_bytes())
    })?;
    files.persist()
}

fn student_columns(district: &District, role: Role) -> Vec<&'static str> {
    let fields = district.columns(role).iter();
    fields.map(|field| field.name()).collect()
}

fn write<R: Record>(
    format: Format,
    columns: &[&'static str],
    rows: impl Iterator<Item = R>,
    out: impl Write + Send,
) -> io::Result<()> {
    match format {
        Format::Csv => write_csv(columns, rows, out),
        Format::Parquet => write_parquet(columns, rows, out),
    }
}

fn write_parquet<R: Record>(
    columns: &[&'static str],
    mut rows: impl Iterator<Item = R>,
    out: impl Write + Send,
) -> io::Result<()> {
    let mut writer = parquet_writer(out, schema(columns).into())?;
    loop {
        let batch = Columns::of(columns, rows.by_ref().take(BATCH));
        if batch.num_rows() == 0 {
            break;
        }
        writer.write(&batch)?;
    }
    writer.close()?;
    Ok(())
}
