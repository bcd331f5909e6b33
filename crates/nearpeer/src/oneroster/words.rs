//! Cells of OneRoster: statuses, dates, grades and other words, in any case of letters.

use chrono::{DateTime, NaiveDate, NaiveDateTime};
use nearpeer_core::{Error, Grade};

use super::sheet::{Column, Sheet};

/// Codes of the Common Education Data Standards (Entry Grade Level) that are no grade: infants, pre-school, after school,
/// ungraded, other.
const NO_GRADES: [&str; 5] = ["IT", "PR", "PS", "UG", "Other"];

/// The columns of every record: whether it is there still, and since when.
pub(super) struct Record<'s> {
    status: Column<'s>,
    modified: Column<'s>,
}

impl<'s> Record<'s> {
    pub(super) fn of(sheet: &'s Sheet) -> Self {
        Self {
            status: sheet.find("status"),
            modified: sheet.find("dateLastModified"),
        }
    }

    /// Whether the record is active. A package in bulk mode leaves the status empty, or says `active`.
    pub(super) fn is_active(&self, row: usize) -> Result<bool, Error> {
        if let Some(time) = self.modified.get(row)
            && !is_time(time)
        {
            let message = "not a time: expected one such as 2026-08-01T06:30:00.000Z";
            return Err(self.modified.fault(row, message));
        }
        match self.status.get(row) {
            None => Ok(true),
            Some(_) => one_of(
                &self.status,
                row,
                &["active", "tobedeleted", "inactive"],
                false,
            )
            .map(|status| status == "active"),
        }
    }
}

/// A time of ISO 8601, with or without its zone, or a date alone.
fn is_time(text: &str) -> bool {
    DateTime::parse_from_rfc3339(text).is_ok()
        || NaiveDateTime::parse_from_str(text, "%Y-%m-%dT%H:%M:%S%.f").is_ok()
        || is_date(text).is_some()
}

fn is_date(text: &str) -> Option<NaiveDate> {
    // The parser would take 26-8-1 for the year 26.
    (text.len() == 10)
        .then(|| NaiveDate::parse_from_str(text, "%Y-%m-%d").ok())
        .flatten()
}

/// A date, if there is one.
pub(super) fn date(column: &Column<'_>, row: usize) -> Result<Option<NaiveDate>, Error> {
    let read = |text: &str| {
        let message = "not a date: expected year, month and day as in 2026-08-31";
        is_date(text).ok_or_else(|| column.fault(row, message))
    };
    column.get(row).map(read).transpose()
}

/// One of these words, as they are written here. Of OneRoster 1.2 on, a vocabulary can be extended by `ext:...`.
pub(super) fn one_of<'w>(
    column: &Column<'_>,
    row: usize,
    words: &[&'w str],
    extended: bool,
) -> Result<&'w str, Error> {
    let cell = column.need(row)?;
    if let Some(word) = words.iter().find(|word| word.eq_ignore_ascii_case(cell)) {
        return Ok(word);
    }
    if extended && cell.starts_with("ext:") {
        return Ok("ext:");
    }
    let words = words.join(", ");
    Err(column.fault(row, &format!("not one of {words}")))
}

/// `true` or `false`.
pub(super) fn flag(column: &Column<'_>, row: usize) -> Result<bool, Error> {
    one_of(column, row, &["true", "false"], false).map(|word| word == "true")
}

/// The grade; the highest of several, and none where there is no code that is a grade.
pub(super) fn grade(column: &Column<'_>, row: usize) -> Result<Option<Grade>, Error> {
    let mut highest = None;
    for code in column.items(row) {
        if NO_GRADES.iter().any(|none| none.eq_ignore_ascii_case(code)) {
            continue;
        }
        // Transitional kindergarten is the year before kindergarten.
        let grade = match code {
            "TK" | "tk" => Grade::PRE_KINDERGARTEN,
            code => code.parse().map_err(|_| {
                column.fault(row, "not a grade: expected a code such as PK, KG or 06")
            })?,
        };
        highest = highest.max(Some(grade));
    }
    Ok(highest)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_and_dates_are_those_of_iso_8601() {
        for text in [
            "2026-08-01T06:30:00.000Z",
            "2026-08-01T06:30:00Z",
            "2026-08-01T06:30:00-05:00",
            "2026-08-01T06:30:00",
            "2026-08-01",
        ] {
            assert!(is_time(text), "{text}");
        }
        for text in [
            "08/01/2026",
            "2026-13-01",
            "20260801",
            "yesterday",
            "26-8-1",
        ] {
            assert!(!is_time(text), "{text}");
        }
        assert!(is_date("2024-02-29").is_some());
        assert!(is_date("2025-02-29").is_none());
    }
}
