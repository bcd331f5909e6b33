//! A tree over where leaders are, for more staffings than are listed.
//!
//! With leaders' seats as variables between 0 and 1, the linear program of a level bounds all staffings at once. A dive
//! rounds the seats of some leaders after the other to a first staffing, which trading single leaders' seats
//! improves. Then the node with the greatest bound is split, on how many leaders of a crew there are: whether one leader
//! is at a place says little where others can stand in.

use std::collections::BTreeMap;

use super::decided::Decided;
use super::stage::{Evaluated, Looked, Stage, Within};
use crate::certificate::Level;
use crate::certificate::stages::{CapacityProof, CrewPrice, StaffNode};
use crate::error::Error;
use crate::program::{Crew, CrewPrices, Staffed};

/// Linear programs that a tree may take, times their columns.
const MOST_WORK: usize = 5_000_000;

/// Linear programs, times their columns, in which the gap has to become smaller by a tenth for a tree to go on.
const STRETCH: usize = 1_500_000;

/// Staffings that differ from the best by one leader and are looked at without gain, before the search for a better one
/// ends.
const TRIES: usize = 12;

/// Staffings of the levels before that are looked at again.
const FROM_BEFORE: usize = 4;

/// Of how many linear programs without a pass over the pairs the work counts as that of one with it.
const WITHOUT_PASS: usize = 3;

/// By what part of its value, one in so many, the best match may be below the bound before the integer program with seats is asked.
const FAR: i128 = 100;

/// Nodes in which the integer program with seats looks for a match.
const SEAT_NODES: i32 = 100;

/// Dead ends after which nobody looks further for a staffing that has what a node can have at most.
const DEAD_ENDS: usize = 1_000;

/// How near to whole is whole.
const NEAR: f64 = 1e-6;

/// The tree.
#[derive(Default)]
pub(super) struct Staffings {
    nodes: Vec<Node>,
    /// The bound without any node.
    greatest: i128,
    work: usize,
}

struct Node {
    decided: Staffed,
    bound: i128,
    /// The prices that say so.
    cut: usize,
    /// And those of crews of whom so many are decided.
    crews: CrewPrices,
    state: State,
}

enum State {
    /// No prices so far close it.
    Known,
    /// Its linear program is solved; where it is to be split, if any crew is undecided.
    Looked(Option<Split>),
    /// Nothing is left to be done.
    Closed,
    Split {
        by: Split,
        /// The first of two nodes.
        fewer: usize,
    },
}

impl Node {
    /// One of the two nodes into which this one is split, with the least bound that prices so far prove.
    fn below(&self, stage: &Stage, decided: Staffed) -> Self {
        // Those of this node prove no more than here.
        let own = (self.cut, self.crews.clone());
        let all = stage.cuts.iter().enumerate();
        let all = all.map(|(ix, cut)| (ix, decided.paid(&cut.crews)));
        let proven = std::iter::once(own).chain(all).map(|(ix, crews)| {
            let cut = &stage.cuts[ix];
            let most = stage.part.most(&cut.prices, &crews, &decided);
            (cut.fixed + most, ix, crews)
        });
        let least = proven.min_by_key(|(bound, ..)| *bound);
        let (bound, cut, crews) = least.expect("at least the node's own");
        Self {
            decided,
            bound,
            cut,
            crews,
            state: State::Known,
        }
    }
}

/// At most so many leaders of a crew, or more.
#[derive(Clone, Copy)]
struct Split {
    crew: Crew,
    most: u32,
}

impl Staffings {
    /// A tree without nodes; `greatest` is what no match exceeds.
    pub(super) fn new(greatest: i128) -> Self {
        Self {
            greatest,
            ..Self::default()
        }
    }

    /// The bound of all staffings.
    pub(super) fn bound(&self) -> i128 {
        let ends = self
            .nodes
            .iter()
            .filter(|node| !matches!(node.state, State::Split { .. }));
        ends.map(|node| node.bound).max().unwrap_or(self.greatest)
    }

    /// Has trees of pairs speak for all open nodes that can have no more anywhere than what they were made for, as the checker
    /// does.
    pub(super) fn cover(&mut self, stage: &Stage, trees: &[CapacityProof]) {
        let closed = (i128::from(stage.value()) + 1) * stage.unit() - 1;
        let open = self
            .nodes
            .iter_mut()
            .filter(|node| !matches!(node.state, State::Split { .. }) && node.bound > closed);
        for node in open {
            let most = stage.part.meetings.staffing.at_most(&node.decided);
            let covers = |tree: &CapacityProof| {
                let mut all = most.iter().zip(&tree.capacities);
                all.all(|(most, held)| most <= held)
            };
            if trees.iter().any(covers) {
                node.bound = closed;
            }
        }
    }

    /// The tree with the numbers of prices.
    pub(super) fn proof(&self) -> Vec<StaffNode> {
        let nodes = self.nodes.iter().map(|node| match node.state {
            State::Split { by, fewer } => StaffNode::Crew {
                place: by.crew.place,
                pairs: by.crew.pairs,
                most: by.most,
                fewer,
                more: fewer + 1,
            },
            _ => {
                let crews = node.crews.iter().map(|(crew, price)| CrewPrice {
                    place: crew.place,
                    pairs: crew.pairs,
                    price: *price,
                });
                StaffNode::Leaf {
                    prices: node.cut,
                    crews: crews.collect(),
                }
            }
        });
        nodes.collect()
    }

    /// Looks for the best match, and closes the tree as far as the work goes.
    ///
    /// # Errors
    /// The interrupt's, or [`ErrorKind::Solver`](crate::ErrorKind::Solver).
    pub(super) fn search(
        &mut self,
        stage: &mut Stage,
        trees: &mut Vec<CapacityProof>,
    ) -> Result<(), Error> {
        let nothing = Staffed::default();
        let root = self.evaluate(stage, Within::Staffed(&nothing))?;
        self.nodes.push(Node {
            bound: root.bound,
            cut: stage.cuts.len() - 1,
            crews: CrewPrices::new(),
            state: State::Looked(split(stage, &nothing, &root.duals.seats)),
            decided: nothing,
        });
        let known = stage.candidates.capacities.len();
        for ix in known.saturating_sub(FROM_BEFORE)..known {
            let capacities = stage.candidates.capacities[ix].clone();
            self.look_within(stage, &capacities)?;
        }
        if stage.is_open(root.bound) {
            self.dive(stage, &root.duals.seats)?;
        }
        // What is promised is kept or not: a match that keeps more of it is of little use beside one that keeps all.
        let is_far = stage.gap(root.bound) > i128::from(stage.value().max(0)) * stage.unit() / FAR;
        if is_far && stage.level != Level::Obligations && stage.is_open(root.bound) {
            stage.choose_with_seats(&root, SEAT_NODES)?;
        }
        self.close(stage, trees)
    }

    /// Splits nodes until none is open, so much work is done, or it gets nowhere.
    fn close(&mut self, stage: &mut Stage, trees: &mut Vec<CapacityProof>) -> Result<(), Error> {
        let mut stretch = (self.work, stage.gap(self.bound()));
        while self.work < MOST_WORK
            && let Some(ix) = self.next(stage)
        {
            stage.interrupt.check()?;
            if self.work > stretch.0 + STRETCH {
                let gap = stage.gap(self.bound());
                if gap > stretch.1 / 10 * 9 {
                    break;
                }
                stretch = (self.work, gap);
            }
            self.advance(stage, ix, trees)?;
        }
        Ok(())
    }

    /// The node with the greatest bound in whole units, if that is above the best match; of equal ones the last, which
    /// is the deepest.
    fn next(&self, stage: &Stage) -> Option<usize> {
        let open = self.nodes.iter().enumerate().filter(|(_, node)| {
            !matches!(node.state, State::Split { .. } | State::Closed) && stage.is_open(node.bound)
        });
        let next = open.max_by_key(|(ix, node)| (node.bound.div_euclid(stage.unit()), *ix));
        next.map(|(ix, _)| ix)
    }

    /// Takes a node one step further.
    fn advance(
        &mut self,
        stage: &mut Stage,
        ix: usize,
        trees: &mut Vec<CapacityProof>,
    ) -> Result<(), Error> {
        match self.nodes[ix].state {
            State::Known => {
                let decided = self.nodes[ix].decided.clone();
                let looked = self.look(stage, &decided, self.nodes[ix].bound)?;
                let node = &mut self.nodes[ix];
                if let Some(bound) = looked.bound.filter(|bound| *bound < node.bound) {
                    (node.bound, node.cut) = (bound, stage.cuts.len() - 1);
                    node.crews = decided.paid(&stage.cuts[node.cut].crews);
                }
                node.state = State::Looked(split(stage, &decided, &looked.seats));
                if stage.is_open(node.bound) && is_whole(&looked.seats) {
                    let placed = stage.part.meetings.staffing.nearest(&looked.seats);
                    self.look_at(stage, placed)?;
                }
            }
            State::Looked(Some(by)) => {
                let fewer = self.nodes.len();
                for is_more in [false, true] {
                    let decided = &self.nodes[ix].decided;
                    let decided = decided.counted(by.crew, by.most, is_more);
                    let node = self.nodes[ix].below(stage, decided);
                    self.nodes.push(node);
                }
                self.nodes[ix].state = State::Split { by, fewer };
                // What is decided is with the two nodes.
                self.nodes[ix].decided = Staffed::default();
            }
            State::Looked(None) => {
                let staffing = &stage.part.meetings.staffing;
                let capacities = staffing.at_most(&self.nodes[ix].decided);
                if let Some(placed) = staffing.place_leaders(&capacities, DEAD_ENDS) {
                    self.look_at(stage, placed)?;
                }
                if stage.is_open(self.nodes[ix].bound) {
                    let nodes = stage.tree(&capacities)?;
                    trees.push(CapacityProof {
                        capacities: capacities.into(),
                        nodes,
                    });
                }
                let node = &mut self.nodes[ix];
                node.bound = node
                    .bound
                    .min((i128::from(stage.value()) + 1) * stage.unit() - 1);
                node.state = State::Closed;
            }
            State::Closed | State::Split { .. } => {}
        }
        Ok(())
    }

    fn evaluate(&mut self, stage: &mut Stage, within: Within) -> Result<Evaluated, Error> {
        let evaluated = stage.evaluate(within, &Decided::default())?;
        self.work += stage.master.columns().len();
        Ok(evaluated)
    }

    /// As [`evaluate`](Self::evaluate) for so much that is decided; no pass over the pairs where that would prove about as
    /// much as is known.
    fn look(&mut self, stage: &mut Stage, decided: &Staffed, known: i128) -> Result<Looked, Error> {
        let looked = stage.look(decided, known)?;
        let work = stage.master.columns().len();
        self.work += match looked.bound {
            Some(_) => work,
            None => work / WITHOUT_PASS,
        };
        Ok(looked)
    }

    /// Rounds the seats of a quarter of the open leaders after the other, and improves the staffing that this comes to.
    fn dive(&mut self, stage: &mut Stage, seats: &[f64]) -> Result<(), Error> {
        let mut seats = seats.to_vec();
        let mut decided = Staffed::default();
        loop {
            let staffing = &stage.part.meetings.staffing;
            let placed = staffing.nearest(&seats);
            let open = staffing.undecided(&decided);
            if open.is_empty() || is_whole(&seats) {
                return self.improve(stage, placed);
            }
            let whole = staffing.as_decided(&placed);
            let off = |team: usize| -> f64 {
                let own = staffing.seats().iter().zip(&seats).enumerate();
                let own = own.filter(|(_, (seat, _))| seat.team == team);
                own.map(|(ix, (_, taken))| (f64::from(u8::from(whole[&ix])) - taken).abs())
                    .sum()
            };
            let mut open: Vec<(f64, usize)> =
                open.into_iter().map(|team| (off(team), team)).collect();
            open.sort_by(|a, b| a.0.total_cmp(&b.0).then(a.1.cmp(&b.1)));
            open.truncate(open.len().div_ceil(4));
            for (ix, seat) in staffing.seats().iter().enumerate() {
                if open.iter().any(|(_, team)| *team == seat.team) {
                    decided.seats.insert(ix, whole[&ix]);
                }
            }
            let next = self.look(stage, &decided, self.bound())?;
            if next.bound.is_some_and(|bound| !stage.is_open(bound)) {
                return Ok(());
            }
            seats = next.seats;
        }
    }

    /// Looks at a staffing, and at those near to it that prices promise more of.
    fn improve(&mut self, stage: &mut Stage, mut placed: Vec<Vec<usize>>) -> Result<(), Error> {
        let Some(mut best) = self.look_at(stage, placed.clone())? else {
            return Ok(());
        };
        let mut tries = 0;
        'better: while tries < TRIES && stage.is_open(self.bound()) {
            let staffing = &stage.part.meetings.staffing;
            for near in staffing.trades(&placed, &best.prices.places) {
                let Some(looked) = self.look_at(stage, near.clone())? else {
                    continue;
                };
                tries += 1;
                if looked.bound > best.bound {
                    (placed, best, tries) = (near, looked, 0);
                    continue 'better;
                }
                if tries >= TRIES {
                    break 'better;
                }
            }
            break;
        }
        Ok(())
    }

    /// Looks at one staffing; `None` if it was looked at before.
    fn look_at(
        &mut self,
        stage: &mut Stage,
        placed: Vec<Vec<usize>>,
    ) -> Result<Option<Evaluated>, Error> {
        let capacities = stage.part.meetings.staffing.held(&placed);
        if stage.candidates.add(capacities.clone(), placed).is_none() {
            return Ok(None);
        }
        self.look_within(stage, &capacities).map(Some)
    }

    fn look_within(&mut self, stage: &mut Stage, capacities: &[u32]) -> Result<Evaluated, Error> {
        let looked = self.evaluate(stage, Within::Capacities(capacities))?;
        if stage.is_open(looked.bound) {
            stage.choose_of(capacities, &looked.duals.chosen)?;
        }
        Ok(looked)
    }
}

fn is_whole(seats: &[f64]) -> bool {
    let mut seats = seats.iter();
    seats.all(|taken| *taken < NEAR || *taken > 1.0 - NEAR)
}

/// Where the linear program leaves the number of a crew's leaders the most open; a crew of whom it is undecided, if it
/// leaves none open.
fn split(stage: &Stage, decided: &Staffed, seats: &[f64]) -> Option<Split> {
    let crews = stage.part.meetings.staffing.crews();
    let ranges = ranges(crews, decided);
    let open = crews.iter().zip(&ranges);
    let open = open.filter(|(_, (least, most))| least < most);
    let splits = open.map(|((crew, own), (least, most))| {
        let count: f64 = own.iter().map(|seat| seats[*seat]).sum();
        let below = (count + NEAR).floor();
        let between = (count - below).min(1.0 - (count - below));
        let is_open = between > NEAR;
        // Of a whole number, what is below it is left aside first.
        let below = if is_open { below } else { below - 1.0 };
        let split = Split {
            crew: *crew,
            // No more than 2^32 leaders are there.
            most: (below.max(0.0) as u32).clamp(*least, *most - 1),
        };
        // Of the crews of a place the outer ones first: nobody else can stand in.
        let all = stage.part.meetings.staffing.seats();
        let greatest = own.iter().map(|seat| all[*seat].pairs).max();
        let weight = match is_open {
            true => between * f64::from(greatest.unwrap_or(0)),
            // Crews that are there before those that are not.
            false => count.min(1.0) * NEAR,
        };
        (weight, split)
    });
    let best = splits.max_by(|a, b| a.0.total_cmp(&b.0).then_with(|| b.1.crew.cmp(&a.1.crew)));
    best.map(|(_, split)| split)
}

/// How many there may be of every crew, where those of a place are within one another.
fn ranges(crews: &BTreeMap<Crew, Vec<usize>>, decided: &Staffed) -> Vec<(u32, u32)> {
    let all = crews.iter();
    let all = all.map(|(crew, own)| decided.range(*crew, own.len() as u32));
    let mut ranges: Vec<(u32, u32)> = all.collect();
    let places: Vec<usize> = crews.keys().map(|crew| crew.place).collect();
    for ix in 1..ranges.len() {
        if places[ix] == places[ix - 1] {
            ranges[ix].1 = ranges[ix].1.min(ranges[ix - 1].1);
        }
    }
    for ix in (1..ranges.len()).rev() {
        if places[ix] == places[ix - 1] {
            ranges[ix - 1].0 = ranges[ix - 1].0.max(ranges[ix].0);
        }
    }
    ranges
}
