//! Solves that are cut after so many looks at the stop flag: at every kind of moment, the same every time.

use super::{by, checked};
use crate::certificate::{Certificate, Status};
use crate::error::ErrorKind;
use crate::interrupt::{OnStop, StopFlag};
use crate::matching::{Match, Options};
use crate::programme::{ObjectiveLevel, PairProperty, Quota};
#[cfg(feature = "highs")]
use crate::roster::Leader;
use crate::roster::{Grade, Person, Role, Roster, RosterBuilder};
use crate::solve::Method;
use crate::{Error, Program};

/// Mentees of grade 6 and mentors of grade 10, each with what `with` gives who is the so manieth of all.
fn people(mentees: usize, mentors: usize, with: impl Fn(Person, usize) -> Person) -> RosterBuilder {
    let mut builder = Roster::builder();
    for ix in 0..mentees + mentors {
        let (role, grade) = if ix < mentees {
            (Role::Mentee, 6)
        } else {
            (Role::Mentor, 10)
        };
        let person = Person::new(format!("{}{ix:05}", role.as_str()));
        let person = person.grade(Grade::new(grade).expect("a grade"));
        builder.push(role, with(person, ix));
    }
    builder
}

/// So many of so many interests.
fn interests(ix: usize, count: usize, all: usize) -> impl Iterator<Item = String> {
    (0..count).map(move |nth| format!("{}", (ix + 1) * (2 * nth + 7) * (ix + nth + 3) % all))
}

/// People with six of forty interests each, mentees in four tiers.
fn roster(mentees: usize, mentors: usize) -> Roster {
    let with = |person: Person, ix: usize| {
        person
            .interests(interests(ix, 6, 40))
            .with("club", format!("club {}", ix * ix % 7 % 3).as_str())
            .priority(ix as u32 % 4)
    };
    people(mentees, mentors, with).build().expect("a roster")
}

fn cut(roster: &Roster, program: &Program, looks: usize, on_stop: OnStop) -> Result<Match, Error> {
    let options = Options {
        stop: StopFlag::raised_after(looks),
        on_stop,
        ..by(Method::Fastest, 1)
    };
    program.solve_with(roster, &options)
}

/// Numbers of looks that grow by a third, from none.
fn looks() -> impl Iterator<Item = usize> {
    std::iter::successors(Some(0), |looks| Some(looks + 1 + looks / 3))
}

/// Level by level, no bound is below the optimum while the levels above have the optimum's values.
fn is_true(certificate: &Certificate, optimum: &Certificate) -> bool {
    for (level, best) in certificate.levels.iter().zip(&optimum.levels) {
        if level.bound < best.objective {
            return false;
        }
        if level.objective != best.objective {
            break;
        }
    }
    true
}

fn every_cut_is_feasible_with_a_true_gap(roster: &Roster, program: &Program) {
    let optimum = program.solve(roster).expect("an optimum");
    assert_eq!(optimum.certificate.status, Status::Optimal);
    let mut cuts = 0;
    for looks in looks() {
        let answer = match cut(roster, program, looks, OnStop::Keep) {
            Ok(answer) => answer,
            Err(error) => {
                // Only before the promises could be kept.
                assert_eq!(error.kind(), ErrorKind::Limit, "{looks}: {error}");
                assert!(program.loads.mentor.min > 0 && !program.loads.mentor.or_none);
                cuts += 1;
                continue;
            }
        };
        let verified = checked(roster, program, &answer).expect("a true gap");
        assert_eq!(verified.status, answer.certificate.status);
        assert!(
            is_true(&answer.certificate, &optimum.certificate),
            "{looks}: {:?}",
            answer.certificate.levels
        );
        if answer.certificate.status == Status::Optimal {
            assert_eq!(answer, optimum, "{looks}");
            break;
        }
        assert_eq!(answer.certificate.status, Status::LimitReached);
        assert!(answer.certificate.gap > 0);
        cuts += 1;
    }
    assert!(cuts > 10, "only {cuts} cuts");
}

#[test]
fn a_network_may_be_cut_at_any_moment() {
    let mut program = Program::default();
    program.loads.mentor.max = 2;
    every_cut_is_feasible_with_a_true_gap(&roster(240, 100), &program);
    every_cut_is_feasible_with_a_true_gap(&roster(100, 160), &program);
}

#[test]
fn a_network_with_promises_may_be_cut_at_any_moment() {
    let mut program = Program::default();
    program.loads.mentor.max = 2;
    program.loads.mentee.min = 1;
    every_cut_is_feasible_with_a_true_gap(&roster(150, 100), &program);
    program.loads.mentee.min = 0;
    program.loads.mentor.min = 1;
    program.loads.mentor.or_none = false;
    every_cut_is_feasible_with_a_true_gap(&roster(150, 100), &program);
}

#[test]
fn a_tree_may_be_cut_at_any_moment() {
    let mut program = Program::default();
    program.loads.mentor.min = 3;
    program.loads.mentor.max = 4;
    every_cut_is_feasible_with_a_true_gap(&roster(40, 14), &program);
}

/// A school in which people are free in two of six slots, and six leaders with time for two of four stand in for each other.
#[cfg(feature = "highs")]
fn school(mentees: usize, mentors: usize) -> Roster {
    const SLOTS: [&str; 6] = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat"];
    let slots =
        |ix: usize, count: usize| (0..count).map(move |nth| SLOTS[(ix + nth * (1 + ix % 2)) % 6]);
    let with = |person: Person, ix: usize| {
        person
            .interests(interests(ix, 4, 20))
            .slots(slots(ix * ix, 2))
    };
    let mut builder = people(mentees, mentors, with);
    for ix in 0..6 {
        let leader = Leader::new(format!("leader {ix}"))
            .slots(slots(ix, 4))
            .capacity(2 + ix as u32 % 2)
            .max_slots(2);
        builder = builder.leader(leader);
    }
    builder.build().expect("a roster")
}

#[cfg(feature = "highs")]
#[test]
fn a_tree_over_leaders_may_be_cut_at_any_moment() {
    let mut program = Program::default();
    program.loads.mentor.max = 2;
    every_cut_is_feasible_with_a_true_gap(&school(30, 14), &program);
    every_cut_is_feasible_with_a_true_gap(&school(14, 16), &program);
}

#[test]
fn quotas_may_be_cut_at_any_moment() {
    let mut program = Program::default();
    program.loads.mentor.max = 2;
    for at_most in [0, 20] {
        let property = PairProperty::Different("club".into());
        program.quotas = vec![Quota::at_most("clubs", property, at_most)];
        every_cut_is_feasible_with_a_true_gap(&roster(90, 40), &program);
    }
}

#[test]
fn fairness_may_be_cut_at_any_moment() {
    use ObjectiveLevel::{Coverage, Leximin, Priority, Score, WorstOff};
    let mut program = Program::default();
    program.loads.mentor.max = 2;
    for level in [WorstOff, Leximin] {
        program.objective = vec![Priority, Coverage, level, Score];
        every_cut_is_feasible_with_a_true_gap(&roster(120, 50), &program);
    }
    program.objective = vec![Coverage, WorstOff];
    program.loads.mentor.min = 2;
    program.loads.mentor.max = 3;
    every_cut_is_feasible_with_a_true_gap(&roster(20, 8), &program);
}

#[test]
fn a_flag_that_is_not_to_keep_ends_the_solve_at_any_moment() {
    let roster = roster(120, 60);
    let mut circles = Program::default();
    circles.loads.mentor.min = 2;
    circles.loads.mentor.max = 3;
    for program in [Program::default(), circles] {
        let mut ended = 0;
        for looks in looks() {
            match cut(&roster, &program, looks, OnStop::Error) {
                Ok(answer) => {
                    assert_eq!(answer.certificate.status, Status::Optimal);
                    break;
                }
                Err(error) => assert_eq!(error.kind(), ErrorKind::Interrupted, "{error}"),
            }
            ended += 1;
        }
        assert!(ended > 10, "only {ended} ended");
    }
}
