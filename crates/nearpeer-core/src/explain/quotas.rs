//! Limits of constraints beside the loads that have no room left.

use std::collections::BTreeSet;

use crate::constraint::Row;
use crate::program::{Chosen, IntegerProgram};
use crate::roster::Role;

/// The limits of constraints, with what the match comes to in each, and who has a pair.
pub(super) struct Limits<'p> {
    rows: Vec<(&'p Row, i64)>,
    loads: [Vec<u32>; 2],
}

impl<'p> Limits<'p> {
    pub(super) fn new(program: &'p IntegerProgram, chosen: &[Chosen]) -> Self {
        let loads = program.loads(chosen);
        let limits = program.rows.iter();
        let limits = limits.filter(|row| !row.promise && !row.by_place);
        let total = |row: &'p Row| {
            let pairs = chosen.iter().map(|pair| (pair.mentee, pair.mentor, None));
            (row, row.total(pairs, [&loads[0], &loads[1]]))
        };
        Self {
            rows: limits.map(total).collect(),
            loads,
        }
    }

    /// Whether one more pair goes beyond a limit.
    fn is_passed(&self, (row, total): &(&Row, i64), mentee: u32, mentor: u32) -> bool {
        let joins = |role: Role, ix: u32| match self.loads[role as usize][ix as usize] {
            0 => row.person(role, ix as usize),
            _ => 0,
        };
        let adds = row.pair(mentee, mentor, None)
            + joins(Role::Mentee, mentee)
            + joins(Role::Mentor, mentor);
        total + adds > row.limit
    }

    /// The names of the constraints that forbid one or another of these pairs; `None` unless there are pairs, and each is
    /// forbidden.
    pub(super) fn forbid(
        &self,
        pairs: impl IntoIterator<Item = (u32, u32)>,
    ) -> Option<Vec<String>> {
        if self.rows.is_empty() {
            return None;
        }
        let mut forbid = BTreeSet::new();
        for (mentee, mentor) in pairs {
            let rows = self.rows.iter().enumerate();
            let mut of_pair = rows
                .filter(|(_, row)| self.is_passed(row, mentee, mentor))
                .peekable();
            of_pair.peek()?;
            forbid.extend(of_pair.map(|(ix, _)| ix));
        }
        let mut names: Vec<String> = Vec::new();
        for ix in &forbid {
            let name = &self.rows[*ix].0.name;
            if !names.contains(name) {
                names.push(name.clone());
            }
        }
        (!forbid.is_empty()).then_some(names)
    }
}
