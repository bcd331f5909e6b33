//! How groups of mentees fare, as a table.

use arrow::array::RecordBatch;
use nearpeer_core::{GroupOutcome, Groups};

use super::sheet::Sheet;

/// How the groups of one or several columns fare: `column`, `kind` (`group`, `missing`, `total`), `value`, `mentees`, `covered`,
/// `coverage` (0 to 1), `mean_score` and `worst_off` (points), `suppressed`, `scores_suppressed`.
///
/// # Panics
/// Never: all columns have one cell a row.
#[must_use]
pub fn groups_table(groups: &[Groups]) -> RecordBatch {
    let rows = groups.iter().flat_map(|groups| {
        let rows = groups.rows.iter();
        rows.map(|row| (groups.column.as_str(), row))
    });
    let rows: Vec<(&str, &GroupOutcome)> = rows.collect();
    Sheet::new(&rows)
        .text("column", |row| Some(row.0))
        .text("kind", |row| Some(row.1.kind.as_str()))
        .text("value", |row| row.1.value.as_ref())
        .count("mentees", |row| row.1.mentees)
        .count("covered", |row| row.1.covered)
        .share("coverage", |row| row.1.coverage())
        .points("mean_score", |row| row.1.mean_score)
        .points("worst_off", |row| row.1.worst_off)
        .truth("suppressed", |row| row.1.suppressed)
        .truth("scores_suppressed", |row| row.1.scores_suppressed)
        .table()
}
