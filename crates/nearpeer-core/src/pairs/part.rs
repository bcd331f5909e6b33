//! People who can only be paired with each other: a part of the roster that can be solved by itself.

use std::borrow::Cow;
use std::sync::Arc;

use super::roster::{Blocked, RosterPairs};
use super::{Pairs, Sweep};
use crate::roster::Role;

/// Some mentees and mentors, who are numbered from 0 here, and all pairs that they can be in.
pub(crate) struct Part<'p> {
    whole: &'p RosterPairs<'p>,
    /// The mentees and the mentors of the part, ascending, as the roster numbers them.
    people: [Vec<u32>; 2],
    /// Everybody's number in the part that they are in.
    numbers: Arc<[Vec<u32>; 2]>,
    blocked: Blocked,
}

/// The parts of a roster, from the largest to the smallest; none if there is only one.
pub(super) fn parts<'p>(
    whole: &'p RosterPairs<'p>,
    links: &[Vec<Option<u32>>; 2],
) -> Vec<Part<'p>> {
    let (groups, count) = whole.groups(links);
    let mut people: Vec<[Vec<u32>; 2]> = (0..count).map(|_| Default::default()).collect();
    let mut numbers = [Vec::new(), Vec::new()];
    for side in [0, 1] {
        for (person, class) in (0u32..).zip(&whole.classes()[side]) {
            let of_group = &mut people[groups[side][*class as usize] as usize][side];
            numbers[side].push(of_group.len() as u32);
            of_group.push(person);
        }
    }
    if people.iter().filter(|people| !people[0].is_empty()).count() < 2 {
        return Vec::new();
    }
    let mut order: Vec<[Vec<u32>; 2]> = (0..count).map(|_| Default::default()).collect();
    for (side, role) in [Role::Mentee, Role::Mentor].into_iter().enumerate() {
        for &person in whole.order(role).iter() {
            let class = whole.classes()[side][person as usize];
            order[groups[side][class as usize] as usize][side].push(person);
        }
    }
    let numbers = Arc::new(numbers);
    let mut parts: Vec<Part<'p>> = people
        .into_iter()
        .zip(order)
        .map(|(people, order)| Part {
            whole,
            people,
            numbers: Arc::clone(&numbers),
            blocked: whole.blocked(order),
        })
        .collect();
    parts.sort_by_key(|part| std::cmp::Reverse(part.people[0].len() * part.people[1].len()));
    parts
}

impl Part<'_> {
    /// The mentees or the mentors of the part, ascending, as the roster numbers them.
    pub(crate) fn people(&self, role: Role) -> &[u32] {
        &self.people[role as usize]
    }

    /// A person's number in the part that the person is in.
    pub(crate) fn number(&self, role: Role, person: u32) -> u32 {
        self.numbers[role as usize][person as usize]
    }

    fn in_roster(&self, role: Role, number: usize) -> usize {
        self.people[role as usize][number] as usize
    }
}

impl Pairs for Part<'_> {
    fn mentees(&self) -> usize {
        self.people[0].len()
    }

    fn mentors(&self) -> usize {
        self.people[1].len()
    }

    fn row(&self, mentee: usize, row: &mut Vec<(u32, i64)>) {
        row.clear();
        let mentee = self.in_roster(Role::Mentee, mentee);
        self.whole
            .each_mentor(&self.blocked, mentee, |mentor, score| {
                row.push((self.number(Role::Mentor, mentor), score));
            });
    }

    fn score(&self, mentee: usize, mentor: u32) -> Option<i64> {
        let mentee = self.in_roster(Role::Mentee, mentee);
        let mentor = self.in_roster(Role::Mentor, mentor as usize);
        self.whole.score_of(mentee, mentor)
    }

    fn score_range(&self) -> (i64, i64) {
        self.whole.score_range()
    }

    fn order(&self, role: Role) -> Cow<'_, [u32]> {
        let order = self.blocked.order[role as usize].iter();
        order.map(|person| self.number(role, *person)).collect()
    }

    fn is_scored_quickly(&self) -> bool {
        self.whole.is_scored_quickly()
    }

    fn sweep<'s>(&'s self, role: Role, prices: &'s [i64]) -> Option<Box<dyn Sweep + 's>> {
        let other = match role {
            Role::Mentee => Role::Mentor,
            Role::Mentor => Role::Mentee,
        };
        let price = |person: u32| prices[self.number(other, person) as usize];
        Some(Box::new(PartSweep {
            sweep: self.whole.sweep_of(&self.blocked, role, price),
            part: self,
            role,
            other,
        }))
    }
}

struct PartSweep<'s> {
    sweep: super::roster::BlockSweep<'s>,
    part: &'s Part<'s>,
    role: Role,
    other: Role,
}

impl Sweep for PartSweep<'_> {
    fn row(&self, person: usize, floor: i64, visit: &mut dyn FnMut(u32, i64) -> i64) {
        let person = self.part.in_roster(self.role, person);
        self.sweep.visit(person, floor, |other, score| {
            visit(self.part.number(self.other, other), score)
        });
    }
}
