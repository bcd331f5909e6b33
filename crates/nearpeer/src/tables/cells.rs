//! One view of the Arrow types that users have: a column of cells, whatever it is stored as.

use std::borrow::Cow;
use std::collections::BTreeSet;

use arrow::array::{ArrayRef, RecordBatch};
use arrow::datatypes::DataType;
use nearpeer_core::Error;

use super::csv_file::separator_hint;
use super::stored::Stored;

/// One cell.
#[derive(Debug, Clone)]
pub(super) enum Value<'a> {
    /// Null, or text that is empty or blank.
    Missing,
    Text(&'a str),
    Whole(i128),
    Float(f64),
    Truth(bool),
    /// The items that are not null.
    List(Vec<String>),
}

impl Value<'_> {
    /// The cell as messages show it.
    pub(super) fn shown(&self) -> Cow<'_, str> {
        match self {
            Self::Missing => Cow::Borrowed(""),
            Self::Text(text) => Cow::Borrowed(text),
            Self::Whole(number) => Cow::Owned(number.to_string()),
            Self::Float(number) => Cow::Owned(number.to_string()),
            Self::Truth(truth) => Cow::Owned(truth.to_string()),
            Self::List(items) => Cow::Owned(items.join(";")),
        }
    }
}

/// The cells of a column in one batch.
#[derive(Debug, Clone)]
pub(super) struct Cells(Stored);

impl Cells {
    /// Whether a column of this type can be read at all.
    pub(super) fn reads(kind: &DataType) -> bool {
        match kind {
            DataType::Dictionary(_, value) => {
                !value.is_nested()
                    && !matches!(**value, DataType::Dictionary(..))
                    && Self::reads(value)
            }
            DataType::List(item)
            | DataType::LargeList(item)
            | DataType::FixedSizeList(item, _)
            | DataType::ListView(item)
            | DataType::LargeListView(item) => {
                !item.data_type().is_nested() && Self::reads(item.data_type())
            }
            DataType::Binary
            | DataType::LargeBinary
            | DataType::BinaryView
            | DataType::FixedSizeBinary(_)
            | DataType::RunEndEncoded(..) => false,
            kind => !kind.is_nested(),
        }
    }

    /// # Errors
    /// Names the column where it is of a type that is not read.
    pub(super) fn new(name: &str, array: &ArrayRef) -> Result<Self, Error> {
        if !Self::reads(array.data_type()) {
            return Err(not_read(name, array.data_type()));
        }
        Stored::new(array)
            .map(Self)
            .map_err(|_| not_read(name, array.data_type()))
    }

    /// Whether the column has numbers.
    pub(super) fn is_numeric(&self) -> bool {
        self.0.is_numeric()
    }

    /// The cell in this row of the batch.
    ///
    /// # Errors
    /// Where the cell is longer than the limits.
    pub(super) fn get(&self, row: usize) -> Result<Value<'_>, Error> {
        self.0.get(row)
    }
}

fn not_read(name: &str, kind: &DataType) -> Error {
    Error::input(format!("a column of type {kind} is not read")).in_column(name)
}

/// The names of a batch's columns, each of which is there once.
///
/// # Errors
/// Names the column that is there twice.
pub(super) fn check_names(batch: &RecordBatch) -> Result<(), Error> {
    let mut seen = BTreeSet::new();
    for field in batch.schema_ref().fields() {
        if !field.name().trim().is_empty() && !seen.insert(field.name().trim()) {
            return Err(Error::input("the table has this column twice").in_column(field.name()));
        }
    }
    Ok(())
}

/// The column of this name.
pub(super) fn column<'b>(batch: &'b RecordBatch, name: &str) -> Option<&'b ArrayRef> {
    let position = batch
        .schema_ref()
        .fields()
        .iter()
        .position(|field| field.name().trim() == name)?;
    Some(batch.column(position))
}

/// The cells of the column of this name.
pub(super) fn find(batch: &RecordBatch, name: &str) -> Option<Result<Cells, Error>> {
    column(batch, name).map(|column| Cells::new(name, column))
}

/// The cells of a column that must be there.
///
/// # Errors
/// Names the column, and the one that is there and was most likely meant.
pub(super) fn need(batch: &RecordBatch, name: &str) -> Result<Cells, Error> {
    find(batch, name).unwrap_or_else(|| Err(missing(batch, name)))
}

fn missing(batch: &RecordBatch, name: &str) -> Error {
    const IN_USE: [&str; 2] = ["mentee_id", "mentor_id"];
    let schema = batch.schema_ref();
    let names = || {
        schema
            .fields()
            .iter()
            .map(|field| field.name().as_str())
            .filter(|present| !IN_USE.contains(present))
    };
    let other_case = names().find(|present| present.trim().eq_ignore_ascii_case(name));
    let separator = match &schema.fields()[..] {
        [only] => separator_hint(only.name()),
        _ => String::new(),
    };
    let hint = match other_case.or_else(|| nearest_column(name, names())) {
        _ if !separator.is_empty() => separator,
        Some(near) => format!("; the nearest is {near:?}"),
        None => String::new(),
    };
    Error::input(format!("missing column{hint}")).in_column(name)
}

/// The same error. If a column is not there, it says how one of another name is read in its place, too: `way_out` has the
/// caller's words for that.
pub fn with_way_out(error: Error, way_out: impl FnOnce(&str) -> String) -> Error {
    let place = error.place();
    let (Some(table), Some(column)) = (place.table.as_deref(), place.column.as_deref()) else {
        return error;
    };
    let is_other = |said: &str| said.is_empty() || said.starts_with("; the nearest is");
    let said = error.message().strip_prefix("missing column");
    if place.row.is_some() || !said.is_some_and(is_other) {
        return error;
    }
    let message = format!(
        "{}; if it is called something else there, {}",
        error.message(),
        way_out(column)
    );
    Error::input(message).in_table(table).in_column(column)
}

/// The nearest name, where `mentee` also is near to `mentee_id`.
pub(super) fn nearest_column<'a>(
    name: &str,
    names: impl Iterator<Item = &'a str> + Clone,
) -> Option<&'a str> {
    nearpeer_core::error::nearest(name, names.clone()).or_else(|| {
        names
            .into_iter()
            .find(|present| present.len() > 1 && (name.contains(present) || present.contains(name)))
    })
}
