//! The scores of a match raised from the lowest upwards, on columns at hand: a minimum-cost circulation for each
//! score, in which only the pairs of that score cost anything, and which changes nothing that the scores below have
//! settled.
//!
//! Where a potential makes an arc dearer than nothing, the arc is in no best circulation (or in each, if it is in
//! this one), and stays as it is from then on.

use std::collections::BTreeSet;

use super::graph::{Graph, Room};
use super::order::Scored;
use super::search::{Found, Search};
use crate::certificate::ScorePrice;
use crate::error::Error;
use crate::interrupt::Interrupt;
use crate::program::Chosen;

pub(super) struct Stages {
    graph: Graph,
    search: Search,
    /// All columns by score: (score, mentee, place).
    by_score: Vec<(i64, u32, u32)>,
    /// Those that are used and open.
    in_use: BTreeSet<(i64, u32, u32)>,
    /// By node but the ground, what the stages so far have priced.
    prices: Vec<Vec<ScorePrice>>,
    /// Nodes whose potential was moved in this stage, perhaps more than once.
    moved: Vec<u32>,
}

impl Stages {
    /// Columns that are not free are none. The match must keep within the rooms.
    pub(super) fn new(
        mentees: usize,
        rooms: Vec<Room>,
        columns: &Scored,
        chosen: &[Chosen],
        is_free: impl Fn(u32, u32) -> bool,
    ) -> Self {
        let people = rooms.len();
        let graph = Graph::new(mentees, rooms, columns, chosen, is_free);
        let mut by_score = Vec::new();
        let mut in_use = BTreeSet::new();
        for (mentee, columns) in (0u32..).zip(&graph.columns) {
            for (place, column) in (0u32..).zip(columns) {
                by_score.push((column.score, mentee, place));
                if column.used {
                    in_use.insert((column.score, mentee, place));
                }
            }
        }
        by_score.sort_unstable();
        Self {
            graph,
            search: Search::new(people + 1),
            by_score,
            in_use,
            prices: vec![Vec::new(); people],
            moved: Vec::new(),
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
            let below = self.by_score[from..].partition_point(|column| column.0 < score);
            for &(_, mentee, place) in &self.by_score[from..from + below] {
                let column = &mut self.graph.columns[mentee as usize][place as usize];
                column.open &= column.used;
            }
            from += below;
            let to = from + self.by_score[from..].partition_point(|column| column.0 == score);
            self.graph.score = score;
            self.raise(interrupt)?;
            self.settle(from..to);
            from = to;
            let above = self.in_use.range((score + 1, 0, 0)..).next();
            next = above.map(|column| column.0);
        }
        Ok(())
    }

    /// Makes the pairs of the stage's score as few as can be: takes them out, and sends a unit from each mentee to
    /// the nearest mentor who lacks one.
    fn raise(&mut self, interrupt: &Interrupt) -> Result<(), Error> {
        let score = self.graph.score;
        let of_score = self.in_use.range((score, 0, 0)..(score + 1, 0, 0));
        let of_score: Vec<(u32, u32)> = of_score.map(|column| (column.1, column.2)).collect();
        let mut lacking = Vec::new();
        for &(mentee, place) in &of_score {
            let mentor = self.turn_over(mentee, place);
            lacking.push(self.graph.mentor_node(mentor));
        }
        for &(mentee, _) in &of_score {
            interrupt.check()?;
            let end = self.send(mentee, &lacking);
            let place = lacking.iter().position(|node| *node == end);
            lacking.swap_remove(place.expect("the unit came to a mentor who lacked one"));
        }
        Ok(())
    }

    /// Uses a column that was not used, or the other way round; gives its mentor.
    fn turn_over(&mut self, mentee: u32, place: u32) -> u32 {
        let column = &mut self.graph.columns[mentee as usize][place as usize];
        column.used = !column.used;
        let key = (column.score, mentee, place);
        if column.used {
            self.in_use.insert(key);
        } else {
            self.in_use.remove(&key);
        }
        column.mentor
    }

    /// Sends a unit from the mentee to the nearest of the mentors who lack one; gives that mentor. Where none is to be
    /// reached for nothing, the way gets cheaper by 1, until one is: at the least back to where the unit came from.
    fn send(&mut self, mentee: u32, lacking: &[u32]) -> u32 {
        loop {
            match self.search.way(&self.graph, mentee, lacking) {
                Found::Start(nodes) => self.shift(&nodes, -1),
                Found::End(nodes) => self.shift(&nodes, 1),
                Found::Way(steps) => {
                    let ends = steps.iter().map(|step| step.to);
                    let mut ends = ends.filter(|node| lacking.contains(node));
                    let end = ends.next().expect("a way ends at a mentor who lacks one");
                    for step in steps {
                        match step.place {
                            Some(place) => {
                                self.turn_over(step.from.min(step.to), place);
                            }
                            None => self.graph.change_load(step.from, step.to),
                        }
                    }
                    return end;
                }
            }
        }
    }

    fn shift(&mut self, nodes: &[u32], by: i64) {
        for &node in nodes {
            self.graph.potentials[node as usize] += by;
        }
        self.moved.extend_from_slice(nodes);
    }

    /// Writes the prices of the stage down, and closes what can be in no other best circulation than this.
    fn settle(&mut self, of_score: std::ops::Range<usize>) {
        #[cfg(test)]
        self.hold_conditions();
        let ground = self.graph.ground();
        let mut moved = std::mem::take(&mut self.moved);
        moved.sort_unstable();
        moved.dedup();
        let mut close: Vec<(u32, u32)> = Vec::new();
        for &node in moved.iter().filter(|node| **node != ground) {
            let ix = node as usize;
            if ix < self.graph.mentees {
                let places = 0..self.graph.columns[ix].len() as u32;
                close.extend(places.map(|place| (node, place)));
            } else {
                close.extend_from_slice(&self.graph.offered[ix - self.graph.mentees]);
            }
        }
        let of_score = self.by_score[of_score].iter();
        close.extend(of_score.map(|column| (column.1, column.2)));
        for (mentee, place) in close {
            let column = self.graph.columns[mentee as usize][place as usize];
            if self.graph.reduced_cost(mentee, column) != 0 {
                self.graph.columns[mentee as usize][place as usize].open = false;
                self.in_use.remove(&(column.score, mentee, place));
            }
        }
        let of_ground = self.graph.potentials[ground as usize];
        let priced = if of_ground == 0 {
            moved.clone()
        } else {
            (0..ground).collect()
        };
        for node in priced {
            let ix = node as usize;
            let above_ground = self.graph.potentials[ix] - of_ground;
            if above_ground != 0 {
                let is_mentee = ix < self.graph.mentees;
                let price = if is_mentee {
                    above_ground
                } else {
                    -above_ground
                };
                self.prices[ix].push((self.graph.score, price));
                let room = &mut self.graph.rooms[ix];
                (room.low, room.high) = (room.load, room.load);
            }
        }
        for node in moved {
            self.graph.potentials[node as usize] = 0;
        }
    }

    /// The conditions that hold at the end of a stage: nothing that may change is better changed.
    #[cfg(test)]
    fn hold_conditions(&self) {
        let graph = &self.graph;
        for (mentee, columns) in (0u32..).zip(&graph.columns) {
            for &column in columns.iter().filter(|column| column.open) {
                let cost = graph.reduced_cost(mentee, column);
                let holds = if column.used { cost <= 0 } else { cost >= 0 };
                assert!(holds, "{mentee} {column:?} {cost}");
            }
        }
        for (node, room) in graph.rooms.iter().enumerate() {
            let above_ground = graph.potentials[node] - graph.potentials[graph.rooms.len()];
            let is_mentee = node < graph.mentees;
            let price = if is_mentee {
                above_ground
            } else {
                -above_ground
            };
            assert!(
                (room.low..=room.high).contains(&room.load),
                "{node} {room:?}"
            );
            assert!(
                room.load == room.high || price <= 0,
                "{node} {room:?} {price}"
            );
            assert!(
                room.load == room.low || price >= 0,
                "{node} {room:?} {price}"
            );
        }
    }

    /// The chosen pairs, ascending.
    pub(super) fn chosen(&self) -> impl Iterator<Item = Chosen> {
        let rows = (0u32..).zip(&self.graph.columns);
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
        let mentors = mentees.split_off(self.graph.mentees);
        [mentees, mentors]
    }
}
