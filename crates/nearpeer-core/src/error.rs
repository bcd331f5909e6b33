//! The one error type: opaque, with a kind to branch on and the place of the fault as data.

use std::fmt;

use crate::certificate::Certificate;
use crate::whatif::Conflict;

/// What went wrong, for callers that branch on it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum ErrorKind {
    /// A table, file or array holds something that cannot be used.
    Input,
    /// The programme's settings are wrong: the error names the key.
    Program,
    /// No match satisfies every hard constraint: the error carries the conflict.
    Infeasible,
    /// The solver behind the integer program failed.
    Solver,
    /// A limit was reached before any feasible match was found.
    Limit,
    /// The caller asked the solve to stop.
    Interrupted,
    /// A certificate or an answer does not hold.
    Verification,
    /// A file could not be read or written.
    Io,
}

/// Where in the input a fault lies. Every part that is known is filled in.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Place {
    /// The table: `mentees`, `mentors`, `pairs_required`, ... or a file's name.
    pub table: Option<String>,
    /// The row, counted from 1 at the first row of data (a header is not counted).
    pub row: Option<usize>,
    /// The column's name.
    pub column: Option<String>,
    /// The offending cell, shortened to 80 characters.
    pub value: Option<String>,
    /// The programme's key, for errors in settings: `criteria[1].weight`.
    pub key: Option<String>,
}

/// Every failure of nearpeer. Its text names the table, row, column and value (or the programme's
/// key, or the conflicting constraints); [`Error::kind`] and [`Error::place`] give the same as data.
#[derive(Debug, Clone)]
pub struct Error(Box<Inner>);

#[derive(Debug, Clone)]
struct Inner {
    kind: ErrorKind,
    message: String,
    place: Place,
    conflict: Option<Conflict>,
    certificate: Option<Certificate>,
}

impl Error {
    /// An error of `kind` with a message in plain words.
    pub fn new(kind: ErrorKind, message: impl Into<String>) -> Self {
        Self(Box::new(Inner {
            kind,
            message: message.into(),
            place: Place::default(),
            conflict: None,
            certificate: None,
        }))
    }

    /// A fault in a table or array.
    pub fn input(message: impl Into<String>) -> Self {
        Self::new(ErrorKind::Input, message)
    }

    /// A fault in the programme's settings at `key`.
    pub fn program(key: impl Into<String>, message: impl Into<String>) -> Self {
        let mut error = Self::new(ErrorKind::Program, message);
        error.0.place.key = Some(key.into());
        error
    }

    /// No match exists, because of this conflict.
    pub fn infeasible(conflict: Conflict, certificate: Certificate) -> Self {
        let message = format!("no match satisfies every constraint: {conflict}");
        let mut error = Self::new(ErrorKind::Infeasible, message);
        error.0.conflict = Some(conflict);
        error.0.certificate = Some(certificate);
        error
    }

    /// Names the table of the fault.
    #[must_use]
    pub fn in_table(mut self, table: impl Into<String>) -> Self {
        self.0.place.table = Some(table.into());
        self
    }

    /// Names the row of the fault, counted from 1 at the first row of data.
    #[must_use]
    pub fn in_row(mut self, row: usize) -> Self {
        self.0.place.row = Some(row);
        self
    }

    /// Names the column of the fault.
    #[must_use]
    pub fn in_column(mut self, column: impl Into<String>) -> Self {
        self.0.place.column = Some(column.into());
        self
    }

    /// Shows the offending cell, shortened to 80 characters.
    #[must_use]
    pub fn with_value(mut self, value: &str) -> Self {
        self.0.place.value = Some(shorten(value));
        self
    }

    /// What went wrong, for callers that branch on it.
    #[must_use]
    pub fn kind(&self) -> ErrorKind {
        self.0.kind
    }

    /// The sentence that says what is wrong, without the place.
    #[must_use]
    pub fn message(&self) -> &str {
        &self.0.message
    }

    /// Where in the input the fault lies.
    #[must_use]
    pub fn place(&self) -> &Place {
        &self.0.place
    }

    /// The constraints that conflict, and what would repair it, if the error is an infeasible programme.
    #[must_use]
    pub fn conflict(&self) -> Option<&Conflict> {
        self.0.conflict.as_ref()
    }

    /// The proof that no match exists, if the error is an infeasible programme.
    #[must_use]
    pub fn certificate(&self) -> Option<&Certificate> {
        self.0.certificate.as_ref()
    }
}

fn shorten(value: &str) -> String {
    const SHOWN: usize = 80;
    match value.char_indices().nth(SHOWN) {
        Some((end, _)) => format!("{}...", &value[..end]),
        None => value.to_owned(),
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let place = &self.0.place;
        let mut parts = Vec::new();
        if let Some(key) = &place.key {
            parts.push(format!("programme key `{key}`"));
        }
        if let Some(table) = &place.table {
            parts.push(format!("table {table}"));
        }
        if let Some(row) = place.row {
            parts.push(format!("row {row}"));
        }
        if let Some(column) = &place.column {
            parts.push(format!("column `{}`", column.escape_debug()));
        }
        if let Some(value) = &place.value {
            parts.push(format!("value {value:?}"));
        }
        if !parts.is_empty() {
            write!(f, "{}: ", parts.join(", "))?;
        }
        f.write_str(&self.0.message)
    }
}

impl std::error::Error for Error {}

/// The name in `known` that `name` was most likely meant to be; of equally near ones the first by spelling.
#[must_use]
pub fn nearest<'a>(name: &str, known: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    // Names that are longer are no names, and would take quadratic time.
    const LONGEST: usize = 100;
    if name.len() > LONGEST {
        return None;
    }
    // Below this similarity a suggestion is noise: "weigth" ~ "weight" is 0.83, "foo" ~ "mode" 0.25.
    const LIKELY: f64 = 0.6;
    known
        .into_iter()
        .filter(|candidate| candidate.len() <= LONGEST)
        .map(|candidate| {
            (
                strsim::normalized_damerau_levenshtein(name, candidate),
                candidate,
            )
        })
        .filter(|(similarity, _)| *similarity >= LIKELY)
        .max_by(|a, b| a.0.total_cmp(&b.0).then_with(|| b.1.cmp(a.1)))
        .map(|(_, candidate)| candidate)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_text_names_every_known_part_of_the_place() {
        let error = Error::input("not a grade")
            .in_table("mentees")
            .in_row(3)
            .in_column("grade")
            .with_value("sixth");
        assert_eq!(
            error.to_string(),
            "table mentees, row 3, column `grade`, value \"sixth\": not a grade"
        );
    }

    #[test]
    fn long_cells_are_shortened_on_a_character_border() {
        let error = Error::input("too long").with_value(&"é".repeat(1000));
        assert_eq!(
            error.place().value.as_deref().map(|v| v.chars().count()),
            Some(83)
        );
    }

    #[test]
    fn the_nearest_name_is_suggested_and_noise_is_not() {
        assert_eq!(
            nearest("weigth", ["kind", "weight", "missing"]),
            Some("weight")
        );
        assert_eq!(nearest("zzz", ["kind", "weight", "missing"]), None);
    }
}
