//! The duals prove the matching, whatever the graph.

use proptest::prelude::*;

use super::*;
use crate::interrupt::Interrupt;
use crate::matching::Options;

fn graphs() -> impl Strategy<Value = (usize, Vec<(u32, u32, i64)>, Vec<i128>)> {
    (2usize..26, 1i64..12, 1usize..8).prop_flat_map(|(vertices, most, degree)| {
        let edges = proptest::collection::vec(
            (0..vertices as u32, 0..vertices as u32, 0..=most),
            0..=vertices * degree,
        );
        let counts = prop_oneof![Just(0i128), 0i128..4, Just(1000i128)];
        let counts = proptest::collection::vec(counts, vertices);
        (Just(vertices), edges, counts)
    })
}

fn graph_of(vertices: usize, edges: &[(u32, u32, i64)]) -> Graph {
    let mut graph = Graph::new(vertices);
    for &(a, b, score) in edges {
        if a != b && graph.score(a, b).is_none() {
            graph.add(a, b, score);
        }
    }
    graph
}

/// Prices that no edge exceeds.
fn high(graph: &Graph, counts: &[i128]) -> Blossoms {
    let floors: Vec<i128> = counts.iter().map(|count| -2 * count).collect();
    let best = |near: &Vec<(u32, i64)>| near.iter().map(|edge| edge.1).max().unwrap_or(0);
    let prices = graph.near.iter().map(|near| i128::from(best(near)));
    Blossoms::new(floors, prices.collect())
}

fn prove(graph: &Graph, counts: &[i128], found: &Blossoms) {
    let vertices = counts.len();
    let all: Vec<u32> = (0..vertices as u32).collect();
    let mut weight = 0;
    for v in 0..vertices as u32 {
        let mut common = vec![0; vertices];
        found.common(v, &mut common);
        assert!(found.price(v) >= found.floor(v));
        for &(w, score) in &graph.near[v as usize] {
            let slack =
                found.price(v) + found.price(w) + common[w as usize] - 2 * i128::from(score);
            assert!(slack >= 0 || found.is_removed(v) || found.is_removed(w));
        }
        if let Some(w) = found.mate(v) {
            assert_eq!(found.mate(w), Some(v));
            assert!(!found.is_removed(v));
            let score = graph.score(v, w).expect("pairs are edges");
            weight += i128::from(score) + 2 * counts[v as usize];
        }
    }
    assert_eq!(found.bound(&all), weight);
    let sets = found.odd_sets(&all);
    let mut sizes = Vec::new();
    for set in &sets {
        let size = |member: &u32| match (*member as usize).checked_sub(vertices) {
            Some(inner) => sizes[inner],
            None => 1usize,
        };
        sizes.push(set.members.iter().map(size).sum());
    }
    let of_sets = sets.iter().zip(&sizes);
    let of_sets: i128 = of_sets
        .map(|(set, size)| {
            assert_eq!(size % 2, 1);
            set.price * (*size as i128 / 2)
        })
        .sum();
    let of_vertices: i128 = (0..vertices as u32)
        .filter(|v| !found.is_removed(*v))
        .map(|v| found.price(v) - found.floor(v))
        .sum();
    assert_eq!(of_vertices + of_sets, weight);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2000))]

    #[test]
    fn duals_prove_the_matching((vertices, edges, counts) in graphs(), begin: bool) {
        let graph = graph_of(vertices, &edges);
        let interrupt = Interrupt::new(&Options::default());
        let all: Vec<u32> = (0..vertices as u32).collect();
        let mut found = high(&graph, &counts);
        if begin {
            found.start(&graph, &all);
        }
        found.settle(&graph, &all, &interrupt).expect("no limit");
        prop_assert!(found.unsettled(&all).is_empty());
        prove(&graph, &counts, &found);
    }

    /// Vertices leave, and edges come whose weight is more than the prices: what is left is mended.
    #[test]
    fn a_matching_is_mended(
        (vertices, edges, counts) in graphs(),
        later in 0usize..20,
        removed in proptest::collection::vec(0u32..26, 0..4),
        raise_first: bool,
    ) {
        let interrupt = Interrupt::new(&Options::default());
        let all: Vec<u32> = (0..vertices as u32).collect();
        let later = edges.len().saturating_sub(later);
        let mut graph = graph_of(vertices, &edges[..later]);
        let mut found = high(&graph, &counts);
        found.settle(&graph, &all, &interrupt).expect("no limit");
        let removed: Vec<u32> = removed.into_iter().filter(|v| (*v as usize) < vertices).collect();
        found.remove(&graph, &removed);
        for &(a, b, score) in &edges[later..] {
            if a == b || graph.score(a, b).is_some() {
                continue;
            }
            graph.add(a, b, score);
            let mut common = vec![0; vertices];
            found.common(a, &mut common);
            let slack = found.price(a) + found.price(b) + common[b as usize] - 2 * i128::from(score);
            if slack < 0 {
                found.raise(&graph, if raise_first { a } else { b }, -slack);
            }
        }
        found.settle(&graph, &all, &interrupt).expect("no limit");
        prop_assert!(found.unsettled(&all).is_empty());
        prove(&graph, &counts, &found);
    }
}
