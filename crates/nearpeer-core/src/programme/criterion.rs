//! Soft criteria: the weighted terms of a pair's score.

use serde::{Deserialize, Serialize};

use crate::error::Error;

/// What a criterion gives where data is missing. There is no default: a programme declares it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Missing {
    /// Half a point.
    Neutral,
    /// No points.
    Zero,
    /// The pair is not eligible.
    Ineligible,
}

/// How alike the interests of two people are.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Overlap {
    /// Shared interests as a share of all that either has. Jaccard, *Nouvelles recherches sur la
    /// distribution florale* (1908).
    #[default]
    Jaccard,
    /// The same, each interest counted by ln(1 + N / n) where n of the N people have it, so that a rare
    /// shared interest counts more. Spärck Jones, *A statistical interpretation of term specificity*
    /// (1972).
    IdfJaccard,
    /// The cosine of two embeddings, in place of lists: (1 + cosine) / 2, so that opposite directions give 0 and
    /// unrelated ones a half.
    Cosine,
}

/// Whose preferences count.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Side {
    /// The mean of both sides that gave any.
    #[default]
    Both,
    /// The mentee's only.
    Mentee,
    /// The mentor's only.
    Mentor,
}

/// What a criterion measures; every one is in [0, 1].
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub enum Kind {
    /// Overlap of `interests`. Missing: either list is not given, or both are empty. With
    /// [`Overlap::Cosine`], nearness of `embedding`; missing: either is not given, or nothing but zeros.
    Interests(Overlap),
    /// `max(0, 1 − |gap − ideal| / tolerance)`, gap in grades. Missing: either grade is not given.
    GradeGap {
        /// The best gap; where it is not given, one grade more than the rule's minimum (or no gap at all
        /// where that minimum is 0 or less).
        ideal: Option<i32>,
        /// Grades from the ideal at which the fit is 0; at least 1.
        tolerance: u32,
    },
    /// The share of the mentee's `goals` that are among the mentor's `strengths`. Missing: either list is
    /// not given, or there are no goals.
    Goals,
    /// Shared `slots` as a share of the shorter list. Missing: either list is not given or empty.
    Slots,
    /// 1 if they share one of their `languages`. Missing: either list is not given or empty.
    Languages,
    /// Ranked `preferences`: of a list of L, the first is worth 1, the next (L − 1)/L, ..., and who is not
    /// on it 0. Missing: none of the sides that count gave a list.
    Preferences(Side),
    /// 1 if the cells of this column are equal. Missing: either cell is empty.
    Same(String),
    /// 1 if the cells of this column differ. Missing: either cell is empty.
    Different(String),
    /// `max(0, 1 − |a − b| / scale)` of this column's numbers. Missing: either cell is empty.
    Closeness {
        /// The column.
        column: String,
        /// The distance at which closeness is 0; above 0.
        scale: f64,
    },
    /// 1 if they were a pair in `pairs_previous`. Never missing.
    Previous,
    /// The caller's own `pair_scores`. Missing: the pair has none.
    PairScores,
}

/// One term of a pair's score: what it measures, how much it weighs, and what it gives where data is
/// missing. Weights need not add up to 1; they are shares of their sum.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(try_from = "RawCriterion", into = "RawCriterion")]
pub struct Criterion {
    /// The name in results: the kind, with the column where it has one, unless the programme says else.
    pub name: String,
    /// What is measured.
    pub kind: Kind,
    /// The weight, not negative.
    pub weight: f64,
    /// What is given where data is missing.
    pub missing: Missing,
}

/// Grades from the ideal gap at which the fit is 0, unless the programme says else.
const DEFAULT_TOLERANCE: u32 = 4;

impl Criterion {
    /// A criterion under its kind's own name.
    #[must_use]
    pub fn new(kind: Kind, weight: f64, missing: Missing) -> Self {
        Self {
            name: kind.default_name(),
            kind,
            weight,
            missing,
        }
    }

    /// Overlap of interests, or nearness of embeddings.
    #[must_use]
    pub fn interests(overlap: Overlap, weight: f64, missing: Missing) -> Self {
        Self::new(Kind::Interests(overlap), weight, missing)
    }

    /// Fit of the grade gap: best one grade above the rule's minimum, 0 at four grades from there.
    #[must_use]
    pub fn grade_gap(weight: f64, missing: Missing) -> Self {
        Self::new(
            Kind::GradeGap {
                ideal: None,
                tolerance: DEFAULT_TOLERANCE,
            },
            weight,
            missing,
        )
    }

    /// Goals met by strengths.
    #[must_use]
    pub fn goals(weight: f64, missing: Missing) -> Self {
        Self::new(Kind::Goals, weight, missing)
    }

    /// Ranked preferences.
    #[must_use]
    pub fn preferences(side: Side, weight: f64, missing: Missing) -> Self {
        Self::new(Kind::Preferences(side), weight, missing)
    }

    /// The same category in a column.
    #[must_use]
    pub fn same(column: impl Into<String>, weight: f64, missing: Missing) -> Self {
        Self::new(Kind::Same(column.into()), weight, missing)
    }

    /// Near numbers in a column.
    #[must_use]
    pub fn closeness(column: impl Into<String>, scale: f64, weight: f64, missing: Missing) -> Self {
        Self::new(
            Kind::Closeness {
                column: column.into(),
                scale,
            },
            weight,
            missing,
        )
    }

    /// Continuity with a previous pair.
    #[must_use]
    pub fn previous(weight: f64) -> Self {
        Self::new(Kind::Previous, weight, Missing::Zero)
    }

    /// The caller's own scores.
    #[must_use]
    pub fn pair_scores(weight: f64, missing: Missing) -> Self {
        Self::new(Kind::PairScores, weight, missing)
    }

    /// The criterion under another name.
    #[must_use]
    pub fn named(mut self, name: impl Into<String>) -> Self {
        self.name = name.into();
        self
    }
}

impl Kind {
    fn default_name(&self) -> String {
        match self {
            Self::Interests(Overlap::Cosine) => "embedding".into(),
            Self::Interests(_) => "interests".into(),
            Self::GradeGap { .. } => "grade_gap".into(),
            Self::Goals => "goals".into(),
            Self::Slots => "slots".into(),
            Self::Languages => "languages".into(),
            Self::Preferences(_) => "preferences".into(),
            Self::Same(column) => format!("same_{column}"),
            Self::Different(column) => format!("different_{column}"),
            Self::Closeness { column, .. } => format!("closeness_{column}"),
            Self::Previous => "previous".into(),
            Self::PairScores => "pair_scores".into(),
        }
    }
}

/// Checks the criteria together.
pub(super) fn validate(criteria: &[Criterion]) -> Result<(), Error> {
    for (number, criterion) in (1..).zip(criteria) {
        let key = |field: &str| format!("criteria[{number}].{field}");
        if !(criterion.weight >= 0.0 && criterion.weight.is_finite()) {
            return Err(Error::program(
                key("weight"),
                format!(
                    "a weight is a finite number, 0 or more, not {}",
                    criterion.weight
                ),
            ));
        }
        match &criterion.kind {
            Kind::GradeGap { tolerance: 0, .. } => {
                return Err(Error::program(
                    key("tolerance"),
                    "a tolerance is at least 1 grade",
                ));
            }
            Kind::Closeness { scale, .. } if !(*scale > 0.0 && scale.is_finite()) => {
                return Err(Error::program(
                    key("scale"),
                    format!("a scale is a finite number above 0, not {scale}"),
                ));
            }
            _ => {}
        }
        if criterion.name.trim().is_empty() {
            return Err(Error::program(key("name"), "a name is not empty"));
        }
        if criteria[..number - 1]
            .iter()
            .any(|earlier| earlier.name == criterion.name)
        {
            return Err(Error::program(
                key("name"),
                format!(
                    "another criterion is named {:?}; give this one a name",
                    criterion.name
                ),
            ));
        }
    }
    if !criteria.is_empty() && criteria.iter().all(|criterion| criterion.weight == 0.0) {
        return Err(Error::program(
            "criteria",
            "every weight is 0; at least one must be more",
        ));
    }
    if !criteria
        .iter()
        .map(|criterion| criterion.weight)
        .sum::<f64>()
        .is_finite()
    {
        return Err(Error::program(
            "criteria",
            "the weights are too large to add up",
        ));
    }
    Ok(())
}

/// The keys of a criterion in TOML. Keys that its kind does not use are refused.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct RawCriterion {
    kind: String,
    weight: f64,
    missing: Option<Missing>,
    #[serde(skip_serializing_if = "Option::is_none")]
    name: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    measure: Option<Overlap>,
    #[serde(skip_serializing_if = "Option::is_none")]
    ideal: Option<i32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    tolerance: Option<u32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    side: Option<Side>,
    #[serde(skip_serializing_if = "Option::is_none")]
    column: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    scale: Option<f64>,
}

const KINDS: [&str; 11] = [
    "interests",
    "grade_gap",
    "goals",
    "slots",
    "languages",
    "preferences",
    "same",
    "different",
    "closeness",
    "previous",
    "pair_scores",
];

impl TryFrom<RawCriterion> for Criterion {
    type Error = String;

    fn try_from(raw: RawCriterion) -> Result<Self, String> {
        let mut given = raw.clone();
        let column = |given: &mut RawCriterion| {
            given
                .column
                .take()
                .ok_or_else(|| format!("missing field `column` of `{}`", raw.kind))
        };
        let kind = match raw.kind.as_str() {
            "interests" => Kind::Interests(given.measure.take().unwrap_or_default()),
            "grade_gap" => Kind::GradeGap {
                ideal: given.ideal.take(),
                tolerance: given.tolerance.take().unwrap_or(DEFAULT_TOLERANCE),
            },
            "goals" => Kind::Goals,
            "slots" => Kind::Slots,
            "languages" => Kind::Languages,
            "preferences" => Kind::Preferences(given.side.take().unwrap_or_default()),
            "same" => Kind::Same(column(&mut given)?),
            "different" => Kind::Different(column(&mut given)?),
            "closeness" => Kind::Closeness {
                column: column(&mut given)?,
                scale: given
                    .scale
                    .take()
                    .ok_or("missing field `scale` of `closeness`")?,
            },
            "previous" => Kind::Previous,
            "pair_scores" => Kind::PairScores,
            unknown => {
                let known = KINDS.map(|kind| format!("`{kind}`")).join(", ");
                return Err(format!(
                    "unknown variant `{unknown}`, expected one of {known}"
                ));
            }
        };
        let unused = [
            ("measure", given.measure.is_some()),
            ("ideal", given.ideal.is_some()),
            ("tolerance", given.tolerance.is_some()),
            ("side", given.side.is_some()),
            ("column", given.column.is_some()),
            ("scale", given.scale.is_some()),
        ];
        if let Some((key, _)) = unused.iter().find(|(_, is_given)| *is_given) {
            return Err(format!(
                "the key `{key}` has no meaning for a criterion `{}`",
                raw.kind
            ));
        }
        let missing = match (raw.missing, &kind) {
            (Some(missing), _) => missing,
            (None, Kind::Previous) => Missing::Zero,
            (None, _) => {
                return Err(format!(
                    "missing field `missing` of `{}`: declare `neutral`, `zero` or `ineligible`",
                    raw.kind
                ));
            }
        };
        let name = raw.name.unwrap_or_else(|| kind.default_name());
        Ok(Self {
            name,
            kind,
            weight: raw.weight,
            missing,
        })
    }
}

impl From<Criterion> for RawCriterion {
    fn from(criterion: Criterion) -> Self {
        let name = (criterion.name != criterion.kind.default_name()).then_some(criterion.name);
        let mut raw = Self {
            weight: criterion.weight,
            missing: Some(criterion.missing),
            name,
            ..Self::default()
        };
        let kind = match criterion.kind {
            Kind::Interests(measure) => {
                raw.measure = Some(measure);
                "interests"
            }
            Kind::GradeGap { ideal, tolerance } => {
                raw.ideal = ideal;
                raw.tolerance = Some(tolerance);
                "grade_gap"
            }
            Kind::Goals => "goals",
            Kind::Slots => "slots",
            Kind::Languages => "languages",
            Kind::Preferences(side) => {
                raw.side = Some(side);
                "preferences"
            }
            Kind::Same(column) => {
                raw.column = Some(column);
                "same"
            }
            Kind::Different(column) => {
                raw.column = Some(column);
                "different"
            }
            Kind::Closeness { column, scale } => {
                raw.column = Some(column);
                raw.scale = Some(scale);
                "closeness"
            }
            Kind::Previous => "previous",
            Kind::PairScores => "pair_scores",
        };
        raw.kind = kind.to_owned();
        raw
    }
}
