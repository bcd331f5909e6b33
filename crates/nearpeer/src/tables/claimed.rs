//! The pairs of an answer, read back from `pairs.csv`.

use arrow::array::RecordBatch;
use nearpeer_core::{ClaimedMeeting, ClaimedPair, ClaimedTie, Error};

use super::Table;
use super::cells::{self, Cells, Value};
use super::output::MEETING;
use super::spreadsheet::unguard;
use crate::answer::micropoints;

/// Reads the columns `mentee_id`, `mentor_id` and `score`, and `site`, `slot` and `leader` where they are,
/// exactly as [`write_pairs_csv`](super::write_pairs_csv) writes them. A pair without a slot has no meeting.
///
/// # Errors
/// [`ErrorKind::Input`](crate::ErrorKind::Input) naming row, column and value.
pub(crate) fn claimed_pairs(table: &Table) -> Result<Vec<ClaimedPair>, Error> {
    let mut pairs = Vec::with_capacity(table.rows());
    for batch in &table.batches {
        read(batch, &mut pairs).map_err(|error| error.in_table(table.name()))?;
    }
    Ok(pairs)
}

/// Reads the columns `group`, `student_a_id`, `student_b_id` and `score` exactly as
/// [`write_ties_csv`](super::write_ties_csv) writes them.
///
/// # Errors
/// [`ErrorKind::Input`](crate::ErrorKind::Input) naming row, column and value.
pub(crate) fn claimed_ties(table: &Table) -> Result<Vec<ClaimedTie>, Error> {
    let mut ties = Vec::with_capacity(table.rows());
    for batch in &table.batches {
        read_ties(batch, &mut ties).map_err(|error| error.in_table(table.name()))?;
    }
    Ok(ties)
}

fn read_ties(batch: &RecordBatch, ties: &mut Vec<ClaimedTie>) -> Result<(), Error> {
    let columns = ["group", "student_a_id", "student_b_id", "score"];
    let [groups, one, other, scores] = columns.map(|name| cells::need(batch, name));
    let (groups, one, other, scores) = (groups?, one?, other?, scores?);
    for position in 0..batch.num_rows() {
        let row = ties.len() + 1;
        let text = |ix: usize, cells: &Cells| {
            cells
                .get(position)
                .and_then(|value| match value {
                    Value::Text(text) => Ok(text.to_owned()),
                    _ => Err(Error::input("the cell is empty")),
                })
                .map_err(|error| error.in_row(row).in_column(columns[ix]))
        };
        let score = text(3, &scores)?;
        ties.push(ClaimedTie {
            group: text(0, &groups)?,
            a: unguard(&text(1, &one)?).to_owned(),
            b: unguard(&text(2, &other)?).to_owned(),
            score: micropoints(&score).ok_or_else(|| {
                Error::input("a score is written in points with six decimals")
                    .in_row(row)
                    .in_column(columns[3])
                    .with_value(&score)
            })?,
        });
    }
    Ok(())
}

fn read(batch: &RecordBatch, pairs: &mut Vec<ClaimedPair>) -> Result<(), Error> {
    let columns = ["mentee_id", "mentor_id", "score"];
    let [mentees, mentors, scores] = columns.map(|name| cells::need(batch, name));
    let (mentees, mentors, scores) = (mentees?, mentors?, scores?);
    let meeting = MEETING.map(|name| cells::find(batch, name).transpose());
    let [sites, slots, leaders] = meeting;
    let (sites, slots, leaders) = (sites?, slots?, leaders?);
    for position in 0..batch.num_rows() {
        let row = pairs.len() + 1;
        let text = |ix: usize, cells: &Cells| {
            cells
                .get(position)
                .and_then(|value| match value {
                    Value::Text(text) => Ok(text.to_owned()),
                    _ => Err(Error::input("the cell is empty")),
                })
                .map_err(|error| error.in_row(row).in_column(columns[ix]))
        };
        let part = |column: &Option<Cells>, name| match column {
            None => Ok(None),
            Some(cells) => match cells.get(position) {
                Ok(Value::Text(text)) => Ok(Some(unguard(text).to_owned())),
                Ok(_) => Ok(None),
                Err(error) => Err(error.in_row(row).in_column(name)),
            },
        };
        let [site, slot, leader] = [
            part(&sites, MEETING[0])?,
            part(&slots, MEETING[1])?,
            part(&leaders, MEETING[2])?,
        ];
        let score = text(2, &scores)?;
        pairs.push(ClaimedPair {
            mentee: unguard(&text(0, &mentees)?).to_owned(),
            mentor: unguard(&text(1, &mentors)?).to_owned(),
            score: micropoints(&score).ok_or_else(|| {
                Error::input("a score is written in points with six decimals")
                    .in_row(row)
                    .in_column(columns[2])
                    .with_value(&score)
            })?,
            meeting: slot.map(|slot| ClaimedMeeting {
                site: site.unwrap_or_default(),
                slot,
                leader,
            }),
        });
    }
    Ok(())
}
