//! The bound that prices prove, worked out over every eligible pair where circles need it.

use std::cmp::Reverse;

use super::columns::{FIRST_ROUND, NewColumns, turn};
use super::network::{Network, Weight};
use crate::certificate::Prices;
use crate::error::Error;
use crate::interrupt::Interrupt;
use crate::program::{Decision, IntegerProgram};
use crate::progress::Phase;

/// What a pass over all pairs found at given prices.
pub(super) struct Pricing {
    /// No match has a greater combined objective, while the decisions hold.
    pub(super) bound: i128,
    /// The most violated pairs that are not columns yet.
    #[cfg_attr(
        not(feature = "highs"),
        expect(dead_code, reason = "only prices of a linear program ask for them")
    )]
    pub(super) violated: NewColumns<i128>,
}

/// The part of the bound that people's loads have: `Σ max_d (price · d + F(d)) - W · required`.
pub(super) fn loads_bound(
    program: &IntegerProgram,
    decisions: &[Decision],
    prices: &Prices,
    unit: i128,
) -> i128 {
    let obligation = unit * program.levels.obligation();
    let best = |price: i128, min: u32, max: u32, first: i128| {
        // The function is concave with breaks at these loads.
        let loads = [0, 1, min, max].into_iter().filter(|load| *load <= max);
        let value = |load: u32| {
            let missed = i128::from(min.saturating_sub(load));
            let gain = if load > 0 { first } else { 0 } - obligation * missed;
            price.saturating_mul(load.into()).saturating_add(gain)
        };
        loads.map(value).max().unwrap_or(0)
    };
    let mentees = program
        .mentees
        .iter()
        .zip(&prices.mentees)
        .map(|(mentee, &price)| {
            best(
                price,
                mentee.min,
                mentee.max,
                unit * program.levels.coverage(mentee.tier),
            )
        });
    let mentors = program.mentors.iter().zip(&prices.mentors).zip(decisions);
    let mentors = mentors.map(|((mentor, &price), decision)| match decision {
        Decision::Closed => 0,
        Decision::Open => best(price, mentor.min.max(mentor.circle), mentor.max, 0),
        Decision::Either => best(price, mentor.min, mentor.max, 0),
    });
    let required = obligation * program.required.len() as i128;
    mentees.chain(mentors).fold(-required, i128::saturating_add)
}

/// Prices every pair, with prices in units of `1 / denominator` and undecided mentors' terms replaced by their best
/// circle: none, or the mentees worth most at these prices, at least k of them. `is_column` tells the pairs that
/// the restricted program has.
///
/// # Errors
/// The interrupt's.
pub(super) fn of_circles(
    program: &IntegerProgram,
    decisions: &[Decision],
    prices: &Prices,
    denominator: i64,
    interrupt: &Interrupt,
    is_column: impl Fn(usize, u32) -> bool + Sync,
) -> Result<Pricing, Error> {
    let walk = interrupt.walk(Phase::Pricing, program.mentees.len());
    let in_circle: Vec<bool> = program
        .mentors
        .iter()
        .zip(decisions)
        .map(|(mentor, decision)| *decision == Decision::Either && mentor.circle > 0)
        .collect();
    let denominator = i128::from(denominator);
    let mut worth: Vec<Vec<(i128, u32, i128)>> = vec![Vec::new(); program.mentors.len()];
    let mut violated: Vec<Vec<(i128, u32, i128)>> = vec![Vec::new(); program.mentees.len()];
    let mut bound = 0i128;
    let mut row = Vec::new();
    for (mentee, violated) in violated.iter_mut().enumerate() {
        if !walk.goes_on(mentee) {
            break;
        }
        program.pairs.row(mentee, &mut row);
        for &(mentor, score) in &row {
            let ix = mentor as usize;
            let weight = program.weight(mentee as u32, mentor, score);
            let profit = weight * denominator - prices.mentees[mentee];
            if in_circle[ix] {
                let best = &mut worth[ix];
                let keep = program.mentors[ix].max as usize;
                best.push((profit, mentee as u32, weight));
                if best.len() >= 2 * keep + 16 {
                    best.select_nth_unstable_by(keep - 1, |a, b| b.0.cmp(&a.0).then(a.1.cmp(&b.1)));
                    best.truncate(keep);
                }
            } else if profit > prices.mentors[ix] {
                let profit = profit - prices.mentors[ix];
                bound = profit.saturating_add(bound);
                if !is_column(mentee, mentor) {
                    violated.push((profit, mentor, weight));
                }
            }
        }
    }
    walk.end()?;
    let mut hull = prices.clone();
    for (ix, mut best) in worth
        .into_iter()
        .enumerate()
        .filter(|(ix, _)| in_circle[*ix])
    {
        hull.mentors[ix] = 0;
        best.sort_unstable_by(|a, b| b.0.cmp(&a.0).then(a.1.cmp(&b.1)));
        best.truncate(program.mentors[ix].max as usize);
        let mut sum = 0i128;
        let sums = best.iter().zip(1u32..).map(|((profit, ..), size)| {
            sum = profit.saturating_add(sum);
            (sum, size)
        });
        let circles = sums.filter(|(_, size)| *size >= program.mentors[ix].circle);
        // Of equal sums the smallest circle: fewer columns.
        if let Some((value, size)) = circles.max_by_key(|(value, size)| (*value, Reverse(*size)))
            && value > 0
        {
            bound = value.saturating_add(bound);
            for (profit, mentee, weight) in best.into_iter().take(size as usize) {
                if !is_column(mentee as usize, ix as u32) {
                    violated[mentee as usize].push((profit, ix as u32, weight));
                }
            }
        }
    }
    let violated = (0u32..).zip(violated).map(|(mentee, mut violated)| {
        let place = |mentor| turn(mentee as usize, mentor, program.mentors.len());
        violated.sort_unstable_by_key(|&(profit, mentor, _)| (Reverse(profit), place(mentor)));
        violated.truncate(FIRST_ROUND);
        let columns = violated.into_iter();
        let columns = columns.map(|(_, mentor, weight)| (mentor, weight));
        (mentee, columns.collect::<Vec<_>>())
    });
    Ok(Pricing {
        violated: violated
            .filter(|(_, columns)| !columns.is_empty())
            .collect(),
        bound: bound.saturating_add(loads_bound(program, decisions, &hull, denominator)),
    })
}

/// The bound of prices at which no pair but the network's columns is worth more than its prices.
pub(super) fn of_columns<W: Weight>(
    program: &IntegerProgram,
    network: &Network<W>,
    prices: &Prices,
) -> i128 {
    let decisions = vec![Decision::Either; program.mentors.len()];
    let profits: i128 = network.profits(prices).sum();
    loads_bound(program, &decisions, prices, 1) + profits
}
