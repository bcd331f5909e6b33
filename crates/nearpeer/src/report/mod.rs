//! The report: a match on one page, for people who never saw a line of code.
//!
//! [`html`] makes a page of its own: no scripts, nothing from elsewhere, readable on a telephone, on paper and by a
//! screen reader. It has the summary, coverage by school and grade, scores, supply and demand, who is left and why, and
//! the proof in plain words. Nobody is named unless [`Settings::names`] asks for it; then there are rosters, too. A
//! [`redacted`](Settings::redacted) page is for sharing: it names nobody, and has no number from 1 to 9 that counts
//! people, nor numbers from which one could be worked out.
//!
//! ```
//! use nearpeer::report::{self, Outcome};
//! use nearpeer::{Grade, Person, Program, Roster};
//!
//! let grade = |number| Grade::new(number).expect("a grade");
//! let roster = Roster::builder()
//!     .mentee(Person::new("ana").grade(grade(6)).interests(["chess"]))
//!     .mentor(Person::new("max").grade(grade(9)).interests(["chess"]))
//!     .build()?;
//! let program = Program::default();
//! let found = program.solve(&roster)?;
//! let outcome = Outcome::of_match(&found, &roster, &program)?;
//! let page = report::html(&outcome, &report::Settings::default())?;
//! assert!(page.contains("1 of 1 mentee (100 %) has a mentor"));
//! assert!(!page.contains("ana"));
//! # Ok::<(), nearpeer::Error>(())
//! ```

mod co_outcome;
mod comentoring;
mod coverage;
mod left;
mod limits;
mod outcome;
mod page;
mod proof;
mod redact;
mod rosters;
mod scores;
mod summary;
mod supply;
mod tally;
mod who;
pub(crate) mod words;

use std::io::Write;
use std::path::{Path, PathBuf};

use nearpeer_core::certificate::Status;
use nearpeer_core::error::nearest;
use nearpeer_core::{Advice, Error, Field, Program, Roster};

use crate::drafts;

pub use co_outcome::CoOutcome;
pub use comentoring::{html_of_groups, save_groups};
pub use outcome::Outcome;

use page::{Block, Page, Section};
use tally::Tally;
use who::Who;

/// How a report is made.
#[derive(Debug, Clone, Default)]
pub struct Settings {
    /// The column that names people: `id`, or another column of the tables. Without it, people are named by their
    /// rows in the tables, and there are no rosters.
    pub names: Option<String>,
    /// Whether the report is for sharing. It cannot have names then.
    pub redacted: bool,
    /// The heading; `Mentor match` unless given.
    pub title: Option<String>,
    /// The schools whose rosters are printed; all of them if there are none here.
    pub sites: Vec<String>,
    /// What holds the programme back, as far as somebody has worked it out. Not printed where the report is redacted, since
    /// nobody knows whom the sentences name.
    pub bottlenecks: Vec<Finding>,
    /// What would help, as far as somebody has worked it out. Not printed where the report is redacted.
    pub advice: Vec<Finding>,
}

impl Settings {
    /// Checks that a report of these people can be made so, before a long solve.
    ///
    /// # Errors
    /// [`ErrorKind::Input`](crate::ErrorKind::Input) for names in a redacted report, for a column of names that no table has, for a site at
    /// which nobody is, and for sites without names.
    pub fn check(&self, roster: &Roster) -> Result<(), Error> {
        if self.redacted && self.names.is_some() {
            let message = "a redacted report has no names: leave out one of the two";
            return Err(Error::input(message));
        }
        if self.redacted && !self.sites.is_empty() {
            let message = "a redacted report has no rosters: leave out the schools";
            return Err(Error::input(message));
        }
        if let Some(name) = &self.names {
            check_names(name, roster)?;
        } else if !self.sites.is_empty() {
            let message = "the roster of a school names people: say by which column, `id` or another, as `names`";
            return Err(Error::input(message));
        }
        match self
            .sites
            .iter()
            .find(|site| roster.sites().code(site).is_none())
        {
            Some(site) => Err(Error::input("nobody is at this site").with_value(site)),
            None => Ok(()),
        }
    }
}

/// # Errors
/// [`ErrorKind::Input`](crate::ErrorKind::Input) for a column by which people cannot be named.
fn check_names(name: &str, roster: &Roster) -> Result<(), Error> {
    let sides = [roster.mentees(), roster.mentors()];
    let is_extra = sides.iter().any(|people| people.extra(name).is_some());
    if is_extra || name == Field::Id.name() {
        return Ok(());
    }
    let known = Field::ALL.iter().find(|field| field.name() == name);
    if known.is_some_and(|field| sides.iter().any(|people| people.has(*field))) {
        let message = "people are named by `id` or by a column of your own, not by one that the programme matches by";
        return Err(Error::input(message).in_column(name));
    }
    let extra = sides.iter().flat_map(|people| people.extra_names());
    let hint = match nearest(name, extra) {
        Some(near) => format!("did you mean `{near}`?"),
        None => "`id` always is one".to_owned(),
    };
    let message = format!("no table has this column to name people by; {hint}");
    Err(Error::input(message).in_column(name))
}

impl Settings {
    /// With the bottlenecks of the programme, the greatest shortages first.
    ///
    /// # Errors
    /// As [`Program::assess`](crate::Program::assess).
    pub fn with_bottlenecks(self, program: &Program, roster: &Roster) -> Result<Self, Error> {
        /// More would not be read.
        const MOST: usize = 10;
        if self.redacted {
            return Ok(self);
        }
        let found = program.assess(roster)?.bottlenecks;
        let sentences = found.iter().take(MOST).map(|set| Finding {
            what: set.sentence(),
            effect: String::new(),
        });
        Ok(Self {
            bottlenecks: sentences.collect(),
            ..self
        })
    }

    /// With advice that is worked out by solving again.
    #[must_use]
    pub fn with_advice(self, advice: &[Advice]) -> Self {
        let sentences = advice.iter().map(|advice| Finding {
            what: advice.what.clone(),
            effect: advice
                .cost
                .map_or_else(String::new, |cost| format!("for {cost}")),
        });
        Self {
            advice: sentences.collect(),
            ..self
        }
    }
}

/// A sentence for the report, and what it amounts to.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Finding {
    /// The sentence: `One more trained mentor at Lincoln on Tuesdays`.
    pub what: String,
    /// What that is worth or costs: `1 more match`. Empty where the sentence says all.
    pub effect: String,
}

/// The page, as one HTML document.
///
/// # Errors
/// As [`Settings::check`].
pub fn html(outcome: &Outcome<'_>, settings: &Settings) -> Result<String, Error> {
    settings.check(outcome.roster)?;
    let who = Who::new(outcome.roster, settings.names.as_deref());
    let tally = Tally::new(outcome);
    let redacted = settings.redacted;
    let mut sections = vec![
        coverage::section(outcome, &tally, redacted),
        scores::section(outcome, &who, redacted),
        supply::section(outcome, &tally, redacted),
        left::section(outcome, &who, redacted),
    ];
    if !redacted {
        sections.extend(findings(
            "bottlenecks",
            "What holds it back",
            &settings.bottlenecks,
        ));
        let advice = findings("advice", "What would help", &settings.advice);
        sections.extend(advice.map(|mut section| {
            if outcome.certificate.status != Status::Optimal {
                section
                    .blocks
                    .insert(0, Block::Text(ADDED_TO_THE_BEST.to_owned()));
            }
            section
        }));
    }
    let named = settings.names.is_some();
    sections.extend(limits::section(outcome, &tally, named, redacted));
    sections.push(proof::section(outcome, &tally, redacted));
    if named {
        sections.push(rosters::section(outcome, &who, &settings.sites));
    }
    let title = settings.title.as_deref().unwrap_or("Mentor match");
    Page {
        version: env!("CARGO_PKG_VERSION"),
        title: words::clean(title),
        summary: summary::sentences(outcome, &tally, redacted),
        facts: summary::facts(outcome, &tally, redacted),
        redacted,
        sections,
    }
    .html()
}

/// Writes the page to a file, which appears whole or not at all.
///
/// # Errors
/// As [`html`], and [`ErrorKind::Io`](crate::ErrorKind::Io) naming the file if it cannot be written; it has not changed then.
pub fn save(outcome: &Outcome<'_>, settings: &Settings, path: &Path) -> Result<PathBuf, Error> {
    let page = html(outcome, settings)?;
    drafts::save(path, |out| out.write_all(page.as_bytes()))
}

/// What advice is about where the match is not the best.
const ADDED_TO_THE_BEST: &str =
    "A limit cut this match before it was proven the best: what is added is added to the best.";

/// A table of findings; none where there are none.
fn findings(id: &str, heading: &str, findings: &[Finding]) -> Option<Section> {
    if findings.is_empty() {
        return None;
    }
    let sentences = findings.iter().map(|finding| match &*finding.effect {
        "" => words::clean_long(&finding.what),
        effect => words::clean_long(&format!("{}: {effect}", finding.what)),
    });
    let blocks = vec![Block::List(sentences.collect())];
    Some(Section::new(id, heading, blocks))
}
