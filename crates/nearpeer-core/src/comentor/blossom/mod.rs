//! Maximum-weight matching in a general graph, with the duals that prove it.
//!
//! # The linear program
//! Edmonds, *Maximum matching and a polyhedron with 0,1-vertices* (1965): a matching is greatest by weight if
//! there are prices `u_v ≥ 0` of vertices and `z_B ≥ 0` of odd sets with `u_v + u_w + Σ_{B ∋ v,w} z_B ≥ w_vw` on
//! every edge, equal on those of the matching, where `u_v > 0` only for matched vertices, and `z_B > 0` only for sets
//! that the matching fills but for one vertex.
//!
//! # The units
//! All is doubled, so that it is whole (see `search`): an edge of score `s` between vertices that count `c_v` and
//! `c_w` when they are matched weighs `2·(s + c_v + c_w)`. Prices are kept less `2·c_v`, so that the slack of an edge
//! is `u_v + u_w + Σ z_B − 2·s`, and a price may fall to `−2·c_v`, its floor.
//!
//! # The method
//! The primal-dual method with one tree at a time: each search makes one exposed vertex matched, or shows that it, or
//! another instead of it, is best left exposed. Prices of a search are kept as of the time when their blossom was
//! labelled, and events wait in a heap, as in Galil, *Efficient algorithms for finding maximum matching in graphs*
//! (1986); trees of single vertices as in Kolmogorov, *Blossom V* (2009). A search sees only what its tree
//! reaches.

mod contract;
mod search;
#[cfg(test)]
mod tests;

use std::cmp::Reverse;
use std::collections::BinaryHeap;

pub(super) use search::Found;

/// Nobody and nothing.
pub(super) const NONE: u32 = u32::MAX;

/// What a search has found out of a blossom.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Label {
    Free,
    /// An even way from the root: its vertices' prices fall.
    Plus,
    /// An odd way: they rise.
    Minus,
}

/// The candidate edges: neighbours with scores, by vertex.
#[derive(Debug, Clone, Default)]
pub(super) struct Graph {
    near: Vec<Vec<(u32, i64)>>,
    edges: usize,
}

impl Graph {
    pub(super) fn new(vertices: usize) -> Self {
        Self {
            near: vec![Vec::new(); vertices],
            edges: 0,
        }
    }

    pub(super) fn edges(&self) -> usize {
        self.edges
    }

    /// Adds an edge that is not there.
    pub(super) fn add(&mut self, a: u32, b: u32, score: i64) {
        self.near[a as usize].push((b, score));
        self.near[b as usize].push((a, score));
        self.edges += 1;
    }

    /// Calls `visit` with a vertex's neighbours.
    pub(super) fn each(&self, vertex: u32, visit: impl FnMut(u32)) {
        self.near[vertex as usize]
            .iter()
            .map(|edge| edge.0)
            .for_each(visit);
    }

    pub(super) fn score(&self, a: u32, b: u32) -> Option<i64> {
        let (from, to) = if self.near[a as usize].len() <= self.near[b as usize].len() {
            (a, b)
        } else {
            (b, a)
        };
        let near = self.near[from as usize].iter();
        near.copied().find(|edge| edge.0 == to).map(|edge| edge.1)
    }
}

type Event = Reverse<(i128, u8, u32, u32)>;

/// A matching of a graph's vertices and its duals. Blossoms have numbers from the number of vertices on.
#[derive(Debug, Clone)]
pub(super) struct Blossoms {
    vertices: usize,
    /// The least that a vertex's price can be: `−2·c_v`.
    floor: Vec<i128>,
    /// The vertices' prices, as of their blossom's label.
    price: Vec<i128>,
    mate: Vec<u32>,
    /// Vertices that take no part.
    removed: Vec<bool>,
    /// By vertex, the greatest blossom that it is in, or itself.
    within: Vec<u32>,
    /// By vertex and blossom.
    parent: Vec<u32>,
    base: Vec<u32>,
    /// The odd sets' prices, even.
    odd: Vec<i128>,
    children: Vec<Vec<u32>>,
    /// `links[i]` joins child `i` (its first end) to the child after it.
    links: Vec<Vec<(u32, u32)>>,
    unused: Vec<u32>,
    label: Vec<Label>,
    /// The edge through which a label came: from outside, into the blossom.
    entry: Vec<(u32, u32)>,
    since: Vec<i128>,
    labelled: Vec<u32>,
    events: BinaryHeap<Event>,
    now: i128,
}

/// An odd set with its price.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct OddSet {
    /// Vertices and, beyond the number of vertices, earlier sets in the list.
    pub(super) members: Vec<u32>,
    pub(super) price: i128,
}

impl Blossoms {
    /// Nobody matched, at these prices, which must be no less than the floors.
    pub(super) fn new(floor: Vec<i128>, price: Vec<i128>) -> Self {
        let vertices = floor.len();
        let all = || (0..vertices as u32).collect::<Vec<_>>();
        Self {
            vertices,
            floor,
            price,
            mate: vec![NONE; vertices],
            removed: vec![false; vertices],
            within: all(),
            parent: vec![NONE; vertices],
            base: all(),
            odd: vec![0; vertices],
            children: vec![Vec::new(); vertices],
            links: vec![Vec::new(); vertices],
            unused: Vec::new(),
            label: vec![Label::Free; vertices],
            entry: vec![(NONE, NONE); vertices],
            since: vec![0; vertices],
            labelled: Vec::new(),
            events: BinaryHeap::new(),
            now: 0,
        }
    }

    pub(super) fn mate(&self, vertex: u32) -> Option<u32> {
        Some(self.mate[vertex as usize]).filter(|mate| *mate != NONE)
    }

    pub(super) fn is_removed(&self, vertex: u32) -> bool {
        self.removed[vertex as usize]
    }

    pub(super) fn price(&self, vertex: u32) -> i128 {
        self.price[vertex as usize]
    }

    pub(super) fn floor(&self, vertex: u32) -> i128 {
        self.floor[vertex as usize]
    }

    /// Those of the vertices that are exposed although their price says that they should not be.
    pub(super) fn unsettled(&self, among: &[u32]) -> Vec<u32> {
        let among = among.iter().copied();
        among
            .filter(|&vertex| {
                let ix = vertex as usize;
                self.mate[ix] == NONE && !self.removed[ix] && self.price[ix] > self.floor[ix]
            })
            .collect()
    }

    /// `Σ u_v + Σ z_B·(|B| − 1)/2`, with the prices as they are meant: this bounds every matching's weight, doubled,
    /// if no edge's slack is negative.
    pub(super) fn bound(&self, vertices: &[u32]) -> i128 {
        let there = vertices.iter().map(|vertex| *vertex as usize);
        let there = there.filter(|ix| !self.removed[*ix]);
        let of_vertices: i128 = there.map(|ix| self.price[ix] - self.floor[ix]).sum();
        let sets = self.odd_sets(vertices);
        let mut sizes = Vec::with_capacity(sets.len());
        let mut of_sets = 0;
        for set in sets {
            let size = |member: &u32| match (*member as usize).checked_sub(self.vertices) {
                Some(inner) => sizes[inner],
                None => 1i128,
            };
            let size: i128 = set.members.iter().map(size).sum();
            of_sets += set.price * (size / 2);
            sizes.push(size);
        }
        of_vertices + of_sets
    }

    /// The odd sets around these vertices that have a price, the inner before the outer.
    pub(super) fn odd_sets(&self, vertices: &[u32]) -> Vec<OddSet> {
        let mut sets: Vec<OddSet> = Vec::new();
        let within = |vertex: &u32| self.within[*vertex as usize];
        let mut tops: Vec<u32> = vertices.iter().map(within).collect();
        tops.sort_unstable();
        tops.dedup();
        for top in tops.into_iter().filter(|top| self.is_blossom(*top)) {
            // Outer before inner, then backwards.
            let mut order = vec![top];
            let mut next = 0;
            while next < order.len() {
                let inner = self.children[order[next] as usize].iter().copied();
                order.extend(inner.filter(|child| self.is_blossom(*child)));
                next += 1;
            }
            let mut members: std::collections::HashMap<u32, Vec<u32>> = Default::default();
            for blossom in order.into_iter().rev() {
                let mut own = Vec::new();
                for &child in &self.children[blossom as usize] {
                    match members.remove(&child) {
                        Some(inner) => own.extend(inner),
                        None => own.push(child),
                    }
                }
                own.sort_unstable();
                let price = self.odd[blossom as usize];
                if price > 0 {
                    let number = (self.vertices + sets.len()) as u32;
                    sets.push(OddSet {
                        members: own,
                        price,
                    });
                    own = vec![number];
                }
                members.insert(blossom, own);
            }
        }
        sets
    }

    fn is_blossom(&self, number: u32) -> bool {
        number as usize >= self.vertices
    }

    /// The vertices in a blossom.
    fn leaves(&self, blossom: u32) -> Vec<u32> {
        let mut leaves = Vec::new();
        let mut stack = vec![blossom];
        while let Some(number) = stack.pop() {
            if self.is_blossom(number) {
                stack.extend(&self.children[number as usize]);
            } else {
                leaves.push(number);
            }
        }
        leaves
    }

    /// Fills `common` with the sum of the prices of the odd sets that each vertex shares with `vertex`, and returns the
    /// vertices that share any; the others' places are left as they are.
    pub(super) fn common(&self, vertex: u32, common: &mut [i128]) -> Vec<u32> {
        let mut way = Vec::new();
        let mut number = self.parent[vertex as usize];
        while number != NONE {
            way.push(number);
            number = self.parent[number as usize];
        }
        let mut sum: i128 = way.iter().map(|blossom| self.odd[*blossom as usize]).sum();
        let mut sharing = Vec::new();
        let mut inner = vertex;
        for blossom in way {
            if sum > 0 {
                for &child in &self.children[blossom as usize] {
                    if child != inner {
                        for leaf in self.leaves(child) {
                            common[leaf as usize] = sum;
                            sharing.push(leaf);
                        }
                    }
                }
            }
            sum -= self.odd[blossom as usize];
            inner = blossom;
        }
        sharing
    }

    /// The sum of the prices of the odd sets that hold both vertices.
    pub(super) fn shared(&self, a: u32, b: u32) -> i128 {
        if self.within[a as usize] != self.within[b as usize] {
            return 0;
        }
        let around = |vertex: u32| {
            let parent =
                |number: &u32| Some(self.parent[*number as usize]).filter(|parent| *parent != NONE);
            std::iter::successors(parent(&vertex), parent)
        };
        let of_a: std::collections::HashSet<u32> = around(a).collect();
        let both = around(b).filter(|blossom| of_a.contains(blossom));
        both.map(|blossom| self.odd[blossom as usize]).sum()
    }

    /// Whether the vertex is in any blossom.
    pub(super) fn is_inside(&self, vertex: u32) -> bool {
        self.parent[vertex as usize] != NONE
    }

    /// Takes the vertices out of the graph, and leaves their partners exposed.
    pub(super) fn remove(&mut self, graph: &Graph, vertices: &[u32]) {
        for &vertex in vertices {
            self.dissolve(graph, vertex);
            self.separate(vertex);
            self.removed[vertex as usize] = true;
        }
    }

    /// Raises a vertex's price.
    pub(super) fn raise(&mut self, graph: &Graph, vertex: u32, by: i128) {
        self.dissolve(graph, vertex);
        self.separate(vertex);
        self.price[vertex as usize] += by;
    }

    fn separate(&mut self, vertex: u32) {
        let mate = std::mem::replace(&mut self.mate[vertex as usize], NONE);
        if mate != NONE {
            // The partner's blossom, if it is in one, has its base there, so it may be exposed.
            self.mate[mate as usize] = NONE;
        }
    }

    /// Takes apart the blossoms around a vertex. Half of an odd set's price goes to each of its vertices, so that no
    /// slack falls; pairs whose slack rises are separated.
    fn dissolve(&mut self, graph: &Graph, vertex: u32) {
        let top = self.within[vertex as usize];
        if !self.is_blossom(top) {
            return;
        }
        let leaves = self.leaves(top);
        let mut stack = vec![(top, 0i128)];
        while let Some((number, above)) = stack.pop() {
            self.parent[number as usize] = NONE;
            if self.is_blossom(number) {
                let ix = number as usize;
                let above = above + self.odd[ix] / 2;
                self.odd[ix] = 0;
                self.links[ix].clear();
                let children = std::mem::take(&mut self.children[ix]);
                stack.extend(children.into_iter().map(|child| (child, above)));
                self.unused.push(number);
            } else {
                self.price[number as usize] += above;
                self.within[number as usize] = number;
            }
        }
        for leaf in leaves {
            let mate = self.mate[leaf as usize];
            if mate == NONE {
                continue;
            }
            let score = graph.score(leaf, mate).expect("pairs are edges");
            let apart = self.within[leaf as usize] != self.within[mate as usize];
            let slack =
                self.price[leaf as usize] + self.price[mate as usize] - 2 * i128::from(score);
            if apart && slack > 0 {
                self.separate(leaf);
            }
        }
    }
}
