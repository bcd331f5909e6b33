//! The whole result as one JSON document, for programs: what is in `pairs.csv` and `unmatched.csv`, and more.
//!
//! Scores are whole micropoints (millionths of a point), so that they are exact in every language. The layout has a
//! version, and `docs/schema/match-1.json` is its JSON Schema; [`CoDocument`] is the document of a co-mentoring match, with
//! a schema of its own, `docs/schema/co-match-1.json`. Within a version fields can be added, and none changes its
//! meaning or goes; a reader leaves alone what it does not know.
//!
//! ```
//! use nearpeer::document::Document;
//! use nearpeer::{Grade, Person, Program, Roster};
//!
//! let grade = |number| Grade::new(number).expect("a grade");
//! let roster = Roster::builder()
//!     .mentee(Person::new("ana").grade(grade(6)))
//!     .mentor(Person::new("max").grade(grade(9)))
//!     .build()?;
//! let found = Program::default().solve(&roster)?;
//! let document = Document::from(&found);
//! assert_eq!((document.version, document.covered), (1, 1));
//! assert_eq!(document.pairs[0].mentor, "max");
//! let text = document.to_json()?;
//! assert_eq!(serde_json::from_str::<Document>(&text).expect("a document"), document);
//! # Ok::<(), nearpeer::Error>(())
//! ```

mod co_match;

use std::collections::{BTreeMap, BTreeSet};
use std::io::Write;
use std::path::{Path, PathBuf};

#[cfg(test)]
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use nearpeer_core::{Certificate, Error, ErrorKind, Match, Reason, Role};

use crate::drafts;

pub use co_match::{
    CoCertificate, CoDocument, CoMentoring, StudentGroup, StudentPair, UnmatchedStudent,
};

/// The version of both layouts.
pub const VERSION: u32 = 1;

/// A match with everything that is known of it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(test, derive(JsonSchema))]
pub struct Document {
    /// The version of the layout: 1.
    #[cfg_attr(test, schemars(extend("const" = 1)))]
    pub version: u32,
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
    /// How many mentees took part.
    pub mentees: u64,
    /// How many mentors took part.
    pub mentors: u64,
    /// How many mentees have a mentor.
    pub covered: u64,
    /// How many mentors have a mentee.
    pub mentors_matched: u64,
    /// The sum of all scores, in micropoints.
    pub total_score: i64,
    /// The lowest score, in micropoints; null if there are no pairs.
    pub lowest_score: Option<i64>,
    /// How the match stands to each limit and promise beside the loads.
    #[serde(default)]
    pub limits: Vec<Limit>,
    /// What a level of fairness, or balance, costs; null without one.
    pub price_of_fairness: Option<PriceOfFairness>,
    /// The names of the criteria, as in the programme.
    pub criteria: Vec<String>,
    /// Whether every pair has a meeting.
    pub slots_assigned: bool,
    /// The chosen pairs.
    pub pairs: Vec<Pair>,
    /// Everybody in no pair.
    pub unmatched: Vec<Unmatched>,
    /// Every rule of eligibility, and whether it took part.
    pub rules: Vec<Rule>,
    /// Settings and columns that have no effect, a sentence each.
    pub notes: Vec<String>,
    /// What the certificate is like. The certificate itself is a file of its own.
    pub certificate: CertificateSummary,
}

/// How a solve ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum Status {
    /// No match is better: every level is proven.
    Optimal,
    /// A limit was reached; the gap says how much better a match could be.
    LimitReached,
}

/// A level of the objective.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(JsonSchema))]
pub struct LevelValue {
    /// The level: `obligations`, `priority 2`, `transition`, `coverage`, `worst_off`, `leximin`, `score`, `blocking pairs`.
    pub level: String,
    /// The match's value: micropoints in `score` and `worst_off`, a count otherwise, of what is to be few with a minus.
    pub value: i64,
    /// No match that is as good in the levels above has a greater value.
    pub bound: i64,
    /// `bound` less `value`.
    pub gap: i64,
}

/// The total score of two matches that are equally good in the levels above the one of fairness, in micropoints.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(JsonSchema))]
pub struct PriceOfFairness {
    /// Of this match.
    pub score: i64,
    /// Of the best match without the level.
    pub without: i64,
    /// `without` less `score`.
    pub price: i64,
    /// How many mentees this match covers.
    #[serde(default)]
    pub covered: u64,
    /// How many mentees the best match without the level covers.
    #[serde(default)]
    pub covered_without: u64,
}

/// How the match stands to one limit or promise of its programme.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(test, derive(JsonSchema))]
pub struct Limit {
    /// Its key in the programme: `quotas[1]`.
    pub key: String,
    /// It in words.
    pub what: String,
    /// What the match has of it, in `unit`; null where it is not about numbers, as for a family.
    pub has: Option<f64>,
    /// How much there may be, or must be, in `unit`.
    pub limit: Option<f64>,
    /// Whether `limit` is the least, and not the most.
    pub at_least: Option<bool>,
    /// `pairs`, `mentees`, `cost` or percentage `points`.
    pub unit: Option<String>,
}

/// A chosen pair.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(JsonSchema))]
pub struct Pair {
    /// The mentee's id.
    pub mentee: String,
    /// The mentor's id.
    pub mentor: String,
    /// The weighted score, in micropoints.
    pub score: i64,
    /// What each criterion gave before weighting, by its name: 0 to 1,000,000 micropoints.
    pub by_criterion: BTreeMap<String, i64>,
    /// Where and when they meet; null if no slots are assigned.
    pub meeting: Option<Meeting>,
}

/// Where and when a pair meets, every week.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(JsonSchema))]
pub struct Meeting {
    /// The site; null if nobody has one.
    pub site: Option<String>,
    /// The slot.
    pub slot: String,
    /// The id of the leader who supervises; null without leaders.
    pub leader: Option<String>,
}

/// Somebody in no pair.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(JsonSchema))]
pub struct Unmatched {
    /// The person's id.
    pub id: String,
    /// `mentee` or `mentor`.
    pub role: Side,
    /// The reason's code: `not_eligible`, `out_competed`, `circle_not_filled`, `quota_reached`, `no_place`, `places_full`,
    /// `not_needed`, `refused`, `no_room`.
    pub reason: String,
    /// The numbers behind it, in words.
    pub detail: String,
    /// How many may be paired with the person; null where the reason does not say.
    pub candidates: Option<u64>,
    /// For `not_eligible`: how many people on the other side each rule rules out.
    pub removed: Vec<Removed>,
    /// For `quota_reached`: the names of the quotas.
    pub quotas: Vec<String>,
}

/// A side of the programme.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum Side {
    /// A younger student.
    Mentee,
    /// An older student.
    Mentor,
}

/// How many people a rule rules out.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(JsonSchema))]
pub struct Removed {
    /// The rule's code, or `missing:` and the name of a criterion that needs data.
    pub rule: String,
    /// How many; a person can be ruled out by several rules.
    pub people: u64,
}

/// A rule of eligibility.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(JsonSchema))]
pub struct Rule {
    /// The rule's code: `grade_gap`, `site`, `custom:same bus`, ...
    pub code: String,
    /// Whether it took part.
    pub on: bool,
    /// Why it did not; null if it did.
    pub why_off: Option<String>,
}

/// What a certificate is like.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(JsonSchema))]
pub struct CertificateSummary {
    /// The version of its layout.
    pub format: u32,
    /// What it proves by.
    pub proof: Proof,
    /// What one unit of the objective counts in its prices.
    pub denominator: i64,
    /// How many nodes its tree of proof has; 1 if single prices are enough, 0 if there is none.
    pub nodes: u64,
    /// How many parts of the programme are proven by themselves, where pairs have places.
    pub parts: u64,
}

/// What a certificate proves by.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum Proof {
    /// Prices of people.
    Prices,
    /// Prices of people and places, level by level.
    Stages,
    /// Prices, and more of them for the lowest scores.
    Fairness,
    /// That no pair blocks the match.
    Stability,
}

impl Document {
    /// The document as text.
    ///
    /// # Errors
    /// [`ErrorKind::Solver`]: none that a user can cause.
    pub fn to_json(&self) -> Result<String, Error> {
        to_json(self)
    }

    /// Writes the document to a file, which appears whole or not at all.
    ///
    /// # Errors
    /// [`ErrorKind::Io`] naming the file if it cannot be written; it has not changed then.
    pub fn save(&self, path: &Path) -> Result<PathBuf, Error> {
        save(self, path)
    }
}

fn to_json(document: &impl Serialize) -> Result<String, Error> {
    serde_json::to_string(document)
        .map_err(|error| Error::new(ErrorKind::Solver, error.to_string()))
}

fn save(document: &impl Serialize, path: &Path) -> Result<PathBuf, Error> {
    drafts::save(path, |out| {
        serde_json::to_writer(&mut *out, document)?;
        out.write_all(b"\n")
    })
}

impl From<&Match> for Document {
    fn from(found: &Match) -> Self {
        let certificate = &found.certificate;
        let mentors: BTreeSet<&str> = found.pairs.iter().map(|pair| &*pair.mentor).collect();
        let pairs = found
            .pairs
            .iter()
            .map(|pair| Pair::new(pair, &found.criteria));
        Self {
            version: VERSION,
            status: certificate.status.into(),
            level: certificate.level.to_string(),
            objective: certificate.objective,
            bound: certificate.bound,
            gap: certificate.gap,
            levels: certificate.levels.iter().map(LevelValue::from).collect(),
            mentees: found.mentees as u64,
            mentors: found.mentors as u64,
            covered: found.covered() as u64,
            mentors_matched: mentors.len() as u64,
            total_score: found.total_score().0,
            lowest_score: found.lowest_score().map(|score| score.0),
            limits: found.limits.iter().map(Limit::from).collect(),
            price_of_fairness: found.price_of_fairness().map(|cost| PriceOfFairness {
                score: cost.with.0,
                without: cost.without.0,
                price: cost.price().0,
                covered: cost.covered as u64,
                covered_without: cost.covered_without as u64,
            }),
            criteria: found.criteria.clone(),
            slots_assigned: found.slots_assigned,
            pairs: pairs.collect(),
            unmatched: found.unmatched.iter().map(Unmatched::from).collect(),
            rules: found.rules.iter().map(Rule::from).collect(),
            notes: found.notes.clone(),
            certificate: certificate.into(),
        }
    }
}

impl From<nearpeer_core::Status> for Status {
    fn from(status: nearpeer_core::Status) -> Self {
        match status {
            nearpeer_core::Status::Optimal => Self::Optimal,
            _ => Self::LimitReached,
        }
    }
}

impl From<&nearpeer_core::RuleState> for Rule {
    fn from(rule: &nearpeer_core::RuleState) -> Self {
        Self {
            code: rule.code.clone(),
            on: rule.on,
            why_off: rule.why_off.clone(),
        }
    }
}

impl From<&nearpeer_core::Removed> for Removed {
    fn from(removed: &nearpeer_core::Removed) -> Self {
        Self {
            rule: removed.rule.clone(),
            people: removed.removed as u64,
        }
    }
}

impl From<&nearpeer_core::Standing> for Limit {
    fn from(standing: &nearpeer_core::Standing) -> Self {
        let numbers = standing.numbers;
        Self {
            key: standing.key.clone(),
            what: standing.what.clone(),
            has: numbers.map(|numbers| numbers.has),
            limit: numbers.map(|numbers| numbers.limit),
            at_least: numbers.map(|numbers| numbers.at_least),
            unit: numbers.map(|numbers| numbers.unit.as_str().to_owned()),
        }
    }
}

impl From<&nearpeer_core::LevelValue> for LevelValue {
    fn from(value: &nearpeer_core::LevelValue) -> Self {
        Self {
            level: value.level.to_string(),
            value: value.objective,
            bound: value.bound,
            gap: value.bound - value.objective,
        }
    }
}

impl Pair {
    fn new(pair: &nearpeer_core::Pair, criteria: &[String]) -> Self {
        let scores = pair.by_criterion.iter().map(|score| score.0);
        let by_criterion = criteria.iter().cloned().zip(scores);
        Self {
            mentee: pair.mentee.clone(),
            mentor: pair.mentor.clone(),
            score: pair.score.0,
            by_criterion: by_criterion.collect(),
            meeting: pair.meeting.as_ref().map(|meeting| Meeting {
                site: Some(meeting.site.clone()).filter(|site| !site.is_empty()),
                slot: meeting.slot.clone(),
                leader: meeting.leader.clone(),
            }),
        }
    }
}

impl From<&nearpeer_core::Unmatched> for Unmatched {
    fn from(person: &nearpeer_core::Unmatched) -> Self {
        let mut unmatched = Self {
            id: person.id.clone(),
            role: match person.role {
                Role::Mentee => Side::Mentee,
                Role::Mentor => Side::Mentor,
            },
            reason: person.reason.code().to_owned(),
            detail: person.reason.detail(),
            candidates: None,
            removed: Vec::new(),
            quotas: Vec::new(),
        };
        match &person.reason {
            Reason::NotEligible { removed } => {
                unmatched.candidates = Some(0);
                unmatched.removed = removed.iter().map(Removed::from).collect();
            }
            Reason::QuotaReached { candidates, quotas } => {
                unmatched.candidates = Some(*candidates as u64);
                unmatched.quotas.clone_from(quotas);
            }
            Reason::OutCompeted { candidates, .. }
            | Reason::CircleNotFilled { candidates, .. }
            | Reason::NoPlace { candidates, .. }
            | Reason::PlacesFull { candidates, .. }
            | Reason::NotNeeded { candidates }
            | Reason::Refused { candidates } => unmatched.candidates = Some(*candidates as u64),
            _ => {}
        }
        unmatched
    }
}

impl From<&Certificate> for CertificateSummary {
    fn from(certificate: &Certificate) -> Self {
        let fewest = nearpeer_core::StabilityMode::FewestBlocking;
        let stability = certificate.stability.as_ref();
        Self {
            format: certificate.format,
            proof: if stability.is_some_and(|proof| proof.mode != fewest) {
                Proof::Stability
            } else if certificate.fairness.is_some() {
                Proof::Fairness
            } else if certificate.parts.is_empty() {
                Proof::Prices
            } else {
                Proof::Stages
            },
            denominator: certificate.denominator,
            nodes: certificate.nodes.len() as u64,
            parts: certificate.parts.len() as u64,
        }
    }
}

#[cfg(test)]
mod tests;
