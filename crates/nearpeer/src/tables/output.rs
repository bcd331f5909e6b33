//! The answer as tables: Arrow for programs, CSV for people. A CSV has exact scores, and no cell that a
//! spreadsheet would run.

use std::io::{self, Write};
use std::sync::Arc;

use arrow::array::{ArrayRef, Float64Array, Int64Array, RecordBatch, StringArray};
use nearpeer_core::{BlockingPair, Match, Micropoints, Pair};

use super::spreadsheet::guard;

/// The columns of a pair's meeting.
pub(super) const MEETING: [&str; 3] = ["site", "slot", "leader"];

/// The chosen pairs as a table: `mentee_id`, `mentor_id`, `score` (points), `score_<criterion>` (points).
/// Where slots are assigned, `site`, `slot` and `leader` stand after the ids; site and leader are null where
/// there are none.
///
/// Points are floats; every one is the nearest to a whole number of micropoints, and prints as such.
///
/// # Panics
/// Never: all columns have one cell a pair.
#[must_use]
pub fn pairs_table(answer: &Match) -> RecordBatch {
    let pairs = &answer.pairs;
    let text = |cell: fn(&Pair) -> &str| -> ArrayRef {
        Arc::new(StringArray::from_iter_values(pairs.iter().map(cell)))
    };
    let mut columns = vec![
        ("mentee_id".to_owned(), text(|pair| &pair.mentee)),
        ("mentor_id".to_owned(), text(|pair| &pair.mentor)),
    ];
    if answer.slots_assigned {
        for (ix, name) in MEETING.into_iter().enumerate() {
            let cells = StringArray::from_iter(pairs.iter().map(|pair| meeting(pair)[ix]));
            columns.push((name.to_owned(), Arc::new(cells)));
        }
    }
    columns.push((
        "score".to_owned(),
        points(pairs.iter().map(|pair| pair.score)),
    ));
    for (ix, criterion) in answer.criteria.iter().enumerate() {
        let scores = pairs
            .iter()
            .map(|pair| pair.by_criterion.get(ix).copied().unwrap_or_default());
        columns.push((criterion_column(criterion), points(scores)));
    }
    RecordBatch::try_from_iter(columns).expect("all columns have one cell a pair")
}

/// Blocking pairs as a table: `mentee_id`, `mentor_id`, `mentee_rank`, `mentor_rank`. The mentee's rank is the mentor's place
/// among all whom the mentee may have, the most wanted being 1.
///
/// # Panics
/// Never: all columns have one cell a pair.
#[must_use]
pub fn blocking_table(blocking: &[BlockingPair]) -> RecordBatch {
    let ids = |id: fn(&BlockingPair) -> &str| -> ArrayRef {
        Arc::new(StringArray::from_iter_values(blocking.iter().map(id)))
    };
    let ranks = |rank: fn(&BlockingPair) -> u32| -> ArrayRef {
        let ranks = blocking.iter().map(|pair| i64::from(rank(pair)));
        Arc::new(Int64Array::from_iter_values(ranks))
    };
    let columns = [
        ("mentee_id", ids(|pair| &pair.mentee)),
        ("mentor_id", ids(|pair| &pair.mentor)),
        ("mentee_rank", ranks(|pair| pair.mentee_rank)),
        ("mentor_rank", ranks(|pair| pair.mentor_rank)),
    ];
    RecordBatch::try_from_iter(columns).expect("all columns have one cell a pair")
}

/// Writes [`blocking_table`] as CSV, with the same care for spreadsheets as [`write_pairs_csv`].
///
/// # Errors
/// Where `out` cannot be written to.
pub fn write_blocking_csv(blocking: &[BlockingPair], out: impl Write) -> io::Result<()> {
    let mut csv = csv::Writer::from_writer(out);
    csv.write_record(["mentee_id", "mentor_id", "mentee_rank", "mentor_rank"])?;
    for pair in blocking {
        csv.write_record([
            &*guard(&pair.mentee),
            &*guard(&pair.mentor),
            &pair.mentee_rank.to_string(),
            &pair.mentor_rank.to_string(),
        ])?;
    }
    csv.flush()
}

/// Writes the columns of [`pairs_table`] as CSV: scores in points with six decimals, which is exact.
///
/// A cell that a spreadsheet would run as a formula gets a `'` before it.
///
/// # Errors
/// Where `out` cannot be written to.
pub fn write_pairs_csv(answer: &Match, out: impl Write) -> io::Result<()> {
    let mut csv = csv::Writer::from_writer(out);
    let mut header = vec!["mentee_id".to_owned(), "mentor_id".to_owned()];
    if answer.slots_assigned {
        header.extend(MEETING.map(str::to_owned));
    }
    header.push("score".to_owned());
    header.extend(answer.criteria.iter().map(|name| criterion_column(name)));
    csv.write_record(&header)?;
    for pair in &answer.pairs {
        csv.write_field(&*guard(&pair.mentee))?;
        csv.write_field(&*guard(&pair.mentor))?;
        if answer.slots_assigned {
            for cell in meeting(pair) {
                csv.write_field(&*guard(cell.unwrap_or_default()))?;
            }
        }
        csv.write_field(pair.score.to_string())?;
        for ix in 0..answer.criteria.len() {
            let score = pair.by_criterion.get(ix).copied().unwrap_or_default();
            csv.write_field(score.to_string())?;
        }
        csv.write_record(None::<&[u8]>)?;
    }
    csv.flush()
}

/// The cells of [`MEETING`].
fn meeting(pair: &Pair) -> [Option<&str>; 3] {
    let Some(meeting) = &pair.meeting else {
        return [None; 3];
    };
    let site = Some(&*meeting.site).filter(|site| !site.is_empty());
    [site, Some(&meeting.slot), meeting.leader.as_deref()]
}

pub(super) fn criterion_column(name: &str) -> String {
    format!("score_{name}")
}

pub(super) fn points(scores: impl Iterator<Item = Micropoints>) -> ArrayRef {
    // Division by a power of ten below 2^53 is rounded once, to the float nearest to the decimal.
    Arc::new(Float64Array::from_iter_values(
        scores.map(|score| score.0 as f64 / 1e6),
    ))
}
