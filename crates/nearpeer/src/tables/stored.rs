//! A column's cells where the caller has them: nothing that is large is copied to be read.

use arrow::array::{
    Array, ArrayRef, AsArray, BooleanArray, Float32Array, Float64Array, LargeStringArray,
    StringArray, StringViewArray,
};
use arrow::compute::cast;
use arrow::datatypes::{
    DataType, Float32Type, Float64Type, Int8Type, Int16Type, Int32Type, Int64Type, UInt8Type,
    UInt16Type, UInt32Type, UInt64Type,
};
use arrow::error::ArrowError;
use nearpeer_core::Error;

use super::cells::Value;
use super::lists::Lists;
use super::{MAX_CELL_BYTES, MAX_LIST_ITEMS};

/// The cells of a column as they are stored. Only half floats, decimals, dates and times are converted, and
/// the items of lists that are no text.
#[derive(Debug, Clone)]
pub(super) enum Stored {
    Nothing,
    Text(StringArray),
    LargeText(LargeStringArray),
    ViewedText(StringViewArray),
    /// Of any width, with a sign or without.
    Whole(ArrayRef),
    ShortFloat(Float32Array),
    Float(Float64Array),
    Truth(BooleanArray),
    /// Items are text.
    List {
        lists: Lists,
        items: Box<Stored>,
    },
    /// `codes` are whole numbers: to unpack them could take any amount of memory.
    Coded {
        codes: ArrayRef,
        words: Box<Stored>,
    },
}

impl Stored {
    pub(super) fn new(array: &ArrayRef) -> Result<Self, ArrowError> {
        Ok(match array.data_type() {
            DataType::Null => Self::Nothing,
            DataType::Utf8 => Self::Text(array.as_string::<i32>().clone()),
            DataType::LargeUtf8 => Self::LargeText(array.as_string::<i64>().clone()),
            DataType::Utf8View => Self::ViewedText(array.as_string_view().clone()),
            DataType::Boolean => Self::Truth(array.as_boolean().clone()),
            DataType::Float32 => Self::ShortFloat(array.as_primitive::<Float32Type>().clone()),
            DataType::Float64 => Self::Float(array.as_primitive::<Float64Type>().clone()),
            kind if kind.is_integer() => Self::Whole(array.clone()),
            kind if kind.is_floating() || kind.is_decimal() => {
                let floats = cast(array, &DataType::Float64)?;
                Self::Float(floats.as_primitive::<Float64Type>().clone())
            }
            DataType::Dictionary(..) => {
                let coded = array.as_any_dictionary();
                let codes = coded.keys();
                Self::Coded {
                    codes: codes.slice(0, codes.len()),
                    words: Box::new(Self::new(coded.values())?),
                }
            }
            kind if kind.is_nested() => {
                let (lists, items) = Lists::new(array)?;
                let items = Box::new(Self::text(&items)?);
                Self::List { lists, items }
            }
            // Dates, times and the like are categories.
            _ => Self::as_text(array)?,
        })
    }

    /// The items of lists, as text.
    fn text(array: &ArrayRef) -> Result<Self, ArrowError> {
        let is_text = |kind: &DataType| kind.is_string() || *kind == DataType::Null;
        match array.data_type() {
            DataType::Dictionary(_, words) if is_text(words) => Self::new(array),
            kind if is_text(kind) => Self::new(array),
            kind if kind.is_floating() => {
                // A whole number is its digits, as in a column of numbers.
                let text = cast(array, &DataType::LargeUtf8)?;
                let cells = text.as_string::<i64>().iter();
                let digits = |cell: &'_ str| cell.strip_suffix(".0").unwrap_or(cell).to_owned();
                Ok(Self::LargeText(
                    cells.map(|cell| cell.map(digits)).collect(),
                ))
            }
            _ => Self::as_text(array),
        }
    }

    fn as_text(array: &ArrayRef) -> Result<Self, ArrowError> {
        let text = cast(array, &DataType::LargeUtf8)?;
        Ok(Self::LargeText(text.as_string::<i64>().clone()))
    }

    pub(super) fn is_numeric(&self) -> bool {
        match self {
            Self::Whole(_) | Self::ShortFloat(_) | Self::Float(_) => true,
            Self::Coded { words, .. } => words.is_numeric(),
            _ => false,
        }
    }

    /// The cell in this row.
    ///
    /// # Errors
    /// Where the cell is longer than the limits.
    pub(super) fn get(&self, row: usize) -> Result<Value<'_>, Error> {
        if self.is_null(row) {
            return Ok(Value::Missing);
        }
        match self {
            Self::Nothing => Ok(Value::Missing),
            Self::Text(cells) => text(cells.value(row)),
            Self::LargeText(cells) => text(cells.value(row)),
            Self::ViewedText(cells) => text(cells.value(row)),
            Self::Whole(cells) => Ok(Value::Whole(whole(cells, row))),
            Self::ShortFloat(cells) => Ok(Value::Float(cells.value(row).into())),
            Self::Float(cells) => Ok(Value::Float(cells.value(row))),
            Self::Truth(cells) => Ok(Value::Truth(cells.value(row))),
            Self::List { lists, items } => items.list(lists.items(row)),
            Self::Coded { codes, words } => words.get(code(codes, row)?),
        }
    }

    fn is_null(&self, row: usize) -> bool {
        match self {
            Self::Nothing => true,
            Self::Text(cells) => cells.is_null(row),
            Self::LargeText(cells) => cells.is_null(row),
            Self::ViewedText(cells) => cells.is_null(row),
            Self::Whole(cells) => cells.is_null(row),
            Self::ShortFloat(cells) => cells.is_null(row),
            Self::Float(cells) => cells.is_null(row),
            Self::Truth(cells) => cells.is_null(row),
            Self::List { lists, .. } => lists.is_null(row),
            Self::Coded { codes, .. } => codes.is_null(row),
        }
    }

    /// The items in these rows that are not null, as one list.
    fn list(&self, rows: std::ops::Range<usize>) -> Result<Value<'_>, Error> {
        let count = rows.len();
        if count > MAX_LIST_ITEMS {
            return Err(Error::input(format!(
                "a list of {count} items; the most is {MAX_LIST_ITEMS}"
            )));
        }
        let mut list = Vec::with_capacity(count);
        let mut bytes = 0;
        for row in rows {
            if let Some(item) = self.item(row)? {
                bytes += item.len();
                if bytes > MAX_CELL_BYTES {
                    return Err(Error::input(format!(
                        "the list is longer than {MAX_CELL_BYTES} bytes"
                    )));
                }
                list.push(item.to_owned());
            }
        }
        Ok(Value::List(list))
    }

    /// The text in this row as it is, blank or not.
    fn item(&self, row: usize) -> Result<Option<&str>, Error> {
        if self.is_null(row) {
            return Ok(None);
        }
        Ok(match self {
            Self::Text(cells) => Some(cells.value(row)),
            Self::LargeText(cells) => Some(cells.value(row)),
            Self::ViewedText(cells) => Some(cells.value(row)),
            Self::Coded { codes, words } => words.item(code(codes, row)?)?,
            // `text` makes nothing else.
            _ => None,
        })
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

/// The place of the row's word in the dictionary.
fn code(codes: &ArrayRef, row: usize) -> Result<usize, Error> {
    usize::try_from(whole(codes, row))
        .map_err(|_| Error::input("the column's dictionary is damaged"))
}

/// The number in a row of a column of whole numbers.
fn whole(cells: &ArrayRef, row: usize) -> i128 {
    macro_rules! of {
        ($kind:ty) => {
            cells.as_primitive::<$kind>().value(row).into()
        };
    }
    match cells.data_type() {
        DataType::Int8 => of!(Int8Type),
        DataType::Int16 => of!(Int16Type),
        DataType::Int32 => of!(Int32Type),
        DataType::Int64 => of!(Int64Type),
        DataType::UInt8 => of!(UInt8Type),
        DataType::UInt16 => of!(UInt16Type),
        DataType::UInt32 => of!(UInt32Type),
        _ => of!(UInt64Type),
    }
}
