//! Shortest alternating paths by Dijkstra's method, from a mentee to place and from a mentor to fill.
//!
//! The length of a column is by how much its pair falls short of the prices, that of a chosen one by how
//! much it exceeds them. A search ends at whoever can take or give up a pair at the least cost, and the prices
//! of all who are nearer change by the difference, which keeps every condition.

use std::cmp::Reverse;
use std::collections::BinaryHeap;

use super::{Has, Network, Node, Weight};

/// Nobody comes before the start of a search.
pub(super) const NOBODY: u32 = u32::MAX;

/// The working memory of a search, kept from one search to the next.
pub(super) struct Search<W> {
    round: u32,
    heap: BinaryHeap<Reverse<(W, u32)>>,
    /// Nodes at the distance that the search is at.
    near: Vec<u32>,
    scanned: Vec<u32>,
    /// Nodes that may be looked at.
    pub(super) most: usize,
    /// The least cost of an end so far, and where it is.
    best: W,
    end: u32,
}

impl<W: Weight> Default for Search<W> {
    fn default() -> Self {
        Self {
            round: 0,
            heap: BinaryHeap::new(),
            near: Vec::new(),
            scanned: Vec::new(),
            most: usize::MAX,
            best: W::zero(),
            end: NOBODY,
        }
    }
}

impl<W: Weight> Search<W> {
    /// Starts at `source`, which can stay as it is at this cost.
    fn start(&mut self, nodes: &mut [Node<W>], source: usize, stay: W) {
        self.round += 1;
        self.heap.clear();
        self.near.clear();
        self.scanned.clear();
        nodes[source].distance = W::zero();
        nodes[source].parent = NOBODY;
        nodes[source].seen = self.round;
        self.near.push(source as u32);
        self.best = stay;
        self.end = source as u32;
    }

    /// The next node in the order of distance, while any is nearer than the best end. Once `most` are looked at, the
    /// search ends where it is, and the prices change as far as that.
    fn next(&mut self, nodes: &[Node<W>]) -> Option<(usize, W)> {
        let node = loop {
            if let Some(node) = self.near.pop() {
                break node;
            }
            let Reverse((distance, node)) = self.heap.pop()?;
            if distance == nodes[node as usize].distance {
                break node;
            }
        };
        let distance = nodes[node as usize].distance;
        if distance >= self.best {
            return None;
        }
        if self.scanned.len() >= self.most {
            (self.best, self.end) = (distance, NOBODY);
            return None;
        }
        self.scanned.push(node);
        Some((node as usize, distance))
    }

    /// A way to `node` from `parent`, who is `from` away.
    fn offer(&mut self, nodes: &mut [Node<W>], node: usize, parent: usize, from: W, length: W) {
        let distance = from + length;
        if distance >= self.best {
            return;
        }
        let reached = &mut nodes[node];
        if reached.seen != self.round || distance < reached.distance {
            reached.seen = self.round;
            reached.distance = distance;
            reached.parent = parent as u32;
            if length.is_zero() {
                self.near.push(node as u32);
            } else {
                self.heap.push(Reverse((distance, node as u32)));
            }
        }
    }

    /// The search may end at `node`, at a further cost from there.
    fn may_end(&mut self, node: usize, distance: W, cost: Option<W>) {
        let Some(cost) = cost else { return };
        let cost = distance + cost.max(W::zero());
        if cost < self.best {
            self.best = cost;
            self.end = node as u32;
        }
    }
}

impl<W: Weight> Network<W> {
    /// Finds the best change by which mentee `source` gets one mentor more, if any is worth it, and makes it. Says
    /// whether the search came to an end.
    pub(super) fn place(&mut self, source: usize) -> bool {
        let Some(stay) = self.wants(source) else {
            return true;
        };
        let mut search = std::mem::take(&mut self.search);
        search.start(&mut self.nodes, source, stay);
        while let Some((node, distance)) = search.next(&self.nodes) {
            if node < self.mentees {
                if node != source {
                    search.may_end(node, distance, self.keeps(node));
                }
                let price = self.prices[node];
                for &column in &self.columns[node] {
                    if !column.is_chosen() {
                        let mentor = self.mentees + column.mentor();
                        let length = price + self.prices[mentor] - column.weight;
                        search.offer(&mut self.nodes, mentor, node, distance, length);
                    }
                }
            } else {
                let mentor = node - self.mentees;
                search.may_end(node, distance, self.wants(node).map(|gain| -gain));
                for place in 0..self.chosen[mentor].len() {
                    let Has { weight, mentee } = self.chosen[mentor][place];
                    let mentee = mentee as usize;
                    let length = weight - self.prices[mentee] - self.prices[node];
                    search.offer(&mut self.nodes, mentee, node, distance, length);
                }
            }
        }
        for &node in &search.scanned {
            let node = node as usize;
            let change = search.best - self.nodes[node].distance;
            self.prices[node] = if node < self.mentees {
                self.prices[node] - change
            } else {
                self.prices[node] + change
            };
        }
        let ended = search.end != NOBODY;
        if ended {
            self.follow(&search);
        }
        self.search = search;
        ended
    }

    /// Finds the best change by which the mentor of node `source` gets one mentee more, if any is worth it, and
    /// makes it. Says whether the search came to an end.
    pub(super) fn fill(&mut self, source: usize) -> bool {
        let Some(stay) = self.wants(source) else {
            return true;
        };
        let mut search = std::mem::take(&mut self.search);
        search.start(&mut self.nodes, source, stay);
        while let Some((node, distance)) = search.next(&self.nodes) {
            if node >= self.mentees {
                let mentor = node - self.mentees;
                if node != source {
                    search.may_end(node, distance, self.keeps(node));
                }
                let price = self.prices[node];
                for place in 0..self.offered[mentor].len() {
                    let mentee = self.offered[mentor][place] as usize;
                    let column = self.columns[mentee][self.place_of(mentee, mentor)];
                    if !column.is_chosen() {
                        let length = price + self.prices[mentee] - column.weight;
                        search.offer(&mut self.nodes, mentee, node, distance, length);
                    }
                }
            } else {
                search.may_end(node, distance, self.wants(node).map(|gain| -gain));
                let price = self.prices[node];
                for &column in self.columns[node]
                    .iter()
                    .filter(|column| column.is_chosen())
                {
                    let mentor = self.mentees + column.mentor();
                    let length = column.weight - price - self.prices[mentor];
                    search.offer(&mut self.nodes, mentor, node, distance, length);
                }
            }
        }
        for &node in &search.scanned {
            let node = node as usize;
            let change = search.best - self.nodes[node].distance;
            self.prices[node] = if node < self.mentees {
                self.prices[node] + change
            } else {
                self.prices[node] - change
            };
        }
        let ended = search.end != NOBODY;
        if ended {
            self.follow(&search);
        }
        self.search = search;
        ended
    }

    /// Chooses and gives up the columns on the path that was found.
    fn follow(&mut self, search: &Search<W>) {
        let mut node = search.end as usize;
        while self.nodes[node].parent != NOBODY {
            let parent = self.nodes[node].parent as usize;
            let (mentee, mentor) = (node.min(parent), node.max(parent) - self.mentees);
            let place = self.place_of(mentee, mentor);
            if self.columns[mentee][place].is_chosen() {
                self.detach(mentee, mentor);
            } else {
                self.attach(mentee, mentor);
            }
            node = parent;
        }
    }
}
