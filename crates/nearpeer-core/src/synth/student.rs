//! Drawing one student.

use super::dice::{Dice, MILLION};
use super::interests;
use super::sites::Site;
use super::{District, Stream};
use crate::roster::{Field, Grade, Person, Role};

/// A mentee or a mentor of a [`District`]: a row of its tables. `None` is an empty cell, or a column that
/// the table does not have.
#[derive(Debug, Clone, Default, PartialEq)]
#[non_exhaustive]
pub struct Student<'a> {
    /// `mentee-001`, `mentor-01`, ...: ids are in canonical order.
    pub id: String,
    /// The school grade.
    pub grade: Option<Grade>,
    /// The school.
    pub site: Option<&'a str>,
    /// Interests, in the survey's order.
    pub interests: Option<Vec<&'static str>>,
    /// Languages spoken.
    pub languages: Option<Vec<&'static str>>,
    /// Weekly meeting times at which the student is free.
    pub slots: Option<Vec<&'static str>>,
    /// The gender.
    pub gender: Option<&'static str>,
    /// The greatest number of mentees (mentors only).
    pub load_max: Option<u32>,
    /// Whether the family has consented.
    pub consent: Option<bool>,
    /// Whether screening is done (mentors only).
    pub screened: Option<bool>,
    /// Whether training is done (mentors only).
    pub trained: Option<bool>,
    /// A language that the mentor must speak (mentees only).
    pub requires_language: Option<&'static str>,
    /// Whether the mentor must have the same gender (mentees only).
    pub requires_same_gender: Option<bool>,
}

/// The columns of the mentees' table.
pub(super) const MENTEE_COLUMNS: &[Field] = &[
    Field::Id,
    Field::Grade,
    Field::Site,
    Field::Interests,
    Field::Languages,
    Field::Slots,
    Field::Gender,
    Field::Consent,
    Field::RequiresLanguage,
    Field::RequiresSameGender,
];

/// The columns of the mentors' table.
pub(super) const MENTOR_COLUMNS: &[Field] = &[
    Field::Id,
    Field::Grade,
    Field::Site,
    Field::Interests,
    Field::Languages,
    Field::Slots,
    Field::Gender,
    Field::LoadMax,
    Field::Consent,
    Field::Screened,
    Field::Trained,
];

/// The columns of both tables where there are no sites.
pub(super) const OPEN_COLUMNS: &[Field] = &[Field::Id, Field::Grade, Field::Interests];

// The weights below are made up. They are skewed as in schools of the United States, where about one student
// in five speaks another language at home, most of them Spanish.

const GENDERS: &[(&str, u32)] = &[("female", 49), ("male", 48), ("nonbinary", 3)];

const ENGLISH: &str = "English";

/// The language at home.
const LANGUAGES: &[(&str, u32)] = &[
    (ENGLISH, 780),
    ("Spanish", 165),
    ("Arabic", 12),
    ("Chinese", 12),
    ("Vietnamese", 9),
    ("Portuguese", 7),
    ("Russian", 5),
    ("Haitian Creole", 4),
    ("Hmong", 3),
    ("Somali", 3),
];

/// Of those with another language at home, how many do not speak English yet, in millionths.
const NO_ENGLISH: u32 = 150_000;

/// The weekly meeting times, and who is free then, in millionths.
pub(super) const SLOTS: &[(&str, u32)] = &[
    ("Mon 15:00", 350_000),
    ("Mon 16:00", 200_000),
    ("Tue 15:00", 450_000),
    ("Tue 16:00", 250_000),
    ("Wed 15:00", 400_000),
    ("Wed 16:00", 250_000),
    ("Thu 15:00", 450_000),
    ("Thu 16:00", 250_000),
    ("Fri 15:00", 150_000),
    ("Fri 16:00", 80_000),
];

/// The time of somebody who would be free at none.
const USUAL_SLOT: &str = "Tue 15:00";

/// How many mentees a mentor takes: 1.95 on average.
const LOADS: &[(u32, u32)] = &[(1, 30), (2, 45), (3, 25)];

const CONSENTED: u32 = 960_000;
const SCREENED: u32 = 950_000;
const TRAINED: u32 = 920_000;
const SAME_GENDER: u32 = 60_000;

/// Draws the student at `position` of a side. Every student takes the same numbers from their stream, so that
/// a different share of missing cells empties other cells and changes none.
pub(super) fn draw(district: &District, role: Role, position: usize) -> Student<'_> {
    let (stream, count) = match role {
        Role::Mentee => (Stream::Mentee, district.mentees),
        Role::Mentor => (Stream::Mentor, district.mentors),
    };
    let mut dice = Dice::new(district.seed, stream, position as u32);
    let dice = &mut dice;
    let Site { name, level } = district.sites.choose(role, dice);
    let grade = dice.within(level.part(role).grades);
    let interests = interests::names(district.taste.draw(dice));
    let gender = dice.choose(GENDERS);
    let home = dice.choose(LANGUAGES);
    let speaks_english = home == ENGLISH || !dice.chance(NO_ENGLISH);
    let mut languages = vec![home];
    if home != ENGLISH && speaks_english {
        languages.push(ENGLISH);
    }
    let slots = slots(dice, MILLION);
    let load_max = dice.choose(LOADS);
    let [consent, screened, trained, same_gender] =
        [CONSENTED, SCREENED, TRAINED, SAME_GENDER].map(|often| dice.chance(often));

    let mut is_there = || !dice.chance(district.missing);
    let width = count.to_string().len();
    let student = Student {
        id: format!("{}-{:0width$}", role.as_str(), position + 1),
        grade: is_there().then(|| Grade::new(grade.into())).flatten(),
        // No interest at all cannot be told from an empty cell in a CSV, so it is one.
        interests: (is_there() && !interests.is_empty()).then_some(interests),
        ..Student::default()
    };
    if district.open {
        return student;
    }
    let student = Student {
        site: Some(name),
        languages: is_there().then_some(languages),
        slots: is_there().then_some(slots),
        gender: is_there().then_some(gender),
        consent: is_there().then_some(consent),
        ..student
    };
    match role {
        Role::Mentee => Student {
            requires_language: (!speaks_english).then_some(home),
            requires_same_gender: is_there().then_some(same_gender),
            ..student
        },
        Role::Mentor => Student {
            load_max: is_there().then_some(load_max),
            screened: is_there().then_some(screened),
            trained: is_there().then_some(trained),
            ..student
        },
    }
}

/// Meeting times at which somebody is free who has `leisure` millionths of a student's time; one at least.
pub(super) fn slots(dice: &mut Dice, leisure: u32) -> Vec<&'static str> {
    let often = |share: u32| (u64::from(share) * u64::from(leisure) / u64::from(MILLION)) as u32;
    let mut free: Vec<&str> = SLOTS
        .iter()
        .filter(|(_, share)| dice.chance(often(*share)))
        .map(|(slot, _)| *slot)
        .collect();
    if free.is_empty() {
        free.push(USUAL_SLOT);
    }
    free
}

impl From<Student<'_>> for Person {
    fn from(student: Student<'_>) -> Self {
        let mut person = Self::new(student.id);
        macro_rules! set {
            ($($field:ident),*) => {
                $(if let Some(known) = student.$field {
                    person = person.$field(known);
                })*
            };
        }
        set!(
            grade,
            site,
            interests,
            languages,
            slots,
            gender,
            load_max,
            consent,
            screened,
            trained,
            requires_language,
            requires_same_gender
        );
        person
    }
}
