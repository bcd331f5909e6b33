//! A part: students who can only be paired with each other, and the tree that finds and proves their best groups.

use std::collections::HashSet;

use super::blossom::{Blossoms, Found, Graph};
use super::solve::plain;
use super::students::{Scored, Students};
use super::triangles::{Triangle, Triangles, score_of_triad};
use crate::certificate::{Case, GroupNode, GroupPrices, OddSet};
use crate::error::Error;
use crate::interrupt::Interrupt;
use crate::progress::Phase;

/// Pairs and triads.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Groups {
    pub(super) pairs: Vec<(u32, u32)>,
    pub(super) triads: Vec<[u32; 3]>,
}

/// The best groups of a part with one number of triads.
#[derive(Debug, Clone)]
pub(super) struct Choice {
    pub(super) groups: Groups,
    /// Their combined objective, triads' costs included.
    pub(super) worth: i128,
}

/// What is known of a part.
#[derive(Debug, Clone, Default)]
pub(super) struct Solved {
    /// By number of triads, ascending, each better than those before.
    pub(super) choices: Vec<Choice>,
    pub(super) cases: Vec<Case>,
}

/// Everything that a part's search works with.
pub(super) struct Search<'a> {
    pub(super) students: &'a Students<'a>,
    pub(super) graph: &'a mut Graph,
    pub(super) interrupt: &'a Interrupt,
    /// The part's students, ascending.
    pub(super) part: &'a [u32],
    /// What a triad costs.
    pub(super) cost: i128,
    /// The greatest number of triads.
    pub(super) limit: usize,
}

/// One number of triads being tried.
struct Attempt {
    nodes: Vec<GroupNode>,
    barred: HashSet<[u32; 3]>,
    /// The best groups so far, and what they are worth, doubled and without the triads' costs.
    best: Option<(i128, Groups)>,
    /// Groups must be worth more than this.
    goal: i128,
}

impl Search<'_> {
    /// Solves the part from the duals of its pairs alone; `held` is a student left whose search has not been made, where
    /// all others are in pairs.
    ///
    /// # Errors
    /// The interrupt's; `solved` has what was found so far.
    pub(super) fn solve(
        &mut self,
        pairs: &Blossoms,
        held: Option<u32>,
        solved: &mut Solved,
    ) -> Result<(), Error> {
        let mut seed = None;
        let mut root = pairs.clone();
        if let Some(held) = held {
            (root, seed) = self.place(pairs, held)?;
        }
        let perfect = self.part.iter().all(|ix| pairs.mate(*ix).is_some());
        let exact = seed.is_none();
        if exact {
            solved.choices.push(Choice {
                worth: root.bound(self.part) / 2,
                groups: self.groups(&root, &[]),
            });
            solved.cases.push(Case {
                triads: 0,
                or_more: false,
                nodes: vec![GroupNode::Leaf(self.prices(&root))],
            });
        }
        if perfect || self.limit == 0 {
            return Ok(());
        }
        for triads in 1..=self.limit {
            let best = solved.choices.last().map(|choice| choice.worth);
            if best.is_some_and(|best| self.plain(triads) <= best && self.plain(triads + 1) <= best)
            {
                return Ok(());
            }
            if let Some(best) = best {
                if self.plain(triads) <= best {
                    continue;
                }
                if self.none_or_more(&root, triads, best)? {
                    solved.cases.push(Case {
                        triads: triads as u32,
                        or_more: true,
                        nodes: vec![GroupNode::Leaf(self.prices(&root))],
                    });
                    return Ok(());
                }
            }
            let costs = self.cost * triads as i128;
            let mut attempt = Attempt {
                nodes: Vec::new(),
                barred: HashSet::new(),
                best: None,
                goal: best.map_or(i128::MIN / 4, |best| 2 * (best + costs)),
            };
            let first = seed.take().filter(|_| triads == 1);
            let tried = self.branch(
                &mut attempt,
                root.clone(),
                &mut Vec::new(),
                0,
                triads,
                first,
            );
            if let Some((worth, groups)) = attempt.best {
                solved.choices.push(Choice {
                    groups,
                    worth: worth / 2 - costs,
                });
            }
            tried?;
            solved.cases.push(Case {
                triads: triads as u32,
                or_more: false,
                nodes: attempt.nodes,
            });
        }
        Ok(())
    }

    /// Makes the last search of an odd part, which ends where a triad could be. Gives the duals, which hold for all
    /// pairs, and the triad.
    fn place(
        &mut self,
        pairs: &Blossoms,
        held: u32,
    ) -> Result<(Blossoms, Option<[u32; 3]>), Error> {
        loop {
            let mut root = pairs.clone();
            let found = root.search(self.graph, held, true, self.interrupt)?;
            let missing = self.students.violators(&root, self.part, self.interrupt)?;
            if missing.is_empty() {
                let triad = match found {
                    Found::Triangle(mut triad) => {
                        triad.sort_unstable();
                        Some(triad)
                    }
                    _ => None,
                };
                return Ok((root, triad));
            }
            // They are not worth more than the prices from before the search.
            for (a, b, score) in missing {
                if self.graph.score(a, b).is_none() {
                    self.graph.add(a, b, score);
                }
            }
        }
    }

    /// The plain bound on groups with so many triads.
    fn plain(&self, triads: usize) -> i128 {
        plain(self.students, self.part, triads, self.cost)
    }

    /// Whether the prices prove that no groups with so many triads or more are worth more than `best`.
    fn none_or_more(&self, prices: &Blossoms, triads: usize, best: i128) -> Result<bool, Error> {
        let triangles = Triangles::new(self.students, prices, self.part, self.interrupt)?;
        let count = triads as i128;
        // bound + count·(above − 2·cost) ≤ 2·best + 1
        let room = 2 * best + 1 - prices.bound(self.part);
        let floor = room.div_euclid(count) + 2 * self.cost;
        let found = triangles.above(floor.min(2 * self.cost), self.interrupt)?;
        Ok(found.is_empty())
    }

    /// Proves a node and all below: groups with `left` more triads beside those of `chosen`, which are worth `worth`.
    fn branch(
        &mut self,
        attempt: &mut Attempt,
        prices: Blossoms,
        chosen: &mut Vec<[u32; 3]>,
        worth: i128,
        left: usize,
        first: Option<[u32; 3]>,
    ) -> Result<usize, Error> {
        self.interrupt.enter(Phase::Branch);
        let node = attempt.nodes.len();
        attempt.nodes.push(GroupNode::Leaf(GroupPrices::default()));
        let bound = worth + prices.bound(self.part);
        if left == 0 {
            attempt.nodes[node] = GroupNode::Leaf(self.prices(&prices));
            if bound > attempt.goal {
                attempt.goal = bound;
                attempt.best = Some((bound, self.groups(&prices, chosen)));
            }
            return Ok(node);
        }
        let mut at = node;
        let mut here = Vec::new();
        if let Some(triad) = first {
            at = self.split(attempt, &prices, chosen, worth, left, triad, at)?;
            here.push(triad);
        }
        let students = self.students;
        let triangles = Triangles::new(students, &prices, self.part, self.interrupt)?;
        loop {
            // bound + left·above ≥ goal + 2
            let wanted = (attempt.goal + 1 - bound).div_euclid(left as i128);
            let mut found = if attempt.goal > i128::MIN / 8 {
                triangles.above(wanted, self.interrupt)?
            } else {
                let wanted = |one: &Triangle| !attempt.barred.contains(&one.students);
                triangles.best(wanted, self.interrupt)?
            };
            found.retain(|triangle| !attempt.barred.contains(&triangle.students));
            if found.is_empty() {
                break;
            }
            let mut again = false;
            for Triangle {
                students: triad,
                above,
            } in found
            {
                let had_goal = attempt.goal;
                if had_goal > i128::MIN / 8 && bound + above * (left as i128) < had_goal + 2 {
                    break;
                }
                at = self.split(attempt, &prices, chosen, worth, left, triad, at)?;
                here.push(triad);
                if had_goal <= i128::MIN / 8 {
                    // Now there is a goal, or this triad leads to none.
                    again = true;
                    break;
                }
            }
            if !again {
                break;
            }
        }
        attempt.nodes[at] = GroupNode::Leaf(self.prices(&prices));
        for triad in here {
            attempt.barred.remove(&triad);
        }
        Ok(node)
    }

    /// Splits on a triad at a node, proves what is below `chosen`, and gives the node for `left_out`.
    #[expect(clippy::too_many_arguments, reason = "they are one node's")]
    fn split(
        &mut self,
        attempt: &mut Attempt,
        prices: &Blossoms,
        chosen: &mut Vec<[u32; 3]>,
        worth: i128,
        left: usize,
        triad: [u32; 3],
        at: usize,
    ) -> Result<usize, Error> {
        let mut below = prices.clone();
        below.remove(self.graph, &triad);
        self.mend(&mut below)?;
        chosen.push(triad);
        let of_triad = self.worth(triad);
        let child = self.branch(attempt, below, chosen, worth + of_triad, left - 1, None)?;
        chosen.pop();
        let left_out = attempt.nodes.len();
        attempt.nodes.push(GroupNode::Leaf(GroupPrices::default()));
        attempt.nodes[at] = GroupNode::Triad {
            students: triad.map(|student| self.place_of(student)),
            left_out,
            chosen: child,
        };
        attempt.barred.insert(triad);
        Ok(left_out)
    }

    /// What a triad is worth, doubled, without its cost.
    fn worth(&self, [a, b, c]: [u32; 3]) -> i128 {
        let score = |a, b| self.students.score(a, b).unwrap_or_default();
        let score = score_of_triad([score(a, b), score(a, c), score(b, c)]);
        let cover: i128 = [a, b, c]
            .iter()
            .map(|ix| self.students.cover[*ix as usize])
            .sum();
        2 * (i128::from(score) + cover)
    }

    /// Adds the best pairs without any triad, where only those with triads are known.
    pub(super) fn without_triads(
        &mut self,
        pairs: &Blossoms,
        solved: &mut Solved,
    ) -> Result<(), Error> {
        let mut prices = pairs.clone();
        self.mend(&mut prices)?;
        let groups = self.groups(&prices, &[]);
        let worth = prices.bound(self.part) / 2;
        solved.choices.insert(0, Choice { groups, worth });
        solved.cases.push(Case {
            triads: 0,
            or_more: false,
            nodes: vec![GroupNode::Leaf(self.prices(&prices))],
        });
        Ok(())
    }

    /// Makes the matching the best again, for all pairs of the part.
    fn mend(&mut self, prices: &mut Blossoms) -> Result<(), Error> {
        loop {
            prices.settle(self.graph, self.part, self.interrupt)?;
            let missing = self.students.violators(prices, self.part, self.interrupt)?;
            if missing.is_empty() {
                return Ok(());
            }
            add(self.graph, prices, &missing, self.part);
        }
    }

    fn groups(&self, prices: &Blossoms, triads: &[[u32; 3]]) -> Groups {
        let pairs = self.part.iter().filter_map(|&ix| {
            let mate = prices.mate(ix)?;
            (ix < mate).then_some((ix, mate))
        });
        Groups {
            pairs: pairs.collect(),
            triads: triads.to_vec(),
        }
    }

    fn place_of(&self, student: u32) -> u32 {
        self.part.partition_point(|other| *other < student) as u32
    }

    fn prices(&self, prices: &Blossoms) -> GroupPrices {
        prices_of(self.part, self.students.len(), prices)
    }
}

/// The prices of a part as a certificate has them.
pub(super) fn prices_of(part: &[u32], students: usize, prices: &Blossoms) -> GroupPrices {
    let of = |ix: &u32| {
        if prices.is_removed(*ix) {
            0
        } else {
            prices.price(*ix) - prices.floor(*ix)
        }
    };
    let place = |student: u32| part.partition_point(|other| *other < student) as u32;
    let sets = prices.odd_sets(part).into_iter().map(|set| {
        let (inner, own): (Vec<u32>, Vec<u32>) = set
            .members
            .iter()
            .partition(|member| **member as usize >= students);
        OddSet {
            students: own.into_iter().map(place).collect(),
            sets: inner.into_iter().map(|set| set - students as u32).collect(),
            price: set.price,
        }
    });
    GroupPrices {
        students: part.iter().map(of).collect(),
        odd_sets: sets.collect(),
    }
}

/// Adds pairs that are worth more than the prices, and raises prices so that none is.
pub(super) fn add(graph: &mut Graph, prices: &mut Blossoms, missing: &[Scored], among: &[u32]) {
    for &(a, b, score) in missing {
        if graph.score(a, b).is_none() {
            graph.add(a, b, score);
        }
    }
    for &(a, b, score) in missing {
        let have = prices.price(a) + prices.price(b) + prices.shared(a, b);
        let lacks = 2 * i128::from(score) - have;
        if lacks > 0 {
            // Whoever is exposed, or at least in no blossom, is raised at the least cost.
            let rank = |ix: u32| (prices.mate(ix).is_some(), prices.is_inside(ix));
            let raised = if rank(b) < rank(a) { b } else { a };
            prices.raise(graph, raised, lacks);
        }
    }
    prices.start(graph, among);
}
