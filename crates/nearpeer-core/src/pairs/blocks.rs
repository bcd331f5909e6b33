//! One side's people in blocks: those of one class and with as many interests stand together, so that what a block
//! cannot be worth more than is known before any of its pairs is looked at.

use super::lanes::LANES;
use crate::sets::Sets;

/// Nobody stands in this lane.
const NOBODY: u32 = u32::MAX;

/// A price at which no pair is worth anything: that of an empty lane.
const NO_PRICE: i64 = i64::MAX / 4;

/// People of one class.
#[derive(Debug)]
pub(super) struct Group {
    pub(super) runs: std::ops::Range<usize>,
}

/// Nobody of the class is in the blocks.
const NO_GROUP: u32 = u32::MAX;

/// The blocks of a class's people with as many interests; `None` where they are not known.
#[derive(Debug)]
pub(super) struct Run {
    pub(super) size: Option<u32>,
    pub(super) blocks: std::ops::Range<usize>,
}

#[derive(Debug, Default)]
pub(super) struct Blocks {
    pub(super) groups: Vec<Group>,
    /// The group of each class.
    group_of: Vec<u32>,
    pub(super) runs: Vec<Run>,
    /// The person in each lane.
    people: Vec<u32>,
    words: usize,
    /// Each block's sets: the first word of every lane, then the second, ...
    sets: Vec<u64>,
    /// The interests that anybody in the block has, `words` a block.
    united: Vec<u64>,
}

/// What people of a run have in common: the class, and how many interests.
pub(super) type Place = (u32, Option<u32>);

impl Blocks {
    /// The blocks of `people`, who stand in the order of their places.
    pub(super) fn new(people: &[u32], place: impl Fn(u32) -> Place, sets: Option<&Sets>) -> Self {
        let words = sets.and_then(Sets::words).unwrap_or(0);
        let mut blocks = Self {
            words,
            ..Self::default()
        };
        for group in people.chunk_by(|a, b| place(*a).0 == place(*b).0) {
            let first_run = blocks.runs.len();
            for run in group.chunk_by(|a, b| place(*a) == place(*b)) {
                let first_block = blocks.len();
                for lanes in run.chunks(LANES) {
                    blocks.push(lanes, sets);
                }
                blocks.runs.push(Run {
                    size: place(run[0]).1,
                    blocks: first_block..blocks.len(),
                });
            }
            let class = place(group[0]).0 as usize;
            blocks.group_of.resize(class, NO_GROUP);
            blocks.group_of.push(blocks.groups.len() as u32);
            blocks.groups.push(Group {
                runs: first_run..blocks.runs.len(),
            });
        }
        blocks
    }

    fn push(&mut self, people: &[u32], sets: Option<&Sets>) {
        self.people.extend(people);
        self.people
            .resize(self.people.len().next_multiple_of(LANES), NOBODY);
        for word in 0..self.words {
            let of = |person: &u32| sets.map_or(0, |sets| sets.bits(*person as usize)[word]);
            let from = self.sets.len();
            self.sets.extend(people.iter().map(of));
            self.united
                .push(self.sets[from..].iter().fold(0, |all, one| all | one));
            self.sets.resize(from + LANES, 0);
        }
    }

    /// Where the people of a class are, if there are any.
    pub(super) fn group_of(&self, class: u32) -> Option<usize> {
        let group = *self.group_of.get(class as usize)?;
        (group != NO_GROUP).then_some(group as usize)
    }

    /// How many blocks there are.
    pub(super) fn len(&self) -> usize {
        self.people.len() / LANES
    }

    /// The people of a block; beyond the last, lanes are empty.
    pub(super) fn people(&self, block: usize) -> &[u32] {
        &self.people[block * LANES..][..LANES]
    }

    pub(super) fn sets(&self, block: usize) -> &[u64] {
        let size = self.words * LANES;
        &self.sets[block * size..][..size]
    }

    /// The interests that anybody in the block has.
    pub(super) fn united(&self, block: usize) -> &[u64] {
        &self.united[block * self.words..][..self.words]
    }

    /// Everybody's price by lane.
    pub(super) fn prices(&self, price: impl Fn(u32) -> i64) -> BlockPrices {
        let of_lane = |person: &u32| match *person {
            NOBODY => NO_PRICE,
            person => price(person),
        };
        let lanes: Vec<i64> = self.people.iter().map(of_lane).collect();
        let least = |prices: &[i64]| prices.iter().copied().min().unwrap_or(NO_PRICE);
        let blocks: Vec<i64> = lanes.chunks(LANES).map(least).collect();
        let runs: Vec<i64> = self
            .runs
            .iter()
            .map(|run| least(&blocks[run.blocks.clone()]))
            .collect();
        BlockPrices {
            groups: self
                .groups
                .iter()
                .map(|group| least(&runs[group.runs.clone()]))
                .collect(),
            lanes,
            blocks,
            runs,
        }
    }
}

/// Prices by lane, and the least in each block, run and group.
#[derive(Debug, Default)]
pub(super) struct BlockPrices {
    pub(super) lanes: Vec<i64>,
    pub(super) blocks: Vec<i64>,
    pub(super) runs: Vec<i64>,
    pub(super) groups: Vec<i64>,
}
