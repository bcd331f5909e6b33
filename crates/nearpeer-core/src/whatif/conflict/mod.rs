//! Why a programme has no match: a smallest set of constraints that cannot hold together, and what would repair it.
//!
//! # Which set
//! Every promise and every limit of the programme is a constraint: required pairs, minimum and maximum loads, 'none
//! or at least k', quotas, rooms, leaders. One that stands in the programme (`loads.mentor.max`) is one constraint,
//! whomever it binds; one that stands in a cell of a table is one of its own. Who may be paired is given.
//!
//! The set is *irreducible*: no match keeps all of it, and without any one of its members there is one (a deletion
//! filter: Chinneck and Dravnieks, *Locating minimal infeasible constraint sets in linear programs*, 1991). It starts
//! from what the proof's prices use: constraints whose price is 0 have no part in it.
//!
//! # Which repairs
//! Each repair makes the programme feasible by itself: one constraint of the set relaxed by as little as will do, where
//! that is enough; and the promises that the nearest match misses, lowered together, none further than must be beside the
//! others: once person by person, and once the programme's own minimum where several people miss it. Those that change the
//! fewest constraints come first, and of these those that change them least.

mod cells;
mod filter;
mod number;
mod places;
mod promises;
mod repair;
mod roster;
mod statement;

pub(crate) use cells::of_cells;
pub(crate) use roster::of_roster;

use std::fmt;

use crate::error::Place;

/// What a constraint asks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[non_exhaustive]
pub enum ConstraintKind {
    /// A pair must be chosen.
    RequiredPair,
    /// Mentees have at least so many mentors.
    MenteeMin,
    /// Mentees have at most so many mentors.
    MenteeMax,
    /// Mentors have at least so many mentees.
    MentorMin,
    /// Mentors have at most so many mentees.
    MentorMax,
    /// Mentors have no mentee or at least so many.
    Circle,
    /// At most, or at least, so many pairs of a kind.
    Quota,
    /// Pairs and people cost so much at most.
    Budget,
    /// Groups of mentees are covered to a share, or alike.
    Balance,
    /// Siblings or friends are kept together or apart.
    Family,
    /// The mentees of one mentor have something in common.
    Circles,
    /// At most so many pairs at one site in one slot.
    Room,
    /// Pairs meet only where the table of rooms has one.
    Rooms,
    /// A leader supervises at most so many pairs at one time.
    LeaderCapacity,
    /// A leader is placed in at most so many slots.
    LeaderSlots,
    /// Every pair meets where and when there is a leader.
    Leaders,
    /// A cell of an assignment must be chosen.
    RequiredCell,
    /// Rows have at least so many cells.
    RowMin,
    /// Rows have at most so many cells.
    RowMax,
    /// Columns have at least so many cells.
    ColumnMin,
    /// Columns have at most so many cells.
    ColumnMax,
}

impl ConstraintKind {
    /// The stable code: `required_pair`, `mentee_min`, `quota`, ...
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::RequiredPair => "required_pair",
            Self::MenteeMin => "mentee_min",
            Self::MenteeMax => "mentee_max",
            Self::MentorMin => "mentor_min",
            Self::MentorMax => "mentor_max",
            Self::Circle => "circle",
            Self::Quota => "quota",
            Self::Budget => "budget",
            Self::Balance => "balance",
            Self::Family => "family",
            Self::Circles => "circles",
            Self::Room => "room",
            Self::Rooms => "rooms",
            Self::LeaderCapacity => "leader_capacity",
            Self::LeaderSlots => "leader_slots",
            Self::Leaders => "leaders",
            Self::RequiredCell => "required_cell",
            Self::RowMin => "row_min",
            Self::RowMax => "row_max",
            Self::ColumnMin => "col_min",
            Self::ColumnMax => "col_max",
        }
    }
}

/// A promise or a limit, in the programme's words.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Constraint {
    /// What it asks.
    pub kind: ConstraintKind,
    /// The same in a sentence: `mentor "max" has at most 1 mentee`.
    pub what: String,
    /// Where it stands: a table's row and column, or a key of the programme.
    pub place: Place,
    /// How many people or rows it binds.
    pub binds: usize,
}

/// With its place: `mentor "max" has at most 1 mentee (table mentors, row 1, column load_max)`.
impl fmt::Display for Constraint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.what)?;
        let place = &self.place;
        let mut parts = Vec::new();
        parts.extend(place.key.as_ref().map(|key| format!("`{key}`")));
        parts.extend(place.table.as_ref().map(|table| format!("table {table}")));
        parts.extend(place.row.map(|row| format!("row {row}")));
        parts.extend(place.column.as_ref().map(|name| format!("column {name}")));
        if parts.is_empty() {
            return Ok(());
        }
        write!(f, " ({})", parts.join(", "))
    }
}

/// A constraint with another number in it, or without it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Relaxation {
    /// What is relaxed.
    pub constraint: Constraint,
    /// The number that it has; of a balance's shares and a budget's sum in thousandths, a share that has more digits rounded
    /// to one that asks for no less.
    pub from: i64,
    /// The number that it would have, in the same unit; `None` where it is left out.
    pub to: Option<i64>,
    /// The same in a sentence: `raise loads.mentor.max from 1 to 2`.
    pub what: String,
}

/// Relaxations that together make the programme feasible.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Repair {
    /// One for each constraint that changes.
    pub changes: Vec<Relaxation>,
}

impl Repair {
    /// By how much all is relaxed, in people, pairs and whole units of a budget. A share counts as 1 whatever it is lowered by,
    /// as does a constraint that is left out.
    #[must_use]
    pub fn units(&self) -> u64 {
        let units = |change: &Relaxation| {
            let by = change.to.map_or(1, |to| to.abs_diff(change.from));
            match change.constraint.kind {
                // These are told in thousandths.
                ConstraintKind::Balance | ConstraintKind::Budget => by.div_ceil(1_000),
                _ => by,
            }
        };
        self.changes.iter().map(units).fold(0, u64::saturating_add)
    }

    /// The same with shares and budgets in thousandths, by which those of as many units are told apart.
    fn amount(&self) -> u64 {
        let changes = self.changes.iter();
        let amounts = changes.map(|change| change.to.map_or(1, |to| to.abs_diff(change.from)));
        amounts.fold(0, u64::saturating_add)
    }
}

/// Constraints that cannot hold together, and what would repair it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Conflict {
    /// No match keeps all of these.
    pub constraints: Vec<Constraint>,
    /// Who of those to whom it promises a partner may be paired with too few people at all, and which rules see to that:
    /// a sentence each.
    pub notes: Vec<String>,
    /// Any of these makes the programme feasible; those that change the fewest constraints first.
    pub repairs: Vec<Repair>,
    /// Whether each of the constraints is needed: without it there is a match that keeps the others. False where a limit
    /// came before that was known.
    pub irreducible: bool,
}

/// The constraints, then the first repairs.
impl fmt::Display for Conflict {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let constraints = self.constraints.iter().map(ToString::to_string);
        let lead = match self.constraints.len() {
            1 => "this cannot be kept",
            _ => "these cannot all be kept",
        };
        write!(f, "{lead}: {}", shortened(constraints.collect()).join("; "))?;
        for note in &self.notes {
            write!(f, "; {note}")?;
        }
        for (number, repair) in self.repairs.iter().take(REPAIRS_SHOWN).enumerate() {
            let changes = repair.changes.iter().map(|change| change.what.clone());
            let lead = if number == 0 {
                ". To repair it, "
            } else {
                "; or "
            };
            write!(f, "{lead}{}", shortened(changes.collect()).join(" and "))?;
        }
        Ok(())
    }
}

/// How many constraints of a conflict are tried to be relaxed alone.
const RELAXED: usize = 32;

/// How many repairs a message names.
const REPAIRS_SHOWN: usize = 3;

/// The first few of many sentences, and how many more there are.
fn shortened(mut sentences: Vec<String>) -> Vec<String> {
    const SHOWN: usize = 20;
    if sentences.len() > SHOWN {
        let more = sentences.len() - SHOWN;
        sentences.truncate(SHOWN);
        sentences.push(format!("and {more} more"));
    }
    sentences
}
