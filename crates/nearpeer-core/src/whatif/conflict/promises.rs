//! The repair by promises: those that the nearest match misses, lowered together.

use std::collections::HashSet;

use crate::error::Error;
use crate::interrupt::Interrupt;
use crate::roster::Role;

use super::number::{Number, Relaxed};
use super::repair::Missed;
use super::statement::{Scope, State, Statement, Verdict};

/// A promise that is lowered.
pub(super) enum Lowered {
    /// A required pair is left out.
    Pair((u32, u32)),
    /// One person's minimum is so much.
    Person(Role, u32, u32),
    /// A number of the programme, by a constraint that follows from it.
    Number(usize, Relaxed),
}

/// Up to so many are each tried without.
const TRIED: usize = 32;

/// What is missed, lowered to what the nearest match has, and no further than must be beside the others: none of these can
/// be done without, nor a number lowered less. With `by_key` a minimum of the programme is lowered for all, where
/// it is missed by several people.
///
/// # Errors
/// The interrupt's, but for limits; the solver's.
pub(super) fn lowered(
    statement: &Statement,
    missed: &[Missed],
    by_key: bool,
    interrupt: &Interrupt,
) -> Result<Vec<Lowered>, Error> {
    let mut all = to_what_there_is(statement, missed, by_key);
    let mut judged = statement.clone();
    all.iter().for_each(|one| set(one, statement, &mut judged));
    let kept = vec![State::Kept; statement.constraints.len()];
    let is_tried = all.len() <= TRIED;
    let mut needed = Vec::new();
    while let Some(one) = all.pop() {
        if !is_tried && !matches!(one, Lowered::Number(..)) {
            needed.push(one);
            continue;
        }
        restore(&one, statement, &mut judged);
        let without = judged.judge(&kept, None, interrupt)?;
        let one = match (without, one) {
            (Verdict::Feasible, _) => continue,
            (verdict, Lowered::Number(ix, Relaxed { to, .. })) => {
                let number = Number::of(statement, ix);
                let nearest = number.nearest(to, |states| judged.judge(states, None, interrupt))?;
                // The nearest match shows that so much will do, whatever a limit leaves open.
                let mut relaxed = nearest.unwrap_or(Relaxed { to, is_cut: true });
                relaxed.is_cut |= matches!(verdict, Verdict::Unknown);
                Lowered::Number(ix, relaxed)
            }
            (_, Lowered::Person(role, ix, to)) => {
                let to = lowered_least(&mut judged, role, ix, to, interrupt)?;
                Lowered::Person(role, ix, to)
            }
            (_, one) => one,
        };
        set(&one, statement, &mut judged);
        needed.push(one);
    }
    needed.reverse();
    Ok(needed)
}

/// How little less than what is asked somebody's minimum can be beside what is lowered already, by halving between that and `does`.
fn lowered_least(
    judged: &mut Statement,
    role: Role,
    ix: u32,
    does: u32,
    interrupt: &Interrupt,
) -> Result<u32, Error> {
    let kept = vec![State::Kept; judged.constraints.len()];
    let (mut fails, mut does) = (least(judged, role, ix), does);
    while fails.abs_diff(does) > 1 {
        let middle = fails.midpoint(does);
        set_least(role, ix, middle, judged);
        match judged.judge(&kept, None, interrupt)? {
            Verdict::Feasible => does = middle,
            _ => fails = middle,
        }
    }
    Ok(does)
}

/// Whether a minimum of the programme is missed by several people.
pub(super) fn is_missed_by_several(statement: &Statement, missed: &[Missed]) -> bool {
    let mut seen = HashSet::new();
    let mut keys = missed.iter().filter_map(|missed| key_of(statement, missed));
    keys.any(|(ix, _)| !seen.insert(ix))
}

/// The constraint of the programme which a missed minimum follows from, and what there is; `None` where it stands in a cell.
fn key_of(statement: &Statement, missed: &Missed) -> Option<(usize, u32)> {
    let (role, person, load) = match missed {
        Missed::Mentee(ix, load) => (Role::Mentee, ix, load),
        Missed::Mentor(ix, load) => (Role::Mentor, ix, load),
        Missed::Pair(_) | Missed::Row(..) => return None,
    };
    let mut constraints = statement.constraints.iter();
    let ix = constraints.position(|scoped| {
        let people = match (&scoped.scope, role) {
            (Scope::MenteeMin(people), Role::Mentee) => people,
            (Scope::MentorMin(people), Role::Mentor) => people,
            _ => return false,
        };
        scoped.constraint.place.key.is_some() && people.binary_search(person).is_ok()
    })?;
    Some((ix, *load))
}

fn to_what_there_is(statement: &Statement, missed: &[Missed], by_key: bool) -> Vec<Lowered> {
    let mut all: Vec<Lowered> = Vec::new();
    for missed in missed {
        let number = match missed {
            Missed::Row(row, total) => {
                let is_its =
                    |scope: &Scope| matches!(scope, Scope::Rows(rows) if rows.contains(row));
                let mut constraints = statement.constraints.iter();
                let ix = constraints.position(|scoped| is_its(&scoped.scope));
                let share = statement.rows[*row].share;
                ix.map(|ix| match share {
                    Some(share) => (ix, Number::share_of(share, *total)),
                    None => (ix, *total),
                })
            }
            _ if by_key => key_of(statement, missed).map(|(ix, load)| (ix, load.into())),
            _ => None,
        };
        let Some((ix, to)) = number else {
            match missed {
                Missed::Pair(pair) => all.push(Lowered::Pair(*pair)),
                Missed::Mentee(ix, load) => all.push(Lowered::Person(Role::Mentee, *ix, *load)),
                Missed::Mentor(ix, load) => all.push(Lowered::Person(Role::Mentor, *ix, *load)),
                Missed::Row(..) => {}
            }
            continue;
        };
        let same = Number::of(statement, ix);
        let before = all.iter_mut().find_map(|one| match one {
            Lowered::Number(other, relaxed) if same.constraints.contains(other) => Some(relaxed),
            _ => None,
        });
        match before {
            Some(relaxed) => relaxed.to = relaxed.to.min(to),
            None => all.push(Lowered::Number(ix, Relaxed { to, is_cut: false })),
        }
    }
    all
}

fn set(one: &Lowered, statement: &Statement, judged: &mut Statement) {
    match one {
        Lowered::Pair(pair) => judged.required.retain(|other| other != pair),
        Lowered::Person(role, ix, load) => set_least(*role, *ix, *load, judged),
        Lowered::Number(ix, relaxed) => Number::of(statement, *ix).set(relaxed.to, judged),
    }
}

fn set_least(role: Role, ix: u32, load: u32, judged: &mut Statement) {
    match role {
        Role::Mentee => judged.mentees[ix as usize].min = load,
        Role::Mentor => judged.mentors[ix as usize].min = load,
    }
}

fn least(statement: &Statement, role: Role, ix: u32) -> u32 {
    match role {
        Role::Mentee => statement.mentees[ix as usize].min,
        Role::Mentor => statement.mentors[ix as usize].min,
    }
}

/// Undoes [`set`].
fn restore(one: &Lowered, statement: &Statement, judged: &mut Statement) {
    match one {
        Lowered::Pair(pair) => {
            judged.required.push(*pair);
            judged.required.sort_unstable();
        }
        Lowered::Person(role, ix, _) => {
            set_least(*role, *ix, least(statement, *role, *ix), judged);
        }
        Lowered::Number(ix, _) => {
            for ix in &Number::of(statement, *ix).constraints {
                let scoped = &statement.constraints[*ix];
                judged.set(&scoped.scope, scoped.number);
            }
        }
    }
}
