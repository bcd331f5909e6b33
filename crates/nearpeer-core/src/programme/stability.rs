//! Stability: matches in which no two people would rather have each other.

use serde::{Deserialize, Serialize};

use super::Program;
use crate::error::Error;
use crate::roster::{Field, People, Role, Roster};

/// Which match is wanted. Those but the last choose among the stable ones.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum StabilityMode {
    /// Every mentee has the best mentor that they have in any stable match.
    MenteeOptimal,
    /// Every mentor has the best mentees that they have in any stable match.
    MentorOptimal,
    /// The greatest total score among stable matches.
    BestScore,
    /// The fewest blocking pairs among the matches that are best by `objective`.
    FewestBlocking,
}

impl StabilityMode {
    /// The mode as it is written in files: `mentee_optimal`, ...
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::MenteeOptimal => "mentee_optimal",
            Self::MentorOptimal => "mentor_optimal",
            Self::BestScore => "best_score",
            Self::FewestBlocking => "fewest_blocking",
        }
    }
}

/// Whether somebody who lists wishes would have those who are not on the list.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Unlisted {
    /// Yes, but rather everybody on the list.
    #[default]
    Accepted,
    /// Rather nobody. A person without any list accepts everybody all the same.
    Refused,
}

/// That preferences are to be kept to, and how.
///
/// A person prefers those in `preferences` in their order, then the others: by the pair's score, and of equal ones whose
/// id comes first. Only eligible pairs count.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Stability {
    /// Which match is wanted.
    pub mode: StabilityMode,
    /// Whether those who are not on a list are accepted.
    #[serde(default)]
    pub unlisted: Unlisted,
}

impl Stability {
    /// This kind of match, where people accept those who are not on their lists.
    #[must_use]
    pub fn new(mode: StabilityMode) -> Self {
        Self {
            mode,
            unlisted: Unlisted::default(),
        }
    }

    /// What cannot be combined with stability: it is defined by wishes and room alone.
    pub(super) fn validate(self, program: &Program) -> Result<(), Error> {
        let clash = |key: &str, what: &str| {
            let mode = self.mode.as_str();
            let message = format!("{what} cannot be combined with `stability.mode = {mode:?}`");
            Err(Error::program(key, message))
        };
        if let Some(key) = crate::constraint::first_key(program) {
            return clash(&key, &key);
        }
        if program.fairness().is_some() {
            return clash("objective", "a level of fairness");
        }
        if program.loads.mentee.max > 1 {
            return clash("loads.mentee.max", "more than one mentor a mentee");
        }
        if program.loads.mentee.min > 0 {
            return clash("loads.mentee.min", "a minimum load");
        }
        if program.loads.mentor.min > 0 {
            return clash("loads.mentor.min", "a minimum load");
        }
        if self.mode == StabilityMode::FewestBlocking && self.unlisted == Unlisted::Refused {
            return clash("stability.unlisted", "refusing those who are not on a list");
        }
        Ok(())
    }

    /// The same of what the roster asks.
    ///
    /// # Errors
    /// [`ErrorKind::Input`](crate::ErrorKind::Input) naming table, row and column.
    pub(crate) fn fits(self, roster: &Roster) -> Result<(), Error> {
        let mode = self.mode.as_str();
        let clash = format!("cannot be combined with `stability.mode = {mode:?}`");
        let place = |people: &People, ix: usize, field: Field, load: u32| {
            let error = Error::input(format!("such a load {clash}"));
            let error = error.in_table(people.role().table()).in_row(people.row(ix));
            Err(error.in_column(field.name()).with_value(&load.to_string()))
        };
        for role in [Role::Mentee, Role::Mentor] {
            let people = roster.side(role);
            let most = if role == Role::Mentee { 1 } else { u32::MAX };
            for ix in 0..people.len() {
                if let Some(load) = people.load_min(ix).filter(|load| *load > 0) {
                    return place(people, ix, Field::LoadMin, load);
                }
                if let Some(load) = people.load_max(ix).filter(|load| *load > most) {
                    return place(people, ix, Field::LoadMax, load);
                }
            }
        }
        match roster.required().iter().min_by_key(|pair| pair.row) {
            None => Ok(()),
            Some(pair) => Err(Error::input(format!("a required pair {clash}"))
                .in_table("pairs_required")
                .in_row(pair.row)),
        }
    }
}
