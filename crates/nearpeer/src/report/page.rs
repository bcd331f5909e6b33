//! What a page consists of, and the page made of it. Everything here is plain text; the templates escape all of it.

use minijinja::value::Serde;
use minijinja::{Environment, UndefinedBehavior};
use nearpeer_core::{Error, ErrorKind};
use serde::Serialize;

/// The templates by their names. What ends in `.html` escapes all that it is given.
const TEMPLATES: [(&str, &str); 4] = [
    (PAGE, include_str!("../../templates/report/page.html")),
    (
        "table.html",
        include_str!("../../templates/report/table.html"),
    ),
    (
        "chart.html",
        include_str!("../../templates/report/chart.html"),
    ),
    (
        "style.css",
        include_str!("../../templates/report/style.css"),
    ),
];

const PAGE: &str = "page.html";

/// The page.
#[derive(Debug, Serialize)]
pub(super) struct Page {
    pub(super) version: &'static str,
    pub(super) title: String,
    pub(super) summary: Vec<String>,
    pub(super) facts: Vec<Fact>,
    pub(super) redacted: bool,
    pub(super) sections: Vec<Section>,
}

impl Page {
    /// The HTML document.
    ///
    /// # Errors
    /// None that a user can cause.
    pub(super) fn html(&self) -> Result<String, Error> {
        self.render().map_err(|error| {
            let message = format!(
                "the report cannot be made: {error}; this is a fault in nearpeer, please report it"
            );
            Error::new(ErrorKind::Solver, message)
        })
    }

    fn render(&self) -> Result<String, minijinja::Error> {
        let mut templates = Environment::new();
        templates.set_undefined_behavior(UndefinedBehavior::Strict);
        for (name, text) in TEMPLATES {
            templates.add_template(name, text)?;
        }
        let page = templates.get_template(PAGE)?.render(Serde(self))?;
        Ok(page + "\n")
    }
}

/// A number with its name.
#[derive(Debug, Serialize)]
pub(super) struct Fact {
    pub(super) name: &'static str,
    pub(super) value: String,
    pub(super) note: String,
}

/// A part of the page with a heading.
#[derive(Debug, Serialize)]
pub(super) struct Section {
    pub(super) id: String,
    pub(super) heading: String,
    pub(super) blocks: Vec<Block>,
}

impl Section {
    pub(super) fn new(id: &str, heading: &str, blocks: Vec<Block>) -> Self {
        Self {
            id: id.to_owned(),
            heading: heading.to_owned(),
            blocks,
        }
    }
}

/// What stands in a section.
#[derive(Debug, Serialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum Block {
    Text(String),
    List(Vec<String>),
    /// What is typed at a terminal.
    Typed(String),
    /// A heading within the section; what follows begins a new sheet of paper if it is printed.
    Sheet(String),
    Table(Table),
    Chart(Chart),
}

/// A table, whose first column names its rows.
#[derive(Debug, Serialize)]
pub(super) struct Table {
    /// Unique on the page.
    pub(super) id: String,
    pub(super) caption: String,
    pub(super) columns: Vec<Column>,
    pub(super) rows: Vec<Vec<Cell>>,
}

#[derive(Debug, Serialize)]
pub(super) struct Column {
    pub(super) name: String,
    /// Numbers stand at the right.
    pub(super) numeric: bool,
}

/// A column of text.
pub(super) fn text(name: &str) -> Column {
    Column {
        name: name.to_owned(),
        numeric: false,
    }
}

/// A column of numbers.
pub(super) fn number(name: &str) -> Column {
    Column {
        name: name.to_owned(),
        numeric: true,
    }
}

/// A cell, with a bar behind its text if it is a share: its length as SVG has it.
#[derive(Debug, Serialize)]
pub(super) struct Cell {
    pub(super) text: String,
    pub(super) bar: Option<String>,
}

impl From<String> for Cell {
    fn from(text: String) -> Self {
        Self { text, bar: None }
    }
}

/// The height of a bar with its space, in pixels.
const ROW: usize = 26;

/// Bars begin at this share of the chart's width and fill as much as leaves room for the value, in percent.
const START: u64 = 17;
const FILL: u64 = 63;

/// Bars, one below the other. A table with the same numbers stands beside it.
#[derive(Debug, Serialize)]
pub(super) struct Chart {
    /// Unique on the page.
    pub(super) id: &'static str,
    pub(super) title: &'static str,
    /// What it shows, in a sentence, for those who do not see it.
    pub(super) description: String,
    /// What the two parts of a bar are, if it has two.
    pub(super) parts: Vec<&'static str>,
    pub(super) bars: Vec<Bar>,
    /// In pixels.
    pub(super) height: usize,
}

/// A bar of one or two parts. Lengths are as SVG has them: shares of the width, and pixels from the top.
#[derive(Debug, Serialize)]
pub(super) struct Bar {
    label: String,
    value: String,
    first: String,
    second: Option<String>,
    second_start: String,
    end: String,
    top: usize,
    middle: usize,
}

impl Chart {
    /// A chart without bars.
    pub(super) fn new(id: &'static str, title: &'static str, description: String) -> Self {
        Self {
            id,
            title,
            description,
            parts: Vec::new(),
            bars: Vec::new(),
            height: 0,
        }
    }

    /// Adds a bar whose parts are so many thousandths of the longest bar.
    pub(super) fn push(&mut self, label: String, value: String, parts: [u64; 2]) {
        let [first, second] = parts.map(|thousandths| thousandths * FILL / 100);
        let start = 10 * START;
        self.bars.push(Bar {
            label,
            value,
            first: percent(first),
            second: (second > 0).then(|| percent(second)),
            second_start: percent(start + first),
            end: percent(start + first + second + 10),
            top: self.height + 4,
            middle: self.height + 18,
        });
        self.height += ROW;
    }
}

/// Thousandths as SVG's lengths: `12.3%`.
pub(super) fn percent(thousandths: u64) -> String {
    format!("{}.{}%", thousandths / 10, thousandths % 10)
}
