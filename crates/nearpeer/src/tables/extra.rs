//! Columns that nearpeer gives no meaning to. CSV has no types, so which of them are numbers is inferred.

use std::collections::{BTreeMap, BTreeSet};

use arrow::array::RecordBatch;
use nearpeer_core::{Error, Field};

use super::Table;
use super::cells::{Cells, Value};

/// What the cells of a text column turn out to be.
#[derive(Debug, Clone, Copy, PartialEq)]
enum Seen {
    Nothing,
    Numbers,
    Text,
}

/// The further columns that hold numbers in every table that has them. A column is numeric or not for
/// both sides alike, for cells of the two are compared.
///
/// # Errors
/// Where a cell is longer than the limits.
pub(super) fn numeric_columns<'a>(
    tables: impl IntoIterator<Item = &'a Table>,
) -> Result<BTreeSet<String>, Error> {
    let mut columns = BTreeMap::<String, Seen>::new();
    for table in tables {
        for batch in &table.batches {
            for name in names(batch) {
                let Some(cells) = super::cells::find(batch, name) else {
                    continue;
                };
                let cells = cells.map_err(|error| error.in_table(table.name()))?;
                let seen = columns.entry(name.to_owned()).or_insert(Seen::Nothing);
                *seen = seen.and(look(&cells, batch.num_rows(), table.typed));
            }
        }
    }
    Ok(columns
        .into_iter()
        .filter(|(_, seen)| *seen == Seen::Numbers)
        .map(|(name, _)| name)
        .collect())
}

/// The names of the further columns that can be read.
pub(super) fn names(batch: &RecordBatch) -> impl Iterator<Item = &str> {
    batch
        .schema_ref()
        .fields()
        .iter()
        .filter(|field| Cells::reads(field.data_type()) && !field.data_type().is_nested())
        .map(|field| field.name().trim())
        .filter(|name| !name.is_empty() && Field::from_name(name).is_none())
}

impl Seen {
    fn and(self, other: Self) -> Self {
        match (self, other) {
            (Self::Nothing, seen) | (seen, Self::Nothing) => seen,
            (Self::Numbers, Self::Numbers) => Self::Numbers,
            _ => Self::Text,
        }
    }
}

fn look(cells: &Cells, rows: usize, typed: bool) -> Seen {
    if typed {
        return if cells.is_numeric() {
            Seen::Numbers
        } else {
            Seen::Text
        };
    }
    // A column of nothing but `nan` and `inf` is one of words (a family name), not of numbers.
    let mut finite = false;
    for row in 0..rows {
        if let Ok(Value::Text(text)) = cells.get(row) {
            match text.trim().parse::<f64>() {
                Ok(number) => finite |= number.is_finite(),
                Err(_) => return Seen::Text,
            }
        }
    }
    if finite { Seen::Numbers } else { Seen::Nothing }
}
