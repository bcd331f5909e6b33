//! The levels of the objective, and which of them can stand together.

use serde::{Deserialize, Serialize};

use super::Program;
use crate::error::Error;
use crate::roster::Grade;

/// A level of the objective; levels are maximised in order, and each is proven.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum ObjectiveLevel {
    /// How many mentees of the highest priority tier are matched, then of the next tier, and so on.
    Priority,
    /// How many mentees in a [transition grade](Program::transition_grades) are matched.
    Transition,
    /// How many mentees are matched.
    Coverage,
    /// The lowest score among the pairs. After coverage; nothing but the score can follow.
    WorstOff,
    /// The lowest score among the pairs, then the next lowest, and so on; in the place of `WorstOff`.
    Leximin,
    /// The total score of the pairs. The last level.
    Score,
}

impl ObjectiveLevel {
    /// The level as a programme's file names it: `worst_off`.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Priority => "priority",
            Self::Transition => "transition",
            Self::Coverage => "coverage",
            Self::WorstOff => "worst_off",
            Self::Leximin => "leximin",
            Self::Score => "score",
        }
    }

    /// Whether the level is about how low scores are.
    pub(crate) fn is_fairness(self) -> bool {
        matches!(self, Self::WorstOff | Self::Leximin)
    }
}

impl Program {
    /// Whether mentees of this grade are counted by the level `transition`.
    pub(crate) fn is_transition(&self, grade: Option<Grade>) -> bool {
        grade.is_some_and(|grade| self.transition_grades.contains(&grade))
    }

    /// The level of fairness, if the objective has one.
    pub(crate) fn fairness(&self) -> Option<ObjectiveLevel> {
        let mut levels = self.objective.iter().copied();
        levels.find(|level| level.is_fairness())
    }
}

/// The grades in which students come to a middle and to a high school.
pub(super) fn usual_grades() -> impl Iterator<Item = Grade> {
    [6, 9].into_iter().filter_map(Grade::new)
}

/// Whether these grades need not be written down.
pub(super) fn are_usual(grades: &[Grade]) -> bool {
    grades.iter().copied().eq(usual_grades())
}

/// # Errors
/// [`ErrorKind::Program`](crate::ErrorKind::Program) naming the key.
pub(super) fn validate(program: &Program) -> Result<(), Error> {
    let levels = &program.objective;
    let fault = |message: String| Err(Error::program("objective", message));
    if levels.is_empty() {
        return fault("name at least one level, such as coverage or score".to_owned());
    }
    for (ix, level) in levels.iter().enumerate() {
        let (before, after) = (&levels[..ix], &levels[ix + 1..]);
        if after.contains(level) {
            return fault("a level is named twice".to_owned());
        }
        if *level == ObjectiveLevel::Score && !after.is_empty() {
            return fault("score must be the last level".to_owned());
        }
        if level.is_fairness() {
            let name = level.as_str();
            if before.iter().any(|level| level.is_fairness()) {
                return fault("leximin begins with worst_off: name one of the two".to_owned());
            }
            // Without coverage, no pair at all would be the fairest.
            if !before.contains(&ObjectiveLevel::Coverage) {
                return fault(format!("{name} must come after coverage"));
            }
            let mut after = after.iter().filter(|level| !level.is_fairness());
            if let Some(other) = after.find(|level| **level != ObjectiveLevel::Score) {
                let other = other.as_str();
                return fault(format!(
                    "nothing but score can follow {name}; put {other} before it"
                ));
            }
        }
    }
    let key = crate::constraint::first_key(program);
    if let (Some(level), Some(key)) = (program.fairness(), key) {
        let level = level.as_str();
        let message = format!(
            "{key} cannot be combined yet with the level `{level}` of `objective`; leave out one of the two"
        );
        return Err(Error::program(key, message));
    }
    if levels.contains(&ObjectiveLevel::Transition) && program.transition_grades.is_empty() {
        let message = "the level `transition` of `objective` needs at least one grade";
        return Err(Error::program("transition_grades", message));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::error::ErrorKind;

    #[test]
    fn transition_grades_are_read_as_rosters_write_them() {
        let read = |text: &str| {
            let program = Program::from_toml(text).expect(text);
            assert_eq!(Program::from_toml(&program.to_toml()).expect(text), program);
            program.transition_grades
        };
        let grades = [0, 6, 9].map(|grade| Grade::new(grade).expect("a grade"));
        assert_eq!(read("transition_grades = ['K', 6, '09']"), grades.to_vec());
        assert_eq!(read(""), grades[1..].to_vec());
    }

    #[test]
    fn levels_that_cannot_stand_together_are_refused() {
        for (text, expected) in [
            (
                "objective = ['worst_off', 'coverage']",
                "worst_off must come after coverage",
            ),
            (
                "objective = ['leximin']",
                "leximin must come after coverage",
            ),
            (
                "objective = ['coverage', 'worst_off', 'leximin']",
                "name one of the two",
            ),
            (
                "objective = ['coverage', 'leximin', 'priority', 'score']",
                "put priority before it",
            ),
            (
                "objective = ['coverage', 'worst_off', 'worst_off']",
                "named twice",
            ),
            (
                "objective = ['coverage', 'worst_of']",
                "did you mean `worst_off`?",
            ),
            (
                "objective = ['transition']\ntransition_grades = []",
                "key `transition_grades`",
            ),
            (
                "transition_grades = [6, 'sixth']",
                "key `transition_grades[2]`",
            ),
            ("transition_grades = [600]", "key `transition_grades[1]`"),
            ("transition_grades = [6.5]", "key `transition_grades[1]`"),
            ("transition_grades = 6", "key `transition_grades`"),
            (
                "objective = ['coverage', 'leximin']\nquotas = [{ name = 'a', same = 'b', at_most = 1 }]",
                "key `quotas`: quotas cannot be combined yet with the level `leximin` of `objective`",
            ),
        ] {
            let error = Program::from_toml(text).expect_err(text);
            assert_eq!(error.kind(), ErrorKind::Program, "{text}");
            assert!(error.to_string().contains(expected), "{text}: {error}");
        }
    }
}
