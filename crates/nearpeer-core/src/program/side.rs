//! Side rows: constraints over pairs beside the loads. Each says that at most so many of the chosen pairs
//! are among its members.
//!
//! This is the seam for every constraint that is no load. A row has a limit, it knows its members, and it
//! has a name for messages; the model, the pricing, the tree and the certificate ask for nothing else. A
//! new kind of row (the pairs that a leader can see at a slot, the pairs that a room holds) is a new kind
//! of [`Members`].

use std::collections::HashMap;

use super::Chosen;
use crate::eligibility::{missing_column, not_a_field};
use crate::error::Error;
use crate::programme::{PairProperty, Program};
use crate::roster::{Cell, Code, Field, Role, Roster};

/// Prices of side rows are kept in this part of a unit of the combined objective. Such a price is the quotient of
/// two differences between matches, so often a fraction with a small denominator: this is the least common multiple of 1 to 12.
pub(crate) const UNIT: i64 = 27_720;

/// At most `limit` of the chosen pairs are members.
#[derive(Debug, Clone)]
pub(crate) struct SideRow {
    /// The constraint's name in the programme.
    pub(crate) name: String,
    /// How many chosen pairs may be members.
    pub(crate) limit: u32,
    members: Members,
}

/// Which pairs a row counts.
#[derive(Debug, Clone)]
enum Members {
    /// Pairs whose codes, if both are known, are equal or are not.
    Compared {
        mentees: Vec<Option<Code>>,
        mentors: Vec<Option<Code>>,
        equal: bool,
    },
}

impl SideRow {
    /// The rows of a programme's quotas.
    ///
    /// # Errors
    /// [`ErrorKind::Program`](crate::ErrorKind::Program) naming the quota whose column a table lacks.
    pub(crate) fn of_program(roster: &Roster, program: &Program) -> Result<Vec<Self>, Error> {
        let quotas = (1..).zip(&program.quotas);
        quotas
            .map(|(number, quota)| {
                let (codes, equal) = match &quota.property {
                    PairProperty::CrossSite => (sites(roster, number)?, false),
                    PairProperty::Same(column) => (cells(roster, number, "same", column)?, true),
                    PairProperty::Different(column) => {
                        (cells(roster, number, "different", column)?, false)
                    }
                };
                let [mentees, mentors] = codes;
                Ok(Self {
                    name: quota.name.clone(),
                    limit: quota.at_most,
                    members: Members::Compared {
                        mentees,
                        mentors,
                        equal,
                    },
                })
            })
            .collect()
    }

    /// Whether the row counts this pair.
    #[inline]
    pub(crate) fn has(&self, mentee: u32, mentor: u32) -> bool {
        match &self.members {
            Members::Compared {
                mentees,
                mentors,
                equal,
            } => match (mentees[mentee as usize], mentors[mentor as usize]) {
                (Some(a), Some(b)) => (a == b) == *equal,
                _ => false,
            },
        }
    }

    /// How many of the chosen pairs the row counts.
    pub(crate) fn count(&self, chosen: &[Chosen]) -> u32 {
        let members = chosen
            .iter()
            .filter(|pair| self.has(pair.mentee, pair.mentor));
        members.count() as u32
    }
}

fn sites(roster: &Roster, number: usize) -> Result<[Vec<Option<Code>>; 2], Error> {
    for role in [Role::Mentee, Role::Mentor] {
        if !roster.side(role).has(Field::Site) {
            return Err(Error::program(
                format!("quotas[{number}].property"),
                format!(
                    "cross_site compares the column `site`, which the table {} does not have",
                    role.table()
                ),
            ));
        }
    }
    Ok([roster.mentees(), roster.mentors()]
        .map(|people| (0..people.len()).map(|ix| people.site(ix)).collect()))
}

/// Equal codes for equal cells of a column.
fn cells(
    roster: &Roster,
    number: usize,
    kind: &str,
    column: &str,
) -> Result<[Vec<Option<Code>>; 2], Error> {
    let key = format!("quotas[{number}].{kind}");
    not_a_field(column, &key)?;
    let mut codes: HashMap<Word, Code> = HashMap::new();
    let mut side = |role: Role| {
        let people = roster.side(role);
        let cells = people
            .extra(column)
            .ok_or_else(|| missing_column(roster, column, &key, role))?;
        let code = |ix: usize| {
            let word = Word::of(cells.cell(ix))?;
            let next = codes.len() as Code;
            Some(*codes.entry(word).or_insert(next))
        };
        Ok((0..people.len()).map(code).collect())
    };
    Ok([side(Role::Mentee)?, side(Role::Mentor)?])
}

/// A cell that something stands in, so that equal ones hash equally.
#[derive(PartialEq, Eq, Hash)]
enum Word<'r> {
    Text(&'r str),
    Number(u64),
}

impl<'r> Word<'r> {
    fn of(cell: &'r Cell) -> Option<Self> {
        match cell {
            Cell::Missing => None,
            Cell::Text(text) => Some(Self::Text(text)),
            // Adding 0 makes the negative zero positive.
            Cell::Number(number) => Some(Self::Number((number + 0.0).to_bits())),
        }
    }
}

/// What the weights of pairs are lowered by while a proof looks at them: the prices of side rows, and what
/// a tree has decided of single pairs.
#[derive(Debug, Clone, Default)]
pub(crate) struct Discounts<'p> {
    /// The rows.
    pub(crate) rows: &'p [SideRow],
    /// A price a row, 0 or more.
    pub(crate) prices: Vec<i128>,
    /// What else a pair's weight is lowered by.
    pub(crate) pairs: HashMap<(u32, u32), i128>,
}

impl Discounts<'_> {
    #[inline]
    pub(crate) fn of(&self, mentee: u32, mentor: u32) -> i128 {
        let rows = self.rows.iter().zip(&self.prices);
        let prices: i128 = rows
            .filter(|(row, price)| **price != 0 && row.has(mentee, mentor))
            .map(|(_, price)| price)
            .sum();
        match self.pairs.is_empty() {
            true => prices,
            false => prices + self.pairs.get(&(mentee, mentor)).copied().unwrap_or(0),
        }
    }
}
