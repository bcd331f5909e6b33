//! Scores of single cells, in compressed rows.

use std::borrow::Cow;
use std::fmt::Debug;

use rayon::prelude::*;

use super::number::{Ends, Number, ends, wider};
use super::{Cells, Sign};
use crate::error::Error;

/// Rows that a thread looks at at a time.
const BLOCK: usize = 256;

/// A type of column number in compressed rows: `i32`, `i64` or `u32`. It cannot be implemented outside of
/// this crate.
pub trait Index: Sealed {}

impl<T: Sealed> Index for T {}

/// What the core needs of an [`Index`].
pub trait Sealed: Copy + Debug + Ord + Send + Sync + 'static {
    /// The number, if it is one that an array can be indexed by.
    fn number(self) -> Option<usize>;

    /// The number of a column that is known to be in range.
    fn column(self) -> u32;
}

macro_rules! index {
    ($($kind:ty),*) => {$(
        impl Sealed for $kind {
            #[inline]
            fn number(self) -> Option<usize> {
                usize::try_from(self).ok()
            }

            #[inline]
            fn column(self) -> u32 {
                self as u32
            }
        }
    )*};
}

index!(i32, i64, u32);

/// Cells by row, and by column within a row.
#[derive(Debug)]
pub(super) struct Sparse<'a, I: Clone, T: Clone> {
    /// Where each row's cells start; one more than there are rows.
    starts: Vec<usize>,
    /// The column of each cell, ascending within a row.
    columns: Cow<'a, [I]>,
    values: Cow<'a, [T]>,
}

impl<'a, I: Index, T: Number> Sparse<'a, I, T> {
    /// Checks compressed rows; gives the least and the greatest score with them.
    ///
    /// # Errors
    /// What is wrong with the parts, naming the row or cell.
    pub(super) fn read(
        width: usize,
        starts: Vec<usize>,
        columns: Cow<'a, [I]>,
        values: Cow<'a, [T]>,
    ) -> Result<(Self, Option<Ends>), Error> {
        let is_whole = starts.first() == Some(&0)
            && starts.is_sorted()
            && starts.last() == Some(&columns.len())
            && columns.len() == values.len();
        if !is_whole {
            let message =
                "the rows' starts, the columns and the scores are not of one sparse array";
            return Err(Error::input(message).in_table("scores"));
        }
        let sparse = Self {
            starts,
            columns,
            values,
        };
        let rows = sparse.starts.len() - 1;
        let looked_at: Result<Option<Ends>, (usize, Error)> = (0..rows)
            .into_par_iter()
            .with_min_len(BLOCK)
            .map(|row| sparse.look(row, width).map_err(|error| (row, error)))
            // Of two faults the first in the order of rows, on any number of threads.
            .reduce(
                || Ok(None),
                |a, b| match (a, b) {
                    (Ok(a), Ok(b)) => Ok(wider(a, b)),
                    (Err(a), Err(b)) => Err(if a.0 <= b.0 { a } else { b }),
                    (a, b) => a.and(b),
                },
            );
        let ends = looked_at.map_err(|(_, error)| error)?;
        Ok((sparse, ends))
    }

    fn look(&self, row: usize, width: usize) -> Result<Option<Ends>, Error> {
        let (columns, values) = self.line(row);
        let in_range = |column: &I| column.number().is_some_and(|column| column < width);
        // Ascending, so the ends speak for all.
        if !columns.is_sorted_by(|a, b| a < b)
            || !columns.first().is_none_or(in_range)
            || !columns.last().is_none_or(in_range)
        {
            let message = format!(
                "the columns of a row ascend, each is there once, and they are below {width}"
            );
            return Err(Error::input(message).in_table("scores").in_row(row));
        }
        ends(values).map_err(|place| {
            super::at(row, columns[place].column() as usize, values[place].fault())
        })
    }

    #[inline]
    fn line(&self, row: usize) -> (&[I], &[T]) {
        let range = self.starts[row]..self.starts[row + 1];
        (&self.columns[range.clone()], &self.values[range])
    }
}

impl<I: Index, T: Number> Cells for Sparse<'_, I, T> {
    fn row(&self, row: usize, sign: Sign, out: &mut Vec<(u32, i64)>) {
        let (columns, values) = self.line(row);
        let columns = columns.iter().map(|column| column.column());
        out.extend(columns.zip(values.iter().map(|score| sign.of(score.units()))));
    }

    fn above(
        &self,
        row: usize,
        sign: Sign,
        prices: &[i64],
        mut floor: i64,
        visit: &mut dyn FnMut(u32, i64) -> i64,
    ) {
        let (columns, values) = self.line(row);
        for (column, value) in columns.iter().zip(values) {
            let (column, score) = (column.column(), sign.of(value.units()));
            if score > floor + prices[column as usize] {
                floor = visit(column, score);
            }
        }
    }

    fn score(&self, row: usize, column: u32) -> Option<i64> {
        let (columns, values) = self.line(row);
        let place = columns.binary_search_by_key(&column, |column| column.column());
        Some(values[place.ok()?].units())
    }
}
