//! How many mentees ask for somebody, and how many the mentors can take.

use std::collections::BTreeSet;

use nearpeer_core::Field;

use super::Outcome;
use super::coverage::{MOST_SITES, WITHHELD, not_shown, site_name};
use super::page::{Block, Cell, Section, Table, number, text};
use super::redact::{self, Row, is_few};
use super::tally::{Supply, Tally};
use super::words::{count, counted};

pub(super) fn section(outcome: &Outcome<'_>, tally: &Tally<'_>, redacted: bool) -> Section {
    let roster = outcome.roster;
    let by_site = roster.mentees().has(Field::Site) || roster.mentors().has(Field::Site);
    let mut blocks = Vec::new();
    blocks.extend(sentence(tally, redacted).map(Block::Text));
    if by_site {
        let rows = rows(tally);
        let more = rows.len().saturating_sub(MOST_SITES);
        if more == 0 || !redacted {
            blocks.push(Block::Table(table(&rows, redacted)));
        }
        blocks.extend(not_shown(more));
    }
    Section::new("supply", "Supply and demand", blocks)
}

/// The whole programme in a few words; nothing where one of its numbers is withheld.
fn sentence(tally: &Tally<'_>, redacted: bool) -> Option<String> {
    let Supply {
        mentors,
        ready,
        places,
        taken,
    } = tally.supply;
    let mentees = tally.total.mentees;
    if redacted
        && [mentees, mentors, ready, mentors - ready]
            .into_iter()
            .any(is_few)
    {
        return None;
    }
    let mut sentence = format!(
        "{} and {}.",
        counted(
            mentees,
            "mentee asks for a mentor",
            "mentees ask for a mentor"
        ),
        counted(mentors, "mentor has signed up", "mentors have signed up"),
    );
    if ready < mentors {
        sentence += &format!(
            " {} not ready yet: screening, training or consent is missing.",
            counted(mentors - ready, "mentor is", "mentors are")
        );
    }
    sentence += &format!(
        " Those who are ready can take {}",
        counted(places, "mentee", "mentees")
    );
    if !redacted {
        sentence += &format!("; they have {}", count(taken));
    }
    sentence += match places.cmp(&mentees) {
        std::cmp::Ordering::Less => {
            ". That is fewer than there are, so some have to wait whoever is paired."
        }
        _ => ".",
    };
    Some(sentence)
}

/// Mentees and mentors by school.
fn rows<'a>(tally: &Tally<'a>) -> Vec<(&'a str, u64, Supply)> {
    let sites: BTreeSet<&str> = tally
        .by_site
        .keys()
        .chain(tally.supply_by_site.keys())
        .copied()
        .collect();
    let rows = sites.into_iter().map(|site| {
        let mentees = tally.by_site.get(site).copied().unwrap_or_default();
        let supply = tally.supply_by_site.get(site).copied();
        (site, mentees.mentees, supply.unwrap_or_default())
    });
    rows.collect()
}

fn table(rows: &[(&str, u64, Supply)], redacted: bool) -> Table {
    let withheld = match redacted {
        true => withheld(rows),
        false => vec![false; rows.len()],
    };
    let shown = rows.iter().zip(withheld).take(MOST_SITES);
    let lines = shown.map(|((site, mentees, supply), hidden)| {
        let cell = |number: u64| -> Cell {
            match hidden {
                true => WITHHELD.to_owned().into(),
                false => count(number).into(),
            }
        };
        let mut cells: Vec<Cell> = vec![site_name(site).into()];
        if !redacted {
            cells.push(count(*mentees).into());
        }
        cells.extend([supply.mentors, supply.ready, supply.places].map(cell));
        if !redacted {
            cells.push(count(supply.taken).into());
        }
        cells
    });
    // How many mentees there are is said where coverage is, and what is withheld there is not to be said here.
    let mut columns = vec![text("School")];
    if !redacted {
        columns.push(number("Mentees"));
    }
    columns.extend([
        number("Mentors"),
        number("Ready mentors"),
        number("Their places"),
    ]);
    if !redacted {
        columns.push(number("Places taken"));
    }
    Table {
        id: "supply-by-school".to_owned(),
        caption: "Mentees and mentors by school".to_owned(),
        columns,
        rows: lines.collect(),
    }
}

/// The schools of which it is not said how many mentors there are.
fn withheld(rows: &[(&str, u64, Supply)]) -> Vec<bool> {
    let numbers: [fn(&Supply) -> u64; 3] = [
        |supply| supply.mentors,
        |supply| supply.ready,
        |supply| supply.mentors - supply.ready,
    ];
    let mut hidden = vec![false; rows.len()];
    loop {
        let before = hidden.clone();
        for number in numbers {
            let rows = rows.iter().map(|(_, _, supply)| Row {
                part: 0,
                table: 0,
                people: number(supply),
            });
            redact::withhold(&rows.collect::<Vec<_>>(), &mut hidden);
        }
        if hidden == before {
            return hidden;
        }
    }
}
