//! The solve: pairs by column generation for everybody, then triads part by part.

use petgraph::unionfind::UnionFind;

use super::blossom::{Blossoms, Graph};
use super::levels::Levels;
use super::part::{Choice, Groups, Search, Solved, add, prices_of};
use super::students::Students;
use crate::certificate::{Case, GroupNode, Part};
use crate::error::{Error, ErrorKind};
use crate::interrupt::Interrupt;
use crate::progress::Phase;

/// The best pairs of each student that the first columns are made of.
const FIRST: usize = 12;

/// Students who are next to each other in the order of passes, and so alike, are columns too: where scores tie, the best
/// pairs of all would be with the same few.
const NEIGHBOURS: usize = 3;

/// The best groups, and the proof.
pub(super) struct Solution {
    pub(super) groups: Groups,
    pub(super) parts: Vec<Part>,
    /// No groups have a greater combined objective.
    pub(super) bound: i128,
    /// Whether a limit came before the end.
    pub(super) cut: bool,
}

/// # Errors
/// The interrupt's, unless it is a limit: then the solution has what was found until then.
pub(super) fn solve(
    students: &Students,
    levels: &Levels,
    limit: usize,
    interrupt: &Interrupt,
) -> Result<Solution, Error> {
    let best = match students.best(FIRST, interrupt) {
        Err(error) if error.kind() == ErrorKind::Limit => {
            return Ok(nothing(students, levels, limit));
        }
        best => best?,
    };
    let mut graph = Graph::new(students.len());
    let mut order: Vec<u32> = students.order();
    order.retain(|ix| !best[*ix as usize].is_empty());
    for (place, &ix) in order.iter().enumerate() {
        for &(other, score) in &best[ix as usize] {
            if graph.score(ix, other).is_none() {
                graph.add(ix, other, score);
            }
        }
        for &other in order[place + 1..].iter().take(NEIGHBOURS) {
            if graph.score(ix, other).is_none()
                && let Some(score) = students.score(ix, other)
            {
                graph.add(ix, other, score);
            }
        }
    }
    let floors = students.cover.iter().map(|cover| -2 * cover).collect();
    let most = best
        .iter()
        .map(|pairs| pairs.first().map_or(0, |pair| i128::from(pair.1)));
    let high = Blossoms::new(floors, most.collect());
    let mut solving = Solving {
        students,
        interrupt,
        limit,
        cost: levels.triad(),
        part_of: Vec::new(),
        parts: Vec::new(),
        graph,
        prices: high.clone(),
    };
    match solving.run(&order, &high) {
        Err(error) if error.kind() == ErrorKind::Limit && solving.parts.is_empty() => {
            Ok(nothing(students, levels, limit))
        }
        Err(error) if error.kind() == ErrorKind::Limit => Ok(solving.at_hand(&high)),
        solution => solution,
    }
}

struct Solving<'a> {
    students: &'a Students<'a>,
    interrupt: &'a Interrupt,
    limit: usize,
    cost: i128,
    part_of: Vec<u32>,
    /// The students of each part, ascending.
    parts: Vec<Vec<u32>>,
    graph: Graph,
    prices: Blossoms,
}

impl Solving<'_> {
    fn run(&mut self, order: &[u32], high: &Blossoms) -> Result<Solution, Error> {
        self.divide(order)?;
        let mut prices = high.clone();
        prices.start(&self.graph, order);
        loop {
            self.interrupt
                .round(self.graph.edges(), self.graph.edges() * 64);
            let settled = self.settle(&mut prices);
            self.prices = prices.clone();
            settled?;
            let missing = self.students.violators(&prices, order, self.interrupt)?;
            if missing.is_empty() {
                break;
            }
            add(&mut self.graph, &mut prices, &missing, order);
        }
        let mut solved = vec![Solved::default(); self.parts.len()];
        let mut cut = false;
        let parts = self.parts.clone();
        for (part, found) in parts.iter().zip(&mut solved) {
            let mut exposed = part.iter().filter(|ix| prices.mate(**ix).is_none());
            let held = exposed
                .next()
                .copied()
                .filter(|ix| prices.price(*ix) > prices.floor(*ix));
            let mut search = Search {
                students: self.students,
                graph: &mut self.graph,
                interrupt: self.interrupt,
                part,
                cost: self.cost,
                limit: self.limit.min(part.len() / 3),
            };
            match search.solve(&prices, held, found) {
                Err(error) if error.kind() == ErrorKind::Limit => {
                    cut = true;
                    self.fill(part, &prices, high, found);
                }
                done => done?,
            }
        }
        let best = |found: &Solved| {
            let best = found.choices.iter().max_by_key(|choice| choice.worth);
            best.map_or(0, |choice| choice.groups.triads.len())
        };
        if solved.iter().map(best).sum::<usize>() > self.limit {
            // Not every part can have the triads that it would.
            for (part, found) in parts.iter().zip(&mut solved) {
                if found.cases.iter().any(|case| case.triads == 0) {
                    continue;
                }
                let mut search = Search {
                    students: self.students,
                    graph: &mut self.graph,
                    interrupt: self.interrupt,
                    part,
                    cost: self.cost,
                    limit: 0,
                };
                match search.without_triads(&prices, found) {
                    Err(error) if error.kind() == ErrorKind::Limit => {
                        cut = true;
                        self.without_triads_at_hand(part, &prices, high, found);
                    }
                    done => done?,
                }
            }
        }
        Ok(self.conclude(solved, cut))
    }

    /// The parts between which there are no pairs.
    fn divide(&mut self, order: &[u32]) -> Result<(), Error> {
        let count = self.students.len();
        let mut union = UnionFind::<u32>::new(count);
        for &ix in order {
            self.graph.each(ix, |other| {
                union.union(ix, other);
            });
        }
        let first = order.first().map(|ix| union.find(*ix));
        let one = order.iter().all(|ix| Some(union.find(*ix)) == first);
        if !one {
            let roots = union.clone().into_labeling();
            let pass = self.students.pass(|_| Some(0));
            let found = pass.rows(order, Phase::FirstColumns, self.interrupt, |row, ix| {
                let mut others = Vec::new();
                row.each(ix, -1, |other, _| {
                    let root = roots[other as usize];
                    if root != roots[ix as usize] && !others.contains(&root) {
                        others.push(root);
                    }
                    -1
                });
                (ix, others)
            })?;
            for (ix, others) in found {
                for other in others {
                    union.union(ix, other);
                }
            }
        }
        let labels = union.into_labeling();
        let mut numbers = std::collections::HashMap::new();
        self.part_of = vec![u32::MAX; count];
        let mut ascending = order.to_vec();
        ascending.sort_unstable();
        for ix in ascending {
            let next = self.parts.len() as u32;
            let number = *numbers.entry(labels[ix as usize]).or_insert(next);
            if number == next {
                self.parts.push(Vec::new());
            }
            self.parts[number as usize].push(ix);
            self.part_of[ix as usize] = number;
        }
        Ok(())
    }

    /// Searches from every unsettled student, but for the last of an odd part whose others are all in pairs, if there
    /// may be triads.
    fn settle(&mut self, prices: &mut Blossoms) -> Result<(), Error> {
        let mut unsettled: Vec<Vec<u32>> = vec![Vec::new(); self.parts.len()];
        for ix in prices.unsettled(&self.parts.concat()) {
            if let Some(of_part) = unsettled.get_mut(self.part_of[ix as usize] as usize) {
                of_part.push(ix);
            }
        }
        for (part, unsettled) in self.parts.iter().zip(unsettled) {
            let may_hold = self.limit > 0 && part.len() % 2 == 1 && part.len() > 1;
            for (place, &ix) in unsettled.iter().enumerate() {
                let exposed = |ix: &u32| prices.mate(*ix).is_none();
                if may_hold
                    && exposed(&ix)
                    && !unsettled[place + 1..].iter().any(exposed)
                    && part.iter().filter(|ix| exposed(ix)).count() == 1
                {
                    continue;
                }
                prices.search(&self.graph, ix, false, self.interrupt)?;
            }
        }
        Ok(())
    }

    /// Of a part that a limit cut: what the pairs so far are worth, if nothing better was found.
    fn fill(&self, part: &[u32], prices: &Blossoms, high: &Blossoms, found: &mut Solved) {
        let pairs = pairs_at_hand(part, &self.graph, prices);
        let worth = pairs.iter().map(|&(a, b)| {
            let score = self.graph.score(a, b).unwrap_or_default();
            i128::from(score) + self.students.cover[a as usize] + self.students.cover[b as usize]
        });
        let worth = worth.sum();
        if found
            .choices
            .iter()
            .all(|choice| !choice.groups.triads.is_empty())
        {
            let triads = Vec::new();
            let groups = Groups { pairs, triads };
            found.choices.insert(0, Choice { groups, worth });
        }
        if found.cases.iter().all(|case| case.triads != 0) {
            found.cases.push(Case {
                triads: 0,
                or_more: false,
                nodes: vec![GroupNode::Leaf(prices_of(part, self.students.len(), high))],
            });
        }
    }

    /// [`fill`](Self::fill) for a part of which only groups with triads are known.
    fn without_triads_at_hand(
        &self,
        part: &[u32],
        prices: &Blossoms,
        high: &Blossoms,
        found: &mut Solved,
    ) {
        let mut plainly = Solved::default();
        self.fill(part, prices, high, &mut plainly);
        plainly.choices.append(&mut found.choices);
        plainly.cases.append(&mut found.cases);
        *found = plainly;
    }

    /// The solution when a limit comes while pairs are sought.
    fn at_hand(&self, high: &Blossoms) -> Solution {
        let solved = self.parts.iter().map(|part| {
            let mut found = Solved::default();
            self.fill(part, &self.prices, high, &mut found);
            found
        });
        let solved = solved.collect();
        self.conclude(solved, true)
    }

    /// Chooses among the parts' best groups so that there are not too many triads.
    fn conclude(&self, solved: Vec<Solved>, cut: bool) -> Solution {
        let plain = |part: &[u32], triads: usize| plain(self.students, part, triads, self.cost);
        let mut offers = Vec::with_capacity(solved.len());
        let mut bounds = Vec::with_capacity(solved.len());
        for (part, found) in self.parts.iter().zip(&solved) {
            let of = |choice: &Choice| (choice.groups.triads.len(), choice.worth);
            offers.push(found.choices.iter().map(of).collect::<Vec<_>>());
            let limit = self.limit.min(part.len() / 3);
            let bound = |triads: usize| {
                let proven = found.cases.iter().any(|case| {
                    case.triads as usize == triads
                        || (case.or_more && case.triads as usize <= triads)
                });
                let of_case = if proven {
                    self.proven(part, found, triads)
                } else {
                    i128::MAX
                };
                (triads, of_case.min(plain(part, triads)))
            };
            bounds.push((0..=limit).map(bound).collect::<Vec<_>>());
        }
        let (_, chosen) = most(&offers, self.limit);
        let (bound, _) = most(&bounds, self.limit);
        let mut groups = Groups::default();
        for (found, place) in solved.iter().zip(chosen) {
            let choice = &found.choices[place];
            groups.pairs.extend(&choice.groups.pairs);
            groups.triads.extend(&choice.groups.triads);
        }
        let parts = self.parts.iter().zip(solved).map(|(part, found)| Part {
            students: part.clone(),
            cases: found.cases,
        });
        Solution {
            groups,
            parts: parts.collect(),
            bound,
            cut,
        }
    }

    /// What a case proves: no more than the best groups with so many triads, or than the best with fewer.
    fn proven(&self, part: &[u32], found: &Solved, triads: usize) -> i128 {
        let best = found
            .choices
            .iter()
            .filter(|choice| choice.groups.triads.len() <= triads);
        let best = best.map(|choice| choice.worth).max();
        let leaf = found
            .cases
            .iter()
            .find(|case| case.triads as usize == triads);
        // Prices that no search has lowered prove what they add up to.
        match leaf.map(|case| &case.nodes[..]) {
            Some([GroupNode::Leaf(prices)]) if triads == 0 => {
                let of_sets = prices.odd_sets.is_empty();
                let sum: i128 = prices.students.iter().sum();
                if of_sets {
                    return sum.div_euclid(2);
                }
                best.unwrap_or(0)
            }
            _ => best.unwrap_or_else(|| plain(self.students, part, triads, self.cost)),
        }
    }
}

/// The plain bound on the groups of a part with so many triads: see [`certificate`](crate::certificate).
pub(super) fn plain(students: &Students, part: &[u32], triads: usize, cost: i128) -> i128 {
    let covers = part.iter().map(|ix| students.cover[*ix as usize]);
    let least = covers.clone().min().unwrap_or(0);
    let left = ((part.len() + triads) % 2) as i128;
    let scores = (part.len() as i128 - left) * 500_000;
    covers.sum::<i128>() - least * left + scores - cost * triads as i128
}

/// Pairs of the matching so far, and of the columns what still fits, the best first.
fn pairs_at_hand(part: &[u32], graph: &Graph, prices: &Blossoms) -> Vec<(u32, u32)> {
    let mut pairs = Vec::new();
    let mut free: std::collections::BTreeSet<u32> = part.iter().copied().collect();
    for &ix in part {
        if let Some(mate) = prices.mate(ix) {
            free.remove(&ix);
            if ix < mate {
                pairs.push((ix, mate));
            }
        }
    }
    for &ix in part {
        if !free.contains(&ix) {
            continue;
        }
        let mut best: Option<(i64, std::cmp::Reverse<u32>)> = None;
        graph.each(ix, |other| {
            if free.contains(&other) {
                let score = graph.score(ix, other).unwrap_or_default();
                best = best.max(Some((score, std::cmp::Reverse(other))));
            }
        });
        if let Some((_, std::cmp::Reverse(other))) = best {
            free.remove(&ix);
            free.remove(&other);
            pairs.push((ix.min(other), ix.max(other)));
        }
    }
    pairs
}

/// The greatest sum of one offer (number, worth) of each list with numbers that add up to at most `limit`, and the
/// places of those offers. Every list offers the number 0 or comes with what it has.
fn most(offers: &[Vec<(usize, i128)>], limit: usize) -> (i128, Vec<usize>) {
    let best = |offers: &Vec<(usize, i128)>| {
        let all = offers.iter().enumerate();
        // Of equals the fewest.
        let best = all.max_by_key(|(place, offer)| (offer.1, std::cmp::Reverse(*place)));
        best.map_or(0, |(place, _)| place)
    };
    let places: Vec<usize> = offers.iter().map(best).collect();
    let chosen = || {
        offers
            .iter()
            .zip(&places)
            .map(|(offers, place)| offers[*place])
    };
    if chosen().map(|offer| offer.0).sum::<usize>() <= limit {
        let sum = chosen().map(|offer| offer.1).sum();
        return (sum, places);
    }
    // By numbers so far, the greatest sum and the places.
    let mut table: Vec<Option<(i128, Vec<usize>)>> = vec![None; limit + 1];
    table[0] = Some((0, Vec::new()));
    for offers in offers {
        let mut next: Vec<Option<(i128, Vec<usize>)>> = vec![None; limit + 1];
        for (used, entry) in table.iter().enumerate() {
            let Some((sum, places)) = entry else { continue };
            for (place, &(number, worth)) in offers.iter().enumerate() {
                let Some(slot) = next.get_mut(used + number) else {
                    continue;
                };
                if slot.as_ref().is_none_or(|slot| slot.0 < sum + worth) {
                    let mut places = places.clone();
                    places.push(place);
                    *slot = Some((sum + worth, places));
                }
            }
        }
        table = next;
    }
    let best = table
        .into_iter()
        .flatten()
        .reduce(|a, b| if b.0 > a.0 { b } else { a });
    best.unwrap_or((0, vec![0; offers.len()]))
}

/// Nothing, when a limit came at once.
fn nothing(students: &Students, levels: &Levels, limit: usize) -> Solution {
    // As if everybody who is open were in one part.
    let mut part = students.order();
    part.sort_unstable();
    let triads = 0..=limit.min(part.len() / 3);
    let bounds = triads.map(|triads| plain(students, &part, triads, levels.triad()));
    let bound = bounds.max().unwrap_or(0);
    Solution {
        groups: Groups::default(),
        bound,
        parts: vec![Part {
            students: part,
            cases: Vec::new(),
        }],
        cut: true,
    }
}
