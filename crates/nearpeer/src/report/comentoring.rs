//! The page of a co-mentoring match: students of one table in pairs and groups of three.

use std::collections::BTreeMap;
use std::io::Write as _;
use std::path::{Path, PathBuf};

use nearpeer_core::words::form;
use nearpeer_core::{Error, Level, Micropoints, Role, Status};

use super::co_outcome::CoOutcome;
use super::coverage::WITHHELD;
use super::left::in_words;
use super::page::{Block, Cell, Fact, Page, Section, Table, number, text};
use super::redact::{FEW, is_few};
use super::who::Who;
use super::words::{clean_long, count, counted, points, share};
use super::{Settings, proof, scores, words};
use crate::drafts;

/// The most groups, and the most people who are left, that are listed; the files of the match have all.
const LISTED: usize = 10_000;

/// Every reason: its code, what people call it, and what it means.
const REASONS: [(&str, &str, &str); 4] = [
    (
        "not_eligible",
        "Nobody is allowed",
        "The programme's rules leave no other student for them.",
    ),
    (
        "odd_one_out",
        "One too many",
        "The students who could be paired are odd in number, and one of them is left.",
    ),
    (
        "out_competed",
        "Suitable students are taken",
        "There are suitable students, and this match pairs them with others or with nobody.",
    ),
    (
        "no_room",
        "Takes nobody",
        "The greatest number of partners for them is 0.",
    ),
];

/// The page of a co-mentoring match, as one HTML document. Bottlenecks and advice have no place on it.
///
/// # Errors
/// As [`Settings::check`], and [`ErrorKind::Input`](crate::ErrorKind::Input) for sites.
pub fn html_of_groups(outcome: &CoOutcome<'_>, settings: &Settings) -> Result<String, Error> {
    if !settings.sites.is_empty() {
        return Err(Error::input(
            "rosters by site are for mentees and mentors; a page of students has its groups in one table",
        ));
    }
    settings.check(outcome.roster)?;
    let who = Who::new(outcome.roster, settings.names.as_deref());
    let redacted = settings.redacted;
    let mut sections = vec![
        pairs(outcome, redacted),
        left(outcome, &who, redacted),
        proven(outcome, redacted),
    ];
    if settings.names.is_some() {
        sections.push(groups(outcome, &who));
    }
    let title = settings.title.as_deref().unwrap_or("Co-mentoring match");
    Page {
        version: env!("CARGO_PKG_VERSION"),
        title: words::clean(title),
        summary: summary(outcome, redacted),
        facts: facts(outcome, redacted),
        redacted,
        sections,
    }
    .html()
}

/// Writes the page to a file, which appears whole or not at all.
///
/// # Errors
/// As [`html_of_groups`], and [`ErrorKind::Io`](crate::ErrorKind::Io) naming the file if it cannot be written.
pub fn save_groups(
    outcome: &CoOutcome<'_>,
    settings: &Settings,
    path: &Path,
) -> Result<PathBuf, Error> {
    let page = html_of_groups(outcome, settings)?;
    drafts::save(path, |out| out.write_all(page.as_bytes()))
}

/// Whether one of the numbers would say too much of a few people.
fn says_too_much(found: &CoOutcome<'_>, redacted: bool) -> bool {
    let (all, covered) = (found.people.len() as u64, found.covered() as u64);
    let in_triads = 3 * found.triads() as u64;
    let numbers = [all, covered, all - covered, in_triads, covered - in_triads];
    redacted && numbers.into_iter().any(is_few)
}

fn summary(found: &CoOutcome<'_>, redacted: bool) -> Vec<String> {
    let (all, covered) = (found.people.len() as u64, found.covered() as u64);
    let (pairs, triads) = (found.groups.len() - found.triads(), found.triads());
    let mut coverage = format!(
        "{} of {} ({}) {} a partner: {} and {}.",
        count(covered),
        counted(all, "student", "students"),
        share(covered, all),
        form(covered, "has", "have"),
        counted(pairs as u64, "pair", "pairs"),
        counted(triads as u64, "group of three", "groups of three"),
    );
    if says_too_much(found, redacted) {
        coverage = match all >= FEW && all - covered < FEW {
            true => format!(
                "At least {} % of the students have a partner.",
                (all - (FEW - 1)) * 100 / all
            ),
            false => "There are too few students to say more.".to_owned(),
        };
    }
    let proof = match found.certificate.status {
        Status::Optimal => {
            "Under the programme's rules and aims no match of these students is better: that is proven."
        }
        _ => {
            "The match keeps every rule of the programme. Whether there is a better one is not settled, since the search \
             was ended before; how much better one could be is said below."
        }
    };
    vec![coverage, proof.to_owned()]
}

fn facts(found: &CoOutcome<'_>, redacted: bool) -> Vec<Fact> {
    let hidden = says_too_much(found, redacted);
    let fact = |name, value: String| Fact {
        name,
        value,
        note: String::new(),
    };
    let covered = format!("{} of {}", found.covered(), found.people.len());
    let mut facts = vec![fact(
        "Students with a partner",
        if hidden { WITHHELD.to_owned() } else { covered },
    )];
    if !hidden {
        facts.push(fact("Groups of three", count(found.triads() as u64)));
    }
    let scores = scores_of(found);
    let silent = redacted && is_few(scores.len() as u64);
    if !scores.is_empty() && !silent {
        facts.push(fact("Mean score", points(mean_score(found))));
    }
    facts
}

/// The scores of every two students of one group.
fn scores_of(found: &CoOutcome<'_>) -> Vec<i64> {
    let scores = found.groups.iter().flat_map(|group| &group.scores);
    scores.map(|score| score.0).collect()
}

/// Of so many students as are two, as the total score counts a group of three.
fn mean_score(found: &CoOutcome<'_>) -> Micropoints {
    match found.covered() as i64 {
        0 => Micropoints(0),
        covered => Micropoints(2 * found.total_score().0 / covered),
    }
}

fn pairs(found: &CoOutcome<'_>, redacted: bool) -> Section {
    let mut blocks = scores::distribution_of(&scores_of(found), mean_score(found), redacted);
    if blocks.len() > 1 && found.triads() > 0 {
        let each = "A group of three counts as one and a half pairs in the mean, and below each two of its students are \
                    a pair.";
        blocks.insert(1, Block::Text(each.to_owned()));
    }
    Section::new("scores", "How good the pairs are", blocks)
}

fn left(found: &CoOutcome<'_>, who: &Who<'_>, redacted: bool) -> Section {
    let heading = "Who has nobody, and why";
    if found.left.is_empty() {
        let everybody = Block::Text("Everybody has a partner.".to_owned());
        return Section::new("left", heading, vec![everybody]);
    }
    if redacted {
        let few = "Reasons are not part of a page for sharing.".to_owned();
        return Section::new("left", heading, vec![Block::Text(few)]);
    }
    let mut counts: BTreeMap<&str, u64> = BTreeMap::new();
    for person in &found.left {
        *counts.entry(&person.reason).or_default() += 1;
    }
    let rows = counts.iter().map(|(code, number)| {
        let (name, meaning) = named(code);
        vec![name.into(), meaning.into(), count(*number).into()]
    });
    let reasons = Table {
        id: "reasons".to_owned(),
        caption: "Reasons".to_owned(),
        columns: vec![text("Reason"), text("What it means"), number("Students")],
        rows: rows.collect(),
    };
    let rows = found.left.iter().take(LISTED).map(|person| {
        let detail = in_words(&person.reason, &person.detail);
        vec![
            name(who, person.ix).into(),
            named(&person.reason).0.into(),
            clean_long(&detail).into(),
        ]
    });
    let people = Table {
        id: "left-students".to_owned(),
        caption: "Students without a partner".to_owned(),
        columns: vec![text("Student"), text("Reason"), text("In detail")],
        rows: rows.collect(),
    };
    Section::new(
        "left",
        heading,
        vec![Block::Table(reasons), Block::Table(people)],
    )
}

/// What people call a reason, and what it means.
fn named(code: &str) -> (String, String) {
    let known = REASONS.iter().find(|(known, ..)| *known == code);
    match known {
        Some((_, name, meaning)) => ((*name).to_owned(), (*meaning).to_owned()),
        None => (words::clean(code), String::new()),
    }
}

fn proven(found: &CoOutcome<'_>, redacted: bool) -> Section {
    let aim = |level: Level| match level {
        Level::Priority(tier) => format!("Students of priority {tier} who have a partner"),
        Level::Coverage => "Students who have a partner".to_owned(),
        level => proof::aim(level),
    };
    let hidden = says_too_much(found, redacted);
    let silent = |level: Level| redacted && (hidden || level != Level::Coverage);
    let certificate = &found.certificate;
    let mut blocks = vec![Block::Text(proof::certificate_in_words(certificate.status))];
    blocks.extend(proof::levels(certificate, aim, silent));
    blocks.push(Block::Table(proof::rules(&found.rules)));
    if !redacted && !found.notes.is_empty() {
        blocks.push(Block::Text("What has no effect:".to_owned()));
        let notes = found.notes.iter().map(|note| clean_long(note));
        blocks.push(Block::List(notes.collect()));
    }
    Section::new("proof", proof::HEADING, blocks)
}

/// Who is with whom, to be printed.
fn groups(found: &CoOutcome<'_>, who: &Who<'_>) -> Section {
    let rows = found.groups.iter().take(LISTED).map(|group| {
        let students = group.students.iter().map(|ix| name(who, *ix));
        let mut cells: Vec<Cell> = students.map(Cell::from).collect();
        cells.resize_with(3, || String::new().into());
        cells
    });
    let groups = found.groups.len();
    let caption = match groups > LISTED {
        true => format!(
            "The first {} of {}",
            count(LISTED as u64),
            count(groups as u64)
        ),
        false => counted(groups as u64, "group", "groups"),
    };
    let table = Table {
        id: "groups".to_owned(),
        caption,
        columns: vec![text("Student"), text("Student"), text("Third")],
        rows: rows.collect(),
    };
    Section::new("rosters", "Groups", vec![Block::Table(table)])
}

/// In a roster of students everybody stands on the side of mentees.
fn name(who: &Who<'_>, ix: usize) -> String {
    who.name(Role::Mentee, ix)
}
