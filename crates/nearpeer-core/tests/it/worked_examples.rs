//! Examples small enough to be worked out by hand: one for every criterion, the tie-break and the words for programmes that
//! cannot be matched.

use crate::support::worked::{grade, one_pair};
use nearpeer_core::{
    Cell, Criterion, ErrorKind, Feeder, GradeGap, Kind, Micropoints, Missing, Overlap, Person,
    Program, Roster, Side, Status,
};

/// What one criterion gives the pair, in micropoints.
fn value(kind: Kind, missing: Missing, mentee: Person, mentor: Person) -> i64 {
    let mut program = Program::default();
    program.eligibility.grade_gap = GradeGap::Off;
    program.eligibility.slot = false;
    program.criteria = vec![Criterion::new(kind, 2.0, missing)];
    let answer = program.solve(&one_pair(mentee, mentor)).expect("an answer");
    let pair = &answer.pairs[0];
    // A lone criterion is the whole score.
    assert_eq!(pair.by_criterion, [pair.score]);
    pair.score.0
}

/// The default programme with other criteria.
fn scored_by(criteria: Vec<Criterion>) -> Program {
    Program {
        criteria,
        ..Program::default()
    }
}

#[test]
fn every_criterion_gives_what_its_definition_says() {
    let e = || Person::new("e");
    let m = || Person::new("m");
    let zero = Missing::Zero;
    let jaccard = Kind::Interests(Overlap::Jaccard);
    let gap = |ideal, tolerance| Kind::GradeGap { ideal, tolerance };
    let near = Kind::Closeness {
        column: "km".into(),
        scale: 8.0,
    };
    let cases = [
        (
            jaccard.clone(),
            e().interests(["a", "b"]),
            m().interests(["b", "c"]),
            333_333,
        ),
        // Of two people both have b (weight ln 2), and one each a and c (ln 3).
        (
            Kind::Interests(Overlap::IdfJaccard),
            e().interests(["a", "b"]),
            m().interests(["b", "c"]),
            239_812,
        ),
        // The cosine is 0.6, but for rounding to multiples of 1/16,384.
        (
            Kind::Interests(Overlap::Cosine),
            e().embedding([3.0, 4.0]),
            m().embedding([7.0, 0.0]),
            799_988,
        ),
        (
            Kind::Interests(Overlap::Cosine),
            e().embedding([0.0, 1.0]),
            m().embedding([0.0, 0.0]),
            0,
        ),
        (
            gap(Some(3), 4),
            e().grade(grade(6)),
            m().grade(grade(8)),
            750_000,
        ),
        (
            gap(None, 4),
            e().grade(grade(6)),
            m().grade(grade(9)),
            1_000_000,
        ),
        (gap(Some(0), 2), e().grade(grade(6)), m().grade(grade(9)), 0),
        (
            Kind::Goals,
            e().goals(["math", "art", "sport"]),
            m().strengths(["art"]),
            333_333,
        ),
        (
            Kind::Slots,
            e().slots(["Mon", "Tue", "Wed"]),
            m().slots(["Tue", "Thu"]),
            500_000,
        ),
        (
            Kind::Languages,
            e().languages(["fr", "en"]),
            m().languages(["en"]),
            1_000_000,
        ),
        (
            Kind::Preferences(Side::Both),
            e().preferences(["m"]),
            m().preferences(Vec::<String>::new()),
            1_000_000,
        ),
        (
            Kind::Preferences(Side::Mentor),
            e().preferences(["m"]),
            m().preferences(["e"]),
            1_000_000,
        ),
        (
            Kind::Same("club".into()),
            e().with("club", "x"),
            m().with("club", "x"),
            1_000_000,
        ),
        (
            Kind::Different("club".into()),
            e().with("club", "x"),
            m().with("club", "x"),
            0,
        ),
        (near, e().with("km", 1.0), m().with("km", 3.0), 750_000),
    ];
    for (kind, mentee, mentor, expected) in cases {
        let found = value(kind.clone(), zero, mentee, mentor);
        assert_eq!(found, expected, "{kind:?}");
    }
    assert_eq!(
        value(jaccard.clone(), Missing::Neutral, e(), m().interests(["a"])),
        500_000
    );
    assert_eq!(value(jaccard, zero, e(), m().interests(["a"])), 0);
}

#[test]
fn ranks_count_down_and_both_sides_are_averaged() {
    let program = scored_by(vec![Criterion::preferences(Side::Both, 1.0, Missing::Zero)]);
    let roster = Roster::builder()
        .mentee(Person::new("e").preferences(["m2", "m3", "m1"]).load_max(3))
        .mentor(Person::new("m1"))
        .mentor(Person::new("m2").preferences(["e"]))
        .mentor(Person::new("m3"))
        .build()
        .expect("a roster");
    let answer = program.solve(&roster).expect("an answer");
    let scores: Vec<i64> = answer.pairs.iter().map(|pair| pair.score.0).collect();
    assert_eq!(scores, [333_333, 1_000_000, 666_667]);
}

#[test]
fn previous_pairs_and_own_scores_count() {
    let program = scored_by(vec![
        Criterion::previous(1.0),
        Criterion::pair_scores(3.0, Missing::Zero),
    ]);
    let roster = Roster::builder()
        .mentee(Person::new("e1"))
        .mentee(Person::new("e2"))
        .mentor(Person::new("m").load_max(2))
        .previous("e1", "m")
        .pair_score("e2", "m", 0.5)
        .build()
        .expect("a roster");
    let answer = program.solve(&roster).expect("an answer");
    let scores: Vec<i64> = answer.pairs.iter().map(|pair| pair.score.0).collect();
    assert_eq!(scores, [250_000, 375_000]);
}

#[test]
fn a_criterion_can_make_missing_data_ineligible() {
    let program = scored_by(vec![Criterion::goals(1.0, Missing::Ineligible)]);
    let answer = program
        .solve(&one_pair(
            Person::new("e"),
            Person::new("m").strengths(["art"]),
        ))
        .expect("an answer");
    assert_eq!(
        answer.unmatched[0].reason.detail(),
        "missing:goals removes 1 (1 alone)"
    );
}

#[test]
fn among_equal_optima_the_answer_does_not_depend_on_the_order_of_rows() {
    let answer = |order: [usize; 5]| {
        let mut builder = Roster::builder();
        for ix in order {
            builder = builder
                .mentee(Person::new(format!("e{ix}")))
                .mentor(Person::new(format!("m{ix}")));
        }
        let roster = builder.build().expect("a roster");
        Program::default().solve(&roster).expect("an answer").pairs
    };
    let pairs = answer([0, 1, 2, 3, 4]);
    assert_eq!(pairs.len(), 5);
    assert_eq!(pairs, answer([3, 1, 4, 0, 2]));
    assert_eq!(pairs, answer([4, 3, 2, 1, 0]));
}

#[test]
fn coverage_comes_before_score_and_priority_before_coverage() {
    // m suits e1 best; only m can serve e2, and anybody can serve e1.
    let builder = || {
        Roster::builder()
            .mentee(Person::new("e1").site("A").interests(["chess"]))
            .mentee(Person::new("e2").site("B").interests(["art"]).priority(1))
            .mentor(Person::new("m").site("B").interests(["chess"]))
    };
    let mut program = Program::default();
    program.eligibility.feeders = vec![Feeder {
        from: "B".into(),
        to: "A".into(),
    }];
    let alone = program
        .solve(&builder().build().expect("a roster"))
        .expect("an answer");
    assert_eq!(alone.pairs[0].mentee, "e2");
    let roster = builder()
        .mentor(Person::new("n").site("A"))
        .build()
        .expect("a roster");
    let both = program.solve(&roster).expect("an answer");
    assert_eq!((both.covered(), both.pairs[0].mentor.as_str()), (2, "n"));
}

#[test]
fn a_circle_is_closed_or_has_its_minimum() {
    let mut program = Program::default();
    program.loads.mentor.min = 2;
    program.loads.mentor.max = 3;
    let roster = |mentees: usize| {
        let people = (0..mentees).map(|ix| Person::new(format!("e{ix}")));
        let builder = people.fold(Roster::builder(), nearpeer_core::RosterBuilder::mentee);
        builder
            .mentor(Person::new("m1"))
            .mentor(Person::new("m2"))
            .build()
            .expect("a roster")
    };
    for (mentees, covered) in [(1, 0), (2, 2), (3, 3), (4, 4), (5, 5), (7, 6)] {
        let answer = program.solve(&roster(mentees)).expect("an answer");
        assert_eq!(answer.covered(), covered, "{mentees} mentees");
        assert_eq!(answer.certificate.status, Status::Optimal);
    }
}

#[test]
fn what_cannot_be_kept_is_named() {
    let words = |roster: Roster, program: &Program| {
        let error = program.solve(&roster).expect_err("it cannot be matched");
        assert_eq!(error.kind(), ErrorKind::Infeasible);
        let certificate = error.certificate().expect("a proof");
        assert_eq!(certificate.status, Status::Infeasible);
        let verified = nearpeer_core::verify(&roster, program, &[], certificate);
        assert_eq!(
            verified.expect("the proof holds").status,
            Status::Infeasible
        );
        error.to_string()
    };
    let e = |ix: usize| Person::new(format!("e{ix}"));
    let over = Roster::builder()
        .mentee(e(1))
        .mentee(e(2))
        .mentor(Person::new("m"))
        .required("e1", "m")
        .required("e2", "m");
    assert_eq!(
        words(over.build().expect("a roster"), &Program::default()),
        "no match satisfies every constraint: these cannot all be kept: the required pair of mentee \"e1\" and mentor \
         \"m\" (table pairs_required, row 1); the required pair of mentee \"e2\" and mentor \"m\" (table \
         pairs_required, row 2); a mentor has at most 1 mentee (`loads.mentor.max`). To repair it, leave out the \
         required pair of mentee \"e1\" and mentor \"m\"; or leave out the required pair of mentee \"e2\" and mentor \
         \"m\"; or raise loads.mentor.max from 1 to 2"
    );
    let mut promise = Program::default();
    promise.loads.mentee.min = 1;
    let scarce = Roster::builder()
        .mentee(e(1))
        .mentee(e(2))
        .mentor(Person::new("m"));
    assert_eq!(
        words(scarce.build().expect("a roster"), &promise),
        "no match satisfies every constraint: these cannot all be kept: every mentee has at least 1 mentor \
         (`loads.mentee.min`); a mentor has at most 1 mentee (`loads.mentor.max`). To repair it, lower \
         loads.mentee.min from 1 to 0; or raise loads.mentor.max from 1 to 2; or lower load_min of mentee \"e2\" \
         from 1 to 0"
    );
}

#[test]
fn a_required_pair_that_is_not_eligible_names_the_rules() {
    let roster = Roster::builder()
        .mentee(Person::new("e").grade(grade(6)))
        .mentor(Person::new("m").grade(grade(7)).trained(false))
        .required("e", "m")
        .build()
        .expect("a roster");
    let error = Program::default()
        .solve(&roster)
        .expect_err("the pair is not eligible");
    assert_eq!(
        error.to_string(),
        "table pairs_required, row 1: the required pair of mentee \"e\" and mentor \"m\" is not eligible: \
         training, grade_gap"
    );
}

#[test]
fn columns_that_a_criterion_needs_are_checked() {
    let people = || {
        one_pair(
            Person::new("e")
                .with("clubs", Cell::Text("x".into()))
                .with("km", 1.0),
            Person::new("m")
                .with("clubs", Cell::Text("x".into()))
                .with("km", "far"),
        )
    };
    let program = scored_by(vec![Criterion::same("club", 1.0, Missing::Zero)]);
    assert_eq!(
        program
            .solve(&people())
            .expect_err("no such column")
            .to_string(),
        "programme key `criteria[1].column`: the table mentees has no column `club`; did you mean `clubs`?"
    );
    let program = scored_by(vec![Criterion::closeness("km", 5.0, 1.0, Missing::Zero)]);
    assert_eq!(
        program
            .solve(&people())
            .expect_err("not a number")
            .to_string(),
        "table mentors, row 1, column `km`, value \"far\": the programme needs a number here"
    );
}

#[test]
fn scores_are_exact_micropoints() {
    assert_eq!(Micropoints(1_163_286_741).to_string(), "1163.286741");
}

#[test]
fn what_has_no_effect_is_noted() {
    let mut program = Program::default();
    program
        .criteria
        .push(Criterion::pair_scores(1.0, Missing::Zero));
    program.eligibility.feeders = vec![Feeder {
        from: "Lincon".into(),
        to: "Grant".into(),
    }];
    let roster = Roster::builder()
        .mentee(
            Person::new("e")
                .site("Grant")
                .with("loadmax", 2.0)
                .with("club", "x"),
        )
        .mentor(
            Person::new("m")
                .site("Lincoln")
                .interests(["art"])
                .grade(grade(9)),
        )
        .mentee(Person::new("f").site("Grant").grade(grade(6)))
        .previous("e", "m")
        .build()
        .expect("a roster");
    assert_eq!(
        program.check(&roster).expect("valid").notes,
        [
            "the criterion `interests` gives every pair half its weight: the table mentees has no column \
             `interests`",
            "the criterion `pair_scores` gives every pair nothing: no pair scores are given",
            "the table pairs_previous has no effect without a criterion `previous`",
            "no mentor is at the site \"Lincon\" of a feeder; did you mean \"Lincoln\"?",
            "the column `loadmax` of the table mentees has no effect; did you mean `load_max`?",
        ]
    );
}

#[test]
fn a_programmes_minimum_is_not_lowered_in_silence() {
    let mut program = Program::default();
    program.loads.mentor.min = 3;
    program.loads.mentor.max = 4;
    let error = program
        .solve(&one_pair(Person::new("e"), Person::new("m").load_max(2)))
        .expect_err("at most 2 is below none or at least 3");
    assert_eq!(
        error.to_string(),
        "table mentors, row 1, column `load_max`, value \"2\": load_max is below the minimum load, which is \
         3 by the programme's `loads.mentor.min`; give the person a load_min"
    );
    let out = program.solve(&one_pair(Person::new("e"), Person::new("m").load_max(0)));
    assert_eq!(out.expect("who takes nobody takes no part").covered(), 0);
}

#[test]
fn a_circle_that_cannot_be_filled_is_the_reason() {
    let mut program = Program::default();
    program.loads.mentor.min = 2;
    program.loads.mentor.max = 3;
    let answer = program
        .solve(&one_pair(Person::new("e"), Person::new("m")))
        .expect("an answer");
    let codes: Vec<&str> = answer
        .unmatched
        .iter()
        .map(|left| left.reason.code())
        .collect();
    assert_eq!(codes, ["circle_not_filled", "circle_not_filled"]);
}
