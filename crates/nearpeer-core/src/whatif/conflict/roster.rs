//! The constraints of a roster and a programme, in their words.

use crate::constraint;
use crate::error::{Error, Place};
use crate::ineligible::Ineligible;
use crate::interrupt::Interrupt;
use crate::pairs::{Pairs, Part, RosterPairs};
use crate::program::{Chosen, Common, loads_of_roster};
use crate::programme::Program;
use crate::roster::{Role, Roster};
use crate::words::counted;

use super::filter;
use super::number::{Number, left_out};
use super::promises::{self, Lowered};
use super::repair::{self, Missed};
use super::statement::{Scope, Scoped, State, Statement, Verdict};
use super::{Conflict, ConstraintKind, RELAXED, Repair};

/// The most people of whom a conflict says how few they may be paired with.
const NOTES: usize = 5;

/// Why a programme has no match. `nearest` is the match that misses the fewest promises, or nearly so.
///
/// # Errors
/// The interrupt's, but for limits; the solver's.
pub(crate) fn of_roster(
    settings: &Program,
    roster: &Roster,
    pairs: &RosterPairs,
    nearest: &[Chosen],
    interrupt: &Interrupt,
) -> Result<Conflict, Error> {
    let (mentees, mentors) = loads_of_roster(roster, settings)?;
    let required = roster.required().iter();
    let mut statement = Statement {
        pairs,
        mentees,
        mentors,
        required: required
            .map(|pair| (pair.mentee.0, pair.mentor.0))
            .collect(),
        rows: constraint::rows(roster, settings)?,
        common: Common::new(roster, settings),
        places: settings
            .meetings
            .is_assigned(roster)
            .then_some((roster, settings)),
        constraints: Vec::new(),
    };
    let groups = Names { roster, settings }.constraints(&mut statement);
    let missed = repair::missed(&statement, nearest, interrupt)?;
    let joined = !statement.rows.is_empty() || statement.common.is_some();
    let parts = match !joined && statement.places.is_none() {
        true => pairs.parts(),
        false => Vec::new(),
    };
    let (part, is_only) = part_of(&parts, &missed, &statement, interrupt)?;
    let mut core = filter::reduce(&statement, &groups, part, interrupt)?;
    if !is_only {
        core = filter::reduce_everywhere(&statement, &groups, core, interrupt)?;
    }
    let (constraints, mut apart) = core.constraints(&statement, &groups);
    if !is_only {
        // What stands in one cell cannot repair several parts.
        apart.retain(|ix| statement.constraints[*ix].constraint.place.key.is_some());
    }
    apart.truncate(RELAXED);
    let single = repair::single(&statement, &apart, part.filter(|_| is_only), interrupt)?;
    let conflict = Conflict {
        constraints,
        notes: Names { roster, settings }.notes(&statement, pairs, &missed),
        repairs: Vec::new(),
        irreducible: !core.cut,
    };
    let names = Names { roster, settings };
    let mut repairs = single;
    for by_key in [true, false] {
        if by_key && !promises::is_missed_by_several(&statement, &missed) {
            continue;
        }
        let lowered = promises::lowered(&statement, &missed, by_key, interrupt)?;
        repairs.push(names.repair(&statement, &lowered));
    }
    Ok(conflict.with(repairs))
}

/// The smallest part that is infeasible by itself, and whether promises are missed nowhere else; `None` for all of the
/// programme.
fn part_of<'a, 'p>(
    parts: &'a [Part<'p>],
    missed: &[Missed],
    statement: &Statement,
    interrupt: &Interrupt,
) -> Result<(Option<&'a Part<'p>>, bool), Error> {
    let has = |part: &&Part| {
        missed.iter().any(|missed| {
            let (role, ix) = match missed {
                Missed::Pair((mentee, _)) | Missed::Mentee(mentee, _) => (Role::Mentee, mentee),
                Missed::Mentor(mentor, _) => (Role::Mentor, mentor),
                // A programme with rows has one part.
                Missed::Row(..) => return true,
            };
            part.people(role).binary_search(ix).is_ok()
        })
    };
    let mut with: Vec<&Part> = parts.iter().filter(has).collect();
    with.sort_by_key(|part| part.people(Role::Mentee).len() + part.people(Role::Mentor).len());
    let states = vec![State::Kept; statement.constraints.len()];
    for part in &with {
        // A match that is not the nearest can miss promises where they could be kept.
        let verdict = statement.judge(&states, Some(part), interrupt)?;
        if matches!(verdict, Verdict::Infeasible(_)) {
            return Ok((Some(part), with.len() == 1));
        }
    }
    Ok((None, true))
}

/// What constraints are called.
pub(super) struct Names<'r> {
    roster: &'r Roster,
    settings: &'r Program,
}

/// One of the loads of one side.
struct Load {
    kind: ConstraintKind,
    role: Role,
    /// The column of the table, and the key of the programme.
    column: &'static str,
    key: &'static str,
    /// Before and after the number of partners.
    asks: &'static str,
}

impl Names<'_> {
    /// Adds every constraint, and gives them in groups of a kind, those first that a conflict does better without.
    fn constraints(&self, statement: &mut Statement) -> Vec<Vec<usize>> {
        let mut groups = self.of_places(statement);
        let circle = Load {
            kind: ConstraintKind::Circle,
            role: Role::Mentor,
            column: "load_min",
            key: "loads.mentor.min",
            asks: "no mentee or at least",
        };
        groups.extend(self.of_loads(statement, &circle));
        groups.extend(self.of_rows(statement));
        for (kind, role, column, key, asks) in [
            (
                ConstraintKind::MentorMax,
                Role::Mentor,
                "load_max",
                "loads.mentor.max",
                "at most",
            ),
            (
                ConstraintKind::MenteeMax,
                Role::Mentee,
                "load_max",
                "loads.mentee.max",
                "at most",
            ),
            (
                ConstraintKind::MentorMin,
                Role::Mentor,
                "load_min",
                "loads.mentor.min",
                "at least",
            ),
            (
                ConstraintKind::MenteeMin,
                Role::Mentee,
                "load_min",
                "loads.mentee.min",
                "at least",
            ),
        ] {
            let load = Load {
                kind,
                role,
                column,
                key,
                asks,
            };
            groups.extend(self.of_loads(statement, &load));
        }
        let mut required = Vec::new();
        for pair in self.roster.required() {
            let what = format!(
                "the required pair of mentee {:?} and mentor {:?}",
                self.roster.mentees().id(pair.mentee.get()),
                self.roster.mentors().id(pair.mentor.get())
            );
            let place = Place {
                table: Some("pairs_required".to_owned()),
                row: Some(pair.row),
                ..Place::default()
            };
            let scope = Scope::Required(vec![(pair.mentee.0, pair.mentor.0)]);
            let kind = ConstraintKind::RequiredPair;
            required.push(add(statement, kind, what.clone(), place, 1, scope, 1, what));
        }
        groups.push(required);
        groups
    }

    /// The constraints beside the loads.
    fn of_rows(&self, statement: &mut Statement) -> Vec<Vec<usize>> {
        let mut groups = Vec::new();
        if statement.common.is_some() {
            let place = Place {
                key: Some("circles".to_owned()),
                ..Place::default()
            };
            let what = "what the mentees of one mentor have in common".to_owned();
            let (kind, scope) = (ConstraintKind::Circles, Scope::Common);
            let name = "circles".to_owned();
            groups.push(vec![add(statement, kind, what, place, 1, scope, 1, name)]);
        }
        let mut start = 0;
        while start < statement.rows.len() {
            let row = statement.rows[start].clone();
            let mut end = start + 1;
            // A family is kept by many rows.
            while row.number.is_none()
                && statement
                    .rows
                    .get(end)
                    .is_some_and(|next| next.key == row.key)
            {
                end += 1;
            }
            let kind = match row.key.split('[').next() {
                Some("budgets") => ConstraintKind::Budget,
                Some("balance") => ConstraintKind::Balance,
                Some("families") => ConstraintKind::Family,
                _ => ConstraintKind::Quota,
            };
            let (key, name) = match &row.number {
                Some((key, name)) => (format!("{}.{key}", row.key), name.clone()),
                None => (row.key.clone(), row.words.clone()),
            };
            let place = Place {
                key: Some(key),
                ..Place::default()
            };
            let scope = Scope::Rows((start..end).collect());
            let constraint = add(statement, kind, row.words, place, 1, scope, row.limit, name);
            groups.push(vec![constraint]);
            start = end;
        }
        groups
    }

    /// The loads of one kind: one constraint for all to whom the programme's applies, and one for each cell.
    fn of_loads(&self, statement: &mut Statement, load: &Load) -> [Vec<usize>; 2] {
        let people = self.roster.side(load.role);
        let number = |ix: usize| match load.kind {
            ConstraintKind::MenteeMin => statement.mentees[ix].min,
            ConstraintKind::MenteeMax => statement.mentees[ix].max,
            ConstraintKind::MentorMin => statement.mentors[ix].min,
            ConstraintKind::MentorMax => statement.mentors[ix].max,
            _ => statement.mentors[ix].circle,
        };
        let is_max = load.column == "load_max";
        let asks_nothing = if load.kind == ConstraintKind::Circle {
            1
        } else {
            0
        };
        let binding = (0..people.len()).map(|ix| (ix, number(ix)));
        let binding: Vec<(usize, u32)> = binding
            .filter(|(_, number)| is_max || *number > asks_nothing)
            .collect();
        let own = |ix: usize| match is_max {
            true => people.load_max(ix).is_some(),
            false => people.load_min(ix).is_some(),
        };
        let (cells, usual): (Vec<_>, Vec<_>) = binding.into_iter().partition(|(ix, _)| own(*ix));
        let partner = partner(load.role);
        let scope = |people: Vec<u32>| match load.kind {
            ConstraintKind::MenteeMin => Scope::MenteeMin(people),
            ConstraintKind::MenteeMax => Scope::MenteeMax(people),
            ConstraintKind::MentorMin => Scope::MentorMin(people),
            ConstraintKind::MentorMax => Scope::MentorMax(people),
            _ => Scope::Circle(people),
        };
        let asked = |number: u32| match load.kind {
            ConstraintKind::Circle => format!("{} {number}", load.asks),
            _ => format!("{} {}", load.asks, counted(number as usize, partner)),
        };
        let mut constraints = Vec::new();
        for (ix, number) in cells {
            let who = format!("{} {:?}", load.role.as_str(), people.id(ix));
            let place = self.cell(load.role, ix, load.column);
            let what = format!("{who} has {}", asked(number));
            let name = format!("{} of {who}", load.column);
            let scope = scope(vec![ix as u32]);
            constraints.push(add(
                statement, load.kind, what, place, 1, scope, number, name,
            ));
        }
        let Some(&(_, number)) = usual.first() else {
            return [Vec::new(), constraints];
        };
        let all: Vec<u32> = usual.iter().map(|(ix, _)| *ix as u32).collect();
        let article = if is_max { "a" } else { "every" };
        let what = format!("{article} {} has {}", load.role.as_str(), asked(number));
        let place = Place {
            key: Some(load.key.to_owned()),
            ..Place::default()
        };
        let binds = all.len();
        let (kind, name) = (load.kind, load.key.to_owned());
        let usual = add(
            statement,
            kind,
            what,
            place,
            binds,
            scope(all),
            number,
            name,
        );
        [constraints, vec![usual]]
    }

    /// Promises that are lowered together, in words.
    fn repair(&self, statement: &Statement, lowered: &[Lowered]) -> Repair {
        let change = |one: &Lowered| match one {
            Lowered::Pair(pair) => {
                let is =
                    |scope: &Scope| matches!(scope, Scope::Required(pairs) if pairs.contains(pair));
                let mut constraints = statement.constraints.iter();
                let scoped = constraints.find(|scoped| is(&scoped.scope))?;
                Some(left_out(scoped))
            }
            Lowered::Person(role, ix, to) => {
                let (kind, from) = match role {
                    Role::Mentee => (
                        ConstraintKind::MenteeMin,
                        statement.mentees[*ix as usize].min,
                    ),
                    Role::Mentor => (
                        ConstraintKind::MentorMin,
                        statement.mentors[*ix as usize].min,
                    ),
                };
                let who = format!(
                    "{} {:?}",
                    role.as_str(),
                    self.roster.side(*role).id(*ix as usize)
                );
                let what = format!(
                    "{who} has at least {}",
                    counted(from as usize, partner(*role))
                );
                let place = self.cell(*role, *ix as usize, "load_min");
                let name = format!("load_min of {who}");
                Some(repair::lowered(kind, what, place, &name, from, *to))
            }
            Lowered::Number(ix, relaxed) => Some(Number::of(statement, *ix).relaxed(*relaxed)),
        };
        Repair {
            changes: lowered.iter().filter_map(change).collect(),
        }
    }

    /// Who of those that the nearest match fails may be paired with too few people at all, and why.
    fn notes(&self, statement: &Statement, pairs: &RosterPairs, missed: &[Missed]) -> Vec<String> {
        let mut ineligible = None;
        let mut notes = Vec::new();
        for missed in missed {
            let (role, ix, min) = match missed {
                Missed::Pair(_) | Missed::Row(..) => continue,
                Missed::Mentee(ix, _) => (Role::Mentee, *ix, statement.mentees[*ix as usize].min),
                Missed::Mentor(ix, _) => (Role::Mentor, *ix, statement.mentors[*ix as usize].min),
            };
            let candidates = match role {
                Role::Mentee => {
                    let mut row = Vec::new();
                    pairs.row(ix as usize, &mut row);
                    row.len()
                }
                Role::Mentor => (0..statement.mentees.len())
                    .filter(|mentee| pairs.score(*mentee, ix).is_some())
                    .count(),
            };
            if candidates >= min as usize {
                continue;
            }
            let ineligible = ineligible
                .get_or_insert_with(|| Ineligible::new(self.roster, pairs, self.settings));
            let removed = ineligible.removed(role, ix as usize).into_iter();
            let removed =
                removed.map(|removed| format!("{} removes {}", removed.rule, removed.removed));
            let id = self.roster.side(role).id(ix as usize);
            let who = counted(candidates, partner(role));
            let removed: Vec<String> = removed.collect();
            let role = role.as_str();
            let why = match removed.is_empty() {
                true => ", and there is nobody else".to_owned(),
                false => format!(": {}", removed.join(", ")),
            };
            notes.push(format!("{who} may be paired with {role} {id:?}{why}"));
            if notes.len() == NOTES {
                break;
            }
        }
        notes
    }

    fn cell(&self, role: Role, ix: usize, column: &str) -> Place {
        Place {
            table: Some(role.table().to_owned()),
            row: Some(self.roster.side(role).row(ix)),
            column: Some(column.to_owned()),
            ..Place::default()
        }
    }
}

/// What somebody of this side is paired with.
fn partner(role: Role) -> &'static str {
    match role {
        Role::Mentee => "mentor",
        Role::Mentor => "mentee",
    }
}

/// Adds a constraint, and gives its place in the statement.
#[expect(
    clippy::too_many_arguments,
    reason = "they are the fields of two structs"
)]
pub(super) fn add(
    statement: &mut Statement,
    kind: ConstraintKind,
    what: String,
    place: Place,
    binds: usize,
    scope: Scope,
    number: impl Into<i64>,
    name: String,
) -> usize {
    statement.constraints.push(Scoped {
        constraint: super::Constraint {
            kind,
            what,
            place,
            binds,
        },
        scope,
        number: number.into(),
        name,
    });
    statement.constraints.len() - 1
}
