//! The network of a restricted program: chosen pairs and prices that prove them best, kept optimal in exact
//! integers while columns are added.
//!
//! Mentee `e` has a price `u`, mentor `m` a price `v`, and everybody's load a concave value (see
//! [`Load`]). What holds between two calls of [`route`](Network::route):
//!
//! - a column that is not chosen has `w ≤ u + v`, a chosen one `w ≥ u + v`;
//! - at the load `d` that a person has, `value(d + 1) + price ≤ 0 ≤ value(d) + price`.
//!
//! These are the conditions of optimality, so the prices' bound equals the value of what is chosen. New columns
//! and changed loads break them for a few people, who give up what no longer holds; then a mentee who wants a mentor is
//! placed along a shortest path of alternating columns, and a mentor with room and a price fetches mentees
//! along one. Source: Ahuja, Magnanti and Orlin, *Network Flows* (1993), ch. 9.7 (successive shortest paths)
//! and 12.4 (assignment).

mod bid;
mod load;
mod reweigh;
mod search;

use num_traits::{PrimInt, Signed};

use crate::certificate::Prices;
use crate::error::Error;
use crate::interrupt::Interrupt;
use crate::program::{Decision, IntegerProgram};
use load::Load;
use search::{NOBODY, Search};

/// The integers that weights and prices are kept in: 64 bits where they fit, 128 where they must.
pub(super) trait Weight: PrimInt + Signed + std::fmt::Debug + Send + Sync {
    /// As the certificate has it.
    fn wide(self) -> i128 {
        self.to_i128().expect("at most 128 bits")
    }

    /// # Panics
    /// If the program has greater weights than [`fits`](IntegerProgram::fits) allows.
    fn narrow(weight: i128) -> Self {
        Self::from(weight).expect("the weights were measured when the network was chosen")
    }
}

impl Weight for i64 {}
impl Weight for i128 {}

/// A column of one mentee. Packed: there are tens of them a person.
#[derive(Debug, Clone, Copy)]
#[repr(C, packed(4))]
struct Column<W> {
    weight: W,
    /// The mentor, and in the lowest bit whether the pair is chosen.
    tagged: u32,
}

impl<W: Weight> Column<W> {
    fn mentor(self) -> usize {
        (self.tagged >> 1) as usize
    }

    fn is_chosen(self) -> bool {
        self.tagged & 1 == 1
    }
}

/// A pair that a mentor has.
#[derive(Debug, Clone, Copy)]
#[repr(C, packed(4))]
struct Has<W> {
    weight: W,
    mentee: u32,
}

/// What a search knows of a mentee or a mentor.
#[derive(Debug, Clone)]
struct Node<W> {
    /// How far the present search has come from, and through whom.
    distance: W,
    parent: u32,
    /// Equals the number of the search that `distance` and `parent` are of.
    seen: u32,
}

/// How many pairs a person is in, and what they are worth.
#[derive(Debug, Clone)]
struct Held<W> {
    load: Load<W>,
    pairs: u32,
}

pub(super) struct Network<W> {
    /// How many mentees there are: where people are numbered through, they come first, then the mentors.
    mentees: usize,
    prices: Vec<W>,
    nodes: Vec<Node<W>>,
    held: Vec<Held<W>>,
    /// The columns of each mentee, by mentor.
    columns: Vec<Vec<Column<W>>>,
    /// The mentees that have a column for each mentor.
    offered: Vec<Vec<u32>>,
    /// The pairs that each mentor has.
    chosen: Vec<Vec<Has<W>>>,
    /// Nodes that may want a pair more than they have.
    unsettled: Vec<u32>,
    search: Search<W>,
}

impl<W: Weight> Network<W> {
    /// The network without columns.
    pub(super) fn new(program: &IntegerProgram) -> Self {
        let obligation = W::narrow(program.levels.obligation());
        let mentees = program.mentees.iter().map(|mentee| {
            let first = W::narrow(program.levels.coverage(mentee.tier));
            Load::new(mentee.min, mentee.max, obligation, first)
        });
        let mentors = program
            .mentors
            .iter()
            .map(|mentor| Load::new(mentor.min, mentor.max, obligation, W::zero()));
        let held: Vec<Held<W>> = mentees
            .chain(mentors)
            .map(|load| Held { load, pairs: 0 })
            .collect();
        // Whoever has no place at all has a price that no pair is worth.
        let most = program.most();
        let price = |held: &Held<W>| held.load.step(1).map_or(W::narrow(most), |value| -value);
        let node = Node {
            distance: W::zero(),
            parent: NOBODY,
            seen: 0,
        };
        Self {
            mentees: program.mentees.len(),
            columns: vec![Vec::new(); program.mentees.len()],
            offered: vec![Vec::new(); program.mentors.len()],
            chosen: vec![Vec::new(); program.mentors.len()],
            prices: held.iter().map(price).collect(),
            nodes: vec![node; held.len()],
            held,
            unsettled: Vec::new(),
            search: Search::default(),
        }
    }

    /// Starts from prices of the mentors that are not 0. There are no columns yet.
    pub(super) fn start_from(&mut self, mentors: &[W]) {
        let prices = self.prices[self.mentees..].iter_mut().zip(mentors);
        for (node, (own, &price)) in (self.mentees as u32..).zip(prices) {
            if price > *own {
                *own = price;
                self.unsettled.push(node);
            }
        }
    }

    /// What the person gains by one pair more than now, its price included. Above 0, the person wants one;
    /// `None` if there can be no more.
    fn wants(&self, node: usize) -> Option<W> {
        let Held { load, pairs } = &self.held[node];
        Some(load.step(pairs + 1)? + self.prices[node])
    }

    /// What the person loses by one pair less than now, its price included; `None` if there is none.
    fn keeps(&self, node: usize) -> Option<W> {
        let Held { load, pairs } = &self.held[node];
        Some(load.step(*pairs)? + self.prices[node])
    }

    fn is_wanting(&self, node: usize) -> bool {
        self.wants(node).is_some_and(|gain| gain > W::zero())
    }

    /// Changes a mentor's decision; [`route`](Self::route) makes the choice optimal again.
    pub(super) fn decide(&mut self, program: &IntegerProgram, ix: usize, decision: Decision) {
        let mentor = program.mentors[ix];
        let (min, max) = match decision {
            Decision::Closed => (0, 0),
            Decision::Open => (mentor.min.max(mentor.circle), mentor.max),
            Decision::Either => (mentor.min, mentor.max),
        };
        let obligation = W::narrow(program.levels.obligation());
        let node = self.mentees + ix;
        self.held[node].load = Load::new(min, max, obligation, W::zero());
        // The price rises until what the mentor has too many of, and what is not worth its place any more, is let
        // go: the pairs that are worth the least come first.
        let mut has: Vec<u32> = self.chosen[ix].iter().map(|pair| pair.mentee).collect();
        has.sort_unstable_by_key(|&mentee| (self.profit(mentee as usize, ix), mentee));
        let surplus = has.len().saturating_sub(max as usize);
        let of_last = has[..surplus]
            .last()
            .map_or(W::zero(), |mentee| self.profit(*mentee as usize, ix));
        for mentee in &has[..surplus] {
            self.release(*mentee as usize, ix);
        }
        let lacks = self.keeps(node).map_or(W::zero(), |keeps| -keeps);
        self.prices[node] = self.prices[node] + of_last.max(lacks).max(W::zero());
        for mentee in &has[surplus..] {
            if self.profit(*mentee as usize, ix) < W::zero() {
                self.release(*mentee as usize, ix);
            }
        }
        self.unsettled.push(node as u32);
    }

    /// `w - u - v` of a column.
    fn profit(&self, mentee: usize, mentor: usize) -> W {
        let column = self.columns[mentee][self.place_of(mentee, mentor)];
        column.weight - self.prices[mentee] - self.prices[self.mentees + mentor]
    }

    /// Where the column stands among the mentee's.
    fn place_of(&self, mentee: usize, mentor: usize) -> usize {
        self.columns[mentee].partition_point(|column| column.mentor() < mentor)
    }

    fn attach(&mut self, mentee: usize, mentor: usize) {
        let place = self.place_of(mentee, mentor);
        let column = &mut self.columns[mentee][place];
        column.tagged |= 1;
        self.chosen[mentor].push(Has {
            weight: column.weight,
            mentee: mentee as u32,
        });
        self.held[mentee].pairs += 1;
        self.held[self.mentees + mentor].pairs += 1;
    }

    fn detach(&mut self, mentee: usize, mentor: usize) {
        let place = self.place_of(mentee, mentor);
        self.columns[mentee][place].tagged &= !1;
        self.chosen[mentor].retain(|pair| pair.mentee as usize != mentee);
        self.held[mentee].pairs -= 1;
        self.held[self.mentees + mentor].pairs -= 1;
    }

    /// Gives up a pair that does not hold any more; both may want another.
    fn release(&mut self, mentee: usize, mentor: usize) {
        self.detach(mentee, mentor);
        self.unsettled.push(mentee as u32);
        self.unsettled.push((self.mentees + mentor) as u32);
    }

    /// Adds columns (mentor, weight) of a mentee that it does not have yet. Raises the mentee's price to what
    /// the best of them asks, and lets go of chosen pairs that are not worth it.
    pub(super) fn add_columns(&mut self, mentee: usize, new: &[(u32, W)]) {
        let mut price = self.prices[mentee];
        self.columns[mentee].reserve_exact(new.len());
        for &(mentor, weight) in new {
            price = price.max(weight - self.prices[self.mentees + mentor as usize]);
            self.columns[mentee].push(Column {
                weight,
                tagged: mentor << 1,
            });
            self.offered[mentor as usize].push(mentee as u32);
        }
        self.columns[mentee].sort_unstable_by_key(|column| column.mentor());
        if price > self.prices[mentee] {
            self.prices[mentee] = price;
            self.unsettled.push(mentee as u32);
            self.release_unworthy(mentee);
        }
    }

    /// Lets go of a mentee's chosen pairs that are worth less than their prices.
    fn release_unworthy(&mut self, mentee: usize) {
        for place in 0..self.columns[mentee].len() {
            let column = self.columns[mentee][place];
            if column.is_chosen() && self.profit(mentee, column.mentor()) < W::zero() {
                self.release(mentee, column.mentor());
            }
        }
    }

    /// Whether the mentee has a column for this mentor.
    pub(super) fn has_column(&self, mentee: usize, mentor: u32) -> bool {
        let place = self.place_of(mentee, mentor as usize);
        self.columns[mentee]
            .get(place)
            .is_some_and(|column| column.mentor() == mentor as usize)
    }

    /// Makes the choice optimal for the columns, but for people who would need a search of more than `most` nodes; says
    /// whether there are none.
    ///
    /// # Errors
    /// The interrupt's, when it is time to stop; some then still want pairs.
    pub(super) fn route(&mut self, most: usize, interrupt: &Interrupt) -> Result<bool, Error> {
        // In the order of the roster, whatever the order in which they came to want something.
        let mut unsettled = std::mem::take(&mut self.unsettled);
        unsettled.sort_unstable();
        unsettled.dedup();
        let mentors = unsettled.partition_point(|node| (*node as usize) < self.mentees);
        let mentors = unsettled.split_off(mentors);
        let mut left = Vec::new();
        for (done, &mentee) in unsettled.iter().enumerate() {
            if let Err(error) = interrupt.check() {
                self.unsettled
                    .extend(left.iter().chain(&unsettled[done..]).chain(&mentors));
                return Err(error);
            }
            if self.is_wanting(mentee as usize)
                && let Some(mentee) = self.bid(mentee as usize)
            {
                left.push(mentee as u32);
            }
        }
        left.sort_unstable();
        left.extend(mentors);
        self.search.most = most;
        for (done, &node) in left.iter().enumerate() {
            while self.is_wanting(node as usize) {
                if let Err(error) = interrupt.check() {
                    self.unsettled.extend(&left[done..]);
                    return Err(error);
                }
                let ended = if (node as usize) < self.mentees {
                    self.place(node as usize)
                } else {
                    self.fill(node as usize)
                };
                if !ended {
                    self.unsettled.push(node);
                    break;
                }
            }
        }
        #[cfg(test)]
        self.hold_conditions();
        Ok(self.unsettled.is_empty())
    }

    /// The conditions that hold between calls, for those who are settled.
    #[cfg(test)]
    fn hold_conditions(&self) {
        for mentee in 0..self.mentees {
            for column in &self.columns[mentee] {
                let profit = self.profit(mentee, column.mentor());
                let holds = if column.is_chosen() {
                    profit >= W::zero()
                } else {
                    profit <= W::zero()
                };
                assert!(holds, "{mentee} {column:?} {profit:?}");
            }
        }
        for node in 0..self.nodes.len() {
            let wants = self.is_wanting(node) && !self.unsettled.contains(&(node as u32));
            let keeps = self.keeps(node).is_none_or(|gain| gain >= W::zero());
            assert!(
                !wants && keeps,
                "{node} {:?} {:?}",
                self.nodes[node],
                self.held[node]
            );
        }
    }

    /// How many people are left for whom a search was too long.
    pub(super) fn unsettled_count(&self) -> usize {
        self.unsettled.len()
    }

    /// The chosen pairs, ascending.
    pub(super) fn chosen(&self) -> impl Iterator<Item = (u32, u32)> {
        (0u32..).zip(&self.columns).flat_map(|(mentee, columns)| {
            let chosen = columns.iter().filter(|column| column.is_chosen());
            chosen.map(move |column| (mentee, column.mentor() as u32))
        })
    }

    /// The mentors of a mentee's columns, ascending.
    pub(super) fn mentors_of(&self, mentee: usize) -> impl Iterator<Item = u32> {
        self.columns[mentee]
            .iter()
            .map(|column| column.mentor() as u32)
    }

    /// How many columns there are.
    pub(super) fn columns(&self) -> usize {
        self.columns.iter().map(Vec::len).sum()
    }

    /// How many mentees each mentor has.
    pub(super) fn load(&self, mentor: usize) -> u32 {
        self.held[self.mentees + mentor].pairs
    }

    /// What the columns that are worth more than `prices` are worth more.
    pub(super) fn profits<'p>(&'p self, prices: &'p Prices) -> impl Iterator<Item = i128> + 'p {
        let rows = self.columns.iter().zip(&prices.mentees);
        rows.flat_map(move |(columns, own)| {
            let profit = move |column: &Column<W>| {
                let weight = column.weight;
                weight.wide() - own - prices.mentors[column.mentor()]
            };
            columns.iter().map(profit).filter(|profit| *profit > 0)
        })
    }

    /// The memory that columns and nodes take, in bytes.
    pub(super) fn bytes(&self) -> usize {
        // A column is also listed at its mentor.
        let column = size_of::<Column<W>>() + size_of::<u32>();
        let node = size_of::<Node<W>>() + size_of::<Held<W>>() + size_of::<W>();
        let node = node + 2 * size_of::<Vec<u32>>();
        self.columns() * column + self.nodes.len() * node
    }

    /// The prices of the mentees and of the mentors.
    pub(super) fn price(&self) -> [Vec<W>; 2] {
        let (mentees, mentors) = self.prices.split_at(self.mentees);
        [mentees.to_vec(), mentors.to_vec()]
    }

    /// The prices as the certificate has them.
    pub(super) fn prices(&self) -> Prices {
        let wide = |prices: &[W]| prices.iter().map(|price| price.wide()).collect();
        let (mentees, mentors) = self.prices.split_at(self.mentees);
        Prices {
            mentees: wide(mentees),
            mentors: wide(mentors),
            ..Prices::default()
        }
    }
}
