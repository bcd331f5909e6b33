//! Balance: the coverage of groups of mentees.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::standing::{Counted, Measure};
use super::words::{known, words};
use super::{Constraint, Row, Rule};
use crate::error::Error;
use crate::programme::Program;
use crate::roster::{Role, Roster};
use crate::words::quoted;

/// Millionths: the unit in which shares are exact.
const WHOLE: i64 = 1_000_000;

/// A share of a balance, from which the limit of a group's row follows.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) enum Share {
    /// Of a group of so many at least this share.
    AtLeast {
        /// What the programme has, in millionths.
        share: i64,
        /// How many are in the group.
        size: i64,
    },
    /// No further than this from the share of all.
    Within {
        /// What the programme has, in millionths.
        distance: i64,
        /// How many are in the group.
        size: i64,
        /// How many there are.
        all: i64,
    },
}

impl Share {
    /// The row's limit for so many millionths.
    pub(crate) fn limit(self, millionths: i64) -> i64 {
        match self {
            Self::AtLeast { size, .. } => (millionths * size + WHOLE - 1).div_euclid(WHOLE),
            Self::Within { size, all, .. } => {
                let room = i128::from(millionths) * i128::from(size) * i128::from(all);
                room.div_euclid(WHOLE.into()) as i64
            }
        }
    }

    /// What the programme has, in millionths.
    pub(crate) fn asked(self) -> i64 {
        match self {
            Self::AtLeast { share, .. } => share,
            Self::Within { distance, .. } => distance,
        }
    }

    /// What asks of no match anything, in millionths.
    pub(crate) fn loosest(self) -> i64 {
        match self {
            Self::AtLeast { .. } => 0,
            Self::Within { .. } => WHOLE,
        }
    }

    /// The greatest share, in millionths, that asks for no more than so many of the group; `None` for a distance.
    pub(crate) fn of_at_most(self, covered: i64) -> Option<i64> {
        match self {
            Self::AtLeast { size, .. } => (covered * WHOLE).checked_div(size),
            Self::Within { .. } => None,
        }
    }
}

/// A share in millionths as one types it: `0.41`, `1.0`.
pub(crate) fn in_decimals(millionths: i64) -> String {
    format!("{:?}", millionths as f64 / WHOLE as f64)
}

/// A share in millionths, rounded once.
pub(crate) fn millionths(share: f64) -> i64 {
    (share * WHOLE as f64).round() as i64
}

/// That each group of mentees is covered to a share, or about as well as all: a hard constraint.
///
/// The groups are the values of a column of the mentees, which the programme names; mentees with an empty cell are in
/// no group. The result says what it costs: the coverage and the total score beside those of the best match without.
///
/// ```toml
/// [[balance]]
/// column = "gender"
/// at_least = 0.6              # of each group at least this share is covered
///
/// [[balance]]
/// column = "lunch"
/// groups = ["free"]           # only these groups; all unless given
/// within = 0.05               # no further than this from the coverage of all mentees
/// ```
///
/// ```
/// use nearpeer_core::{Balance, Program};
///
/// let mut program = Program::default();
/// program.balance.push(Balance::at_least("gender", 0.6));
/// assert_eq!(Program::from_toml(&program.to_toml())?, program);
/// # Ok::<(), nearpeer_core::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Balance {
    /// The column of the mentees whose values are the groups.
    pub column: String,
    /// The groups; all that there are unless given.
    #[serde(
        default,
        skip_serializing_if = "Vec::is_empty",
        deserialize_with = "crate::programme::cell::texts"
    )]
    pub groups: Vec<String>,
    /// The share of each group that is covered at least, from 0 to 1.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub at_least: Option<f64>,
    /// How far from the share of all mentees that are covered a group's may be, from 0 to 1.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub within: Option<f64>,
}

impl Balance {
    /// Of each group of a column at least this share is covered.
    pub fn at_least(column: impl Into<String>, share: f64) -> Self {
        Self {
            column: column.into(),
            groups: Vec::new(),
            at_least: Some(share),
            within: None,
        }
    }

    /// Each group's coverage is no further than this from that of all.
    pub fn within(column: impl Into<String>, distance: f64) -> Self {
        Self {
            column: column.into(),
            groups: Vec::new(),
            at_least: None,
            within: Some(distance),
        }
    }

    /// Of these groups only.
    #[must_use]
    pub fn of<S: Into<String>>(self, groups: impl IntoIterator<Item = S>) -> Self {
        let groups = groups.into_iter().map(Into::into).collect();
        Self { groups, ..self }
    }

    fn is_asked(&self, group: &str) -> bool {
        self.groups.is_empty() || self.groups.iter().any(|asked| asked == group)
    }

    /// A number of it in words, with its groups if it is not of all: one column can have several balances.
    fn number_words(&self, number: &str) -> String {
        let of = format!("{number} of the balance of {}", self.column);
        match self.groups.is_empty() {
            true => of,
            false => format!("{of} {}", quoted(&self.groups, 3)),
        }
    }

    /// A group's share in words.
    fn least_words(&self, group: &str, share: f64) -> String {
        let (column, percent) = (&self.column, percent(share));
        format!("the balance of {column} {group:?}: at least {percent} % of them covered")
    }

    /// A group's distance from all in words; 1 is above, −1 below.
    fn distance_words(&self, group: &str, sign: i64, distance: f64) -> String {
        let (column, points) = (&self.column, percent(distance));
        let how = if sign > 0 { "above" } else { "below" };
        format!(
            "the balance of {column} {group:?}: the share covered at most {points} points {how} that of all mentees"
        )
    }

    /// How many of a group of this size must be covered.
    fn needed(share: f64, size: i64) -> i64 {
        let share = millionths(share);
        Share::AtLeast { share, size }.limit(share)
    }

    /// How far `all · (covered of the group) − size · (covered of all)` may be from 0.
    fn room(distance: f64, size: i64, all: i64) -> i64 {
        let distance = millionths(distance);
        let share = Share::Within {
            distance,
            size,
            all,
        };
        share.limit(distance)
    }

    /// The mentees of each group.
    fn members(&self, roster: &Roster) -> BTreeMap<String, Vec<usize>> {
        let mut members: BTreeMap<String, Vec<usize>> = BTreeMap::new();
        for ix in 0..roster.mentees().len() {
            for group in words(roster, Role::Mentee, ix, &self.column) {
                if self.is_asked(&group) {
                    members.entry(group).or_default().push(ix);
                }
            }
        }
        members
    }
}

/// A share in percent, exact to the millionth.
fn percent(share: f64) -> f64 {
    (share * WHOLE as f64).round() / (WHOLE as f64 / 100.0)
}

impl Constraint for Balance {
    fn name(&self) -> &str {
        &self.column
    }

    fn is_unique(&self) -> bool {
        false
    }

    fn validate(&self, key: &str) -> Result<(), Error> {
        if self.at_least.is_none() && self.within.is_none() {
            let message = "a balance needs `at_least`, `within`, or both";
            return Err(Error::program(key, message));
        }
        for (name, share) in [("at_least", self.at_least), ("within", self.within)] {
            if share.is_some_and(|share| !(0.0..=1.0).contains(&share)) {
                let message = "a share is a number from 0 to 1";
                return Err(Error::program(format!("{key}.{name}"), message));
            }
        }
        Ok(())
    }

    fn rows(&self, key: &str, roster: &Roster, _: &Program) -> Result<Vec<Row>, Error> {
        known(roster, Role::Mentee, &self.column, &format!("{key}.column"))?;
        let members = self.members(roster);
        if let Some(ix) = self
            .groups
            .iter()
            .position(|group| !members.contains_key(group))
        {
            let (group, column) = (&self.groups[ix], &self.column);
            let message = format!("no mentee has {group:?} in the column `{column}`");
            return Err(Error::program(format!("{key}.groups[{}]", ix + 1), message));
        }
        let all = roster.mentees().len();
        let mut rows = Vec::new();
        for (group, members) in &members {
            let size = members.len() as i64;
            let adds = |own: i64, others: i64| {
                let mut adds = vec![others; all];
                for &member in members {
                    adds[member] = own;
                }
                adds
            };
            if let Some(share) = self.at_least {
                let words = self.least_words(group, share);
                let name = self.number_words("at_least");
                let row = Row::at_least(&self.column, words, Self::needed(share, size));
                let row = row
                    .with_number("at_least", name)
                    .with_share(Share::AtLeast {
                        share: millionths(share),
                        size,
                    })
                    .counting(Measure::of(Counted::Mentees));
                rows.push(row.of_people(Role::Mentee, adds(1, 0)));
            }
            if let Some(distance) = self.within {
                let room = Self::room(distance, size, all as i64);
                // all · (covered of the group) − size · (covered of all), both ways.
                let above = adds(all as i64 - size, -size);
                let below: Vec<i64> = above.iter().map(|adds| -adds).collect();
                for (sign, adds) in [(1, above), (-1, below)] {
                    let words = self.distance_words(group, sign, distance);
                    let row = Row::at_most(&self.column, words, room).counting(Measure {
                        unit: Counted::Points,
                        per: (size * all as i64) as f64 / 100.0,
                    });
                    let name = self.number_words("within");
                    let row = row.with_number("within", name).with_share(Share::Within {
                        distance: millionths(distance),
                        size,
                        all: all as i64,
                    });
                    rows.push(row.of_people(Role::Mentee, adds));
                }
            }
        }
        Ok(rows)
    }

    fn rules<'a>(&'a self, roster: &'a Roster, _: &'a Program) -> Vec<Rule<'a>> {
        let everybody = 0..roster.mentees().len();
        let of = |ix: usize| words(roster, Role::Mentee, ix, &self.column);
        let mut sizes: BTreeMap<String, i64> = BTreeMap::new();
        for group in everybody
            .clone()
            .flat_map(of)
            .filter(|group| self.is_asked(group))
        {
            *sizes.entry(group).or_default() += 1;
        }
        let all = everybody.len() as i64;
        let mut rules = Vec::new();
        for (group, size) in sizes {
            let is_in = {
                let group = group.clone();
                move |ix: u32| of(ix as usize).contains(&group)
            };
            let is_in = std::sync::Arc::new(is_in);
            if let Some(share) = self.at_least {
                let words = self.least_words(&group, share);
                let rule = Rule::new(words, true, Self::needed(share, size));
                let is_in = is_in.clone();
                rules.push(
                    rule.of_people(move |role, ix| i64::from(role == Role::Mentee && is_in(ix))),
                );
            }
            for sign in [1, -1] {
                let Some(distance) = self.within else {
                    continue;
                };
                let words = self.distance_words(&group, sign, distance);
                let rule = Rule::new(words, false, Self::room(distance, size, all));
                let is_in = is_in.clone();
                rules.push(rule.of_people(move |role, ix| match role {
                    Role::Mentee => sign * (if is_in(ix) { all } else { 0 } - size),
                    Role::Mentor => 0,
                }));
            }
        }
        rules
    }

    fn columns(&self) -> Vec<&str> {
        vec![&self.column]
    }
}
