//! Reasons as JSON and back.

use nearpeer::{Error, FullPlace, Level, MatchCost, Micropoints, Reason, Removed, Shortage};
use serde_json::{Value, from_value, json};

use super::fault;

/// The numbers of a reason, without its code.
pub(super) fn to_value(reason: &Reason) -> Value {
    match reason {
        Reason::NotEligible { removed } => {
            let rules = removed.iter();
            let rules = rules.map(|rule| json!([rule.rule, rule.removed, rule.alone]));
            Value::Array(rules.collect())
        }
        Reason::OutCompeted {
            candidates,
            rivals,
            cost,
            bottleneck,
        } => {
            let cost = cost.as_ref().map(|cost| {
                json!([
                    cost.score.0,
                    cost.mentor,
                    cost.rival,
                    cost.displaced,
                    cost.level
                ])
            });
            let bottleneck =
                bottleneck.map(|set| json!([set.number, set.mentees, set.mentors, set.room]));
            json!([candidates, rivals, cost, bottleneck])
        }
        Reason::CircleNotFilled {
            candidates,
            mentor,
            at_least,
        } => json!([candidates, mentor, at_least]),
        Reason::QuotaReached { candidates, quotas } => json!([candidates, quotas]),
        Reason::NoPlace {
            candidates,
            no_slot,
            no_room,
            no_leader,
        } => json!([candidates, no_slot, no_room, no_leader]),
        Reason::PlacesFull {
            candidates,
            with_room,
            place,
        } => json!([
            candidates,
            with_room,
            [
                json!(place.site),
                json!(place.slot),
                json!(place.pairs),
                json!(place.room),
                json!(place.led),
                json!([place.leaders, place.elsewhere, place.out_of_slots])
            ]
        ]),
        Reason::NotNeeded { candidates } | Reason::Refused { candidates } => json!(candidates),
        _ => Value::Null,
    }
}

type OfMatchCost = (i64, String, Option<String>, Option<String>, Option<Level>);
type OfBottleneck = (usize, usize, usize, u64);

/// Reads what [`to_value`] gave.
pub(super) fn from_value_of(code: &str, numbers: Value) -> Result<Reason, Error> {
    Ok(match code {
        "not_eligible" => {
            let rules: Vec<(String, usize, usize)> = from_value(numbers).map_err(fault)?;
            let removed = rules.into_iter().map(|(rule, removed, alone)| Removed {
                rule,
                removed,
                alone,
            });
            Reason::NotEligible {
                removed: removed.collect(),
            }
        }
        "out_competed" => {
            let (candidates, rivals, cost, bottleneck): (
                usize,
                usize,
                Option<OfMatchCost>,
                Option<OfBottleneck>,
            ) = from_value(numbers).map_err(fault)?;
            let cost = cost.map(|(score, mentor, rival, displaced, level)| MatchCost {
                score: Micropoints(score),
                mentor,
                rival,
                displaced,
                level,
            });
            let bottleneck = bottleneck.map(|(number, mentees, mentors, room)| Shortage {
                number,
                mentees,
                mentors,
                room,
            });
            Reason::OutCompeted {
                candidates,
                rivals,
                cost,
                bottleneck,
            }
        }
        "circle_not_filled" => {
            let (candidates, mentor, at_least) = from_value(numbers).map_err(fault)?;
            Reason::CircleNotFilled {
                candidates,
                mentor,
                at_least,
            }
        }
        "quota_reached" => {
            let (candidates, quotas) = from_value(numbers).map_err(fault)?;
            Reason::QuotaReached { candidates, quotas }
        }
        "no_place" => {
            let (candidates, no_slot, no_room, no_leader) = from_value(numbers).map_err(fault)?;
            Reason::NoPlace {
                candidates,
                no_slot,
                no_room,
                no_leader,
            }
        }
        "places_full" => {
            let (candidates, with_room, (site, slot, pairs, room, led, who)) =
                from_value(numbers).map_err(fault)?;
            let [leaders, elsewhere, out_of_slots]: [Vec<String>; 3] = who;
            Reason::PlacesFull {
                candidates,
                with_room,
                place: FullPlace {
                    site,
                    slot,
                    pairs,
                    room,
                    led,
                    leaders,
                    elsewhere,
                    out_of_slots,
                },
            }
        }
        "not_needed" => Reason::NotNeeded {
            candidates: from_value(numbers).map_err(fault)?,
        },
        "refused" => Reason::Refused {
            candidates: from_value(numbers).map_err(fault)?,
        },
        "no_room" => Reason::NoRoom,
        other => {
            return Err(fault(format!("unknown reason {other:?}")));
        }
    })
}
