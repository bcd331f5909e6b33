//! A leaf of a part's proof tree: its prices, and what the branches on the way to it have decided.

use std::collections::HashSet;

use super::Statement;
use crate::certificate::{Case, GroupNode, GroupPrices, Part};
use crate::error::Error;
use crate::verify::{fault, too_large};

/// Prices beyond this could only come from tampering; sums of less have room in 128 bits.
const LARGEST: i128 = 1 << 96;

/// A leaf, with students as positions in their part.
pub(super) struct Leaf {
    pub(super) part: usize,
    /// The number of triads that the case is for, and whether for more, too.
    pub(super) triads: usize,
    pub(super) or_more: bool,
    /// Triads on the way that are groups.
    pub(super) chosen: Vec<[u32; 3]>,
    /// Triads on the way that are not.
    pub(super) left_out: HashSet<[u32; 3]>,
    /// By student, whether they are in a chosen triad.
    pub(super) gone: Vec<bool>,
    /// Prices less twice what covering the student weighs.
    pub(super) price: Vec<i128>,
    /// The sum of the prices of students and, with their room, of odd sets.
    pub(super) of_prices: i128,
    /// By student, the smallest odd set around them.
    around: Vec<Option<usize>>,
    sets: Vec<Set>,
}

struct Set {
    /// The set that this is part of.
    outer: Option<usize>,
    /// The prices of this and of all sets around it.
    sum: i128,
    members: Vec<u32>,
    price: i128,
}

impl Leaf {
    /// How many triads there are beside the chosen ones.
    pub(super) fn left(&self) -> usize {
        self.triads - self.chosen.len()
    }

    fn new(
        statement: &Statement,
        part: (usize, &Part),
        case: &Case,
        prices: &GroupPrices,
        chosen: Vec<[u32; 3]>,
        left_out: HashSet<[u32; 3]>,
    ) -> Result<Self, Error> {
        let count = part.1.students.len();
        if prices.students.len() != count {
            return Err(fault(
                "a leaf of the proof has not as many prices as the part has students",
            ));
        }
        let in_range = |price: &i128| (0..LARGEST).contains(price);
        let all = prices
            .students
            .iter()
            .chain(prices.odd_sets.iter().map(|set| &set.price));
        if !all.clone().all(|price| *price >= 0) {
            return Err(fault("a leaf of the proof has a negative price"));
        }
        if !all.clone().all(in_range) || statement.cover.iter().any(|cover| *cover >= LARGEST) {
            return Err(too_large());
        }
        let mut gone = vec![false; count];
        chosen
            .iter()
            .flatten()
            .for_each(|ix| gone[*ix as usize] = true);
        let covers = part
            .1
            .students
            .iter()
            .map(|ix| statement.cover[*ix as usize]);
        let price = prices.students.iter().zip(covers);
        let present = prices
            .students
            .iter()
            .zip(&gone)
            .filter(|(_, gone)| !**gone);
        let mut leaf = Self {
            part: part.0,
            triads: case.triads as usize,
            or_more: case.or_more,
            price: price.map(|(price, cover)| price - 2 * cover).collect(),
            of_prices: present.map(|(price, _)| price).sum(),
            chosen,
            left_out,
            gone,
            around: vec![None; count],
            sets: Vec::with_capacity(prices.odd_sets.len()),
        };
        for set in &prices.odd_sets {
            let number = leaf.sets.len();
            let bad = || fault("the odd sets of a leaf overlap, or are not odd");
            let mut members = Vec::new();
            for &student in &set.students {
                let around = leaf.around.get_mut(student as usize).ok_or_else(bad)?;
                if around.replace(number).is_some() || leaf.gone[student as usize] {
                    return Err(bad());
                }
                members.push(student);
            }
            for &inner in &set.sets {
                let inner = leaf.sets.get_mut(inner as usize).ok_or_else(bad)?;
                if inner.outer.replace(number).is_some() {
                    return Err(bad());
                }
                members.extend(&inner.members);
            }
            if members.len() % 2 == 0 {
                return Err(bad());
            }
            leaf.of_prices += set.price * (members.len() as i128 / 2);
            leaf.sets.push(Set {
                outer: None,
                sum: 0,
                members,
                price: set.price,
            });
        }
        for number in (0..leaf.sets.len()).rev() {
            let outer = leaf.sets[number]
                .outer
                .map_or(0, |outer| leaf.sets[outer].sum);
            leaf.sets[number].sum = outer + leaf.sets[number].price;
        }
        Ok(leaf)
    }

    /// Fills `common` with the prices of the odd sets that each student shares with this one, and 0 for the others.
    pub(super) fn common(&self, student: usize, common: &mut Vec<i128>) {
        common.clear();
        common.resize(self.price.len(), 0);
        // From the largest set to the smallest, whose sums are the greatest.
        let mut way = Vec::new();
        let mut set = self.around[student];
        while let Some(number) = set {
            way.push(number);
            set = self.sets[number].outer;
        }
        for number in way.into_iter().rev() {
            let set = &self.sets[number];
            for &member in &set.members {
                common[member as usize] = set.sum;
            }
        }
    }
}

/// The leaves of a case's tree, which must cover all groups.
pub(super) fn leaves(
    statement: &Statement,
    part: (usize, &Part),
    case: &Case,
) -> Result<Vec<Leaf>, Error> {
    let mut stack = vec![(0usize, Vec::new(), HashSet::new())];
    let mut seen = HashSet::new();
    let mut leaves = Vec::new();
    while let Some((node, chosen, left_out)) = stack.pop() {
        if !seen.insert(node) {
            return Err(fault("a node of the proof tree is reached twice"));
        }
        match case.nodes.get(node) {
            None => return Err(fault("the proof tree lacks a node")),
            Some(GroupNode::Triad {
                students,
                left_out: without,
                chosen: with,
            }) => {
                let [a, b, c] = *students;
                let ascending = a < b && b < c && (c as usize) < part.1.students.len();
                let free = |triad: &[u32; 3]| students.iter().all(|ix| !triad.contains(ix));
                let allowed = ascending
                    && !case.or_more
                    && chosen.len() < case.triads as usize
                    && chosen.iter().all(free)
                    && !left_out.contains(students);
                if !allowed {
                    return Err(fault(
                        "the proof tree splits on a triad that it cannot split on",
                    ));
                }
                let mut more = chosen.clone();
                more.push(*students);
                stack.push((*with, more, left_out.clone()));
                let mut fewer = left_out;
                fewer.insert(*students);
                stack.push((*without, chosen, fewer));
            }
            Some(GroupNode::Leaf(prices)) => {
                leaves.push(Leaf::new(statement, part, case, prices, chosen, left_out)?);
            }
        }
    }
    Ok(leaves)
}
