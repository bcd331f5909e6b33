//! The heaviest set of rotations that holds with each all that must come before it: Picard, *Maximal closure of a graph
//! and applications to combinatorial problems* (1976), by Dinic's maximum flow.

use petgraph::algo::maximum_flow::dinics;
use petgraph::graph::DiGraph;
use petgraph::visit::EdgeRef;

use super::rotations::{Rotation, Rotations};

/// What one rotation's gain pays towards another's loss that must come before it.
pub(super) type Payment = (usize, usize, i64);

impl Rotation {
    /// What it adds to the total score.
    pub(super) fn gain(&self) -> i64 {
        let moves = self.moves.iter();
        moves
            .map(|change| change.to.score - change.from.score)
            .sum()
    }
}

/// Which rotations are in the set, the smallest of the heaviest, and the payments that prove that none is heavier.
pub(super) fn heaviest(rotations: &Rotations) -> (Vec<bool>, Vec<Payment>) {
    let all = &rotations.all;
    let mut graph: DiGraph<(), u64> = DiGraph::new();
    let nodes: Vec<_> = all.iter().map(|_| graph.add_node(())).collect();
    let (source, sink) = (graph.add_node(()), graph.add_node(()));
    let gains: i64 = all.iter().map(|rotation| rotation.gain().max(0)).sum();
    let gains = gains.unsigned_abs();
    for (rotation, node) in all.iter().zip(&nodes) {
        match rotation.gain() {
            gain if gain > 0 => graph.add_edge(source, *node, gain.unsigned_abs()),
            gain => graph.add_edge(*node, sink, gain.unsigned_abs()),
        };
        for before in &rotation.after {
            // More than all that there is to pay.
            graph.add_edge(*node, nodes[*before], gains + 1);
        }
    }
    let (_, flows) = dinics(&graph, source, sink);
    // What the source still reaches: forward where there is room, backward where something flows.
    let mut reached = vec![false; graph.node_count()];
    let mut open = vec![source];
    reached[source.index()] = true;
    while let Some(node) = open.pop() {
        let forward = graph
            .edges(node)
            .filter(|edge| flows[edge.id().index()] < *edge.weight())
            .map(|edge| edge.target());
        let backward = graph
            .edges_directed(node, petgraph::Direction::Incoming)
            .filter(|edge| flows[edge.id().index()] > 0)
            .map(|edge| edge.source());
        for next in forward.chain(backward) {
            if !std::mem::replace(&mut reached[next.index()], true) {
                open.push(next);
            }
        }
    }
    let payments = graph.edge_references().filter_map(|edge| {
        let (payer, paid) = (edge.source().index(), edge.target().index());
        let amount = flows[edge.id().index()];
        let between = payer < all.len() && paid < all.len();
        // The sum of all gains is within 64 bits.
        (between && amount > 0).then_some((payer, paid, amount as i64))
    });
    let payments = payments.collect();
    reached.truncate(all.len());
    (reached, payments)
}
