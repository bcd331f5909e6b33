//! A tree over where leaders are, for more staffings than are listed.
//!
//! With leaders' seats as variables between 0 and 1, the linear program of a level bounds all staffings at once. A dive
//! rounds the seats of some leaders after the other to a first staffing, which trading single leaders' seats
//! improves. Then the node with the greatest bound is split, on a seat that the linear program leaves undecided.

use super::decided::Decided;
use super::stage::{Evaluated, Stage, Within};
use crate::certificate::stages::{CapacityProof, StaffNode};
use crate::error::Error;
use crate::program::Staffed;

/// Linear programs that a tree may take, times their columns.
const MOST_WORK: usize = 5_000_000;

/// Linear programs, times their columns, in which the gap has to become smaller by a tenth for a tree to go on.
const STRETCH: usize = 1_500_000;

/// Staffings that differ from the best by one leader and are looked at without gain, before the search for a better one
/// ends.
const TRIES: usize = 12;

/// Staffings of the levels before that are looked at again.
const FROM_BEFORE: usize = 4;

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
    /// What is decided, and what follows from that.
    decided: Staffed,
    bound: i128,
    /// The prices that say so.
    cut: usize,
    state: State,
}

enum State {
    /// Nothing but the bound of the node above is known.
    New,
    /// No prices so far close it.
    Known,
    /// Its linear program is solved; the seat on which it is to be split, if one is undecided.
    Looked(Option<usize>),
    /// Nothing is left to be done.
    Closed,
    Split {
        seat: usize,
        /// The first of two nodes.
        elsewhere: usize,
    },
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

    /// The tree with the numbers of prices.
    pub(super) fn proof(&self, stage: &Stage) -> Vec<StaffNode> {
        let seats = stage.part.meetings.staffing.seats();
        let nodes = self.nodes.iter().map(|node| match node.state {
            State::Split { seat, elsewhere } => StaffNode::Leader {
                leader: stage.part.leader(seats[seat].team),
                place: seats[seat].place,
                elsewhere,
                there: elsewhere + 1,
            },
            _ => StaffNode::Leaf(node.cut),
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
        let root = self.evaluate(stage, Within::Staffed(&Staffed::new()))?;
        self.nodes.push(Node {
            decided: Staffed::new(),
            bound: root.bound,
            cut: stage.cuts.len() - 1,
            state: State::Looked(split(stage, &Staffed::new(), &root.duals.seats)),
        });
        let known = stage.candidates.capacities.len();
        for ix in known.saturating_sub(FROM_BEFORE)..known {
            let capacities = stage.candidates.capacities[ix].clone();
            self.look_within(stage, &capacities)?;
        }
        if stage.is_open(root.bound) {
            self.dive(stage, &root.duals.seats)?;
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
            State::New => {
                let node = &mut self.nodes[ix];
                for (number, cut) in stage.cuts.iter().enumerate() {
                    let bound = cut.fixed + stage.part.most(&cut.prices, &node.decided);
                    if bound < node.bound {
                        (node.bound, node.cut) = (bound, number);
                    }
                }
                node.state = State::Known;
            }
            State::Known => {
                let decided = self.nodes[ix].decided.clone();
                let looked = self.evaluate(stage, Within::Staffed(&decided))?;
                let node = &mut self.nodes[ix];
                if looked.bound < node.bound {
                    (node.bound, node.cut) = (looked.bound, stage.cuts.len() - 1);
                }
                node.state = State::Looked(split(stage, &decided, &looked.duals.seats));
                if stage.is_open(looked.bound) && is_whole(&looked.duals.seats) {
                    let placed = stage.part.meetings.staffing.nearest(&looked.duals.seats);
                    self.look_at(stage, placed)?;
                }
            }
            State::Looked(Some(seat)) => {
                let elsewhere = self.nodes.len();
                for is_there in [false, true] {
                    let decided = &self.nodes[ix].decided;
                    let staffing = &stage.part.meetings.staffing;
                    self.nodes.push(Node {
                        decided: staffing.decide(decided, seat, is_there),
                        state: State::New,
                        ..self.nodes[ix]
                    });
                }
                self.nodes[ix].state = State::Split { seat, elsewhere };
                // What is decided is with the two nodes.
                self.nodes[ix].decided.clear();
            }
            State::Looked(None) => {
                let staffing = &stage.part.meetings.staffing;
                let placed = staffing.placed(&self.nodes[ix].decided);
                let capacities = staffing.held(&placed);
                self.look_at(stage, placed)?;
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

    /// Rounds the seats of a quarter of the open leaders after the other, and improves the staffing that this comes to.
    fn dive(&mut self, stage: &mut Stage, seats: &[f64]) -> Result<(), Error> {
        let mut seats = seats.to_vec();
        let mut decided = Staffed::new();
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
                    decided.insert(ix, whole[&ix]);
                }
            }
            let next = self.evaluate(stage, Within::Staffed(&decided))?;
            if !stage.is_open(next.bound) {
                return Ok(());
            }
            seats = next.duals.seats;
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

/// The undecided seat that the linear program leaves the most open; one that it takes, if it leaves none open.
fn split(stage: &Stage, decided: &Staffed, seats: &[f64]) -> Option<usize> {
    let open = seats.iter().enumerate();
    let open = open.filter(|(ix, _)| !decided.contains_key(ix));
    let by = |(ix, taken): &(usize, &f64)| {
        let pairs = stage.part.meetings.staffing.seats()[*ix].pairs;
        let between = taken.min(1.0 - **taken);
        if between > NEAR {
            between * f64::from(pairs)
        } else {
            // Seats that are taken before those that are not.
            **taken * NEAR
        }
    };
    let split = open.max_by(|a, b| by(a).total_cmp(&by(b)).then(b.0.cmp(&a.0)));
    split.map(|(ix, _)| ix)
}
