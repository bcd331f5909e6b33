//! The proofs of a level of fairness; what they say is written down in [`certificate::Fairness`](crate::certificate::Fairness).

use rayon::prelude::*;

use super::bound::{Weights, of_tree};
use super::options::go_on;
use super::reference::Reference;
use super::statement::Statement;
use super::values::values;
use super::{fault, order};
use crate::certificate::{Certificate, Fairness, Level};
use crate::error::Error;
use crate::interrupt::StopFlag;
use crate::roster::Roster;

/// Pairs (mentee, mentor, score).
type Claims<'a> = &'a [(u32, u32, i64)];

/// What the proofs of fairness say of their levels and of the score.
pub(super) struct Fair<'a> {
    fairness: &'a Fairness,
    lowest: i128,
    /// What the proven part of the order is counted in.
    pairs: i128,
    score: Option<i128>,
}

/// The pairs of the match without the level, with the scores that they should have.
///
/// # Errors
/// [`ErrorKind::Verification`](crate::ErrorKind::Verification) where one of them is not eligible.
pub(super) fn without(
    roster: &Roster,
    certificate: &Certificate,
    plain: &Reference,
    stop: &StopFlag,
) -> Result<Vec<(u32, u32, i64)>, Error> {
    let without = certificate.fairness.as_ref();
    let without = without.and_then(|fairness| fairness.without.as_ref());
    let pairs = without.map_or(&[][..], |without| &without.pairs);
    let sizes = (roster.mentees().len(), roster.mentors().len());
    let claim = |&(mentee, mentor): &(crate::MenteeIx, crate::MentorIx)| {
        go_on(stop)?;
        let exists = mentee.get() < sizes.0 && mentor.get() < sizes.1;
        let score = exists.then(|| plain.score(mentee.get(), mentor.get()));
        let score = score.flatten().ok_or_else(|| {
            fault("a pair of the match without the level of fairness is not eligible")
        })?;
        Ok((mentee.0, mentor.0, score))
    };
    let claims: Vec<Result<_, Error>> = pairs.par_iter().map(claim).collect();
    claims.into_iter().collect()
}

/// Checks the proofs against the values that the match has; `None` where the programme has no level of fairness.
///
/// # Errors
/// [`ErrorKind::Verification`](crate::ErrorKind::Verification) saying what does not hold.
pub(super) fn prove<'a>(
    statement: &Statement,
    certificate: &'a Certificate,
    (claims, without): (Claims, Claims),
    of_match: &[i128],
    stop: &StopFlag,
) -> Result<Option<Fair<'a>>, Error> {
    let place = |level: Level| {
        let mut levels = statement.levels.iter();
        levels.position(|(other, ..)| *other == level)
    };
    let (fairness, at) = match (&certificate.fairness, place(Level::WorstOff)) {
        (None, None) => return Ok(None),
        (Some(fairness), Some(at)) => (fairness, at),
        (Some(_), None) => return Err(fault("the programme has no level of fairness to prove")),
        (None, Some(_)) => return Err(fault("the certificate lacks the proofs of fairness")),
    };
    let weights = Weights::read(certificate);
    // No overflow: values are within their levels' ranges.
    let weighed = certificate.levels[..at].iter().zip(of_match);
    let above: i128 = weighed.map(|(level, value)| level.weight * value).sum();
    let (lowest, claimed) = (of_match[at], certificate.levels[at].bound);
    match (&fairness.beyond, claimed < statement.scores.1) {
        (None, false) if claimed == statement.scores.1 => {}
        (Some(beyond), true) => {
            let beyond_it = statement.at_floor(claimed.saturating_add(1));
            let proven = of_tree(&beyond_it, &weights.above_score(), beyond.into(), &[], stop)?;
            if proven.bound >= above {
                return Err(fault(
                    "the certificate does not prove that the lowest score can be no higher",
                ));
            }
        }
        _ => return Err(fault("the lowest score's bound is not that of its proof")),
    }
    if i128::from(fairness.floor) > lowest {
        return Err(fault("the match has a pair below the floor of the proofs"));
    }
    let at_floor = statement.at_floor(fairness.floor);
    if let Some(order) = &fairness.order {
        if place(Level::Leximin).is_none() {
            return Err(fault("the programme has no level leximin to prove"));
        }
        order::prove(
            &at_floor,
            &weights.above_score(),
            order,
            (claims, above),
            stop,
        )?;
    }
    let mut fair = Fair {
        fairness,
        lowest: claimed.into(),
        pairs: claims.len() as i128,
        score: None,
    };
    let score = place(Level::Score);
    fair.score = match (score, &fairness.order, &fairness.within) {
        (None, _, None) => None,
        // Matches of equal scores have an equal total.
        (Some(score), Some(_), None) => Some(of_match[score]),
        (Some(score), None, Some(within)) => {
            let proven = of_tree(&at_floor, &weights, within.into(), claims, stop)?;
            let least = proven
                .bound
                .checked_sub(above)
                .ok_or_else(super::too_large)?;
            Some(
                least
                    .div_euclid(weights.score)
                    .min(statement.levels[score].2),
            )
        }
        _ => {
            return Err(fault(
                "the proofs of fairness are not those that the levels need",
            ));
        }
    };
    match (&fairness.without, score) {
        (None, None) => {}
        (Some(claimed), Some(score)) => {
            let values = values(statement, without)?;
            if values[..at] != of_match[..at] || values[score] != i128::from(claimed.score) {
                return Err(fault(
                    "the match without the level of fairness has other values than claimed",
                ));
            }
        }
        _ => {
            return Err(fault(
                "the match without the level of fairness is for the score",
            ));
        }
    }
    Ok(Some(fair))
}

/// The bound of a level, given that of the certificate's own prices; those speak of matches without the level.
///
/// # Errors
/// [`ErrorKind::Verification`](crate::ErrorKind::Verification) where those say something else than is claimed.
pub(super) fn bound(
    fair: Option<&Fair>,
    level: Level,
    by_nodes: Option<i128>,
) -> Result<i128, Error> {
    let Some(fair) = fair else {
        return Ok(by_nodes.unwrap_or(0));
    };
    match level {
        Level::WorstOff => Ok(fair.lowest),
        Level::Leximin => Ok(fair.pairs),
        Level::Score => {
            let without = fair.fairness.without.as_ref();
            if without.map(|without| without.bound.into()) != by_nodes {
                return Err(fault(
                    "the bound without the level of fairness is not what the prices prove",
                ));
            }
            Ok(fair.score.unwrap_or(0))
        }
        _ => Ok(by_nodes.unwrap_or(0)),
    }
}

/// The value of a level, given what the pairs have in it.
pub(super) fn value(fair: Option<&Fair>, level: Level, of_pairs: i128) -> i128 {
    match (fair, level) {
        (Some(fair), Level::Leximin) if fair.fairness.order.is_none() => 0,
        _ => of_pairs,
    }
}
