//! Properties of the whole pipeline on thousands of small random programmes.

mod assess;
mod brute_force;
mod brute_places;
mod conflicts;
mod constraints;
mod cuts;
mod fairness;
mod meetings;
mod reasons;
mod small;
mod tampering;
mod week;
mod whatif;

use std::collections::BTreeSet;

use proptest::prelude::*;

use crate::certificate::{Certificate, Status};
use crate::error::ErrorKind;
use crate::explain::Removed;
use crate::ineligible::Ineligible;
use crate::matching::{Match, Options};
use crate::pairs::{Kept, Pairs, RosterPairs};
use crate::solve::Method;
use crate::verify::{ClaimedPair, Scorer, Verified, VerifyOptions, score_plainly, verify_with};
use crate::{Error, Program, Role, Roster};
use small::Small;

/// The checker's verdict, which is the same with either scorer and any number of threads.
fn verify(
    roster: &Roster,
    program: &Program,
    pairs: &[ClaimedPair],
    certificate: &Certificate,
) -> Result<Verified, Error> {
    let with = |scorer, threads| {
        let options = VerifyOptions {
            scorer,
            threads: Some(threads),
            ..VerifyOptions::default()
        };
        verify_with(roster, program, pairs, certificate, &options)
    };
    let plain = with(Scorer::Reference, 1);
    let compiled = with(Scorer::Compiled, 2);
    match (&plain, compiled) {
        (Ok(plain), Ok(compiled)) => {
            let as_plain = Verified {
                scorer: Scorer::Reference,
                ..compiled
            };
            assert_eq!(compiled.scorer, Scorer::Compiled);
            assert_eq!(*plain, as_plain);
        }
        (Err(plain), Err(compiled)) => assert_eq!(plain.to_string(), compiled.to_string()),
        (plain, compiled) => {
            panic!("{plain:?} by the plain scores, {compiled:?} by the compiled ones")
        }
    }
    plain
}

fn claimed(answer: &Match) -> Vec<ClaimedPair> {
    answer.pairs.iter().map(ClaimedPair::from).collect()
}

fn checked(roster: &Roster, program: &Program, answer: &Match) -> Result<Verified, Error> {
    verify(roster, program, &claimed(answer), &answer.certificate)
}

fn by(method: Method, threads: usize) -> Options {
    Options {
        method,
        threads: Some(threads),
        ..Options::default()
    }
}

/// By the network with pairs that are streamed, however few: where memory is limited, no scores are kept.
fn streamed() -> Options {
    Options {
        memory_limit: Some(u64::MAX),
        ..by(Method::Fastest, 1)
    }
}

/// Whether a solve in each of these ways has the optimum of trying everything, and the checker agrees.
fn is_best(small: &Small, ways: &[Options]) -> Result<(), TestCaseError> {
    let (roster, program) = small.build();
    let best = brute_force::best(&roster, &program);
    let answers = ways
        .iter()
        .map(|options| program.solve_with(&roster, options));
    for answer in answers {
        match &answer {
            Ok(answer) => {
                let levels = &answer.certificate.levels;
                prop_assert_eq!(
                    answer.certificate.status,
                    Status::Optimal,
                    "{:?} of {:?}\n{}",
                    levels,
                    best,
                    program.to_toml()
                );
                let values: Vec<i64> = answer
                    .certificate
                    .levels
                    .iter()
                    .map(|level| level.objective)
                    .collect();
                prop_assert_eq!(Some(&values), best.as_ref());
                let verified = checked(&roster, &program, answer);
                prop_assert!(
                    verified.is_ok(),
                    "{:?} {:?} {}",
                    verified,
                    answer.certificate,
                    program.to_toml()
                );
                #[cfg(feature = "highs")]
                reasons::places_are_as_told(&roster, &program, answer)?;
            }
            Err(error) if error.kind() == ErrorKind::Infeasible => {
                prop_assert_eq!(&None, &best);
                let conflict = error.conflict().map(|conflict| &conflict.constraints);
                prop_assert!(conflict.is_some_and(|constraints| !constraints.is_empty()));
                let certificate = error
                    .certificate()
                    .expect("an infeasible programme has a proof");
                let verified = verify(&roster, &program, &[], certificate);
                prop_assert!(verified.is_ok(), "{:?}", verified);
            }
            Err(error) => {
                let ineligible = error.to_string().contains("not eligible");
                prop_assert!(error.kind() == ErrorKind::Input && ineligible, "{}", error);
                prop_assert_eq!(&None, &best);
            }
        }
    }
    Ok(())
}

/// Whether a solve of shuffled rows, on any number of threads, gives the same.
fn is_the_same_shuffled(small: &Small, seed: u64) -> Result<(), TestCaseError> {
    // Places are of rows, which are shuffled.
    let members = |error: &Error| {
        let members = error.conflict()?.constraints.iter();
        let members = members.map(|of| (of.kind, of.what.clone()));
        Some(members.collect::<BTreeSet<_>>())
    };
    let (roster, program) = small.build();
    let (shuffled, _) = small.shuffled(seed).build();
    let first = program.solve_with(&roster, &by(Method::Fastest, 1));
    for (roster, threads) in [(&shuffled, 1), (&roster, 2), (&shuffled, 8)] {
        let other = program.solve_with(roster, &by(Method::Fastest, threads));
        match (&first, &other) {
            (Ok(a), Ok(b)) => prop_assert_eq!(a, b),
            (Err(a), Err(b)) => {
                prop_assert_eq!((a.kind(), members(a)), (b.kind(), members(b)));
            }
            _ => prop_assert!(false, "{:?} against {:?}", first.is_ok(), other.is_ok()),
        }
    }
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(4000))]

    /// The optimum is that of trying everything; the checker agrees; so does every method.
    #[test]
    fn the_answer_is_the_brute_force_optimum(small in Small::any()) {
        is_best(&small, &[by(Method::Fastest, 1), by(Method::Program, 1), streamed()])?;
    }

    /// The same where pairs get slots and leaders, which takes HiGHS.
    #[cfg(feature = "highs")]
    #[test]
    fn meetings_are_the_brute_force_optimum(small in Small::with_meetings()) {
        is_best(&small.without_fairness(), &[by(Method::Fastest, 1)])?;
    }

    /// The same with constraints of every kind, with and without slots.
    #[cfg(feature = "highs")]
    #[test]
    fn constraints_keep_the_brute_force_optimum(small in Small::with_constraints()) {
        is_best(&small.without_fairness(), &[by(Method::Fastest, 1)])?;
    }

    /// The compiled rules and criteria say of every pair what the plain reading says.
    #[test]
    fn compiled_scores_are_the_plain_ones(small in Small::any()) {
        let (roster, program) = small.build();
        let pairs = RosterPairs::compile(&roster, &program).expect("the programme fits the roster");
        let mut row = Vec::new();
        for mentee in 0..roster.mentees().len() {
            pairs.row(mentee, &mut row);
            row.sort_unstable();
            let plain: Vec<(u32, i64)> = (0..roster.mentors().len())
                .filter_map(|mentor| Some((mentor as u32, score_plainly(&roster, &program, mentee, mentor)?)))
                .collect();
            prop_assert_eq!(&row, &plain);
            for (mentor, score) in &row {
                prop_assert_eq!(pairs.score(mentee, *mentor), Some(*score));
            }
        }
    }

    /// Scores that are kept are those that are worked out, in whatever way they are asked for.
    #[test]
    fn kept_scores_are_those_of_the_pairs(
        small in Small::any(),
        prices in prop::collection::vec(-200_000..1_200_000i64, 16),
        floor in -300_000..900_000i64,
        most in 0..6usize,
    ) {
        let (roster, program) = small.build();
        let pairs = RosterPairs::compile(&roster, &program).expect("the programme fits the roster");
        let Some(kept) = Kept::new(&pairs) else { return Ok(()) };
        let prices: Vec<i64> = prices.into_iter().cycle().take(pairs.mentors()).collect();
        let sweep = kept.sweep(Role::Mentee, &prices).expect("rows can be looked at");
        let (mut row, mut beating, mut other) = (Vec::new(), Vec::new(), Vec::new());
        for mentee in 0..pairs.mentees() {
            pairs.row(mentee, &mut row);
            row.sort_unstable();
            kept.row(mentee, &mut other);
            prop_assert_eq!(&row, &other);
            for mentor in 0..pairs.mentors() as u32 {
                prop_assert_eq!(kept.score(mentee, mentor), pairs.score(mentee, mentor));
            }
            let worth = |(mentor, score): &(u32, i64)| score - prices[*mentor as usize];
            let above = |floor: i64| row.iter().filter(|pair| worth(pair) > floor).count();
            let raised = sweep.floor(mentee, floor, most);
            prop_assert!(raised >= floor);
            prop_assert!(above(raised) >= most.min(above(floor)));
            beating.clear();
            sweep.row(mentee, floor, &mut |mentor, score| {
                beating.push((mentor, score));
                floor
            });
            row.retain(|pair| worth(pair) > floor);
            prop_assert_eq!(&row, &beating);
        }
    }

    /// What rules everybody out for a person, counted kind by kind, is what it is pair by pair.
    #[test]
    fn ruled_out_by_kinds_is_ruled_out_by_pairs(small in Small::any()) {
        let (roster, program) = small.build();
        let pairs = RosterPairs::compile(&roster, &program).expect("the programme fits the roster");
        let ineligible = Ineligible::new(&roster, &pairs, &program);
        let rules = pairs.eligibility.codes().map(str::to_owned);
        let criteria = pairs.scoring.names().map(|name| format!("missing:{name}"));
        let codes: Vec<String> = rules.chain(criteria).collect();
        let first_criterion = pairs.eligibility.codes().count();
        let none = vec![(0, 0); codes.len()];
        let mut counts = [roster.mentees(), roster.mentors()].map(|side| vec![none.clone(); side.len()]);
        for mentee in 0..roster.mentees().len() {
            for mentor in 0..roster.mentors().len() {
                let lacks = pairs.scoring.lacks(mentee, mentor).map(|ix| first_criterion + ix);
                let against: Vec<usize> = pairs.eligibility.fails(mentee, mentor).chain(lacks).collect();
                for code in &against {
                    for (side, ix) in [(0, mentee), (1, mentor)] {
                        let counts: &mut (usize, usize) = &mut counts[side][ix][*code];
                        counts.0 += 1;
                        counts.1 += usize::from(against.len() == 1);
                    }
                }
            }
        }
        for (role, counts) in [Role::Mentee, Role::Mentor].into_iter().zip(counts) {
            for (ix, counts) in counts.iter().enumerate() {
                let counts = codes.iter().zip(counts).filter(|(_, counts)| counts.0 > 0);
                let mut removed: Vec<Removed> = counts
                    .map(|(rule, (removed, alone))| Removed { rule: rule.clone(), removed: *removed, alone: *alone })
                    .collect();
                removed.sort_by_key(|rule| std::cmp::Reverse(rule.removed));
                prop_assert_eq!(ineligible.removed(role, ix), removed);
            }
        }
    }

    /// The order of rows and the number of threads change nothing.
    #[test]
    fn shuffled_rows_and_threads_give_the_same_pairs(small in Small::any(), seed in any::<u64>()) {
        is_the_same_shuffled(&small, seed)?;
    }

    /// The same with constraints of every kind, with and without slots.
    #[cfg(feature = "highs")]
    #[test]
    fn constraints_give_the_same_pairs_shuffled(small in Small::with_constraints(), seed in any::<u64>()) {
        is_the_same_shuffled(&small.without_fairness(), seed)?;
    }

    /// Any change of an answer or its proof is found out.
    #[test]
    fn a_tampered_answer_is_rejected(small in Small::any(), change in tampering::any()) {
        let (roster, program) = small.build();
        let solved = program.solve(&roster);
        if let Err(error) = &solved
            && let Some(certificate) = error.certificate()
        {
            let mut certificate = certificate.clone();
            if change.of_infeasible(&mut certificate) {
                let verified = verify(&roster, &program, &[], &certificate);
                let error = verified.expect_err("the change is found out");
                prop_assert_eq!(error.kind(), ErrorKind::Verification);
            }
        }
        if let Ok(answer) = solved {
            let mut pairs = claimed(&answer);
            let mut certificate = answer.certificate.clone();
            if change.apply(&roster, &program, &mut pairs, &mut certificate) {
                let verified = verify(&roster, &program, &pairs, &certificate);
                let error = verified.expect_err("the change is found out");
                prop_assert_eq!(error.kind(), ErrorKind::Verification);
            }
        }
    }
}
