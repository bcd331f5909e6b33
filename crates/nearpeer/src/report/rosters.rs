//! Who meets whom, school by school, to be printed and handed out.

use std::collections::BTreeMap;

use nearpeer_core::Role;

use super::coverage::{MOST_SITES, not_shown, site_name};
use super::outcome::{Chosen, Outcome};
use super::page::{Block, Cell, Column, Section, Table, text};
use super::who::Who;
use super::words::{clean, counted};

/// The most pairs of all rosters together; with more, each school has its share of them. `pairs.csv` has all.
const MOST_PAIRS: usize = 10_000;

/// How many shared interests are named.
const SHARED: usize = 3;

/// The rosters of these schools; of all, if there are none.
pub(super) fn section(outcome: &Outcome<'_>, who: &Who<'_>, sites: &[String]) -> Section {
    let mut rosters: BTreeMap<&str, Vec<&Chosen>> = BTreeMap::new();
    for pair in &outcome.pairs {
        rosters.entry(outcome.site(pair)).or_default().push(pair);
    }
    if !sites.is_empty() {
        rosters.retain(|site, _| sites.iter().any(|wanted| wanted == site));
    }
    let more = rosters.len().saturating_sub(MOST_SITES);
    let most = MOST_PAIRS / rosters.len().clamp(1, MOST_SITES);
    let all: usize = rosters.values().map(Vec::len).sum();
    let mut blocks = Vec::new();
    for (number, (site, mut pairs)) in (1..).zip(rosters).take(MOST_SITES) {
        if outcome.roster.has_sites() {
            blocks.push(Block::Sheet(site_name(site)));
        }
        if pairs.iter().any(|pair| pair.meeting.is_some()) {
            pairs.sort_by_key(|pair| pair.meeting.as_ref().map(|meeting| &meeting.slot));
        }
        let shown = match all > MOST_PAIRS {
            true => pairs.len().min(most),
            false => pairs.len(),
        };
        let of = match outcome.roster.has_sites() {
            true => format!(" of {}", site_name(site)),
            false => String::new(),
        };
        let caption = format!(
            "Roster{of}: {}",
            counted(pairs.len() as u64, "pair", "pairs")
        );
        blocks.push(Block::Table(roster(
            outcome,
            who,
            format!("roster-{number}"),
            caption,
            &pairs[..shown],
        )));
        if shown < pairs.len() {
            blocks.push(Block::Text(format!(
                "{} in the file pairs.csv; a report of this school alone has up to 10,000.",
                counted((pairs.len() - shown) as u64, "more is", "more are")
            )));
        }
    }
    blocks.extend(not_shown(more));
    if blocks.is_empty() {
        blocks.push(Block::Text("There are no pairs.".to_owned()));
    }
    Section::new("rosters", "Rosters", blocks)
}

fn roster(
    outcome: &Outcome<'_>,
    who: &Who<'_>,
    id: String,
    caption: String,
    pairs: &[&Chosen],
) -> Table {
    let meets = pairs.iter().any(|pair| pair.meeting.is_some());
    let led = pairs.iter().any(|pair| {
        let meeting = pair.meeting.as_ref();
        meeting.is_some_and(|meeting| meeting.leader.is_some())
    });
    let grade = |role: Role, ix: usize| {
        let grade = outcome.roster.side(role).grade(ix);
        grade.map_or_else(String::new, |grade| grade.to_string())
    };
    let rows = pairs.iter().map(|pair| {
        let mut cells: Vec<Cell> = vec![
            who.name(Role::Mentee, pair.mentee).into(),
            grade(Role::Mentee, pair.mentee).into(),
            who.name(Role::Mentor, pair.mentor).into(),
            grade(Role::Mentor, pair.mentor).into(),
        ];
        if meets {
            let slot = pair.meeting.as_ref().map(|meeting| clean(&meeting.slot));
            cells.push(slot.unwrap_or_default().into());
        }
        if led {
            let leader = pair
                .meeting
                .as_ref()
                .and_then(|meeting| meeting.leader.as_ref());
            cells.push(
                leader
                    .map_or_else(String::new, |leader| clean(leader))
                    .into(),
            );
        }
        cells.push(in_common(outcome, pair).into());
        cells
    });
    let mut columns: Vec<Column> = vec![
        text("Mentee"),
        text("Grade"),
        text("Mentor"),
        text("Mentor's grade"),
    ];
    columns.extend(meets.then(|| text("Slot")));
    columns.extend(led.then(|| text("Leader")));
    columns.push(text("In common"));
    Table {
        id,
        caption,
        columns,
        rows: rows.collect(),
    }
}

/// A few interests that the two share, to begin a talk with.
fn in_common(outcome: &Outcome<'_>, pair: &Chosen) -> String {
    let roster = outcome.roster;
    let of_mentor = roster.mentors().interests(pair.mentor).unwrap_or_default();
    let of_mentee = roster.mentees().interests(pair.mentee).unwrap_or_default();
    let shared = of_mentee
        .iter()
        .filter(|interest| of_mentor.contains(interest));
    let mut words: Vec<String> = shared
        .map(|interest| clean(roster.interests().word(*interest)))
        .collect();
    let more = words.len().saturating_sub(SHARED);
    words.truncate(SHARED);
    let mut text = words.join(", ");
    if more > 0 {
        text += &format!(" and {more} more");
    }
    text
}
