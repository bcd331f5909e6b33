//! New weights for columns that are there already.

use super::Network;

impl Network {
    /// Adds `change` to the weight of every column, and raises the price of each mentee to what the best of
    /// its columns then asks; [`route`](Self::route) makes the circulation optimal again.
    pub(in crate::solve) fn reweigh(&mut self, change: impl Fn(u32, u32) -> i128) {
        for mentee in 0..self.mentees {
            let node = self.mentee(mentee);
            let mut price = self.potential[node];
            let mut changed = false;
            for position in 0..self.columns[mentee].len() {
                let (mentor, id) = self.columns[mentee][position];
                let by = change(mentee as u32, mentor);
                if by == 0 {
                    continue;
                }
                changed = true;
                let arc = &mut self.arcs[id as usize];
                arc.profit += by;
                if arc.flow == 0 {
                    price = price.max(arc.profit + self.potential[arc.to as usize]);
                }
            }
            if changed {
                self.potential[node] = price;
                for position in 0..self.at[node].len() {
                    self.settle(self.at[node][position]);
                }
            }
        }
    }
}
