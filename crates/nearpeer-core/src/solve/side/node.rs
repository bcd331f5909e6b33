//! Nodes of the proof tree, and matches as pieces of the bound.

use std::collections::HashMap;

use crate::certificate::Prices;
use crate::program::{Chosen, IntegerProgram};

/// What has been decided of a pair in the tree.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Fixed {
    LeftOut,
    Chosen,
}

/// What has been decided of a level that counts covered mentees.
#[derive(Debug, Clone, Copy)]
pub(super) struct Bounded {
    /// Where the level stands among the levels.
    pub(super) place: usize,
    pub(super) value: i64,
    /// Whether the value is the least, or else the greatest.
    pub(super) at_least: bool,
}

impl Bounded {
    /// How much room a match leaves.
    pub(super) fn room(self, line: &Line) -> i128 {
        let room = i128::from(self.value) - i128::from(line.levels[self.place]);
        if self.at_least { -room } else { room }
    }

    /// What a price of this adds to the level's weight, and what to the bound for each unit of `value`.
    pub(super) fn signed(self, price: i128) -> (i128, i128) {
        if self.at_least {
            (price, -price)
        } else {
            (-price, price)
        }
    }
}

/// What has been decided on the way to a node.
#[derive(Debug, Clone, Default)]
pub(super) struct Decided {
    pub(super) pairs: HashMap<(u32, u32), Fixed>,
    /// In the order in which they were decided. They have prices as the side rows have, and come after them.
    pub(super) levels: Vec<Bounded>,
}

impl Decided {
    pub(super) fn is_empty(&self) -> bool {
        self.pairs.is_empty() && self.levels.is_empty()
    }
}

/// A match seen as a piece of the bound: its value, less what the rows' prices take from it.
#[derive(Debug, Clone)]
pub(super) struct Line {
    pub(super) chosen: Vec<Chosen>,
    /// In the combined objective.
    pub(super) value: i128,
    /// The value of each level.
    pub(super) levels: Vec<i64>,
    /// How many of the pairs each side row counts.
    pub(super) counts: Vec<i128>,
}

impl Line {
    pub(super) fn new(program: &IntegerProgram, chosen: Vec<Chosen>) -> Self {
        let rows = program.side.iter();
        let levels = program.values(&chosen);
        Self {
            value: program.levels.combined(&levels),
            levels,
            counts: rows.map(|row| row.count(&chosen).into()).collect(),
            chosen,
        }
    }

    pub(super) fn has(&self, pair: (u32, u32)) -> bool {
        let found = self
            .chosen
            .binary_search_by_key(&pair, |chosen| (chosen.mentee, chosen.mentor));
        found.is_ok()
    }
}

/// What the network says at some prices of the rows.
pub(super) struct Point {
    pub(super) prices: Prices,
    /// The prices of the side rows, then of the levels that are decided.
    pub(super) rows: Vec<i128>,
    /// No match of the node has a greater combined objective, in units of `1 / unit`.
    pub(super) bound: i128,
    /// A match that is best at these prices.
    pub(super) line: Line,
}

/// A node that is still to be looked at.
pub(super) struct Open {
    pub(super) node: usize,
    pub(super) decided: Decided,
    /// Prices of the rows to start from.
    pub(super) start: Vec<i128>,
}
