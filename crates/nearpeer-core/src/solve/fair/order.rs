//! The whole order of scores: column generation around [`Stages`], until no eligible pair is worth more than its
//! vector of prices.

use std::cmp::Reverse;

use rayon::prelude::*;

use super::super::columns::turn;
use super::super::{Method, solve};
use super::graph::Room;
use super::stages::Stages;
use crate::certificate::{Order, Prices, ProofNode, ScorePrice};
use crate::error::{Error, ErrorKind};
use crate::interrupt::Interrupt;
use crate::program::{Chosen, IntegerProgram};
use crate::progress::Phase;

/// Columns that a mentee starts with: the best by score.
const FIRST: usize = 16;

/// Columns that a mentee gets in a round.
const MORE: usize = 16;

/// Columns (mentor, score) by mentee, ascending.
pub(super) type Scored = Vec<Vec<(u32, i64)>>;

/// Raises the lowest scores of a match one after the other, as far as they go. `program` has the levels above and no
/// others; the match is best in those. `None` if a limit comes first.
///
/// # Errors
/// As [`solve`].
pub(super) fn raise(
    program: &IntegerProgram,
    chosen: &[Chosen],
    interrupt: &Interrupt,
) -> Result<Option<(Vec<Chosen>, Order)>, Error> {
    let above = solve(program, Method::Fastest, interrupt)?;
    let value = program.levels.combined(&program.values(chosen));
    let mut nodes = above.nodes;
    let (Some(ProofNode::Leaf(above)), true) = (nodes.pop(), above.bound == value) else {
        return Ok(None);
    };
    match converge(program, above, chosen, interrupt) {
        Ok(raised) => Ok(Some(raised)),
        Err(error) if error.kind() == ErrorKind::Limit => Ok(None),
        Err(error) => Err(error),
    }
}

fn converge(
    program: &IntegerProgram,
    above: Prices,
    chosen: &[Chosen],
    interrupt: &Interrupt,
) -> Result<(Vec<Chosen>, Order), Error> {
    let face = Face { program, above };
    let mut chosen = chosen.to_vec();
    let mut columns = face.best(FIRST, interrupt, |mentee, mentor, _| {
        face.profit(mentee, mentor) == 0
    })?;
    let mut own: Scored = vec![Vec::new(); program.mentees.len()];
    for pair in &chosen {
        own[pair.mentee as usize].push((pair.mentor, pair.score));
    }
    add(&mut columns, own);
    loop {
        interrupt.round(columns.iter().map(Vec::len).sum(), 0);
        let mut stages = face.stages(&columns, &chosen);
        stages.run(interrupt)?;
        chosen.retain(|pair| face.profit(pair.mentee, pair.mentor) > 0);
        chosen.extend(stages.chosen());
        chosen.sort_unstable();
        let [mentees, mentors] = stages.prices();
        let lacking = face.best(MORE, interrupt, |mentee, mentor, score| {
            let (own, other) = (&mentees[mentee as usize], &mentors[mentor as usize]);
            if own.is_empty() && other.is_empty() {
                return false;
            }
            let columns = &columns[mentee as usize];
            columns.binary_search(&(mentor, score)).is_err()
                && face.profit(mentee, mentor) == 0
                && exceeds(score, own, other)
        })?;
        if lacking.iter().all(Vec::is_empty) {
            let above = face.above;
            let order = Order {
                above,
                mentees,
                mentors,
            };
            return Ok((chosen, order));
        }
        add(&mut columns, lacking);
    }
}

fn add(columns: &mut Scored, new: Scored) {
    for (columns, new) in columns.iter_mut().zip(new) {
        columns.extend(new);
        columns.sort_unstable();
        columns.dedup();
    }
}

/// Whether a pair of this score is worth more than the two prices, the levels above apart: whether the first score in
/// which they differ asks less than nothing.
fn exceeds(score: i64, mentee: &[ScorePrice], mentor: &[ScorePrice]) -> bool {
    let mut terms = [mentee, mentor, &[(score, 1)]];
    loop {
        let next = terms.iter().filter_map(|term| term.first());
        let Some(at) = next.map(|price| price.0).min() else {
            return false;
        };
        let mut asked = 0;
        for term in &mut terms {
            if let [first, rest @ ..] = *term
                && first.0 == at
            {
                asked += first.1;
                *term = rest;
            }
        }
        if asked != 0 {
            return asked < 0;
        }
    }
}

/// The matches that are best in the levels above, as their prices describe them.
struct Face<'p> {
    program: &'p IntegerProgram<'p>,
    above: Prices,
}

impl Face<'_> {
    /// What the pair is worth above its prices: below 0, it is in no best match, and above 0 in each.
    fn profit(&self, mentee: u32, mentor: u32) -> i128 {
        let prices = self.above.mentees[mentee as usize] + self.above.mentors[mentor as usize];
        self.program.weight(mentee, mentor, 0) - prices
    }

    /// The few best of each mentee's pairs that `counts`.
    ///
    /// # Errors
    /// The interrupt's.
    fn best(
        &self,
        few: usize,
        interrupt: &Interrupt,
        counts: impl Fn(u32, u32, i64) -> bool + Sync,
    ) -> Result<Scored, Error> {
        let mentees = self.program.mentees.len();
        let walk = interrupt.walk(Phase::Fairness, mentees);
        let of_mentee = |row: &mut Vec<(u32, i64)>, mentee: usize| {
            if !walk.goes_on(mentee) {
                return Vec::new();
            }
            self.program.pairs.row(mentee, row);
            row.retain(|&(mentor, score)| counts(mentee as u32, mentor, score));
            let others = self.program.mentors.len();
            let place = |pair: &(u32, i64)| (Reverse(pair.1), turn(mentee, pair.0, others));
            if row.len() > few {
                row.select_nth_unstable_by_key(few - 1, place);
                row.truncate(few);
            }
            row.clone()
        };
        let rows = (0..mentees).into_par_iter();
        let best = rows.map_init(Vec::new, of_mentee).collect();
        walk.end()?;
        Ok(best)
    }

    /// The columns that a best match may have or not, and the loads that it may have in them.
    fn stages(&self, columns: &Scored, chosen: &[Chosen]) -> Stages {
        let program = self.program;
        let obligation = program.levels.obligation();
        let mentees = program.mentees.iter().zip(&self.above.mentees);
        let mentees = mentees.map(|(mentee, price)| {
            let first = program.levels.coverage(mentee.tier);
            room(*price, mentee.min, mentee.max, obligation, first)
        });
        let mentors = program.mentors.iter().zip(&self.above.mentors);
        let mentors =
            mentors.map(|(mentor, price)| room(*price, mentor.min, mentor.max, obligation, 0));
        let mut rooms: Vec<Room> = mentees.chain(mentors).collect();
        for pair in chosen {
            for node in [
                pair.mentee as usize,
                program.mentees.len() + pair.mentor as usize,
            ] {
                rooms[node].load += 1;
            }
        }
        // Those in every best match are no columns, but their loads count.
        let free = chosen.iter().copied();
        let free: Vec<Chosen> = free
            .filter(|pair| self.profit(pair.mentee, pair.mentor) == 0)
            .collect();
        let is_free = |mentee: u32, mentor: u32| self.profit(mentee, mentor) == 0;
        Stages::new(program.mentees.len(), rooms, columns, &free, is_free)
    }
}

/// The loads that are best at a price: `d` for which `price · d + F(d)` is greatest. `F` is concave with breaks at these
/// loads, so they are an interval between two of them.
fn room(price: i128, min: u32, max: u32, obligation: i128, first: i128) -> Room {
    let value = |load: u32| {
        let missed = i128::from(min.saturating_sub(load));
        price * i128::from(load) + if load > 0 { first } else { 0 } - obligation * missed
    };
    let breaks = [0, 1, min, max].into_iter().filter(|load| *load <= max);
    let best = breaks.clone().map(value).max().unwrap_or(0);
    let mut best = breaks.filter(|load| value(*load) == best);
    let first = best.next().unwrap_or(0);
    let (low, high) = best.fold((first, first), |(low, high), load| {
        (low.min(load), high.max(load))
    });
    Room { load: 0, low, high }
}
