//! What would make an infeasible programme feasible.

use crate::constraint::{Row, Share, in_decimals, millionths};
use crate::error::{Error, Place};
use crate::interrupt::Interrupt;
use crate::pairs::Part;
use crate::program::{Beside, Chosen, Columns, Decision, IntegerProgram, solve_model};

use super::statement::{Scope, Scoped, State, Statement, Verdict};
use super::{Conflict, Constraint, ConstraintKind, Relaxation, Repair};

/// Pairs up to which the nearest match is looked for among all of them where the solve's own may not be it.
const MODEL_PAIRS: usize = 20_000;

/// A promise that a match misses: of which constraint, which person or pair, and the load that there is.
pub(super) enum Missed {
    Pair((u32, u32)),
    Mentee(u32, u32),
    Mentor(u32, u32),
    /// A row, and what there is of it.
    Row(usize, u32),
}

/// The repairs by relaxing one of these constraints, as little as will do; none where that is not enough. `part` is where all that
/// is missed is.
///
/// # Errors
/// The interrupt's, but for limits; the solver's.
pub(super) fn single(
    statement: &Statement,
    constraints: &[usize],
    part: Option<&Part>,
    interrupt: &Interrupt,
) -> Result<Vec<Repair>, Error> {
    let mut repairs = Vec::new();
    for &ix in constraints {
        let scoped = &statement.constraints[ix];
        if let Some((row, distance)) = within(statement, scoped) {
            // Its rows have one number in the programme.
            let of_the_same = |other: &usize| {
                within(statement, &statement.constraints[*other])
                    .is_some_and(|(other, _)| other.key == row.key)
            };
            if constraints.iter().find(|other| of_the_same(other)) == Some(&ix) {
                repairs.extend(widened(statement, row, distance, part, interrupt)?.map(of_one));
            }
            continue;
        }
        let works = |state: State| -> Result<bool, Error> {
            let mut states = vec![State::Kept; statement.constraints.len()];
            states[ix] = state;
            let verdict = statement.judge(&states, part, interrupt)?;
            Ok(matches!(verdict, Verdict::Feasible))
        };
        if !works(State::Dropped)? {
            continue;
        }
        let Some(end) = end(statement, &scoped.scope) else {
            if matches!(
                scoped.scope,
                Scope::Required(_) | Scope::Row(_) | Scope::Common
            ) {
                repairs.push(of_one(left_out(scoped)));
            }
            continue;
        };
        // The nearest number that works, by halving: what relaxes more works, too.
        let (mut fails, mut does) = (scoped.number, end);
        if !works(State::To(end))? {
            continue;
        }
        while fails.abs_diff(does) > 1 {
            let middle = fails.min(does) + fails.abs_diff(does) / 2;
            match works(State::To(middle))? {
                true => does = middle,
                false => fails = middle,
            }
        }
        repairs.push(of_one(relaxed(statement, scoped, does)));
    }
    Ok(repairs)
}

fn of_one(change: Relaxation) -> Repair {
    Repair {
        changes: vec![change],
    }
}

/// How far it has any effect to relax a constraint's number; `None` where it has none.
fn end(statement: &Statement, scope: &Scope) -> Option<u32> {
    let (mentees, mentors) = (statement.mentees.len(), statement.mentors.len());
    let pairs = mentees.saturating_mul(mentors);
    let whole = |count: usize| u32::try_from(count).unwrap_or(u32::MAX);
    match scope {
        Scope::MenteeMin(_) | Scope::MentorMin(_) | Scope::Circle(_) => Some(0),
        Scope::MenteeMax(_) => Some(whole(mentors)),
        Scope::MentorMax(_) => Some(whole(mentees)),
        Scope::Row(ix) => {
            let row = &statement.rows[*ix];
            match (row.promise, row.is_count) {
                (true, _) => Some(0),
                (false, true) => Some(whole(pairs)),
                // Its number is no number of pairs.
                (false, false) => None,
            }
        }
        Scope::Room(_) | Scope::LeaderCapacity(_) => {
            Some(whole(pairs).min(crate::roster::MAX_CAPACITY))
        }
        Scope::LeaderSlots(_) => {
            let slots = statement
                .places
                .map_or(0, |(roster, _)| roster.slots().len());
            Some(whole(slots))
        }
        Scope::Required(_) | Scope::Common | Scope::Rooms | Scope::Leaders => None,
    }
}

/// A constraint with another number, and where the programme has a share in its place what to type.
pub(super) fn relaxed(statement: &Statement, scoped: &Scoped, to: u32) -> Relaxation {
    relaxed_with(statement, scoped, to, &[])
}

/// [`relaxed`] beside others that are relaxed to these numbers: what to type is one share for all rows of one key.
pub(super) fn relaxed_with(
    statement: &Statement,
    scoped: &Scoped,
    to: u32,
    others: &[(usize, u32)],
) -> Relaxation {
    let from = scoped.number;
    let verb = if to < from { "lower" } else { "raise" };
    let mut what = format!("{verb} {} from {from} to {to}", scoped.name);
    if let Scope::Row(ix) = scoped.scope {
        let of_key = |other: &usize| statement.rows[*other].key == statement.rows[ix].key;
        let all = others.iter().filter(|(other, _)| of_key(other));
        let all = all.copied().chain([(ix, to)]);
        let shares = all.filter_map(|(row, to)| statement.rows[row].share?.of_at_most(to.into()));
        let least = shares.min();
        what += &least.map_or_else(String::new, |share| would_do("at_least", share));
    }
    Relaxation {
        constraint: scoped.constraint.clone(),
        from,
        to: Some(to),
        what,
    }
}

fn would_do(key: &str, share: i64) -> String {
    format!(" (`{key} = {}` would do)", in_decimals(share))
}

/// The row of a `within`, and what that is.
fn within<'s>(statement: &'s Statement, scoped: &Scoped) -> Option<(&'s Row, f64)> {
    let Scope::Row(ix) = scoped.scope else {
        return None;
    };
    let row = &statement.rows[ix];
    match row.share {
        Some(Share::Within { distance, .. }) => Some((row, distance)),
        _ => None,
    }
}

/// A wider `within` for all groups of its balance, the least in thousandths with which there is a match.
fn widened(
    statement: &Statement,
    row: &Row,
    distance: f64,
    part: Option<&Part>,
    interrupt: &Interrupt,
) -> Result<Option<Relaxation>, Error> {
    /// Millionths.
    const STEP: i64 = 1_000;
    const WIDEST: i64 = 1_000;
    let rows = statement
        .constraints
        .iter()
        .enumerate()
        .filter_map(|(ix, scoped)| {
            let (other, _) = within(statement, scoped)?;
            (other.key == row.key).then_some((ix, other.share?))
        });
    let rows: Vec<(usize, Share)> = rows.collect();
    let limits = |steps: i64| -> Vec<i64> {
        let limits = rows.iter().map(|(_, share)| share.limit(steps * STEP));
        limits.collect()
    };
    let works = |limits: &[i64]| -> Result<bool, Error> {
        let mut states = vec![State::Kept; statement.constraints.len()];
        for ((ix, _), &limit) in rows.iter().zip(limits) {
            states[*ix] = State::To(u32::try_from(limit).unwrap_or(u32::MAX));
        }
        let verdict = statement.judge(&states, part, interrupt)?;
        Ok(matches!(verdict, Verdict::Feasible))
    };
    if !works(&limits(WIDEST))? {
        return Ok(None);
    }
    let (mut fails, mut does) = (millionths(distance) / STEP, WIDEST);
    while does - fails > 1 {
        let middle = fails + (does - fails) / 2;
        let asked = limits(middle);
        // Where a step changes no limit, the answer is known: it takes long to find.
        let is_enough = if asked == limits(does) {
            true
        } else if asked == limits(fails) {
            false
        } else {
            works(&asked)?
        };
        match is_enough {
            true => does = middle,
            false => fails = middle,
        }
    }
    let Some((first, _)) = rows.first() else {
        return Ok(None);
    };
    let scoped = &statement.constraints[*first];
    let (old, new) = (in_decimals(millionths(distance)), does * STEP);
    let what = format!("raise {} from {old} to {}", scoped.name, in_decimals(new));
    Ok(Some(Relaxation {
        constraint: scoped.constraint.clone(),
        from: u32::try_from(millionths(distance) / STEP).unwrap_or(0),
        to: u32::try_from(does).ok(),
        what: what + &would_do("within", new),
    }))
}

/// A programme without a constraint.
pub(super) fn left_out(scoped: &Scoped) -> Relaxation {
    Relaxation {
        constraint: scoped.constraint.clone(),
        from: scoped.number,
        to: None,
        what: format!("leave out {}", scoped.name),
    }
}

/// The promises that the nearest match misses. Where only loads bind, a solve's own is the nearest; elsewhere it is looked
/// for by the integer program on all pairs, if they are not too many.
pub(super) fn missed(
    statement: &Statement,
    nearest: &[Chosen],
    interrupt: &Interrupt,
) -> Result<Vec<Missed>, Error> {
    let program = IntegerProgram::new(
        statement.pairs,
        statement.mentees.clone(),
        statement.mentors.clone(),
        statement.required.clone(),
        &[],
        Beside {
            rows: statement.rows.clone(),
            meetings: None,
            common: statement.common.clone(),
        },
    )?;
    let is_nearest = program.is_network() && program.side.is_empty();
    let mut chosen = nearest.to_vec();
    if !is_nearest
        && statement.places.is_none()
        && !program.is_staged()
        && let Some(columns) = columns(statement)
    {
        let decisions = vec![Decision::Either; program.mentors.len()];
        let found = match solve_model(&program, &columns, &decisions, interrupt) {
            Ok(pairs) => pairs,
            Err(error) if error.kind() == crate::ErrorKind::Limit => Vec::new(),
            Err(error) => return Err(error),
        };
        let found: Vec<Chosen> = found
            .into_iter()
            .map(|(mentee, mentor)| Chosen {
                mentee,
                mentor,
                score: 0,
            })
            .collect();
        let kept = |chosen: &[Chosen]| program.values(chosen)[0];
        if program.allows(&found) && kept(&found) > kept(&chosen) {
            chosen = found;
        }
    }
    let loads = program.loads(&chosen);
    let is_chosen = |pair: &&(u32, u32)| {
        let at = chosen.binary_search_by_key(*pair, |chosen| (chosen.mentee, chosen.mentor));
        at.is_err()
    };
    let pairs = program.required.iter().filter(is_chosen);
    let mut missed: Vec<Missed> = pairs.map(|pair| Missed::Pair(*pair)).collect();
    for (ix, (mentee, load)) in (0u32..).zip(program.mentees.iter().zip(&loads[0])) {
        if *load < mentee.min {
            missed.push(Missed::Mentee(ix, *load));
        }
    }
    for (ix, (mentor, load)) in (0u32..).zip(program.mentors.iter().zip(&loads[1])) {
        if *load < mentor.min {
            missed.push(Missed::Mentor(ix, *load));
        }
    }
    let totals = program.rows.iter().enumerate();
    for (ix, row) in totals.filter(|(_, row)| row.promise) {
        let pairs = chosen.iter().map(|pair| (pair.mentee, pair.mentor, None));
        let total = row.total(pairs, [&loads[0], &loads[1]]);
        if row.shortfall(total) > 0 {
            missed.push(Missed::Row(ix, u32::try_from(total).unwrap_or(0)));
        }
    }
    Ok(missed)
}

/// All pairs, unless they are too many.
fn columns(statement: &Statement) -> Option<Columns> {
    let mut columns = Vec::new();
    let mut count = 0;
    for mentee in 0..statement.mentees.len() {
        let mut row = Vec::new();
        statement.pairs.row(mentee, &mut row);
        row.sort_unstable();
        count += row.len();
        if count > MODEL_PAIRS {
            return None;
        }
        columns.push(row);
    }
    Some(columns)
}

/// A person's promise lowered in the person's own cell.
pub(super) fn lowered(
    kind: ConstraintKind,
    what: String,
    place: Place,
    name: &str,
    from: u32,
    to: u32,
) -> Relaxation {
    Relaxation {
        constraint: Constraint {
            kind,
            what,
            place,
            binds: 1,
        },
        from,
        to: Some(to),
        what: format!("lower {name} from {from} to {to}"),
    }
}

impl Conflict {
    /// Puts repairs in order, each once.
    pub(super) fn with(mut self, repairs: Vec<Repair>) -> Self {
        for repair in repairs {
            let same = |other: &Repair| {
                let places = |repair: &Repair| -> Vec<(Place, Option<u32>)> {
                    let changes = repair.changes.iter();
                    changes
                        .map(|change| (change.constraint.place.clone(), change.to))
                        .collect()
                };
                places(other) == places(&repair)
            };
            if !repair.changes.is_empty() && !self.repairs.iter().any(same) {
                self.repairs.push(repair);
            }
        }
        self.repairs
            .sort_by_key(|repair| (repair.changes.len(), repair.units()));
        self
    }
}
