//! Everybody in no pair, and why: one flat row a person.

use std::io::{self, Write};

use arrow::array::RecordBatch;
use nearpeer_core::{FullPlace, Match, MatchCost, Reason, Shortage, Unmatched};

use super::sheet::{self, Sheet};

/// Everybody in no pair as a table: `id`, `role`, `reason`, the numbers behind the reason, and `detail`, which has them in
/// words. Each reason has numbers of its own, so most cells are null; `docs/reasons.md` says which has which.
///
/// # Panics
/// Never: all columns have one cell a person.
#[must_use]
pub fn unmatched_table(answer: &Match) -> RecordBatch {
    let rule = |person: &Unmatched| person.reason.main_rule().cloned();
    Sheet::new(&answer.unmatched)
        .text("id", |person| Some(&person.id))
        .text("role", |person| Some(person.role.as_str()))
        .text("reason", |person| Some(person.reason.code()))
        .count("candidates", |person| person.reason.candidates())
        .text("rule", |person| Some(rule(person)?.rule))
        .count("removed", |person| Some(rule(person)?.removed))
        .count("alone", |person| Some(rule(person)?.alone))
        .count("rivals", |person| match &person.reason {
            Reason::OutCompeted { rivals, .. } => Some(*rivals),
            _ => None,
        })
        .points("cost", |person| Some(cost(person)?.score))
        .text("mentor_id", |person| match &person.reason {
            Reason::CircleNotFilled { mentor, .. } => Some(mentor),
            _ => Some(&cost(person)?.mentor),
        })
        .text("rival_id", |person| cost(person)?.rival.as_ref())
        .text("displaced_id", |person| cost(person)?.displaced.as_ref())
        .text("level", |person| Some(cost(person)?.level?.to_string()))
        .count("bottleneck", |person| Some(shortage(person)?.number))
        .count("bottleneck_mentees", |person| {
            Some(shortage(person)?.mentees)
        })
        .count("bottleneck_mentors", |person| {
            Some(shortage(person)?.mentors)
        })
        .count("bottleneck_room", |person| Some(shortage(person)?.room))
        .count("at_least", |person| match &person.reason {
            Reason::CircleNotFilled { at_least, .. } => Some(*at_least),
            _ => None,
        })
        .text("quotas", |person| match &person.reason {
            Reason::QuotaReached { quotas, .. } => Some(quotas.join(";")),
            _ => None,
        })
        .count("no_slot", |person| no_place(person).map(|place| place[0]))
        .count("no_room", |person| no_place(person).map(|place| place[1]))
        .count("no_leader", |person| no_place(person).map(|place| place[2]))
        .count("with_room", |person| match &person.reason {
            Reason::PlacesFull { with_room, .. } => Some(*with_room),
            _ => None,
        })
        .text("site", |person| {
            Some(&place(person)?.site).filter(|site| !site.is_empty())
        })
        .text("slot", |person| Some(&place(person)?.slot))
        .count("pairs", |person| Some(place(person)?.pairs))
        .text("limit", |person| place(person)?.limit())
        .text("detail", |person| Some(person.reason.detail()))
        .table()
}

/// Writes [`unmatched_table`] as CSV, with the same care for spreadsheets as
/// [`write_pairs_csv`](super::write_pairs_csv).
///
/// # Errors
/// Where `out` cannot be written to.
pub fn write_unmatched_csv(answer: &Match, out: impl Write) -> io::Result<()> {
    sheet::write_csv(&unmatched_table(answer), out)
}

fn cost(person: &Unmatched) -> Option<&MatchCost> {
    match &person.reason {
        Reason::OutCompeted { cost, .. } => cost.as_ref(),
        _ => None,
    }
}

fn shortage(person: &Unmatched) -> Option<&Shortage> {
    match &person.reason {
        Reason::OutCompeted { bottleneck, .. } => bottleneck.as_ref(),
        _ => None,
    }
}

fn no_place(person: &Unmatched) -> Option<[usize; 3]> {
    match person.reason {
        Reason::NoPlace {
            no_slot,
            no_room,
            no_leader,
            ..
        } => Some([no_slot, no_room, no_leader]),
        _ => None,
    }
}

fn place(person: &Unmatched) -> Option<&FullPlace> {
    match &person.reason {
        Reason::PlacesFull { place, .. } => Some(place),
        _ => None,
    }
}
