//! What the nodes of a proof tree decide.

use std::collections::{BTreeMap, HashSet};

use super::super::fault;
use crate::certificate::stages::{LevelNode, LevelPrices};
use crate::error::Error;

/// What branches have decided, by the part's numbers.
#[derive(Debug, Clone, Default)]
pub(super) struct Decided {
    /// Pairs (mentee, mentor) with a place, or none for any: whether they are in the match, and there.
    pairs: BTreeMap<(u32, u32, Option<u32>), bool>,
    /// By mentees and mentors: whether a person is in any pair.
    people: [BTreeMap<u32, bool>; 2],
    /// Mentors and modes: whether the mentor is in the mode.
    modes: BTreeMap<(u32, u32), bool>,
}

impl Decided {
    /// Whether the pair is in the match, if that is decided.
    pub(super) fn is_in(&self, mentee: u32, mentor: u32) -> Option<bool> {
        if self.people[0].get(&mentee) == Some(&false)
            || self.people[1].get(&mentor) == Some(&false)
        {
            return Some(false);
        }
        let of_pair = self.of_pair(mentee, mentor);
        let mut decided = of_pair.filter(|(place, is_in)| place.is_none() || *is_in);
        decided.next().map(|(_, is_in)| is_in)
    }

    pub(super) fn of_pair(
        &self,
        mentee: u32,
        mentor: u32,
    ) -> impl Iterator<Item = (Option<u32>, bool)> {
        let all = (mentee, mentor, None)..=(mentee, mentor, Some(u32::MAX));
        let decided = self.pairs.range(all);
        decided.map(|((_, _, place), is_in)| (*place, *is_in))
    }

    /// Whether the mentor can be in a mode.
    pub(super) fn may_be_in(&self, mentor: u32, mode: u32) -> bool {
        let mut modes = self.modes.range((mentor, 0)..=(mentor, u32::MAX));
        modes.all(|((_, of), is_in)| (*of == mode) == *is_in)
    }

    /// Whether the pair can meet at a place.
    pub(super) fn may_meet(&self, mentee: u32, mentor: u32, place: u32) -> bool {
        let mut of_pair = self.of_pair(mentee, mentor);
        of_pair.all(|(decided, is_in)| match decided {
            None => true,
            Some(at) => (at == place) == is_in,
        })
    }

    /// By person of a side, the fewest pairs and, for those who have none, the most.
    pub(super) fn loads(&self, side: usize) -> BTreeMap<u32, (u32, Option<u32>)> {
        let mut pairs: Vec<(u32, u32)> = Vec::new();
        for ((mentee, mentor, _), _) in self.pairs.iter().filter(|(_, is_in)| **is_in) {
            pairs.push((*mentee, *mentor));
        }
        // A pair may be decided, and then its place.
        pairs.dedup();
        let mut loads: BTreeMap<u32, (u32, Option<u32>)> = BTreeMap::new();
        for pair in pairs {
            let person = if side == 0 { pair.0 } else { pair.1 };
            loads.entry(person).or_default().0 += 1;
        }
        // A mode is one of a mentor who has somebody.
        for ((mentor, _), _) in self.modes.iter().filter(|(_, is_in)| side == 1 && **is_in) {
            let load = loads.entry(*mentor).or_default();
            load.0 = load.0.max(1);
        }
        for (person, has) in &self.people[side] {
            let load = loads.entry(*person).or_default();
            *load = match has {
                true => (load.0.max(1), None),
                false => (0, Some(0)),
            };
        }
        loads
    }
}

/// The leaves of a tree, which must cover every match, with what is decided on the way to each.
pub(super) fn walk(nodes: &[LevelNode]) -> Result<Vec<(&LevelPrices, Decided)>, Error> {
    let mut leaves = Vec::new();
    let mut seen = HashSet::new();
    let mut stack = vec![(0, Decided::default())];
    while let Some((node, decided)) = stack.pop() {
        if !seen.insert(node) {
            return Err(fault("a node of a proof tree has two parents"));
        }
        match nodes.get(node) {
            None => return Err(fault("a proof tree lacks a node")),
            Some(LevelNode::Leaf(prices)) => leaves.push((prices, decided)),
            Some(split) => {
                let (left_out, chosen) = match split {
                    LevelNode::Pair {
                        left_out, chosen, ..
                    }
                    | LevelNode::Mentee {
                        left_out, chosen, ..
                    }
                    | LevelNode::Mentor {
                        left_out, chosen, ..
                    }
                    | LevelNode::Mode {
                        left_out, chosen, ..
                    } => (*left_out, *chosen),
                    LevelNode::Leaf(_) => return Err(fault("a leaf has no children")),
                };
                for (child, is_chosen) in [(left_out, false), (chosen, true)] {
                    let mut decided = decided.clone();
                    let before = match split {
                        LevelNode::Pair {
                            mentee,
                            mentor,
                            place,
                            ..
                        } => {
                            let key = (mentee.get() as u32, mentor.get() as u32, *place);
                            decided.pairs.insert(key, is_chosen)
                        }
                        LevelNode::Mentee { mentee, .. } => {
                            decided.people[0].insert(mentee.get() as u32, is_chosen)
                        }
                        LevelNode::Mentor { mentor, .. } => {
                            decided.people[1].insert(mentor.get() as u32, is_chosen)
                        }
                        LevelNode::Mode { mentor, mode, .. } => {
                            let key = (mentor.get() as u32, *mode);
                            decided.modes.insert(key, is_chosen)
                        }
                        LevelNode::Leaf(_) => None,
                    };
                    if before.is_some() {
                        return Err(fault("a proof tree decides the same twice"));
                    }
                    stack.push((child, decided));
                }
            }
        }
    }
    Ok(leaves)
}
