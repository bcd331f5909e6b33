//! Embeddings: a column of lists of numbers, whatever they are stored as.

use arrow::array::{Array, ArrayRef, AsArray, FixedSizeListArray, LargeListArray, ListArray};
use arrow::compute::cast;
use arrow::datatypes::{DataType, Field, Float64Type};
use nearpeer_core::Error;
use nearpeer_core::roster::MAX_DIMENSIONS;

use super::cells::{Cells, Value};

const MESSAGE: &str = "an embedding is a list of numbers, in text with `;` between them";

/// The embeddings of one batch, taken row by row: all of them as doubles could be many times as large.
#[derive(Debug, Clone)]
pub(super) enum Vectors {
    List(ListArray),
    LargeList(LargeListArray),
    Fixed(FixedSizeListArray),
    Text(Cells),
}

impl Vectors {
    /// # Errors
    /// Names the column where it is of a type that is not read.
    pub(super) fn new(name: &str, array: &ArrayRef) -> Result<Self, Error> {
        let items = |item: &Field| {
            let kind = item.data_type();
            if kind.is_numeric() || *kind == DataType::Null {
                return Ok(());
            }
            Err(Error::input(format!("{MESSAGE}; this one's items are {kind}")).in_column(name))
        };
        Ok(match array.data_type() {
            DataType::List(item) => {
                items(item)?;
                Self::List(array.as_list::<i32>().clone())
            }
            DataType::LargeList(item) => {
                items(item)?;
                Self::LargeList(array.as_list::<i64>().clone())
            }
            DataType::FixedSizeList(item, _) => {
                items(item)?;
                Self::Fixed(array.as_fixed_size_list().clone())
            }
            DataType::ListView(item) | DataType::LargeListView(item) => {
                items(item)?;
                let large = DataType::LargeList(item.clone());
                let lists =
                    cast(array, &large).map_err(|_| Error::input(MESSAGE).in_column(name))?;
                Self::LargeList(lists.as_list::<i64>().clone())
            }
            _ => Self::Text(Cells::new(name, array)?),
        })
    }

    /// The numbers in this row of the batch, if there are any.
    ///
    /// # Errors
    /// For a cell that is no list of numbers, or has a gap in it.
    pub(super) fn get(&self, row: usize) -> Result<Option<Vec<f64>>, Error> {
        let is_null = match self {
            Self::List(lists) => lists.is_null(row),
            Self::LargeList(lists) => lists.is_null(row),
            Self::Fixed(lists) => lists.is_null(row),
            Self::Text(_) => false,
        };
        if is_null {
            return Ok(None);
        }
        let items = match self {
            Self::List(lists) => lists.value(row),
            Self::LargeList(lists) => lists.value(row),
            Self::Fixed(lists) => lists.value(row),
            Self::Text(cells) => return parsed(&cells.get(row)?),
        };
        is_short(items.len())?;
        let numbers = cast(&items, &DataType::Float64).map_err(|_| Error::input(MESSAGE))?;
        let numbers = numbers.as_primitive::<Float64Type>();
        if numbers.null_count() > 0 {
            return Err(Error::input("a number of the embedding is missing"));
        }
        Ok(Some(numbers.values().to_vec()))
    }
}

fn parsed(value: &Value<'_>) -> Result<Option<Vec<f64>>, Error> {
    let text = match value {
        Value::Missing => return Ok(None),
        // What pandas makes of a column in which nobody has one.
        Value::Float(number) if number.is_nan() => return Ok(None),
        Value::Text(text) => text,
        value => return Err(Error::input(MESSAGE).with_value(&value.shown())),
    };
    is_short(text.bytes().filter(|byte| *byte == b';').count() + 1)?;
    let number = |item: &str| {
        let item = item.trim();
        item.parse::<f64>()
            .map_err(|_| Error::input(MESSAGE).with_value(item))
    };
    text.split(';')
        .map(number)
        .collect::<Result<_, _>>()
        .map(Some)
}

/// Refuses a list before memory is taken for it.
fn is_short(numbers: usize) -> Result<(), Error> {
    if numbers > MAX_DIMENSIONS {
        return Err(Error::input(format!(
            "an embedding of {numbers} numbers; the most is {MAX_DIMENSIONS}"
        )));
    }
    Ok(())
}
