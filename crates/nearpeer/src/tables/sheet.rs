//! A table of results, column by column, and the same as CSV.

use std::io::{self, Write};
use std::sync::Arc;

use arrow::array::{
    Array, ArrayRef, AsArray, BooleanArray, Float64Array, Int64Array, RecordBatch, StringArray,
};
use arrow::datatypes::{DataType, Float64Type, Int64Type};
use nearpeer_core::Micropoints;

use super::spreadsheet::guard;

/// The columns of a table of `T`s, one row each.
pub(crate) struct Sheet<'t, T> {
    rows: &'t [T],
    columns: Vec<(&'static str, ArrayRef)>,
}

impl<'t, T> Sheet<'t, T> {
    pub(crate) fn new(rows: &'t [T]) -> Self {
        Self {
            rows,
            columns: Vec::new(),
        }
    }

    fn column(mut self, name: &'static str, cells: impl Array + 'static) -> Self {
        self.columns.push((name, Arc::new(cells)));
        self
    }

    /// A column of text.
    pub(crate) fn text<S: AsRef<str>>(
        self,
        name: &'static str,
        cell: impl Fn(&'t T) -> Option<S>,
    ) -> Self {
        let cells = StringArray::from_iter(self.rows.iter().map(cell));
        self.column(name, cells)
    }

    /// A column of whole numbers; one that is too large for it is the largest.
    pub(crate) fn count<N: TryInto<i64>>(
        self,
        name: &'static str,
        cell: impl Fn(&'t T) -> Option<N>,
    ) -> Self {
        let count = |row| cell(row).map(|count| count.try_into().unwrap_or(i64::MAX));
        let cells = Int64Array::from_iter(self.rows.iter().map(count));
        self.column(name, cells)
    }

    /// A column of scores in points: the float that is nearest to the exact number.
    pub(crate) fn points(
        self,
        name: &'static str,
        cell: impl Fn(&'t T) -> Option<Micropoints>,
    ) -> Self {
        self.share(name, |row| cell(row).map(|score| score.0 as f64 / 1e6))
    }

    /// A column of numbers.
    pub(crate) fn share(self, name: &'static str, cell: impl Fn(&'t T) -> Option<f64>) -> Self {
        let cells = Float64Array::from_iter(self.rows.iter().map(cell));
        self.column(name, cells)
    }

    /// A column of yes and no.
    pub(crate) fn truth(self, name: &'static str, cell: impl Fn(&'t T) -> bool) -> Self {
        let cells = BooleanArray::from_iter(self.rows.iter().map(|row| Some(cell(row))));
        self.column(name, cells)
    }

    pub(crate) fn table(self) -> RecordBatch {
        RecordBatch::try_from_iter(self.columns).expect("all columns have one cell a row")
    }
}

/// Writes a table of text, whole numbers, points and truths as CSV: points with six decimals, which is exact; an empty cell
/// for null; and no cell that a spreadsheet would run.
pub(crate) fn write_csv(table: &RecordBatch, out: impl Write) -> io::Result<()> {
    let mut csv = csv::Writer::from_writer(out);
    csv.write_record(table.schema().fields().iter().map(|field| field.name()))?;
    for row in 0..table.num_rows() {
        for column in table.columns() {
            csv.write_field(cell(column, row))?;
        }
        csv.write_record(None::<&[u8]>)?;
    }
    csv.flush()
}

fn cell(column: &ArrayRef, row: usize) -> String {
    if column.is_null(row) {
        return String::new();
    }
    match column.data_type() {
        DataType::Utf8 => guard(column.as_string::<i32>().value(row)).into_owned(),
        DataType::Int64 => column.as_primitive::<Int64Type>().value(row).to_string(),
        DataType::Float64 => format!("{:.6}", column.as_primitive::<Float64Type>().value(row)),
        DataType::Boolean => column.as_boolean().value(row).to_string(),
        other => unreachable!("a sheet has no column of {other}"),
    }
}
