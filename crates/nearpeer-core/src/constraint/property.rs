//! The kinds of pairs that quotas and budgets count.

use std::collections::{HashMap, HashSet};

use serde::{Deserialize, Serialize};

use super::words::{known, words};
use crate::eligibility::not_a_field;
use crate::error::Error;
use crate::roster::{Cell, Field, People, Role, Roster};

/// The kind of pair that a quota or a budget counts. A pair with an empty cell in a column that is looked at is of no
/// kind, and is not counted.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum PairProperty {
    /// The mentor's site is not the mentee's.
    CrossSite,
    /// Both have the same cell in this column, any but those that nearpeer knows.
    Same(String),
    /// They have different cells in this column, any but those that nearpeer knows.
    Different(String),
    /// The mentee has this value.
    Mentee(Has),
    /// The mentor has this value.
    Mentor(Has),
    /// Both speak this language.
    Language(String),
    /// The pair is one of these: ids of a mentee and a mentor.
    Listed(Vec<(String, String)>),
}

/// A value in a column. In a column of lists it is one of the items.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Has {
    /// The column.
    pub column: String,
    /// The value, as the table has it.
    #[serde(deserialize_with = "crate::programme::cell::text")]
    pub value: String,
}

/// Whether a pair is counted, by the people's numbers.
pub(super) type Counter = Box<dyn Fn(u32, u32) -> bool + Send + Sync>;

impl PairProperty {
    /// The key that it stands at in a quota.
    pub(super) fn key(&self) -> &'static str {
        match self {
            Self::CrossSite => "property",
            Self::Same(_) => "same",
            Self::Different(_) => "different",
            Self::Mentee(_) => "mentee",
            Self::Mentor(_) => "mentor",
            Self::Language(_) => "language",
            Self::Listed(_) => "pairs",
        }
    }

    /// The property, which the programme has at `key`, compiled: codes are compared, not words.
    ///
    /// # Errors
    /// [`ErrorKind::Program`](crate::ErrorKind::Program) naming what the roster lacks.
    pub(super) fn counter(&self, key: &str, roster: &Roster) -> Result<Counter, Error> {
        let compared = |codes: [Vec<Option<u32>>; 2], equal: bool| -> Counter {
            let [mentees, mentors] = codes;
            Box::new(move |mentee, mentor| {
                match (mentees[mentee as usize], mentors[mentor as usize]) {
                    (Some(a), Some(b)) => (a == b) == equal,
                    _ => false,
                }
            })
        };
        Ok(match self {
            Self::CrossSite => compared(sites(roster, key)?, false),
            Self::Same(column) => compared(cells(roster, key, column)?, true),
            Self::Different(column) => compared(cells(roster, key, column)?, false),
            Self::Mentee(has) => {
                let has = having(roster, Role::Mentee, has, key)?;
                Box::new(move |mentee, _| has[mentee as usize])
            }
            Self::Mentor(has) => {
                let has = having(roster, Role::Mentor, has, key)?;
                Box::new(move |_, mentor| has[mentor as usize])
            }
            Self::Language(language) => {
                let [mentees, mentors] = [Role::Mentee, Role::Mentor].map(|role| {
                    let has = Has {
                        column: Field::Languages.name().to_owned(),
                        value: language.clone(),
                    };
                    having(roster, role, &has, key)
                });
                let (mentees, mentors) = (mentees?, mentors?);
                Box::new(move |mentee, mentor| mentees[mentee as usize] && mentors[mentor as usize])
            }
            Self::Listed(pairs) => {
                let mut listed = HashSet::new();
                for (number, (mentee, mentor)) in (1..).zip(pairs) {
                    let find = |role: Role, id: &str| {
                        roster.side(role).find(id).ok_or_else(|| {
                            let message =
                                format!("{id:?} is not among the {}", roster.side(role).table());
                            Error::program(format!("{key}[{number}]"), message)
                        })
                    };
                    let mentee = find(Role::Mentee, mentee)? as u32;
                    listed.insert((mentee, find(Role::Mentor, mentor)? as u32));
                }
                Box::new(move |mentee, mentor| listed.contains(&(mentee, mentor)))
            }
        })
    }

    /// The value that it looks for and nobody has, in words.
    pub(super) fn nobody(&self, roster: &Roster) -> Option<String> {
        let languages = Field::Languages.name();
        match self {
            Self::Mentee(has) => nobody(roster, Role::Mentee, &has.column, &has.value),
            Self::Mentor(has) => nobody(roster, Role::Mentor, &has.column, &has.value),
            Self::Language(language) => [Role::Mentee, Role::Mentor]
                .into_iter()
                .find_map(|role| nobody(roster, role, languages, language)),
            _ => None,
        }
    }

    /// Whether a pair has the property, plainly read from its cells.
    pub(super) fn holds(&self, roster: &Roster, mentee: usize, mentor: usize) -> bool {
        let (young, old) = (roster.mentees(), roster.mentors());
        let both = |column: &str| {
            let cell = |people: &People, ix: usize| match people.extra(column)?.cell(ix) {
                Cell::Missing => None,
                cell => Some(cell.clone()),
            };
            cell(young, mentee).zip(cell(old, mentor))
        };
        let has = |role, ix, column: &str, value: &String| {
            words(roster, role, ix, column).contains(value)
        };
        match self {
            Self::CrossSite => {
                matches!((young.site(mentee), old.site(mentor)), (Some(to), Some(from)) if to != from)
            }
            Self::Same(column) => both(column).is_some_and(|(a, b)| a == b),
            Self::Different(column) => both(column).is_some_and(|(a, b)| a != b),
            Self::Mentee(Has { column, value }) => has(Role::Mentee, mentee, column, value),
            Self::Mentor(Has { column, value }) => has(Role::Mentor, mentor, column, value),
            Self::Language(language) => {
                has(Role::Mentee, mentee, "languages", language)
                    && has(Role::Mentor, mentor, "languages", language)
            }
            Self::Listed(pairs) => pairs
                .iter()
                .any(|pair| pair.0 == young.id(mentee) && pair.1 == old.id(mentor)),
        }
    }

    pub(super) fn columns(&self) -> Vec<&str> {
        match self {
            Self::Same(column) | Self::Different(column) => vec![column],
            Self::Mentee(has) | Self::Mentor(has) => vec![&has.column],
            _ => Vec::new(),
        }
    }
}

/// Who has a value in a column.
fn having(roster: &Roster, role: Role, has: &Has, key: &str) -> Result<Vec<bool>, Error> {
    known(roster, role, &has.column, key)?;
    let all = 0..roster.side(role).len();
    Ok(all
        .map(|ix| words(roster, role, ix, &has.column).contains(&has.value))
        .collect())
}

/// That nobody has a value. What others have is theirs, so no value is suggested.
fn nobody(roster: &Roster, role: Role, column: &str, value: &String) -> Option<String> {
    let mut all = 0..roster.side(role).len();
    if all.any(|ix| words(roster, role, ix, column).contains(value)) {
        return None;
    }
    let role = role.as_str();
    Some(format!("no {role} has {value:?} in the column `{column}`"))
}

fn sites(roster: &Roster, key: &str) -> Result<[Vec<Option<u32>>; 2], Error> {
    for role in [Role::Mentee, Role::Mentor] {
        if !roster.side(role).has(Field::Site) {
            return Err(Error::program(
                key,
                format!(
                    "cross_site compares the column `site`, which the table {} does not have",
                    role.table()
                ),
            ));
        }
    }
    Ok([roster.mentees(), roster.mentors()]
        .map(|people| (0..people.len()).map(|ix| people.site(ix)).collect()))
}

/// Equal codes for equal cells of a column.
fn cells(roster: &Roster, key: &str, column: &str) -> Result<[Vec<Option<u32>>; 2], Error> {
    not_a_field(column, key)?;
    let mut codes: HashMap<Word, u32> = HashMap::new();
    let mut side = |role: Role| {
        known(roster, role, column, key)?;
        let people = roster.side(role);
        let code = |ix: usize| {
            let word = Word::of(people.extra(column)?.cell(ix))?;
            let next = codes.len() as u32;
            Some(*codes.entry(word).or_insert(next))
        };
        Ok((0..people.len()).map(code).collect())
    };
    Ok([side(Role::Mentee)?, side(Role::Mentor)?])
}

/// A cell that something stands in, so that equal ones hash equally.
#[derive(PartialEq, Eq, Hash)]
enum Word<'r> {
    Text(&'r str),
    Number(u64),
}

impl<'r> Word<'r> {
    fn of(cell: &'r Cell) -> Option<Self> {
        match cell {
            Cell::Missing => None,
            Cell::Text(text) => Some(Self::Text(text)),
            // Adding 0 makes the negative zero positive.
            Cell::Number(number) => Some(Self::Number((number + 0.0).to_bits())),
        }
    }
}
