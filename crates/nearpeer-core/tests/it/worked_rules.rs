//! Examples small enough to be worked out by hand: one for every rule.

use crate::support::worked::{grade, one_pair};
use nearpeer_core::{
    CustomRule, ErrorKind, Feeder, Person, Program, Reason, Removed, Requirement, Roster, RuleSide,
};

/// The rules that keep mentee `e` and mentor `m` apart.
fn rules_against(program: &Program, mentee: Person, mentor: Person) -> Vec<String> {
    let answer = program.solve(&one_pair(mentee, mentor)).expect("an answer");
    match answer.unmatched.first().map(|left| &left.reason) {
        None => Vec::new(),
        Some(Reason::NotEligible { removed }) => {
            removed.iter().map(|rule| rule.rule.clone()).collect()
        }
        Some(other) => panic!("{other:?}"),
    }
}

#[test]
fn every_rule_has_its_reason_code() {
    let program = Program::default();
    let e = || Person::new("e");
    let m = || Person::new("m");
    let cases = [
        ("screening", e(), m().screened(false)),
        ("training", e(), m().trained(false)),
        ("consent", e().consent(false), m()),
        ("grade_gap", e().grade(grade(6)), m().grade(grade(7))),
        ("site", e().site("Grant"), m().site("Lincoln")),
        ("slot", e().slots(["Mon"]), m().slots(["Tue"])),
        (
            "language",
            e().requires_language("Somali"),
            m().languages(["English"]),
        ),
        (
            "gender",
            e().requires_same_gender(true).gender("f"),
            m().gender("m"),
        ),
    ];
    for (code, mentee, mentor) in cases {
        assert_eq!(rules_against(&program, mentee, mentor), [code]);
    }
    assert_eq!(rules_against(&program, e(), m()), Vec::<String>::new());
}

#[test]
fn a_missing_cell_never_meets_a_rule_that_is_on() {
    let program = Program::default();
    let roster = Roster::builder()
        .mentee(Person::new("e1").grade(grade(6)).site("L").slots(["Mon"]))
        .mentee(Person::new("e2"))
        .mentor(
            Person::new("m1")
                .grade(grade(9))
                .site("L")
                .slots(["Mon"])
                .trained(true)
                .load_max(2),
        )
        .build()
        .expect("a roster");
    let answer = program.solve(&roster).expect("an answer");
    assert_eq!(answer.covered(), 1);
    let Reason::NotEligible { removed } = &answer.unmatched[0].reason else {
        panic!("{:?}", answer.unmatched)
    };
    let codes: Vec<&str> = removed.iter().map(|rule| &*rule.rule).collect();
    assert_eq!(codes, ["grade_gap", "site", "slot"]);
}

#[test]
fn feeders_lead_from_a_mentors_site_to_a_mentees() {
    let mut program = Program::default();
    program.eligibility.feeders = vec![Feeder {
        from: "High".into(),
        to: "Middle".into(),
    }];
    let there = rules_against(
        &program,
        Person::new("e").site("Middle"),
        Person::new("m").site("High"),
    );
    let back = rules_against(
        &program,
        Person::new("e").site("High"),
        Person::new("m").site("Middle"),
    );
    assert_eq!((there.len(), back), (0, vec!["site".to_owned()]));
}

#[test]
fn custom_rules_and_blocked_pairs_are_named() {
    let mut program = Program::default();
    program.eligibility.rules = vec![
        CustomRule {
            name: "same bus".into(),
            column: "bus".into(),
            requirement: Requirement::Same,
        },
        CustomRule {
            name: "good standing".into(),
            column: "average".into(),
            requirement: Requirement::AtLeast(RuleSide::Mentor, 2.5),
        },
    ];
    let e = || Person::new("e").with("bus", "7").with("average", 1.0);
    let m = |bus: &str, average: f64| Person::new("m").with("bus", bus).with("average", average);
    assert_eq!(
        rules_against(&program, e(), m("7", 2.5)),
        Vec::<String>::new()
    );
    assert_eq!(
        rules_against(&program, e(), m("8", 2.5)),
        ["custom:same bus"]
    );
    assert_eq!(
        rules_against(&program, e(), m("7", 2.4)),
        ["custom:good standing"]
    );

    let roster = Roster::builder()
        .mentee(Person::new("e"))
        .mentor(Person::new("m"))
        .blocked("e", "m")
        .build()
        .expect("a roster");
    let answer = Program::default().solve(&roster).expect("an answer");
    assert_eq!(
        answer.unmatched[0].reason,
        Reason::NotEligible {
            removed: vec![Removed {
                rule: "blocked".into(),
                removed: 1,
                alone: 1,
            }]
        }
    );
}

#[test]
fn rules_that_are_off_say_why() {
    let mut program = Program::default();
    program.eligibility.slot = false;
    let answer = program
        .solve(&one_pair(
            Person::new("e").slots(["Mon"]),
            Person::new("m").slots(["Tue"]),
        ))
        .expect("an answer");
    let why = |code: &str| {
        let rule = answer.rules.iter().find(|rule| rule.code == code);
        rule.and_then(|rule| rule.why_off.clone())
            .expect("the rule is off")
    };
    assert_eq!(why("slot"), "the programme switches it off");
    assert_eq!(why("site"), "no table has a column `site`");
    assert_eq!(why("training"), "the mentors have no column `trained`");
}

#[test]
fn a_rule_that_only_one_table_has_a_column_for_is_an_error() {
    let error = Program::default()
        .solve(&one_pair(Person::new("e").site("L"), Person::new("m")))
        .expect_err("the mentors have no site");
    assert_eq!(error.kind(), ErrorKind::Program);
    assert_eq!(
        error.to_string(),
        "programme key `eligibility.site`: the rule compares the column `site`, which the table mentors \
         does not have; add it, or switch the rule off with `site = false`"
    );
}
