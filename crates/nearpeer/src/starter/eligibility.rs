//! The hard rules: on where their columns are there.

use std::collections::BTreeSet;

use nearpeer_core::roster::{Code, People};
use nearpeer_core::words::counted;
use nearpeer_core::{Field, Grade};

use super::Sides;
use super::text::{Text, quoted};

/// The most feeders that are proposed.
const MOST_FEEDERS: usize = 12;

pub(super) fn write(text: &mut Text, sides: &Sides<'_>) {
    text.note("Who may be paired. A rule is off where its columns are missing.");
    text.line("[eligibility]");
    if !sides.of_students {
        let count = |field, has: fn(&People, usize) -> bool| {
            let yes = (0..sides.mentors.len())
                .filter(|ix| has(sides.mentors, *ix))
                .count();
            sides
                .mentors
                .has(field)
                .then(|| format!("{yes} of {}", counted(sides.mentors.len(), "mentor")))
        };
        let screened = count(Field::Screened, |of, ix| of.screened(ix) == Some(true));
        let trained = count(Field::Trained, |of, ix| of.trained(ix) == Some(true));
        rule(text, "screening", screened, "screened");
        rule(text, "training", trained, "trained");
    }
    let consent = sides.one_has(Field::Consent);
    let consent = consent.then(|| "everybody whose table has the column".to_owned());
    rule(text, "consent", consent, "consent");
    gap(text, sides);
    let sites = sites(sides.mentees).union(&sites(sides.mentors)).count();
    compared(text, sides, "site", Field::Site, &format!("sites: {sites}"));
    compared(text, sides, "slot", Field::Slots, "one in common at least");
    on_demand(
        text,
        sides,
        "language",
        [Field::RequiresLanguage, Field::Languages],
    );
    on_demand(
        text,
        sides,
        "gender",
        [Field::RequiresSameGender, Field::Gender],
    );
    feeders(text, sides);
    text.gap();
}

fn rule(text: &mut Text, key: &str, of: Option<String>, column: &str) {
    match of {
        Some(of) => text.setting(&format!("{key} = true"), &of),
        None => text.setting(
            &format!("# {key} = true"),
            &format!("there is no column {column}"),
        ),
    }
}

/// A rule that compares a column of both tables. With one of them alone it could not be on.
fn compared(text: &mut Text, sides: &Sides<'_>, key: &str, field: Field, note: &str) {
    if sides.one_has(field) && !sides.both_have(field) {
        let note = format!("only one table has a column {}", field.name());
        text.setting(&format!("{key} = false"), &note);
        return;
    }
    let of = sides.both_have(field).then(|| note.to_owned());
    rule(text, key, of, field.name());
}

/// A rule that is asked for in one column, and compares another with it or of the other table.
fn on_demand(text: &mut Text, sides: &Sides<'_>, key: &str, [demand, field]: [Field; 2]) {
    let sides_of = [
        (sides.mentees, sides.mentors),
        (sides.mentors, sides.mentees),
    ];
    if sides_of
        .iter()
        .any(|(asking, asked)| asking.has(demand) && !asked.has(field))
    {
        let note = format!(
            "a column {} needs a column {} of the other table",
            demand.name(),
            field.name()
        );
        text.setting(&format!("{key} = false"), &note);
        return;
    }
    let of = sides
        .one_has(demand)
        .then(|| "where it is required".to_owned());
    rule(text, key, of, demand.name());
}

fn gap(text: &mut Text, sides: &Sides<'_>) {
    if sides.one_has(Field::Grade) && !sides.both_have(Field::Grade) {
        text.setting("grade_gap = false", "only one table has a column grade");
        return;
    }
    let (Some((youngest, oldest)), Some((first, last))) =
        (range(sides.mentees), range(sides.mentors))
    else {
        text.setting(
            "# grade_gap = { min = 2 }",
            "there is no column grade with grades",
        );
        return;
    };
    if sides.of_students {
        let note = format!("students are in grades {youngest} to {oldest}");
        text.setting("grade_gap = { min = 0, max = 0 }", &note);
        return;
    }
    let note =
        format!("mentees are in grades {youngest} to {oldest}, mentors in {first} to {last}");
    match last.number() - youngest.number() {
        2.. => text.setting("grade_gap = { min = 2 }", &note),
        widest @ 1 => text.setting(
            &format!("grade_gap = {{ min = {widest} }}"),
            &format!("{note}: no pair is two apart"),
        ),
        _ => text.setting("grade_gap = false", &format!("{note}: no mentor is older")),
    }
}

fn range(people: &People) -> Option<(Grade, Grade)> {
    let grades = || (0..people.len()).filter_map(|ix| people.grade(ix));
    Some((grades().min()?, grades().max()?))
}

fn sites(people: &People) -> BTreeSet<Code> {
    (0..people.len()).filter_map(|ix| people.site(ix)).collect()
}

/// Routes from sites that have only mentors to sites that have only mentees.
fn feeders(text: &mut Text, sides: &Sides<'_>) {
    if sides.of_students || !sides.both_have(Field::Site) {
        return;
    }
    let (to, from) = (sites(sides.mentees), sites(sides.mentors));
    let words = sides.roster.sites();
    let only_mentors: Vec<Code> = from.difference(&to).copied().collect();
    let only_mentees: Vec<Code> = to.difference(&from).copied().collect();
    let routes = || {
        let pairs = |from: &Code| {
            only_mentees
                .iter()
                .map(|to| (*from, *to))
                .collect::<Vec<_>>()
        };
        only_mentors.iter().flat_map(pairs)
    };
    let count = only_mentors.len() * only_mentees.len();
    if count == 0 {
        return;
    }
    text.note(
        "Feeders: by each, mentors of the site `from` may also have mentees of the site `to`. Here are sites that have only \
         mentors, with sites that have only mentees; take the # away from the routes that there are.",
    );
    text.line("feeders = [");
    for (from, to) in routes().take(MOST_FEEDERS) {
        let (from, to) = (quoted(words.word(from)), quoted(words.word(to)));
        text.line(&format!("    # {{ from = {from}, to = {to} }},"));
    }
    if count > MOST_FEEDERS {
        text.line(&format!("    # ... and {} more", count - MOST_FEEDERS));
    }
    text.line("]");
}
