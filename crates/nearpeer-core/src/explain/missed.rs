//! What an infeasible programme asks for and the nearest match does not keep.

use crate::program::{Chosen, IntegerProgram};
use crate::roster::{Role, Roster};

/// The obligations that an answer misses, in the programme's words. Where only loads bind, the answer misses
/// as few as possible, and each of them is part of a conflict. Quotas that the answer uses up may have a part in it.
pub(crate) fn missed(roster: &Roster, program: &IntegerProgram, chosen: &[Chosen]) -> Vec<String> {
    let loads = program.loads(chosen);
    let mut missed = Vec::new();
    for pair in roster.required() {
        let (mentee, mentor) = (pair.mentee, pair.mentor);
        let kept = chosen.binary_search_by_key(&(mentee, mentor), |chosen| chosen.indices());
        if kept.is_err() {
            missed.push(format!(
                "the required pair of mentee {:?} (at most {} mentors) and mentor {:?} (at most {} \
                 mentees), pairs_required row {}",
                roster.mentees().id(mentee.get()),
                program.mentees[mentee.get()].max,
                roster.mentors().id(mentor.get()),
                program.mentors[mentor.get()].max,
                pair.row
            ));
        }
    }
    let minima = [
        program
            .mentees
            .iter()
            .map(|mentee| mentee.min)
            .collect::<Vec<_>>(),
        program.mentors.iter().map(|mentor| mentor.min).collect(),
    ];
    for (side, role) in [Role::Mentee, Role::Mentor].into_iter().enumerate() {
        for (ix, (&min, &load)) in minima[side].iter().zip(&loads[side]).enumerate() {
            if load < min {
                missed.push(format!(
                    "the minimum load {min} of {} {:?}, {} row {}: the nearest match found gives {load}",
                    role.as_str(),
                    roster.side(role).id(ix),
                    role.table(),
                    roster.side(role).row(ix)
                ));
            }
        }
    }
    if !missed.is_empty() {
        for row in &program.side {
            let count = row.count(chosen);
            if count >= row.limit {
                missed.push(format!(
                    "the quota {:?} of at most {} pairs, which the nearest match found uses up",
                    row.name, row.limit
                ));
            }
        }
    }
    shortened(missed)
}

/// The first few of many sentences, and how many more there are.
pub(crate) fn shortened(mut sentences: Vec<String>) -> Vec<String> {
    const SHOWN: usize = 20;
    if sentences.len() > SHOWN {
        let more = sentences.len() - SHOWN;
        sentences.truncate(SHOWN);
        sentences.push(format!("and {more} more"));
    }
    sentences
}
