//! Constraints beside the loads: worked examples, and what is said of those that do not fit or cannot be kept.

mod conflicts;

use nearpeer_core::{
    Balance, Budget, Cell, ClaimedPair, Criterion, Error, ErrorKind, Family, Grade, Has, Keep,
    Leader, Match, Missing, PairProperty, Person, Program, Quota, Reason, Role, Roster,
    RosterBuilder, Status, verify,
};

fn grade(number: i64) -> Grade {
    Grade::new(number).expect("a grade")
}

/// Two girls and two boys, and three mentors, of whom one takes two.
fn class() -> RosterBuilder {
    let mentee = |id: &str, gender: &str, interest: &str| {
        Person::new(id)
            .grade(grade(6))
            .gender(gender)
            .interests([interest])
            .slots(["Mon", "Tue"])
    };
    let mentor = |id: &str, most: u32, stipend: f64, interest: &str| {
        Person::new(id)
            .grade(grade(9))
            .load_max(most)
            .interests([interest])
            .slots(["Mon", "Tue"])
            .with("stipend", stipend)
            .with(
                "first_time",
                Cell::Text(if stipend > 10.0 { "yes" } else { "no" }.into()),
            )
    };
    Roster::builder()
        .mentee(mentee("ana", "f", "art"))
        .mentee(mentee("bea", "f", "art"))
        .mentee(mentee("cem", "m", "chess"))
        .mentee(mentee("dan", "m", "chess"))
        .mentor(mentor("max", 2, 40.0, "chess"))
        .mentor(mentor("mia", 1, 10.0, "art"))
}

fn has(column: &str, value: &str) -> Has {
    Has {
        column: column.into(),
        value: value.into(),
    }
}

fn solved(program: &Program, roster: &RosterBuilder) -> Match {
    let roster = roster.clone().build().expect("a roster");
    let found = program.solve(&roster).expect("a match");
    assert_eq!(found.certificate.status, Status::Optimal);
    let pairs: Vec<ClaimedPair> = found.pairs.iter().map(ClaimedPair::from).collect();
    verify(&roster, program, &pairs, &found.certificate).expect("a proof");
    found
}

fn refused(program: &Program, roster: &RosterBuilder) -> Error {
    let roster = roster.clone().build().expect("a roster");
    program.solve(&roster).expect_err("a fault")
}

fn mentees(found: &Match) -> Vec<&str> {
    found.pairs.iter().map(|pair| &*pair.mentee).collect()
}

#[test]
fn a_budget_counts_a_mentor_once() {
    let budgets = vec![Budget::new("stipends", 49.0).mentor("stipend")];
    let mut program = Program {
        budgets,
        ..Program::default()
    };
    // Max with two mentees costs no more than with one, and is worth more than Mia.
    let found = solved(&program, &class());
    assert_eq!(found.pairs.len(), 2);
    assert!(found.pairs.iter().all(|pair| pair.mentor == "max"));
    let left = |id: &str| {
        let mut unmatched = found.unmatched.iter();
        let person = unmatched.find(|person| person.id == id);
        person.expect("is left").reason.clone()
    };
    let stipends = vec!["stipends".to_owned()];
    assert_eq!(
        left("mia"),
        Reason::QuotaReached {
            candidates: 4,
            quotas: stipends
        }
    );
    program.budgets[0].at_most = 50.0;
    assert_eq!(solved(&program, &class()).pairs.len(), 3);
    program.budgets[0].at_most = 9.0;
    assert_eq!(solved(&program, &class()).pairs.len(), 0);
}

#[test]
fn balance_says_what_it_costs() {
    let mut program = Program::default();
    let free = solved(&program, &class());
    assert_eq!(mentees(&free).len(), 3);
    assert_eq!(free.price_of_fairness(), None);
    program.balance = vec![Balance::within("gender", 0.0)];
    let found = solved(&program, &class());
    assert_eq!(found.covered(), 2);
    let genders = [["ana", "bea"], ["cem", "dan"]];
    for group in genders {
        let own = mentees(&found).into_iter().filter(|id| group.contains(id));
        assert_eq!(own.count(), 1);
    }
    let cost = found.price_of_fairness().expect("a price");
    assert_eq!((cost.covered, cost.covered_without), (2, 3));
    assert_eq!(cost.without, free.total_score());
    assert_eq!(cost.with, found.total_score());
}

#[test]
fn what_is_left_over_of_a_budget_opens_no_gap() {
    let program = Program {
        budgets: vec![Budget::new("fares", 4.0).pair(1.5)],
        ..Program::default()
    };
    let found = solved(&program, &class());
    assert_eq!(found.covered(), 2);
    let mut spent = program.clone();
    spent.budgets[0].at_most = 3.0;
    let proven_by = |found: &Match| found.certificate.nodes.clone();
    assert_eq!(proven_by(&found), proven_by(&solved(&spent, &class())));
    let limit = found.limits[0].numbers.expect("numbers");
    assert_eq!((limit.has, limit.limit), (3.0, 4.0));
}

/// Costs of people of one side or of both, some of nobody: each match is verified by a checker that works the steps out anew.
#[test]
fn whoever_costs_nothing_changes_no_step() {
    let mentee = |id: &str, fee: f64| Person::new(id).with("fee", fee).with("nothing", 0.0);
    let mentor = |id: &str, stipend: f64| {
        Person::new(id)
            .with("stipend", stipend)
            .with("nothing", 0.0)
    };
    let mut roster = Roster::builder();
    for (ix, id) in ["ana", "bea", "cem", "dan"].into_iter().enumerate() {
        roster = roster.mentee(
            mentee(id, [0.5, 1.0, 2.5, 0.0][ix])
                .grade(grade(6))
                .interests(["art"]),
        );
    }
    for id in ["max", "mia", "kim", "zoe"] {
        roster = roster.mentor(mentor(id, 1.5).grade(grade(9)).interests(["art", "chess"]));
    }
    let budget = |at_most: f64| Budget::new("fares", at_most);
    for (budget, covered) in [
        (budget(4.0).mentee("nothing").mentor("stipend"), 2),
        (budget(4.0).mentee("fee").mentor("nothing"), 4),
        (budget(4.0).mentee("fee").mentor("stipend"), 2),
        (budget(4.0).mentee("nothing").mentor("nothing"), 4),
        (budget(4.0).pair(0.0).mentor("stipend"), 2),
        (budget(4.2).pair(1.25).mentee("nothing"), 3),
    ] {
        let program = Program {
            budgets: vec![budget],
            ..Program::default()
        };
        assert_eq!(solved(&program, &roster).covered(), covered, "{program:?}");
    }
}

#[test]
fn a_match_says_how_it_stands_to_its_limits() {
    let property = PairProperty::Mentor(has("first_time", "yes"));
    let program = Program {
        quotas: vec![Quota::at_most("new mentors", property, 5)],
        budgets: vec![Budget::new("stipends", 60.5).mentor("stipend")],
        balance: vec![
            Balance::at_least("gender", 0.4).of(["f"]),
            Balance::within("gender", 0.255).of(["m"]),
        ],
        families: vec![Family::new("Rivera", ["ana", "bea"]).all_or_none()],
        ..Program::default()
    };
    let found = solved(&program, &class());
    let said = found.limits.iter().map(|limit| {
        let numbers = limit.numbers.map(|numbers| numbers.to_string());
        (&*limit.key, &*limit.what, numbers)
    });
    let with = |numbers: &str| Some(numbers.to_owned());
    assert_eq!(
        said.collect::<Vec<_>>(),
        [
            (
                "quotas[1]",
                "the quota \"new mentors\" of at most 5 pairs",
                with("2 pairs")
            ),
            (
                "budgets[1]",
                "the budget \"stipends\" of at most 60.5",
                with("50")
            ),
            (
                "balance[1]",
                "the balance of gender \"f\": at least 40 % of them covered",
                with("2 mentees (at least 1)")
            ),
            (
                "balance[2]",
                "the balance of gender \"m\": the share covered at most 25.5 points above that of all mentees",
                with("-25 points")
            ),
            (
                "balance[2]",
                "the balance of gender \"m\": the share covered at most 25.5 points below that of all mentees",
                with("25 points")
            ),
            ("families[1]", "the family \"Rivera\", all or none", None),
        ]
    );
    let roster = class().build().expect("a roster");
    let claimed: Vec<ClaimedPair> = found.pairs.iter().map(ClaimedPair::from).collect();
    let standings = program.standings(&roster, &claimed);
    assert_eq!(standings.expect("standings"), found.limits);
    let unknown = ClaimedPair {
        mentee: "nobody".to_owned(),
        ..claimed[0].clone()
    };
    let error = program.standings(&roster, &[unknown]);
    assert_eq!(error.expect_err("a fault").kind(), ErrorKind::Input);
}

#[test]
fn families_are_kept_in_one_slot_or_apart() {
    let leader =
        |slots: &[&str], capacity| Leader::new("lea").slots(slots.to_vec()).capacity(capacity);
    let slots = |found: &Match, ids: [&str; 2]| {
        ids.map(|id| {
            let mut pairs = found.pairs.iter();
            let pair = pairs.find(|pair| pair.mentee == id).expect("has a mentor");
            pair.meeting.clone().expect("meets").slot
        })
    };
    let mut program = Program::default();
    for (keep, equal) in [(Keep::Together, true), (Keep::Apart, false)] {
        let family = Family::new("Rivera", ["ana", "cem"])
            .keep(keep)
            .all_or_none();
        program.families = vec![family];
        let found = solved(&program, &class().leader(leader(&["Mon", "Tue"], 3)));
        assert_eq!(found.covered(), 3);
        if mentees(&found).contains(&"ana") {
            let [one, other] = slots(&found, ["ana", "cem"]);
            assert_eq!(one == other, equal);
        }
    }
    // With room for one at a time, two cannot be together.
    let family = Family::new("Rivera", ["ana", "cem"])
        .keep(Keep::Together)
        .all_or_none();
    program.families = vec![family];
    let found = solved(&program, &class().leader(leader(&["Mon", "Tue"], 1)));
    let both = mentees(&found);
    assert!(!both.contains(&"ana") && !both.contains(&"cem"), "{both:?}");
}

#[test]
fn circles_meet_in_one_slot() {
    let mut program = Program::default();
    program.circles.one_slot = true;
    program.meetings.assign = Some(true);
    let room = |slot: &str, pairs| nearpeer_core::Room::new(slot).capacity(pairs);
    let roster = class().room(room("Mon", 2)).room(room("Tue", 1));
    let found = solved(&program, &roster);
    assert_eq!(found.covered(), 3);
    let of_max: Vec<String> = found
        .pairs
        .iter()
        .filter(|pair| pair.mentor == "max")
        .map(|pair| pair.meeting.clone().expect("meets").slot)
        .collect();
    assert_eq!(of_max, ["Mon", "Mon"]);
    let roster = class().room(room("Mon", 1)).room(room("Tue", 1));
    assert_eq!(solved(&program, &roster).covered(), 2);
}

/// Nobody can be covered, for one in a group is too many; and it takes the whole tree to see that.
#[test]
fn what_nothing_can_keep_to_but_nobody_is_proven() {
    let young = [
        ("e0", 8, "m", 5.0, 2),
        ("e1", 8, "m", 1.0, 1),
        ("e2", 6, "m", 5.0, 1),
        ("e3", 8, "f", 5.0, 1),
        ("e4", 7, "m", 1.0, 1),
    ];
    let mut roster = Roster::builder();
    for (id, at, gender, fee, most) in young {
        let person = Person::new(id).grade(grade(at)).gender(gender);
        roster = roster.mentee(person.load_max(most).with("fee", fee));
    }
    for id in ["m0", "m1"] {
        roster = roster.mentor(Person::new(id).grade(grade(11)).load_max(2));
    }
    let scores = [
        [0.54, 0.12],
        [0.66, 0.54],
        [0.22, 0.62],
        [0.32, 0.83],
        [0.36, 0.96],
    ];
    for (mentee, of) in ["e0", "e1", "e2", "e3", "e4"].into_iter().zip(scores) {
        for (mentor, score) in ["m0", "m1"].into_iter().zip(of) {
            roster = roster.pair_score(mentee, mentor, score);
        }
    }
    let mut program = Program {
        criteria: vec![Criterion::pair_scores(1.0, Missing::Zero)],
        budgets: vec![Budget::new("fees", 5.0).mentee("fee")],
        balance: vec![Balance::within("gender", 0.1)],
        ..Program::default()
    };
    program.circles.grade_band = Some(1);
    let found = solved(&program, &roster);
    assert_eq!(found.covered(), 0);
}

#[test]
fn what_the_roster_lacks_names_its_key() {
    let mut program = Program::default();
    let key = |program: &Program, roster: &RosterBuilder| {
        let error = refused(program, roster);
        let place = error.place();
        (
            place.key.clone().or(place.table.clone()).expect("a place"),
            error.to_string(),
        )
    };
    program.budgets = vec![Budget::new("stipends", 9.0).mentor("stipends")];
    let (at, message) = key(&program, &class());
    assert_eq!(at, "budgets[1].mentor");
    assert!(message.contains("did you mean `stipend`?"), "{message}");
    let fares = |budget: Budget| vec![budget.pair(1.0)];
    program.budgets = fares(Budget {
        cross_site: true,
        ..Budget::new("buses", 9.0)
    });
    assert_eq!(key(&program, &class()).0, "budgets[1].cross_site");
    program.budgets = fares(Budget {
        mentor_has: Some(has("stipends", "40")),
        ..Budget::new("buses", 9.0)
    });
    assert_eq!(key(&program, &class()).0, "budgets[1].mentor_has");
    program.budgets = vec![Budget::new("stipends", 9.0).mentor("stipend")];
    let new = class().mentor(Person::new("new").grade(grade(9)));
    let (at, message) = key(&program, &new);
    assert_eq!(at, "mentors");
    assert!(message.contains("needs a cost"), "{message}");
    program.budgets.clear();
    program.balance = vec![Balance::at_least("gender", 0.5).of(["x"])];
    assert_eq!(key(&program, &class()).0, "balance[1].groups[1]");
    program.balance = vec![Balance::at_least("lunch", 0.5)];
    assert_eq!(key(&program, &class()).0, "balance[1].column");
    program.balance = vec![Balance::at_least("gendr", 0.5)];
    let (_, message) = key(&program, &class());
    assert!(message.contains("did you mean `gender`?"), "{message}");
    program.balance.clear();
    program.families = vec![Family::new("Rivera", ["ana", "zoe"]).all_or_none()];
    assert_eq!(key(&program, &class()).0, "families[1].members[2]");
    program.families = vec![Family::new("Rivera", ["ana", "max"]).all_or_none()];
    let (_, message) = key(&program, &class());
    assert!(message.contains("may be in up to 2 pairs"), "{message}");
    program.families = vec![Family::new("Rivera", ["ana", "bea"]).keep(Keep::Apart)];
    assert_eq!(key(&program, &class()).0, "families[1].keep");
    program.families.clear();
    program.circles.one_slot = true;
    assert_eq!(key(&program, &class()).0, "circles.one_slot");
    program.circles.one_slot = false;
    let pairs = vec![("ana".to_owned(), "nobody".to_owned())];
    program.quotas = vec![Quota::at_most("or", PairProperty::Listed(pairs), 0)];
    assert_eq!(key(&program, &class()).0, "quotas[1].pairs[1]");
    assert_eq!(Role::Mentee.table(), "mentees");
}

#[test]
fn a_value_that_nobody_has_is_noted() {
    let first = |value| PairProperty::Mentor(has("first_time", value));
    let program = Program {
        quotas: vec![
            Quota::at_most("new", first("yess"), 1),
            Quota::at_most("old", first("no"), 1),
        ],
        budgets: vec![Budget {
            mentor_has: Some(has("first_time", "maybe")),
            ..Budget::new("badges", 9.0).pair(1.0)
        }],
        ..Program::default()
    };
    let roster = class().build().expect("a roster");
    assert_eq!(
        program.check(&roster).expect("valid").notes,
        [
            "the quota \"new\" counts no pair: no mentor has \"yess\" in the column `first_time`",
            "of the budget \"badges\" no pair has the cost: no mentor has \"maybe\" in the column `first_time`",
        ]
    );
}
