//! Stable matches against brute force on small random markets.

use std::collections::BTreeSet;

use proptest::collection::vec;
use proptest::option;
use proptest::prelude::*;

use crate::error::ErrorKind;
use crate::programme::{Criterion, Missing, Program, Stability, StabilityMode, Unlisted};
use crate::roster::{Person, Roster};
use crate::verify::{ClaimedPair, Scorer, VerifyOptions, verify, verify_with};
use crate::{Match, Options, Status};

/// People with wishes, and scores of pairs.
#[derive(Debug, Clone)]
struct Small {
    wishes: [Vec<Option<Vec<usize>>>; 2],
    room: Vec<u32>,
    scores: Vec<Option<u8>>,
    refused: bool,
}

const MOST: usize = 6;

impl Small {
    fn any() -> impl Strategy<Value = Self> {
        let side = |share| {
            let list = Just((0..MOST).collect::<Vec<usize>>()).prop_shuffle();
            let list = (list, prop_oneof![0..=MOST, Just(MOST)])
                .prop_map(|(list, length)| list[..length].to_vec());
            vec(option::weighted(share, list), 1..=MOST)
        };
        let wishes = [0.5, 0.99].map(|share| (side(share), side(share)));
        let [some, all] = wishes;
        (
            prop_oneof![some, all],
            vec(0u32..4, MOST),
            vec(option::weighted(0.9, 0u8..4), MOST * MOST),
            any::<bool>(),
            any::<bool>(),
        )
            .prop_map(|((young, old), room, scores, refused, single)| Self {
                wishes: [young, old],
                room: room
                    .into_iter()
                    .map(|room| if single { 1 } else { room })
                    .collect(),
                scores,
                refused,
            })
    }

    fn roster(&self) -> Roster {
        let [young, old] = &self.wishes;
        let mut builder = Roster::builder();
        let list = |wishes: &Option<Vec<usize>>, prefix: &str, others: usize| {
            let wishes = wishes.clone()?.into_iter();
            let real = wishes.filter(|wish| *wish < others);
            Some(
                real.map(|wish| format!("{prefix}{wish}"))
                    .collect::<Vec<_>>(),
            )
        };
        for (ix, wishes) in young.iter().enumerate() {
            let mut person = Person::new(format!("e{ix}"));
            if let Some(list) = list(wishes, "m", old.len()) {
                person = person.preferences(list);
            }
            builder = builder.mentee(person);
        }
        for (ix, wishes) in old.iter().enumerate() {
            let mut person = Person::new(format!("m{ix}")).load_max(self.room[ix]);
            if let Some(list) = list(wishes, "e", young.len()) {
                person = person.preferences(list);
            }
            builder = builder.mentor(person);
        }
        for mentee in 0..young.len() {
            for mentor in 0..old.len() {
                let (e, m) = (format!("e{mentee}"), format!("m{mentor}"));
                builder = match self.scores[mentee * MOST + mentor] {
                    Some(score) => builder.pair_score(e, m, f64::from(score) / 4.0),
                    None => builder.blocked(e, m),
                };
            }
        }
        builder.declare_pair_scores();
        builder.build().expect("a small roster has no faults")
    }

    fn program(&self, mode: StabilityMode) -> Program {
        let refuses = self.refused && mode != StabilityMode::FewestBlocking;
        let unlisted = if refuses {
            Unlisted::Refused
        } else {
            Unlisted::Accepted
        };
        Program {
            criteria: vec![Criterion::pair_scores(1.0, Missing::Zero)],
            stability: Some(Stability { mode, unlisted }),
            ..Program::default()
        }
    }

    fn score(&self, mentee: usize, mentor: usize) -> Option<i64> {
        let score = self.scores[mentee * MOST + mentor]?;
        Some(i64::from(score) * 250_000)
    }

    /// How much somebody wants another, the less the rather.
    fn rank(
        &self,
        side: usize,
        who: usize,
        other: usize,
        score: i64,
        refuses: bool,
    ) -> Option<(usize, i64, usize)> {
        let others = self.wishes[1 - side].len();
        let list: Vec<usize> = self.wishes[side][who].clone().unwrap_or_default();
        let list: Vec<usize> = list.into_iter().filter(|wish| *wish < others).collect();
        match list.iter().position(|wish| *wish == other) {
            Some(place) => Some((place, 0, other)),
            None if refuses && !list.is_empty() => None,
            None => Some((list.len(), -score, other)),
        }
    }

    /// The pairs that block, where mentees have these mentors.
    fn blocking(&self, mentor_of: &[Option<usize>], refuses: bool) -> Vec<(usize, usize)> {
        let [young, old] = &self.wishes;
        let mut blocking = Vec::new();
        for mentee in 0..young.len() {
            for mentor in 0..old.len() {
                let Some(score) = self.score(mentee, mentor) else {
                    continue;
                };
                let own = self.rank(0, mentee, mentor, score, refuses);
                let returned = self.rank(1, mentor, mentee, score, refuses);
                let (Some(own), Some(returned)) = (own, returned) else {
                    continue;
                };
                let rather = match mentor_of[mentee] {
                    None => true,
                    Some(other) => {
                        let score = self.score(mentee, other).expect("eligible");
                        self.rank(0, mentee, other, score, refuses)
                            .expect("accepted")
                            > own
                    }
                };
                let held: Vec<_> = (0..young.len())
                    .filter(|other| mentor_of[*other] == Some(mentor))
                    .map(|other| {
                        let score = self.score(other, mentor).expect("eligible");
                        self.rank(1, mentor, other, score, refuses)
                            .expect("accepted")
                    })
                    .collect();
                let room = self.room[mentor] as usize;
                let wants = held.len() < room || held.iter().any(|rank| *rank > returned);
                if mentor_of[mentee] != Some(mentor) && rather && wants && room > 0 {
                    blocking.push((mentee, mentor));
                }
            }
        }
        blocking
    }

    /// Calls `visit` with every match of pairs that neither refuses.
    fn each_match(&self, refuses: bool, visit: &mut dyn FnMut(&[Option<usize>])) {
        let mut mentor_of = Vec::new();
        let mut left = self.room.clone();
        self.extend(refuses, &mut mentor_of, &mut left, visit);
    }

    fn extend(
        &self,
        refuses: bool,
        mentor_of: &mut Vec<Option<usize>>,
        left: &mut Vec<u32>,
        visit: &mut dyn FnMut(&[Option<usize>]),
    ) {
        let mentee = mentor_of.len();
        if mentee == self.wishes[0].len() {
            return visit(mentor_of);
        }
        mentor_of.push(None);
        self.extend(refuses, mentor_of, left, visit);
        mentor_of.pop();
        for mentor in 0..self.wishes[1].len() {
            let Some(score) = self.score(mentee, mentor) else {
                continue;
            };
            let accepted = self.rank(0, mentee, mentor, score, refuses).is_some()
                && self.rank(1, mentor, mentee, score, refuses).is_some();
            if left[mentor] > 0 && accepted {
                left[mentor] -= 1;
                mentor_of.push(Some(mentor));
                self.extend(refuses, mentor_of, left, visit);
                mentor_of.pop();
                left[mentor] += 1;
            }
        }
    }

    fn total(&self, mentor_of: &[Option<usize>]) -> i64 {
        let pairs = mentor_of.iter().enumerate();
        pairs
            .filter_map(|(mentee, mentor)| self.score(mentee, (*mentor)?))
            .sum()
    }

    fn all_stable(&self) -> Vec<Vec<Option<usize>>> {
        let mut stable = Vec::new();
        self.each_match(self.refused, &mut |mentor_of| {
            if self.blocking(mentor_of, self.refused).is_empty() {
                stable.push(mentor_of.to_vec());
            }
        });
        stable
    }
}

/// Each mentee's mentor by number.
fn mentor_of(small: &Small, found: &Match) -> Vec<Option<usize>> {
    let mut mentor_of = vec![None; small.wishes[0].len()];
    for pair in &found.pairs {
        let number = |id: &str| id[1..].parse::<usize>().expect("a number");
        mentor_of[number(&pair.mentee)] = Some(number(&pair.mentor));
    }
    mentor_of
}

fn claims(found: &Match) -> Vec<ClaimedPair> {
    found.pairs.iter().map(ClaimedPair::from).collect()
}

/// Solves, and has the answer checked by both scorers.
fn solved(small: &Small, mode: StabilityMode) -> Match {
    let (roster, program) = (small.roster(), small.program(mode));
    let found = program.solve(&roster).expect("a match");
    assert_eq!(found.certificate.status, Status::Optimal);
    for scorer in [Scorer::Compiled, Scorer::Reference] {
        let options = VerifyOptions {
            scorer,
            ..VerifyOptions::default()
        };
        verify_with(
            &roster,
            &program,
            &claims(&found),
            &found.certificate,
            &options,
        )
        .expect("verified");
    }
    found
}

fn is_refused(small: &Small, found: &Match, mode: StabilityMode, certificate: &crate::Certificate) {
    let error = verify(
        &small.roster(),
        &small.program(mode),
        &claims(found),
        certificate,
    );
    let error = error.expect_err("it is not the match that is asked for");
    assert_eq!(error.kind(), ErrorKind::Verification);
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, ..ProptestConfig::default() })]

    #[test]
    fn deferred_acceptance_is_best_for_its_side(small in Small::any()) {
        let stable = small.all_stable();
        for (mode, side) in [(StabilityMode::MenteeOptimal, 0), (StabilityMode::MentorOptimal, 1)] {
            let found = solved(&small, mode);
            let best = mentor_of(&small, &found);
            prop_assert!(stable.contains(&best));
            let rank = |mentee: usize, mentor: Option<usize>| {
                let mentor = mentor?;
                let score = small.score(mentee, mentor)?;
                small.rank(0, mentee, mentor, score, small.refused)
            };
            for other in &stable {
                for mentee in 0..other.len() {
                    let (one, another) = (rank(mentee, best[mentee]), rank(mentee, other[mentee]));
                    let is_best = if side == 0 { one <= another } else { one >= another };
                    prop_assert!(is_best);
                }
            }
            if stable.len() > 1 && stable.iter().any(|other| *other != best) {
                let other = [StabilityMode::MentorOptimal, StabilityMode::MenteeOptimal][side];
                let other = solved(&small, other);
                let mut certificate = other.certificate.clone();
                certificate.stability = found.certificate.stability.clone();
                is_refused(&small, &other, mode, &certificate);
            }
        }
    }

    #[test]
    fn the_best_score_is_that_of_all_stable_matches(small in Small::any()) {
        let found = solved(&small, StabilityMode::BestScore);
        let best = mentor_of(&small, &found);
        let stable = small.all_stable();
        prop_assert!(stable.contains(&best));
        let most = stable.iter().map(|other| small.total(other)).max();
        prop_assert_eq!(Some(small.total(&best)), most);
        // A stable match with a lower score is not let pass, whatever is paid.
        let first = solved(&small, StabilityMode::MenteeOptimal);
        if Some(first.total_score().0) < most {
            let mut certificate = first.certificate.clone();
            certificate.stability = found.certificate.stability.clone();
            is_refused(&small, &first, StabilityMode::BestScore, &certificate);
        }
        let mut greedy = found.certificate.clone();
        if let Some(flow) = greedy.stability.as_mut().and_then(|proof| proof.flows.first_mut()) {
            std::mem::swap(&mut flow.payer, &mut flow.paid);
            is_refused(&small, &found, StabilityMode::BestScore, &greedy);
        }
    }

    #[test]
    fn blocking_pairs_are_those_of_the_definition(small in Small::any()) {
        let mode = StabilityMode::MenteeOptimal;
        let (roster, mut program) = (small.roster(), small.program(mode));
        program.stability = None;
        let found = program.solve(&roster).expect("a match");
        let blocking = found
            .blocking_pairs(&roster, &program, &Options::default())
            .expect("blocking pairs");
        let expected: Vec<(String, String)> = small
            .blocking(&mentor_of(&small, &found), false)
            .into_iter()
            .map(|(mentee, mentor)| (format!("e{mentee}"), format!("m{mentor}")))
            .collect();
        let ids = blocking.iter().map(|pair| (pair.mentee.clone(), pair.mentor.clone()));
        prop_assert_eq!(ids.collect::<Vec<_>>(), expected);
        for pair in &blocking {
            let (mentee, mentor): (usize, usize) =
                (pair.mentee[1..].parse().expect("e"), pair.mentor[1..].parse().expect("m"));
            let rank = |side: usize, who: usize, other: usize| {
                let pair = |other| if side == 0 { (who, other) } else { (other, who) };
                let key = |other| {
                    let (mentee, mentor) = pair(other);
                    small.rank(side, who, other, small.score(mentee, mentor)?, false)
                };
                let others = 0..small.wishes[1 - side].len();
                1 + others.filter(|rival| key(*rival).is_some_and(|rival| Some(rival) < key(other))).count()
            };
            prop_assert_eq!(pair.mentee_rank as usize, rank(0, mentee, mentor));
            prop_assert_eq!(pair.mentor_rank as usize, rank(1, mentor, mentee));
        }
        let stable = solved(&small, mode);
        let none = stable.blocking_pairs(&roster, &small.program(mode), &Options::default());
        prop_assert_eq!(none.expect("blocking pairs"), vec![]);
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 100, ..ProptestConfig::default() })]

    #[test]
    fn no_equally_good_match_has_fewer_blocking_pairs(small in Small::any()) {
        let found = solved(&small, StabilityMode::FewestBlocking);
        let own = mentor_of(&small, &found);
        let mut best = (usize::MIN, i64::MIN);
        let mut fewest = usize::MAX;
        small.each_match(false, &mut |mentor_of| {
            let value = (mentor_of.iter().flatten().count(), small.total(mentor_of));
            let blocking = small.blocking(mentor_of, false).len();
            if value > best {
                (best, fewest) = (value, blocking);
            } else if value == best {
                fewest = fewest.min(blocking);
            }
        });
        prop_assert_eq!((own.iter().flatten().count(), small.total(&own)), best);
        prop_assert_eq!(small.blocking(&own, false).len(), fewest);
        prop_assert_eq!(found.certificate.objective, -(fewest as i64));
    }
}

#[test]
fn settings_that_do_not_go_with_stability_name_their_key() {
    for (text, key) in [
        (
            "quotas = [{ name = 'a', same = 'bus', at_most = 1 }]",
            "`quotas`",
        ),
        ("loads.mentee.max = 2", "`loads.mentee.max`"),
        ("loads.mentee.min = 1", "`loads.mentee.min`"),
        ("loads.mentor = { min = 2, max = 3 }", "`loads.mentor.min`"),
    ] {
        let error = Program::from_toml(&format!("stability.mode = 'best_score'\n{text}"));
        let message = error.expect_err("they do not go together").to_string();
        assert!(
            message.contains(key) && message.contains("stability.mode"),
            "{message}"
        );
    }
    let both = "stability = { mode = 'fewest_blocking', unlisted = 'refused' }";
    let message = Program::from_toml(both)
        .expect_err("not together")
        .to_string();
    assert!(message.contains("`stability.unlisted`"), "{message}");
    let slip = Program::from_toml("stability.mode = 'best_scor'").expect_err("a slip");
    assert!(
        slip.to_string().contains("did you mean `best_score`"),
        "{slip}"
    );
    let none = Program::from_toml("stability.unlisted = 'refused'").expect_err("no mode");
    assert!(none.to_string().contains("mode"), "{none}");
    let read = Program::from_toml("stability = { mode = 'mentor_optimal', unlisted = 'refused' }");
    let read = read.expect("a programme");
    assert_eq!(
        Program::from_toml(&read.to_toml()).expect("read back"),
        read
    );
}

#[test]
fn rosters_that_do_not_go_with_stability_name_their_row() {
    let program = Program {
        stability: Some(Stability::new(StabilityMode::MenteeOptimal)),
        ..Program::default()
    };
    let people = |e: Person, m: Person| Roster::builder().mentee(e).mentor(m);
    let message = |builder: crate::RosterBuilder| {
        let roster = builder.build().expect("a roster");
        program
            .solve(&roster)
            .expect_err("they do not go together")
            .to_string()
    };
    let two = message(people(Person::new("e").load_max(2), Person::new("m")));
    assert!(
        two.starts_with("table mentees, row 1, column `load_max`, value \"2\""),
        "{two}"
    );
    let least = message(people(Person::new("e"), Person::new("m").load_min(1)));
    assert!(
        least.starts_with("table mentors, row 1, column `load_min`"),
        "{least}"
    );
    let pair = message(people(Person::new("e"), Person::new("m")).required("e", "m"));
    assert!(pair.starts_with("table pairs_required, row 1"), "{pair}");
}

#[test]
fn who_is_refused_is_told_so() {
    let roster = Roster::builder()
        .mentee(Person::new("ana").preferences(["max"]))
        .mentee(Person::new("bo"))
        .mentor(Person::new("max").preferences(["bo"]))
        .build()
        .expect("a roster");
    let mut program = Program {
        stability: Some(Stability {
            mode: StabilityMode::MenteeOptimal,
            unlisted: Unlisted::Refused,
        }),
        ..Program::default()
    };
    let found = program.solve(&roster).expect("a match");
    let codes = |found: &Match| {
        let unmatched = found.unmatched.iter();
        unmatched
            .map(|person| person.reason.code())
            .collect::<BTreeSet<_>>()
    };
    assert_eq!(codes(&found), BTreeSet::from(["refused"]));
    program.stability = Some(Stability::new(StabilityMode::MenteeOptimal));
    let found = program.solve(&roster).expect("a match");
    assert_eq!(codes(&found), BTreeSet::from(["out_competed"]));
}
