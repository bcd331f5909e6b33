//! The parts of an answer that only its readers need: scores by criterion, and who is unmatched.

use arrow::array::RecordBatch;
use nearpeer_core::{Error, Micropoints, Role};

use super::Table;
use super::cells::{self, Cells, Value};
use super::output::criterion_column;
use super::spreadsheet::unguard;
use crate::answer::micropoints;

/// Somebody of `unmatched.csv`.
pub(crate) struct ListedUnmatched {
    pub(crate) role: Role,
    pub(crate) id: String,
    pub(crate) reason: String,
    pub(crate) detail: String,
}

/// A student of the `unmatched.csv` of a co-mentoring match.
pub(crate) struct ListedLeftOut {
    pub(crate) id: String,
    pub(crate) reason: String,
    pub(crate) detail: String,
}

/// The names of the criteria of a `pairs.csv`, and what each gave for every pair.
///
/// # Errors
/// [`ErrorKind::Input`](crate::ErrorKind::Input) naming row, column and value.
pub(crate) fn criterion_scores(
    table: &Table,
) -> Result<(Vec<String>, Vec<Vec<Micropoints>>), Error> {
    let prefix = criterion_column("");
    let names: Vec<String> = match table.batches.first() {
        None => Vec::new(),
        Some(batch) => {
            let columns = batch.schema_ref().fields().iter();
            let names = columns.filter_map(|field| field.name().strip_prefix(&prefix));
            names.map(str::to_owned).collect()
        }
    };
    let mut scores = Vec::with_capacity(table.rows());
    for batch in &table.batches {
        read_scores(batch, &names, &mut scores).map_err(|error| error.in_table(table.name()))?;
    }
    Ok((names, scores))
}

fn read_scores(
    batch: &RecordBatch,
    names: &[String],
    scores: &mut Vec<Vec<Micropoints>>,
) -> Result<(), Error> {
    let columns: Vec<String> = names.iter().map(|name| criterion_column(name)).collect();
    let cells = columns.iter().map(|column| cells::need(batch, column));
    let cells: Vec<Cells> = cells.collect::<Result<_, Error>>()?;
    for position in 0..batch.num_rows() {
        let row = scores.len() + 1;
        let of_pair = cells.iter().zip(&columns).map(|(cells, column)| {
            let text = text(cells, position);
            text.and_then(|text| {
                micropoints(&text).ok_or_else(|| {
                    Error::input("a score is written in points with six decimals").with_value(&text)
                })
            })
            .map_err(|error| error.in_row(row).in_column(column))
        });
        scores.push(of_pair.collect::<Result<_, Error>>()?);
    }
    Ok(())
}

/// Everybody of an `unmatched.csv`.
///
/// # Errors
/// [`ErrorKind::Input`](crate::ErrorKind::Input) naming row, column and value.
pub(crate) fn listed_unmatched(table: &Table) -> Result<Vec<ListedUnmatched>, Error> {
    let mut people = Vec::with_capacity(table.rows());
    for batch in &table.batches {
        read_people(batch, &mut people).map_err(|error| error.in_table(table.name()))?;
    }
    Ok(people)
}

fn read_people(batch: &RecordBatch, people: &mut Vec<ListedUnmatched>) -> Result<(), Error> {
    let columns = ["id", "role", "reason", "detail"];
    let [ids, roles, reasons, details] = columns.map(|name| cells::need(batch, name));
    let (ids, roles, reasons, details) = (ids?, roles?, reasons?, details?);
    for position in 0..batch.num_rows() {
        let row = people.len() + 1;
        let part = |cells: &Cells, column: usize| {
            text(cells, position).map_err(|error| error.in_row(row).in_column(columns[column]))
        };
        let role = part(&roles, 1)?;
        people.push(ListedUnmatched {
            role: [Role::Mentee, Role::Mentor]
                .into_iter()
                .find(|known| known.as_str() == role)
                .ok_or_else(|| {
                    Error::input("a role is mentee or mentor")
                        .in_row(row)
                        .in_column(columns[1])
                        .with_value(&role)
                })?,
            id: unguard(&part(&ids, 0)?).to_owned(),
            reason: part(&reasons, 2)?,
            detail: detail(&details, position)?,
        });
    }
    Ok(())
}

/// Everybody of an `unmatched.csv` of students.
///
/// # Errors
/// [`ErrorKind::Input`](crate::ErrorKind::Input) naming row, column and value.
pub(crate) fn listed_left_out(table: &Table) -> Result<Vec<ListedLeftOut>, Error> {
    let mut students = Vec::with_capacity(table.rows());
    for batch in &table.batches {
        read_students(batch, &mut students).map_err(|error| error.in_table(table.name()))?;
    }
    Ok(students)
}

fn read_students(batch: &RecordBatch, students: &mut Vec<ListedLeftOut>) -> Result<(), Error> {
    let columns = ["id", "reason", "detail"];
    let [ids, reasons, details] = columns.map(|name| cells::need(batch, name));
    let (ids, reasons, details) = (ids?, reasons?, details?);
    for position in 0..batch.num_rows() {
        let row = students.len() + 1;
        let part = |cells: &Cells, column: usize| {
            text(cells, position).map_err(|error| error.in_row(row).in_column(columns[column]))
        };
        students.push(ListedLeftOut {
            id: unguard(&part(&ids, 0)?).to_owned(),
            reason: part(&reasons, 1)?,
            detail: detail(&details, position)?,
        });
    }
    Ok(())
}

/// A detail may be empty: where nobody stands on the other side, no rule removes anybody.
fn detail(cells: &Cells, position: usize) -> Result<String, Error> {
    Ok(match cells.get(position)? {
        Value::Text(text) => unguard(text).to_owned(),
        _ => String::new(),
    })
}

fn text(cells: &Cells, position: usize) -> Result<String, Error> {
    match cells.get(position)? {
        Value::Text(text) => Ok(text.to_owned()),
        _ => Err(Error::input("the cell is empty")),
    }
}
