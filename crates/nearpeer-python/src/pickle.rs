//! A match as text and back, for `pickle`. The layout is no file format: only the same version reads it.

use std::fmt::Display;

use nearpeer::{
    Certificate, Error, Match, Meeting, Micropoints, Pair, Reason, Role, RuleState, Unmatched,
};
use serde_json::{Value, from_value, json};

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
        let numbers = match &person.reason {
            Reason::NotEligible { removed } => json!(removed),
            Reason::QuotaReached { candidates, quotas } => json!([candidates, quotas]),
            Reason::OutCompeted { candidates }
            | Reason::CircleNotFilled { candidates }
            | Reason::NoPlace { candidates }
            | Reason::PlacesFull { candidates }
            | Reason::NotNeeded { candidates }
            | Reason::Refused { candidates } => json!(candidates),
            _ => Value::Null,
        };
        json!([
            person.role == Role::Mentee,
            person.id,
            person.reason.code(),
            numbers
        ])
    });
    let rules = found.rules.iter();
    let rules = rules.map(|rule| json!([rule.code, rule.on, rule.why_off]));
    serde_json::to_string(&json!([
        pairs.collect::<Vec<_>>(),
        unmatched.collect::<Vec<_>>(),
        rules.collect::<Vec<_>>(),
        found.notes,
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
    Texts,
    bool,
    usize,
    usize,
    Certificate,
);

/// Reads what [`to_text`] wrote.
pub(crate) fn from_text(text: &str) -> Result<Match, Error> {
    let (pairs, unmatched, rules, notes, criteria, slots_assigned, mentees, mentors, certificate): Parts =
        serde_json::from_str(text).map_err(fault)?;
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
            reason: reason(&code, numbers)?,
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
        criteria,
        slots_assigned,
        mentees,
        mentors,
        certificate,
    })
}

fn reason(code: &str, numbers: Value) -> Result<Reason, Error> {
    let candidates = |numbers| from_value(numbers).map_err(fault);
    Ok(match code {
        "not_eligible" => Reason::NotEligible {
            removed: from_value(numbers).map_err(fault)?,
        },
        "out_competed" => Reason::OutCompeted {
            candidates: candidates(numbers)?,
        },
        "circle_not_filled" => Reason::CircleNotFilled {
            candidates: candidates(numbers)?,
        },
        "quota_reached" => {
            let (candidates, quotas) = from_value(numbers).map_err(fault)?;
            Reason::QuotaReached { candidates, quotas }
        }
        "no_place" => Reason::NoPlace {
            candidates: candidates(numbers)?,
        },
        "places_full" => Reason::PlacesFull {
            candidates: candidates(numbers)?,
        },
        "not_needed" => Reason::NotNeeded {
            candidates: candidates(numbers)?,
        },
        "refused" => Reason::Refused {
            candidates: candidates(numbers)?,
        },
        "no_room" => Reason::NoRoom,
        other => {
            return Err(fault(format!("unknown reason {other:?}")));
        }
    })
}

fn fault(error: impl Display) -> Error {
    Error::input(format!("not a pickled match: {error}"))
}
