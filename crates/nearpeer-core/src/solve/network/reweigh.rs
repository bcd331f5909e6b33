//! New weights for columns and levels that are there already.

use super::{Network, Weight};
use crate::program::IntegerProgram;

impl<W: Weight> Network<W> {
    /// Adds `change` to the weight of every column. Raises the price of each mentee to what the best of its
    /// columns then asks, and lets go of chosen pairs that are not worth it; [`route`](Self::route) makes the
    /// choice optimal again.
    pub(in crate::solve) fn reweigh(&mut self, change: impl Fn(u32, u32) -> W) {
        for mentee in 0..self.mentees {
            let mut price = self.prices[mentee];
            let mut changed = false;
            for column in &mut self.columns[mentee] {
                let mentor = column.mentor();
                let by = change(mentee as u32, mentor as u32);
                changed |= !by.is_zero();
                column.weight = column.weight + by;
                if column.is_chosen() {
                    let mut has = self.chosen[mentor].iter_mut();
                    if let Some(pair) = has.find(|pair| pair.mentee as usize == mentee) {
                        pair.weight = column.weight;
                    }
                } else {
                    price = price.max(column.weight - self.prices[self.mentees + mentor]);
                }
            }
            if changed {
                self.prices[mentee] = price;
                self.unsettled.push(mentee as u32);
                self.release_unworthy(mentee);
            }
        }
    }

    /// Takes over what covering a mentee is worth in the program now. Raises the price of who is not worth a place any
    /// more, and lets go of its pairs; [`route`](Self::route) makes the choice optimal again.
    pub(in crate::solve) fn revalue(&mut self, program: &IntegerProgram) {
        for (ix, mentee) in program.mentees.iter().enumerate() {
            let first = W::narrow(program.levels.coverage(mentee.tier));
            if self.held[ix].load.revalue(first) {
                let lacks = self.keeps(ix).map_or(W::zero(), |keeps| -keeps);
                self.prices[ix] = self.prices[ix] + lacks.max(W::zero());
                self.unsettled.push(ix as u32);
                self.release_unworthy(ix);
            }
        }
    }
}
