//! Scores of every cell, in an array of any order and strides.

use ndarray::{ArrayView2, s};
use rayon::prelude::*;

use super::number::{Ends, Number, ends, wider};
use super::{Cells, Sign};
use crate::error::Error;

/// Lines that a thread looks at at a time.
const LINES: usize = 64;

/// Cells that are compared together before one of them is looked at.
const BLOCK: usize = 64;

/// An array as the caller has it. Where a row's cells are next to each other, they are read as fast as memory
/// gives them. In other orders a row costs two to three times as much; rows are asked for in turn, so that a cache
/// line that one row has brought serves the next ones. A copy, or tiles of rows, took longer than they saved.
#[derive(Debug)]
pub(super) struct Dense<'a, T>(ArrayView2<'a, T>);

impl<'a, T: Number> Dense<'a, T> {
    /// Reads an array that has cells; gives the least and the greatest score with it.
    ///
    /// # Errors
    /// The cell of a score that cannot be counted.
    pub(super) fn read(array: ArrayView2<'a, T>) -> Result<(Self, Option<Ends>), Error> {
        // Lines as they lie in memory.
        let by_row = array.strides()[0].abs() >= array.strides()[1].abs();
        let lines = if by_row { array } else { array.reversed_axes() };
        let looked_at = (0..lines.nrows())
            .into_par_iter()
            .with_min_len(LINES)
            .map_init(Vec::new, |gathered, line| {
                let line = lines.row(line);
                match line.to_slice() {
                    Some(line) => ends(line),
                    None => {
                        gathered.clear();
                        gathered.extend(line.iter().copied());
                        ends(gathered)
                    }
                }
            })
            .try_reduce(|| None, |a, b| Ok(wider(a, b)));
        match looked_at {
            Ok(ends) => Ok((Self(array), ends)),
            Err(_) => Err(first_fault(&array)),
        }
    }
}

/// The first fault in the order of rows, on any number of threads.
fn first_fault<T: Number>(array: &ArrayView2<'_, T>) -> Error {
    let wrong = array.indexed_iter().find(|(_, score)| !score.fits());
    match wrong {
        Some(((row, column), score)) => super::at(row, column, score.fault()),
        None => Error::input("the scores changed while they were read").in_table("scores"),
    }
}

impl<T: Number> Cells for Dense<'_, T> {
    fn row(&self, row: usize, sign: Sign, out: &mut Vec<(u32, i64)>) {
        let line = self.0.row(row);
        let units = |score: &T| sign.of(score.units());
        match line.to_slice() {
            Some(line) => out.extend((0u32..).zip(line.iter().map(units))),
            None => out.extend((0u32..).zip(line.iter().map(units))),
        }
    }

    fn above(
        &self,
        row: usize,
        sign: Sign,
        prices: &[i64],
        mut floor: i64,
        visit: &mut dyn FnMut(u32, i64) -> i64,
    ) {
        let line = self.0.row(row);
        let mut scores = [0i64; BLOCK];
        for (first, prices) in (0..line.len()).step_by(BLOCK).zip(prices.chunks(BLOCK)) {
            let last = line.len().min(first + BLOCK);
            match line.to_slice() {
                Some(line) => fill(&mut scores, &line[first..last], sign),
                None => fill(&mut scores, line.slice(s![first..last]), sign),
            }
            let scores = &scores[..last - first];
            // Below zero where a score is above: signs add up to one without a comparison a cell.
            let any = scores
                .iter()
                .zip(prices)
                .fold(0, |any, (score, price)| any | (floor + price - score));
            if any >= 0 {
                continue;
            }
            for (column, (&score, price)) in (first as u32..).zip(scores.iter().zip(prices)) {
                if score > floor + price {
                    floor = visit(column, score);
                }
            }
        }
    }

    fn score(&self, row: usize, column: u32) -> Option<i64> {
        let cell = self.0.get((row, column as usize))?;
        Some(cell.units())
    }
}

#[inline]
fn fill<'c, T: Number>(
    scores: &mut [i64; BLOCK],
    cells: impl IntoIterator<Item = &'c T>,
    sign: Sign,
) {
    for (score, cell) in scores.iter_mut().zip(cells) {
        *score = sign.of(cell.units());
    }
}
