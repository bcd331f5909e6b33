//! Solves that are cut short: the answer so far is feasible, and its gap is true.

use std::time::Duration;

use nearpeer_core::{
    Assign, ClaimedPair, ErrorKind, Grade, LoadRange, Match, Options, Person, Program, Role,
    Roster, Scorer, Scores, Status, StopFlag, VerifyOptions, assign, verify, verify_assignment,
    verify_assignment_with, verify_with,
};

/// Numbers below `below`, the same every time (Knuth's MMIX generator).
fn numbers(mut state: u64, below: u64) -> impl FnMut() -> u64 {
    move || {
        state = state
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        (state >> 33) % below
    }
}

fn roster(mentees: usize, mentors: usize) -> Roster {
    let mut random = numbers(7, 40);
    let mut builder = Roster::builder();
    for ix in 0..mentees + mentors {
        let (role, grade) = if ix < mentees {
            (Role::Mentee, 6)
        } else {
            (Role::Mentor, 10)
        };
        let interests: Vec<String> = (0..6).map(|_| format!("interest {}", random())).collect();
        let person = Person::new(format!("{}{ix:05}", role.as_str()))
            .interests(interests)
            .priority(ix as u32 % 4);
        builder.push(role, person.grade(Grade::new(grade).expect("a grade")));
    }
    builder.build().expect("a roster")
}

fn limited(limit: Duration) -> Options {
    Options {
        time_limit: Some(limit),
        ..Options::default()
    }
}

fn claims(answer: &Match) -> Vec<ClaimedPair> {
    let claim = |pair: &nearpeer_core::Pair| ClaimedPair {
        mentee: pair.mentee.clone(),
        mentor: pair.mentor.clone(),
        score: pair.score,
    };
    answer.pairs.iter().map(claim).collect()
}

#[test]
fn wherever_a_limit_cuts_the_answer_is_feasible_and_its_gap_true() {
    let roster = roster(600, 300);
    let mut circles = Program::default();
    circles.loads.mentor.min = 2;
    circles.loads.mentor.max = 3;
    let mut plain = Program::default();
    plain.loads.mentor.max = 2;
    let mut promised = plain.clone();
    promised.loads.mentee.min = 1;
    let mut cut = 0;
    for program in [plain, circles, promised] {
        for millis in [0, 1, 2, 5, 10, 20, 50, 100] {
            let limit = Duration::from_millis(millis).max(Duration::from_nanos(1));
            let answer = program
                .solve_with(&roster, &limited(limit))
                .expect("an answer");
            let certificate = &answer.certificate;
            assert_eq!(certificate.gap == 0, certificate.status == Status::Optimal);
            cut += usize::from(certificate.status == Status::LimitReached);
            let verified = verify(&roster, &program, &claims(&answer), certificate);
            let verified = verified.expect("a true gap");
            assert_eq!(verified.status, certificate.status);
        }
    }
    assert!(cut >= 2, "a nanosecond is enough for nothing");
}

#[test]
fn a_limit_in_the_tree_keeps_what_was_found() {
    // Of 61 mentees who are all alike 60 fit into circles of 4, and nothing tells which: no small tree proves it.
    let mut builder = Roster::builder();
    for ix in 0..91 {
        let (role, prefix) = if ix < 61 {
            (Role::Mentee, "e")
        } else {
            (Role::Mentor, "m")
        };
        builder.push(role, Person::new(format!("{prefix}{ix}")));
    }
    let roster = builder.build().expect("a roster");
    let mut program = Program::default();
    program.loads.mentor.min = 4;
    program.loads.mentor.max = 4;
    let answer = program
        .solve_with(&roster, &limited(Duration::from_secs(3)))
        .expect("an answer");
    assert_eq!(answer.covered(), 60);
    let verified = verify(&roster, &program, &claims(&answer), &answer.certificate);
    assert_eq!(
        verified.expect("a true gap").status,
        answer.certificate.status
    );
}

#[test]
fn a_limit_before_any_feasible_assignment_is_an_error_or_a_feasible_answer() {
    let mut random = numbers(3, 1_000_000);
    let values: Vec<i64> = (0..300 * 300).map(|_| random() as i64).collect();
    let scores = Scores::dense_integers(300, 300, &values).expect("scores");
    let one = vec![LoadRange { low: 1, high: 1 }; 300];
    let task = Assign {
        row_loads: one.clone(),
        column_loads: one,
        ..Assign::default()
    };
    match assign(&scores, &task, &limited(Duration::from_nanos(1))) {
        Ok(answer) => {
            verify_assignment(&scores, &task, &answer).expect("a true gap");
        }
        Err(error) => assert_eq!(error.kind(), ErrorKind::Limit, "{error}"),
    }
    let whole = assign(&scores, &task, &Options::default()).expect("an assignment");
    assert_eq!(
        verify_assignment(&scores, &task, &whole)
            .expect("a proof")
            .status,
        Status::Optimal
    );
}

#[test]
fn a_raised_flag_ends_the_solve() {
    let stop = StopFlag::default();
    stop.raise();
    let options = Options {
        stop,
        ..Options::default()
    };
    let error = Program::default()
        .solve_with(&roster(20, 10), &options)
        .expect_err("it was stopped");
    assert_eq!(error.kind(), ErrorKind::Interrupted);
}

#[test]
fn a_raised_flag_ends_a_check() {
    let stop = StopFlag::default();
    stop.raise();
    let roster = roster(20, 10);
    let program = Program::default();
    let answer = program.solve(&roster).expect("a match");
    for scorer in [Scorer::Compiled, Scorer::Reference] {
        let options = VerifyOptions {
            scorer,
            stop: stop.clone(),
            ..VerifyOptions::default()
        };
        for claims in [claims(&answer), Vec::new()] {
            let verified = verify_with(&roster, &program, &claims, &answer.certificate, &options);
            let error = verified.expect_err("it was stopped");
            assert_eq!(error.kind(), ErrorKind::Interrupted, "{error}");
        }
    }
    let scores = Scores::dense_integers(2, 2, &[4, 5, 3, 1]).expect("scores");
    let best = assign(&scores, &Assign::default(), &Options::default()).expect("an assignment");
    let options = VerifyOptions {
        stop,
        ..VerifyOptions::default()
    };
    let verified = verify_assignment_with(&scores, &Assign::default(), &best, &options);
    let error = verified.expect_err("it was stopped");
    assert_eq!(error.kind(), ErrorKind::Interrupted, "{error}");
}

#[test]
fn prices_beyond_64_bits_prove_as_much_on_any_number_of_threads() {
    // Tiers multiply: with fifteen of them the weight of the first level needs more than 64 bits.
    let mut builder = Roster::builder();
    for ix in 0..90 {
        let (role, grade) = if ix < 60 {
            (Role::Mentee, 6)
        } else {
            (Role::Mentor, 10)
        };
        let person = Person::new(format!("{}{ix:02}", role.as_str()))
            .interests([
                format!("interest {}", ix % 7),
                format!("interest {}", ix % 11),
            ])
            .priority(ix % 16);
        builder.push(role, person.grade(Grade::new(grade).expect("a grade")));
    }
    let roster = builder.build().expect("a roster");
    let mut program = Program::default();
    program.loads.mentor.max = 3;
    program.loads.mentor.min = 1;
    program.loads.mentor.or_none = false;
    let answer = program.solve(&roster).expect("a match");
    assert!(answer.certificate.levels[0].weight > i128::from(i64::MAX));
    for (scorer, threads) in [
        (Scorer::Compiled, 1),
        (Scorer::Compiled, 5),
        (Scorer::Reference, 2),
    ] {
        let options = VerifyOptions {
            threads: Some(threads),
            scorer,
            ..VerifyOptions::default()
        };
        let verified = verify_with(
            &roster,
            &program,
            &claims(&answer),
            &answer.certificate,
            &options,
        );
        let verified = verified.expect("a proof");
        assert_eq!(
            (verified.status, verified.scorer),
            (Status::Optimal, scorer)
        );
        assert_eq!(verified.eligible, 60 * 30);
    }
}

#[test]
fn a_flag_that_is_raised_while_the_linear_program_runs_ends_it_soon() {
    let stop = StopFlag::default();
    let options = Options {
        stop: stop.clone(),
        ..Options::default()
    };
    let mut program = Program::default();
    program.loads.mentor.min = 3;
    program.loads.mentor.max = 4;
    let roster = roster(1200, 600);
    let solve = std::thread::spawn(move || program.solve_with(&roster, &options));
    std::thread::sleep(Duration::from_millis(700));
    stop.raise();
    match solve.join().expect("no panic") {
        Ok(answer) => assert_eq!(answer.certificate.status, Status::Optimal),
        Err(error) => assert_eq!(error.kind(), ErrorKind::Interrupted),
    }
}

#[test]
fn no_time_at_all_is_an_error() {
    let error = Program::default()
        .solve_with(&roster(2, 2), &limited(Duration::ZERO))
        .expect_err("no time");
    assert_eq!(
        error.to_string(),
        "programme key `limits.time`: a time limit is a number of seconds above 0"
    );
}
