//! Parts of the programme that share nothing: each is solved by itself, several at a time, the largest first.

use std::sync::atomic::{AtomicUsize, Ordering};

use rayon::prelude::*;

use super::{Method, Solution, solve_whole};
use crate::certificate::{Prices, ProofNode};
use crate::error::Error;
use crate::interrupt::Interrupt;
use crate::pairs::{Pairs, Part};
use crate::program::{Chosen, IntegerProgram};
use crate::progress::Phase;
use crate::roster::Role;

/// Solves every part, and puts the answers and their proofs together: bounds of parts add up.
///
/// # Errors
/// As [`solve`](super::solve).
pub(super) fn solve(
    program: &IntegerProgram,
    parts: &[Part],
    method: Method,
    interrupt: &Interrupt,
) -> Result<Solution, Error> {
    // How far it is, is told by mentees whose part is solved.
    let walk = interrupt.walk(Phase::Network, program.mentees.len());
    let untold = interrupt.untold();
    // Each thread takes the next part when it is done with one. Within a part passes use whatever threads are free.
    let next = AtomicUsize::new(0);
    let work = |_| {
        let mut solved = Vec::new();
        loop {
            let ix = next.fetch_add(1, Ordering::Relaxed);
            let Some(part) = parts.get(ix) else {
                return Ok(solved);
            };
            let program = of_part(program, part);
            solved.push((ix, solve_whole(&program, method, &untold)?));
            walk.advance(program.mentees.len());
        }
    };
    let solved: Vec<Vec<(usize, Solution)>> = (0..rayon::current_num_threads())
        .into_par_iter()
        .with_max_len(1)
        .map(work)
        .collect::<Result<_, Error>>()?;
    let mut whole = Solution {
        chosen: Vec::new(),
        bound: 0,
        denominator: 1,
        nodes: Vec::new(),
        cut: false,
        staged: None,
    };
    let mut prices = Prices {
        mentees: vec![0; program.mentees.len()],
        mentors: vec![0; program.mentors.len()],
        ..Prices::default()
    };
    for (ix, solution) in solved.into_iter().flatten() {
        let part = &parts[ix];
        let (mentees, mentors) = (part.people(Role::Mentee), part.people(Role::Mentor));
        whole.bound += solution.bound;
        whole.cut |= solution.cut;
        let in_roster = |pair: Chosen| Chosen {
            mentee: mentees[pair.mentee as usize],
            mentor: mentors[pair.mentor as usize],
            ..pair
        };
        whole
            .chosen
            .extend(solution.chosen.into_iter().map(in_roster));
        // A part in which only loads bind has a proof of one leaf.
        for node in solution.nodes {
            if let ProofNode::Leaf(leaf) = node {
                for (place, price) in mentees.iter().zip(leaf.mentees) {
                    prices.mentees[*place as usize] = price;
                }
                for (place, price) in mentors.iter().zip(leaf.mentors) {
                    prices.mentors[*place as usize] = price;
                }
            }
        }
    }
    whole.chosen.sort_unstable();
    whole.nodes.push(ProofNode::Leaf(prices));
    Ok(whole)
}

/// The program of one part, with the weights of the whole.
pub(crate) fn of_part<'p>(program: &IntegerProgram, part: &'p Part<'p>) -> IntegerProgram<'p> {
    let mentees = part.people(Role::Mentee);
    let of = |mentee: u32| {
        let from = program.required.partition_point(|pair| pair.0 < mentee);
        let pairs = program.required[from..].iter();
        pairs.take_while(move |pair| pair.0 == mentee)
    };
    let required = mentees.iter().flat_map(|mentee| of(*mentee));
    let required = required.map(|&(mentee, mentor)| {
        (
            part.number(Role::Mentee, mentee),
            part.number(Role::Mentor, mentor),
        )
    });
    let mentors = part.people(Role::Mentor).iter();
    IntegerProgram {
        pairs: part as &dyn Pairs,
        mentees: mentees
            .iter()
            .map(|mentee| program.mentees[*mentee as usize])
            .collect(),
        mentors: mentors
            .map(|mentor| program.mentors[*mentor as usize])
            .collect(),
        required: required.collect(),
        levels: program.levels.clone(),
        common: None,
        rows: Vec::new(),
        side: Vec::new(),
        meetings: None,
        discounts: None,
    }
}

/// Of pairs that are ascending, those of each part, as the part numbers people.
pub(crate) fn chosen_of_parts(
    parts: &[Part],
    mentees: usize,
    chosen: &[Chosen],
) -> Vec<Vec<Chosen>> {
    let mut part_of = vec![0; mentees];
    for (place, part) in parts.iter().enumerate() {
        for mentee in part.people(Role::Mentee) {
            part_of[*mentee as usize] = place;
        }
    }
    let mut of_parts: Vec<Vec<Chosen>> = vec![Vec::new(); parts.len()];
    for pair in chosen {
        let place = part_of[pair.mentee as usize];
        of_parts[place].push(Chosen {
            mentee: parts[place].number(Role::Mentee, pair.mentee),
            mentor: parts[place].number(Role::Mentor, pair.mentor),
            ..*pair
        });
    }
    of_parts
}
