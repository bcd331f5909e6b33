//! A co-mentoring answer as tables: a row for every two students who meet, so one for a pair and three for a triad.

use std::io::{self, Write};
use std::sync::Arc;

use arrow::array::{ArrayRef, Int64Array, RecordBatch, StringArray};
use nearpeer_core::{CoMatch, Tie};

use super::output::{criterion_column, points};
use super::spreadsheet::guard;

/// The groups as a table: `group` (a number from 1), `group_size` (2 or 3), `student_a_id`, `student_b_id`, `score` (points),
/// `score_<criterion>` (points). A triad is three rows of one group.
///
/// # Panics
/// Never: all columns have one cell a row.
#[must_use]
pub fn ties_table(answer: &CoMatch) -> RecordBatch {
    let rows: Vec<(i64, i64, &Tie)> = rows(answer).collect();
    let text = |cell: fn(&Tie) -> &str| -> ArrayRef {
        Arc::new(StringArray::from_iter_values(
            rows.iter().map(|row| cell(row.2)),
        ))
    };
    let numbers = |cell: fn(&(i64, i64, &Tie)) -> i64| -> ArrayRef {
        Arc::new(Int64Array::from_iter_values(rows.iter().map(cell)))
    };
    let mut columns = vec![
        ("group".to_owned(), numbers(|row| row.0)),
        ("group_size".to_owned(), numbers(|row| row.1)),
        ("student_a_id".to_owned(), text(|tie| &tie.a)),
        ("student_b_id".to_owned(), text(|tie| &tie.b)),
        (
            "score".to_owned(),
            points(rows.iter().map(|row| row.2.score)),
        ),
    ];
    for (ix, criterion) in answer.criteria.iter().enumerate() {
        let scores = rows.iter();
        let scores = scores.map(|row| row.2.by_criterion.get(ix).copied().unwrap_or_default());
        columns.push((criterion_column(criterion), points(scores)));
    }
    RecordBatch::try_from_iter(columns).expect("all columns have one cell a row")
}

/// Everybody in no group as a table: `id`, `reason`, `detail`.
///
/// # Panics
/// Never: all columns have one cell a person.
#[must_use]
pub fn left_out_table(answer: &CoMatch) -> RecordBatch {
    let people = &answer.unmatched;
    let ids = StringArray::from_iter_values(people.iter().map(|person| &person.id));
    let reasons = StringArray::from_iter_values(people.iter().map(|person| person.reason.code()));
    let details = StringArray::from_iter_values(people.iter().map(|person| person.reason.detail()));
    let columns: [(&str, ArrayRef); 3] = [
        ("id", Arc::new(ids)),
        ("reason", Arc::new(reasons)),
        ("detail", Arc::new(details)),
    ];
    RecordBatch::try_from_iter(columns).expect("all columns have one cell a person")
}

/// Writes the columns of [`ties_table`] as CSV, as [`write_pairs_csv`](super::write_pairs_csv) writes pairs.
///
/// # Errors
/// Where `out` cannot be written to.
pub fn write_ties_csv(answer: &CoMatch, out: impl Write) -> io::Result<()> {
    let mut csv = csv::Writer::from_writer(out);
    let names = [
        "group",
        "group_size",
        "student_a_id",
        "student_b_id",
        "score",
    ];
    let mut header = names.map(str::to_owned).to_vec();
    header.extend(answer.criteria.iter().map(|name| criterion_column(name)));
    csv.write_record(&header)?;
    for (group, size, tie) in rows(answer) {
        csv.write_field(group.to_string())?;
        csv.write_field(size.to_string())?;
        csv.write_field(&*guard(&tie.a))?;
        csv.write_field(&*guard(&tie.b))?;
        csv.write_field(tie.score.to_string())?;
        for ix in 0..answer.criteria.len() {
            let score = tie.by_criterion.get(ix).copied().unwrap_or_default();
            csv.write_field(score.to_string())?;
        }
        csv.write_record(None::<&[u8]>)?;
    }
    csv.flush()
}

/// Writes [`left_out_table`] as CSV, with the same care for spreadsheets.
///
/// # Errors
/// Where `out` cannot be written to.
pub fn write_left_out_csv(answer: &CoMatch, out: impl Write) -> io::Result<()> {
    let mut csv = csv::Writer::from_writer(out);
    csv.write_record(["id", "reason", "detail"])?;
    for person in &answer.unmatched {
        let detail = person.reason.detail();
        csv.write_record([&*guard(&person.id), person.reason.code(), &*guard(&detail)])?;
    }
    csv.flush()
}

/// The number and size of the group of every two students who meet.
fn rows(answer: &CoMatch) -> impl Iterator<Item = (i64, i64, &Tie)> {
    let groups = (1..).zip(&answer.groups);
    groups.flat_map(|(number, group)| {
        let size = group.students.len() as i64;
        group.ties.iter().map(move |tie| (number, size, tie))
    })
}
