//! The checker of co-mentoring matches: groups out of one table, and the bound of prices of students and odd sets.
//! The mathematics is in [`certificate`](crate::certificate). As in the rest of the checker, all but the eligible
//! pairs' scores is its own.

mod bound;
mod leaf;
mod triads;

use std::collections::{BTreeMap, HashMap};

use super::levels::{Bound, levels_are_lexicographic, levels_hold};
use super::options::go_on;
use super::reference::Reference;
use super::roster::same_people;
use super::statement::Row;
use super::{Verified, VerifyOptions, fault, fault_in_row};
use crate::certificate::{Certificate, FORMAT, Level};
use crate::error::Error;
use crate::pairs::{Pairs, RosterPairs};
use crate::pool::in_pool;
use crate::programme::{ObjectiveLevel, Program};
use crate::roster::{People, Roster};
use crate::units::Micropoints;
use crate::verify::Scorer;
use crate::words::counted;

/// The greatest score of a pair, halved: what one student adds at most.
const MOST_A_STUDENT: i128 = 500_000;

/// Two students of one group of an answer as it was written down. A group of two has one of these, a triad three.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ClaimedTie {
    /// The group's name, the same in each of its ties.
    pub group: String,
    /// A student's id.
    pub a: String,
    /// The other student's id.
    pub b: String,
    /// The score that the answer states.
    pub score: Micropoints,
}

/// The problem, plainly.
struct Statement<'a> {
    people: &'a People,
    /// Whether the student may be in a group that is not required.
    open: Vec<bool>,
    /// What covering a student weighs.
    cover: Vec<i128>,
    /// What a triad costs.
    cost: i128,
    /// The greatest number of triads.
    limit: usize,
    row: Row<'a>,
}

/// Re-proves a co-mentoring answer: that all students of a group may be paired and have the scores that it claims, that
/// nobody is in two groups, and that no groups are better than the certificate's bound.
///
/// # Errors
/// As [`verify_co_match_with`].
pub fn verify_co_match(
    roster: &Roster,
    program: &Program,
    answer: &[ClaimedTie],
    certificate: &Certificate,
) -> Result<Verified, Error> {
    verify_co_match_with(
        roster,
        program,
        answer,
        certificate,
        &VerifyOptions::default(),
    )
}

/// [`verify_co_match`] with a scorer, a number of threads or a stop flag.
///
/// # Errors
/// [`ErrorKind::Verification`](crate::ErrorKind::Verification) saying what does not hold, naming the row where it is one;
/// `::Program` or `::Input` where the settings or the number of threads do not fit; `::Interrupted` when the stop flag
/// was raised.
pub fn verify_co_match_with(
    roster: &Roster,
    program: &Program,
    answer: &[ClaimedTie],
    certificate: &Certificate,
    options: &VerifyOptions,
) -> Result<Verified, Error> {
    program.validate()?;
    let people = crate::comentor::students_of(program, roster)?;
    same_people("students", people, &certificate.students)?;
    let equal = program.between_equals();
    in_pool(options.threads, || {
        let plain = Reference::new(roster, &equal);
        let compiled = match options.scorer {
            Scorer::Compiled => Some(RosterPairs::compile(roster, &equal)?),
            Scorer::Reference => None,
        };
        let row: Row = match &compiled {
            Some(pairs) => Box::new(|ix, row| pairs.row(ix, row)),
            None => Box::new(|ix, row| {
                let others = (0..people.len() as u32).take_while(|_| !options.stop.is_raised());
                row.clear();
                row.extend(
                    others.filter_map(|other| Some((other, plain.score(ix, other as usize)?))),
                );
            }),
        };
        check(
            roster,
            program,
            people,
            row,
            &plain,
            answer,
            certificate,
            options,
        )
    })
}

#[expect(clippy::too_many_arguments, reason = "all that there is to check")]
fn check(
    roster: &Roster,
    program: &Program,
    people: &People,
    row: Row<'_>,
    plain: &Reference,
    answer: &[ClaimedTie],
    certificate: &Certificate,
    options: &VerifyOptions,
) -> Result<Verified, Error> {
    if certificate.format != FORMAT {
        return Err(fault(format!(
            "the certificate has format {}, and this checker reads {FORMAT}",
            certificate.format
        )));
    }
    let of_two_sides = !certificate.mentees.is_empty()
        || !certificate.mentors.is_empty()
        || !certificate.nodes.is_empty();
    if of_two_sides || certificate.denominator != 2 {
        return Err(fault("the certificate is not one of co-mentoring"));
    }
    let limit = program.triads.limit(people.len());
    let levels = levels(people, program, limit);
    levels_are_lexicographic(&levels, certificate)?;
    let weight = |wanted: Level| {
        let mut levels = certificate.levels.iter();
        levels
            .find(|level| level.level == wanted)
            .map_or(0, |level| level.weight)
    };
    if weight(Level::Score) != 1 {
        return Err(fault("the weight of the score is not 1"));
    }
    let cover = (0..people.len()).map(|ix| match people.priority(ix) {
        0 => weight(Level::Coverage),
        tier => weight(Level::Coverage) + weight(Level::Priority(tier)),
    });
    let mut statement = Statement {
        people,
        open: (0..people.len())
            .map(|ix| people.load_max(ix) != Some(0))
            .collect(),
        cover: cover.collect(),
        cost: weight(Level::Triads),
        limit,
        row,
    };
    let groups = groups(&statement, plain, answer, options)?;
    let mut settled = 0;
    for pair in roster.required() {
        let pair = [pair.mentee.0, pair.mentor.0];
        if pair[0] > pair[1] {
            continue;
        }
        let Some((_, score)) = groups.iter().find(|(students, _)| students[..] == pair) else {
            return Err(fault(format!(
                "the required pair of {:?} and {:?} is not in the answer",
                people.id(pair[0] as usize),
                people.id(pair[1] as usize)
            )));
        };
        settled += i128::from(*score);
        for ix in pair {
            statement.open[ix as usize] = false;
            settled += statement.cover[ix as usize];
        }
    }
    let proven = bound::of_parts(&statement, certificate, &groups, options)?;
    let covered: Vec<usize> = groups
        .iter()
        .flat_map(|group| group.0.iter().map(|ix| *ix as usize))
        .collect();
    let values = levels.iter().map(|(level, ..)| match level {
        Level::Priority(tier) => {
            let of_tier = covered.iter().filter(|ix| people.priority(**ix) == *tier);
            of_tier.count() as i128
        }
        Level::Triads => -(groups.iter().filter(|group| group.0.len() == 3).count() as i128),
        Level::Score => groups.iter().map(|group| i128::from(group.1)).sum(),
        _ => covered.len() as i128,
    });
    let values: Vec<i128> = values.collect();
    let bound = proven.bound + settled;
    let status = levels_hold(
        &levels,
        certificate,
        Some(&values),
        &Bound::Combined(bound),
        None,
    )?;
    Ok(Verified {
        status,
        pairs: answer.len(),
        eligible: proven.eligible,
        leaves: proven.leaves,
        scorer: options.scorer,
    })
}

/// The levels of the programme with the least and the greatest value of each.
fn levels(people: &People, program: &Program, limit: usize) -> Vec<(Level, i128, i128)> {
    let mut levels = Vec::new();
    for level in &program.objective {
        match level {
            ObjectiveLevel::Priority => {
                let mut counts = BTreeMap::new();
                for tier in (0..people.len()).map(|ix| people.priority(ix)) {
                    *counts.entry(tier).or_insert(0) += 1;
                }
                let tiers = counts.into_iter().rev().filter(|(tier, _)| *tier > 0);
                levels.extend(tiers.map(|(tier, count)| (Level::Priority(tier), 0, count)));
            }
            ObjectiveLevel::Coverage => levels.push((Level::Coverage, 0, people.len() as i128)),
            // No levels of co-mentoring but the score, which is always the last.
            ObjectiveLevel::Score
            | ObjectiveLevel::Transition
            | ObjectiveLevel::WorstOff
            | ObjectiveLevel::Leximin => {}
        }
    }
    if limit > 0 {
        levels.push((Level::Triads, -(limit as i128), 0));
    }
    levels.push((Level::Score, 0, people.len() as i128 * MOST_A_STUDENT));
    levels
}

/// Where a tie stands, who it is of, and its score.
type Found = (usize, [u32; 2], i64);

/// The groups of an answer, each with its students ascending and its score.
fn groups(
    statement: &Statement,
    plain: &Reference,
    answer: &[ClaimedTie],
    options: &VerifyOptions,
) -> Result<Vec<(Vec<u32>, i64)>, Error> {
    let people = statement.people;
    let mut by_name: HashMap<&str, Vec<Found>> = HashMap::new();
    for (row, tie) in (1..).zip(answer) {
        go_on(&options.stop)?;
        let find = |id: &str| {
            let ix = people.find(id);
            ix.ok_or_else(|| fault_in_row(row)(format!("{id:?} is not among the students")))
        };
        let (a, b) = (find(&tie.a)?, find(&tie.b)?);
        let score = if a == b { None } else { plain.score(a, b) };
        match score {
            None => return Err(fault_in_row(row)("the pair is not eligible".to_owned())),
            Some(score) if score != tie.score.0 => {
                return Err(fault_in_row(row)(format!(
                    "the pair's score is {}, not {}",
                    Micropoints(score),
                    tie.score
                )));
            }
            Some(score) => by_name.entry(&tie.group).or_default().push((
                row,
                [a.min(b) as u32, a.max(b) as u32],
                score,
            )),
        }
    }
    let mut groups: Vec<(usize, Vec<u32>, i64)> = Vec::new();
    for ties in by_name.into_values() {
        let row = ties[0].0;
        let mut students: Vec<u32> = ties.iter().flat_map(|tie| tie.1).collect();
        students.sort_unstable();
        students.dedup();
        let mut pairs: Vec<[u32; 2]> = ties.iter().map(|tie| tie.1).collect();
        pairs.sort_unstable();
        pairs.dedup();
        let sum: i64 = ties.iter().map(|tie| tie.2).sum();
        let score = match (students.len(), pairs.len(), ties.len()) {
            (2, 1, 1) => sum,
            (3, 3, 3) => sum.div_euclid(2),
            _ => {
                return Err(fault_in_row(row)(
                    "a group is one pair, or the three pairs of a triad".to_owned(),
                ));
            }
        };
        groups.push((row, students, score));
    }
    groups.sort_unstable();
    let mut taken = vec![false; people.len()];
    for (row, students, _) in &groups {
        for &ix in students {
            let id = people.id(ix as usize);
            if std::mem::replace(&mut taken[ix as usize], true) {
                return Err(fault_in_row(*row)(format!(
                    "{id:?} is in another group, too"
                )));
            }
            if !statement.open[ix as usize] {
                return Err(fault_in_row(*row)(format!(
                    "the maximum load of {id:?} is 0"
                )));
            }
        }
    }
    let triads = groups.iter().filter(|group| group.1.len() == 3).count();
    if triads > statement.limit {
        return Err(fault(format!(
            "the answer has {}, and the programme allows {}",
            counted(triads, "triad"),
            statement.limit
        )));
    }
    Ok(groups
        .into_iter()
        .map(|(_, students, score)| (students, score))
        .collect())
}
