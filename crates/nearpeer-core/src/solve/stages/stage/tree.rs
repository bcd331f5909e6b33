//! The tree that closes what linear programs leave open.

use std::collections::BTreeMap;

use super::super::decided::{Decided, OfPair, Split};
use super::{Evaluated, MAX_NODES, Stage, Within};
use crate::certificate::stages::{LevelNode, LevelPrices};
use crate::error::{Error, ErrorKind};
use crate::program::master::Duals;
use crate::roster::Role;

impl Stage<'_> {
    /// Proves by a tree of pairs that no match within these capacities is better than the best, which it may improve.
    pub(in crate::solve::stages) fn tree(
        &mut self,
        capacities: &[u32],
    ) -> Result<Vec<LevelNode>, Error> {
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
    pub(super) fn decide(&mut self, decided: &Decided) -> Result<(), Error> {
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
    pub(super) fn misses(&self, duals: &Duals, decided: &Decided) -> bool {
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
}

/// How much everybody takes part of whom that is asked.
fn takes_part(duals: &Duals) -> BTreeMap<(Role, u32), f64> {
    let mut people: BTreeMap<(Role, u32), f64> = BTreeMap::new();
    for (role, ix, _, part) in &duals.parts {
        *people.entry((*role, *ix as u32)).or_default() += part;
    }
    people
}
