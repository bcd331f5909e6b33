//! Circles: what the mentees of one mentor have in common.

use serde::{Deserialize, Serialize};

use super::Program;
use crate::error::Error;
use crate::roster::{Field, Role, Roster};
use crate::words::form;

/// What the mentees of one mentor must have in common, where a mentor may have several.
///
/// How many a mentor has is for the loads: `loads.mentor = { min = 3, max = 5 }` is a circle of three to five, or none.
///
/// ```toml
/// [circles]
/// one_slot = true     # all mentees of a mentor meet at one site in one slot; needs slots that are assigned
/// grade_band = 1      # their grades are no further apart than this
/// ```
///
/// ```
/// use nearpeer_core::Program;
///
/// let mut program = Program::default();
/// program.circles.grade_band = Some(1);
/// assert_eq!(Program::from_toml(&program.to_toml())?, program);
/// # Ok::<(), nearpeer_core::Error>(())
/// ```
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Circles {
    /// Whether all mentees of a mentor meet at one site in one slot.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub one_slot: bool,
    /// How many grades the mentees of a mentor are apart at most. A mentee whose grade is missing is only with others
    /// of whom that is so.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub grade_band: Option<u32>,
}

impl Circles {
    /// Whether anything is asked of a mentor's mentees.
    #[must_use]
    pub fn is_asked(&self) -> bool {
        *self != Self::default()
    }

    /// What is asked, in words, with its key.
    pub(crate) fn words(&self) -> impl Iterator<Item = (&'static str, String)> {
        let one_slot = "all mentees of a mentor meet at one site in one slot";
        let one_slot = self
            .one_slot
            .then(|| ("circles.one_slot", one_slot.to_owned()));
        let band = self.grade_band.map(|band| {
            let grades = form(band.into(), "grade", "grades");
            let words = format!("the mentees of a mentor at most {band} {grades} apart");
            ("circles.grade_band", words)
        });
        one_slot.into_iter().chain(band)
    }

    pub(super) fn is_default(&self) -> bool {
        !self.is_asked()
    }

    pub(super) fn validate(self, program: &Program) -> Result<(), Error> {
        let clash = |key: &str, what: &str| {
            let message = format!("circles cannot be combined yet with {what}");
            Err(Error::program(key, message))
        };
        if self.is_asked() && program.fairness().is_some() {
            return clash("circles", "a level of fairness");
        }
        if self.is_asked() && program.stability.is_some() {
            return clash("circles", "stability");
        }
        Ok(())
    }

    /// Checks that the roster has what is asked about.
    ///
    /// # Errors
    /// [`ErrorKind::Program`](crate::ErrorKind::Program) naming the key.
    pub(crate) fn fits(self, program: &Program, roster: &Roster) -> Result<(), Error> {
        if self.one_slot && !program.meetings.is_assigned(roster) {
            return Err(Error::program(
                "circles.one_slot",
                "pairs get no slots; give leaders or rooms, or set `meetings.assign = true`",
            ));
        }
        if self.grade_band.is_some() && !roster.side(Role::Mentee).has(Field::Grade) {
            return Err(Error::program(
                "circles.grade_band",
                "the table mentees has no column `grade`",
            ));
        }
        Ok(())
    }
}
