//! A match as text and back, for `pickle`. The layout is no file format: only the same version reads it.

mod reason;

use std::fmt::Display;

use nearpeer::{
    Certificate, Error, Match, Meeting, Micropoints, Pair, Role, RuleState, Standing, Unmatched,
};
use serde_json::{Value, json};

/// Everything a match consists of.
pub(crate) fn to_text(found: &Match) -> Result<String, serde_json::Error> {
    let pairs = found.pairs.iter().map(|pair| {
        let by_criterion: Vec<i64> = pair.by_criterion.iter().map(|score| score.0).collect();
        let meeting = pair.meeting.as_ref();
        let meeting = meeting.map(|meeting| json!([meeting.site, meeting.slot, meeting.leader]));
        json!([
            pair.mentee,
            pair.mentor,
            meeting,
            pair.score.0,
            by_criterion
        ])
    });
    let unmatched = found.unmatched.iter().map(|person| {
        json!([
            person.role == Role::Mentee,
            person.id,
            person.reason.code(),
            reason::to_value(&person.reason)
        ])
    });
    let rules = found.rules.iter();
    let rules = rules.map(|rule| json!([rule.code, rule.on, rule.why_off]));
    serde_json::to_string(&json!([
        pairs.collect::<Vec<_>>(),
        unmatched.collect::<Vec<_>>(),
        rules.collect::<Vec<_>>(),
        found.notes,
        found.limits,
        found.criteria,
        found.slots_assigned,
        found.mentees,
        found.mentors,
        found.certificate,
    ]))
}

type Place = (String, String, Option<String>);
type Pairs = Vec<(String, String, Option<Place>, i64, Vec<i64>)>;
type People = Vec<(bool, String, String, Value)>;
type Rules = Vec<(String, bool, Option<String>)>;
type Texts = Vec<String>;
type Parts = (
    Pairs,
    People,
    Rules,
    Texts,
    Vec<Standing>,
    Texts,
    bool,
    usize,
    usize,
    Certificate,
);

/// Reads what [`to_text`] wrote.
pub(crate) fn from_text(text: &str) -> Result<Match, Error> {
    let (
        pairs,
        unmatched,
        rules,
        notes,
        limits,
        criteria,
        slots_assigned,
        mentees,
        mentors,
        certificate,
    ): Parts = serde_json::from_str(text).map_err(fault)?;
    let pairs = pairs
        .into_iter()
        .map(|(mentee, mentor, meeting, score, by_criterion)| Pair {
            mentee,
            mentor,
            meeting: meeting.map(|(site, slot, leader)| Meeting { site, slot, leader }),
            score: Micropoints(score),
            by_criterion: by_criterion.into_iter().map(Micropoints).collect(),
        });
    let unmatched = unmatched.into_iter().map(|(is_mentee, id, code, numbers)| {
        Ok(Unmatched {
            role: if is_mentee {
                Role::Mentee
            } else {
                Role::Mentor
            },
            id,
            reason: reason::from_value_of(&code, numbers)?,
        })
    });
    let rules = rules
        .into_iter()
        .map(|(code, on, why_off)| RuleState { code, on, why_off });
    Ok(Match {
        pairs: pairs.collect(),
        unmatched: unmatched.collect::<Result<_, Error>>()?,
        rules: rules.collect(),
        notes,
        limits,
        criteria,
        slots_assigned,
        mentees,
        mentors,
        certificate,
    })
}

fn fault(error: impl Display) -> Error {
    Error::input(format!("not a pickled match: {error}"))
}
