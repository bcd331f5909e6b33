//! The triad that is worth most above a leaf's prices.
//!
//! In six times the doubled units a triad is worth at most the sum of what its pairs carry:
//! `6·s_ab − 3·(u_a + u_b) − 2·z_ab`, for the odd sets with two or three of the students are all around one of the
//! pairs, and no pair has more. Pairs that carry too little, with the most that their students' other pairs carry, are
//! in no triad above a floor; the floor falls until there is one, or every pair has been looked at.

use rayon::prelude::*;

use super::Statement;
use super::bound::Place;
use super::leaf::Leaf;
use crate::certificate::Part;
use crate::error::Error;
use crate::verify::VerifyOptions;
use crate::verify::options::go_on;

/// A pair's other student, its score, and the prices of the odd sets around both.
type Near = (usize, i64, i128);

/// The worth of the best triad above the prices, doubled; `None` if there is none that is not decided.
pub(super) fn best_triad(
    statement: &Statement,
    places: &[Place],
    part: &Part,
    leaf: &Leaf,
    options: &VerifyOptions,
) -> Result<Option<i128>, Error> {
    let count = part.students.len();
    let carries = |a: usize, &(b, score, shared): &Near| {
        6 * i128::from(score) - 3 * (leaf.price[a] + leaf.price[b]) - 2 * shared
    };
    // The pairs of a student, whose others are still there.
    let near = |place: usize| -> Result<Vec<Near>, Error> {
        go_on(&options.stop)?;
        if leaf.gone[place] {
            return Ok(Vec::new());
        }
        let (mut row, mut common) = (Vec::new(), Vec::new());
        (statement.row)(part.students[place] as usize, &mut row);
        leaf.common(place, &mut common);
        let near = row.into_iter().filter_map(|(other, score)| {
            let (_, other) = places[other as usize].filter(|(of, _)| *of == leaf.part)?;
            let there = other != place && !leaf.gone[other];
            there.then(|| (other, score, common[other]))
        });
        Ok(near.collect())
    };
    let most = (0..count).into_par_iter().map(|place| {
        let near = near(place)?;
        let most = near.iter().map(|pair| carries(place, pair)).max();
        Ok((most, near.iter().filter(|pair| pair.0 > place).count()))
    });
    let most: Vec<(Option<i128>, usize)> = most.collect::<Result<_, Error>>()?;
    let all: usize = most.iter().map(|(_, pairs)| pairs).sum();
    let Some(ceiling) = most.iter().filter_map(|(most, _)| *most).max() else {
        return Ok(None);
    };
    let ceiling = ceiling.div_euclid(2);
    let mut step: i128 = 1 << 10;
    loop {
        let floor = ceiling - step;
        let candidates = (0..count).into_par_iter().map(|place| {
            let mut near = near(place)?;
            let own = most[place].0.unwrap_or(0);
            near.retain(|pair| {
                let other = most[pair.0].0.unwrap_or(0);
                pair.0 > place && carries(place, pair) + own + other > 6 * floor
            });
            near.sort_unstable();
            Ok(near)
        });
        let candidates: Vec<Vec<Near>> = candidates.collect::<Result<_, Error>>()?;
        let found = (0..count)
            .into_par_iter()
            .filter_map(|a| best_of(leaf, &candidates, a))
            .max();
        let looked_at: usize = candidates.iter().map(Vec::len).sum();
        if found.is_some_and(|found| found > floor) || looked_at == all {
            return Ok(found);
        }
        step = step.saturating_mul(16).min(1 << 120);
    }
}

/// The best of the triads whose first student is this.
fn best_of(leaf: &Leaf, candidates: &[Vec<Near>], a: usize) -> Option<i128> {
    let mut best = None;
    for (position, &(b, ab, shared_ab)) in candidates[a].iter().enumerate() {
        let mut of_b = candidates[b].iter().peekable();
        for &(c, ac, shared_ac) in &candidates[a][position + 1..] {
            while of_b.next_if(|pair| pair.0 < c).is_some() {}
            let Some(&&(_, bc, shared_bc)) = of_b.peek().filter(|pair| pair.0 == c) else {
                continue;
            };
            if leaf.left_out.contains(&[a as u32, b as u32, c as u32]) {
                continue;
            }
            let score = i128::from((ab + ac + bc).div_euclid(2));
            let shared = shared_ab.max(shared_ac).max(shared_bc);
            let prices = leaf.price[a] + leaf.price[b] + leaf.price[c];
            best = best.max(Some(2 * score - prices - shared));
        }
    }
    best
}
