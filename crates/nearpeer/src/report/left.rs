//! Who is in no pair, and why.

use std::collections::BTreeMap;

use nearpeer_core::Role;

use super::coverage::{WITHHELD, site_name};
use super::outcome::{Left, Outcome};
use super::page::{Block, Cell, Section, Table, number, text};
use super::redact::{self, Row};
use super::who::Who;
use super::words::{clean, clean_long, count, counted};

/// The most people that are listed; `unmatched.csv` has all.
const LISTED: usize = 200;

/// Every reason that this version knows: its code, what people call it, and what it means.
const REASONS: [(&str, &str, &str); 9] = [
    (
        "not_eligible",
        "Nobody is allowed",
        "The programme's rules leave nobody on the other side for them.",
    ),
    (
        "out_competed",
        "Suitable mentors are taken",
        "There are suitable mentors, and this match pairs them with others or with nobody.",
    ),
    (
        "circle_not_filled",
        "Too few for a group",
        "A mentor takes nobody or at least so many, and that number is not reached.",
    ),
    (
        "quota_reached",
        "A limit is reached",
        "There is room with somebody, but a pair would go beyond the limit of a quota, a budget, a balance or a family.",
    ),
    (
        "no_place",
        "No time or place in common",
        "In no slot are both free where a pair can be held.",
    ),
    (
        "places_full",
        "Times and places are taken",
        "Somebody suitable has room, but wherever the two could meet the places are taken.",
    ),
    (
        "not_needed",
        "Not needed",
        "They may be paired, and this match does without them.",
    ),
    (
        "refused",
        "Not on the lists",
        "Of them and everybody suitable, one does not list the other.",
    ),
    (
        "no_room",
        "Takes nobody",
        "The greatest number of pairs for them is 0.",
    ),
];

pub(super) fn section(outcome: &Outcome<'_>, who: &Who<'_>, redacted: bool) -> Section {
    let mut blocks = Vec::new();
    if outcome.left.is_empty() {
        blocks.push(Block::Text("Everybody is in a pair.".to_owned()));
    } else {
        blocks.push(Block::Table(reasons(&outcome.left, redacted)));
    }
    if !redacted {
        for role in [Role::Mentee, Role::Mentor] {
            blocks.extend(list(outcome, who, role));
        }
    }
    Section::new("left", "Who has nobody, and why", blocks)
}

fn reasons(left: &[Left], redacted: bool) -> Table {
    let mut counts: BTreeMap<&str, [u64; 2]> = BTreeMap::new();
    for person in left {
        counts.entry(&person.reason).or_default()[person.role as usize] += 1;
    }
    let withheld = [0, 1].map(|role: usize| {
        let rows: Vec<Row> = counts
            .values()
            .map(|counts| Row {
                part: 0,
                table: 0,
                people: counts[role],
            })
            .collect();
        let mut hidden = vec![false; rows.len()];
        if redacted {
            redact::withhold(&rows, &mut hidden);
        }
        hidden
    });
    let rows = counts.iter().enumerate().map(|(row, (code, counts))| {
        let (name, meaning) = named(code);
        let cell = |role: usize| -> Cell {
            match withheld[role][row] {
                true => WITHHELD.to_owned().into(),
                false => count(counts[role]).into(),
            }
        };
        vec![name.into(), meaning.into(), cell(0), cell(1)]
    });
    Table {
        id: "reasons".to_owned(),
        caption: "Reasons".to_owned(),
        columns: vec![
            text("Reason"),
            text("What it means"),
            number("Mentees"),
            number("Mentors"),
        ],
        rows: rows.collect(),
    }
}

/// What people call a reason, and what it means.
fn named(code: &str) -> (String, String) {
    let known = REASONS.iter().find(|(known, ..)| *known == code);
    match known {
        Some((_, name, meaning)) => ((*name).to_owned(), (*meaning).to_owned()),
        None => (clean(code), String::new()),
    }
}

/// A reason's numbers with its rules, if it has any, in words.
pub(super) fn in_words(reason: &str, detail: &str) -> String {
    match reason {
        "not_eligible" => detail.replace('_', " "),
        _ => detail.to_owned(),
    }
}

/// Everybody of one side who has nobody.
fn list(outcome: &Outcome<'_>, who: &Who<'_>, role: Role) -> Vec<Block> {
    let people = outcome.left.iter().filter(|person| person.role == role);
    let all = people.clone().count();
    if all == 0 {
        return Vec::new();
    }
    let rows = people.take(LISTED).map(|person| {
        let grade = outcome.roster.side(role).grade(person.ix);
        vec![
            who.name(role, person.ix).into(),
            site_name(outcome.site_of(role, person.ix)).into(),
            grade
                .map_or_else(|| "not given".to_owned(), |grade| grade.to_string())
                .into(),
            named(&person.reason).0.into(),
            clean_long(&in_words(
                &person.reason,
                who.without_ids(&person.reason, &person.detail),
            ))
            .into(),
        ]
    });
    let (id, caption) = match role {
        Role::Mentee => ("left-mentees", "Mentees without a mentor"),
        Role::Mentor => ("left-mentors", "Mentors without a mentee"),
    };
    let table = Table {
        id: id.to_owned(),
        caption: caption.to_owned(),
        columns: vec![
            text(Who::heading(role)),
            text("School"),
            text("Grade"),
            text("Reason"),
            text("In detail"),
        ],
        rows: rows.collect(),
    };
    let mut blocks = vec![Block::Table(table)];
    if all > LISTED {
        blocks.push(Block::Text(format!(
            "{} in the same way; the file unmatched.csv lists everybody.",
            counted((all - LISTED) as u64, "more is left", "more are left")
        )));
    }
    blocks
}
