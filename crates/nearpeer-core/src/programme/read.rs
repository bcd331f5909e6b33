//! Reading settings, with errors in the words of the programme's author: the key, what it holds, and what
//! it needs.

use std::fmt;

use serde::Deserialize;
use serde::de::{Deserializer, Unexpected, Visitor};
use serde_path_to_error::{Path, Segment};

use super::{GradeGap, Mode, Program};
use crate::error::{Error, ErrorKind, nearest};
use crate::roster::Grade;

/// Reads a file's text.
pub(super) fn text(text: &str) -> Result<Program, Error> {
    let line = |error: &toml::de::Error| {
        let span = error.span()?;
        Some(1 + text.get(..span.start)?.matches('\n').count())
    };
    let given = text.parse();
    let given = given.map_err(|error| fault("", toml::de::Error::message(&error), line(&error)))?;
    read(text, &given, line)
}

/// Reads a table of the same keys, by way of its text, so that there is one reader; lines of that are nobody's.
pub(super) fn table(table: &toml::Table) -> Result<Program, Error> {
    let text = toml::to_string(table);
    let text = text.map_err(|error| fault("", &error.to_string(), None))?;
    read(&text, table, |_| None)
}

/// Reads a text that says what is given, in which faults are at this line, if its author knows its lines.
fn read(
    text: &str,
    given: &toml::Table,
    line: impl Fn(&toml::de::Error) -> Option<usize>,
) -> Result<Program, Error> {
    let deserializer = toml::Deserializer::parse(text)
        .map_err(|error| fault("", error.message(), line(&error)))?;
    let program = serde_path_to_error::deserialize(deserializer).map_err(|error| {
        let key = key(error.path());
        let error = error.into_inner();
        fault(&key, error.message(), line(&error))
    })?;
    let program = of_its_mode(program, given);
    let understood = toml::Value::try_from(&program);
    let understood = understood.map_err(|error| fault("", &error.to_string(), None))?;
    tables_are_tables("", &given.clone().into(), &understood)?;
    Ok(program)
}

/// Refuses a list in a table's place, which serde reads by position, leaving unread what is too much of it, and a table in a
/// word's, of which it reads the key.
fn tables_are_tables(
    key: &str,
    given: &toml::Value,
    understood: &toml::Value,
) -> Result<(), Error> {
    use toml::Value::{Array, String, Table};
    match (given, understood) {
        (Table(given), Table(understood)) => given.iter().try_for_each(|(name, given)| {
            let Some(understood) = understood.get(name) else {
                return Ok(());
            };
            let dot = if key.is_empty() { "" } else { "." };
            tables_are_tables(&format!("{key}{dot}{name}"), given, understood)
        }),
        (Array(given), Array(understood)) => {
            let mut items = given.iter().zip(understood).enumerate();
            items.try_for_each(|(ix, (given, understood))| {
                tables_are_tables(&format!("{key}[{}]", ix + 1), given, understood)
            })
        }
        (Array(_), Table(_)) => Err(Error::program(key, "a table is needed, not a list")),
        (Table(_), String(_)) => Err(Error::program(key, "text is needed, not a table")),
        _ => Ok(()),
    }
}

/// The settings that are not given are those of the programme's mode.
fn of_its_mode(mut program: Program, given: &toml::Table) -> Program {
    if program.mode != Mode::CoMentoring {
        return program;
    }
    let defaults = Program::co_mentoring();
    let gap = given
        .get("eligibility")
        .and_then(|rules| rules.get("grade_gap"));
    program.eligibility.grade_gap = match (gap, program.eligibility.grade_gap) {
        (None | Some(toml::Value::Boolean(true)), _) => defaults.eligibility.grade_gap,
        (Some(toml::Value::Table(gap)), GradeGap::Between { max, .. })
            if !gap.contains_key("min") =>
        {
            GradeGap::Between { min: 0, max }
        }
        (_, gap) => gap,
    };
    if !given.contains_key("criteria") {
        program.criteria = defaults.criteria;
    }
    program
}

/// Reads a list of grades, each a number or as rosters write it.
pub(super) fn grades<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Vec<Grade>, D::Error> {
    let read = Vec::<Written>::deserialize(deserializer)?;
    Ok(read.into_iter().map(|written| written.0).collect())
}

/// A grade in a programme's file.
struct Written(Grade);

impl<'de> Deserialize<'de> for Written {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(GradeVisitor).map(Self)
    }
}

struct GradeVisitor;

impl Visitor<'_> for GradeVisitor {
    type Value = Grade;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a grade, such as 6, \"06\" or \"K\",")
    }

    fn visit_i64<E: serde::de::Error>(self, number: i64) -> Result<Grade, E> {
        Grade::new(number).ok_or_else(|| E::invalid_value(Unexpected::Signed(number), &self))
    }

    fn visit_str<E: serde::de::Error>(self, text: &str) -> Result<Grade, E> {
        let grade = text.parse();
        grade.map_err(|_| E::invalid_value(Unexpected::Str(text), &self))
    }
}

/// The path of a key, with lists counted from 1: `criteria[2].weight`.
fn key(path: &Path) -> String {
    let mut key = String::new();
    for segment in path.iter() {
        match segment {
            Segment::Seq { index } => key.push_str(&format!("[{}]", index + 1)),
            Segment::Map { key: name } => {
                if !key.is_empty() {
                    key.push('.');
                }
                key.push_str(name);
            }
            Segment::Enum { .. } | Segment::Unknown => {}
        }
    }
    key
}

/// Turns serde's message about the setting at `key` into ours.
fn fault(key: &str, message: &str, line: Option<usize>) -> Error {
    let message = message.trim();
    let at = line
        .map(|line| format!(" (line {line})"))
        .unwrap_or_default();
    let quoted: Vec<&str> = message.split('`').skip(1).step_by(2).collect();
    if let (Some(rest), [unknown, known @ ..]) = (message.strip_prefix("unknown "), &quoted[..]) {
        let hint = nearest(unknown, known.iter().copied()).map_or_else(
            || ".".to_owned(),
            |near| format!("; did you mean `{near}`?"),
        );
        let known = known.join(", ");
        return if rest.starts_with("field") {
            Error::program(
                *unknown,
                format!("unknown key{at}{hint} The known ones are: {known}"),
            )
        } else {
            Error::program(
                key,
                format!("unknown value `{unknown}`{at}{hint} The known ones are: {known}"),
            )
        };
    }
    if let (Some(_), [missing, ..]) = (message.strip_prefix("missing field"), &quoted[..]) {
        let inside = if key.is_empty() {
            String::new()
        } else {
            format!(" in `{key}`")
        };
        return Error::program(*missing, format!("the key is missing{inside}{at}"));
    }
    if let Some((got, wanted)) = message
        .strip_prefix("invalid type: ")
        .or_else(|| message.strip_prefix("invalid value: "))
        .and_then(|rest| rest.rsplit_once(", expected "))
    {
        return Error::program(key, format!("{} is needed, not {got}{at}", kind(wanted)));
    }
    if message.starts_with("invalid length ") && message.contains(", expected struct ") {
        return Error::program(key, format!("a table is needed, not a list{at}"));
    }
    if message == "wanted string or table" {
        return Error::program(key, format!("text is needed{at}"));
    }
    if key.is_empty() {
        let message = format!("the programme cannot be read{at}: {message}");
        return Error::new(ErrorKind::Program, message);
    }
    Error::program(key, format!("{message}{at}"))
}

/// What serde expects, in plain words.
fn kind(wanted: &str) -> &str {
    match wanted {
        "u32" => "a whole number, 0 or more,",
        "i32" | "i64" => "a whole number",
        "f64" => "a number",
        "a boolean" => "true or false",
        "a string" => "text",
        "a sequence" => "a list",
        wanted if wanted.starts_with("struct ") || wanted == "a map" => "a table",
        wanted => wanted,
    }
}
