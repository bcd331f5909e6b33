//! Parts of worked examples.

use nearpeer_core::{Criterion, Grade, Person, Program, Roster};

pub(crate) fn grade(number: i64) -> Grade {
    Grade::new(number).expect("a grade")
}

/// The default programme with other criteria.
pub(crate) fn scored_by(criteria: Vec<Criterion>) -> Program {
    Program {
        criteria,
        ..Program::default()
    }
}

pub(crate) fn one_pair(mentee: Person, mentor: Person) -> Roster {
    Roster::builder()
        .mentee(mentee)
        .mentor(mentor)
        .build()
        .expect("a roster")
}
