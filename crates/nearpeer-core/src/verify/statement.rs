//! What the checker holds to be the problem, worked out from the inputs alone.

use super::circles::Asked;
use super::meetings::Meetings;
use crate::certificate::Level;
use crate::constraint::Rule;
use crate::error::Error;
use crate::programme::{ObjectiveLevel, Program};
use crate::roster::{People, Roster};

/// The bounds of one person's load.
#[derive(Debug, Clone, Copy)]
pub(super) struct Load {
    pub(super) min: u32,
    pub(super) max: u32,
    /// None or at least this many; 0 or 1 ask nothing.
    pub(super) circle: u32,
}

/// Replaces a row by the eligible partners of one mentee with their scores, in any order. It may be cut short once
/// the stop flag is raised.
pub(super) type Row<'a> = Box<dyn Fn(usize, &mut Vec<(u32, i64)>) + Sync + 'a>;

/// A matching problem, plainly.
pub(super) struct Statement<'a> {
    pub(super) mentees: Vec<Load>,
    pub(super) mentors: Vec<Load>,
    /// Priority tiers of the mentees, and whether they are in a transition grade.
    pub(super) tiers: Vec<(u32, bool)>,
    /// Pairs (mentee, mentor) that must be chosen, ascending.
    pub(super) required: Vec<(u32, u32)>,
    /// The least and the greatest score that a pair can have.
    pub(super) scores: (i64, i64),
    /// The levels that the objective has, with the least and greatest value of each.
    pub(super) levels: Vec<(Level, i128, i128)>,
    pub(super) row: Row<'a>,
    /// Constraints beside the loads.
    pub(super) side: Vec<Rule<'a>>,
    /// Where pairs meet, if each of them has a place.
    pub(super) meetings: Option<Meetings<'a>>,
    /// What the mentees of one mentor have in common, if anything is asked of them.
    pub(super) circles: Option<Asked<'a>>,
}

impl<'a> Statement<'a> {
    #[expect(
        clippy::too_many_arguments,
        reason = "they are the parts of a statement"
    )]
    pub(super) fn new(
        mut mentees: Vec<Load>,
        mut mentors: Vec<Load>,
        tiers: Vec<(u32, bool)>,
        mut required: Vec<(u32, u32)>,
        objective: &[ObjectiveLevel],
        scores: (i64, i64),
        row: Row<'a>,
        side: Vec<Rule<'a>>,
    ) -> Self {
        required.sort_unstable();
        let sizes = (mentees.len() as u64, mentors.len() as u64);
        for (loads, others) in [(&mut mentees, sizes.1), (&mut mentors, sizes.0)] {
            for load in loads.iter_mut() {
                // Nobody can have more partners than there are people on the other side.
                load.max = u64::from(load.max).min(others) as u32;
                if load.circle > load.max {
                    load.max = 0;
                }
                if load.max == 0 || load.circle <= 1 {
                    load.circle = 0;
                }
            }
        }
        let everybody = || mentees.iter().chain(&mentors);
        let promises: i128 = everybody()
            .map(|load| i128::from(load.min.max(load.circle)))
            .sum();
        let rules = side.iter().filter(|rule| rule.promise);
        let by_rules = rules.map(|rule| i128::from(rule.limit)).sum::<i128>();
        let promises = promises + required.len() as i128 + by_rules;
        let mut levels = Vec::new();
        if promises > 0 {
            levels.push((Level::Obligations, -promises, 0));
        }
        let promised = levels.len();
        for level in objective {
            match level {
                ObjectiveLevel::Priority => {
                    let mut counts = std::collections::BTreeMap::new();
                    for (tier, _) in tiers.iter().filter(|(tier, _)| *tier > 0) {
                        *counts.entry(*tier).or_insert(0) += 1;
                    }
                    let tiers = counts.into_iter().rev();
                    levels.extend(tiers.map(|(tier, count)| (Level::Priority(tier), 0, count)));
                }
                ObjectiveLevel::Transition => {
                    let counted = tiers.iter().filter(|(_, transition)| *transition).count();
                    if counted > 0 {
                        levels.push((Level::Transition, 0, counted as i128));
                    }
                }
                // What these two are worth is no part of the combined objective.
                ObjectiveLevel::WorstOff => levels.push((Level::WorstOff, 0, 0)),
                ObjectiveLevel::Leximin => {
                    levels.extend([(Level::WorstOff, 0, 0), (Level::Leximin, 0, 0)]);
                }
                ObjectiveLevel::Coverage => levels.push((Level::Coverage, 0, sizes.0.into())),
                ObjectiveLevel::Score => {
                    let most = |loads: &[Load]| {
                        loads.iter().map(|load| i128::from(load.max)).sum::<i128>()
                    };
                    let pairs = most(&mentees).min(most(&mentors));
                    let (least, greatest) = (i128::from(scores.0), i128::from(scores.1));
                    levels.push((Level::Score, least.min(0) * pairs, greatest.max(0) * pairs));
                }
            }
        }
        if levels.len() == promised {
            levels.push((Level::Coverage, 0, sizes.0.into()));
        }
        Self {
            mentees,
            mentors,
            tiers,
            required,
            scores,
            levels,
            row,
            side,
            meetings: None,
            circles: None,
        }
    }

    /// The same problem with the pairs that score so much or more.
    pub(super) fn at_floor(&self, floor: i64) -> Statement<'_> {
        Statement {
            mentees: self.mentees.clone(),
            mentors: self.mentors.clone(),
            tiers: self.tiers.clone(),
            required: self.required.clone(),
            scores: self.scores,
            levels: self.levels.clone(),
            row: Box::new(move |mentee, row| {
                (self.row)(mentee, row);
                row.retain(|(_, score)| *score >= floor);
            }),
            // A programme has no quotas and no meetings beside a level of fairness.
            side: Vec::new(),
            meetings: None,
            circles: None,
        }
    }

    /// The loads of a roster's people under a programme.
    pub(super) fn loads(roster: &Roster, program: &Program) -> Result<[Vec<Load>; 2], Error> {
        let loads = program.loads;
        let side = |people: &People, min: u32, max: u32, or_none: bool| {
            let load = |ix: usize| {
                let max = people.load_max(ix).unwrap_or(max);
                let min = people
                    .load_min(ix)
                    .unwrap_or(if max == 0 { 0 } else { min });
                if min > max {
                    return Err(super::fault(format!(
                        "{:?} has a minimum load above the maximum",
                        people.id(ix)
                    )));
                }
                let (min, circle) = if or_none { (0, min) } else { (min, 0) };
                Ok(Load { min, max, circle })
            };
            (0..people.len())
                .map(load)
                .collect::<Result<Vec<_>, Error>>()
        };
        Ok([
            side(roster.mentees(), loads.mentee.min, loads.mentee.max, false)?,
            side(
                roster.mentors(),
                loads.mentor.min,
                loads.mentor.max,
                loads.mentor.or_none,
            )?,
        ])
    }
}

/// Those of `pairs`, which are ascending, that are the mentee's.
pub(super) fn of_mentee<T>(pairs: &[T], mentee: usize, whose: impl Fn(&T) -> u32) -> &[T] {
    let from = pairs.partition_point(|pair| (whose(pair) as usize) < mentee);
    let own = pairs[from..].partition_point(|pair| whose(pair) as usize == mentee);
    &pairs[from..from + own]
}
