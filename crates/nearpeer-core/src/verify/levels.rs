//! The levels of a certificate: their weights, what the prices prove of each, and what the pairs have.

use super::bound::{self, Weights};
use super::fair::Fair;
use super::statement::Statement;
use super::values::values;
use super::{Verified, VerifyOptions, fair, fault, stages};
use crate::certificate::{Certificate, FORMAT, Fairness, Level, Status};
use crate::error::Error;
use crate::interrupt::StopFlag;

/// Checks claimed pairs (mentee, mentor, score) and the bound. `without` are the pairs of the match that would be best
/// without a level of fairness.
pub(super) fn check(
    statement: &Statement,
    claims: &[(u32, u32, i64)],
    without: &[(u32, u32, i64)],
    certificate: &Certificate,
    options: &VerifyOptions,
) -> Result<Verified, Error> {
    if certificate.format != FORMAT {
        return Err(fault(format!(
            "the certificate has format {}, and this checker reads {FORMAT}",
            certificate.format
        )));
    }
    if certificate.stability.is_some() {
        return Err(fault(
            "the certificate is one of a programme that asks for stability",
        ));
    }
    levels_are_lexicographic(&statement.levels, certificate)?;
    let stop = &options.stop;
    let proven = proven(statement, (claims, without), certificate, stop)?;
    let infeasible = certificate.status == Status::Infeasible;
    let values = if infeasible {
        if !claims.is_empty() {
            return Err(fault("an infeasible programme cannot have pairs"));
        }
        None
    } else {
        Some(values(statement, claims)?)
    };
    let fair = match &values {
        Some(values) => fair::prove(statement, certificate, (claims, without), values, stop)?,
        None if certificate.fairness.is_some() => {
            return Err(fault(
                "an infeasible programme has no lowest score to prove",
            ));
        }
        None => None,
    };
    let status = levels_hold(
        &statement.levels,
        certificate,
        values.as_deref(),
        &proven.bound,
        fair.as_ref(),
    )?;
    Ok(Verified {
        status,
        pairs: claims.len(),
        eligible: proven.eligible,
        leaves: proven.leaves,
        scorer: options.scorer,
    })
}

/// What the certificate claims of each level follows from what is proven and from the answer's values, which an
/// infeasible programme does not have. Gives the status that this proves.
pub(super) fn levels_hold(
    levels: &[(Level, i128, i128)],
    certificate: &Certificate,
    values: Option<&[i128]>,
    bound: &Bound,
    fair: Option<&Fair>,
) -> Result<Status, Error> {
    let infeasible = values.is_none();
    let mut left = match bound {
        Bound::Combined(bound) => *bound,
        Bound::Levels(_) => 0,
    };
    let mut below: i128 = certificate
        .levels
        .iter()
        .zip(levels)
        .map(|(claimed, (_, least, _))| claimed.weight * least)
        .sum();
    let mut open = None;
    for (ix, claimed) in certificate.levels.iter().enumerate() {
        let (level, least, greatest) = levels[ix];
        if infeasible && ix > 0 {
            if (claimed.objective, claimed.bound) != (0, 0) {
                return Err(fault(
                    "an infeasible programme has nothing to claim below its obligations",
                ));
            }
            continue;
        }
        below -= claimed.weight * least;
        let by_prices = match bound {
            Bound::Combined(_) => (claimed.weight > 0)
                .then(|| (left - below).div_euclid(claimed.weight).min(greatest)),
            Bound::Levels(bounds) => Some(bounds[ix]),
        };
        let of_level = fair::bound(fair, level, by_prices)?;
        if of_level != i128::from(claimed.bound) {
            return Err(fault(format!(
                "the certificate claims the bound {} in the level {level}, and its prices prove {of_level}",
                claimed.bound
            )));
        }
        if infeasible && (level != Level::Obligations || of_level >= 0) {
            return Err(fault(
                "the certificate does not prove that there is no match",
            ));
        }
        let value = values.map_or(of_level, |values| values[ix]);
        let value = fair::value(fair, level, value);
        if value != i128::from(claimed.objective) {
            return Err(fault(format!(
                "the certificate claims {} in the level {level}, and the pairs have {value}",
                claimed.objective
            )));
        }
        // No overflow: the value is within the level's range, whose product with the weight was checked.
        left -= claimed.weight * value;
        if of_level != value && open.is_none() {
            open = Some(*claimed);
        }
    }
    let shown = open.or(match (infeasible, certificate.levels.as_slice()) {
        (true, [first, ..]) => Some(*first),
        (false, [.., last]) => Some(*last),
        _ => None,
    });
    let consistent = shown.is_some_and(|shown| {
        certificate.level == shown.level
            && certificate.objective == shown.objective
            && certificate.bound == shown.bound
            && i128::from(certificate.gap) == i128::from(shown.bound) - i128::from(shown.objective)
    });
    if !consistent {
        return Err(fault(
            "the certificate's objective, bound and gap are not those of its levels",
        ));
    }
    let status = match (infeasible, open.is_some()) {
        (true, _) => Status::Infeasible,
        (false, false) => Status::Optimal,
        (false, true) => Status::LimitReached,
    };
    if status != certificate.status {
        return Err(fault(format!(
            "the certificate claims the status {}, and proves {}",
            certificate.status.as_str(),
            status.as_str()
        )));
    }
    Ok(status)
}

/// The pairs (mentee, mentor, score) of an answer.
type Claims<'a> = &'a [(u32, u32, i64)];

/// What a certificate proves.
struct Proven {
    bound: Bound,
    leaves: usize,
    eligible: u64,
}

/// What no match exceeds.
pub(super) enum Bound {
    /// The combined objective.
    Combined(i128),
    /// Every level, given those before it.
    Levels(Vec<i128>),
}

fn proven(
    statement: &Statement,
    (claims, without): (Claims, Claims),
    certificate: &Certificate,
    stop: &StopFlag,
) -> Result<Proven, Error> {
    if statement.meetings.is_some() || !certificate.parts.is_empty() {
        let proven = stages::levels(statement, certificate, claims, stop)?;
        return Ok(Proven {
            bound: Bound::Levels(proven.bounds),
            leaves: proven.leaves,
            eligible: proven.eligible,
        });
    }
    if !statement.side.iter().all(|rule| rule.is_count) {
        return Err(fault(
            "a programme with such constraints is proven by parts and levels",
        ));
    }
    let weights = Weights::read(certificate);
    let pairs = match &certificate.fairness {
        Some(Fairness {
            without: Some(_), ..
        }) => without,
        _ => claims,
    };
    let proven = bound::of_tree(statement, &weights, certificate.into(), pairs, stop)?;
    Ok(Proven {
        bound: Bound::Combined(proven.bound),
        leaves: proven.leaves,
        eligible: proven.eligible,
    })
}

/// The levels are the programme's, and each weighs more than everything below it.
pub(super) fn levels_are_lexicographic(
    levels: &[(Level, i128, i128)],
    certificate: &Certificate,
) -> Result<(), Error> {
    let claimed = certificate.levels.iter().map(|level| level.level);
    if !claimed.eq(levels.iter().map(|(level, ..)| *level)) {
        return Err(fault(
            "the certificate's levels are not those of the programme",
        ));
    }
    let mut below: i128 = 0;
    for (claimed, (level, least, greatest)) in certificate.levels.iter().zip(levels).rev() {
        if matches!(level, Level::WorstOff | Level::Leximin) {
            if claimed.weight != 0 {
                return Err(fault(format!("the level {level} has no weight")));
            }
            continue;
        }
        let span = claimed.weight.checked_mul(greatest - least);
        if claimed.weight <= below {
            return Err(fault(format!(
                "the level {level} does not outweigh those below it"
            )));
        }
        // Room for the sums of a bound: weights beyond this could only come from tampering.
        let sum = span
            .and_then(|span| span.checked_add(below))
            .filter(|sum| *sum < 1 << 124);
        below =
            sum.ok_or_else(|| fault(format!("the weight of the level {level} is too large")))?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::super::statement::Load;
    use super::*;
    use crate::assign::{Assign, Scores};
    use crate::programme::ObjectiveLevel;

    /// Two mentees and two mentors, and the proof of their best assignment.
    fn proof(scores: [i64; 4]) -> (Vec<(u32, u32, i64)>, Certificate) {
        let scores = Scores::dense_integers(2, 2, &scores).expect("scores");
        let best = crate::assign(&scores, &Assign::default(), &crate::Options::default());
        let best = best.expect("an assignment");
        let score = |row: u32, column: u32| {
            let mut cells = scores.cells(row as usize);
            cells.find(|cell| cell.0 == column).expect("a cell").1
        };
        let cells = best.rows.iter().zip(&best.columns);
        let claims = cells.map(|(&row, &column)| (row, column, score(row, column)));
        (claims.collect(), best.certificate)
    }

    fn checked(rows: [&[(u32, i64)]; 2]) -> Result<Verified, Error> {
        let (claims, certificate) = proof([4, 5, 3, 1]);
        let load = Load {
            min: 0,
            max: 1,
            circle: 0,
        };
        let statement = Statement::new(
            vec![load; 2],
            vec![load; 2],
            vec![(0, false); 2],
            Vec::new(),
            &[ObjectiveLevel::Score],
            (1, 5),
            Box::new(move |mentee, row| {
                row.clear();
                row.extend_from_slice(rows[mentee]);
            }),
            Vec::new(),
        );
        check(
            &statement,
            &claims,
            &[],
            &certificate,
            &VerifyOptions::default(),
        )
    }

    #[test]
    fn scores_that_contradict_the_answer_or_their_range_are_noticed() {
        let verified = checked([&[(0, 4), (1, 5)], &[(0, 3), (1, 1)]]).expect("a proof");
        assert_eq!((verified.pairs, verified.eligible), (2, 4));
        let message = |rows| checked(rows).expect_err("a fault").message().to_owned();
        let hidden = message([&[(0, 4)], &[(0, 3), (1, 1)]]);
        assert!(
            hidden.contains("mentee number 1 and mentor number 2"),
            "{hidden}"
        );
        let changed = message([&[(0, 4), (1, 5)], &[(0, 2), (1, 1)]]);
        assert!(
            changed.contains("mentee number 2 and mentor number 1"),
            "{changed}"
        );
        let beyond = message([&[(0, 4), (1, 5)], &[(0, 3), (1, 0)]]);
        assert!(beyond.contains("not in the range of scores"), "{beyond}");
    }
}
