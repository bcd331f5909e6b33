//! `orgs.csv`: which organisations are schools, and what the sites are called.

use std::collections::HashMap;

use nearpeer_core::Error;

use super::manifest::Version;
use super::sheet::{Column, Sheet};
use super::words::{Record, one_of};

pub(super) const FILE: &str = "orgs.csv";
pub(super) const COLUMNS: [&str; 5] = ["sourcedId", "status", "dateLastModified", "name", "type"];

const TYPES: [&str; 6] = [
    "department",
    "school",
    "district",
    "local",
    "state",
    "national",
];

/// The longest name of a school; every student there has it as the site.
const LONGEST: usize = 500;

/// Every organisation, by its `sourcedId`.
pub(super) struct Orgs<'s> {
    places: HashMap<&'s str, usize>,
    /// The name of the site, of those that are schools and active.
    sites: Vec<Option<String>>,
}

impl<'s> Orgs<'s> {
    /// # Errors
    /// Names the line of what cannot be read, and of a `sourcedId` that was there before.
    pub(super) fn read(sheet: &'s Sheet, version: Version) -> Result<Self, Error> {
        let (ids, kinds, names) = (
            sheet.need("sourcedId")?,
            sheet.need("type")?,
            sheet.need("name")?,
        );
        let record = Record::of(sheet);
        let places = unique(&ids, sheet.rows())?;
        let mut schools: Vec<Option<&str>> = Vec::new();
        let mut named: HashMap<&str, usize> = HashMap::new();
        for row in 0..sheet.rows() {
            let kind = one_of(&kinds, row, &TYPES, version.is_extended())?;
            let is_school = record.is_active(row)? && kind == "school";
            let name = is_school.then(|| names.need(row)).transpose()?;
            if name.is_some_and(|name| name.len() > LONGEST) {
                let message = format!("the name of a school of more than {LONGEST} bytes");
                return Err(names.fault(row, &message));
            }
            if let Some(name) = name {
                *named.entry(name).or_default() += 1;
            }
            schools.push(name);
        }
        // Two schools of one name are told apart.
        let site = |(row, name): (usize, Option<&str>)| match name? {
            name if named.get(name) == Some(&1) => Some(name.to_owned()),
            name => Some(format!("{name} ({})", ids.get(row).unwrap_or_default())),
        };
        let sites: Vec<Option<String>> = schools.into_iter().enumerate().map(site).collect();
        let mut taken: HashMap<&str, usize> = HashMap::new();
        for (row, site) in sites.iter().enumerate() {
            let Some(site) = site else { continue };
            if let Some(before) = taken.insert(site, row) {
                let line = names.line(before).unwrap_or_default();
                let message = format!("the site {site:?} would be that of line {line}, too");
                return Err(names.fault(row, &message));
            }
        }
        Ok(Self { places, sites })
    }

    /// The place of the organisation that a cell names, in the order of the file.
    pub(super) fn find(&self, column: &Column<'_>, row: usize, id: &str) -> Result<usize, Error> {
        let place = self.places.get(id).copied();
        place.ok_or_else(|| column.fault(row, &format!("no organisation of {FILE} is {id:?}")))
    }

    /// The name of the site, if the organisation is a school and active.
    pub(super) fn site(&self, place: usize) -> Option<&str> {
        self.sites.get(place)?.as_deref()
    }
}

/// The row of every id.
///
/// # Errors
/// Names the line of an empty cell, and of an id that was there before.
pub(super) fn unique<'s>(ids: &Column<'s>, rows: usize) -> Result<HashMap<&'s str, usize>, Error> {
    let mut places = HashMap::with_capacity(rows);
    for row in 0..rows {
        if let Some(before) = places.insert(ids.need(row)?, row) {
            let line = ids.line(before).unwrap_or_default();
            return Err(ids.fault(row, &format!("this id is on line {line}, too")));
        }
    }
    Ok(places)
}
