//! Which school a student goes to, where `users.csv`, `roles.csv` and `enrollments.csv` may name several.

use std::cmp::Reverse;
use std::collections::HashMap;

use chrono::NaiveDate;
use nearpeer_core::Error;

use super::manifest::Version;
use super::orgs::Orgs;
use super::sheet::Sheet;
use super::users::Users;
use super::words::{Record, date, flag, one_of};

pub(super) const ROLES_FILE: &str = "roles.csv";
pub(super) const ROLES_COLUMNS: [&str; 8] = [
    "status",
    "dateLastModified",
    "userSourcedId",
    "roleType",
    "role",
    "beginDate",
    "endDate",
    "orgSourcedId",
];
const ROLES: [&str; 12] = [
    "aide",
    "counselor",
    "districtAdministrator",
    "guardian",
    "parent",
    "principal",
    "proctor",
    "relative",
    "siteAdministrator",
    "student",
    "systemAdministrator",
    "teacher",
];

pub(super) const ENROLLMENTS_FILE: &str = "enrollments.csv";
pub(super) const ENROLLMENTS_COLUMNS: [&str; 8] = [
    "status",
    "dateLastModified",
    "schoolSourcedId",
    "userSourcedId",
    "role",
    "primary",
    "beginDate",
    "endDate",
];
const ENROLLMENT_ROLES: [&str; 5] = ["administrator", "aide", "proctor", "student", "teacher"];

/// A school that a student may go to; the greatest is the one.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Place {
    /// Whether it is the user's primary organisation.
    primary_org: bool,
    /// Whether the role there is the primary one.
    primary_role: bool,
    /// Whether the role there has no end; else the later end counts.
    open: bool,
    until: Option<NaiveDate>,
    /// How many classes the student is enrolled in there.
    classes: u32,
    /// The first in the file.
    order: Reverse<usize>,
    /// The place in `orgs.csv`.
    org: usize,
}

/// The places of everybody who is a student somewhere, by the user's `sourcedId`.
pub(super) type Places<'s> = HashMap<&'s str, Vec<Place>>;

/// The places of version 1.2, from `roles.csv`. Whoever has an active role as a student is there, with or without a school.
///
/// # Errors
/// Names the line of what cannot be read.
pub(super) fn of_roles<'s>(sheet: &'s Sheet, orgs: &Orgs<'_>) -> Result<Places<'s>, Error> {
    let record = Record::of(sheet);
    let (users, org_ids) = (sheet.need("userSourcedId")?, sheet.need("orgSourcedId")?);
    let (kinds, roles) = (sheet.need("roleType")?, sheet.need("role")?);
    let (begins, ends) = (sheet.find("beginDate"), sheet.find("endDate"));
    let mut places = Places::new();
    for row in 0..sheet.rows() {
        let user = users.need(row)?;
        let org = orgs.find(&org_ids, row, org_ids.need(row)?)?;
        let role = one_of(&roles, row, &ROLES, true)?;
        let primary_role = one_of(&kinds, row, &["primary", "secondary"], false)? == "primary";
        date(&begins, row)?;
        let until = date(&ends, row)?;
        if !record.is_active(row)? || role != "student" {
            continue;
        }
        let places = places.entry(user).or_default();
        if orgs.site(org).is_some() {
            places.push(Place {
                primary_org: false,
                primary_role,
                open: until.is_none(),
                until,
                classes: 0,
                order: Reverse(row),
                org,
            });
        }
    }
    Ok(places)
}

/// Every user of `roles.csv` must be in `users.csv`.
///
/// # Errors
/// Names the line.
pub(super) fn check_roles(sheet: &Sheet, users: &Users<'_>) -> Result<(), Error> {
    let ids = sheet.need("userSourcedId")?;
    (0..sheet.rows()).try_for_each(|row| users.find(&ids, row).map(|_| ()))
}

/// Adds what `users.csv` says of the schools of those who take part: all of them in version 1.1, the primary one in 1.2.
///
/// # Errors
/// Names the line of an organisation that `orgs.csv` does not have.
pub(super) fn add_of_users<'s>(
    places: &mut Places<'s>,
    sheet: &'s Sheet,
    version: Version,
    users: &Users<'_>,
    orgs: &Orgs<'_>,
) -> Result<(), Error> {
    let ids = sheet.need("sourcedId")?;
    let org_ids = match version {
        Version::V1p1 => sheet.need("orgSourcedIds")?,
        Version::V1p2 => sheet.find("primaryOrgSourcedId"),
    };
    for student in &users.students {
        let row = student.row;
        let places = places.entry(ids.need(row)?).or_default();
        for (order, id) in org_ids.items(row).enumerate() {
            let org = orgs.find(&org_ids, row, id)?;
            if orgs.site(org).is_none() {
                continue;
            }
            let known = places.iter_mut().find(|place| place.org == org);
            match (known, version) {
                (Some(place), Version::V1p2) => place.primary_org = true,
                (Some(_), Version::V1p1) => {}
                (None, _) => places.push(Place {
                    primary_org: version == Version::V1p2,
                    primary_role: false,
                    open: true,
                    until: None,
                    classes: 0,
                    order: Reverse(order),
                    org,
                }),
            }
        }
    }
    Ok(())
}

/// Counts the classes of students at each of their schools.
///
/// # Errors
/// Names the line of what cannot be read, and of a user or school that is not there.
pub(super) fn add_enrollments(
    places: &mut Places<'_>,
    sheet: &Sheet,
    users: &Users<'_>,
    orgs: &Orgs<'_>,
) -> Result<(), Error> {
    let record = Record::of(sheet);
    let (ids, schools) = (sheet.need("userSourcedId")?, sheet.need("schoolSourcedId")?);
    let (roles, primary) = (sheet.need("role")?, sheet.find("primary"));
    let (begins, ends) = (sheet.find("beginDate"), sheet.find("endDate"));
    for row in 0..sheet.rows() {
        let user = users.find(&ids, row)?;
        let org = orgs.find(&schools, row, schools.need(row)?)?;
        let role = one_of(&roles, row, &ENROLLMENT_ROLES, true)?;
        if primary.get(row).is_some() {
            flag(&primary, row)?;
        }
        date(&begins, row)?;
        date(&ends, row)?;
        if !record.is_active(row)? || role != "student" {
            continue;
        }
        let known = places.get_mut(user).into_iter().flatten();
        for place in known.filter(|place| place.org == org) {
            place.classes += 1;
        }
    }
    Ok(())
}

/// The name of the site that a student goes to.
pub(super) fn site<'o>(places: &[Place], orgs: &'o Orgs<'_>) -> Option<&'o str> {
    orgs.site(places.iter().max()?.org)
}
