//! The reasons of those who are left: one each, with numbers that are what they say.

use std::collections::BTreeSet;

use proptest::prelude::*;

#[cfg(feature = "highs")]
use super::constraints;
use super::small::Small;
#[cfg(feature = "highs")]
use crate::ObjectiveLevel;
use crate::certificate::Level;
use crate::explain::Reason;
use crate::ineligible::Ineligible;
use crate::interrupt::Interrupt;
#[cfg(feature = "highs")]
use crate::matching::{FullPlace, Meeting};
use crate::matching::{Match, Options};
use crate::pairs::{Pairs, RosterPairs};
use crate::program::{Beside, Chosen, IntegerProgram};
use crate::programme::{GradeGap, Missing, Program};
use crate::roster::{Role, Roster};
use crate::solve::{Method, solve};
use crate::units::Micropoints;

/// The programme and its people without one rule.
fn without(small: &Small, rule: &str) -> (Roster, Program) {
    if rule == "blocked" {
        return small.unblocked().build();
    }
    let (roster, mut program) = small.build();
    let rules = &mut program.eligibility;
    match rule {
        "screening" => rules.screening = false,
        "training" => rules.training = false,
        "consent" => rules.consent = false,
        "grade_gap" => rules.grade_gap = GradeGap::Off,
        "site" => rules.site = false,
        "slot" => rules.slot = false,
        "language" => rules.language = false,
        "gender" => rules.gender = false,
        "custom:own" => rules.rules.clear(),
        _ => {
            let name = rule.strip_prefix("missing:").expect("a criterion");
            let mut criteria = program.criteria.iter_mut();
            let criterion = criteria.find(|criterion| criterion.name == name);
            criterion.expect("a criterion").missing = Missing::Zero;
        }
    }
    (roster, program)
}

/// How many may be paired with each mentee, and with each mentor.
fn candidates(roster: &Roster, program: &Program) -> [Vec<usize>; 2] {
    let pairs = RosterPairs::compile(roster, program).expect("the programme fits the roster");
    let mut counts = [vec![0; pairs.mentees()], vec![0; pairs.mentors()]];
    for mentee in 0..pairs.mentees() {
        for mentor in 0..pairs.mentors() {
            if pairs.score(mentee, mentor as u32).is_some() {
                counts[0][mentee] += 1;
                counts[1][mentor] += 1;
            }
        }
    }
    counts
}

/// The same programme in which a mentee must have a mentor, solved: the best match, or `None` if there is none.
fn forced(roster: &Roster, program: &Program, mentee: usize) -> Option<Vec<Chosen>> {
    let pairs = RosterPairs::compile(roster, program).expect("the programme fits the roster");
    let free = IntegerProgram::of_roster(&pairs, roster, program).expect("a program");
    let mut mentees = free.mentees.clone();
    mentees[mentee].min = mentees[mentee].min.max(1);
    let forced = IntegerProgram::new(
        &pairs,
        mentees,
        free.mentors.clone(),
        free.required.clone(),
        &program.objective,
        Beside::default(),
    )
    .expect("a program");
    let interrupt = Interrupt::new(&Options::default());
    let solution = solve(&forced, Method::Fastest, &interrupt).expect("a solution");
    let values = forced.values(&solution.chosen);
    let kept = forced.levels.is_feasible(&values);
    kept.then_some(solution.chosen)
}

/// The values of the levels that the free programme has, for pairs of it.
fn values(roster: &Roster, program: &Program, chosen: &[Chosen]) -> Vec<(Level, i64)> {
    let pairs = RosterPairs::compile(roster, program).expect("the programme fits the roster");
    let free = IntegerProgram::of_roster(&pairs, roster, program).expect("a program");
    let levels: Vec<Level> = free.levels.iter().map(|(level, _)| level).collect();
    levels.into_iter().zip(free.values(chosen)).collect()
}

fn chosen_of(roster: &Roster, found: &Match) -> Vec<Chosen> {
    let find = |role: Role, id: &str| roster.side(role).find(id).expect("a person") as u32;
    let pairs = found.pairs.iter();
    let pairs = pairs.map(|pair| Chosen {
        mentee: find(Role::Mentee, &pair.mentee),
        mentor: find(Role::Mentor, &pair.mentor),
        score: pair.score.0,
    });
    pairs.collect()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(4000))]

    /// Without a rule, exactly as many more may be paired with a person as it alone rules out.
    #[test]
    fn a_rule_alone_rules_out_whom_its_absence_adds(small in Small::any()) {
        let (roster, program) = small.build();
        let pairs = RosterPairs::compile(&roster, &program).expect("the programme fits the roster");
        let ineligible = Ineligible::new(&roster, &pairs, &program);
        let with = candidates(&roster, &program);
        for (place, rule) in ineligible.codes().enumerate() {
            let (roster, program) = without(&small, rule);
            let without = candidates(&roster, &program);
            for role in [Role::Mentee, Role::Mentor] {
                for ix in 0..roster.side(role).len() {
                    let (_, alone) = ineligible.counts(role, ix)[place];
                    let side = role as usize;
                    prop_assert_eq!(with[side][ix] + alone, without[side][ix], "{} {:?} {}", rule, role, ix);
                }
            }
        }
    }

    /// Everybody is in a pair, or has exactly one reason; and each number of candidates is the true one.
    #[test]
    fn everybody_left_has_one_reason(small in Small::any()) {
        let (roster, program) = small.build();
        let Ok(found) = program.solve(&roster) else { return Ok(()) };
        one_reason_each(&roster, &program, &found)?;
    }

    /// The same where pairs get slots; and of those without a place each candidate is counted once.
    #[cfg(feature = "highs")]
    #[test]
    fn everybody_left_has_one_reason_in_meetings(small in Small::with_meetings()) {
        let (roster, program) = small.without_fairness().build();
        let Ok(found) = program.solve(&roster) else { return Ok(()) };
        one_reason_each(&roster, &program, &found)?;
        for person in &found.unmatched {
            if let Reason::NoPlace { candidates, no_slot, no_room, no_leader } = person.reason {
                prop_assert_eq!(candidates, no_slot + no_room + no_leader);
            }
        }
    }

    /// What a place would cost is what the best match in which the mentee has one falls short of the best, level by level.
    #[test]
    fn cost_is_the_exact_difference(small in Small::any()) {
        let (roster, program) = small.build();
        let Ok(found) = program.solve(&roster) else { return Ok(()) };
        let best = values(&roster, &program, &chosen_of(&roster, &found));
        for person in &found.unmatched {
            let Reason::OutCompeted { cost, rivals, .. } = &person.reason else { continue };
            let by_loads = program.quotas.is_empty()
                && program.stability.is_none()
                && program.fairness().is_none()
                && !program.loads.mentor.or_none;
            prop_assert!(!by_loads || cost.is_some() || *rivals == 0);
            let Some(cost) = cost else { continue };
            let ix = roster.mentees().find(&person.id).expect("a mentee");
            let Some(chosen) = forced(&roster, &program, ix) else {
                prop_assert_eq!(cost.level, Some(Level::Obligations));
                continue;
            };
            let forced = values(&roster, &program, &chosen);
            let first = best.iter().zip(&forced).find(|(best, forced)| best.1 > forced.1);
            let falls = first.map(|(best, _)| best.0).filter(|level| *level != Level::Score);
            prop_assert_eq!(cost.level, falls);
            let scores = best.iter().zip(&forced).find(|(best, _)| best.0 == Level::Score);
            if let Some((best, forced)) = scores {
                prop_assert_eq!(cost.score, Micropoints(best.1 - forced.1));
            }
            let held = |rival: &String| found.pairs.iter().any(|pair| pair.mentor == cost.mentor && pair.mentee == *rival);
            prop_assert!(cost.rival.as_ref().is_none_or(held));
        }
    }
}

fn one_reason_each(roster: &Roster, program: &Program, found: &Match) -> Result<(), TestCaseError> {
    let counts = candidates(roster, program);
    let pairs = found.pairs.iter();
    let mut seen: BTreeSet<&str> = pairs.clone().map(|pair| &*pair.mentee).collect();
    seen.extend(pairs.map(|pair| &*pair.mentor));
    for person in &found.unmatched {
        prop_assert!(seen.insert(&person.id), "{} twice", person.id);
        let ix = roster.side(person.role).find(&person.id).expect("a person");
        if let Some(candidates) = person.reason.candidates() {
            prop_assert_eq!(candidates, counts[person.role as usize][ix], "{:?}", person);
        }
        if let Some(rule) = person.reason.main_rule() {
            prop_assert!(rule.removed >= rule.alone && rule.removed > 0);
        }
        prop_assert!(!person.reason.detail().is_empty());
    }
    prop_assert_eq!(seen.len(), roster.mentees().len() + roster.mentors().len());
    Ok(())
}

/// What is said of a full place is what the match has there; and of one that is not, something else is in the way.
#[cfg(feature = "highs")]
pub(super) fn places_are_as_told(
    roster: &Roster,
    program: &Program,
    found: &Match,
) -> Result<(), TestCaseError> {
    let held: Vec<&Meeting> = found
        .pairs
        .iter()
        .filter_map(|pair| pair.meeting.as_ref())
        .collect();
    let of_leader = |id: &str| {
        let held = held
            .iter()
            .filter(|held| held.leader.as_deref() == Some(id));
        let at: BTreeSet<(&str, &str)> = held.map(|held| (&*held.slot, &*held.site)).collect();
        at
    };
    let listed = |id: &str| {
        let mut leaders = roster.leaders().iter();
        leaders.find(|leader| leader.id == id).expect("a leader")
    };
    let slots = |place: &FullPlace, id: &str| {
        let slots = listed(id).slots.iter();
        slots
            .map(|slot| roster.slots().word(*slot))
            .any(|slot| slot == place.slot)
    };
    for person in &found.unmatched {
        let Reason::PlacesFull { place, .. } = &person.reason else {
            continue;
        };
        let at = (&*place.slot, &*place.site);
        let there: Vec<&&Meeting> = (held.iter())
            .filter(|held| (&*held.slot, &*held.site) == at)
            .collect();
        prop_assert_eq!(place.pairs, there.len());
        let led: BTreeSet<&str> = there
            .iter()
            .filter_map(|held| held.leader.as_deref())
            .collect();
        prop_assert_eq!(
            &place
                .leaders
                .iter()
                .map(|id| &**id)
                .collect::<BTreeSet<_>>(),
            &led
        );
        for id in &place.elsewhere {
            let (slot, site) = at;
            prop_assert!(slots(place, id));
            prop_assert!(
                of_leader(id)
                    .iter()
                    .any(|(of, other)| *of == slot && *other != site)
            );
        }
        for id in &place.out_of_slots {
            let of_leader = of_leader(id);
            prop_assert!(slots(place, id) && of_leader.iter().all(|(slot, _)| *slot != at.0));
            prop_assert_eq!(Some(of_leader.len() as u32), listed(id).max_slots);
        }
        let by_something_else = constraints::asks_for_slots(program)
            || program.circles.grade_band.is_some()
            || !program.objective.contains(&ObjectiveLevel::Coverage);
        prop_assert!(place.limit().is_some() || by_something_else, "{}", place);
    }
    Ok(())
}
