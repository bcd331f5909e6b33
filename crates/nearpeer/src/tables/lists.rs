//! Where the items of each list are, whatever form the column of lists has.

use std::ops::Range;

use arrow::array::{
    Array, ArrayRef, AsArray, FixedSizeListArray, LargeListArray, LargeListViewArray, ListArray,
    ListViewArray,
};
use arrow::datatypes::DataType;
use arrow::error::ArrowError;

/// A column of lists; the items of all of them stand apart.
#[derive(Debug, Clone)]
pub(super) enum Lists {
    Short(ListArray),
    Large(LargeListArray),
    Fixed(FixedSizeListArray),
    Viewed(ListViewArray),
    LargeViewed(LargeListViewArray),
}

impl Lists {
    /// The lists, and the items of all of them.
    ///
    /// # Errors
    /// Where the column has no lists.
    pub(super) fn new(array: &ArrayRef) -> Result<(Self, ArrayRef), ArrowError> {
        Ok(match array.data_type() {
            DataType::List(_) => {
                let lists = array.as_list::<i32>();
                (Self::Short(lists.clone()), lists.values().clone())
            }
            DataType::LargeList(_) => {
                let lists = array.as_list::<i64>();
                (Self::Large(lists.clone()), lists.values().clone())
            }
            DataType::FixedSizeList(..) => {
                let lists = array.as_fixed_size_list();
                (Self::Fixed(lists.clone()), lists.values().clone())
            }
            DataType::ListView(_) => {
                let lists = array.as_list_view::<i32>();
                (Self::Viewed(lists.clone()), lists.values().clone())
            }
            DataType::LargeListView(_) => {
                let lists = array.as_list_view::<i64>();
                (Self::LargeViewed(lists.clone()), lists.values().clone())
            }
            kind => {
                let message = format!("a column of type {kind} has no lists");
                return Err(ArrowError::CastError(message));
            }
        })
    }

    pub(super) fn is_null(&self, row: usize) -> bool {
        match self {
            Self::Short(lists) => lists.is_null(row),
            Self::Large(lists) => lists.is_null(row),
            Self::Fixed(lists) => lists.is_null(row),
            Self::Viewed(lists) => lists.is_null(row),
            Self::LargeViewed(lists) => lists.is_null(row),
        }
    }

    /// The places of the items of the list in this row. Offsets are not negative: Arrow's arrays check it.
    pub(super) fn items(&self, row: usize) -> Range<usize> {
        match self {
            Self::Short(lists) => {
                let offsets = lists.value_offsets();
                offsets[row] as usize..offsets[row + 1] as usize
            }
            Self::Large(lists) => {
                let offsets = lists.value_offsets();
                offsets[row] as usize..offsets[row + 1] as usize
            }
            Self::Fixed(lists) => {
                let start = lists.value_offset(row) as usize;
                start..start + lists.value_length() as usize
            }
            Self::Viewed(lists) => {
                let start = lists.value_offset(row) as usize;
                start..start + lists.value_size(row) as usize
            }
            Self::LargeViewed(lists) => {
                let start = lists.value_offset(row) as usize;
                start..start + lists.value_size(row) as usize
            }
        }
    }
}
