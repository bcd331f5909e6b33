//! Results as notebooks show them: a small piece of HTML, without scripts and without anybody's name or id.
//!
//! ```
//! use nearpeer::{Program, notebook};
//!
//! let card = notebook::program(&Program::default())?;
//! assert!(card.contains("interests 0.7, grade gap 0.3"));
//! # Ok::<(), nearpeer::Error>(())
//! ```

mod outcome;
mod programme;

use minijinja::value::Serde;
use minijinja::{Environment, UndefinedBehavior};
use nearpeer_core::{Error, ErrorKind};
use serde::Serialize;

pub use outcome::{assessment, certificate, co_match, found};
pub use programme::program;

use crate::report::words::clean_long;

/// The template's name ends in `.html`, so it escapes all that it is given.
const CARD: &str = "card.html";

/// What is shown. Everything is plain text.
#[derive(Debug, Serialize)]
struct Card {
    title: &'static str,
    lead: String,
    facts: Vec<Fact>,
    tables: Vec<Table>,
}

#[derive(Debug, Serialize)]
struct Fact {
    name: &'static str,
    value: String,
}

/// A table, whose first column names its rows; the others are numbers.
#[derive(Debug, Serialize)]
struct Table {
    caption: &'static str,
    columns: Vec<&'static str>,
    rows: Vec<Vec<String>>,
}

impl Card {
    fn new(title: &'static str, lead: impl Into<String>) -> Self {
        Self {
            title,
            lead: lead.into(),
            facts: Vec::new(),
            tables: Vec::new(),
        }
    }

    /// Adds a line.
    fn fact(&mut self, name: &'static str, value: impl AsRef<str>) {
        let value = clean_long(value.as_ref());
        self.facts.push(Fact { name, value });
    }

    /// Adds a table, unless it has no rows.
    fn table(
        &mut self,
        caption: &'static str,
        columns: impl Into<Vec<&'static str>>,
        rows: Vec<Vec<String>>,
    ) {
        if !rows.is_empty() {
            self.tables.push(Table {
                caption,
                columns: columns.into(),
                rows,
            });
        }
    }

    /// How many notes there are. What they say may name somebody.
    fn notes(&mut self, notes: &[String]) {
        if !notes.is_empty() {
            let count = notes.len();
            self.fact("Notes", format!("{count}, in the attribute notes"));
        }
    }

    fn html(&self) -> Result<String, Error> {
        self.render().map_err(|error| {
            let message = format!(
                "the card cannot be made: {error}; this is a fault in nearpeer, please report it"
            );
            Error::new(ErrorKind::Solver, message)
        })
    }

    fn render(&self) -> Result<String, minijinja::Error> {
        let mut templates = Environment::new();
        templates.set_undefined_behavior(UndefinedBehavior::Strict);
        templates.add_template(CARD, include_str!("../../templates/notebook/card.html"))?;
        let card = templates.get_template(CARD)?.render(Serde(self))?;
        Ok(card + "\n")
    }
}
