//! A programme's own rules on columns that nearpeer gives no meaning to.

use super::{Test, is_of_pair};
use crate::error::{Error, nearest};
use crate::pairs::Reads;
use crate::programme::{CustomRule, Requirement, RuleSide};
use crate::roster::{Cell, ExtraColumn, Field, People, Role, Roster};

/// A custom rule that compares the two people's cells.
#[derive(Debug)]
pub(super) struct PairRule<'r> {
    mentees: &'r ExtraColumn,
    mentors: &'r ExtraColumn,
    requirement: Requirement,
}

impl<'r> PairRule<'r> {
    pub(super) fn reads(&self) -> Reads<'r> {
        Reads::Cells(self.mentees, self.mentors)
    }

    pub(super) fn passes(&self, mentee: usize, mentor: usize) -> bool {
        match (self.mentees.cell(mentee), self.mentors.cell(mentor)) {
            (Cell::Missing, _) | (_, Cell::Missing) => false,
            (a, b) => match self.requirement {
                Requirement::Same => a == b,
                Requirement::Different => a != b,
                Requirement::Within(limit) => match (a, b) {
                    (Cell::Number(a), Cell::Number(b)) => (a - b).abs() <= limit,
                    _ => false,
                },
                _ => unreachable!("requirements on one person are tested beforehand"),
            },
        }
    }
}

/// The compiled test, or `None` where neither table has the column.
///
/// # Errors
/// [`ErrorKind::Program`](crate::ErrorKind::Program) where a table that the rule binds lacks the column, or a cell is not a
/// number where the rule needs one.
pub(super) fn test<'r>(
    roster: &'r Roster,
    rule: &CustomRule,
    number: usize,
) -> Result<Option<Test<'r>>, Error> {
    let column = |role: Role| roster.side(role).extra(&rule.column);
    if column(Role::Mentee).is_none() && column(Role::Mentor).is_none() {
        return Ok(None);
    }
    let needed = |role: Role| {
        let cells = column(role).ok_or_else(|| {
            let key = format!("eligibility.rules[{number}].column");
            missing_column(roster, &rule.column, &key, role)
        })?;
        if needs_numbers(&rule.requirement) {
            only_numbers(roster.side(role), &rule.column, cells)?;
        }
        Ok(cells)
    };
    if is_of_pair(&rule.requirement) {
        return Ok(Some(Test::Pair(PairRule {
            mentees: needed(Role::Mentee)?,
            mentors: needed(Role::Mentor)?,
            requirement: rule.requirement.clone(),
        })));
    }
    let passes = |role: Role| -> Result<Vec<bool>, Error> {
        let cells = needed(role)?;
        Ok((0..roster.side(role).len())
            .map(|ix| meets(&rule.requirement, cells.cell(ix)))
            .collect())
    };
    Ok(Some(match side(&rule.requirement) {
        RuleSide::Mentee => Test::Mentee(passes(Role::Mentee)?),
        RuleSide::Mentor => Test::Mentor(passes(Role::Mentor)?),
        RuleSide::Both => Test::Both(passes(Role::Mentee)?, passes(Role::Mentor)?),
    }))
}

fn side(requirement: &Requirement) -> RuleSide {
    match requirement {
        Requirement::OneOf(side, _)
        | Requirement::AtLeast(side, _)
        | Requirement::AtMost(side, _) => *side,
        _ => RuleSide::Both,
    }
}

fn meets(requirement: &Requirement, cell: &Cell) -> bool {
    match (requirement, cell) {
        (Requirement::OneOf(_, values), Cell::Text(text)) => values.contains(text),
        (Requirement::OneOf(_, values), Cell::Number(number)) => values
            .iter()
            .any(|value| value.trim().parse() == Ok(*number)),
        (Requirement::AtLeast(_, least), Cell::Number(number)) => number >= least,
        (Requirement::AtMost(_, most), Cell::Number(number)) => number <= most,
        _ => false,
    }
}

fn needs_numbers(requirement: &Requirement) -> bool {
    matches!(
        requirement,
        Requirement::Within(_) | Requirement::AtLeast(..) | Requirement::AtMost(..)
    )
}

/// # Errors
/// [`ErrorKind::Input`](crate::ErrorKind::Input) naming the first cell that is text.
pub(crate) fn only_numbers(
    people: &People,
    column: &str,
    cells: &ExtraColumn,
) -> Result<(), Error> {
    let text = (0..people.len()).filter_map(|ix| match cells.cell(ix) {
        Cell::Text(text) => Some((people.row(ix), text)),
        _ => None,
    });
    match text.min_by_key(|(row, _)| *row) {
        Some((row, text)) => Err(Error::input("the programme needs a number here")
            .in_table(people.table())
            .in_row(row)
            .in_column(column)
            .with_value(text)),
        None => Ok(()),
    }
}

/// # Errors
/// [`ErrorKind::Program`](crate::ErrorKind::Program) for a column whose meaning nearpeer knows: those have rules and criteria
/// of their own.
pub(crate) fn not_a_field(column: &str, key: &str) -> Result<(), Error> {
    match Field::from_name(column) {
        None => Ok(()),
        Some(_) => Err(Error::program(
            key,
            format!("`{column}` is a column with a meaning of its own; name any other column"),
        )),
    }
}

/// The error for a column, named by the programme at `key`, that a table lacks.
pub(crate) fn missing_column(roster: &Roster, column: &str, key: &str, role: Role) -> Error {
    missing_column_or(&[], roster, column, key, role)
}

/// [`missing_column`] where some columns with a meaning of their own could have been named, too.
pub(crate) fn missing_column_or(
    fields: &[Field],
    roster: &Roster,
    column: &str,
    key: &str,
    role: Role,
) -> Error {
    let people = roster.side(role);
    let fields = fields.iter().filter(|field| people.has(**field));
    let fields = fields.map(|field| field.name());
    let near = nearest(column, people.extra_names().chain(fields));
    let hint = near.map_or_else(String::new, |near| format!("; did you mean `{near}`?"));
    let table = people.table();
    Error::program(
        key,
        format!("the table {table} has no column `{column}`{hint}"),
    )
}
