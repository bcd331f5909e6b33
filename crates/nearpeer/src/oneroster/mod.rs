//! OneRoster: mentees and mentors out of what a student information system exports.
//!
//! [`read`] takes a package of OneRoster 1.1 or 1.2 in its CSV form, a folder or a zip archive, and gives the two tables
//! that a match needs. Who is a mentee and who a mentor is a matter of grades ([`Rules`]).
//!
//! # What is read
//! | file | of it |
//! |---|---|
//! | `manifest.csv` | the version, and which files there are; without it all that are there are taken |
//! | `orgs.csv` | schools: their names are the sites |
//! | `users.csv` | students, their grades, and in 1.1 their schools |
//! | `roles.csv` | in 1.2, who is a student where |
//! | `enrollments.csv` | if it is there: at which of several schools a student has the most classes |
//! | `demographics.csv` | if it is there: `sex` as the column `gender`, and the date of birth on demand |
//!
//! Nothing else is read, and no other column is kept: no passwords, addresses or telephone numbers. Names are carried only
//! on demand. Records that are not active are skipped. Every cell that is used is checked, and so is every reference from
//! one file to another; an error names file, line, column and value.

mod demographics;
mod grades;
mod manifest;
mod orgs;
mod package;
mod places;
mod save;
mod sheet;
mod users;
mod words;

use std::collections::HashMap;
use std::path::Path;

use arrow::array::RecordBatch;
use nearpeer_core::{Error, Grade, Role};

pub use grades::grades;
pub use save::{MENTEES, MENTORS, files, save};

use crate::tables;
use demographics::Demographics;
use manifest::{Manifest, Version};
use orgs::Orgs;
use package::Package;
use users::{Student, Users};

/// Which column of `users.csv` is the id of the tables.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Id {
    /// The id that OneRoster's files know people by.
    #[default]
    SourcedId,
    /// The student number that people know.
    Identifier,
    /// The name for logging in.
    Username,
}

/// Who takes part, and what is carried of them.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Rules {
    /// The grades of the mentees.
    pub mentee_grades: Vec<Grade>,
    /// The grades of the mentors.
    pub mentor_grades: Vec<Grade>,
    /// The ids of the tables.
    pub id: Id,
    /// Whether a column `name` is carried.
    pub names: bool,
    /// Whether a column `birth_date` is carried.
    pub birth_dates: bool,
    /// Whether students take part whose `enabledUser` is false.
    pub disabled: bool,
}

impl Rules {
    /// # Errors
    /// Where a side has no grade, and where a grade is on both sides.
    fn check(&self) -> Result<(), Error> {
        for (side, grades) in [
            ("mentees", &self.mentee_grades),
            ("mentors", &self.mentor_grades),
        ] {
            if grades.is_empty() {
                return Err(Error::input(format!(
                    "the grades of the {side} are missing"
                )));
            }
        }
        let both = |grade: &&Grade| self.mentor_grades.contains(grade);
        match self.mentee_grades.iter().find(both) {
            Some(grade) => Err(Error::input(format!(
                "grade {grade} is both a grade of mentees and of mentors"
            ))),
            None => Ok(()),
        }
    }

    fn role(&self, grade: Grade) -> Option<Role> {
        if self.mentee_grades.contains(&grade) {
            return Some(Role::Mentee);
        }
        self.mentor_grades.contains(&grade).then_some(Role::Mentor)
    }
}

/// How many students are in neither table, by why.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct LeftOut {
    /// Their record is to be deleted, or inactive.
    pub inactive: usize,
    /// Their `enabledUser` is false.
    pub disabled: usize,
    /// They have no grade, or only one such as `UG` (ungraded).
    pub without_grade: usize,
    /// They are in other grades.
    pub other_grades: usize,
}

/// What a package says of students.
#[derive(Debug, Clone)]
pub struct Students {
    /// The mentees: `id`, `grade`, `site`, `gender` where there are demographics, `name` and `birth_date` on demand.
    pub mentees: RecordBatch,
    /// The mentors, with the same columns.
    pub mentors: RecordBatch,
    /// Who is in neither.
    pub left_out: LeftOut,
    /// How many of the two tables have no school, so that no site is known.
    pub without_school: usize,
}

/// Reads a folder or a zip archive of OneRoster 1.1 or 1.2 in CSV.
///
/// A student with several schools is at the primary one (1.2: that of `primaryOrgSourcedId`, else of a role that is
/// `primary`), then at that whose role ends last, then where he or she has the most classes, then at the first. Of several
/// grades the highest counts. Two schools of one name get their `sourcedId` behind it.
///
/// # Errors
/// [`ErrorKind::Input`](crate::ErrorKind::Input) naming file, line, column and value: a file or column that is missing, a
/// word, date or grade that cannot be read, an id that is there twice, a reference to what is not there; for rules that name
/// a grade twice; and for a file of more than a gibibyte. [`ErrorKind::Io`](crate::ErrorKind::Io) where nothing can be read.
pub fn read(path: &Path, rules: &Rules) -> Result<Students, Error> {
    rules.check()?;
    let mut package = Package::open(path)?;
    let manifest = Manifest::read(&mut package)?;
    let version = manifest.version;
    let orgs_sheet = manifest.need(&mut package, orgs::FILE, &orgs::COLUMNS)?;
    let orgs = Orgs::read(&orgs_sheet, version)?;
    let roles_sheet = match version {
        Version::V1p1 => None,
        Version::V1p2 => {
            Some(manifest.need(&mut package, places::ROLES_FILE, &places::ROLES_COLUMNS)?)
        }
    };
    let mut places = match &roles_sheet {
        Some(sheet) => places::of_roles(sheet, &orgs)?,
        None => HashMap::new(),
    };
    let users_sheet = manifest.need(&mut package, users::FILE, &users::columns(rules))?;
    let mut left_out = LeftOut::default();
    let is_student = |id: &str| places.contains_key(id);
    let users = Users::read(&users_sheet, version, rules, is_student, &mut left_out)?;
    if let Some(sheet) = &roles_sheet {
        places::check_roles(sheet, &users)?;
    }
    places::add_of_users(&mut places, &users_sheet, version, &users, &orgs)?;
    let enrollments = manifest.find(
        &mut package,
        places::ENROLLMENTS_FILE,
        &places::ENROLLMENTS_COLUMNS,
    )?;
    if let Some(sheet) = &enrollments {
        places::add_enrollments(&mut places, sheet, &users, &orgs)?;
    }
    let demographics_sheet = manifest.find(
        &mut package,
        demographics::FILE,
        &demographics::columns(rules),
    )?;
    let known = match &demographics_sheet {
        Some(sheet) => Some(demographics::read(sheet, &users)?),
        None => None,
    };
    let ids = users_sheet.need("sourcedId")?;
    let mut sides: [Vec<Row<'_>>; 2] = Default::default();
    for student in &users.students {
        let id = ids.need(student.row)?;
        let places = places.get(id).map_or(&[][..], |places| places);
        let known = known.as_ref().and_then(|known| known.get(id)).copied();
        sides[usize::from(student.role == Role::Mentor)].push(Row {
            student,
            site: places::site(places, &orgs),
            known: known.unwrap_or_default(),
        });
    }
    let rows = sides.iter().flatten();
    let without_school = rows.filter(|row| row.site.is_none()).count();
    let [mentees, mentors] = sides.map(|rows| table(&rows, rules, known.is_some()));
    Ok(Students {
        mentees,
        mentors,
        left_out,
        without_school,
    })
}

/// A student on the way to a table.
struct Row<'r> {
    student: &'r Student,
    site: Option<&'r str>,
    known: Demographics,
}

fn table(rows: &[Row<'_>], rules: &Rules, with_gender: bool) -> RecordBatch {
    let mut sheet = tables::Sheet::new(rows)
        .text("id", |row| Some(&row.student.id))
        .count("grade", |row| Some(row.student.grade.number()))
        .text("site", |row| row.site);
    if with_gender {
        sheet = sheet.text("gender", |row| row.known.sex);
    }
    if rules.birth_dates {
        sheet = sheet.text("birth_date", |row| {
            row.known.born.map(|date| date.to_string())
        });
    }
    if rules.names {
        sheet = sheet.text("name", |row| row.student.name.as_ref());
    }
    sheet.table()
}
