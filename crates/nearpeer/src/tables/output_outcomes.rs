//! How groups of mentees fare, and how a match stands to its limits, as tables.

use arrow::array::RecordBatch;
use nearpeer_core::{GroupOutcome, Groups, Standing};

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

/// How a match stands to each limit and promise: `key`, `what`, `has`, `how` (`at_least`, `at_most`), `limit`, `unit` (`pairs`,
/// `mentees`, `cost`, percentage `points`). All from `has` on are null where a limit is not about numbers.
///
/// # Panics
/// Never: all columns have one cell a row.
#[must_use]
pub fn limits_table(limits: &[Standing]) -> RecordBatch {
    let how = |at_least| if at_least { "at_least" } else { "at_most" };
    Sheet::new(limits)
        .text("key", |row| Some(&row.key))
        .text("what", |row| Some(&row.what))
        .share("has", |row| row.numbers.map(|numbers| numbers.has))
        .text("how", |row| {
            row.numbers.map(|numbers| how(numbers.at_least))
        })
        .share("limit", |row| row.numbers.map(|numbers| numbers.limit))
        .text("unit", |row| {
            row.numbers.map(|numbers| numbers.unit.as_str())
        })
        .table()
}
