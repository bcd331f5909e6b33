//! Deferred acceptance: one side asks, the other holds on to the best who have asked so far.
//!
//! It ends with the stable match that is best for everybody on the side that asks, whatever the order of asking. A
//! person's candidates are fetched a few at a time, the best first, and only those who would not refuse by then:
//! whoever holds better people never goes back to worse ones.

use std::collections::BinaryHeap;

use rayon::prelude::*;

use super::market::{Candidate, Market, Rank, other};
use crate::error::Error;
use crate::interrupt::Interrupt;
use crate::program::Chosen;
use crate::roster::Role;

/// How many candidates are fetched at first; twice as many every further time.
const FETCHED: usize = 32;

/// Looks at the interrupt once in so many steps.
const STEPS: usize = 1024;

/// The stable match that is best for the people of `asking`, by mentee.
///
/// # Errors
/// The interrupt's.
pub(super) fn acceptance(
    market: &Market,
    asking: Role,
    interrupt: &Interrupt,
) -> Result<Vec<Chosen>, Error> {
    let answering = other(asking);
    let mut held = vec![BinaryHeap::new(); market.people(answering)];
    let room = &market.room[answering as usize];
    let mut free = market.room[asking as usize].clone();
    let fetch = |person: u32, asked: &mut Asked, held: &[BinaryHeap<Held>]| {
        if free_of(market, asking, person) {
            asked.fetch(market, asking, person, held);
        }
    };
    let mut asked = vec![Asked::default(); market.people(asking)];
    asked
        .par_iter_mut()
        .enumerate()
        .for_each(|(person, asked)| fetch(person as u32, asked, &held));
    let mut waiting: Vec<u32> = (0..asked.len() as u32).rev().collect();
    let mut steps = 0;
    while let Some(person) = waiting.pop() {
        let ix = person as usize;
        while free[ix] > 0 {
            steps += 1;
            if steps % STEPS == 0 {
                interrupt.check()?;
            }
            let Some(candidate) = asked[ix].next.pop() else {
                if asked[ix].all {
                    break;
                }
                fetch(person, &mut asked[ix], &held);
                continue;
            };
            let who = candidate.who as usize;
            if room[who] == 0 {
                continue;
            }
            held[who].push(Held {
                rank: candidate.returned,
                by: person,
                score: candidate.score,
            });
            free[ix] -= 1;
            if held[who].len() > room[who] as usize
                && let Some(refused) = held[who].pop()
            {
                free[refused.by as usize] += 1;
                if refused.by != person {
                    waiting.push(refused.by);
                }
            }
        }
    }
    Ok(matched(asking, &held))
}

fn free_of(market: &Market, role: Role, person: u32) -> bool {
    market.room[role as usize][person as usize] > 0
}

/// Somebody who is held on to; the greatest is the least wanted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Held {
    rank: Rank,
    by: u32,
    score: i64,
}

/// How far down the candidates a person has come.
#[derive(Debug, Clone, Default)]
struct Asked {
    /// Who is asked next, the best last.
    next: Vec<Candidate>,
    /// The last who was fetched.
    last: Option<Rank>,
    /// Whether nobody is left beyond them.
    all: bool,
    times: u32,
}

impl Asked {
    fn fetch(&mut self, market: &Market, role: Role, person: u32, held: &[BinaryHeap<Held>]) {
        let room = &market.room[other(role) as usize];
        let mut found = Vec::new();
        market.each(role, person, |candidate| {
            let (who, last) = (candidate.who as usize, self.last);
            let has_better = || {
                let worst = held[who].peek();
                held[who].len() >= room[who] as usize
                    && worst.is_none_or(|worst| worst.rank < candidate.returned)
            };
            if last.is_none_or(|last| candidate.rank > last) && !has_better() {
                found.push(candidate);
            }
        });
        let wanted = FETCHED << self.times.min(20);
        self.times += 1;
        self.all = found.len() <= wanted;
        if !self.all {
            found.select_nth_unstable_by_key(wanted - 1, |candidate| candidate.rank);
            found.truncate(wanted);
        }
        found.sort_unstable_by_key(|candidate| std::cmp::Reverse(candidate.rank));
        found.shrink_to_fit();
        self.last = found.first().map(|candidate| candidate.rank).or(self.last);
        self.next = found;
    }
}

/// The pairs that are held, by mentee.
fn matched(asking: Role, held: &[BinaryHeap<Held>]) -> Vec<Chosen> {
    let pairs = (0u32..).zip(held).flat_map(|(who, held)| {
        held.iter().map(move |held| {
            let (mentee, mentor) = match asking {
                Role::Mentee => (held.by, who),
                Role::Mentor => (who, held.by),
            };
            Chosen {
                mentee,
                mentor,
                score: held.score,
            }
        })
    });
    let mut pairs: Vec<Chosen> = pairs.collect();
    pairs.sort_unstable_by_key(|pair| (pair.mentee, pair.mentor));
    pairs
}
