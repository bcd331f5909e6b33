//! `nearpeer check`

use nearpeer::words::{counted, form};
use nearpeer::{Checked, Field, Role, Roster};
use serde_json::json;

use super::{Exit, Outcome, arguments, print, summary};

pub(super) fn run(task: &arguments::Check) -> Outcome {
    task.input.refuse_students("check")?;
    let program = task.input.program()?;
    let roster = task.input.roster()?;
    let checked = program.check(&roster)?;
    let criteria: Vec<&str> = program
        .criteria
        .iter()
        .map(|criterion| criterion.name.as_str())
        .collect();
    if task.json {
        print::json(&object(&roster, &checked, &criteria));
    } else {
        for line in lines(&roster, &checked, &criteria) {
            print::line(&line);
        }
    }
    Ok(Exit::Done)
}

fn lines(roster: &Roster, checked: &Checked, criteria: &[&str]) -> Vec<String> {
    let mut lines: Vec<String> = [Role::Mentee, Role::Mentor]
        .into_iter()
        .map(|role| {
            format!(
                "{}: {}, with {}",
                role.table(),
                roster.side(role).len(),
                columns(roster, role).join(", ")
            )
        })
        .collect();
    if checked.slots_assigned || !roster.leaders().is_empty() || !roster.rooms().is_empty() {
        lines.push(format!(
            "leaders: {}; rooms: {}; slots are {}",
            roster.leaders().len(),
            roster.rooms().len(),
            if checked.slots_assigned {
                "assigned"
            } else {
                "not assigned"
            }
        ));
    }
    let scored = roster.pair_scores().map_or(0, |scores| scores.len());
    lines.push(format!(
        "pairs: {} required, {} blocked, {} previous, {scored} scored",
        roster.required().len(),
        roster.blocked().len(),
        roster.previous().len(),
    ));
    let on: Vec<&str> = checked
        .rules
        .iter()
        .filter(|rule| rule.on)
        .map(|rule| rule.code.as_str())
        .collect();
    lines.push(format!("rules on: {}", on.join(", ")));
    lines.extend(summary::rules_off(&checked.rules));
    lines.extend(summary::notes(&checked.notes));
    lines.push(format!("criteria: {}", criteria.join(", ")));
    lines.push(format!(
        "eligible: {}; {} of {} {} somebody",
        counted(checked.eligible_pairs as usize, "pair"),
        checked.mentees_with_candidates,
        counted(checked.mentees, "mentee"),
        form(checked.mentees_with_candidates as u64, "has", "have")
    ));
    lines
}

fn object(roster: &Roster, checked: &Checked, criteria: &[&str]) -> serde_json::Value {
    json!({
        "status": "valid",
        "mentees": checked.mentees,
        "mentors": checked.mentors,
        "mentee_columns": columns(roster, Role::Mentee),
        "mentor_columns": columns(roster, Role::Mentor),
        "leaders": roster.leaders().len(),
        "rooms": roster.rooms().len(),
        "slots_assigned": checked.slots_assigned,
        "pairs_required": roster.required().len(),
        "pairs_blocked": roster.blocked().len(),
        "pairs_previous": roster.previous().len(),
        "pair_scores": roster.pair_scores().map(|scores| scores.len()),
        "eligible_pairs": checked.eligible_pairs,
        "mentees_with_candidates": checked.mentees_with_candidates,
        "rules": checked.rules,
        "notes": checked.notes,
        "criteria": criteria,
    })
}

/// The columns that the table has, those that nearpeer knows first.
fn columns(roster: &Roster, role: Role) -> Vec<&str> {
    let people = roster.side(role);
    Field::ALL
        .iter()
        .filter(|field| people.has(**field))
        .map(|field| field.name())
        .chain(people.extra_names())
        .collect()
}
