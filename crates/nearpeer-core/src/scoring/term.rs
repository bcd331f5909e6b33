//! What one criterion measures, compiled for fast look-up.

use super::sketch::Sketch;
use super::{Fraction, cosine};
use crate::eligibility::{not_a_field, only_numbers};
use crate::error::{Error, nearest};
use crate::pairs::Reads;
use crate::programme::{Criterion, GradeGap, Kind, Overlap, Program, Side};
use crate::roster::{Cell, Code, ExtraColumn, People, Role, Roster};
use crate::sets::{Sets, each_shared};
use crate::units::{MenteeIx, MentorIx};

/// Lists of more interests than this are divided out instead of looked up.
pub(crate) const LONGEST: usize = 128;

#[derive(Debug)]
pub(super) enum Term<'r> {
    Jaccard {
        mentees: Sets,
        mentors: Sets,
        /// Points by how many interests the two have together and how many of them are shared, or empty
        /// where lists are too long.
        steps: Vec<Vec<u64>>,
    },
    Weighted {
        roster: &'r Roster,
        /// ln(1 + N / n) of each interest, in millionths.
        weights: Vec<u64>,
        mentee_sums: Vec<u64>,
        mentor_sums: Vec<u64>,
    },
    /// Nearness of embeddings.
    Cosine(&'r Roster, Option<Sketch>),
    GradeGap {
        roster: &'r Roster,
        ideal: i32,
        tolerance: u32,
        /// Points by gap, from `LOWEST_GAP` on.
        points: Vec<u64>,
    },
    Goals(Sets, Sets),
    /// Of students who help each other.
    GoalsOfBoth(Sets, Sets),
    Slots(Sets, Sets),
    Languages(Sets, Sets),
    Preferences(&'r Roster, Side),
    Same(&'r ExtraColumn, &'r ExtraColumn),
    Different(&'r ExtraColumn, &'r ExtraColumn),
    Closeness(&'r ExtraColumn, &'r ExtraColumn, f64),
    Previous(&'r Roster),
    PairScores(&'r Roster),
}

/// Grades are from -1 to 99, so gaps are from -100 to 100.
const LOWEST_GAP: i32 = -100;
const HIGHEST_GAP: i32 = 100;

impl<'r> Term<'r> {
    pub(super) fn compile(
        roster: &'r Roster,
        program: &Program,
        criterion: &Criterion,
        number: usize,
        weight: u64,
    ) -> Result<Self, Error> {
        let (mentees, mentors) = (roster.mentees(), roster.mentors());
        let sets =
            |people: &'r People, field: fn(&People, usize) -> Option<&[Code]>, codes: usize| {
                Sets::new(people.len(), codes, |ix| field(people, ix))
            };
        let columns = |column: &str| both_columns(roster, column, number);
        Ok(match &criterion.kind {
            Kind::Interests(Overlap::Jaccard) => {
                let codes = roster.interests().len();
                let mentees = sets(mentees, People::interests, codes);
                let mentors = sets(mentors, People::interests, codes);
                jaccard(mentees, mentors, weight)
            }
            Kind::Interests(Overlap::IdfJaccard) => weighted(roster),
            Kind::Interests(Overlap::Cosine) => Self::Cosine(roster, Sketch::new(roster)),
            Kind::GradeGap { ideal, tolerance } => {
                let ideal = ideal.unwrap_or_else(|| default_ideal(program.eligibility.grade_gap));
                let points = (LOWEST_GAP..=HIGHEST_GAP)
                    .map(|gap| gap_fit(gap, ideal, *tolerance).of(weight))
                    .collect();
                Self::GradeGap {
                    roster,
                    ideal,
                    tolerance: *tolerance,
                    points,
                }
            }
            Kind::Goals if roster.students().is_some() => Self::GoalsOfBoth(
                sets(mentees, People::goals, roster.skills().len()),
                sets(mentees, People::strengths, roster.skills().len()),
            ),
            Kind::Goals => Self::Goals(
                sets(mentees, People::goals, roster.skills().len()),
                sets(mentors, People::strengths, roster.skills().len()),
            ),
            Kind::Slots => Self::Slots(
                sets(mentees, People::slots, roster.slots().len()),
                sets(mentors, People::slots, roster.slots().len()),
            ),
            Kind::Languages => Self::Languages(
                sets(mentees, People::languages, roster.languages().len()),
                sets(mentors, People::languages, roster.languages().len()),
            ),
            Kind::Preferences(side) => Self::Preferences(roster, *side),
            Kind::Same(column) => {
                let (a, b) = columns(column)?;
                Self::Same(a, b)
            }
            Kind::Different(column) => {
                let (a, b) = columns(column)?;
                Self::Different(a, b)
            }
            Kind::Closeness { column, scale } => {
                let (a, b) = columns(column)?;
                only_numbers(mentees, column, a)?;
                only_numbers(mentors, column, b)?;
                Self::Closeness(a, b, *scale)
            }
            Kind::Previous => Self::Previous(roster),
            Kind::PairScores => Self::PairScores(roster),
        })
    }

    /// What the criterion looks at.
    pub(super) fn reads(&self) -> Reads<'r> {
        match self {
            Self::GradeGap { .. } => Reads::Grade,
            Self::Same(a, b) | Self::Different(a, b) | Self::Closeness(a, b, _) => {
                Reads::Cells(a, b)
            }
            _ => Reads::Pair,
        }
    }

    /// The criterion's value times `weight`, rounded; `None` where data is missing.
    #[inline]
    pub(super) fn points(&self, mentee: usize, mentor: usize, weight: u64) -> Option<u64> {
        match self {
            Self::Jaccard {
                mentees,
                mentors,
                steps,
            } if !steps.is_empty() => {
                let (shared, union) = overlap(mentees, mentee, mentors, mentor)?;
                Some(steps[(shared + union) as usize][shared as usize])
            }
            Self::GradeGap { roster, points, .. } => {
                let gap = gap(roster, mentee, mentor)?;
                Some(points[(gap - LOWEST_GAP) as usize])
            }
            Self::Cosine(roster, _) => {
                Some(cosine::points(nearness(roster, mentee, mentor)?, weight))
            }
            _ => Some(self.value(mentee, mentor)?.of(weight)),
        }
    }

    /// Whether there is a [`most`](Self::most) that is less than `weight`.
    pub(super) fn has_bound(&self) -> bool {
        matches!(self, Self::Cosine(_, Some(_)))
    }

    /// No less than the criterion's value times `weight`, quickly.
    #[inline]
    pub(super) fn most(&self, mentee: usize, mentor: usize, weight: u64) -> u64 {
        match self {
            Self::Cosine(_, Some(sketch)) => {
                let nearness = cosine::at_most(sketch.most(mentee, mentor));
                cosine::points(nearness, weight)
            }
            _ => weight,
        }
    }

    /// The criterion's exact value; `None` where data is missing.
    pub(super) fn value(&self, mentee: usize, mentor: usize) -> Option<Fraction> {
        let of = |shared: u32, all: u32| Fraction::new(shared.into(), all.into());
        let truth = |yes: bool| of(yes.into(), 1);
        match self {
            Self::Jaccard {
                mentees, mentors, ..
            } => {
                let (shared, union) = overlap(mentees, mentee, mentors, mentor)?;
                Some(of(shared, union))
            }
            Self::Weighted {
                roster,
                weights,
                mentee_sums,
                mentor_sums,
            } => {
                let a = roster.mentees().interests(mentee)?;
                let b = roster.mentors().interests(mentor)?;
                let mut shared = 0;
                each_shared(a, b, |code| shared += weights[code as usize]);
                let union = mentee_sums[mentee] + mentor_sums[mentor] - shared;
                (union > 0).then(|| Fraction::new(shared.into(), union.into()))
            }
            Self::Cosine(roster, _) => Some(cosine::fraction(nearness(roster, mentee, mentor)?)),
            Self::GradeGap {
                roster,
                ideal,
                tolerance,
                ..
            } => Some(gap_fit(gap(roster, mentee, mentor)?, *ideal, *tolerance)),
            Self::Goals(goals, strengths) => {
                let known = goals.size(mentee) > 0 && strengths.is_known(mentor);
                known.then(|| of(goals.shared(mentee, strengths, mentor), goals.size(mentee)))
            }
            Self::GoalsOfBoth(goals, strengths) => {
                let met = |a: usize, b: usize| {
                    let known = goals.size(a) > 0 && strengths.is_known(b);
                    known.then(|| (goals.shared(a, strengths, b), goals.size(a)))
                };
                let wide = |(n, d): (u32, u32)| (u128::from(n), u128::from(d));
                mean(met(mentee, mentor).map(wide), met(mentor, mentee).map(wide))
            }
            Self::Slots(a, b) => {
                let shorter = a.size(mentee).min(b.size(mentor));
                (shorter > 0).then(|| of(a.shared(mentee, b, mentor), shorter))
            }
            Self::Languages(a, b) => (a.size(mentee) > 0 && b.size(mentor) > 0)
                .then(|| truth(a.shared(mentee, b, mentor) > 0)),
            Self::Preferences(roster, side) => preference(roster, *side, mentee, mentor),
            Self::Same(a, b) => same(a.cell(mentee), b.cell(mentor)).map(truth),
            Self::Different(a, b) => same(a.cell(mentee), b.cell(mentor)).map(|same| truth(!same)),
            Self::Closeness(a, b, scale) => match (a.cell(mentee), b.cell(mentor)) {
                (Cell::Number(a), Cell::Number(b)) => {
                    let near = (1.0 - (a - b).abs() / scale).max(0.0);
                    // Exact: at most 1e9.
                    Some(Fraction::new((near * 1e9).round() as u128, 1_000_000_000))
                }
                _ => None,
            },
            Self::Previous(roster) => {
                let (mentee, mentor) = (MenteeIx(mentee as u32), MentorIx(mentor as u32));
                Some(truth(Roster::lists(roster.previous(), mentee, mentor)))
            }
            Self::PairScores(roster) => {
                let pair = (MenteeIx(mentee as u32), MentorIx(mentor as u32));
                let micro = roster.pair_scores()?.get(&pair)?;
                Some(of(*micro, 1_000_000))
            }
        }
    }
}

/// Shared and united interests; `None` where a list is not given or both are empty.
#[inline]
fn overlap(mentees: &Sets, mentee: usize, mentors: &Sets, mentor: usize) -> Option<(u32, u32)> {
    let shared = mentees.shared(mentee, mentors, mentor);
    let union = mentees.size(mentee) + mentors.size(mentor) - shared;
    let known = mentees.is_known(mentee) && mentors.is_known(mentor);
    (known && union > 0).then_some((shared, union))
}

/// Nearness of the two embeddings; `None` where either is not known.
#[inline]
fn nearness(roster: &Roster, mentee: usize, mentor: usize) -> Option<u64> {
    let a = roster.mentees().embedding(mentee)?;
    Some(cosine::nearness(a, roster.mentors().embedding(mentor)?))
}

fn jaccard<'r>(mentees: Sets, mentors: Sets, weight: u64) -> Term<'r> {
    let longest = mentees.largest().max(mentors.largest());
    let steps = if longest as usize <= LONGEST {
        (0..=mentees.largest() + mentors.largest())
            .map(|both| {
                let most = both.min(2 * longest) / 2;
                (0..=most)
                    .map(|shared| match both - shared {
                        0 => 0,
                        union => Fraction::new(shared.into(), union.into()).of(weight),
                    })
                    .collect()
            })
            .collect()
    } else {
        Vec::new()
    };
    Term::Jaccard {
        mentees,
        mentors,
        steps,
    }
}

fn weighted(roster: &Roster) -> Term<'_> {
    let sides = [roster.mentees(), roster.mentors()];
    let people = sides.iter().map(|side| side.len()).sum::<usize>() as f64;
    let lists = |side: &'_ People| -> Vec<Vec<Code>> {
        (0..side.len())
            .map(|ix| side.interests(ix).unwrap_or_default().to_vec())
            .collect()
    };
    let [mentees, mentors] = sides.map(lists);
    let mut having = vec![0u32; roster.interests().len()];
    for &code in mentees.iter().chain(&mentors).flatten() {
        having[code as usize] += 1;
    }
    let weights: Vec<u64> = having
        .iter()
        .map(|&n| ((people / f64::from(n.max(1))).ln_1p() * 1e6).round() as u64)
        .collect();
    let sums = |lists: Vec<Vec<Code>>| -> Vec<u64> {
        lists
            .iter()
            .map(|codes| codes.iter().map(|&code| weights[code as usize]).sum())
            .collect()
    };
    let (mentee_sums, mentor_sums) = (sums(mentees), sums(mentors));
    Term::Weighted {
        roster,
        weights,
        mentee_sums,
        mentor_sums,
    }
}

/// One grade above the rule's minimum, or no gap at all where that minimum is 0 or less.
fn default_ideal(rule: GradeGap) -> i32 {
    let GradeGap::Between { min, .. } = rule else {
        return default_ideal(GradeGap::AT_LEAST_TWO);
    };
    if min > 0 { min.saturating_add(1) } else { 0 }
}

#[inline]
fn gap(roster: &Roster, mentee: usize, mentor: usize) -> Option<i32> {
    let young = roster.mentees().grade(mentee)?;
    Some(roster.mentors().grade(mentor)?.number() - young.number())
}

fn gap_fit(gap: i32, ideal: i32, tolerance: u32) -> Fraction {
    let off = (i64::from(gap) - i64::from(ideal)).unsigned_abs();
    let left = u64::from(tolerance).saturating_sub(off);
    Fraction::new(left.into(), tolerance.into())
}

fn same(a: &Cell, b: &Cell) -> Option<bool> {
    match (a, b) {
        (Cell::Missing, _) | (_, Cell::Missing) => None,
        (a, b) => Some(a == b),
    }
}

/// The worth of `wished` on a ranked list: (places from the end, length); `None` without a list.
fn rank(list: Option<&[Code]>, wished: usize) -> Option<(u128, u128)> {
    let list = list.filter(|list| !list.is_empty())?;
    let place = list.iter().position(|&other| other as usize == wished);
    let worth = place.map_or(0, |place| list.len() - place);
    Some((worth as u128, list.len() as u128))
}

fn preference(roster: &Roster, side: Side, mentee: usize, mentor: usize) -> Option<Fraction> {
    let of_mentee = rank(roster.mentees().preferences(mentee), mentor);
    let of_mentor = rank(roster.mentors().preferences(mentor), mentee);
    let (a, b) = match side {
        Side::Mentee => (of_mentee, None),
        Side::Mentor => (of_mentor, None),
        Side::Both => (of_mentee, of_mentor),
    };
    mean(a, b)
}

/// The mean of those that are known.
fn mean(a: Option<(u128, u128)>, b: Option<(u128, u128)>) -> Option<Fraction> {
    match (a, b) {
        (None, None) => None,
        (Some((n, d)), None) | (None, Some((n, d))) => Some(Fraction::new(n, d)),
        (Some((n, d)), Some((m, c))) => Some(Fraction::new(n * c + m * d, 2 * d * c)),
    }
}

fn both_columns<'r>(
    roster: &'r Roster,
    column: &str,
    number: usize,
) -> Result<(&'r ExtraColumn, &'r ExtraColumn), Error> {
    let key = format!("criteria[{number}].column");
    not_a_field(column, &key)?;
    let find = |role: Role| {
        let people = roster.side(role);
        people.extra(column).ok_or_else(|| {
            let hint = nearest(column, people.extra_names())
                .map_or_else(String::new, |near| format!("; did you mean `{near}`?"));
            let table = people.table();
            Error::program(
                &key,
                format!("the table {table} has no column `{column}`{hint}"),
            )
        })
    };
    Ok((find(Role::Mentee)?, find(Role::Mentor)?))
}
