//! Parts of worked examples.

use nearpeer_core::{Grade, Person, Roster};

pub(crate) fn grade(number: i64) -> Grade {
    Grade::new(number).expect("a grade")
}

pub(crate) fn one_pair(mentee: Person, mentor: Person) -> Roster {
    Roster::builder()
        .mentee(mentee)
        .mentor(mentor)
        .build()
        .expect("a roster")
}
