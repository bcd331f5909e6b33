//! Hard rules: who may be paired at all.

use std::fmt;

use serde::de::value::MapAccessDeserializer;
use serde::de::{MapAccess, Visitor};
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::error::Error;

/// The rule on grades: the mentor's grade less the mentee's.
///
/// In TOML `grade_gap = { min = 2, max = 6 }`, or `grade_gap = false` to switch it off.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum GradeGap {
    /// Grades do not matter.
    Off,
    /// The gap is in this range, both ends included.
    Between {
        /// The least gap, in grades.
        min: i32,
        /// The greatest gap, if there is one.
        max: Option<i32>,
    },
}

impl GradeGap {
    /// A gap of at least two grades: Karcher (2007) requires a span of at least two years for cross-age
    /// peer mentoring.
    pub const AT_LEAST_TWO: Self = Self::Between { min: 2, max: None };

    /// A gap in `[min, max]` grades.
    #[must_use]
    pub fn between(min: i32, max: i32) -> Self {
        Self::Between {
            min,
            max: Some(max),
        }
    }
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct RawGradeGap {
    #[serde(default = "two_grades")]
    min: i32,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    max: Option<i32>,
}

fn two_grades() -> i32 {
    2
}

impl Serialize for GradeGap {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match *self {
            Self::Off => serializer.serialize_bool(false),
            Self::Between { min, max } => RawGradeGap { min, max }.serialize(serializer),
        }
    }
}

impl<'de> Deserialize<'de> for GradeGap {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Gap;

        impl<'de> Visitor<'de> for Gap {
            type Value = GradeGap;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("`grade_gap` as a table such as { min = 2, max = 6 }, true or false")
            }

            fn visit_bool<E>(self, on: bool) -> Result<GradeGap, E> {
                Ok(if on {
                    GradeGap::AT_LEAST_TWO
                } else {
                    GradeGap::Off
                })
            }

            fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<GradeGap, A::Error> {
                RawGradeGap::deserialize(MapAccessDeserializer::new(map))
                    .map(|RawGradeGap { min, max }| GradeGap::Between { min, max })
            }
        }

        deserializer.deserialize_any(Gap)
    }
}

/// A declared route from a mentor's site to a mentee's site.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Feeder {
    /// The mentors' site.
    #[serde(deserialize_with = "super::cell::text")]
    pub from: String,
    /// The mentees' site.
    #[serde(deserialize_with = "super::cell::text")]
    pub to: String,
}

/// The hard rules. Each can be switched off; one whose column neither table has is off by itself, and
/// the result says so.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct EligibilityRules {
    /// The mentor's column `screened` is true.
    pub screening: bool,
    /// The mentor's column `trained` is true.
    pub training: bool,
    /// `consent` is true for everybody whose table has the column.
    pub consent: bool,
    /// The grade gap.
    pub grade_gap: GradeGap,
    /// The same site, or one of `feeders`.
    pub site: bool,
    /// At least one slot in common.
    pub slot: bool,
    /// A partner speaks what the other `requires_language`.
    pub language: bool,
    /// The same gender, if one of them `requires_same_gender`.
    pub gender: bool,
    /// Routes between sites.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub feeders: Vec<Feeder>,
    /// Rules on any other column.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub rules: Vec<CustomRule>,
}

impl Default for EligibilityRules {
    fn default() -> Self {
        Self {
            screening: true,
            training: true,
            consent: true,
            grade_gap: GradeGap::AT_LEAST_TWO,
            site: true,
            slot: true,
            language: true,
            gender: true,
            feeders: Vec::new(),
            rules: Vec::new(),
        }
    }
}

impl EligibilityRules {
    pub(super) fn validate(&self) -> Result<(), Error> {
        if let GradeGap::Between {
            min,
            max: Some(max),
        } = self.grade_gap
            && min > max
        {
            return Err(Error::program(
                "eligibility.grade_gap",
                format!("the minimum, {min}, is above the maximum, {max}"),
            ));
        }
        for (number, rule) in (1..).zip(&self.rules) {
            let key = |field: &str| format!("eligibility.rules[{number}].{field}");
            if rule.name.trim().is_empty() {
                return Err(Error::program(key("name"), "a rule needs a name"));
            }
            if self.rules[..number - 1]
                .iter()
                .any(|earlier| earlier.name == rule.name)
            {
                return Err(Error::program(
                    key("name"),
                    format!("another rule is named {:?}", rule.name),
                ));
            }
            if let Requirement::Within(number)
            | Requirement::AtLeast(_, number)
            | Requirement::AtMost(_, number) = rule.requirement
                && !number.is_finite()
            {
                return Err(Error::program(key("value"), "a bound is a finite number"));
            }
            if matches!(rule.requirement, Requirement::Within(limit) if limit < 0.0) {
                return Err(Error::program(key("value"), "a distance is 0 or more"));
            }
        }
        Ok(())
    }
}

/// Whom a rule on one person's cell binds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RuleSide {
    /// The mentee.
    Mentee,
    /// The mentor.
    Mentor,
    /// Both of them.
    Both,
}

/// What a custom rule asks of its column. An empty cell never meets it.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub enum Requirement {
    /// Both have the same cell.
    Same,
    /// They have different cells.
    Different,
    /// Their numbers are at most this far apart.
    Within(f64),
    /// The cell is one of these texts.
    OneOf(RuleSide, Vec<String>),
    /// The number is at least this.
    AtLeast(RuleSide, f64),
    /// The number is at most this.
    AtMost(RuleSide, f64),
}

/// A hard rule on any column, with a name that reasons use.
///
/// ```toml
/// [[eligibility.rules]]
/// name = "same bus"
/// column = "bus"
/// require = "same"            # or "different"; "within" with value = 2.0
///
/// [[eligibility.rules]]
/// name = "good standing"
/// column = "average"
/// require = "at_least"        # or "at_most"; "one_of" with values = ["a", "b"]
/// value = 2.5
/// side = "mentor"             # or "mentee", "both"
/// ```
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(try_from = "RawRule", into = "RawRule")]
pub struct CustomRule {
    /// The name in reasons and messages.
    pub name: String,
    /// The column, any but those that nearpeer knows.
    pub column: String,
    /// What is asked of it.
    pub requirement: Requirement,
}

#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct RawRule {
    name: String,
    column: String,
    require: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    value: Option<f64>,
    #[serde(
        default,
        skip_serializing_if = "Option::is_none",
        deserialize_with = "super::cell::texts_if_given"
    )]
    values: Option<Vec<String>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    side: Option<RuleSide>,
}

impl TryFrom<RawRule> for CustomRule {
    type Error = String;

    fn try_from(raw: RawRule) -> Result<Self, String> {
        let mut given = raw.clone();
        let missing = |key: &str| format!("missing field `{key}` of the rule `{}`", raw.name);
        let mut value = || given.value.take().ok_or_else(|| missing("value"));
        let requirement = match raw.require.as_str() {
            "same" => Requirement::Same,
            "different" => Requirement::Different,
            "within" => Requirement::Within(value()?),
            "one_of" => {
                let values = given.values.take().ok_or_else(|| missing("values"))?;
                Requirement::OneOf(given.side.take().ok_or_else(|| missing("side"))?, values)
            }
            "at_least" => {
                let value = value()?;
                Requirement::AtLeast(given.side.take().ok_or_else(|| missing("side"))?, value)
            }
            "at_most" => {
                let value = value()?;
                Requirement::AtMost(given.side.take().ok_or_else(|| missing("side"))?, value)
            }
            unknown => {
                return Err(format!(
                    "unknown variant `{unknown}`, expected one of `same`, `different`, `within`, \
                     `one_of`, `at_least`, `at_most`"
                ));
            }
        };
        let unused = [
            ("value", given.value.is_some()),
            ("values", given.values.is_some()),
            ("side", given.side.is_some()),
        ];
        if let Some((key, _)) = unused.iter().find(|(_, is_given)| *is_given) {
            return Err(format!(
                "the key `{key}` has no meaning for a rule `{}`",
                raw.require
            ));
        }
        Ok(Self {
            name: raw.name,
            column: raw.column,
            requirement,
        })
    }
}

impl From<CustomRule> for RawRule {
    fn from(rule: CustomRule) -> Self {
        let mut raw = Self {
            name: rule.name,
            column: rule.column,
            ..Self::default()
        };
        let require = match rule.requirement {
            Requirement::Same => "same",
            Requirement::Different => "different",
            Requirement::Within(limit) => {
                raw.value = Some(limit);
                "within"
            }
            Requirement::OneOf(side, values) => {
                raw.side = Some(side);
                raw.values = Some(values);
                "one_of"
            }
            Requirement::AtLeast(side, bound) => {
                raw.side = Some(side);
                raw.value = Some(bound);
                "at_least"
            }
            Requirement::AtMost(side, bound) => {
                raw.side = Some(side);
                raw.value = Some(bound);
                "at_most"
            }
        };
        raw.require = require.to_owned();
        raw
    }
}
