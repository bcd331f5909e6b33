//! Results as cards: numbers of people, never who they are.

use std::collections::BTreeMap;

use nearpeer_core::{
    Assessment, Certificate, CoMatch, Error, LevelValue, Match, Micropoints, Pair, Role, Status,
};

use super::Card;
use crate::report::words::{count, counted, mean, points, share, spaced};

/// A match: coverage, scores, the proof, and how many are left for which reason.
///
/// # Errors
/// None that a user can cause.
pub fn found(found: &Match) -> Result<String, Error> {
    let covered = found.covered();
    let mut card = Card::new("Match", covers(covered, found.mentees, "mentee", "mentees"));
    let mut used: Vec<&str> = found.pairs.iter().map(|pair| &*pair.mentor).collect();
    used.sort_unstable();
    used.dedup();
    card.fact("Pairs", count(found.pairs.len() as u64));
    card.fact(
        "Mentors with a mentee",
        format!(
            "{} of {}",
            count(used.len() as u64),
            count(found.mentors as u64)
        ),
    );
    if !found.pairs.is_empty() {
        let score = mean(found.total_score().0, found.pairs.len());
        card.fact("Mean score", points(score));
        let lowest = found.pairs.iter().map(|pair: &Pair| pair.score).min();
        card.fact("Lowest score", points(lowest.unwrap_or(Micropoints(0))));
    }
    proof(&mut card, &found.certificate);
    let mut left = BTreeMap::<&str, [u64; 2]>::new();
    for person in &found.unmatched {
        let counts = left.entry(person.reason.code()).or_default();
        counts[usize::from(person.role == Role::Mentor)] += 1;
    }
    let rows = left.into_iter().map(|(reason, counts)| {
        let [mentees, mentors] = counts.map(count);
        vec![spaced(reason), mentees, mentors]
    });
    card.table(
        "Who is in no pair, and why",
        ["Reason", "Mentees", "Mentors"],
        rows.collect(),
    );
    card.notes(&found.notes);
    card.html()
}

/// A co-mentoring match: coverage, groups and the proof.
///
/// # Errors
/// None that a user can cause.
pub fn co_match(found: &CoMatch) -> Result<String, Error> {
    let lead = covers(found.covered(), found.students, "student", "students");
    let mut card = Card::new("Co-mentoring match", lead);
    let triads = found.triads();
    card.fact("Pairs", count((found.groups.len() - triads) as u64));
    card.fact("Groups of three", count(triads as u64));
    proof(&mut card, &found.certificate);
    let mut left = BTreeMap::<&str, u64>::new();
    for person in &found.unmatched {
        *left.entry(person.reason.code()).or_default() += 1;
    }
    let rows = left
        .into_iter()
        .map(|(reason, students)| vec![spaced(reason), count(students)]);
    card.table(
        "Who is in no group, and why",
        ["Reason", "Students"],
        rows.collect(),
    );
    card.notes(&found.notes);
    card.html()
}

/// A certificate: whether the match is proven optimal, and every level with its bound.
///
/// # Errors
/// None that a user can cause.
pub fn certificate(certificate: &Certificate) -> Result<String, Error> {
    let mut card = Card::new("Certificate", proven(certificate));
    let rows = certificate.levels.iter().map(|level: &LevelValue| {
        let gap = i128::from(level.bound) - i128::from(level.objective);
        let mut row = vec![spaced(&level.level.to_string())];
        row.extend([level.objective.into(), level.bound.into(), gap].map(signed));
        row
    });
    card.table(
        "Levels of the objective: people, or micropoints of score",
        ["Level", "Match", "Bound", "Gap"],
        rows.collect(),
    );
    card.fact(
        "Prices",
        format!(
            "of {} and {}",
            counted(certificate.mentees.len() as u64, "mentee", "mentees"),
            counted(certificate.mentors.len() as u64, "mentor", "mentors")
        ),
    );
    card.html()
}

/// An assessment: who there is, what each rule costs, and where there are too few.
///
/// # Errors
/// None that a user can cause.
pub fn assessment(assessment: &Assessment) -> Result<String, Error> {
    let lead = format!(
        "at most {}",
        covers(assessment.coverage, assessment.mentees, "mentee", "mentees")
    );
    let mut card = Card::new("Assessment", lead);
    card.fact("Mentors", count(assessment.mentors as u64));
    card.fact(
        "Pairs that every rule allows",
        count(assessment.eligible_pairs),
    );
    let nobody = |role| count(assessment.without_candidates(role) as u64);
    card.fact("Mentees whom nobody may have", nobody(Role::Mentee));
    card.fact("Mentors whom nobody may have", nobody(Role::Mentor));
    let short: u64 = assessment
        .bottlenecks
        .iter()
        .map(|set| set.shortage() as u64)
        .sum();
    let bottlenecks = assessment.bottlenecks.len() as u64;
    card.fact(
        "Bottlenecks",
        match bottlenecks {
            0 => "none".to_owned(),
            _ => format!(
                "{}, {} left in every match",
                count(bottlenecks),
                counted(short, "mentee", "mentees")
            ),
        },
    );
    let rules = assessment.rules.iter().filter(|rule| rule.on);
    let rows = rules.map(|rule| {
        let mut row = vec![spaced(&rule.rule)];
        row.extend(
            [
                rule.pairs_removed,
                rule.pairs_alone,
                rule.mentees_alone as u64,
            ]
            .map(count),
        );
        row
    });
    card.table(
        "What each rule costs; alone: what no other rule costs",
        ["Rule", "Pairs", "Pairs alone", "Mentees alone"],
        rows.collect(),
    );
    card.notes(&assessment.notes);
    card.html()
}

fn covers(covered: usize, of: usize, one: &str, many: &str) -> String {
    let (covered, of) = (covered as u64, of as u64);
    format!(
        "{} of {} covered ({})",
        count(covered),
        counted(of, one, many),
        share(covered, of)
    )
}

fn proof(card: &mut Card, certificate: &Certificate) {
    card.fact("Proof", proven(certificate));
}

fn proven(certificate: &Certificate) -> String {
    match certificate.status {
        Status::Optimal => "optimal, gap 0".to_owned(),
        Status::Infeasible => "infeasible: no match keeps every constraint".to_owned(),
        _ => format!(
            "a limit was reached; the gap is {} in the level {}",
            certificate.gap,
            spaced(&certificate.level.to_string())
        ),
    }
}

/// A number with commas: `-12,345`.
fn signed(number: i128) -> String {
    let sign = if number < 0 { "-" } else { "" };
    let size = u64::try_from(number.unsigned_abs()).unwrap_or(u64::MAX);
    format!("{sign}{}", count(size))
}
