//! Quotas: at most, or at least, so many pairs of a kind.

use serde::{Deserialize, Serialize};

use super::standing::{Counted, Measure};
use super::{Constraint, Has, PairProperty, Row, Rule};
use crate::error::Error;
use crate::programme::Program;
use crate::roster::Roster;
use crate::words::form;

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
