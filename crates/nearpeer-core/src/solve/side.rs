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
//! 4. Proof: where the bound is still above the best match, a tree decides one pair at a time, with prices
//!    found anew in each node.

mod envelope;
#[cfg(feature = "highs")]
mod linear;
mod mixture;

use std::collections::HashMap;

use std::sync::atomic::{AtomicUsize, Ordering};

use rayon::prelude::*;

use self::envelope::{Envelope, Piece};
use super::at_hand::AtHand;
use super::network::Network;
use super::{Method, Solution, add, bound, columns, converge, repair, scored, solve_whole, stored};
use crate::certificate::{Prices, ProofNode};
use crate::error::{Error, ErrorKind};
use crate::interrupt::Interrupt;
use crate::program::{
    Chosen, Columns, Decision, Discounts, IntegerProgram, SIDE_UNIT, SideRow, solve_model,
};
use crate::progress::Phase;
use crate::units::{MenteeIx, MentorIx};

/// Prices that a proof tree may hold, 16 bytes each; one that grows beyond is cut.
const MAX_PRICES: usize = 20_000_000;

/// Matches whose lines are kept, the latest.
const MAX_LINES: usize = 64;

/// Prices of one row that are tried in a go: with more, lines that are dropped could come back for ever.
const MAX_STEPS: usize = MAX_LINES / 2;

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

/// What has been decided of a pair in the tree.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Fixed {
    LeftOut,
    Chosen,
}

type Fixings = HashMap<(u32, u32), Fixed>;

/// A match seen as a piece of the bound: its value, less what the rows' prices take from it.
#[derive(Debug, Clone)]
struct Line {
    chosen: Vec<Chosen>,
    /// In the combined objective.
    value: i128,
    /// How many of the pairs each side row counts.
    counts: Vec<i128>,
}

impl Line {
    fn new(program: &IntegerProgram, chosen: Vec<Chosen>) -> Self {
        let rows = program.side.iter();
        Self {
            value: program.levels.combined(&program.values(&chosen)),
            counts: rows.map(|row| row.count(&chosen).into()).collect(),
            chosen,
        }
    }

    fn has(&self, pair: (u32, u32)) -> bool {
        let found = self
            .chosen
            .binary_search_by_key(&pair, |chosen| (chosen.mentee, chosen.mentor));
        found.is_ok()
    }
}

/// What the network says at some prices of the rows.
struct Point {
    prices: Prices,
    /// No match of the node has a greater combined objective, in units of `1 / unit`.
    bound: i128,
    /// A match that is best at these prices.
    line: Line,
}

/// A node that is still to be looked at.
struct Open {
    node: usize,
    fixed: Fixings,
    /// Prices of the rows to start from.
    start: Vec<i128>,
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
            fixed: Fixings::new(),
            start: vec![0; rows],
        }];
        let people = self.program.mentees.len() + self.program.mentors.len();
        while let Some(next) = open.pop() {
            let point = match self.settle(&next) {
                Ok(point) => point,
                Err(error) if error.kind() == ErrorKind::Limit => return Ok(self.cut()),
                Err(error) => return Err(error),
            };
            if !self.is_open(point.bound) {
                bound = bound.max(point.bound);
                nodes[next.node] = ProofNode::Leaf(point.prices);
                continue;
            }
            let (mentee, mentor) = self.split(&next.fixed, &point);
            let (left_out, chosen) = (nodes.len(), nodes.len() + 1);
            nodes[next.node] = ProofNode::Pair {
                mentee: MenteeIx(mentee),
                mentor: MentorIx(mentor),
                left_out,
                chosen,
            };
            for (node, decision) in [(left_out, Fixed::LeftOut), (chosen, Fixed::Chosen)] {
                nodes.push(ProofNode::Leaf(Prices::default()));
                let mut fixed = next.fixed.clone();
                fixed.insert((mentee, mentor), decision);
                open.push(Open {
                    node,
                    fixed,
                    start: point.prices.side.clone(),
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

    /// Finds prices for a node and, at the root, the match that is to be proven.
    fn settle(&mut self, next: &Open) -> Result<Point, Error> {
        let is_root = next.node == 0;
        let mut point = self.ask(next.start.clone(), &next.fixed)?;
        #[cfg(feature = "highs")]
        if is_root && self.program.side.len() > 1 {
            self.polish(&mut point, &next.fixed)?;
            linear::tighten(self, &mut point)?;
        }
        self.polish(&mut point, &next.fixed)?;
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

    /// Solves the network at these prices of the rows.
    fn ask(&mut self, side: Vec<i128>, fixed: &Fixings) -> Result<Point, Error> {
        let large = self.large;
        let decided = fixed.iter().map(|(pair, fixed)| match fixed {
            Fixed::LeftOut => (*pair, large),
            Fixed::Chosen => (*pair, -large),
        });
        let discounts = Discounts {
            rows: &self.program.side,
            prices: side.clone(),
            pairs: decided.collect(),
        };
        if let Some(before) = self.view.discounts.replace(discounts) {
            let view = &self.view;
            self.network.reweigh(|mentee, mentor| {
                before.of(mentee, mentor) - view.discount(mentee, mentor)
            });
        }
        self.add_chosen(fixed);
        let rows = self.program.side.iter().zip(&side);
        let paid = rows.fold(0i128, |paid, (row, price)| {
            price.saturating_mul(row.limit.into()).saturating_add(paid)
        });
        let (program, view, best, interrupt) =
            (self.program, &self.view, &mut self.best, self.interrupt);
        converge(view, &mut self.network, interrupt, |network, prices| {
            if fixed.is_empty() {
                let bound = bound::of_columns(view, network, prices);
                let mut prices = prices.clone();
                prices.side.clone_from(&side);
                best.prove(&prices, paid.saturating_add(bound));
                if interrupt.wants_standing() {
                    interrupt.stand(&best.levels(program))?;
                }
            }
            Ok(())
        })?;
        let mut prices = self.network.prices();
        let mut bound = bound::of_columns(&self.view, &self.network, &prices);
        bound = paid.saturating_add(bound);
        for (&(mentee, mentor), decision) in fixed {
            if !self.network.has_column(mentee as usize, mentor) {
                // It is worth less than its prices, and left out.
                continue;
            }
            let Some(score) = self.program.pairs.score(mentee as usize, mentor) else {
                continue;
            };
            let profit = self.view.weight(mentee, mentor, score)
                - prices.mentees[mentee as usize]
                - prices.mentors[mentor as usize];
            // The network's bound has the pair's profit at its altered weight if that is positive.
            bound -= profit.max(0);
            if *decision == Fixed::Chosen {
                bound = (profit - large).saturating_add(bound);
            }
        }
        prices.side = side;
        let line = Line::new(self.program, scored(self.program, self.network.chosen()));
        self.best.offer(self.program, line.chosen.clone());
        Ok(Point {
            prices,
            bound,
            line,
        })
    }

    /// Gives the network the pairs that are chosen in a node as columns: what decides them is no part of their score,
    /// by which pairs are looked for.
    fn add_chosen(&mut self, fixed: &Fixings) {
        let mut chosen: Vec<(u32, u32)> = fixed
            .iter()
            .filter(|(_, fixed)| **fixed == Fixed::Chosen)
            .map(|(pair, _)| *pair)
            .collect();
        chosen.sort_unstable();
        for (mentee, mentor) in chosen {
            let score = self.program.pairs.score(mentee as usize, mentor);
            if let Some(score) = score
                && !self.network.has_column(mentee as usize, mentor)
            {
                let weight = self.view.weight(mentee, mentor, score);
                self.network
                    .add_columns(mentee as usize, &[(mentor, weight)]);
            }
        }
    }

    /// What the match of a line is worth to the network where these pairs are decided, without prices.
    fn worth(&self, line: &Line, fixed: &Fixings) -> i128 {
        let mut worth = line.value * self.unit;
        for (&pair, decision) in fixed {
            if line.has(pair) {
                worth += match decision {
                    Fixed::LeftOut => -self.large,
                    Fixed::Chosen => self.large,
                };
            }
        }
        worth
    }

    /// Improves the rows' prices one at a time, until no row's price can be improved alone.
    fn polish(&mut self, point: &mut Point, fixed: &Fixings) -> Result<(), Error> {
        loop {
            let before = point.bound;
            for row in 0..self.program.side.len() {
                if !self.is_open(point.bound) {
                    return Ok(());
                }
                self.improve(row, point, fixed)?;
            }
            if point.bound == before || self.program.side.len() == 1 {
                return Ok(());
            }
        }
    }

    /// Moves one row's price to where the bound is least.
    fn improve(&mut self, row: usize, point: &mut Point, fixed: &Fixings) -> Result<(), Error> {
        self.keep(point.line.clone());
        self.keep(without(self.program, &self.program.side[row], &point.line));
        let mut other = None;
        for _ in 0..MAX_STEPS {
            let envelope = self.envelope(row, &point.prices.side, fixed);
            let (price, least) = envelope.lowest(4 * self.large);
            if price == point.prices.side[row] {
                break;
            }
            let mut side = point.prices.side.clone();
            side[row] = price;
            let there = self.ask(side, fixed)?;
            self.mix(&point.line, &there.line);
            if let Some(other) = &other {
                self.mix(other, &there.line);
            }
            let news = self
                .piece(&there.line, row, &there.prices.side, fixed)
                .at(price);
            if there.bound < point.bound {
                other = Some(std::mem::replace(point, there).line);
            } else {
                other = Some(there.line.clone());
                self.keep(there.line);
            }
            self.keep(point.line.clone());
            if news <= least || !self.is_open(point.bound) {
                break;
            }
        }
        Ok(())
    }

    /// Keeps a match's line, if it is a new one.
    fn keep(&mut self, line: Line) {
        let known = |other: &Line| (other.value, &other.counts) == (line.value, &line.counts);
        if self
            .lines
            .iter()
            .any(|other| known(other) && other.chosen == line.chosen)
        {
            return;
        }
        if self.lines.len() == MAX_LINES {
            // The first is the empty match, which no row's price can touch.
            self.lines.remove(1);
        }
        self.lines.push(line);
    }

    fn mix(&mut self, a: &Line, b: &Line) {
        for (under, over) in [(a, b), (b, a)] {
            if let Some(chosen) = mixture::within_limits(self.program, &under.chosen, &over.chosen)
            {
                self.best.offer(self.program, chosen);
            }
        }
    }

    /// The line of a match over the price of one row, at the other rows' prices.
    fn piece(&self, line: &Line, row: usize, side: &[i128], fixed: &Fixings) -> Piece {
        let mut worth = self.worth(line, fixed);
        for (ix, other) in self.program.side.iter().enumerate() {
            let room = i128::from(other.limit) - line.counts[ix];
            if ix != row {
                worth = side[ix].saturating_mul(room).saturating_add(worth);
            }
        }
        Piece {
            worth,
            room: i128::from(self.program.side[row].limit) - line.counts[row],
        }
    }

    fn envelope(&self, row: usize, side: &[i128], fixed: &Fixings) -> Envelope {
        let lines = self.lines.iter();
        Envelope(
            lines
                .map(|line| self.piece(line, row, side, fixed))
                .collect(),
        )
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

    /// The pair that a node is split on: one in which two matches differ that are best at its prices, counted
    /// by a row that has a price; else any pair that is not decided.
    fn split(&self, fixed: &Fixings, point: &Point) -> (u32, u32) {
        let open = |pair: &(u32, u32)| !fixed.contains_key(pair);
        let priced = |pair: &(u32, u32)| {
            let mut rows = self.program.side.iter().zip(&point.prices.side);
            rows.any(|(row, price)| *price > 0 && row.has(pair.0, pair.1))
        };
        let value = |line: &Line| {
            let rows = self.program.side.iter().zip(&point.prices.side);
            let prices = rows
                .zip(&line.counts)
                .map(|((row, price), count)| price.saturating_mul(i128::from(row.limit) - count));
            prices.fold(self.worth(line, fixed), i128::saturating_add)
        };
        let others = self.lines.iter();
        let rival = others
            .filter(|line| line.chosen != point.line.chosen)
            .max_by_key(|line| value(line));
        let differ = rival.map_or_else(Vec::new, |rival| {
            let here = point.line.chosen.iter().chain(&rival.chosen);
            here.map(|pair| (pair.mentee, pair.mentor))
                .filter(|pair| point.line.has(*pair) != rival.has(*pair))
                .collect()
        });
        let chosen = point.line.chosen.iter();
        let chosen = chosen.map(|pair| (pair.mentee, pair.mentor));
        differ
            .iter()
            .copied()
            .find(|pair| open(pair) && priced(pair))
            .or_else(|| chosen.clone().find(|pair| open(pair) && priced(pair)))
            .or_else(|| differ.iter().copied().find(open))
            .or_else(|| chosen.clone().find(open))
            .or_else(|| self.first_open(fixed))
            .unwrap_or_else(|| unreachable!("where every pair is decided, the bound is the value"))
    }

    fn first_open(&self, fixed: &Fixings) -> Option<(u32, u32)> {
        let mut row = Vec::new();
        (0..self.program.mentees.len()).find_map(|mentee| {
            self.program.pairs.row(mentee, &mut row);
            let mut pairs = row.iter().map(|(mentor, _)| (mentee as u32, *mentor));
            pairs.find(|pair| !fixed.contains_key(pair))
        })
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

/// The match without the pairs that the row counts.
fn without(program: &IntegerProgram, row: &SideRow, line: &Line) -> Line {
    let kept = line.chosen.iter().copied();
    let kept = kept.filter(|pair| !row.has(pair.mentee, pair.mentor));
    Line::new(program, kept.collect())
}
