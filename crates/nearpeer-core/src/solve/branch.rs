//! None or at least k: a tree in which such a mentor is closed (no mentees) or open (k or more).
//!
//! Every node is solved as a network in which undecided mentors may have any load up to their maximum.
//! Where that bound does not settle it, the linear program with circles gives better prices (see
//! `program::relaxation`); where those do not settle it either, the node is split.

use super::network::Network;
use super::{Solution, add, break_ties, columns, converge, repair, scored, stored};
use crate::certificate::{Prices, ProofNode};
use crate::error::{Error, ErrorKind};
use crate::interrupt::Interrupt;
use crate::program::{Chosen, Decision, IntegerProgram, solve_model};
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
    best: Incumbent,
    /// The greatest bound of the leaves so far, in the prices' units.
    bound: i128,
    /// The best prices of the root so far and their bound. A tree that is cut falls back on them.
    root: (Prices, i128),
}

struct Incumbent {
    value: i128,
    chosen: Vec<Chosen>,
}

/// A node that is still to be looked at.
struct Open {
    node: usize,
    decisions: Vec<Decision>,
}

pub(super) fn solve(
    program: &IntegerProgram,
    network: &mut Network,
    interrupt: &Interrupt,
) -> Result<Solution, Error> {
    let undecided = vec![Decision::Either; program.mentors.len()];
    add(network, columns::first(program));
    let prices = scale(network.prices());
    let bound = bound_of(program, &undecided, &prices);
    let mut tree = Tree {
        program,
        interrupt,
        nodes: vec![ProofNode::Leaf(Prices::default())],
        decisions: undecided.clone(),
        best: Incumbent::new(program, Vec::new()),
        bound: i128::MIN,
        root: (prices, bound),
    };
    let mut open = vec![Open {
        node: 0,
        decisions: undecided,
    }];
    while let Some(next) = open.pop() {
        match tree.visit(network, &next) {
            Ok(children) => open.extend(children),
            Err(error) if error.kind() == ErrorKind::Limit => return Ok(tree.cut(network)),
            Err(error) => return Err(error),
        }
        if tree
            .nodes
            .len()
            .saturating_mul(program.mentees.len() + program.mentors.len())
            > MAX_PRICES
        {
            return Ok(tree.cut(network));
        }
    }
    tree.finish(network)
}

impl Incumbent {
    fn new(program: &IntegerProgram, chosen: Vec<Chosen>) -> Self {
        let value = program.levels.combined(&program.values(&chosen));
        Self { value, chosen }
    }
}

impl Tree<'_, '_> {
    /// Settles a node, or splits it in two.
    fn visit(&mut self, network: &mut Network, next: &Open) -> Result<Vec<Open>, Error> {
        self.move_to(network, &next.decisions);
        let (prices, _) = converge(self.program, network, &next.decisions, self.interrupt)?;
        let prices = scale(prices);
        let bound = bound_of(self.program, &next.decisions, &prices);
        let mut leaf = (prices, bound);
        self.keep_root(next, &leaf);
        let chosen = scored(self.program, network.chosen());
        if self.program.allows(&chosen) {
            self.offer(chosen);
        } else {
            self.dive(network, &next.decisions)?;
        }
        let mut open = vec![0.0; next.decisions.len()];
        if self.is_open(leaf.1) {
            open = self.tighten(network, &next.decisions, &mut leaf)?;
            self.keep_root(next, &leaf);
        }
        if self.is_open(leaf.1) && next.node == 0 {
            self.start(network, &next.decisions)?;
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
    fn keep_root(&mut self, visited: &Open, leaf: &(Prices, i128)) {
        if visited.node == 0 && leaf.1 <= self.root.1 {
            self.root.clone_from(leaf);
        }
    }

    fn move_to(&mut self, network: &mut Network, decisions: &[Decision]) {
        for (ix, &decision) in decisions.iter().enumerate() {
            if self.decisions[ix] != decision {
                network.decide(self.program, ix, decision);
                self.decisions[ix] = decision;
            }
        }
    }

    fn offer(&mut self, chosen: Vec<Chosen>) {
        let offered = Incumbent::new(self.program, chosen);
        if self.program.allows(&offered.chosen) && offered.value > self.best.value {
            self.best = offered;
        }
    }

    /// Looks for an incumbent: opens the circles that are at least half full, closes the others, leads the
    /// units to where that leaves room, and so on until every circle is decided. Each mentor is decided at
    /// most twice, so it ends.
    fn dive(&mut self, network: &mut Network, decisions: &[Decision]) -> Result<(), Error> {
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
            network.route(self.interrupt)?;
        }
        self.offer(scored(self.program, network.chosen()));
        self.move_to(network, decisions);
        network.route(self.interrupt)
    }

    /// Looks for a better incumbent by the integer program on the columns of the root, where it is small
    /// enough to be solved in seconds.
    fn start(&mut self, network: &mut Network, decisions: &[Decision]) -> Result<(), Error> {
        let columns = stored(self.program, network);
        if columns.iter().map(Vec::len).sum::<usize>() <= MODEL_COLUMNS {
            match solve_model(self.program, &columns, decisions, self.interrupt) {
                Ok(chosen) => self.offer(scored(self.program, chosen)),
                // Only a start: the tree finds the optimum without it.
                Err(error) if error.kind() == ErrorKind::Solver => {}
                Err(error) => return Err(error),
            }
        }
        Ok(())
    }

    /// Whether a bound, in the prices' units, leaves room for a match that is better than the incumbent.
    fn is_open(&self, bound: i128) -> bool {
        let bound = bound.div_euclid(i128::from(DENOMINATOR));
        bound > self.best.value && !self.program.levels.proves_infeasible(bound)
    }

    /// Looks for better prices by the linear program with circles; says how far that opens each circle.
    #[cfg(feature = "highs")]
    fn tighten(
        &mut self,
        network: &mut Network,
        decisions: &[Decision],
        leaf: &mut (Prices, i128),
    ) -> Result<Vec<f64>, Error> {
        use crate::program::relaxation;

        let mut open = vec![0.0; decisions.len()];
        for _ in 0..ROUNDS {
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
                side: Vec::new(),
            };
            open = relaxed.open;
            let pricing = columns::price_circles(
                self.program,
                decisions,
                &prices,
                DENOMINATOR,
                |mentee, mentor| network.has_column(mentee, mentor),
            );
            if pricing.bound < leaf.1 {
                *leaf = (prices, pricing.bound);
            }
            if !self.is_open(leaf.1) || pricing.violated.iter().all(Vec::is_empty) {
                break;
            }
            add(network, pricing.violated);
        }
        network.route(self.interrupt)?;
        Ok(open)
    }

    /// microlp gives no duals; the tree alone does the work.
    #[cfg(not(feature = "highs"))]
    #[allow(clippy::unused_self, clippy::unnecessary_wraps)]
    fn tighten(
        &mut self,
        _: &mut Network,
        decisions: &[Decision],
        _: &mut (Prices, i128),
    ) -> Result<Vec<f64>, Error> {
        Ok(vec![0.0; decisions.len()])
    }

    /// The undecided mentor whose circle the linear program leaves furthest from both closed and open; where
    /// it decides all of them, the one whose load in the network is furthest from both none and the least.
    fn split(&self, network: &Network, decisions: &[Decision], open: &[f64]) -> Option<usize> {
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

    /// The proof is whole. Of the matches with the incumbent's circles, takes the canonical one.
    fn finish(mut self, network: &mut Network) -> Result<Solution, Error> {
        if !self
            .program
            .levels
            .is_feasible(&self.program.values(&self.best.chosen))
        {
            return Ok(self.solution(false));
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
        // The optimum is found: a deadline must not take it away again.
        let to_the_end = self.interrupt.without_deadline();
        let (prices, _) = converge(self.program, network, &decisions, &to_the_end)?;
        self.best.chosen = break_ties(self.program, network, &prices, &to_the_end)?;
        Ok(self.solution(false))
    }

    /// A limit came. The best answer at hand is the incumbent or what the network has, repaired; the proof is
    /// that of the root, for half a tree proves little more.
    fn cut(mut self, network: &Network) -> Solution {
        let columns = stored(self.program, network);
        self.offer(repair::feasible(self.program, &columns, network.chosen()));
        self.bound = self.root.1;
        self.nodes = vec![ProofNode::Leaf(std::mem::take(&mut self.root.0))];
        self.solution(true)
    }

    fn solution(self, cut: bool) -> Solution {
        Solution {
            chosen: self.best.chosen,
            bound: self.bound.div_euclid(i128::from(DENOMINATOR)),
            denominator: DENOMINATOR,
            nodes: self.nodes,
            cut,
        }
    }
}

fn bound_of(program: &IntegerProgram, decisions: &[Decision], prices: &Prices) -> i128 {
    columns::price_circles(program, decisions, prices, DENOMINATOR, |_, _| true).bound
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
        side: Vec::new(),
    }
}
