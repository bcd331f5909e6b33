//! Solves that are cut short: the answer so far is feasible, and its gap is true.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use crate::support::numbers;
use nearpeer_core::{
    Assign, ClaimedPair, ErrorKind, Grade, Level, LoadRange, Match, OnStop, Options, Person, Phase,
    Program, Progress, Role, Roster, Scorer, Scores, Status, StopFlag, VerifyOptions, Watcher,
    assign, verify, verify_assignment, verify_assignment_with, verify_with,
};

fn roster(mentees: usize, mentors: usize) -> Roster {
    let mut random = numbers(7);
    let mut builder = Roster::builder();
    for ix in 0..mentees + mentors {
        let (role, grade) = if ix < mentees {
            (Role::Mentee, 6)
        } else {
            (Role::Mentor, 10)
        };
        let interests: Vec<String> = (0..6).map(|_| format!("interest {}", random(40))).collect();
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
    answer.pairs.iter().map(ClaimedPair::from).collect()
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
    let mut random = numbers(3);
    let values: Vec<i64> = (0..300 * 300).map(|_| random(1_000_000) as i64).collect();
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

/// Checks that a match is feasible and its gap true.
fn assert_verified(roster: &Roster, program: &Program, answer: &Match) {
    let verified = verify(roster, program, &claims(answer), &answer.certificate);
    assert_eq!(
        verified.expect("a true gap").status,
        answer.certificate.status
    );
}

#[test]
fn a_flag_that_means_to_keep_gives_the_best_so_far() {
    let roster = roster(60, 30);
    let stop = StopFlag::default();
    stop.raise();
    let options = Options {
        stop,
        on_stop: OnStop::Keep,
        ..Options::default()
    };
    let program = Program::default();
    let answer = program.solve_with(&roster, &options).expect("an answer");
    assert_eq!(answer.certificate.status, Status::LimitReached);
    assert_verified(&roster, &program, &answer);
}

#[test]
fn a_memory_limit_cuts_like_a_deadline() {
    let roster = roster(300, 150);
    let mut circles = Program::default();
    circles.loads.mentor.min = 2;
    circles.loads.mentor.max = 3;
    for mut program in [Program::default(), circles] {
        let options = Options {
            memory_limit: Some(1),
            ..Options::default()
        };
        let answer = program.solve_with(&roster, &options).expect("an answer");
        assert_eq!(answer.certificate.status, Status::LimitReached);
        assert_verified(&roster, &program, &answer);
        program.limits.memory = Some(100_000);
        program.limits.time = Some(20.0);
        let answer = program.solve(&roster).expect("an answer");
        assert_verified(&roster, &program, &answer);
    }
    let options = Options {
        memory_limit: Some(0),
        ..Options::default()
    };
    let error = Program::default().solve_with(&roster, &options);
    let error = error.expect_err("no memory").to_string();
    assert!(
        error.starts_with("programme key `limits.memory`"),
        "{error}"
    );
}

#[test]
fn a_gap_that_is_accepted_ends_the_solve() {
    // Rows of two columns start without an auction, and there are no mentors' columns to start from, so it takes rounds
    // to find the ones that are missing.
    let two = vec![LoadRange { low: 0, high: 2 }; 300];
    let mut random = numbers(11);
    let values: Vec<i64> = (0..300 * 300).map(|_| random(1_000) as i64).collect();
    let scores = Scores::dense_integers(300, 300, &values).expect("scores");
    for coverage_first in [false, true] {
        let task = Assign {
            coverage_first,
            row_loads: two.clone(),
            column_loads: two.clone(),
            ..Assign::default()
        };
        let (options, told) = watched();
        let optimum = assign(&scores, &task, &options).expect("an optimum");
        // The gaps on the way that leave nothing open but the score.
        let told = told.lock().expect("no panic");
        let on_the_way = told
            .iter()
            .filter(|progress| progress.level == Some(Level::Score));
        let gaps: Vec<i64> = on_the_way.filter_map(|progress| progress.gap).collect();
        let widest = *gaps.iter().max().expect("it ends there");
        assert!(widest > 0, "the gap closes at once");
        for gap in [0, 1, widest / 2, widest] {
            let options = Options {
                gap: Some(gap as u64),
                ..Options::default()
            };
            let answer = assign(&scores, &task, &options).expect("an answer");
            assert!(answer.gap <= gap, "{} of {gap}", answer.gap);
            let missed = optimum.objective - answer.objective;
            assert!((0..=answer.gap).contains(&missed));
            let verified = verify_assignment(&scores, &task, &answer).expect("a true gap");
            assert_eq!(verified.status, answer.status);
            if gap == widest {
                assert_eq!(answer.status, Status::LimitReached);
            }
        }
    }
}

#[test]
fn a_programme_says_which_gap_is_accepted() {
    let roster = roster(200, 100);
    let mut program = Program::default();
    let optimum = program.solve(&roster).expect("an optimum");
    program.limits.gap = Some(1_000_000);
    let answer = program.solve(&roster).expect("an answer");
    assert_verified(&roster, &program, &answer);
    assert!(optimum.certificate.objective - answer.certificate.objective <= 1_000_000);
    assert!(answer.certificate.gap <= 1_000_000);
}

#[test]
fn a_gap_that_is_accepted_prunes_the_tree() {
    let roster = roster(60, 24);
    let mut program = Program::default();
    program.loads.mentor.min = 3;
    program.loads.mentor.max = 4;
    program.limits.time = Some(60.0);
    for gap in [500_000, 5_000_000] {
        program.limits.gap = Some(gap);
        let answer = program.solve(&roster).expect("an answer");
        assert!(answer.certificate.gap <= gap);
        assert_verified(&roster, &program, &answer);
    }
}

#[test]
fn a_gap_without_a_score_is_noted() {
    let mut program = Program::default();
    program.objective.pop();
    program.limits.gap = Some(10);
    let answer = program.solve(&roster(4, 4)).expect("an answer");
    assert_eq!(
        answer.notes,
        ["limits.gap has no effect without the objective level `score`"]
    );
}

/// Options that note what the solve tells, and the notes.
fn watched() -> (Options, Arc<Mutex<Vec<Progress>>>) {
    let told = Arc::new(Mutex::new(Vec::new()));
    let notes = Arc::clone(&told);
    let note = move |progress: &Progress| notes.lock().expect("no panic").push(progress.clone());
    let options = Options {
        progress: Some(Watcher::new(note)),
        ..Options::default()
    };
    (options, told)
}

#[test]
fn a_watcher_is_told_every_phase_and_round_and_the_end() {
    let mut circles = Program::default();
    circles.loads.mentor.min = 3;
    circles.loads.mentor.max = 4;
    circles.limits.time = Some(10.0);
    for (program, roster) in [
        (Program::default(), roster(600, 300)),
        (circles, roster(40, 14)),
    ] {
        let (options, told) = watched();
        let answer = program.solve_with(&roster, &options).expect("an answer");
        let silent = program.solve(&roster).expect("an answer");
        if silent.certificate.status == Status::Optimal {
            assert_eq!(answer, silent);
        }
        let told = told.lock().expect("no panic");
        let certificate = &answer.certificate;
        let first = told.first().expect("it was told");
        assert_eq!((first.phase, first.round), (Phase::Compile, 0));
        let last = told.last().expect("it was told");
        assert_eq!(
            (last.phase, last.gap),
            (Phase::Explain, Some(certificate.gap))
        );
        assert_eq!(last.objective, Some(certificate.objective));
        assert_eq!(last.bound, Some(certificate.bound));
        let level = |progress: &Progress| {
            let levels = &certificate.levels;
            levels
                .iter()
                .position(|value| Some(value.level) == progress.level)
        };
        let mut phases = Vec::new();
        for two in told.windows(2) {
            let (before, after) = (&two[0], &two[1]);
            assert!(before.elapsed <= after.elapsed);
            assert!(after.round - before.round <= 1, "every round is told");
            assert!(after.done <= after.total);
            // Levels are proven one after the other, and in each the gap shrinks.
            assert!(level(before) <= level(after), "{before:?} {after:?}");
            if level(before).is_some() && level(before) == level(after) {
                assert!(before.objective <= after.objective);
                assert!(before.bound >= after.bound);
            }
            phases.push(before.phase);
        }
        let rounds = last.round;
        assert!(rounds > 1);
        for phase in [Phase::FirstColumns, Phase::Network, Phase::Pricing] {
            assert!(phases.contains(&phase), "{phase} is not told");
        }
    }
}

#[test]
fn an_assignment_is_watched_too() {
    let (options, told) = watched();
    let scores = Scores::dense_integers(3, 3, &[4, 1, 3, 2, 0, 5, 3, 2, 2]).expect("scores");
    let best = assign(&scores, &Assign::default(), &options).expect("an assignment");
    let told = told.lock().expect("no panic");
    let last = told.last().expect("it was told");
    assert_eq!((last.objective, last.gap), (Some(best.objective), Some(0)));
}

#[test]
fn a_watcher_that_panics_ends_the_solve() {
    let roster = roster(60, 30);
    for phase in [Phase::Compile, Phase::Pricing, Phase::Explain] {
        let watcher = Watcher::new(move |progress| {
            assert!(progress.phase != phase, "seen enough");
        });
        let options = Options {
            progress: Some(watcher),
            on_stop: OnStop::Keep,
            ..Options::default()
        };
        let error = Program::default().solve_with(&roster, &options);
        let error = error.expect_err("the watcher panicked");
        assert_eq!(error.kind(), ErrorKind::Interrupted);
        assert_eq!(
            error.message(),
            "the progress callback panicked: seen enough"
        );
    }
}
