//! How to check, as opposed to what.

use crate::error::{Error, ErrorKind};
use crate::interrupt::StopFlag;

/// Whose scores the bound is worked out from. Whichever it is, the answer's own pairs are scored by the
/// plain scorer, and everything but scores is the checker's own.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Scorer {
    /// The compiled rules and criteria, which the solve uses too: fast, and good for millions of people.
    ///
    /// What this proves rests on them: a fault in them that hid an eligible pair, or gave it too low a
    /// score, could hide a better match. Tests hold them equal to the plain scorer, pair by pair.
    #[default]
    Compiled,
    /// The checker's plain scorer, which reads the rules and criteria from their definitions and shares
    /// nothing with the solve: many times slower.
    Reference,
}

impl Scorer {
    /// As it is written: `compiled`, `reference`.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Compiled => "compiled",
            Self::Reference => "reference",
        }
    }
}

/// How to check an answer.
#[derive(Debug, Clone, Default)]
pub struct VerifyOptions {
    /// Threads to use; all cores where it is not given.
    pub threads: Option<usize>,
    /// Whose scores the bound is worked out from.
    pub scorer: Scorer,
    /// Set from another thread to end the check with [`ErrorKind::Interrupted`].
    pub stop: StopFlag,
}

/// # Errors
/// [`ErrorKind::Interrupted`] once the flag is raised.
pub(super) fn go_on(stop: &StopFlag) -> Result<(), Error> {
    if stop.is_raised() {
        return Err(Error::new(ErrorKind::Interrupted, "the check was stopped"));
    }
    Ok(())
}
