//! Quotas: at most so many pairs of a kind.

use serde::{Deserialize, Serialize};

use crate::error::Error;

/// The kind of pair that a quota counts. A pair with an empty cell in a column that is compared is of no
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
}

/// At most so many pairs of a kind in the whole match: a hard constraint.
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
/// ```
///
/// ```
/// use nearpeer_core::{PairProperty, Program, Quota};
///
/// let mut program = Program::default();
/// program.quotas.push(Quota::new("buses", PairProperty::CrossSite, 40));
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
    pub at_most: u32,
}

impl Quota {
    /// A quota of `at_most` pairs with the property.
    pub fn new(name: impl Into<String>, property: PairProperty, at_most: u32) -> Self {
        Self {
            name: name.into(),
            property,
            at_most,
        }
    }
}

pub(super) fn validate(quotas: &[Quota]) -> Result<(), Error> {
    for (number, quota) in (1..).zip(quotas) {
        let key = format!("quotas[{number}].name");
        if quota.name.trim().is_empty() {
            return Err(Error::program(key, "a quota needs a name"));
        }
        if quotas[..number - 1]
            .iter()
            .any(|earlier| earlier.name == quota.name)
        {
            let message = format!("another quota is named {:?}", quota.name);
            return Err(Error::program(key, message));
        }
    }
    Ok(())
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct RawQuota {
    name: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    property: Option<Named>,
    #[serde(skip_serializing_if = "Option::is_none")]
    same: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    different: Option<String>,
    at_most: u32,
}

/// The properties that have a name of their own.
#[derive(Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Named {
    CrossSite,
}

impl TryFrom<RawQuota> for Quota {
    type Error = String;

    fn try_from(raw: RawQuota) -> Result<Self, String> {
        let property = match (raw.property, raw.same, raw.different) {
            (Some(Named::CrossSite), None, None) => PairProperty::CrossSite,
            (None, Some(column), None) => PairProperty::Same(column),
            (None, None, Some(column)) => PairProperty::Different(column),
            _ => {
                return Err(format!(
                    "the quota {:?} needs exactly one of `property`, `same` and `different`",
                    raw.name
                ));
            }
        };
        Ok(Self {
            name: raw.name,
            property,
            at_most: raw.at_most,
        })
    }
}

impl From<Quota> for RawQuota {
    fn from(quota: Quota) -> Self {
        let (property, same, different) = match quota.property {
            PairProperty::CrossSite => (Some(Named::CrossSite), None, None),
            PairProperty::Same(column) => (None, Some(column), None),
            PairProperty::Different(column) => (None, None, Some(column)),
        };
        Self {
            name: quota.name,
            property,
            same,
            different,
            at_most: quota.at_most,
        }
    }
}
