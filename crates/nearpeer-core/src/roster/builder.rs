//! Collecting people and pairs, and the checks that need all of them at once.

use std::collections::BTreeSet;

use super::columns::Words;
use super::index::Index;
use super::sorted::{Sorted, embeddings_are_alike, no_id_on_both_sides};
use super::{Field, Leader, Person, Role, Room, Roster, places};
use crate::error::Error;

/// The greatest load that is believed: a student in more pairs than this is a typing error.
pub const MAX_LOAD: u32 = 10_000;

/// The greatest number of people on one side.
pub const MAX_PEOPLE: usize = 100_000_000;

/// Collects people and pairs; [`build`](Self::build) checks them and puts them in canonical order.
#[derive(Debug, Clone, Default)]
pub struct RosterBuilder {
    mentees: Side,
    mentors: Side,
    required: Vec<NamedPair>,
    blocked: Vec<NamedPair>,
    previous: Vec<NamedPair>,
    scores: Option<Vec<(NamedPair, f64)>>,
    leaders: Option<Vec<Leader>>,
    rooms: Option<Vec<Room>>,
    /// Whether the first side is a table of students, and there is no other.
    of_students: bool,
}

#[derive(Debug, Clone, Default)]
pub(super) struct Side {
    pub(super) people: Vec<Person>,
    pub(super) declared: BTreeSet<Field>,
    pub(super) declared_extra: BTreeSet<String>,
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

    /// Adds a leader; its row number in messages is its place in the order of adding.
    #[must_use]
    pub fn leader(mut self, leader: Leader) -> Self {
        self.push_leader(leader);
        self
    }

    /// Adds a room; its row number in messages is its place in the order of adding.
    #[must_use]
    pub fn room(mut self, room: Room) -> Self {
        self.push_room(room);
        self
    }

    /// [`leader`](Self::leader) without taking the builder.
    pub fn push_leader(&mut self, leader: Leader) {
        self.leaders.get_or_insert_default().push(leader);
    }

    /// [`room`](Self::room) without taking the builder.
    pub fn push_room(&mut self, room: Room) {
        self.rooms.get_or_insert_default().push(room);
    }

    /// Says that a table of leaders was given even if it has no rows, which is an error.
    pub fn declare_leaders(&mut self) {
        self.leaders.get_or_insert_default();
    }

    /// Says that a table of rooms was given even if it has no rows, which is an error.
    pub fn declare_rooms(&mut self) {
        self.rooms.get_or_insert_default();
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
    /// required and blocked; a pair score that is not in [0, 1] or contradicts another; an embedding with a number that is
    /// not finite, or with more or fewer numbers than another; a leader without an
    /// id or with that of another; a room without a slot, or without a site though people have sites; two
    /// rooms of one site in one slot; a capacity that is missing or above
    /// [`MAX_CAPACITY`](super::MAX_CAPACITY); leaders and rooms of several sites though people have none.
    pub fn build(self) -> Result<Roster, Error> {
        let (mentees, mentors) = if self.of_students {
            let students = Sorted::new(Role::Mentee, "students", self.mentees)?;
            let others = students.as_other_side();
            (students, others)
        } else {
            let mentees = Sorted::new(Role::Mentee, Role::Mentee.table(), self.mentees)?;
            let mentors = Sorted::new(Role::Mentor, Role::Mentor.table(), self.mentors)?;
            no_id_on_both_sides(&mentees, &mentors)?;
            (mentees, mentors)
        };
        embeddings_are_alike([&mentees, &mentors])?;

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
        // After the people, so that words that only these use change nobody's codes.
        let has_sites = mentees.has(Field::Site) || mentors.has(Field::Site);
        let leaders = places::leaders(self.leaders, has_sites, &mut words)?;
        let rooms = places::rooms(self.rooms, has_sites, &mut words)?;
        Ok(Roster {
            required,
            blocked,
            previous,
            pair_scores,
            leaders,
            rooms,
            of_students: self.of_students,
            ..words.roster(mentees, mentors)
        })
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
