//! Collecting people and pairs, and the checks that need all of them at once.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use super::index::Index;
use super::people::ExtraColumn;
use super::vocabulary::{Lists, Vocabulary};
use super::{Cell, Field, People, Person, Role, Roster};
use crate::error::Error;

/// The greatest load that is believed: a student in more pairs than this is a typing error.
pub const MAX_LOAD: u32 = 10_000;

/// The greatest number of people on one side.
pub const MAX_PEOPLE: usize = 100_000_000;

/// The highest priority tier.
const MAX_PRIORITY: u32 = 1_000;

/// Collects people and pairs; [`build`](Self::build) checks them and puts them in canonical order.
#[derive(Debug, Clone, Default)]
pub struct RosterBuilder {
    mentees: Side,
    mentors: Side,
    required: Vec<NamedPair>,
    blocked: Vec<NamedPair>,
    previous: Vec<NamedPair>,
    scores: Option<Vec<(NamedPair, f64)>>,
    /// Whether the first side is a table of students, and there is no other.
    of_students: bool,
}

#[derive(Debug, Clone, Default)]
struct Side {
    people: Vec<Person>,
    declared: BTreeSet<Field>,
    declared_extra: BTreeSet<String>,
}

#[derive(Debug, Clone)]
pub(super) struct NamedPair {
    pub(super) mentee: String,
    pub(super) mentor: String,
}

impl RosterBuilder {
    /// Collects students of one table, who are pushed and declared as mentees are.
    pub(super) fn of_students() -> Self {
        Self {
            of_students: true,
            ..Self::default()
        }
    }

    /// Adds a student; its row number in messages is its place in the order of adding.
    #[must_use]
    pub fn student(self, person: Person) -> Self {
        self.mentee(person)
    }

    /// Adds a mentee; its row number in messages is its place in the order of adding.
    #[must_use]
    pub fn mentee(mut self, person: Person) -> Self {
        self.push(Role::Mentee, person);
        self
    }

    /// Adds a mentor; its row number in messages is its place in the order of adding.
    #[must_use]
    pub fn mentor(mut self, person: Person) -> Self {
        self.push(Role::Mentor, person);
        self
    }

    /// Adds a person without taking the builder, for readers of tables.
    pub fn push(&mut self, role: Role, person: Person) {
        self.side(role).people.push(person);
    }

    /// Says that a table has this column even if all its cells are empty, so that rules on it are on.
    pub fn declare(&mut self, role: Role, field: Field) {
        self.side(role).declared.insert(field);
    }

    /// Says that a table has this other column even if all its cells are empty.
    pub fn declare_extra(&mut self, role: Role, column: impl Into<String>) {
        self.side(role).declared_extra.insert(column.into());
    }

    /// A pair that must be in every match.
    #[must_use]
    pub fn required(mut self, mentee: impl Into<String>, mentor: impl Into<String>) -> Self {
        self.push_required(mentee, mentor);
        self
    }

    /// A pair that must not be in a match.
    #[must_use]
    pub fn blocked(mut self, mentee: impl Into<String>, mentor: impl Into<String>) -> Self {
        self.push_blocked(mentee, mentor);
        self
    }

    /// A pair of an earlier match.
    #[must_use]
    pub fn previous(mut self, mentee: impl Into<String>, mentor: impl Into<String>) -> Self {
        self.push_previous(mentee, mentor);
        self
    }

    /// The caller's own score of a pair, in [0, 1].
    #[must_use]
    pub fn pair_score(
        mut self,
        mentee: impl Into<String>,
        mentor: impl Into<String>,
        score: f64,
    ) -> Self {
        self.push_pair_score(mentee, mentor, score);
        self
    }

    /// [`required`](Self::required) without taking the builder.
    pub fn push_required(&mut self, mentee: impl Into<String>, mentor: impl Into<String>) {
        self.required.push(NamedPair::new(mentee, mentor));
    }

    /// [`blocked`](Self::blocked) without taking the builder.
    pub fn push_blocked(&mut self, mentee: impl Into<String>, mentor: impl Into<String>) {
        self.blocked.push(NamedPair::new(mentee, mentor));
    }

    /// [`previous`](Self::previous) without taking the builder.
    pub fn push_previous(&mut self, mentee: impl Into<String>, mentor: impl Into<String>) {
        self.previous.push(NamedPair::new(mentee, mentor));
    }

    /// [`pair_score`](Self::pair_score) without taking the builder.
    pub fn push_pair_score(
        &mut self,
        mentee: impl Into<String>,
        mentor: impl Into<String>,
        score: f64,
    ) {
        self.scores
            .get_or_insert_default()
            .push((NamedPair::new(mentee, mentor), score));
    }

    /// Says that a table of pair scores was given even if it has no rows.
    pub fn declare_pair_scores(&mut self) {
        self.scores.get_or_insert_default();
    }

    fn side(&mut self, role: Role) -> &mut Side {
        match role {
            Role::Mentee => &mut self.mentees,
            Role::Mentor => &mut self.mentors,
        }
    }

    /// Checks everything and puts it in canonical order.
    ///
    /// # Errors
    /// [`ErrorKind::Input`](crate::ErrorKind::Input), naming table, row, column and value: an empty
    /// table; an empty or repeated id, or one used on both sides; a load above [`MAX_LOAD`] or a minimum
    /// above its maximum; an id in a pair table or a preference list that nobody has; a pair both
    /// required and blocked; a pair score that is not in [0, 1] or contradicts another.
    pub fn build(self) -> Result<Roster, Error> {
        let (mentees, mentors) = if self.of_students {
            let students = Sorted::new(Role::Mentee, "students", self.mentees)?;
            let others = Sorted {
                role: Role::Mentor,
                ..students.clone()
            };
            (students, others)
        } else {
            let mentees = Sorted::new(Role::Mentee, Role::Mentee.table(), self.mentees)?;
            let mentors = Sorted::new(Role::Mentor, Role::Mentor.table(), self.mentors)?;
            no_id_on_both_sides(&mentees, &mentors)?;
            (mentees, mentors)
        };

        let mut words = Words::default();
        let index = Index::new(&mentees, &mentors, self.of_students);
        let required = index.pairs("pairs_required", &self.required)?;
        let blocked = index.pairs("pairs_blocked", &self.blocked)?;
        let previous = index.pairs("pairs_previous", &self.previous)?;
        for pair in &required {
            if Roster::lists(&blocked, pair.mentee, pair.mentor) {
                let NamedPair { mentee, mentor } = &self.required[pair.row - 1];
                let who = if self.of_students {
                    format!("students {mentee:?} and {mentor:?}")
                } else {
                    format!("mentee {mentee:?} and mentor {mentor:?}")
                };
                return Err(Error::input(format!(
                    "the pair of {who} is both required and blocked"
                ))
                .in_table("pairs_required")
                .in_row(pair.row));
            }
        }
        let pair_scores = self
            .scores
            .map(|scores| index.scores(&scores))
            .transpose()?;
        let mentees = mentees.columns(&mut words, &index)?;
        let mentors = mentors.columns(&mut words, &index)?;
        Ok(Roster {
            required,
            blocked,
            previous,
            pair_scores,
            of_students: self.of_students,
            ..words.roster(mentees, mentors)
        })
    }
}

/// One side that is in canonical order and checked already, taken person by person.
pub(crate) struct Ordered<I> {
    /// The columns that the side has.
    pub(crate) columns: &'static [Field],
    /// The people, by id; none has preferences or other columns.
    pub(crate) people: I,
}

impl Roster {
    /// The roster that [`RosterBuilder::build`] gives of the same people, without holding all of them at once.
    pub(crate) fn in_order(
        mentees: Ordered<impl ExactSizeIterator<Item = Person>>,
        mentors: Ordered<impl ExactSizeIterator<Item = Person>>,
    ) -> Self {
        let mut words = Words::default();
        let mentees = mentees.columns(Role::Mentee, &mut words);
        let mentors = mentors.columns(Role::Mentor, &mut words);
        words.roster(mentees, mentors)
    }
}

impl<I: ExactSizeIterator<Item = Person>> Ordered<I> {
    fn columns(self, role: Role, words: &mut Words) -> People {
        let present = self.columns.iter().copied().collect();
        let mut out = People::none(role, self.people.len(), present);
        for (row, person) in (1..).zip(self.people) {
            out.push(row, person, None, words);
        }
        out
    }
}

impl NamedPair {
    fn new(mentee: impl Into<String>, mentor: impl Into<String>) -> Self {
        Self {
            mentee: mentee.into(),
            mentor: mentor.into(),
        }
    }
}

#[derive(Default)]
struct Words {
    sites: Vocabulary,
    interests: Vocabulary,
    skills: Vocabulary,
    languages: Vocabulary,
    slots: Vocabulary,
    genders: Vocabulary,
}

impl Words {
    /// The roster of these people, without tables of pairs.
    fn roster(self, mentees: People, mentors: People) -> Roster {
        Roster {
            mentees,
            mentors,
            sites: self.sites,
            interests: self.interests,
            skills: self.skills,
            languages: self.languages,
            slots: self.slots,
            required: Vec::new(),
            blocked: Vec::new(),
            previous: Vec::new(),
            pair_scores: None,
            of_students: false,
        }
    }
}

/// One side in canonical order, with the row that each person came from.
#[derive(Clone)]
pub(super) struct Sorted {
    role: Role,
    table: &'static str,
    pub(super) people: Vec<(u32, Person)>,
    present: BTreeSet<Field>,
    extra: BTreeSet<String>,
}

impl Sorted {
    fn new(role: Role, table: &'static str, side: Side) -> Result<Self, Error> {
        if side.people.is_empty() {
            return Err(Error::input("the table has no rows").in_table(table));
        }
        if side.people.len() > MAX_PEOPLE {
            return Err(Error::input(format!("more than {MAX_PEOPLE} rows")).in_table(table));
        }
        let mut people: Vec<(u32, Person)> = (1u32..).zip(side.people).collect();
        people.sort_by(|a, b| a.1.id.cmp(&b.1.id).then(a.0.cmp(&b.0)));
        if let Some((row, person)) = people
            .iter()
            .find(|(_, person)| person.id.trim().is_empty())
        {
            return Err(Error::input("every person needs an id")
                .in_table(table)
                .in_row(*row as usize)
                .in_column("id")
                .with_value(&person.id));
        }
        if let Some(twice) = people.windows(2).find(|w| w[0].1.id == w[1].1.id) {
            return Err(
                Error::input(format!("the id was used before, in row {}", twice[0].0))
                    .in_table(table)
                    .in_row(twice[1].0 as usize)
                    .in_column("id")
                    .with_value(&twice[1].1.id),
            );
        }
        let mut present = side.declared;
        let mut extra = side.declared_extra;
        for (row, person) in &people {
            check_loads(person).map_err(|error| error.in_table(table).in_row(*row as usize))?;
            person.fields(&mut present);
            extra.extend(person.extra.iter().map(|(name, _)| name.clone()));
        }
        Ok(Self {
            role,
            table,
            people,
            present,
            extra,
        })
    }

    fn columns(self, words: &mut Words, index: &Index) -> Result<People, Error> {
        let role = self.role;
        let mut out = People::none(role, self.people.len(), self.present);
        out.table = self.table;
        for name in self.extra {
            out.extra.insert(name, ExtraColumn::default());
        }
        for (row, person) in self.people {
            let wishes = person
                .preferences
                .as_deref()
                .map(|ids| index.wishes(role, &person.id, ids))
                .transpose()
                .map_err(|error| error.in_table(self.table).in_row(row as usize))?;
            out.push(row, person, wishes, words);
        }
        Ok(out)
    }
}

impl People {
    /// Nobody yet, with room for so many.
    fn none(role: Role, count: usize, present: BTreeSet<Field>) -> Self {
        Self {
            role,
            table: role.table(),
            ids: Vec::with_capacity(count),
            rows: Vec::with_capacity(count),
            present,
            grade: Vec::new(),
            site: Vec::new(),
            interests: Lists::default(),
            goals: Lists::default(),
            strengths: Lists::default(),
            languages: Lists::default(),
            slots: Lists::default(),
            gender: Vec::new(),
            load_min: Vec::new(),
            load_max: Vec::new(),
            consent: Vec::new(),
            screened: Vec::new(),
            trained: Vec::new(),
            requires_language: Vec::new(),
            requires_same_gender: Vec::new(),
            priority: Vec::new(),
            preferences: Lists::default(),
            extra: BTreeMap::new(),
        }
    }

    /// Adds the next person in canonical order.
    fn push(&mut self, row: u32, person: Person, wishes: Option<Vec<u32>>, words: &mut Words) {
        self.preferences.push(wishes);
        self.rows.push(row);
        self.ids.push(person.id.into());
        self.grade.push(person.grade);
        self.site.push(word(&mut words.sites, person.site));
        self.interests
            .push(set(&mut words.interests, person.interests));
        self.goals.push(set(&mut words.skills, person.goals));
        self.strengths
            .push(set(&mut words.skills, person.strengths));
        self.languages
            .push(set(&mut words.languages, person.languages));
        self.slots.push(set(&mut words.slots, person.slots));
        self.gender.push(word(&mut words.genders, person.gender));
        self.load_min.push(person.load_min);
        self.load_max.push(person.load_max);
        self.consent.push(person.consent);
        self.screened.push(person.screened);
        self.trained.push(person.trained);
        self.requires_language
            .push(word(&mut words.languages, person.requires_language));
        self.requires_same_gender.push(person.requires_same_gender);
        self.priority.push(person.priority);
        let position = self.ids.len() - 1;
        for (name, cell) in person.extra {
            let cells = &mut self.extra.entry(name).or_default().cells;
            cells.resize(position, Cell::Missing);
            cells.push(cell);
        }
    }
}

impl Person {
    /// Adds the fields that this person has a value for.
    fn fields(&self, present: &mut BTreeSet<Field>) {
        present.insert(Field::Id);
        let known = [
            (Field::Grade, self.grade.is_some()),
            (Field::Site, self.site.is_some()),
            (Field::Interests, self.interests.is_some()),
            (Field::Goals, self.goals.is_some()),
            (Field::Strengths, self.strengths.is_some()),
            (Field::Languages, self.languages.is_some()),
            (Field::Slots, self.slots.is_some()),
            (Field::Gender, self.gender.is_some()),
            (Field::LoadMin, self.load_min.is_some()),
            (Field::LoadMax, self.load_max.is_some()),
            (Field::Consent, self.consent.is_some()),
            (Field::Screened, self.screened.is_some()),
            (Field::Trained, self.trained.is_some()),
            (Field::RequiresLanguage, self.requires_language.is_some()),
            (
                Field::RequiresSameGender,
                self.requires_same_gender.is_some(),
            ),
            (Field::Priority, self.priority.is_some()),
            (Field::Preferences, self.preferences.is_some()),
        ];
        present.extend(
            known
                .iter()
                .filter(|(_, is_known)| *is_known)
                .map(|(field, _)| field),
        );
    }
}

fn check_loads(person: &Person) -> Result<(), Error> {
    for (field, load) in [
        (Field::LoadMin, person.load_min),
        (Field::LoadMax, person.load_max),
    ] {
        if let Some(load) = load.filter(|load| *load > MAX_LOAD) {
            return Err(
                Error::input(format!("a load is a whole number from 0 to {MAX_LOAD}"))
                    .in_column(field.name())
                    .with_value(&load.to_string()),
            );
        }
    }
    if let (Some(min), Some(max)) = (person.load_min, person.load_max)
        && min > max
    {
        return Err(
            Error::input(format!("load_min is above load_max, which is {max}"))
                .in_column("load_min")
                .with_value(&min.to_string()),
        );
    }
    if let Some(tier) = person.priority.filter(|tier| *tier > MAX_PRIORITY) {
        return Err(Error::input(format!(
            "a priority is a whole number from 0 to {MAX_PRIORITY}"
        ))
        .in_column("priority")
        .with_value(&tier.to_string()));
    }
    Ok(())
}

fn no_id_on_both_sides(mentees: &Sorted, mentors: &Sorted) -> Result<(), Error> {
    let mentee_ids: HashMap<&str, u32> = mentees
        .people
        .iter()
        .map(|(row, person)| (person.id.as_str(), *row))
        .collect();
    for (row, mentor) in &mentors.people {
        if let Some(mentee_row) = mentee_ids.get(mentor.id.as_str()) {
            return Err(
                Error::input(format!("the id is also a mentee's, in row {mentee_row}"))
                    .in_table("mentors")
                    .in_row(*row as usize)
                    .in_column("id")
                    .with_value(&mentor.id),
            );
        }
    }
    Ok(())
}

/// A word; one that is empty or blank is missing.
fn word(vocabulary: &mut Vocabulary, text: Option<String>) -> Option<u32> {
    text.map(|text| text.trim().to_owned())
        .filter(|text| !text.is_empty())
        .map(|text| vocabulary.intern(&text))
}

/// A list as a sorted set of codes; blank items are dropped.
fn set(vocabulary: &mut Vocabulary, list: Option<Vec<String>>) -> Option<Vec<u32>> {
    list.map(|items| {
        let mut codes: Vec<u32> = items
            .into_iter()
            .filter_map(|item| word(vocabulary, Some(item)))
            .collect();
        codes.sort_unstable();
        codes.dedup();
        codes
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn two() -> RosterBuilder {
        Roster::builder()
            .mentee(Person::new("e1"))
            .mentor(Person::new("m1"))
    }

    fn message(builder: RosterBuilder) -> String {
        builder
            .build()
            .expect_err("the roster is faulty")
            .to_string()
    }

    #[test]
    fn people_are_put_in_canonical_order_and_keep_their_rows() {
        let roster = two().mentee(Person::new("a0")).build().expect("a roster");
        assert_eq!(roster.mentees().ids().collect::<Vec<_>>(), ["a0", "e1"]);
        assert_eq!((roster.mentees().row(0), roster.mentees().row(1)), (2, 1));
    }

    #[test]
    fn faults_name_table_row_column_and_value() {
        assert_eq!(
            message(two().mentee(Person::new("e1"))),
            "table mentees, row 2, column `id`, value \"e1\": the id was used before, in row 1"
        );
        assert_eq!(
            message(two().mentor(Person::new("e1"))),
            "table mentors, row 2, column `id`, value \"e1\": the id is also a mentee's, in row 1"
        );
        assert_eq!(
            message(two().required("e2", "m1")),
            "table pairs_required, row 1, column `mentee_id`, value \"e2\": no mentee has this id"
        );
        assert_eq!(
            message(two().blocked("e1", "e1")),
            "table pairs_blocked, row 1, column `mentor_id`, value \"e1\": no mentor has this id; \
             it is on the other side"
        );
        assert_eq!(
            message(two().mentor(Person::new("m2").load_min(3).load_max(2))),
            "table mentors, row 2, column `load_min`, value \"3\": load_min is above load_max, which is 2"
        );
        assert_eq!(
            message(two().required("e1", "m1").blocked("e1", "m1")),
            "table pairs_required, row 1: the pair of mentee \"e1\" and mentor \"m1\" is both required \
             and blocked"
        );
        assert_eq!(
            message(two().pair_score("e1", "m1", f64::NAN)),
            "table pair_scores, row 1, column `value`, value \"NaN\": a pair score is a number from 0 to 1"
        );
        assert_eq!(
            message(Roster::builder().mentor(Person::new("m1"))),
            "table mentees: the table has no rows"
        );
    }

    #[test]
    fn a_mistyped_id_is_met_with_the_nearest() {
        let builder = two()
            .mentee(Person::new("student-12"))
            .mentee(Person::new("student-13"));
        assert_eq!(
            message(builder.required("student-1", "m1")),
            "table pairs_required, row 1, column `mentee_id`, value \"student-1\": no mentee has this \
             id; did you mean \"student-12\"?"
        );
    }

    #[test]
    fn lists_are_sets_and_wishes_keep_their_ranks() {
        let roster = two()
            .mentor(Person::new("m2").interests(["b", " a ", "b", ""]))
            .mentee(Person::new("e2").preferences(["m2", "m1", "m2"]))
            .build()
            .expect("a roster");
        assert_eq!(roster.mentors().interests(1).map(<[u32]>::len), Some(2));
        assert_eq!(roster.mentees().preferences(1), Some(&[1, 0][..]));
        assert_eq!(roster.mentees().preferences(0), None);
    }
}
