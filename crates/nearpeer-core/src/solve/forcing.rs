//! The network of an optimum, kept to ask what it would be with one pair required: the pair becomes worth more than
//! two matches can differ by, and only what that upsets is placed again.

use std::collections::HashMap;

use super::network::Network;
use super::{add, converge, scored, start};
use crate::certificate::Prices;
use crate::error::Error;
use crate::interrupt::Interrupt;
use crate::program::{Discounts, IntegerProgram};

pub(crate) struct Forcing<'a> {
    program: &'a IntegerProgram<'a>,
    /// The program with the pair that is asked about worth more.
    view: IntegerProgram<'a>,
    network: Network<i128>,
    /// The prices and the values of the optimum.
    prices: Prices,
    values: Vec<i64>,
    /// What decides a pair: more than two matches can differ by, twice over.
    large: i128,
}

impl<'a> Forcing<'a> {
    /// Solves a program in which only loads bind.
    ///
    /// # Errors
    /// The interrupt's.
    pub(crate) fn new(
        program: &'a IntegerProgram<'a>,
        interrupt: &Interrupt,
    ) -> Result<Self, Error> {
        let view = program.discounted(1, Discounts::default());
        let mut network = Network::new(&view);
        start(&view, &mut network, interrupt)?;
        converge(&view, &mut network, interrupt, |_, _| Ok(()))?;
        let values = program.values(&scored(program, network.chosen()));
        Ok(Self {
            program,
            view,
            prices: network.prices(),
            network,
            values,
            large: 2 * program.levels.span(),
        })
    }

    /// The values of the optimum's levels.
    pub(crate) fn values(&self) -> &[i64] {
        &self.values
    }

    /// What the optimum with an eligible pair required is worse by in the combined objective, at least: what the pair
    /// lacks to be worth its prices. `None` if it is not eligible.
    pub(crate) fn least(&self, mentee: u32, mentor: u32) -> Option<i128> {
        let score = self.program.pairs.score(mentee as usize, mentor)?;
        let prices = self.prices.mentees[mentee as usize] + self.prices.mentors[mentor as usize];
        Some((prices - self.program.weight(mentee, mentor, score)).max(0))
    }

    /// The values of the optimum with an eligible pair required, minimum loads and required pairs being missed as few
    /// times as can be; `None` where one of the two may have no pair at all.
    ///
    /// # Errors
    /// The interrupt's.
    pub(crate) fn with(
        &mut self,
        pair: (u32, u32),
        interrupt: &Interrupt,
    ) -> Result<Option<Vec<i64>>, Error> {
        let (mentee, mentor) = pair;
        let discounts = Discounts {
            pairs: HashMap::from([(pair, -self.large)]),
            ..Discounts::default()
        };
        if let Some(before) = self.view.discounts.replace(discounts) {
            let view = &self.view;
            self.network.reweigh(|mentee, mentor| {
                before.of(mentee, mentor) - view.discount(mentee, mentor)
            });
        }
        // What decides the pair is no part of its score, by which columns are looked for.
        if !self.network.has_column(mentee as usize, mentor) {
            let Some(score) = self.program.pairs.score(mentee as usize, mentor) else {
                return Ok(None);
            };
            let weight = self.view.weight(mentee, mentor, score);
            add(&mut self.network, vec![(mentee, vec![(mentor, weight)])]);
        }
        converge(&self.view, &mut self.network, interrupt, |_, _| Ok(()))?;
        let chosen = scored(self.program, self.network.chosen());
        let is_chosen = chosen
            .binary_search_by_key(&pair, |chosen| (chosen.mentee, chosen.mentor))
            .is_ok();
        Ok(is_chosen.then(|| self.program.values(&chosen)))
    }
}
