//! The circulation that a match is: what may change in it, and at what cost.
//!
//! Nodes are the mentees, the mentors and the ground, through which loads change. A pair goes from its mentee to
//! its mentor, a load from the ground to a mentee and from a mentor to the ground.

use super::order::Scored;
use crate::program::Chosen;

/// A person's load in the columns, and between what it may be.
#[derive(Debug, Clone, Copy)]
pub(super) struct Room {
    pub(super) load: u32,
    pub(super) low: u32,
    pub(super) high: u32,
}

#[derive(Debug, Clone, Copy)]
pub(super) struct Column {
    pub(super) mentor: u32,
    pub(super) score: i64,
    pub(super) used: bool,
    /// Whether it may still change.
    pub(super) open: bool,
}

/// An arc on which something can change: its other end, and the place of the column at its mentee, if it is a pair.
#[derive(Debug, Clone, Copy)]
pub(super) struct Arc {
    pub(super) other: u32,
    pub(super) place: Option<u32>,
}

pub(super) struct Graph {
    pub(super) mentees: usize,
    /// By mentee.
    pub(super) columns: Vec<Vec<Column>>,
    /// By mentor: the mentees, and the places of the columns there.
    pub(super) offered: Vec<Vec<(u32, u32)>>,
    /// By node but the ground.
    pub(super) rooms: Vec<Room>,
    /// By node, for the score that is looked at.
    pub(super) potentials: Vec<i64>,
    /// The pairs of this score cost 1 each; all others cost nothing.
    pub(super) score: i64,
}

impl Graph {
    /// Columns that are not free are none. The match must keep within the rooms.
    pub(super) fn new(
        mentees: usize,
        rooms: Vec<Room>,
        columns: &Scored,
        chosen: &[Chosen],
        is_free: impl Fn(u32, u32) -> bool,
    ) -> Self {
        let mut offered = vec![Vec::new(); rooms.len() - mentees];
        let columns = (0u32..).zip(columns).map(|(mentee, columns)| {
            let free = columns.iter().filter(|column| is_free(mentee, column.0));
            let column = |(place, &(mentor, score)): (u32, &(u32, i64))| {
                let used = chosen
                    .binary_search_by_key(&(mentee, mentor), |pair| (pair.mentee, pair.mentor));
                offered[mentor as usize].push((mentee, place));
                Column {
                    mentor,
                    score,
                    used: used.is_ok(),
                    open: true,
                }
            };
            (0u32..).zip(free).map(column).collect()
        });
        Self {
            columns: columns.collect(),
            mentees,
            offered,
            potentials: vec![0; rooms.len() + 1],
            rooms,
            score: i64::MIN,
        }
    }

    pub(super) fn ground(&self) -> u32 {
        self.rooms.len() as u32
    }

    pub(super) fn mentor_node(&self, mentor: u32) -> u32 {
        self.mentees as u32 + mentor
    }

    /// What the pair costs at the potentials.
    pub(super) fn reduced_cost(&self, mentee: u32, column: Column) -> i64 {
        let mentor = self.mentor_node(column.mentor);
        let gap = self.potentials[mentee as usize] - self.potentials[mentor as usize];
        i64::from(column.score == self.score) + gap
    }

    /// Calls `visit` with the arcs out of a node, or into it, along which a change costs nothing at the potentials.
    pub(super) fn each_free(&self, node: u32, out: bool, mut visit: impl FnMut(Arc)) {
        let ix = node as usize;
        let level = |other: u32| self.potentials[ix] == self.potentials[other as usize];
        if node == self.ground() {
            for (other, room) in (0u32..).zip(&self.rooms) {
                // Out of the ground a mentee gets a load, and a mentor gives one up.
                let is_mentee = (other as usize) < self.mentees;
                let can = if is_mentee == out {
                    room.load < room.high
                } else {
                    room.load > room.low
                };
                if can && level(other) {
                    visit(Arc { other, place: None });
                }
            }
            return;
        }
        let is_mentee = ix < self.mentees;
        if is_mentee {
            for (place, &column) in (0u32..).zip(&self.columns[ix]) {
                if column.open && column.used != out && self.reduced_cost(node, column) == 0 {
                    let (other, place) = (self.mentor_node(column.mentor), Some(place));
                    visit(Arc { other, place });
                }
            }
        } else {
            for &(mentee, place) in &self.offered[ix - self.mentees] {
                let column = self.columns[mentee as usize][place as usize];
                if column.open && column.used == out && self.reduced_cost(mentee, column) == 0 {
                    let (other, place) = (mentee, Some(place));
                    visit(Arc { other, place });
                }
            }
        }
        let room = self.rooms[ix];
        let can = if is_mentee == out {
            room.load > room.low
        } else {
            room.load < room.high
        };
        if can && level(self.ground()) {
            visit(Arc {
                other: self.ground(),
                place: None,
            });
        }
    }

    /// Changes a person's load along an arc from one node to another, one of which is the ground.
    pub(super) fn change_load(&mut self, from: u32, to: u32) {
        let person = from.min(to) as usize;
        let into_ground = to == self.ground();
        let is_mentee = person < self.mentees;
        if is_mentee == into_ground {
            self.rooms[person].load -= 1;
        } else {
            self.rooms[person].load += 1;
        }
    }
}
