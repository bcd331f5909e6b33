//! `nearpeer check`

use nearpeer::{Field, Role, Roster};
use serde_json::json;

use super::{Exit, Outcome, arguments, print};

pub(super) fn run(task: &arguments::Check) -> Outcome {
    let program = task.input.program()?;
    let roster = task.input.tables()?.roster()?;
    let criteria: Vec<&str> = program
        .criteria
        .iter()
        .map(|criterion| criterion.name.as_str())
        .collect();
    if task.json {
        print::json(&json!({
            "status": "valid",
            "mentees": side(&roster, Role::Mentee),
            "mentors": side(&roster, Role::Mentor),
            "pairs_required": roster.required().len(),
            "pairs_blocked": roster.blocked().len(),
            "pairs_previous": roster.previous().len(),
            "pair_scores": roster.pair_scores().map(|scores| scores.len()),
            "criteria": criteria,
        }));
        return Ok(Exit::Done);
    }
    for role in [Role::Mentee, Role::Mentor] {
        print::line(&format!(
            "{}: {} people; columns: {}",
            role.table(),
            roster.side(role).len(),
            columns(&roster, role).join(", ")
        ));
    }
    print::line(&format!(
        "pairs: {} required, {} blocked, {} previous, {} scored",
        roster.required().len(),
        roster.blocked().len(),
        roster.previous().len(),
        roster.pair_scores().map_or(0, |scores| scores.len())
    ));
    print::line(&format!("criteria: {}", criteria.join(", ")));
    print::line(&"valid: the programme and its tables can be matched");
    Ok(Exit::Done)
}

fn side(roster: &Roster, role: Role) -> serde_json::Value {
    json!({ "people": roster.side(role).len(), "columns": columns(roster, role) })
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
