//! The cheapest chain from a place with each mentor to an end, by Dijkstra's method from all ends at once.
//!
//! Parts of the programme that share nothing are gone through side by side. A pass over a mentor's pairs shows no mentee
//! but those to whom a cheaper way could lead: prices fall as costs do, and are set anew now and then.

use std::borrow::Cow;
use std::cmp::Reverse;
use std::collections::BinaryHeap;

use num_traits::ToPrimitive;
use rayon::prelude::*;

use crate::assess::NOBODY;
use crate::certificate::Prices;
use crate::error::Error;
use crate::interrupt::Interrupt;
use crate::pairs::Part;
use crate::program::{Chosen, IntegerProgram};
use crate::roster::Role;
use crate::solve::{chosen_of_parts, of_part};

/// Nobody can get there.
pub(super) const NEVER: i128 = i128::MAX;

/// A price that no pair is worth, and half of it: the furthest that other prices and floors are from 0.
const FAR: i64 = 1 << 60;

/// A match, and prices that prove it best.
pub(super) struct Proven<'a> {
    pub(super) program: &'a IntegerProgram<'a>,
    prices: Cow<'a, Prices>,
    /// By mentee the chosen pairs.
    chosen: Vec<&'a [Chosen]>,
    pub(super) loads: [Vec<u32>; 2],
}

impl<'a> Proven<'a> {
    pub(super) fn new(
        program: &'a IntegerProgram<'a>,
        prices: Cow<'a, Prices>,
        pairs: &'a [Chosen],
    ) -> Self {
        let mut chosen: Vec<&[Chosen]> = vec![&[]; program.mentees.len()];
        for pairs in pairs.chunk_by(|a, b| a.mentee == b.mentee) {
            chosen[pairs[0].mentee as usize] = pairs;
        }
        Self {
            loads: program.loads(pairs),
            program,
            prices,
            chosen,
        }
    }

    /// By how much a pair falls short of its prices; what is chosen does not.
    pub(super) fn shortfall(&self, mentee: u32, mentor: u32, score: i64) -> i128 {
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

    pub(super) fn chosen_score(&self, mentee: u32, mentor: u32) -> Option<i64> {
        let mut pairs = self.chosen[mentee as usize].iter();
        pairs
            .find(|pair| pair.mentor == mentor)
            .map(|pair| pair.score)
    }
}

/// What a place with each mentor costs, and where the chains go.
pub(super) struct Chains {
    /// By mentee what it costs if this mentee gives up a place, and by mentor what it costs to get one, beyond prices.
    pub(super) cost: [Vec<i128>; 2],
    /// The mentor with whom a mentee who gives up a place gets another, or [`NOBODY`] if the mentee is left.
    pub(super) moves_to: Vec<u32>,
    /// The mentee who gives up the place with a mentor, or [`NOBODY`] if the mentor has room.
    pub(super) gives_up: Vec<u32>,
}

impl Chains {
    /// Those of a proven match, part by part.
    ///
    /// # Errors
    /// The interrupt's.
    pub(super) fn find(
        program: &IntegerProgram,
        prices: &Prices,
        chosen: &[Chosen],
        interrupt: &Interrupt,
    ) -> Result<Self, Error> {
        let parts = program.pairs.parts();
        if parts.is_empty() {
            let proven = Proven::new(program, Cow::Borrowed(prices), chosen);
            return Self::of_whole(&proven, interrupt);
        }
        let chosen = chosen_of_parts(&parts, program.mentees.len(), chosen);
        let of = |(part, chosen): (&Part, &Vec<Chosen>)| {
            let program = of_part(program, part);
            let of = |role: Role, prices: &[i128]| {
                let people = part.people(role).iter();
                people.map(|person| prices[*person as usize]).collect()
            };
            let prices = Prices {
                mentees: of(Role::Mentee, &prices.mentees),
                mentors: of(Role::Mentor, &prices.mentors),
                ..Prices::default()
            };
            let proven = Proven::new(&program, Cow::Owned(prices), chosen);
            Self::of_whole(&proven, interrupt)
        };
        let found = parts.par_iter().zip(&chosen).with_max_len(1);
        let found: Vec<Self> = found.map(of).collect::<Result<_, Error>>()?;
        let mut whole = Self::none(program);
        for (part, found) in parts.iter().zip(found) {
            let (mentees, mentors) = (part.people(Role::Mentee), part.people(Role::Mentor));
            let named = |people: &[u32], other: u32| match other {
                NOBODY => NOBODY,
                other => people[other as usize],
            };
            for (ix, mentee) in mentees.iter().enumerate() {
                let place = *mentee as usize;
                whole.cost[0][place] = found.cost[0][ix];
                whole.moves_to[place] = named(mentors, found.moves_to[ix]);
            }
            for (ix, mentor) in mentors.iter().enumerate() {
                let place = *mentor as usize;
                whole.cost[1][place] = found.cost[1][ix];
                whole.gives_up[place] = named(mentees, found.gives_up[ix]);
            }
        }
        Ok(whole)
    }

    fn none(program: &IntegerProgram) -> Self {
        let (mentees, mentors) = (program.mentees.len(), program.mentors.len());
        Self {
            cost: [vec![NEVER; mentees], vec![NEVER; mentors]],
            moves_to: vec![NOBODY; mentees],
            gives_up: vec![NOBODY; mentors],
        }
    }

    fn of_whole(proven: &Proven, interrupt: &Interrupt) -> Result<Self, Error> {
        let mut chains = Self::none(proven.program);
        let is_left =
            |(mentee, load): (&crate::program::Mentee, &u32)| *load == 0 && mentee.max > 0;
        let mut mentees = proven.program.mentees.iter().zip(&proven.loads[0]);
        if mentees.any(is_left) {
            chains.spread(proven, interrupt)?;
        }
        Ok(chains)
    }

    /// Works out all costs, from those with whom a change can end to all others.
    fn spread(&mut self, proven: &Proven, interrupt: &Interrupt) -> Result<(), Error> {
        let program = proven.program;
        let mut heap = BinaryHeap::new();
        let [mentees, mentors] = &proven.loads;
        for mentee in (0..mentees.len()).filter(|ix| mentees[*ix] > 0) {
            let worth = proven.worth_of_mentee(mentee, mentees[mentee]);
            self.cost[0][mentee] = worth + proven.prices.mentees[mentee];
            heap.push(Reverse((self.cost[0][mentee], Role::Mentee, mentee as u32)));
        }
        for (mentor, (asked, &load)) in program.mentors.iter().zip(mentors).enumerate() {
            if load < asked.max {
                let kept = if load < asked.min {
                    program.levels.obligation()
                } else {
                    0
                };
                self.cost[1][mentor] = -(kept + proven.prices.mentors[mentor]);
                heap.push(Reverse((self.cost[1][mentor], Role::Mentor, mentor as u32)));
            }
        }
        while !heap.is_empty() {
            let asked = self.asked(proven);
            let sweep = program.pairs.sweep(Role::Mentor, &asked);
            let sweep = sweep.expect("people of a roster are passed over from either side");
            // Setting the prices anew takes as long as so many looks at mentees to whom there is a cheaper way.
            let mut wasted = 0;
            while wasted <= mentees.len()
                && let Some(Reverse((cost, role, person))) = heap.pop()
            {
                let ix = person as usize;
                if cost > self.cost[role as usize][ix] {
                    continue;
                }
                interrupt.check()?;
                if role == Role::Mentee {
                    for pair in proven.chosen[ix] {
                        let mentor = pair.mentor as usize;
                        let cost = cost - proven.shortfall(pair.mentee, pair.mentor, pair.score);
                        if cost < self.cost[1][mentor] {
                            self.cost[1][mentor] = cost;
                            self.gives_up[mentor] = person;
                            heap.push(Reverse((cost, Role::Mentor, pair.mentor)));
                        }
                    }
                    continue;
                }
                let floor = cost + proven.prices.mentors[ix];
                let floor = in_score(program, floor).unwrap_or(-FAR / 2);
                sweep.row(ix, floor, &mut |mentee, score| {
                    let cost = cost + proven.shortfall(mentee, person, score);
                    let other = mentee as usize;
                    if cost < self.cost[0][other] && proven.chosen_score(mentee, person).is_none() {
                        self.cost[0][other] = cost;
                        self.moves_to[other] = person;
                        heap.push(Reverse((cost, Role::Mentee, mentee)));
                    } else {
                        wasted += 1;
                    }
                    floor
                });
            }
        }
        Ok(())
    }

    /// What the mentees ask in a pass from a mentor: a way through a pair is cheaper than the one that is known only if the
    /// pair scores more than this and the mentor's cost and price together. Whoever has no place to give up asks too much.
    fn asked(&self, proven: &Proven) -> Vec<i64> {
        let of = |(price, cost): (&i128, &i128)| match *cost {
            NEVER => Some(FAR),
            cost => in_score(proven.program, price - cost),
        };
        let asked = proven.prices.mentees.iter().zip(&self.cost[0]).map(of);
        let all: Option<Vec<i64>> = asked.collect();
        // Where numbers are too large, everybody is looked at.
        let free = |cost: &i128| if *cost == NEVER { FAR } else { 0 };
        all.unwrap_or_else(|| self.cost[0].iter().map(free).collect())
    }
}

/// A price in units of score, rounded down; `None` if there are none, or it is too large for a pass.
fn in_score(program: &IntegerProgram, price: i128) -> Option<i64> {
    let unit = program.levels.score();
    let price = (unit > 0).then(|| price.div_euclid(unit).to_i64())??;
    (-FAR / 4..FAR / 4).contains(&price).then_some(price)
}
