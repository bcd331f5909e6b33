//! Supply and demand by site, grade, slot and language.
//!
//! Two passes over the eligible pairs give all of it: one by mentee says who is served, one by mentor which mentees' values a
//! mentor is in reach of.

use std::ops::Range;

use rayon::prelude::*;
use serde::Serialize;

use crate::error::Error;
use crate::interrupt::Interrupt;
use crate::pairs::{Pairs, RosterPairs};
use crate::program::IntegerProgram;
use crate::progress::Phase;
use crate::roster::{Code, Field, People, Role, Roster};

/// Demand and supply of those who have one value in a column.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Supply {
    /// The column: `site`, `grade`, `slot`, `language`.
    pub by: &'static str,
    /// The value; `None` for those who have none.
    pub value: Option<String>,
    /// How many mentees have it.
    pub mentees: usize,
    /// How many of them have at least one eligible mentor; by slot and language, one who has the value, too.
    pub mentees_served: usize,
    /// How many mentors have it.
    pub mentors: usize,
    /// How many of them pass every rule on themselves: screening, training, consent and the like.
    pub mentors_ready: usize,
    /// How many mentees those can take together.
    pub room: u64,
    /// How many mentors may be paired with any of the mentees; by slot and language those who have the value, too.
    pub mentors_in_reach: usize,
    /// How many mentees those can take together: where this is less than `mentees`, somebody will be left.
    pub room_in_reach: u64,
}

/// A column by which people are counted.
struct Column {
    by: &'static str,
    field: Field,
    /// Whether both of a pair must have the value.
    both: bool,
}

const COLUMNS: [Column; 4] = [
    Column {
        by: "site",
        field: Field::Site,
        both: false,
    },
    Column {
        by: "grade",
        field: Field::Grade,
        both: false,
    },
    Column {
        by: "slot",
        field: Field::Slots,
        both: true,
    },
    Column {
        by: "language",
        field: Field::Languages,
        both: true,
    },
];

impl Column {
    /// How many values there are; the number itself stands for none.
    fn size(&self, roster: &Roster) -> usize {
        match self.field {
            Field::Site => roster.sites().len(),
            Field::Slots => roster.slots().len(),
            Field::Languages => roster.languages().len(),
            _ => GRADES,
        }
    }

    /// Calls `visit` with each of a person's values.
    #[inline]
    fn each(&self, people: &People, ix: usize, none: usize, mut visit: impl FnMut(usize)) {
        let list = match self.field {
            Field::Site => return visit(people.site(ix).map_or(none, |code| code as usize)),
            Field::Slots => people.slots(ix),
            Field::Languages => people.languages(ix),
            _ => return visit(grade(people, ix).unwrap_or(none)),
        };
        match list {
            Some(codes) if !codes.is_empty() => codes.iter().for_each(|code| visit(*code as usize)),
            _ => visit(none),
        }
    }

    fn word(&self, roster: &Roster, value: usize) -> String {
        let words = match self.field {
            Field::Site => roster.sites(),
            Field::Slots => roster.slots(),
            Field::Languages => roster.languages(),
            _ => {
                let grade = crate::Grade::new(value as i64 - 1);
                return grade.map_or_else(String::new, |grade| grade.to_string());
            }
        };
        words.word(value as Code).to_owned()
    }
}

/// Grades from pre-kindergarten to 99.
const GRADES: usize = 101;

/// A grade as a place: pre-kindergarten is 0.
fn grade(people: &People, ix: usize) -> Option<usize> {
    people.grade(ix).map(|grade| (grade.number() + 1) as usize)
}

/// What a pass over some people finds.
struct Pass {
    /// By person, how many may be paired with them.
    candidates: Vec<usize>,
    /// By column and value the people, and what they can take together.
    reached: Vec<Vec<(usize, u64)>>,
}

impl Pass {
    fn new(sizes: &[usize]) -> Self {
        let reached = sizes.iter().map(|size| vec![(0, 0); size + 1]);
        Self {
            candidates: Vec::new(),
            reached: reached.collect(),
        }
    }

    /// Puts the results of the people who come next behind these.
    fn then(mut self, next: Self) -> Self {
        self.candidates.extend(next.candidates);
        for (column, other) in self.reached.iter_mut().zip(next.reached) {
            for (value, other) in column.iter_mut().zip(other) {
                *value = (value.0 + other.0, value.1 + other.1);
            }
        }
        self
    }
}

/// How many may be paired with each mentee and each mentor, and supply and demand.
pub(super) fn all(
    roster: &Roster,
    pairs: &RosterPairs,
    program: &IntegerProgram,
    interrupt: &Interrupt,
) -> Result<([Vec<usize>; 2], Vec<Supply>), Error> {
    let sides = [roster.mentees(), roster.mentors()];
    let columns: Vec<Column> = COLUMNS
        .into_iter()
        .filter(|column| sides.iter().any(|side| side.has(column.field)))
        .collect();
    let sizes: Vec<usize> = columns.iter().map(|column| column.size(roster)).collect();
    let room = |ix: usize| u64::from(program.mentors[ix].max);
    let over = |role: Role| pass(roster, pairs, &columns, &sizes, role, room, interrupt);
    let (by_mentee, by_mentor) = (over(Role::Mentee)?, over(Role::Mentor)?);
    let mut supply = Vec::new();
    for (place, column) in columns.iter().enumerate() {
        let none = sizes[place];
        // Mentees, mentors, those of them who are ready, and their room.
        let mut counts = vec![(0, 0, 0, 0); none + 1];
        for ix in 0..sides[0].len() {
            column.each(sides[0], ix, none, |value| counts[value].0 += 1);
        }
        for ix in 0..sides[1].len() {
            let ready = pairs.eligibility.is_able(Role::Mentor, ix);
            column.each(sides[1], ix, none, |value| {
                let counts = &mut counts[value];
                counts.1 += 1;
                if ready {
                    (counts.2, counts.3) = (counts.2 + 1, counts.3 + room(ix));
                }
            });
        }
        let row = |value: usize| {
            let (mentees, mentors, mentors_ready, room) = counts[value];
            let (mentors_in_reach, room_in_reach) = by_mentor.reached[place][value];
            Supply {
                by: column.by,
                value: (value < none).then(|| column.word(roster, value)),
                mentees,
                mentees_served: by_mentee.reached[place][value].0,
                mentors,
                mentors_ready,
                room,
                mentors_in_reach,
                room_in_reach,
            }
        };
        let rows = (0..none).chain([none]).map(row);
        let mut rows: Vec<Supply> = rows.filter(|row| row.mentees + row.mentors > 0).collect();
        if column.field != Field::Grade {
            // Those without a value stay last.
            rows.sort_by(|a, b| (a.value.is_none(), &a.value).cmp(&(b.value.is_none(), &b.value)));
        }
        supply.extend(rows);
    }
    Ok(([by_mentee.candidates, by_mentor.candidates], supply))
}

/// A pass over one side: by column and value, how many of its people have an eligible partner with the value (and have it
/// themselves where both must). By mentee and a column that only one needs to have it is the mentee's own value that
/// counts.
fn pass(
    roster: &Roster,
    pairs: &RosterPairs,
    columns: &[Column],
    sizes: &[usize],
    role: Role,
    room: impl Fn(usize) -> u64 + Sync,
    interrupt: &Interrupt,
) -> Result<Pass, Error> {
    let (own, other) = match role {
        Role::Mentee => (roster.mentees(), roster.mentors()),
        Role::Mentor => (roster.mentors(), roster.mentees()),
    };
    let free = vec![0; other.len()];
    let sweep = pairs.sweep(role, &free);
    let sweep = sweep.expect("people of a roster are passed over from either side");
    let walk = interrupt.walk(Phase::Explain, own.len());
    let part = own.len().div_ceil(4 * rayon::current_num_threads()).max(1);
    let parts: Vec<Range<usize>> = (0..own.len())
        .step_by(part)
        .map(|from| from..(from + part).min(own.len()))
        .collect();
    let of_part = |people: Range<usize>| {
        let mut found = Pass::new(sizes);
        // By column and value the number of the last person who has it, and of the last who can reach it.
        let stamps = || -> Vec<Vec<u32>> { sizes.iter().map(|size| vec![0; size + 1]).collect() };
        let (mut has, mut seen) = (stamps(), stamps());
        // By column, how many of the person's own values nobody with them has been seen for, and the value seen last.
        let (mut left, mut last) = (vec![0usize; sizes.len()], vec![usize::MAX; sizes.len()]);
        for ix in people {
            if !walk.goes_on(ix) {
                break;
            }
            let stamp = ix as u32 + 1;
            for (place, column) in columns.iter().enumerate() {
                (left[place], last[place]) = (0, usize::MAX);
                column.each(own, ix, sizes[place], |value| {
                    left[place] += usize::from(has[place][value] != stamp);
                    has[place][value] = stamp;
                });
            }
            let takes = if role == Role::Mentor { room(ix) } else { 0 };
            let mut count = 0;
            sweep.row(ix, -1, &mut |partner, _| {
                count += 1;
                for (place, column) in columns.iter().enumerate() {
                    // Most pairs tell nothing new.
                    if (role == Role::Mentee && !column.both) || (column.both && left[place] == 0) {
                        continue;
                    }
                    column.each(other, partner as usize, sizes[place], |value| {
                        if value == last[place] {
                            return;
                        }
                        last[place] = value;
                        let known = seen[place][value] == stamp;
                        if !known && (!column.both || has[place][value] == stamp) {
                            seen[place][value] = stamp;
                            left[place] = left[place].saturating_sub(1);
                            let reached = &mut found.reached[place][value];
                            *reached = (reached.0 + 1, reached.1 + takes);
                        }
                    });
                }
                -1
            });
            if role == Role::Mentee && count > 0 {
                for (place, column) in columns.iter().enumerate().filter(|(_, one)| !one.both) {
                    column.each(own, ix, sizes[place], |value| {
                        found.reached[place][value].0 += 1;
                    });
                }
            }
            found.candidates.push(count);
        }
        found
    };
    let parts: Vec<Pass> = parts.into_par_iter().map(of_part).collect();
    walk.end()?;
    Ok(parts.into_iter().fold(Pass::new(sizes), Pass::then))
}
