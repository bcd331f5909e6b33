//! The programme: the coordinator's settings, one TOML file or the same keys from Rust and Python.

pub(crate) mod cell;
mod circles;
mod criterion;
mod equals;
mod meetings;
mod objective;
mod read;
mod rules;
mod stability;
mod triads;

use serde::{Deserialize, Serialize};

pub use circles::Circles;
pub use criterion::{Criterion, Kind, Missing, Overlap, Side};
pub use meetings::{Meetings, Travel};
pub use objective::ObjectiveLevel;
pub use rules::{CustomRule, EligibilityRules, Feeder, GradeGap, Requirement, RuleSide};
pub use stability::{Stability, StabilityMode, Unlisted};
pub use triads::Triads;

pub use crate::constraint::{Balance, Budget, Family, Has, Keep, PairProperty, Quota};

use crate::constraint;
use crate::error::Error;
use crate::roster::{Grade, MAX_LOAD};

/// Who is matched with whom.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Mode {
    /// An older mentor with a younger mentee, from two tables.
    #[default]
    CrossAge,
    /// Students of the same age with each other, from one table; see [`comentor`](crate::comentor).
    CoMentoring,
}

/// How many pairs a mentee may be in where the roster does not say.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct MenteeLoad {
    /// At least this many mentors; more than 0 is a promise that must be kept.
    pub min: u32,
    /// At most this many mentors.
    pub max: u32,
}

impl Default for MenteeLoad {
    fn default() -> Self {
        Self { min: 0, max: 1 }
    }
}

/// How many pairs a mentor may be in where the roster does not say.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct MentorLoad {
    /// At least this many mentees.
    pub min: u32,
    /// At most this many mentees.
    pub max: u32,
    /// Whether a mentor may also have none: 'none or at least `min`'.
    pub or_none: bool,
}

impl Default for MentorLoad {
    fn default() -> Self {
        Self {
            min: 0,
            max: 1,
            or_none: true,
        }
    }
}

/// Loads of both sides; the roster's `load_min` and `load_max` take precedence.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Loads {
    /// For mentees.
    pub mentee: MenteeLoad,
    /// For mentors.
    pub mentor: MentorLoad,
}

/// When to stop before the optimum is proven.
#[derive(Debug, Clone, Copy, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Limits {
    /// Seconds of solving, after which the best match so far is returned with its gap.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub time: Option<f64>,
    /// Mebibytes that the solve may take, after which the same is done; see
    /// [`Options::memory_limit`](crate::Options::memory_limit).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub memory: Option<u32>,
    /// Micropoints of the total score within which a match is good enough; see
    /// [`Options::gap`](crate::Options::gap).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub gap: Option<i64>,
}

impl Limits {
    fn validate(&self) -> Result<(), Error> {
        if let Some(seconds) = self.time {
            time_limit(seconds)?;
        }
        if self.memory == Some(0) {
            return Err(no_memory());
        }
        if self.gap.is_some_and(|gap| gap < 0) {
            let message = "a gap is a whole number of micropoints, 0 or more";
            return Err(Error::program("limits.gap", message));
        }
        Ok(())
    }
}

/// A programme's settings. `Program::default()` is a sensible cross-age programme: a gap of at least two
/// grades, the same site, screening, training, consent and a shared slot where the tables have those
/// columns; scores of interests (0.7) and grade-gap fit (0.3); one pair a person; coverage before score.
///
/// ```
/// use nearpeer_core::{Criterion, GradeGap, Missing, Program};
///
/// let mut program = Program::default();
/// program.eligibility.grade_gap = GradeGap::between(2, 6);
/// program.criteria.push(Criterion::same("club", 0.2, Missing::Zero));
/// program.validate()?;
///
/// let read = Program::from_toml(&program.to_toml())?;
/// assert_eq!(read, program);
/// # Ok::<(), nearpeer_core::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Program {
    /// Who is matched with whom.
    pub mode: Mode,
    /// The levels of the objective, in order.
    pub objective: Vec<ObjectiveLevel>,
    /// The grades whose mentees the level [`Transition`](ObjectiveLevel::Transition) counts: those in which
    /// students come to a new school.
    #[serde(
        deserialize_with = "read::grades",
        skip_serializing_if = "objective::are_usual"
    )]
    pub transition_grades: Vec<Grade>,
    /// Loads where the roster gives none.
    pub loads: Loads,
    /// When to stop.
    pub limits: Limits,
    /// The hard rules.
    pub eligibility: EligibilityRules,
    /// Where pairs meet, and whether they get slots.
    #[serde(skip_serializing_if = "Meetings::is_default")]
    pub meetings: Meetings,
    /// What the mentees of one mentor have in common.
    #[serde(skip_serializing_if = "Circles::is_default")]
    pub circles: Circles,
    /// The terms of a pair's score.
    pub criteria: Vec<Criterion>,
    /// At most, or at least, so many pairs of a kind.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub quotas: Vec<Quota>,
    /// Limits on what pairs and people cost.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub budgets: Vec<Budget>,
    /// That groups of mentees are covered to a share, or about as well as all.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub balance: Vec<Balance>,
    /// Siblings and friends who are kept together or apart.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub families: Vec<Family>,
    /// That preferences are to be kept to.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub stability: Option<Stability>,
    /// In co-mentoring, whether students who would be left over may be in groups of three.
    #[serde(skip_serializing_if = "Triads::is_off")]
    pub triads: Triads,
}

impl Default for Program {
    fn default() -> Self {
        Self {
            mode: Mode::default(),
            objective: vec![
                ObjectiveLevel::Priority,
                ObjectiveLevel::Coverage,
                ObjectiveLevel::Score,
            ],
            transition_grades: objective::usual_grades().collect(),
            loads: Loads::default(),
            limits: Limits::default(),
            eligibility: EligibilityRules::default(),
            meetings: Meetings::default(),
            circles: Circles::default(),
            criteria: vec![
                Criterion::interests(Overlap::Jaccard, 0.7, Missing::Neutral),
                Criterion::grade_gap(0.3, Missing::Neutral),
            ],
            quotas: Vec::new(),
            budgets: Vec::new(),
            balance: Vec::new(),
            families: Vec::new(),
            stability: None,
            triads: Triads::Off,
        }
    }
}

impl Program {
    /// The settings of a co-mentoring programme without any: students of the same grade and site, by interests
    /// (0.7) and by goals that the other's strengths meet, both ways (0.3); pairs only.
    #[must_use]
    pub fn co_mentoring() -> Self {
        let mut program = Self {
            mode: Mode::CoMentoring,
            criteria: vec![
                Criterion::interests(Overlap::Jaccard, 0.7, Missing::Neutral),
                Criterion::goals(0.3, Missing::Neutral),
            ],
            ..Self::default()
        };
        program.eligibility.grade_gap = GradeGap::between(0, 0);
        program
    }

    /// Reads a programme file's text.
    ///
    /// # Errors
    /// [`ErrorKind::Program`](crate::ErrorKind::Program) naming the key and, for an unknown key, the nearest known one.
    pub fn from_toml(text: &str) -> Result<Self, Error> {
        let program: Self = read::text(text)?;
        program.validate()?;
        Ok(program)
    }

    /// Reads settings from a table of the same keys as the file's, for callers with keyword arguments.
    ///
    /// # Errors
    /// As [`from_toml`](Self::from_toml).
    pub fn from_table(table: toml::Table) -> Result<Self, Error> {
        let program: Self = read::table(&table)?;
        program.validate()?;
        Ok(program)
    }

    /// The programme as a file's text; [`from_toml`](Self::from_toml) reads it back.
    ///
    /// # Panics
    /// Never: every setting has a TOML form.
    #[must_use]
    pub fn to_toml(&self) -> String {
        toml::to_string(self).expect("every setting has a TOML form")
    }

    /// The same programme without what it asks of groups.
    pub(crate) fn without_balance(&self) -> Self {
        Self {
            balance: Vec::new(),
            ..self.clone()
        }
    }

    /// Checks what the types cannot say.
    ///
    /// # Errors
    /// [`ErrorKind::Program`](crate::ErrorKind::Program) naming the key.
    pub fn validate(&self) -> Result<(), Error> {
        objective::validate(self)?;
        self.validate_loads()?;
        self.limits.validate()?;
        self.eligibility.validate()?;
        criterion::validate(&self.criteria)?;
        self.circles.validate(self)?;
        constraint::validate(self)?;
        if let Some(stability) = self.stability {
            stability.validate(self)?;
        }
        equals::validate(self)
    }

    fn validate_loads(&self) -> Result<(), Error> {
        let Loads { mentee, mentor } = self.loads;
        for (side, min, max) in [
            ("mentee", mentee.min, mentee.max),
            ("mentor", mentor.min, mentor.max),
        ] {
            if max > MAX_LOAD {
                return Err(Error::program(
                    format!("loads.{side}.max"),
                    format!("a load is a whole number from 0 to {MAX_LOAD}"),
                ));
            }
            if min > max {
                return Err(Error::program(
                    format!("loads.{side}.min"),
                    format!("the minimum, {min}, is above the maximum, {max}"),
                ));
            }
        }
        Ok(())
    }
}

/// Checks a time limit in seconds, wherever it comes from.
///
/// # Errors
/// [`ErrorKind::Program`](crate::ErrorKind::Program) naming `limits.time` unless the limit is a positive number.
pub fn time_limit(seconds: f64) -> Result<std::time::Duration, Error> {
    if seconds.is_nan() || seconds <= 0.0 {
        return Err(no_time());
    }
    std::time::Duration::try_from_secs_f64(seconds).map_err(|_| no_time())
}

pub(crate) fn no_time() -> Error {
    Error::program("limits.time", "a time limit is a number of seconds above 0")
}

pub(crate) fn no_memory() -> Error {
    let message = "a memory limit is a whole number of mebibytes above 0";
    Error::program("limits.memory", message)
}

#[cfg(test)]
mod tests;
