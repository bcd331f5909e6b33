//! Answers to 'what if', held against trying everything.

use proptest::prelude::*;

use super::brute_force;
use super::by;
use super::small::Small;
use crate::certificate::Level;
use crate::error::{ErrorKind, Place};
use crate::roster::{Code, ListedPair, ListedRoom, MAX_CAPACITY, Role, Roster};
use crate::solve::Method;
use crate::units::{MenteeIx, MentorIx};
use crate::whatif::{AdviseOptions, Conflict, Constraint, ConstraintKind, Relaxation};
use crate::{Change, Match, Program};

/// More pairs than anybody in a small roster can be in.
const ANY: u32 = 9;

/// The levels of a match without its obligations.
fn levels(found: &Match) -> Vec<(Level, i64)> {
    let levels = found.certificate.levels.iter();
    let levels = levels.filter(|level| level.level != Level::Obligations);
    levels.map(|level| (level.level, level.objective)).collect()
}

/// The roster with a pair required.
fn requiring(roster: &Roster, mentee: usize, mentor: usize) -> Roster {
    let mut roster = roster.clone();
    let pair = ListedPair {
        mentee: MenteeIx(mentee as u32),
        mentor: MentorIx(mentor as u32),
        row: 99,
    };
    if !Roster::lists(&roster.required, pair.mentee, pair.mentor) {
        roster.required.push(pair);
        roster
            .required
            .sort_by_key(|pair| (pair.mentee, pair.mentor));
    }
    roster
}

/// Whether every partner of everybody costs what the optimum without and with the pair differ by.
fn costs_are_exact(
    small: &Small,
    best: impl Fn(&Roster, &Program) -> Option<Vec<i64>>,
) -> Result<(), TestCaseError> {
    let (roster, program) = small.build();
    let options = by(Method::Fastest, 1);
    let Ok(found) = program.solve_with(&roster, &options) else {
        return Ok(());
    };
    let base = levels(&found);
    for role in [Role::Mentee, Role::Mentor] {
        let people = roster.side(role);
        for (ix, id) in people.ids().enumerate() {
            let all = found.alternatives(&roster, &program, id, 16, &options);
            let all = all.expect("alternatives");
            prop_assert!(all.complete);
            prop_assert_eq!(all.partners.len() + all.impossible, all.candidates);
            for other in &all.partners {
                let others = match role {
                    Role::Mentee => roster.mentors(),
                    Role::Mentor => roster.mentees(),
                };
                let partner = others.find(&other.partner.id).expect("a partner");
                let (mentee, mentor) = match role {
                    Role::Mentee => (ix, partner),
                    Role::Mentor => (partner, ix),
                };
                let forced = best(&requiring(&roster, mentee, mentor), &program);
                let forced = forced.expect("a match with the pair");
                // The first level is that of the obligations, all of which are kept.
                let lost: Vec<(Level, i64)> = base
                    .iter()
                    .zip(&forced[1..])
                    .map(|((level, value), forced)| (*level, value - forced))
                    .collect();
                prop_assert_eq!(&other.cost.levels, &lost, "{} {}", id, other.partner.id);
            }
            let costs = all.partners.iter();
            let costs: Vec<Vec<i64>> = costs.map(|of| of.cost.amounts().collect()).collect();
            prop_assert!(costs.is_sorted());
            // Whoever comes first of few costs as much as of all.
            for n in [1, 2] {
                let few = found.alternatives(&roster, &program, id, n, &options);
                let few = few.expect("alternatives");
                if few.complete {
                    let few = few.partners.iter().map(|of| of.cost.amounts().collect());
                    let few: Vec<Vec<i64>> = few.collect();
                    prop_assert_eq!(&few[..], &costs[..n.min(costs.len())]);
                }
            }
        }
    }
    Ok(())
}

/// Whether a constraint with this kind and place is kept.
type Kept<'a> = &'a dyn Fn(ConstraintKind, &Place) -> bool;

/// The programme with only these of its constraints, the others having no effect.
fn only(roster: &Roster, program: &Program, kept: Kept) -> (Roster, Program) {
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
    let mut number = 0;
    program.quotas.retain(|_| {
        number += 1;
        kept(
            ConstraintKind::Quota,
            &key(format!("quotas[{number}].at_most")),
        )
    });
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
fn relaxed(roster: &mut Roster, program: &mut Program, change: &Relaxation, to: Option<u32>) {
    let Constraint { kind, place, .. } = &change.constraint;
    let row = place.row;
    if *kind == ConstraintKind::RequiredPair {
        return roster.required.retain(|pair| Some(pair.row) != row);
    }
    let to = to.expect("a number");
    match (place.key.as_deref(), place.table.as_deref()) {
        (Some("loads.mentee.min"), _) => program.loads.mentee.min = to,
        (Some("loads.mentee.max"), _) => program.loads.mentee.max = to,
        (Some("loads.mentor.min"), _) => program.loads.mentor.min = to,
        (Some("loads.mentor.max"), _) => program.loads.mentor.max = to,
        (Some(quota), _) => {
            let number = quota
                .trim_start_matches("quotas[")
                .trim_end_matches("].at_most");
            program.quotas[number.parse::<usize>().expect("a number") - 1].at_most = Some(to);
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

/// Whether the conflict of an infeasible programme is one, needs every member, and its repairs are some.
fn conflict_is_one(
    small: &Small,
    feasible: impl Fn(&Roster, &Program) -> bool,
) -> Result<(), TestCaseError> {
    let (roster, program) = small.build();
    let Err(error) = program.solve_with(&roster, &by(Method::Fastest, 1)) else {
        return Ok(());
    };
    if error.kind() != ErrorKind::Infeasible {
        return Ok(());
    }
    let conflict: &Conflict = error.conflict().expect("a conflict");
    prop_assert!(conflict.irreducible && !conflict.constraints.is_empty());
    let with = |left_out: Option<usize>| {
        let kept = |kind: ConstraintKind, place: &Place| {
            let mut members = conflict.constraints.iter().enumerate();
            members.any(|(ix, of)| Some(ix) != left_out && (of.kind, &of.place) == (kind, place))
        };
        let (roster, program) = only(&roster, &program, &kept);
        feasible(&roster, &program)
    };
    prop_assert!(!with(None), "{}", conflict);
    for ix in 0..conflict.constraints.len() {
        prop_assert!(with(Some(ix)), "{} without {}", conflict, ix);
    }
    prop_assert!(!conflict.repairs.is_empty(), "{}", conflict);
    for repair in &conflict.repairs {
        let changed = |less: bool| {
            let (mut roster, mut program) = (roster.clone(), program.clone());
            for change in &repair.changes {
                let to = change.to.map(|to| match less {
                    false => to,
                    true if to > change.from => to - 1,
                    true => to + 1,
                });
                relaxed(&mut roster, &mut program, change, to);
            }
            feasible(&roster, &program)
        };
        prop_assert!(changed(false), "{:?}", repair);
        if let [change] = &repair.changes[..]
            && change.to.is_some()
        {
            prop_assert!(!changed(true), "less than {:?} would do", change);
        }
    }
    Ok(())
}

/// Whether each piece of advice adds what it says: by another solve of the changed programme, and by trying everything where
/// `best` does.
fn advice_is_exact(
    small: &Small,
    best: impl Fn(&Roster, &Program) -> Option<Vec<i64>>,
) -> Result<(), TestCaseError> {
    let (roster, program) = small.build();
    let options = by(Method::Fastest, 1);
    let Ok(found) = program.solve_with(&roster, &options) else {
        return Ok(());
    };
    let advise = AdviseOptions {
        n: 30,
        ..AdviseOptions::default()
    };
    let advice = found.advise(&roster, &program, &advise, &options);
    let advised = advice.expect("advice");
    prop_assert!(advised.not_reached.is_empty());
    let advice = advised.advice;
    let effects = advice.iter();
    let effects: Vec<_> = effects
        .map(|of| (of.matches_added, of.score_added))
        .collect();
    prop_assert!(effects.is_sorted_by(|a, b| a >= b));
    for one in &advice {
        let (roster, program) = one.change.apply(&roster, &program).expect("a change");
        let after = program.solve_with(&roster, &options).expect("a match");
        prop_assert_eq!(
            after.covered() as i64 - found.covered() as i64,
            one.matches_added
        );
        prop_assert_eq!(
            after.total_score().0 - found.total_score().0,
            one.score_added.0
        );
        prop_assert!(one.matches_added > 0 || one.score_added.0 > 0);
        if matches!(one.change, Change::Mentor { .. }) {
            // One person more is too much to try everything.
            continue;
        }
        let tried = best(&roster, &program).expect("a match");
        let obligations = tried.len() - one.gain.levels.len();
        for ((level, gained), tried) in one.gain.levels.iter().zip(&tried[obligations..]) {
            let base = levels(&found).into_iter().find(|(of, _)| of == level);
            let (_, base) = base.expect("the level");
            prop_assert_eq!(tried - base, *gained, "{} {}", level, one.what);
        }
    }
    Ok(())
}

fn feasible_by_trying(roster: &Roster, program: &Program) -> bool {
    brute_force::best(roster, program).is_some()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(4000))]

    /// What an alternative costs is what the optimum with the pair lacks.
    #[test]
    fn alternatives_cost_what_trying_everything_says(small in Small::any()) {
        costs_are_exact(&small, brute_force::best)?;
    }

    /// No match keeps a conflict, each of its members is needed, and each repair is one.
    #[test]
    fn conflicts_are_smallest_and_repairs_repair(small in Small::any()) {
        conflict_is_one(&small, feasible_by_trying)?;
    }

    /// A programme that promises much, so that most have no match.
    #[test]
    fn conflicts_of_many_promises_are_smallest(small in Small::promising()) {
        conflict_is_one(&small, feasible_by_trying)?;
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(1000))]

    /// Each piece of advice adds exactly what it says.
    #[test]
    fn advice_adds_what_it_says(small in Small::any()) {
        advice_is_exact(&small, brute_force::best)?;
    }

    /// Nothing depends on the number of threads.
    #[test]
    fn threads_give_the_same_answers(small in Small::any()) {
        let (roster, program) = small.build();
        let options = |threads| by(Method::Fastest, threads);
        let found = [1, 2].map(|threads| program.solve_with(&roster, &options(threads)));
        match found {
            [Ok(found), Ok(_)] => {
                let id = roster.mentees().id(0);
                let asked = |threads| found.alternatives(&roster, &program, id, 2, &options(threads));
                prop_assert_eq!(asked(1).expect("alternatives"), asked(2).expect("alternatives"));
                let advise = AdviseOptions::default();
                let asked = |threads| found.advise(&roster, &program, &advise, &options(threads));
                prop_assert_eq!(asked(1).expect("advice"), asked(2).expect("advice"));
            }
            [Err(one), Err(two)] => prop_assert_eq!(one.conflict(), two.conflict()),
            _ => prop_assert!(false, "one thread finds a match, two do not"),
        }
    }
}

#[cfg(feature = "highs")]
proptest! {
    #![proptest_config(ProptestConfig::with_cases(500))]

    /// The same where pairs get slots, leaders and rooms.
    #[test]
    fn alternatives_cost_what_trying_everything_says_in_meetings(small in Small::with_meetings()) {
        costs_are_exact(&small.without_fairness(), brute_force::best)?;
    }

    #[test]
    fn conflicts_in_meetings_are_smallest(small in Small::with_meetings()) {
        conflict_is_one(&small.without_fairness(), feasible_by_trying)?;
    }

    #[test]
    fn advice_in_meetings_adds_what_it_says(small in Small::with_meetings()) {
        advice_is_exact(&small.without_fairness(), brute_force::best)?;
    }
}
