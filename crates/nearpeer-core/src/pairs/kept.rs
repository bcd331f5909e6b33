//! Pairs whose scores are worked out once and kept, one cell for every mentee and mentor, where there are few enough of
//! them: then a pass compares numbers, and a row can be looked at by itself.

use std::borrow::Cow;

use ndarray::{Array2, ArrayView1};
use rayon::prelude::*;

use super::{Pairs, Sweep};
use crate::roster::Role;
use crate::scores::{Cells, Dense, Sign, Stored};

/// Cells up to which scores are kept: 64 MiB.
const MOST: usize = 1 << 24;

/// Of so many cells at least one is of an eligible pair; else a pass that leaves out whole blocks has less to look at.
const SPARSEST: usize = 2;

/// Mentees who are looked at to see how many of their cells are of eligible pairs.
const SAMPLE: usize = 64;

/// Mentees that one thread looks at before it takes the next ones.
const CHUNK: usize = 16;

/// The eligible pairs of another source, and their scores.
pub(crate) struct Kept<'p> {
    pairs: &'p dyn Pairs,
    cells: Array2<Stored>,
}

impl<'p> Kept<'p> {
    /// Works out all scores; `None` where that would not pay.
    pub(crate) fn new(pairs: &'p dyn Pairs) -> Option<Self> {
        let (mentees, mentors) = (pairs.mentees(), pairs.mentors());
        let size = mentees.checked_mul(mentors)?;
        let (least, greatest) = pairs.score_range();
        let pays = (1..=MOST).contains(&size)
            && pairs.is_scored_quickly()
            && Stored::new(least).is_some()
            && Stored::new(greatest).is_some()
            && is_dense(pairs);
        if !pays {
            return None;
        }
        let mut cells = vec![Stored::default(); size];
        let chunks = cells.par_chunks_mut(CHUNK * mentors).enumerate();
        chunks.for_each_init(Vec::new, |row, (chunk, cells)| {
            for (mentee, cells) in (chunk * CHUNK..).zip(cells.chunks_exact_mut(mentors)) {
                pairs.row(mentee, row);
                for &(mentor, score) in &*row {
                    cells[mentor as usize] = Stored::new(score).unwrap_or_default();
                }
            }
        });
        let cells = Array2::from_shape_vec((mentees, mentors), cells).ok()?;
        Some(Self { pairs, cells })
    }

    fn line(&self, mentee: usize) -> ArrayView1<'_, Stored> {
        self.cells.row(mentee)
    }

    fn dense(&self) -> Dense<'_, Stored> {
        Dense::of(self.cells.view())
    }
}

/// Whether enough cells are of eligible pairs, as far as mentees here and there tell.
fn is_dense(pairs: &dyn Pairs) -> bool {
    let sample = (0..pairs.mentees()).step_by(pairs.mentees().div_ceil(SAMPLE));
    let cells = sample.len() * pairs.mentors();
    let mut row = Vec::new();
    let eligible = sample.map(|mentee| {
        pairs.row(mentee, &mut row);
        row.len()
    });
    eligible.sum::<usize>() * SPARSEST >= cells
}

impl Pairs for Kept<'_> {
    fn mentees(&self) -> usize {
        self.pairs.mentees()
    }

    fn mentors(&self) -> usize {
        self.pairs.mentors()
    }

    fn row(&self, mentee: usize, row: &mut Vec<(u32, i64)>) {
        row.clear();
        let cells = (0u32..).zip(self.line(mentee));
        row.extend(cells.filter_map(|(mentor, cell)| Some((mentor, cell.score()?))));
    }

    fn score(&self, mentee: usize, mentor: u32) -> Option<i64> {
        self.cells.get((mentee, mentor as usize))?.score()
    }

    fn score_range(&self) -> (i64, i64) {
        self.pairs.score_range()
    }

    fn order(&self, role: Role) -> Cow<'_, [u32]> {
        self.pairs.order(role)
    }

    fn has_single_rows(&self) -> bool {
        true
    }

    fn sweep<'s>(&'s self, role: Role, prices: &'s [i64]) -> Option<Box<dyn Sweep + 's>> {
        // A mentor's cells are no faster to read than everything.
        (role == Role::Mentee).then(|| {
            Box::new(KeptSweep {
                cells: self.dense(),
                prices,
            }) as _
        })
    }
}

struct KeptSweep<'s> {
    cells: Dense<'s, Stored>,
    prices: &'s [i64],
}

impl Sweep for KeptSweep<'_> {
    fn row(&self, mentee: usize, floor: i64, visit: &mut dyn FnMut(u32, i64) -> i64) {
        self.cells
            .above(mentee, Sign::KEPT, self.prices, floor, visit);
    }

    fn floor(&self, mentee: usize, lowest: i64, most: usize) -> i64 {
        self.cells
            .floor(mentee, Sign::KEPT, self.prices, lowest, most)
    }
}
