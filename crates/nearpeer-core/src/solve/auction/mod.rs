//! First prices and first columns by an auction, for pairs whose rows can be looked at one by one.
//!
//! Mentees bid for the mentor they like best, up to what makes them like the second best as much and one step more; a
//! mentor whose places are taken gives the cheapest one to the new bidder. Steps start coarse and become fine, and
//! each round starts from the prices of the one before. What comes of it is nearly optimal, whatever it is: the
//! network starts from these prices and columns and makes them exact. Source: Bertsekas, *Network Optimization*
//! (1998), ch. 7.1 (steps that become finer) and 7.2 (several places at one price).
//!
//! A mentee bids among a few candidates, the best when they were last chosen. Prices only rise within a round, so whoever
//! is not among them is worth no more than then; others are looked at again only when that is too much: first a pool
//! of twice as many, of whom the same is true, then the whole row.

mod bidder;
mod places;

use rayon::prelude::*;

use super::columns::{NewColumns, weighed};
use super::network::Weight;
use crate::error::Error;
use crate::interrupt::Interrupt;
use crate::program::IntegerProgram;
use crate::progress::Phase;
use crate::roster::Role;
use bidder::Bidder;
use places::Places;

/// The first step, in parts of what a mentee's candidates differ by: a finer one only takes longer to get anywhere.
const COARSEST: i64 = 2;

/// By how much steps become finer from round to round.
const FINER: i64 = 6;

/// How many steps of a round the next one starts lower: mentors who are no longer wanted by as many would stay too
/// dear. More of it takes more bids, less of it leaves more to the network.
const LOWER: i64 = 2;

/// The last step, in parts of what a mentee's candidates differ by.
const FINEST: i64 = 64;

/// Bids a mentee in the first round, all together, after which steps are too small for how far prices have to go.
const WAR: usize = 12;

/// Bids a mentee in a later round, all together; beyond that the network does better.
const BIDS: usize = 12;

/// Bids between two looks at the interrupt.
const STRIDE: usize = 64;

/// Mentees that one thread looks at before it takes the next ones.
const CHUNK: usize = 64;

/// What the network starts from.
pub(super) struct First<W> {
    pub(super) columns: NewColumns<W>,
    /// The mentors' prices.
    pub(super) prices: Vec<W>,
}

/// Whether an auction can give first prices: rows can be looked at one by one, mentees want one mentor at most, and
/// all fits in 64 bits. What is promised to mentors is left to the network.
pub(super) fn applies(program: &IntegerProgram) -> bool {
    program.pairs.has_single_rows()
        && program.discounts.is_none()
        && program.levels.score() == 1
        && program.fits(i64::MAX.into())
        && program.mentees.iter().all(|mentee| mentee.max <= 1)
}

/// Holds the auction. Where the interrupt ends it, its error, and what came of it until then.
pub(super) fn hold<W: Weight>(
    program: &IntegerProgram,
    interrupt: &Interrupt,
) -> (First<W>, Result<(), Error>) {
    let mut auction = Auction::new(program);
    let ended = auction.hold(interrupt);
    (auction.first(), ended)
}

struct Auction<'p> {
    program: &'p IntegerProgram<'p>,
    bidders: Vec<Bidder>,
    mentors: Vec<Places>,
    /// The price of each mentor's cheapest place.
    prices: Vec<i64>,
}

impl<'p> Auction<'p> {
    fn new(program: &'p IntegerProgram<'p>) -> Self {
        let mentees = program.mentees.iter();
        Self {
            program,
            bidders: mentees.map(|it| Bidder::new(program, it)).collect(),
            mentors: program
                .mentors
                .iter()
                .map(|it| Places::new(it.max))
                .collect(),
            prices: program
                .mentors
                .iter()
                // Nobody can have a place where there is none.
                .map(|it| if it.max == 0 { bidder::FAR } else { 0 })
                .collect(),
        }
    }

    fn hold(&mut self, interrupt: &Interrupt) -> Result<(), Error> {
        self.look_at_all(interrupt)?;
        interrupt.enter(Phase::Network);
        // Scores in another unit lead to the same bids.
        let unit = self.unit();
        let part = |whole: i64, of: i64| (whole / unit / of).max(1) * unit;
        let mut step = part(self.spread(), COARSEST);
        let (mut war, mut last) = (true, false);
        let mut slack = 0;
        loop {
            step = self.round(step, slack, war, interrupt)?;
            let finest = part(self.spread(), FINEST);
            if last || step <= finest {
                return Ok(());
            }
            slack = LOWER * step;
            step = part(step, FINER);
            // What candidates differ by changes a little with every round.
            last = step <= finest;
            step = step.max(finest);
            war = false;
        }
    }

    /// The greatest number that all candidates' scores are multiples of; 1 if they are all 0.
    fn unit(&self) -> i64 {
        let candidates = self.bidders.iter().flat_map(Bidder::candidates);
        let mut unit = 0u64;
        for (_, score) in candidates {
            let (mut a, mut b) = (score.unsigned_abs(), unit);
            while b > 0 {
                (a, b) = (b, a % b);
            }
            unit = a;
        }
        i64::try_from(unit).unwrap_or(1).max(1)
    }

    /// What the candidates of a mentee differ by, in the middle of all mentees.
    fn spread(&self) -> i64 {
        let bidders = self.bidders.iter();
        let mut spreads: Vec<i64> = bidders.filter_map(|it| it.spread(&self.prices)).collect();
        let middle = spreads.len() / 2;
        if spreads.is_empty() {
            return 0;
        }
        *spreads.select_nth_unstable(middle).1
    }

    /// Finds every mentee's candidates at the first prices.
    fn look_at_all(&mut self, interrupt: &Interrupt) -> Result<(), Error> {
        let walk = interrupt.walk(Phase::FirstColumns, self.bidders.len());
        let (program, prices) = (self.program, &self.prices);
        let chunks = self.bidders.par_chunks_mut(CHUNK).enumerate();
        chunks.for_each(|(chunk, bidders)| {
            let Some(sweep) = program.pairs.sweep(Role::Mentee, prices) else {
                return;
            };
            for (mentee, bidder) in (chunk * CHUNK..).zip(bidders) {
                if !walk.goes_on(mentee) {
                    break;
                }
                bidder.look(mentee, &*sweep, prices);
            }
        });
        walk.end()
    }

    /// One round of bids by everybody, with prices that start lower by `slack`. In a `war` steps become coarser
    /// when they do not get anywhere. Gives the step that it ended with.
    fn round(
        &mut self,
        mut step: i64,
        slack: i64,
        war: bool,
        interrupt: &Interrupt,
    ) -> Result<i64, Error> {
        for (places, price) in self.mentors.iter_mut().zip(&mut self.prices) {
            if places.any() {
                *price = (*price - slack).max(0);
                places.clear(*price);
            }
        }
        for bidder in &mut self.bidders {
            bidder.prices_fell(slack);
        }
        let mut waiting: Vec<u32> = (0..self.bidders.len() as u32).rev().collect();
        let mut left = if war { WAR } else { BIDS } * self.bidders.len();
        while let Some(mentee) = waiting.pop() {
            if left.is_multiple_of(STRIDE) {
                interrupt.check()?;
            }
            if left == 0 {
                if !war || step > self.range() {
                    break;
                }
                step *= FINER;
                left = WAR * self.bidders.len();
            }
            left -= 1;
            waiting.extend(self.bid(mentee, step));
        }
        Ok(step)
    }

    fn range(&self) -> i64 {
        let (least, greatest) = self.program.pairs.score_range();
        greatest - least
    }

    /// Gives the mentee a place, if any is worth its price; and who had it before.
    fn bid(&mut self, mentee: u32, step: i64) -> Option<u32> {
        let bidder = &mut self.bidders[mentee as usize];
        let sweep = || self.program.pairs.sweep(Role::Mentee, &self.prices);
        let offers = bidder.best(mentee as usize, &self.prices, &self.mentors, sweep);
        let mentor = offers.mentor?;
        let price = self.prices[mentor] + offers.best - offers.second + step;
        bidder.taken = offers.place;
        let before = self.mentors[mentor].give(mentee, price);
        self.prices[mentor] = self.mentors[mentor].price();
        before
    }

    fn first<W: Weight>(self) -> First<W> {
        let mut pairs = Vec::new();
        for (mentee, bidder) in (0u32..).zip(&self.bidders) {
            let candidates = bidder.candidates();
            pairs.extend(candidates.map(|(mentor, score)| (mentee, mentor, score)));
        }
        First {
            columns: weighed(self.program, pairs),
            prices: self
                .prices
                .into_iter()
                .map(|price| W::narrow(price.into()))
                .collect(),
        }
    }
}
