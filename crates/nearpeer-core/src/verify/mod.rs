//! The checker: works the problem out from the inputs again, and re-proves an answer and its bound from the
//! certificate's prices, in exact integers.
//!
//! # What is proven, and what is trusted
//! Loads, levels and their weights, the pairs of the answer with their scores, and every sum of the bound
//! are the checker's own, and shared with no other part. The pairs of the answer are always scored by the
//! plain scorer, which reads the rules and criteria from their definitions. The bound is over *all* eligible pairs, and
//! those are scored by one of two [`Scorer`]s:
//!
//! - [`Scorer::Compiled`], the default, takes eligible pairs and scores from the compiled rules and
//!   criteria, which the solve uses too. It proves that no match is better *as they score pairs*; whether they
//!   hide a pair or score it too low, it does not see, except for the pairs of the answer, on which both
//!   scorers must agree.
//! - [`Scorer::Reference`] scores every pair by the plain scorer, and so trusts nothing that the solve uses.
//!
//! Both read the roster and the programme as they were read for the solve: a cell that was misread is misread
//! for the checker, too.
//!
//! # Time and memory
//! Each pair is scored once, row by row on all threads, and forgotten; of a proof tree, as many leaves are
//! worked out at a time as fit in memory. Sums are exact, so the number of threads changes nothing.

mod bound;
mod circle;
mod groups;
mod options;
mod pass;
mod reference;
mod side;
mod statement;

use std::collections::{HashMap, HashSet};

use rayon::prelude::*;

use crate::assign::{Assign, Assignment, Scores};
use crate::certificate::{Certificate, FORMAT, Level, Status};
use crate::error::{Error, ErrorKind};
use crate::interrupt::StopFlag;
use crate::matching::in_pool;
use crate::pairs::{Pairs, RosterPairs};
use crate::programme::{ObjectiveLevel, Program};
use crate::roster::{People, Roster};
use crate::units::Micropoints;
use bound::Weights;
pub use groups::{ClaimedTie, verify_co_match, verify_co_match_with};
use options::go_on;
pub use options::{Scorer, VerifyOptions};
use reference::Reference;
use statement::{Load, Row, Statement, of_mentee};

/// A pair of an answer as it was written down.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ClaimedPair {
    /// The mentee's id.
    pub mentee: String,
    /// The mentor's id.
    pub mentor: String,
    /// The score that the answer states.
    pub score: Micropoints,
}

/// What the checker found to be true.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Verified {
    /// How the solve ended, now proven.
    pub status: Status,
    /// Pairs in the answer.
    pub pairs: usize,
    /// Eligible pairs that the bound was worked out from: all that there are.
    pub eligible: u64,
    /// Leaves of the proof tree.
    pub leaves: usize,
    /// Whose scores the bound was worked out from.
    pub scorer: Scorer,
}

/// Re-proves an answer: that every pair is eligible and has the score it claims, that every load is kept,
/// and that no match is better than the certificate's bound. An infeasible programme has no pairs; its
/// certificate proves that there are none. See the [module](self) for what is proven, and what is trusted.
///
/// # Errors
/// As [`verify_with`].
pub fn verify(
    roster: &Roster,
    program: &Program,
    answer: &[ClaimedPair],
    certificate: &Certificate,
) -> Result<Verified, Error> {
    verify_with(
        roster,
        program,
        answer,
        certificate,
        &VerifyOptions::default(),
    )
}

/// [`verify`] with a scorer, a number of threads or a stop flag.
///
/// # Errors
/// [`ErrorKind::Verification`] saying what does not hold, naming the row of the pair where it is one;
/// `::Program` or `::Input` where the settings or the number of threads do not fit; `::Interrupted` when
/// the stop flag was raised.
pub fn verify_with(
    roster: &Roster,
    program: &Program,
    answer: &[ClaimedPair],
    certificate: &Certificate,
    options: &VerifyOptions,
) -> Result<Verified, Error> {
    program.validate()?;
    same_people("mentees", roster.mentees(), &certificate.mentees)?;
    same_people("mentors", roster.mentors(), &certificate.mentors)?;
    in_pool(options.threads, || {
        let plain = Reference::new(roster, program);
        let compiled = match options.scorer {
            Scorer::Compiled => Some(RosterPairs::compile(roster, program)?),
            Scorer::Reference => None,
        };
        let row: Row = match &compiled {
            Some(pairs) => Box::new(|mentee, row| pairs.row(mentee, row)),
            None => Box::new(|mentee, row| {
                // A plain row of a large roster takes long.
                let mentors =
                    (0..roster.mentors().len() as u32).take_while(|_| !options.stop.is_raised());
                row.clear();
                row.extend(
                    mentors
                        .filter_map(|mentor| Some((mentor, plain.score(mentee, mentor as usize)?))),
                );
            }),
        };
        let statement = of_roster(roster, program, row)?;
        let claims = claims(roster, answer, &plain, &options.stop)?;
        check(&statement, &claims, certificate, options)
    })
}

/// The problem of a roster, whose eligible pairs are those of `row`.
fn of_roster<'a>(
    roster: &'a Roster,
    program: &'a Program,
    row: Row<'a>,
) -> Result<Statement<'a>, Error> {
    let [mentee_loads, mentor_loads] = Statement::loads(roster, program)?;
    let required = roster
        .required()
        .iter()
        .map(|pair| (pair.mentee.0, pair.mentor.0));
    let tiers = (0..roster.mentees().len()).map(|ix| roster.mentees().priority(ix));
    let mut statement = Statement::new(
        mentee_loads,
        mentor_loads,
        tiers.collect(),
        required.collect(),
        &program.objective,
        (0, 1_000_000),
        row,
    );
    statement.side = side::rules(roster, program)?;
    Ok(statement)
}

/// The pairs of an answer (mentee, mentor, score), each with the score that it should have.
fn claims(
    roster: &Roster,
    answer: &[ClaimedPair],
    plain: &Reference,
    stop: &StopFlag,
) -> Result<Vec<(u32, u32, i64)>, Error> {
    let find = |people: &People, id: &str, row: usize| {
        let ix = people.find(id).map(|ix| ix as u32);
        ix.ok_or_else(|| {
            let table = people.role().table();
            fault(format!("{id:?} is not among the {table}"))
                .in_table("pairs")
                .in_row(row)
        })
    };
    let claim = |(ix, pair): (usize, &ClaimedPair)| {
        let row = ix + 1;
        let mentee = find(roster.mentees(), &pair.mentee, row)?;
        let mentor = find(roster.mentors(), &pair.mentor, row)?;
        go_on(stop)?;
        let claim = fault_in_row(row);
        match plain.score(mentee as usize, mentor as usize) {
            None => Err(claim("the pair is not eligible".to_owned())),
            Some(score) if score != pair.score.0 => Err(claim(format!(
                "the pair's score is {}, not {}",
                Micropoints(score),
                pair.score
            ))),
            Some(score) => Ok((mentee, mentor, score)),
        }
    };
    // The first fault by row is told, whichever thread finds one first.
    let claims: Vec<Result<_, Error>> = answer.par_iter().enumerate().map(claim).collect();
    claims.into_iter().collect()
}

/// Re-proves an assignment from the scores, as [`verify`] does for a match. The scores are taken as they are
/// given, so there is no compiled form to trust, and one scorer: the [`Reference`](Scorer::Reference).
///
/// # Errors
/// As [`verify_assignment_with`].
pub fn verify_assignment(
    scores: &Scores<'_>,
    assign: &Assign,
    answer: &Assignment,
) -> Result<Verified, Error> {
    verify_assignment_with(scores, assign, answer, &VerifyOptions::default())
}

/// [`verify_assignment`] with a number of threads or a stop flag; the scorer makes no difference.
///
/// # Errors
/// [`ErrorKind::Verification`] saying what does not hold; `::Program` for a wrong number of threads;
/// `::Interrupted` when the stop flag was raised.
pub fn verify_assignment_with(
    scores: &Scores,
    assign: &Assign,
    answer: &Assignment,
    options: &VerifyOptions,
) -> Result<Verified, Error> {
    let options = VerifyOptions {
        scorer: Scorer::Reference,
        ..options.clone()
    };
    in_pool(options.threads, || {
        assignment(scores, assign, answer, &options)
    })
}

fn assignment(
    scores: &Scores,
    assign: &Assign,
    answer: &Assignment,
    options: &VerifyOptions,
) -> Result<Verified, Error> {
    let mut forbidden = assign.forbid.clone();
    forbidden.sort_unstable();
    for (name, ranges, side, ids) in [
        (
            "row",
            &assign.row_loads,
            scores.rows(),
            &answer.certificate.mentees,
        ),
        (
            "column",
            &assign.column_loads,
            scores.columns(),
            &answer.certificate.mentors,
        ),
    ] {
        if !ranges.is_empty() && ranges.len() != side {
            return Err(fault(format!(
                "there are {} {name} loads for {side} {name}s",
                ranges.len()
            )));
        }
        if ranges.iter().any(|range| range.low > range.high) {
            return Err(fault(format!(
                "a {name} load has its low end above its high end"
            )));
        }
        let numbered = |(ix, id): (usize, &String)| *id == ix.to_string();
        if ids.len() != side || !ids.iter().enumerate().all(numbered) {
            return Err(fault(format!(
                "the certificate is not about {side} {name}s"
            )));
        }
    }
    let row = |number: usize, row: &mut Vec<_>| {
        row.clear();
        row.extend(scores.cells(number));
        let forbidden = of_mentee(&forbidden, number, |cell| cell.0);
        if !forbidden.is_empty() {
            let number = number as u32;
            row.retain(|(column, _)| forbidden.binary_search(&(number, *column)).is_err());
        }
    };
    let loads = |ranges: &[crate::assign::LoadRange], side: usize| -> Vec<Load> {
        let of = |(min, max)| Load {
            min,
            max,
            circle: 0,
        };
        match ranges {
            [] => vec![of((0, 1)); side],
            ranges => ranges
                .iter()
                .map(|range| of((range.low, range.high)))
                .collect(),
        }
    };
    // No score at all is as good as 0.
    let range = (0..scores.rows())
        .into_par_iter()
        .flat_map_iter(|row| scores.cells(row))
        .map(|(_, score)| (score, score))
        .reduce_with(|a, b| (a.0.min(b.0), a.1.max(b.1)))
        .unwrap_or((0, 0));
    let objective: &[ObjectiveLevel] = if assign.coverage_first {
        &[ObjectiveLevel::Coverage, ObjectiveLevel::Score]
    } else {
        &[ObjectiveLevel::Score]
    };
    let mut required = assign.require.clone();
    required.sort_unstable();
    // A cell that is listed twice is required once.
    required.dedup();
    let statement = Statement::new(
        loads(&assign.row_loads, scores.rows()),
        loads(&assign.column_loads, scores.columns()),
        vec![0; scores.rows()],
        required,
        objective,
        range,
        Box::new(row),
    );
    if answer.rows.len() != answer.columns.len() {
        return Err(fault("the answer has not as many rows as columns"));
    }
    let claim = |(&row, &column): (&u32, &u32)| {
        let in_range =
            (row as usize) < scores.rows() && forbidden.binary_search(&(row, column)).is_err();
        let mut cells = in_range
            .then(|| scores.cells(row as usize))
            .into_iter()
            .flatten();
        let cell = cells.find(|(other, _)| *other == column);
        let (_, score) =
            cell.ok_or_else(|| fault(format!("the cell ({row}, {column}) cannot be chosen")))?;
        Ok((row, column, score))
    };
    // The first fault is told, whichever thread finds one first.
    let cells = answer.rows.par_iter().zip(&answer.columns);
    let claims: Vec<Result<_, Error>> = cells.map(claim).collect();
    let claims: Vec<(u32, u32, i64)> = claims.into_iter().collect::<Result<_, Error>>()?;
    let total: i128 = claims.iter().map(|claim| i128::from(claim.2)).sum();
    if total != i128::from(answer.objective)
        || i128::from(answer.gap) != i128::from(answer.bound) - i128::from(answer.objective)
        || answer.status != answer.certificate.status
    {
        return Err(fault(
            "the answer's objective, bound, gap or status is not what its cells and certificate say",
        ));
    }
    let score = answer
        .certificate
        .levels
        .iter()
        .find(|level| level.level == Level::Score);
    if score.is_none_or(|score| score.bound != answer.bound) {
        return Err(fault("the answer's bound is not the certificate's"));
    }
    check(&statement, &claims, &answer.certificate, options)
}

/// The checker's own score of one pair, for tests.
#[cfg(test)]
pub(crate) fn score_plainly(
    roster: &Roster,
    program: &Program,
    mentee: usize,
    mentor: usize,
) -> Option<i64> {
    Reference::new(roster, program).score(mentee, mentor)
}

/// Checks claimed pairs (mentee, mentor, score) and the bound.
fn check(
    statement: &Statement,
    claims: &[(u32, u32, i64)],
    certificate: &Certificate,
    options: &VerifyOptions,
) -> Result<Verified, Error> {
    if certificate.format != FORMAT {
        return Err(fault(format!(
            "the certificate has format {}, and this checker reads {FORMAT}",
            certificate.format
        )));
    }
    if !(1..=1_000_000_000).contains(&certificate.denominator) {
        return Err(fault("the denominator of the prices is out of range"));
    }
    levels_are_lexicographic(&statement.levels, certificate)?;
    let weights = Weights::read(certificate);
    let proven = bound::of_tree(statement, &weights, certificate, claims, &options.stop)?;
    let infeasible = certificate.status == Status::Infeasible;
    let values = if infeasible {
        if !claims.is_empty() {
            return Err(fault("an infeasible programme cannot have pairs"));
        }
        None
    } else {
        Some(values(statement, claims)?)
    };
    let status = levels_hold(
        &statement.levels,
        certificate,
        values.as_deref(),
        proven.bound,
    )?;
    Ok(Verified {
        status,
        pairs: claims.len(),
        eligible: proven.eligible,
        leaves: proven.leaves,
        scorer: options.scorer,
    })
}

/// What the certificate claims of each level follows from the bound on all levels together and the answer's values,
/// which an infeasible programme does not have. Gives the status that this proves.
fn levels_hold(
    levels: &[(Level, i128, i128)],
    certificate: &Certificate,
    values: Option<&[i128]>,
    bound_of_all: i128,
) -> Result<Status, Error> {
    let infeasible = values.is_none();
    let mut left = bound_of_all;
    let mut below: i128 = certificate
        .levels
        .iter()
        .zip(levels)
        .map(|(claimed, (_, least, _))| claimed.weight * least)
        .sum();
    let mut open = None;
    for (ix, claimed) in certificate.levels.iter().enumerate() {
        let (level, least, greatest) = levels[ix];
        if infeasible && ix > 0 {
            if (claimed.objective, claimed.bound) != (0, 0) {
                return Err(fault(
                    "an infeasible programme has nothing to claim below its obligations",
                ));
            }
            continue;
        }
        below -= claimed.weight * least;
        let bound = (left - below).div_euclid(claimed.weight).min(greatest);
        if bound != i128::from(claimed.bound) {
            return Err(fault(format!(
                "the certificate claims the bound {} in the level {level}, and its prices prove {bound}",
                claimed.bound
            )));
        }
        if infeasible && (level != Level::Obligations || bound >= 0) {
            return Err(fault(
                "the certificate does not prove that there is no match",
            ));
        }
        let value = values.map_or(bound, |values| values[ix]);
        if value != i128::from(claimed.objective) {
            return Err(fault(format!(
                "the certificate claims {} in the level {level}, and the pairs have {value}",
                claimed.objective
            )));
        }
        // No overflow: the value is within the level's range, whose product with the weight was checked.
        left -= claimed.weight * value;
        if bound != value && open.is_none() {
            open = Some(*claimed);
        }
    }
    let shown = open.or(match (infeasible, certificate.levels.as_slice()) {
        (true, [first, ..]) => Some(*first),
        (false, [.., last]) => Some(*last),
        _ => None,
    });
    let consistent = shown.is_some_and(|shown| {
        certificate.level == shown.level
            && certificate.objective == shown.objective
            && certificate.bound == shown.bound
            && i128::from(certificate.gap) == i128::from(shown.bound) - i128::from(shown.objective)
    });
    if !consistent {
        return Err(fault(
            "the certificate's objective, bound and gap are not those of its levels",
        ));
    }
    let status = match (infeasible, open.is_some()) {
        (true, _) => Status::Infeasible,
        (false, false) => Status::Optimal,
        (false, true) => Status::LimitReached,
    };
    if status != certificate.status {
        return Err(fault(format!(
            "the certificate claims the status {}, and proves {}",
            certificate.status.as_str(),
            status.as_str()
        )));
    }
    Ok(status)
}

/// The levels are the programme's, and each weighs more than everything below it.
fn levels_are_lexicographic(
    levels: &[(Level, i128, i128)],
    certificate: &Certificate,
) -> Result<(), Error> {
    let claimed = certificate.levels.iter().map(|level| level.level);
    if !claimed.eq(levels.iter().map(|(level, ..)| *level)) {
        return Err(fault(
            "the certificate's levels are not those of the programme",
        ));
    }
    let mut below: i128 = 0;
    for (claimed, (level, least, greatest)) in certificate.levels.iter().zip(levels).rev() {
        let span = claimed.weight.checked_mul(greatest - least);
        if claimed.weight <= below {
            return Err(fault(format!(
                "the level {level} does not outweigh those below it"
            )));
        }
        // Room for the sums of a bound: weights beyond this could only come from tampering.
        let sum = span
            .and_then(|span| span.checked_add(below))
            .filter(|sum| *sum < 1 << 124);
        below =
            sum.ok_or_else(|| fault(format!("the weight of the level {level} is too large")))?;
    }
    Ok(())
}

/// The value of each level for these pairs, whose loads are checked.
fn values(statement: &Statement, claims: &[(u32, u32, i64)]) -> Result<Vec<i128>, Error> {
    let mut chosen = HashMap::new();
    let mut mentee_loads = vec![0u32; statement.mentees.len()];
    let mut mentor_loads = vec![0u32; statement.mentors.len()];
    for (row, &(mentee, mentor, score)) in (1..).zip(claims) {
        if chosen.insert((mentee, mentor), score).is_some() {
            return Err(fault_in_row(row)(
                "the pair is in the answer twice".to_owned(),
            ));
        }
        mentee_loads[mentee as usize] += 1;
        mentor_loads[mentor as usize] += 1;
        for (side, load, has) in [
            (
                "mentee",
                statement.mentees[mentee as usize],
                mentee_loads[mentee as usize],
            ),
            (
                "mentor",
                statement.mentors[mentor as usize],
                mentor_loads[mentor as usize],
            ),
        ] {
            if has > load.max {
                let max = load.max;
                return Err(fault_in_row(row)(format!(
                    "the {side} is in more pairs than the maximum load, {max}"
                )));
            }
        }
    }
    let sides = [
        ("mentee", &statement.mentees, &mentee_loads),
        ("mentor", &statement.mentors, &mentor_loads),
    ];
    for (side, loads, has) in sides {
        for (ix, (load, &has)) in loads.iter().zip(has).enumerate() {
            if has < load.min || (has > 0 && has < load.circle) {
                return Err(fault(format!(
                    "{side} number {} in the order of ids has {has} pairs, fewer than the minimum load",
                    ix + 1
                )));
            }
        }
    }
    if let Some(pair) = statement
        .required
        .iter()
        .find(|pair| !chosen.contains_key(pair))
    {
        return Err(fault(format!(
            "the required pair of mentee number {} and mentor number {} in the order of ids is not in \
             the answer",
            pair.0 + 1,
            pair.1 + 1
        )));
    }
    side::keep(&statement.side, claims)?;
    let covered = |counts: &dyn Fn(u32) -> bool| -> i128 {
        let people = statement.tiers.iter().zip(&mentee_loads);
        people
            .filter(|(tier, load)| **load > 0 && counts(**tier))
            .count() as i128
    };
    let values = statement.levels.iter().map(|(level, ..)| match level {
        Level::Obligations => 0,
        Level::Priority(tier) => covered(&|other| other == *tier),
        Level::Coverage => covered(&|_| true),
        // Pairs of two sides have no groups of three.
        Level::Triads => 0,
        Level::Score => chosen.values().map(|score| i128::from(*score)).sum(),
    });
    Ok(values.collect())
}

fn same_people(table: &str, people: &People, claimed: &[String]) -> Result<(), Error> {
    if people.ids().eq(claimed.iter().map(String::as_str)) {
        return Ok(());
    }
    let known: HashSet<&str> = people.ids().collect();
    let missing = claimed.iter().find(|id| !known.contains(id.as_str()));
    Err(match missing {
        Some(id) => fault(format!(
            "the certificate speaks of {id:?}, who is not in the table"
        ))
        .in_table(table),
        None => fault(format!(
            "the certificate is about {} people, and the table has {}, or another order",
            claimed.len(),
            people.len()
        ))
        .in_table(table),
    })
}

fn fault(message: impl Into<String>) -> Error {
    Error::new(ErrorKind::Verification, message)
}

fn too_large() -> Error {
    fault("the prices of the proof are too large to be added up")
}

fn fault_in_row(row: usize) -> impl Fn(String) -> Error {
    move |message| fault(message).in_table("pairs").in_row(row)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Two mentees and two mentors, and the proof of their best assignment.
    fn proof(scores: [i64; 4]) -> (Vec<(u32, u32, i64)>, Certificate) {
        let scores = Scores::dense_integers(2, 2, &scores).expect("scores");
        let best = crate::assign(&scores, &Assign::default(), &crate::Options::default());
        let best = best.expect("an assignment");
        let score = |row: u32, column: u32| {
            let mut cells = scores.cells(row as usize);
            cells.find(|cell| cell.0 == column).expect("a cell").1
        };
        let cells = best.rows.iter().zip(&best.columns);
        let claims = cells.map(|(&row, &column)| (row, column, score(row, column)));
        (claims.collect(), best.certificate)
    }

    fn checked(rows: [&[(u32, i64)]; 2]) -> Result<Verified, Error> {
        let (claims, certificate) = proof([4, 5, 3, 1]);
        let load = Load {
            min: 0,
            max: 1,
            circle: 0,
        };
        let statement = Statement::new(
            vec![load; 2],
            vec![load; 2],
            vec![0; 2],
            Vec::new(),
            &[ObjectiveLevel::Score],
            (1, 5),
            Box::new(move |mentee, row| {
                row.clear();
                row.extend_from_slice(rows[mentee]);
            }),
        );
        check(&statement, &claims, &certificate, &VerifyOptions::default())
    }

    #[test]
    fn scores_that_contradict_the_answer_or_their_range_are_noticed() {
        let verified = checked([&[(0, 4), (1, 5)], &[(0, 3), (1, 1)]]).expect("a proof");
        assert_eq!((verified.pairs, verified.eligible), (2, 4));
        let message = |rows| checked(rows).expect_err("a fault").message().to_owned();
        let hidden = message([&[(0, 4)], &[(0, 3), (1, 1)]]);
        assert!(
            hidden.contains("mentee number 1 and mentor number 2"),
            "{hidden}"
        );
        let changed = message([&[(0, 4), (1, 5)], &[(0, 2), (1, 1)]]);
        assert!(
            changed.contains("mentee number 2 and mentor number 1"),
            "{changed}"
        );
        let beyond = message([&[(0, 4), (1, 5)], &[(0, 3), (1, 0)]]);
        assert!(beyond.contains("not in the range of scores"), "{beyond}");
    }
}
