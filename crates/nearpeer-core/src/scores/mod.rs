//! Scores of rows against columns, as callers have them: arrays of any type, order and strides, and sparse
//! arrays in compressed rows. They are borrowed where that can be, and each is turned into a whole number of
//! units when it is looked at.

mod cells;
mod dense;
mod number;
mod sparse;
mod stored;

use std::borrow::Cow;
use std::fmt::Debug;
use std::sync::Arc;

use ndarray::ArrayView2;

use crate::error::Error;
use crate::words::counted;
pub(crate) use cells::{Cells, Sign};
pub(crate) use dense::Dense;
use number::Ends;
pub use number::Number;
pub use sparse::Index;
use sparse::Sparse;
pub(crate) use stored::Stored;

/// The greatest number of rows or columns: their loads and prices are held in memory.
const MAX_SIDE: usize = 10_000_000;

/// Scores of rows against columns. A cell that is not stored is not an edge; a stored zero is.
///
/// Every constructor looks at all scores once, on the threads of rayon's current pool.
#[derive(Debug, Clone)]
pub struct Scores<'a> {
    rows: usize,
    columns: usize,
    unit: Unit,
    sign: Sign,
    /// The least and the greatest score in units, before the sign is turned.
    ends: Ends,
    cells: Arc<dyn Cells + 'a>,
}

/// What one unit of an integer score counts in the caller's scores.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Unit {
    /// The scores were integers and are used as they are.
    One,
    /// The scores were floats and were rounded once to micropoints.
    Micropoint,
}

impl<'a> Scores<'a> {
    /// The scores of an array, which is borrowed in whatever order and strides it has. Arrays whose rows are each in
    /// one piece (C order, or a part of such an array) are the fastest to read.
    ///
    /// ```
    /// use ndarray::array;
    /// use nearpeer_core::{Assign, Options, Scores, assign};
    ///
    /// let scores = array![[4_u8, 5], [3, 1]];
    /// let best = assign(&Scores::array(scores.t())?, &Assign::default(), &Options::default())?;
    /// assert_eq!((best.rows, best.columns), (vec![0, 1], vec![1, 0]));
    /// # Ok::<(), nearpeer_core::Error>(())
    /// ```
    ///
    /// # Errors
    /// [`ErrorKind::Input`](crate::ErrorKind::Input) for an array without cells or with too many rows or
    /// columns, or naming the cell of an integer beyond ±10^15 or a float that is not finite or beyond ±10^9.
    pub fn array<T: Number>(array: ArrayView2<'a, T>) -> Result<Self, Error> {
        let (rows, columns) = array.dim();
        check_sides(rows, columns)?;
        let (cells, ends) = Dense::read(array)?;
        Ok(Self::new(rows, columns, T::UNIT, cells, ends))
    }

    /// The scores of a sparse array in compressed rows (CSR), which is borrowed: where each row's cells start
    /// (`rows + 1` numbers), the column of each cell, ascending within a row and each once, and its score.
    ///
    /// # Errors
    /// As [`array`](Self::array), and naming the row whose columns do not ascend or are out of range.
    pub fn compressed_rows<I: Index, T: Number>(
        rows: usize,
        columns: usize,
        starts: &[I],
        cells: &'a [I],
        values: &'a [T],
    ) -> Result<Self, Error> {
        check_sides(rows, columns)?;
        if starts.len() != rows + 1 {
            let message = format!(
                "{} starts of rows for {}",
                starts.len(),
                counted(rows, "row")
            );
            return Err(Error::input(message).in_table("scores"));
        }
        // A negative start becomes one that no check lets pass.
        let starts = starts
            .iter()
            .map(|start| start.number().unwrap_or(usize::MAX));
        let parts = (
            starts.collect(),
            Cow::Borrowed(cells),
            Cow::Borrowed(values),
        );
        let (cells, ends) = Sparse::read(columns, parts.0, parts.1, parts.2)?;
        Ok(Self::new(rows, columns, T::UNIT, cells, ends))
    }

    /// Whole scores, row after row (`rows * columns` of them).
    ///
    /// # Errors
    /// [`ErrorKind::Input`](crate::ErrorKind::Input) for wrong dimensions or a score beyond ±10^15.
    pub fn dense_integers(rows: usize, columns: usize, values: &'a [i64]) -> Result<Self, Error> {
        Self::row_after_row(rows, columns, values)
    }

    /// Scores that are rounded once to micropoints, row after row (`rows * columns` of them).
    ///
    /// # Errors
    /// [`ErrorKind::Input`](crate::ErrorKind::Input) for wrong dimensions, or naming the cell of a score
    /// that is not finite or beyond ±10^9.
    pub fn dense(rows: usize, columns: usize, values: &'a [f64]) -> Result<Self, Error> {
        Self::row_after_row(rows, columns, values)
    }

    /// Whole scores of single cells, in any order.
    ///
    /// # Errors
    /// As [`dense_integers`](Self::dense_integers), and for a cell out of range or stored twice.
    pub fn sparse_integers(
        rows: usize,
        columns: usize,
        cells: impl IntoIterator<Item = (u32, u32, i64)>,
    ) -> Result<Self, Error> {
        Self::from_cells(rows, columns, cells)
    }

    /// Scores of single cells, in any order, rounded once to micropoints.
    ///
    /// # Errors
    /// As [`dense`](Self::dense), and for a cell out of range or stored twice.
    pub fn sparse(
        rows: usize,
        columns: usize,
        cells: impl IntoIterator<Item = (u32, u32, f64)>,
    ) -> Result<Self, Error> {
        Self::from_cells(rows, columns, cells)
    }

    /// The same scores with their signs turned: the greatest total of these is the least of those.
    #[must_use]
    pub fn negated(self) -> Self {
        Self {
            sign: self.sign.turned(),
            ..self
        }
    }

    /// How many rows there are.
    #[must_use]
    pub fn rows(&self) -> usize {
        self.rows
    }

    /// How many columns there are.
    #[must_use]
    pub fn columns(&self) -> usize {
        self.columns
    }

    /// What one unit of a score counts.
    pub(crate) fn unit(&self) -> Unit {
        self.unit
    }

    /// The least and the greatest score in units; zeros where there is none.
    pub(crate) fn range(&self) -> (i64, i64) {
        let ends = (self.sign.of(self.ends.0), self.sign.of(self.ends.1));
        (ends.0.min(ends.1), ends.0.max(ends.1))
    }

    /// Replaces `out` by the stored cells of a row: (column, score), ascending.
    pub(crate) fn row(&self, row: usize, out: &mut Vec<(u32, i64)>) {
        out.clear();
        self.cells.row(row, self.sign, out);
    }

    /// Calls `visit` with the stored cells of a row, ascending, whose score is more than `floor` and the column's
    /// price together; it answers with the floor for the rest of the row, which must not be lower. Prices (one a
    /// column) and floors are within ±2^61.
    pub(crate) fn above(
        &self,
        row: usize,
        prices: &[i64],
        floor: i64,
        visit: &mut dyn FnMut(u32, i64) -> i64,
    ) {
        self.cells.above(row, self.sign, prices, floor, visit);
    }

    /// A floor for [`above`](Self::above), `lowest` or higher, that at least `most` cells of the row are above if as many
    /// are above `lowest`.
    pub(crate) fn floor(&self, row: usize, prices: &[i64], lowest: i64, most: usize) -> i64 {
        self.cells.floor(row, self.sign, prices, lowest, most)
    }

    /// The stored cells of a row: (column, score), ascending.
    pub(crate) fn cells(&self, row: usize) -> impl Iterator<Item = (u32, i64)> {
        let mut cells = Vec::new();
        self.row(row, &mut cells);
        cells.into_iter()
    }

    /// The score of a cell in units, or `None` if it is not stored.
    pub(crate) fn score(&self, row: usize, column: u32) -> Option<i64> {
        self.cells
            .score(row, column)
            .map(|score| self.sign.of(score))
    }

    fn new(
        rows: usize,
        columns: usize,
        unit: Unit,
        cells: impl Cells + 'a,
        ends: Option<Ends>,
    ) -> Self {
        Self {
            rows,
            columns,
            unit,
            sign: Sign::KEPT,
            ends: ends.unwrap_or((0, 0)),
            cells: Arc::new(cells),
        }
    }

    fn row_after_row<T: Number>(
        rows: usize,
        columns: usize,
        values: &'a [T],
    ) -> Result<Self, Error> {
        let array = ArrayView2::from_shape((rows, columns), values);
        match array.ok().filter(|array| array.len() == values.len()) {
            Some(array) => Self::array(array),
            None => Err(Error::input(format!(
                "{} of {} are not {}",
                counted(rows, "row"),
                counted(columns, "score"),
                counted(values.len(), "score")
            ))),
        }
    }

    fn from_cells<T: Number>(
        rows: usize,
        columns: usize,
        cells: impl IntoIterator<Item = (u32, u32, T)>,
    ) -> Result<Self, Error> {
        check_sides(rows, columns)?;
        let mut all = Vec::new();
        for (row, column, value) in cells {
            let (row_ix, column_ix) = (row as usize, column as usize);
            if row_ix >= rows || column_ix >= columns {
                let outside = Error::input(format!("the cell is outside of {rows} x {columns}"));
                return Err(at(row_ix, column_ix, outside));
            }
            if !value.fits() {
                return Err(at(row_ix, column_ix, value.fault()));
            }
            all.push((row, column, value));
        }
        let place = |cell: &(u32, u32, T)| (cell.0, cell.1);
        if !all.is_sorted_by_key(place) {
            all.sort_unstable_by_key(place);
        }
        if let Some(twice) = all.windows(2).find(|two| place(&two[0]) == place(&two[1])) {
            let (row, column) = (twice[0].0 as usize, twice[0].1 as usize);
            return Err(at(row, column, Error::input("the cell has two scores")));
        }
        let mut starts = vec![0; rows + 1];
        for (row, _, _) in &all {
            starts[*row as usize + 1] += 1;
        }
        for row in 0..rows {
            starts[row + 1] += starts[row];
        }
        let at_column: Vec<u32> = all.iter().map(|cell| cell.1).collect();
        let values: Vec<T> = all.iter().map(|cell| cell.2).collect();
        let (cells, ends) = Sparse::read(columns, starts, at_column.into(), values.into())?;
        Ok(Self::new(rows, columns, T::UNIT, cells, ends))
    }
}

fn check_sides(rows: usize, columns: usize) -> Result<(), Error> {
    if rows == 0 || columns == 0 {
        return Err(Error::input(format!(
            "scores need at least one row and one column, not {rows} x {columns}"
        )));
    }
    if rows.max(columns) > MAX_SIDE {
        return Err(Error::input(format!(
            "more than {MAX_SIDE} rows or columns"
        )));
    }
    Ok(())
}

/// Names the cell of a fault.
fn at(row: usize, column: usize, error: Error) -> Error {
    let error = error.in_table("scores").in_row(row);
    error.in_column(column.to_string())
}

#[cfg(test)]
mod tests {
    use ndarray::{Array2, ArrayView2, s};
    use proptest::prelude::*;

    use super::*;

    /// The plain reading of an array: what it says, cell by cell.
    fn check(scores: &Scores<'_>, expected: &ArrayView2<'_, Option<i64>>, prices: &[i64]) {
        let stored = || expected.iter().filter_map(|score| *score);
        let range = (stored().min().unwrap_or(0), stored().max().unwrap_or(0));
        assert_eq!(scores.range(), range);
        for (row, expected) in expected.rows().into_iter().enumerate() {
            let cells = (0u32..).zip(expected.iter().copied());
            let cells: Vec<(u32, i64)> =
                cells.filter_map(|(at, score)| Some((at, score?))).collect();
            assert!(scores.cells(row).eq(cells.iter().copied()));
            for column in 0..expected.len() {
                assert_eq!(scores.score(row, column as u32), expected[column]);
            }
            for (lowest, most) in [(-5, 1), (-1_000, 3), (-1_000, 60), (-1_000, 90)] {
                let floor = scores.floor(row, prices, lowest, most);
                let above = |floor: i64| {
                    let beats =
                        |(column, score): &&(u32, i64)| *score > floor + prices[*column as usize];
                    cells.iter().filter(beats).count()
                };
                assert!(floor >= lowest);
                assert!(
                    above(floor) >= most.min(above(lowest)),
                    "{floor} {lowest} {most}"
                );
            }
            // Floors that stay, and floors that rise with what is found.
            for rise in [0, 3] {
                let mut expected = Vec::new();
                let mut floor = -5;
                for &(column, score) in &cells {
                    if score > floor + prices[column as usize] {
                        expected.push((column, score));
                        floor += rise;
                    }
                }
                let mut found = Vec::new();
                let mut floor = -5;
                scores.above(row, prices, floor, &mut |column, score| {
                    found.push((column, score));
                    floor += rise;
                    floor
                });
                assert_eq!(found, expected);
            }
        }
        assert_eq!(scores.score(0, expected.ncols() as u32), None);
    }

    fn check_views<T: Number>(array: &Array2<T>, prices: &[i64]) {
        let views = [
            array.view(),
            array.t(),
            array.slice(s![..;2, ..;-1]),
            array.slice(s![..;-1, ..;3]),
            array.slice(s![1.., ..2]),
            array.row(0).insert_axis(ndarray::Axis(0)),
        ];
        let row = array.row(0);
        let broadcast = row.broadcast((4, array.ncols()));
        for view in views.into_iter().chain(broadcast) {
            let scores = Scores::array(view).expect("scores");
            let expected = view.map(|score| Some(score.units()));
            check(&scores, &expected.view(), prices);
            let negated = view.map(|score| Some(-score.units()));
            check(&scores.clone().negated(), &negated.view(), prices);
            check(&scores.negated().negated(), &expected.view(), prices);
        }
    }

    proptest! {
        #[test]
        fn arrays_of_any_order_are_read_as_they_are(
            (rows, columns) in (2..6usize, 2..200usize),
            numbers in prop::collection::vec(any::<i8>(), 1000),
            prices in prop::collection::vec(-100..100i64, 200),
        ) {
            let number = |(row, column): (usize, usize)| numbers[(row * columns + column) % numbers.len()];
            check_views(&Array2::from_shape_fn((rows, columns), number), &prices);
            let float = |at| f64::from(number(at)) * 0.5e-6;
            check_views(&Array2::from_shape_fn((rows, columns), float), &prices);
            let short = |at| f32::from(number(at)) * 1e-6;
            check_views(&Array2::from_shape_fn((rows, columns), short), &prices);
        }

        #[test]
        fn compressed_rows_are_read_as_they_are(
            (rows, columns) in (1..6usize, 1..30usize),
            cells in prop::collection::vec(prop::option::of(any::<i16>()), 180),
            prices in prop::collection::vec(-100..100i64, 30),
        ) {
            let cell = |(row, column): (usize, usize)| cells[row * columns + column];
            let array = Array2::from_shape_fn((rows, columns), cell);
            let (mut starts, mut at_column, mut values) = (vec![0i32], Vec::new(), Vec::new());
            for row in array.rows() {
                for (column, value) in (0i32..).zip(row) {
                    at_column.extend(value.map(|_| column));
                    values.extend(*value);
                }
                starts.push(values.len() as i32);
            }
            let scores = Scores::compressed_rows(rows, columns, &starts, &at_column, &values);
            let expected = array.map(|score| score.map(i64::from));
            check(&scores.expect("scores"), &expected.view(), &prices);
            let by_column = array.t();
            let cells = by_column.indexed_iter().filter_map(|((column, row), value)| {
                Some((row as u32, column as u32, i64::from((*value)?)))
            });
            let scores = Scores::sparse_integers(rows, columns, cells).expect("scores");
            check(&scores, &expected.view(), &prices);
        }
    }

    #[test]
    fn the_first_fault_in_the_order_of_rows_is_named() {
        let mut array = Array2::<f64>::zeros((300, 70));
        for (row, column) in [(299, 0), (200, 5), (200, 3)] {
            array[(row, column)] = f64::NAN;
        }
        let place = |error: Error| (error.place().row, error.place().column.clone());
        let error = Scores::array(array.view()).expect_err("not a number");
        assert_eq!(place(error), (Some(200), Some("3".to_owned())));
        let error = Scores::array(array.t()).expect_err("not a number");
        assert_eq!(place(error), (Some(0), Some("299".to_owned())));
        array[(200, 3)] = -1e9;
        array[(200, 5)] = 1.000_001e9;
        let error = Scores::array(array.view()).expect_err("too large");
        assert_eq!(error.place().value.as_deref(), Some("1000001000.0"));
    }

    #[test]
    fn parts_that_are_no_compressed_rows_are_refused() {
        let read = |starts: &[i64], columns: &[i64]| {
            let values = [1u8, 2, 3];
            Scores::compressed_rows(2, 4, starts, columns, &values).map(|scores| scores.rows())
        };
        assert_eq!(read(&[0, 2, 3], &[0, 3, 1]).ok(), Some(2));
        for (starts, columns) in [
            (vec![0, 3], vec![0, 1, 2]),
            (vec![0, 2, 2], vec![0, 3, 1]),
            (vec![1, 2, 3], vec![0, 3, 1]),
            (vec![0, 4, 3], vec![0, 3, 1]),
            (vec![0, -1, 3], vec![0, 3, 1]),
            (vec![0, 2, 3], vec![0, 4, 1]),
            (vec![0, 2, 3], vec![-1, 3, 1]),
            (vec![0, 2, 3], vec![3, 0, 1]),
            (vec![0, 2, 3], vec![3, 3, 1]),
            (vec![0, 2, 3], vec![0, 3, i64::MAX]),
            (vec![0, 2, 3], vec![0, 3]),
        ] {
            let error = read(&starts, &columns).expect_err("not of one sparse array");
            assert_eq!(
                error.place().table.as_deref(),
                Some("scores"),
                "{starts:?} {columns:?}"
            );
        }
    }
}
