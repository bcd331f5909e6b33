//! What the benchmarks share: rosters of any size, and the time that each phase of a solve takes.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use nearpeer::{Grade, Options, Person, Phase, Program, Progress, Role, Roster, Watcher};
use numbers::numbers;

#[path = "../crates/nearpeer-core/tests/it/support/numbers.rs"]
mod numbers;

/// A roster of mentees in grades 6 to 8 and half as many mentors in grades 9 to 12, with 3 to 12 of 64
/// interests, the first of which are the most common. The same numbers give the same roster.
#[must_use]
pub fn roster(mentees: usize) -> Roster {
    let mut random = numbers(12_345);
    let mut builder = Roster::builder();
    for ix in 0..mentees + mentees / 2 {
        let is_mentee = ix < mentees;
        let (role, lowest, grades) = if is_mentee {
            (Role::Mentee, 6, 3)
        } else {
            (Role::Mentor, 9, 4)
        };
        let grade = Grade::new(lowest + random(grades) as i64).expect("a grade");
        let count = 3 + random(10);
        let interests: Vec<String> = (0..count)
            .map(|_| format!("interest {}", random(64) * random(64) / 64))
            .collect();
        let id = format!("{}{ix:06}", role.as_str());
        let club = format!("club {}", ix * ix % 7 % 4);
        builder.push(
            role,
            Person::new(id)
                .grade(grade)
                .interests(interests)
                .with("club", club.as_str()),
        );
    }
    builder.build().expect("a roster")
}

/// The default programme with these loads of a mentor.
#[must_use]
pub fn program(max: u32, min: u32) -> Program {
    let mut program = Program::default();
    program.loads.mentor.max = max;
    program.loads.mentor.min = min;
    program
}

/// Solves, and gives the time of each phase, all its rounds together.
///
/// # Panics
/// If there is no match, or it is not proven.
#[must_use]
pub fn phases(program: &Program, roster: &Roster) -> HashMap<Phase, Duration> {
    let phases = Arc::new(Mutex::new(HashMap::new()));
    let written = Arc::clone(&phases);
    let last = Mutex::new((Phase::Compile, Duration::ZERO));
    let options = Options {
        progress: Some(Watcher::new(move |progress: &Progress| {
            let mut last = last.lock().unwrap_or_else(PoisonError::into_inner);
            let mut phases = written.lock().unwrap_or_else(PoisonError::into_inner);
            *phases.entry(last.0).or_default() += progress.elapsed - last.1;
            *last = (progress.phase, progress.elapsed);
        })),
        ..Options::default()
    };
    let answer = program.solve_with(roster, &options).expect("a match");
    assert_eq!(answer.certificate.gap, 0);
    phases
        .lock()
        .unwrap_or_else(PoisonError::into_inner)
        .clone()
}
