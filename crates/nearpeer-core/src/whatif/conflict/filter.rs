//! The deletion filter: leaves out of an infeasible set whatever it is infeasible without.

use crate::certificate::{Prices, ProofNode};
use crate::error::{Error, Place};
use crate::interrupt::Interrupt;
use crate::pairs::Part;
use crate::solve::Solution;
use crate::words::counted;

use super::Constraint;
use super::statement::{Scope, State, Statement, Verdict};

/// Up to so many constraints of one kind are told apart; more of them stand as one.
const TOLD_APART: usize = 256;

/// An infeasible set of constraints.
pub(super) struct Core {
    /// By constraint of the statement, whether it is in the set.
    pub(super) kept: Vec<bool>,
    /// Whether a limit came before each was known to be needed.
    pub(super) cut: bool,
}

/// A smallest infeasible set of an infeasible statement. `groups` are the constraints that are looked at together first,
/// those to be rid of before others first.
///
/// # Errors
/// The interrupt's, but for limits; the solver's.
pub(super) fn reduce(
    statement: &Statement,
    groups: &[Vec<usize>],
    part: Option<&Part>,
    interrupt: &Interrupt,
) -> Result<Core, Error> {
    let count = statement.constraints.len();
    let core = Core {
        kept: vec![true; count],
        cut: false,
    };
    let mut filter = Filter {
        statement,
        part,
        interrupt,
        core,
    };
    let all = statement.judge(&vec![State::Kept; count], part, interrupt)?;
    if let Verdict::Infeasible(solution) = &all
        && let Some(support) = support(statement, part, solution)
    {
        let unused: Vec<usize> = (0..count).filter(|ix| !support[*ix]).collect();
        filter.leaves_out(&unused)?;
    }
    filter.run(groups)?;
    Ok(filter.core)
}

/// The same everywhere, from the smallest set of one part: what the programme asks of all can be too much elsewhere by
/// itself, so that less of the set is needed.
///
/// # Errors
/// As [`reduce`].
pub(super) fn reduce_everywhere(
    statement: &Statement,
    groups: &[Vec<usize>],
    core: Core,
    interrupt: &Interrupt,
) -> Result<Core, Error> {
    let mut filter = Filter {
        statement,
        part: None,
        interrupt,
        core,
    };
    filter.run(groups)?;
    Ok(filter.core)
}

impl Core {
    /// The constraints of the set, those that are to be kept before others first; and which of them are told apart.
    pub(super) fn constraints(
        &self,
        statement: &Statement,
        groups: &[Vec<usize>],
    ) -> (Vec<Constraint>, Vec<usize>) {
        let (mut constraints, mut apart) = (Vec::new(), Vec::new());
        for group in groups.iter().rev() {
            let group: Vec<usize> = group.iter().copied().filter(|ix| self.kept[*ix]).collect();
            if group.len() > TOLD_APART {
                constraints.push(together(statement, &group));
            } else {
                let each = group
                    .iter()
                    .map(|ix| &statement.constraints[*ix].constraint);
                constraints.extend(each.cloned());
                apart.extend(group);
            }
        }
        (constraints, apart)
    }
}

/// Many constraints of one kind as one.
fn together(statement: &Statement, group: &[usize]) -> Constraint {
    let first = &statement.constraints[group[0]].constraint;
    let count = group.len();
    let table = first.place.table.clone().unwrap_or_default();
    let what = match &first.place.column {
        Some(column) => format!("the {column} of {} of {table}", counted(count, "row")),
        None => format!("{} of {table}", counted(count, "row")),
    };
    Constraint {
        what,
        place: Place {
            row: None,
            value: None,
            ..first.place.clone()
        },
        binds: count,
        ..first.clone()
    }
}

struct Filter<'a, 'p> {
    statement: &'a Statement<'p>,
    part: Option<&'a Part<'a>>,
    interrupt: &'a Interrupt,
    core: Core,
}

impl Filter<'_, '_> {
    /// Whole groups first, then what is left of them one by one.
    fn run(&mut self, groups: &[Vec<usize>]) -> Result<(), Error> {
        for group in groups {
            self.leaves_out(group)?;
        }
        for group in groups {
            let left = group.iter().copied();
            let left: Vec<usize> = left.filter(|ix| self.core.kept[*ix]).collect();
            if (2..=TOLD_APART).contains(&left.len()) {
                self.thin(&left)?;
            }
        }
        Ok(())
    }

    /// Leaves these out if the others are infeasible without them; says whether they are.
    fn leaves_out(&mut self, constraints: &[usize]) -> Result<bool, Error> {
        if constraints.iter().all(|ix| !self.core.kept[*ix]) {
            return Ok(true);
        }
        let mut kept = self.core.kept.clone();
        constraints.iter().for_each(|ix| kept[*ix] = false);
        let states: Vec<State> = kept
            .iter()
            .map(|kept| if *kept { State::Kept } else { State::Dropped })
            .collect();
        match self.statement.judge(&states, self.part, self.interrupt)? {
            Verdict::Infeasible(_) => {
                self.core.kept = kept;
                Ok(true)
            }
            Verdict::Feasible => Ok(false),
            Verdict::Unknown => {
                self.core.cut = true;
                Ok(false)
            }
        }
    }

    /// Leaves out of these what can be, halves first; of equals the earlier ones stay.
    fn thin(&mut self, constraints: &[usize]) -> Result<(), Error> {
        let (early, late) = constraints.split_at(constraints.len().div_ceil(2));
        for half in [late, early] {
            if !half.is_empty() && !self.leaves_out(half)? && half.len() > 1 {
                self.thin(half)?;
            }
        }
        Ok(())
    }
}

/// The constraints that the prices of a proof use; `None` where they do not tell.
///
/// In the bound a person at price 0 misses nothing and gains nothing, whatever the loads; at a price above 0 only the
/// maximum counts, below 0 only the minimum. A required pair counts where the two prices together are above 0,
/// a row where it has a price.
fn support(statement: &Statement, part: Option<&Part>, solution: &Solution) -> Option<Vec<bool>> {
    let mut leaves: Vec<&Prices> = Vec::new();
    for node in &solution.nodes {
        match node {
            ProofNode::Leaf(prices) => leaves.push(prices),
            ProofNode::Pair { .. } => {}
            // Circles and levels are not among the constraints.
            ProofNode::Branch { .. } | ProofNode::Level { .. } => return None,
        }
    }
    if leaves.is_empty() || statement.mentors.iter().any(|mentor| mentor.circle > 0) {
        return None;
    }
    let person = |role: crate::Role, ix: u32| match part {
        None => Some(ix as usize),
        Some(part) => {
            let inside = part.people(role).binary_search(&ix).is_ok();
            inside.then(|| part.number(role, ix) as usize)
        }
    };
    use crate::Role::{Mentee, Mentor};
    let used = |scope: &Scope| {
        leaves.iter().any(|prices| {
            let of = |role: crate::Role, ix: u32| {
                let prices = match role {
                    Mentee => &prices.mentees,
                    Mentor => &prices.mentors,
                };
                person(role, ix)
                    .and_then(|ix| prices.get(ix))
                    .copied()
                    .unwrap_or(0)
            };
            let any = |role, people: &[u32], sign: i128| {
                people.iter().any(|ix| of(role, *ix).signum() == sign)
            };
            match scope {
                Scope::Required(pairs) => pairs.iter().any(|&(mentee, mentor)| {
                    let rows = statement.rows.iter().zip(&prices.side);
                    let side: i128 = rows
                        .map(|(row, price)| price * i128::from(row.pair(mentee, mentor, None)))
                        .sum();
                    let inside = person(Mentee, mentee).is_some();
                    inside && of(Mentee, mentee) + of(Mentor, mentor) + side > 0
                }),
                Scope::MenteeMin(people) => any(Mentee, people, -1),
                Scope::MenteeMax(people) => any(Mentee, people, 1),
                Scope::MentorMin(people) => any(Mentor, people, -1),
                Scope::MentorMax(people) => any(Mentor, people, 1),
                Scope::Rows(rows) => {
                    let price = |ix: &usize| prices.side.get(*ix);
                    rows.iter().filter_map(price).any(|price| *price > 0)
                }
                _ => true,
            }
        })
    };
    let constraints = statement.constraints.iter();
    Some(constraints.map(|scoped| used(&scoped.scope)).collect())
}
