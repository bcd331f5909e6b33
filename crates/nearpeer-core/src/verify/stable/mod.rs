//! The checker of stable matches. It reads wishes from the roster, lists whom everybody may have, and asks and answers
//! on those lists; nothing of it is shared with the solve.
//!
//! # What is proven
//! - The match keeps every load, and no two people block it.
//! - Best for mentees, or for mentors: it is what deferred acceptance gives on the checker's lists.
//! - Best score: the checker finds all rotations itself. A payment counts if its payer does not come up while the
//!   rotation that it pays is held back; with such payments no set of rotations gains more than what the match has.
//!   That every stable match is a set of rotations is a theorem (Irving and Leather, 1986), and trusted.
//! - Fewest blocking pairs: how many pairs block the match, and that no match is better by the objective. That no equally
//!   good match has fewer rests on the solver of the integer program, and is not proven.

mod lists;
mod rotations;

use super::statement::Statement;
use super::values::values;
use super::{Verified, fault};
use crate::certificate::{Certificate, FORMAT, Level, LevelValue, StableProof, Status};
use crate::error::Error;
use crate::programme::{Stability, StabilityMode};
use crate::roster::{Role, Roster};
use crate::verify::VerifyOptions;
use crate::words::{counted, form};
use lists::Lists;
pub(super) use lists::blocking;
use rotations::Turning;

/// Re-proves a stable match.
pub(super) fn check(
    roster: &Roster,
    stability: Stability,
    statement: &Statement,
    claims: &[(u32, u32, i64)],
    certificate: &Certificate,
    options: &VerifyOptions,
) -> Result<Verified, Error> {
    stability.fits(roster)?;
    values(statement, claims)?;
    let lists = Lists::new(roster, stability.unlisted, statement, &options.stop)?;
    let mut mentor_of = vec![None; roster.mentees().len()];
    for (mentee, mentor, _) in claims {
        if !lists.has(*mentee, *mentor) {
            return Err(fault(
                "a pair of the answer is refused by one of the two, who does not list the other",
            ));
        }
        mentor_of[*mentee as usize] = Some(*mentor);
    }
    let blocked = blocking(roster, stability.unlisted, statement, claims, &options.stop)?;
    if blocked > 0 {
        return Err(fault(format!(
            "the match is not stable: {blocked} {} it",
            form(blocked as u64, "pair blocks", "pairs block")
        )));
    }
    let proof = proof(stability, certificate)?;
    let score: i64 = claims.iter().map(|claim| claim.2).sum();
    let best = |role| lists.best_for(role, &options.stop);
    let is_it = match stability.mode {
        StabilityMode::MentorOptimal => best(Role::Mentor)? == mentor_of,
        StabilityMode::BestScore => {
            let turning = Turning::new(&lists, best(Role::Mentee)?, best(Role::Mentor)?);
            let bound = turning.bound(&proof.flows, &options.stop)?;
            if bound != i128::from(score) {
                return Err(fault(format!(
                    "the certificate proves that no stable match has more than {bound}, and the match has {score}"
                )));
            }
            true
        }
        _ => best(Role::Mentee)? == mentor_of,
    };
    if !is_it {
        let mode = stability.mode.as_str();
        return Err(fault(format!("the match is stable, but not {mode}")));
    }
    let covered = mentor_of.iter().flatten().count() as i64;
    claims_are(certificate, covered, score)?;
    Ok(Verified {
        status: Status::Optimal,
        pairs: claims.len(),
        eligible: lists.eligible,
        leaves: 0,
        scorer: options.scorer,
    })
}

/// The proof, which is of the mode that the programme asks for.
pub(super) fn proof(
    stability: Stability,
    certificate: &Certificate,
) -> Result<&StableProof, Error> {
    match &certificate.stability {
        Some(proof) if proof.mode == stability.mode => Ok(proof),
        _ => Err(fault(format!(
            "the certificate is not one of a match that is {}",
            stability.mode.as_str()
        ))),
    }
}

/// The certificate claims what the match has, and no less as the bound.
fn claims_are(certificate: &Certificate, covered: i64, score: i64) -> Result<(), Error> {
    let level = |level, value| {
        move |claimed: &LevelValue| {
            (claimed.level, claimed.objective, claimed.bound) == (level, value, value)
                && claimed.weight > 0
        }
    };
    let levels = match certificate.levels.as_slice() {
        [first, second] => {
            level(Level::Coverage, covered)(first) && level(Level::Score, score)(second)
        }
        _ => false,
    };
    let shown = (
        certificate.status,
        certificate.level,
        certificate.objective,
        certificate.bound,
        certificate.gap,
    );
    if !levels
        || shown != (Status::Optimal, Level::Score, score, score, 0)
        || certificate.format != FORMAT
        || !certificate.nodes.is_empty()
        || certificate.denominator != 1
    {
        return Err(fault(format!(
            "the certificate does not claim what the pairs have: {} covered, a score of {score}",
            counted(covered as usize, "mentee")
        )));
    }
    Ok(())
}

/// Takes the level of blocking pairs off a certificate of the fewest, once it is seen to be true; what is left is an
/// ordinary one.
pub(super) fn without_blocking(
    stability: Stability,
    blocked: usize,
    certificate: &Certificate,
) -> Result<Certificate, Error> {
    proof(stability, certificate)?;
    let mut rest = certificate.clone();
    rest.stability = None;
    let claimed = rest.levels.pop();
    let claimed = claimed.filter(|claimed| claimed.level == Level::BlockingPairs);
    let claimed =
        claimed.ok_or_else(|| fault("the certificate claims no number of blocking pairs"))?;
    let value = -(blocked as i64);
    if claimed.objective != value {
        return Err(fault(format!(
            "the certificate claims {} in the level {}, and the pairs have {value}",
            claimed.objective, claimed.level
        )));
    }
    if !(value..=0).contains(&claimed.bound) {
        return Err(fault("the bound of the blocking pairs is out of range"));
    }
    if certificate.level == Level::BlockingPairs {
        let is_open = claimed.bound != claimed.objective;
        let status = if is_open {
            Status::LimitReached
        } else {
            Status::Optimal
        };
        let shown = (
            certificate.status,
            certificate.objective,
            certificate.bound,
            certificate.gap,
        );
        let gap = claimed.bound - claimed.objective;
        if shown != (status, claimed.objective, claimed.bound, gap) {
            return Err(fault(
                "the certificate's objective, bound and gap are not those of its levels",
            ));
        }
        let last = rest.levels.last().copied();
        let last = last.ok_or_else(|| fault("the certificate has no levels"))?;
        rest.status = Status::Optimal;
        (rest.level, rest.objective, rest.bound) = (last.level, last.objective, last.bound);
        rest.gap = last.bound.saturating_sub(last.objective);
    }
    Ok(rest)
}
