//! One level of one part.

use std::collections::{BTreeMap, HashMap, HashSet};

use super::candidates::Candidates;
use super::chosen_of;
use super::decided::{Decided, OfPair, Split};
use super::part::Part;
use super::price::{View, first, rounded};
use super::staffings::Staffings;
use crate::certificate::Level;
use crate::certificate::stages::{CapacityProof, LevelNode, LevelPrices, LevelProof, StaffNode};
use crate::error::{Error, ErrorKind};
use crate::interrupt::Interrupt;
use crate::program::highs::Simplex;
use crate::program::master::{Duals, Master, Placed, Task, choose};
use crate::program::{Chosen, Staffed, worth};
use crate::progress::Phase;
use crate::roster::Role;

/// What a unit of a held level's shortfall costs at first, in what a pair can be worth; more where that is not enough.
const FIRST_PENALTY: f64 = 4.0;

/// Columns up to which the integer program is asked for a match.
const MODEL_COLUMNS: usize = 50_000;

/// Columns up to which it is asked for one of the many staffings that are looked at on the way.
const LOOK_COLUMNS: usize = 5_000;

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
    level: Level,
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
    /// What a pair that a tree has chosen is worth to the linear program besides.
    bonus: f64,
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
        let task = Task {
            level,
            held: held.clone(),
            penalty,
        };
        let staffing = &part.meetings.staffing;
        let master = Master::new(&part.program, task, &part.modes, staffing, &columns)?;
        let key = |pair: &Placed| (pair.mentee, pair.mentor, pair.place, pair.mode);
        Ok(Self {
            known: columns.iter().map(key).collect(),
            reach: vec![greatest * i128::from(part.unit); candidates.capacities.len()],
            most_penalty: margin * ((greatest - least) as f64 + 1.0).max(penalty),
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
        let most = self.part.meetings.staffing.at_most(&Staffed::new());
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
        let part = self.part;
        let program = &part.program;
        match within {
            Within::Capacities(capacities) => self.master.set_capacities(capacities)?,
            Within::Staffed(staffed) => self.master.set_staff(staffed)?,
        }
        let of_places = |prices: &LevelPrices| match within {
            Within::Capacities(capacities) => worth(&prices.places, capacities),
            Within::Staffed(staffed) => part.most(prices, staffed),
        };
        let mut by = Simplex::Dual;
        let mut best: Option<(LevelPrices, i128, i128)> = None;
        loop {
            self.interrupt.enter(Phase::Linear);
            let duals = self.master.solve(program, by, self.interrupt)?;
            let mut prices = rounded(&duals, part.unit);
            if let Within::Capacities(capacities) = within {
                part.pay(&mut prices, capacities);
            }
            let view = View::new(self.part, self.level, &self.held, &prices, decided);
            let priced = view.price(self.interrupt)?;
            let bound = priced.fixed + of_places(&prices);
            if best.as_ref().is_none_or(|(_, least, _)| bound < *least) {
                best = Some((prices, bound, priced.fixed));
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
            if is_missing && self.bonus < self.most_penalty {
                self.bonus = (self.bonus * 16.0).min(self.most_penalty);
                self.decide(decided)?;
                by = Simplex::Primal;
                continue;
            }
            if !duals.falls_short && new.is_empty() {
                self.offer_whole(&duals.chosen);
            }
            let (prices, bound, fixed) = best.expect("at least one solve");
            if decided.is_empty() {
                self.cut(Cut {
                    prices: prices.clone(),
                    fixed,
                });
            }
            return Ok(Evaluated {
                prices,
                bound,
                duals,
            });
        }
    }

    /// Keeps prices, and what they say of all capacities.
    fn cut(&mut self, cut: Cut) {
        for (reach, capacities) in self.reach.iter_mut().zip(&self.candidates.capacities) {
            *reach = cut.bound(capacities).min(*reach);
        }
        self.cuts.push(cut);
    }

    /// Offers the columns that are chosen, if they are chosen whole.
    fn offer_whole(&mut self, chosen: &[f64]) {
        const NEAR: f64 = 1e-6;
        if chosen.iter().any(|part| *part > NEAR && *part < 1.0 - NEAR) {
            return;
        }
        let columns = self.master.columns().iter().zip(chosen);
        let pairs = columns.filter(|(_, part)| **part > 0.5);
        let pairs: Vec<Placed> = pairs.map(|(pair, _)| *pair).collect();
        self.offer(pairs);
    }

    /// Keeps a match, if it is better than the best so far and within every limit.
    fn offer(&mut self, mut pairs: Vec<Placed>) {
        pairs.sort_unstable();
        let program = &self.part.program;
        let chosen = chosen_of(&pairs);
        let twice = chosen
            .windows(2)
            .any(|two| (two[0].mentee, two[0].mentor) == (two[1].mentee, two[1].mentor));
        let is_allowed = program.allows(&chosen)
            && self.keeps_places(&pairs, &chosen)
            && self.keeps_modes(&pairs);
        if twice || !is_allowed || !self.candidates.hold(&self.part.counts(&pairs)) {
            return;
        }
        let values = program.values(&chosen);
        let held = self.held.iter().zip(&values);
        if held.into_iter().any(|((_, least), value)| value < least) {
            return;
        }
        if values > self.best.values {
            *self.best = Incumbent { pairs, values };
        }
    }

    /// Whether pairs keep within the limits that depend on where they meet.
    fn keeps_places(&self, pairs: &[Placed], chosen: &[Chosen]) -> bool {
        let program = &self.part.program;
        let mut rows = program.rows.iter().filter(|row| row.by_place).peekable();
        if rows.peek().is_none() {
            return true;
        }
        let [mentees, mentors] = program.loads(chosen);
        rows.all(|row| {
            let placed = pairs.iter();
            let placed = placed.map(|pair| (pair.mentee, pair.mentor, pair.spot));
            row.total(placed, [&mentees, &mentors]) <= row.limit
        })
    }

    /// Whether all pairs of every mentor are of one mode.
    fn keeps_modes(&self, pairs: &[Placed]) -> bool {
        if self.part.modes.count() == 1 {
            return true;
        }
        let mut shared: HashMap<u32, Vec<u32>> = HashMap::new();
        for pair in pairs {
            let own = self
                .part
                .modes
                .of_pair(pair.mentee as usize, pair.place as usize);
            let own: Vec<u32> = own.collect();
            let modes = shared.entry(pair.mentor).or_insert_with(|| own.clone());
            modes.retain(|mode| own.contains(mode));
        }
        shared.values().all(|modes| !modes.is_empty())
    }

    /// Looks for the best match within these capacities by the integer program on the pairs that can be in a better
    /// one than the best so far.
    fn choose(&mut self, capacities: &[u32]) -> Result<(), Error> {
        self.choose_within(capacities, MODEL_COLUMNS)
    }

    fn choose_within(&mut self, capacities: &[u32], most: usize) -> Result<(), Error> {
        let none = Decided::default();
        let cuts = self.cuts.iter();
        let Some(cut) = cuts.min_by_key(|cut| cut.bound(capacities)) else {
            return Ok(());
        };
        if !self.is_open(cut.bound(capacities)) {
            return Ok(());
        }
        let gap = cut.bound(capacities) - i128::from(self.value()) * self.unit();
        let view = View::new(self.part, self.level, &self.held, &cut.prices, &none);
        let columns = view.within(gap, most, self.interrupt)?;
        let columns = columns.unwrap_or_else(|| self.master.columns().to_vec());
        if columns.len() > most {
            return Ok(());
        }
        self.choose_among(capacities, &columns)
    }

    /// Looks for a match within these capacities: among the columns that the linear program chooses parts of, and then
    /// as [`choose`](Self::choose).
    pub(super) fn choose_of(&mut self, capacities: &[u32], chosen: &[f64]) -> Result<(), Error> {
        let columns = self.master.columns().iter().zip(chosen);
        let columns = columns.filter(|(_, part)| **part > 1e-9);
        let columns: Vec<Placed> = columns.map(|(pair, _)| *pair).collect();
        self.choose_among(capacities, &columns)?;
        self.choose_within(capacities, LOOK_COLUMNS)
    }

    fn choose_among(&mut self, capacities: &[u32], columns: &[Placed]) -> Result<(), Error> {
        self.interrupt.enter(Phase::Linear);
        let task = Task {
            level: self.level,
            held: self.held.clone(),
            penalty: self.most_penalty,
        };
        match choose(
            &self.part.program,
            &task,
            &self.part.modes,
            capacities,
            columns,
            self.interrupt,
        ) {
            Ok(chosen) => {
                let pairs = columns.iter().zip(chosen).filter(|(_, chosen)| *chosen);
                self.offer(pairs.map(|(pair, _)| *pair).collect());
                Ok(())
            }
            // Only a start: the tree finds the optimum without it.
            Err(error) if error.kind() == ErrorKind::Solver => Ok(()),
            Err(error) => Err(error),
        }
    }

    /// Proves by a tree of pairs that no match within these capacities is better than the best, which it may improve.
    pub(super) fn tree(&mut self, capacities: &[u32]) -> Result<Vec<LevelNode>, Error> {
        let mut nodes = vec![LevelNode::Leaf(LevelPrices::default())];
        let mut open = vec![(0, Decided::default())];
        let ended = loop {
            let Some((node, decided)) = open.pop() else {
                break Ok(());
            };
            if let Err(error) = self.decide(&decided) {
                break Err(error);
            }
            let within = Within::Capacities(capacities);
            let Evaluated {
                prices,
                bound,
                duals,
            } = match self.evaluate(within, &decided) {
                Ok(evaluated) => evaluated,
                Err(error) => break Err(error),
            };
            if !self.is_open(bound) {
                nodes[node] = LevelNode::Leaf(prices);
                continue;
            }
            let Some(split) = self.split(&duals, &decided) else {
                break Err(Error::new(
                    ErrorKind::Solver,
                    "everything is decided and the bound is open: this is a fault in nearpeer, please report it",
                ));
            };
            let (left_out, chosen) = (nodes.len(), nodes.len() + 1);
            nodes[node] = split.node(left_out, chosen);
            for (node, yes) in [(left_out, false), (chosen, true)] {
                nodes.push(LevelNode::Leaf(LevelPrices::default()));
                let mut decided = decided.clone();
                decided.insert(split, yes);
                open.push((node, decided));
            }
            if nodes.len() > MAX_NODES {
                break Err(Error::new(ErrorKind::Limit, "the proof tree is too large"));
            }
        };
        self.decide(&Decided::default())?;
        ended.map(|()| nodes)
    }

    /// Has the linear program keep to what is decided.
    fn decide(&mut self, decided: &Decided) -> Result<(), Error> {
        let program = &self.part.program;
        let modes = self.part.modes.count();
        self.master.decide_parts(self.bonus, |role, ix, mode| {
            let of_mode = match role {
                Role::Mentor if modes > 1 => decided.is_in(ix, mode),
                _ => None,
            };
            of_mode.or_else(|| decided.takes_part(role, ix))
        })?;
        self.master.decide(program, self.bonus, |pair| {
            if decided.is_empty() {
                return None;
            }
            let is_out = decided.leaves_out(pair.mentee, pair.mentor);
            if is_out || !decided.may_be_in(pair.mentor, pair.mode) {
                return Some(false);
            }
            let of_pair = decided.pair(pair.mentee, pair.mentor)?;
            let may_meet = of_pair.may_meet(pair.place);
            of_pair
                .chosen
                .filter(|_| may_meet)
                .or((!may_meet).then_some(false))
        })
    }

    /// How much of each pair the linear program chooses.
    fn parts(&self, duals: &Duals) -> BTreeMap<(u32, u32), f64> {
        let mut parts: BTreeMap<(u32, u32), f64> = BTreeMap::new();
        for (pair, part) in self.master.columns().iter().zip(&duals.chosen) {
            if *part > 1e-9 {
                *parts.entry((pair.mentee, pair.mentor)).or_default() += part;
            }
        }
        parts
    }

    /// Whether the linear program leaves out a part of what is decided to be chosen.
    fn misses(&self, duals: &Duals, decided: &Decided) -> bool {
        const WHOLE: f64 = 1.0 - 1e-6;
        if decided.is_empty() {
            return false;
        }
        let parts = self.parts(duals);
        let mut pairs = decided.chosen();
        let takes_part = takes_part(duals);
        let mut people = takes_part.iter();
        let mut modes = duals.parts.iter();
        pairs.any(|pair| parts.get(&pair).copied().unwrap_or(0.0) < WHOLE)
            || people.any(|((role, ix), part)| {
                *part < WHOLE && decided.takes_part(*role, *ix) == Some(true)
            })
            || modes.any(|(role, ix, mode, part)| {
                let is_mentor = *role == Role::Mentor && self.part.modes.count() > 1;
                *part < WHOLE && is_mentor && decided.is_in(*ix as u32, *mode) == Some(true)
            })
    }

    /// What the linear program decides the least: whether somebody takes part at all, where that counts by itself, then
    /// a mentor's mode, a pair, and where a pair meets. Anything that is undecided if it decides all.
    fn split(&self, duals: &Duals, decided: &Decided) -> Option<Split> {
        let distance = |part: f64| (part - 0.5).abs();
        let is_open = |part: f64| distance(part) < 0.5 - 1e-6;
        let parts = self.parts(duals);
        let takes_part = takes_part(duals);
        let people = takes_part.iter().map(|(&(role, ix), part)| {
            let is_decided = decided.takes_part(role, ix).is_some();
            (Split::Person(role, ix), *part, is_decided)
        });
        let modes = duals.parts.iter().filter(|(role, ..)| {
            // A mentee has one mode, and so may mentors.
            *role == Role::Mentor && self.part.modes.count() > 1
        });
        let modes = modes.map(|(_, ix, mode, part)| {
            let is_decided = decided.is_in(*ix as u32, *mode).is_some();
            (Split::Mode(*ix as u32, *mode), *part, is_decided)
        });
        let pairs = parts.iter().map(|(&(mentee, mentor), part)| {
            let of_pair = decided.pair(mentee, mentor);
            let is_decided = of_pair.is_some_and(|of_pair| of_pair.chosen.is_some())
                || decided.leaves_out(mentee, mentor);
            (Split::Pair(mentee, mentor), *part, is_decided)
        });
        let columns = self.master.columns().iter();
        let chosen = duals.chosen.iter().copied().chain(std::iter::repeat(0.0));
        let places = columns.zip(chosen).filter(|_| self.part.has_places);
        let places = places.map(|(pair, part)| {
            let of_pair = decided.pair(pair.mentee, pair.mentor);
            let is_placed =
                |of_pair: &OfPair| of_pair.at.is_some() || !of_pair.may_meet(pair.place);
            let is_decided =
                of_pair.is_some_and(is_placed) || decided.leaves_out(pair.mentee, pair.mentor);
            let split = Split::Place(pair.mentee, pair.mentor, pair.place);
            (split, part, is_decided)
        });
        let nearest = |all: &mut dyn Iterator<Item = (Split, f64, bool)>| {
            let open = all.filter(|(_, part, is_decided)| !is_decided && is_open(*part));
            open.min_by(|a, b| distance(a.1).total_cmp(&distance(b.1)))
                .map(|(split, ..)| split)
        };
        nearest(&mut people.clone())
            .or_else(|| nearest(&mut modes.clone()))
            .or_else(|| nearest(&mut pairs.clone()))
            .or_else(|| nearest(&mut places.clone()))
            .or_else(|| {
                let mut all = people.chain(modes).chain(pairs).chain(places);
                all.find(|(.., is_decided)| !is_decided)
                    .map(|(split, ..)| split)
            })
    }

    /// The proof as far as it came, with the prices that it needs.
    fn end(self, trees: Vec<CapacityProof>) -> Ended {
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
            staffings = self.staffings.proof(&self);
            for node in &staffings {
                if let StaffNode::Leaf(prices) = node {
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
            if let StaffNode::Leaf(prices) = node {
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

/// How much everybody takes part of whom that is asked.
fn takes_part(duals: &Duals) -> BTreeMap<(Role, u32), f64> {
    let mut people: BTreeMap<(Role, u32), f64> = BTreeMap::new();
    for (role, ix, _, part) in &duals.parts {
        *people.entry((*role, *ix as u32)).or_default() += part;
    }
    people
}
