//! Sets of interests that go together as in the survey.
//!
//! The interests are drawn one after the other, each with the probability that a linear regression on those
//! before it gives: the conditional linear family of binary vectors (Qaqish, 'A family of multivariate binary
//! distributions for simulating correlated binary variables', Biometrika 90, 2003). It needs nothing but how
//! often each interest and each two together occur, and gives just these back, but for the few draws (some 3
//! in 100) where the regression leaves [0, 1]. The most lopsided come first, for that happens least so.

use super::dice::Dice;
use super::survey::{COUNT, INTERESTS, RESPONDENTS};

/// Probabilities are in parts of 2^24, as many as an `f32` could tell apart.
const BITS: u32 = 24;
const ONE: f64 = (1 << BITS) as f64;

/// A row of the table, padded to whole vector registers.
type Row = [i32; WIDTH];
const WIDTH: usize = COUNT.next_multiple_of(16);

/// The chances of every interest, given those before it.
#[derive(Debug, Clone)]
pub(super) struct Taste {
    /// The interests as they are drawn.
    order: [usize; COUNT],
    /// The chances of somebody who has none so far.
    start: Row,
    /// What having an interest adds to the chances of those after it.
    adds: Vec<Row>,
}

impl Taste {
    /// Learns from the survey's counts. Only sums, products and quotients are used, and each is rounded as
    /// IEEE 754 says: the outcome is the same everywhere.
    pub(super) fn learn() -> Self {
        let order = order();
        let share = |count: u32| f64::from(count) / f64::from(RESPONDENTS);
        let mean = order.map(|item| share(together(item, item)));
        let covariance = |row: usize, column: usize| {
            share(together(order[row], order[column])) - mean[row] * mean[column]
        };
        let inverse = inverse_of_unit_factor(covariance);

        let mut start = [0; WIDTH];
        let mut adds = vec![[0; WIDTH]; COUNT];
        for row in 0..COUNT {
            // The residual of `row` is L^-1 (x - mean), so the regression's weights are minus its entries.
            let mut chance = mean[row];
            for column in 0..row {
                let weight = -inverse[row][column];
                chance -= weight * mean[column];
                adds[column][row] = parts(weight);
            }
            start[row] = parts(chance);
        }
        Self { order, start, adds }
    }

    /// The largest amount that the chances of an interest could ever add up to.
    #[cfg(test)]
    pub(super) fn largest(&self) -> i64 {
        let size = |row: &Row, item: usize| i64::from(row[item]).abs();
        let most = |item| {
            size(&self.start, item) + self.adds.iter().map(|row| size(row, item)).sum::<i64>()
        };
        (0..COUNT).map(most).max().unwrap_or(0)
    }

    /// A set of interests, as bits in the survey's order.
    pub(super) fn draw(&self, dice: &mut Dice) -> u64 {
        let mut chances = self.start;
        let mut set = 0;
        for (position, item) in self.order.iter().enumerate() {
            let drawn = (dice.bits() >> (u32::BITS - BITS)) as i32;
            if drawn < chances[position] {
                set |= 1 << item;
                for (chance, add) in chances.iter_mut().zip(&self.adds[position]) {
                    *chance += add;
                }
            }
        }
        set
    }
}

/// The names of the interests in a set, in the survey's order.
pub(super) fn names(set: u64) -> Vec<&'static str> {
    let mut names = Vec::with_capacity(set.count_ones() as usize);
    let mut left = set;
    while left != 0 {
        names.push(INTERESTS[left.trailing_zeros() as usize].0);
        left &= left - 1;
    }
    names
}

/// How many respondents have both interests.
pub(super) fn together(a: usize, b: usize) -> u32 {
    u32::from(INTERESTS[a.max(b)].1[a.min(b)])
}

/// The interests, those first that most or fewest respondents have.
fn order() -> [usize; COUNT] {
    let mut order = std::array::from_fn(|item| item);
    order.sort_by_key(|&item| {
        let lopsided = RESPONDENTS.abs_diff(2 * together(item, item));
        (std::cmp::Reverse(lopsided), item)
    });
    order
}

/// The inverse of L, where L D Lᵗ is the matrix, L has ones on its diagonal and nothing above, and D is
/// diagonal (Golub and Van Loan, 'Matrix Computations', 4.1).
fn inverse_of_unit_factor(matrix: impl Fn(usize, usize) -> f64) -> Vec<[f64; COUNT]> {
    let mut factor = vec![[0.0; COUNT]; COUNT];
    let mut diagonal = [0.0; COUNT];
    for row in 0..COUNT {
        for column in 0..=row {
            let mut rest = matrix(row, column);
            for k in 0..column {
                rest -= factor[row][k] * diagonal[k] * factor[column][k];
            }
            if column < row {
                factor[row][column] = rest / diagonal[column];
            } else {
                diagonal[row] = rest;
                factor[row][row] = 1.0;
            }
        }
    }
    let mut inverse: Vec<[f64; COUNT]> = Vec::with_capacity(COUNT);
    for row in 0..COUNT {
        let mut line = [0.0; COUNT];
        line[row] = 1.0;
        for (column, entry) in line.iter_mut().enumerate().take(row) {
            *entry = (column..row).fold(0.0, |sum, k| sum - factor[row][k] * inverse[k][column]);
        }
        inverse.push(line);
    }
    inverse
}

fn parts(probability: f64) -> i32 {
    (probability * ONE).round() as i32
}
