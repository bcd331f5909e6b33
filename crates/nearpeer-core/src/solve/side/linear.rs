//! Prices of several side rows from the linear program. They are hints: the bound is worked out from them in
//! integers.

use std::collections::HashSet;

use super::{Fixings, Point, Search, stored};
use crate::error::{Error, ErrorKind};
use crate::program::SIDE_UNIT;
use crate::program::linear::{LevelDuals, Linear};

/// Rounds of new columns.
const ROUNDS: usize = 30;

/// Looks for better prices at the root: solves the linear program on the network's columns, has the network
/// price all pairs at the prices found, adds the columns that it wants, and so on until it wants none.
pub(super) fn tighten(search: &mut Search, point: &mut Point) -> Result<(), Error> {
    match rounds(search, point) {
        // Where numbers are too large for floating point, the search does without.
        Err(error) if error.kind() == ErrorKind::Solver => Ok(()),
        ended => ended,
    }
}

fn rounds(search: &mut Search, point: &mut Point) -> Result<(), Error> {
    let program = search.program;
    let columns = stored(program, &search.network);
    let mut known: HashSet<(u32, u32)> = HashSet::new();
    for (mentee, columns) in (0u32..).zip(&columns) {
        known.extend(columns.iter().map(|(mentor, _)| (mentee, *mentor)));
    }
    let mut linear = Linear::new(program, &columns, &search.best.chosen)?;
    for _ in 0..ROUNDS {
        if !search.is_open(point.bound) {
            break;
        }
        let duals = linear.solve(search.interrupt)?;
        let side = combined(&duals, program.side.len(), 4 * search.large);
        let there = search.ask(side, &Fixings::new())?;
        search.mix(&point.line, &there.line);
        search.keep(there.line.clone());
        if there.bound < point.bound {
            *point = there;
        }
        let mut new = Vec::new();
        for (mentee, columns) in (0u32..).zip(stored(program, &search.network)) {
            let columns = columns.into_iter();
            let columns = columns.filter(|(mentor, _)| known.insert((mentee, *mentor)));
            new.extend(columns.map(|(mentor, score)| (mentee, mentor, score)));
        }
        if new.is_empty() {
            break;
        }
        linear.add(&new)?;
    }
    Ok(())
}

/// The prices of the combined objective, in units of `1 / SIDE_UNIT`, from those of its levels.
///
/// A level's duals prove `value_g + Σ_h t_gh·value_h ≤ ...` for the levels `h` held before it. With factors
/// `λ_g` such that `λ_h = W_h − Σ_{g > h} λ_g·t_gh`, the sum of these inequalities bounds `Σ W_g·value_g`, and a
/// side row's price in it is `Σ λ_g·s_g`.
fn combined(duals: &[LevelDuals], rows: usize, most: i128) -> Vec<i128> {
    let unit = i128::from(SIDE_UNIT);
    // Prices of counts are fractions with small denominators, which this rounding restores.
    let whole = |price: f64| (price * SIDE_UNIT as f64).round() as i128;
    let mut left: Vec<i128> = duals.iter().map(|level| level.weight * unit).collect();
    let mut side = vec![0i128; rows];
    for (ix, level) in duals.iter().enumerate().rev() {
        let factor = left[ix].max(0);
        for (left, price) in left.iter_mut().zip(&level.held) {
            *left = left.saturating_sub(factor.saturating_mul(whole(*price)) / unit);
        }
        for (sum, price) in side.iter_mut().zip(&level.side) {
            *sum = sum.saturating_add(factor.saturating_mul(whole(*price)) / unit);
        }
    }
    side.into_iter().map(|price| price.clamp(0, most)).collect()
}
