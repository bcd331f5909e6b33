//! The terms of a pair's score: those for which there is data.

use nearpeer_core::{Cell, Field};

use super::Sides;
use super::text::{Text, quoted};

/// The most further columns that are proposed.
const MOST_COLUMNS: usize = 12;

/// A criterion's keys besides its weight.
type Keys = &'static [&'static str];

const GRADE_GAP: Keys = &["kind = \"grade_gap\"", "missing = \"neutral\""];

pub(super) fn write(text: &mut Text, sides: &Sides<'_>) {
    text.note("What makes a good pair: each term is from 0 to 1, times its weight. `missing` says what a pair gets where");
    text.note("data is missing: neutral (a half), zero, or ineligible.");
    let mut terms = terms(sides);
    // Grades are of little weight beside what people say of themselves.
    let grades = !sides.of_students && sides.both_have(Field::Grade);
    let tenths = match (grades, terms.is_empty()) {
        (true, true) => 0,
        (true, false) => 7,
        (false, _) => 10,
    };
    let mut weights = shares(tenths, terms.len());
    if grades {
        terms.push(GRADE_GAP);
        weights.push(10 - tenths);
    }
    if terms.is_empty() {
        text.note("There is no column yet that a term could use: interests, goals and strengths, grade, ...");
    }
    for (keys, weight) in terms.into_iter().zip(weights) {
        text.line("[[criteria]]");
        keys.iter().for_each(|key| text.line(key));
        text.line(&format!("weight = {:.1}", weight as f64 / 10.0));
    }
    further(text, sides);
    text.gap();
}

/// The terms that the tables have columns for, besides grades.
fn terms(sides: &Sides<'_>) -> Vec<Keys> {
    let mut terms: Vec<Keys> = Vec::new();
    if sides.both_have(Field::Interests) {
        terms.push(&["kind = \"interests\"", "missing = \"neutral\""]);
    } else if sides.both_have(Field::Embedding) {
        terms.push(&[
            "kind = \"interests\"",
            "measure = \"cosine\"",
            "missing = \"neutral\"",
        ]);
    }
    if sides.mentees.has(Field::Goals) && sides.mentors.has(Field::Strengths) {
        terms.push(&["kind = \"goals\"", "missing = \"neutral\""]);
    }
    if sides.one_has(Field::Preferences) {
        terms.push(&["kind = \"preferences\"", "missing = \"neutral\""]);
    }
    if sides.roster.pair_scores().is_some() {
        terms.push(&["kind = \"pair_scores\"", "missing = \"zero\""]);
    }
    terms
}

/// Tenths told out to so many terms, the first ones getting what is over.
fn shares(tenths: usize, terms: usize) -> Vec<usize> {
    (0..terms)
        .map(|term| tenths / terms + usize::from(term < tenths % terms))
        .collect()
}

/// Further columns of both tables, as comments.
fn further(text: &mut Text, sides: &Sides<'_>) {
    let there = |column: &&str| sides.mentors.extra(column).is_some();
    let columns: Vec<&str> = sides.mentees.extra_names().filter(there).collect();
    if columns.is_empty() {
        return;
    }
    text.note("Further columns that could be terms:");
    for column in columns.iter().take(MOST_COLUMNS) {
        let term = match width(sides, column) {
            Some(width) => format!(
                "kind = \"closeness\", column = {}, scale = {width:?}",
                quoted(column)
            ),
            None => format!("kind = \"same\", column = {}", quoted(column)),
        };
        text.note(&format!(
            "    {{ {term}, weight = 0.1, missing = \"neutral\" }}"
        ));
    }
    if columns.len() > MOST_COLUMNS {
        text.note(&format!(
            "    ... and {} more",
            columns.len() - MOST_COLUMNS
        ));
    }
}

/// How far the numbers of a column lie apart; `None` for a column of words.
fn width(sides: &Sides<'_>, column: &str) -> Option<f64> {
    let (mut least, mut most) = (f64::INFINITY, f64::NEG_INFINITY);
    for people in [sides.mentees, sides.mentors] {
        let cells = people.extra(column)?;
        for ix in 0..people.len() {
            match cells.cell(ix) {
                Cell::Number(number) => (least, most) = (least.min(*number), most.max(*number)),
                Cell::Text(_) => return None,
                _ => {}
            }
        }
    }
    (most > least).then_some(most - least)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shares_add_up() {
        assert_eq!(shares(7, 1), [7]);
        assert_eq!(shares(7, 2), [4, 3]);
        assert_eq!(shares(7, 4), [2, 2, 2, 1]);
        assert_eq!(shares(10, 3), [4, 3, 3]);
        assert!(shares(10, 0).is_empty());
    }
}
