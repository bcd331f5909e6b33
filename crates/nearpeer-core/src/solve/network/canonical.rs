//! The one answer among equal optima.

use std::collections::VecDeque;

use super::Network;
use super::search::NO_ARC;
use crate::error::Error;
use crate::interrupt::Interrupt;

impl Network {
    /// Breaks ties: going through the mentees in order, takes each of the mentee's columns, in order, that
    /// some optimal circulation with the earlier decisions has. Needs every column of reduced profit 0.
    ///
    /// # Errors
    /// The interrupt's.
    pub(in crate::solve) fn canonicalise(&mut self, interrupt: &Interrupt) -> Result<(), Error> {
        for mentee in 0..self.mentees {
            let node = self.mentee(mentee);
            self.search.start(node);
            for position in 0..self.columns[mentee].len() {
                interrupt.check()?;
                let (_, id) = self.columns[mentee][position];
                let arc = self.arcs[id as usize];
                if arc.flow == 0
                    && self.reduced_profit(&arc) == 0
                    && self.can_gain(node)
                    && let Some(mut cycle) = self.tight_path(arc.to as usize, node)
                {
                    cycle.push((id, true));
                    self.push(&cycle, 1);
                    // Another circulation: what could not reach the mentee before may do so now.
                    self.search.start(node);
                }
                self.arcs[id as usize].frozen = true;
            }
        }
        Ok(())
    }

    /// Whether a unit can move along the arc into `to` at no loss: forwards, or back where it came from.
    fn tight(&self, id: u32, to: usize) -> bool {
        let arc = &self.arcs[id as usize];
        let open = if arc.to as usize == to {
            arc.flow < arc.room
        } else {
            arc.flow > 0
        };
        open && !arc.frozen && self.reduced_profit(arc) == 0
    }

    /// Whether any tight arc leads a unit into the mentee's node.
    fn can_gain(&self, node: usize) -> bool {
        self.at[node].iter().any(|&id| self.tight(id, node))
    }

    /// A path of tight arcs from `source` to `target`. Nodes that were found not to lead there since the search was started are not
    /// looked at again.
    fn tight_path(&mut self, source: usize, target: usize) -> Option<Vec<(u32, bool)>> {
        let mut search = std::mem::take(&mut self.search);
        let mut queue = VecDeque::new();
        if search.seen[source] != search.round || source == target {
            search.seen[source] = search.round;
            search.parent[source] = NO_ARC;
            queue.push_back(source);
        }
        let mut found = None;
        'search: while let Some(node) = queue.pop_front() {
            for id in self.ways(node) {
                let arc = &self.arcs[id as usize];
                let to = if arc.from as usize == node {
                    arc.to
                } else {
                    arc.from
                } as usize;
                if (search.seen[to] == search.round && to != target) || !self.tight(id, to) {
                    continue;
                }
                search.seen[to] = search.round;
                search.parent[to] = id;
                if to == target {
                    found = Some(search.path_from(&self.arcs, source, target));
                    break 'search;
                }
                queue.push_back(to);
            }
        }
        self.search = search;
        found
    }
}
