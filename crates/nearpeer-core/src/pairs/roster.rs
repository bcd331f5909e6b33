//! The pairs of a roster under a programme, compiled so that a pass looks at as few of them as it can.
//!
//! Rules and criteria divide into three. Those on a few values (grade, site, gender, a column of few
//! values) are worked out once for two classes of people. The overlap of interests is counted for a block of mentors
//! at a time, on bitsets. The rest is looked at a pair at a time, and last: until then each of its
//! criteria counts as 1, or as a bound of its own. A block is skipped if its mentors' least price is more than its pairs can be worth by
//! the class, by the number of interests that the two could share, and by the interests that anybody in
//! the block has.

use std::borrow::Cow;
use std::collections::HashMap;

use petgraph::unionfind::UnionFind;
use rayon::prelude::*;

use super::blocks::{BlockPrices, Blocks, Place};
use super::classes::{self, Classes, Reads};
use super::lanes::{LANES, overlaps};
use super::part::{self, Part};
use super::tables::Tables;
use super::{Pairs, Sweep};
use crate::eligibility::Eligibility;
use crate::error::Error;
use crate::programme::Program;
use crate::roster::{Code, Role, Roster};
use crate::scoring::{Scoring, score_of};

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
    /// Whether more is known of that, pair by pair.
    pair_bounds: bool,
    /// The mentees' and the mentors' classes.
    classes: [Vec<u32>; 2],
    /// By class of mentees, and by class of mentors: the others' classes they may be paired with, and what the
    /// criteria on classes give.
    served: [Vec<Vec<Served>>; 2],
    tables: Tables,
    everybody: Blocked,
}

/// A class of the other side.
#[derive(Debug, Clone, Copy)]
struct Served {
    class: u32,
    /// What the criteria on classes give, in trillionths of a point.
    points: u64,
}

/// People of both sides who may be paired with each other, in blocks.
#[derive(Default)]
pub(super) struct Blocked {
    /// The mentees and the mentors who pass the rules on themselves, by class and number of interests.
    pub(super) order: [Vec<u32>; 2],
    blocks: [Blocks; 2],
    /// No price for any mentor.
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
            pair_bounds: scoring.have_bounds(&pair_criteria),
            roster,
            eligibility,
            scoring,
            class_rules,
            pair_rules,
            class_criteria,
            pair_criteria,
            classes: [Vec::new(), Vec::new()],
            served: [Vec::new(), Vec::new()],
            tables: Tables::default(),
            everybody: Blocked::default(),
        };
        let (served, mentor_classes) = pairs.served(&classes);
        let mut serving = vec![Vec::new(); mentor_classes];
        for (mentee, served) in (0u32..).zip(&served) {
            for &Served { class, points } in served {
                serving[class as usize].push(Served {
                    class: mentee,
                    points,
                });
            }
        }
        let points = served.iter().flatten().map(|served| served.points);
        pairs.tables = Tables::new(&pairs, points);
        pairs.served = [served, serving];
        pairs.classes = classes.map(|classes| classes.of);
        let order = [Role::Mentee, Role::Mentor].map(|role| pairs.ordered(role));
        pairs.everybody = pairs.blocked(order);
        Ok(pairs)
    }

    /// By class of mentees, the classes of mentors they may be paired with and what the criteria on classes give; and
    /// how many classes of mentors there are.
    fn served(&self, [mentees, mentors]: &[Classes; 2]) -> (Vec<Vec<Served>>, usize) {
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
                        served.push(Served { class, points });
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

    /// The people of one side who pass the rules on themselves, those next to each other who are alike.
    fn ordered(&self, role: Role) -> Vec<u32> {
        let overlap = self.scoring.overlap();
        let ranks = overlap.as_ref().map(|overlap| overlap.ranks());
        let mut able: Vec<u32> = self.eligibility.able(role).collect();
        able.sort_by_cached_key(|&ix| {
            let interests = match (&overlap, &ranks) {
                (Some(overlap), Some(ranks)) => overlap.sets(role).ranked(ix as usize, ranks),
                _ => 0,
            };
            // The commonest interests are the highest bits, and those who have them come first.
            (self.place(role, ix), !interests, ix)
        });
        able
    }

    fn place(&self, role: Role, person: u32) -> Place {
        let overlap = self.scoring.overlap();
        let size = overlap.and_then(|overlap| overlap.sets(role).known_size(person as usize));
        (self.classes[role as usize][person as usize], size)
    }

    /// The blocks of these mentees and mentors, given in their order.
    pub(super) fn blocked(&self, order: [Vec<u32>; 2]) -> Blocked {
        let blocks = [Role::Mentee, Role::Mentor].map(|role| {
            let overlap = self.scoring.overlap();
            let sets = overlap.map(|overlap| overlap.sets(role));
            let place = |person| self.place(role, person);
            Blocks::new(&order[role as usize], place, sets)
        });
        Blocked {
            free: blocks[1].prices(|_| 0),
            order,
            blocks,
        }
    }

    /// Groups of classes whose people may only be paired within the group: the classes of mentees and of mentors,
    /// numbered by group, and how many groups there are.
    /// People with the same link are in one group.
    pub(super) fn groups(&self, links: &[Vec<Option<u32>>; 2]) -> ([Vec<u32>; 2], usize) {
        let mentees = self.served[0].len();
        let mut groups = UnionFind::new(mentees + self.served[1].len());
        for (mentee, served) in self.served[0].iter().enumerate() {
            for Served { class, .. } in served {
                groups.union(mentee, mentees + *class as usize);
            }
        }
        let mut linked: HashMap<u32, usize> = HashMap::new();
        for (side, first) in [(0, 0), (1, mentees)] {
            for (link, class) in links[side].iter().zip(&self.classes[side]) {
                let class = first + *class as usize;
                if let Some(link) = link {
                    groups.union(*linked.entry(*link).or_insert(class), class);
                }
            }
        }
        let mut numbers = groups.into_labeling();
        let mut known = HashMap::new();
        for number in &mut numbers {
            let next = known.len();
            *number = *known.entry(*number).or_insert(next);
        }
        let numbers: Vec<u32> = numbers.into_iter().map(|number| number as u32).collect();
        let (of_mentees, of_mentors) = numbers.split_at(mentees);
        ([of_mentees.to_vec(), of_mentors.to_vec()], known.len())
    }

    /// Each person's class.
    pub(super) fn classes(&self) -> &[Vec<u32>; 2] {
        &self.classes
    }

    /// The score of a pair, if it is eligible.
    pub(super) fn score_of(&self, mentee: usize, mentor: usize) -> Option<i64> {
        let fails = self.eligibility.fails(mentee, mentor).next().is_some();
        if fails {
            return None;
        }
        Some(self.scoring.score(mentee, mentor)?.0)
    }

    /// Calls `visit` with the mentors, and the scores, of all of a mentee's pairs.
    pub(super) fn each_mentor(
        &self,
        blocked: &Blocked,
        mentee: usize,
        mut visit: impl FnMut(u32, i64),
    ) {
        self.each(
            blocked,
            Role::Mentee,
            &blocked.free,
            mentee,
            -1,
            |mentor, score| {
                visit(mentor, score);
                -1
            },
        );
    }

    /// A pass over `blocked`, with a price for each of the other side's people.
    pub(super) fn sweep_of<'s>(
        &'s self,
        blocked: &'s Blocked,
        role: Role,
        price: impl Fn(u32) -> i64,
    ) -> BlockSweep<'s> {
        BlockSweep {
            prices: blocked.blocks[1 - role as usize].prices(price),
            pairs: self,
            blocked,
            role,
        }
    }

    /// The greatest scores of pairs whose criteria on classes give `points`, by what their interests give.
    pub(super) fn scores(&self, points: u64, steps: &[u64]) -> impl Iterator<Item = i64> {
        let points = points + self.pair_most;
        steps.iter().map(move |step| score_of(points + step))
    }

    /// Calls `visit` with every partner, and the score, of a person's pairs that beat `floor` and the prices.
    fn each(
        &self,
        blocked: &Blocked,
        role: Role,
        prices: &BlockPrices,
        person: usize,
        mut floor: i64,
        mut visit: impl FnMut(u32, i64) -> i64,
    ) {
        let blocks = &blocked.blocks[1 - role as usize];
        let class = self.classes[role as usize][person] as usize;
        if !self.eligibility.is_able(role, person) {
            return;
        }
        let overlap = self.scoring.overlap();
        let sets = overlap.as_ref().map(|overlap| overlap.sets(role));
        let own_size = sets.and_then(|sets| sets.known_size(person));
        let own = sets.map_or(&[][..], |sets| sets.bits(person));
        let single = !self.pair_rules.is_empty() || !self.pair_criteria.is_empty();
        let mut shared = [0u8; LANES];
        let mut worked_out = Vec::new();
        for &Served {
            class,
            points: class_points,
        } in &self.served[role as usize][class]
        {
            let Some(group) = blocks.group_of(class) else {
                continue;
            };
            if floor + prices.groups[group] >= MOST {
                continue;
            }
            let tables = self.tables.of(class_points);
            for run_ix in blocks.groups[group].runs.clone() {
                let run = &blocks.runs[run_ix];
                let together = own_size.zip(run.size).map(|(a, b)| a + b);
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
                // What pairs of the run are worth at most, each criterion on single pairs counted as 1.
                let scores = match tables.zip(together) {
                    Some((tables, together)) if together > 0 => &tables[together as usize][..],
                    _ => {
                        worked_out.clear();
                        worked_out.extend(self.scores(class_points, &steps[..=most]));
                        &worked_out[..]
                    }
                };
                let mut least_price = floor + prices.runs[run_ix];
                if scores[most] <= least_price {
                    continue;
                }
                // At least so many must be shared anywhere in the run.
                let mut fewest = most;
                while fewest > 0 && scores[fewest - 1] > least_price {
                    fewest -= 1;
                }
                let mut least = fewest;
                for block in run.blocks.clone() {
                    least_price = floor + prices.blocks[block];
                    if scores[most] <= least_price {
                        continue;
                    }
                    // From one block to the next the number changes little.
                    while least < most && scores[least] <= least_price {
                        least += 1;
                    }
                    while least > fewest && scores[least - 1] > least_price {
                        least -= 1;
                    }
                    let mut lanes = if most == 0 {
                        shared.fill(0);
                        u64::MAX >> (LANES - blocks.lanes(block).len())
                    } else {
                        let united = blocks.united(block).iter().zip(own);
                        let possible: u32 = united.map(|(a, b)| (a & b).count_ones()).sum();
                        if (possible as usize) < least {
                            continue;
                        }
                        overlaps(own, blocks.sets(block), least as u8, &mut shared)
                    };
                    let others = blocks.people(block);
                    let lane_prices = &prices.lanes[blocks.lanes(block)];
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
                            if self.pair_bounds {
                                let most =
                                    self.scoring.most_of(&self.pair_criteria, mentee, mentor);
                                if score_of(points + most) <= floor + lane_prices[lane] {
                                    continue;
                                }
                            }
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
        self.each_mentor(&self.everybody, mentee, |mentor, score| {
            row.push((mentor, score));
        });
    }

    fn score(&self, mentee: usize, mentor: u32) -> Option<i64> {
        self.score_of(mentee, mentor as usize)
    }

    fn score_range(&self) -> (i64, i64) {
        (0, MOST)
    }

    fn order(&self, role: Role) -> Cow<'_, [u32]> {
        Cow::Borrowed(&self.everybody.order[role as usize])
    }

    fn is_scored_quickly(&self) -> bool {
        !self.pair_bounds
    }

    fn sweep<'s>(&'s self, role: Role, prices: &'s [i64]) -> Option<Box<dyn Sweep + 's>> {
        let price = |person: u32| prices[person as usize];
        Some(Box::new(self.sweep_of(&self.everybody, role, price)))
    }

    fn linked_parts(&self, links: &[Vec<Option<u32>>; 2]) -> Vec<Part<'_>> {
        part::parts(self, links)
    }
}

pub(super) struct BlockSweep<'s> {
    pairs: &'s RosterPairs<'s>,
    blocked: &'s Blocked,
    role: Role,
    prices: BlockPrices,
}

impl BlockSweep<'_> {
    /// As [`Sweep::row`].
    pub(super) fn visit(&self, person: usize, floor: i64, visit: impl FnMut(u32, i64) -> i64) {
        self.pairs
            .each(self.blocked, self.role, &self.prices, person, floor, visit);
    }
}

impl Sweep for BlockSweep<'_> {
    fn row(&self, person: usize, floor: i64, visit: &mut dyn FnMut(u32, i64) -> i64) {
        self.visit(person, floor, visit);
    }
}
