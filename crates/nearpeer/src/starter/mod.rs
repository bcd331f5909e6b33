//! A programme to begin with, in TOML with comments, made after a look at the tables.
//!
//! Rules whose columns are there are on, criteria are those for which there is data, and what could be of use is there as a
//! comment. No more is said of people than how many there are of a kind.

mod criteria;
mod eligibility;
mod text;

use std::io::Write;
use std::path::{Path, PathBuf};

use nearpeer_core::roster::People;
use nearpeer_core::words::counted;
use nearpeer_core::{Error, Field, Role, Roster};

use crate::drafts;

use text::Text;

/// The programme's settings for these people, which [`Program::from_toml`](crate::Program::from_toml) reads.
///
/// ```
/// use nearpeer::{Grade, Person, Program, Roster, starter};
///
/// let grade = |number| Grade::new(number).expect("a grade");
/// let roster = Roster::builder()
///     .mentee(Person::new("ana").grade(grade(6)))
///     .mentor(Person::new("max").grade(grade(9)))
///     .build()?;
/// let settings = starter::programme(&roster);
/// assert!(settings.contains("grade_gap = { min = 2 }"));
/// let program = Program::from_toml(&settings)?;
/// assert_eq!(program.solve(&roster)?.covered(), 1);
/// # Ok::<(), nearpeer::Error>(())
/// ```
#[must_use]
pub fn programme(roster: &Roster) -> String {
    let mut text = Text::new();
    let sides = Sides::of(roster);
    head(&mut text, &sides);
    objective(&mut text, &sides);
    eligibility::write(&mut text, &sides);
    loads(&mut text, &sides);
    meetings(&mut text, &sides);
    criteria::write(&mut text, &sides);
    limits(&mut text);
    text.finish()
}

/// Writes a programme to a file, which appears whole or not at all and must not be there yet.
///
/// # Errors
/// [`ErrorKind::Io`](crate::ErrorKind::Io) for a file that is there, or cannot be written.
pub fn save_new(programme: &str, path: &Path) -> Result<PathBuf, Error> {
    drafts::save_new(path, |out| out.write_all(programme.as_bytes()))
}

/// Writes a programme to a file, in place of what is there; it appears whole or not at all.
///
/// # Errors
/// [`ErrorKind::Io`](crate::ErrorKind::Io) naming the file if it cannot be written; it has not changed then.
pub fn save(programme: &str, path: &Path) -> Result<PathBuf, Error> {
    drafts::save(path, |out| out.write_all(programme.as_bytes()))
}

/// The people of both sides; in co-mentoring both are the students.
struct Sides<'r> {
    roster: &'r Roster,
    mentees: &'r People,
    mentors: &'r People,
    of_students: bool,
}

impl<'r> Sides<'r> {
    fn of(roster: &'r Roster) -> Self {
        match roster.students() {
            Some(students) => Self {
                roster,
                mentees: students,
                mentors: students,
                of_students: true,
            },
            None => Self {
                roster,
                mentees: roster.side(Role::Mentee),
                mentors: roster.side(Role::Mentor),
                of_students: false,
            },
        }
    }

    fn both_have(&self, field: Field) -> bool {
        self.mentees.has(field) && self.mentors.has(field)
    }

    fn one_has(&self, field: Field) -> bool {
        self.mentees.has(field) || self.mentors.has(field)
    }
}

fn head(text: &mut Text, sides: &Sides<'_>) {
    let people = match sides.of_students {
        true => counted(sides.mentees.len(), "student"),
        false => format!(
            "{} and {}",
            counted(sides.mentees.len(), "mentee"),
            counted(sides.mentors.len(), "mentor")
        ),
    };
    text.note(&format!(
        "A programme to begin with, made for {people}. Change what does not fit."
    ));
    text.note(
        "A key that is left out has a sensible default; a line that begins with # is not read.",
    );
    text.gap();
    if sides.of_students {
        text.line("mode = \"co_mentoring\"");
        text.line("# triads = true    # groups of three for those who would be left over");
    }
}

fn objective(text: &mut Text, sides: &Sides<'_>) {
    text.note("What counts, the most important first.");
    let has_priority = sides.mentees.has(Field::Priority);
    text.line(match has_priority {
        true => "objective = [\"priority\", \"coverage\", \"score\"]",
        false => "objective = [\"coverage\", \"score\"]",
    });
    if !sides.of_students {
        if !has_priority {
            text.note("`priority` can come first, once mentees have a column `priority` (a higher number is served first).");
        }
        text.note("`transition` before `coverage` serves those first who come to a new school, by their grades.");
        text.note(
            "`worst_off` before `score` makes the lowest score in the match as high as it can be.",
        );
    }
    text.gap();
}

fn loads(text: &mut Text, sides: &Sides<'_>) {
    if sides.of_students {
        return;
    }
    text.note("How many pairs a person may be in, where the tables have no load_min and load_max.");
    text.line("[loads.mentee]");
    text.line("max = 1");
    text.line("[loads.mentor]");
    text.line("max = 1");
    let (mentees, mentors) = (sides.mentees.len(), sides.mentors.len());
    if sides.mentors.has(Field::LoadMax) {
        text.note("The mentors' table has a column load_max, which comes before this.");
    } else if mentees > mentors && mentors > 0 {
        let room = mentees.div_ceil(mentors);
        text.note(&format!(
            "There are fewer mentors than mentees: with max = {room} there would be room for all."
        ));
    }
    text.gap();
}

fn meetings(text: &mut Text, sides: &Sides<'_>) {
    let roster = sides.roster;
    if roster.leaders().is_empty() && roster.rooms().is_empty() {
        return;
    }
    text.note("Every pair gets a slot, with a leader and a room. They meet at the site of the mentee, of the mentor, or of");
    text.note("\"either\".");
    text.line("[meetings]");
    text.line("travel = \"mentee\"");
    text.gap();
}

fn limits(text: &mut Text) {
    text.note("Where a match takes too long: the best one so far is taken, and its gap is stated.");
    text.line("[limits]");
    text.line("# time = 600    # seconds");
}
