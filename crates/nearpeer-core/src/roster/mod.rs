//! The roster: who takes part and what is known of them, in canonical order.
//!
//! People are sorted by id, so that one input has one answer whatever the order of its rows; words are
//! replaced by codes that both sides share.

mod builder;
mod change;
mod columns;
mod embedding;
mod grade;
mod index;
mod people;
mod person;
mod places;
mod sorted;
mod staff;
mod vocabulary;

use std::collections::HashMap;

pub use builder::{MAX_LOAD, MAX_PEOPLE, RosterBuilder};
pub(crate) use columns::Ordered;
pub(crate) use embedding::{Embedding, LENGTH};
pub use embedding::{Embeddings, MAX_DIMENSIONS};
pub use grade::{Grade, UnreadableGrade};
pub use people::{ExtraColumn, Field, People, Role};
pub use person::{Cell, Person};
pub use places::{ListedLeader, ListedRoom, MAX_CAPACITY};
pub use staff::{Leader, Room};
pub use vocabulary::{Code, Lists, Vocabulary};

use crate::units::{MenteeIx, MentorIx};

/// One pair of a pair table and the row it stood in, counted from 1.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ListedPair {
    /// The mentee.
    pub mentee: MenteeIx,
    /// The mentor.
    pub mentor: MentorIx,
    /// The row of the input table.
    pub row: usize,
}

/// A caller's own scores in millionths, by pair.
pub type PairScores = HashMap<(MenteeIx, MentorIx), u32>;

/// Everything that is known of the people of a programme. Built by [`Roster::builder`].
#[derive(Debug, Clone, PartialEq)]
pub struct Roster {
    pub(crate) mentees: People,
    pub(crate) mentors: People,
    sites: Vocabulary,
    interests: Vocabulary,
    skills: Vocabulary,
    languages: Vocabulary,
    slots: Vocabulary,
    genders: Vocabulary,
    pub(crate) required: Vec<ListedPair>,
    blocked: Vec<ListedPair>,
    previous: Vec<ListedPair>,
    pair_scores: Option<PairScores>,
    pub(crate) leaders: Vec<ListedLeader>,
    pub(crate) rooms: Vec<ListedRoom>,
    of_students: bool,
}

impl Roster {
    /// An empty roster to add people and pairs to.
    ///
    /// ```
    /// use nearpeer_core::{Grade, Person, Roster};
    ///
    /// let grade = |number| Grade::new(number).expect("a grade");
    /// let roster = Roster::builder()
    ///     .mentee(Person::new("ana").grade(grade(6)).interests(["chess", "art"]))
    ///     .mentor(Person::new("max").grade(grade(9)).interests(["chess"]))
    ///     .build()?;
    /// assert_eq!((roster.mentees().len(), roster.mentors().len()), (1, 1));
    /// # Ok::<(), nearpeer_core::Error>(())
    /// ```
    #[must_use]
    pub fn builder() -> RosterBuilder {
        RosterBuilder::default()
    }

    /// An empty roster of one table of students, for co-mentoring.
    ///
    /// ```
    /// use nearpeer_core::{Person, Roster};
    ///
    /// let roster = Roster::of_students()
    ///     .student(Person::new("ana").interests(["chess", "art"]))
    ///     .student(Person::new("bo").interests(["chess"]))
    ///     .build()?;
    /// assert_eq!(roster.students().map(|students| students.len()), Some(2));
    /// # Ok::<(), nearpeer_core::Error>(())
    /// ```
    #[must_use]
    pub fn of_students() -> RosterBuilder {
        RosterBuilder::of_students()
    }

    /// The students, in canonical order, if this is a roster of one table.
    #[must_use]
    pub fn students(&self) -> Option<&People> {
        self.of_students.then_some(&self.mentees)
    }

    /// The mentees, in canonical order; in a roster of students everybody, and so are the mentors.
    #[must_use]
    pub fn mentees(&self) -> &People {
        &self.mentees
    }

    /// The mentors, in canonical order.
    #[must_use]
    pub fn mentors(&self) -> &People {
        &self.mentors
    }

    /// One side.
    #[must_use]
    pub fn side(&self, role: Role) -> &People {
        match role {
            Role::Mentee => &self.mentees,
            Role::Mentor => &self.mentors,
        }
    }

    /// The schools.
    #[must_use]
    pub fn sites(&self) -> &Vocabulary {
        &self.sites
    }

    /// The words of the column `interests`.
    #[must_use]
    pub fn interests(&self) -> &Vocabulary {
        &self.interests
    }

    /// The words of the columns `goals` and `strengths`.
    #[must_use]
    pub fn skills(&self) -> &Vocabulary {
        &self.skills
    }

    /// The words of the column `gender`.
    #[must_use]
    pub fn genders(&self) -> &Vocabulary {
        &self.genders
    }

    /// The words of the columns `languages` and `requires_language`.
    #[must_use]
    pub fn languages(&self) -> &Vocabulary {
        &self.languages
    }

    /// The weekly meeting times.
    #[must_use]
    pub fn slots(&self) -> &Vocabulary {
        &self.slots
    }

    /// Pairs that must be in every match, in canonical order.
    #[must_use]
    pub fn required(&self) -> &[ListedPair] {
        &self.required
    }

    /// Pairs that must not be in a match, in canonical order.
    #[must_use]
    pub fn blocked(&self) -> &[ListedPair] {
        &self.blocked
    }

    /// Pairs of an earlier match, in canonical order.
    #[must_use]
    pub fn previous(&self) -> &[ListedPair] {
        &self.previous
    }

    /// The caller's own scores in millionths, if such a table was given.
    #[must_use]
    pub fn pair_scores(&self) -> Option<&PairScores> {
        self.pair_scores.as_ref()
    }

    /// Whether `pairs`, one of this roster's lists, holds the pair.
    #[must_use]
    pub fn lists(pairs: &[ListedPair], mentee: MenteeIx, mentor: MentorIx) -> bool {
        pairs
            .binary_search_by_key(&(mentee, mentor), |pair| (pair.mentee, pair.mentor))
            .is_ok()
    }
}
