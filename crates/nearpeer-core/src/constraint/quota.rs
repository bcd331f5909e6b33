//! Quotas: at most, or at least, so many pairs of a kind.

use std::collections::{HashMap, HashSet};

use serde::{Deserialize, Serialize};

use super::standing::{Counted, Measure};
use super::words::{known, words};
use super::{Constraint, Row, Rule};
use crate::eligibility::not_a_field;
use crate::error::Error;
use crate::programme::Program;
use crate::roster::{Cell, Field, People, Role, Roster};
use crate::words::form;

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

/// At most, or at least, so many pairs of a kind in the whole match: a hard constraint.
///
/// ```toml
/// [[quotas]]
/// name = "buses"
/// property = "cross_site"     # the mentor's site is not the mentee's
/// at_most = 40
///
/// [[quotas]]
/// name = "mixed clubs"
/// different = "club"          # or `same`: a column that both tables have
/// at_most = 10
///
/// [[quotas]]
/// name = "first-time mentors"
/// mentor = { column = "first_time", value = "yes" }   # or `mentee`
/// at_least = 20
///
/// [[quotas]]
/// name = "in Spanish"
/// language = "Spanish"        # both speak it
/// at_least = 15
///
/// [[quotas]]
/// name = "one of the two"
/// pairs = [["ana", "max"], ["ana", "zoe"]]
/// at_most = 1
/// ```
///
/// ```
/// use nearpeer_core::{PairProperty, Program, Quota};
///
/// let mut program = Program::default();
/// program.quotas.push(Quota::at_most("buses", PairProperty::CrossSite, 40));
/// program.quotas.push(Quota::at_least("in Spanish", PairProperty::Language("Spanish".into()), 15));
/// assert_eq!(Program::from_toml(&program.to_toml())?, program);
/// # Ok::<(), nearpeer_core::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(try_from = "RawQuota", into = "RawQuota")]
pub struct Quota {
    /// The name in reasons and messages.
    pub name: String,
    /// What it counts.
    pub property: PairProperty,
    /// How many such pairs a match may have.
    pub at_most: Option<u32>,
    /// How many such pairs a match must have.
    pub at_least: Option<u32>,
}

impl Quota {
    /// A quota of at most so many pairs with the property.
    pub fn at_most(name: impl Into<String>, property: PairProperty, at_most: u32) -> Self {
        Self {
            name: name.into(),
            property,
            at_most: Some(at_most),
            at_least: None,
        }
    }

    /// A quota of at least so many pairs with the property.
    pub fn at_least(name: impl Into<String>, property: PairProperty, at_least: u32) -> Self {
        Self {
            name: name.into(),
            property,
            at_most: None,
            at_least: Some(at_least),
        }
    }

    fn words(&self, is_promise: bool) -> String {
        let (limit, how) = match is_promise {
            true => (self.at_least, "at least"),
            false => (self.at_most, "at most"),
        };
        let (name, limit) = (&self.name, limit.unwrap_or(0));
        let pairs = form(limit.into(), "pair", "pairs");
        format!("the quota {name:?} of {how} {limit} {pairs}")
    }
}

impl Constraint for Quota {
    fn name(&self) -> &str {
        &self.name
    }

    fn validate(&self, key: &str) -> Result<(), Error> {
        match (self.at_least, self.at_most) {
            (None, None) => Err(Error::program(
                key,
                "a quota needs `at_most`, `at_least`, or both",
            )),
            (Some(least), Some(most)) if least > most => Err(Error::program(
                format!("{key}.at_least"),
                format!("the least, {least}, is above the most, {most}"),
            )),
            _ => Ok(()),
        }
    }

    fn rows(&self, key: &str, roster: &Roster, _: &Program) -> Result<Vec<Row>, Error> {
        let key = format!("{key}.{}", self.property.key());
        let counts = self.property.counter(&key, roster)?;
        let counts = std::sync::Arc::new(counts);
        let of_pairs = |row: Row| {
            let counts = counts.clone();
            let key = if row.promise { "at_least" } else { "at_most" };
            row.of_pairs(move |mentee, mentor, _| i64::from(counts(mentee, mentor)))
                .with_number(key, format!("{key} of the quota {:?}", self.name))
                .counting(Measure::of(Counted::Pairs))
        };
        let limit = |limit: Option<u32>| limit.map(i64::from);
        let most = limit(self.at_most).map(|limit| Row {
            is_count: true,
            ..of_pairs(Row::at_most(&self.name, self.words(false), limit))
        });
        let least = limit(self.at_least)
            .map(|limit| of_pairs(Row::at_least(&self.name, self.words(true), limit)));
        Ok(most.into_iter().chain(least).collect())
    }

    fn rules<'a>(&'a self, roster: &'a Roster, _: &'a Program) -> Vec<Rule<'a>> {
        let sides = [(false, self.at_most), (true, self.at_least)];
        let given = sides
            .into_iter()
            .filter_map(|(promise, limit)| Some((promise, limit?)));
        given
            .map(|(promise, limit)| {
                let rule = Rule::new(self.words(promise), promise, limit.into());
                let rule = rule.of_pairs(move |mentee, mentor, _| {
                    let (mentee, mentor) = (mentee as usize, mentor as usize);
                    self.property.holds(roster, mentee, mentor).into()
                });
                Rule {
                    is_count: !promise,
                    ..rule
                }
            })
            .collect()
    }

    fn note(&self, roster: &Roster) -> Option<String> {
        let nobody = self.property.nobody(roster)?;
        Some(format!(
            "the quota {:?} counts no pair: {nobody}",
            self.name
        ))
    }

    fn columns(&self) -> Vec<&str> {
        self.property.columns()
    }
}

/// Whether a pair is counted, by the people's numbers.
pub(super) type Counter = Box<dyn Fn(u32, u32) -> bool + Send + Sync>;

impl PairProperty {
    /// The key that it stands at in a quota.
    fn key(&self) -> &'static str {
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

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct RawQuota {
    name: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    property: Option<Named>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    same: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    different: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    language: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    at_most: Option<u32>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    at_least: Option<u32>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    mentee: Option<Has>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    mentor: Option<Has>,
    #[serde(
        default,
        skip_serializing_if = "Option::is_none",
        deserialize_with = "crate::programme::cell::pairs_if_given"
    )]
    pairs: Option<Vec<(String, String)>>,
}

/// The properties that have a name of their own.
#[derive(Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Named {
    CrossSite,
}

impl RawQuota {
    /// All properties that are given.
    fn properties(&mut self) -> Vec<PairProperty> {
        let named = self
            .property
            .take()
            .map(|Named::CrossSite| PairProperty::CrossSite);
        named
            .into_iter()
            .chain(self.same.take().map(PairProperty::Same))
            .chain(self.different.take().map(PairProperty::Different))
            .chain(self.language.take().map(PairProperty::Language))
            .chain(self.mentee.take().map(PairProperty::Mentee))
            .chain(self.mentor.take().map(PairProperty::Mentor))
            .chain(self.pairs.take().map(PairProperty::Listed))
            .collect()
    }
}

impl TryFrom<RawQuota> for Quota {
    type Error = String;

    fn try_from(mut raw: RawQuota) -> Result<Self, String> {
        let mut properties = raw.properties();
        let property = match (properties.pop(), properties.is_empty()) {
            (Some(property), true) => property,
            _ => {
                return Err(format!(
                    "the quota {:?} needs exactly one of `property`, `same`, `different`, `mentee`, `mentor`, \
                     `language` and `pairs`",
                    raw.name
                ));
            }
        };
        Ok(Self {
            name: raw.name,
            property,
            at_most: raw.at_most,
            at_least: raw.at_least,
        })
    }
}

impl From<Quota> for RawQuota {
    fn from(quota: Quota) -> Self {
        let mut raw = Self {
            name: quota.name,
            property: None,
            same: None,
            different: None,
            language: None,
            at_most: quota.at_most,
            at_least: quota.at_least,
            mentee: None,
            mentor: None,
            pairs: None,
        };
        match quota.property {
            PairProperty::CrossSite => raw.property = Some(Named::CrossSite),
            PairProperty::Same(column) => raw.same = Some(column),
            PairProperty::Different(column) => raw.different = Some(column),
            PairProperty::Language(language) => raw.language = Some(language),
            PairProperty::Mentee(has) => raw.mentee = Some(has),
            PairProperty::Mentor(has) => raw.mentor = Some(has),
            PairProperty::Listed(pairs) => raw.pairs = Some(pairs),
        }
        raw
    }
}
