//! People who share eligible pairs, directly or through others.
//!
//! A search goes from a mentee to its mentors, from those to their mentees, and so on. Whoever is found is hidden from the
//! passes that follow, which then skip whole blocks.

use rayon::prelude::*;

use super::coverage::NOBODY;
use crate::error::Error;
use crate::interrupt::Interrupt;
use crate::pairs::Part;
use crate::program::IntegerProgram;
use crate::roster::Role;
use crate::solve::of_part;

/// A price that no pair is worth.
const FAR: i64 = 1 << 50;

/// The groups of these mentees and of the mentors whom they may have: by mentee and by mentor one mentee of the group, or
/// [`NOBODY`] for who is not asked for or may be paired with nobody.
///
/// # Errors
/// The interrupt's.
pub(super) fn joined(
    program: &IntegerProgram,
    mentees: &[bool],
    interrupt: &Interrupt,
) -> Result<[Vec<u32>; 2], Error> {
    let parts = program.pairs.parts();
    if parts.is_empty() {
        return of_whole(program, mentees, interrupt);
    }
    let of = |part: &Part| {
        let asked = part.people(Role::Mentee).iter();
        let asked: Vec<bool> = asked.map(|mentee| mentees[*mentee as usize]).collect();
        of_whole(&of_part(program, part), &asked, interrupt)
    };
    let found = parts.par_iter().with_max_len(1).map(of);
    let found: Vec<[Vec<u32>; 2]> = found.collect::<Result<_, Error>>()?;
    let mut groups = [program.mentees.len(), program.mentors.len()].map(|size| vec![NOBODY; size]);
    for (part, found) in parts.iter().zip(found) {
        for (role, found) in [Role::Mentee, Role::Mentor].into_iter().zip(found) {
            for (person, group) in part.people(role).iter().zip(found) {
                if group != NOBODY {
                    let group = part.people(Role::Mentee)[group as usize];
                    groups[role as usize][*person as usize] = group;
                }
            }
        }
    }
    Ok(groups)
}

fn of_whole(
    program: &IntegerProgram,
    asked: &[bool],
    interrupt: &Interrupt,
) -> Result<[Vec<u32>; 2], Error> {
    let mut groups = [program.mentees.len(), program.mentors.len()].map(|size| vec![NOBODY; size]);
    let people = groups.iter().map(Vec::len).sum::<usize>();
    let mut roots = (0..asked.len()).filter(|mentee| asked[*mentee]);
    let mut waiting: Vec<(Role, u32, u32)> = Vec::new();
    loop {
        let hidden = |is_hidden: bool| if is_hidden { FAR } else { 0 };
        let mentors = groups[1].iter().map(|group| hidden(*group != NOBODY));
        let mentees = groups[0].iter().zip(asked);
        let mentees = mentees.map(|(group, asked)| hidden(*group != NOBODY || !asked));
        let prices: [Vec<i64>; 2] = [mentors.collect(), mentees.collect()];
        let sweep = |role: Role| program.pairs.sweep(role, &prices[role as usize]);
        let sweeps = [Role::Mentee, Role::Mentor]
            .map(|role| sweep(role).expect("people of a roster are passed over from either side"));
        // Setting the prices anew takes as long as so many looks at people who are found already.
        let mut wasted = 0;
        while wasted <= people {
            let (role, person, group) = match waiting.pop() {
                Some(next) => next,
                None => match roots.find(|mentee| groups[0][*mentee] == NOBODY) {
                    Some(root) => (Role::Mentee, root as u32, root as u32),
                    None => return Ok(groups),
                },
            };
            interrupt.check()?;
            let (side, other) = match role {
                Role::Mentee => (0, Role::Mentor),
                Role::Mentor => (1, Role::Mentee),
            };
            sweeps[side].row(person as usize, -1, &mut |found, _| {
                let known = &mut groups[1 - side][found as usize];
                if *known == NOBODY {
                    *known = group;
                    waiting.push((other, found, group));
                } else {
                    wasted += 1;
                }
                -1
            });
        }
    }
}
