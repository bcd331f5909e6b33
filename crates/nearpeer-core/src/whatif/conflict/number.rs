//! A number of the programme or of a table, and how far it is relaxed.

use crate::constraint::{Row, Share, in_decimals};
use crate::error::Error;
use crate::roster::Role;

use super::Relaxation;
use super::statement::{Scope, Scoped, State, Statement, Verdict};

/// A number of the programme or of a table, and the constraints that follow from it: those of all groups from the share
/// of a balance, else one.
pub(super) struct Number<'s, 'p> {
    statement: &'s Statement<'p>,
    /// The constraint of which it is told.
    named: usize,
    pub(super) constraints: Vec<usize>,
}

/// What a number is relaxed to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Relaxed {
    pub(super) to: i64,
    /// Whether a limit came before it was known that less will not do.
    pub(super) is_cut: bool,
}

/// Millionths in a thousandth, in which shares are told.
const THOUSANDTH: i64 = 1_000;

impl<'s, 'p> Number<'s, 'p> {
    pub(super) fn of(statement: &'s Statement<'p>, ix: usize) -> Self {
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
            named: ix,
            constraints,
        }
    }

    pub(super) fn scoped(&self) -> &'s Scoped {
        &self.statement.constraints[self.named]
    }

    pub(super) fn share(&self) -> Option<Share> {
        self.scoped().row(self.statement)?.share
    }

    /// The greatest share with which a group may have no more, in thousandths.
    pub(super) fn share_of(share: Share, covered: i64) -> i64 {
        share.of_at_most(covered).unwrap_or(0) / THOUSANDTH
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
    pub(super) fn end(&self) -> Option<i64> {
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

    /// The number nearest to what it is with which there is a match, by halving between that, with which there is none, and
    /// `end`: what relaxes more works, too. `None` where `end` is not known to do.
    pub(super) fn nearest(
        &self,
        end: i64,
        judge: impl Fn(&[State]) -> Result<Verdict, Error>,
    ) -> Result<Option<Relaxed>, Error> {
        if !matches!(judge(&self.states(end))?, Verdict::Feasible) {
            return Ok(None);
        }
        let (mut fails, mut does) = (self.from(), end);
        // Whether what fails is not known to.
        let mut is_cut = false;
        while fails.abs_diff(does) > 1 {
            let middle = fails.midpoint(does);
            let asked = self.states(middle);
            // Where a step changes no limit, the answer is known: it takes long to find.
            if asked == self.states(does) {
                does = middle;
            } else if asked == self.states(fails) {
                fails = middle;
            } else {
                match judge(&asked)? {
                    Verdict::Feasible => does = middle,
                    verdict => {
                        fails = middle;
                        is_cut = matches!(verdict, Verdict::Unknown);
                    }
                }
            }
        }
        Ok(Some(Relaxed { to: does, is_cut }))
    }

    /// Sets it in the statement to judge, whose constraints are the same.
    pub(super) fn set(&self, to: i64, statement: &mut Statement) {
        for (ix, limit) in self.constraints.iter().zip(self.limits(to)) {
            statement.set(&self.statement.constraints[*ix].scope, limit);
        }
    }

    /// The same number with fewer decimals, if that asks for the same.
    fn shortest(&self, to: i64) -> i64 {
        let units = [100, 10].into_iter();
        let mut shorter = units.map(|unit| to.div_euclid(unit) * unit);
        let same = shorter.find(|shorter| self.states(*shorter) == self.states(to));
        same.unwrap_or(to)
    }

    pub(super) fn relaxed(&self, Relaxed { to, is_cut }: Relaxed) -> Relaxation {
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
                true => format!(
                    "{verb} {name} from {asked} to {} (a limit came before it was known whether less will do)",
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

/// A programme without a constraint.
pub(super) fn left_out(scoped: &Scoped) -> Relaxation {
    Relaxation {
        constraint: scoped.constraint.clone(),
        from: scoped.number,
        to: None,
        what: format!("leave out {}", scoped.name),
    }
}
