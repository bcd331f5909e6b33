//! Scores by interests, worked out once for all that the criteria on classes can give.

use std::collections::HashMap;

use super::roster::RosterPairs;

/// Scores up to which there are tables: 2 MiB.
const MOST: usize = 1 << 18;

/// What pairs are worth at most, by how many interests the two have together, each counted, and how many they share.
type Table = Vec<Vec<i64>>;

/// A table for everything that the criteria on classes give; none if they would be too many.
#[derive(Debug, Default)]
pub(super) struct Tables(HashMap<u64, Table>);

impl Tables {
    pub(super) fn new(pairs: &RosterPairs, points: impl Iterator<Item = u64>) -> Self {
        let mut tables = HashMap::new();
        let Some(overlap) = pairs.scoring.overlap() else {
            return Self::default();
        };
        let size: usize = overlap.steps.iter().map(Vec::len).sum();
        for points in points {
            tables.entry(points).or_insert_with(|| {
                let of_sum = |steps: &Vec<u64>| pairs.scores(points, steps).collect();
                overlap.steps.iter().map(of_sum).collect()
            });
            if tables.len() * size > MOST {
                return Self::default();
            }
        }
        Self(tables)
    }

    /// The table for what the criteria on classes give.
    pub(super) fn of(&self, points: u64) -> Option<&Table> {
        self.0.get(&points)
    }
}
