//! What would make an infeasible programme feasible.

use std::collections::HashSet;

use crate::constraint::{Row, Share, in_decimals};
use crate::error::{Error, Place};
use crate::interrupt::Interrupt;
use crate::pairs::Part;
use crate::program::{Beside, Chosen, Columns, Decision, IntegerProgram, solve_model};
use crate::roster::Role;

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
        let works = |state: State| -> Result<bool, Error> {
            let mut states = vec![State::Kept; statement.constraints.len()];
            number.constraints.iter().for_each(|ix| states[*ix] = state);
            statement.works(&states, part, interrupt)
        };
        if !works(State::Dropped)? {
            continue;
        }
        if let Some(end) = number.end() {
            let nearest = number.nearest(end, |states| statement.works(states, part, interrupt))?;
            repairs.extend(nearest.map(|to| of_one(number.relaxed(to))));
        } else if matches!(
            number.scoped().scope,
            Scope::Required(_) | Scope::Rows(_) | Scope::Common
        ) {
            repairs.push(of_one(left_out(number.scoped())));
        }
    }
    Ok(repairs)
}

impl Statement<'_> {
    fn works(
        &self,
        states: &[State],
        part: Option<&Part>,
        interrupt: &Interrupt,
    ) -> Result<bool, Error> {
        let verdict = self.judge(states, part, interrupt)?;
        Ok(matches!(verdict, Verdict::Feasible))
    }
}

/// A number of the programme or of a table, and the constraints that follow from it: those of all groups from the share
/// of a balance, else one.
struct Number<'s, 'p> {
    statement: &'s Statement<'p>,
    constraints: Vec<usize>,
}

/// Millionths in a thousandth, in which shares are told.
const THOUSANDTH: i64 = 1_000;

impl<'s, 'p> Number<'s, 'p> {
    fn of(statement: &'s Statement<'p>, ix: usize) -> Self {
        let row = |ix: usize| statement.constraints[ix].row(statement);
        let constraints = match row(ix).filter(|row| row.share.is_some()) {
            None => vec![ix],
            Some(own) => {
                let is_of_it = |ix: &usize| row(*ix).is_some_and(|row| row.is_numbered_as(own));
                (0..statement.constraints.len()).filter(is_of_it).collect()
            }
        };
        Self {
            statement,
            constraints,
        }
    }

    fn scoped(&self) -> &'s Scoped {
        &self.statement.constraints[self.constraints[0]]
    }

    fn share(&self) -> Option<Share> {
        self.scoped().row(self.statement)?.share
    }

    /// What it is: of a share in thousandths.
    fn from(&self) -> i64 {
        match self.share() {
            // One that asks for no less, which cannot be kept, either.
            Some(share @ Share::AtLeast { .. }) => (share.asked() + THOUSANDTH - 1) / THOUSANDTH,
            Some(share @ Share::Within { .. }) => share.asked() / THOUSANDTH,
            None => self.scoped().number,
        }
    }

    /// How far it has any effect to relax it; `None` where it is no number.
    fn end(&self) -> Option<i64> {
        match self.share() {
            Some(share) => Some(share.loosest() / THOUSANDTH),
            None => end(self.statement, &self.scoped().scope),
        }
    }

    /// What follows from another number.
    fn states(&self, to: i64) -> Vec<State> {
        let mut states = vec![State::Kept; self.statement.constraints.len()];
        for &ix in &self.constraints {
            let row = self.statement.constraints[ix].row(self.statement);
            let limit = match (row, row.and_then(|row| row.share)) {
                (_, Some(share)) => share.limit(to * THOUSANDTH),
                (Some(row), None) => row.clone().limited(to).reachable().limit,
                (None, None) => to,
            };
            states[ix] = State::To(limit);
        }
        states
    }

    /// The number nearest to what it is with which there is a match, by halving: what relaxes more works, too.
    fn nearest(
        &self,
        end: i64,
        works: impl Fn(&[State]) -> Result<bool, Error>,
    ) -> Result<Option<i64>, Error> {
        if !works(&self.states(end))? {
            return Ok(None);
        }
        let (mut fails, mut does) = (self.from(), end);
        while fails.abs_diff(does) > 1 {
            let middle = fails.midpoint(does);
            let asked = self.states(middle);
            // Where a step changes no limit, the answer is known: it takes long to find.
            let is_enough = if asked == self.states(does) {
                true
            } else if asked == self.states(fails) {
                false
            } else {
                works(&asked)?
            };
            match is_enough {
                true => does = middle,
                false => fails = middle,
            }
        }
        Ok(Some(does))
    }

    /// The same number with fewer decimals, if that asks for the same.
    fn shortest(&self, to: i64) -> i64 {
        let units = [100, 10].into_iter();
        let mut shorter = units.map(|unit| to.div_euclid(unit) * unit);
        let same = shorter.find(|shorter| self.states(*shorter) == self.states(to));
        same.unwrap_or(to)
    }

    fn relaxed(&self, to: i64) -> Relaxation {
        let scoped = self.scoped();
        let (from, to) = match self.share() {
            Some(Share::AtLeast { .. }) => (self.from(), self.shortest(to)),
            _ => (self.from(), to),
        };
        let row = scoped.row(self.statement);
        let typed = |number: i64| match (self.share(), row) {
            (Some(_), _) => in_decimals(number * THOUSANDTH),
            (None, Some(row)) => row.typed(number),
            (None, None) => number.to_string(),
        };
        let asked = match self.share() {
            Some(share) => in_decimals(share.asked()),
            None => typed(from),
        };
        let verb = if to < from { "lower" } else { "raise" };
        let name = &scoped.name;
        Relaxation {
            constraint: scoped.constraint.clone(),
            from,
            to: Some(to),
            what: format!("{verb} {name} from {asked} to {}", typed(to)),
        }
    }
}

impl Scoped {
    /// The row that it is, if it is one with a number.
    fn row<'s>(&self, statement: &'s Statement) -> Option<&'s Row> {
        let Scope::Rows(rows) = &self.scope else {
            return None;
        };
        let row = &statement.rows[*rows.first()?];
        row.number.is_some().then_some(row)
    }
}

fn of_one(change: Relaxation) -> Repair {
    Repair {
        changes: vec![change],
    }
}

/// How far it has any effect to relax a constraint's own number; `None` where it has none.
fn end(statement: &Statement, scope: &Scope) -> Option<i64> {
    let [mentees, mentors] = [statement.mentees.len(), statement.mentors.len()];
    let [mentees, mentors] =
        [mentees, mentors].map(|count| i64::try_from(count).unwrap_or(i64::MAX));
    let loads = statement.mentees.iter();
    let pairs = loads.fold(0, |pairs, mentee| pairs + mentors.min(mentee.max.into()));
    match scope {
        Scope::MenteeMin(_) | Scope::MentorMin(_) | Scope::Circle(_) => Some(0),
        Scope::MenteeMax(people) => {
            (!in_a_family(statement, Role::Mentee, people)).then_some(mentors)
        }
        Scope::MentorMax(people) => {
            (!in_a_family(statement, Role::Mentor, people)).then_some(mentees)
        }
        Scope::Rows(rows) => {
            let row = &statement.rows[*rows.first()?];
            row.number.as_ref()?;
            Some(if row.promise { 0 } else { row.most(pairs) })
        }
        Scope::Room(_) | Scope::LeaderCapacity(_) => {
            Some(pairs.min(crate::roster::MAX_CAPACITY.into()))
        }
        Scope::LeaderSlots(_) => {
            let (roster, _) = statement.places?;
            i64::try_from(roster.slots().len()).ok()
        }
        Scope::Required(_) | Scope::Common | Scope::Rooms | Scope::Leaders => None,
    }
}

/// Whether any of these people is a member of a family, who may be in one pair at most.
fn in_a_family(statement: &Statement, role: Role, people: &[u32]) -> bool {
    let families = statement.rows.iter().filter_map(|row| row.few.as_ref());
    let mut members = families.flat_map(|few| &few[role as usize]);
    members.any(|member| people.contains(member))
}

/// A missed promise of a row, lowered to what the nearest match has of it; that of the share of a balance stands for all that
/// are missed of its groups, and is none for the others.
pub(super) fn to_what_there_is(
    statement: &Statement,
    row: usize,
    total: i64,
    missed: &[Missed],
) -> Option<Relaxation> {
    let mut constraints = statement.constraints.iter();
    let ix = constraints
        .position(|scoped| matches!(&scoped.scope, Scope::Rows(rows) if rows.contains(&row)))?;
    let number = Number::of(statement, ix);
    let of_key = |missed: &Missed| match missed {
        Missed::Row(other, total) => {
            let (own, other) = (&statement.rows[row], *other);
            let is_of_it = statement.rows[other].is_numbered_as(own);
            is_of_it.then_some((other, *total))
        }
        _ => None,
    };
    let groups: Vec<(usize, i64)> = missed.iter().filter_map(of_key).collect();
    if number.share().is_none() {
        return Some(number.relaxed(total));
    }
    if groups.first().is_some_and(|(first, _)| *first != row) {
        return None;
    }
    let shares = groups.into_iter();
    let shares = shares.filter_map(|(row, total)| statement.rows[row].share?.of_at_most(total));
    Some(number.relaxed(shares.min()? / THOUSANDTH))
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
            .sort_by_key(|repair| (repair.changes.len(), repair.units()));
        self
    }
}
