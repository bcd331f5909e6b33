//! The triads that are worth most above the prices.
//!
//! In doubled units a triad `t` of scores `s_ab`, `s_ac`, `s_bc` is worth `2·⌊(s_ab + s_ac + s_bc)/2⌋ − Σ u − Σ_B z_B`
//! above the prices, over the odd sets with two or three of its students. Each of its pairs carries
//! `q_ab = s_ab − (u_a + u_b)/2 − z_ab/3` of that or more, where `z_ab` are the prices of the sets with both: so a
//! pair whose `q`, with the best `q` of its two students, is too little is in no triad that is wanted. What is
//! left are few pairs, whose triangles are looked at.

use super::blossom::Blossoms;
use super::students::Students;
use crate::error::Error;
use crate::interrupt::Interrupt;
use crate::progress::Phase;

/// Three students and what they are worth above the prices, doubled.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Triangle {
    pub(super) students: [u32; 3],
    pub(super) above: i128,
}

/// The score of a triad of pairs with these scores: half of their sum, rounded down.
pub(super) fn score_of_triad(scores: [i64; 3]) -> i64 {
    scores.iter().sum::<i64>().div_euclid(2)
}

/// Triads among some students at some prices.
pub(super) struct Triangles<'a> {
    students: &'a Students<'a>,
    prices: &'a Blossoms,
    rows: Vec<u32>,
    /// By student, the greatest `6·q` of a pair with them.
    most: Vec<i128>,
}

impl<'a> Triangles<'a> {
    /// # Errors
    /// The interrupt's.
    pub(super) fn new(
        students: &'a Students<'a>,
        prices: &'a Blossoms,
        rows: &[u32],
        interrupt: &Interrupt,
    ) -> Result<Self, Error> {
        let there = |ix: u32| !prices.is_removed(ix);
        let rows: Vec<u32> = rows.iter().copied().filter(|ix| there(*ix)).collect();
        let pass = students.pass(|ix| there(ix).then(|| prices.price(ix).div_euclid(2)));
        let found = pass.rows(&rows, Phase::Pricing, interrupt, |row, ix| {
            let own = 3 * prices.price(ix);
            let sharing = prices.common(ix, row.common);
            let common = std::mem::take(row.common);
            let mut most: Option<i128> = None;
            let floor = |most: Option<i128>| {
                most.map_or(i128::from(i64::MIN), |most| (most + own).div_euclid(6))
            };
            row.each(ix, floor(None), |other, score| {
                let worth = 6 * i128::from(score)
                    - own
                    - 3 * prices.price(other)
                    - 2 * common[other as usize];
                most = most.max(Some(worth));
                floor(most)
            });
            *row.common = common;
            for other in sharing {
                row.common[other as usize] = 0;
            }
            (ix, most)
        })?;
        let mut most = vec![0; students.len()];
        let mut rows = Vec::with_capacity(found.len());
        for (ix, worth) in found {
            if let Some(worth) = worth {
                most[ix as usize] = worth;
                rows.push(ix);
            }
        }
        Ok(Self {
            students,
            prices,
            rows,
            most,
        })
    }

    /// No triad is worth more above the prices; `None` if nobody can be paired.
    fn ceiling(&self) -> Option<i128> {
        let most = self.rows.iter().map(|ix| self.most[*ix as usize]).max();
        most.map(|most| most.div_euclid(2))
    }

    /// The triads that are worth more than `floor` above the prices, from the best on.
    ///
    /// # Errors
    /// The interrupt's.
    pub(super) fn above(&self, floor: i128, interrupt: &Interrupt) -> Result<Vec<Triangle>, Error> {
        let Self {
            students,
            prices,
            most,
            ..
        } = self;
        let part = |ix: u32| 3 * prices.price(ix) - most[ix as usize];
        let mut there = vec![false; students.len()];
        for &ix in &self.rows {
            there[ix as usize] = true;
        }
        let pass = students.pass(|ix| there[ix as usize].then(|| part(ix).div_euclid(6)));
        let found = pass.rows(&self.rows, Phase::Pricing, interrupt, |row, ix| {
            let sharing = prices.common(ix, row.common);
            let common = std::mem::take(row.common);
            let mut near: Vec<(u32, i64, i128)> = Vec::new();
            let least = (part(ix) + 6 * floor).div_euclid(6);
            row.each(ix, least, |other, score| {
                let shared = common[other as usize];
                let worth = 6 * i128::from(score)
                    - 3 * (prices.price(ix) + prices.price(other))
                    - 2 * shared;
                if other > ix && worth + most[ix as usize] + most[other as usize] > 6 * floor {
                    near.push((other, score, shared));
                }
                least
            });
            *row.common = common;
            for other in sharing {
                row.common[other as usize] = 0;
            }
            near.sort_unstable();
            (ix, near)
        })?;
        let mut near = vec![Vec::new(); students.len()];
        for (ix, found) in found {
            near[ix as usize] = found;
        }
        let pass = interrupt.walk(Phase::Pricing, self.rows.len());
        let mut triangles = Vec::new();
        for (place, &a) in self.rows.iter().enumerate() {
            if !pass.goes_on(place) {
                break;
            }
            for &(b, ab, shared_ab) in &near[a as usize] {
                let mut of_b = near[b as usize].iter().peekable();
                for &(c, ac, shared_ac) in near[a as usize].iter().filter(|pair| pair.0 > b) {
                    while of_b.next_if(|pair| pair.0 < c).is_some() {}
                    let Some(&&(_, bc, shared_bc)) = of_b.peek().filter(|pair| pair.0 == c) else {
                        continue;
                    };
                    // Of sets in each other, those with two of the three are around one of its pairs.
                    let shared = shared_ab.max(shared_ac).max(shared_bc);
                    let prices = prices.price(a) + prices.price(b) + prices.price(c);
                    let above = 2 * i128::from(score_of_triad([ab, ac, bc])) - prices - shared;
                    if above > floor {
                        triangles.push(Triangle {
                            students: [a, b, c],
                            above,
                        });
                    }
                }
            }
        }
        pass.end()?;
        triangles.sort_unstable_by_key(|triangle| (-triangle.above, triangle.students));
        Ok(triangles)
    }

    /// The triads that are wanted and worth most, and perhaps a few more; none if there are none.
    ///
    /// # Errors
    /// The interrupt's.
    pub(super) fn best(
        &self,
        wanted: impl Fn(&Triangle) -> bool,
        interrupt: &Interrupt,
    ) -> Result<Vec<Triangle>, Error> {
        let Some(ceiling) = self.ceiling() else {
            return Ok(Vec::new());
        };
        let least = self.rows.iter().map(|ix| self.most[*ix as usize]).min();
        let prices = self
            .rows
            .iter()
            .map(|ix| self.prices.price(*ix).abs())
            .max();
        // No triad is worth less than this.
        let bottom = least.unwrap_or(0).min(0) - 8 * prices.unwrap_or(0) - 8 * (1 << 40);
        let mut step = 256;
        loop {
            let floor = ceiling - step;
            let mut found = self.above(floor, interrupt)?;
            found.retain(&wanted);
            if !found.is_empty() || floor < bottom {
                return Ok(found);
            }
            step *= 16;
        }
    }
}
