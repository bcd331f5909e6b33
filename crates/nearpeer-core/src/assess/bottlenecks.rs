//! Bottlenecks: mentees who can only be served by mentors with too little room for them.
//!
//! By Hall's theorem (1935) no match covers more mentees of a set than the mentors whom they may have can take. What is
//! reached from the mentees whom a greatest coverage leaves out is such a set with the greatest shortage there is, and of all
//! those the smallest (Dulmage and Mendelsohn 1958): everybody in it is left in one or another of the greatest
//! coverages. It depends on nothing but the eligible pairs and the loads. It falls into parts that share no mentor; each is
//! a bottleneck, and their shortages add up to the number of mentees less the greatest coverage.

use serde::Serialize;

use super::coverage::{Coverage, NOBODY};
use super::joined::joined;
use crate::error::Error;
use crate::interrupt::Interrupt;
use crate::program::{Chosen, IntegerProgram};
use crate::roster::Roster;
use crate::words::counted;

/// Mentees who can only be served by these mentors, who have too little room for them.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Bottleneck {
    /// Its number, from 1: the greatest shortage comes first.
    pub number: usize,
    /// The ids of the mentees.
    pub mentees: Vec<String>,
    /// The ids of all mentors who may be paired with any of them; nobody, where they may have no one.
    pub mentors: Vec<String>,
    /// How many mentees these mentors can take together.
    pub room: u64,
}

impl Bottleneck {
    /// At least so many of the mentees are left by every match.
    #[must_use]
    pub fn shortage(&self) -> usize {
        self.mentees.len() - self.room as usize
    }

    /// The bottleneck in words.
    #[must_use]
    pub fn sentence(&self) -> String {
        let (mentees, shortage) = (counted(self.mentees.len(), "mentee"), self.shortage());
        match self.mentors.len() {
            0 => format!("{mentees} can be served by nobody: {shortage} will be left"),
            mentors => format!(
                "{mentees} can only be served by {}{}, room for {}: at least {shortage} will be left",
                if mentors == 1 { "" } else { "these " },
                counted(mentors, "mentor"),
                self.room
            ),
        }
    }
}

/// Bottlenecks by the numbers of people.
pub(crate) struct Bottlenecks {
    /// The most mentees that loads allow to be covered.
    pub(crate) coverage: usize,
    pub(crate) sets: Vec<Set>,
    /// By mentee the place in `sets`, or [`NOBODY`].
    of_mentee: Vec<u32>,
}

/// One bottleneck; people ascending.
#[derive(Default)]
pub(crate) struct Set {
    pub(crate) mentees: Vec<u32>,
    pub(crate) mentors: Vec<u32>,
    pub(crate) room: u64,
}

impl Set {
    fn shortage(&self) -> u64 {
        self.mentees.len() as u64 - self.room
    }
}

impl Bottlenecks {
    /// Those of a program, by loads alone; `start` is any match.
    ///
    /// # Errors
    /// The interrupt's.
    pub(crate) fn find(
        program: &IntegerProgram,
        start: &[Chosen],
        interrupt: &Interrupt,
    ) -> Result<Self, Error> {
        let coverage = Coverage::greatest(program, start, interrupt)?;
        let [mentees, mentors] = &coverage.reached;
        let groups = joined(program, mentees, interrupt)?;
        let mut numbers = std::collections::HashMap::new();
        let mut sets: Vec<Set> = Vec::new();
        let mut set_of = |group: u32, sets: &mut Vec<Set>| -> usize {
            *numbers.entry(group).or_insert_with(|| {
                sets.push(Set::default());
                sets.len() - 1
            })
        };
        for mentee in 0..mentees.len() {
            if mentees[mentee] || program.mentees[mentee].max == 0 {
                // All whom nobody can serve are one set: they are in no group.
                let set = set_of(groups[0][mentee], &mut sets);
                sets[set].mentees.push(mentee as u32);
            }
        }
        for mentor in (0..mentors.len()).filter(|mentor| mentors[*mentor]) {
            let set = set_of(groups[1][mentor], &mut sets);
            sets[set].mentors.push(mentor as u32);
            sets[set].room += u64::from(program.mentors[mentor].max);
        }
        sets.sort_by_key(|set| (std::cmp::Reverse(set.shortage()), set.mentees[0]));
        let mut of_mentee = vec![NOBODY; mentees.len()];
        for (place, set) in (0u32..).zip(&sets) {
            for mentee in &set.mentees {
                of_mentee[*mentee as usize] = place;
            }
        }
        Ok(Self {
            coverage: coverage.covered(),
            sets,
            of_mentee,
        })
    }

    /// The number of the mentee's bottleneck, from 1, and what it consists of.
    pub(crate) fn of(&self, mentee: usize) -> Option<(usize, &Set)> {
        let place = self.of_mentee[mentee];
        (place != NOBODY).then(|| (place as usize + 1, &self.sets[place as usize]))
    }

    /// The same with ids.
    pub(super) fn named(&self, roster: &Roster) -> Vec<Bottleneck> {
        let sets = (1..).zip(&self.sets);
        sets.map(|(number, set)| {
            let mentees = set.mentees.iter();
            let mentors = set.mentors.iter();
            Bottleneck {
                number,
                mentees: mentees
                    .map(|ix| roster.mentees().id(*ix as usize).to_owned())
                    .collect(),
                mentors: mentors
                    .map(|ix| roster.mentors().id(*ix as usize).to_owned())
                    .collect(),
                room: set.room,
            }
        })
        .collect()
    }
}
