//! What the network says at some prices of the rows.

use super::node::{Decided, Fixed, Line, Point};
use super::{Search, bound, converge, scored};
use crate::error::Error;
use crate::program::Discounts;

impl Search<'_> {
    /// Solves the network at these prices of the rows.
    pub(super) fn ask(&mut self, rows: Vec<i128>, decided: &Decided) -> Result<Point, Error> {
        let large = self.large;
        let (side, of_levels) = rows.split_at(self.program.side.len());
        let pairs = decided.pairs.iter().map(|(pair, fixed)| match fixed {
            Fixed::LeftOut => (*pair, large),
            Fixed::Chosen => (*pair, -large),
        });
        let discounts = Discounts {
            rows: &self.program.side,
            prices: side.to_vec(),
            pairs: pairs.collect(),
        };
        if let Some(before) = self.view.discounts.replace(discounts) {
            let view = &self.view;
            self.network.reweigh(|mentee, mentor| {
                before.of(mentee, mentor) - view.discount(mentee, mentor)
            });
        }
        self.view.levels = self.program.levels.in_units(self.unit);
        let mut paid = 0i128;
        for (bounded, price) in decided.levels.iter().zip(of_levels) {
            let (weight, each) = bounded.signed(*price);
            self.view.levels.shift(bounded.place, weight);
            paid = each
                .saturating_mul(bounded.value.into())
                .saturating_add(paid);
        }
        self.network.revalue(&self.view);
        self.add_chosen(decided);
        for (row, price) in self.program.side.iter().zip(side) {
            paid = price.saturating_mul(row.limit.into()).saturating_add(paid);
        }
        let (program, view, best, interrupt) =
            (self.program, &self.view, &mut self.best, self.interrupt);
        converge(view, &mut self.network, interrupt, |network, prices| {
            if decided.is_empty() {
                let bound = bound::of_columns(view, network, prices);
                let mut prices = prices.clone();
                prices.side = side.to_vec();
                best.prove(&prices, paid.saturating_add(bound));
                if interrupt.wants_standing() {
                    interrupt.stand(&best.levels(program))?;
                }
            }
            Ok(())
        })?;
        let mut prices = self.network.prices();
        let mut bound = bound::of_columns(&self.view, &self.network, &prices);
        bound = paid.saturating_add(bound);
        for (&(mentee, mentor), decision) in &decided.pairs {
            if !self.network.has_column(mentee as usize, mentor) {
                // It is worth less than its prices, and left out.
                continue;
            }
            let Some(score) = self.program.pairs.score(mentee as usize, mentor) else {
                continue;
            };
            let profit = self.view.weight(mentee, mentor, score)
                - prices.mentees[mentee as usize]
                - prices.mentors[mentor as usize];
            // The network's bound has the pair's profit at its altered weight if that is positive.
            bound -= profit.max(0);
            if *decision == Fixed::Chosen {
                bound = (profit - large).saturating_add(bound);
            }
        }
        prices.side = side.to_vec();
        prices.levels = of_levels.to_vec();
        let line = Line::new(self.program, scored(self.program, self.network.chosen()));
        self.best.offer(self.program, line.chosen.clone());
        Ok(Point {
            prices,
            rows,
            bound,
            line,
        })
    }

    /// Gives the network the pairs that are chosen in a node as columns: what decides them is no part of their score,
    /// by which pairs are looked for.
    fn add_chosen(&mut self, decided: &Decided) {
        let mut chosen: Vec<(u32, u32)> = decided
            .pairs
            .iter()
            .filter(|(_, fixed)| **fixed == Fixed::Chosen)
            .map(|(pair, _)| *pair)
            .collect();
        chosen.sort_unstable();
        for (mentee, mentor) in chosen {
            let score = self.program.pairs.score(mentee as usize, mentor);
            if let Some(score) = score
                && !self.network.has_column(mentee as usize, mentor)
            {
                let weight = self.view.weight(mentee, mentor, score);
                self.network
                    .add_columns(mentee as usize, &[(mentor, weight)]);
            }
        }
    }
}
