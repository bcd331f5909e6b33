//! Small programmes against all groups there are, larger ones against the checker, and the checker against tampering.

use proptest::prelude::*;

use super::*;
use crate::certificate::{GroupNode, Level, OddSet, Status};
use crate::interrupt::{OnStop, StopFlag};
use crate::matching::Options;
use crate::programme::{Criterion, Kind, Missing, Program, Triads};
use crate::roster::{Person, Roster};
use crate::units::Micropoints;
use crate::verify::{ClaimedTie, Scorer, VerifyOptions, verify_co_match, verify_co_match_with};

/// Students, whose pairs have scores in parts of `of`.
#[derive(Debug, Clone)]
struct Small {
    tiers: Vec<u32>,
    resting: Vec<bool>,
    pairs: Vec<(usize, usize, u32)>,
    of: u32,
    required: Option<usize>,
    triads: Triads,
}

fn small(most: usize, degree: usize) -> impl Strategy<Value = Small> {
    let triads = prop_oneof![
        1 => Just(Triads::Off),
        3 => Just(Triads::AsNeeded),
        1 => (1u32..3).prop_map(Triads::AtMost),
    ];
    (
        1..=most,
        1usize..=degree,
        prop_oneof![Just(1u32), Just(3), Just(997)],
    )
        .prop_flat_map(move |(count, degree, of)| {
            let pair = (0..count, 0..count, 0..=of);
            (
                proptest::collection::vec(
                    prop_oneof![
3 => Just(0u32), 1 => 1u32..3],
                    count,
                ),
                proptest::collection::vec(prop::bool::weighted(0.05), count),
                proptest::collection::vec(pair, 0..=count * degree),
                Just(of),
                prop::option::weighted(0.2, 0usize..4),
                triads.clone(),
            )
                .prop_map(|(tiers, resting, pairs, of, required, triads)| {
                    let mut known = std::collections::HashSet::new();
                    let pairs = pairs
                        .into_iter()
                        .filter(|&(a, b, _)| a != b && known.insert((a.min(b), a.max(b))));
                    let pairs: Vec<_> = pairs.collect();
                    let required = required.filter(|required| {
                        pairs
                            .get(*required)
                            .is_some_and(|pair| !resting[pair.0] && !resting[pair.1])
                    });
                    Small {
                        tiers,
                        resting,
                        pairs,
                        of,
                        required,
                        triads,
                    }
                })
        })
}

impl Small {
    fn program(&self) -> Program {
        Program {
            criteria: vec![Criterion::new(Kind::PairScores, 1.0, Missing::Ineligible)],
            triads: self.triads,
            ..Program::co_mentoring()
        }
    }

    fn score(&self, a: usize, b: usize) -> Option<i64> {
        let mut pairs = self.pairs.iter();
        let pair = pairs.find(|pair| (pair.0, pair.1) == (a, b) || (pair.0, pair.1) == (b, a))?;
        Some((f64::from(pair.2) / f64::from(self.of) * 1e6).round() as i64)
    }

    fn roster(&self, backwards: bool) -> Roster {
        let mut builder = Roster::of_students();
        builder.declare_pair_scores();
        let mut people: Vec<usize> = (0..self.tiers.len()).collect();
        if backwards {
            people.reverse();
        }
        for ix in people {
            let person = Person::new(format!("s{ix:03}")).priority(self.tiers[ix]);
            builder = builder.student(if self.resting[ix] {
                person.load_max(0)
            } else {
                person
            });
        }
        let mut pairs = self.pairs.clone();
        if backwards {
            pairs.reverse();
            pairs
                .iter_mut()
                .for_each(|pair| *pair = (pair.1, pair.0, pair.2));
        }
        for (a, b, score) in pairs {
            let score = f64::from(score) / f64::from(self.of);
            builder = builder.pair_score(format!("s{a:03}"), format!("s{b:03}"), score);
        }
        if let Some(required) = self.required {
            let (a, b, _) = self.pairs[required];
            builder = builder.required(format!("s{a:03}"), format!("s{b:03}"));
        }
        builder.build().expect("a roster")
    }

    /// The best values: priority tiers 2 and 1, coverage, minus the triads, score.
    fn brute_force(&self) -> [i64; 5] {
        let mut taken = self.resting.clone();
        let mut values = [0; 5];
        if let Some(required) = self.required {
            let (a, b, _) = self.pairs[required];
            self.cover(&[a, b], &mut taken, &mut values);
            values[4] += self.score(a, b).expect("a pair");
        }
        let limit = self.triads.limit(self.tiers.len());
        let mut best = values;
        self.all(0, &taken, values, limit, &mut best);
        best
    }

    fn cover(&self, students: &[usize], taken: &mut [bool], values: &mut [i64; 5]) {
        for &ix in students {
            taken[ix] = true;
            values[2] += 1;
            match self.tiers[ix] {
                2 => values[0] += 1,
                1 => values[1] += 1,
                _ => {}
            }
        }
    }

    fn all(
        &self,
        from: usize,
        taken: &[bool],
        values: [i64; 5],
        limit: usize,
        best: &mut [i64; 5],
    ) {
        *best = values.max(*best);
        let count = taken.len();
        let Some(a) = (from..count).find(|ix| !taken[*ix]) else {
            return;
        };
        self.all(a + 1, taken, values, limit, best);
        for b in (a + 1..count).filter(|ix| !taken[*ix]) {
            let Some(ab) = self.score(a, b) else { continue };
            let (mut taken_too, mut more) = (taken.to_vec(), values);
            self.cover(&[a, b], &mut taken_too, &mut more);
            more[4] += ab;
            self.all(a + 1, &taken_too, more, limit, best);
            for c in (b + 1..count).filter(|ix| !taken[*ix] && limit > 0) {
                if let (Some(ac), Some(bc)) = (self.score(a, c), self.score(b, c)) {
                    let (mut taken, mut values) = (taken.to_vec(), values);
                    self.cover(&[a, b, c], &mut taken, &mut values);
                    values[3] -= 1;
                    values[4] += (ab + ac + bc) / 2;
                    self.all(a + 1, &taken, values, limit - 1, best);
                }
            }
        }
    }
}

fn value(answer: &CoMatch, level: Level) -> i64 {
    let mut levels = answer.certificate.levels.iter();
    levels
        .find(|entry| entry.level == level)
        .map_or(0, |entry| entry.objective)
}

fn ties(answer: &CoMatch) -> Vec<ClaimedTie> {
    let groups = answer.groups.iter().enumerate();
    groups
        .flat_map(|(number, group)| {
            group.ties.iter().map(move |tie| ClaimedTie {
                group: number.to_string(),
                a: tie.a.clone(),
                b: tie.b.clone(),
                score: tie.score,
            })
        })
        .collect()
}

fn plainly() -> VerifyOptions {
    VerifyOptions {
        scorer: Scorer::Reference,
        ..VerifyOptions::default()
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(1500))]

    #[test]
    fn the_groups_are_the_best_of_all(small in small(9, 4)) {
        let (roster, program) = (small.roster(false), small.program());
        let answer = program.co_match(&roster).expect("a match");
        let best = small.brute_force();
        prop_assert_eq!(answer.certificate.gap, 0);
        prop_assert_eq!(answer.certificate.status, Status::Optimal);
        let has = [
            value(&answer, Level::Priority(2)),
            value(&answer, Level::Priority(1)),
            value(&answer, Level::Coverage),
            value(&answer, Level::Triads),
            value(&answer, Level::Score),
        ];
        prop_assert_eq!(has, best);
        prop_assert_eq!(answer.covered() as i64, best[2]);
        prop_assert_eq!(answer.covered() + answer.unmatched.len(), small.tiers.len());
        verify_co_match(&roster, &program, &ties(&answer), &answer.certificate).expect("a proof");
        verify_co_match_with(&roster, &program, &ties(&answer), &answer.certificate, &plainly())
            .expect("a proof");
        let again = program.co_match(&small.roster(true)).expect("a match");
        prop_assert_eq!(again.groups, answer.groups);
        prop_assert_eq!(again.certificate, answer.certificate);
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(300))]

    #[test]
    fn larger_programmes_are_proven(small in small(60, 12), threads in 1usize..3) {
        let (roster, program) = (small.roster(false), small.program());
        let options = Options { threads: Some(threads), ..Options::default() };
        let answer = program.co_match_with(&roster, &options).expect("a match");
        prop_assert_eq!(answer.certificate.gap, 0);
        verify_co_match(&roster, &program, &ties(&answer), &answer.certificate).expect("a proof");
        prop_assert_eq!(program.co_match(&small.roster(true)).expect("a match"), answer);
    }

    /// Whenever the solve is cut, there is a match with a gap that the checker agrees to.
    #[test]
    fn a_cut_leaves_a_true_gap(small in small(30, 8), looks in 0usize..60) {
        let (roster, program) = (small.roster(false), small.program());
        let options = Options {
            stop: StopFlag::raised_after(looks),
            on_stop: OnStop::Keep,
            threads: Some(1),
            ..Options::default()
        };
        let answer = program.co_match_with(&roster, &options).expect("a match");
        let best = program.co_match(&roster).expect("a match");
        for (cut, best) in answer.certificate.levels.iter().zip(&best.certificate.levels) {
            prop_assert!(cut.bound >= best.objective);
            if cut.bound != cut.objective {
                break;
            }
        }
        verify_co_match(&roster, &program, &ties(&answer), &answer.certificate).expect("a proof");
    }

    #[test]
    fn tampering_is_noticed(small in small(14, 6), which in 0usize..16, at in any::<prop::sample::Index>()) {
        let (roster, program) = (small.roster(false), small.program());
        let answer = program.co_match(&roster).expect("a match");
        let (mut claimed, mut proof) = (ties(&answer), answer.certificate.clone());
        let part = (!proof.groups.is_empty()).then(|| at.index(proof.groups.len()));
        let many = part.is_some_and(|part| proof.groups[part].students.len() > 1);
        let leaf = part.and_then(|part| {
            proof.groups[part].cases.iter_mut().flat_map(|case| &mut case.nodes).find_map(|node| match node {
                GroupNode::Leaf(prices) => Some(prices),
                _ => None,
            })
        });
        match (which, leaf) {
            (0, _) => proof.bound += 1,
            (1, _) => proof.gap = 1,
            (2, _) => proof.status = Status::LimitReached,
            (3, _) => {
                let place = at.index(proof.levels.len());
                proof.levels[place].objective += 1;
            }
            (4, _) => {
                let place = at.index(proof.levels.len());
                proof.levels[place].bound -= 1;
            }
            (5, _) => {
                let last = proof.levels.len() - 1;
                proof.levels[last].weight += 1;
            }
            (6, _) if !claimed.is_empty() => {
                claimed.remove(at.index(claimed.len()));
            }
            (7, _) if !claimed.is_empty() => {
                let tie = claimed[at.index(claimed.len())].clone();
                claimed.push(tie);
            }
            (8, _) if !claimed.is_empty() => {
                let place = at.index(claimed.len());
                claimed[place].score = Micropoints(claimed[place].score.0 + 1);
            }
            (9, _) if claimed.len() > 1 => {
                let place = at.index(claimed.len());
                let other = (place + 1) % claimed.len();
                (claimed[place].group, claimed[other].group) =
                    (claimed[other].group.clone(), claimed[place].group.clone());
                claimed[place].a = claimed[other].a.clone();
                // Two ties of one triad with the same student first are as they were.
                if claimed == ties(&answer) {
                    return Ok(());
                }
            }
            (10, Some(prices)) => prices.students[0] = -1,
            (11, Some(prices)) => {
                prices.students.pop();
            }
            (12, Some(prices)) if prices.students.len() > 1 => prices.odd_sets.push(OddSet {
                students: vec![0, 1],
                sets: Vec::new(),
                price: 2,
            }),
            // More than any price can be off by without being noticed in the bound.
            (13, Some(prices)) => prices.students[0] += 1 << 60,
            (14, _) if many => {
                proof.groups[part.expect("a part")].students.pop();
            }
            (15, _) if part.is_some() => {
                proof.groups[part.expect("a part")].cases.iter_mut().for_each(|case| {
                    case.nodes.pop();
                });
            }
            _ => return Ok(()),
        }
        let refused = verify_co_match(&roster, &program, &claimed, &proof);
        // Where everybody is perfectly matched the plain bound is enough, and prices are not needed.
        let unneeded = matches!(which, 13);
        prop_assert!(refused.is_err() || unneeded, "{} was not noticed", which);
    }
}
