//! Answers to 'what if', held against trying everything.

use proptest::prelude::*;

use super::brute_force;
use super::by;
use super::small::Small;
use crate::certificate::Level;
use crate::roster::{ListedPair, Role, Roster};
use crate::solve::Method;
use crate::units::{MenteeIx, MentorIx};
use crate::whatif::AdviseOptions;
use crate::{Change, Match, Program};

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

proptest! {
    #![proptest_config(ProptestConfig::with_cases(4000))]

    /// What an alternative costs is what the optimum with the pair lacks.
    #[test]
    fn alternatives_cost_what_trying_everything_says(small in Small::any()) {
        costs_are_exact(&small, brute_force::best)?;
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
    fn advice_in_meetings_adds_what_it_says(small in Small::with_meetings()) {
        advice_is_exact(&small.without_fairness(), brute_force::best)?;
    }
}
