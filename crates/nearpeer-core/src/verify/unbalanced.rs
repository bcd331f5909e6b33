//! The match without balance that comes with one of a programme that asks for it: proven like any other.

use super::{VerifyOptions, fault, verify_with};
use crate::certificate::Certificate;
use crate::error::Error;
use crate::programme::Program;
use crate::roster::Roster;

/// Checks the match without balance, if there is one.
pub(super) fn check(
    roster: &Roster,
    program: &Program,
    certificate: &Certificate,
    options: &VerifyOptions,
) -> Result<(), Error> {
    let Some(unbalanced) = &certificate.unbalanced else {
        return Ok(());
    };
    if program.balance.is_empty() {
        return Err(fault(
            "the certificate has a match without balance, and the programme asks for none",
        ));
    }
    let program = program.without_balance();
    verify_with(
        roster,
        &program,
        &unbalanced.pairs,
        &unbalanced.certificate,
        options,
    )
    .map(drop)
}
