//! Checking an assignment of scores of one's own.

use rayon::prelude::*;

use super::levels::check;
use super::statement::{Load, Statement, of_mentee};
use super::{Scorer, Verified, VerifyOptions, fault};
use crate::assign::{Assign, Assignment, LoadRange, Scores};
use crate::certificate::Level;
use crate::error::Error;
use crate::pool::in_pool;
use crate::programme::ObjectiveLevel;

/// Re-proves an assignment from the scores, as [`verify`](super::verify()) does for a match. The scores are taken as they are
/// given, so there is no compiled form to trust, and one scorer: the [`Reference`](Scorer::Reference).
///
/// # Errors
/// As [`verify_assignment_with`].
pub fn verify_assignment(
    scores: &Scores<'_>,
    assign: &Assign,
    answer: &Assignment,
) -> Result<Verified, Error> {
    verify_assignment_with(scores, assign, answer, &VerifyOptions::default())
}

/// [`verify_assignment`] with a number of threads or a stop flag; the scorer makes no difference.
///
/// # Errors
/// [`ErrorKind::Verification`](crate::ErrorKind::Verification) saying what does not hold; `::Program` for a wrong number of threads;
/// `::Interrupted` when the stop flag was raised.
pub fn verify_assignment_with(
    scores: &Scores,
    assign: &Assign,
    answer: &Assignment,
    options: &VerifyOptions,
) -> Result<Verified, Error> {
    let options = VerifyOptions {
        scorer: Scorer::Reference,
        ..options.clone()
    };
    in_pool(options.threads, || {
        assignment(scores, assign, answer, &options)
    })
}

fn assignment(
    scores: &Scores,
    assign: &Assign,
    answer: &Assignment,
    options: &VerifyOptions,
) -> Result<Verified, Error> {
    let mut forbidden = assign.forbid.clone();
    forbidden.sort_unstable();
    for (name, ranges, side, ids) in [
        (
            "row",
            &assign.row_loads,
            scores.rows(),
            &answer.certificate.mentees,
        ),
        (
            "column",
            &assign.column_loads,
            scores.columns(),
            &answer.certificate.mentors,
        ),
    ] {
        if !ranges.is_empty() && ranges.len() != side {
            return Err(fault(format!(
                "there are {} {name} loads for {side} {name}s",
                ranges.len()
            )));
        }
        if ranges.iter().any(|range| range.low > range.high) {
            return Err(fault(format!(
                "a {name} load has its low end above its high end"
            )));
        }
        let numbered = |(ix, id): (usize, &String)| *id == ix.to_string();
        if ids.len() != side || !ids.iter().enumerate().all(numbered) {
            return Err(fault(format!(
                "the certificate is not about {side} {name}s"
            )));
        }
    }
    let row = |number: usize, row: &mut Vec<_>| {
        row.clear();
        row.extend(scores.cells(number));
        let forbidden = of_mentee(&forbidden, number, |cell| cell.0);
        if !forbidden.is_empty() {
            let number = number as u32;
            row.retain(|(column, _)| forbidden.binary_search(&(number, *column)).is_err());
        }
    };
    let loads = |ranges: &[LoadRange], side: usize| -> Vec<Load> {
        let of = |(min, max)| Load {
            min,
            max,
            circle: 0,
        };
        match ranges {
            [] => vec![of((0, 1)); side],
            ranges => ranges
                .iter()
                .map(|range| of((range.low, range.high)))
                .collect(),
        }
    };
    // No score at all is as good as 0.
    let range = (0..scores.rows())
        .into_par_iter()
        .flat_map_iter(|row| scores.cells(row))
        .map(|(_, score)| (score, score))
        .reduce_with(|a, b| (a.0.min(b.0), a.1.max(b.1)))
        .unwrap_or((0, 0));
    let objective: &[ObjectiveLevel] = if assign.coverage_first {
        &[ObjectiveLevel::Coverage, ObjectiveLevel::Score]
    } else {
        &[ObjectiveLevel::Score]
    };
    let mut required = assign.require.clone();
    required.sort_unstable();
    // A cell that is listed twice is required once.
    required.dedup();
    let statement = Statement::new(
        loads(&assign.row_loads, scores.rows()),
        loads(&assign.column_loads, scores.columns()),
        vec![(0, false); scores.rows()],
        required,
        objective,
        range,
        Box::new(row),
        Vec::new(),
    );
    if answer.rows.len() != answer.columns.len() {
        return Err(fault("the answer has not as many rows as columns"));
    }
    let claim = |(&row, &column): (&u32, &u32)| {
        let in_range =
            (row as usize) < scores.rows() && forbidden.binary_search(&(row, column)).is_err();
        let mut cells = in_range
            .then(|| scores.cells(row as usize))
            .into_iter()
            .flatten();
        let cell = cells.find(|(other, _)| *other == column);
        let (_, score) =
            cell.ok_or_else(|| fault(format!("the cell ({row}, {column}) cannot be chosen")))?;
        Ok((row, column, score))
    };
    // The first fault is told, whichever thread finds one first.
    let cells = answer.rows.par_iter().zip(&answer.columns);
    let claims: Vec<Result<_, Error>> = cells.map(claim).collect();
    let claims: Vec<(u32, u32, i64)> = claims.into_iter().collect::<Result<_, Error>>()?;
    let total: i128 = claims.iter().map(|claim| i128::from(claim.2)).sum();
    if total != i128::from(answer.objective)
        || i128::from(answer.gap) != i128::from(answer.bound) - i128::from(answer.objective)
        || answer.status != answer.certificate.status
    {
        return Err(fault(
            "the answer's objective, bound, gap or status is not what its cells and certificate say",
        ));
    }
    let score = answer
        .certificate
        .levels
        .iter()
        .find(|level| level.level == Level::Score);
    if score.is_none_or(|score| score.bound != answer.bound) {
        return Err(fault("the answer's bound is not the certificate's"));
    }
    check(&statement, &claims, &[], &answer.certificate, options)
}
