//! The best circle of one mentor of 'none or at least k', from offers that come one by one.

use std::cmp::Reverse;
use std::collections::BinaryHeap;

/// The offers that a mentor's best circle could be made of: the `least` best ones, and beyond those only
/// such as add something, up to `most` in all. What is kept does not depend on the order of the offers.
#[derive(Debug, Clone)]
pub(super) struct Circle<N> {
    least: usize,
    most: usize,
    /// The worst on top.
    kept: BinaryHeap<Reverse<N>>,
}

impl<N: Copy + Ord + From<i8> + Into<i128>> Circle<N> {
    /// A circle of none or `least` to `most` mentees.
    pub(super) fn new(least: u32, most: u32) -> Self {
        Self {
            least: least as usize,
            most: most as usize,
            kept: BinaryHeap::new(),
        }
    }

    /// What an offer must be worth, at the least, to be kept; `None` where any will do.
    pub(super) fn hurdle(&self) -> Option<N> {
        let Reverse(worst) = *self.kept.peek()?;
        if self.kept.len() < self.least {
            None
        } else if self.kept.len() < self.most {
            Some(worst.min(N::from(0)))
        } else {
            Some(worst)
        }
    }

    pub(super) fn offer(&mut self, worth: N) {
        self.kept.push(Reverse(worth));
        let size = self.kept.len();
        let needless = |worst: N| size > self.most || (size > self.least && worst <= N::from(0));
        if self.kept.peek().is_some_and(|worst| needless(worst.0)) {
            self.kept.pop();
        }
    }

    pub(super) fn merge(&mut self, other: Self) {
        for Reverse(worth) in other.kept {
            self.offer(worth);
        }
    }

    /// What the best circle is worth, none included; `None` if it is too much to be added up.
    pub(super) fn best(self) -> Option<i128> {
        let least = self.least;
        let mut best = 0;
        let mut sum = 0i128;
        // A heap gives its greatest last: of reversed offers that is the worst one.
        for (size, Reverse(worth)) in (1..).zip(self.kept.into_sorted_vec()) {
            sum = sum.checked_add(worth.into())?;
            if size >= least {
                best = best.max(sum);
            }
        }
        Some(best)
    }
}

#[cfg(test)]
mod tests {
    use proptest::collection::vec;
    use proptest::prelude::*;

    use super::*;

    proptest! {
        /// Offers in any order, split among threads in any way, against all of them sorted.
        #[test]
        fn the_best_circle_is_that_of_all_offers(
            offers in vec((-20i64..20, 0usize..3), 0..30),
            least in 2u32..5,
            more in 0u32..4,
        ) {
            let most = least + more;
            let mut parts = vec![Circle::<i64>::new(least, most); 3];
            for &(worth, part) in &offers {
                let hurdle = parts[part].hurdle();
                if hurdle.is_none_or(|hurdle| worth >= hurdle) {
                    parts[part].offer(worth);
                }
            }
            let mut whole = Circle::new(least, most);
            parts.into_iter().for_each(|part| whole.merge(part));
            prop_assert!(whole.kept.len() <= most as usize);

            let mut all: Vec<i64> = offers.iter().map(|(worth, _)| *worth).collect();
            all.sort_unstable_by_key(|worth| Reverse(*worth));
            let circles = (least as usize..=most as usize).filter(|size| *size <= all.len());
            let best = circles.map(|size| all[..size].iter().sum::<i64>()).max();
            prop_assert_eq!(whole.best(), Some(i128::from(best.unwrap_or(0).max(0))));
        }
    }
}
