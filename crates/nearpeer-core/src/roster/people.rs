//! One side of a roster, column by column, in canonical order.

use std::collections::{BTreeMap, BTreeSet};

use super::embedding::Embeddings;
use super::vocabulary::{Code, Lists};
use super::{Cell, Grade};

/// The two sides of a cross-age programme.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Role {
    /// The younger student.
    Mentee,
    /// The older student.
    Mentor,
}

impl Role {
    /// The name of the table that holds this side: `mentees`, `mentors`.
    #[must_use]
    pub fn table(self) -> &'static str {
        match self {
            Self::Mentee => "mentees",
            Self::Mentor => "mentors",
        }
    }

    /// `mentee`, `mentor`.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Mentee => "mentee",
            Self::Mentor => "mentor",
        }
    }
}

macro_rules! fields {
    ($($variant:ident = $name:literal: $doc:literal,)*) => {
        /// A column whose meaning nearpeer knows.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        #[non_exhaustive]
        pub enum Field {
            $(#[doc = $doc] $variant,)*
        }

        impl Field {
            /// Every field, in the order of the documentation.
            pub const ALL: &'static [Self] = &[$(Self::$variant),*];

            /// The column's name in tables.
            #[must_use]
            pub fn name(self) -> &'static str {
                match self { $(Self::$variant => $name),* }
            }

            /// The field of this column name, if nearpeer knows it.
            #[must_use]
            pub fn from_name(name: &str) -> Option<Self> {
                match name { $($name => Some(Self::$variant),)* _ => None }
            }
        }
    };
}

fields! {
    Id = "id": "A name that is unique among mentees and mentors together.",
    Grade = "grade": "School grade, see [`Grade`].",
    Site = "site": "The school.",
    Interests = "interests": "What the person likes to do (list).",
    Goals = "goals": "What a mentee wants to work on (list).",
    Strengths = "strengths": "What a mentor can help with (list).",
    Languages = "languages": "Languages spoken (list).",
    Slots = "slots": "Weekly meeting times at which the person is free (list).",
    Gender = "gender": "Gender, for the rule on `requires_same_gender`.",
    LoadMin = "load_min": "The least number of pairs (whole number).",
    LoadMax = "load_max": "The greatest number of pairs (whole number).",
    Consent = "consent": "Whether the family has consented (true or false).",
    Screened = "screened": "Whether a mentor's screening is done (true or false).",
    Trained = "trained": "Whether a mentor's training is done (true or false).",
    RequiresLanguage = "requires_language": "A language that the partner must speak.",
    RequiresSameGender = "requires_same_gender": "Whether the partner must have the same gender.",
    Priority = "priority": "A mentee's priority tier: 0 is none, higher is served first.",
    Preferences = "preferences": "Ids of wished partners, the most wished first (list).",
    Embedding = "embedding": "A direction that any model gives: as many numbers for everybody (list).",
}

/// A column that nearpeer gives no meaning to, usable by custom rules and criteria.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct ExtraColumn {
    pub(crate) cells: Vec<Cell>,
}

impl ExtraColumn {
    /// The cell of the person at `row`.
    #[must_use]
    pub fn cell(&self, row: usize) -> &Cell {
        self.cells.get(row).unwrap_or(&Cell::Missing)
    }
}

/// One side of a roster in canonical order: people sorted by id, byte by byte. Accessors take a
/// position in that order and give `None` where nothing is known.
#[derive(Debug, Clone, PartialEq)]
pub struct People {
    pub(crate) role: Role,
    pub(crate) table: &'static str,
    pub(crate) ids: Vec<Box<str>>,
    /// The row of the input table, counted from 1, in canonical order.
    pub(crate) rows: Vec<u32>,
    pub(crate) present: BTreeSet<Field>,
    pub(crate) grade: Vec<Option<Grade>>,
    pub(crate) site: Vec<Option<Code>>,
    pub(crate) interests: Lists,
    pub(crate) goals: Lists,
    pub(crate) strengths: Lists,
    pub(crate) languages: Lists,
    pub(crate) slots: Lists,
    pub(crate) gender: Vec<Option<Code>>,
    pub(crate) load_min: Vec<Option<u32>>,
    pub(crate) load_max: Vec<Option<u32>>,
    pub(crate) consent: Vec<Option<bool>>,
    pub(crate) screened: Vec<Option<bool>>,
    pub(crate) trained: Vec<Option<bool>>,
    pub(crate) requires_language: Vec<Option<Code>>,
    pub(crate) requires_same_gender: Vec<Option<bool>>,
    pub(crate) priority: Vec<Option<u32>>,
    /// Positions of the wished people on the other side.
    pub(crate) preferences: Lists,
    pub(crate) embeddings: Embeddings,
    pub(crate) extra: BTreeMap<String, ExtraColumn>,
}

impl People {
    /// Which side this is.
    #[must_use]
    pub fn role(&self) -> Role {
        self.role
    }

    /// The name of the table that they come from: `mentees`, `mentors`, `students`.
    #[must_use]
    pub fn table(&self) -> &'static str {
        self.table
    }

    /// How many people there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.ids.len()
    }

    /// Whether there is nobody.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.ids.is_empty()
    }

    /// The id of the person at `ix`.
    #[must_use]
    pub fn id(&self, ix: usize) -> &str {
        &self.ids[ix]
    }

    /// The ids in canonical order.
    pub fn ids(&self) -> impl ExactSizeIterator<Item = &str> {
        self.ids.iter().map(|id| &**id)
    }

    /// The row that the person had in the input table, counted from 1.
    #[must_use]
    pub fn row(&self, ix: usize) -> usize {
        self.rows[ix] as usize
    }

    /// The position of the person with this id.
    #[must_use]
    pub fn find(&self, id: &str) -> Option<usize> {
        self.ids.binary_search_by(|probe| (**probe).cmp(id)).ok()
    }

    /// Whether the table had this column, even if every cell was empty.
    #[must_use]
    pub fn has(&self, field: Field) -> bool {
        self.present.contains(&field)
    }

    /// School grade.
    #[must_use]
    pub fn grade(&self, ix: usize) -> Option<Grade> {
        self.grade[ix]
    }

    /// Code of the school in [`Roster::sites`](super::Roster::sites).
    #[must_use]
    pub fn site(&self, ix: usize) -> Option<Code> {
        self.site[ix]
    }

    /// Codes in [`Roster::interests`](super::Roster::interests).
    #[must_use]
    pub fn interests(&self, ix: usize) -> Option<&[Code]> {
        self.interests.get(ix)
    }

    /// Codes in [`Roster::skills`](super::Roster::skills).
    #[must_use]
    pub fn goals(&self, ix: usize) -> Option<&[Code]> {
        self.goals.get(ix)
    }

    /// Codes in [`Roster::skills`](super::Roster::skills).
    #[must_use]
    pub fn strengths(&self, ix: usize) -> Option<&[Code]> {
        self.strengths.get(ix)
    }

    /// Codes in [`Roster::languages`](super::Roster::languages).
    #[must_use]
    pub fn languages(&self, ix: usize) -> Option<&[Code]> {
        self.languages.get(ix)
    }

    /// Codes in [`Roster::slots`](super::Roster::slots).
    #[must_use]
    pub fn slots(&self, ix: usize) -> Option<&[Code]> {
        self.slots.get(ix)
    }

    /// Code of the gender; equal codes are equal genders.
    #[must_use]
    pub fn gender(&self, ix: usize) -> Option<Code> {
        self.gender[ix]
    }

    /// The person's own minimum load.
    #[must_use]
    pub fn load_min(&self, ix: usize) -> Option<u32> {
        self.load_min[ix]
    }

    /// The person's own maximum load.
    #[must_use]
    pub fn load_max(&self, ix: usize) -> Option<u32> {
        self.load_max[ix]
    }

    /// Whether the family has consented.
    #[must_use]
    pub fn consent(&self, ix: usize) -> Option<bool> {
        self.consent[ix]
    }

    /// Whether screening is done.
    #[must_use]
    pub fn screened(&self, ix: usize) -> Option<bool> {
        self.screened[ix]
    }

    /// Whether training is done.
    #[must_use]
    pub fn trained(&self, ix: usize) -> Option<bool> {
        self.trained[ix]
    }

    /// Code in [`Roster::languages`](super::Roster::languages) of the language the partner must speak.
    #[must_use]
    pub fn requires_language(&self, ix: usize) -> Option<Code> {
        self.requires_language[ix]
    }

    /// Whether the partner must have the same gender.
    #[must_use]
    pub fn requires_same_gender(&self, ix: usize) -> bool {
        self.requires_same_gender[ix].unwrap_or(false)
    }

    /// Priority tier; 0 is none.
    #[must_use]
    pub fn priority(&self, ix: usize) -> u32 {
        self.priority[ix].unwrap_or(0)
    }

    /// Positions on the other side of the wished partners, the most wished first.
    #[must_use]
    pub fn preferences(&self, ix: usize) -> Option<&[Code]> {
        self.preferences.get(ix)
    }

    /// The direction of the embedding: components in 1/16,384 of its length, rounded. `None` also where it was
    /// nothing but zeros.
    #[must_use]
    pub fn embedding(&self, ix: usize) -> Option<&[i16]> {
        self.embeddings.get(ix)
    }

    /// Any other column, by name.
    #[must_use]
    pub fn extra(&self, column: &str) -> Option<&ExtraColumn> {
        self.extra.get(column)
    }

    /// The names of the other columns.
    pub fn extra_names(&self) -> impl Iterator<Item = &str> {
        self.extra.keys().map(String::as_str)
    }
}
