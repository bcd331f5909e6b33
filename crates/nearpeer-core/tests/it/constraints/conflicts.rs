//! What cannot be kept of constraints beside the loads: the conflict, and what would repair it.

use nearpeer_core::{
    Balance, Budget, Cell, ConstraintKind, ErrorKind, Family, Keep, Leader, PairProperty, Person,
    Program, Quota, Relaxation, Roster,
};

use super::{class, grade, has, refused, solved};

#[test]
fn what_is_promised_and_cannot_be_kept_is_a_conflict() {
    let mut program = Program::default();
    let property = PairProperty::Mentor(has("first_time", "yes"));
    program.quotas = vec![Quota::at_least("new mentors", property.clone(), 2)];
    assert_eq!(solved(&program, &class()).covered(), 3);
    program.quotas[0].at_least = Some(3);
    let error = refused(&program, &class());
    assert_eq!(error.kind(), ErrorKind::Infeasible);
    assert!(
        error
            .to_string()
            .contains("the quota \"new mentors\" of at least 3 pairs"),
        "{error}"
    );
    program.quotas = vec![Quota::at_least("new mentors", property, 1)];
    program.budgets = vec![Budget::new("stipends", 15.0).mentor("stipend")];
    let error = refused(&program, &class());
    assert_eq!(error.kind(), ErrorKind::Infeasible);
    program.budgets.clear();
    program.quotas.clear();
    program.balance = vec![Balance::at_least("gender", 1.0)];
    let error = refused(&program, &class());
    assert_eq!(error.kind(), ErrorKind::Infeasible);
    let conflict = error.conflict().expect("a conflict");
    let said: Vec<&str> = conflict.constraints.iter().map(|one| &*one.what).collect();
    assert!(
        said.contains(&"the balance of gender \"f\": at least 100 % of them covered"),
        "{said:?}"
    );
    let repairs = conflict.repairs.iter().flat_map(|repair| &repair.changes);
    let repairs: Vec<&str> = repairs.map(|change| &*change.what).collect();
    let lower = "lower at_least of the balance of gender from 1.0 to 0.5";
    assert!(repairs.contains(&lower), "{repairs:?}");
    program.balance = vec![Balance::at_least("gender", 1.0).of(["f", "m"])];
    let error = refused(&program, &class());
    let said = error.to_string();
    let lower = "lower at_least of the balance of gender \"f\", \"m\" from 1.0 to 0.5";
    assert!(said.contains(lower), "{said}");
}

#[test]
fn a_budget_that_cannot_be_kept_says_what_would_do() {
    let mut program = Program {
        balance: vec![Balance::at_least("gender", 0.5)],
        budgets: vec![Budget::new("fares", 2.0).pair(1.25)],
        ..Program::default()
    };
    let error = refused(&program, &class());
    let conflict = error.conflict().expect("a conflict");
    let repairs = conflict.repairs.iter();
    let of_budget = repairs.flat_map(|repair| &repair.changes);
    let of_budget: Vec<&Relaxation> = of_budget
        .filter(|change| change.constraint.kind == ConstraintKind::Budget)
        .collect();
    let [change] = of_budget[..] else {
        panic!("{of_budget:?}");
    };
    assert_eq!(
        change.what,
        "raise at_most of the budget \"fares\" from 2 to 2.5"
    );
    assert_eq!((change.from, change.to), (2_000, Some(2_500)));
    program.budgets[0].at_most = 2.5;
    assert_eq!(solved(&program, &class()).covered(), 2);
}

#[test]
fn a_family_stands_once_in_a_conflict() {
    let family = Family::new("Rivera", ["ana", "cem"])
        .keep(Keep::Together)
        .all_or_none();
    let program = Program {
        families: vec![family],
        ..Program::default()
    };
    let leader = Leader::new("lea").slots(["Mon", "Tue"]).capacity(1);
    let roster = class().leader(leader).required("ana", "max");
    let error = refused(&program, &roster);
    let conflict = error.conflict().expect("a conflict");
    let constraints = conflict.constraints.iter();
    let families = constraints.filter(|of| of.kind == ConstraintKind::Family);
    assert_eq!(families.count(), 1, "{conflict}");
    let repairs = conflict.repairs.iter().flat_map(|repair| &repair.changes);
    let repairs: Vec<&str> = repairs.map(|change| &*change.what).collect();
    let leave = "leave out the family \"Rivera\" kept together, all or none";
    assert!(repairs.contains(&leave), "{repairs:?}");
}

/// More pairs are promised than there are mentees: each would need a second mentor.
#[test]
fn no_repair_is_one_that_the_programme_refuses() {
    let mut roster = Roster::builder();
    for id in ["ana", "bea", "cem"] {
        roster = roster.mentee(Person::new(id));
    }
    for id in ["max", "mia", "kim", "zoe"] {
        roster = roster.mentor(Person::new(id).with("first_time", Cell::Text("yes".into())));
    }
    let property = PairProperty::Mentor(has("first_time", "yes"));
    let mut program = Program {
        quotas: vec![Quota::at_least("new mentors", property, 4)],
        ..Program::default()
    };
    let raised = |program: &Program| {
        let error = refused(program, &roster);
        let conflict = error.conflict().expect("a conflict");
        assert!(!conflict.repairs.is_empty());
        let mut changes = conflict.repairs.iter().flat_map(|repair| &repair.changes);
        changes.any(|change| change.what == "raise loads.mentee.max from 1 to 2")
    };
    assert!(raised(&program));
    // Members of a family are in one pair at most.
    program.families = vec![Family::new("Rivera", ["ana", "bea"]).all_or_none()];
    assert!(!raised(&program));
}

/// Of three shares each lowers what the next may count on: the repair is that of all together.
#[test]
fn shares_are_lowered_together() {
    let mentee = |id: &str, site: &str, column: &str, value: &str| {
        Person::new(id)
            .grade(grade(6))
            .site(site)
            .with(column, value)
    };
    let mentor = |id: &str| Person::new(id).grade(grade(9)).site("s1");
    let roster = Roster::builder()
        .mentee(mentee("e5", "s1", "g1", "B"))
        .mentee(mentee("e25", "s1", "g1", "A"))
        .mentee(mentee("e0", "s9", "g1", "A"))
        .mentee(mentee("e14", "s1", "g2", "Q"))
        .mentee(mentee("e10", "s1", "g3", "P"))
        .mentee(mentee("e21", "s1", "g1", "B"))
        .mentee(mentee("e16", "s1", "g3", "P"))
        .mentor(mentor("m0"))
        .mentor(mentor("m1"));
    let shares = ["g1", "g2", "g3"].map(|column| Balance::at_least(column, 1.0));
    let program = Program {
        balance: shares.to_vec(),
        ..Program::default()
    };
    let error = refused(&program, &roster);
    let conflict = error.conflict().expect("a conflict");
    for repair in &conflict.repairs {
        let with = |left: Option<usize>| {
            let mut program = program.clone();
            for (ix, change) in repair.changes.iter().enumerate() {
                let number = change.constraint.place.key.as_deref().expect("a key");
                let number = number.trim_start_matches("balance[").split(']').next();
                let number: usize = number.and_then(|n| n.parse().ok()).expect("a number");
                if left != Some(ix) {
                    let to = change.to.expect("a share") as f64 / 1000.0;
                    program.balance[number - 1].at_least = Some(to);
                }
            }
            program.solve(&roster.clone().build().expect("a roster"))
        };
        assert!(with(None).is_ok(), "{repair:?}");
        for ix in 0..repair.changes.len() {
            assert!(with(Some(ix)).is_err(), "{repair:?} without {ix}");
        }
    }
    assert!(!conflict.repairs.is_empty());
}
