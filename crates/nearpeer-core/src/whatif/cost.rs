//! What a change costs the programme, level by level.

use std::fmt;

use crate::certificate::Level;
use crate::units::Micropoints;
use crate::words::form;

/// By how much one match is worse than another, in the levels of the objective, the most important first. Where a
/// level is lost in, a later one may be gained in: such an amount is below 0.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Cost {
    /// Each level with what is lost in it: mentees, or micropoints of score.
    pub levels: Vec<(Level, i64)>,
}

impl Cost {
    /// What is lost on the way from one match's values to another's; obligations are kept by both.
    pub(crate) fn between(from: &[(Level, i64)], to: &[(Level, i64)]) -> Self {
        let lost = |&(level, value): &(Level, i64)| {
            let after = to.iter().find(|(other, _)| *other == level);
            (level, value - after.map_or(0, |(_, value)| *value))
        };
        let levels = from
            .iter()
            .filter(|(level, _)| *level != Level::Obligations);
        Self {
            levels: levels.map(lost).collect(),
        }
    }

    /// What is lost in a level; 0 in one that the programme does not have.
    #[must_use]
    pub fn lost(&self, level: Level) -> i64 {
        let lost = self.levels.iter().find(|(other, _)| *other == level);
        lost.map_or(0, |(_, lost)| *lost)
    }

    /// How many mentees fewer are matched.
    #[must_use]
    pub fn coverage(&self) -> i64 {
        self.lost(Level::Coverage)
    }

    /// How much the total score is lower.
    #[must_use]
    pub fn score(&self) -> Micropoints {
        Micropoints(self.lost(Level::Score))
    }

    /// Whether nothing is lost: there are several best matches.
    #[must_use]
    pub fn is_nothing(&self) -> bool {
        self.levels.iter().all(|(_, lost)| *lost == 0)
    }

    /// The amounts, by which costs are compared one after the other.
    pub(crate) fn amounts(&self) -> impl Iterator<Item = i64> {
        self.levels.iter().map(|(_, lost)| *lost)
    }
}

/// In words: `1 mentee and 0.031200 points`, `nothing`.
impl fmt::Display for Cost {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let parts = |sign: i64| -> Vec<String> {
            let signed = self.levels.iter().filter(|(_, lost)| lost.signum() == sign);
            signed
                .map(|(level, lost)| amount(*level, lost.abs()))
                .collect()
        };
        let (lost, gained) = (parts(1), parts(-1));
        f.write_str(&match lost.is_empty() {
            true => "nothing".to_owned(),
            false => lost.join(" and "),
        })?;
        if !gained.is_empty() {
            write!(f, " (and gains {})", gained.join(" and "))?;
        }
        Ok(())
    }
}

/// An amount of a level in words.
fn amount(level: Level, amount: i64) -> String {
    let mentees = format!(
        "{amount} {}",
        form(amount.unsigned_abs(), "mentee", "mentees")
    );
    match level {
        Level::Score => format!("{} points", Micropoints(amount)),
        Level::WorstOff => format!("{} points of the lowest score", Micropoints(amount)),
        Level::Coverage => mentees,
        Level::Priority(tier) => format!("{mentees} of priority {tier}"),
        Level::Transition => format!("{mentees} in a transition grade"),
        level => format!("{amount} in {level}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cost_is_said_level_by_level() {
        let cost = |amounts: [i64; 3]| {
            let levels = [Level::Priority(2), Level::Coverage, Level::Score];
            Cost {
                levels: levels.into_iter().zip(amounts).collect(),
            }
        };
        for (amounts, words) in [
            ([0, 0, 0], "nothing"),
            ([0, 0, 31_200], "0.031200 points"),
            ([0, 1, 31_200], "1 mentee and 0.031200 points"),
            (
                [2, 0, -31_200],
                "2 mentees of priority 2 (and gains 0.031200 points)",
            ),
        ] {
            assert_eq!(cost(amounts).to_string(), words);
        }
    }
}
