//! Assessments of small random programmes, held against trying everything.

use proptest::prelude::*;

use super::small::Small;
use crate::assess::{Assessment, Bottleneck};
use crate::explain::Reason;
use crate::matching::Match;
use crate::pairs::RosterPairs;
use crate::program::IntegerProgram;
use crate::programme::{ObjectiveLevel, Program};
use crate::roster::{Role, Roster};
use crate::verify::score_plainly;

/// The room of each mentee and of each mentor.
fn rooms(roster: &Roster, program: &Program) -> [Vec<u32>; 2] {
    let pairs = RosterPairs::compile(roster, program).expect("the programme fits the roster");
    let program = IntegerProgram::of_roster(&pairs, roster, program).expect("a program");
    let mentees = program.mentees.iter().map(|mentee| mentee.max);
    let mentors = program.mentors.iter().map(|mentor| mentor.max);
    [mentees.collect(), mentors.collect()]
}

/// The most of the mentees from `mentee` on who can be covered with this room, one way after the other.
fn most_covered(eligible: &[Vec<usize>], mentee: usize, room: &mut [u32]) -> usize {
    if mentee == eligible.len() {
        return 0;
    }
    let mut most = most_covered(eligible, mentee + 1, room);
    for &mentor in &eligible[mentee] {
        if room[mentor] > 0 {
            room[mentor] -= 1;
            most = most.max(1 + most_covered(eligible, mentee + 1, room));
            room[mentor] += 1;
        }
    }
    most
}

/// The mentors whom each mentee may have, by the plain reading; nobody for a mentee who may be in no pair.
fn eligible(roster: &Roster, program: &Program, rooms: &[Vec<u32>; 2]) -> Vec<Vec<usize>> {
    let of = |mentee: usize| -> Vec<usize> {
        let all = (0..roster.mentors().len()).filter(|_| rooms[0][mentee] > 0);
        all.filter(|mentor| score_plainly(roster, program, mentee, *mentor).is_some())
            .collect()
    };
    (0..roster.mentees().len()).map(of).collect()
}

/// Whether nothing but loads keeps mentees out, and coverage comes before scores.
fn only_loads_bind(roster: &Roster, program: &Program) -> bool {
    let loads = program.loads;
    let no_minimum = |role: Role| {
        let people = roster.side(role);
        (0..people.len()).all(|ix| people.load_min(ix).unwrap_or(0) == 0)
    };
    program.objective.contains(&ObjectiveLevel::Coverage)
        && (loads.mentee.min, loads.mentor.min) == (0, 0)
        && no_minimum(Role::Mentee)
        && no_minimum(Role::Mentor)
        && roster.required().is_empty()
        && program.quotas.is_empty()
        && !program.meetings.is_assigned(roster)
}

fn covered_of(found: &Match, set: &Bottleneck) -> usize {
    let mentees = set.mentees.iter();
    let covered = |id: &&String| found.pairs.iter().any(|pair| pair.mentee == **id);
    mentees.filter(covered).count()
}

/// Bottlenecks are what they say, and their shortages add up.
fn bottlenecks_hold(
    roster: &Roster,
    program: &Program,
    assessment: &Assessment,
) -> Result<(), TestCaseError> {
    let rooms = rooms(roster, program);
    let eligible = eligible(roster, program, &rooms);
    let most = most_covered(&eligible, 0, &mut rooms[1].clone());
    prop_assert_eq!(assessment.coverage, most);
    let shortages = assessment.bottlenecks.iter().map(Bottleneck::shortage);
    prop_assert_eq!(shortages.sum::<usize>(), assessment.mentees - most);
    let mut seen = std::collections::BTreeSet::new();
    for (number, set) in (1..).zip(&assessment.bottlenecks) {
        prop_assert_eq!(set.number, number);
        prop_assert!(set.shortage() > 0);
        let find = |id: &String| roster.mentors().find(id).expect("a mentor");
        let mentors: Vec<usize> = set.mentors.iter().map(find).collect();
        let room: u64 = mentors.iter().map(|ix| u64::from(rooms[1][*ix])).sum();
        prop_assert_eq!(set.room, room);
        let mut needed = vec![false; roster.mentors().len()];
        for id in &set.mentees {
            prop_assert!(seen.insert(id.clone()));
            let mentee = roster.mentees().find(id).expect("a mentee");
            // Nobody else can serve them.
            for mentor in &eligible[mentee] {
                prop_assert!(mentors.contains(mentor));
                needed[*mentor] = true;
            }
            // Each of them is left by some greatest coverage.
            let mut others = eligible.clone();
            others[mentee].clear();
            prop_assert_eq!(most_covered(&others, 0, &mut rooms[1].clone()), most);
        }
        prop_assert!(mentors.iter().all(|mentor| needed[*mentor]));
    }
    // Whoever is in none is covered by every greatest coverage.
    for mentee in 0..eligible.len() {
        if !seen.contains(roster.mentees().id(mentee)) {
            let mut others = eligible.clone();
            others[mentee].clear();
            prop_assert_eq!(most_covered(&others, 0, &mut rooms[1].clone()), most - 1);
        }
    }
    Ok(())
}

/// No match covers more of a bottleneck than its room, and where only loads bind it covers as many as there is room for.
fn match_keeps(
    roster: &Roster,
    program: &Program,
    assessment: &Assessment,
    found: &Match,
) -> Result<(), TestCaseError> {
    prop_assert!(found.covered() <= assessment.coverage);
    if only_loads_bind(roster, program) {
        prop_assert_eq!(found.covered(), assessment.coverage);
    }
    for set in &assessment.bottlenecks {
        let covered = covered_of(found, set);
        prop_assert!(covered <= set.mentees.len() - set.shortage());
        if only_loads_bind(roster, program) {
            prop_assert_eq!(covered as u64, set.room);
        }
    }
    for person in &found.unmatched {
        let Reason::OutCompeted { bottleneck, .. } = &person.reason else {
            continue;
        };
        let set = assessment
            .bottlenecks
            .iter()
            .find(|set| set.mentees.contains(&person.id));
        prop_assert_eq!(bottleneck.is_some(), set.is_some());
        if let (Some(named), Some(set)) = (bottleneck, set) {
            let sizes = (set.number, set.mentees.len(), set.mentors.len(), set.room);
            prop_assert_eq!(
                (named.number, named.mentees, named.mentors, named.room),
                sizes
            );
        }
        prop_assert!(bottleneck.is_some() || !only_loads_bind(roster, program));
    }
    Ok(())
}

/// The counts by person, rule and column are what a look at every pair says.
fn counts_hold(
    roster: &Roster,
    program: &Program,
    assessment: &Assessment,
) -> Result<(), TestCaseError> {
    let (mentees, mentors) = (roster.mentees(), roster.mentors());
    let may = |mentee, mentor| score_plainly(roster, program, mentee, mentor).is_some();
    let count = |role: Role, ix: usize| match role {
        Role::Mentee => (0..mentors.len()).filter(|mentor| may(ix, *mentor)).count(),
        Role::Mentor => (0..mentees.len()).filter(|mentee| may(*mentee, ix)).count(),
    };
    prop_assert_eq!(assessment.eligibility.len(), mentees.len() + mentors.len());
    let mut pairs = 0;
    for person in &assessment.eligibility {
        let ix = roster.side(person.role).find(&person.id).expect("a person");
        prop_assert_eq!(person.candidates, count(person.role, ix));
        prop_assert_eq!(person.rule.is_some(), person.candidates == 0);
        if person.role == Role::Mentee {
            pairs += person.candidates as u64;
        }
    }
    prop_assert_eq!(assessment.eligible_pairs, pairs);
    let all = (mentees.len() * mentors.len()) as u64;
    let alone: u64 = assessment.rules.iter().map(|rule| rule.pairs_alone).sum();
    prop_assert!(alone <= all - pairs);
    for rule in &assessment.rules {
        prop_assert!(rule.pairs_alone <= rule.pairs_removed && rule.pairs_removed <= all - pairs);
        prop_assert!(rule.on || rule.pairs_removed == 0);
    }
    for row in assessment.supply.iter().filter(|row| row.by == "site") {
        let here = |ix: &usize| {
            mentees.site(*ix).map(|code| roster.sites().word(code)) == row.value.as_deref()
        };
        let here: Vec<usize> = (0..mentees.len()).filter(here).collect();
        let served = here
            .iter()
            .filter(|ix| count(Role::Mentee, **ix) > 0)
            .count();
        let reached = (0..mentors.len()).filter(|mentor| here.iter().any(|ix| may(*ix, *mentor)));
        let counts = (row.mentees, row.mentees_served, row.mentors_in_reach);
        prop_assert_eq!(counts, (here.len(), served, reached.count()));
    }
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(4000))]

    #[test]
    fn an_assessment_is_true(small in Small::any()) {
        let (roster, program) = small.build();
        let assessment = program.assess(&roster).expect("an assessment");
        bottlenecks_hold(&roster, &program, &assessment)?;
        counts_hold(&roster, &program, &assessment)?;
        if let Ok(found) = program.solve(&roster) {
            match_keeps(&roster, &program, &assessment, &found)?;
        }
    }

    /// No match has more pairs at a place, or at a site in a week, than an assessment says; and at their own site as many
    /// mentees are left as are short of a place.
    #[cfg(feature = "highs")]
    #[test]
    fn places_hold_no_more_than_is_said(small in Small::with_meetings()) {
        let (roster, program) = small.without_fairness().build();
        let assessment = program.assess(&roster).expect("an assessment");
        let Ok(found) = program.solve(&roster) else { return Ok(()) };
        match_keeps(&roster, &program, &assessment, &found)?;
        prop_assert!(found.pairs.is_empty() || assessment.staff.is_empty() != found.slots_assigned);
        for row in &assessment.staff {
            let meetings = found.pairs.iter().filter_map(|pair| Some((pair, pair.meeting.as_ref()?)));
            let here = meetings.filter(|(_, meeting)| {
                meeting.site == row.site && row.slot.as_ref().is_none_or(|slot| *slot == meeting.slot)
            });
            let pairs: Vec<_> = here.map(|(pair, _)| pair).collect();
            let bound = !roster.rooms().is_empty() || !roster.leaders().is_empty();
            prop_assert!(!bound || pairs.len() as u64 <= row.capacity, "{:?}", row);
            let mut mentees: Vec<&str> = pairs.iter().map(|pair| &*pair.mentee).collect();
            mentees.dedup();
            prop_assert!(mentees.len() <= row.mentees, "{:?}", row);
            if row.slot.is_none() && program.meetings.travel == crate::Travel::Mentee {
                prop_assert!(mentees.len() as u64 <= row.mentees as u64 - row.short, "{:?}", row);
            }
        }
    }
}
