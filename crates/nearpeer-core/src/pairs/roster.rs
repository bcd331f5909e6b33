//! The pairs of a roster under a programme, compiled so that a pass looks at as few of them as it can.
//!
//! Rules and criteria divide into three. Those on a few values (grade, site, gender, a column of few
//! values) are worked out once for two classes of people. The overlap of interests is counted for a block of mentors
//! at a time, on bitsets. The rest is looked at a pair at a time, and last: until then each of its
//! criteria counts as 1. A block is skipped if its mentors' least price is more than its pairs can be worth by
//! the class, by the number of interests that the two could share, and by the interests that anybody in
//! the block has.

use std::borrow::Cow;
use std::collections::HashMap;

use rayon::prelude::*;

use super::blocks::{BlockPrices, Blocks, Place};
use super::classes::{self, Classes, Reads};
use super::lanes::{LANES, overlaps};
use super::{Pairs, Sweep};
use crate::eligibility::Eligibility;
use crate::error::Error;
use crate::programme::Program;
use crate::roster::{Code, Role, Roster};
use crate::scoring::{LONGEST, Scoring, score_of};

/// A score is rounded from trillionths of a point to micropoints, halves up.
const PER_MICROPOINT: i64 = 1_000_000;

/// The greatest score, in micropoints.
const MOST: i64 = 1_000_000;

/// The pairs of a roster under a programme.
pub(crate) struct RosterPairs<'r> {
    roster: &'r Roster,
    pub(crate) eligibility: Eligibility<'r>,
    pub(crate) scoring: Scoring<'r>,
    class_rules: Vec<usize>,
    pair_rules: Vec<usize>,
    class_criteria: Vec<usize>,
    pair_criteria: Vec<usize>,
    /// What the criteria on single pairs can add at most, in trillionths of a point.
    pair_most: u64,
    /// Mentees against blocks of mentors, and mentors against blocks of mentees.
    sides: [Side; 2],
}

/// One side's people against blocks of the other's.
#[derive(Default)]
struct Side {
    /// Each person's class.
    class: Vec<u32>,
    /// The people who pass the rules on themselves, by class and number of interests.
    order: Vec<u32>,
    /// By class: the others' classes they may be paired with, and what the criteria on classes give.
    served: Vec<Vec<(u32, u64)>>,
    /// The others who pass the rules on themselves.
    others: Blocks,
    /// No price for any of them.
    free: BlockPrices,
}

impl<'r> RosterPairs<'r> {
    pub(crate) fn compile(roster: &'r Roster, program: &Program) -> Result<Self, Error> {
        let eligibility = Eligibility::compile(roster, program)?;
        let scoring = Scoring::compile(roster, program)?;
        let mut classes = [Role::Mentee, Role::Mentor].map(|role| Classes::new(roster, role));
        let mut known: Vec<Reads> = Vec::new();
        let mut split = |all: Vec<Reads<'r>>| {
            let (mut of_classes, mut of_pairs) = (Vec::new(), Vec::new());
            for (ix, reads) in all.into_iter().enumerate() {
                if known.contains(&reads) || classes::split(roster, &mut classes, reads) {
                    known.push(reads);
                    of_classes.push(ix);
                } else if reads != Reads::Person && reads != Reads::Overlap {
                    of_pairs.push(ix);
                }
            }
            (of_classes, of_pairs)
        };
        let (class_rules, pair_rules) = split(eligibility.reads().collect());
        let (class_criteria, pair_criteria) = split(scoring.reads().collect());
        let mut pairs = Self {
            pair_most: scoring.most(&pair_criteria),
            roster,
            eligibility,
            scoring,
            class_rules,
            pair_rules,
            class_criteria,
            pair_criteria,
            sides: [Role::Mentee, Role::Mentor].map(|_| Side::default()),
        };
        let served = pairs.served(&classes);
        let [mentees, mentors] =
            [Role::Mentee, Role::Mentor].map(|role| pairs.ranked(role, &classes));
        let blocks = |(order, places): &(Vec<u32>, Vec<Place>), role: Role| {
            let overlap = pairs.scoring.overlap();
            Blocks::new(order, places, overlap.map(|overlap| overlap.sets(role)))
        };
        let side = |class: Vec<u32>, order: Vec<u32>, served, others: Blocks| Side {
            free: others.prices(|_| 0),
            class,
            order,
            served,
            others,
        };
        let [mentee_classes, mentor_classes] = classes.map(|classes| classes.of);
        let of_mentors = blocks(&mentors, Role::Mentor);
        let of_mentees = blocks(&mentees, Role::Mentee);
        let mut serving = vec![Vec::new(); served.1];
        for (mentee, served) in (0u32..).zip(&served.0) {
            for &(mentor, points) in served {
                serving[mentor as usize].push((mentee, points));
            }
        }
        pairs.sides = [
            side(mentee_classes, mentees.0, served.0, of_mentors),
            side(mentor_classes, mentors.0, serving, of_mentees),
        ];
        Ok(pairs)
    }

    /// By class of mentees, the classes of mentors they may be paired with and what the criteria on classes give; and
    /// how many classes of mentors there are.
    fn served(&self, [mentees, mentors]: &[Classes; 2]) -> (Vec<Vec<(u32, u64)>>, usize) {
        let mut by_site: HashMap<Option<Code>, Vec<u32>> = HashMap::new();
        for (class, somebody) in (0u32..).zip(&mentors.somebody) {
            let site = self.roster.mentors().site(*somebody as usize);
            by_site.entry(site).or_default().push(class);
        }
        let everybody: Vec<u32> = (0..mentors.somebody.len() as u32).collect();
        let of_class = |mentee: &u32| {
            let mentee = *mentee as usize;
            let mut served = Vec::new();
            let mut serve = |classes: &[u32]| {
                for &class in classes {
                    let mentor = mentors.somebody[class as usize] as usize;
                    let passes = self
                        .eligibility
                        .passes_all(&self.class_rules, mentee, mentor);
                    if passes
                        && let Some(points) =
                            self.scoring.points(&self.class_criteria, mentee, mentor)
                    {
                        served.push((class, points));
                    }
                }
            };
            match self.eligibility.sites_serving(mentee) {
                None => serve(&everybody),
                Some(sites) => sites
                    .iter()
                    .filter_map(|site| by_site.get(&Some(*site)))
                    .for_each(|classes| serve(classes)),
            }
            served
        };
        let served = mentees.somebody.par_iter().map(of_class).collect();
        (served, mentors.somebody.len())
    }

    /// The people of one side who pass the rules on themselves, in order, and what orders them.
    fn ranked(&self, role: Role, classes: &[Classes; 2]) -> (Vec<u32>, Vec<Place>) {
        let overlap = self.scoring.overlap();
        let ranks = overlap.as_ref().map(|overlap| overlap.ranks());
        let of = &classes[role as usize].of;
        let place = |ix: usize| {
            let (size, interests) = match (&overlap, &ranks) {
                (Some(overlap), Some(ranks)) => {
                    let sets = overlap.sets(role);
                    (sets.known_size(ix), sets.ranked(ix, ranks))
                }
                _ => (None, 0),
            };
            // The commonest interests are the highest bits, and those who have them come first.
            (of[ix], size, !interests)
        };
        let places: Vec<Place> = (0..of.len()).map(place).collect();
        let mut able: Vec<u32> = self.eligibility.able(role).collect();
        able.sort_unstable_by_key(|ix| (places[*ix as usize], *ix));
        (able, places)
    }

    /// Calls `visit` with every partner, and the score, of a person's pairs that beat `floor` and the prices.
    fn each(
        &self,
        role: Role,
        prices: &BlockPrices,
        person: usize,
        mut floor: i64,
        mut visit: impl FnMut(u32, i64) -> i64,
    ) {
        let side = &self.sides[role as usize];
        let blocks = &side.others;
        if !self.eligibility.is_able(role, person) {
            return;
        }
        let overlap = self.scoring.overlap();
        let sets = overlap.as_ref().map(|overlap| overlap.sets(role));
        let own_size = sets.and_then(|sets| sets.known_size(person));
        let own = sets.map_or(&[][..], |sets| sets.bits(person));
        let single = !self.pair_rules.is_empty() || !self.pair_criteria.is_empty();
        let mut shared = [0u8; LANES];
        let mut scores = [0i64; LONGEST + 1];
        for &(class, class_points) in &side.served[side.class[person] as usize] {
            let Some(group) = blocks.group_of(class) else {
                continue;
            };
            // The trillionths of a point that a pair lacks to have at least the score after `floor` and `price`.
            let lacks = |floor: i64, price: i64, points: u64| {
                let least = floor + price + 1;
                if least > MOST {
                    i64::MAX
                } else if least <= 0 {
                    i64::MIN
                } else {
                    least * PER_MICROPOINT - PER_MICROPOINT / 2 - (points + self.pair_most) as i64
                }
            };
            if lacks(floor, prices.groups[group], class_points) == i64::MAX {
                continue;
            }
            for run_ix in blocks.groups[group].runs.clone() {
                let run = &blocks.runs[run_ix];
                // What sharing so many interests adds, for these numbers of interests.
                let (steps, most): (&[u64], usize) = match (&overlap, own_size, run.size) {
                    (None, ..) => (&[0], 0),
                    (Some(overlap), Some(a), Some(b)) if a + b > 0 => {
                        (&overlap.steps[(a + b) as usize], a.min(b) as usize)
                    }
                    (Some(overlap), ..) => match &overlap.missing {
                        Some(points) => (std::slice::from_ref(points), 0),
                        None => continue,
                    },
                };
                let mut need = lacks(floor, prices.runs[run_ix], class_points);
                if need == i64::MAX || (steps[most] as i64) < need {
                    continue;
                }
                // The score by how many interests are shared, each criterion on single pairs counted as 1.
                for (score, points) in scores.iter_mut().zip(&steps[..=most]) {
                    *score = score_of(class_points + points + self.pair_most);
                }
                let mut least = 0;
                for block in run.blocks.clone() {
                    need = lacks(floor, prices.blocks[block], class_points);
                    if need == i64::MAX || (steps[most] as i64) < need {
                        continue;
                    }
                    // From one block to the next the number changes little.
                    while least < most && (steps[least] as i64) < need {
                        least += 1;
                    }
                    while least > 0 && steps[least - 1] as i64 >= need {
                        least -= 1;
                    }
                    let mut lanes = if most == 0 {
                        shared.fill(0);
                        u64::MAX
                    } else {
                        let united = blocks.united(block).iter().zip(own);
                        let possible: u32 = united.map(|(a, b)| (a & b).count_ones()).sum();
                        if (possible as usize) < least {
                            continue;
                        }
                        overlaps(own, blocks.sets(block), least as u8, &mut shared)
                    };
                    let others = blocks.people(block);
                    let lane_prices = &prices.lanes[block * LANES..][..LANES];
                    while lanes > 0 {
                        let lane = lanes.trailing_zeros() as usize;
                        lanes &= lanes - 1;
                        let mut score = scores[shared[lane] as usize];
                        if score <= floor + lane_prices[lane] {
                            continue;
                        }
                        let other = others[lane];
                        if single {
                            let (mentee, mentor) = match role {
                                Role::Mentee => (person, other as usize),
                                Role::Mentor => (other as usize, person),
                            };
                            let mut points = class_points + steps[shared[lane] as usize];
                            if !self
                                .eligibility
                                .passes_all(&self.pair_rules, mentee, mentor)
                            {
                                continue;
                            }
                            match self.scoring.points(&self.pair_criteria, mentee, mentor) {
                                Some(more) => points += more,
                                None => continue,
                            }
                            score = score_of(points);
                            if score <= floor + lane_prices[lane] {
                                continue;
                            }
                        }
                        floor = visit(other, score);
                    }
                }
            }
        }
    }
}

impl Pairs for RosterPairs<'_> {
    fn mentees(&self) -> usize {
        self.roster.mentees().len()
    }

    fn mentors(&self) -> usize {
        self.roster.mentors().len()
    }

    fn row(&self, mentee: usize, row: &mut Vec<(u32, i64)>) {
        row.clear();
        let free = &self.sides[0].free;
        self.each(Role::Mentee, free, mentee, -1, |mentor, score| {
            row.push((mentor, score));
            -1
        });
    }

    fn score(&self, mentee: usize, mentor: u32) -> Option<i64> {
        let mentor = mentor as usize;
        let fails = self.eligibility.fails(mentee, mentor).next().is_some();
        let score = self.scoring.score(mentee, mentor)?;
        (!fails).then_some(score.0)
    }

    fn score_range(&self) -> (i64, i64) {
        (0, MOST)
    }

    fn order(&self, role: Role) -> Cow<'_, [u32]> {
        Cow::Borrowed(&self.sides[role as usize].order)
    }

    fn sweep<'s>(&'s self, role: Role, prices: &'s [i64]) -> Option<Box<dyn Sweep + 's>> {
        let others = &self.sides[role as usize].others;
        Some(Box::new(BlockSweep {
            prices: others.prices(|person| prices[person as usize]),
            pairs: self,
            role,
        }))
    }
}

struct BlockSweep<'s> {
    pairs: &'s RosterPairs<'s>,
    role: Role,
    prices: BlockPrices,
}

impl Sweep for BlockSweep<'_> {
    fn row(&self, person: usize, floor: i64, visit: &mut dyn FnMut(u32, i64) -> i64) {
        self.pairs
            .each(self.role, &self.prices, person, floor, visit);
    }
}
