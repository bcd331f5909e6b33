//! A co-mentoring match as one JSON document.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

#[cfg(test)]
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use nearpeer_core::{CoMatch, CoReason, Error};

use super::{LevelValue, Removed, Rule, Status, VERSION};

/// A co-mentoring match with everything that is known of it.
///
/// ```
/// use nearpeer::document::CoDocument;
/// use nearpeer::{Person, Program, Roster};
///
/// let roster = Roster::of_students()
///     .student(Person::new("ana").interests(["chess"]))
///     .student(Person::new("bo").interests(["chess"]))
///     .build()?;
/// let found = Program::co_mentoring().co_match(&roster)?;
/// let document = CoDocument::from(&found);
/// assert_eq!((document.version, document.covered), (1, 2));
/// assert_eq!(document.groups[0].students, ["ana", "bo"]);
/// let text = document.to_json()?;
/// assert_eq!(serde_json::from_str::<CoDocument>(&text).expect("a document"), document);
/// # Ok::<(), nearpeer::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(test, derive(JsonSchema))]
pub struct CoDocument {
    /// The version of the layout: 1.
    #[cfg_attr(test, schemars(extend("const" = 1)))]
    pub version: u32,
    /// What tells the document from that of mentees and mentors: `co_mentoring`.
    pub mode: CoMentoring,
    /// How the solve ended: `optimal`, or `limit_reached` for a match that keeps every rule and may not be the best.
    pub status: Status,
    /// The level that `objective`, `bound` and `gap` speak of: the first that is not proven, else the last.
    pub level: String,
    /// The match's value in that level.
    pub objective: i64,
    /// No match that is as good in the levels above has a greater value.
    pub bound: i64,
    /// `bound` less `objective`; 0 exactly when the match is proven optimal.
    pub gap: i64,
    /// Every level of the objective, in order.
    pub levels: Vec<LevelValue>,
    /// How many students took part.
    pub students: u64,
    /// How many students are in a group.
    pub covered: u64,
    /// How many groups have three students.
    pub triads: u64,
    /// The sum of the groups' scores, in micropoints.
    pub total_score: i64,
    /// The names of the criteria, as in the programme.
    pub criteria: Vec<String>,
    /// The pairs and groups of three.
    pub groups: Vec<StudentGroup>,
    /// Everybody in no group.
    pub unmatched: Vec<UnmatchedStudent>,
    /// Every rule of eligibility, and whether it took part.
    pub rules: Vec<Rule>,
    /// Settings and columns that have no effect, a sentence each.
    pub notes: Vec<String>,
    /// What the certificate is like. The certificate itself is a file of its own.
    pub certificate: CoCertificate,
}

/// The mode of the programme.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum CoMentoring {
    /// Students of one table with each other.
    CoMentoring,
}

/// A pair, or a group of three.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(JsonSchema))]
pub struct StudentGroup {
    /// The ids of its two or three students.
    pub students: Vec<String>,
    /// The pair's score, or half the sum of the three, rounded down, in micropoints.
    pub score: i64,
    /// Every two of its students: one pair, or three.
    pub pairs: Vec<StudentPair>,
}

/// Two students of one group.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(JsonSchema))]
pub struct StudentPair {
    /// The id of the one.
    pub student_a: String,
    /// The id of the other.
    pub student_b: String,
    /// The weighted score, in micropoints.
    pub score: i64,
    /// What each criterion gave before weighting, by its name: 0 to 1,000,000 micropoints.
    pub by_criterion: BTreeMap<String, i64>,
}

/// A student in no group.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(JsonSchema))]
pub struct UnmatchedStudent {
    /// The student's id.
    pub id: String,
    /// The reason's code: `not_eligible`, `odd_one_out`, `out_competed`, `no_room`.
    pub reason: String,
    /// The numbers behind it, in words.
    pub detail: String,
    /// How many may be paired with the student; null where the reason does not say.
    pub candidates: Option<u64>,
    /// For `not_eligible`: how many other students each rule rules out.
    pub removed: Vec<Removed>,
}

/// What the certificate of a co-mentoring match is like.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(JsonSchema))]
pub struct CoCertificate {
    /// The version of its layout.
    pub format: u32,
    /// What one unit of the objective counts in its prices.
    pub denominator: i64,
    /// How many parts of the programme are proven by themselves.
    pub parts: u64,
}

impl CoDocument {
    /// The document as text.
    ///
    /// # Errors
    /// [`ErrorKind::Solver`](crate::ErrorKind::Solver): none that a user can cause.
    pub fn to_json(&self) -> Result<String, Error> {
        super::to_json(self)
    }

    /// Writes the document to a file, which appears whole or not at all.
    ///
    /// # Errors
    /// [`ErrorKind::Io`](crate::ErrorKind::Io) naming the file if it cannot be written; it has not changed then.
    pub fn save(&self, path: &Path) -> Result<PathBuf, Error> {
        super::save(self, path)
    }
}

impl From<&CoMatch> for CoDocument {
    fn from(found: &CoMatch) -> Self {
        let certificate = &found.certificate;
        let groups = found.groups.iter();
        let groups = groups.map(|group| StudentGroup::new(group, &found.criteria));
        Self {
            version: VERSION,
            mode: CoMentoring::CoMentoring,
            status: certificate.status.into(),
            level: certificate.level.to_string(),
            objective: certificate.objective,
            bound: certificate.bound,
            gap: certificate.gap,
            levels: certificate.levels.iter().map(LevelValue::from).collect(),
            students: found.students as u64,
            covered: found.covered() as u64,
            triads: found.triads() as u64,
            total_score: found.total_score().0,
            criteria: found.criteria.clone(),
            groups: groups.collect(),
            unmatched: found.unmatched.iter().map(Into::into).collect(),
            rules: found.rules.iter().map(Rule::from).collect(),
            notes: found.notes.clone(),
            certificate: CoCertificate {
                format: certificate.format,
                denominator: certificate.denominator,
                parts: certificate.groups.len() as u64,
            },
        }
    }
}

impl StudentGroup {
    fn new(group: &nearpeer_core::Group, criteria: &[String]) -> Self {
        let pairs = group.ties.iter().map(|tie| {
            let scores = tie.by_criterion.iter().map(|score| score.0);
            StudentPair {
                student_a: tie.a.clone(),
                student_b: tie.b.clone(),
                score: tie.score.0,
                by_criterion: criteria.iter().cloned().zip(scores).collect(),
            }
        });
        Self {
            students: group.students.clone(),
            score: group.score.0,
            pairs: pairs.collect(),
        }
    }
}

impl From<&nearpeer_core::LeftOut> for UnmatchedStudent {
    fn from(student: &nearpeer_core::LeftOut) -> Self {
        let (candidates, removed) = match &student.reason {
            CoReason::NotEligible { removed } => (Some(0), removed.as_slice()),
            CoReason::OddOneOut { candidates } | CoReason::OutCompeted { candidates } => {
                (Some(*candidates as u64), &[][..])
            }
            _ => (None, &[][..]),
        };
        Self {
            id: student.id.clone(),
            reason: student.reason.code().to_owned(),
            detail: student.reason.detail(),
            candidates,
            removed: removed.iter().map(Removed::from).collect(),
        }
    }
}
