//! Quotas: at most so many pairs of a kind.

use std::time::Duration;

use crate::support::numbers;
use nearpeer_core::certificate::ProofNode;
use nearpeer_core::{
    Cell, ClaimedPair, Criterion, ErrorKind, Feeder, Grade, Match, Missing, Options, Overlap,
    PairProperty, Person, Program, Quota, Reason, Role, Roster, Shortage, Status, verify,
};

/// The sites of a [`district`] of four.
const SITES: [&str; 4] = ["site 0", "site 1", "site 2", "site 3"];

fn grade(number: i64) -> Grade {
    Grade::new(number).expect("a grade")
}

fn mentee(id: &str, site: &str, interests: &[&str]) -> Person {
    let person = Person::new(id).grade(grade(6)).site(site);
    person.interests(interests.iter().copied())
}

fn mentor(id: &str, site: &str, interests: &[&str]) -> Person {
    let person = Person::new(id).grade(grade(9)).site(site);
    person.interests(interests.iter().copied())
}

/// Scores by interests alone, every route between the sites declared, and one quota of cross-site pairs.
fn program(sites: &[&str], at_most: u32) -> Program {
    let mut program = Program {
        criteria: vec![Criterion::interests(Overlap::Jaccard, 1.0, Missing::Zero)],
        quotas: vec![Quota::at_most("buses", PairProperty::CrossSite, at_most)],
        ..Program::default()
    };
    for from in sites {
        for to in sites {
            program.eligibility.feeders.push(Feeder {
                from: (*from).to_owned(),
                to: (*to).to_owned(),
            });
        }
    }
    program
}

fn claims(answer: &Match) -> Vec<ClaimedPair> {
    answer.pairs.iter().map(ClaimedPair::from).collect()
}

fn pairs(answer: &Match) -> Vec<(&str, &str)> {
    let pairs = answer.pairs.iter();
    pairs
        .map(|pair| (pair.mentee.as_str(), pair.mentor.as_str()))
        .collect()
}

/// A district: at some sites mentees are many and mentors few, at others the reverse.
fn district(mentees: usize, mentors: usize, sites: u64, interests: u64) -> Roster {
    let mut random = numbers(mentees as u64);
    let mut builder = Roster::builder();
    for ix in 0..mentees + mentors {
        let role = if ix < mentees {
            Role::Mentee
        } else {
            Role::Mentor
        };
        let (a, b) = (random(sites), random(sites));
        let site = if role == Role::Mentee {
            a.min(b)
        } else {
            a.max(b)
        };
        let count = 2 + random(6);
        let words: Vec<String> = (0..count)
            .map(|_| format!("interest {}", random(interests)))
            .collect();
        let lowest = if role == Role::Mentee { 6 } else { 9 };
        let person = Person::new(format!("{}{ix:05}", role.as_str()))
            .site(format!("site {site}"))
            .grade(grade(lowest + random(3) as i64))
            .with("club", format!("club {}", random(4)).as_str())
            .interests(words);
        builder.push(role, person.load_max(1 + u32::from(role == Role::Mentor)));
    }
    builder.build().expect("a roster")
}

fn counted(roster: &Roster, answer: &Match) -> usize {
    let site = |people: &nearpeer_core::roster::People, id: &str| {
        people.site(people.find(id).expect("a person"))
    };
    let cross = answer.pairs.iter().filter(|pair| {
        site(roster.mentees(), &pair.mentee) != site(roster.mentors(), &pair.mentor)
    });
    cross.count()
}

/// A whole answer that the checker agrees with.
fn proven(roster: &Roster, program: &Program) -> Match {
    let answer = program.solve(roster).expect("an answer");
    assert_eq!(answer.certificate.status, Status::Optimal);
    verify(roster, program, &claims(&answer), &answer.certificate).expect("a proof");
    answer
}

#[test]
fn a_quota_that_does_not_bind_changes_nothing() {
    let roster = district(60, 30, 4, 12);
    let free = program(&SITES, 1_000_000);
    let without = Program {
        quotas: Vec::new(),
        ..free.clone()
    };
    let expected = proven(&roster, &without);
    let cross = counted(&roster, &expected) as u32;
    for at_most in [cross, cross + 1, u32::MAX] {
        let answer = proven(&roster, &program(&SITES, at_most));
        assert_eq!(answer.pairs, expected.pairs);
        assert_eq!(answer.unmatched, expected.unmatched);
    }
    let written = serde_json::to_string(&expected.certificate).expect("JSON");
    assert!(!written.contains("side"), "{written}");
}

#[test]
fn the_pairs_that_lose_least_stay_at_home() {
    let roster = Roster::builder()
        .mentee(mentee("ana", "Grant", &["art", "chess"]))
        .mentee(mentee("bo", "Grant", &["film"]))
        .mentor(mentor("max", "Grant", &["art"]))
        .mentor(mentor("zoe", "Adams", &["art", "chess"]))
        .mentor(mentor("yan", "Adams", &["film"]))
        .build()
        .expect("a roster");
    let pair = |at_most| {
        let answer = proven(&roster, &program(&["Grant", "Adams"], at_most));
        let score = answer.total_score().0;
        let pairs = pairs(&answer);
        let pairs: Vec<String> = pairs.iter().map(|(e, m)| format!("{e} {m}")).collect();
        (pairs.join(", "), score)
    };
    assert_eq!(pair(2), ("ana zoe, bo yan".to_owned(), 2_000_000));
    // Ana loses half a point at home, Bo all of his.
    assert_eq!(pair(1), ("ana max, bo yan".to_owned(), 1_500_000));
    assert_eq!(pair(0), ("ana max".to_owned(), 500_000));
}

#[test]
fn a_tree_proves_what_prices_alone_cannot() {
    // Both are across sites, or neither: half of each is the best mixture, worth a point more than either.
    let roster = Roster::builder()
        .mentee(mentee("ana", "Grant", &["art"]))
        .mentee(mentee("bo", "Adams", &["film"]))
        .mentor(mentor("max", "Adams", &["art"]))
        .mentor(mentor("zoe", "Grant", &["film"]))
        .build()
        .expect("a roster");
    let program = program(&["Grant", "Adams"], 1);
    let answer = proven(&roster, &program);
    assert_eq!(pairs(&answer), [("ana", "zoe"), ("bo", "max")]);
    let verified = verify(&roster, &program, &claims(&answer), &answer.certificate);
    assert!(verified.expect("a proof").leaves > 1);
    // A branch that leads elsewhere, or twice to the same, proves nothing.
    for to in [0, 1, 2, 99] {
        let mut certificate = answer.certificate.clone();
        let ProofNode::Pair {
            left_out, chosen, ..
        } = &mut certificate.nodes[0]
        else {
            panic!("the root is a branch");
        };
        if to == *left_out {
            continue;
        }
        (*left_out, *chosen) = (to, if to == *chosen { to } else { *chosen });
        let error = verify(&roster, &program, &claims(&answer), &certificate);
        assert_eq!(
            error.expect_err("a false proof").kind(),
            ErrorKind::Verification
        );
    }
}

#[test]
fn a_pair_with_an_empty_cell_is_not_counted() {
    let mut program = program(&[], 0);
    program.eligibility.site = false;
    let nowhere = Person::new("max").grade(grade(9)).interests(["art"]);
    let roster = Roster::builder()
        .mentee(mentee("ana", "Grant", &["art"]))
        .mentor(nowhere)
        .build()
        .expect("a roster");
    let error = program.solve(&roster).expect_err("a column is missing");
    assert_eq!(error.place().key.as_deref(), Some("quotas[1].property"));
    let roster = Roster::builder()
        .mentee(mentee("ana", "Grant", &["art"]))
        .mentor(Person::new("max").grade(grade(9)).interests(["art"]))
        .mentor(mentor("zoe", "Adams", &["art"]).load_max(0))
        .build()
        .expect("a roster");
    assert_eq!(pairs(&proven(&roster, &program)), [("ana", "max")]);

    program.quotas = vec![Quota::at_most(
        "clubs",
        PairProperty::Same("club".into()),
        0,
    )];
    let member = |person: Person, club: Cell| person.with("club", club);
    let roster = |mentor_club: &str| {
        Roster::builder()
            .mentee(member(mentee("ana", "Grant", &["art"]), "1".into()))
            .mentee(member(mentee("bo", "Grant", &["art"]), Cell::Missing))
            .mentor(member(mentor("max", "Grant", &["art"]), mentor_club.into()))
            .build()
            .expect("a roster")
    };
    assert_eq!(pairs(&proven(&roster("1"), &program)), [("bo", "max")]);
    assert_eq!(pairs(&proven(&roster("2"), &program)), [("ana", "max")]);
}

#[test]
fn required_pairs_beyond_a_quota_are_a_conflict() {
    let mut builder = Roster::builder()
        .mentee(mentee("ana", "Grant", &["art"]))
        .mentee(mentee("bo", "Grant", &["film"]))
        .mentor(mentor("max", "Adams", &["art"]))
        .mentor(mentor("zoe", "Adams", &["film"]));
    builder.push_required("ana", "max");
    builder.push_required("bo", "zoe");
    let roster = builder.build().expect("a roster");
    let program = program(&["Grant", "Adams"], 1);
    let error = program.solve(&roster).expect_err("no match");
    assert_eq!(error.kind(), ErrorKind::Infeasible);
    let conflict = error.conflict().expect("a conflict");
    let kinds: Vec<&str> = conflict
        .constraints
        .iter()
        .map(|of| of.kind.as_str())
        .collect();
    assert_eq!(kinds, ["required_pair", "required_pair", "quota"]);
    assert_eq!(
        error.to_string(),
        "no match satisfies every constraint: these cannot all be kept: the required pair of mentee \"ana\" and \
         mentor \"max\" (table pairs_required, row 1); the required pair of mentee \"bo\" and mentor \"zoe\" (table \
         pairs_required, row 2); the quota \"buses\" of at most 1 pair (`quotas[1].at_most`). To repair it, leave out \
         the required pair of mentee \"ana\" and mentor \"max\"; or leave out the required pair of mentee \"bo\" and \
         mentor \"zoe\"; or raise at_most of the quota \"buses\" from 1 to 2"
    );
    let certificate = error.certificate().expect("a proof");
    let verified = verify(&roster, &program, &[], certificate).expect("a proof");
    assert_eq!(verified.status, Status::Infeasible);
}

#[test]
fn who_is_kept_out_by_a_quota_is_told_so() {
    let roster = Roster::builder()
        .mentee(mentee("ana", "Grant", &["art"]))
        .mentee(mentee("bo", "Grant", &["art", "film"]))
        .mentee(mentee("cy", "Adams", &["film"]))
        .mentor(mentor("max", "Adams", &["art"]).load_max(1))
        .mentor(mentor("zoe", "Adams", &["art"]).load_max(1))
        .build()
        .expect("a roster");
    let mut program = program(&["Grant", "Adams"], 1);
    let reasons = |program: &Program| {
        let answer = proven(&roster, program);
        let left = answer.unmatched.into_iter();
        left.map(|left| (left.id, left.reason)).collect::<Vec<_>>()
    };
    // Both mentors are taken, by Cy and by Ana: it is not the quota that Bo lacks.
    assert_eq!(
        reasons(&program),
        [(
            "bo".to_owned(),
            Reason::OutCompeted {
                candidates: 2,
                rivals: 2,
                // With a quota prices of persons alone do not tell.
                cost: None,
                bottleneck: Some(Shortage {
                    number: 1,
                    mentees: 3,
                    mentors: 2,
                    room: 2,
                }),
            }
        )]
    );
    program.quotas[0].at_most = Some(0);
    let reached = |candidates| Reason::QuotaReached {
        candidates,
        quotas: vec!["buses".to_owned()],
    };
    let left = reasons(&program);
    assert_eq!(
        left[..2],
        [
            ("ana".to_owned(), reached(2)),
            ("bo".to_owned(), reached(2))
        ]
    );
    assert_eq!(left[2].1, reached(3));
    assert_eq!(
        left[0].1.detail(),
        "2 eligible; a pair with any who has room would be one too many for \"buses\""
    );
}

#[cfg(feature = "highs")]
#[test]
fn quotas_go_with_circles() {
    let roster = district(6, 6, 2, 5);
    let mut program = program(&SITES, 1);
    program.loads.mentor.min = 2;
    program.loads.mentor.max = 3;
    let answer = proven(&roster, &program);
    assert!(!answer.pairs.is_empty());
    assert!(counted(&roster, &answer) <= 1);
    for (_, mentor) in pairs(&answer) {
        let of_mentor = pairs(&answer).into_iter().filter(|pair| pair.1 == mentor);
        assert!((2..=3).contains(&of_mentor.count()), "{mentor}");
    }
}

#[test]
fn several_quotas_on_a_district_are_proven_on_any_number_of_threads() {
    let roster = district(90, 45, 4, 12);
    let free = proven(&roster, &program(&SITES, u32::MAX));
    let cross = counted(&roster, &free) as u32;
    for (at_most, clubs) in [(cross / 2, 20), (cross / 5, 10), (0, 3)] {
        let mut program = program(&SITES, at_most);
        let same = PairProperty::Same("club".into());
        program.quotas.push(Quota::at_most("clubs", same, clubs));
        let answer = proven(&roster, &program);
        assert!(counted(&roster, &answer) <= at_most as usize);
        for threads in [1, 3] {
            let options = Options {
                threads: Some(threads),
                ..Options::default()
            };
            assert_eq!(
                program.solve_with(&roster, &options).as_ref().ok(),
                Some(&answer)
            );
        }
    }
}

#[test]
fn wherever_a_limit_cuts_the_answer_keeps_within_the_quotas_and_its_gap_is_true() {
    let roster = district(400, 200, 4, 12);
    let mut program = program(&SITES, 60);
    let same = PairProperty::Same("club".into());
    program.quotas.push(Quota::at_most("clubs", same, 30));
    for micros in [1, 300, 1_000, 3_000, 10_000, 30_000, 100_000] {
        let options = Options {
            time_limit: Some(Duration::from_micros(micros)),
            ..Options::default()
        };
        let answer = program.solve_with(&roster, &options).expect("a match");
        assert!(counted(&roster, &answer) <= 60);
        let verified = verify(&roster, &program, &claims(&answer), &answer.certificate);
        assert_eq!(
            verified.expect("a true gap").status,
            answer.certificate.status
        );
    }
}
