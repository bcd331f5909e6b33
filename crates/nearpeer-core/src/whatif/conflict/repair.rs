//! What would make an infeasible programme feasible.

use std::collections::HashSet;

use crate::error::{Error, Place};
use crate::interrupt::Interrupt;
use crate::pairs::Part;
use crate::program::{Beside, Chosen, Columns, Decision, IntegerProgram, solve_model};

use super::number::{Number, left_out};
use super::statement::{Scope, State, Statement, Verdict};
use super::{Conflict, Constraint, ConstraintKind, Relaxation, Repair};

/// Pairs up to which the nearest match is looked for among all of them where the solve's own may not be it.
const MODEL_PAIRS: usize = 20_000;

/// A promise that a match misses: of which constraint, which person or pair, and the load that there is.
pub(super) enum Missed {
    Pair((u32, u32)),
    Mentee(u32, u32),
    Mentor(u32, u32),
    /// A row, and what there is of it.
    Row(usize, i64),
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
    let mut repairs: Vec<Repair> = Vec::new();
    let mut seen = HashSet::new();
    for &ix in constraints {
        let number = Number::of(statement, ix);
        if !seen.insert(number.constraints[0]) {
            // Another constraint follows from the same number.
            continue;
        }
        let mut without = vec![State::Kept; statement.constraints.len()];
        let of_it = number.constraints.iter();
        of_it.for_each(|ix| without[*ix] = State::Dropped);
        if !matches!(
            statement.judge(&without, part, interrupt)?,
            Verdict::Feasible
        ) {
            continue;
        }
        if let Some(end) = number.end() {
            let nearest = number.nearest(end, |states| statement.judge(states, part, interrupt))?;
            repairs.extend(nearest.map(|nearest| of_one(number.relaxed(nearest))));
        } else if matches!(
            number.scoped().scope,
            Scope::Required(_) | Scope::Rows(_) | Scope::Common
        ) {
            repairs.push(of_one(left_out(number.scoped())));
        }
    }
    Ok(repairs)
}

fn of_one(change: Relaxation) -> Repair {
    Repair {
        changes: vec![change],
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
            missed.push(Missed::Row(ix, total));
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
        from: from.into(),
        to: Some(to.into()),
        what: format!("lower {name} from {from} to {to}"),
    }
}

impl Conflict {
    /// Puts repairs in order, each once.
    pub(super) fn with(mut self, repairs: Vec<Repair>) -> Self {
        for repair in repairs {
            let same = |other: &Repair| {
                let places = |repair: &Repair| -> Vec<(Place, Option<i64>)> {
                    let changes = repair.changes.iter();
                    changes
                        .map(|change| (change.constraint.place.clone(), change.to))
                        .collect()
                };
                let alone = |repair: &Repair| match &repair.changes[..] {
                    [change] => change.to.map(|_| change.constraint.place.clone()),
                    _ => None,
                };
                // Of one number the nearest that does comes first.
                let is_further = alone(other).is_some() && alone(other) == alone(&repair);
                is_further || places(other) == places(&repair)
            };
            if !repair.changes.is_empty() && !self.repairs.iter().any(same) {
                self.repairs.push(repair);
            }
        }
        self.repairs
            .sort_by_key(|repair| (repair.changes.len(), repair.units(), repair.amount()));
        self
    }
}
