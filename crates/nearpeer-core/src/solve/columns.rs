//! Column generation: which pairs the restricted program starts from, and which it lacks at given prices.
//! Every eligible pair is looked at in each pass, and none is stored.

use std::cmp::Reverse;

use rayon::prelude::*;

use crate::certificate::Prices;
use crate::program::{Decision, IntegerProgram};

/// Columns that a person starts with: the best by score.
const FIRST: usize = 16;

/// Columns that a mentee gets in the first round, the most violated ones; twice as many in every next one, so that
/// dense programmes whose best partners are everybody's come to an end.
pub(super) const FIRST_ROUND: usize = 6;

/// The order in which person `own` prefers among equals: a different one for everybody, so that ties do
/// not lead all of them to the same few partners. `others` is the size of the other side.
fn turn(own: usize, other: u32, others: usize) -> u64 {
    // 2^64 over the golden ratio spreads consecutive numbers evenly (Knuth, TAOCP vol. 3, 6.4).
    let start = (own as u64).wrapping_mul(0x9E37_79B9_7F4A_7C15) % others as u64;
    let other = u64::from(other);
    if other >= start {
        other - start
    } else {
        other + others as u64 - start
    }
}

/// (mentor, weight) by mentee.
pub(super) type NewColumns = Vec<Vec<(u32, i128)>>;

/// The weights of one mentee's pairs, in the order of `row`.
fn weigh(
    program: &IntegerProgram,
    mentee: usize,
    row: &[(u32, i64)],
    mut visit: impl FnMut(u32, i128),
) {
    let of_mentee = |pair: &(u32, u32)| pair.0 as usize;
    let from = program
        .required
        .partition_point(|pair| of_mentee(pair) < mentee);
    let mut required = program.required[from..]
        .iter()
        .filter(|pair| of_mentee(pair) == mentee)
        .peekable();
    let (obligation, unit) = (program.levels.obligation(), program.levels.score());
    for &(mentor, score) in row {
        let mut weight = i128::from(score) * unit;
        while required.next_if(|pair| pair.1 < mentor).is_some() {}
        if required.next_if(|pair| pair.1 == mentor).is_some() {
            weight += obligation;
        }
        visit(mentor, weight - program.discount(mentee as u32, mentor));
    }
}

/// The best `FIRST` pairs of every mentee and every mentor, and all required ones.
pub(super) fn first(program: &IntegerProgram) -> NewColumns {
    let (mentees, mentors) = (program.mentees.len(), program.mentors.len());
    let start = || Pass {
        row: Vec::new(),
        columns: Vec::new(),
        of_mentor: vec![Best::default(); mentors],
    };
    let passes = (0..mentees)
        .into_par_iter()
        .fold(start, |mut pass, mentee| {
            program.pairs.row(mentee, &mut pass.row);
            let mut of_mentee = Best::default();
            weigh(program, mentee, &pass.row, |mentor, weight| {
                of_mentee.offer(weight, turn(mentee, mentor, mentors), mentor);
                let turn = turn(mentor as usize, mentee as u32, mentees);
                pass.of_mentor[mentor as usize].offer(weight, turn, mentee as u32);
            });
            let mine = of_mentee
                .finish()
                .map(|(weight, mentor)| (mentee as u32, mentor, weight));
            pass.columns.extend(mine);
            pass
        });
    let merged = passes.reduce(start, |mut a, mut b| {
        a.columns.append(&mut b.columns);
        for (mine, theirs) in a.of_mentor.iter_mut().zip(b.of_mentor) {
            mine.merge(theirs);
        }
        a
    });
    let mut new: NewColumns = vec![Vec::new(); mentees];
    for (mentee, mentor, weight) in merged.columns {
        new[mentee as usize].push((mentor, weight));
    }
    for (mentor, best) in (0u32..).zip(merged.of_mentor) {
        for (weight, mentee) in best.finish() {
            new[mentee as usize].push((mentor, weight));
        }
    }
    for &(mentee, mentor) in &program.required {
        if let Some(score) = program.pairs.score(mentee as usize, mentor) {
            new[mentee as usize].push((mentor, program.weight(mentee, mentor, score)));
        }
    }
    for columns in &mut new {
        columns.sort_unstable();
        columns.dedup();
    }
    new
}

/// What one thread has seen of all pairs.
struct Pass {
    row: Vec<(u32, i64)>,
    /// (mentee, mentor, weight)
    columns: Vec<(u32, u32, i128)>,
    of_mentor: Vec<Best>,
}

/// The best `FIRST` offers that one person has had.
#[derive(Clone, Default)]
struct Best(Vec<(Reverse<i128>, u64, u32)>);

impl Best {
    fn offer(&mut self, weight: i128, turn: u64, partner: u32) {
        self.0.push((Reverse(weight), turn, partner));
        if self.0.len() >= 4 * FIRST {
            self.trim();
        }
    }

    fn trim(&mut self) {
        if self.0.len() > FIRST {
            self.0.select_nth_unstable(FIRST - 1);
            self.0.truncate(FIRST);
        }
    }

    fn merge(&mut self, mut other: Self) {
        self.0.append(&mut other.0);
        self.trim();
    }

    /// (weight, partner)
    fn finish(mut self) -> impl Iterator<Item = (i128, u32)> {
        self.trim();
        self.0
            .into_iter()
            .map(|(Reverse(weight), _, partner)| (weight, partner))
    }
}

/// Keeps the columns that are violated most.
fn most_violated(
    mentee: usize,
    mentors: usize,
    most: usize,
    mut violated: Vec<(i128, u32, i128)>,
) -> Vec<(u32, i128)> {
    violated.sort_unstable_by_key(|&(profit, mentor, _)| {
        (Reverse(profit), turn(mentee, mentor, mentors))
    });
    violated.truncate(most);
    violated
        .into_iter()
        .map(|(_, mentor, weight)| (mentor, weight))
        .collect()
}

/// What a pass over all pairs found at given prices.
pub(super) struct Pricing {
    /// No match has a greater combined objective, while the decisions hold.
    pub(super) bound: i128,
    /// The most violated pairs that are not columns yet.
    pub(super) violated: NewColumns,
}

/// Prices every eligible pair, with loads that are decided or, where they are not, relaxed to their convex
/// hull `0 ..= max`. Gives at most `most` violated pairs a mentee; `is_column` tells the columns that the restricted program has.
pub(super) fn price(
    program: &IntegerProgram,
    decisions: &[Decision],
    prices: &Prices,
    most: usize,
    is_column: impl Fn(usize, u32) -> bool + Sync,
) -> Pricing {
    let pass = (0..program.mentees.len())
        .into_par_iter()
        .map_init(Vec::new, |row, mentee| {
            program.pairs.row(mentee, row);
            let price = prices.mentees[mentee];
            let mut sum = 0i128;
            let mut violated = Vec::new();
            weigh(program, mentee, row, |mentor, weight| {
                let profit = weight - price - prices.mentors[mentor as usize];
                if profit > 0 {
                    sum = profit.saturating_add(sum);
                    if !is_column(mentee, mentor) {
                        violated.push((profit, mentor, weight));
                    }
                }
            });
            (
                sum,
                most_violated(mentee, program.mentors.len(), most, violated),
            )
        });
    let (sums, violated): (Vec<i128>, NewColumns) = pass.unzip();
    Pricing {
        bound: sums.into_iter().fold(
            loads_bound(program, decisions, prices, 1),
            i128::saturating_add,
        ),
        violated,
    }
}

/// The pairs of reduced profit 0 that are not columns yet.
pub(super) fn tight(
    program: &IntegerProgram,
    prices: &Prices,
    is_column: impl Fn(usize, u32) -> bool + Sync,
) -> NewColumns {
    let pass = (0..program.mentees.len())
        .into_par_iter()
        .map_init(Vec::new, |row, mentee| {
            program.pairs.row(mentee, row);
            let mut tight = Vec::new();
            weigh(program, mentee, row, |mentor, weight| {
                let profit = weight - prices.mentees[mentee] - prices.mentors[mentor as usize];
                if profit == 0 && !is_column(mentee, mentor) {
                    tight.push((mentor, weight));
                }
            });
            tight
        });
    pass.collect()
}

/// The part of the bound that people's loads have: `Σ max_d (price · d + F(d)) - W · required`.
fn loads_bound(
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

/// As [`price`], with prices in units of `1 / denominator`, and with undecided mentors' terms replaced by
/// their best circle: none, or the mentees worth most at these prices, at least k of them.
pub(super) fn price_circles(
    program: &IntegerProgram,
    decisions: &[Decision],
    prices: &Prices,
    denominator: i64,
    is_column: impl Fn(usize, u32) -> bool + Sync,
) -> Pricing {
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
        program.pairs.row(mentee, &mut row);
        weigh(program, mentee, &row, |mentor, weight| {
            let ix = mentor as usize;
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
        });
    }
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
    let violated = violated.into_iter().enumerate().map(|(mentee, violated)| {
        most_violated(mentee, program.mentors.len(), FIRST_ROUND, violated)
    });
    Pricing {
        violated: violated.collect(),
        bound: bound.saturating_add(loads_bound(program, decisions, &hull, denominator)),
    }
}
