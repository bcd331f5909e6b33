//! The plain reading of the rules and criteria: one pair at a time, from the roster's columns, with no
//! tables, bitsets or blocks. Slow on purpose; the compiled forms are held equal to it.

use std::collections::{BTreeSet, HashMap};

use crate::programme::{
    Criterion, GradeGap, Kind, Missing, Overlap, Program, Requirement, RuleSide, Side,
};
use crate::roster::{Cell, Code, Field, People, Roster};
use crate::units::{MenteeIx, MentorIx};

/// Reads pairs of one roster under one programme.
pub(super) struct Reference<'r> {
    roster: &'r Roster,
    program: &'r Program,
    /// ln(1 + N / n) of each interest in millionths, where a criterion asks for it.
    rarity: HashMap<Code, u128>,
    blocked: BTreeSet<(MenteeIx, MentorIx)>,
    previous: BTreeSet<(MenteeIx, MentorIx)>,
}

/// n / d.
type Ratio = (u128, u128);

impl<'r> Reference<'r> {
    pub(super) fn new(roster: &'r Roster, program: &'r Program) -> Self {
        let mut having: HashMap<Code, u32> = HashMap::new();
        for people in [roster.mentees(), roster.mentors()] {
            for ix in 0..people.len() {
                for code in people.interests(ix).unwrap_or_default() {
                    *having.entry(*code).or_default() += 1;
                }
            }
        }
        let everybody = (roster.mentees().len() + roster.mentors().len()) as f64;
        let rarity = |n: u32| ((everybody / f64::from(n)).ln_1p() * 1e6).round() as u128;
        let pairs = |list: &[crate::roster::ListedPair]| {
            list.iter().map(|pair| (pair.mentee, pair.mentor)).collect()
        };
        Self {
            roster,
            program,
            rarity: having
                .into_iter()
                .map(|(code, n)| (code, rarity(n)))
                .collect(),
            blocked: pairs(roster.blocked()),
            previous: pairs(roster.previous()),
        }
    }

    /// The pair's score in micropoints, or `None` if it is not eligible.
    pub(super) fn score(&self, mentee: usize, mentor: usize) -> Option<i64> {
        if !self.eligible(mentee, mentor) {
            return None;
        }
        let weights = self
            .program
            .criteria
            .iter()
            .map(|criterion| criterion.weight);
        let all: f64 = weights.sum();
        let mut trillionths: u128 = 0;
        for criterion in &self.program.criteria {
            let (n, d) = match self.value(criterion, mentee, mentor) {
                Some(value) => value,
                None => match criterion.missing {
                    Missing::Neutral => (1, 2),
                    Missing::Zero => (0, 1),
                    Missing::Ineligible => return None,
                },
            };
            let billionths = (criterion.weight / all * 1e9).round() as u128;
            trillionths += (2 * 1000 * billionths * n + d) / (2 * d);
        }
        Some(((trillionths + 500_000) / 1_000_000).min(1_000_000) as i64)
    }

    fn eligible(&self, mentee: usize, mentor: usize) -> bool {
        let rules = &self.program.eligibility;
        let (young, old) = (self.roster.mentees(), self.roster.mentors());
        let either_has = |field| young.has(field) || old.has(field);
        // Of two students, each is the other's mentor.
        let equals = self.roster.students().is_some();
        let helping = [mentor, mentee];
        for &ix in &helping[..if equals { 2 } else { 1 }] {
            if rules.screening && old.has(Field::Screened) && old.screened(ix) != Some(true) {
                return false;
            }
            if rules.training && old.has(Field::Trained) && old.trained(ix) != Some(true) {
                return false;
            }
        }
        if rules.consent {
            let lacks = |people: &People, ix| {
                people.has(Field::Consent) && people.consent(ix) != Some(true)
            };
            if lacks(young, mentee) || lacks(old, mentor) {
                return false;
            }
        }
        if let GradeGap::Between { min, max } = rules.grade_gap
            && either_has(Field::Grade)
        {
            let (Some(a), Some(b)) = (young.grade(mentee), old.grade(mentor)) else {
                return false;
            };
            let gap = b.number() - a.number();
            if gap < min || max.is_some_and(|max| gap > max) {
                return false;
            }
        }
        if rules.site && either_has(Field::Site) {
            let (Some(to), Some(from)) = (young.site(mentee), old.site(mentor)) else {
                return false;
            };
            let name = |code| self.roster.sites().word(code);
            let mut feeders = rules.feeders.iter();
            let fed = feeders
                .any(|feeder| feeder.from.trim() == name(from) && feeder.to.trim() == name(to));
            if to != from && !fed {
                return false;
            }
        }
        if rules.slot && either_has(Field::Slots) && !meet(young.slots(mentee), old.slots(mentor)) {
            return false;
        }
        if rules.language {
            let speaks = |needed: Option<Code>, languages: Option<&[Code]>| {
                needed.is_none_or(|code| languages.unwrap_or_default().contains(&code))
            };
            if !speaks(young.requires_language(mentee), old.languages(mentor))
                || !speaks(old.requires_language(mentor), young.languages(mentee))
            {
                return false;
            }
        }
        if rules.gender && (young.requires_same_gender(mentee) || old.requires_same_gender(mentor))
        {
            let gender = young.gender(mentee);
            if gender.is_none() || gender != old.gender(mentor) {
                return false;
            }
        }
        if self
            .blocked
            .contains(&(MenteeIx(mentee as u32), MentorIx(mentor as u32)))
        {
            return false;
        }
        rules.rules.iter().all(|rule| {
            let columns = (young.extra(&rule.column), old.extra(&rule.column));
            if columns.0.is_none() && columns.1.is_none() {
                return true;
            }
            let a = columns
                .0
                .map_or(&Cell::Missing, |column| column.cell(mentee));
            let b = columns
                .1
                .map_or(&Cell::Missing, |column| column.cell(mentor));
            allows(&rule.requirement, a, b)
        })
    }

    fn value(&self, criterion: &Criterion, mentee: usize, mentor: usize) -> Option<Ratio> {
        let (young, old) = (self.roster.mentees(), self.roster.mentors());
        let truth = |yes: bool| Some((u128::from(yes), 1));
        let cells = |column: &str| -> (Cell, Cell) {
            let cell = |people: &People, ix| {
                people
                    .extra(column)
                    .map_or(Cell::Missing, |cells| cells.cell(ix).clone())
            };
            (cell(young, mentee), cell(old, mentor))
        };
        match &criterion.kind {
            Kind::Interests(Overlap::Cosine) => {
                let (a, b) = (young.embedding(mentee)?, old.embedding(mentor)?);
                let square = |length: i128| length * length;
                let mut product = 0;
                for (x, y) in a.iter().zip(b) {
                    product += i128::from(*x) * i128::from(*y);
                }
                let most = 2 * square(16_384);
                let near = (square(16_384) + product).clamp(0, most);
                Some((near.unsigned_abs(), most.unsigned_abs()))
            }
            Kind::Interests(overlap) => {
                let a = set(young.interests(mentee)?);
                let b = set(old.interests(mentor)?);
                let weigh = |codes: BTreeSet<Code>| -> u128 {
                    match overlap {
                        Overlap::Jaccard => codes.len() as u128,
                        Overlap::IdfJaccard => codes.iter().map(|code| self.rarity[code]).sum(),
                        Overlap::Cosine => unreachable!("embeddings have no codes"),
                    }
                };
                let both = weigh(a.intersection(&b).copied().collect());
                let either = weigh(a.union(&b).copied().collect());
                (either > 0).then_some((both, either))
            }
            Kind::GradeGap { ideal, tolerance } => {
                let gap = old.grade(mentor)?.number() - young.grade(mentee)?.number();
                let ideal = ideal.unwrap_or(match self.program.eligibility.grade_gap {
                    GradeGap::Off => 3,
                    GradeGap::Between { min, .. } if min > 0 => min.saturating_add(1),
                    GradeGap::Between { .. } => 0,
                });
                let off = (i128::from(gap) - i128::from(ideal)).unsigned_abs();
                let tolerance = u128::from(*tolerance);
                Some((tolerance - off.min(tolerance), tolerance))
            }
            Kind::Goals => {
                let met = |one: usize, other: usize| {
                    let goals = set(young.goals(one)?);
                    let strengths = set(old.strengths(other)?);
                    let met = goals.intersection(&strengths).count() as u128;
                    (!goals.is_empty()).then_some((met, goals.len() as u128))
                };
                let one_way = met(mentee, mentor);
                if self.roster.students().is_none() {
                    return one_way;
                }
                match (one_way, met(mentor, mentee)) {
                    (Some((n, d)), Some((m, c))) => Some((n * c + m * d, 2 * c * d)),
                    (a, b) => a.or(b),
                }
            }
            Kind::Slots => {
                let (a, b) = (set(young.slots(mentee)?), set(old.slots(mentor)?));
                let shorter = a.len().min(b.len()) as u128;
                (shorter > 0).then_some((a.intersection(&b).count() as u128, shorter))
            }
            Kind::Languages => {
                let (a, b) = (set(young.languages(mentee)?), set(old.languages(mentor)?));
                if a.is_empty() || b.is_empty() {
                    return None;
                }
                truth(!a.is_disjoint(&b))
            }
            Kind::Preferences(side) => {
                let of_mentee = wish(young.preferences(mentee), mentor);
                let of_mentor = wish(old.preferences(mentor), mentee);
                match (side, of_mentee, of_mentor) {
                    (Side::Mentee, a, _) => a,
                    (Side::Mentor, _, b) => b,
                    (Side::Both, Some((n, d)), Some((m, c))) => Some((n * c + m * d, 2 * c * d)),
                    (Side::Both, a, b) => a.or(b),
                }
            }
            Kind::Same(column) => match cells(column) {
                (Cell::Missing, _) | (_, Cell::Missing) => None,
                (a, b) => truth(a == b),
            },
            Kind::Different(column) => match cells(column) {
                (Cell::Missing, _) | (_, Cell::Missing) => None,
                (a, b) => truth(a != b),
            },
            Kind::Closeness { column, scale } => match cells(column) {
                (Cell::Number(a), Cell::Number(b)) => {
                    let near = (1.0 - (a - b).abs() / scale).max(0.0);
                    Some(((near * 1e9).round() as u128, 1_000_000_000))
                }
                _ => None,
            },
            Kind::Previous => truth(
                self.previous
                    .contains(&(MenteeIx(mentee as u32), MentorIx(mentor as u32))),
            ),
            Kind::PairScores => {
                let pair = (MenteeIx(mentee as u32), MentorIx(mentor as u32));
                let score = self.roster.pair_scores()?.get(&pair)?;
                Some((u128::from(*score), 1_000_000))
            }
        }
    }
}

fn set(codes: &[Code]) -> BTreeSet<Code> {
    codes.iter().copied().collect()
}

fn meet(a: Option<&[Code]>, b: Option<&[Code]>) -> bool {
    let (a, b) = (a.unwrap_or_default(), b.unwrap_or_default());
    a.iter().any(|code| b.contains(code))
}

fn wish(list: Option<&[Code]>, wished: usize) -> Option<Ratio> {
    let list = list?;
    if list.is_empty() {
        return None;
    }
    let mut worth = list.len();
    for other in list {
        if *other as usize == wished {
            return Some((worth as u128, list.len() as u128));
        }
        worth -= 1;
    }
    Some((0, 1))
}

/// Whether the cells meet a custom rule.
fn allows(requirement: &Requirement, mentee: &Cell, mentor: &Cell) -> bool {
    let sides = |side: &RuleSide, test: &dyn Fn(&Cell) -> bool| match side {
        RuleSide::Mentee => test(mentee),
        RuleSide::Mentor => test(mentor),
        RuleSide::Both => test(mentee) && test(mentor),
    };
    let known = *mentee != Cell::Missing && *mentor != Cell::Missing;
    match requirement {
        Requirement::Same => known && mentee == mentor,
        Requirement::Different => known && mentee != mentor,
        Requirement::Within(limit) => match (mentee, mentor) {
            (Cell::Number(a), Cell::Number(b)) => (a - b).abs() <= *limit,
            _ => false,
        },
        Requirement::OneOf(side, values) => sides(side, &|cell| match cell {
            Cell::Text(text) => values.iter().any(|value| value == text),
            Cell::Number(number) => values
                .iter()
                .any(|value| value.trim().parse::<f64>() == Ok(*number)),
            Cell::Missing => false,
        }),
        Requirement::AtLeast(side, least) => sides(
            side,
            &|cell| matches!(cell, Cell::Number(number) if number >= least),
        ),
        Requirement::AtMost(side, most) => sides(
            side,
            &|cell| matches!(cell, Cell::Number(number) if number <= most),
        ),
    }
}
