//! A linear row over pairs and people, as the solve sees it, and as the checker does.

use std::fmt;
use std::sync::Arc;

use super::balance::Share;
use super::of_program;
use super::standing::Measure;
use crate::error::Error;
use crate::programme::Program;
use crate::roster::{Code, Role, Roster};

/// A site and a slot.
pub(crate) type Spot = (Code, Code);

/// What one pair, at the place where it meets if pairs have places, adds to a row.
type OfPair = Arc<dyn Fn(u32, u32, Option<Spot>) -> i64 + Send + Sync>;

/// Of a match, the sum of what pairs, covered mentees and mentors who take part add is at most, or at least, a limit.
///
/// ```text
/// Σ_{pairs} a_em(place) + Σ_{mentees with a pair} b_e + Σ_{mentors with a pair} c_m  ≤ limit   (or ≥)
/// ```
#[derive(Clone)]
pub(crate) struct Row {
    /// The constraint's name in the programme.
    pub(crate) name: String,
    /// Its key in the programme: `quotas[1]`.
    pub(crate) key: String,
    /// The row in words: `the quota "buses" of at most 40 pairs`.
    pub(crate) words: String,
    /// Where its limit stands below the key, and what it is called: `at_most of the quota "buses"`. The row's own key and
    /// words unless given.
    pub(crate) number: Option<(&'static str, String)>,
    /// How its limit follows from a share in the programme, if it does.
    pub(crate) share: Option<Share>,
    /// What the sum counts; `None` where its number would say nothing.
    pub(super) measure: Option<Measure>,
    /// Whether the sum is to be at least the limit: a promise, whose terms are 0 or more. What is missing to it counts
    /// as so many missed obligations.
    pub(crate) promise: bool,
    pub(crate) limit: i64,
    pub(super) pair: Option<OfPair>,
    /// Whether what a pair adds depends on where it meets.
    pub(crate) by_place: bool,
    /// The mentees and the mentors of whom every pair that adds anything has one, where they are few.
    pub(crate) few: Option<[Vec<u32>; 2]>,
    /// What everybody adds who has a pair; empty where nobody does.
    pub(super) people: [Vec<i64>; 2],
    /// Whether it is no more than a limit on a number of pairs, wherever they meet.
    pub(crate) is_count: bool,
    /// The greatest number among its terms: linear programs have the row in such units.
    pub(crate) scale: i64,
    /// A number of which every term is a multiple, and so every sum.
    pub(super) step: i64,
}

impl fmt::Debug for Row {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.words)
    }
}

impl Row {
    pub(super) fn at_most(name: &str, words: String, limit: i64) -> Self {
        Self {
            name: name.to_owned(),
            key: String::new(),
            words,
            number: None,
            share: None,
            measure: None,
            promise: false,
            limit,
            pair: None,
            by_place: false,
            few: None,
            people: [Vec::new(), Vec::new()],
            is_count: false,
            scale: 1,
            step: 1,
        }
    }

    pub(super) fn at_least(name: &str, words: String, limit: i64) -> Self {
        Self {
            promise: true,
            ..Self::at_most(name, words, limit)
        }
    }

    /// With what the sum counts.
    pub(super) fn counting(self, measure: Measure) -> Self {
        Self {
            measure: Some(measure),
            ..self
        }
    }

    /// With the place of its limit below the key, and what it is called.
    pub(super) fn with_number(self, key: &'static str, name: String) -> Self {
        Self {
            number: Some((key, name)),
            ..self
        }
    }

    /// With the share that its limit follows from.
    pub(super) fn with_share(self, share: Share) -> Self {
        Self {
            share: Some(share),
            ..self
        }
    }

    /// Whether both follow from one number of the programme.
    pub(crate) fn is_numbered_as(&self, other: &Self) -> bool {
        let column = |row: &Self| row.number.as_ref().map(|(column, _)| *column);
        self.key == other.key && column(self).is_some() && column(self) == column(other)
    }

    /// With another limit.
    pub(crate) fn limited(self, limit: i64) -> Self {
        Self { limit, ..self }
    }

    /// With a limit that sums can reach, where it is the most: of a budget of 10 pairs at 1.5 cannot use more than 9.
    pub(crate) fn reachable(self) -> Self {
        let limit = match self.promise {
            true => self.limit,
            false => multiple_below(self.limit, self.step),
        };
        Self { limit, ..self }
    }

    /// What no match of so many pairs comes above.
    pub(crate) fn most(&self, pairs: i64) -> i64 {
        let people = self.people.iter().flatten();
        let people = people.copied().fold(0, i64::saturating_add);
        match self.pair {
            Some(_) => people.saturating_add(self.scale.saturating_mul(pairs)),
            None => people,
        }
    }

    /// A limit as it is typed in the programme.
    pub(crate) fn typed(&self, limit: i64) -> String {
        let per = self.measure.map_or(1.0, |measure| measure.per);
        (limit as f64 / per).to_string()
    }

    /// With what each pair adds.
    pub(super) fn of_pairs(
        self,
        pair: impl Fn(u32, u32, Option<Spot>) -> i64 + Send + Sync + 'static,
    ) -> Self {
        let pair: Option<OfPair> = Some(Arc::new(pair));
        Self { pair, ..self }
    }

    /// With what each person of a side adds who has a pair.
    pub(super) fn of_people(mut self, role: Role, adds: Vec<i64>) -> Self {
        let most = adds.iter().map(|adds| adds.abs()).max();
        self.scale = self.scale.max(most.unwrap_or(1));
        self.people[role as usize] = adds;
        self
    }

    /// What the pair adds.
    #[inline]
    pub(crate) fn pair(&self, mentee: u32, mentor: u32, place: Option<Spot>) -> i64 {
        self.pair
            .as_ref()
            .map_or(0, |pair| pair(mentee, mentor, place))
    }

    /// What the person adds who has a pair.
    #[inline]
    pub(crate) fn person(&self, role: Role, ix: usize) -> i64 {
        self.people[role as usize].get(ix).copied().unwrap_or(0)
    }

    /// Whether people add anything beside their pairs.
    #[cfg(feature = "highs")]
    pub(crate) fn has_people(&self) -> bool {
        self.people.iter().any(|people| !people.is_empty())
    }

    /// What these pairs come to, where `loads` are those of the mentees and of the mentors.
    pub(crate) fn total(
        &self,
        pairs: impl Iterator<Item = (u32, u32, Option<Spot>)>,
        loads: [&[u32]; 2],
    ) -> i64 {
        let pairs: i64 = pairs
            .map(|(mentee, mentor, place)| self.pair(mentee, mentor, place))
            .sum();
        let people = self.people.iter().zip(loads).flat_map(|(adds, loads)| {
            let with = adds.iter().zip(loads).filter(|(_, load)| **load > 0);
            with.map(|(adds, _)| *adds)
        });
        pairs + people.sum::<i64>()
    }

    /// By how much a total misses what is promised.
    pub(crate) fn shortfall(&self, total: i64) -> i64 {
        match self.promise {
            true => (self.limit - total).max(0),
            false => 0,
        }
    }

    /// The sign with which the row's price is taken off a pair's worth.
    #[cfg(feature = "highs")]
    pub(crate) fn sign(&self) -> i64 {
        if self.promise { -1 } else { 1 }
    }
}

/// The greatest multiple of a step that is no more than a number.
pub(super) fn multiple_below(number: i64, step: i64) -> i64 {
    number.div_euclid(step) * step
}

/// The greatest number of which all of these are multiples, by Euclid; 1 where all are 0.
pub(super) fn common_step(terms: impl IntoIterator<Item = i64>) -> i64 {
    let both = |mut one: i64, mut other: i64| {
        while other != 0 {
            (one, other) = (other, one % other);
        }
        one
    };
    terms.into_iter().fold(0, both).max(1)
}

/// The rows of all constraints of a programme.
///
/// # Errors
/// As [`Constraint::rows`](super::Constraint::rows).
pub(crate) fn rows(roster: &Roster, settings: &Program) -> Result<Vec<Row>, Error> {
    let mut rows = Vec::new();
    for (key, constraint) in of_program(settings) {
        let own = constraint.rows(&key, roster, settings)?;
        rows.extend(own.into_iter().map(|row| Row {
            key: key.clone(),
            ..row
        }));
    }
    Ok(rows)
}

/// What is missed of all promises.
pub(crate) fn missed(
    rows: &[Row],
    pairs: impl Iterator<Item = (u32, u32)> + Clone,
    loads: [&[u32]; 2],
) -> i64 {
    let promises = rows.iter().filter(|row| row.promise);
    promises
        .map(|row| {
            let pairs = pairs.clone().map(|(mentee, mentor)| (mentee, mentor, None));
            row.shortfall(row.total(pairs, loads))
        })
        .sum()
}

type PlainPair<'a> = Box<dyn Fn(u32, u32, Option<Spot>) -> i64 + Sync + 'a>;
type PlainPerson<'a> = Box<dyn Fn(Role, u32) -> i64 + Sync + 'a>;

/// The checker's reading of a row.
pub(crate) struct Rule<'a> {
    /// In words for messages.
    pub(crate) words: String,
    /// Whether the sum is to be at least the limit.
    pub(crate) promise: bool,
    pub(crate) limit: i64,
    /// Whether it is no more than a limit on a number of pairs, wherever they meet.
    pub(crate) is_count: bool,
    /// Whether no pair takes anything off.
    pub(crate) only_rises: bool,
    /// What a pair at a place adds.
    pub(crate) pair: PlainPair<'a>,
    /// What a person with a pair adds.
    pub(crate) person: PlainPerson<'a>,
}

impl<'a> Rule<'a> {
    pub(super) fn new(words: String, promise: bool, limit: i64) -> Self {
        Self {
            words,
            promise,
            limit,
            is_count: false,
            only_rises: true,
            pair: Box::new(|_, _, _| 0),
            person: Box::new(|_, _| 0),
        }
    }

    pub(super) fn of_pairs(self, pair: impl Fn(u32, u32, Option<Spot>) -> i64 + Sync + 'a) -> Self {
        Self {
            pair: Box::new(pair),
            ..self
        }
    }

    pub(super) fn of_people(self, person: impl Fn(Role, u32) -> i64 + Sync + 'a) -> Self {
        Self {
            person: Box::new(person),
            ..self
        }
    }
}

/// The checker's reading of all constraints of a programme.
pub(crate) fn rules<'a>(roster: &'a Roster, settings: &'a Program) -> Vec<Rule<'a>> {
    let all = of_program(settings).into_iter();
    all.flat_map(|(_, constraint)| constraint.rules(roster, settings))
        .collect()
}
