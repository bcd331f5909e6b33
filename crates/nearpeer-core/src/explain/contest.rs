//! What it would cost to match a mentee whom the best match leaves out.
//!
//! The prices `u` and `v` of a proven best match say of every pair how much it falls short of them, and the cheapest
//! change by which a mentee gets a mentor is a shortest alternating path: the mentee takes a place with a mentor, who has
//! room or gives up a mentee, who is left or takes a place with another mentor, and so on. What a place with each mentor
//! costs on its way to the end is worked out once for all, backwards from every end by Dijkstra's method; a mentee then
//! takes the cheapest of its mentors. The result is no bound but the exact difference to the best match in which the
//! mentee has a mentor. Source: Ahuja, Magnanti and Orlin, *Network Flows* (1993), ch. 9.

use std::cmp::Reverse;
use std::collections::BinaryHeap;

use super::{Found, Regret};
use crate::assess::NOBODY;
use crate::certificate::{Level, Prices, ProofNode, Status};
use crate::error::Error;
use crate::interrupt::Interrupt;
use crate::program::{Chosen, IntegerProgram};
use crate::roster::{Role, Roster};
use crate::units::Micropoints;

/// Nobody can get there.
const NEVER: i128 = i128::MAX;

/// What a place with each mentor costs.
pub(super) struct Contest<'a> {
    program: &'a IntegerProgram<'a>,
    prices: &'a Prices,
    /// By mentee the chosen pairs.
    chosen: Vec<&'a [Chosen]>,
    loads: &'a [Vec<u32>; 2],
    /// By mentee what it costs if this mentee gives up a place, and by mentor what it costs to get one, beyond prices.
    cost: [Vec<i128>; 2],
    /// The mentor with whom a mentee who gives up a place gets another, or [`NOBODY`] if the mentee is left.
    moves_to: Vec<u32>,
    /// The mentee who gives up the place with a mentor, or [`NOBODY`] if the mentor has room.
    gives_up: Vec<u32>,
}

impl<'a> Contest<'a> {
    /// `None` unless only loads bind and the match is proven best by one set of prices.
    ///
    /// # Errors
    /// The interrupt's.
    pub(super) fn new(
        program: &'a IntegerProgram<'a>,
        found: &Found<'a>,
        loads: &'a [Vec<u32>; 2],
        interrupt: &Interrupt,
    ) -> Result<Option<Self>, Error> {
        let certificate = found.certificate;
        let by_loads = program.is_network() && program.side.is_empty() && !program.is_staged();
        let plain = certificate.fairness.is_none() && certificate.stability.is_none();
        let is_proven = certificate.status == Status::Optimal && certificate.denominator == 1;
        let [ProofNode::Leaf(prices)] = &certificate.nodes[..] else {
            return Ok(None);
        };
        if !(by_loads && plain && is_proven) {
            return Ok(None);
        }
        let mut chosen: Vec<&[Chosen]> = vec![&[]; program.mentees.len()];
        for pairs in found.chosen.chunk_by(|a, b| a.mentee == b.mentee) {
            chosen[pairs[0].mentee as usize] = pairs;
        }
        let mut contest = Self {
            cost: [
                vec![NEVER; program.mentees.len()],
                vec![NEVER; program.mentors.len()],
            ],
            moves_to: vec![NOBODY; program.mentees.len()],
            gives_up: vec![NOBODY; program.mentors.len()],
            program,
            prices,
            chosen,
            loads,
        };
        contest.spread(interrupt)?;
        Ok(Some(contest))
    }

    /// Works out all costs, from those with whom a change can end to all others.
    fn spread(&mut self, interrupt: &Interrupt) -> Result<(), Error> {
        let mut heap = BinaryHeap::new();
        let [mentees, mentors] = self.loads;
        for mentee in (0..mentees.len()).filter(|ix| mentees[*ix] > 0) {
            let worth = self.worth_of_mentee(mentee, mentees[mentee]);
            self.cost[0][mentee] = worth + self.prices.mentees[mentee];
            heap.push(Reverse((self.cost[0][mentee], Role::Mentee, mentee as u32)));
        }
        for (mentor, (asked, &load)) in self.program.mentors.iter().zip(mentors).enumerate() {
            if load < asked.max {
                let kept = if load < asked.min {
                    self.program.levels.obligation()
                } else {
                    0
                };
                self.cost[1][mentor] = -(kept + self.prices.mentors[mentor]);
                heap.push(Reverse((self.cost[1][mentor], Role::Mentor, mentor as u32)));
            }
        }
        // Mentees without a mentor have no place to give up.
        let is_left = |load: &u32| if *load == 0 { 1 << 50 } else { 0 };
        let asked: Vec<i64> = mentees.iter().map(is_left).collect();
        let sweep = self.program.pairs.sweep(Role::Mentor, &asked);
        let sweep = sweep.expect("people of a roster are passed over from either side");
        while let Some(Reverse((cost, role, person))) = heap.pop() {
            let ix = person as usize;
            if cost > self.cost[role as usize][ix] {
                continue;
            }
            interrupt.check()?;
            if role == Role::Mentee {
                for pair in self.chosen[ix] {
                    let mentor = pair.mentor as usize;
                    let cost = cost - self.shortfall(pair.mentee, pair.mentor, pair.score);
                    if cost < self.cost[1][mentor] {
                        self.cost[1][mentor] = cost;
                        self.gives_up[mentor] = person;
                        heap.push(Reverse((cost, Role::Mentor, pair.mentor)));
                    }
                }
                continue;
            }
            sweep.row(ix, -1, &mut |mentee, score| {
                let cost = cost + self.shortfall(mentee, person, score);
                let other = mentee as usize;
                if cost < self.cost[0][other] && self.chosen_score(mentee, person).is_none() {
                    self.cost[0][other] = cost;
                    self.moves_to[other] = person;
                    heap.push(Reverse((cost, Role::Mentee, mentee)));
                }
                -1
            });
        }
        Ok(())
    }

    /// By how much a pair falls short of its prices; what is chosen does not.
    fn shortfall(&self, mentee: u32, mentor: u32, score: i64) -> i128 {
        let asked = self.prices.mentees[mentee as usize] + self.prices.mentors[mentor as usize];
        asked - self.program.weight(mentee, mentor, score)
    }

    /// What the `number`-th pair of a mentee adds beside its own weight.
    fn worth_of_mentee(&self, ix: usize, number: u32) -> i128 {
        let (mentee, levels) = (self.program.mentees[ix], &self.program.levels);
        let kept = if number <= mentee.min {
            levels.obligation()
        } else {
            0
        };
        let covers = if number == 1 {
            levels.coverage(mentee.tier)
        } else {
            0
        };
        kept + covers
    }

    fn chosen_score(&self, mentee: u32, mentor: u32) -> Option<i64> {
        let mut pairs = self.chosen[mentee as usize].iter();
        pairs
            .find(|pair| pair.mentor == mentor)
            .map(|pair| pair.score)
    }

    /// What it costs to match a mentee who is left; `None` if nobody could be given up for this mentee.
    pub(super) fn regret(
        &self,
        roster: &Roster,
        row: &mut Vec<(u32, i64)>,
        ix: usize,
    ) -> Option<Regret> {
        let mentee = ix as u32;
        self.program.pairs.row(ix, row);
        let way = |&(mentor, score): &(u32, i64)| {
            let cost = self.cost[1][mentor as usize];
            let way = cost.checked_add(self.shortfall(mentee, mentor, score));
            way.filter(|_| cost != NEVER)
                .map(|cost| (cost, mentor, score))
        };
        let (_, mentor, mut gained) = row.iter().filter_map(way).min()?;
        // Follow the chain, and add up what its pairs are worth.
        let (mut breaks, mut lost, mut at) = (false, 0, mentor);
        let displaced = loop {
            let mentee = self.gives_up[at as usize];
            if mentee == NOBODY {
                break None;
            }
            lost += self.chosen_score(mentee, at)?;
            breaks |= self.program.requires(mentee, at);
            let next = self.moves_to[mentee as usize];
            if next == NOBODY {
                break Some(mentee);
            }
            gained += self.program.pairs.score(mentee as usize, next)?;
            at = next;
        };
        let named = |role: Role, ix: u32| roster.side(role).id(ix as usize).to_owned();
        let rival = self.gives_up[mentor as usize];
        Some(Regret {
            score: Micropoints(lost - gained),
            mentor: named(Role::Mentor, mentor),
            rival: (rival != NOBODY).then(|| named(Role::Mentee, rival)),
            displaced: displaced.map(|mentee| named(Role::Mentee, mentee)),
            level: self.falls(ix, displaced, breaks),
        })
    }

    /// The first level above the score that falls if `gains` is matched and `loses` has one pair less.
    fn falls(&self, gains: usize, loses: Option<u32>, breaks: bool) -> Option<Level> {
        let mentees = &self.program.mentees;
        let loses = loses.map(|ix| (mentees[ix as usize], self.loads[0][ix as usize]));
        let mut levels = self.program.levels.iter().map(|(level, _)| level);
        levels.find(|level| match (level, loses) {
            (Level::Obligations, Some((loses, load))) => breaks || load <= loses.min,
            (Level::Obligations, None) => breaks,
            (_, Some((loses, 1))) => {
                loses.tier.counts_for(*level) && !mentees[gains].tier.counts_for(*level)
            }
            _ => false,
        })
    }
}
