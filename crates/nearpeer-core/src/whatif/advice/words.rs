//! Advice in words.

use crate::units::Micropoints;
use crate::words::form;

use super::change::MentorKind;

/// What a change adds: `adds 29 matches`, `adds 0.123456 points`.
pub(super) fn effect(matches: i64, score: Micropoints) -> String {
    match matches {
        0 => format!("adds {score} points"),
        matches => format!(
            "adds {matches} {}",
            form(matches.unsigned_abs(), "match", "matches")
        ),
    }
}

impl MentorKind {
    /// `of grade 10 at Lincoln`, `at Lincoln`, nothing.
    pub(super) fn words(&self) -> String {
        let grade = self.grade.map(|grade| format!(" of grade {grade}"));
        let site = self.site.as_ref().map(|site| format!(" at {site}"));
        grade.into_iter().chain(site).collect()
    }
}
