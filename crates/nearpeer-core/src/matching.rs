//! The pipeline from a roster and a programme to a match with its proof.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use serde::Serialize;

use crate::certificate::Certificate;
use crate::error::Error;
use crate::programme::Program;
use crate::roster::{Role, Roster};
use crate::units::Micropoints;

/// How to solve, as opposed to what: nothing here changes a proven answer.
#[derive(Debug, Clone, Default)]
pub struct Options {
    /// Threads to use; all cores where it is not given.
    pub threads: Option<usize>,
    /// Seconds after which the best match so far is returned; takes precedence over the programme's.
    pub time_limit: Option<Duration>,
    /// Set from another thread to end the solve with [`ErrorKind::Interrupted`](crate::ErrorKind::Interrupted).
    pub stop: StopFlag,
}

/// A flag that another thread raises to end a solve; clones share it.
#[derive(Debug, Clone, Default)]
pub struct StopFlag(Arc<AtomicBool>);

impl StopFlag {
    /// Asks every solve that holds this flag to end.
    pub fn raise(&self) {
        self.0.store(true, Ordering::Relaxed);
    }

    /// Whether [`raise`](Self::raise) was called.
    #[must_use]
    pub fn is_raised(&self) -> bool {
        self.0.load(Ordering::Relaxed)
    }
}

/// A match: the chosen pairs, everybody who is left, and the proof.
#[derive(Debug, Clone, PartialEq)]
pub struct Match {
    /// The chosen pairs, by mentee and then mentor in canonical order.
    pub pairs: Vec<Pair>,
    /// Everybody in no pair: mentees, then mentors, each in canonical order.
    pub unmatched: Vec<Unmatched>,
    /// Every eligibility rule, and whether it was on.
    pub rules: Vec<RuleState>,
    /// The names of the criteria, in the order of [`Pair::by_criterion`].
    pub criteria: Vec<String>,
    /// The proof.
    pub certificate: Certificate,
}

/// A chosen pair.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Pair {
    /// The mentee's id.
    pub mentee: String,
    /// The mentor's id.
    pub mentor: String,
    /// The weighted score.
    pub score: Micropoints,
    /// What each criterion gave, before weighting: 0 to 1,000,000 micropoints.
    pub by_criterion: Vec<Micropoints>,
}

/// Somebody who is in no pair.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unmatched {
    /// Mentee or mentor.
    pub role: Role,
    /// The person's id.
    pub id: String,
    /// Why.
    pub reason: Reason,
}

/// Why somebody is in no pair.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum Reason {
    /// Nobody on the other side may be paired with this person.
    NotEligible {
        /// Each rule's code with the number of people it rules out, the most first; a person on the other side can be ruled
        /// out by several rules.
        removed: Vec<(String, usize)>,
    },
    /// There are people who may be paired with this person, and the best match gives them to others.
    OutCompeted {
        /// How many may be paired with this person.
        candidates: usize,
    },
    /// The person's maximum load is 0.
    NoRoom,
}

impl Reason {
    /// The stable code: `not_eligible`, `out_competed`, `no_room`.
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self {
            Self::NotEligible { .. } => "not_eligible",
            Self::OutCompeted { .. } => "out_competed",
            Self::NoRoom => "no_room",
        }
    }

    /// The numbers behind the reason, in words: `grade_gap removes 12 of 30; site removes 9 of 30`.
    #[must_use]
    pub fn detail(&self) -> String {
        match self {
            Self::NotEligible { removed } => removed
                .iter()
                .map(|(rule, count)| format!("{rule} removes {count}"))
                .collect::<Vec<_>>()
                .join("; "),
            Self::OutCompeted { candidates } => {
                format!("{candidates} eligible, all better used for others")
            }
            Self::NoRoom => "the maximum load is 0".to_owned(),
        }
    }
}

/// Whether an eligibility rule took part, and why not.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct RuleState {
    /// The stable reason code: `screening`, `grade_gap`, `custom:same bus`, ...
    pub code: String,
    /// Whether the rule was applied.
    pub on: bool,
    /// Why it was not, if it was not.
    pub why_off: Option<String>,
}

impl Match {
    /// How many mentees have a mentor.
    #[must_use]
    pub fn covered(&self) -> usize {
        let mut mentees: Vec<&str> = self.pairs.iter().map(|pair| &*pair.mentee).collect();
        mentees.dedup();
        mentees.len()
    }

    /// The total score of the pairs.
    #[must_use]
    pub fn total_score(&self) -> Micropoints {
        Micropoints(self.pairs.iter().map(|pair| pair.score.0).sum())
    }
}

impl Program {
    /// Matches the people of `roster` to a proven optimum.
    ///
    /// # Errors
    /// As [`solve_with`](Self::solve_with).
    pub fn solve(&self, roster: &Roster) -> Result<Match, Error> {
        self.solve_with(roster, &Options::default())
    }

    /// [`solve`](Self::solve) with a number of threads, a time limit or a stop flag.
    ///
    /// A match that a limit cut short has the status [`LimitReached`](crate::Status::LimitReached) and a
    /// true gap.
    ///
    /// # Errors
    /// [`ErrorKind`](crate::ErrorKind)`::Program` for settings that do not fit the roster,
    /// `::Input` for a required pair that is not eligible, `::Infeasible` where no match keeps every minimum
    /// load and required pair (with the proof), `::Limit` where a limit came before any feasible match,
    /// `::Interrupted` when the stop flag was raised, `::Solver` if the solver behind the integer program
    /// failed.
    pub fn solve_with(&self, roster: &Roster, options: &Options) -> Result<Match, Error> {
        let _ = (roster, options);
        Err(Error::new(crate::ErrorKind::Solver, "under construction"))
    }
}
