//! Properties of the whole pipeline on thousands of small random programmes.

mod brute_force;
mod cuts;
mod small;
mod tampering;

use proptest::prelude::*;

use crate::certificate::Status;
use crate::error::ErrorKind;
use crate::matching::{Match, Options};
use crate::pairs::{Pairs, RosterPairs};
use crate::solve::Method;
use crate::verify::{ClaimedPair, Verified, score_plainly, verify};
use crate::{Error, Program, Roster};
use small::Small;

fn claimed(answer: &Match) -> Vec<ClaimedPair> {
    let claim = |pair: &crate::Pair| ClaimedPair {
        mentee: pair.mentee.clone(),
        mentor: pair.mentor.clone(),
        score: pair.score,
    };
    answer.pairs.iter().map(claim).collect()
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

proptest! {
    #![proptest_config(ProptestConfig::with_cases(4000))]

    /// The optimum is that of trying everything; the checker agrees; every method gives the same pairs.
    #[test]
    fn the_answer_is_the_brute_force_optimum(small in Small::any()) {
        let (roster, program) = small.build();
        let best = brute_force::best(&roster, &program);
        let answers = [Method::Fastest, Method::Program].map(|method| program.solve_with(&roster, &by(method, 1)));
        for answer in &answers {
            match answer {
                Ok(answer) => {
                    prop_assert_eq!(answer.certificate.status, Status::Optimal);
                    let values: Vec<i64> = answer.certificate.levels.iter().map(|level| level.objective).collect();
                    prop_assert_eq!(Some(&values), best.as_ref());
                    let verified = checked(&roster, &program, answer);
                    prop_assert!(verified.is_ok(), "{:?}", verified);
                }
                Err(error) if error.kind() == ErrorKind::Infeasible => {
                    prop_assert_eq!(&None, &best);
                    prop_assert!(!error.conflict().is_empty());
                    let certificate = error.certificate().expect("an infeasible programme has a proof");
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
        if let [Ok(a), Ok(b)] = &answers {
            prop_assert_eq!(&a.pairs, &b.pairs);
        }
    }

    /// The compiled rules and criteria say of every pair what the plain reading says.
    #[test]
    fn compiled_scores_are_the_plain_ones(small in Small::any()) {
        let (roster, program) = small.build();
        let pairs = RosterPairs::compile(&roster, &program).expect("the programme fits the roster");
        let mut row = Vec::new();
        for mentee in 0..roster.mentees().len() {
            pairs.row(mentee, &mut row);
            let plain: Vec<(u32, i64)> = (0..roster.mentors().len())
                .filter_map(|mentor| Some((mentor as u32, score_plainly(&roster, &program, mentee, mentor)?)))
                .collect();
            prop_assert_eq!(&row, &plain);
            for (mentor, score) in &row {
                prop_assert_eq!(pairs.score(mentee, *mentor), Some(*score));
            }
        }
    }

    /// The order of rows and the number of threads change nothing.
    #[test]
    fn shuffled_rows_and_threads_give_the_same_pairs(small in Small::any(), seed in any::<u64>()) {
        let (roster, program) = small.build();
        let (shuffled, _) = small.shuffled(seed).build();
        let first = program.solve_with(&roster, &by(Method::Fastest, 1));
        for (roster, threads) in [(&shuffled, 1), (&roster, 2), (&shuffled, 8)] {
            let other = program.solve_with(roster, &by(Method::Fastest, threads));
            match (&first, &other) {
                (Ok(a), Ok(b)) => prop_assert_eq!(a, b),
                (Err(a), Err(b)) => prop_assert_eq!(a.kind(), b.kind()),
                _ => prop_assert!(false, "{:?} against {:?}", first.is_ok(), other.is_ok()),
            }
        }
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
