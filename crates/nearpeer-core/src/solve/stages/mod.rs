//! The solve of programmes in which pairs have places: level by level, and part by part.
//!
//! A staffing matters only through how many pairs each place can hold. For fixed capacities a level is nearly a
//! network: its linear program on generated columns gives prices, and a pass over all pairs works out in integers
//! what they prove, for these capacities and, along the places' prices, for all others (Benders,
//! *Partitioning procedures*, 1962). The capacities with the greatest bound are looked at next, until the
//! bound of all is no more than what a match has. Where the linear program is not whole, the integer program on
//! the pairs within the gap gives a match, and a tree of pairs closes what is left.

mod candidates;
mod decided;
mod part;
mod price;
mod staffings;
mod stage;

use std::cmp::Reverse;
use std::sync::atomic::{AtomicUsize, Ordering};

use rayon::prelude::*;

use self::candidates::Candidates;
use self::part::Part;
use self::stage::{Incumbent, Stage};
use super::Solution;
use super::staged::{Meets, Staged};
use crate::certificate::Level;
use crate::certificate::stages::{LevelProof, PartProof};
use crate::error::{Error, ErrorKind};
use crate::interrupt::Interrupt;
use crate::program::master::Placed;
use crate::program::{Chosen, IntegerProgram};
use crate::roster::Role;
use crate::units::{MenteeIx, MentorIx};

/// What came of one part.
struct Solved {
    best: Incumbent,
    levels: Vec<LevelProof>,
    /// The bound of every level.
    bounds: Vec<i64>,
    cut: bool,
    candidates: Candidates,
}

/// Solves a program in which pairs have places.
///
/// # Errors
/// As [`solve`](super::solve).
pub(super) fn solve(program: &IntegerProgram, interrupt: &Interrupt) -> Result<Solution, Error> {
    let meetings = program.meetings.as_ref();
    let views = meetings.map(|meetings| program.pairs.linked_parts(&meetings.links()));
    let views = views.unwrap_or_default();
    if !views.is_empty() {
        let parts = views.par_iter();
        let parts: Vec<Part> = parts.map(|view| Part::of(program, view)).collect();
        // Where constraints join the parts after all, the whole is still to be solved.
        let share = if program.rows.is_empty() { 1.0 } else { 0.5 };
        let solved = solve_parts(&parts, &interrupt.untold().share(share))?;
        let solution = together(program, &parts, solved);
        // Constraints may join anybody with anybody. But what is best without them is best if it keeps them.
        if keeps_rows(program, &solution) {
            return Ok(solution);
        }
    }
    let parts = [Part::whole(program)];
    let solved = solve_parts(&parts, interrupt)?;
    Ok(together(program, &parts, solved))
}

/// Whether a match is within all constraints beside the loads, and keeps what they promise.
fn keeps_rows(program: &IntegerProgram, solution: &Solution) -> bool {
    let [mentees, mentors] = program.loads(&solution.chosen);
    let meets = solution.staged.as_ref();
    let meets = meets.and_then(|staged| staged.meets.as_deref());
    let meets = meets.unwrap_or_default();
    program.rows.iter().all(|row| {
        let pairs = solution.chosen.iter().enumerate();
        let pairs = pairs.map(|(ix, pair)| {
            let spot = meets.get(ix).map(|meets| (meets.site, meets.slot));
            (pair.mentee, pair.mentor, spot)
        });
        let total = row.total(pairs, [&mentees, &mentors]);
        match row.promise {
            true => total >= row.limit,
            false => total <= row.limit,
        }
    })
}

/// Solves parts, the largest first, each on one thread with the others' help in its passes over the pairs. Where time is
/// limited, no part takes what the smaller ones need.
fn solve_parts(parts: &[Part], interrupt: &Interrupt) -> Result<Vec<Solved>, Error> {
    let mut order: Vec<usize> = (0..parts.len()).collect();
    order.sort_by_key(|ix| Reverse(parts[*ix].people(Role::Mentee).len()));
    // Linear programs take about so much more time.
    let work_of = |ix: &usize| (1.0 + parts[*ix].people(Role::Mentee).len() as f64).powi(2);
    let next = AtomicUsize::new(0);
    // As many are solved at a time.
    let threads = rayon::current_num_threads() as f64;
    let work = || {
        let mut solved = Vec::new();
        loop {
            let left = &order[next.fetch_add(1, Ordering::Relaxed).min(order.len())..];
            let Some(ix) = left.first() else {
                return Ok(solved);
            };
            let all: f64 = left.iter().map(work_of).sum();
            let share = interrupt.share(threads * work_of(ix) / all);
            let part = solve_part(&parts[*ix], &share);
            // After an error nothing more is asked for.
            let part = part.inspect_err(|_| next.store(order.len(), Ordering::Relaxed))?;
            solved.push((*ix, part));
        }
    };
    // A thread that waits for others in a pass must not take up another part meanwhile: so each has this to do itself.
    let solved = rayon::broadcast(|_| work()).into_iter();
    let solved = solved.collect::<Result<Vec<Vec<(usize, Solved)>>, Error>>()?;
    let mut solved: Vec<(usize, Solved)> = solved.into_iter().flatten().collect();
    solved.sort_unstable_by_key(|(ix, _)| *ix);
    Ok(solved.into_iter().map(|(_, solved)| solved).collect())
}

fn solve_part(part: &Part, interrupt: &Interrupt) -> Result<Solved, Error> {
    let ranges = part.ranges();
    let mut best = Incumbent::nothing(part);
    let mut solved = Solved {
        best: Incumbent::default(),
        levels: Vec::new(),
        bounds: ranges
            .iter()
            .map(|(.., greatest)| *greatest as i64)
            .collect(),
        cut: false,
        candidates: Candidates::new(&part.meetings.staffing),
    };
    let mut columns = Vec::new();
    let mut held: Vec<(Level, i64)> = Vec::new();
    for (place, (level, ..)) in ranges.iter().enumerate() {
        let stage = Stage::new(
            part,
            place,
            held.clone(),
            &mut solved.candidates,
            columns,
            &mut best,
            interrupt,
        );
        let stage = match stage {
            Ok(stage) => stage,
            Err(error) if error.kind() == ErrorKind::Limit => {
                solved.cut = true;
                break;
            }
            Err(error) => return Err(error),
        };
        let (ended, known, is_cut) = stage.run()?;
        columns = known;
        // After a level that is open there is no proof, but a better match.
        if !solved.cut {
            solved.bounds[place] = ended.bound;
            // Where a limit came before any prices, only the range of the level is known.
            if !ended.proof.prices.is_empty() || !ended.proof.capacities.is_empty() {
                solved.levels.push(ended.proof);
            }
        }
        let value = best.values[place];
        solved.cut |= is_cut || ended.bound > value;
        let missed = *level == Level::Obligations && value < 0;
        if missed || (is_cut && interrupt.check().is_err()) {
            break;
        }
        held.push((*level, value));
    }
    solved.best = best;
    Ok(solved)
}

/// The answers of the parts as one.
fn together(program: &IntegerProgram, parts: &[Part], solved: Vec<Solved>) -> Solution {
    let levels = program.levels.iter().count();
    let mut staged = Staged {
        meets: None,
        parts: Vec::new(),
        bounds: vec![0; levels],
    };
    // A level's bounds add up as long as those of all levels before are met in every part.
    let mut is_met = true;
    for (place, sum) in staged.bounds.iter_mut().enumerate() {
        for (part, solved) in parts.iter().zip(&solved) {
            let bound = is_met.then_some(solved.bounds[place]);
            *sum += bound.unwrap_or(part.ranges()[place].2 as i64);
        }
        let mut solved = solved.iter();
        is_met &= solved.all(|part| part.bounds[place] == part.best.values[place]);
    }
    let mut cut = false;
    let mut all: Vec<(Chosen, Option<Meets>)> = Vec::new();
    for (part, mut solved) in parts.iter().zip(solved) {
        cut |= solved.cut;
        for level in &mut solved.levels {
            level.without_rows(program.rows.len());
        }
        all.extend(part.meets(&solved.best.pairs, &solved.candidates));
        let (mentees, mentors) = (part.people(Role::Mentee), part.people(Role::Mentor));
        staged.parts.push(PartProof {
            mentees: mentees.iter().map(|ix| MenteeIx(*ix)).collect(),
            mentors: mentors.iter().map(|ix| MentorIx(*ix)).collect(),
            places: program
                .meetings
                .as_ref()
                .map_or_else(Vec::new, |meetings| part.places(meetings.roster)),
            levels: solved.levels,
        });
    }
    all.sort_unstable_by_key(|(pair, _)| *pair);
    let (chosen, meets) = all.into_iter().unzip();
    let meets: Vec<Option<Meets>> = meets;
    staged.meets = meets.into_iter().collect();
    Solution {
        chosen,
        bound: 0,
        denominator: 1,
        nodes: Vec::new(),
        cut,
        staged: Some(staged),
    }
}

/// The pairs without their places.
fn chosen_of(pairs: &[Placed]) -> Vec<Chosen> {
    let chosen = pairs.iter().map(|pair| Chosen {
        mentee: pair.mentee,
        mentor: pair.mentor,
        score: pair.score,
    });
    chosen.collect()
}
