//! Quotas that leave a part of a mentee of coverage open: small programmes against every match there is, and proofs that
//! split on a level.

use crate::support::numbers;
use nearpeer_core::certificate::{Certificate, Level, ProofNode};
use nearpeer_core::{
    ClaimedPair, Criterion, Error, ErrorKind, Feeder, Grade, Match, Missing, ObjectiveLevel,
    Overlap, PairProperty, Person, Program, Quota, Role, Roster, Status, verify,
};

const SITES: u64 = 3;

/// Somebody as the plain search sees them.
struct Plain {
    site: u64,
    club: u64,
    /// Bits.
    interests: u64,
    load: usize,
    first: bool,
}

/// A programme with its people, and the same plainly.
struct Small {
    roster: Roster,
    program: Program,
    mentees: Vec<Plain>,
    mentors: Vec<Plain>,
    /// A kind of pairs, and how many there may be of it.
    quotas: Vec<(usize, i64)>,
}

/// Priority, coverage and score.
type Values = (i64, i64, i64);

impl Small {
    fn new(seed: u64) -> Self {
        let mut random = numbers(seed);
        let double = random(4) == 0;
        let sizes = [2 + random(if double { 3 } else { 5 }), 2 + random(4)];
        let alike = random(2) == 0;
        let mut builder = Roster::builder();
        let sides = [Role::Mentee, Role::Mentor].map(|role| {
            let side = role as usize;
            let people = (0..sizes[side]).map(|ix| {
                let plain = Plain {
                    site: random(SITES),
                    club: random(3),
                    interests: if alike { 3 } else { 1 + random(15) },
                    load: match role {
                        Role::Mentee => 1 + usize::from(double),
                        Role::Mentor => 1 + random(2) as usize,
                    },
                    first: role == Role::Mentee && random(3) == 0,
                };
                let grade = Grade::new([6, 9][side]).expect("a grade");
                let words = (0..4).filter(|word| plain.interests >> word & 1 == 1);
                let person = Person::new(format!("{}{ix}", role.as_str()))
                    .grade(grade)
                    .site(format!("site {}", plain.site))
                    .priority(plain.first.into())
                    .load_max(plain.load as u32)
                    .interests(words.map(|word| format!("interest {word}")));
                builder.push(
                    role,
                    match plain.club {
                        0 => person,
                        club => person.with("club", format!("club {club}").as_str()),
                    },
                );
                plain
            });
            people.collect::<Vec<_>>()
        });
        let [mentees, mentors] = sides;
        let mut quotas = Vec::new();
        for kind in 0..3 {
            if random(8) > 0 {
                quotas.push((kind, random(3) as i64));
            }
        }
        let mut program = Program {
            criteria: vec![Criterion::interests(Overlap::Jaccard, 1.0, Missing::Zero)],
            objective: vec![
                ObjectiveLevel::Priority,
                ObjectiveLevel::Coverage,
                ObjectiveLevel::Score,
            ],
            quotas: quotas
                .iter()
                .map(|&(kind, at_most)| {
                    let property = [
                        PairProperty::CrossSite,
                        PairProperty::Different("club".into()),
                        PairProperty::Same("club".into()),
                    ];
                    let name = ["buses", "mixed clubs", "one club"][kind];
                    Quota::at_most(name, property[kind].clone(), at_most as u32)
                })
                .collect(),
            ..Program::default()
        };
        program.eligibility.feeders = (0..SITES * SITES)
            .map(|route| Feeder {
                from: format!("site {}", route / SITES),
                to: format!("site {}", route % SITES),
            })
            .collect();
        // Both tables have the columns that quotas ask for.
        builder.push(
            Role::Mentee,
            Person::new("nobody").load_max(0).with("club", "club 1"),
        );
        builder.push(
            Role::Mentor,
            Person::new("nobody either")
                .load_max(0)
                .with("club", "club 1"),
        );
        Self {
            roster: builder.build().expect("a roster"),
            program,
            mentees,
            mentors,
            quotas,
        }
    }

    fn counts(&self, kind: usize, mentee: usize, mentor: usize) -> bool {
        let (a, b) = (&self.mentees[mentee], &self.mentors[mentor]);
        match kind {
            0 => a.site != b.site,
            1 => a.club.min(b.club) > 0 && a.club != b.club,
            _ => a.club.min(b.club) > 0 && a.club == b.club,
        }
    }

    fn score(&self, mentee: usize, mentor: usize) -> i64 {
        let (a, b) = (
            self.mentees[mentee].interests,
            self.mentors[mentor].interests,
        );
        let share = f64::from((a & b).count_ones()) / f64::from((a | b).count_ones());
        (share * 1e6).round() as i64
    }

    /// The best values of all matches.
    fn best(&self) -> Values {
        let mut room: Vec<usize> = self.mentors.iter().map(|mentor| mentor.load).collect();
        let mut left: Vec<i64> = self.quotas.iter().map(|quota| quota.1).collect();
        self.from(0, 0, 0, &mut room, &mut left)
    }

    /// The best that pairs from `(mentee, mentor)` on can add; the mentee has so many mentors already.
    fn from(
        &self,
        mentee: usize,
        mentor: usize,
        has: usize,
        room: &mut [usize],
        left: &mut [i64],
    ) -> Values {
        if mentee == self.mentees.len() {
            return (0, 0, 0);
        }
        if mentor == self.mentors.len() {
            return self.from(mentee + 1, 0, 0, room, left);
        }
        let without = self.from(mentee, mentor + 1, has, room, left);
        let kinds: Vec<usize> = (0..self.quotas.len())
            .filter(|ix| self.counts(self.quotas[*ix].0, mentee, mentor))
            .collect();
        let full = room[mentor] == 0 || has == self.mentees[mentee].load;
        if full || kinds.iter().any(|kind| left[*kind] == 0) {
            return without;
        }
        room[mentor] -= 1;
        kinds.iter().for_each(|kind| left[*kind] -= 1);
        let rest = self.from(mentee, mentor + 1, has + 1, room, left);
        room[mentor] += 1;
        kinds.iter().for_each(|kind| left[*kind] += 1);
        let first = i64::from(has == 0);
        let with = (
            rest.0 + first * i64::from(self.mentees[mentee].first),
            rest.1 + first,
            rest.2 + self.score(mentee, mentor),
        );
        with.max(without)
    }

    fn values(&self, answer: &Match) -> Values {
        let first = self.mentees.iter().enumerate().filter(|(ix, mentee)| {
            let id = format!("mentee{ix}");
            mentee.first && answer.pairs.iter().any(|pair| pair.mentee == id)
        });
        (
            first.count() as i64,
            answer.covered() as i64,
            answer.total_score().0,
        )
    }

    fn verified(&self, answer: &Match, certificate: &Certificate) -> Result<(), Error> {
        let claims: Vec<ClaimedPair> = answer.pairs.iter().map(ClaimedPair::from).collect();
        verify(&self.roster, &self.program, &claims, certificate).map(|_| ())
    }
}

fn levels(certificate: &Certificate) -> impl Iterator<Item = usize> {
    let nodes = certificate.nodes.iter().enumerate();
    nodes.filter_map(|(ix, node)| matches!(node, ProofNode::Level { .. }).then_some(ix))
}

/// A false proof is refused.
fn refuses(small: &Small, answer: &Match, spoil: impl FnOnce(&mut Certificate)) {
    let mut certificate = answer.certificate.clone();
    spoil(&mut certificate);
    let error = small.verified(answer, &certificate);
    assert_eq!(
        error.expect_err("a false proof").kind(),
        ErrorKind::Verification
    );
}

#[test]
fn every_small_match_with_quotas_is_the_best_and_proven() {
    let mut split = 0;
    for seed in 0..4000 {
        let small = Small::new(seed);
        let answer = small.program.solve(&small.roster).expect("a match");
        assert_eq!(answer.certificate.status, Status::Optimal, "{seed}");
        assert_eq!(small.values(&answer), small.best(), "{seed}");
        let verified = small.verified(&answer, &answer.certificate);
        verified.unwrap_or_else(|error| panic!("{seed}: {error}"));
        let Some(place) = levels(&answer.certificate).next() else {
            continue;
        };
        split += 1;
        let ProofNode::Level { below, above, .. } = answer.certificate.nodes[place] else {
            unreachable!("it was found as one")
        };
        refuses(&small, &answer, |certificate| {
            certificate.nodes[place] = ProofNode::Level {
                level: Level::Score,
                at_most: 1,
                below,
                above,
            };
        });
        refuses(&small, &answer, |certificate| {
            certificate.nodes[place] = ProofNode::Level {
                level: Level::Coverage,
                at_most: i64::MAX,
                below,
                above,
            };
        });
        for to in [place, below, 9999] {
            refuses(&small, &answer, |certificate| {
                if let ProofNode::Level { above, .. } = &mut certificate.nodes[place] {
                    *above = to;
                }
            });
        }
        // As if there were nothing above.
        refuses(&small, &answer, |certificate| {
            certificate.nodes[place] = certificate.nodes[below].clone();
        });
        for price in [None, Some(-1)] {
            refuses(&small, &answer, |certificate| {
                for node in &mut certificate.nodes {
                    if let ProofNode::Leaf(prices) = node {
                        match price {
                            None => prices.levels.clear(),
                            Some(price) => prices.levels.iter_mut().for_each(|old| *old = price),
                        }
                    }
                }
            });
        }
    }
    assert!(split >= 10, "{split}");
}
