//! The seam between people and the integer program: every eligible pair and its score, row by row. Rows
//! are streamed, and nothing behind this trait may assume that all pairs are stored.

use crate::eligibility::Eligibility;
use crate::error::Error;
use crate::programme::Program;
use crate::roster::Roster;
use crate::scoring::Scoring;

/// A source of eligible pairs with integer scores.
pub(crate) trait Pairs: Sync {
    /// How many mentees there are.
    fn mentees(&self) -> usize;

    /// How many mentors there are.
    fn mentors(&self) -> usize;

    /// Replaces `row` by the mentors who may be paired with `mentee`, ascending, with the pairs' scores.
    fn row(&self, mentee: usize, row: &mut Vec<(u32, i64)>);

    /// The score of the pair, or `None` if it is not eligible.
    fn score(&self, mentee: usize, mentor: u32) -> Option<i64>;

    /// The least and the greatest score that a pair can have.
    fn score_range(&self) -> (i64, i64);
}

/// The pairs of a roster under a programme.
pub(crate) struct RosterPairs<'r> {
    roster: &'r Roster,
    pub(crate) eligibility: Eligibility<'r>,
    pub(crate) scoring: Scoring<'r>,
}

impl<'r> RosterPairs<'r> {
    pub(crate) fn compile(roster: &'r Roster, program: &Program) -> Result<Self, Error> {
        Ok(Self {
            roster,
            eligibility: Eligibility::compile(roster, program)?,
            scoring: Scoring::compile(roster, program)?,
        })
    }
}

impl Pairs for RosterPairs<'_> {
    fn mentees(&self) -> usize {
        self.roster.mentees().len()
    }

    fn mentors(&self) -> usize {
        self.roster.mentors().len()
    }

    fn row(&self, mentee: usize, row: &mut Vec<(u32, i64)>) {
        row.clear();
        self.eligibility.each_mentor(mentee, |mentor| {
            if let Some(score) = self.scoring.score(mentee, mentor as usize) {
                row.push((mentor, score.0));
            }
        });
    }

    fn score(&self, mentee: usize, mentor: u32) -> Option<i64> {
        let mentor = mentor as usize;
        let fails = self.eligibility.fails(mentee, mentor).next().is_some();
        let score = self.scoring.score(mentee, mentor)?;
        (!fails).then_some(score.0)
    }

    fn score_range(&self) -> (i64, i64) {
        (0, 1_000_000)
    }
}
