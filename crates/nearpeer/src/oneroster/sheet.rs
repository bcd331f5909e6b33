//! One CSV file of a package: its columns by name, and faults by file and line.

use std::cell::RefCell;

use arrow::array::{Array, AsArray, LargeStringArray, RecordBatch};
use nearpeer_core::Error;

use super::package::Package;
use crate::tables::read_columns;

/// More rows than this are no district's.
const MAX_ROWS: usize = 20_000_000;

/// The columns that are wanted, of a file that is there.
pub(super) struct Sheet {
    file: &'static str,
    batch: RecordBatch,
    /// Every name in the header.
    header: Vec<String>,
    /// The line on which each row starts.
    lines: Vec<u64>,
}

impl Sheet {
    /// # Errors
    /// [`ErrorKind::Input`](nearpeer_core::ErrorKind::Input) where it is no CSV, naming the file and, of a row, the line.
    pub(super) fn read(
        package: &mut Package,
        file: &'static str,
        columns: &[&str],
    ) -> Result<Self, Error> {
        let header = RefCell::new(Vec::new());
        let mut lines = Vec::new();
        let batch = package.read(file, |input| {
            let wanted = |name: &str| {
                header.borrow_mut().push(name.to_owned());
                columns.contains(&name)
            };
            let row_at = |line| {
                if lines.len() == MAX_ROWS {
                    return Err(Error::input(format!("more than {MAX_ROWS} rows")));
                }
                lines.push(line);
                Ok(())
            };
            read_columns(input, wanted, row_at)
        });
        let batch = batch.map_err(|error| match error.place().row {
            Some(row) => at_line(error, lines.get(row - 1).copied()),
            None => error,
        })?;
        Ok(Self {
            file,
            batch,
            header: header.into_inner(),
            lines,
        })
    }

    /// How many rows there are.
    pub(super) fn rows(&self) -> usize {
        self.batch.num_rows()
    }

    /// A column that must be there.
    ///
    /// # Errors
    /// Names the column, and the one that was most likely meant.
    pub(super) fn need(&self, name: &'static str) -> Result<Column<'_>, Error> {
        let column = self.find(name);
        if column.cells.is_some() {
            return Ok(column);
        }
        // Other columns have names that are nearly the same, so only a way of writing is a slip.
        let meant = bare(name);
        let near = self.header.iter().find(|present| bare(present) == meant);
        let hint = near.map_or_else(String::new, |near| format!("; the nearest is {near:?}"));
        let error = Error::input(format!("missing column{hint}"));
        Err(error.in_table(self.file).in_column(name))
    }

    /// A column that may be missing; its cells are empty then.
    pub(super) fn find(&self, name: &'static str) -> Column<'_> {
        let cells = self.batch.column_by_name(name);
        Column {
            sheet: self,
            name,
            cells: cells.map(|cells| cells.as_string::<i64>()),
        }
    }
}

/// A name without its case, punctuation and plural.
fn bare(name: &str) -> String {
    let letters = name.chars().filter(char::is_ascii_alphanumeric);
    let name: String = letters.map(|letter| letter.to_ascii_lowercase()).collect();
    name.trim_end_matches('s').to_owned()
}

fn at_line(error: Error, line: Option<u64>) -> Error {
    let Some(line) = line else { return error };
    let place = error.place().clone();
    let mut out = Error::new(error.kind(), format!("line {line}: {}", error.message()));
    if let Some(table) = place.table {
        out = out.in_table(table);
    }
    if let Some(row) = place.row {
        out = out.in_row(row);
    }
    if let Some(column) = place.column {
        out = out.in_column(column);
    }
    match place.value {
        Some(value) => out.with_value(&value),
        None => out,
    }
}

/// The cells of one column.
#[derive(Clone, Copy)]
pub(super) struct Column<'s> {
    sheet: &'s Sheet,
    name: &'static str,
    cells: Option<&'s LargeStringArray>,
}

impl<'s> Column<'s> {
    /// The cell without the spaces around it; `None` for an empty one.
    pub(super) fn get(&self, row: usize) -> Option<&'s str> {
        let cells = self.cells?;
        let cell = cells.is_valid(row).then(|| cells.value(row).trim())?;
        (!cell.is_empty()).then_some(cell)
    }

    /// A cell that must not be empty.
    pub(super) fn need(&self, row: usize) -> Result<&'s str, Error> {
        self.get(row)
            .ok_or_else(|| self.fault(row, "the cell is empty"))
    }

    /// The items of a list: text with commas between them.
    pub(super) fn items(&self, row: usize) -> impl Iterator<Item = &'s str> {
        let items = self.get(row).unwrap_or_default().split(',').map(str::trim);
        items.filter(|item| !item.is_empty())
    }

    /// What is wrong with a cell.
    pub(super) fn fault(&self, row: usize, message: &str) -> Error {
        let error = Error::input(message)
            .in_table(self.sheet.file)
            .in_row(row + 1)
            .in_column(self.name);
        let error = match self.get(row) {
            Some(cell) => error.with_value(cell),
            None => error,
        };
        at_line(error, self.line(row))
    }

    /// The line of a row.
    pub(super) fn line(&self, row: usize) -> Option<u64> {
        self.sheet.lines.get(row).copied()
    }
}
