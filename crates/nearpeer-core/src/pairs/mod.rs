//! The seam between people and the integer program: every eligible pair and its score, row by row. Rows
//! are streamed, and nothing behind this trait may assume that all pairs are stored.

mod above;
mod blocks;
mod classes;
mod kept;
mod lanes;
mod part;
mod roster;
mod tables;

use std::borrow::Cow;

pub(crate) use above::Above;
pub(crate) use classes::Reads;
pub(crate) use kept::Kept;
pub(crate) use part::Part;
pub(crate) use roster::RosterPairs;

use crate::roster::Role;

/// A source of eligible pairs with integer scores.
pub(crate) trait Pairs: Sync {
    /// How many mentees there are.
    fn mentees(&self) -> usize;

    /// How many mentors there are.
    fn mentors(&self) -> usize;

    /// Replaces `row` by the mentors who may be paired with `mentee`, with the pairs' scores, in an order that
    /// depends on nothing but the roster.
    fn row(&self, mentee: usize, row: &mut Vec<(u32, i64)>);

    /// The score of the pair, or `None` if it is not eligible.
    fn score(&self, mentee: usize, mentor: u32) -> Option<i64>;

    /// The least and the greatest score that a pair can have.
    fn score_range(&self) -> (i64, i64);

    /// The people of one side who may have pairs at all, in the order in which a pass over them is fastest.
    fn order(&self, role: Role) -> Cow<'_, [u32]> {
        let people = match role {
            Role::Mentee => self.mentees(),
            Role::Mentor => self.mentors(),
        };
        (0..people as u32).collect()
    }

    /// A pass over the people of one side, which looks for their pairs that are worth more than the prices of the
    /// other side. There is one for mentees; `None` for mentors if it would be no faster than one over everybody.
    fn sweep<'s>(&'s self, role: Role, prices: &'s [i64]) -> Option<Box<dyn Sweep + 's>>;

    /// Whether a pass over a single mentee, at prices of its own, costs no more than its part of one over all.
    fn has_single_rows(&self) -> bool {
        false
    }

    /// Whether to score a pair takes no longer than a few looks at a number, so that all of them may be scored.
    fn is_scored_quickly(&self) -> bool {
        false
    }

    /// Groups of people between whom there are no pairs, as far as that is known without looking at pairs;
    /// none if it is not known.
    fn parts(&self) -> Vec<Part<'_>> {
        self.linked_parts(&[Vec::new(), Vec::new()])
    }

    /// The same, where people with the same link, by mentees and mentors, belong together for other reasons.
    fn linked_parts(&self, _links: &[Vec<Option<u32>>; 2]) -> Vec<Part<'_>> {
        Vec::new()
    }
}

/// A pass over the pairs that beat prices.
pub(crate) trait Sweep: Sync {
    /// Calls `visit` with every partner, and the score, of the person's eligible pairs whose score is more than `floor` and
    /// the partner's price together. `visit` answers with the floor for the rest of the person's pairs, which
    /// must not be lower. Floors and prices are within ± 2^60.
    fn row(&self, person: usize, floor: i64, visit: &mut dyn FnMut(u32, i64) -> i64);

    /// A floor for [`row`](Self::row), `lowest` or higher, that at least `most` of the person's pairs beat if as many beat
    /// `lowest`. It is higher only where that is known sooner than pairs can be visited.
    fn floor(&self, _person: usize, lowest: i64, _most: usize) -> i64 {
        lowest
    }
}
