//! How people are named.

use nearpeer_core::{Cell, Field, Role, Roster};

use super::words::clean;

/// Names people by a column that the caller chose, or by their rows in the tables.
pub(super) struct Who<'a> {
    roster: &'a Roster,
    column: Option<&'a str>,
}

impl<'a> Who<'a> {
    /// `column` is `id`, or one that a table has.
    pub(super) fn new(roster: &'a Roster, column: Option<&'a str>) -> Self {
        Self { roster, column }
    }

    /// The person's name, if there is one; else where the person is found.
    pub(super) fn name(&self, role: Role, ix: usize) -> String {
        self.column
            .and_then(|column| self.cell(column, role, ix))
            .unwrap_or_else(|| format!("row {}", self.roster.side(role).row(ix)))
    }

    /// A reason's numbers in words, without what names somebody by an id, unless that is how people are named.
    pub(super) fn without_ids<'t>(&self, reason: &str, detail: &'t str) -> &'t str {
        let names_from = match reason {
            // Who would give up a place to whom comes after the numbers.
            "out_competed" => "; ",
            "circle_not_filled" => ": ",
            // Leaders are named on the rosters.
            "places_full" if self.column.is_none() => " (\"",
            _ => return detail,
        };
        match self.column {
            Some(column) if column == Field::Id.name() => detail,
            _ => detail.split(names_from).next().unwrap_or(detail),
        }
    }

    fn cell(&self, column: &str, role: Role, ix: usize) -> Option<String> {
        let people = self.roster.side(role);
        if column == Field::Id.name() {
            return Some(clean(people.id(ix)));
        }
        match people.extra(column)?.cell(ix) {
            Cell::Text(name) => Some(clean(name)),
            Cell::Number(number) => Some(number.to_string()),
            _ => None,
        }
    }

    /// What the column of names is called.
    pub(super) fn heading(role: Role) -> &'static str {
        match role {
            Role::Mentee => "Mentee",
            Role::Mentor => "Mentor",
        }
    }
}
