//! `users.csv`: the students in the grades that take part.

use std::collections::HashMap;

use nearpeer_core::{Error, Grade, Role};

use super::manifest::Version;
use super::orgs::unique;
use super::sheet::{Column, Sheet};
use super::words::{Record, flag, grade, one_of};
use super::{Id, LeftOut, Rules};

pub(super) const FILE: &str = "users.csv";

const COLUMNS: [&str; 8] = [
    "sourcedId",
    "status",
    "dateLastModified",
    "enabledUser",
    "orgSourcedIds",
    "role",
    "grades",
    "primaryOrgSourcedId",
];

const NAMES: [&str; 4] = [
    "givenName",
    "familyName",
    "preferredGivenName",
    "preferredFamilyName",
];

/// The columns that are read; names and other ids if they are asked for.
pub(super) fn columns(rules: &Rules) -> Vec<&'static str> {
    let names: &[&str] = if rules.names { &NAMES } else { &[] };
    let id = match rules.id {
        Id::SourcedId => None,
        Id::Identifier => Some("identifier"),
        Id::Username => Some("username"),
    };
    COLUMNS.iter().chain(names).copied().chain(id).collect()
}

/// The roles of version 1.1; those of 1.2 are in `roles.csv`.
const ROLES: [&str; 8] = [
    "administrator",
    "aide",
    "guardian",
    "parent",
    "proctor",
    "relative",
    "student",
    "teacher",
];

/// Somebody who takes part.
pub(super) struct Student {
    /// The row in `users.csv`.
    pub(super) row: usize,
    pub(super) id: String,
    pub(super) role: Role,
    pub(super) grade: Grade,
    pub(super) name: Option<String>,
}

/// Everybody in `users.csv` by `sourcedId`, and those who take part.
pub(super) struct Users<'s> {
    pub(super) rows: HashMap<&'s str, usize>,
    pub(super) students: Vec<Student>,
}

impl<'s> Users<'s> {
    /// `is_student` says of a row whether `roles.csv` has it as a student, for versions that have that file.
    ///
    /// # Errors
    /// Names the line of what cannot be read.
    pub(super) fn read(
        sheet: &'s Sheet,
        version: Version,
        rules: &Rules,
        is_student: impl Fn(&str) -> bool,
        left_out: &mut LeftOut,
    ) -> Result<Self, Error> {
        let ids = sheet.need("sourcedId")?;
        let rows = unique(&ids, sheet.rows())?;
        let record = Record::of(sheet);
        let (enabled, grades) = (sheet.need("enabledUser")?, sheet.need("grades")?);
        let roles = match version {
            Version::V1p1 => Some(sheet.need("role")?),
            Version::V1p2 => None,
        };
        let shown = match rules.id {
            Id::SourcedId => ids,
            Id::Identifier => sheet.need("identifier")?,
            Id::Username => sheet.need("username")?,
        };
        let mut shown_at: HashMap<&str, usize> = HashMap::new();
        let mut students = Vec::new();
        for row in 0..sheet.rows() {
            let active = record.is_active(row)?;
            let enabled = flag(&enabled, row)?;
            let student = match &roles {
                Some(roles) => one_of(roles, row, &ROLES, false)? == "student",
                None => is_student(ids.need(row)?),
            };
            if !student {
                continue;
            }
            if !active {
                left_out.inactive += 1;
                continue;
            }
            if !enabled && !rules.disabled {
                left_out.disabled += 1;
                continue;
            }
            let Some(grade) = grade(&grades, row)? else {
                left_out.without_grade += 1;
                continue;
            };
            let Some(role) = rules.role(grade) else {
                left_out.other_grades += 1;
                continue;
            };
            let id = shown.need(row)?;
            if let Some(before) = shown_at.insert(id, row) {
                let line = shown.line(before).unwrap_or_default();
                return Err(shown.fault(row, &format!("this id is on line {line}, too")));
            }
            students.push(Student {
                row,
                id: id.to_owned(),
                role,
                grade,
                name: rules.names.then(|| name(sheet, row)).flatten(),
            });
        }
        Ok(Self { rows, students })
    }
}

/// The name as the student wants to be called.
fn name(sheet: &Sheet, row: usize) -> Option<String> {
    let part = |preferred, given| {
        let cell = sheet.find(preferred).get(row);
        cell.or_else(|| sheet.find(given).get(row))
    };
    let parts = [
        part("preferredGivenName", "givenName"),
        part("preferredFamilyName", "familyName"),
    ];
    let name = parts.into_iter().flatten().collect::<Vec<_>>().join(" ");
    (!name.is_empty()).then_some(name)
}

impl Users<'_> {
    /// The id in a cell, of somebody in `users.csv`.
    ///
    /// # Errors
    /// Names the line of an id that is not there.
    pub(super) fn find<'c>(&self, column: &Column<'c>, row: usize) -> Result<&'c str, Error> {
        let id = column.need(row)?;
        if self.rows.contains_key(id) {
            return Ok(id);
        }
        Err(column.fault(row, &format!("no user of {FILE} has this id")))
    }
}
