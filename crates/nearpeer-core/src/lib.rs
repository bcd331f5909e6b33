//! The core of nearpeer: who may be paired, how good each pair is, and the match that is proven best.
//!
//! [`roster`] holds the people in canonical order, [`programme`] the coordinator's settings,
//! [`certificate`] the form of the proof that comes with every match, and [`verify`](mod@verify) the checker.

pub mod assign;
pub mod certificate;
mod eligibility;
pub mod error;
mod explain;
pub mod matching;
mod pairs;
mod program;
pub mod programme;
#[cfg(test)]
mod properties;
pub mod roster;
mod scoring;
mod sets;
mod solve;
pub mod units;
pub mod verify;

pub use assign::{Assign, Assignment, LoadRange, Scores, Unit, assign};
pub use certificate::{Certificate, Level, LevelValue, Status};
pub use error::{Error, ErrorKind, Place};
pub use matching::{Checked, Match, Method, Options, Pair, Reason, RuleState, StopFlag, Unmatched};
pub use programme::{
    Criterion, CustomRule, EligibilityRules, Feeder, GradeGap, Kind, Limits, Loads, MenteeLoad,
    MentorLoad, Missing, Mode, ObjectiveLevel, Overlap, Program, Requirement, RuleSide, Side,
};
pub use roster::{Cell, Field, Grade, Person, Role, Roster, RosterBuilder};
pub use units::{MenteeIx, MentorIx, Micropoints};
pub use verify::{ClaimedPair, Verified, verify, verify_assignment};
