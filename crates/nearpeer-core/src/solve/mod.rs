//! The solve: column generation over every eligible pair, a network kept optimal in exact integers, prices
//! for side rows, and a tree where a mentor's load is 'none or at least k' or prices leave a gap.

mod at_hand;
mod auction;
mod bound;
mod branch;
mod columns;
pub(crate) mod fair;
mod forcing;
mod network;
mod parts;
mod repair;
mod side;
mod staged;
#[cfg(feature = "highs")]
mod stages;

use crate::certificate::{Prices, ProofNode};
use crate::error::{Error, ErrorKind};
use crate::interrupt::Interrupt;
use crate::pairs::Kept;
use crate::program::{Chosen, Columns, Decision, IntegerProgram, solve_model};
use crate::progress::Phase;
use at_hand::AtHand;
use columns::{NewColumns, Pricer};
pub(crate) use forcing::Forcing;
use network::{Network, Weight};
pub(crate) use parts::{chosen_of_parts, of_part};
pub(crate) use staged::{Meets, Staged};

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
    /// The proof of a programme in which pairs have places, in place of the tree.
    pub(crate) staged: Option<Staged>,
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
    #[cfg(feature = "highs")]
    if program.is_staged() {
        return stages::solve(program, interrupt);
    }
    #[cfg(not(feature = "highs"))]
    if program.is_staged() {
        return Err(Error::new(
            ErrorKind::Program,
            "slots, limits on more than numbers of pairs, and limits beside mentors with none or at least k need a \
             build with the solver HiGHS (the feature `highs`)",
        ));
    }
    if !program.side.is_empty() {
        return side::solve(program, interrupt);
    }
    // A proof tree is one for all; and an accepted gap is one of the whole.
    if program.is_network() && !interrupt.accepts_gaps() {
        let parts = program.pairs.parts();
        if !parts.is_empty() {
            return parts::solve(program, &parts, method, interrupt);
        }
    }
    solve_whole(program, method, interrupt)
}

/// Solves the loads of the program all in one.
fn solve_whole(
    program: &IntegerProgram,
    method: Method,
    interrupt: &Interrupt,
) -> Result<Solution, Error> {
    // Where memory is limited, pairs are streamed, however few.
    if program.is_network()
        && program.discounts.is_none()
        && !interrupt.limits_memory()
        && let Some(kept) = Kept::new(program.pairs)
    {
        return solve_at_once(&program.with_pairs(&kept), method, interrupt);
    }
    solve_at_once(program, method, interrupt)
}

fn solve_at_once(
    program: &IntegerProgram,
    method: Method,
    interrupt: &Interrupt,
) -> Result<Solution, Error> {
    if program.fits(i64::MAX.into()) {
        solve_in::<i64>(program, method, interrupt)
    } else {
        solve_in::<i128>(program, method, interrupt)
    }
}

/// Nodes that a search may look at in the first rounds: while prices change much, going further is wasted.
const FIRST_REACH: usize = 64;

/// Nodes a person that the searches of a round may look at, all together, once few pairs are added.
const BUDGET: usize = 8;

fn solve_in<W: Weight>(
    program: &IntegerProgram,
    method: Method,
    interrupt: &Interrupt,
) -> Result<Solution, Error> {
    let mut network = Network::<W>::new(program);
    if !program.is_network() {
        return branch::solve(program, &mut network, interrupt);
    }
    let mut at_hand = AtHand::new(program, 1);
    match solve_network(program, method, &mut network, &mut at_hand, interrupt) {
        Err(error) if error.kind() == ErrorKind::Limit => Ok(cut(program, &network, at_hand)),
        solution => solution,
    }
}

fn solve_network<W: Weight>(
    program: &IntegerProgram,
    method: Method,
    network: &mut Network<W>,
    at_hand: &mut AtHand,
    interrupt: &Interrupt,
) -> Result<Solution, Error> {
    start(program, network, interrupt)?;
    converge(program, network, interrupt, |network, prices| {
        at_hand.prove(prices, bound::of_columns(program, network, prices));
        if interrupt.wants_standing() {
            at_hand.offer(program, scored(program, network.chosen()));
            interrupt.stand(&at_hand.levels(program))?;
        }
        Ok(())
    })?;
    let chosen = if method == Method::Program {
        interrupt.enter(Phase::Linear);
        let decisions = vec![Decision::Either; program.mentors.len()];
        solve_model(program, &stored(program, network), &decisions, interrupt)?
    } else {
        network.chosen().collect()
    };
    let prices = network.prices();
    Ok(Solution {
        chosen: scored(program, chosen),
        bound: bound::of_columns(program, network, &prices),
        denominator: 1,
        nodes: vec![ProofNode::Leaf(prices)],
        cut: false,
        staged: None,
    })
}

/// Gives the network its first columns; as many as were found, if a limit comes.
fn start<W: Weight>(
    program: &IntegerProgram,
    network: &mut Network<W>,
    interrupt: &Interrupt,
) -> Result<(), Error> {
    if auction::applies(program) {
        let (first, ended) = auction::hold(program, interrupt);
        network.start_from(&first.prices);
        add(network, first.columns);
        return ended;
    }
    let (columns, ended) = columns::first(program, interrupt);
    add(network, columns);
    ended
}

/// Adds columns until no eligible pair is worth more than its prices. After each pass over the pairs, `visit` gets
/// prices that no pair but the network's columns is worth more than.
fn converge<W: Weight>(
    program: &IntegerProgram,
    network: &mut Network<W>,
    interrupt: &Interrupt,
    mut visit: impl FnMut(&Network<W>, &Prices) -> Result<(), Error>,
) -> Result<(), Error> {
    let mut most = columns::FIRST_ROUND;
    let mut pricer = Pricer::new(program);
    let mut reach = FIRST_REACH;
    let people = program.mentees.len() + program.mentors.len();
    loop {
        interrupt.round(network.columns(), network.bytes());
        interrupt.check()?;
        let settled = network.route(reach, interrupt)?;
        let priced = pricer.price(program, network, most, interrupt)?;
        visit(network, &priced.prices)?;
        if settled && priced.violated.is_empty() {
            return Ok(());
        }
        if priced.violated.len() < program.mentees.len() / 20 {
            // The fewer are left, the further each of them may look.
            let each = (BUDGET * people) / network.unsettled_count().max(1);
            reach = reach.saturating_mul(4).max(each);
        }
        if settled {
            most *= 2;
        }
        add(network, priced.violated);
    }
}

fn add<W: Weight>(network: &mut Network<W>, new: NewColumns<W>) {
    for (mentee, columns) in new {
        network.add_columns(mentee as usize, &columns);
    }
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
fn stored<W: Weight>(program: &IntegerProgram, network: &Network<W>) -> Columns {
    let of_mentee = |mentee: usize| {
        let mentors = network.mentors_of(mentee);
        let scored =
            mentors.filter_map(|mentor| Some((mentor, program.pairs.score(mentee, mentor)?)));
        scored.collect()
    };
    (0..program.mentees.len()).map(of_mentee).collect()
}

/// The best that is at hand when a limit comes, which may be what the columns so far give.
fn cut<W: Weight>(program: &IntegerProgram, network: &Network<W>, mut at_hand: AtHand) -> Solution {
    let columns = stored(program, network);
    at_hand.offer(
        program,
        repair::feasible(program, &columns, network.chosen()),
    );
    at_hand.solution()
}
