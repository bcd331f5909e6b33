//! Blocking pairs: two people who may be paired, are not, and would both rather be, each in a free place or in that of
//! somebody whom they have.

use rayon::prelude::*;

use super::market::{Candidate, Market, Rank};
use crate::error::Error;
use crate::interrupt::Interrupt;
use crate::program::Chosen;
use crate::progress::Phase;
use crate::roster::Role;

/// Two people who are not paired and would both rather be.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BlockingPair {
    /// The mentee's id.
    pub mentee: String,
    /// The mentor's id.
    pub mentor: String,
    /// The mentor's place among all whom the mentee may have, the most wanted being 1.
    pub mentee_rank: u32,
    /// The mentee's place among all whom the mentor may have.
    pub mentor_rank: u32,
}

/// A blocking pair by number, with both ranks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Blocking {
    pub(crate) mentee: u32,
    pub(crate) mentor: u32,
    pub(crate) ranks: [u32; 2],
}

/// Beyond everybody: of a free place.
const ANYBODY: Rank = (u32::MAX, i64::MAX, u32::MAX);

/// Nobody is wanted more: without any place.
const NOBODY: Rank = (0, i64::MIN, 0);

/// Whom each person of a side would let go first: a free place, or the least wanted partner. One whom the person
/// refuses is let go for anybody.
pub(super) fn thresholds(market: &Market, role: Role, chosen: &[Chosen]) -> Vec<Rank> {
    let room = &market.room[role as usize];
    let mut loads = vec![0; room.len()];
    let mut least = vec![NOBODY; room.len()];
    for pair in chosen {
        let (person, other) = match role {
            Role::Mentee => (pair.mentee, pair.mentor),
            Role::Mentor => (pair.mentor, pair.mentee),
        };
        let rank = market.rank(role, person, other, pair.score);
        let least = &mut least[person as usize];
        *least = (*least).max(rank.unwrap_or(ANYBODY));
        loads[person as usize] += 1;
    }
    for ((least, load), room) in least.iter_mut().zip(&loads).zip(room) {
        if load < room {
            *least = ANYBODY;
        }
    }
    least
}

/// Calls `visit` with each mentee and the candidates with whom they block, and all candidates, over all threads.
pub(super) fn each_blocking<T: Send>(
    market: &Market,
    chosen: &[Chosen],
    interrupt: &Interrupt,
    visit: impl Fn(u32, &mut Vec<Candidate>, &[Candidate]) -> Vec<T> + Sync,
) -> Result<Vec<T>, Error> {
    let [mentees, mentors] =
        [Role::Mentee, Role::Mentor].map(|role| thresholds(market, role, chosen));
    let walk = interrupt.walk(Phase::Explain, mentees.len());
    let of_mentee = |(all, blocking): &mut (Vec<Candidate>, Vec<Candidate>), mentee: usize| {
        if mentees[mentee] == NOBODY || !walk.goes_on(mentee) {
            return Vec::new();
        }
        all.clear();
        blocking.clear();
        market.each(Role::Mentee, mentee as u32, |candidate| {
            all.push(candidate);
            let both = candidate.rank < mentees[mentee]
                && candidate.returned < mentors[candidate.who as usize];
            if both {
                blocking.push(candidate);
            }
        });
        if blocking.is_empty() {
            return Vec::new();
        }
        let own = chosen.partition_point(|pair| (pair.mentee as usize) < mentee);
        let own = chosen[own..].iter();
        let own: Vec<u32> = own
            .take_while(|pair| pair.mentee as usize == mentee)
            .map(|pair| pair.mentor)
            .collect();
        // A pair that is there does not block, however low its ranks.
        blocking.retain(|candidate| !own.contains(&candidate.who));
        visit(mentee as u32, blocking, all)
    };
    let found = (0..mentees.len())
        .into_par_iter()
        .map_init(Default::default, of_mentee)
        .flatten_iter()
        .collect();
    walk.end()?;
    Ok(found)
}

/// Every blocking pair of a match, by mentee and then mentor. `chosen` is by mentee.
///
/// # Errors
/// The interrupt's.
pub(crate) fn blocking_pairs(
    market: &Market,
    chosen: &[Chosen],
    interrupt: &Interrupt,
) -> Result<Vec<Blocking>, Error> {
    let mut found = each_blocking(market, chosen, interrupt, |mentee, blocking, all| {
        let ranks = Places::new(all);
        blocking.sort_unstable_by_key(|candidate| candidate.who);
        let pair = |candidate: &Candidate| {
            let ranks = [ranks.of(candidate.rank), 0];
            let blocking = Blocking {
                mentee,
                mentor: candidate.who,
                ranks,
            };
            (blocking, candidate.returned)
        };
        blocking.iter().map(pair).collect()
    })?;
    // The ranks that mentors give, one row a mentor who needs it.
    let mut by_mentor: Vec<usize> = (0..found.len()).collect();
    by_mentor.sort_by_key(|ix| found[*ix].0.mentor);
    let groups: Vec<&[usize]> = by_mentor
        .chunk_by(|a, b| found[*a].0.mentor == found[*b].0.mentor)
        .collect();
    let walk = interrupt.walk(Phase::Explain, groups.len());
    let ranks: Vec<u32> = groups
        .par_iter()
        .enumerate()
        .flat_map_iter(|(place, group)| {
            let mut all = Vec::new();
            if walk.goes_on(place) {
                let mentor = found[group[0]].0.mentor;
                market.each(Role::Mentor, mentor, |candidate| all.push(candidate));
            }
            let places = Places::new(&all);
            let rank = |ix: &usize| places.of(found[*ix].1);
            group.iter().map(rank).collect::<Vec<u32>>()
        })
        .collect();
    walk.end()?;
    for (ix, rank) in by_mentor.into_iter().zip(ranks) {
        found[ix].0.ranks[1] = rank;
    }
    Ok(found.into_iter().map(|(blocking, _)| blocking).collect())
}

/// The ranks of a person's candidates in order.
struct Places(Vec<Rank>);

impl Places {
    fn new(all: &[Candidate]) -> Self {
        let mut ranks: Vec<Rank> = all.iter().map(|candidate| candidate.rank).collect();
        ranks.sort_unstable();
        Self(ranks)
    }

    /// Counted from 1.
    fn of(&self, rank: Rank) -> u32 {
        self.0.partition_point(|other| *other < rank) as u32 + 1
    }
}
