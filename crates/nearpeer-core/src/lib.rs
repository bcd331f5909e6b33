//! The core of nearpeer: who may be paired, how good each pair is, and the match that is proven best.
//!
//! [`roster`] holds the people in canonical order, [`programme`] the coordinator's settings,
//! [`certificate`] the form of the proof that comes with every match, and [`verify`](mod@verify) the checker.

#[cfg(not(any(feature = "highs", feature = "microlp")))]
compile_error!("choose a solver: the feature `highs` or `microlp`");

pub mod assess;
pub mod assign;
mod baseline;
pub mod certificate;
mod certify;
pub mod comentor;
mod constraint;
mod eligibility;
pub mod error;
mod explain;
pub mod groups;
mod ineligible;
mod interrupt;
pub mod matching;
mod notes;
mod optimum;
mod pairs;
mod pool;
mod program;
pub mod programme;
mod progress;
#[cfg(test)]
mod properties;
pub mod roster;
mod scores;
mod scoring;
mod sets;
mod solve;
mod stable;
pub mod synth;
pub mod units;
pub mod verify;
pub mod whatif;
pub mod words;

pub use assess::{Assessment, Bottleneck, Eligible, RuleCount, Staff, Supply};
pub use assign::{Assign, Assignment, Index, LoadRange, Number, Scores, Unit, assign};
pub use certificate::{Certificate, Flow, Level, LevelValue, StableProof, Status, Unbalanced};
pub use comentor::{CoMatch, CoReason, Group, LeftOut, Tie};
pub use constraint::{Counted, Numbers, Standing};
pub use eligibility::RuleState;
pub use error::{Error, ErrorKind, Place};
pub use groups::{GroupKind, GroupOutcome, Groups};
pub use interrupt::{OnStop, StopFlag};
pub use matching::{
    Checked, FullPlace, Match, MatchCost, Meeting, Options, Pair, PriceOfFairness, Reason, Removed,
    Settled, Shortage, Unmatched,
};
pub use programme::{
    Balance, Budget, Circles, Criterion, CustomRule, EligibilityRules, Family, Feeder, GradeGap,
    Has, Keep, Kind, Limits, Loads, Meetings, MenteeLoad, MentorLoad, Missing, Mode,
    ObjectiveLevel, Overlap, PairProperty, Program, Quota, Requirement, RuleSide, Side, Stability,
    StabilityMode, Travel, Triads, Unlisted,
};
pub use progress::{Phase, Progress, Watcher};
pub use roster::{Cell, Field, Grade, Leader, Person, Role, Room, Roster, RosterBuilder};
pub use solve::Method;
pub use stable::BlockingPair;
pub use units::{MenteeIx, MentorIx, Micropoints};
pub use verify::{
    ClaimedMeeting, ClaimedPair, ClaimedTie, Scorer, Verified, VerifyOptions, verify,
    verify_assignment, verify_assignment_with, verify_co_match, verify_co_match_with, verify_with,
};
pub use whatif::{
    Advice, AdviseOptions, Advised, Alternative, Alternatives, Change, Conflict, Constraint,
    ConstraintKind, Cost, Explanation, Flag, MentorKind, PairExplanation, Partner, Relaxation,
    Repair, Rival, RuleCheck, Wanted,
};
