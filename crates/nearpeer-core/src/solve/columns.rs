//! Column generation: which pairs the restricted program starts from, and which it lacks at its prices. Passes
//! stream over the eligible pairs, and none is stored.

use std::cmp::Reverse;

use num_traits::ToPrimitive;
use rayon::prelude::*;

use super::network::{Network, Weight};
use crate::certificate::Prices;
use crate::error::Error;
use crate::interrupt::{Interrupt, Walk};
use crate::program::IntegerProgram;
use crate::progress::Phase;
use crate::roster::Role;

/// Columns that a person starts with: the best by score.
const FIRST: usize = 6;

/// Columns that a person gets in a round, the most violated ones; twice as many after each round that leaves nobody to be
/// placed, so that dense programmes whose best partners are everybody's come to an end.
pub(super) const FIRST_ROUND: usize = 6;

/// People that one thread looks at before it takes the next ones.
const CHUNK: usize = 64;

/// Beyond this, sums of prices could be out of range.
const FAR: i64 = 1 << 60;

/// The columns (mentor, weight) that mentees get.
pub(super) type NewColumns<W> = Vec<(u32, Vec<(u32, W)>)>;

/// The order in which person `own` prefers among equals: a different one for everybody, so that ties do
/// not lead all of them to the same few partners. `others` is the size of the other side.
pub(super) fn turn(own: usize, other: u32, others: usize) -> u64 {
    Turn::of(own, others).of_other(other)
}

/// The [`turn`] of one person: where it starts among the others, and how many they are.
#[derive(Clone, Copy)]
pub(super) struct Turn {
    start: u64,
    others: u64,
}

impl Turn {
    pub(super) fn of(own: usize, others: usize) -> Self {
        let others = others as u64;
        // 2^64 over the golden ratio spreads consecutive numbers evenly (Knuth, TAOCP vol. 3, 6.4).
        let start = (own as u64).wrapping_mul(0x9E37_79B9_7F4A_7C15) % others;
        Self { start, others }
    }

    /// Who comes first.
    pub(super) fn start(self) -> u64 {
        self.start
    }

    pub(super) fn of_other(self, other: u32) -> u64 {
        let other = u64::from(other);
        if other >= self.start {
            other - self.start
        } else {
            other + self.others - self.start
        }
    }
}

/// The best pairs of every mentee and every mentor, and all required ones. Where the interrupt ends the pass,
/// its error, and what was found until then.
pub(super) fn first<W: Weight>(
    program: &IntegerProgram,
    interrupt: &Interrupt,
) -> (NewColumns<W>, Result<(), Error>) {
    let sizes = [program.mentees.len(), program.mentors.len()];
    let mut pairs = Vec::new();
    let mut ended = Ok(());
    for role in [Role::Mentee, Role::Mentor] {
        let others = sizes[1 - role as usize];
        let nothing = vec![0; others];
        let Some(sweep) = program.pairs.sweep(role, &nothing) else {
            continue;
        };
        let walk = interrupt.walk(Phase::FirstColumns, sizes[role as usize]);
        pairs.extend(each(program, role, &walk, |person| {
            let mut best = Best::new(FIRST);
            let lowest = -FAR;
            sweep.row(person as usize, lowest, &mut |other, score| {
                let place = turn(person as usize, other, others);
                // Equals are still looked at: their turn may be better.
                let worst = best.offer((Reverse(score), place, other));
                worst.map_or(lowest, |(Reverse(score), ..)| score - 1)
            });
            let offers = best.offers.into_iter();
            offers
                .map(|(Reverse(score), _, other)| (other, score))
                .collect()
        }));
        ended = walk.end();
        if ended.is_err() {
            break;
        }
    }
    (weighed(program, pairs), ended)
}

/// The columns of these pairs (mentee, mentor, score) and of all required ones.
pub(super) fn weighed<W: Weight>(
    program: &IntegerProgram,
    mut pairs: Vec<(u32, u32, i64)>,
) -> NewColumns<W> {
    for &(mentee, mentor) in &program.required {
        let score = program.pairs.score(mentee as usize, mentor);
        pairs.extend(score.map(|score| (mentee, mentor, score)));
    }
    pairs.sort_unstable();
    pairs.dedup();
    group(pairs.into_iter().map(|(mentee, mentor, score)| {
        let weight = program.weight(mentee, mentor, score);
        (mentee, mentor, W::narrow(weight))
    }))
}

/// Works on every person of one side who may have pairs, and gives the pairs (mentee, mentor) that come of it, each with
/// a value; in the order of the roster.
fn each<T: Send>(
    program: &IntegerProgram,
    role: Role,
    walk: &Walk<'_>,
    work: impl Fn(u32) -> Vec<(u32, T)> + Sync,
) -> Vec<(u32, u32, T)> {
    let takes_part = |person: u32| match role {
        Role::Mentee => program.mentees[person as usize].max > 0,
        Role::Mentor => program.mentors[person as usize].max > 0,
    };
    let order = program.pairs.order(role);
    let chunks = order.par_chunks(CHUNK).enumerate().map(|(place, people)| {
        let mut found = Vec::new();
        let people = (place * CHUNK..).zip(people);
        for (place, &person) in people.filter(|(_, person)| takes_part(**person)) {
            if !walk.goes_on(place) {
                break;
            }
            for (other, value) in work(person) {
                found.push(match role {
                    Role::Mentee => (person, other, value),
                    Role::Mentor => (other, person, value),
                });
            }
        }
        found
    });
    chunks.collect::<Vec<_>>().into_iter().flatten().collect()
}

/// The columns by mentee, from pairs in the order of the mentees.
fn group<W>(pairs: impl Iterator<Item = (u32, u32, W)>) -> NewColumns<W> {
    let mut grouped: NewColumns<W> = Vec::new();
    for (mentee, mentor, weight) in pairs {
        match grouped.last_mut() {
            Some((last, columns)) if *last == mentee => columns.push((mentor, weight)),
            _ => grouped.push((mentee, vec![(mentor, weight)])),
        }
    }
    grouped
}

/// The best few offers that one person has had, ascending: the best is the least.
pub(super) struct Best<T> {
    most: usize,
    pub(super) offers: Vec<T>,
}

impl<T: Ord + Copy> Best<T> {
    pub(super) fn new(most: usize) -> Self {
        Self {
            most,
            offers: Vec::new(),
        }
    }

    /// Takes an offer; gives the worst that still counts, once there are enough.
    pub(super) fn offer(&mut self, offer: T) -> Option<T> {
        if let Some(worst) = self.worst()
            && offer >= worst
        {
            return Some(worst);
        }
        let place = self.offers.partition_point(|other| *other < offer);
        if place < self.most {
            self.offers.truncate(self.most - 1);
            self.offers.insert(place, offer);
        }
        self.worst()
    }

    pub(super) fn worst(&self) -> Option<T> {
        (self.offers.len() == self.most).then(|| self.offers[self.most - 1])
    }
}

/// Prices the pairs, each only when it can have come to be worth more than its prices: one of them fell since the
/// last pass, or its mentee or mentor had more such pairs than were taken.
pub(super) struct Pricer<W> {
    /// The mentees' and the mentors' prices at the last pass.
    prices: [Vec<W>; 2],
    /// Who has more pairs worth adding than were added.
    more: [Vec<bool>; 2],
}

impl<W: Weight> Pricer<W> {
    pub(super) fn new(program: &IntegerProgram) -> Self {
        let sizes = [program.mentees.len(), program.mentors.len()];
        Self {
            prices: sizes.map(|size| vec![W::zero(); size]),
            // A pass over all mentees covers all pairs.
            more: [vec![true; sizes[0]], vec![false; sizes[1]]],
        }
    }

    /// Looks for pairs that are worth more than the network's prices.
    ///
    /// # Errors
    /// The interrupt's.
    pub(super) fn price(
        &mut self,
        program: &IntegerProgram,
        network: &Network<W>,
        most: usize,
        interrupt: &Interrupt,
    ) -> Result<Priced<W>, Error> {
        let prices = network.price();
        let thresholds = prices.each_ref().map(|prices| in_score(program, prices));
        let mut look: [Vec<bool>; 2] = [Role::Mentee, Role::Mentor].map(|role| {
            let side = role as usize;
            let fell = prices[side].iter().zip(&self.prices[side]);
            let fell = fell.map(|(now, before)| now < before);
            let look = fell.zip(&self.more[side]).map(|(fell, more)| fell || *more);
            look.collect()
        });
        // Without thresholds, and where mentors cannot be looked at by themselves, everything is.
        let thresholds = match thresholds {
            [Some(mentees), Some(mentors)] => [mentees, mentors],
            _ => prices.each_ref().map(|prices| vec![-FAR; prices.len()]),
        };
        let one_for_one = program.levels.score() == 1 && thresholds[0].first() != Some(&-FAR);
        let sweeps = [Role::Mentee, Role::Mentor]
            .map(|role| program.pairs.sweep(role, &thresholds[1 - role as usize]));
        if sweeps[1].is_none() && look[1].contains(&true) {
            look[0].fill(true);
            look[1].fill(false);
        }
        let mut found: Vec<(u32, u32, W)> = Vec::new();
        let mut lifted = network.prices();
        for role in [Role::Mentee, Role::Mentor] {
            let side = role as usize;
            let Some(sweep) = &sweeps[side] else { continue };
            if !look[side].contains(&true) {
                continue;
            }
            let others = prices[1 - side].len();
            let walk = interrupt.walk(Phase::Pricing, look[side].len());
            let violated = each(program, role, &walk, |person| {
                let own = person as usize;
                let mut best = Best::new(most);
                if !look[side][own] {
                    return Vec::new();
                }
                let lowest = thresholds[side][own];
                let mut floor = lowest;
                sweep.row(own, floor, &mut |other, score| {
                    let (mentee, mentor) = match role {
                        Role::Mentee => (person, other),
                        Role::Mentor => (other, person),
                    };
                    let weight = W::narrow(program.weight(mentee, mentor, score));
                    let asked = prices[0][mentee as usize] + prices[1][mentor as usize];
                    let profit = weight - asked;
                    if profit > W::zero() && !network.has_column(mentee as usize, mentor) {
                        let offer = (Reverse(profit), turn(own, other, others), other, weight);
                        if let Some((Reverse(least), ..)) = best.offer(offer)
                            && one_for_one
                        {
                            // What is worth less than the least that counts need not be looked at.
                            floor = lowest + least.to_i64().map_or(0, |least| least - 1);
                        }
                    }
                    floor
                });
                let offers = best.offers.into_iter();
                offers
                    .map(|(_, _, other, weight)| (other, weight))
                    .collect()
            });
            walk.end()?;
            self.more[side].fill(false);
            let person = |pair: &(u32, u32, W)| if side == 0 { pair.0 } else { pair.1 } as usize;
            for pairs in violated.chunk_by(|a, b| person(a) == person(b)) {
                let (mentee, mentor, weight) = pairs[0];
                let asked = prices[0][mentee as usize] + prices[1][mentor as usize];
                // The first is the most violated one.
                let excess = (weight - asked).wide();
                match role {
                    Role::Mentee => lifted.mentees[mentee as usize] += excess,
                    Role::Mentor => lifted.mentors[mentor as usize] += excess,
                }
                self.more[side][person(&pairs[0])] = pairs.len() == most;
            }
            found.extend(violated);
        }
        drop(sweeps);
        self.prices = prices;
        found.sort_unstable_by_key(|(mentee, mentor, _)| (*mentee, *mentor));
        found.dedup_by_key(|(mentee, mentor, _)| (*mentee, *mentor));
        Ok(Priced {
            violated: group(found.into_iter()),
            prices: lifted,
        })
    }
}

/// What a pass over the pairs found.
pub(super) struct Priced<W> {
    /// Pairs that are worth more than the network's prices: the most violated ones of each person.
    pub(super) violated: NewColumns<W>,
    /// The network's prices, raised until no pair but its columns is worth more.
    pub(super) prices: Prices,
}

/// Prices in units of score, rounded so that no pair that is worth more than its prices is missed; `None` if there
/// are none.
fn in_score<W: Weight>(program: &IntegerProgram, prices: &[W]) -> Option<Vec<i64>> {
    let unit = program.levels.score();
    let in_score = |price: &W| {
        let price = match unit {
            0 => None,
            1 => price.to_i64(),
            unit => price.wide().div_euclid(unit).to_i64(),
        };
        price.filter(|price| (-FAR..FAR).contains(price))
    };
    prices.iter().map(in_score).collect()
}
