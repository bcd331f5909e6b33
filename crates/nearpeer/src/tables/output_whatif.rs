//! Answers to 'what if' as tables.

use std::sync::Arc;

use arrow::array::{
    ArrayRef, BooleanArray, Float64Array, Int64Array, LargeListBuilder, LargeStringBuilder,
    RecordBatch, StringArray,
};
use nearpeer_core::{
    Advice, Alternatives, Conflict, Constraint, Cost, Explanation, Micropoints, PairExplanation,
    Partner, Relaxation, Rival,
};

use super::output::{criterion_column, points};

type Columns = Vec<(String, ArrayRef)>;

fn text<'a>(name: &str, cells: impl IntoIterator<Item = &'a str>) -> (String, ArrayRef) {
    let cells = StringArray::from_iter_values(cells);
    (name.to_owned(), Arc::new(cells))
}

fn known<'a>(name: &str, cells: impl IntoIterator<Item = Option<&'a str>>) -> (String, ArrayRef) {
    let cells: StringArray = cells.into_iter().collect();
    (name.to_owned(), Arc::new(cells))
}

fn whole(name: &str, cells: impl IntoIterator<Item = i64>) -> (String, ArrayRef) {
    (
        name.to_owned(),
        Arc::new(Int64Array::from_iter_values(cells)),
    )
}

fn maybe(name: &str, cells: impl IntoIterator<Item = Option<i64>>) -> (String, ArrayRef) {
    let cells: Int64Array = cells.into_iter().collect();
    (name.to_owned(), Arc::new(cells))
}

fn flag(name: &str, cells: impl IntoIterator<Item = bool>) -> (String, ArrayRef) {
    let cells: BooleanArray = cells.into_iter().map(Some).collect();
    (name.to_owned(), Arc::new(cells))
}

fn lists<'a>(name: &str, cells: impl Iterator<Item = &'a [String]>) -> (String, ArrayRef) {
    let mut lists = LargeListBuilder::new(LargeStringBuilder::new());
    for cell in cells {
        cell.iter()
            .for_each(|item| lists.values().append_value(item));
        lists.append(true);
    }
    (name.to_owned(), Arc::new(lists.finish()))
}

fn table(columns: Columns) -> RecordBatch {
    RecordBatch::try_from_iter(columns).expect("all columns have one cell a row")
}

/// The scores by criterion of partners, in points.
fn by_criterion<'a>(
    criteria: &[String],
    partners: impl Iterator<Item = &'a Partner> + Clone,
) -> Columns {
    let column = |(ix, name): (usize, &String)| {
        let values = partners.clone();
        let values =
            values.map(|partner| partner.by_criterion.get(ix).copied().unwrap_or_default());
        (criterion_column(name), points(values))
    };
    criteria.iter().enumerate().map(column).collect()
}

/// The name of a level's column: `lost_coverage`, `lost_priority_2`.
#[must_use]
pub fn cost_column(level: nearpeer_core::Level) -> String {
    format!("lost_{}", level.to_string().replace(' ', "_"))
}

/// The alternatives as a table: `partner_id`, `score` (points), for each level of the objective what the programme loses
/// with the pair (`lost_coverage` in mentees, `lost_score` in micropoints, ...), `held_by` (ids), and the score by
/// criterion.
///
/// # Panics
/// Never: all columns have one cell a partner.
#[must_use]
pub fn alternatives_table(found: &Alternatives) -> RecordBatch {
    let partners = found.partners.iter();
    let held: Vec<Vec<String>> = partners
        .clone()
        .map(|partner| {
            partner
                .rivals
                .iter()
                .map(|rival| rival.id.clone())
                .collect()
        })
        .collect();
    let mut columns = vec![
        text("partner_id", partners.clone().map(|of| &*of.partner.id)),
        (
            "score".to_owned(),
            points(partners.clone().map(|of| of.partner.score)),
        ),
    ];
    for level in &found.levels {
        let lost = partners
            .clone()
            .map(|of: &nearpeer_core::Alternative| of.cost.lost(*level));
        columns.push(whole(&cost_column(*level), lost));
    }
    columns.push(lists("held_by", held.iter().map(|ids| &ids[..])));
    columns.extend(by_criterion(
        &found.criteria,
        partners.map(|of| &of.partner),
    ));
    table(columns)
}

/// Advice as a table: `kind`, `what`, `matches_added` (mentees), `score_added` (micropoints), `units`, `cost` (null where
/// none is given), `people` (ids) and `verified`, which is always true.
///
/// # Panics
/// Never: all columns have one cell a piece of advice.
#[must_use]
pub fn advice_table(advice: &[Advice]) -> RecordBatch {
    let costs: Float64Array = advice.iter().map(|advice| advice.cost).collect();
    table(vec![
        text("kind", advice.iter().map(|advice| advice.change.kind())),
        text("what", advice.iter().map(|advice| &*advice.what)),
        whole(
            "matches_added",
            advice.iter().map(|advice| advice.matches_added),
        ),
        whole(
            "score_added",
            advice.iter().map(|advice| advice.score_added.0),
        ),
        whole("units", advice.iter().map(|advice| advice.units as i64)),
        ("cost".to_owned(), Arc::new(costs)),
        lists("people", advice.iter().map(|advice| &advice.people[..])),
        flag("verified", advice.iter().map(|_| true)),
    ])
}

/// The place of constraints: `table`, `row`, `column`, `key`.
fn places<'a>(constraints: impl Iterator<Item = &'a Constraint> + Clone) -> Columns {
    let places = constraints.map(|constraint| &constraint.place);
    vec![
        known("table", places.clone().map(|place| place.table.as_deref())),
        maybe(
            "row",
            places.clone().map(|place| place.row.map(|row| row as i64)),
        ),
        known(
            "column",
            places.clone().map(|place| place.column.as_deref()),
        ),
        known("key", places.map(|place| place.key.as_deref())),
    ]
}

/// The constraints of a conflict as a table: `kind`, `what`, `table`, `row`, `column`, `key` and `binds`, how many people or
/// rows each binds.
///
/// # Panics
/// Never: all columns have one cell a constraint.
#[must_use]
pub fn conflict_table(conflict: &Conflict) -> RecordBatch {
    let constraints = conflict.constraints.iter();
    let mut columns = vec![
        text("kind", constraints.clone().map(|of| of.kind.as_str())),
        text("what", constraints.clone().map(|of| &*of.what)),
    ];
    columns.extend(places(constraints.clone()));
    columns.push(whole("binds", constraints.map(|of| of.binds as i64)));
    table(columns)
}

/// The repairs of a conflict as a table, a row for each constraint that changes: `option` (each makes the programme
/// feasible by itself), `what`, `kind`, `table`, `row`, `column`, `key`, `from` and `to` (null where the
/// constraint is left out; of a balance's share and a budget's sum in thousandths).
///
/// # Panics
/// Never: all columns have one cell a change.
#[must_use]
pub fn repair_table(conflict: &Conflict) -> RecordBatch {
    let options = (1..).zip(&conflict.repairs);
    let changes: Vec<(i64, &Relaxation)> = options
        .flat_map(|(option, repair)| repair.changes.iter().map(move |change| (option, change)))
        .collect();
    let of = changes.iter().map(|(_, change)| *change);
    let mut columns = vec![
        whole("option", changes.iter().map(|(option, _)| *option)),
        text("what", of.clone().map(|change| &*change.what)),
        text(
            "kind",
            of.clone().map(|change| change.constraint.kind.as_str()),
        ),
    ];
    columns.extend(places(of.clone().map(|change| &change.constraint)));
    columns.push(whole("from", of.clone().map(|change| change.from)));
    columns.push(maybe("to", of.map(|change| change.to)));
    table(columns)
}

/// How many of the others each rule rules out for a person: `code`, `removed`.
///
/// # Panics
/// Never: all columns have one cell a rule.
#[must_use]
pub fn removed_table(explained: &Explanation) -> RecordBatch {
    let removed = explained.removed.iter();
    table(vec![
        text("code", removed.clone().map(|(code, _)| &**code)),
        whole("removed", removed.map(|(_, count)| *count as i64)),
    ])
}

/// Whom a person has: `partner_id`, `score` and the score by criterion, in points.
///
/// # Panics
/// Never: all columns have one cell a partner.
#[must_use]
pub fn partners_table(explained: &Explanation) -> RecordBatch {
    let partners = explained.partners.iter();
    let mut columns = vec![
        text("partner_id", partners.clone().map(|partner| &*partner.id)),
        (
            "score".to_owned(),
            points(partners.clone().map(|partner| partner.score)),
        ),
    ];
    columns.extend(by_criterion(&explained.criteria, partners));
    table(columns)
}

/// Whom a person would like better, and who has them: `partner_id`, `score`, `has_room`, `rival_id`, `rival_score` (both
/// null where nobody has the partner), and the score by criterion, in points. A row for each rival.
///
/// # Panics
/// Never: all columns have one cell a rival.
#[must_use]
pub fn rivals_table(explained: &Explanation) -> RecordBatch {
    let mut rows: Vec<(&Partner, bool, Option<&Rival>)> = Vec::new();
    for wanted in &explained.wanted {
        let (partner, room) = (&wanted.partner, wanted.has_room);
        if wanted.rivals.is_empty() {
            rows.push((partner, room, None));
        }
        rows.extend(
            wanted
                .rivals
                .iter()
                .map(|rival| (partner, room, Some(rival))),
        );
    }
    let scores: Float64Array = rows
        .iter()
        .map(|(.., rival)| rival.map(|rival| rival.score.0 as f64 / 1e6))
        .collect();
    let mut columns = vec![
        text("partner_id", rows.iter().map(|row| &*row.0.id)),
        (
            "score".to_owned(),
            points(rows.iter().map(|row| row.0.score)),
        ),
        flag("has_room", rows.iter().map(|row| row.1)),
        known(
            "rival_id",
            rows.iter().map(|row| row.2.map(|rival| &*rival.id)),
        ),
        ("rival_score".to_owned(), Arc::new(scores)),
    ];
    columns.extend(by_criterion(
        &explained.criteria,
        rows.iter().map(|row| row.0),
    ));
    table(columns)
}

/// What each rule says of a pair: `code`, `passes`, `detail`.
///
/// # Panics
/// Never: all columns have one cell a rule.
#[must_use]
pub fn rule_checks_table(explained: &PairExplanation) -> RecordBatch {
    let rules = explained.rules.iter();
    table(vec![
        text("code", rules.clone().map(|rule| &*rule.code)),
        flag("passes", rules.clone().map(|rule| rule.passes)),
        text("detail", rules.map(|rule| &*rule.detail)),
    ])
}

/// What each criterion gives a pair: `criterion`, `value` in points.
///
/// # Panics
/// Never: all columns have one cell a criterion.
#[must_use]
pub fn criteria_table(explained: &PairExplanation) -> RecordBatch {
    let values = explained.by_criterion.iter().copied();
    table(vec![
        text("criterion", explained.criteria.iter().map(String::as_str)),
        ("value".to_owned(), points(values)),
    ])
}

/// Whom the two of a pair have: `role`, `id`, `partner_id`, `score` in points.
///
/// # Panics
/// Never: all columns have one cell a partner.
#[must_use]
pub fn partners_of_pair_table(explained: &PairExplanation) -> RecordBatch {
    let side = |role: &'static str,
                id: &'_ str,
                has: &'_ [Rival]|
     -> Vec<(String, String, String, Micropoints)> {
        let has = has.iter();
        has.map(|of| (role.to_owned(), id.to_owned(), of.id.clone(), of.score))
            .collect()
    };
    let mut rows = side("mentee", &explained.mentee, &explained.mentee_has);
    rows.extend(side("mentor", &explained.mentor, &explained.mentor_has));
    table(vec![
        text("role", rows.iter().map(|row| &*row.0)),
        text("id", rows.iter().map(|row| &*row.1)),
        text("partner_id", rows.iter().map(|row| &*row.2)),
        ("score".to_owned(), points(rows.iter().map(|row| row.3))),
    ])
}

/// A cost as a table: `level`, `lost` (mentees, or micropoints of score).
///
/// # Panics
/// Never: all columns have one cell a level.
#[must_use]
pub fn cost_table(cost: &Cost) -> RecordBatch {
    let names: Vec<String> = cost
        .levels
        .iter()
        .map(|(level, _)| level.to_string())
        .collect();
    table(vec![
        text("level", names.iter().map(String::as_str)),
        whole("lost", cost.levels.iter().map(|(_, lost)| *lost)),
    ])
}
