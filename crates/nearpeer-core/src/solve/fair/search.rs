//! The search for a way that costs nothing, from both ends: where there is none, mostly one end has few nodes.

use super::graph::{Arc, Graph};

/// A step from one node to another, and the place of the column at its mentee, if it is a pair.
#[derive(Debug, Clone, Copy)]
pub(super) struct Step {
    pub(super) from: u32,
    pub(super) to: u32,
    pub(super) place: Option<u32>,
}

/// What a search found.
pub(super) enum Found {
    /// A way, step by step in no order.
    Way(Vec<Step>),
    /// All nodes that are reached from the start; the end is not among them.
    Start(Vec<u32>),
    /// All nodes that reach an end; the start is not among them.
    End(Vec<u32>),
}

#[derive(Debug, Clone, Copy, PartialEq)]
enum Mark {
    None,
    FromStart,
    ToEnd,
}

/// The nodes that one end of the search has come to, and how many of them it has looked at.
#[derive(Default)]
struct End {
    nodes: Vec<u32>,
    looked_at: usize,
    /// Arcs and nodes that were looked at.
    work: usize,
}

/// Memory that every search uses again.
pub(super) struct Search {
    marks: Vec<Mark>,
    /// The step by which a node was come to from the start, or goes on to an end.
    steps: Vec<Step>,
    arcs: Vec<Arc>,
}

impl Search {
    pub(super) fn new(nodes: usize) -> Self {
        let nowhere = Step {
            from: 0,
            to: 0,
            place: None,
        };
        Self {
            marks: vec![Mark::None; nodes],
            steps: vec![nowhere; nodes],
            arcs: Vec::new(),
        }
    }

    /// Looks for a way from `start` to one of `ends`.
    pub(super) fn way(&mut self, graph: &Graph, start: u32, ends: &[u32]) -> Found {
        let mut sides = [End::default(), End::default()];
        self.marks[start as usize] = Mark::FromStart;
        sides[0].nodes.push(start);
        for &end in ends {
            // A mentor who lacks two units is there twice.
            if self.marks[end as usize] == Mark::None {
                self.marks[end as usize] = Mark::ToEnd;
                sides[1].nodes.push(end);
            }
        }
        let found = loop {
            let out = sides[0].work <= sides[1].work;
            let side = &mut sides[usize::from(!out)];
            let Some(&node) = side.nodes.get(side.looked_at) else {
                let nodes = std::mem::take(&mut side.nodes);
                self.forget(&nodes);
                break if out {
                    Found::Start(nodes)
                } else {
                    Found::End(nodes)
                };
            };
            side.looked_at += 1;
            if let Some(step) = self.look(graph, node, out, side) {
                break Found::Way(self.steps_through(step, start, ends));
            }
        };
        sides.iter().for_each(|side| self.forget(&side.nodes));
        found
    }

    /// Looks at one node's arcs; gives the step that joins both ends, if there is one.
    fn look(&mut self, graph: &Graph, node: u32, out: bool, side: &mut End) -> Option<Step> {
        let mut arcs = std::mem::take(&mut self.arcs);
        arcs.clear();
        graph.each_free(node, out, |arc| arcs.push(arc));
        side.work += 1 + arcs.len();
        let own = if out { Mark::FromStart } else { Mark::ToEnd };
        let mut joined = None;
        for &Arc { other, place } in &arcs {
            let (from, to) = if out { (node, other) } else { (other, node) };
            let step = Step { from, to, place };
            match self.marks[other as usize] {
                Mark::None => {
                    self.marks[other as usize] = own;
                    self.steps[other as usize] = step;
                    side.nodes.push(other);
                }
                mark if mark != own => {
                    joined = Some(step);
                    break;
                }
                _ => {}
            }
        }
        self.arcs = arcs;
        joined
    }

    fn steps_through(&self, middle: Step, start: u32, ends: &[u32]) -> Vec<Step> {
        let mut steps = vec![middle];
        let mut node = middle.from;
        while node != start {
            let step = self.steps[node as usize];
            steps.push(step);
            node = step.from;
        }
        node = middle.to;
        while !ends.contains(&node) {
            let step = self.steps[node as usize];
            steps.push(step);
            node = step.to;
        }
        steps
    }

    fn forget(&mut self, nodes: &[u32]) {
        for &node in nodes {
            self.marks[node as usize] = Mark::None;
        }
    }
}
