//! The proof of a level by blocks that share mentors. The formula is in [`stages`](crate::certificate::stages).

use std::collections::{HashMap, HashSet};

use rayon::prelude::*;

use super::meetings::{Meetings, Spot};
use super::options::go_on;
use super::stages::{Part, Proving, Weights, level_bound};
use super::statement::Statement;
use super::{fault, too_large};
use crate::certificate::Level;
use crate::certificate::stages::{BlockProof, LevelPrices, LevelProof, SplitProof};
use crate::error::Error;
use crate::interrupt::StopFlag;

/// A level that is proven by blocks.
pub(super) struct Split<'a> {
    pub(super) part: &'a Part<'a>,
    pub(super) level: &'a LevelProof,
    pub(super) proof: &'a SplitProof,
    pub(super) statement: &'a Statement<'a>,
    pub(super) meetings: &'a Meetings<'a>,
}

impl Split<'_> {
    /// The bound of the level, and how many prices it took. `before` are the values of the levels before.
    pub(super) fn bound(&self, before: &[i128], stop: &StopFlag) -> Result<(i128, usize), Error> {
        self.is_divided()?;
        let (proof, part) = (self.proof, self.part.proof);
        let has_promises = self.statement.levels.iter().any(|level| level.0 == Level::Obligations);
        if has_promises || !self.statement.side.is_empty() {
            return Err(fault("a proof by blocks knows neither promises nor side rows"));
        }
        if proof.mentors.len() != part.mentors.len() || proof.held.len() != before.len() {
            return Err(fault("a proof by blocks has not a price for everybody and everything"));
        }
        in_range(proof.mentors.iter().chain(&proof.held))?;
        let mut sum = 0i128;
        for (price, mentor) in proof.mentors.iter().zip(&part.mentors) {
            let most = self.statement.mentors[mentor.get()].max;
            sum += i128::from(*price) * i128::from(most);
        }
        for (price, value) in proof.held.iter().zip(before) {
            sum -= i128::from(*price) * value;
        }
        let mut leaves = 0;
        for block in &proof.blocks {
            sum = sum.checked_add(self.of_block(block, stop)?).ok_or_else(too_large)?;
            leaves += block.prices.len();
        }
        Ok((sum.div_euclid(i128::from(self.level.denominator)), leaves))
    }

    /// Every mentee is in one block, no place is in two, and no leader can be in two.
    fn is_divided(&self) -> Result<(), Error> {
        let (part, spots) = (self.part.proof, &self.part.spots);
        let mut mentees = HashSet::new();
        let mut block_of: HashMap<Spot, usize> = HashMap::new();
        for (number, block) in self.proof.blocks.iter().enumerate() {
            for mentee in &block.mentees {
                if mentee.get() >= part.mentees.len() || !mentees.insert(mentee.get()) {
                    return Err(fault("the proof's blocks name a mentee twice, or nobody"));
                }
            }
            if block.mentors.iter().any(|mentor| mentor.get() >= part.mentors.len()) {
                return Err(fault("a block of the proof names a mentor who is not there"));
            }
            for place in &block.places {
                let spot = spots.get(*place);
                if spot.is_none_or(|spot| block_of.insert(*spot, number).is_some()) {
                    return Err(fault("the proof's blocks name a place twice, or none"));
                }
            }
        }
        if mentees.len() < part.mentees.len() {
            return Err(fault("a mentee is in none of the proof's blocks"));
        }
        for leader in self.meetings.roster.leaders() {
            let at = leader.sites.iter().flat_map(|site| {
                let slots = leader.slots.iter();
                slots.filter_map(|slot| block_of.get(&(*site, *slot)))
            });
            if at.collect::<HashSet<_>>().len() > 1 {
                return Err(fault(format!(
                    "two blocks of the proof share the leader {:?}",
                    leader.id
                )));
            }
        }
        Ok(())
    }

    /// The bound of a block, in the unit of prices.
    fn of_block(&self, block: &BlockProof, stop: &StopFlag) -> Result<i128, Error> {
        let (statement, part) = (self.statement, self.part.proof);
        let weights = Weights::of_level(self.level, statement, &self.proof.held);
        let mut fixed = Vec::with_capacity(block.prices.len());
        for prices in &block.prices {
            fits(block, prices)?;
            let mut sum = 0i128;
            for (price, mentee) in prices.mentees.iter().zip(&block.mentees) {
                let mentee = part.mentees[mentee.get()].get();
                let (load, tier) = (statement.mentees[mentee], statement.tiers[mentee]);
                let worth = |count: u32| {
                    let gain = if count > 0 { weights.first(tier) } else { 0 };
                    i128::from(*price) * i128::from(count) + gain
                };
                let loads = [0, 1, load.max].into_iter().filter(|count| *count <= load.max);
                sum += loads.map(worth).max().unwrap_or(0);
            }
            for (price, mentor) in prices.mentors.iter().zip(&block.mentors) {
                let mentor = part.mentors[mentor.get()].get();
                sum += i128::from(*price) * i128::from(statement.mentors[mentor].max);
            }
            fixed.push(sum);
        }
        let of_pairs = self.over_pairs(block, &weights, stop)?;
        for (fixed, sum) in fixed.iter_mut().zip(of_pairs) {
            *fixed = fixed.checked_add(sum).ok_or_else(too_large)?;
        }
        let spots: Vec<Spot> = block.places.iter().map(|place| self.part.spots[*place]).collect();
        let loads = |people: &mut dyn Iterator<Item = usize>, loads: &[super::statement::Load]| {
            people.map(|ix| (ix, loads[ix].max)).collect::<Vec<_>>()
        };
        let mut mentees = block.mentees.iter().map(|ix| part.mentees[ix.get()].get());
        let mut mentors = block.mentors.iter().map(|ix| part.mentors[ix.get()].get());
        let demand = self.meetings.demand(
            &spots,
            &loads(&mut mentees, &statement.mentees),
            &loads(&mut mentors, &statement.mentors),
        );
        let staff = self.meetings.staff(&spots, &demand);
        let proving = Proving {
            staffings: &block.staffings,
            prices: block.prices.iter().zip(fixed).collect(),
            trees: Vec::new(),
        };
        level_bound(&proving, &staff)
    }

    /// By the block's prices, what its pairs add.
    fn over_pairs(
        &self,
        block: &BlockProof,
        weights: &Weights,
        stop: &StopFlag,
    ) -> Result<Vec<i128>, Error> {
        let (statement, part) = (self.statement, self.part);
        let own = block.places.iter().map(|place| part.spots[*place]);
        let place: HashMap<Spot, usize> = own.zip(0..).collect();
        let known: HashSet<Spot> = part.spots.iter().copied().collect();
        let mentors = block.mentors.iter().map(|ix| part.proof.mentors[ix.get()].get() as u32);
        let number: HashMap<u32, usize> = mentors.zip(0..).collect();
        let score_unit = weights.of(Level::Score);
        let of_mentee = |ix: usize| -> Result<Vec<i128>, Error> {
            go_on(stop)?;
            let mentee = part.proof.mentees[block.mentees[ix].get()].get();
            let mut row = Vec::new();
            (statement.row)(mentee, &mut row);
            go_on(stop)?;
            let mut sums = vec![0i128; block.prices.len()];
            for &(mentor, score) in &row {
                let mut places = Vec::new();
                for spot in self.meetings.spots(mentee, mentor as usize) {
                    match place.get(&spot) {
                        Some(place) => places.push(*place),
                        None if known.contains(&spot) => {
                            return Err(fault("a pair can meet in two of the proof's blocks"));
                        }
                        // Whether anybody can meet there is looked at for the whole part.
                        None => {}
                    }
                }
                if places.is_empty() {
                    continue;
                }
                let Some(number) = number.get(&mentor) else {
                    return Err(fault("a block of the proof leaves out a mentor"));
                };
                let shared = self.proof.mentors[block.mentors[*number].get()];
                let worth = score_unit * i128::from(score) - i128::from(shared);
                for (prices, sum) in block.prices.iter().zip(&mut sums) {
                    let cheapest = places.iter().map(|place| prices.places[*place]).min();
                    let paid = i128::from(prices.mentees[ix])
                        + i128::from(prices.mentors[*number])
                        + i128::from(cheapest.unwrap_or(0));
                    *sum += (worth - paid).max(0);
                }
            }
            Ok(sums)
        };
        let start = || vec![0i128; block.prices.len()];
        let add = |mut sums: Vec<i128>, others: Vec<i128>| {
            for (sum, other) in sums.iter_mut().zip(others) {
                *sum = sum.checked_add(other).ok_or_else(too_large)?;
            }
            Ok(sums)
        };
        (0..block.mentees.len())
            .into_par_iter()
            .map(of_mentee)
            .try_reduce(start, add)
    }
}

/// Whether there is a price for everything in a block, and none is out of range.
fn fits(block: &BlockProof, prices: &LevelPrices) -> Result<(), Error> {
    let lengths = [
        (prices.mentees.len(), block.mentees.len()),
        (prices.mentors.len(), block.mentors.len()),
        (prices.places.len(), block.places.len()),
        (prices.side.len(), 0),
        (prices.held.len(), 0),
    ];
    if lengths.iter().any(|(has, needs)| has != needs) || prices.rooms.len() > block.places.len() {
        return Err(fault("a block of the proof has not a price for everybody and everything"));
    }
    in_range(prices.mentors.iter().chain(&prices.places))?;
    if prices.mentees.iter().any(|price| price.unsigned_abs() > 1 << 60) {
        return Err(fault("a price is out of range"));
    }
    let mut rooms = prices.rooms.iter().zip(&prices.places);
    if rooms.any(|(room, place)| !(0..=*place).contains(room)) {
        return Err(fault("a price of a room is not between 0 and the place's"));
    }
    Ok(())
}

fn in_range<'p>(mut prices: impl Iterator<Item = &'p i64>) -> Result<(), Error> {
    if prices.any(|price| !(0..=1 << 60).contains(price)) {
        return Err(fault("a price of a mentor, a place or a level is out of range"));
    }
    Ok(())
}
