//! Stable matches: deferred acceptance, the best score among all stable matches, and blocking pairs.
//!
//! # Sources
//! Gale and Shapley, *College admissions and the stability of marriage* (1962); Irving and Leather, *The complexity
//! of counting stable marriages* (1986), for rotations; Irving, Leather and Gusfield, *An efficient algorithm for the
//! "optimal" stable marriage* (1987), for the best score; Roth, *On the allocation of residents to rural hospitals*
//! (1986), for why all stable matches cover the same mentees.

mod answer;
mod blocking;
mod closure;
mod deferred;
mod fewest;
mod market;
mod rotations;

#[cfg(test)]
mod tests;

pub(crate) use answer::{
    blocking_of, certificate, explain_refusals, no_prices, with_fewest_blocking,
};
pub use blocking::BlockingPair;
pub(crate) use market::Market;

use crate::certificate::{Flow, StableProof};
use crate::error::Error;
use crate::interrupt::Interrupt;
use crate::program::Chosen;
use crate::programme::StabilityMode;
use crate::roster::Role;
use rotations::{Place, Rotations};

/// The stable match that `mode` asks for, by mentee, and what proves that it is that one.
///
/// # Errors
/// The interrupt's; there is no match before the end.
pub(crate) fn stable(
    market: &Market,
    mode: StabilityMode,
    interrupt: &Interrupt,
) -> Result<(Vec<Chosen>, StableProof), Error> {
    let optimal = |role| deferred::acceptance(market, role, interrupt);
    let mut proof = StableProof {
        mode,
        flows: Vec::new(),
    };
    let chosen = match mode {
        StabilityMode::MentorOptimal => optimal(Role::Mentor)?,
        StabilityMode::BestScore => {
            let first = optimal(Role::Mentee)?;
            let last = optimal(Role::Mentor)?;
            let rotations = Rotations::between(market, &first, &last, interrupt)?;
            let (best, flows) = closure::heaviest(&rotations);
            let name = |rotation: usize| {
                let moved = &rotations.all[rotation].moves[0];
                (moved.mentee, moved.to.mentor)
            };
            proof.flows = flows
                .into_iter()
                .map(|(payer, paid, amount)| Flow {
                    payer: name(payer),
                    paid: name(paid),
                    amount,
                })
                .collect();
            rotations.after(&first, &best)
        }
        _ => optimal(Role::Mentee)?,
    };
    Ok((chosen, proof))
}

impl Rotations {
    /// The match after these rotations, which hold all that must come before any of them.
    fn after(&self, first: &[Chosen], eliminated: &[bool]) -> Vec<Chosen> {
        let mut chosen = first.to_vec();
        for (rotation, _) in self.all.iter().zip(eliminated).filter(|(_, is)| **is) {
            for moved in &rotation.moves {
                let place = chosen.partition_point(|pair| pair.mentee < moved.mentee);
                let Place { mentor, score, .. } = moved.to;
                chosen[place].mentor = mentor;
                chosen[place].score = score;
            }
        }
        chosen
    }
}
