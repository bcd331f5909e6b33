//! Needs and resources as tables.

use arrow::array::RecordBatch;
use nearpeer_core::{Assessment, Bottleneck};

use super::sheet::Sheet;

/// Everybody, and who may be paired with them: `id`, `role`, `candidates` and, for who has none, the `rule` that matters the
/// most, how many it rules out (`removed`) and how many it alone does (`alone`).
///
/// # Panics
/// Never: all columns have one cell a person. So it is with the other tables here.
#[must_use]
pub fn eligibility_table(assessment: &Assessment) -> RecordBatch {
    Sheet::new(&assessment.eligibility)
        .text("id", |person| Some(&person.id))
        .text("role", |person| Some(person.role.as_str()))
        .count("candidates", |person| Some(person.candidates))
        .text("rule", |person| person.rule.as_ref())
        .count("removed", |person| {
            person.rule.as_ref().map(|_| person.removed)
        })
        .count("alone", |person| person.rule.as_ref().map(|_| person.alone))
        .table()
}

/// What each rule costs: `rule`, `on`, `why_off`, `pairs_removed`, `pairs_alone`, `mentees_alone`, `mentors_alone`.
#[must_use]
pub fn rule_counts_table(assessment: &Assessment) -> RecordBatch {
    Sheet::new(&assessment.rules)
        .text("rule", |rule| Some(&rule.rule))
        .truth("on", |rule| rule.on)
        .text("why_off", |rule| rule.why_off.as_ref())
        .count("pairs_removed", |rule| {
            rule.on.then_some(rule.pairs_removed)
        })
        .count("pairs_alone", |rule| rule.on.then_some(rule.pairs_alone))
        .count("mentees_alone", |rule| {
            rule.on.then_some(rule.mentees_alone)
        })
        .count("mentors_alone", |rule| {
            rule.on.then_some(rule.mentors_alone)
        })
        .table()
}

/// Supply and demand: `by` (`site`, `grade`, `slot`, `language`), `value`, `mentees`, `mentees_served`, `mentors`,
/// `mentors_ready`, `room`, `mentors_in_reach`, `room_in_reach`; see [`Supply`](nearpeer_core::Supply).
#[must_use]
pub fn supply_table(assessment: &Assessment) -> RecordBatch {
    Sheet::new(&assessment.supply)
        .text("by", |row| Some(row.by))
        .text("value", |row| row.value.as_ref())
        .count("mentees", |row| Some(row.mentees))
        .count("mentees_served", |row| Some(row.mentees_served))
        .count("mentors", |row| Some(row.mentors))
        .count("mentors_ready", |row| Some(row.mentors_ready))
        .count("room", |row| Some(row.room))
        .count("mentors_in_reach", |row| Some(row.mentors_in_reach))
        .count("room_in_reach", |row| Some(row.room_in_reach))
        .table()
}

/// The bottlenecks: `bottleneck` (its number), `mentees`, `mentors`, `room`, `shortage` and `detail`, which has these in
/// words.
#[must_use]
pub fn bottlenecks_table(assessment: &Assessment) -> RecordBatch {
    Sheet::new(&assessment.bottlenecks)
        .count("bottleneck", |set| Some(set.number))
        .count("mentees", |set| Some(set.mentees.len()))
        .count("mentors", |set| Some(set.mentors.len()))
        .count("room", |set| Some(set.room))
        .count("shortage", |set| Some(set.shortage()))
        .text("detail", |set| Some(set.sentence()))
        .table()
}

/// Who is in the bottlenecks: `bottleneck`, `role`, `id`.
#[must_use]
pub fn bottleneck_members_table(assessment: &Assessment) -> RecordBatch {
    let of = |set: &'_ Bottleneck| -> Vec<(usize, &'static str, String)> {
        let mentees = set.mentees.iter().map(|id| ("mentee", id));
        let mentors = set.mentors.iter().map(|id| ("mentor", id));
        let members = mentees.chain(mentors);
        members
            .map(|(role, id)| (set.number, role, id.clone()))
            .collect()
    };
    let members: Vec<_> = assessment.bottlenecks.iter().flat_map(of).collect();
    Sheet::new(&members)
        .count("bottleneck", |member| Some(member.0))
        .text("role", |member| Some(member.1))
        .text("id", |member| Some(&member.2))
        .table()
}

/// Places and leaders: `site`, `slot` (null for the whole week), `mentees`, `room`, `leaders`, `leader_capacity`, `capacity`,
/// `leaders_needed`, `short`; see [`Staff`](nearpeer_core::Staff).
#[must_use]
pub fn staff_table(assessment: &Assessment) -> RecordBatch {
    Sheet::new(&assessment.staff)
        .text("site", |row| {
            Some(&row.site).filter(|site| !site.is_empty())
        })
        .text("slot", |row| row.slot.as_ref())
        .count("mentees", |row| Some(row.mentees))
        .count("room", |row| row.room)
        .count("leaders", |row| Some(row.leaders))
        .count("leader_capacity", |row| row.leader_capacity)
        .count("capacity", |row| Some(row.capacity))
        .count("leaders_needed", |row| Some(row.leaders_needed))
        .count("short", |row| Some(row.short))
        .table()
}
