//! The checker: works the problem out from the inputs again, and re-proves an answer and its bound from the
//! certificate's prices, in exact integers.
//!
//! # What is proven, and what is trusted
//! Loads, levels and their weights, the pairs of the answer with their scores, and every sum of the bound
//! are the checker's own, and shared with no other part. The pairs of the answer are always scored by the
//! plain scorer, which reads the rules and criteria from their definitions. The bound is over *all* eligible pairs, and
//! those are scored by one of two [`Scorer`]s:
//!
//! - [`Scorer::Compiled`], the default, takes eligible pairs and scores from the compiled rules and
//!   criteria, which the solve uses too. It proves that no match is better *as they score pairs*; whether they
//!   hide a pair or score it too low, it does not see, except for the pairs of the answer, on which both
//!   scorers must agree.
//! - [`Scorer::Reference`] scores every pair by the plain scorer, and so trusts nothing that the solve uses.
//!
//! A match that is to be stable is checked in another way: see `stable` in this module, and `docs/stability.md`.
//!
//! Both read the roster and the programme as they were read for the solve: a cell that was misread is misread
//! for the checker, too.
//!
//! # Time and memory
//! Each pair is scored once, row by row on all threads, and forgotten; of a proof tree, as many leaves are
//! worked out at a time as fit in memory. Sums are exact, so the number of threads changes nothing.

mod assignment;
mod bound;
mod circle;
mod circles;
mod fair;
mod groups;
mod levels;
mod meetings;
mod options;
mod order;
mod pass;
mod reference;
mod roster;
mod side;
mod stable;
mod stages;
mod statement;
mod unbalanced;
mod values;

use serde::{Deserialize, Serialize};

use crate::certificate::{Certificate, Status};
use crate::error::{Error, ErrorKind};
use crate::pairs::{Pairs, RosterPairs};
use crate::pool::in_pool;
use crate::programme::{Program, StabilityMode};
use crate::roster::Roster;
use crate::units::Micropoints;
pub use assignment::{verify_assignment, verify_assignment_with};
pub use groups::{ClaimedTie, verify_co_match, verify_co_match_with};
use levels::check;
pub use options::{Scorer, VerifyOptions};
use reference::Reference;
use statement::Row;

/// A pair of an answer as it was written down.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ClaimedPair {
    /// The mentee's id.
    pub mentee: String,
    /// The mentor's id.
    pub mentor: String,
    /// The score that the answer states.
    pub score: Micropoints,
    /// Where and when they meet, if the answer says so.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub meeting: Option<ClaimedMeeting>,
}

/// A pair's meeting as it was written down.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ClaimedMeeting {
    /// The site; empty if none is stated.
    pub site: String,
    /// The slot.
    pub slot: String,
    /// The leader's id, if one is stated.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub leader: Option<String>,
}

/// What the checker found to be true.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Verified {
    /// How the solve ended, now proven.
    pub status: Status,
    /// Pairs in the answer.
    pub pairs: usize,
    /// Eligible pairs that the bound was worked out from: all that there are.
    pub eligible: u64,
    /// Leaves of the proof tree.
    pub leaves: usize,
    /// Whose scores the bound was worked out from.
    pub scorer: Scorer,
}

/// Re-proves an answer: that every pair is eligible and has the score it claims, that every load is kept,
/// and that no match is better than the certificate's bound. An infeasible programme has no pairs; its
/// certificate proves that there are none. See the [module](self) for what is proven, and what is trusted.
///
/// # Errors
/// As [`verify_with`].
pub fn verify(
    roster: &Roster,
    program: &Program,
    answer: &[ClaimedPair],
    certificate: &Certificate,
) -> Result<Verified, Error> {
    verify_with(
        roster,
        program,
        answer,
        certificate,
        &VerifyOptions::default(),
    )
}

/// [`verify`] with a scorer, a number of threads or a stop flag.
///
/// # Errors
/// [`ErrorKind::Verification`] saying what does not hold, naming the row of the pair where it is one;
/// `::Program` or `::Input` where the settings or the number of threads do not fit; `::Interrupted` when
/// the stop flag was raised.
pub fn verify_with(
    roster: &Roster,
    program: &Program,
    answer: &[ClaimedPair],
    certificate: &Certificate,
    options: &VerifyOptions,
) -> Result<Verified, Error> {
    program.validate()?;
    unbalanced::check(roster, program, certificate, options)?;
    roster::same_people("mentees", roster.mentees(), &certificate.mentees)?;
    roster::same_people("mentors", roster.mentors(), &certificate.mentors)?;
    in_pool(options.threads, || {
        let plain = Reference::new(roster, program);
        let compiled = match options.scorer {
            Scorer::Compiled => Some(RosterPairs::compile(roster, program)?),
            Scorer::Reference => None,
        };
        let row: Row = match &compiled {
            Some(pairs) => Box::new(|mentee, row| pairs.row(mentee, row)),
            None => Box::new(|mentee, row| {
                // A plain row of a large roster takes long.
                let mentors =
                    (0..roster.mentors().len() as u32).take_while(|_| !options.stop.is_raised());
                row.clear();
                row.extend(
                    mentors
                        .filter_map(|mentor| Some((mentor, plain.score(mentee, mentor as usize)?))),
                );
            }),
        };
        let statement = roster::statement(roster, program, row)?;
        let claims = roster::claims(roster, answer, &plain, &options.stop)?;
        meetings::can_be_held(statement.meetings.as_ref(), answer, &claims)?;
        if certificate.status != Status::Infeasible {
            let spots = meetings::met(roster, answer);
            side::keep(&statement.side, &claims, &spots)?;
            if let Some(circles) = &statement.circles {
                circles.keep(&claims, &spots)?;
            }
        }
        let without = fair::without(roster, certificate, &plain, &options.stop)?;
        let Some(stability) = program.stability else {
            return check(&statement, &claims, &without, certificate, options);
        };
        if stability.mode != StabilityMode::FewestBlocking {
            return stable::check(roster, stability, &statement, &claims, certificate, options);
        }
        stability.fits(roster)?;
        let unlisted = stability.unlisted;
        let blocked = stable::blocking(roster, unlisted, &statement, &claims, &options.stop)?;
        let rest = stable::without_blocking(stability, blocked, certificate)?;
        let verified = check(&statement, &claims, &without, &rest, options)?;
        Ok(Verified {
            status: certificate.status,
            ..verified
        })
    })
}

/// The checker's own score of one pair, for tests.
#[cfg(test)]
pub(crate) fn score_plainly(
    roster: &Roster,
    program: &Program,
    mentee: usize,
    mentor: usize,
) -> Option<i64> {
    Reference::new(roster, program).score(mentee, mentor)
}

fn fault(message: impl Into<String>) -> Error {
    Error::new(ErrorKind::Verification, message)
}

fn too_large() -> Error {
    fault("the prices of the proof are too large to be added up")
}

fn fault_in_row(row: usize) -> impl Fn(String) -> Error {
    move |message| fault(message).in_table("pairs").in_row(row)
}
