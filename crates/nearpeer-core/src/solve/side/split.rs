//! What a node of the proof tree is split on: a level, or a pair.

use super::Search;
use super::node::{Bounded, Decided, Fixed, Line, Point};
use crate::certificate::ProofNode;
use crate::units::{MenteeIx, MentorIx};

impl Search<'_> {
    /// A node that is split on the level at `place`: no more than the incumbent has of it, or more; and what is decided
    /// in both.
    pub(super) fn by_level(
        &self,
        place: usize,
        decided: &Decided,
        [below, above]: [usize; 2],
    ) -> (ProofNode, [Decided; 2]) {
        let at_most = self.program.values(&self.best.chosen)[place];
        let mut levels = self.program.levels.iter().map(|(level, _)| level);
        let level = levels.nth(place).expect("a level of the programme");
        let node = ProofNode::Level {
            level,
            at_most,
            below,
            above,
        };
        let sides = [(at_most, false), (at_most + 1, true)].map(|(value, at_least)| {
            let mut decided = decided.clone();
            decided.levels.push(Bounded {
                place,
                value,
                at_least,
            });
            decided
        });
        (node, sides)
    }

    /// A node that is split on a pair: left out, or chosen; and what is decided in both.
    pub(super) fn by_pair(
        &self,
        decided: &Decided,
        point: &Point,
        [left_out, chosen]: [usize; 2],
    ) -> (ProofNode, [Decided; 2]) {
        let (mentee, mentor) = self.split(decided, point);
        let node = ProofNode::Pair {
            mentee: MenteeIx(mentee),
            mentor: MentorIx(mentor),
            left_out,
            chosen,
        };
        let sides = [Fixed::LeftOut, Fixed::Chosen].map(|fixed| {
            let mut decided = decided.clone();
            decided.pairs.insert((mentee, mentor), fixed);
            decided
        });
        (node, sides)
    }

    /// The pair that a node is split on: one in which two matches differ that are best at its prices, counted
    /// by a row that has a price; else any pair that is not decided.
    fn split(&self, decided: &Decided, point: &Point) -> (u32, u32) {
        let open = |pair: &(u32, u32)| !decided.pairs.contains_key(pair);
        let priced = |pair: &(u32, u32)| {
            let mut rows = self.program.side.iter().zip(&point.rows);
            rows.any(|(row, price)| *price > 0 && row.has(pair.0, pair.1))
        };
        let value = |line: &Line| {
            let prices = point.rows.iter().enumerate();
            let prices =
                prices.map(|(row, price)| price.saturating_mul(self.room(line, row, decided)));
            prices.fold(self.worth(line, decided), i128::saturating_add)
        };
        let others = self.lines.iter();
        let rival = others
            .filter(|line| line.chosen != point.line.chosen)
            .max_by_key(|line| value(line));
        let differ = rival.map_or_else(Vec::new, |rival| {
            let here = point.line.chosen.iter().chain(&rival.chosen);
            here.map(|pair| (pair.mentee, pair.mentor))
                .filter(|pair| point.line.has(*pair) != rival.has(*pair))
                .collect()
        });
        let chosen = point.line.chosen.iter();
        let chosen = chosen.map(|pair| (pair.mentee, pair.mentor));
        differ
            .iter()
            .copied()
            .find(|pair| open(pair) && priced(pair))
            .or_else(|| chosen.clone().find(|pair| open(pair) && priced(pair)))
            .or_else(|| differ.iter().copied().find(open))
            .or_else(|| chosen.clone().find(open))
            .or_else(|| self.first_open(decided))
            .unwrap_or_else(|| unreachable!("where every pair is decided, the bound is the value"))
    }

    fn first_open(&self, decided: &Decided) -> Option<(u32, u32)> {
        let mut row = Vec::new();
        (0..self.program.mentees.len()).find_map(|mentee| {
            self.program.pairs.row(mentee, &mut row);
            let mut pairs = row.iter().map(|(mentor, _)| (mentee as u32, *mentor));
            pairs.find(|pair| !decided.pairs.contains_key(pair))
        })
    }
}
