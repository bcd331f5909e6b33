//! The network of a restricted program: a circulation of greatest profit, kept optimal in exact integers
//! while columns are added.
//!
//! Units flow root -> mentee -> mentor -> root. Every node has a potential, and the reduced profit of an
//! arc is `profit + potential(to) - potential(from)`. A circulation is optimal when no arc with room has a
//! positive reduced profit and no arc with flow a negative one. A change of columns or prices breaks that
//! for a few arcs; those are filled or emptied at once, and the excess that this leaves is led along
//! shortest paths (by reduced profit) to where units are missing. Source: Ahuja, Magnanti and Orlin,
//! *Network Flows* (1993), ch. 9.7 (successive shortest paths) and 9.9 (relaxation of prices).

mod canonical;
mod reweigh;
mod search;

use std::cmp::Reverse;

use crate::certificate::Prices;
use crate::error::Error;
use crate::interrupt::Interrupt;
use crate::program::{Decision, IntegerProgram};
use search::{NO_ARC, Search};

#[derive(Debug, Clone, Copy)]
struct Arc {
    from: u32,
    to: u32,
    room: u32,
    flow: u32,
    profit: i128,
    /// Decided for good while ties are broken.
    frozen: bool,
}

/// Node 0 is the root; mentees and mentors follow.
const ROOT: usize = 0;

pub(super) struct Network {
    mentees: usize,
    arcs: Vec<Arc>,
    /// The arcs at each node, in and out, but for the columns at a mentor.
    at: Vec<Vec<u32>>,
    /// The columns with flow at each mentor's node: of a mentor's many columns only these lead anywhere.
    held: Vec<Vec<u32>>,
    potential: Vec<i128>,
    /// Units that come in less those that go out.
    excess: Vec<i64>,
    /// The columns of each mentee: (mentor, arc), ascending.
    columns: Vec<Vec<(u32, u32)>>,
    /// The arcs from each mentor to the root.
    supply: Vec<Vec<u32>>,
    search: Search,
}

impl Network {
    /// The network without columns.
    pub(super) fn new(program: &IntegerProgram) -> Self {
        let (mentees, mentors) = (program.mentees.len(), program.mentors.len());
        let nodes = 1 + mentees + mentors;
        let mut network = Self {
            mentees,
            arcs: Vec::new(),
            at: vec![Vec::new(); nodes],
            held: vec![Vec::new(); nodes],
            potential: vec![0; nodes],
            excess: vec![0; nodes],
            columns: vec![Vec::new(); mentees],
            supply: vec![Vec::new(); mentors],
            search: Search {
                distance: vec![0; nodes],
                parent: vec![NO_ARC; nodes],
                seen: vec![0; nodes],
                done: vec![0; nodes],
                ..Search::default()
            },
        };
        let levels = &program.levels;
        for (ix, mentee) in program.mentees.iter().enumerate() {
            let first = levels.coverage(mentee.tier);
            let mut slopes = Vec::new();
            if mentee.max > 0 {
                let promised = mentee.min.min(mentee.max);
                let obligation = if promised > 0 { levels.obligation() } else { 0 };
                slopes.push((1, first + obligation));
                slopes.push((promised.saturating_sub(1), obligation));
                slopes.push((mentee.max - promised.max(1), 0));
            }
            for (room, profit) in slopes.into_iter().filter(|(room, _)| *room > 0) {
                let node = network.mentee(ix);
                network.arc(ROOT, node, room, profit);
            }
            network.potential[1 + ix] = -(first + levels.obligation());
        }
        for ix in 0..mentors {
            network.open_supply(program, ix, Decision::Either);
        }
        network
    }

    fn mentee(&self, ix: usize) -> usize {
        1 + ix
    }

    fn mentor(&self, ix: usize) -> usize {
        1 + self.mentees + ix
    }

    fn arc(&mut self, from: usize, to: usize, room: u32, profit: i128) -> u32 {
        let id = self.arcs.len() as u32;
        self.arcs.push(Arc {
            from: from as u32,
            to: to as u32,
            room,
            flow: 0,
            profit,
            frozen: false,
        });
        self.at[from].push(id);
        if !self.is_column(id) {
            self.at[to].push(id);
        }
        id
    }

    fn is_column(&self, id: u32) -> bool {
        let arc = &self.arcs[id as usize];
        arc.from as usize != ROOT && arc.to as usize != ROOT
    }

    fn set_flow(&mut self, id: u32, flow: u32) {
        let to = self.arcs[id as usize].to as usize;
        let before = std::mem::replace(&mut self.arcs[id as usize].flow, flow);
        if self.is_column(id) && before != flow {
            let held = &mut self.held[to];
            if flow > 0 {
                held.push(id);
            } else {
                held.retain(|other| *other != id);
            }
        }
    }

    /// The arcs along which a unit at `node` may have somewhere to go.
    fn ways(&self, node: usize) -> impl Iterator<Item = u32> {
        self.at[node].iter().chain(&self.held[node]).copied()
    }

    fn reduced_profit(&self, arc: &Arc) -> i128 {
        arc.profit + self.potential[arc.to as usize] - self.potential[arc.from as usize]
    }

    /// Fills or empties an arc whose reduced profit says so.
    fn settle(&mut self, id: u32) {
        let arc = self.arcs[id as usize];
        let profit = self.reduced_profit(&arc);
        let flow = match profit.signum() {
            1 => arc.room,
            -1 => 0,
            _ => arc.flow.min(arc.room),
        };
        let change = i64::from(flow) - i64::from(arc.flow);
        self.excess[arc.to as usize] += change;
        self.excess[arc.from as usize] -= change;
        self.set_flow(id, flow);
    }

    /// Gives a mentor the arcs to the root that a decision allows.
    fn open_supply(&mut self, program: &IntegerProgram, ix: usize, decision: Decision) {
        let mentor = program.mentors[ix];
        let (min, max) = match decision {
            Decision::Closed => (0, 0),
            Decision::Open => (mentor.circle.max(mentor.min).min(mentor.max), mentor.max),
            Decision::Either => (mentor.min.min(mentor.max), mentor.max),
        };
        for (room, profit) in [(min, program.levels.obligation()), (max - min, 0)] {
            if room > 0 {
                let node = self.mentor(ix);
                let id = self.arc(node, ROOT, room, profit);
                self.supply[ix].push(id);
                self.settle(id);
            }
        }
    }

    /// Changes a mentor's decision; [`route`](Self::route) makes the circulation optimal again.
    pub(super) fn decide(&mut self, program: &IntegerProgram, ix: usize, decision: Decision) {
        let node = self.mentor(ix);
        for id in std::mem::take(&mut self.supply[ix]) {
            let arc = &mut self.arcs[id as usize];
            self.excess[node] += i64::from(arc.flow);
            self.excess[ROOT] -= i64::from(arc.flow);
            (arc.flow, arc.room) = (0, 0);
            self.at[node].retain(|other| *other != id);
            self.at[ROOT].retain(|other| *other != id);
        }
        self.open_supply(program, ix, decision);
    }

    /// Adds columns (mentor, weight) of a mentee that it does not have yet, and raises the mentee's price to what the best of
    /// them asks.
    pub(super) fn add_columns(
        &mut self,
        mentee: usize,
        new: impl IntoIterator<Item = (u32, i128)>,
    ) {
        let node = self.mentee(mentee);
        let mut price = self.potential[node];
        for (mentor, weight) in new {
            let to = self.mentor(mentor as usize);
            price = price.max(weight + self.potential[to]);
            let id = self.arc(node, to, 1, weight);
            let columns = &mut self.columns[mentee];
            let place = columns.partition_point(|(other, _)| *other < mentor);
            columns.insert(place, (mentor, id));
        }
        if price > self.potential[node] {
            self.potential[node] = price;
            for position in 0..self.at[node].len() {
                self.settle(self.at[node][position]);
            }
        }
    }

    /// Whether the mentee has a column for this mentor.
    pub(super) fn has_column(&self, mentee: usize, mentor: u32) -> bool {
        let columns = &self.columns[mentee];
        columns
            .binary_search_by_key(&mentor, |(other, _)| *other)
            .is_ok()
    }

    /// Leads all excess to where units are missing.
    ///
    /// # Errors
    /// The interrupt's, when it is time to stop; the circulation then is not whole.
    pub(super) fn route(&mut self, interrupt: &Interrupt) -> Result<(), Error> {
        for source in 0..self.at.len() {
            while self.excess[source] > 0 {
                interrupt.check()?;
                self.lead_away(source);
            }
        }
        Ok(())
    }

    /// Sends excess of `source` along a shortest path to the nearest node that misses units.
    fn lead_away(&mut self, source: usize) {
        let mut search = std::mem::take(&mut self.search);
        search.start(source);
        let target = loop {
            let Some(Reverse((distance, node))) = search.heap.pop() else {
                unreachable!("what comes in can always go back to where it came from");
            };
            let at = node as usize;
            if search.done[at] == search.round {
                continue;
            }
            search.done[at] = search.round;
            if self.excess[at] < 0 {
                break at;
            }
            search.scanned.push(node);
            for id in self.ways(at) {
                let arc = &self.arcs[id as usize];
                let profit = self.reduced_profit(arc);
                let (to, length, open) = if arc.from == node {
                    (arc.to, -profit, arc.flow < arc.room)
                } else {
                    (arc.from, profit, arc.flow > 0)
                };
                if open {
                    search.offer(to, distance + length, id);
                }
            }
        };
        let reached = search.distance[target];
        for &node in &search.scanned {
            self.potential[node as usize] += search.distance[node as usize] - reached;
        }
        let mut units = self.excess[source].min(-self.excess[target]);
        let path = search.path(&self.arcs, target);
        for &(id, forward) in &path {
            let arc = &self.arcs[id as usize];
            units = units.min(i64::from(if forward {
                arc.room - arc.flow
            } else {
                arc.flow
            }));
        }
        self.push(&path, units);
        self.excess[source] -= units;
        self.excess[target] += units;
        self.search = search;
    }

    fn push(&mut self, path: &[(u32, bool)], units: i64) {
        for &(id, forward) in path {
            let flow =
                i64::from(self.arcs[id as usize].flow) + if forward { units } else { -units };
            self.set_flow(
                id,
                u32::try_from(flow).expect("the path has this much room"),
            );
        }
    }

    /// The chosen pairs, ascending.
    pub(super) fn chosen(&self) -> impl Iterator<Item = (u32, u32)> {
        (0u32..).zip(&self.columns).flat_map(|(mentee, columns)| {
            let chosen = columns
                .iter()
                .filter(|(_, id)| self.arcs[*id as usize].flow > 0);
            chosen.map(move |(mentor, _)| (mentee, *mentor))
        })
    }

    /// Replaces the circulation by another that is as good, given by its pairs, ascending.
    pub(super) fn choose(&mut self, chosen: &[(u32, u32)]) {
        let mut loads = vec![0u32; self.at.len()];
        for mentee in 0..self.mentees {
            for position in 0..self.columns[mentee].len() {
                let (mentor, id) = self.columns[mentee][position];
                let flow = u32::from(chosen.binary_search(&(mentee as u32, mentor)).is_ok());
                self.set_flow(id, flow);
                loads[1 + mentee] += flow;
                loads[1 + self.mentees + mentor as usize] += flow;
            }
        }
        // A person's arcs from or to the root are stored in the order of their profits, the best first.
        for arc in &mut self.arcs {
            let (from, to) = (arc.from as usize, arc.to as usize);
            if from == ROOT || to == ROOT {
                let load = &mut loads[from.max(to)];
                arc.flow = arc.room.min(*load);
                *load -= arc.flow;
            }
        }
    }

    /// The mentors of a mentee's columns, ascending.
    pub(super) fn mentors_of(&self, mentee: usize) -> impl Iterator<Item = u32> {
        self.columns[mentee].iter().map(|(mentor, _)| *mentor)
    }

    /// How many mentees each mentor has.
    pub(super) fn load(&self, mentor: usize) -> u32 {
        self.supply[mentor]
            .iter()
            .map(|id| self.arcs[*id as usize].flow)
            .sum()
    }

    /// The duals of the circulation.
    pub(super) fn prices(&self) -> Prices {
        let root = self.potential[ROOT];
        let (mentees, mentors) = self.potential[1..].split_at(self.mentees);
        Prices {
            mentees: mentees.iter().map(|price| price - root).collect(),
            mentors: mentors.iter().map(|price| root - price).collect(),
            side: Vec::new(),
        }
    }
}
