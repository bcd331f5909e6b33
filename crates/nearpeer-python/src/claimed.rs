//! The pairs of an answer as a caller holds them: a table of ids and scores in points.

use arrow::array::{Array, ArrayRef, AsArray, RecordBatch};
use arrow::compute::cast;
use arrow::datatypes::{DataType, Float64Type};
use nearpeer::{ClaimedMeeting, ClaimedPair, Error, Micropoints};

const TABLE: &str = "pairs";

/// The columns of a pair's meeting.
const MEETING: [&str; 3] = ["site", "slot", "leader"];

/// Reads the columns `mentee_id`, `mentor_id` and `score`, and `site`, `slot` and `leader` where they are.
pub(crate) fn claimed_pairs(batches: &[RecordBatch]) -> Result<Vec<ClaimedPair>, Error> {
    let mut pairs = Vec::new();
    for batch in batches {
        let mentees = column(batch, "mentee_id", &DataType::Utf8)?;
        let mentors = column(batch, "mentor_id", &DataType::Utf8)?;
        let scores = column(batch, "score", &DataType::Float64)?;
        let [sites, slots, leaders] = MEETING.map(|name| {
            let there = batch.column_by_name(name).is_some();
            there
                .then(|| column(batch, name, &DataType::Utf8))
                .transpose()
        });
        let (sites, slots, leaders) = (sites?, slots?, leaders?);
        for position in 0..batch.num_rows() {
            let row = pairs.len() + 1;
            for (name, cells) in [
                ("mentee_id", &mentees),
                ("mentor_id", &mentors),
                ("score", &scores),
            ] {
                if cells.is_null(position) {
                    return Err(fault(name, "the cell is empty").in_row(row));
                }
            }
            let score = scores.as_primitive::<Float64Type>().value(position);
            pairs.push(ClaimedPair {
                mentee: mentees.as_string::<i32>().value(position).to_owned(),
                mentor: mentors.as_string::<i32>().value(position).to_owned(),
                score: micropoints(score).ok_or_else(|| {
                    fault("score", "a score is a whole number of micropoints")
                        .in_row(row)
                        .with_value(&score.to_string())
                })?,
                meeting: text(&slots, position).map(|slot| ClaimedMeeting {
                    site: text(&sites, position).unwrap_or_default(),
                    slot,
                    leader: text(&leaders, position),
                }),
            });
        }
    }
    Ok(pairs)
}

/// The cell of a column that need not be there; `None` where it is empty.
fn text(column: &Option<ArrayRef>, position: usize) -> Option<String> {
    let cells = column.as_ref()?.as_string::<i32>();
    let cell = cells.is_valid(position).then(|| cells.value(position));
    cell.filter(|cell| !cell.is_empty()).map(str::to_owned)
}

fn column(batch: &RecordBatch, name: &str, kind: &DataType) -> Result<ArrayRef, Error> {
    let cells = batch
        .column_by_name(name)
        .ok_or_else(|| fault(name, "the column is missing"))?;
    cast(cells, kind).map_err(|error| fault(name, &error.to_string()))
}

/// The micropoints whose points are exactly this float. A cast from float saturates, so none is lost.
fn micropoints(points: f64) -> Option<Micropoints> {
    let whole = (points * 1e6).round();
    (whole / 1e6 == points).then_some(Micropoints(whole as i64))
}

fn fault(column: &str, message: &str) -> Error {
    Error::input(message).in_table(TABLE).in_column(column)
}
