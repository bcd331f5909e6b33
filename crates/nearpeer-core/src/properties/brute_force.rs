//! Every match there is, one by one. Shares nothing with the solve; scores are the checker's plain ones.

use super::brute_places::Places;
use crate::programme::{ObjectiveLevel, PairProperty, Program, Quota};
use crate::roster::{Cell, People, Roster};
use crate::verify::score_plainly;

struct Search<'a> {
    roster: &'a Roster,
    program: &'a Program,
    /// (mentee, mentor, score, required)
    pairs: Vec<(usize, usize, i64, bool)>,
    /// Where pairs meet, if they get slots.
    places: Option<Places<'a>>,
    /// The places of each pair.
    of_pair: Vec<Vec<usize>>,
    /// The chosen pairs.
    chosen: Vec<usize>,
    mentees: Vec<u32>,
    mentors: Vec<u32>,
    /// The scores of the chosen pairs, in the order of choosing.
    scores: Vec<i64>,
    /// How many chosen pairs each quota counts.
    counts: Vec<u32>,
    best: Option<Found>,
}

/// A match's values by level, and what it is compared by: the same, with all scores where the order of scores counts.
struct Found {
    values: Vec<i64>,
    compared: Vec<i64>,
}

/// The values of the levels of the best match, `None` if there is no match.
pub(super) fn best(roster: &Roster, program: &Program) -> Option<Vec<i64>> {
    let mut pairs = Vec::new();
    let required = |mentee: usize, mentor: usize| {
        let mut listed = roster.required().iter();
        listed.any(|pair| pair.mentee.get() == mentee && pair.mentor.get() == mentor)
    };
    for mentee in 0..roster.mentees().len() {
        for mentor in 0..roster.mentors().len() {
            let required = required(mentee, mentor);
            match score_plainly(roster, program, mentee, mentor) {
                Some(score) => pairs.push((mentee, mentor, score, required)),
                None if required => return None,
                None => {}
            }
        }
    }
    let places = Places::new(roster, program);
    let meets = |&(mentee, mentor, ..): &(usize, usize, i64, bool)| {
        let places = places.as_ref();
        places.map_or_else(Vec::new, |places| places.of(mentee, mentor))
    };
    let mut search = Search {
        roster,
        program,
        of_pair: pairs.iter().map(meets).collect(),
        pairs,
        places,
        chosen: Vec::new(),
        mentees: vec![0; roster.mentees().len()],
        mentors: vec![0; roster.mentors().len()],
        scores: Vec::new(),
        counts: vec![0; program.quotas.len()],
        best: None,
    };
    search.try_pair(0);
    search.best.map(|best| best.values)
}

fn load(people: &People, ix: usize, min: u32, max: u32) -> (u32, u32) {
    let max = people.load_max(ix).unwrap_or(max);
    let min = if max == 0 { 0 } else { min };
    (people.load_min(ix).unwrap_or(min), max)
}

fn counts(roster: &Roster, quota: &Quota, mentee: usize, mentor: usize) -> bool {
    let (young, old) = (roster.mentees(), roster.mentors());
    let cells = |column: &str| {
        let cells = (
            young.extra(column).expect("a column"),
            old.extra(column).expect("a column"),
        );
        (cells.0.cell(mentee).clone(), cells.1.cell(mentor).clone())
    };
    match &quota.property {
        PairProperty::CrossSite => match (young.site(mentee), old.site(mentor)) {
            (Some(a), Some(b)) => a != b,
            _ => false,
        },
        PairProperty::Same(column) => match cells(column) {
            (Cell::Missing, _) | (_, Cell::Missing) => false,
            (a, b) => a == b,
        },
        PairProperty::Different(column) => match cells(column) {
            (Cell::Missing, _) | (_, Cell::Missing) => false,
            (a, b) => a != b,
        },
    }
}

impl Search<'_> {
    fn try_pair(&mut self, next: usize) {
        let Some(&(mentee, mentor, score, required)) = self.pairs.get(next) else {
            return self.offer();
        };
        if !required {
            self.try_pair(next + 1);
        }
        let mentee_max = self.mentee(mentee).1;
        let mentor_max = self.mentor(mentor).1;
        let quotas = self.program.quotas.iter();
        let counted: Vec<bool> = quotas
            .map(|quota| counts(self.roster, quota, mentee, mentor))
            .collect();
        let limits = self.program.quotas.iter().map(|quota| quota.at_most);
        let full = limits
            .zip(&self.counts)
            .map(|(limit, count)| *count >= limit);
        let over = full.zip(&counted).any(|(full, counted)| full && *counted);
        let room = self.mentees[mentee] < mentee_max && self.mentors[mentor] < mentor_max;
        self.chosen.push(next);
        if room && !over && self.can_meet() {
            for (count, counted) in self.counts.iter_mut().zip(&counted) {
                *count += u32::from(*counted);
            }
            self.mentees[mentee] += 1;
            self.mentors[mentor] += 1;
            self.scores.push(score);
            self.try_pair(next + 1);
            self.mentees[mentee] -= 1;
            self.mentors[mentor] -= 1;
            self.scores.pop();
            for (count, counted) in self.counts.iter_mut().zip(&counted) {
                *count -= u32::from(*counted);
            }
        }
        self.chosen.pop();
    }

    /// Whether the chosen pairs can all meet, if they are to have slots.
    fn can_meet(&self) -> bool {
        self.places.as_ref().is_none_or(|places| {
            let chosen = self.chosen.iter();
            let pairs: Vec<&[usize]> = chosen.map(|&pair| &*self.of_pair[pair]).collect();
            places.hold(&pairs)
        })
    }

    fn mentee(&self, ix: usize) -> (u32, u32) {
        let loads = self.program.loads.mentee;
        load(self.roster.mentees(), ix, loads.min, loads.max)
    }

    fn mentor(&self, ix: usize) -> (u32, u32) {
        let loads = self.program.loads.mentor;
        load(self.roster.mentors(), ix, loads.min, loads.max)
    }

    fn offer(&mut self) {
        let or_none = self.program.loads.mentor.or_none;
        let kept = (0..self.mentees.len()).all(|ix| self.mentees[ix] >= self.mentee(ix).0)
            && (0..self.mentors.len()).all(|ix| {
                self.mentors[ix] >= self.mentor(ix).0 || (or_none && self.mentors[ix] == 0)
            });
        if !kept {
            return;
        }
        let people = self.roster.mentees();
        let covered = |counts: &dyn Fn(usize) -> bool| {
            let all = (0..people.len()).filter(|&ix| self.mentees[ix] > 0);
            all.filter(|&ix| counts(ix)).count() as i64
        };
        let is_transition = |ix: usize| {
            let mut grades = self.program.transition_grades.iter();
            grades.any(|grade| people.grade(ix) == Some(*grade))
        };
        let mut ascending = self.scores.clone();
        ascending.sort_unstable();
        let lowest = ascending.first().copied().unwrap_or(1_000_000);
        let mut values = Vec::new();
        let mut order = Vec::new();
        if self.has_obligations() {
            values.push(0);
        }
        for level in &self.program.objective {
            match level {
                ObjectiveLevel::Priority => {
                    for tier in (1..=9).rev() {
                        if (0..people.len()).any(|ix| people.priority(ix) == tier) {
                            values.push(covered(&|ix| people.priority(ix) == tier));
                        }
                    }
                }
                ObjectiveLevel::Transition => {
                    if (0..people.len()).any(is_transition) {
                        values.push(covered(&is_transition));
                    }
                }
                ObjectiveLevel::Coverage => values.push(covered(&|_| true)),
                ObjectiveLevel::WorstOff => values.push(lowest),
                ObjectiveLevel::Leximin => {
                    values.extend([lowest, ascending.len() as i64]);
                    // As many as in any match that is as good so far: each mentee has one pair at most.
                    order.clone_from(&ascending);
                }
                ObjectiveLevel::Score => values.push(self.scores.iter().sum()),
            }
        }
        if values.is_empty() {
            values.push(covered(&|_| true));
        }
        // The order settles the total score, so it can come last.
        let total = if order.is_empty() {
            None
        } else {
            values.pop_if(|_| self.scores_count())
        };
        let mut compared = values.clone();
        compared.append(&mut order);
        values.extend(total);
        if self
            .best
            .as_ref()
            .is_none_or(|best| compared > best.compared)
        {
            self.best = Some(Found { values, compared });
        }
    }

    fn scores_count(&self) -> bool {
        self.program.objective.last() == Some(&ObjectiveLevel::Score)
    }

    /// Whether the certificate has a level of obligations.
    fn has_obligations(&self) -> bool {
        let or_none = self.program.loads.mentor.or_none;
        let others = self.mentees.len() as u32;
        !self.roster.required().is_empty()
            || (0..self.mentees.len()).any(|ix| self.mentee(ix).0 > 0)
            || (0..self.mentors.len()).any(|ix| {
                let (min, max) = self.mentor(ix);
                if or_none {
                    min > 1 && min <= max.min(others)
                } else {
                    min > 0
                }
            })
    }
}
