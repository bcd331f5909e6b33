//! Scores of every cell, in an array of any order and strides.

use multiversion::multiversion;
use ndarray::{ArrayView2, s};
use rayon::prelude::*;

use super::number::{Counted, Ends, Number, ends, wider};
use super::{Cells, Sign};
use crate::error::Error;

/// Lines that a thread looks at at a time.
const LINES: usize = 64;

/// Cells that are compared together before one of them is looked at, one a lane.
const BLOCK: usize = 64;

/// An array as the caller has it. Where a row's cells are next to each other, they are read as fast as memory
/// gives them. In other orders a row costs two to three times as much; rows are asked for in turn, so that a cache
/// line that one row has brought serves the next ones. A copy, or tiles of rows, took longer than they saved.
#[derive(Debug)]
pub(crate) struct Dense<'a, T>(ArrayView2<'a, T>);

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

impl<'a, T: Counted> Dense<'a, T> {
    /// An array whose scores are known to count.
    pub(crate) fn of(array: ArrayView2<'a, T>) -> Self {
        Self(array)
    }

    /// Calls `look` with the cells of a row and their prices, block by block, and where each block starts.
    #[inline]
    fn blocks(&self, row: usize, prices: &[i64], mut look: impl FnMut(usize, &[T], &[i64])) {
        let line = self.0.row(row);
        let mut gathered = [T::default(); BLOCK];
        for (first, prices) in (0..line.len()).step_by(BLOCK).zip(prices.chunks(BLOCK)) {
            let last = line.len().min(first + BLOCK);
            match line.to_slice() {
                Some(line) => look(first, &line[first..last], prices),
                None => {
                    let cells = line.slice(s![first..last]);
                    for (gathered, cell) in gathered.iter_mut().zip(cells) {
                        *gathered = *cell;
                    }
                    look(first, &gathered[..last - first], prices);
                }
            }
        }
    }
}

impl<T: Counted> Cells for Dense<'_, T> {
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
        self.blocks(row, prices, |first, cells, prices| {
            let mut lanes = beating(cells, prices, floor, sign);
            while lanes > 0 {
                let lane = lanes.trailing_zeros() as usize;
                lanes &= lanes - 1;
                let score = sign.of(cells[lane].units());
                if score > floor + prices[lane] {
                    floor = visit((first + lane) as u32, score);
                }
            }
        });
    }

    fn floor(&self, row: usize, sign: Sign, prices: &[i64], lowest: i64, most: usize) -> i64 {
        let mut tops = [i64::MIN; BLOCK];
        let lanes = self.0.ncols().min(BLOCK);
        let Some(last) = most.checked_sub(1).filter(|last| *last < lanes) else {
            return lowest;
        };
        self.blocks(row, prices, |_, cells, prices| {
            raise(&mut tops, cells, prices, sign);
        });
        // In as many lanes as are asked for some cell is worth about this, or one unit less.
        let (_, top, _) = tops.select_nth_unstable_by(last, |a, b| b.cmp(a));
        lowest.max(*top - 2)
    }

    fn score(&self, row: usize, column: u32) -> Option<i64> {
        let cell = self.0.get((row, column as usize))?;
        Some(cell.units())
    }
}

/// In which lanes a cell may be worth more than `floor` and its price together.
#[multiversion(targets("x86_64+avx512f+avx512bw+avx512dq+avx512vl", "x86_64+avx2"))]
fn beating<T: Counted>(cells: &[T], prices: &[i64], floor: i64, sign: Sign) -> u64 {
    let mut enough = [0; BLOCK];
    for ((enough, cell), price) in enough.iter_mut().zip(cells).zip(prices) {
        *enough = u8::from(sign.of(cell.near()) - price >= floor);
    }
    let mut lanes = 0;
    for (place, eight) in enough.as_chunks().0.iter().enumerate() {
        // Gathers the lowest bits of eight bytes in the highest byte.
        let bits = u64::from_le_bytes(*eight).wrapping_mul(0x0102_0408_1020_4080) >> 56;
        lanes |= bits << (8 * place);
    }
    lanes
}

/// Raises the tops of lanes to what the cells are worth at their prices, or one unit beside it.
#[multiversion(targets("x86_64+avx512f+avx512bw+avx512dq+avx512vl", "x86_64+avx2"))]
fn raise<T: Counted>(tops: &mut [i64; BLOCK], cells: &[T], prices: &[i64], sign: Sign) {
    for ((top, cell), price) in tops.iter_mut().zip(cells).zip(prices) {
        *top = (*top).max(sign.of(cell.near()) - price);
    }
}
