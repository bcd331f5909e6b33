//! One search: a tree grows from an exposed vertex until that vertex is matched, or is best left exposed.
//!
//! All prices in a tree are odd or all are even, for weights and prices of odd sets are even, and the tree's edges
//! have no slack. So half of the slack between two of them is whole.

use std::cmp::Reverse;

use super::{Blossoms, Graph, Label, NONE};
use crate::error::Error;
use crate::interrupt::Interrupt;

/// A vertex's price has fallen to its floor.
const EXIT: u8 = 0;
/// An edge has no slack.
const EDGE: u8 = 1;
/// An odd set's price has fallen to 0.
const EXPAND: u8 = 2;

/// Events between two looks at the interrupt.
const STRIDE: usize = 1024;

/// How a search has ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::comentor) enum Found {
    /// The root is matched.
    Matched,
    /// A vertex is left exposed: the root, or another instead of it.
    Exposed,
    /// Three vertices without slack between them, whom the matching can do without; two are matched with each other.
    Triangle([u32; 3]),
}

impl Blossoms {
    /// Searches from each of these vertices that is unsettled.
    ///
    /// # Errors
    /// The interrupt's; the matching is one, and the prices are valid, though not final.
    pub(in crate::comentor) fn settle(
        &mut self,
        graph: &Graph,
        among: &[u32],
        interrupt: &Interrupt,
    ) -> Result<(), Error> {
        for vertex in self.unsettled(among) {
            self.search(graph, vertex, false, interrupt)?;
        }
        Ok(())
    }

    /// Lowers prices to what the edges ask for, and matches where that leaves an edge without slack: a good start.
    pub(in crate::comentor) fn start(&mut self, graph: &Graph, among: &[u32]) {
        for vertex in self.unsettled(among) {
            if self.mate[vertex as usize] != NONE || self.is_inside(vertex) {
                continue;
            }
            let mut least = self.floor[vertex as usize];
            let mut partner = NONE;
            for &(other, score) in &graph.near[vertex as usize] {
                if self.removed[other as usize] {
                    continue;
                }
                let asks = 2 * i128::from(score) - self.price[other as usize];
                let free = self.mate[other as usize] == NONE && !self.is_inside(other);
                if asks > least {
                    (least, partner) = (asks, NONE);
                }
                if asks == least && free && partner == NONE {
                    partner = other;
                }
            }
            self.price[vertex as usize] = least;
            if partner != NONE {
                self.mate[vertex as usize] = partner;
                self.mate[partner as usize] = vertex;
            }
        }
    }

    /// Searches from one exposed vertex. With `triangles` it also ends where three vertices without slack between them
    /// could be left out together.
    ///
    /// # Errors
    /// The interrupt's; see [`settle`](Self::settle).
    pub(in crate::comentor) fn search(
        &mut self,
        graph: &Graph,
        root: u32,
        triangles: bool,
        interrupt: &Interrupt,
    ) -> Result<Found, Error> {
        let ix = root as usize;
        let settled = self.price[ix] == self.floor[ix];
        if self.mate[ix] != NONE || self.removed[ix] || settled {
            return Ok(Found::Matched);
        }
        interrupt.check()?;
        self.now = 0;
        self.become_plus(graph, self.within[ix], (NONE, NONE));
        let mut count = 0usize;
        let found = loop {
            let Some(Reverse((time, kind, a, b))) = self.events.pop() else {
                unreachable!("the root's price falls to its floor");
            };
            self.now = time;
            count += 1;
            if count.is_multiple_of(STRIDE)
                && let Err(error) = interrupt.check()
            {
                self.finish();
                return Err(error);
            }
            match kind {
                EXIT => {
                    self.flip(a, NONE);
                    break Found::Exposed;
                }
                EXPAND => {
                    let ix = a as usize;
                    let ended = self.label[ix] == Label::Minus
                        && self.parent[ix] == NONE
                        && self.odd[ix] == 2 * (time - self.since[ix]);
                    if ended {
                        self.expand(graph, a);
                    }
                }
                _ => {
                    if let Some(found) = self.meet(graph, a, b, triangles) {
                        break found;
                    }
                }
            }
        };
        self.finish();
        Ok(found)
    }

    /// An edge may have no slack any more.
    fn meet(&mut self, graph: &Graph, a: u32, b: u32, triangles: bool) -> Option<Found> {
        let (mut a, mut b) = (a, b);
        if self.label[self.within[a as usize] as usize] != Label::Plus {
            std::mem::swap(&mut a, &mut b);
        }
        let (of_a, of_b) = (self.within[a as usize], self.within[b as usize]);
        if of_a == of_b || self.label[of_a as usize] != Label::Plus {
            return None;
        }
        let label = self.label[of_b as usize];
        if label == Label::Minus {
            return None;
        }
        let score = graph.score(a, b).expect("events are of edges");
        let slack = self.current(a) + self.current(b) - 2 * i128::from(score);
        if slack > 0 {
            self.wait_for(a, b, slack, label);
            return None;
        }
        if label == Label::Plus {
            return self.shrink(graph, a, b, triangles);
        }
        let base = self.base[of_b as usize];
        let mate = self.mate[base as usize];
        if mate == NONE {
            // The other end is exposed, too.
            self.flip(a, b);
            self.augment(of_b, b);
            self.mate[b as usize] = a;
            return Some(Found::Matched);
        }
        self.become_minus(of_b, (a, b));
        self.become_plus(graph, self.within[mate as usize], (base, mate));
        None
    }

    /// A vertex's price now.
    pub(super) fn current(&self, vertex: u32) -> i128 {
        let of = self.within[vertex as usize] as usize;
        let price = self.price[vertex as usize];
        match self.label[of] {
            Label::Free => price,
            Label::Plus => price - (self.now - self.since[of]),
            Label::Minus => price + (self.now - self.since[of]),
        }
    }

    fn wait_for(&mut self, a: u32, b: u32, slack: i128, label_of_b: Label) {
        let wait = match label_of_b {
            Label::Plus => slack / 2,
            Label::Free => slack,
            Label::Minus => return,
        };
        self.events.push(Reverse((self.now + wait, EDGE, a, b)));
    }

    pub(super) fn become_plus(&mut self, graph: &Graph, blossom: u32, entry: (u32, u32)) {
        let ix = blossom as usize;
        self.label[ix] = Label::Plus;
        self.entry[ix] = entry;
        self.since[ix] = self.now;
        self.labelled.push(blossom);
        let leaves = self.leaves(blossom);
        self.look_around(graph, &leaves);
    }

    /// Waits for the edges of vertices that have just become plus, and for their prices to reach the floor.
    pub(super) fn look_around(&mut self, graph: &Graph, vertices: &[u32]) {
        for &vertex in vertices {
            let price = self.current(vertex);
            let exit = self.now + price - self.floor[vertex as usize];
            self.events.push(Reverse((exit, EXIT, vertex, NONE)));
            let own = self.within[vertex as usize];
            for &(other, score) in &graph.near[vertex as usize] {
                let of_other = self.within[other as usize];
                if of_other == own || self.removed[other as usize] {
                    continue;
                }
                let slack = price + self.current(other) - 2 * i128::from(score);
                self.wait_for(vertex, other, slack, self.label[of_other as usize]);
            }
        }
    }

    /// Waits for the edges from plus blossoms to vertices that have just become free.
    pub(super) fn look_at(&mut self, graph: &Graph, vertices: &[u32]) {
        for &vertex in vertices {
            for &(other, score) in &graph.near[vertex as usize] {
                let of_other = self.within[other as usize] as usize;
                if self.label[of_other] == Label::Plus && !self.removed[other as usize] {
                    let slack = self.current(vertex) + self.current(other) - 2 * i128::from(score);
                    self.wait_for(other, vertex, slack, Label::Free);
                }
            }
        }
    }

    pub(super) fn become_minus(&mut self, blossom: u32, entry: (u32, u32)) {
        let ix = blossom as usize;
        self.label[ix] = Label::Minus;
        self.entry[ix] = entry;
        self.since[ix] = self.now;
        self.labelled.push(blossom);
        if self.is_blossom(blossom) {
            let end = self.now + self.odd[ix] / 2;
            self.events.push(Reverse((end, EXPAND, blossom, NONE)));
        }
    }

    /// Flips the way from the root to `vertex`, whose partner is to be `mate`, or nobody.
    pub(super) fn flip(&mut self, vertex: u32, mate: u32) {
        let (mut vertex, mut mate) = (vertex, mate);
        loop {
            let blossom = self.within[vertex as usize];
            self.augment(blossom, vertex);
            self.mate[vertex as usize] = mate;
            let (outside, _) = self.entry[blossom as usize];
            if outside == NONE {
                return;
            }
            let minus = self.within[outside as usize];
            let (from, into) = self.entry[minus as usize];
            self.augment(minus, into);
            self.mate[into as usize] = from;
            (vertex, mate) = (from, into);
        }
    }

    /// Takes the labels off, and brings the prices up to date.
    fn finish(&mut self) {
        for blossom in std::mem::take(&mut self.labelled) {
            if self.label[blossom as usize] != Label::Free {
                self.unlabel(blossom);
            }
        }
        self.events.clear();
    }

    /// Takes a blossom's label off, and brings its prices up to date.
    pub(super) fn unlabel(&mut self, blossom: u32) {
        let ix = blossom as usize;
        let passed = self.now - self.since[ix];
        let (of_vertices, of_set) = match self.label[ix] {
            Label::Free => return,
            Label::Plus => (-passed, 2 * passed),
            Label::Minus => (passed, -2 * passed),
        };
        self.label[ix] = Label::Free;
        if self.is_blossom(blossom) {
            self.odd[ix] += of_set;
        }
        if passed != 0 {
            for leaf in self.leaves(blossom) {
                self.price[leaf as usize] += of_vertices;
            }
        }
    }
}
