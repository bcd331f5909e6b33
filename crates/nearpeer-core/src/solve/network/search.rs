//! The working memory of a shortest-path search, kept from one search to the next.

use std::cmp::Reverse;
use std::collections::BinaryHeap;

use super::Arc;

/// No arc leads here: the start of a search.
pub(super) const NO_ARC: u32 = u32::MAX;

/// The working memory of a search.
#[derive(Default)]
pub(super) struct Search {
    pub(super) distance: Vec<i128>,
    pub(super) parent: Vec<u32>,
    /// Equals `round` where `distance` is of this search.
    pub(super) seen: Vec<u32>,
    pub(super) done: Vec<u32>,
    pub(super) round: u32,
    pub(super) heap: BinaryHeap<Reverse<(i128, u32)>>,
    pub(super) scanned: Vec<u32>,
}

impl Search {
    pub(super) fn start(&mut self, source: usize) {
        self.round += 1;
        self.heap.clear();
        self.scanned.clear();
        self.parent[source] = NO_ARC;
        self.distance[source] = 0;
        self.seen[source] = self.round;
        self.heap.push(Reverse((0, source as u32)));
    }

    pub(super) fn offer(&mut self, node: u32, distance: i128, arc: u32) {
        let at = node as usize;
        if self.done[at] != self.round
            && (self.seen[at] != self.round || distance < self.distance[at])
        {
            self.seen[at] = self.round;
            self.distance[at] = distance;
            self.parent[at] = arc;
            self.heap.push(Reverse((distance, node)));
        }
    }

    /// The arcs of the search tree on the way to `target`, and whether each is used forwards.
    pub(super) fn path(&self, arcs: &[Arc], target: usize) -> Vec<(u32, bool)> {
        let mut path = Vec::new();
        let mut node = target;
        while self.parent[node] != NO_ARC {
            let id = self.parent[node];
            let arc = &arcs[id as usize];
            let forward = arc.to as usize == node;
            path.push((id, forward));
            node = if forward { arc.from } else { arc.to } as usize;
        }
        path
    }

    /// As [`path`](Self::path), for a tree that does not end at `source`'s own parent.
    pub(super) fn path_from(&self, arcs: &[Arc], source: usize, target: usize) -> Vec<(u32, bool)> {
        let mut path = Vec::new();
        let mut node = target;
        loop {
            let id = self.parent[node];
            let arc = &arcs[id as usize];
            let forward = arc.to as usize == node;
            path.push((id, forward));
            node = if forward { arc.from } else { arc.to } as usize;
            if node == source {
                return path;
            }
        }
    }
}
