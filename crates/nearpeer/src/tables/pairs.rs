//! Tables that name pairs: required, blocked, previous, and the caller's own scores.

use arrow::array::RecordBatch;
use nearpeer_core::Error;

use super::cells::{self, Cells};
use super::{Table, read_as};

/// The names of the columns with the two ids.
pub(super) type Ids = [&'static str; 2];

/// A mentee and a mentor.
pub(super) const OF_SIDES: Ids = ["mentee_id", "mentor_id"];

/// Two students of one table.
pub(super) const OF_STUDENTS: Ids = ["student_a_id", "student_b_id"];

/// Hands each pair's ids on.
pub(super) fn read(
    table: &Table,
    ids: Ids,
    mut push: impl FnMut(String, String),
) -> Result<(), Error> {
    rows(
        table,
        ids,
        |_| Ok(()),
        |(), _, mentee, mentor| {
            push(mentee, mentor);
            Ok(())
        },
    )
}

/// Hands each pair's ids and score on.
pub(super) fn read_scores(
    table: &Table,
    ids: Ids,
    mut push: impl FnMut(String, String, f64),
) -> Result<(), Error> {
    const NAMES: [&str; 2] = ["value", "score"];
    let column = |batch: &RecordBatch| -> Result<(&'static str, Cells), Error> {
        for name in NAMES {
            if let Some(cells) = cells::find(batch, name) {
                return cells.map(|cells| (name, cells));
            }
        }
        cells::need(batch, NAMES[0]).map(|cells| (NAMES[0], cells))
    };
    rows(
        table,
        ids,
        column,
        |(name, cells), position, mentee, mentor| {
            let score = cells
                .get(position)
                .and_then(|value| read_as::score(&value))
                .map_err(|error| error.in_column(*name))?;
            push(mentee, mentor, score);
            Ok(())
        },
    )
}

fn rows<C>(
    table: &Table,
    ids: Ids,
    column: impl Fn(&RecordBatch) -> Result<C, Error>,
    mut each: impl FnMut(&C, usize, String, String) -> Result<(), Error>,
) -> Result<(), Error> {
    let in_table = |error: Error| error.in_table(table.name());
    let mut row = 0;
    for batch in &table.batches {
        cells::check_names(batch).map_err(in_table)?;
        let mentees = cells::need(batch, ids[0]).map_err(in_table)?;
        let mentors = cells::need(batch, ids[1]).map_err(in_table)?;
        let more = column(batch).map_err(in_table)?;
        for position in 0..batch.num_rows() {
            row += 1;
            let place = |error: Error| error.in_table(table.name()).in_row(row);
            let id = |cells: &Cells, name: &str| {
                cells
                    .get(position)
                    .and_then(|value| read_as::id(&value))
                    .map_err(|error| place(error.in_column(name)))
            };
            let (mentee, mentor) = (id(&mentees, ids[0])?, id(&mentors, ids[1])?);
            each(&more, position, mentee, mentor).map_err(place)?;
        }
    }
    Ok(())
}
