//! What a coordinator without an optimiser would do, to compare with.

use crate::error::Error;
use crate::matching::Pair;
use crate::pairs::{Pairs, RosterPairs};
use crate::program::IntegerProgram;
use crate::programme::Program;
use crate::roster::Roster;
use crate::units::Micropoints;

impl Program {
    /// The greedy match in roster order: each mentee, in the order of the table's rows, gets the best
    /// eligible mentors who still have room, up to the maximum loads. Minimum loads and required pairs are
    /// not looked at. Of equal mentors the first by id is taken.
    ///
    /// # Errors
    /// As [`solve`](Self::solve), for rules and criteria that do not fit the roster.
    pub fn greedy(&self, roster: &Roster) -> Result<Vec<Pair>, Error> {
        self.validate()?;
        let pairs = RosterPairs::compile(roster, self)?;
        let program = IntegerProgram::of_roster(&pairs, roster, self)?;
        let mut room: Vec<u32> = program.mentors.iter().map(|mentor| mentor.max).collect();
        let mut order: Vec<usize> = (0..roster.mentees().len()).collect();
        order.sort_unstable_by_key(|&mentee| roster.mentees().row(mentee));
        let mut row = Vec::new();
        let mut chosen = Vec::new();
        for mentee in order {
            pairs.row(mentee, &mut row);
            row.retain(|(mentor, _)| room[*mentor as usize] > 0);
            row.sort_by_key(|(mentor, score)| (std::cmp::Reverse(*score), *mentor));
            for &(mentor, score) in row.iter().take(program.mentees[mentee].max as usize) {
                room[mentor as usize] -= 1;
                chosen.push(Pair {
                    mentee: roster.mentees().id(mentee).to_owned(),
                    mentor: roster.mentors().id(mentor as usize).to_owned(),
                    meeting: None,
                    score: Micropoints(score),
                    by_criterion: pairs.scoring.by_criterion(mentee, mentor as usize),
                });
            }
        }
        Ok(chosen)
    }
}
