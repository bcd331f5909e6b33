//! Conflicts and repairs, held against trying everything.

use std::collections::BTreeMap;

use proptest::prelude::*;

use super::small::Small;
use super::{brute_force, by, constraints};
use crate::error::{ErrorKind, Place};
use crate::roster::{Code, ListedRoom, MAX_CAPACITY, Role, Roster};
use crate::solve::Method;
use crate::whatif::{Conflict, Constraint, ConstraintKind, Relaxation};
use crate::{Circles, Program, Quota};

/// More pairs than anybody in a small roster can be in.
const ANY: u32 = 9;

/// The programme with only these of its constraints, the others having no effect.
fn only(roster: &Roster, program: &Program, members: &[&Constraint]) -> (Roster, Program) {
    let kept = |kind: ConstraintKind, place: &Place| {
        let mut members = members.iter();
        members.any(|of| (of.kind, &of.place) == (kind, place))
    };
    let (mut roster, mut program) = (roster.clone(), program.clone());
    let is_assigned = program.meetings.is_assigned(&roster);
    program.meetings.assign = Some(is_assigned);
    let key = |key: String| Place {
        key: Some(key),
        ..Place::default()
    };
    let cell = |table: &str, row: usize, column: &str| Place {
        table: Some(table.to_owned()),
        row: Some(row),
        column: Some(column.to_owned()),
        ..Place::default()
    };
    for role in [Role::Mentee, Role::Mentor] {
        let (usual, or_none) = match role {
            Role::Mentee => ((program.loads.mentee.min, program.loads.mentee.max), false),
            Role::Mentor => (
                (program.loads.mentor.min, program.loads.mentor.max),
                program.loads.mentor.or_none,
            ),
        };
        let (min_kind, max_kind) = match (role, or_none) {
            (Role::Mentee, _) => (ConstraintKind::MenteeMin, ConstraintKind::MenteeMax),
            (Role::Mentor, false) => (ConstraintKind::MentorMin, ConstraintKind::MentorMax),
            (Role::Mentor, true) => (ConstraintKind::Circle, ConstraintKind::MentorMax),
        };
        let name = role.as_str();
        let side = match role {
            Role::Mentee => &mut roster.mentees,
            Role::Mentor => &mut roster.mentors,
        };
        for ix in 0..side.ids.len() {
            let row = side.rows[ix] as usize;
            let (min, max) = (side.load_min[ix], side.load_max[ix]);
            let place = |own: Option<u32>, column: &str, end: &str| match own {
                Some(_) => cell(role.table(), row, column),
                None => key(format!("loads.{name}.{end}")),
            };
            let keeps_max = kept(max_kind, &place(max, "load_max", "max"));
            let keeps_min = kept(min_kind, &place(min, "load_min", "min"));
            let usual_min = if max == Some(0) { 0 } else { usual.0 };
            side.load_max[ix] = Some(if keeps_max {
                max.unwrap_or(usual.1)
            } else {
                ANY
            });
            side.load_min[ix] = Some(if keeps_min {
                min.unwrap_or(usual_min)
            } else {
                0
            });
        }
    }
    roster.required.retain(|pair| {
        let place = Place {
            table: Some("pairs_required".to_owned()),
            row: Some(pair.row),
            ..Place::default()
        };
        kept(ConstraintKind::RequiredPair, &place)
    });
    for (number, quota) in (1..).zip(&mut program.quotas) {
        let keeps = |end| {
            kept(
                ConstraintKind::Quota,
                &key(format!("quotas[{number}].{end}")),
            )
        };
        quota.at_most = quota.at_most.filter(|_| keeps("at_most"));
        quota.at_least = quota.at_least.filter(|_| keeps("at_least"));
    }
    let is_asked = |quota: &Quota| quota.at_most.is_some() || quota.at_least.is_some();
    program.quotas.retain(is_asked);
    let mut number = 0;
    program.budgets.retain(|_| {
        number += 1;
        let place = key(format!("budgets[{number}].at_most"));
        kept(ConstraintKind::Budget, &place)
    });
    for (number, balance) in (1..).zip(&mut program.balance) {
        let of_it = key(format!("balance[{number}].at_least"));
        let groups = members.iter().filter(|of| of.place == of_it);
        // `the balance of club "club 1": at least 60 % of them covered`.
        let groups = groups.filter_map(|of| of.what.split('"').nth(1));
        balance.groups = groups.map(str::to_owned).collect();
    }
    program.balance.retain(|balance| !balance.groups.is_empty());
    if !kept(ConstraintKind::Circles, &key("circles".to_owned())) {
        program.circles = Circles::default();
    }
    for room in &mut roster.rooms {
        if !kept(ConstraintKind::Room, &cell("rooms", room.row, "capacity")) {
            room.capacity = MAX_CAPACITY;
        }
    }
    let table = |name: &str| Place {
        table: Some(name.to_owned()),
        ..Place::default()
    };
    if !roster.rooms.is_empty() && !kept(ConstraintKind::Rooms, &table("rooms")) {
        let listed: Vec<(Code, Code)> = roster.rooms.iter().map(|of| (of.site, of.slot)).collect();
        let sites = roster.sites().len().max(1) as Code;
        let slots = roster.slots().len() as Code;
        for (site, slot) in (0..sites).flat_map(|site| (0..slots).map(move |slot| (site, slot))) {
            if !listed.contains(&(site, slot)) {
                roster.rooms.push(ListedRoom {
                    site,
                    slot,
                    capacity: MAX_CAPACITY,
                    row: 0,
                });
            }
        }
    }
    for leader in &mut roster.leaders {
        let at = |column: &str| cell("leaders", leader.row, column);
        if !kept(ConstraintKind::LeaderCapacity, &at("capacity")) {
            leader.capacity = MAX_CAPACITY;
        }
        if !kept(ConstraintKind::LeaderSlots, &at("max_slots")) {
            leader.max_slots = None;
        }
    }
    if !kept(ConstraintKind::Leaders, &table("leaders")) {
        roster.leaders.clear();
    }
    (roster, program)
}

/// The programme after a repair's change.
fn relaxed(roster: &mut Roster, program: &mut Program, change: &Relaxation, to: Option<i64>) {
    let Constraint { kind, place, .. } = &change.constraint;
    let row = place.row;
    if *kind == ConstraintKind::RequiredPair {
        return roster.required.retain(|pair| Some(pair.row) != row);
    }
    let Some(to) = to else {
        assert_eq!(*kind, ConstraintKind::Circles, "nothing else is left out");
        program.circles = Circles::default();
        return;
    };
    let in_units = to as f64 / 1000.0;
    let to = u32::try_from(to).expect("no share and no sum is above a number of people");
    match (place.key.as_deref(), place.table.as_deref()) {
        (Some("loads.mentee.min"), _) => program.loads.mentee.min = to,
        (Some("loads.mentee.max"), _) => program.loads.mentee.max = to,
        (Some("loads.mentor.min"), _) => program.loads.mentor.min = to,
        (Some("loads.mentor.max"), _) => program.loads.mentor.max = to,
        (Some(key), _) => {
            let (list, end) = key.split_once('[').expect("a list");
            let (number, end) = end.split_once("].").expect("a number");
            let ix = number.parse::<usize>().expect("a number") - 1;
            match (list, end) {
                ("quotas", "at_most") => program.quotas[ix].at_most = Some(to),
                ("quotas", "at_least") => program.quotas[ix].at_least = Some(to),
                ("budgets", "at_most") => program.budgets[ix].at_most = in_units,
                ("balance", "at_least") => program.balance[ix].at_least = Some(in_units),
                _ => panic!("{key}"),
            }
        }
        (None, Some(table @ ("mentees" | "mentors"))) => {
            let side = match table {
                "mentees" => &mut roster.mentees,
                _ => &mut roster.mentors,
            };
            let mut rows = side.rows.iter();
            let ix = rows
                .position(|of| Some(*of as usize) == row)
                .expect("a row");
            match place.column.as_deref() {
                Some("load_min") => side.load_min[ix] = Some(to),
                _ => side.load_max[ix] = Some(to),
            }
        }
        (None, Some("rooms")) => {
            let mut rooms = roster.rooms.iter_mut();
            rooms
                .find(|room| Some(room.row) == row)
                .expect("a room")
                .capacity = to;
        }
        (None, Some("leaders")) => {
            let mut leaders = roster.leaders.iter_mut();
            let leader = leaders
                .find(|leader| Some(leader.row) == row)
                .expect("a leader");
            match place.column.as_deref() {
                Some("capacity") => leader.capacity = to,
                _ => leader.max_slots = Some(to),
            }
        }
        place => panic!("{place:?}"),
    }
}

/// The least share above that of a relaxed balance which asks for more mentees of any group, in thousandths.
fn asks_for_more(roster: &Roster, program: &Program, change: &Relaxation) -> i64 {
    let key = change.constraint.place.key.as_deref().expect("a key");
    let number = key.trim_start_matches("balance[").split(']').next();
    let ix = number
        .and_then(|number| number.parse::<usize>().ok())
        .expect("a number")
        - 1;
    let balance = &program.balance[ix];
    let mut sizes: BTreeMap<String, i64> = BTreeMap::new();
    for ix in 0..roster.mentees().len() {
        if let Some(group) = constraints::group(roster, &balance.column, ix) {
            *sizes.entry(group).or_default() += 1;
        }
    }
    let asked = |share: i64| -> Vec<i64> {
        let sizes = sizes.values();
        sizes.map(|size| (share * size + 999) / 1000).collect()
    };
    let to = change.to.expect("a share");
    let mut more = to + 1..=1000;
    more.find(|share| asked(*share) != asked(to))
        .expect("more than this is asked")
}

/// Whether the conflict of an infeasible programme is one, needs every member, and its repairs are some.
fn conflict_is_one(
    (roster, program): (Roster, Program),
    feasible: impl Fn(&Roster, &Program) -> bool,
) -> Result<(), TestCaseError> {
    let Err(error) = program.solve_with(&roster, &by(Method::Fastest, 1)) else {
        return Ok(());
    };
    if error.kind() != ErrorKind::Infeasible {
        return Ok(());
    }
    let conflict: &Conflict = error.conflict().expect("a conflict");
    prop_assert!(conflict.irreducible && !conflict.constraints.is_empty());
    let with = |left_out: Option<usize>| {
        let members = conflict.constraints.iter().enumerate();
        let members = members.filter(|(ix, _)| Some(*ix) != left_out);
        let members: Vec<&Constraint> = members.map(|(_, of)| of).collect();
        let (roster, program) = only(&roster, &program, &members);
        feasible(&roster, &program)
    };
    prop_assert!(!with(None), "{}", conflict);
    for ix in 0..conflict.constraints.len() {
        prop_assert!(with(Some(ix)), "{} without {}", conflict, ix);
    }
    prop_assert!(!conflict.repairs.is_empty(), "{}", conflict);
    for repair in &conflict.repairs {
        // One of its changes may be smaller by the least that makes a difference.
        let changed = |less: Option<usize>| {
            let (mut roster, mut program) = (roster.clone(), program.clone());
            for (ix, change) in repair.changes.iter().enumerate() {
                let to = change.to.map(|to| match less == Some(ix) {
                    false => to,
                    true if change.constraint.kind == ConstraintKind::Balance => {
                        asks_for_more(&roster, &program, change)
                    }
                    true if to > change.from => to - 1,
                    true => to + 1,
                });
                relaxed(&mut roster, &mut program, change, to);
            }
            feasible(&roster, &program)
        };
        prop_assert!(changed(None), "{:?}", repair);
        for (ix, change) in repair.changes.iter().enumerate() {
            if change.to.is_some() {
                prop_assert!(
                    !changed(Some(ix)),
                    "less of {} than {:?} would do",
                    ix,
                    repair
                );
            }
        }
    }
    Ok(())
}

fn feasible_by_trying(roster: &Roster, program: &Program) -> bool {
    brute_force::best(roster, program).is_some()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(4000))]

    /// No match keeps a conflict, each of its members is needed, and each repair is one.
    #[test]
    fn conflicts_are_smallest_and_repairs_repair(small in Small::any()) {
        conflict_is_one(small.build(), feasible_by_trying)?;
    }

    /// A programme that promises much, so that most have no match.
    #[test]
    fn conflicts_of_many_promises_are_smallest(small in Small::promising()) {
        conflict_is_one(small.build(), feasible_by_trying)?;
    }
}

#[cfg(feature = "highs")]
proptest! {
    #![proptest_config(ProptestConfig::with_cases(500))]

    #[test]
    fn conflicts_in_meetings_are_smallest(small in Small::with_meetings()) {
        conflict_is_one(small.without_fairness().build(), feasible_by_trying)?;
    }

    /// The same with constraints of every kind beside the loads, but for families, of which a member may be in one pair
    /// at most, and for distances, of which one side alone cannot be left out of a programme.
    #[test]
    fn conflicts_of_constraints_are_smallest(small in Small::with_constraints()) {
        let (roster, mut program) = small.without_fairness().build();
        program.families.clear();
        for balance in &mut program.balance {
            balance.at_least = balance.at_least.or(balance.within);
            balance.within = None;
        }
        conflict_is_one((roster, program), feasible_by_trying)?;
    }
}
