//! What is allowed but hardly meant: settings and columns that have no effect.

mod meetings;

use crate::error::nearest;
use crate::programme::{Criterion, Kind, Loads, Missing, ObjectiveLevel, Overlap, Program, Side};
use crate::roster::{Field, People, Role, Roster};

/// One sentence for everything in the programme or the tables that has no effect.
pub(crate) fn notes(roster: &Roster, program: &Program) -> Vec<String> {
    let mut notes = Vec::new();
    for criterion in &program.criteria {
        notes.extend(without_data(roster, criterion));
    }
    let counts = |wanted: &Kind| {
        program
            .criteria
            .iter()
            .any(|criterion| criterion.kind == *wanted)
    };
    for (table, given, kind, name) in [
        (
            "pairs_previous",
            !roster.previous().is_empty(),
            Kind::Previous,
            "previous",
        ),
        (
            "pair_scores",
            roster.pair_scores().is_some(),
            Kind::PairScores,
            "pair_scores",
        ),
    ] {
        if given && !counts(&kind) {
            notes.push(format!(
                "the table {table} has no effect without a criterion `{name}`"
            ));
        }
    }
    let has_wishes = |role| roster.side(role).has(Field::Preferences);
    if program.stability.is_some() && !has_wishes(Role::Mentee) && !has_wishes(Role::Mentor) {
        notes.push("stability is by scores alone: no table has a column `preferences`".to_owned());
    }
    if program.limits.gap.is_some() && !program.objective.contains(&ObjectiveLevel::Score) {
        notes.push("limits.gap has no effect without the objective level `score`".to_owned());
    }
    if program.objective.contains(&ObjectiveLevel::Transition) {
        let mentees = roster.mentees();
        let counts = |ix| program.is_transition(mentees.grade(ix));
        let why = if !mentees.has(Field::Grade) {
            Some("the table mentees has no column `grade`")
        } else if !(0..mentees.len()).any(counts) {
            Some("no mentee is in one of `transition_grades`")
        } else {
            None
        };
        notes.extend(
            why.map(|why| format!("the objective level `transition` has no effect: {why}")),
        );
    }
    if program.eligibility.site {
        for feeder in &program.eligibility.feeders {
            notes.extend(unknown_site(roster, &feeder.from, Role::Mentor));
            notes.extend(unknown_site(roster, &feeder.to, Role::Mentee));
        }
    }
    let constraints = crate::constraint::of_program(program);
    notes.extend(constraints.iter().filter_map(|(_, one)| one.note(roster)));
    notes.extend(meetings::notes(roster, program));
    for role in [Role::Mentee, Role::Mentor] {
        notes.extend(misspelt(roster.side(role), program));
    }
    notes
}

/// [`notes`] of a co-mentoring programme.
pub(crate) fn of_students(roster: &Roster, program: &Program) -> Vec<String> {
    let mut notes = notes(roster, program);
    // Both sides are the same table.
    let mut known = std::collections::HashSet::new();
    notes.retain(|note| known.insert(note.clone()));
    if program.loads != Loads::default() {
        notes.push(
            "loads has no effect in co-mentoring: everybody is in at most one group".to_owned(),
        );
    }
    if !program.objective.contains(&ObjectiveLevel::Score) {
        notes.push(
            "the objective ends with `score` in co-mentoring, although it is not named".to_owned(),
        );
    }
    let more = |ix| roster.mentees().load_max(ix).is_some_and(|load| load > 1);
    if (0..roster.mentees().len()).any(more) {
        notes.push("a load_max above 1 has no effect in co-mentoring".to_owned());
    }
    notes
}

/// A criterion whose column a side lacks gives every pair the same.
fn without_data(roster: &Roster, criterion: &Criterion) -> Option<String> {
    let columns: &[(Role, Field)] = match &criterion.kind {
        Kind::Interests(Overlap::Cosine) => &[
            (Role::Mentee, Field::Embedding),
            (Role::Mentor, Field::Embedding),
        ],
        Kind::Interests(_) => &[
            (Role::Mentee, Field::Interests),
            (Role::Mentor, Field::Interests),
        ],
        Kind::GradeGap { .. } => &[(Role::Mentee, Field::Grade), (Role::Mentor, Field::Grade)],
        Kind::Goals => &[
            (Role::Mentee, Field::Goals),
            (Role::Mentor, Field::Strengths),
        ],
        Kind::Slots => &[(Role::Mentee, Field::Slots), (Role::Mentor, Field::Slots)],
        Kind::Languages => &[
            (Role::Mentee, Field::Languages),
            (Role::Mentor, Field::Languages),
        ],
        Kind::Preferences(Side::Mentee) => &[(Role::Mentee, Field::Preferences)],
        Kind::Preferences(Side::Mentor) => &[(Role::Mentor, Field::Preferences)],
        _ => &[],
    };
    let lacking = columns
        .iter()
        .find(|(role, field)| !roster.side(*role).has(*field));
    let missing = match (&criterion.kind, lacking) {
        (_, Some((role, field))) => {
            format!(
                "the table {} has no column `{}`",
                roster.side(*role).table(),
                field.name()
            )
        }
        (Kind::Previous, None) if roster.previous().is_empty() => {
            "no previous pairs are given".to_owned()
        }
        (Kind::PairScores, None) if roster.pair_scores().is_none() => {
            "no pair scores are given".to_owned()
        }
        _ => return None,
    };
    let effect = match criterion.missing {
        Missing::Neutral => "gives every pair half its weight",
        Missing::Zero => "gives every pair nothing",
        Missing::Ineligible => "makes every pair ineligible",
    };
    Some(format!(
        "the criterion `{}` {effect}: {missing}",
        criterion.name
    ))
}

fn unknown_site(roster: &Roster, name: &str, role: Role) -> Option<String> {
    let people = roster.side(role);
    let code = roster.sites().code(name.trim());
    let anybody = |code: &u32| (0..people.len()).any(|ix| people.site(ix) == Some(*code));
    if !people.has(Field::Site) || code.as_ref().is_some_and(anybody) {
        return None;
    }
    // A site of the other side alone is no slip of the pen.
    let all = 0..roster.sites().len() as u32;
    let sites = all.filter(anybody).map(|code| roster.sites().word(code));
    let hint =
        nearest(name, sites).map_or_else(String::new, |near| format!("; did you mean {near:?}?"));
    Some(format!(
        "no {} is at the site {name:?} of a feeder{hint}",
        role.as_str()
    ))
}

/// Columns without a meaning that are nearly named as one that is not there.
fn misspelt(people: &People, program: &Program) -> Vec<String> {
    /// A column named as nearly as this is a slip: `loadmax` is 0.88 near to `load_max`.
    const SLIP: f64 = 0.8;
    let used = |column: &str| {
        let by_rule = program
            .eligibility
            .rules
            .iter()
            .any(|rule| rule.column == column);
        let constraints = crate::constraint::of_program(program);
        let mut constraints = constraints.iter();
        let by_constraint = constraints.any(|(_, one)| one.columns().contains(&column));
        by_rule
            || by_constraint
            || program
                .criteria
                .iter()
                .any(|criterion| match &criterion.kind {
                    Kind::Same(used) | Kind::Different(used) => used == column,
                    Kind::Closeness { column: used, .. } => used == column,
                    _ => false,
                })
    };
    let slips = people
        .extra_names()
        .filter(|column| column.len() <= 100 && !used(column));
    slips
        .filter_map(|column| {
            let lower = column.trim().to_lowercase().replace([' ', '-'], "_");
            let near = Field::ALL.iter().find(|field| {
                let likeness = strsim::normalized_damerau_levenshtein(&lower, field.name());
                !people.has(**field) && likeness >= SLIP
            })?;
            Some(format!(
                "the column `{}` of the table {} has no effect; did you mean `{}`?",
                column.escape_debug(),
                people.table(),
                near.name()
            ))
        })
        .collect()
}
