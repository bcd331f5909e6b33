//! `demographics.csv`: of all that is there only sex and, if it is asked for, the date of birth are read.

use std::collections::HashMap;

use chrono::NaiveDate;
use nearpeer_core::Error;

use super::Rules;
use super::orgs::unique;
use super::sheet::Sheet;
use super::users::Users;
use super::words::{Record, date, one_of};

pub(super) const FILE: &str = "demographics.csv";

/// The columns that are read; the date of birth if it is asked for.
pub(super) fn columns(rules: &Rules) -> Vec<&'static str> {
    let born = rules.birth_dates.then_some("birthDate");
    let others = ["sourcedId", "status", "dateLastModified", "sex"];
    others.into_iter().chain(born).collect()
}

/// What is known of somebody.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Demographics {
    /// `male`, `female`, `other`; nothing where it is not specified.
    pub(super) sex: Option<&'static str>,
    pub(super) born: Option<NaiveDate>,
}

/// What is known of everybody, by the user's `sourcedId`.
///
/// # Errors
/// Names the line of what cannot be read, and of a user who is not there or is there twice.
pub(super) fn read<'s>(
    sheet: &'s Sheet,
    users: &Users<'_>,
) -> Result<HashMap<&'s str, Demographics>, Error> {
    let record = Record::of(sheet);
    let ids = sheet.need("sourcedId")?;
    unique(&ids, sheet.rows())?;
    let (births, sexes) = (sheet.find("birthDate"), sheet.find("sex"));
    let mut known = HashMap::new();
    for row in 0..sheet.rows() {
        let id = users.find(&ids, row)?;
        let born = date(&births, row)?;
        let sex = match sexes.get(row) {
            None => None,
            Some(_) => match one_of(
                &sexes,
                row,
                &["male", "female", "other", "unspecified"],
                false,
            )? {
                "unspecified" => None,
                sex => Some(sex),
            },
        };
        if record.is_active(row)? {
            known.insert(id, Demographics { sex, born });
        }
    }
    Ok(known)
}
