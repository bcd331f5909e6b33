//! One mentee of an auction, and the candidates among whom it chooses.

use std::cmp::Reverse;

use super::places::Places;
use crate::pairs::Sweep;
use crate::program::{IntegerProgram, Mentee};
use crate::solve::columns::{Best, Turn};

/// Candidates that a mentee chooses from.
pub(super) const CANDIDATES: usize = 12;

/// Beyond this, sums of prices could be out of range.
pub(super) const FAR: i64 = 1 << 60;

pub(super) struct Bidder {
    /// (mentor, score)
    candidates: Vec<(u32, i64)>,
    /// What any other mentor is worth at most.
    pub(super) others: i64,
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
            alone,
            taken: 0,
        }
    }

    /// Looks at the whole row for the best candidates. The one that was bid for last stays one.
    pub(super) fn look(&mut self, mentee: usize, sweep: &dyn Sweep, prices: &[i64]) {
        if self.alone == FAR {
            return;
        }
        let kept = self.candidates.get(self.taken).copied();
        let worth = |(mentor, score): &(u32, i64)| score - prices[*mentor as usize];
        // As many are worth at least this.
        let least = self.candidates.iter().map(worth).min();
        let least = least.filter(|_| self.candidates.len() >= CANDIDATES);
        let lowest = least.map_or(self.alone, |least| self.alone.max(least - 1));
        let mut best = Best::new(CANDIDATES);
        let turn = Turn::of(mentee, prices.len());
        sweep.row(mentee, lowest, &mut |mentor, score| {
            let worth = score - prices[mentor as usize];
            let worst = best.offer((Reverse(worth), turn.of_other(mentor), mentor, score));
            // Equals are still looked at: their turn may be better.
            worst.map_or(lowest, |(Reverse(worth), ..)| lowest.max(worth - 1))
        });
        self.others = best.worst().map_or(lowest, |(Reverse(worth), ..)| worth);
        let offers = best.offers.iter();
        self.candidates = offers
            .map(|(.., mentor, score)| (*mentor, *score))
            .collect();
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

    /// The best and the second best of the candidates.
    pub(super) fn offers(&self, prices: &[i64], mentors: &[Places]) -> Offers {
        let mut found = Offers {
            best: self.alone,
            second: self.alone,
            mentor: None,
            place: 0,
        };
        for (place, &(mentor, score)) in self.candidates.iter().enumerate() {
            let mentor = mentor as usize;
            let worth = score - prices[mentor];
            if worth > found.best {
                found.second = found.best;
                (found.best, found.mentor, found.place) = (worth, Some(mentor), place);
            } else if worth > found.second {
                found.second = worth;
            }
        }
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
    pub(super) fn candidates(&self) -> impl Iterator<Item = (u32, i64)> {
        self.candidates.iter().copied()
    }
}
