//! One mentee of an auction, and the candidates among whom it chooses.

use super::places::Places;
use crate::pairs::Sweep;
use crate::program::{IntegerProgram, Mentee};
use crate::solve::columns::Turn;

/// Candidates that a mentee chooses from.
const CANDIDATES: usize = 12;

/// Mentors from whom the candidates are taken, before the whole row is looked at again.
const POOL: usize = 24;

/// Beyond this, sums of prices could be out of range.
pub(super) const FAR: i64 = 1 << 60;

/// So many are compared without memory of their own.
const FEW: usize = 64;

/// (mentor, score)
type Scored = (u32, i64);

pub(super) struct Bidder {
    candidates: Vec<Scored>,
    /// What any other mentor is worth at most.
    others: i64,
    /// The best of the row when it was last looked at, in the mentee's turn.
    pool: Vec<Scored>,
    /// What any mentor outside of the pool is worth at most.
    beyond: i64,
    /// What it is worth to be without a mentor.
    alone: i64,
    /// The candidate that the mentee has bid for last.
    pub(super) taken: usize,
}

/// The best that a mentee can have.
pub(super) struct Offers {
    pub(super) best: i64,
    /// What the next best place is worth, or having none.
    pub(super) second: i64,
    /// Whose place the best is, and where among the candidates; `None` if it is better to have none.
    pub(super) mentor: Option<usize>,
    pub(super) place: usize,
}

impl Bidder {
    pub(super) fn new(program: &IntegerProgram, mentee: &Mentee) -> Self {
        let alone = if mentee.max == 0 {
            FAR
        } else {
            let promised = if mentee.min > 0 {
                program.levels.obligation()
            } else {
                0
            };
            -((program.levels.coverage(mentee.tier) + promised) as i64)
        };
        Self {
            candidates: Vec::new(),
            others: alone,
            pool: Vec::new(),
            beyond: alone,
            alone,
            taken: 0,
        }
    }

    /// Looks at the whole row for the best mentors, and chooses the candidates from them.
    pub(super) fn look(&mut self, mentee: usize, sweep: &dyn Sweep, prices: &[i64]) {
        if self.alone == FAR {
            return;
        }
        let lowest = sweep.floor(mentee, self.alone, POOL);
        self.pool.clear();
        sweep.row(mentee, lowest, &mut |mentor, score| {
            self.pool.push((mentor, score));
            lowest
        });
        let start = Turn::of(mentee, prices.len()).start();
        let turn = self
            .pool
            .partition_point(|(mentor, _)| u64::from(*mentor) < start);
        self.pool.rotate_left(turn);
        self.beyond = keep_best(&mut self.pool, POOL, lowest, prices);
        self.choose(prices);
    }

    /// Chooses the candidates anew. The one that was bid for last stays one.
    fn choose(&mut self, prices: &[i64]) {
        let kept = self.candidates.get(self.taken).copied();
        self.candidates.clone_from(&self.pool);
        self.others = keep_best(&mut self.candidates, CANDIDATES, self.beyond, prices);
        self.taken = 0;
        if let Some(kept) = kept {
            self.taken = self
                .candidates
                .iter()
                .position(|it| *it == kept)
                .unwrap_or_else(|| {
                    self.candidates.push(kept);
                    self.candidates.len() - 1
                });
        }
    }

    /// The best offers of all, for which the row is looked at if they may not be among the candidates.
    pub(super) fn best<'s>(
        &mut self,
        mentee: usize,
        prices: &[i64],
        mentors: &[Places],
        sweep: impl FnOnce() -> Option<Box<dyn Sweep + 's>>,
    ) -> Offers {
        let mut offers = self.offers(prices, mentors);
        if offers.second < self.others && self.beyond < self.others {
            self.choose(prices);
            offers = self.offers(prices, mentors);
        }
        if offers.second < self.others
            && let Some(sweep) = sweep()
        {
            self.look(mentee, &*sweep, prices);
            offers = self.offers(prices, mentors);
        }
        offers
    }

    /// The best and the second best of the candidates.
    fn offers(&self, prices: &[i64], mentors: &[Places]) -> Offers {
        let (mut best, mut second, mut place) = (self.alone, self.alone, usize::MAX);
        // Without a branch: which one is better cannot be foretold.
        for (ix, &(mentor, score)) in self.candidates.iter().enumerate() {
            let worth = score - prices[mentor as usize];
            second = second.max(worth.min(best));
            place = if worth > best { ix } else { place };
            best = best.max(worth);
        }
        let mentor = self
            .candidates
            .get(place)
            .map(|(mentor, _)| *mentor as usize);
        let mut found = Offers {
            best,
            second,
            mentor,
            place,
        };
        if let Some(mentor) = found.mentor
            && let Some(price) = mentors[mentor].second()
        {
            found.second = found.second.max(self.candidates[found.place].1 - price);
        }
        found
    }

    /// All prices may have fallen, by no more than `most`.
    pub(super) fn prices_fell(&mut self, most: i64) {
        self.others += most;
        self.beyond += most;
    }

    /// By how much the best candidate is better than the last; `None` if there are few.
    pub(super) fn spread(&self, prices: &[i64]) -> Option<i64> {
        let worths = self
            .candidates
            .iter()
            .map(|(mentor, score)| score - prices[*mentor as usize]);
        let (least, most) = worths.fold((FAR, -FAR), |(least, most), worth| {
            (least.min(worth), most.max(worth))
        });
        (self.candidates.len() >= CANDIDATES).then_some(most - least)
    }

    /// (mentor, score) of whoever may matter.
    pub(super) fn candidates(&self) -> impl Iterator<Item = Scored> {
        self.candidates.iter().copied()
    }
}

/// Keeps the `most` that are worth the most, of equals the first ones, in the order that they have; gives what any other
/// is worth at most, which is `lowest` if all are kept.
fn keep_best(all: &mut Vec<Scored>, most: usize, lowest: i64, prices: &[i64]) -> i64 {
    if all.len() <= most {
        return lowest;
    }
    let worth = |(mentor, score): &Scored| score - prices[*mentor as usize];
    let mut few = [0; FEW];
    let mut many = Vec::new();
    let worths = if let Some(few) = few.get_mut(..all.len()) {
        few.iter_mut()
            .zip(&*all)
            .for_each(|(to, it)| *to = worth(it));
        few
    } else {
        many.extend(all.iter().map(worth));
        &mut many[..]
    };
    let (better, least, _) = worths.select_nth_unstable_by(most - 1, |a, b| b.cmp(a));
    let least = *least;
    let mut equals = most - better.iter().filter(|worth| **worth > least).count();
    all.retain(|it| {
        let worth = worth(it);
        let is_equal = worth == least && equals > 0;
        equals -= usize::from(is_equal);
        worth > least || is_equal
    });
    least
}
