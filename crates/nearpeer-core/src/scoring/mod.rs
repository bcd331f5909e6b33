//! How good a pair is: the criteria, compiled to tables and bitsets, and added up exactly.
//!
//! # The definition of a score
//! Every criterion gives an exact fraction `n / d` in [0, 1]. Its weight becomes a whole number `W` of
//! billionths of the sum of all weights; the criterion adds `round(1000 · W · n / d)` trillionths of a
//! point, halves rounded up, and the sum is rounded once, halves up, to micropoints, at most a million of them. Nothing depends on
//! the order of floating-point operations, so the checker's plain scorer gives the same number.

mod term;

use crate::error::Error;
use crate::programme::{Missing, Program};
use crate::roster::Roster;
use crate::units::Micropoints;
use term::Term;

/// Trillionths of a point in a micropoint.
const PER_MICROPOINT: u64 = 1_000_000;

/// An exact value in [0, 1].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Fraction {
    pub(crate) numerator: u128,
    pub(crate) denominator: u128,
}

impl Fraction {
    const HALF: Self = Self::new(1, 2);
    const ZERO: Self = Self::new(0, 1);

    const fn new(numerator: u128, denominator: u128) -> Self {
        Self {
            numerator,
            denominator,
        }
    }

    /// `round(whole · n / d)`, halves up.
    fn of(self, whole: u64) -> u64 {
        let twice = 2 * u128::from(whole) * self.numerator + self.denominator;
        // At most `whole`, for the fraction is at most 1.
        (twice / (2 * self.denominator)) as u64
    }
}

/// The compiled criteria of one programme for one roster.
#[derive(Debug)]
pub(crate) struct Scoring<'r> {
    criteria: Vec<Compiled<'r>>,
}

#[derive(Debug)]
struct Compiled<'r> {
    name: String,
    term: Term<'r>,
    missing: Missing,
    /// Trillionths of a point that a value of 1 adds.
    weight: u64,
}

impl<'r> Scoring<'r> {
    /// # Errors
    /// [`ErrorKind::Program`](crate::ErrorKind::Program) for a column that no table has,
    /// [`ErrorKind::Input`](crate::ErrorKind::Input) for text where a criterion needs numbers.
    pub(crate) fn compile(roster: &'r Roster, program: &Program) -> Result<Self, Error> {
        let sum: f64 = program
            .criteria
            .iter()
            .map(|criterion| criterion.weight)
            .sum();
        let criteria = (1..)
            .zip(&program.criteria)
            .map(|(number, criterion)| {
                // Exact: at most 1e9, for no weight is above the sum.
                let billionths = (criterion.weight / sum * 1e9).round() as u64;
                let weight = 1000 * billionths;
                Ok(Compiled {
                    name: criterion.name.clone(),
                    term: Term::compile(roster, program, criterion, number, weight)?,
                    missing: criterion.missing,
                    weight,
                })
            })
            .collect::<Result<_, Error>>()?;
        Ok(Self { criteria })
    }

    /// The names of the criteria.
    pub(crate) fn names(&self) -> impl Iterator<Item = &str> {
        self.criteria
            .iter()
            .map(|criterion| criterion.name.as_str())
    }

    /// The pair's score, or `None` where data is missing that a criterion declares necessary.
    #[inline]
    pub(crate) fn score(&self, mentee: usize, mentor: usize) -> Option<Micropoints> {
        let mut sum = 0;
        for criterion in &self.criteria {
            sum += match criterion.term.points(mentee, mentor, criterion.weight) {
                Some(points) => points,
                None => criterion.policy()?.of(criterion.weight),
            };
        }
        // Weights that are all rounded up can add up to a little more than a point.
        let rounded = ((sum + PER_MICROPOINT / 2) / PER_MICROPOINT).min(1_000_000);
        Some(Micropoints(rounded as i64))
    }

    /// What each criterion gives, before weighting.
    pub(crate) fn by_criterion(&self, mentee: usize, mentor: usize) -> Vec<Micropoints> {
        self.criteria
            .iter()
            .map(|criterion| {
                let value = criterion.term.value(mentee, mentor);
                let value = value.or(criterion.policy()).unwrap_or(Fraction::ZERO);
                Micropoints(value.of(1_000_000) as i64)
            })
            .collect()
    }

    /// The criteria that rule the pair out because data is missing.
    pub(crate) fn lacks(&self, mentee: usize, mentor: usize) -> impl Iterator<Item = usize> {
        (0..self.criteria.len()).filter(move |&ix| {
            let criterion = &self.criteria[ix];
            criterion.missing == Missing::Ineligible
                && criterion.term.value(mentee, mentor).is_none()
        })
    }
}

impl Compiled<'_> {
    /// The value where data is missing; `None` makes the pair ineligible.
    fn policy(&self) -> Option<Fraction> {
        match self.missing {
            Missing::Neutral => Some(Fraction::HALF),
            Missing::Zero => Some(Fraction::ZERO),
            Missing::Ineligible => None,
        }
    }
}
