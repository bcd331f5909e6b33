//! What prices prove of a level over all ways to staff the places.

use std::collections::{BTreeMap, HashSet};

use super::super::fault;
use super::super::meetings::{Crew, Staff, Staffed, worth};
use super::Leaf;
use crate::certificate::stages::{LevelProof, StaffNode};
use crate::error::Error;

/// The bound of a level: for every staffing, of those listed or by the leaves of a tree, the least that prices give, or
/// the trees of capacities that cover it; of these the greatest.
pub(super) fn level_bound(
    proof: &LevelProof,
    leaves: &[(&Leaf, i128)],
    staff: &Staff,
    listed: Option<&[Vec<u32>]>,
) -> Result<i128, Error> {
    let for_all: Vec<&(&Leaf, i128)> = leaves
        .iter()
        .filter(|(leaf, _)| leaf.tree.is_none())
        .collect();
    let of_trees: Vec<(&[u32], Option<i128>)> = proof
        .capacities
        .iter()
        .enumerate()
        .map(|(tree, capacities)| {
            let own = leaves.iter().filter(|(leaf, _)| leaf.tree == Some(tree));
            let bounds =
                own.map(|(leaf, fixed)| fixed + worth(&leaf.prices.places, &capacities.capacities));
            (capacities.capacities.as_slice(), bounds.max())
        })
        .collect();
    let by_trees = |capacities: &[u32]| {
        let covering = of_trees
            .iter()
            .filter(|(most, _)| capacities.iter().zip(*most).all(|(has, most)| has <= most));
        covering.filter_map(|(_, bound)| *bound).min()
    };
    let bounds: Option<Vec<i128>> = if proof.staffings.is_empty() {
        let of_staffing = |capacities: &Vec<u32>| {
            let by_prices = for_all
                .iter()
                .map(|(leaf, fixed)| fixed + worth(&leaf.prices.places, capacities));
            by_prices.chain(by_trees(capacities)).min()
        };
        listed.and_then(|all| all.iter().map(of_staffing).collect())
    } else {
        let mut bounds = Vec::new();
        for leaf in staffed(&proof.staffings, staff)? {
            let Staffing {
                number,
                crews,
                decided,
            } = leaf;
            let (leaf, fixed) = for_all
                .get(number)
                .ok_or_else(|| fault("a proof tree names prices that are not there"))?;
            let prices = leaf.prices;
            let mut rounded = prices.rounded.iter();
            if !rounded.all(|of| staff.can_be_rounded(of.place, of.by)) {
                return Err(fault("the proof rounds a room by a divisor of it"));
            }
            let by_prices = fixed + staff.most(prices, &crews, &decided);
            // What a node can have at most is of use to trees only.
            let by_trees = match of_trees.is_empty() {
                true => None,
                false => by_trees(&staff.at_most(&decided)),
            };
            bounds.push(by_trees.map_or(by_prices, |bound| bound.min(by_prices)));
        }
        Some(bounds)
    };
    let bound = bounds
        .and_then(|bounds| bounds.into_iter().max())
        .ok_or_else(|| fault("a level of a part has no prices that speak for every staffing"))?;
    Ok(bound.div_euclid(i128::from(proof.denominator)))
}

/// A leaf of a tree of staffings.
struct Staffing {
    /// The number of the prices.
    number: usize,
    /// Prices of crews of whom so many are decided.
    crews: BTreeMap<Crew, i64>,
    /// What is decided on the way.
    decided: Staffed,
}

/// The leaves of a tree of staffings.
fn staffed(nodes: &[StaffNode], staff: &Staff) -> Result<Vec<Staffing>, Error> {
    let mut leaves = Vec::new();
    let mut seen = HashSet::new();
    let mut stack = vec![(0, Staffed::new())];
    while let Some((node, decided)) = stack.pop() {
        if !seen.insert(node) {
            return Err(fault("a node of a proof tree has two parents"));
        }
        match nodes.get(node) {
            None => return Err(fault("a proof tree lacks a node")),
            Some(StaffNode::Leaf { prices, crews }) => {
                let of_crews = crews.iter().map(|of| ((of.place, of.pairs), of.price));
                let priced: BTreeMap<Crew, i64> = of_crews.collect();
                let is_counted = |crew: &Crew| decided.contains_key(crew);
                if priced.len() < crews.len() || !priced.keys().all(is_counted) {
                    return Err(fault(
                        "a proof tree has two prices for the same leaders, or one for leaders whom it does not count",
                    ));
                }
                leaves.push(Staffing {
                    number: *prices,
                    crews: priced,
                    decided,
                });
            }
            Some(StaffNode::Crew {
                place,
                pairs,
                most,
                fewer,
                more,
            }) => {
                if !staff.has(*place) {
                    return Err(fault(
                        "a proof tree counts leaders at a place that is not there",
                    ));
                }
                for (child, is_more) in [(*fewer, false), (*more, true)] {
                    let mut decided = decided.clone();
                    let crew = decided.entry((*place, *pairs));
                    let (least, greatest) = crew.or_insert((0, u32::MAX));
                    match is_more {
                        true => *least = most.saturating_add(1).max(*least),
                        false => *greatest = (*greatest).min(*most),
                    }
                    stack.push((child, decided));
                }
            }
        }
    }
    Ok(leaves)
}
