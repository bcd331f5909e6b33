//! Making blossoms of odd cycles, taking them apart, and turning the matching within one.

use super::search::Found;
use super::{Blossoms, Graph, Label, NONE};

impl Blossoms {
    /// An edge without slack joins two plus blossoms: the cycle that it closes becomes a blossom.
    pub(super) fn shrink(
        &mut self,
        graph: &Graph,
        a: u32,
        b: u32,
        triangles: bool,
    ) -> Option<Found> {
        let top = self.meeting(a, b);
        let (mut path, mut links) = (Vec::new(), vec![(a, b)]);
        let mut at = self.within[a as usize];
        while at != top {
            path.push(at);
            links.push(self.entry[at as usize]);
            let (outside, _) = self.entry[at as usize];
            at = self.within[outside as usize];
        }
        path.push(top);
        path.reverse();
        links.reverse();
        at = self.within[b as usize];
        while at != top {
            path.push(at);
            let (outside, inside) = self.entry[at as usize];
            links.push((inside, outside));
            at = self.within[outside as usize];
        }
        if triangles && path.len() == 3 && path.iter().all(|number| !self.is_blossom(*number)) {
            self.flip(path[0], NONE);
            let triangle = [path[0], path[1], path[2]];
            return Some(Found::Triangle(triangle));
        }
        let mut were_minus = Vec::new();
        let entry = self.entry[top as usize];
        let number = self.unused.pop().unwrap_or_else(|| {
            self.parent.push(NONE);
            self.base.push(NONE);
            self.odd.push(0);
            self.children.push(Vec::new());
            self.links.push(Vec::new());
            self.label.push(Label::Free);
            self.entry.push((NONE, NONE));
            self.since.push(0);
            self.parent.len() as u32 - 1
        });
        let ix = number as usize;
        for &child in &path {
            let leaves = self.leaves(child);
            if self.label[child as usize] == Label::Minus {
                were_minus.extend(&leaves);
            }
            self.unlabel(child);
            self.parent[child as usize] = number;
            for leaf in leaves {
                self.within[leaf as usize] = number;
            }
        }
        self.parent[ix] = NONE;
        self.base[ix] = self.base[top as usize];
        self.odd[ix] = 0;
        self.children[ix] = path;
        self.links[ix] = links;
        self.label[ix] = Label::Plus;
        self.entry[ix] = entry;
        self.since[ix] = self.now;
        self.labelled.push(number);
        self.look_around(graph, &were_minus);
        None
    }

    /// The plus blossom at which the ways from the root to two vertices part.
    fn meeting(&self, a: u32, b: u32) -> u32 {
        let up = |plus: u32| {
            let (outside, _) = self.entry[plus as usize];
            (outside != NONE).then(|| {
                let minus = self.within[outside as usize];
                self.within[self.entry[minus as usize].0 as usize]
            })
        };
        let (mut one, mut two) = (Some(self.within[a as usize]), Some(self.within[b as usize]));
        let mut seen = std::collections::HashSet::new();
        loop {
            if let Some(plus) = one {
                if !seen.insert(plus) {
                    return plus;
                }
                one = up(plus);
            }
            std::mem::swap(&mut one, &mut two);
        }
    }

    /// Takes apart a minus blossom whose price has fallen to 0.
    pub(super) fn expand(&mut self, graph: &Graph, blossom: u32) {
        let ix = blossom as usize;
        let (from, into) = self.entry[ix];
        self.unlabel(blossom);
        let children = std::mem::take(&mut self.children[ix]);
        let links = std::mem::take(&mut self.links[ix]);
        for &child in &children {
            self.parent[child as usize] = NONE;
            for leaf in self.leaves(child) {
                self.within[leaf as usize] = child;
            }
        }
        // From the child that the tree enters to the base, by the way of even length.
        let count = children.len();
        let entered = self.within[into as usize];
        let place = |child: u32| {
            let place = children.iter().position(|other| *other == child);
            place.expect("the child is one of the blossom's")
        };
        let start = place(entered);
        let forward = start % 2 == 1;
        let step = |at: usize| {
            if forward {
                (at + 1) % count
            } else {
                (at + count - 1) % count
            }
        };
        // The edge from the child at a place to the next on the way.
        let link = |at: usize| {
            if forward {
                links[at]
            } else {
                let (before, own) = links[(at + count - 1) % count];
                (own, before)
            }
        };
        let mut at = start;
        let mut entry = (from, into);
        while at != 0 {
            self.become_minus(children[at], entry);
            let (own, other) = link(at);
            at = step(at);
            self.become_plus(graph, children[at], (own, other));
            entry = link(at);
            at = step(at);
        }
        self.become_minus(children[0], entry);
        for &child in &children {
            if self.label[child as usize] == Label::Free {
                let leaves = self.leaves(child);
                self.look_at(graph, &leaves);
            }
        }
        self.unused.push(blossom);
    }

    /// Turns the matching within a blossom so that `vertex` is its base.
    pub(super) fn augment(&mut self, blossom: u32, vertex: u32) {
        let mut tasks = vec![(blossom, vertex)];
        while let Some((blossom, vertex)) = tasks.pop() {
            if !self.is_blossom(blossom) {
                continue;
            }
            let ix = blossom as usize;
            let mut child = vertex;
            while self.parent[child as usize] != blossom {
                child = self.parent[child as usize];
            }
            tasks.push((child, vertex));
            let children = std::mem::take(&mut self.children[ix]);
            let links = std::mem::take(&mut self.links[ix]);
            let count = children.len();
            let start = children.iter().position(|other| *other == child);
            let start = start.expect("the child is one of the blossom's");
            let forward = start % 2 == 1;
            let mut at = start;
            while at != 0 {
                // Skip one, and match the next two.
                let (one, two, link) = if forward {
                    let one = (at + 1) % count;
                    (one, (at + 2) % count, links[one])
                } else {
                    let two = (at + count - 2) % count;
                    let (inner, outer) = links[two];
                    ((at + count - 1) % count, two, (outer, inner))
                };
                tasks.push((children[one], link.0));
                tasks.push((children[two], link.1));
                self.mate[link.0 as usize] = link.1;
                self.mate[link.1 as usize] = link.0;
                at = two;
            }
            self.children[ix] = children;
            self.links[ix] = links;
            self.children[ix].rotate_left(start);
            self.links[ix].rotate_left(start);
            self.base[ix] = vertex;
        }
    }
}
