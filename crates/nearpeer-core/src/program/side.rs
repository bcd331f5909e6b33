//! Side rows: limits on numbers of pairs, in programmes in which nothing else but loads binds.
//!
//! At given prices of such rows the rest is a network, so that large programmes are solved fast. All other constraints,
//! and these beside slots, are [`Row`]s of the solve by parts and levels.

use std::collections::HashMap;

use super::Chosen;
use crate::constraint::Row;

/// Prices of side rows are kept in this part of a unit of the combined objective. Such a price is the quotient of
/// two differences between matches, so often a fraction with a small denominator: this is the least common multiple of 1 to 12.
pub(crate) const UNIT: i64 = 27_720;

/// At most `limit` of the chosen pairs are members.
#[derive(Debug, Clone)]
pub(crate) struct SideRow {
    /// How many chosen pairs may be members.
    pub(crate) limit: u32,
    row: Row,
}

impl SideRow {
    /// The side rows of a programme that has no other rows; none where it has.
    pub(crate) fn all(rows: &[Row]) -> Vec<Self> {
        if !rows.iter().all(|row| row.is_count) {
            return Vec::new();
        }
        let rows = rows.iter().map(|row| Self {
            limit: u32::try_from(row.limit).unwrap_or(u32::MAX),
            row: row.clone(),
        });
        rows.collect()
    }

    /// Whether the row counts this pair.
    #[inline]
    pub(crate) fn has(&self, mentee: u32, mentor: u32) -> bool {
        self.row.pair(mentee, mentor, None) > 0
    }

    /// How many of the chosen pairs the row counts.
    pub(crate) fn count(&self, chosen: &[Chosen]) -> u32 {
        let members = chosen
            .iter()
            .filter(|pair| self.has(pair.mentee, pair.mentor));
        members.count() as u32
    }
}

/// What the weights of pairs are lowered by while a proof looks at them: the prices of side rows, and what
/// a tree has decided of single pairs.
#[derive(Debug, Clone, Default)]
pub(crate) struct Discounts<'p> {
    /// The rows.
    pub(crate) rows: &'p [SideRow],
    /// A price a row, 0 or more.
    pub(crate) prices: Vec<i128>,
    /// What else a pair's weight is lowered by.
    pub(crate) pairs: HashMap<(u32, u32), i128>,
}

impl Discounts<'_> {
    #[inline]
    pub(crate) fn of(&self, mentee: u32, mentor: u32) -> i128 {
        let rows = self.rows.iter().zip(&self.prices);
        let prices: i128 = rows
            .filter(|(row, price)| **price != 0 && row.has(mentee, mentor))
            .map(|(_, price)| price)
            .sum();
        match self.pairs.is_empty() {
            true => prices,
            false => prices + self.pairs.get(&(mentee, mentor)).copied().unwrap_or(0),
        }
    }
}
