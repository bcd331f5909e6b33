//! Rotations: the steps that lead from the stable match that is best for mentees to the one that is best for mentors.
//!
//! In a rotation mentees e_1, ..., e_r move down their lists at once, each to the mentor of the next: the first on
//! e_i's list after their own who would rather have e_i than the least wanted mentee that they have, who is
//! e_(i+1). Every stable match is what a set of rotations leads to that holds with each of them all that must come before it,
//! and each such set leads to one (Irving and Leather, 1986; for mentors with more places than one see Gusfield and
//! Irving, *The stable marriage problem*, 1989, section 1.6.5).

use std::collections::BTreeSet;

use rayon::prelude::*;

use super::market::{Candidate, Market, Rank};
use crate::error::Error;
use crate::interrupt::Interrupt;
use crate::program::Chosen;
use crate::roster::Role;

/// A mentor on a mentee's list.
#[derive(Debug, Clone, Copy)]
pub(super) struct Place {
    pub(super) mentor: u32,
    pub(super) score: i64,
    /// How much the mentor wants the mentee.
    returned: Rank,
}

/// What a rotation does to one mentee.
#[derive(Debug, Clone, Copy)]
pub(super) struct Move {
    pub(super) mentee: u32,
    pub(super) from: Place,
    pub(super) to: Place,
}

#[derive(Debug)]
pub(super) struct Rotation {
    /// By mentee.
    pub(super) moves: Vec<Move>,
    /// Rotations that must come before, ascending; all that must follow from these.
    pub(super) after: Vec<usize>,
}

/// All rotations, each behind those that must come before it.
#[derive(Debug)]
pub(super) struct Rotations {
    pub(super) all: Vec<Rotation>,
}

impl Rotations {
    /// The rotations between the best match for mentees, `first`, and the best for mentors, `last`.
    ///
    /// # Errors
    /// The interrupt's.
    pub(super) fn between(
        market: &Market,
        first: &[Chosen],
        last: &[Chosen],
        interrupt: &Interrupt,
    ) -> Result<Self, Error> {
        let mut table = Table::new(market, first, last);
        let mut all: Vec<Rotation> = Vec::new();
        let mut path: Vec<usize> = Vec::new();
        let mut on_path = vec![false; table.lists.len()];
        for start in 0..table.lists.len() {
            loop {
                interrupt.check()?;
                let row = match path.last() {
                    Some(row) => *row,
                    None if table.is_done(start) => break,
                    None => {
                        path.push(start);
                        on_path[start] = true;
                        start
                    }
                };
                let next = table.next(row);
                if !on_path[next] {
                    on_path[next] = true;
                    path.push(next);
                    continue;
                }
                let begin = path.iter().rposition(|row| *row == next).unwrap_or(0);
                let cycle = path.split_off(begin);
                for row in &cycle {
                    on_path[*row] = false;
                }
                let rotation = table.eliminate(&cycle, all.len());
                all.push(rotation);
            }
        }
        Ok(Self { all })
    }
}

/// The mentees who have another mentor in `first` than in `last`, and where they stand.
struct Table {
    mentees: Vec<u32>,
    /// From the mentor in `first` to the one in `last`, without those who never come to want the mentee.
    lists: Vec<Vec<Place>>,
    /// Where on the list each mentee is.
    at: Vec<usize>,
    /// Where the next place is looked for.
    ahead: Vec<usize>,
    /// The rotation that moved the mentee last.
    moved: Vec<Option<usize>>,
    /// The mentees of each mentor, as far as they are in the table.
    held: Vec<BTreeSet<(Rank, usize)>>,
    /// The rotations that changed each mentor, with the least wanted mentee's rank after it.
    worst: Vec<Vec<(usize, Rank)>>,
}

impl Table {
    fn new(market: &Market, first: &[Chosen], last: &[Chosen]) -> Self {
        // The same mentees are matched in all stable matches.
        let pairs = first.iter().zip(last);
        let moving: Vec<(&Chosen, &Chosen)> = pairs.filter(|(a, b)| a.mentor != b.mentor).collect();
        let mentors = market.people(Role::Mentor);
        let rank = |pair: &Chosen, role| match role {
            Role::Mentee => market.rank(role, pair.mentee, pair.mentor, pair.score),
            Role::Mentor => market.rank(role, pair.mentor, pair.mentee, pair.score),
        };
        let mut worst_first = vec![None; mentors];
        for pair in first {
            let worst: &mut Option<Rank> = &mut worst_first[pair.mentor as usize];
            *worst = (*worst).max(rank(pair, Role::Mentor));
        }
        let list = |(from, to): &(&Chosen, &Chosen)| {
            let (best, least) = (rank(from, Role::Mentee), rank(to, Role::Mentee));
            let mut list: Vec<Candidate> = Vec::new();
            market.each(Role::Mentee, from.mentee, |candidate| {
                let between = Some(candidate.rank) >= best && Some(candidate.rank) <= least;
                let comes_to_want = Some(candidate.returned) < worst_first[candidate.who as usize];
                if between && (comes_to_want || candidate.who == from.mentor) {
                    list.push(candidate);
                }
            });
            list.sort_unstable_by_key(|candidate| candidate.rank);
            let place = |candidate: Candidate| Place {
                mentor: candidate.who,
                score: candidate.score,
                returned: candidate.returned,
            };
            list.into_iter().map(place).collect::<Vec<Place>>()
        };
        let lists: Vec<Vec<Place>> = moving.par_iter().map(list).collect();
        let mut held = vec![BTreeSet::new(); mentors];
        for (row, list) in lists.iter().enumerate() {
            held[list[0].mentor as usize].insert((list[0].returned, row));
        }
        Self {
            mentees: moving.iter().map(|(from, _)| from.mentee).collect(),
            at: vec![0; lists.len()],
            ahead: vec![1; lists.len()],
            moved: vec![None; lists.len()],
            worst: vec![Vec::new(); mentors],
            held,
            lists,
        }
    }

    /// Whether the mentee has come to the end.
    fn is_done(&self, row: usize) -> bool {
        self.at[row] + 1 == self.lists[row].len()
    }

    /// The mentee whom the mentor gives up for this one if they move on.
    fn next(&mut self, row: usize) -> usize {
        loop {
            let place = self.lists[row][self.ahead[row]];
            let held = &self.held[place.mentor as usize];
            match held.last() {
                Some((rank, other)) if *rank > place.returned => return *other,
                _ => self.ahead[row] += 1,
            }
        }
    }

    /// Moves every mentee of the cycle to the mentor of the next.
    fn eliminate(&mut self, cycle: &[usize], number: usize) -> Rotation {
        let mut after = BTreeSet::new();
        let mut moves = Vec::with_capacity(cycle.len());
        for &row in cycle {
            let (at, to) = (self.at[row], self.ahead[row]);
            let list = &self.lists[row];
            moves.push(Move {
                mentee: self.mentees[row],
                from: list[at],
                to: list[to],
            });
            after.extend(self.moved[row]);
            // Those who were passed over came to have better mentees than this one by an earlier rotation.
            for place in &list[at + 1..to] {
                let history = &self.worst[place.mentor as usize];
                let since = history.partition_point(|(_, worst)| *worst > place.returned);
                after.extend(history.get(since).map(|(rotation, _)| *rotation));
            }
            // The mentor gave up those who were wanted less before.
            let history = &self.worst[list[at].mentor as usize];
            after.extend(history.last().map(|(rotation, _)| *rotation));
        }
        for &row in cycle {
            let (from, to) = (
                self.lists[row][self.at[row]],
                self.lists[row][self.ahead[row]],
            );
            self.held[from.mentor as usize].remove(&(from.returned, row));
            self.held[to.mentor as usize].insert((to.returned, row));
            self.at[row] = self.ahead[row];
            self.ahead[row] += 1;
            self.moved[row] = Some(number);
        }
        for change in &moves {
            let mentor = change.from.mentor as usize;
            if let Some((rank, _)) = self.held[mentor].last() {
                self.worst[mentor].push((number, *rank));
            }
        }
        moves.sort_unstable_by_key(|change| change.mentee);
        Rotation {
            moves,
            after: after.into_iter().collect(),
        }
    }
}
