//! `nearpeer init`: what it writes is accepted, by a match as well.

use std::path::Path;

use crate::support::Folder;
use nearpeer::{Criterion, Grade, Missing, Overlap, Person, Program, Roster, starter};
use proptest::option::of;
use proptest::prelude::*;

fn data(name: &str) -> String {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/data");
    folder.join(name).display().to_string()
}

#[test]
fn what_is_written_is_accepted_by_check_and_match() {
    let small = data("small");
    let synth = data("synth");
    for input in [
        "--mentees mentees.csv --mentors mentors.csv".to_owned(),
        format!("--mentees {small}/mentees.csv --mentors {small}/mentors.csv"),
        format!("--mentees {synth}/mentees.csv --mentors {synth}/mentors.csv"),
        format!(
            "--mentees {synth}/mentees.csv --mentors {synth}/mentors.csv --leaders {synth}/leaders.csv --rooms \
             {synth}/rooms.csv"
        ),
    ] {
        let folder = Folder::new();
        let run = folder.run(&format!("init {input} --out programme.toml"));
        assert_eq!((run.status, run.err.as_str()), (Some(0), ""));
        assert!(
            run.out.starts_with("programme: programme.toml\neligible: "),
            "{}",
            run.out
        );
        let printed = folder.run(&format!("init {input}"));
        assert_eq!(printed.out, folder.get("programme.toml"));
        let run = folder.run(&format!("check --program programme.toml {input}"));
        assert_eq!((run.status, run.err.as_str()), (Some(0), ""));
        assert!(
            !run.out.contains("note: "),
            "nothing is without effect: {}",
            run.out
        );
        let run = folder.run_with(
            &format!("match --program - {input} --out out"),
            printed.out.as_bytes(),
        );
        assert_eq!((run.status, run.err.as_str()), (Some(0), ""));
        let run = folder.run(&format!(
            "verify --program programme.toml {input} --out out"
        ));
        assert_eq!((run.status, run.err.as_str()), (Some(0), ""));
    }
}

#[test]
fn the_settings_are_those_of_the_tables() {
    let folder = Folder::new();
    let run = folder.run("init --mentees mentees.csv --mentors mentors.csv");
    let program = Program::from_toml(&run.out).expect("a programme");
    assert_eq!(
        program.criteria,
        [
            Criterion::interests(Overlap::Jaccard, 0.7, Missing::Neutral),
            Criterion::grade_gap(0.3, Missing::Neutral),
        ]
    );
    for line in [
        "# A programme to begin with, made for 2 mentees and 2 mentors. Change what does not fit.",
        "grade_gap = { min = 2 }  # mentees are in grades 6 to 7, mentors in 9 to 10",
        "site = true              # sites: 1",
        "# training = true        # there is no column trained",
        "# The mentors' table has a column load_max, which comes before this.",
    ] {
        assert!(
            run.out.lines().any(|there| there == line),
            "{line}\n{}",
            run.out
        );
    }
    folder.put(
        "mentees.csv",
        "id,grade,site,age,club\na,8,\"East\nside\",13,go\nb,9,North,14,\n",
    );
    folder.put(
        "mentors.csv",
        "id,grade,site,age,club\nm,9,West \"1\",15,go\n",
    );
    let run = folder.run("init --mentees mentees.csv --mentors mentors.csv");
    for line in [
        "grade_gap = { min = 1 }  # mentees are in grades 8 to 9, mentors in 9 to 9: no pair is two apart",
        "    # { from = \"West \\\"1\\\"\", to = \"East\\u000Aside\" },",
        "#     { kind = \"closeness\", column = \"age\", scale = 2.0, weight = 0.1, missing = \"neutral\" }",
        "#     { kind = \"same\", column = \"club\", weight = 0.1, missing = \"neutral\" }",
        "# There are fewer mentors than mentees: with max = 2 there would be room for all.",
    ] {
        assert!(
            run.out.lines().any(|there| there == line),
            "{line}\n{}",
            run.out
        );
    }
}

#[test]
fn students_get_a_programme_of_co_mentoring() {
    let folder = Folder::new();
    folder.put(
        "students.csv",
        "id,grade,interests\na,7,art\nb,7,art\nc,7,go\nd,7,go\n",
    );
    let run = folder.run("init --students students.csv --out programme.toml");
    assert_eq!((run.status, run.err.as_str()), (Some(0), ""));
    let run = folder.run("match --program programme.toml --students students.csv --out out");
    assert_eq!((run.status, run.err.as_str()), (Some(0), ""));
    assert!(run.out.contains("coverage: 4 of 4"), "{}", run.out);
}

#[test]
fn a_programme_that_is_there_is_kept() {
    let folder = Folder::new();
    folder.put("programme.toml", "# mine\n");
    let tables = "--mentees mentees.csv --mentors mentors.csv";
    let run = folder.run(&format!("init {tables} --out programme.toml"));
    assert_eq!(run.status, Some(2));
    assert_eq!(
        run.err,
        "error: the output \"programme.toml\" is there already; name another, or replace it with --force\n"
    );
    assert_eq!(folder.get("programme.toml"), "# mine\n");
    let run = folder.run(&format!("init {tables} --out mentees.csv --force"));
    assert_eq!(run.status, Some(2), "a table is not replaced");
    assert!(
        run.err.contains("would replace the file of --mentees"),
        "{}",
        run.err
    );
    let run = folder.run(&format!("init {tables} --out programme.toml --force"));
    assert_eq!((run.status, run.err.as_str()), (Some(0), ""));
    assert!(folder.get("programme.toml").contains("[eligibility]"));
    folder.put("programme.toml", "# mine\n");
    let run = folder.run(&format!("init {tables} --program programme.toml"));
    assert_eq!(
        run.err,
        "error: --program has no place here: init makes a programme\n"
    );
}

/// Somebody with some of the columns.
fn person(id: &'static str) -> impl Strategy<Value = Person> {
    let word = "[a-z\"\\\\\n\t# =\\[\\]]{1,6}[a-z]";
    let words = (of(word), of(word), of(word), of(word));
    let others = (
        of(-1..13_i64),
        of(any::<bool>()),
        of(any::<bool>()),
        0..1000_u32,
    );
    (words, others).prop_map(
        move |((site, interest, language, club), (grade, same, yes, ix))| {
            let mut person = Person::new(format!("{id}{ix}"));
            if let Some(grade) = grade.and_then(Grade::new) {
                person = person.grade(grade);
            }
            if let Some(site) = site {
                person = person.site(site);
            }
            if let Some(interest) = interest {
                person = person.interests([&*interest]).slots([&*interest]);
            }
            if let Some(language) = language {
                person = match yes {
                    Some(true) => person.languages([&*language]).gender(&*language),
                    _ => person.requires_language(&*language),
                };
            }
            if let Some(same) = same {
                person = person.requires_same_gender(same).consent(same);
            }
            if let Some(yes) = yes {
                person = person.trained(yes).screened(yes);
            }
            match club {
                Some(club) => person.with(format!("club {}", club.len()), &*club),
                None => person,
            }
        },
    )
}

fn people(id: &'static str) -> impl Strategy<Value = Vec<Person>> {
    proptest::collection::vec(person(id), 1..5)
}

proptest! {
    #[test]
    fn whatever_people_there_are_the_programme_is_valid(mentees in people("e"), mentors in people("m")) {
        let builder = mentees.into_iter().fold(Roster::builder(), |of, person| of.mentee(person));
        let builder = mentors.into_iter().fold(builder, |of, person| of.mentor(person));
        let Ok(roster) = builder.build() else {
            return Err(TestCaseError::reject("an id twice"));
        };
        let settings = starter::programme(&roster);
        let program = Program::from_toml(&settings);
        let checked = program.and_then(|program| program.check(&roster));
        prop_assert!(checked.is_ok(), "{:?}\n{}", checked.err(), settings);
    }
}
