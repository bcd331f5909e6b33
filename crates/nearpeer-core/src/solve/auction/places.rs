//! The places of one mentor, each with a price of its own.

use std::cmp::Reverse;
use std::collections::BinaryHeap;

/// Who has places, and at what prices. Those that are free have the price that the round started from.
pub(super) struct Places {
    most: usize,
    free: i64,
    taken: BinaryHeap<Reverse<(i64, u32)>>,
}

impl Places {
    pub(super) fn new(most: u32) -> Self {
        Self {
            most: most as usize,
            free: 0,
            taken: BinaryHeap::new(),
        }
    }

    /// Whether there are any at all.
    pub(super) fn any(&self) -> bool {
        self.most > 0
    }

    /// Frees all places, at this price.
    pub(super) fn clear(&mut self, price: i64) {
        self.taken.clear();
        self.free = price;
    }

    /// The price of the cheapest place.
    pub(super) fn price(&self) -> i64 {
        if self.taken.len() < self.most {
            return self.free;
        }
        self.taken
            .peek()
            .map_or(self.free, |Reverse((price, _))| *price)
    }

    /// The price of the second cheapest place, if there is one.
    pub(super) fn second(&self) -> Option<i64> {
        let taken = self.taken.as_slice();
        match self.most - taken.len() {
            0 => {
                // The root's children.
                let children = taken.iter().skip(1).take(2);
                children.map(|Reverse((price, _))| *price).min()
            }
            1 => self.taken.peek().map(|Reverse((price, _))| *price),
            _ => Some(self.free),
        }
    }

    /// Gives the cheapest place to `mentee`, at `price` from now on; and who had it before.
    pub(super) fn give(&mut self, mentee: u32, price: i64) -> Option<u32> {
        if self.taken.len() < self.most {
            self.taken.push(Reverse((price, mentee)));
            return None;
        }
        let mut cheapest = self.taken.peek_mut()?;
        let Reverse((_, before)) = *cheapest;
        *cheapest = Reverse((price, mentee));
        Some(before)
    }
}
