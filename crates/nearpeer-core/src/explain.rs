//! Why somebody is in no pair, in the words of the rules.

use std::collections::BTreeSet;
use std::sync::OnceLock;

use rayon::prelude::*;

use crate::constraint::Row;
use crate::error::Error;
use crate::ineligible::Ineligible;
use crate::interrupt::Interrupt;
use crate::matching::{Reason, Unmatched};
use crate::pairs::{Pairs, RosterPairs};
use crate::program::{Chosen, IntegerProgram, MeetingsOf, Spots};
use crate::programme::Program;
use crate::progress::Phase;
use crate::roster::{Role, Roster};

/// How many times longer it takes to look a pair up than to get it in a row.
const LOOK_UP: usize = 8;

/// Rows whose lengths stand for those of all.
const SAMPLE: usize = 64;

/// Everybody who is in none of the chosen pairs, with the reason. Only their pairs are looked at.
///
/// # Errors
/// The interrupt's.
pub(crate) fn unmatched(
    roster: &Roster,
    pairs: &RosterPairs,
    settings: &Program,
    program: &IntegerProgram,
    chosen: &[Chosen],
    interrupt: &Interrupt,
) -> Result<Vec<Unmatched>, Error> {
    let [mentees, mentors] = program.loads(chosen);
    let ineligible = OnceLock::new();
    let not_eligible = |role, ix| {
        // Made for the first who needs it; mostly there is nobody.
        let ineligible = ineligible.get_or_init(|| Ineligible::new(roster, pairs, settings));
        let removed = ineligible.removed(role, ix);
        Reason::NotEligible { removed }
    };
    let loads = [&mentees[..], &mentors[..]];
    let full = Limits::new(program, chosen, loads);
    let mut reasons = of_mentees(pairs, program, loads, &full, &not_eligible, interrupt)?;
    reasons.extend(of_mentors(
        pairs,
        program,
        loads,
        &full,
        &not_eligible,
        interrupt,
    )?);
    let unmatched = |(role, ix, reason): (Role, usize, Reason)| Unmatched {
        role,
        id: roster.side(role).id(ix).to_owned(),
        reason,
    };
    Ok(reasons.into_iter().map(unmatched).collect())
}

/// The people without any load, ascending.
fn without(loads: &[u32]) -> Vec<usize> {
    (0..loads.len()).filter(|&ix| loads[ix] == 0).collect()
}

fn of_mentees(
    pairs: &RosterPairs,
    program: &IntegerProgram,
    [mentees, mentors]: [&[u32]; 2],
    full: &Limits,
    not_eligible: &(impl Fn(Role, usize) -> Reason + Sync),
    interrupt: &Interrupt,
) -> Result<Vec<(Role, usize, Reason)>, Error> {
    let stays_empty = |mentor: &(u32, i64)| {
        let ix = mentor.0 as usize;
        let asked = program.mentors[ix];
        mentors[ix] == 0 && (asked.circle > 0 || !asked.fillable)
    };
    let spots = program.meetings.as_ref().map(MeetingsOf::spots);
    let has_room = |mentor: u32| mentors[mentor as usize] < program.mentors[mentor as usize].max;
    let reason = |row: &mut Vec<(u32, i64)>, ix: usize| {
        let reason = if program.mentees[ix].max == 0 {
            Reason::NoRoom
        } else {
            pairs.row(ix, row);
            match row.len() {
                0 => not_eligible(Role::Mentee, ix),
                candidates if row.iter().all(stays_empty) => Reason::CircleNotFilled { candidates },
                candidates => {
                    if let Some(spots) = &spots {
                        row.retain(|(mentor, _)| spots.can_meet(ix, *mentor as usize));
                        if row.is_empty() {
                            return (Role::Mentee, ix, Reason::NoPlace { candidates });
                        }
                    }
                    let with_room = row.iter().map(|(mentor, _)| *mentor);
                    let with_room = with_room.filter(|mentor| has_room(*mentor));
                    let is_free = spots.is_some() && with_room.clone().next().is_some();
                    let forbid = full.forbid(with_room.map(|mentor| (ix as u32, mentor)));
                    match forbid {
                        Some(quotas) => Reason::QuotaReached { candidates, quotas },
                        None if is_free => Reason::PlacesFull { candidates },
                        None => Reason::OutCompeted { candidates },
                    }
                }
            }
        };
        (Role::Mentee, ix, reason)
    };
    let left = without(mentees);
    let walk = interrupt.walk(Phase::Explain, left.len());
    let reasons = left
        .into_par_iter()
        .enumerate()
        .map_init(Vec::new, |row, (place, ix)| {
            walk.goes_on(place).then(|| reason(row, ix))
        })
        .flatten()
        .collect();
    walk.end()?;
    Ok(reasons)
}

fn of_mentors(
    pairs: &RosterPairs,
    program: &IntegerProgram,
    [mentees, mentors]: [&[u32]; 2],
    full: &Limits,
    not_eligible: &(impl Fn(Role, usize) -> Reason + Sync),
    interrupt: &Interrupt,
) -> Result<Vec<(Role, usize, Reason)>, Error> {
    let left = without(mentors);
    let spots = program.meetings.as_ref().map(MeetingsOf::spots);
    let with_room: Vec<u32> = (0..mentees.len() as u32)
        .filter(|&ix| mentees[ix as usize] < program.mentees[ix as usize].max)
        .collect();
    let reason = |(&ix, &candidates): (&usize, &usize)| {
        let mentor = program.mentors[ix];
        let circle = mentor.circle > 0 || !mentor.fillable;
        let reason = match candidates {
            _ if mentor.max == 0 && !circle => Reason::NoRoom,
            0 => not_eligible(Role::Mentor, ix),
            candidates if circle => Reason::CircleNotFilled { candidates },
            candidates => {
                let may_have = |mentee: &u32| pairs.score(*mentee as usize, ix as u32).is_some();
                let meets = |spots: &Spots| {
                    let mut mentees = (0..mentees.len() as u32).filter(may_have);
                    mentees.any(|mentee| spots.can_meet(mentee as usize, ix))
                };
                if spots.as_ref().is_some_and(|spots| !meets(spots)) {
                    return (Role::Mentor, ix, Reason::NoPlace { candidates });
                }
                let with_room = with_room.iter().copied().filter(may_have);
                match full.forbid(with_room.map(|mentee| (mentee, ix as u32))) {
                    Some(quotas) => Reason::QuotaReached { candidates, quotas },
                    None => Reason::NotNeeded { candidates },
                }
            }
        };
        (Role::Mentor, ix, reason)
    };
    let candidates = candidates(pairs, &left, interrupt)?;
    Ok(left.par_iter().zip(&candidates).map(reason).collect())
}

/// The limits of constraints, with what the match comes to in each, and who has a pair.
struct Limits<'p> {
    rows: Vec<(&'p Row, i64)>,
    loads: [&'p [u32]; 2],
}

impl<'p> Limits<'p> {
    fn new(program: &'p IntegerProgram, chosen: &[Chosen], loads: [&'p [u32]; 2]) -> Self {
        let limits = program.rows.iter();
        let limits = limits.filter(|row| !row.promise && !row.by_place);
        let total = |row: &'p Row| {
            let pairs = chosen.iter().map(|pair| (pair.mentee, pair.mentor, None));
            (row, row.total(pairs, loads))
        };
        Self {
            rows: limits.map(total).collect(),
            loads,
        }
    }

    /// Whether one more pair goes beyond a limit.
    fn is_passed(&self, (row, total): &(&Row, i64), mentee: u32, mentor: u32) -> bool {
        let joins = |role: Role, ix: u32| match self.loads[role as usize][ix as usize] {
            0 => row.person(role, ix as usize),
            _ => 0,
        };
        let adds = row.pair(mentee, mentor, None)
            + joins(Role::Mentee, mentee)
            + joins(Role::Mentor, mentor);
        total + adds > row.limit
    }

    /// The names of the constraints that forbid one or another of these pairs; `None` unless there are pairs, and each is
    /// forbidden.
    fn forbid(&self, pairs: impl IntoIterator<Item = (u32, u32)>) -> Option<Vec<String>> {
        if self.rows.is_empty() {
            return None;
        }
        let mut forbid = BTreeSet::new();
        for (mentee, mentor) in pairs {
            let rows = self.rows.iter().enumerate();
            let mut of_pair = rows
                .filter(|(_, row)| self.is_passed(row, mentee, mentor))
                .peekable();
            of_pair.peek()?;
            forbid.extend(of_pair.map(|(ix, _)| ix));
        }
        let mut names: Vec<String> = Vec::new();
        for ix in &forbid {
            let name = &self.rows[*ix].0.name;
            if !names.contains(name) {
                names.push(name.clone());
            }
        }
        (!forbid.is_empty()).then_some(names)
    }
}

/// How many mentees each of these mentors may be paired with. Rows are by mentee; for a few mentors it is
/// quicker to look their pairs up.
///
/// # Errors
/// The interrupt's.
fn candidates(
    pairs: &RosterPairs,
    mentors: &[usize],
    interrupt: &Interrupt,
) -> Result<Vec<usize>, Error> {
    let mentees = pairs.mentees();
    if mentors.is_empty() || mentees == 0 {
        return Ok(vec![0; mentors.len()]);
    }
    let mut row = Vec::new();
    let sample = (0..mentees).step_by(mentees.div_ceil(SAMPLE));
    let lengths = sample.clone().map(|mentee| {
        pairs.row(mentee, &mut row);
        row.len()
    });
    let few = LOOK_UP * mentors.len() * sample.len() < lengths.sum();
    if few {
        let may_have = |mentor: usize| {
            let eligible = |mentee: &usize| pairs.score(*mentee, mentor as u32).is_some();
            (0..mentees).into_par_iter().filter(eligible).count()
        };
        return Ok(mentors.iter().map(|&mentor| may_have(mentor)).collect());
    }
    // Counts of all mentors for each of a few parts, whatever the number of mentees.
    let walk = interrupt.walk(Phase::Explain, mentees);
    let part = mentees.div_ceil(4 * rayon::current_num_threads());
    let start = || (Vec::new(), vec![0; pairs.mentors()]);
    let counts = (0..mentees).into_par_iter().with_min_len(part).fold(
        start,
        |(mut row, mut counts), mentee| {
            if walk.goes_on(mentee) {
                pairs.row(mentee, &mut row);
            }
            for (mentor, _) in &row {
                counts[*mentor as usize] += 1;
            }
            (row, counts)
        },
    );
    let add = |mut all: Vec<usize>, part: Vec<usize>| {
        all.iter_mut()
            .zip(part)
            .for_each(|(all, part)| *all += part);
        all
    };
    let counts = counts.map(|(_, counts)| counts).reduce_with(add);
    walk.end()?;
    let counts = counts.unwrap_or_default();
    Ok(mentors.iter().map(|&mentor| counts[mentor]).collect())
}
