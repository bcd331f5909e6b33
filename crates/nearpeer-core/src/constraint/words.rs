//! What stands in a person's cells, as words.

use crate::eligibility::missing_column_or;
use crate::error::Error;
use crate::roster::{Cell, Field, People, Role, Roster};

/// The columns with a meaning that constraints can name.
const FIELDS: [Field; 9] = [
    Field::Site,
    Field::Grade,
    Field::Gender,
    Field::Languages,
    Field::Interests,
    Field::Goals,
    Field::Strengths,
    Field::Slots,
    Field::Priority,
];

/// The words in a person's cell of a column: none in an empty one, several in that of a list.
pub(super) fn words(roster: &Roster, role: Role, ix: usize, column: &str) -> Vec<String> {
    let people = roster.side(role);
    let one = |code: Option<u32>, all: &crate::roster::Vocabulary| {
        code.iter().map(|code| all.word(*code).to_owned()).collect()
    };
    let list = |codes: Option<&[u32]>, all: &crate::roster::Vocabulary| {
        let codes = codes.unwrap_or_default().iter();
        codes.map(|code| all.word(*code).to_owned()).collect()
    };
    match Field::from_name(column) {
        Some(Field::Site) => one(people.site(ix), roster.sites()),
        Some(Field::Gender) => one(people.gender(ix), roster.genders()),
        Some(Field::Grade) => people.grade(ix).iter().map(ToString::to_string).collect(),
        Some(Field::Languages) => list(people.languages(ix), roster.languages()),
        Some(Field::Interests) => list(people.interests(ix), roster.interests()),
        Some(Field::Goals) => list(people.goals(ix), roster.skills()),
        Some(Field::Strengths) => list(people.strengths(ix), roster.skills()),
        Some(Field::Slots) => list(people.slots(ix), roster.slots()),
        Some(Field::Priority) => vec![people.priority(ix).to_string()],
        _ => match people.extra(column).map(|cells| cells.cell(ix)) {
            None | Some(Cell::Missing) => Vec::new(),
            Some(Cell::Text(text)) => vec![text.to_string()],
            Some(Cell::Number(number)) => vec![number.to_string()],
        },
    }
}

/// Whether a column can be named, and the table has it.
///
/// # Errors
/// [`ErrorKind::Program`](crate::ErrorKind::Program) naming `key`.
pub(super) fn known(roster: &Roster, role: Role, column: &str, key: &str) -> Result<(), Error> {
    let people = roster.side(role);
    match Field::from_name(column) {
        Some(field) if FIELDS.contains(&field) => match people.has(field) {
            true => Ok(()),
            false => {
                let message = format!("the table {} has no column `{column}`", people.table());
                Err(Error::program(key, message))
            }
        },
        Some(_) => {
            let named = FIELDS.map(Field::name).join(", ");
            let message = format!(
                "`{column}` cannot be named here; of the columns with a meaning of their own, {named} can"
            );
            Err(Error::program(key, message))
        }
        None if people.extra(column).is_some() => Ok(()),
        None => Err(missing_column_or(&FIELDS, roster, column, key, role)),
    }
}

/// The number in a person's cell of a column of one's own, in thousandths.
///
/// # Errors
/// [`ErrorKind::Input`](crate::ErrorKind::Input) naming the cell, where it is empty, below 0 or no number.
pub(super) fn thousandths(people: &People, ix: usize, column: &str) -> Result<i64, Error> {
    let fault = |message: &str, value: Option<String>| {
        let error = Error::input(message)
            .in_table(people.role().table())
            .in_row(people.row(ix))
            .in_column(column);
        match value {
            Some(value) => error.with_value(&value),
            None => error,
        }
    };
    let cell = people.extra(column).map(|cells| cells.cell(ix));
    let number = match cell {
        None | Some(Cell::Missing) => {
            return Err(fault(
                "a budget needs a cost here; write 0 where there is none",
                None,
            ));
        }
        Some(Cell::Number(number)) => *number,
        Some(Cell::Text(text)) => {
            let number = text.trim().parse::<f64>();
            number.map_err(|_| fault("a budget needs a number here", Some(text.to_string())))?
        }
    };
    in_thousandths(number).ok_or_else(|| {
        fault(
            "a cost is a number from 0 to a thousand million",
            Some(number.to_string()),
        )
    })
}

/// A sum of money or seats, rounded to thousandths; `None` unless it is from 0 to a thousand million.
pub(super) fn in_thousandths(number: f64) -> Option<i64> {
    (0.0..=1e9)
        .contains(&number)
        .then(|| (number * 1000.0).round() as i64)
}
