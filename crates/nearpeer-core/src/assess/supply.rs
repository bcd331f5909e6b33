//! Supply and demand by site, grade, slot and language.

use std::collections::BTreeMap;

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
    values: fn(&People, usize) -> Values<'_>,
}

/// What a person has in a column.
enum Values<'r> {
    One(Option<Code>),
    List(Option<&'r [Code]>),
}

impl Values<'_> {
    fn each(&self) -> Vec<Option<Code>> {
        match self {
            Self::One(code) => vec![*code],
            Self::List(Some(codes)) if !codes.is_empty() => {
                codes.iter().copied().map(Some).collect()
            }
            Self::List(_) => vec![None],
        }
    }

    fn has(&self, value: Option<Code>) -> bool {
        match (self, value) {
            (Self::One(code), value) => *code == value,
            (Self::List(codes), Some(value)) => codes.unwrap_or_default().contains(&value),
            (Self::List(codes), None) => codes.unwrap_or_default().is_empty(),
        }
    }
}

/// A grade as a code that sorts as grades do: pre-kindergarten is 0.
fn grade(people: &People, ix: usize) -> Option<Code> {
    people.grade(ix).map(|grade| (grade.number() + 1) as Code)
}

const COLUMNS: [Column; 4] = [
    Column {
        by: "site",
        field: Field::Site,
        both: false,
        values: |people, ix| Values::One(people.site(ix)),
    },
    Column {
        by: "grade",
        field: Field::Grade,
        both: false,
        values: |people, ix| Values::One(grade(people, ix)),
    },
    Column {
        by: "slot",
        field: Field::Slots,
        both: true,
        values: |people, ix| Values::List(people.slots(ix)),
    },
    Column {
        by: "language",
        field: Field::Languages,
        both: true,
        values: |people, ix| Values::List(people.languages(ix)),
    },
];

/// The people with one value.
#[derive(Default)]
struct Having {
    mentees: Vec<u32>,
    mentors: Vec<u32>,
}

/// The rows of every column that a table has, values in their order.
pub(super) fn all(
    roster: &Roster,
    pairs: &RosterPairs,
    program: &IntegerProgram,
    candidates: &[Vec<usize>; 2],
    interrupt: &Interrupt,
) -> Result<Vec<Supply>, Error> {
    let mut all = Vec::new();
    for column in COLUMNS {
        let sides = [roster.mentees(), roster.mentors()];
        if !sides.iter().any(|side| side.has(column.field)) {
            continue;
        }
        let mut having: BTreeMap<Option<Code>, Having> = BTreeMap::new();
        for (side, people) in sides.into_iter().enumerate() {
            for ix in 0..people.len() {
                for value in (column.values)(people, ix).each() {
                    let having = having.entry(value).or_default();
                    let list = if side == 0 {
                        &mut having.mentees
                    } else {
                        &mut having.mentors
                    };
                    list.push(ix as u32);
                }
            }
        }
        let having: Vec<(Option<Code>, Having)> = having.into_iter().collect();
        let walk = interrupt.walk(Phase::Explain, having.len());
        let room = |mentors: &mut dyn Iterator<Item = u32>| -> u64 {
            mentors
                .map(|ix| u64::from(program.mentors[ix as usize].max))
                .sum()
        };
        let counted = having
            .par_iter()
            .enumerate()
            .map(|(place, (value, having))| {
                let mut served = 0;
                let mut reached = vec![false; pairs.mentors()];
                let mut row = Vec::new();
                let going = having.mentees.iter().filter(|_| walk.goes_on(place));
                for &mentee in going.filter(|mentee| candidates[0][**mentee as usize] > 0) {
                    pairs.row(mentee as usize, &mut row);
                    let mut any = false;
                    for (mentor, _) in &row {
                        let ix = *mentor as usize;
                        if !column.both || (column.values)(roster.mentors(), ix).has(*value) {
                            (any, reached[ix]) = (true, true);
                        }
                    }
                    served += usize::from(any);
                }
                let ready = having.mentors.iter().copied();
                let ready =
                    ready.filter(|ix| pairs.eligibility.is_able(Role::Mentor, *ix as usize));
                let in_reach = (0u32..).zip(&reached);
                let in_reach = in_reach.filter_map(|(ix, reached)| reached.then_some(ix));
                Supply {
                    by: column.by,
                    value: None,
                    mentees: having.mentees.len(),
                    mentees_served: served,
                    mentors: having.mentors.len(),
                    mentors_ready: ready.clone().count(),
                    room: room(&mut ready.clone()),
                    mentors_in_reach: in_reach.clone().count(),
                    room_in_reach: room(&mut in_reach.clone()),
                }
            });
        let counted: Vec<Supply> = counted.collect();
        walk.end()?;
        let mut rows: Vec<Supply> = counted
            .into_iter()
            .zip(&having)
            .map(|(supply, (value, _))| Supply {
                value: value.map(|code| word(roster, column.field, code)),
                ..supply
            })
            .collect();
        if column.field != Field::Grade {
            rows.sort_by(|a, b| a.value.cmp(&b.value));
        }
        // Those without a value come last.
        let missing = rows.iter().take_while(|row| row.value.is_none()).count();
        rows.rotate_left(missing);
        all.extend(rows);
    }
    Ok(all)
}

fn word(roster: &Roster, field: Field, code: Code) -> String {
    match field {
        Field::Site => roster.sites().word(code).to_owned(),
        Field::Slots => roster.slots().word(code).to_owned(),
        Field::Languages => roster.languages().word(code).to_owned(),
        _ => {
            let grade = crate::Grade::new(i64::from(code) - 1);
            grade.map_or_else(String::new, |grade| grade.to_string())
        }
    }
}
