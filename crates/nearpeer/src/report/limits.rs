//! What the programme limits and promises of the match as a whole, how the match stands to it, and what fairness costs.

use nearpeer_core::{Micropoints, PriceOfFairness, Standing};

use super::Outcome;
use super::page::{Block, Section, Table, text};
use super::redact::is_few;
use super::tally::Tally;
use super::words::{clean_long, counted, points};

/// The key of constraints whose names may be people's.
const OF_PEOPLE: &str = "families";

const FREE: &str = "Fairness costs nothing of the total score here.";

/// Nothing where a programme has neither limits nor fairness. Names of families stand there if somebody is to be `named`.
pub(super) fn section(
    outcome: &Outcome<'_>,
    tally: &Tally<'_>,
    named: bool,
    redacted: bool,
) -> Option<Section> {
    let mut blocks = Vec::new();
    if !outcome.limits.is_empty() {
        blocks.push(match redacted {
            true => Block::Text(all_kept(outcome.limits.len() as u64)),
            false => Block::Table(table(&outcome.limits, named)),
        });
    }
    let with = Micropoints(outcome.total_score());
    let cost = PriceOfFairness::of(&outcome.certificate, with, tally.total.matched as usize);
    let few = [tally.total.matched, tally.total.unmatched()]
        .into_iter()
        .any(is_few);
    blocks.extend(match (cost, redacted) {
        (Some(cost), false) => Some(Block::Text(price(cost))),
        (Some(cost), true) if !few => Some(Block::Text(share_of_price(cost))),
        _ => None,
    });
    (!blocks.is_empty()).then(|| Section::new("limits", "What was limited and promised", blocks))
}

fn all_kept(limits: u64) -> String {
    let what = counted(limits, "limit or promise", "limits and promises");
    format!("The programme has {what} for the match as a whole. All are kept.")
}

fn table(limits: &[Standing], named: bool) -> Table {
    let rows = limits.iter().map(|limit| {
        let what = match limit.key.starts_with(OF_PEOPLE) && !named {
            true => format!("a family ({})", limit.key),
            false => clean_long(&limit.what),
        };
        let has = limit
            .numbers
            .map_or("kept".to_owned(), |numbers| format!("kept: {numbers}"));
        vec![what.into(), has.into()]
    });
    Table {
        id: "limits-kept".to_owned(),
        caption: "Every limit and promise for the match as a whole".to_owned(),
        columns: vec![text("Limit or promise"), text("In this match")],
        rows: rows.collect(),
    }
}

/// What is given up, of how much.
fn price(cost: PriceOfFairness) -> String {
    let mut sentence = format!(
        "Fairness has a price: all scores together are {}; in the best match without it they would be {}, which is {} \
         more ({:.2} %).",
        points(cost.with),
        points(cost.without),
        points(cost.price()),
        cost.percent()
    );
    if cost.price().0 <= 0 {
        sentence = FREE.to_owned();
    }
    if cost.covered_without != cost.covered {
        let without = counted(cost.covered_without as u64, "mentee", "mentees");
        sentence += &format!(" Without it {without} would have a mentor.");
    }
    sentence
}

fn share_of_price(cost: PriceOfFairness) -> String {
    if cost.price().0 <= 0 {
        return FREE.to_owned();
    }
    let percent = cost.percent();
    format!("Fairness has a price: {percent:.2} % of all scores together.")
}
