//! One level of one part.

mod offer;
mod tree;

use std::collections::{HashMap, HashSet};

use super::candidates::Candidates;
use super::decided::Decided;
use super::part::Part;
use super::price::{View, first, rounded};
use super::staffings::Staffings;
use crate::certificate::Level;
use crate::certificate::stages::{CapacityProof, LevelPrices, LevelProof, StaffNode};
use crate::error::{Error, ErrorKind};
use crate::interrupt::Interrupt;
use crate::program::highs::Simplex;
use crate::program::master::{Duals, Master, Placed, Task};
use crate::program::{CrewPrices, Staffed, worth};
use crate::progress::Phase;

/// What a unit of a held level's shortfall costs at first, in what a pair can be worth; more where that is not enough.
const FIRST_PENALTY: f64 = 4.0;

/// Columns up to which the integer program is asked for a match.
const MODEL_COLUMNS: usize = 50_000;

/// Columns up to which it is asked for one of the many staffings that are looked at on the way.
const LOOK_COLUMNS: usize = 5_000;

/// Columns up to which the integer program also chooses where leaders are.
const SEAT_COLUMNS: usize = if cfg!(test) { 12 } else { 6_000 };

/// The part of the gap by which a bound has to become less for prices to be worked out.
const NEAR: f64 = 1e-3;

/// Nodes that a tree may have.
const MAX_NODES: usize = 20_000;

/// A match of a part, and its value in every level.
#[derive(Debug, Clone, Default)]
pub(super) struct Incumbent {
    pub(super) pairs: Vec<Placed>,
    pub(super) values: Vec<i64>,
}

impl Incumbent {
    /// The match without pairs.
    pub(super) fn nothing(part: &Part) -> Self {
        Self {
            pairs: Vec::new(),
            values: part.program.values(&[]),
        }
    }
}

/// Prices whose bound holds for all staffings: `fixed` and what each place's capacity costs.
pub(super) struct Cut {
    pub(super) prices: LevelPrices,
    /// Prices of crews that say the most where so many leaders were decided as when this was found.
    pub(super) crews: CrewPrices,
    pub(super) fixed: i128,
}

/// What places can hold while a level is looked at.
#[derive(Debug, Clone, Copy)]
pub(super) enum Within<'a> {
    /// So many pairs each.
    Capacities(&'a [u32]),
    /// What leaders can hold, of whom so much is decided.
    Staffed(&'a Staffed),
}

/// What a linear program and its prices say.
pub(super) struct Evaluated {
    /// The prices of the best bound.
    pub(super) prices: LevelPrices,
    pub(super) bound: i128,
    /// What the last linear program chooses.
    pub(super) duals: Duals,
}

/// What a linear program over seats says.
pub(super) struct Looked {
    /// The bound that its prices prove; none where that is about as much as was known.
    pub(super) bound: Option<i128>,
    /// How much of each seat is taken.
    pub(super) seats: Vec<f64>,
}

impl Cut {
    pub(super) fn bound(&self, capacities: &[u32]) -> i128 {
        self.fixed + worth(&self.prices.places, capacities)
    }
}

/// What a level's solve came to.
pub(super) struct Ended {
    pub(super) proof: LevelProof,
    /// No match that holds the levels before has more.
    pub(super) bound: i64,
}

pub(super) struct Stage<'a> {
    pub(super) part: &'a Part<'a>,
    pub(super) level: Level,
    /// The place of the level among all.
    place: usize,
    held: Vec<(Level, i64)>,
    /// The greatest value that the level can have at all.
    greatest: i128,
    pub(super) interrupt: &'a Interrupt,
    pub(super) master: Master,
    known: HashSet<(u32, u32, u32, u32)>,
    penalty: f64,
    most_penalty: f64,
    /// What a pair that a tree has chosen, or somebody who takes part by it, is worth to the linear program besides.
    bonus: f64,
    /// Somebody who takes part may miss a partner for each of 'at least k', and each may miss what is held.
    most_bonus: f64,
    pub(super) cuts: Vec<Cut>,
    pub(super) candidates: &'a mut Candidates,
    /// The tree over staffings, where those are not listed.
    staffings: Staffings,
    /// By capacities, the least bound so far.
    reach: Vec<i128>,
    best: &'a mut Incumbent,
}

impl<'a> Stage<'a> {
    pub(super) fn new(
        part: &'a Part<'a>,
        place: usize,
        held: Vec<(Level, i64)>,
        candidates: &'a mut Candidates,
        mut columns: Vec<Placed>,
        best: &'a mut Incumbent,
        interrupt: &'a Interrupt,
    ) -> Result<Self, Error> {
        let ranges: Vec<(Level, i128, i128)> = part.ranges();
        let (level, least, greatest) = ranges[place];
        if columns.is_empty() {
            columns = first(part, interrupt)?;
        }
        let unit = match level {
            Level::Score => part.program.pairs.score_range().1.max(1) as f64,
            _ => 1.0,
        };
        let penalty = FIRST_PENALTY * unit;
        // Where terms are no counts, a small part of a pair may be all that is missing.
        let counts = part.program.rows.iter().all(|row| row.is_count);
        let margin = if counts { 1.0 } else { 256.0 };
        let most_penalty = margin * ((greatest - least) as f64 + 1.0).max(penalty);
        let circles = part.program.mentors.iter().map(|mentor| mentor.circle);
        let circle = circles.max().unwrap_or(0);
        let task = Task {
            level,
            held: held.clone(),
            penalty,
            missing: most_penalty,
            tie: 0.0,
        };
        let staffing = &part.meetings.staffing;
        let master = Master::new(&part.program, task, &part.modes, staffing, &columns)?;
        let key = |pair: &Placed| (pair.mentee, pair.mentor, pair.place, pair.mode);
        Ok(Self {
            known: columns.iter().map(key).collect(),
            reach: vec![greatest * i128::from(part.unit); candidates.capacities.len()],
            most_penalty,
            most_bonus: most_penalty * (1.0 + f64::from(circle)),
            part,
            level,
            place,
            held,
            greatest,
            interrupt,
            master,
            penalty,
            bonus: penalty,
            cuts: Vec::new(),
            staffings: Staffings::new(greatest * i128::from(part.unit)),
            candidates,
            best,
        })
    }

    /// Solves the level; where a limit cuts it short, as far as it came.
    ///
    /// # Errors
    /// The interrupt's, but for limits.
    pub(super) fn run(mut self) -> Result<(Ended, Vec<Placed>, bool), Error> {
        let mut trees: Vec<CapacityProof> = Vec::new();
        let mut is_cut = false;
        if let Err(error) = self.search(&mut trees) {
            // Where the solver behind the linear program fails on numbers, what is proven so far is kept, too.
            if !matches!(error.kind(), ErrorKind::Limit | ErrorKind::Solver) {
                return Err(error);
            }
            is_cut = true;
        }
        let columns = self.master.columns().to_vec();
        Ok((self.end(trees), columns, is_cut))
    }

    fn search(&mut self, trees: &mut Vec<CapacityProof>) -> Result<(), Error> {
        let none = Decided::default();
        if !self.candidates.are_all {
            let mut staffings = std::mem::take(&mut self.staffings);
            let ended = staffings.search(self, trees);
            self.staffings = staffings;
            return ended;
        }
        // At the most that each place can hold, prices say which places are scarce at all.
        let most = self.part.meetings.staffing.at_most(&Staffed::default());
        self.evaluate(Within::Capacities(&most), &none)?;
        let mut looked: HashMap<usize, bool> = HashMap::new();
        while let Some(next) = self.next() {
            self.interrupt.check()?;
            let capacities = self.candidates.capacities[next].clone();
            match looked.get(&next) {
                None => {
                    self.evaluate(Within::Capacities(&capacities), &none)?;
                    looked.insert(next, false);
                }
                Some(false) => {
                    self.choose(&capacities)?;
                    looked.insert(next, true);
                }
                Some(true) => {
                    let nodes = self.tree(&capacities)?;
                    let value = i128::from(self.value());
                    self.reach[next] = value * self.unit();
                    trees.push(CapacityProof {
                        capacities: capacities.to_vec(),
                        nodes,
                    });
                }
            }
        }
        Ok(())
    }

    /// The bound over all staffings, in the unit of prices.
    fn bound(&self) -> i128 {
        let greatest = self.greatest * self.unit();
        if self.candidates.are_all {
            return self.reach.iter().max().copied().unwrap_or(greatest);
        }
        self.staffings.bound().min(greatest)
    }

    /// What one unit of the level counts in the prices.
    pub(super) fn unit(&self) -> i128 {
        self.part.unit.into()
    }

    /// The value of the best match so far in this level.
    pub(super) fn value(&self) -> i64 {
        self.best.values[self.place]
    }

    pub(super) fn is_open(&self, bound: i128) -> bool {
        bound.div_euclid(self.unit()) > i128::from(self.value())
    }

    /// By how much a bound is above the best match.
    pub(super) fn gap(&self, bound: i128) -> i128 {
        bound - i128::from(self.value()) * self.unit()
    }

    /// The capacities with the greatest bound, if that is above the best match.
    fn next(&self) -> Option<usize> {
        let all = self.reach.iter().enumerate();
        let (next, bound) = all.max_by(|a, b| a.1.cmp(b.1).then(b.0.cmp(&a.0)))?;
        self.is_open(*bound).then_some(next)
    }

    /// Solves the linear program within capacities, and works out what its prices prove.
    pub(super) fn evaluate(
        &mut self,
        within: Within,
        decided: &Decided,
    ) -> Result<Evaluated, Error> {
        match self.evaluate_below(within, decided, None)? {
            Ok(evaluated) => Ok(evaluated),
            Err(_) => unreachable!("no bound is known that could be reached"),
        }
    }

    /// Has the linear program tell what is chosen of which seats; its prices are worked out only where they can prove
    /// noticeably less than a bound that is known. What it proves, and what the linear program says.
    pub(super) fn look(&mut self, staffed: &Staffed, known: i128) -> Result<Looked, Error> {
        let within = Within::Staffed(staffed);
        let looked = self.evaluate_below(within, &Decided::default(), Some(known))?;
        Ok(match looked {
            Ok(evaluated) => Looked {
                bound: Some(evaluated.bound),
                seats: evaluated.duals.seats,
            },
            Err(duals) => Looked {
                bound: None,
                seats: duals.seats,
            },
        })
    }

    /// Whether prices of a linear program that is worth so much prove about as much as is known, if anything is.
    fn reaches(&self, duals: &Duals, known: Option<i128>) -> bool {
        let Some(known) = known.filter(|_| !duals.falls_short) else {
            return false;
        };
        let unit = self.unit() as f64;
        let known_value = known as f64 / unit;
        let near = match self.level {
            // The linear program counts obligations that are kept, not those that are missed.
            Level::Obligations => f64::INFINITY,
            Level::Score => known_value - self.gap(known) as f64 / unit * NEAR,
            _ => known_value.floor(),
        };
        duals.value + 1e-6 >= near
    }

    /// As [`evaluate`](Self::evaluate); only what the linear program says, where its prices prove about as much as
    /// is known.
    fn evaluate_below(
        &mut self,
        within: Within,
        decided: &Decided,
        known: Option<i128>,
    ) -> Result<Result<Evaluated, Duals>, Error> {
        let part = self.part;
        let program = &part.program;
        match within {
            Within::Capacities(capacities) => self.master.set_capacities(capacities)?,
            Within::Staffed(staffed) => {
                let staffing = &part.meetings.staffing;
                self.master.set_staff(staffing, staffed)?;
            }
        }
        let of_places = |prices: &LevelPrices, crews: &CrewPrices| match within {
            Within::Capacities(capacities) => worth(&prices.places, capacities),
            Within::Staffed(staffed) => part.most(prices, crews, staffed),
        };
        let mut by = Simplex::Dual;
        let mut best: Option<(LevelPrices, CrewPrices, i128, i128)> = None;
        loop {
            self.interrupt.enter(Phase::Linear);
            let tied = self.master.solve_tied(program, by, self.interrupt)?;
            if let Some(duals) = tied.filter(|duals| self.reaches(duals, known)) {
                return Ok(Err(duals));
            }
            let duals = self.master.solve(program, by, self.interrupt)?;
            if self.reaches(&duals, known) {
                return Ok(Err(duals));
            }
            let (mut prices, crews) = rounded(&duals, &part.meetings.staffing, part.unit);
            if let Within::Capacities(capacities) = within {
                part.pay(&mut prices, capacities);
            }
            let view = View::new(self.part, self.level, &self.held, &prices, decided);
            let priced = view.price(self.interrupt)?;
            let bound = priced.fixed + of_places(&prices, &crews);
            if best.as_ref().is_none_or(|(.., least, _)| bound < *least) {
                best = Some((prices, crews, bound, priced.fixed));
            }
            let mut new = priced.violated;
            new.retain(|pair| {
                let key = (pair.mentee, pair.mentor, pair.place, pair.mode);
                self.known.insert(key)
            });
            let closed = !self.is_open(bound);
            if !new.is_empty() {
                self.master.add(program, &new)?;
                if !closed {
                    self.decide(decided)?;
                    by = Simplex::Primal;
                    continue;
                }
            }
            if duals.falls_short && !closed && self.penalty < self.most_penalty {
                self.penalty = (self.penalty * 16.0).min(self.most_penalty);
                self.master.set_penalty(self.penalty)?;
                by = Simplex::Primal;
                continue;
            }
            let is_missing = !closed && self.misses(&duals, decided);
            if is_missing && self.bonus < self.most_bonus {
                self.bonus = (self.bonus * 16.0).min(self.most_bonus);
                self.decide(decided)?;
                by = Simplex::Primal;
                continue;
            }
            if !duals.falls_short && new.is_empty() {
                self.offer_whole(&duals.chosen);
            }
            let (prices, crews, bound, fixed) = best.expect("at least one solve");
            if decided.is_empty() {
                self.cut(Cut {
                    prices: prices.clone(),
                    crews,
                    fixed,
                });
            }
            return Ok(Ok(Evaluated {
                prices,
                bound,
                duals,
            }));
        }
    }

    /// Keeps prices, and what they say of all capacities.
    fn cut(&mut self, cut: Cut) {
        for (reach, capacities) in self.reach.iter_mut().zip(&self.candidates.capacities) {
            *reach = cut.bound(capacities).min(*reach);
        }
        self.cuts.push(cut);
    }

    /// The proof as far as it came, with the prices that it needs.
    fn end(mut self, trees: Vec<CapacityProof>) -> Ended {
        let mut covered = std::mem::take(&mut self.staffings);
        covered.cover(&self, &trees);
        self.staffings = covered;
        let bound = self.bound().div_euclid(self.unit());
        let bound = bound.max(i128::from(self.value())).min(self.greatest);
        let mut used = vec![false; self.cuts.len()];
        let mut staffings = Vec::new();
        if self.candidates.are_all {
            // For every capacities the first prices that are good enough.
            for capacities in &self.candidates.capacities {
                let enough = |cut: &Cut| cut.bound(capacities).div_euclid(self.unit()) <= bound;
                if let Some(ix) = self.cuts.iter().position(enough) {
                    used[ix] = true;
                }
            }
        } else {
            staffings = self.staffings.proof();
            for node in &staffings {
                if let StaffNode::Leaf { prices, .. } = node {
                    used[*prices] = true;
                }
            }
        }
        // Prices without use are left out.
        let numbers = used.iter().scan(0, |count, used| {
            *count += usize::from(*used);
            Some(count.saturating_sub(1))
        });
        let numbers: Vec<usize> = numbers.collect();
        for node in &mut staffings {
            if let StaffNode::Leaf { prices, .. } = node {
                *prices = numbers[*prices];
            }
        }
        // Where the level cannot have more at all, any prices will do.
        if !used.contains(&true)
            && let Some(first) = used.first_mut()
        {
            *first = true;
        }
        let cuts = self.cuts.into_iter().zip(used);
        let prices = cuts.filter(|(_, used)| *used).map(|(cut, _)| cut.prices);
        Ended {
            proof: LevelProof {
                level: self.level,
                denominator: self.part.unit,
                prices: prices.collect(),
                capacities: trees,
                staffings,
            },
            bound: bound as i64,
        }
    }
}
