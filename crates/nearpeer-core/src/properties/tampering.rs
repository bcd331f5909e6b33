//! Changes of an answer or its certificate that make it untrue.

use proptest::prelude::*;

use crate::certificate::{Certificate, Level, Prices, ProofNode, Status};
use crate::programme::Program;
use crate::roster::{Field, People, Roster};
use crate::units::Micropoints;
use crate::verify::{ClaimedPair, score_plainly};

#[derive(Debug, Clone, Copy)]
pub(super) enum Change {
    DropPair(usize),
    RepeatPair(usize),
    MoveToMentor(usize, usize),
    Score(usize, i64),
    Objective(i64),
    Bound(i64),
    Gap(i64),
    LevelBound(usize, i64),
    MenteePrice(usize, i64),
    MentorPrice(usize, i64),
    DropMentee,
    Status,
    Denominator,
    /// A consistent lie: another match, with its true scores and sums, said to be optimal.
    WorseMatch(usize, usize),
    Weight(usize),
    NegativeSidePrice(usize, i64),
    /// Upwards, so that the quota's limit adds more than there is.
    SidePrice(usize, i64),
    DropSidePrice(usize),
    Fairness(OfFairness),
}

/// What can be changed in the proofs of a level of fairness.
#[derive(Debug, Clone, Copy)]
pub(super) enum OfFairness {
    Floor,
    Drop,
    DropBeyond,
    DropOrder,
    DropWithin,
    Within(usize, i64),
    Beyond,
    Order(usize, usize, i64),
    NoOrder,
    WithoutScore(i64),
    WithoutBound(i64),
    WithoutPair(usize),
}

impl OfFairness {
    fn any() -> impl Strategy<Value = Self> {
        let some = prop_oneof![-1000i64..0, 1i64..1000];
        prop_oneof![
            Just(Self::Floor),
            Just(Self::Drop),
            Just(Self::DropBeyond),
            Just(Self::DropOrder),
            Just(Self::DropWithin),
            (0usize..4, 1i64..1000).prop_map(|(person, by)| Self::Within(person, by)),
            Just(Self::Beyond),
            (0usize..8, 0usize..3, some.clone())
                .prop_map(|(person, at, by)| Self::Order(person, at, by)),
            Just(Self::NoOrder),
            some.clone().prop_map(Self::WithoutScore),
            some.prop_map(Self::WithoutBound),
            (0usize..8).prop_map(Self::WithoutPair),
        ]
    }

    fn apply(self, certificate: &mut Certificate) -> bool {
        let all: i128 = certificate.levels.iter().map(|level| level.weight).sum();
        let lowest = certificate
            .levels
            .iter()
            .find(|level| level.level == Level::WorstOff);
        let lowest = lowest.map_or(0, |level| level.objective);
        let score = certificate.levels.last().map_or(0, |level| level.objective);
        let Some(fairness) = &mut certificate.fairness else {
            return false;
        };
        match self {
            Self::Floor => {
                fairness.floor = lowest + 1;
                true
            }
            Self::Drop => {
                certificate.fairness = None;
                true
            }
            Self::DropBeyond => fairness.beyond.take().is_some(),
            Self::DropOrder => fairness.order.take().is_some(),
            Self::DropWithin => fairness.within.take().is_some(),
            // Far beyond all weights, and upwards: a mentee with room is paid for more than there is.
            Self::Within(ix, by) => {
                let pairs = fairness.without.iter().flat_map(|without| &without.pairs);
                let mentee = pairs.map(|pair| pair.0.get()).nth(ix);
                match (&mut fairness.within, mentee) {
                    (Some(proof), Some(mentee)) if score % 1_000_000 != 0 => {
                        let [ProofNode::Leaf(prices)] = proof.nodes.as_mut_slice() else {
                            return false;
                        };
                        let by = all * 100_000_000 + i128::from(by);
                        prices.mentees[mentee] += by * i128::from(proof.denominator);
                        true
                    }
                    _ => false,
                }
            }
            Self::Beyond => {
                let proof = fairness.beyond.as_mut();
                proof.map(|proof| proof.denominator = 0).is_some()
            }
            Self::Order(person, at, by) => fairness.order.as_mut().is_some_and(|order| {
                let everybody = order.mentees.iter_mut().chain(&mut order.mentors);
                let lists: Vec<&mut Vec<(i64, i64)>> = everybody.collect();
                let list = lists.into_iter().nth(person);
                // A list that is not in the order of scores.
                list.is_some_and(|list| match list.get(at).copied() {
                    Some((score, number)) => {
                        list.insert(at, (score, number + by));
                        true
                    }
                    None => {
                        list.push((1_000_001, 0));
                        true
                    }
                })
            }),
            Self::NoOrder => {
                let order = fairness.order.as_mut();
                order.is_some_and(|order| order.mentees.pop().is_some())
            }
            Self::WithoutScore(by) => {
                let without = fairness.without.as_mut();
                without.map(|without| without.score += by).is_some()
            }
            Self::WithoutBound(by) => {
                let without = fairness.without.as_mut();
                without.map(|without| without.bound += by).is_some()
            }
            Self::WithoutPair(ix) => fairness.without.as_mut().is_some_and(|without| {
                let pair = without.pairs.get(ix).copied();
                pair.map(|pair| without.pairs.push(pair)).is_some()
            }),
        }
    }
}

pub(super) fn any() -> impl Strategy<Value = Change> {
    let some = prop_oneof![-1000i64..0, 1i64..1000];
    prop_oneof![
        (0usize..8).prop_map(Change::DropPair),
        (0usize..8).prop_map(Change::RepeatPair),
        (0usize..8, 0usize..4).prop_map(|(pair, mentor)| Change::MoveToMentor(pair, mentor)),
        (0usize..8, some.clone()).prop_map(|(pair, by)| Change::Score(pair, by)),
        some.clone().prop_map(Change::Objective),
        some.clone().prop_map(Change::Bound),
        some.clone().prop_map(Change::Gap),
        (0usize..4, some.clone()).prop_map(|(level, by)| Change::LevelBound(level, by)),
        (0usize..4, some.clone()).prop_map(|(person, by)| Change::MenteePrice(person, by)),
        (0usize..4, some).prop_map(|(person, by)| Change::MentorPrice(person, by)),
        Just(Change::DropMentee),
        Just(Change::Status),
        Just(Change::Denominator),
        (0usize..8, 0usize..8).prop_map(|(a, b)| Change::WorseMatch(a, b)),
        (0usize..4).prop_map(Change::Weight),
        (0usize..3, 1i64..1000).prop_map(|(row, by)| Change::NegativeSidePrice(row, by)),
        (0usize..3, 1i64..1000).prop_map(|(row, by)| Change::SidePrice(row, by)),
        (0usize..4).prop_map(Change::DropSidePrice),
        OfFairness::any().prop_map(Change::Fairness),
        OfFairness::any().prop_map(Change::Fairness),
        OfFairness::any().prop_map(Change::Fairness),
    ]
}

impl Change {
    /// Makes the change; `false` where there is nothing to change, or where the change leaves a proof that
    /// is as good.
    pub(super) fn apply(
        self,
        roster: &Roster,
        program: &Program,
        pairs: &mut Vec<ClaimedPair>,
        certificate: &mut Certificate,
    ) -> bool {
        let leaves = certificate.nodes.len();
        match self {
            Self::DropPair(ix) => {
                // Pairs that score nothing and cover nobody can be left out of an optimal match.
                ix < pairs.len()
                    && pairs.remove(ix).score > Micropoints(0)
                    && has_scores(certificate)
            }
            Self::RepeatPair(ix) => pairs
                .get(ix)
                .cloned()
                .map(|pair| pairs.push(pair))
                .is_some(),
            Self::MoveToMentor(ix, mentor) => {
                let Some(pair) = pairs.get_mut(ix) else {
                    return false;
                };
                if mentor >= roster.mentors().len() || roster.mentors().id(mentor) == pair.mentor {
                    return false;
                }
                // The pair keeps the score of another; a third of a point of difference cannot be hidden by a tie.
                roster.mentors().id(mentor).clone_into(&mut pair.mentor);
                pair.score.0 += 333_333;
                true
            }
            Self::Score(ix, by) => pairs.get_mut(ix).map(|pair| pair.score.0 += by).is_some(),
            Self::Objective(by) => {
                certificate.objective += by;
                true
            }
            Self::Bound(by) => {
                certificate.bound += by;
                true
            }
            Self::Gap(by) => {
                certificate.gap += by;
                true
            }
            Self::LevelBound(ix, by) => certificate
                .levels
                .get_mut(ix)
                .map(|level| level.bound += by)
                .is_some(),
            Self::MenteePrice(ix, by) => {
                let room = |ix| load_max(roster.mentees(), ix, program.loads.mentee.max) > 0;
                change_price(certificate, by, |prices| {
                    prices.mentees.get_mut(ix).filter(|_| room(ix))
                })
            }
            Self::MentorPrice(ix, by) => {
                let room = |ix| load_max(roster.mentors(), ix, program.loads.mentor.max) > 0;
                // The price of a mentor with a circle cancels in the proof.
                let circle = program.loads.mentor.or_none
                    && (program.loads.mentor.min > 1 || roster.mentors().has(Field::LoadMin));
                change_price(certificate, by, |prices| {
                    prices.mentors.get_mut(ix).filter(|_| room(ix) && !circle)
                })
            }
            Self::DropMentee => certificate.mentees.pop().is_some(),
            Self::Status => {
                certificate.status = Status::LimitReached;
                true
            }
            Self::NegativeSidePrice(row, by) => {
                let price = leaf(certificate, row).and_then(|prices| prices.side.get_mut(row));
                price.map(|price| *price = -i128::from(by)).is_some()
            }
            Self::SidePrice(row, by) => {
                let counts = program
                    .quotas
                    .get(row)
                    .is_some_and(|quota| quota.at_most > Some(0));
                change_price(certificate, by, |prices| {
                    prices.side.get_mut(row).filter(|_| counts)
                })
            }
            Self::DropSidePrice(node) => {
                leaf(certificate, node).is_some_and(|prices| prices.side.pop().is_some())
            }
            Self::Fairness(change) => change.apply(certificate),
            Self::WorseMatch(a, b) => worse_match(roster, program, pairs, certificate, (a, b)),
            // Without weight a level does not outweigh those below it.
            Self::Weight(ix) => certificate
                .levels
                .get_mut(ix)
                .filter(|level| level.weight > 0)
                .map(|level| level.weight = 0)
                .is_some(),
            Self::Denominator => {
                certificate.denominator = 0;
                leaves > 0
            }
        }
    }
}

impl Change {
    /// Makes the change to a proof that there is no match.
    pub(super) fn of_infeasible(self, certificate: &mut Certificate) -> bool {
        match self {
            Self::Objective(by) => certificate.objective += by,
            Self::Bound(by) => certificate.bound += by,
            Self::Gap(by) => certificate.gap += by,
            Self::LevelBound(ix, by) if ix < certificate.levels.len() => {
                certificate.levels[ix].bound += by;
            }
            Self::Score(ix, by) if ix < certificate.levels.len() => {
                certificate.levels[ix].objective += by;
            }
            Self::DropMentee => return certificate.mentees.pop().is_some(),
            Self::Status => certificate.status = Status::Optimal,
            Self::Denominator => certificate.denominator = -1,
            Self::Weight(0) => certificate.levels[0].weight = 0,
            _ => return false,
        }
        true
    }
}

fn load_max(people: &People, ix: usize, default: u32) -> u32 {
    people.load_max(ix).unwrap_or(default)
}

/// Lets two pairs swap their mentors, and writes down the sums as they then are.
fn worse_match(
    roster: &Roster,
    program: &Program,
    pairs: &mut [ClaimedPair],
    certificate: &mut Certificate,
    (a, b): (usize, usize),
) -> bool {
    if a >= b || b >= pairs.len() {
        return false;
    }
    let before = pairs[a].score.0 + pairs[b].score.0;
    let (first, second) = (pairs[a].mentor.clone(), pairs[b].mentor.clone());
    (pairs[a].mentor, pairs[b].mentor) = (second, first);
    for ix in [a, b] {
        let mentee = roster.mentees().find(&pairs[ix].mentee).expect("a mentee");
        let mentor = roster.mentors().find(&pairs[ix].mentor).expect("a mentor");
        match score_plainly(roster, program, mentee, mentor) {
            Some(score) => pairs[ix].score = Micropoints(score),
            // The swap is not even eligible: a lie all the same.
            None => return true,
        }
    }
    let lost = before - pairs[a].score.0 - pairs[b].score.0;
    let repeated = pairs.iter().enumerate().any(|(ix, pair)| {
        pairs[..ix]
            .iter()
            .any(|other| (&other.mentee, &other.mentor) == (&pair.mentee, &pair.mentor))
    });
    let Some(score) = certificate
        .levels
        .last_mut()
        .filter(|level| level.level == Level::Score)
    else {
        return false;
    };
    score.objective -= lost;
    score.bound -= lost;
    certificate.objective -= lost;
    certificate.bound -= lost;
    let listed = !roster.required().is_empty();
    repeated || (lost > 0 && !listed)
}

/// The first leaf of the proof after so many of them, in a circle.
fn leaf(certificate: &mut Certificate, after: usize) -> Option<&mut Prices> {
    let nodes = certificate.nodes.iter_mut();
    let mut leaves: Vec<&mut Prices> = nodes
        .filter_map(|node| match node {
            ProofNode::Leaf(prices) => Some(prices),
            _ => None,
        })
        .collect();
    let count = leaves.len();
    (count > 0).then(|| leaves.swap_remove(after % count))
}

fn has_scores(certificate: &Certificate) -> bool {
    certificate
        .levels
        .iter()
        .any(|level| level.level == crate::Level::Score)
}

/// Puts a price far from where it proves anything. A small change can leave an equally good proof, and is
/// no fault; one that is larger than all weights together cannot.
fn change_price<'a>(
    certificate: &'a mut Certificate,
    by: i64,
    of: impl Fn(&'a mut Prices) -> Option<&'a mut i128>,
) -> bool {
    // A bound that is at a level's limit anyway needs no prices.
    let score = certificate
        .levels
        .last()
        .filter(|level| level.level == Level::Score);
    // With a level of fairness these prices speak of the match without it.
    let without = certificate
        .fairness
        .as_ref()
        .and_then(|fairness| fairness.without.as_ref());
    let proven = without
        .map(|without| without.bound)
        .or(score.map(|score| score.objective));
    if score.is_none() || proven.is_none_or(|proven| proven % 1_000_000 == 0) {
        return false;
    }
    let all: i128 = certificate.levels.iter().map(|level| level.weight).sum();
    let unit = i128::from(certificate.denominator);
    let [ProofNode::Leaf(prices)] = certificate.nodes.as_mut_slice() else {
        return false;
    };
    match of(prices) {
        Some(price) => {
            // Upwards: somebody with room could then be paid for more than there is.
            *price += (all * 100_000_000 + i128::from(by.abs())) * unit;
            true
        }
        None => false,
    }
}
