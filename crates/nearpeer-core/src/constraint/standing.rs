//! How a match stands to the limits and promises of its programme.

use std::fmt;

use serde::{Deserialize, Serialize};

use super::{Row, rows};
use crate::error::Error;
use crate::programme::Program;
use crate::roster::Roster;

/// What a row's sum counts, and how it is told.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Counted {
    /// Pairs.
    Pairs,
    /// Mentees who have a mentor.
    Mentees,
    /// A sum of costs, in the unit of the programme's budget.
    Cost,
    /// A difference of two shares, in percentage points.
    Points,
}

/// How a match stands to one limit or promise of its programme.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Standing {
    /// Its key in the programme: `quotas[1]`.
    pub key: String,
    /// It in words: `the quota "buses" of at most 40 pairs`.
    pub what: String,
    /// The numbers, where it is about numbers: a family is only kept.
    pub numbers: Option<Numbers>,
}

/// What a match has of what is limited or promised.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Numbers {
    /// What there is of it in the match.
    pub has: f64,
    /// How much there may be, or must be.
    pub limit: f64,
    /// Whether the limit is the least, and not the most.
    pub at_least: bool,
    /// Of what.
    pub unit: Counted,
}

impl Numbers {
    /// Whether there is no more, or no less, than the limit. Points are compared as far as the arithmetic of shares goes.
    #[must_use]
    pub fn is_kept(self) -> bool {
        let over = match self.at_least {
            true => self.limit - self.has,
            false => self.has - self.limit,
        };
        over <= 1e-9 * (1.0 + self.limit.abs())
    }
}

impl Counted {
    /// `pairs`, `mentees`, `cost` or `points`.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Pairs => "pairs",
            Self::Mentees => "mentees",
            Self::Cost => "cost",
            Self::Points => "points",
        }
    }
}

impl fmt::Display for Numbers {
    /// What there is: `38 pairs`; and of shares what the limit amounts to: `12 mentees (at least 10)`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let [has, limit] = [self.has, self.limit].map(|number| (number * 1e3).round() / 1e3 + 0.0);
        let s = if has == 1.0 { "" } else { "s" };
        match self.unit {
            Counted::Pairs => write!(f, "{has} pair{s}"),
            Counted::Mentees => write!(f, "{has} mentee{s} (at least {limit})"),
            Counted::Cost => write!(f, "{has}"),
            Counted::Points => write!(f, "{has} point{s}"),
        }
    }
}

/// What one of a row's own units is of a [`Counted`]: `1 / per`.
#[derive(Debug, Clone, Copy)]
pub(super) struct Measure {
    pub(super) unit: Counted,
    pub(super) per: f64,
}

impl Measure {
    pub(super) fn of(unit: Counted) -> Self {
        Self { unit, per: 1.0 }
    }
}

impl Row {
    fn standing(&self, pairs: &[(u32, u32)], loads: [&[u32]; 2]) -> Standing {
        let numbers = self.measure.map(|measure| {
            let pairs = pairs
                .iter()
                .map(|(mentee, mentor)| (*mentee, *mentor, None));
            Numbers {
                has: self.total(pairs, loads) as f64 / measure.per,
                limit: self.limit as f64 / measure.per,
                at_least: self.promise,
                unit: measure.unit,
            }
        });
        Standing {
            key: self.key.clone(),
            what: self.words.clone(),
            numbers,
        }
    }
}

/// How these pairs, by place in canonical order, stand to every limit and promise beside the loads, each once.
///
/// # Errors
/// As [`rows`].
pub(crate) fn standings(
    roster: &Roster,
    settings: &Program,
    pairs: &[(u32, u32)],
) -> Result<Vec<Standing>, Error> {
    let mut loads = [roster.mentees(), roster.mentors()].map(|people| vec![0; people.len()]);
    for (mentee, mentor) in pairs {
        loads[0][*mentee as usize] += 1;
        loads[1][*mentor as usize] += 1;
    }
    let rows = rows(roster, settings)?.into_iter();
    let mut standings: Vec<Standing> = rows
        .map(|row| row.standing(pairs, [&loads[0], &loads[1]]))
        .collect();
    // A family is kept by many rows.
    standings.dedup();
    let circles = settings.circles.words();
    standings.extend(circles.map(|(key, what)| Standing {
        key: key.to_owned(),
        what,
        numbers: None,
    }));
    Ok(standings)
}
