//! Fairness on made-up districts that are too large to try everything: the checker proves each answer.

use super::{by, checked};
use crate::certificate::Status;
use crate::programme::{ObjectiveLevel, Program};
use crate::solve::Method;
use crate::synth::{District, Plan};

fn plan(mentees: usize, mentors: usize, seed: u64) -> Plan {
    Plan {
        sites: 0,
        mentees: Some(mentees),
        mentors: Some(mentors),
        missing: 0.0,
        seed,
        ..Plan::default()
    }
}

/// The scores of the pairs in ascending order, proven to be the best there are, on one thread and on two.
fn scores(plan: &Plan, level: ObjectiveLevel, change: impl Fn(&mut Program)) -> Vec<i64> {
    let district = District::new(plan).expect("a district");
    let (roster, mut program) = (district.roster(), district.program());
    program.objective = vec![
        ObjectiveLevel::Transition,
        ObjectiveLevel::Coverage,
        level,
        ObjectiveLevel::Score,
    ];
    change(&mut program);
    let answer = program
        .solve_with(&roster, &by(Method::Fastest, 1))
        .expect("a match");
    assert_eq!(answer.certificate.status, Status::Optimal);
    checked(&roster, &program, &answer).expect("a proof");
    let again = program
        .solve_with(&roster, &by(Method::Fastest, 2))
        .expect("a match");
    assert_eq!(answer, again);
    let mut scores: Vec<i64> = answer.pairs.iter().map(|pair| pair.score.0).collect();
    scores.sort_unstable();
    scores
}

#[test]
fn orders_of_scores_are_proven_where_mentors_are_scarce_plenty_or_just_enough() {
    for (mentees, mentors) in [(400, 200), (300, 100), (150, 200)] {
        for seed in [7, 8] {
            let plan = plan(mentees, mentors, seed);
            let order = scores(&plan, ObjectiveLevel::Leximin, |_| {});
            let fair = scores(&plan, ObjectiveLevel::WorstOff, |_| {});
            assert_eq!(order[0], fair[0]);
            assert!(order >= fair);
            assert!(order.iter().sum::<i64>() <= fair.iter().sum());
        }
    }
}

#[test]
fn promises_of_mentors_are_kept() {
    let plan = plan(120, 100, 9);
    let order = scores(&plan, ObjectiveLevel::Leximin, |program| {
        program.loads.mentor.min = 1;
        program.loads.mentor.or_none = false;
    });
    assert_eq!(order.len(), 120);
}
