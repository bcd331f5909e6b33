//! Classes: people who are alike in all that rules and criteria on a few values look at. What such a rule or
//! criterion says of two people, it says of all pairs of their classes.

use std::collections::HashMap;

use crate::roster::{Cell, ExtraColumn, Role, Roster};

/// What a rule or criterion looks at.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Reads<'r> {
    Grade,
    Site,
    /// Gender, and whether the same is required.
    Gender,
    /// A column of the mentees and one of the mentors.
    Cells(&'r ExtraColumn, &'r ExtraColumn),
    /// One person alone: worked out before.
    Person,
    /// Interests on bitsets, counted by blocks.
    Overlap,
    /// More than there are classes for.
    Pair,
}

/// People a class, on average, for whom it pays to be split by a gender or a column's values. Grades and sites, which
/// decide the most, always split.
const FEWEST: usize = if cfg!(test) { 1 } else { 500 };

impl Reads<'_> {
    /// A number for each person of one side, equal where all that is looked at is.
    fn codes(self, roster: &Roster, role: Role) -> Vec<u32> {
        let people = roster.side(role);
        let code = |code: Option<u32>| code.map_or(0, |code| code + 1);
        let all = 0..people.len();
        match self {
            Self::Grade => all
                .map(|ix| code(people.grade(ix).map(|grade| (grade.number() + 1) as u32)))
                .collect(),
            Self::Site => all.map(|ix| code(people.site(ix))).collect(),
            Self::Gender => all
                .map(|ix| 2 * code(people.gender(ix)) + u32::from(people.requires_same_gender(ix)))
                .collect(),
            Self::Cells(mentees, mentors) => {
                let cells = match role {
                    Role::Mentee => mentees,
                    Role::Mentor => mentors,
                };
                let mut known: HashMap<(u64, &str), u32> = HashMap::new();
                all.map(|ix| {
                    let key = match cells.cell(ix) {
                        Cell::Missing => return 0,
                        // 0.0 and -0.0 are equal.
                        Cell::Number(number) => ((number + 0.0).to_bits(), ""),
                        Cell::Text(text) => (u64::MAX, text.as_str()),
                    };
                    let next = known.len() as u32 + 1;
                    *known.entry(key).or_insert(next)
                })
                .collect()
            }
            Self::Person | Self::Overlap | Self::Pair => unreachable!("there are no classes of it"),
        }
    }
}

/// The classes of one side.
#[derive(Debug)]
pub(super) struct Classes {
    /// Each person's class.
    pub(super) of: Vec<u32>,
    /// Somebody of each class.
    pub(super) somebody: Vec<u32>,
}

impl Classes {
    /// Everybody in one class.
    pub(super) fn new(roster: &Roster, role: Role) -> Self {
        let people = roster.side(role).len();
        Self {
            of: vec![0; people],
            somebody: vec![0; people.min(1)],
        }
    }

    fn split(&self, codes: &[u32]) -> Self {
        let mut numbers: HashMap<(u32, u32), u32> = HashMap::new();
        let mut split = Self {
            of: Vec::with_capacity(self.of.len()),
            somebody: Vec::new(),
        };
        for (ix, (class, code)) in (0u32..).zip(self.of.iter().zip(codes)) {
            let class = *numbers.entry((*class, *code)).or_insert_with(|| {
                split.somebody.push(ix);
                split.somebody.len() as u32 - 1
            });
            split.of.push(class);
        }
        split
    }
}

/// Splits the classes of both sides by what is read, unless that would make too many; says whether it did.
pub(super) fn split(roster: &Roster, classes: &mut [Classes; 2], reads: Reads) -> bool {
    if matches!(reads, Reads::Person | Reads::Overlap | Reads::Pair) {
        return false;
    }
    let [mentees, mentors] = [Role::Mentee, Role::Mentor].map(|role| reads.codes(roster, role));
    let split = [classes[0].split(&mentees), classes[1].split(&mentors)];
    let is_small = |classes: &Classes| classes.of.len() < FEWEST * classes.somebody.len();
    let always = matches!(reads, Reads::Grade | Reads::Site);
    if !always && split.iter().any(is_small) {
        return false;
    }
    *classes = split;
    true
}

impl PartialEq for Reads<'_> {
    fn eq(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::Cells(a, b), Self::Cells(c, d)) => std::ptr::eq(*a, *c) && std::ptr::eq(*b, *d),
            _ => std::mem::discriminant(self) == std::mem::discriminant(other),
        }
    }
}
