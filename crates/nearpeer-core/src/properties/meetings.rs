//! What brute force says of meetings: checked by hand, and against what follows from the definitions.

use proptest::prelude::*;

use super::brute_force::{best, rank_of_best};
use super::small::Small;
use crate::programme::{ObjectiveLevel, Program, Travel};
use crate::roster::{Leader, Person, Room, Roster, RosterBuilder};

/// Any may be paired with any, as far as the rules go; the more are matched the better.
fn program(travel: Travel) -> Program {
    let mut program = Program::default();
    program.eligibility.grade_gap = crate::GradeGap::Off;
    program.eligibility.site = false;
    program.criteria.clear();
    program.objective = vec![ObjectiveLevel::Coverage];
    program.meetings.travel = travel;
    program
}

fn covered(builder: &RosterBuilder, travel: Travel) -> i64 {
    let roster = builder.clone().build().expect("a roster");
    best(&roster, &program(travel)).expect("a match")[0]
}

/// Two mentees at Lincoln and one at Grant, with a mentor each, whose sites are the other way round.
fn three() -> RosterBuilder {
    let person =
        |id: &str, site: &str, slots: &[&str]| Person::new(id).site(site).slots(slots.to_vec());
    Roster::builder()
        .mentee(person("e1", "Lincoln", &["Mon"]))
        .mentee(person("e2", "Lincoln", &["Mon", "Tue"]))
        .mentee(person("e3", "Grant", &["Mon", "Tue"]))
        .mentor(person("m1", "Grant", &["Mon", "Tue"]))
        .mentor(person("m2", "Grant", &["Mon", "Tue"]))
        .mentor(person("m3", "Lincoln", &["Mon", "Tue"]))
}

fn leader(capacity: u32) -> Leader {
    Leader::new("lea")
        .sites(["Grant", "Lincoln"])
        .slots(["Mon", "Tue"])
        .capacity(capacity)
}

#[test]
fn a_leader_is_at_one_site_in_a_slot_and_holds_so_many() {
    // Monday at Lincoln for e1 and e2, Tuesday at Grant for e3.
    assert_eq!(covered(&three().leader(leader(2)), Travel::Mentee), 3);
    assert_eq!(covered(&three().leader(leader(1)), Travel::Mentee), 2);
    assert_eq!(
        covered(&three().leader(leader(2).max_slots(1)), Travel::Mentee),
        2
    );
    assert_eq!(
        covered(&three().leader(leader(2).max_slots(0)), Travel::Mentee),
        0
    );
    assert_eq!(
        covered(&three().leader(leader(2).slots(["Tue"])), Travel::Mentee),
        1
    );
    let elsewhere = leader(2).site("Grant");
    assert_eq!(
        covered(&three().leader(elsewhere.clone()), Travel::Mentee),
        1
    );
    // Where mentees travel, e1 and e2 come to m1 and m2 at Grant.
    assert_eq!(
        covered(&three().leader(elsewhere.clone()), Travel::Mentor),
        2
    );
    assert_eq!(covered(&three().leader(elsewhere), Travel::Either), 3);
    let two = three().leader(leader(1)).leader(Leader {
        id: "lou".into(),
        ..leader(1)
    });
    assert_eq!(covered(&two, Travel::Mentee), 3);
}

#[test]
fn a_place_without_a_room_holds_nobody() {
    let room = |site: &str, slot: &str, pairs| Room::new(slot).site(site).capacity(pairs);
    let rooms = three()
        .room(room("Lincoln", "Mon", 1))
        .room(room("Lincoln", "Tue", 1));
    assert_eq!(covered(&rooms, Travel::Mentee), 2);
    assert_eq!(
        covered(&rooms.clone().room(room("Grant", "Tue", 5)), Travel::Mentee),
        3
    );
    assert_eq!(covered(&rooms.clone().leader(leader(1)), Travel::Mentee), 2);
    assert_eq!(
        covered(&rooms.leader(leader(1).slots(["Mon"])), Travel::Mentee),
        1
    );
    let nowhere = Roster::builder()
        .mentee(Person::new("e1").slots(["Mon"]))
        .mentor(Person::new("m1").slots(["Mon"]));
    let room = |slot: &str| {
        nowhere
            .clone()
            .room(Room::new(slot).site("Lincoln").capacity(1))
    };
    assert_eq!(covered(&room("Mon"), Travel::Mentee), 1);
    assert_eq!(covered(&room("Tue"), Travel::Mentee), 0);
}

#[test]
fn people_whose_slots_or_site_is_missing_can_meet_nowhere() {
    let with = |mentee: Person, mentor: Person| {
        let other = |id: &str| Person::new(id).site("Lincoln").slots(["Mon"]).load_max(0);
        let builder = Roster::builder().mentee(mentee).mentee(other("e2"));
        builder.mentor(mentor).mentor(other("m2")).leader(leader(1))
    };
    let full = |id: &str| Person::new(id).site("Lincoln").slots(["Mon"]);
    assert_eq!(covered(&with(full("e1"), full("m1")), Travel::Mentee), 1);
    let without_slots = with(full("e1"), Person::new("m1").site("Lincoln"));
    assert_eq!(covered(&without_slots, Travel::Mentee), 0);
    let without_site = with(full("e1"), Person::new("m1").slots(["Mon"]));
    assert_eq!(covered(&without_site, Travel::Mentee), 1);
    assert_eq!(covered(&without_site, Travel::Mentor), 0);
    assert_eq!(covered(&without_site, Travel::Either), 1);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(1000))]

    /// Without leaders and rooms, slots are a rule: both must be free in one.
    #[test]
    fn slots_alone_are_the_rule_of_slots(small in Small::with_meetings()) {
        let (roster, mut program) = small.without_tables().build();
        program.meetings = crate::Meetings { assign: Some(true), travel: Travel::Either };
        program.eligibility.site = false;
        let assigned = rank_of_best(&roster, &program);
        program.meetings.assign = Some(false);
        program.eligibility.slot = true;
        let by_rule = rank_of_best(&roster, &program);
        if roster.has_sites() {
            // A pair of whom both sites are unknown meets nowhere.
            prop_assert!(assigned <= by_rule);
        } else {
            prop_assert_eq!(assigned, by_rule);
        }
    }

    /// Leaders and rooms only take from what there is without them.
    #[test]
    fn tables_are_limits(small in Small::with_meetings()) {
        let (roster, mut program) = small.build();
        let (free, _) = small.without_tables().build();
        program.meetings.assign = Some(true);
        let limited = rank_of_best(&roster, &program);
        let unlimited = rank_of_best(&free, &program);
        prop_assert!(limited <= unlimited);
        program.meetings.assign = Some(false);
        prop_assert!(unlimited <= rank_of_best(&free, &program));
    }

    /// The order of rows changes nothing.
    #[test]
    fn shuffled_rows_have_the_same_optimum(small in Small::with_meetings(), seed in any::<u64>()) {
        let (roster, program) = small.build();
        let (shuffled, _) = small.shuffled(seed).build();
        prop_assert_eq!(best(&roster, &program), best(&shuffled, &program));
    }

    /// Where nothing is promised there is always a match, if only an empty one.
    #[test]
    fn without_promises_there_is_a_match(small in Small::with_meetings()) {
        let (roster, program) = small.plain().build();
        prop_assert!(best(&roster, &program).is_some());
    }
}
