//! The certificate in plain words, and the rules that took part.

use nearpeer_core::{Certificate, Level, LevelValue, RuleState, StabilityMode, Status};

use super::Outcome;
use super::page::{Block, Section, Table, text};
use super::redact::is_few;
use super::summary::score;
use super::tally::Tally;
use super::words::{clean_long, count, counted, spaced};

pub(super) const HEADING: &str = "How good it is, and how that is known";

pub(super) fn section(outcome: &Outcome<'_>, tally: &Tally<'_>, redacted: bool) -> Section {
    let certificate = &outcome.certificate;
    let mut blocks = vec![Block::Text(certificate_in_words(certificate.status))];
    let hide = redacted
        && [
            tally.total.mentees,
            tally.total.matched,
            tally.total.unmatched(),
        ]
        .into_iter()
        .any(is_few);
    // A tier's numbers are of people whom no table of the page counts.
    let silent = |level: Level| redacted && (hide || level != Level::Coverage);
    blocks.extend(levels(certificate, aim, silent));
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
    blocks.push(Block::Table(rules(&outcome.rules)));
    if !redacted && !outcome.notes.is_empty() {
        blocks.push(Block::Text("What has no effect:".to_owned()));
        let notes = outcome.notes.iter().map(|note| clean_long(note));
        blocks.push(Block::List(notes.collect()));
    }
    Section::new("proof", HEADING, blocks)
}

/// What comes with the match.
pub(super) fn certificate_in_words(status: Status) -> String {
    match status {
        Status::Optimal => {
            "The programme has aims in an order, and a match is better if it is better in the first aim in which two \
             differ. With this match comes a certificate: a price for everybody, from which it follows, by adding up, \
             that no match can be better. Anybody who has the tables can check it."
        }
        _ => {
            "The programme has aims in an order, and a match is better if it is better in the first aim in which two \
             differ. The search for the best match was ended by a limit. With this match comes a certificate, which \
             says how much better any other could be at most. Anybody who has the tables can check it."
        }
    }
    .to_owned()
}

/// Every level with what is known of it; without numbers where it is to be `silent`. Nothing where there is none.
pub(super) fn levels(
    certificate: &Certificate,
    aim: impl Fn(Level) -> String,
    silent: impl Fn(Level) -> bool,
) -> Option<Block> {
    let levels = certificate.levels.iter();
    let levels: Vec<String> = levels
        .filter(|value| !(value.level == Level::Obligations && value.bound == 0))
        .map(|value| {
            let aim = aim(value.level);
            match silent(value.level) {
                true => quietly(&aim, value),
                false => aloud(&aim, value),
            }
        })
        .collect();
    (!levels.is_empty()).then_some(Block::List(levels))
}

/// What a level asks for.
pub(super) fn aim(level: Level) -> String {
    match level {
        Level::Obligations => "Promises and required pairs".to_owned(),
        Level::Priority(tier) => format!("Mentees of priority {tier} who have a mentor"),
        Level::Transition => "Mentees in a grade of transition who have a mentor".to_owned(),
        Level::Coverage => "Mentees who have a mentor".to_owned(),
        Level::WorstOff => "The lowest score of a pair".to_owned(),
        Level::Leximin => "Scores from the lowest upwards".to_owned(),
        Level::Score => "All scores together".to_owned(),
        Level::Triads => "Groups of three".to_owned(),
        Level::BlockingPairs => "Pairs who would rather have each other".to_owned(),
        other => spaced(&other.to_string()),
    }
}

/// A level without its numbers.
fn quietly(aim: &str, value: &LevelValue) -> String {
    if value.objective == value.bound {
        format!("{aim}: as good as can be.")
    } else {
        format!("{aim}: not settled.")
    }
}

fn aloud(aim: &str, value: &LevelValue) -> String {
    let (objective, bound) = (
        shown(value.level, value.objective),
        shown(value.level, value.bound),
    );
    match value.level {
        Level::Leximin => quietly(aim, value),
        Level::BlockingPairs | Level::Triads if value.objective == value.bound => {
            format!("{aim}: {objective}. No match that is as good otherwise has fewer.")
        }
        Level::BlockingPairs | Level::Triads => {
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

/// Every rule, and whether it took part.
pub(super) fn rules(rules: &[RuleState]) -> Table {
    let rows = rules.iter().map(|rule| {
        let state = match (rule.on, &rule.why_off) {
            (true, _) => "kept by every pair".to_owned(),
            (false, Some(why)) => format!("not in use: {}", clean_long(why)),
            (false, None) => "not in use".to_owned(),
        };
        vec![spaced(&rule.code).into(), state.into()]
    });
    let on = rules.iter().filter(|rule| rule.on).count();
    Table {
        id: "rules".to_owned(),
        caption: format!("Who may be paired: {}", counted(on as u64, "rule", "rules")),
        columns: vec![text("Rule"), text("State")],
        rows: rows.collect(),
    }
}
