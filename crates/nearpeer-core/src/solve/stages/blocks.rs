//! Blocks of a part: sites that share no leader and no mentee with others, but mentors.
//!
//! With a price on every mentor and on the levels before, blocks are independent (Lagrange's relaxation; Geoffrion,
//! *Lagrangean relaxation for integer programming*, 1974): each is a part of its own, whose best staffing is found by
//! itself. Prices of the linear program of all, at the staffing that the blocks like best, are tried next.

use std::borrow::Cow;

use rayon::prelude::*;

use super::candidates::Candidates;
use super::part::Part;
use super::price::UNIT;
use super::stage::{Incumbent, Stage};
use super::staffings::Staffings;
use crate::certificate::Level;
use crate::certificate::stages::{BlockProof, LevelPrices, SplitProof, StaffNode};
use crate::error::Error;
use crate::interrupt::Interrupt;
use crate::pairs::{Pairs, Sweep};
use crate::program::master::Placed;
use crate::program::IntegerProgram;
use crate::roster::Role;
use crate::units::{MenteeIx, MentorIx};

/// Prices that are tried.
const ROUNDS: usize = 8;

/// No mentor of the block.
const ELSEWHERE: u32 = u32::MAX;

/// The pairs of a block, whose people are numbered from 0 here.
pub(super) struct BlockPairs<'p> {
    whole: &'p dyn Pairs,
    /// The mentees and the mentors, as the part numbers them.
    people: [Vec<u32>; 2],
    /// By the part's mentors, the number here.
    numbers: Vec<u32>,
}

/// What a block's other levels and its mentors cost, in the unit of prices.
#[derive(Debug, Clone, Default)]
pub(super) struct Fixed {
    /// What a unit of each level before is worth.
    pub(super) levels: Vec<(Level, i64)>,
    /// By mentor, what a pair costs; none stands for 0.
    pub(super) mentors: Vec<i64>,
}

/// Prices of what blocks share.
#[derive(Clone)]
struct Shared {
    mentors: Vec<i64>,
    held: Vec<i64>,
}

/// What a block comes to.
pub(super) struct Bounded {
    pub(super) prices: Vec<LevelPrices>,
    pub(super) staffings: Vec<StaffNode>,
    pub(super) bound: i128,
    /// The best staffing that was looked at.
    pub(super) placed: Vec<Vec<usize>>,
    pub(super) columns: Vec<Placed>,
}

impl<'p> BlockPairs<'p> {
    /// The blocks of a part; none if it is only one, or where more than mentors and levels joins them.
    pub(super) fn all(part: &'p Part<'p>) -> Vec<Self> {
        let program = &part.program;
        let promises = program.levels.iter().any(|(level, _)| level == Level::Obligations);
        let (of_mentee, count) = part.meetings.blocks();
        if count < 2 || promises || !program.side.is_empty() {
            return Vec::new();
        }
        let mut mentees: Vec<Vec<u32>> = vec![Vec::new(); count];
        let mut mentors = vec![vec![false; program.mentors.len()]; count];
        let mut row = Vec::new();
        for (mentee, block) in of_mentee.into_iter().enumerate() {
            mentees[block].push(mentee as u32);
            program.pairs.row(mentee, &mut row);
            for &(mentor, _) in &row {
                if part.can_meet(mentee, mentor) {
                    mentors[block][mentor as usize] = true;
                }
            }
        }
        let blocks = mentees.into_iter().zip(mentors).map(|(mentees, has)| {
            let mentors: Vec<u32> = (0..has.len() as u32).filter(|ix| has[*ix as usize]).collect();
            let mut numbers = vec![ELSEWHERE; has.len()];
            for (number, mentor) in (0u32..).zip(&mentors) {
                numbers[*mentor as usize] = number;
            }
            Self {
                whole: program.pairs,
                people: [mentees, mentors],
                numbers,
            }
        });
        blocks.filter(|block| !block.people[1].is_empty()).collect()
    }

    /// The block as a part.
    fn part(&'p self, of: &Part<'p>) -> Part<'p> {
        let program = &of.program;
        let [mentees, mentors] = &self.people;
        let mentees = mentees.iter().map(|ix| program.mentees[*ix as usize]);
        let mentors = mentors.iter().map(|ix| program.mentors[*ix as usize]);
        let of_block = IntegerProgram {
            pairs: self as &dyn Pairs,
            mentees: mentees.collect(),
            mentors: mentors.collect(),
            required: Vec::new(),
            levels: program.levels.clone(),
            side: Vec::new(),
            meetings: None,
            discounts: None,
        };
        let people = [Role::Mentee, Role::Mentor].map(|role| {
            let of_part = of.people(role);
            let own = self.people[role as usize].iter();
            own.map(|ix| of_part[*ix as usize]).collect()
        });
        of.block(of_block, people)
    }
}

impl Pairs for BlockPairs<'_> {
    fn mentees(&self) -> usize {
        self.people[0].len()
    }

    fn mentors(&self) -> usize {
        self.people[1].len()
    }

    fn row(&self, mentee: usize, row: &mut Vec<(u32, i64)>) {
        self.whole.row(self.people[0][mentee] as usize, row);
        row.retain_mut(|(mentor, _)| {
            *mentor = self.numbers[*mentor as usize];
            *mentor != ELSEWHERE
        });
    }

    fn score(&self, mentee: usize, mentor: u32) -> Option<i64> {
        let mentor = self.people[1][mentor as usize];
        self.whole.score(self.people[0][mentee] as usize, mentor)
    }

    fn score_range(&self) -> (i64, i64) {
        self.whole.score_range()
    }

    fn order(&self, role: Role) -> Cow<'_, [u32]> {
        (0..self.people[role as usize].len() as u32).collect()
    }

    fn sweep<'s>(&'s self, _role: Role, _prices: &'s [i64]) -> Option<Box<dyn Sweep + 's>> {
        None
    }
}

impl Fixed {
    /// The levels' prices in units of the level that is looked at.
    pub(super) fn levels(&self) -> impl Iterator<Item = (Level, f64)> {
        let levels = self.levels.iter();
        levels.map(|(level, price)| (*level, *price as f64 / UNIT as f64))
    }

    /// The mentors' prices in units of the level that is looked at.
    pub(super) fn mentors(&self) -> impl Iterator<Item = f64> {
        self.mentors.iter().map(|price| *price as f64 / UNIT as f64)
    }
}

impl Shared {
    fn of(prices: &LevelPrices) -> Self {
        let mentors = prices.mentors.iter().map(|price| (*price).max(0));
        Self {
            mentors: mentors.collect(),
            held: prices.held.clone(),
        }
    }

    /// Prices between these and others, so much nearer to the others.
    fn towards(&self, other: &Self, halvings: u32) -> Self {
        let between = |a: &[i64], b: &[i64]| {
            let both = a.iter().zip(b);
            both.map(|(a, b)| a + ((b - a) >> halvings)).collect()
        };
        Self {
            mentors: between(&self.mentors, &other.mentors),
            held: between(&self.held, &other.held),
        }
    }

    /// The part of the bound that is no block's.
    fn bound(&self, stage: &Stage) -> i128 {
        let mentors = self.mentors.iter().zip(&stage.part.program.mentors);
        let mentors = mentors.map(|(price, mentor)| i128::from(*price) * i128::from(mentor.max));
        let held = self.held.iter().zip(&stage.held);
        let held = held.map(|(price, (_, value))| i128::from(*price) * i128::from(*value));
        mentors.sum::<i128>() - held.sum::<i128>()
    }

    fn of_block(&self, stage: &Stage, block: &BlockPairs) -> Fixed {
        let levels = stage.held.iter().zip(&self.held);
        let mentors = block.people[1].iter();
        Fixed {
            levels: levels.map(|((level, _), price)| (*level, *price)).collect(),
            mentors: mentors.map(|ix| self.mentors[*ix as usize]).collect(),
        }
    }
}

/// Bounds a level by blocks, if there are several; looks at the staffings that they like best. Gives the best proof and
/// its bound.
///
/// # Errors
/// The interrupt's, or [`ErrorKind::Solver`](crate::ErrorKind::Solver).
pub(super) fn split(
    stage: &mut Stage,
    staffings: &mut Staffings,
) -> Result<Option<(SplitProof, i128)>, Error> {
    let views = BlockPairs::all(stage.part);
    if views.len() < 2 {
        return Ok(None);
    }
    let parts: Vec<Part> = views.par_iter().map(|view| view.part(stage.part)).collect();
    let mut columns: Vec<Vec<Placed>> = of_blocks(stage, &views, &parts);
    let mut center = Shared::of(&stage.cuts[0].prices);
    let mut trial = center.clone();
    let mut best: Option<(SplitProof, i128)> = None;
    let mut halvings = 0;
    // A quarter of a unit is left to all blocks together.
    let tolerance = i128::from(UNIT) / 4 / parts.len() as i128;
    let (level, interrupt) = (stage.place, stage.interrupt.untold());
    for _ in 0..ROUNDS {
        stage.interrupt.check()?;
        let fixed = views.iter().map(|view| trial.of_block(stage, view));
        let fixed: Vec<Fixed> = fixed.collect();
        let bounded: Vec<Bounded> = parts
            .par_iter()
            .zip(fixed)
            .zip(std::mem::take(&mut columns))
            .map(|((part, fixed), columns)| {
                bound(part, level, columns, (fixed, tolerance), &interrupt)
            })
            .collect::<Result<_, Error>>()?;
        let total = trial.bound(stage) + bounded.iter().map(|block| block.bound).sum::<i128>();
        let placed = together(stage.part, &parts, &bounded);
        columns = bounded.iter().map(|block| block.columns.clone()).collect();
        if best.as_ref().is_none_or(|(_, bound)| total < *bound) {
            center = trial;
            best = Some((proof(&center, stage, &views, &parts, bounded), total));
        } else {
            halvings += 1;
        }
        if !stage.is_open(total) {
            break;
        }
        let Some(prices) = staffings.look_at(stage, placed)? else {
            halvings += 1;
            trial = center.towards(&Shared::of(&stage.cuts[0].prices), halvings);
            continue;
        };
        trial = center.towards(&Shared::of(&prices.prices), halvings);
    }
    Ok(best)
}

/// The columns of every block.
fn of_blocks(stage: &Stage, views: &[BlockPairs], parts: &[Part]) -> Vec<Vec<Placed>> {
    let mut mentees = vec![(0, 0); stage.part.program.mentees.len()];
    for (block, view) in views.iter().enumerate() {
        for (number, mentee) in (0u32..).zip(&view.people[0]) {
            mentees[*mentee as usize] = (block, number);
        }
    }
    let places: Vec<Vec<Option<u32>>> = parts
        .iter()
        .map(|part| {
            let all = stage.part.meetings.places.iter();
            all.map(|place| {
                let own = part.meetings.places.binary_search(place).ok();
                own.map(|ix| ix as u32)
            })
            .collect()
        })
        .collect();
    let mut columns = vec![Vec::new(); views.len()];
    for pair in stage.master.columns() {
        let (block, mentee) = mentees[pair.mentee as usize];
        let mentor = views[block].numbers[pair.mentor as usize];
        if let Some(place) = places[block][pair.place as usize]
            && mentor != ELSEWHERE
        {
            columns[block].push(Placed {
                mentee,
                mentor,
                place,
                score: pair.score,
            });
        }
    }
    columns
}

/// Bounds a block at fixed prices of what it shares.
fn bound(
    part: &Part,
    level: usize,
    columns: Vec<Placed>,
    fixed: (Fixed, i128),
    interrupt: &Interrupt,
) -> Result<Bounded, Error> {
    let mut candidates = Candidates::new(&part.meetings.staffing);
    let mut nothing = Incumbent::nothing(part);
    let stage = Stage::of_block(
        part,
        level,
        &mut candidates,
        columns,
        &mut nothing,
        fixed,
        interrupt,
    )?;
    stage.bounded()
}

/// Where leaders are by the blocks.
fn together(part: &Part, parts: &[Part], bounded: &[Bounded]) -> Vec<Vec<usize>> {
    let teams = part.meetings.staffing.teams.iter().flatten();
    let mut placed: Vec<Vec<usize>> = teams.map(|_| Vec::new()).collect();
    let number = |leader: usize| {
        let mut teams = part.meetings.staffing.teams.iter().flatten();
        teams.position(|team| team.leader == leader)
    };
    for (block, bounded) in parts.iter().zip(bounded) {
        let teams = block.meetings.staffing.teams.iter().flatten();
        for (team, at) in teams.zip(&bounded.placed) {
            let places = at.iter().filter_map(|place| part.place(block, *place));
            if let Some(number) = number(team.leader) {
                placed[number].extend(places);
            }
        }
    }
    placed
}

fn proof(
    shared: &Shared,
    stage: &Stage,
    views: &[BlockPairs],
    parts: &[Part],
    bounded: Vec<Bounded>,
) -> SplitProof {
    let blocks = views.iter().zip(parts).zip(bounded);
    let blocks = blocks.map(|((view, part), bounded)| {
        let places = 0..part.meetings.places.len();
        BlockProof {
            mentees: view.people[0].iter().map(|ix| MenteeIx(*ix)).collect(),
            mentors: view.people[1].iter().map(|ix| MentorIx(*ix)).collect(),
            places: places
                .filter_map(|place| stage.part.place(part, place))
                .collect(),
            prices: bounded.prices,
            staffings: bounded.staffings,
        }
    });
    SplitProof {
        mentors: shared.mentors.clone(),
        held: shared.held.clone(),
        blocks: blocks.collect(),
    }
}
