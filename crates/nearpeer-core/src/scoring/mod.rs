//! How good a pair is: the criteria, compiled to tables and bitsets, and added up exactly.
//!
//! # The definition of a score
//! Every criterion gives an exact fraction `n / d` in [0, 1]. Its weight becomes a whole number `W` of
//! billionths of the sum of all weights; the criterion adds `round(1000 · W · n / d)` trillionths of a
//! point, halves rounded up, and the sum is rounded once, halves up, to micropoints, at most a million of them. Nothing depends on
//! the order of floating-point operations, so the checker's plain scorer gives the same number.

mod cosine;
mod sketch;
mod term;

use crate::error::Error;
use crate::pairs::Reads;
use crate::programme::{Missing, Program};
use crate::roster::{Role, Roster};
use crate::sets::Sets;
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

/// The score in micropoints of a sum of trillionths of a point.
#[inline]
pub(crate) fn score_of(points: u64) -> i64 {
    // Weights that are all rounded up can add up to a little more than a point.
    ((points + PER_MICROPOINT / 2) / PER_MICROPOINT).min(1_000_000) as i64
}

/// The compiled criteria of one programme for one roster.
#[derive(Debug)]
pub(crate) struct Scoring<'r> {
    criteria: Vec<Compiled<'r>>,
    /// Which of them is counted on blocks of bitsets.
    overlap: Option<usize>,
}

/// The overlap of interests, as blocks of mentors are asked for it.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Overlap<'s> {
    mentees: &'s Sets,
    mentors: &'s Sets,
    /// Trillionths of a point by how many interests the two have together, each counted, and how many are shared.
    pub(crate) steps: &'s [Vec<u64>],
    /// What a pair gets where a list is missing; `None` if that rules it out.
    pub(crate) missing: Option<u64>,
}

impl<'s> Overlap<'s> {
    /// The interests of one side.
    pub(crate) fn sets(&self, role: Role) -> &'s Sets {
        match role {
            Role::Mentee => self.mentees,
            Role::Mentor => self.mentors,
        }
    }

    /// The interests in the order of how many people have them, the commonest first.
    pub(crate) fn ranks(&self) -> Vec<usize> {
        let (mentees, mentors) = (self.mentees.counts(), self.mentors.counts());
        let mut ranks: Vec<usize> = (0..mentees.len()).collect();
        ranks.sort_by_key(|code| (std::cmp::Reverse(mentees[*code] + mentors[*code]), *code));
        ranks
    }
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
        let mut scoring = Self {
            criteria,
            overlap: None,
        };
        scoring.overlap = scoring.first_overlap();
        Ok(scoring)
    }

    /// The names of the criteria.
    pub(crate) fn names(&self) -> impl Iterator<Item = &str> {
        self.criteria
            .iter()
            .map(|criterion| criterion.name.as_str())
    }

    /// What each criterion looks at.
    pub(crate) fn reads(&self) -> impl Iterator<Item = Reads<'r>> {
        let overlap = self.overlap;
        (0..).zip(&self.criteria).map(move |(ix, criterion)| {
            if Some(ix) == overlap {
                Reads::Overlap
            } else {
                criterion.term.reads()
            }
        })
    }

    /// The criterion that is counted on blocks of bitsets: the first of its kind.
    fn first_overlap(&self) -> Option<usize> {
        self.criteria.iter().position(|criterion| {
            matches!(&criterion.term, Term::Jaccard { mentees, steps, .. }
                if mentees.words().is_some() && !steps.is_empty())
        })
    }

    /// That criterion, if there is one.
    #[inline]
    pub(crate) fn overlap(&self) -> Option<Overlap<'_>> {
        let criterion = &self.criteria[self.overlap?];
        match &criterion.term {
            Term::Jaccard {
                mentees,
                mentors,
                steps,
            } => Some(Overlap {
                mentees,
                mentors,
                steps,
                missing: criterion
                    .policy()
                    .map(|fraction| fraction.of(criterion.weight)),
            }),
            _ => None,
        }
    }

    /// What these criteria add, in trillionths of a point; `None` where data is missing that one of them
    /// declares necessary.
    #[inline]
    pub(crate) fn points(&self, criteria: &[usize], mentee: usize, mentor: usize) -> Option<u64> {
        let mut sum = 0;
        for &ix in criteria {
            let criterion = &self.criteria[ix];
            sum += match criterion.term.points(mentee, mentor, criterion.weight) {
                Some(points) => points,
                None => criterion.policy()?.of(criterion.weight),
            };
        }
        Some(sum)
    }

    /// Whether [`most_of`](Self::most_of) says more than [`most`](Self::most) of these criteria.
    pub(crate) fn have_bounds(&self, criteria: &[usize]) -> bool {
        criteria.iter().any(|ix| {
            let criterion = &self.criteria[*ix];
            criterion.term.has_bound() && criterion.weight > 0
        })
    }

    /// What these criteria can add to this pair at most, quickly.
    #[inline]
    pub(crate) fn most_of(&self, criteria: &[usize], mentee: usize, mentor: usize) -> u64 {
        let most = |ix: &usize| {
            let criterion = &self.criteria[*ix];
            let missing = match criterion.missing {
                Missing::Neutral => criterion.weight.div_ceil(2),
                Missing::Zero | Missing::Ineligible => 0,
            };
            let known = criterion.term.most(mentee, mentor, criterion.weight);
            known.max(missing)
        };
        criteria.iter().map(most).sum()
    }

    /// What these criteria can add at most.
    pub(crate) fn most(&self, criteria: &[usize]) -> u64 {
        criteria.iter().map(|ix| self.criteria[*ix].weight).sum()
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
        Some(Micropoints(score_of(sum)))
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
