//! Leaders and rooms stand where mentees are, the popular slots have too little room, and the roster has them all.

use std::collections::BTreeSet;

use super::{ROLES, district};
use crate::roster::{ListedLeader, Role, Roster};
use crate::synth::{Leader, Plan, Room, Student};

#[test]
fn leaders_stand_at_sites_with_mentees() {
    let district = district(&Plan {
        students: 3_000,
        sites: 6,
        ..Plan::default()
    });
    let leaders: Vec<Leader<'_>> = district.leaders().collect();
    assert!((60..80).contains(&leaders.len()), "{}", leaders.len());
    let ids: BTreeSet<&str> = leaders.iter().map(|leader| leader.id.as_str()).collect();
    assert_eq!(ids.len(), leaders.len());
    let at: BTreeSet<&str> = leaders.iter().map(|leader| leader.site).collect();
    assert_eq!(at, district.sites().collect());
    for leader in &leaders {
        assert!(
            (8..=16).contains(&leader.capacity) && !leader.slots.is_empty(),
            "{leader:?}"
        );
    }
}

#[test]
fn rooms_are_where_mentees_are_and_limit_the_popular_slots() {
    let district = district(&Plan {
        students: 3_000,
        sites: 6,
        missing: 0.0,
        ..Plan::default()
    });
    let rooms: Vec<Room<'_>> = district.rooms().collect();
    let sites: BTreeSet<&str> = rooms.iter().map(|room| room.site).collect();
    assert_eq!(sites, district.sites().collect());
    let places: BTreeSet<_> = rooms.iter().map(|room| (room.site, room.slot)).collect();
    assert_eq!(places.len(), rooms.len());
    // 6 sites have 10 slots each, of which 85 in a hundred have room.
    assert!((45..58).contains(&rooms.len()), "{}", rooms.len());
    let mentees: Vec<Student<'_>> = district.students(Role::Mentee).collect();
    let wanted = |room: &Room<'_>| {
        let here = mentees
            .iter()
            .filter(|mentee| mentee.site == Some(room.site));
        let free =
            here.filter(|mentee| mentee.slots.iter().flatten().any(|slot| *slot == room.slot));
        free.count()
    };
    let short = |room: &&Room<'_>| (room.capacity as usize) < wanted(room);
    let of = |slot| rooms.iter().filter(move |room| room.slot == slot);
    for slot in ["Tue 15:00", "Thu 15:00"] {
        assert!(of(slot).count() > 2 && of(slot).all(|room| short(&room)));
    }
    assert!(of("Fri 16:00").filter(short).count() <= 2);
}

#[test]
fn the_staffed_roster_is_the_one_that_the_builder_gives() {
    for sites in [0, 1, 5] {
        let district = district(&Plan {
            students: 300,
            sites,
            ..Plan::default()
        });
        let mut builder = Roster::builder();
        for role in ROLES {
            for student in district.students(role) {
                builder.push(role, student.into());
            }
            for field in district.columns(role) {
                builder.declare(role, *field);
            }
        }
        district
            .leaders()
            .for_each(|leader| builder.push_leader(leader.into()));
        district
            .rooms()
            .for_each(|room| builder.push_room(room.into()));
        let built = builder.build().expect("a roster");
        assert!(built == district.staffed_roster());
        assert_eq!(built.leaders().is_empty(), sites == 0);
        assert_eq!(built.rooms().is_empty(), sites == 0);
        assert!(built.leaders().iter().all(ListedLeader::can_lead));
    }
}
