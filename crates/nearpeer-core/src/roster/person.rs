//! One row of a roster, as a caller hands it over.

use super::{Embedding, Grade};

/// A mentee or a mentor. Only the id is needed; everything else is optional, and what a column means
/// when it is missing is for the programme's rules and criteria to say.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Person {
    pub(crate) id: String,
    pub(crate) grade: Option<Grade>,
    pub(crate) site: Option<String>,
    pub(crate) interests: Option<Vec<String>>,
    pub(crate) goals: Option<Vec<String>>,
    pub(crate) strengths: Option<Vec<String>>,
    pub(crate) languages: Option<Vec<String>>,
    pub(crate) slots: Option<Vec<String>>,
    pub(crate) gender: Option<String>,
    pub(crate) load_min: Option<u32>,
    pub(crate) load_max: Option<u32>,
    pub(crate) consent: Option<bool>,
    pub(crate) screened: Option<bool>,
    pub(crate) trained: Option<bool>,
    pub(crate) requires_language: Option<String>,
    pub(crate) requires_same_gender: Option<bool>,
    pub(crate) priority: Option<u32>,
    pub(crate) preferences: Option<Vec<String>>,
    pub(crate) embedding: Option<Embedding>,
    pub(crate) extra: Vec<(String, Cell)>,
}

/// A cell of a column that nearpeer itself gives no meaning to.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub enum Cell {
    /// Nothing was given.
    Missing,
    /// A category, or a number written as text.
    Text(String),
    /// A finite number.
    Number(f64),
}

impl From<f64> for Cell {
    fn from(number: f64) -> Self {
        if number.is_nan() {
            Self::Missing
        } else {
            Self::Number(number)
        }
    }
}

impl From<&str> for Cell {
    fn from(text: &str) -> Self {
        Self::Text(text.to_owned())
    }
}

fn words<I: IntoIterator<Item = S>, S: Into<String>>(items: I) -> Option<Vec<String>> {
    Some(items.into_iter().map(Into::into).collect())
}

impl Person {
    /// A person of whom nothing but the id is known.
    pub fn new(id: impl Into<String>) -> Self {
        Self {
            id: id.into(),
            ..Self::default()
        }
    }

    /// The school grade.
    #[must_use]
    pub fn grade(mut self, grade: Grade) -> Self {
        self.grade = Some(grade);
        self
    }

    /// The school.
    #[must_use]
    pub fn site(mut self, site: impl Into<String>) -> Self {
        self.site = Some(site.into());
        self
    }

    /// What the person likes to do.
    #[must_use]
    pub fn interests<S: Into<String>>(mut self, items: impl IntoIterator<Item = S>) -> Self {
        self.interests = words(items);
        self
    }

    /// What a mentee wants to work on.
    #[must_use]
    pub fn goals<S: Into<String>>(mut self, items: impl IntoIterator<Item = S>) -> Self {
        self.goals = words(items);
        self
    }

    /// What a mentor can help with, in the words of the mentees' goals.
    #[must_use]
    pub fn strengths<S: Into<String>>(mut self, items: impl IntoIterator<Item = S>) -> Self {
        self.strengths = words(items);
        self
    }

    /// The languages that the person speaks.
    #[must_use]
    pub fn languages<S: Into<String>>(mut self, items: impl IntoIterator<Item = S>) -> Self {
        self.languages = words(items);
        self
    }

    /// The weekly meeting times at which the person is free.
    #[must_use]
    pub fn slots<S: Into<String>>(mut self, items: impl IntoIterator<Item = S>) -> Self {
        self.slots = words(items);
        self
    }

    /// The gender, for the rule 'required same gender'.
    #[must_use]
    pub fn gender(mut self, gender: impl Into<String>) -> Self {
        self.gender = Some(gender.into());
        self
    }

    /// The least number of pairs to be in.
    #[must_use]
    pub fn load_min(mut self, pairs: u32) -> Self {
        self.load_min = Some(pairs);
        self
    }

    /// The greatest number of pairs to be in.
    #[must_use]
    pub fn load_max(mut self, pairs: u32) -> Self {
        self.load_max = Some(pairs);
        self
    }

    /// Whether the family has consented.
    #[must_use]
    pub fn consent(mut self, given: bool) -> Self {
        self.consent = Some(given);
        self
    }

    /// Whether a mentor's screening is done.
    #[must_use]
    pub fn screened(mut self, done: bool) -> Self {
        self.screened = Some(done);
        self
    }

    /// Whether a mentor's training is done.
    #[must_use]
    pub fn trained(mut self, done: bool) -> Self {
        self.trained = Some(done);
        self
    }

    /// A language that the partner must speak.
    #[must_use]
    pub fn requires_language(mut self, language: impl Into<String>) -> Self {
        self.requires_language = Some(language.into());
        self
    }

    /// Whether the partner must have the same gender.
    #[must_use]
    pub fn requires_same_gender(mut self, required: bool) -> Self {
        self.requires_same_gender = Some(required);
        self
    }

    /// A mentee's priority tier: 0 is none, and a higher tier is served first.
    #[must_use]
    pub fn priority(mut self, tier: u32) -> Self {
        self.priority = Some(tier);
        self
    }

    /// Ids of wished partners, the most wished first.
    #[must_use]
    pub fn preferences<S: Into<String>>(mut self, ids: impl IntoIterator<Item = S>) -> Self {
        self.preferences = words(ids);
        self
    }

    /// An embedding of the person by any model, of whatever length but zero: only its direction counts. Everybody's
    /// has as many numbers. It is kept in whole numbers; a list of nothing but zeros counts as missing.
    #[must_use]
    pub fn embedding<N: Into<f64>>(mut self, numbers: impl IntoIterator<Item = N>) -> Self {
        self.embedding = Some(Embedding::new(numbers.into_iter().map(Into::into)));
        self
    }

    /// A cell of any other column, for custom rules and criteria.
    #[must_use]
    pub fn with(mut self, column: impl Into<String>, cell: impl Into<Cell>) -> Self {
        self.extra.push((column.into(), cell.into()));
        self
    }
}
