//! The most mentees that loads allow to be covered, and all who stand in the way of more.
//!
//! One search goes out from all uncovered mentees at once, along alternating paths: from a mentee to every eligible
//! mentor, from a mentor to the mentees whom it has. The tree of a mentee that comes to a mentor with room is done: its
//! path is turned over, and one mentee more is covered. When a search covers nobody, all mentors that it came to are
//! full, and no way leads out: what it reached proves that there is no more to be had (Kőnig 1931).
//!
//! Source: Azad, Buluç and Pothen, *Computing maximum cardinality matchings in parallel on bipartite graphs via
//! tree-grafting* (2017), for a search from many sources. Pairs are streamed, and those with mentors who are reached
//! already are skipped in whole blocks.

use rayon::prelude::*;

use crate::error::Error;
use crate::interrupt::Interrupt;
use crate::program::{Chosen, IntegerProgram, Mentor};
use crate::roster::Role;
use crate::solve::{chosen_of_parts, of_part};

/// In place of a person.
pub(crate) const NOBODY: u32 = u32::MAX;

/// A price that no pair is worth.
const FAR: i64 = 1 << 50;

/// As many covered mentees as loads allow.
pub(crate) struct Coverage {
    /// By mentee the mentor, or [`NOBODY`].
    mentor_of: Vec<u32>,
    /// By mentor the mentees.
    has: Vec<Vec<u32>>,
    /// Who can be reached from uncovered mentees: mentees, then mentors.
    pub(crate) reached: [Vec<bool>; 2],
}

impl Coverage {
    /// Starts from a match, and makes more of it where that can be, part by part. Of the program only the eligible pairs
    /// and the greatest loads count.
    ///
    /// # Errors
    /// The interrupt's.
    pub(crate) fn greatest(
        program: &IntegerProgram,
        start: &[Chosen],
        interrupt: &Interrupt,
    ) -> Result<Self, Error> {
        let parts = program.pairs.parts();
        if parts.is_empty() {
            return Self::of_whole(program, start, interrupt);
        }
        let starts = chosen_of_parts(&parts, program.mentees.len(), start);
        let found = parts.par_iter().zip(&starts).with_max_len(1);
        let found: Vec<Self> = found
            .map(|(part, start)| Self::of_whole(&of_part(program, part), start, interrupt))
            .collect::<Result<_, Error>>()?;
        let mut whole = Self {
            mentor_of: vec![NOBODY; program.mentees.len()],
            has: vec![Vec::new(); program.mentors.len()],
            reached: [
                vec![false; program.mentees.len()],
                vec![false; program.mentors.len()],
            ],
        };
        for (part, found) in parts.iter().zip(found) {
            let (mentees, mentors) = (part.people(Role::Mentee), part.people(Role::Mentor));
            for (mentee, mentor) in mentees.iter().zip(found.mentor_of) {
                if mentor != NOBODY {
                    let mentor = mentors[mentor as usize];
                    whole.mentor_of[*mentee as usize] = mentor;
                    whole.has[mentor as usize].push(*mentee);
                }
            }
            for (side, people) in [mentees, mentors].into_iter().enumerate() {
                for (person, reached) in people.iter().zip(&found.reached[side]) {
                    whole.reached[side][*person as usize] = *reached;
                }
            }
        }
        Ok(whole)
    }

    fn of_whole(
        program: &IntegerProgram,
        start: &[Chosen],
        interrupt: &Interrupt,
    ) -> Result<Self, Error> {
        let mut coverage = Self {
            mentor_of: vec![NOBODY; program.mentees.len()],
            has: vec![Vec::new(); program.mentors.len()],
            reached: Default::default(),
        };
        for pair in start {
            // One mentor is enough to be covered.
            if coverage.mentor_of[pair.mentee as usize] == NOBODY {
                coverage.mentor_of[pair.mentee as usize] = pair.mentor;
                coverage.has[pair.mentor as usize].push(pair.mentee);
            }
        }
        coverage.fill(program, interrupt)?;
        let alone = coverage.alone(program, interrupt)?;
        while coverage.grow(program, &alone, interrupt)? {}
        Ok(coverage)
    }

    /// How many mentees are covered.
    pub(crate) fn covered(&self) -> usize {
        let mentors = self.mentor_of.iter();
        mentors.filter(|mentor| **mentor != NOBODY).count()
    }

    /// Gives uncovered mentees the first mentor of theirs who has room.
    fn fill(&mut self, program: &IntegerProgram, interrupt: &Interrupt) -> Result<(), Error> {
        let mut left: &[u32] = &(0..self.mentor_of.len() as u32)
            .filter(|mentee| {
                let ix = *mentee as usize;
                self.mentor_of[ix] == NOBODY && program.mentees[ix].max > 0
            })
            .collect::<Vec<u32>>();
        while !left.is_empty() {
            let is_full = |(has, mentor): (&Vec<u32>, &Mentor)| has.len() >= mentor.max as usize;
            let price = |mentor| if is_full(mentor) { FAR } else { 0 };
            let prices: Vec<i64> = self.has.iter().zip(&program.mentors).map(price).collect();
            let sweep = program.pairs.sweep(Role::Mentee, &prices);
            let sweep = sweep.expect("there is a pass over mentees");
            // Setting the prices anew takes as long as so many looks at mentors who are full.
            let mut wasted = 0;
            while let [mentee, rest @ ..] = left
                && wasted <= self.has.len()
            {
                left = rest;
                interrupt.check()?;
                sweep.row(*mentee as usize, -1, &mut |mentor, _| {
                    let ix = mentor as usize;
                    if self.has[ix].len() >= program.mentors[ix].max as usize {
                        wasted += 1;
                        return -1;
                    }
                    self.has[ix].push(*mentee);
                    self.mentor_of[*mentee as usize] = mentor;
                    FAR
                });
            }
        }
        Ok(())
    }

    /// The uncovered mentees whom nobody may have, so that no search looks for their pairs again.
    fn alone(&self, program: &IntegerProgram, interrupt: &Interrupt) -> Result<Vec<bool>, Error> {
        let free = vec![0; self.has.len()];
        let sweep = program.pairs.sweep(Role::Mentee, &free);
        let sweep = sweep.expect("there is a pass over mentees");
        let mut alone = vec![false; self.mentor_of.len()];
        for (mentee, alone) in alone.iter_mut().enumerate() {
            interrupt.check()?;
            if self.mentor_of[mentee] == NOBODY && program.mentees[mentee].max > 0 {
                *alone = true;
                sweep.row(mentee, -1, &mut |_, _| {
                    *alone = false;
                    FAR
                });
            }
        }
        Ok(alone)
    }

    /// One search; whether it covered anybody.
    fn grow(
        &mut self,
        program: &IntegerProgram,
        alone: &[bool],
        interrupt: &Interrupt,
    ) -> Result<bool, Error> {
        let mentees = self.mentor_of.len() as u32;
        // Through whom a mentor was reached, and from which uncovered mentee a mentee was.
        let mut from = vec![NOBODY; self.has.len()];
        let mut root = vec![NOBODY; self.mentor_of.len()];
        let mut done = vec![false; self.mentor_of.len()];
        let mut frontier: Vec<u32> = (0..mentees)
            .filter(|&mentee| {
                let ix = mentee as usize;
                self.mentor_of[ix] == NOBODY && program.mentees[ix].max > 0 && !alone[ix]
            })
            .collect();
        for &mentee in &frontier {
            root[mentee as usize] = mentee;
        }
        let mut grown = false;
        while !frontier.is_empty() {
            let mut next = Vec::new();
            let mut left = &frontier[..];
            while !left.is_empty() {
                let price = |through: &u32| if *through == NOBODY { 0 } else { FAR };
                let prices: Vec<i64> = from.iter().map(price).collect();
                let sweep = program.pairs.sweep(Role::Mentee, &prices);
                let sweep = sweep.expect("there is a pass over mentees");
                let mut wasted = 0;
                while let [mentee, rest @ ..] = left
                    && wasted <= self.has.len()
                {
                    left = rest;
                    interrupt.check()?;
                    let origin = root[*mentee as usize];
                    if done[origin as usize] {
                        continue;
                    }
                    sweep.row(*mentee as usize, -1, &mut |mentor, _| {
                        let ix = mentor as usize;
                        if from[ix] != NOBODY {
                            wasted += 1;
                            return -1;
                        }
                        from[ix] = *mentee;
                        if self.has[ix].len() < program.mentors[ix].max as usize {
                            self.turn_over(mentor, &from);
                            (done[origin as usize], grown) = (true, true);
                            // The rest of the mentee's pairs are of no interest.
                            return FAR;
                        }
                        for &other in &self.has[ix] {
                            if root[other as usize] == NOBODY {
                                root[other as usize] = origin;
                                next.push(other);
                            }
                        }
                        -1
                    });
                }
            }
            frontier = next;
        }
        self.reached = [root, from].map(|through| {
            let is_reached = |through: u32| through != NOBODY;
            through.into_iter().map(is_reached).collect()
        });
        let reached = self.reached[0].iter_mut().zip(alone);
        reached.for_each(|(reached, alone)| *reached |= alone);
        Ok(grown)
    }

    /// Gives `mentor` the mentee through whom it was reached, and the place that this mentee had to the one through
    /// whom that was reached, and so on.
    fn turn_over(&mut self, mut mentor: u32, from: &[u32]) {
        while mentor != NOBODY {
            let mentee = from[mentor as usize];
            let before = std::mem::replace(&mut self.mentor_of[mentee as usize], mentor);
            self.has[mentor as usize].push(mentee);
            if before != NOBODY {
                self.has[before as usize].retain(|other| *other != mentee);
            }
            mentor = before;
        }
    }
}
