//! The plain reading of a programme's quotas, pair by pair from the roster's columns.

use super::{fault, fault_in_row};
use crate::error::Error;
use crate::programme::{PairProperty, Program, Quota};
use crate::roster::{Cell, Field, People, Roster};

/// At most so many of the chosen pairs are among those that it counts.
pub(super) struct SideRule<'a> {
    pub(super) limit: u32,
    pub(super) counts: Box<dyn Fn(u32, u32) -> bool + Sync + 'a>,
    name: &'a str,
}

/// The quotas of a programme, in order.
pub(super) fn rules<'a>(
    roster: &'a Roster,
    program: &'a Program,
) -> Result<Vec<SideRule<'a>>, Error> {
    let quotas = program.quotas.iter();
    quotas
        .map(|quota| {
            let lacks = |people: &People| match &quota.property {
                PairProperty::CrossSite => !people.has(Field::Site),
                PairProperty::Same(column) | PairProperty::Different(column) => {
                    people.extra(column).is_none()
                }
            };
            for people in [roster.mentees(), roster.mentors()] {
                if lacks(people) {
                    let message = format!(
                        "the quota {:?} compares a column that is missing",
                        quota.name
                    );
                    return Err(fault(message).in_table(people.role().table()));
                }
            }
            Ok(SideRule {
                limit: quota.at_most,
                counts: Box::new(|mentee, mentor| {
                    counts(roster, quota, mentee as usize, mentor as usize)
                }),
                name: &quota.name,
            })
        })
        .collect()
}

fn counts(roster: &Roster, quota: &Quota, mentee: usize, mentor: usize) -> bool {
    let cells = |column: &str| {
        let cell = |people: &People, ix: usize| match people.extra(column)?.cell(ix) {
            Cell::Missing => None,
            cell => Some(cell.clone()),
        };
        cell(roster.mentees(), mentee).zip(cell(roster.mentors(), mentor))
    };
    match &quota.property {
        PairProperty::CrossSite => {
            let sites = (roster.mentees().site(mentee), roster.mentors().site(mentor));
            matches!(sites, (Some(to), Some(from)) if to != from)
        }
        PairProperty::Same(column) => cells(column).is_some_and(|(a, b)| a == b),
        PairProperty::Different(column) => cells(column).is_some_and(|(a, b)| a != b),
    }
}

/// Checks that chosen pairs (mentee, mentor, score) keep within the rules.
///
/// # Errors
/// Naming the row of the first pair that is too many.
pub(super) fn keep(rules: &[SideRule], claims: &[(u32, u32, i64)]) -> Result<(), Error> {
    for rule in rules {
        let counted = (1..)
            .zip(claims)
            .filter(|(_, (mentee, mentor, _))| (rule.counts)(*mentee, *mentor));
        for (number, (row, _)) in (1u32..).zip(counted) {
            if number > rule.limit {
                return Err(fault_in_row(row)(format!(
                    "the answer has more pairs than the {} that the quota {:?} allows",
                    rule.limit, rule.name
                )));
            }
        }
    }
    Ok(())
}
