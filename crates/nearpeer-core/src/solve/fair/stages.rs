//! The scores of a match raised from the lowest upwards, on columns at hand: a minimum-cost circulation for each
//! score, in which only the pairs of that score cost anything, and which changes nothing that the scores below have
//! settled.
//!
//! Nodes are the mentees, the mentors and the ground, through which loads change. A pair goes from its mentee to
//! its mentor, a load from the ground to a mentee and from a mentor to the ground. Where a potential makes an arc dearer
//! than nothing, the arc is in no best circulation (or in each, if it is in this one), and stays as it is from then on.

use std::collections::{BTreeMap, BTreeSet};

use super::order::Scored;
use crate::certificate::ScorePrice;
use crate::error::Error;
use crate::interrupt::Interrupt;
use crate::program::Chosen;

/// A person's load in the columns, and between what it may be.
#[derive(Debug, Clone, Copy)]
pub(super) struct Room {
    pub(super) load: u32,
    pub(super) low: u32,
    pub(super) high: u32,
}

#[derive(Debug, Clone, Copy)]
struct Column {
    mentor: u32,
    score: i64,
    used: bool,
    /// Whether it may still change.
    open: bool,
}

/// The way to a node: from which one, and the place of the column at its mentee, if it is a pair.
#[derive(Debug, Clone, Copy)]
struct Way {
    from: u32,
    place: u32,
}

const NO_COLUMN: u32 = u32::MAX;

pub(super) struct Stages {
    mentees: usize,
    /// By mentee.
    columns: Vec<Vec<Column>>,
    /// By mentor: the mentees, and the places of the columns there.
    offered: Vec<Vec<(u32, u32)>>,
    rooms: Vec<Room>,
    /// All columns by score: (score, mentee, place).
    by_score: Vec<(i64, u32, u32)>,
    /// Those that are used and open.
    in_use: BTreeSet<(i64, u32, u32)>,
    /// By node but the ground, what the stages so far have priced.
    prices: Vec<Vec<ScorePrice>>,
    /// The potentials of this stage.
    potentials: Vec<i64>,
    /// Nodes whose potential is not 0.
    moved: Vec<u32>,
    /// How many units a mentor lacks in this stage.
    lacks: Vec<u32>,
    distances: Vec<i64>,
    ways: Vec<Way>,
}

const FAR: i64 = i64::MAX;

impl Stages {
    /// Columns that are not free are none. The match must keep within the rooms.
    pub(super) fn new(
        mentees: usize,
        rooms: Vec<Room>,
        columns: &Scored,
        chosen: &[Chosen],
        is_free: impl Fn(u32, u32) -> bool,
    ) -> Self {
        let mut offered = vec![Vec::new(); rooms.len() - mentees];
        let mut by_score = Vec::new();
        let mut in_use = BTreeSet::new();
        let columns = (0u32..).zip(columns).map(|(mentee, columns)| {
            let free = columns.iter().filter(|column| is_free(mentee, column.0));
            let column = |(place, &(mentor, score)): (u32, &(u32, i64))| {
                let used = chosen
                    .binary_search_by_key(&(mentee, mentor), |pair| (pair.mentee, pair.mentor))
                    .is_ok();
                offered[mentor as usize].push((mentee, place));
                by_score.push((score, mentee, place));
                if used {
                    in_use.insert((score, mentee, place));
                }
                Column {
                    mentor,
                    score,
                    used,
                    open: true,
                }
            };
            (0u32..).zip(free).map(column).collect()
        });
        let columns: Vec<Vec<Column>> = columns.collect();
        by_score.sort_unstable();
        let nodes = rooms.len() + 1;
        Self {
            mentees,
            columns,
            offered,
            by_score,
            in_use,
            prices: vec![Vec::new(); rooms.len()],
            potentials: vec![0; nodes],
            moved: Vec::new(),
            lacks: vec![0; rooms.len() - mentees],
            distances: vec![FAR; nodes],
            ways: vec![
                Way {
                    from: 0,
                    place: NO_COLUMN
                };
                nodes
            ],
            rooms,
        }
    }

    /// Works through all scores.
    ///
    /// # Errors
    /// The interrupt's.
    pub(super) fn run(&mut self, interrupt: &Interrupt) -> Result<(), Error> {
        let mut from = 0;
        let mut next = self.in_use.first().map(|column| column.0);
        while let Some(score) = next {
            // No pair of a score in between is used, so none need be from now on.
            while self
                .by_score
                .get(from)
                .is_some_and(|column| column.0 < score)
            {
                let (_, mentee, place) = self.by_score[from];
                let column = &mut self.columns[mentee as usize][place as usize];
                column.open &= column.used;
                from += 1;
            }
            let to = from + self.by_score[from..].partition_point(|column| column.0 == score);
            self.raise(score, interrupt)?;
            self.settle(score, from..to);
            from = to;
            next = self
                .in_use
                .range((score + 1, 0, 0)..)
                .next()
                .map(|column| column.0);
        }
        Ok(())
    }

    /// Makes the pairs of this score as few as can be.
    fn raise(&mut self, score: i64, interrupt: &Interrupt) -> Result<(), Error> {
        let of_score = self.in_use.range((score, 0, 0)..(score + 1, 0, 0));
        let of_score: Vec<(u32, u32)> = of_score.map(|column| (column.1, column.2)).collect();
        for &(mentee, place) in &of_score {
            let mentor = self.turn_over(mentee, place);
            self.lacks[mentor as usize] += 1;
        }
        for &(mentee, _) in &of_score {
            interrupt.check()?;
            self.send(mentee, score);
        }
        Ok(())
    }

    /// Uses a column that was not used, or the other way round; gives its mentor.
    fn turn_over(&mut self, mentee: u32, place: u32) -> u32 {
        let column = &mut self.columns[mentee as usize][place as usize];
        column.used = !column.used;
        let key = (column.score, mentee, place);
        if column.used {
            self.in_use.insert(key);
        } else {
            self.in_use.remove(&key);
        }
        column.mentor
    }

    fn ground(&self) -> u32 {
        self.rooms.len() as u32
    }

    /// Sends a unit from the mentee to the nearest mentor who lacks one.
    fn send(&mut self, mentee: u32, score: i64) {
        let mut queue: BTreeMap<i64, Vec<u32>> = BTreeMap::new();
        let mut reached = vec![mentee];
        let mut settled: Vec<u32> = Vec::new();
        self.distances[mentee as usize] = 0;
        queue.insert(0, vec![mentee]);
        let mut end = None;
        while let Some(mut nearest) = queue.first_entry() {
            let distance = *nearest.key();
            let Some(node) = nearest.get_mut().pop() else {
                nearest.remove();
                continue;
            };
            if self.distances[node as usize] != distance {
                continue;
            }
            if self.is_lacking(node) {
                end = Some((node, distance));
                break;
            }
            settled.push(node);
            let potential = self.potentials[node as usize];
            let mut arcs = Vec::new();
            self.each_arc(node, score, |to, cost, place| arcs.push((to, cost, place)));
            for (to, cost, place) in arcs {
                let further = distance + cost + potential - self.potentials[to as usize];
                if further < self.distances[to as usize] {
                    if self.distances[to as usize] == FAR {
                        reached.push(to);
                    }
                    self.distances[to as usize] = further;
                    self.ways[to as usize] = Way { from: node, place };
                    queue.entry(further).or_default().push(to);
                }
            }
        }
        // The unit can always go back to where it came from.
        let (end, distance) = end.expect("a way back");
        for node in settled {
            let lower = distance - self.distances[node as usize];
            if lower > 0 {
                if self.potentials[node as usize] == 0 {
                    self.moved.push(node);
                }
                self.potentials[node as usize] -= lower;
            }
        }
        self.lacks[end as usize - self.mentees] -= 1;
        self.follow(mentee, end);
        for node in reached {
            self.distances[node as usize] = FAR;
        }
    }

    fn is_lacking(&self, node: u32) -> bool {
        let mentor = (node as usize).checked_sub(self.mentees);
        mentor.is_some_and(|mentor| self.lacks.get(mentor).is_some_and(|lacks| *lacks > 0))
    }

    /// Calls `visit` with the ends, costs and columns of the arcs on which something can change.
    fn each_arc(&self, node: u32, score: i64, mut visit: impl FnMut(u32, i64, u32)) {
        let costs = |column: &Column| i64::from(column.score == score);
        let ix = node as usize;
        if node == self.ground() {
            for (other, room) in (0u32..).zip(&self.rooms) {
                let is_mentee = (other as usize) < self.mentees;
                if (is_mentee && room.load < room.high) || (!is_mentee && room.load > room.low) {
                    visit(other, 0, NO_COLUMN);
                }
            }
        } else if ix < self.mentees {
            for (place, column) in (0u32..).zip(&self.columns[ix]) {
                if column.open && !column.used {
                    visit(self.mentees as u32 + column.mentor, costs(column), place);
                }
            }
            if self.rooms[ix].load > self.rooms[ix].low {
                visit(self.ground(), 0, NO_COLUMN);
            }
        } else {
            for &(mentee, place) in &self.offered[ix - self.mentees] {
                let column = &self.columns[mentee as usize][place as usize];
                if column.open && column.used {
                    visit(mentee, -costs(column), place);
                }
            }
            if self.rooms[ix].load < self.rooms[ix].high {
                visit(self.ground(), 0, NO_COLUMN);
            }
        }
    }

    /// Changes everything on the way that was found.
    fn follow(&mut self, start: u32, end: u32) {
        let ground = self.ground();
        let mut node = end;
        while node != start {
            let Way { from, place } = self.ways[node as usize];
            if place != NO_COLUMN {
                let mentee = node.min(from);
                self.turn_over(mentee, place);
            } else {
                let person = node.min(from) as usize;
                // Into the ground a mentee gives up a load, and a mentor takes one; out of it the other way round.
                let is_mentee = person < self.mentees;
                if is_mentee == (node == ground) {
                    self.rooms[person].load -= 1;
                } else {
                    self.rooms[person].load += 1;
                }
            }
            node = from;
        }
    }

    /// Writes the prices of this stage down, and closes what can be in no other best circulation than this.
    fn settle(&mut self, score: i64, of_score: std::ops::Range<usize>) {
        let ground = self.potentials[self.rooms.len()];
        let mut moved = std::mem::take(&mut self.moved);
        moved.sort_unstable();
        let mut close = Vec::new();
        for &node in moved.iter().filter(|node| **node != self.ground()) {
            let node = node as usize;
            if node < self.mentees {
                close
                    .extend((0..self.columns[node].len() as u32).map(|place| (node as u32, place)));
            } else {
                close.extend_from_slice(&self.offered[node - self.mentees]);
            }
        }
        close.extend(
            self.by_score[of_score]
                .iter()
                .map(|column| (column.1, column.2)),
        );
        for (mentee, place) in close {
            let column = &mut self.columns[mentee as usize][place as usize];
            let ends = [mentee as usize, self.mentees + column.mentor as usize];
            let [mentee_potential, mentor_potential] = ends.map(|node| self.potentials[node]);
            let cost = i64::from(column.score == score) + mentee_potential - mentor_potential;
            if cost != 0 {
                column.open = false;
                self.in_use.remove(&(column.score, mentee, place));
            }
        }
        let everybody = if ground == 0 {
            moved.clone()
        } else {
            (0..self.ground()).collect()
        };
        for node in everybody {
            let node = node as usize;
            let above_ground = self.potentials[node] - ground;
            if above_ground != 0 && node < self.rooms.len() {
                let is_mentee = node < self.mentees;
                let price = if is_mentee {
                    above_ground
                } else {
                    -above_ground
                };
                self.prices[node].push((score, price));
                let room = &mut self.rooms[node];
                (room.low, room.high) = (room.load, room.load);
            }
        }
        for node in moved {
            self.potentials[node as usize] = 0;
        }
    }

    /// The chosen pairs, ascending.
    pub(super) fn chosen(&self) -> impl Iterator<Item = Chosen> {
        let rows = (0u32..).zip(&self.columns);
        rows.flat_map(|(mentee, columns)| {
            let used = columns.iter().filter(|column| column.used);
            used.map(move |column| Chosen {
                mentee,
                mentor: column.mentor,
                score: column.score,
            })
        })
    }

    /// The prices of the mentees and of the mentors.
    pub(super) fn prices(self) -> [Vec<Vec<ScorePrice>>; 2] {
        let mut mentees = self.prices;
        let mentors = mentees.split_off(self.mentees);
        [mentees, mentors]
    }
}
