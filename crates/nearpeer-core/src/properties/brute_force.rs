//! Every match there is, one by one. Shares nothing with the solve; scores are the checker's plain ones.

use super::brute_places::Places;
use super::constraints::{Met, asks_for_slots, kept, slots_kept};
use crate::programme::{ObjectiveLevel, Program};
use crate::roster::{People, Roster};
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
    best: Option<Found>,
}

/// A match's values by level, and what it is compared by: the same, with all scores where the order of scores counts.
struct Found {
    values: Vec<i64>,
    compared: Vec<i64>,
}

/// The values of the levels of the best match, `None` if there is no match.
pub(super) fn best(roster: &Roster, program: &Program) -> Option<Vec<i64>> {
    search(roster, program).map(|best| best.values)
}

/// What the best match is compared by: of two programmes over the same people, the one that allows less has no more of it.
pub(super) fn rank_of_best(roster: &Roster, program: &Program) -> Option<Vec<i64>> {
    search(roster, program).map(|best| best.compared)
}

fn search(roster: &Roster, program: &Program) -> Option<Found> {
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
        best: None,
    };
    search.try_pair(0);
    search.best
}

fn load(people: &People, ix: usize, min: u32, max: u32) -> (u32, u32) {
    let max = people.load_max(ix).unwrap_or(max);
    let min = if max == 0 { 0 } else { min };
    (people.load_min(ix).unwrap_or(min), max)
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
        let room = self.mentees[mentee] < mentee_max && self.mentors[mentor] < mentor_max;
        self.chosen.push(next);
        if room && self.can_meet() {
            self.mentees[mentee] += 1;
            self.mentors[mentor] += 1;
            self.scores.push(score);
            self.try_pair(next + 1);
            self.mentees[mentee] -= 1;
            self.mentors[mentor] -= 1;
            self.scores.pop();
        }
        self.chosen.pop();
    }

    /// Whether the chosen pairs can all meet, if they are to have slots.
    fn can_meet(&self) -> bool {
        self.places.as_ref().is_none_or(|places| {
            let chosen = self.chosen.iter();
            let pairs: Vec<&[usize]> = chosen.map(|&pair| &*self.of_pair[pair]).collect();
            places.hold(&pairs, &mut |_| true)
        })
    }

    /// Whether the chosen pairs keep what the programme asks beside the loads.
    fn keeps_constraints(&self) -> bool {
        let pair = |ix: &usize| (self.pairs[*ix].0, self.pairs[*ix].1);
        let pairs: Vec<(usize, usize)> = self.chosen.iter().map(pair).collect();
        if !kept(self.roster, self.program, &pairs) {
            return false;
        }
        let Some(places) = self
            .places
            .as_ref()
            .filter(|_| asks_for_slots(self.program))
        else {
            return true;
        };
        let all: Vec<&[usize]> = self
            .chosen
            .iter()
            .map(|&pair| &*self.of_pair[pair])
            .collect();
        places.hold(&all, &mut |seats| {
            let met = pairs.iter().zip(seats);
            let met: Vec<Met> = met
                .map(|(pair, place)| (pair.0, pair.1, *place, places.slot(*place)))
                .collect();
            slots_kept(self.roster, self.program, &met)
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
        let loads_kept = (0..self.mentees.len()).all(|ix| self.mentees[ix] >= self.mentee(ix).0)
            && (0..self.mentors.len()).all(|ix| {
                self.mentors[ix] >= self.mentor(ix).0 || (or_none && self.mentors[ix] == 0)
            });
        if !loads_kept || !self.keeps_constraints() {
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
        let promised = values.len();
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
        if values.len() == promised {
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

    /// Whether a constraint promises anything: so many pairs, or so many of a group.
    fn promises_more(&self) -> bool {
        let mut quotas = self.program.quotas.iter();
        let mut balance = self.program.balance.iter();
        quotas.any(|quota| quota.at_least.is_some_and(|least| least > 0))
            || balance.any(|balance| {
                let people = self.roster.mentees();
                let has_groups = match &*balance.column {
                    "gender" => (0..people.len()).any(|ix| people.gender(ix).is_some()),
                    column => (0..people.len()).any(|ix| {
                        let cells = people.extra(column).expect("a column");
                        *cells.cell(ix) != crate::roster::Cell::Missing
                    }),
                };
                has_groups && balance.at_least.is_some_and(|share| share > 0.0)
            })
    }

    fn scores_count(&self) -> bool {
        self.program.objective.last() == Some(&ObjectiveLevel::Score)
    }

    /// Whether the certificate has a level of obligations.
    fn has_obligations(&self) -> bool {
        let or_none = self.program.loads.mentor.or_none;
        let others = self.mentees.len() as u32;
        !self.roster.required().is_empty()
            || self.promises_more()
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
