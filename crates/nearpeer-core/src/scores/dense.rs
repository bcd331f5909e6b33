//! Scores of every cell, in an array of any order and strides.

use ndarray::{Array2, ArrayView2, CowArray, Ix2, s};
use rayon::prelude::*;

use super::number::{Ends, Number, ends, wider};
use super::{Cells, Sign};
use crate::error::Error;

/// Rows that a thread looks at, or copies, at a time: a cache line of the smallest types is as long.
const BLOCK: usize = 64;

/// An array whose rows are each in one piece: the caller's own where it is so, else a copy.
#[derive(Debug)]
pub(super) struct Dense<'a, T> {
    cells: CowArray<'a, T, Ix2>,
}

impl<'a, T: Number> Dense<'a, T> {
    /// Reads an array that has cells; gives the least and the greatest score with it.
    ///
    /// # Errors
    /// The cell of a score that cannot be counted, or no memory for a copy.
    pub(super) fn read(array: ArrayView2<'a, T>) -> Result<(Self, Option<Ends>), Error> {
        let in_one_piece = array.ncols() == 1 || array.strides()[1] == 1;
        let cells = if in_one_piece {
            CowArray::from(array)
        } else {
            CowArray::from(row_by_row(&array)?)
        };
        let dense = Self { cells };
        let rows = dense.cells.nrows();
        let looked_at: Result<Option<Ends>, (usize, usize)> = (0..rows)
            .into_par_iter()
            .with_min_len(BLOCK)
            .map(|row| ends(dense.line(row)).map_err(|column| (row, column)))
            // Of two faults the first in the order of rows, on any number of threads.
            .reduce(
                || Ok(None),
                |a, b| match (a, b) {
                    (Ok(a), Ok(b)) => Ok(wider(a, b)),
                    (Err(a), Err(b)) => Err(a.min(b)),
                    (a, b) => a.and(b),
                },
            );
        match looked_at {
            Ok(ends) => Ok((dense, ends)),
            Err((row, column)) => Err(super::at(row, column, dense.line(row)[column].fault())),
        }
    }

    #[inline]
    fn line(&self, row: usize) -> &[T] {
        let line = self.cells.row(row).to_slice();
        line.expect("rows are in one piece: others were copied")
    }
}

/// Copies an array of any strides, in blocks that stay in the cache.
fn row_by_row<T: Number>(array: &ArrayView2<'_, T>) -> Result<Array2<T>, Error> {
    let (rows, columns) = array.dim();
    let no_memory = || Error::input("there is no memory for a copy in the order of rows");
    let count = rows.checked_mul(columns).ok_or_else(no_memory)?;
    // Asked for first, as an allocation that fails ends the process. Fresh zeros cost nothing.
    let mut room = Vec::<T>::new();
    room.try_reserve_exact(count).map_err(|_| no_memory())?;
    drop(room);
    let mut copy = vec![T::default(); count];
    copy.par_chunks_mut(BLOCK * columns)
        .enumerate()
        .for_each(|(block, copy)| {
            let first = block * BLOCK;
            let last = rows.min(first + BLOCK);
            let part = array.slice(s![first..last, ..]);
            for (column, cells) in part.columns().into_iter().enumerate() {
                let places = copy[column..].iter_mut().step_by(columns);
                places.zip(cells).for_each(|(place, &cell)| *place = cell);
            }
        });
    Array2::from_shape_vec((rows, columns), copy).map_err(|error| Error::input(error.to_string()))
}

impl<T: Number> Cells for Dense<'_, T> {
    fn row(&self, row: usize, sign: Sign, out: &mut Vec<(u32, i64)>) {
        let line = self.line(row).iter();
        out.extend((0u32..).zip(line.map(|score| sign.of(score.units()))));
    }

    fn score(&self, row: usize, column: u32) -> Option<i64> {
        let cell = self.cells.get((row, column as usize))?;
        Some(cell.units())
    }
}
