//! Constraints over schools that share nobody: solved school by school where what is best so keeps them.
use nearpeer_core::certificate::{Certificate, Status};
use nearpeer_core::verify::{ClaimedPair, verify};
use nearpeer_core::{ErrorKind, Grade, Leader, Match, Person, Program, Roster};

const BALANCED: &str = "
[[balance]]
column = \"gender\"
within = 0.05
";

fn person(id: &str, grade: i64, site: &str, gender: &str) -> Person {
    let grade = Grade::new(grade).expect("a grade");
    Person::new(id)
        .grade(grade)
        .site(site)
        .gender(gender)
        .slots(["Mon"])
}

/// Two schools, each with two mentees of these genders and a mentor of so many.
fn schools(genders: [[&str; 2]; 2], loads: [u32; 2]) -> Roster {
    let mut roster = Roster::builder();
    let sites = ["Grant", "Lincoln"].into_iter().zip(genders).zip(loads);
    for ((site, genders), load) in sites {
        for (number, gender) in genders.into_iter().enumerate() {
            roster = roster.mentee(person(&format!("{site} {number}"), 6, site, gender));
        }
        roster = roster
            .mentor(person(&format!("{site} mentor"), 10, site, "f").load_max(load))
            .leader(
                Leader::new(format!("{site} leader"))
                    .site(site)
                    .slots(["Mon"])
                    .capacity(2),
            );
    }
    roster.build().expect("a roster")
}

fn solved(roster: &Roster) -> (Program, Match) {
    let program = Program::from_toml(BALANCED).expect("a programme");
    let answer = program.solve(roster).expect("a match");
    assert_eq!(answer.certificate.status, Status::Optimal);
    checked(roster, &program, &answer, &answer.certificate).expect("a proof");
    (program, answer)
}

fn checked(
    roster: &Roster,
    program: &Program,
    answer: &Match,
    certificate: &Certificate,
) -> Result<Status, nearpeer_core::Error> {
    let claims: Vec<ClaimedPair> = answer.pairs.iter().map(ClaimedPair::from).collect();
    verify(roster, program, &claims, certificate).map(|verified| verified.status)
}

#[test]
fn a_balance_that_the_schools_keep_joins_none() {
    let roster = schools([["f", "m"], ["f", "m"]], [2, 2]);
    let (program, answer) = solved(&roster);
    assert_eq!((answer.covered(), answer.certificate.parts.len()), (4, 2));

    let mut certificate = answer.certificate.clone();
    let parts = certificate.parts.iter_mut();
    let levels = parts.flat_map(|part| &mut part.levels);
    let mut prices = levels.flat_map(|level| &mut level.prices);
    let side = &mut prices.next().expect("prices").side;
    assert!(!side.is_empty());
    side[0] = 1;
    let refused = checked(&roster, &program, &answer, &certificate);
    let error = refused.expect_err("a price for what joins the schools");
    assert_eq!(error.kind(), ErrorKind::Verification);
}

#[test]
fn a_balance_that_the_schools_would_break_joins_them() {
    let roster = schools([["f", "f"], ["m", "m"]], [2, 1]);
    let (_, answer) = solved(&roster);
    // One of each gender: both girls, and one of two boys, would be half a share apart.
    assert_eq!((answer.covered(), answer.certificate.parts.len()), (2, 1));
}
