//! The solve: column generation over every eligible pair, a network kept optimal in exact integers, prices
//! for side rows, and a tree where a mentor's load is 'none or at least k' or prices leave a gap.

mod branch;
mod columns;
mod network;
mod repair;
mod side;

use crate::certificate::{Prices, ProofNode};
use crate::error::{Error, ErrorKind};
use crate::interrupt::Interrupt;
use crate::program::{Chosen, Columns, Decision, IntegerProgram, solve_model};
use network::Network;

/// The way to solve. Where only loads bind, both give the same answer; with 'none or at least k' or quotas
/// there is one way, which uses both.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
#[non_exhaustive]
pub enum Method {
    /// The network method where only loads bind, the integer program through `good_lp` elsewhere.
    #[default]
    Fastest,
    /// The integer program through `good_lp` always.
    Program,
}

/// A feasible answer to the program (obligations may be missed), and the proof of its bound.
pub(crate) struct Solution {
    /// The chosen pairs, ascending.
    pub(crate) chosen: Vec<Chosen>,
    /// No match has a greater combined objective.
    pub(crate) bound: i128,
    /// What one unit of the combined objective counts in the prices.
    pub(crate) denominator: i64,
    /// The proof tree.
    pub(crate) nodes: Vec<ProofNode>,
    /// Whether a limit came before the proof.
    pub(crate) cut: bool,
}

/// Solves the program to a proven optimum, or to where a limit cuts it short.
///
/// # Errors
/// [`ErrorKind::Interrupted`] when the caller stopped the solve, [`ErrorKind::Solver`] if the solver behind
/// `good_lp` failed.
pub(crate) fn solve(
    program: &IntegerProgram,
    method: Method,
    interrupt: &Interrupt,
) -> Result<Solution, Error> {
    if !program.side.is_empty() {
        return side::solve(program, interrupt);
    }
    let mut network = Network::new(program);
    let solution = if program.is_network() {
        solve_network(program, method, &mut network, interrupt)
    } else {
        branch::solve(program, &mut network, interrupt)
    };
    match solution {
        Err(error) if error.kind() == ErrorKind::Limit => Ok(cut(program, &network)),
        solution => solution,
    }
}

fn solve_network(
    program: &IntegerProgram,
    method: Method,
    network: &mut Network,
    interrupt: &Interrupt,
) -> Result<Solution, Error> {
    let decisions = vec![Decision::Either; program.mentors.len()];
    add(network, columns::first(program));
    let (prices, bound) = converge(program, network, &decisions, interrupt)?;
    if method == Method::Program {
        let chosen = solve_model(program, &stored(program, network), &decisions, interrupt)?;
        network.choose(&chosen);
    }
    // The optimum is proven. A deadline must not leave it in any but its canonical form.
    let chosen = break_ties(program, network, &prices, &interrupt.without_deadline())?;
    Ok(Solution {
        chosen,
        bound,
        denominator: 1,
        nodes: vec![ProofNode::Leaf(prices)],
        cut: false,
    })
}

/// Adds columns until no eligible pair is worth more than its prices; gives the prices and their bound.
fn converge(
    program: &IntegerProgram,
    network: &mut Network,
    decisions: &[Decision],
    interrupt: &Interrupt,
) -> Result<(Prices, i128), Error> {
    let mut most = columns::FIRST_ROUND;
    loop {
        network.route(interrupt)?;
        let prices = network.prices();
        let pricing = columns::price(program, decisions, &prices, most, |mentee, mentor| {
            network.has_column(mentee, mentor)
        });
        if pricing.violated.iter().all(Vec::is_empty) {
            return Ok((prices, pricing.bound));
        }
        interrupt.check()?;
        add(network, pricing.violated);
        most *= 2;
    }
}

fn add(network: &mut Network, new: columns::NewColumns) {
    for (mentee, columns) in new.into_iter().enumerate() {
        network.add_columns(mentee, columns);
    }
}

/// Replaces the optimal circulation by the canonical one among those that are as good.
fn break_ties(
    program: &IntegerProgram,
    network: &mut Network,
    prices: &Prices,
    interrupt: &Interrupt,
) -> Result<Vec<Chosen>, Error> {
    let tight = columns::tight(program, prices, |mentee, mentor| {
        network.has_column(mentee, mentor)
    });
    interrupt.check()?;
    add(network, tight);
    network.canonicalise(interrupt)?;
    Ok(scored(program, network.chosen()))
}

fn scored(program: &IntegerProgram, pairs: impl IntoIterator<Item = (u32, u32)>) -> Vec<Chosen> {
    let scored = pairs.into_iter().filter_map(|(mentee, mentor)| {
        let score = program.pairs.score(mentee as usize, mentor)?;
        Some(Chosen {
            mentee,
            mentor,
            score,
        })
    });
    scored.collect()
}

/// The columns of the network with their scores.
fn stored(program: &IntegerProgram, network: &Network) -> Columns {
    let of_mentee = |mentee: usize| {
        let mentors = network.mentors_of(mentee);
        let scored =
            mentors.filter_map(|mentor| Some((mentor, program.pairs.score(mentee, mentor)?)));
        scored.collect()
    };
    (0..program.mentees.len()).map(of_mentee).collect()
}

/// The best that is at hand when a limit comes: a feasible answer from the columns so far, and the bound of
/// the prices so far.
fn cut(program: &IntegerProgram, network: &Network) -> Solution {
    let decisions = vec![Decision::Either; program.mentors.len()];
    let prices = network.prices();
    let bound = columns::price(program, &decisions, &prices, 0, |_, _| true).bound;
    Solution {
        chosen: repair::feasible(program, &stored(program, network), network.chosen()),
        bound,
        denominator: 1,
        nodes: vec![ProofNode::Leaf(prices)],
        cut: true,
    }
}
