//! The certificate in plain words, and the rules that took part.

use nearpeer_core::{Level, LevelValue, StabilityMode, Status};

use super::Outcome;
use super::page::{Block, Section, Table, text};
use super::redact::is_few;
use super::summary::score;
use super::tally::Tally;
use super::words::{clean_long, count, counted, spaced};

pub(super) fn section(outcome: &Outcome<'_>, tally: &Tally<'_>, redacted: bool) -> Section {
    let certificate = &outcome.certificate;
    let mut blocks = vec![Block::Text(
        match certificate.status {
            Status::Optimal => {
                "The programme has aims in an order, and a match is better if it is better in the first aim in which \
                 two differ. With this match comes a certificate: a price for everybody, from which it follows, by \
                 adding up, that no match can be better. Anybody who has the tables can check it."
            }
            _ => {
                "The programme has aims in an order, and a match is better if it is better in the first aim in which \
                 two differ. The search for the best match was ended by a limit. With this match comes a certificate, \
                 which says how much better any other could be at most. Anybody who has the tables can check it."
            }
        }
        .to_owned(),
    )];
    let hide = redacted
        && [
            tally.total.mentees,
            tally.total.matched,
            tally.total.unmatched(),
        ]
        .into_iter()
        .any(is_few);
    let levels = certificate.levels.iter();
    let levels: Vec<String> = levels
        .filter(|value| !(value.level == Level::Obligations && value.bound == 0))
        .map(|value| {
            // A tier's numbers are of people whom no table of the page counts.
            let silent = redacted && (hide || value.level != Level::Coverage);
            if silent { quietly(value) } else { aloud(value) }
        })
        .collect();
    blocks.extend((!levels.is_empty()).then_some(Block::List(levels)));
    if let Some(stability) = &certificate.stability {
        blocks.push(Block::Text(stable(stability.mode).to_owned()));
    }
    if !redacted {
        blocks.push(Block::Text(
            "To check it again, with the same files, where DIR is the folder of the match:"
                .to_owned(),
        ));
        blocks.push(Block::Typed(
            "nearpeer verify --program … --mentees … --mentors … --out DIR".to_owned(),
        ));
    }
    blocks.push(Block::Table(rules(outcome)));
    if !redacted && !outcome.notes.is_empty() {
        blocks.push(Block::Text("What has no effect:".to_owned()));
        let notes = outcome.notes.iter().map(|note| clean_long(note));
        blocks.push(Block::List(notes.collect()));
    }
    Section::new("proof", "How good it is, and how that is known", blocks)
}

/// What a level asks for.
fn aim(level: Level) -> String {
    match level {
        Level::Obligations => "Promises and required pairs".to_owned(),
        Level::Priority(tier) => format!("Mentees of priority {tier} who have a mentor"),
        Level::Transition => "Mentees in a grade of transition who have a mentor".to_owned(),
        Level::Coverage => "Mentees who have a mentor".to_owned(),
        Level::WorstOff => "The lowest score of a pair".to_owned(),
        Level::Leximin => "Scores from the lowest upwards".to_owned(),
        Level::Score => "All scores together".to_owned(),
        Level::BlockingPairs => "Pairs who would rather have each other".to_owned(),
        other => spaced(&other.to_string()),
    }
}

/// A level without its numbers.
fn quietly(value: &LevelValue) -> String {
    let aim = aim(value.level);
    if value.objective == value.bound {
        format!("{aim}: as good as can be.")
    } else {
        format!("{aim}: not settled.")
    }
}

fn aloud(value: &LevelValue) -> String {
    let aim = aim(value.level);
    let (objective, bound) = (
        shown(value.level, value.objective),
        shown(value.level, value.bound),
    );
    match value.level {
        Level::Leximin => quietly(value),
        Level::BlockingPairs if value.objective == value.bound => {
            format!("{aim}: {objective}. No match that is as good otherwise has fewer.")
        }
        Level::BlockingPairs => {
            format!(
                "{aim}: {objective}. No match that is as good otherwise has fewer than {bound}."
            )
        }
        _ if value.objective == value.bound => {
            format!("{aim}: {objective}. No match can have more without being worse above.")
        }
        _ => format!(
            "{aim}: {objective}. No match can have more than {bound} without being worse above."
        ),
    }
}

fn shown(level: Level, value: i64) -> String {
    match level {
        Level::Score | Level::WorstOff => score(value),
        _ => count(value.unsigned_abs()),
    }
}

fn stable(mode: StabilityMode) -> &'static str {
    match mode {
        StabilityMode::MenteeOptimal => {
            "The match is stable: no two people who may be paired would both rather have each other. Of all stable \
             matches it is the best for every mentee."
        }
        StabilityMode::MentorOptimal => {
            "The match is stable: no two people who may be paired would both rather have each other. Of all stable \
             matches it is the best for the mentors."
        }
        StabilityMode::BestScore => {
            "The match is stable: no two people who may be paired would both rather have each other. Of all stable \
             matches none has a greater total score."
        }
        _ => "Of all matches that are as good, it has few pairs who would rather have each other.",
    }
}

fn rules(outcome: &Outcome<'_>) -> Table {
    let rows = outcome.rules.iter().map(|rule| {
        let state = match (rule.on, &rule.why_off) {
            (true, _) => "kept by every pair".to_owned(),
            (false, Some(why)) => format!("not in use: {}", clean_long(why)),
            (false, None) => "not in use".to_owned(),
        };
        vec![spaced(&rule.code).into(), state.into()]
    });
    let on = outcome.rules.iter().filter(|rule| rule.on).count();
    Table {
        id: "rules".to_owned(),
        caption: format!("Who may be paired: {}", counted(on as u64, "rule", "rules")),
        columns: vec![text("Rule"), text("State")],
        rows: rows.collect(),
    }
}
