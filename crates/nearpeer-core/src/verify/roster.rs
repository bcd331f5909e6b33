//! What the checker takes from a roster: the problem, and the pairs of an answer.

use std::collections::HashSet;

use rayon::prelude::*;

use super::circles::Asked;
use super::meetings::Meetings;
use super::options::go_on;
use super::reference::Reference;
use super::statement::{Row, Statement};
use super::{ClaimedPair, fault, fault_in_row};
use crate::constraint;
use crate::error::Error;
use crate::interrupt::StopFlag;
use crate::programme::Program;
use crate::roster::{People, Roster};
use crate::units::Micropoints;
use crate::words::form;

/// The problem of a roster, whose eligible pairs are those of `row`.
pub(super) fn statement<'a>(
    roster: &'a Roster,
    program: &'a Program,
    row: Row<'a>,
) -> Result<Statement<'a>, Error> {
    // The roster has what the constraints read.
    constraint::rows(roster, program)?;
    let [mentee_loads, mentor_loads] = Statement::loads(roster, program)?;
    let required = roster
        .required()
        .iter()
        .map(|pair| (pair.mentee.0, pair.mentor.0));
    let mentees = roster.mentees();
    let is_transition = |ix| {
        let grade = mentees.grade(ix);
        grade.is_some_and(|grade| program.transition_grades.contains(&grade))
    };
    let tiers = (0..mentees.len()).map(|ix| (mentees.priority(ix), is_transition(ix)));
    let mut statement = Statement::new(
        mentee_loads,
        mentor_loads,
        tiers.collect(),
        required.collect(),
        &program.objective,
        (0, 1_000_000),
        row,
        constraint::rules(roster, program),
    );
    statement.meetings = Meetings::new(roster, program);
    statement.circles = Asked::new(roster, program);
    Ok(statement)
}

/// The pairs of an answer (mentee, mentor, score), each with the score that it should have.
pub(super) fn claims(
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

/// The certificate is about these people, in this order.
pub(super) fn same_people(table: &str, people: &People, claimed: &[String]) -> Result<(), Error> {
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
            "the certificate is about {} {}, and the table has {}, or another order",
            claimed.len(),
            form(claimed.len() as u64, "person", "people"),
            people.len()
        ))
        .in_table(table),
    })
}
