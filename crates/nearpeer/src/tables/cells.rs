//! One view of the Arrow types that users have: a column of cells, whatever it is stored as.

use std::borrow::Cow;
use std::collections::BTreeSet;

use arrow::array::{
    Array, ArrayRef, AsArray, BooleanArray, Float64Array, Int64Array, LargeListArray,
    LargeStringArray, RecordBatch, StringArray, StringViewArray, UInt64Array,
};
use arrow::compute::cast;
use arrow::datatypes::{DataType, Field, Float64Type, Int64Type, UInt64Type};
use nearpeer_core::Error;

use super::csv_file::separator_hint;
use super::{MAX_CELL_BYTES, MAX_LIST_ITEMS};

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

/// Text is viewed in place, for to unpack a dictionary can take any amount of memory.
#[derive(Debug, Clone)]
enum Stored {
    Nothing,
    Text(StringArray),
    LargeText(LargeStringArray),
    ViewedText(StringViewArray),
    Whole(Int64Array),
    Unsigned(UInt64Array),
    Float(Float64Array),
    Truth(BooleanArray),
    /// Items are text.
    List(LargeListArray),
    Coded {
        codes: Int64Array,
        words: Box<Stored>,
    },
}

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

impl Stored {
    fn new(array: &ArrayRef) -> Result<Self, arrow::error::ArrowError> {
        let as_kind = |kind: &DataType| cast(array, kind);
        Ok(match array.data_type() {
            DataType::Null => Self::Nothing,
            DataType::Utf8 => Self::Text(array.as_string::<i32>().clone()),
            DataType::LargeUtf8 => Self::LargeText(array.as_string::<i64>().clone()),
            DataType::Utf8View => Self::ViewedText(array.as_string_view().clone()),
            DataType::Boolean => Self::Truth(array.as_boolean().clone()),
            DataType::UInt64 => Self::Unsigned(array.as_primitive::<UInt64Type>().clone()),
            kind if kind.is_integer() => Self::Whole(
                as_kind(&DataType::Int64)?
                    .as_primitive::<Int64Type>()
                    .clone(),
            ),
            kind if kind.is_floating() || kind.is_decimal() => Self::Float(
                as_kind(&DataType::Float64)?
                    .as_primitive::<Float64Type>()
                    .clone(),
            ),
            DataType::Dictionary(..) => {
                let coded = array.as_any_dictionary();
                Self::Coded {
                    codes: cast(coded.keys(), &DataType::Int64)?
                        .as_primitive::<Int64Type>()
                        .clone(),
                    words: Box::new(Self::new(coded.values())?),
                }
            }
            kind if kind.is_nested() => {
                let item = Field::new_list_field(DataType::LargeUtf8, true);
                Self::List(
                    as_kind(&DataType::LargeList(item.into()))?
                        .as_list::<i64>()
                        .clone(),
                )
            }
            // Dates, times and the like are categories.
            _ => Self::LargeText(as_kind(&DataType::LargeUtf8)?.as_string::<i64>().clone()),
        })
    }

    fn is_numeric(&self) -> bool {
        match self {
            Self::Whole(_) | Self::Unsigned(_) | Self::Float(_) => true,
            Self::Coded { words, .. } => words.is_numeric(),
            _ => false,
        }
    }

    fn get(&self, row: usize) -> Result<Value<'_>, Error> {
        let is_null = match self {
            Self::Nothing => true,
            Self::Text(cells) => cells.is_null(row),
            Self::LargeText(cells) => cells.is_null(row),
            Self::ViewedText(cells) => cells.is_null(row),
            Self::Whole(cells) => cells.is_null(row),
            Self::Unsigned(cells) => cells.is_null(row),
            Self::Float(cells) => cells.is_null(row),
            Self::Truth(cells) => cells.is_null(row),
            Self::List(cells) => cells.is_null(row),
            Self::Coded { codes, .. } => codes.is_null(row),
        };
        if is_null {
            return Ok(Value::Missing);
        }
        match self {
            Self::Nothing => Ok(Value::Missing),
            Self::Text(cells) => text(cells.value(row)),
            Self::LargeText(cells) => text(cells.value(row)),
            Self::ViewedText(cells) => text(cells.value(row)),
            Self::Whole(cells) => Ok(Value::Whole(cells.value(row).into())),
            Self::Unsigned(cells) => Ok(Value::Whole(cells.value(row).into())),
            Self::Float(cells) => Ok(Value::Float(cells.value(row))),
            Self::Truth(cells) => Ok(Value::Truth(cells.value(row))),
            Self::List(cells) => list(&cells.value(row)),
            Self::Coded { codes, words } => match usize::try_from(codes.value(row)) {
                Ok(code) => words.get(code),
                Err(_) => Err(Error::input("the column's dictionary is damaged")),
            },
        }
    }
}

fn text(cell: &str) -> Result<Value<'_>, Error> {
    if cell.len() > MAX_CELL_BYTES {
        return Err(Error::input(format!(
            "the cell is longer than {MAX_CELL_BYTES} bytes"
        )));
    }
    Ok(if cell.trim().is_empty() {
        Value::Missing
    } else {
        Value::Text(cell)
    })
}

fn list(items: &ArrayRef) -> Result<Value<'static>, Error> {
    if items.len() > MAX_LIST_ITEMS {
        return Err(Error::input(format!(
            "a list of {} items; the most is {MAX_LIST_ITEMS}",
            items.len()
        )));
    }
    let items = items.as_string::<i64>();
    if items.value_data().len() > MAX_CELL_BYTES
        && items.iter().flatten().map(str::len).sum::<usize>() > MAX_CELL_BYTES
    {
        return Err(Error::input(format!(
            "the list is longer than {MAX_CELL_BYTES} bytes"
        )));
    }
    Ok(Value::List(
        items.iter().flatten().map(str::to_owned).collect(),
    ))
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

/// The nearest name, where `mentee` also is near to `mentee_id`.
fn nearest_column<'a>(name: &str, names: impl Iterator<Item = &'a str> + Clone) -> Option<&'a str> {
    nearpeer_core::error::nearest(name, names.clone()).or_else(|| {
        names
            .into_iter()
            .find(|present| present.len() > 1 && (name.contains(present) || present.contains(name)))
    })
}
