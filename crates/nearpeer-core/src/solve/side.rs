//! Side rows: constraints beside the loads. At given prices of the rows, the rest is a network, which is
//! solved exactly; so each choice of prices proves a bound, and the work is to find the best ones.
//!
//! 1. The network alone. If its answer keeps within every row, it is the answer.
//! 2. Prices of the rows: the bound is a convex function of them, piecewise linear, one piece a match. The
//!    matches seen so far bound it from below; a row's price goes to where that lower envelope is least, the
//!    network answers there, and so on until it has nothing better (Kelley, *The cutting-plane method*, 1960).
//!    Several rows take turns, from where the linear program in `linear` puts them.
//! 3. Answers: two matches that are best at the same prices differ in independent parts, and every mixture
//!    of parts is best at these prices too; the mixture that uses up the rows is taken. If that leaves a gap,
//!    the integer program is solved on the pairs that can be in a better match at all, those whose reduced
//!    cost is within the gap (Dantzig, Fulkerson and Johnson, 1954).
//! 4. Proof: where the bound is still above the best match, a tree decides first how great the levels are in which
//!    the linear program is above the match, so that a part of a mentee does not hide the score; then one pair at a
//!    time. Each node has prices of its own.

mod ask;
mod envelope;
#[cfg(feature = "highs")]
mod linear;
mod mixture;
mod node;
mod prices;
mod split;

use std::collections::HashMap;
use std::sync::atomic::{AtomicUsize, Ordering};

use rayon::prelude::*;

use self::node::{Decided, Line, Open, Point};
use super::at_hand::AtHand;
use super::network::Network;
use super::{Method, Solution, add, bound, columns, converge, repair, scored, solve_whole, stored};
use crate::certificate::{Prices, ProofNode};
use crate::error::{Error, ErrorKind};
use crate::interrupt::Interrupt;
use crate::program::{Columns, Decision, Discounts, IntegerProgram, SIDE_UNIT, solve_model};
use crate::progress::Phase;

/// Prices that a proof tree may hold, 16 bytes each; one that grows beyond is cut.
const MAX_PRICES: usize = 20_000_000;

/// Columns up to which the integer program is asked for an incumbent.
#[cfg(feature = "highs")]
const MODEL_COLUMNS: usize = 50_000;

/// As above: microlp takes as long for far fewer.
#[cfg(not(feature = "highs"))]
const MODEL_COLUMNS: usize = 1_000;

pub(super) fn solve(program: &IntegerProgram, interrupt: &Interrupt) -> Result<Solution, Error> {
    let mut alone = solve_whole(program, Method::Fastest, interrupt)?;
    for node in &mut alone.nodes {
        if let ProofNode::Leaf(prices) = node {
            prices.side = vec![0; program.side.len()];
        }
    }
    if alone.cut || program.allows(&alone.chosen) {
        return Ok(alone);
    }
    Search::new(program, interrupt).run()
}

struct Search<'a> {
    program: &'a IntegerProgram<'a>,
    /// The program at the present prices of the rows, in units of `1 / unit`.
    view: IntegerProgram<'a>,
    network: Network<i128>,
    interrupt: &'a Interrupt,
    unit: i128,
    /// More than two matches can differ by, twice over: what decides a pair in the network.
    large: i128,
    /// The incumbent, and the best prices of the root so far: half a tree proves little more.
    best: AtHand,
    lines: Vec<Line>,
}

impl<'a> Search<'a> {
    fn new(program: &'a IntegerProgram<'a>, interrupt: &'a Interrupt) -> Self {
        let unit = i128::from(SIDE_UNIT);
        let discounts = Discounts {
            rows: &program.side,
            prices: vec![0; program.side.len()],
            pairs: HashMap::new(),
        };
        let view = program.discounted(unit, discounts);
        let mut network = Network::new(&view);
        // Where a limit ends this pass, it ends the first look at the prices, too.
        let (columns, _) = columns::first(&view, interrupt);
        add(&mut network, columns);
        Self {
            program,
            network,
            interrupt,
            unit,
            large: 2 * unit * program.levels.span(),
            best: AtHand::new(program, SIDE_UNIT),
            lines: vec![Line::new(program, Vec::new())],
            view,
        }
    }

    fn run(mut self) -> Result<Solution, Error> {
        let rows = self.program.side.len();
        let mut nodes = vec![ProofNode::Leaf(Prices::default())];
        let mut bound = i128::MIN;
        let mut open = vec![Open {
            node: 0,
            decided: Decided::default(),
            start: vec![0; rows],
        }];
        let people = self.program.mentees.len() + self.program.mentors.len();
        while let Some(next) = open.pop() {
            let (point, level) = match self.look(&next) {
                Ok(found) => found,
                Err(error) if error.kind() == ErrorKind::Limit => return Ok(self.cut()),
                Err(error) => return Err(error),
            };
            if !self.is_open(point.bound) {
                bound = bound.max(point.bound);
                nodes[next.node] = ProofNode::Leaf(point.prices);
                continue;
            }
            let children = [nodes.len(), nodes.len() + 1];
            let (node, decided) = match level {
                Some(place) => self.by_level(place, &next.decided, children),
                None => self.by_pair(&next.decided, &point, children),
            };
            nodes[next.node] = node;
            for (node, decided) in children.into_iter().zip(decided) {
                nodes.push(ProofNode::Leaf(Prices::default()));
                let mut start = point.rows.clone();
                start.resize(rows + decided.levels.len(), 0);
                open.push(Open {
                    node,
                    decided,
                    start,
                });
            }
            if nodes.len().saturating_mul(people) > MAX_PRICES {
                return Ok(self.cut());
            }
        }
        let bound = bound.div_euclid(self.unit);
        let values = self.program.values(&self.best.chosen);
        let feasible = self.program.levels.is_feasible(&values);
        if !feasible {
            // There is no match. The one that comes nearest says what conflicts.
            self.repair();
        }
        Ok(Solution {
            // If the incumbent is not proven best, the caller accepts its gap.
            cut: feasible && bound > self.best.value,
            chosen: self.best.chosen,
            bound,
            denominator: SIDE_UNIT,
            nodes,
            staged: None,
        })
    }

    /// Prices for a node, and the level that it is to be split on, if it is open, and a level is.
    fn look(&mut self, next: &Open) -> Result<(Point, Option<usize>), Error> {
        #[cfg_attr(
            not(feature = "highs"),
            expect(unused_mut, reason = "only the linear program finds better ones")
        )]
        let mut point = self.settle(next)?;
        #[cfg(feature = "highs")]
        if self.is_open(point.bound) && next.decided.pairs.is_empty() {
            let level = linear::open_level(self, &mut point, &next.decided)?;
            return Ok((point, level));
        }
        Ok((point, None))
    }

    /// Finds prices for a node and, at the root, the match that is to be proven.
    fn settle(&mut self, next: &Open) -> Result<Point, Error> {
        let (is_root, decided) = (next.node == 0, &next.decided);
        let mut point = self.ask(next.start.clone(), decided)?;
        #[cfg(feature = "highs")]
        if decided.pairs.is_empty() && point.rows.len() > 1 {
            self.polish(&mut point, decided)?;
            linear::tighten(self, &mut point, decided)?;
        }
        self.polish(&mut point, decided)?;
        if is_root && self.is_open(point.bound) {
            self.start(&point)?;
            self.stand()?;
        }
        Ok(point)
    }

    /// Whether a bound leaves room for a match that is better than the incumbent by more than the caller accepts.
    fn is_open(&self, bound: i128) -> bool {
        let bound = bound.div_euclid(self.unit);
        let levels = &self.program.levels;
        let accepted = || {
            let values = self.program.values(&self.best.chosen);
            self.interrupt.accepts(&levels.bounds(bound, &values))
        };
        bound > self.best.value && !levels.proves_infeasible(bound) && !accepted()
    }

    /// Says how the incumbent stands against the root's bound.
    fn stand(&self) -> Result<(), Error> {
        if self.interrupt.wants_standing() {
            self.interrupt.stand(&self.best.levels(self.program))?;
        }
        Ok(())
    }

    /// Looks for the best match by the integer program on all pairs that a better match than the incumbent can
    /// have, where those are few enough.
    fn start(&mut self, point: &Point) -> Result<(), Error> {
        let Some(columns) = self.within_gap(point)? else {
            return Ok(());
        };
        self.interrupt.enter(Phase::Linear);
        let undecided = vec![Decision::Either; self.program.mentors.len()];
        match solve_model(self.program, &columns, &undecided, self.interrupt) {
            Ok(chosen) => {
                self.best.offer(self.program, scored(self.program, chosen));
                Ok(())
            }
            // Only a start: the tree finds the optimum without it.
            Err(error) if error.kind() == ErrorKind::Solver => Ok(()),
            Err(error) => Err(error),
        }
    }

    /// Reduced-cost fixing: a match with a pair that costs more than the gap is no better than the incumbent.
    fn within_gap(&self, point: &Point) -> Result<Option<Columns>, Error> {
        let gap = point.bound - self.best.value * self.unit;
        let unit = self.unit;
        let program = self.program;
        let prices = &point.prices;
        let walk = self.interrupt.walk(Phase::Pricing, program.mentees.len());
        let found = AtomicUsize::new(0);
        let is_few = || found.load(Ordering::Relaxed) <= MODEL_COLUMNS;
        let columns: Columns = (0..program.mentees.len())
            .into_par_iter()
            .map_init(Vec::new, |row, mentee| {
                row.clear();
                if is_few() && walk.goes_on(mentee) {
                    program.pairs.row(mentee, row);
                }
                let near = row.iter().copied().filter(|&(mentor, score)| {
                    let mentee = mentee as u32;
                    let rows = program.side.iter().zip(&prices.side);
                    let side: i128 = rows
                        .filter(|(row, _)| row.has(mentee, mentor))
                        .map(|(_, price)| price)
                        .sum();
                    let profit = program.weight(mentee, mentor, score) * unit
                        - prices.mentees[mentee as usize]
                        - prices.mentors[mentor as usize]
                        - side;
                    -profit <= gap
                });
                let mut near: Vec<(u32, i64)> = near.collect();
                near.sort_unstable();
                found.fetch_add(near.len(), Ordering::Relaxed);
                near
            })
            .collect();
        walk.end()?;
        Ok(is_few().then_some(columns))
    }

    /// Offers what the network has, cut down to what the rows allow and filled up.
    fn repair(&mut self) {
        let columns = stored(self.program, &self.network);
        let repaired = repair::feasible(self.program, &columns, self.network.chosen());
        self.best.offer(self.program, repaired);
    }

    /// A limit came.
    fn cut(mut self) -> Solution {
        self.repair();
        self.best.solution()
    }
}
