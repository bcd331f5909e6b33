//! School grades, as integers and as rosters write them.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

/// A school grade: kindergarten is 0, pre-kindergarten −1. Ages and college years may stand in for
/// grades, so values up to 99 are accepted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Grade(i8);

impl Grade {
    /// Pre-kindergarten, the lowest grade.
    pub const PRE_KINDERGARTEN: Self = Self(-1);
    /// Kindergarten.
    pub const KINDERGARTEN: Self = Self(0);
    /// The highest value that is still read as a grade.
    pub const MAX: Self = Self(99);

    /// The grade of this number, if it is one: −1 (pre-kindergarten) to 99.
    #[must_use]
    pub fn new(number: i64) -> Option<Self> {
        let grade = Self(i8::try_from(number).ok()?);
        (Self::PRE_KINDERGARTEN..=Self::MAX)
            .contains(&grade)
            .then_some(grade)
    }

    /// The grade as a number of grades above kindergarten.
    #[must_use]
    pub fn number(self) -> i32 {
        i32::from(self.0)
    }
}

impl fmt::Display for Grade {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match *self {
            Self::PRE_KINDERGARTEN => f.write_str("PK"),
            Self::KINDERGARTEN => f.write_str("K"),
            Self(number) => write!(f, "{number}"),
        }
    }
}

/// The text is not a grade.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not a grade: expected PK, K, KG or a number from -1 to 99, such as 6, 06, 6th or Grade 6")]
pub struct UnreadableGrade;

impl FromStr for Grade {
    type Err = UnreadableGrade;

    /// Reads a grade as rosters write it: `K`, `KG`, `PK`, `6`, `06`, `6.0`, `6th`, `Grade 6`.
    fn from_str(text: &str) -> Result<Self, UnreadableGrade> {
        let lower = text.trim().to_ascii_lowercase();
        let bare = ["grade", "gr.", "gr"]
            .iter()
            .find_map(|prefix| lower.strip_prefix(prefix))
            .unwrap_or(&lower)
            .trim_start();
        match bare {
            "pk" | "prek" | "pre-k" | "pre-kindergarten" => return Ok(Self::PRE_KINDERGARTEN),
            "k" | "kg" | "kindergarten" => return Ok(Self::KINDERGARTEN),
            _ => {}
        }
        let number = ["st", "nd", "rd", "th", ".0"]
            .iter()
            .find_map(|suffix| bare.strip_suffix(suffix))
            .unwrap_or(bare);
        number
            .parse()
            .ok()
            .and_then(Self::new)
            .ok_or(UnreadableGrade)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn grades_are_read_as_rosters_write_them() {
        for (text, number) in [
            ("K", 0),
            ("KG", 0),
            ("kg", 0),
            ("PK", -1),
            ("Pre-K", -1),
            ("06", 6),
            ("6", 6),
            (" 12 ", 12),
            ("6th", 6),
            ("Grade 6", 6),
            ("1st", 1),
            ("6.0", 6),
            ("-1", -1),
            ("22", 22),
        ] {
            assert_eq!(
                text.parse::<Grade>().map(Grade::number),
                Ok(number),
                "{text}"
            );
        }
    }

    #[test]
    fn anything_else_is_refused() {
        for text in ["", "sixth", "6.5", "100", "-2", "K1", "th", "NaN", "1e1"] {
            assert_eq!(text.parse::<Grade>(), Err(UnreadableGrade), "{text}");
        }
    }
}
