//! None or at least k: a tree in which such a mentor is closed (no mentees) or open (k or more).
//!
//! Every node is solved as a network in which undecided mentors may have any load up to their maximum.
//! Where that bound does not settle it, the linear program with circles gives better prices (see
//! `program::relaxation`); where those do not settle it either, the node is split.

use super::at_hand::AtHand;
use super::network::{Network, Weight};
use super::{Solution, bound, converge, cut, scored, start, stored};
use crate::certificate::{Prices, ProofNode};
use crate::error::{Error, ErrorKind};
use crate::interrupt::Interrupt;
use crate::program::{Decision, IntegerProgram, solve_model};
use crate::progress::Phase;
use crate::units::MentorIx;

/// Prices from a linear program are kept to this part of a unit of the combined objective.
const DENOMINATOR: i64 = 10_000;

/// Prices that a proof tree may hold, 16 bytes each; one that grows beyond is cut.
const MAX_PRICES: usize = 20_000_000;

/// Columns up to which the integer program is asked for an incumbent: HiGHS takes half a minute for as many.
#[cfg(feature = "highs")]
const MODEL_COLUMNS: usize = 50_000;

/// As above: microlp takes as long for far fewer.
#[cfg(not(feature = "highs"))]
const MODEL_COLUMNS: usize = 1_000;

/// Prices beyond this, 2^110, are noise.
#[cfg(feature = "highs")]
const FAR: f64 = 1.298_074_214_633_707e33;

/// Rounds of column generation on the linear program of one node.
#[cfg(feature = "highs")]
const ROUNDS: usize = 30;

struct Tree<'a, 'p> {
    program: &'a IntegerProgram<'p>,
    interrupt: &'a Interrupt,
    nodes: Vec<ProofNode>,
    /// Decisions that the network holds now.
    decisions: Vec<Decision>,
    /// The incumbent, and the best prices of the root so far: half a tree proves little more.
    best: AtHand,
    /// The greatest bound of the leaves so far, in the prices' units.
    bound: i128,
}

/// A node that is still to be looked at.
struct Open {
    node: usize,
    decisions: Vec<Decision>,
}

pub(super) fn solve<W: Weight>(
    program: &IntegerProgram,
    network: &mut Network<W>,
    interrupt: &Interrupt,
) -> Result<Solution, Error> {
    let undecided = vec![Decision::Either; program.mentors.len()];
    let mut tree = Tree {
        program,
        interrupt,
        nodes: vec![ProofNode::Leaf(Prices::default())],
        decisions: undecided.clone(),
        best: AtHand::new(program, DENOMINATOR),
        bound: i128::MIN,
    };
    match tree.grow(network, undecided) {
        Ok(()) => tree.finish(network),
        Err(error) if error.kind() == ErrorKind::Limit => Ok(cut(program, network, tree.best)),
        Err(error) => Err(error),
    }
}

impl Tree<'_, '_> {
    /// Visits nodes until all are settled.
    fn grow<W: Weight>(
        &mut self,
        network: &mut Network<W>,
        undecided: Vec<Decision>,
    ) -> Result<(), Error> {
        start(self.program, network, self.interrupt)?;
        let mut open = vec![Open {
            node: 0,
            decisions: undecided,
        }];
        while let Some(next) = open.pop() {
            open.extend(self.visit(network, &next)?);
            let people = self.program.mentees.len() + self.program.mentors.len();
            if self.nodes.len().saturating_mul(people) > MAX_PRICES {
                let message = "the proof tree has grown too large";
                return Err(Error::new(ErrorKind::Limit, message));
            }
        }
        Ok(())
    }

    /// Settles a node, or splits it in two.
    fn visit<W: Weight>(
        &mut self,
        network: &mut Network<W>,
        next: &Open,
    ) -> Result<Vec<Open>, Error> {
        self.move_to(network, &next.decisions);
        converge(self.program, network, self.interrupt, |_, _| Ok(()))?;
        self.interrupt.enter(Phase::Branch);
        let prices = scale(network.prices());
        let bound = self.bound_of(&next.decisions, &prices)?;
        let mut leaf = (prices, bound);
        self.keep_root(next, &leaf);
        let chosen = scored(self.program, network.chosen());
        if self.program.allows(&chosen) {
            self.best.offer(self.program, chosen);
        } else {
            self.dive(network, &next.decisions)?;
        }
        self.stand()?;
        let mut open = vec![0.0; next.decisions.len()];
        if self.is_open(leaf.1) {
            open = self.tighten(network, &next.decisions, &mut leaf)?;
            self.keep_root(next, &leaf);
            self.stand()?;
        }
        if self.is_open(leaf.1) && next.node == 0 {
            self.ask_model(network, &next.decisions)?;
            self.stand()?;
        }
        if !self.is_open(leaf.1) {
            self.bound = self.bound.max(leaf.1);
            self.nodes[next.node] = ProofNode::Leaf(leaf.0);
            return Ok(Vec::new());
        }
        let Some(mentor) = self.split(network, &next.decisions, &open) else {
            unreachable!(
                "without a circle that is too small, the network's solution settles the node"
            );
        };
        let child = |node: usize, decision: Decision| {
            let mut decisions = next.decisions.clone();
            decisions[mentor] = decision;
            Open { node, decisions }
        };
        let (closed, open) = (self.nodes.len(), self.nodes.len() + 1);
        self.nodes[next.node] = ProofNode::Branch {
            mentor: MentorIx::new(mentor),
            closed,
            open,
        };
        self.nodes.push(ProofNode::Leaf(Prices::default()));
        self.nodes.push(ProofNode::Leaf(Prices::default()));
        Ok(vec![
            child(closed, Decision::Closed),
            child(open, Decision::Open),
        ])
    }

    /// Keeps the prices of the root if they are the best so far.
    fn keep_root(&mut self, visited: &Open, (prices, bound): &(Prices, i128)) {
        if visited.node == 0 {
            self.best.prove(prices, *bound);
        }
    }

    /// Says how the incumbent stands against the root's bound.
    fn stand(&self) -> Result<(), Error> {
        if self.interrupt.wants_standing() {
            self.interrupt.stand(&self.best.levels(self.program))?;
        }
        Ok(())
    }

    fn move_to<W: Weight>(&mut self, network: &mut Network<W>, decisions: &[Decision]) {
        for (ix, &decision) in decisions.iter().enumerate() {
            if self.decisions[ix] != decision {
                network.decide(self.program, ix, decision);
                self.decisions[ix] = decision;
            }
        }
    }

    /// Looks for an incumbent: opens the circles that are at least half full, closes the others, leads the
    /// units to where that leaves room, and so on until every circle is decided. Each mentor is decided at
    /// most twice, so it ends.
    fn dive<W: Weight>(
        &mut self,
        network: &mut Network<W>,
        decisions: &[Decision],
    ) -> Result<(), Error> {
        let mut dived = decisions.to_vec();
        loop {
            let mut changed = false;
            for (ix, mentor) in self.program.mentors.iter().enumerate() {
                let load = network.load(ix);
                if load == 0 || load >= mentor.circle {
                    continue;
                }
                dived[ix] = match dived[ix] {
                    Decision::Either if 2 * load >= mentor.circle => Decision::Open,
                    _ => Decision::Closed,
                };
                changed = true;
            }
            if !changed {
                break;
            }
            self.move_to(network, &dived);
            network.route(usize::MAX, self.interrupt)?;
        }
        self.best
            .offer(self.program, scored(self.program, network.chosen()));
        self.move_to(network, decisions);
        network.route(usize::MAX, self.interrupt)?;
        Ok(())
    }

    /// Looks for a better incumbent by the integer program on the columns of the root, where it is small
    /// enough to be solved in seconds.
    fn ask_model<W: Weight>(
        &mut self,
        network: &mut Network<W>,
        decisions: &[Decision],
    ) -> Result<(), Error> {
        let columns = stored(self.program, network);
        if columns.iter().map(Vec::len).sum::<usize>() <= MODEL_COLUMNS {
            self.interrupt.enter(Phase::Linear);
            match solve_model(self.program, &columns, decisions, self.interrupt) {
                Ok(chosen) => self.best.offer(self.program, scored(self.program, chosen)),
                // Only a start: the tree finds the optimum without it.
                Err(error) if error.kind() == ErrorKind::Solver => {}
                Err(error) => return Err(error),
            }
        }
        Ok(())
    }

    /// Whether a bound, in the prices' units, leaves room for a match that is better than the incumbent by
    /// more than the caller accepts.
    fn is_open(&self, bound: i128) -> bool {
        let bound = bound.div_euclid(i128::from(DENOMINATOR));
        let levels = &self.program.levels;
        let accepted = || {
            let values = self.program.values(&self.best.chosen);
            self.interrupt.accepts(&levels.bounds(bound, &values))
        };
        bound > self.best.value && !levels.proves_infeasible(bound) && !accepted()
    }

    fn bound_of(&self, decisions: &[Decision], prices: &Prices) -> Result<i128, Error> {
        let none = |_, _| true;
        let interrupt = self.interrupt;
        let pricing = bound::of_circles(
            self.program,
            decisions,
            prices,
            DENOMINATOR,
            interrupt,
            none,
        )?;
        Ok(pricing.bound)
    }

    /// Looks for better prices by the linear program with circles; says how far that opens each circle.
    #[cfg(feature = "highs")]
    fn tighten<W: Weight>(
        &mut self,
        network: &mut Network<W>,
        decisions: &[Decision],
        leaf: &mut (Prices, i128),
    ) -> Result<Vec<f64>, Error> {
        use crate::program::relaxation;

        let mut open = vec![0.0; decisions.len()];
        for _ in 0..ROUNDS {
            self.interrupt.enter(Phase::Linear);
            let columns = stored(self.program, network);
            let relaxed = match relaxation::solve(self.program, &columns, decisions, self.interrupt)
            {
                Ok(relaxed) => relaxed,
                // A hint: where numbers are too large for floating point, the tree does without.
                Err(error) if error.kind() == ErrorKind::Solver => break,
                Err(error) => return Err(error),
            };
            let whole = |prices: Vec<f64>| -> Vec<i128> {
                let unit = DENOMINATOR as f64;
                let price = |price: f64| (price * unit).round().clamp(-FAR, FAR) as i128;
                prices.into_iter().map(price).collect()
            };
            let prices = Prices {
                mentees: whole(relaxed.mentees),
                mentors: whole(relaxed.mentors),
                ..Prices::default()
            };
            open = relaxed.open;
            let pricing = bound::of_circles(
                self.program,
                decisions,
                &prices,
                DENOMINATOR,
                self.interrupt,
                |mentee, mentor| network.has_column(mentee, mentor),
            )?;
            if pricing.bound < leaf.1 {
                *leaf = (prices, pricing.bound);
            }
            if !self.is_open(leaf.1) || pricing.violated.is_empty() {
                break;
            }
            for (mentee, columns) in pricing.violated {
                let narrow = |(mentor, weight)| (mentor, W::narrow(weight));
                let columns: Vec<_> = columns.into_iter().map(narrow).collect();
                network.add_columns(mentee as usize, &columns);
            }
        }
        network.route(usize::MAX, self.interrupt)?;
        Ok(open)
    }

    /// microlp gives no duals; the tree alone does the work.
    #[cfg(not(feature = "highs"))]
    #[allow(clippy::unused_self, clippy::unnecessary_wraps)]
    fn tighten<W: Weight>(
        &mut self,
        _: &mut Network<W>,
        decisions: &[Decision],
        _: &mut (Prices, i128),
    ) -> Result<Vec<f64>, Error> {
        Ok(vec![0.0; decisions.len()])
    }

    /// The undecided mentor whose circle the linear program leaves furthest from both closed and open; where
    /// it decides all of them, the one whose load in the network is furthest from both none and the least.
    fn split<W: Weight>(
        &self,
        network: &Network<W>,
        decisions: &[Decision],
        open: &[f64],
    ) -> Option<usize> {
        /// Below this a value of the linear program is 0 but for rounding.
        const FRACTIONAL: f64 = 1e-6;
        let undecided =
            |ix: &usize| decisions[*ix] == Decision::Either && self.program.mentors[*ix].circle > 0;
        let distance = |ix: usize| {
            let load = network.load(ix);
            load.min(self.program.mentors[ix].circle.saturating_sub(load))
        };
        let fraction = |ix: usize| {
            let fraction = open[ix].min(1.0 - open[ix]);
            if fraction > FRACTIONAL { fraction } else { 0.0 }
        };
        (0..decisions.len()).filter(undecided).max_by(|&a, &b| {
            let by_fraction = fraction(a).total_cmp(&fraction(b));
            by_fraction
                .then(distance(a).cmp(&distance(b)))
                .then(b.cmp(&a))
        })
    }

    /// The proof is whole. If the incumbent is not proven best, the caller accepts its gap; else, of the matches with the incumbent's circles, takes the canonical one.
    fn finish<W: Weight>(mut self, network: &mut Network<W>) -> Result<Solution, Error> {
        let values = self.program.values(&self.best.chosen);
        if !self.program.levels.is_feasible(&values) {
            return Ok(self.solution(false));
        }
        if self.bound.div_euclid(i128::from(DENOMINATOR)) > self.best.value {
            return Ok(self.solution(true));
        }
        let mut decisions = vec![Decision::Either; self.program.mentors.len()];
        for (ix, mentor) in self.program.mentors.iter().enumerate() {
            if mentor.circle > 0 {
                decisions[ix] = Decision::Closed;
            }
        }
        for pair in &self.best.chosen {
            let ix = pair.mentor as usize;
            if self.program.mentors[ix].circle > 0 {
                decisions[ix] = Decision::Open;
            }
        }
        self.move_to(network, &decisions);
        // The optimum is found: a limit must not take it away again.
        let to_the_end = self.interrupt.without_limits();
        converge(self.program, network, &to_the_end, |_, _| Ok(()))?;
        self.best.chosen = scored(self.program, network.chosen());
        Ok(self.solution(false))
    }

    fn solution(self, cut: bool) -> Solution {
        Solution {
            chosen: self.best.chosen,
            bound: self.bound.div_euclid(i128::from(DENOMINATOR)),
            denominator: DENOMINATOR,
            nodes: self.nodes,
            cut,
            staged: None,
        }
    }
}

fn scale(prices: Prices) -> Prices {
    let scaled = |prices: Vec<i128>| {
        prices
            .into_iter()
            .map(|price| price * i128::from(DENOMINATOR))
    };
    Prices {
        mentees: scaled(prices.mentees).collect(),
        mentors: scaled(prices.mentors).collect(),
        ..Prices::default()
    }
}
