//! What it would cost to match a mentee whom the best match leaves out.
//!
//! The prices `u` and `v` of a proven best match say of every pair how much it falls short of them, and the cheapest
//! change by which a mentee gets a mentor is a shortest alternating path: the mentee takes a place with a mentor, who has
//! room or gives up a mentee, who is left or takes a place with another mentor, and so on. What a place with each mentor
//! costs on its way to the end is worked out once for all, backwards from every end by Dijkstra's method; a mentee then
//! takes the cheapest of its mentors. The result is no bound but the exact difference to the best match in which the
//! mentee has a mentor. Source: Ahuja, Magnanti and Orlin, *Network Flows* (1993), ch. 9.

use std::borrow::Cow;

use super::chains::{Chains, NEVER, Proven};
use super::{Found, MatchCost};
use crate::assess::NOBODY;
use crate::certificate::{Level, ProofNode, Status};
use crate::error::Error;
use crate::interrupt::Interrupt;
use crate::program::IntegerProgram;
use crate::roster::{Role, Roster};
use crate::units::Micropoints;

/// What a place with each mentor costs, beside the match that it is about.
pub(super) struct Contest<'a> {
    proven: Proven<'a>,
    chains: Chains,
}

impl<'a> Contest<'a> {
    /// `None` unless only loads bind and the match is proven best by one set of prices.
    ///
    /// # Errors
    /// The interrupt's.
    pub(super) fn new(
        program: &'a IntegerProgram<'a>,
        found: &Found<'a>,
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
        Ok(Some(Self {
            proven: Proven::new(program, Cow::Borrowed(prices), found.chosen),
            chains: Chains::find(program, prices, found.chosen, interrupt)?,
        }))
    }

    /// What it costs to match a mentee who is left and may have these mentors, at these scores; `None` if nobody could be
    /// given up for this mentee.
    pub(super) fn cost(&self, roster: &Roster, row: &[(u32, i64)], ix: usize) -> Option<MatchCost> {
        let Self { proven, chains } = self;
        let mentee = ix as u32;
        let way = |&(mentor, score): &(u32, i64)| {
            let cost = chains.cost[1][mentor as usize];
            let way = cost.checked_add(proven.shortfall(mentee, mentor, score));
            way.filter(|_| cost != NEVER)
                .map(|cost| (cost, mentor, score))
        };
        let (_, mentor, mut gained) = row.iter().filter_map(way).min()?;
        // Follow the chain, and add up what its pairs are worth.
        let (mut breaks, mut lost, mut at) = (false, 0, mentor);
        let displaced = loop {
            let mentee = chains.gives_up[at as usize];
            if mentee == NOBODY {
                break None;
            }
            lost += proven.chosen_score(mentee, at)?;
            breaks |= proven.program.requires(mentee, at);
            let next = chains.moves_to[mentee as usize];
            if next == NOBODY {
                break Some(mentee);
            }
            gained += proven.program.pairs.score(mentee as usize, next)?;
            at = next;
        };
        let named = |role: Role, ix: u32| roster.side(role).id(ix as usize).to_owned();
        let rival = chains.gives_up[mentor as usize];
        Some(MatchCost {
            score: Micropoints(lost - gained),
            mentor: named(Role::Mentor, mentor),
            rival: (rival != NOBODY).then(|| named(Role::Mentee, rival)),
            displaced: displaced.map(|mentee| named(Role::Mentee, mentee)),
            level: self.falls(ix, displaced, breaks),
        })
    }

    /// The first level above the score that falls if `gains` is matched and `loses` has one pair less.
    fn falls(&self, gains: usize, loses: Option<u32>, breaks: bool) -> Option<Level> {
        let Proven { program, loads, .. } = &self.proven;
        let mentees = &program.mentees;
        let loses = loses.map(|ix| (mentees[ix as usize], loads[0][ix as usize]));
        let mut levels = program.levels.iter().map(|(level, _)| level);
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
