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

/// A number of the programme or of a table, and the constraints that follow from it: those of all groups from the share
/// of a balance, else one.
struct Number<'s, 'p> {
    statement: &'s Statement<'p>,
    /// That which is in the conflict.
    asked: usize,
    constraints: Vec<usize>,
}

/// A number with which there is a match.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Nearest {
    to: i64,
    /// Whether a limit came where a nearer one was tried.
    is_cut: bool,
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
            asked: ix,
            constraints,
        }
    }

    fn scoped(&self) -> &'s Scoped {
        &self.statement.constraints[self.asked]
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

    /// The limits of its constraints that follow from another number.
    fn limits(&self, to: i64) -> impl Iterator<Item = i64> {
        self.constraints.iter().map(move |ix| {
            let row = self.statement.constraints[*ix].row(self.statement);
            match (row, row.and_then(|row| row.share)) {
                (_, Some(share)) => share.limit(to * THOUSANDTH),
                (Some(row), None) => row.clone().limited(to).reachable().limit,
                (None, None) => to,
            }
        })
    }

    fn states(&self, to: i64) -> Vec<State> {
        let mut states = vec![State::Kept; self.statement.constraints.len()];
        for (ix, limit) in self.constraints.iter().zip(self.limits(to)) {
            states[*ix] = State::To(limit);
        }
        states
    }

    /// The number nearest to what it is with which there is a match, by halving: what relaxes more works, too.
    fn nearest(
        &self,
        end: i64,
        judge: impl Fn(&[State]) -> Result<Verdict, Error>,
    ) -> Result<Option<Nearest>, Error> {
        let mut is_cut = false;
        let mut works = |states: &[State]| -> Result<bool, Error> {
            let verdict = judge(states)?;
            is_cut |= matches!(verdict, Verdict::Unknown);
            Ok(matches!(verdict, Verdict::Feasible))
        };
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
        Ok(Some(Nearest { to: does, is_cut }))
    }

    /// The same number with fewer decimals, if that asks for the same.
    fn shortest(&self, to: i64) -> i64 {
        let units = [100, 10].into_iter();
        let mut shorter = units.map(|unit| to.div_euclid(unit) * unit);
        let same = shorter.find(|shorter| self.states(*shorter) == self.states(to));
        same.unwrap_or(to)
    }

    fn relaxed(&self, Nearest { to, is_cut }: Nearest) -> Relaxation {
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
            what: match is_cut {
                false => format!("{verb} {name} from {asked} to {}", typed(to)),
                // Which no number says.
                true => format!(
                    "{verb} {name} from {asked} to {}, if no less will do, which a limit left open",
                    typed(to)
                ),
            },
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

/// The missed promises of rows by row, lowered to what the nearest match has of them. The share of a balance stands for all
/// that are missed of its groups; it is lowered no further than the other promises, lowered as they are, need it.
///
/// # Errors
/// The interrupt's, but for limits; the solver's.
pub(super) fn to_what_there_is(
    statement: &Statement,
    missed: &[Missed],
    interrupt: &Interrupt,
) -> Result<Vec<(usize, Relaxation)>, Error> {
    let mut repaired = statement.clone();
    for missed in missed {
        match missed {
            Missed::Pair(pair) => repaired.required.retain(|other| other != pair),
            Missed::Mentee(ix, load) => repaired.mentees[*ix as usize].min = *load,
            Missed::Mentor(ix, load) => repaired.mentors[*ix as usize].min = *load,
            Missed::Row(ix, total) => repaired.rows[*ix].limit = *total,
        }
    }
    let mut changes = Vec::new();
    let mut seen = HashSet::new();
    for missed in missed {
        let Missed::Row(row, total) = missed else {
            continue;
        };
        let is_its =
            |scoped: &Scoped| matches!(&scoped.scope, Scope::Rows(rows) if rows.contains(row));
        let Some(ix) = statement.constraints.iter().position(is_its) else {
            continue;
        };
        let number = Number::of(statement, ix);
        if number.share().is_none() {
            let nearest = Nearest {
                to: *total,
                is_cut: false,
            };
            changes.push((*row, number.relaxed(nearest)));
        } else if seen.insert(number.constraints[0]) {
            let nearest = number.share_beside(&mut repaired, interrupt)?;
            changes.extend(nearest.map(|nearest| (*row, number.relaxed(nearest))));
        }
    }
    Ok(changes)
}

impl Number<'_, '_> {
    /// The greatest share with which `repaired` has a match, whose rows are lowered to what one has; `None` where this share
    /// need not be lowered. Its rows are set to what is asked then.
    fn share_beside(
        &self,
        repaired: &mut Statement,
        interrupt: &Interrupt,
    ) -> Result<Option<Nearest>, Error> {
        let rows = |statement: &Statement| -> Vec<usize> {
            let scopes = self.constraints.iter();
            let scopes = scopes.map(|ix| &statement.constraints[*ix].scope);
            let rows = scopes.filter_map(|scope| match scope {
                Scope::Rows(rows) => rows.first().copied(),
                _ => None,
            });
            rows.collect()
        };
        let rows = rows(repaired);
        let shares = rows.iter().filter_map(|ix| {
            let row = &repaired.rows[*ix];
            row.share?.of_at_most(row.limit)
        });
        let Some(end) = shares.min().map(|share| share / THOUSANDTH) else {
            return Ok(None);
        };
        let kept = self.states(self.from());
        if matches!(repaired.judge(&kept, None, interrupt)?, Verdict::Feasible) {
            return Ok(None);
        }
        let nearest = self.nearest(end, |states| repaired.judge(states, None, interrupt))?;
        // The nearest match shows that this share will do, whatever a limit leaves open.
        let nearest = nearest.unwrap_or(Nearest {
            to: end,
            is_cut: true,
        });
        for (row, state) in rows.into_iter().zip(self.limits(nearest.to)) {
            repaired.rows[row].limit = state;
        }
        Ok(Some(nearest))
    }
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
