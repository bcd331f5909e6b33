//! The bound of all parts: their leaves' prices against every eligible pair, and the best use of the triads.

use std::collections::HashMap;

use rayon::prelude::*;

use super::leaf::{Leaf, leaves};
use super::triads::best_triad;
use super::{MOST_A_STUDENT, Statement};
use crate::certificate::{Certificate, Part};
use crate::error::Error;
use crate::verify::VerifyOptions;
use crate::verify::fault;
use crate::verify::options::go_on;

/// What all parts prove together.
pub(super) struct Proven {
    pub(super) bound: i128,
    pub(super) eligible: u64,
    pub(super) leaves: usize,
}

/// What one pass over the pairs gives of every leaf.
#[derive(Default)]
struct Sums {
    /// By leaf, what its pairs are worth above the prices.
    above: Vec<i128>,
    eligible: u64,
}

/// A student's part and position in it.
pub(super) type Place = Option<(usize, usize)>;

pub(super) fn of_parts(
    statement: &Statement,
    certificate: &Certificate,
    groups: &[(Vec<u32>, i64)],
    options: &VerifyOptions,
) -> Result<Proven, Error> {
    let places = places(statement, &certificate.groups)?;
    let mut all = Vec::new();
    for (number, part) in certificate.groups.iter().enumerate() {
        let mut known = std::collections::HashSet::new();
        for case in &part.cases {
            let most = statement.limit.min(part.students.len() / 3);
            if !known.insert(case.triads) || case.triads as usize > most {
                return Err(fault(
                    "a part has two cases of one number of triads, or of too many",
                ));
            }
            all.extend(leaves(statement, (number, part), case)?);
        }
    }
    let sums = over_pairs(statement, &places, &all, options)?;
    let worths = worths(statement, certificate, &all, groups)?;
    let mut by_case: HashMap<(usize, usize), (bool, Option<i128>)> = HashMap::new();
    for (leaf, above) in all.iter().zip(&sums.above) {
        go_on(&options.stop)?;
        let part = &certificate.groups[leaf.part];
        let chosen: i128 = leaf
            .chosen
            .iter()
            .map(|triad| worths[&(leaf.part, *triad)])
            .sum();
        let base = leaf.of_prices + above + chosen;
        let most = statement.limit.min(part.students.len() / 3);
        let cost = 2 * statement.cost;
        let doubled = if leaf.left() == 0 && !leaf.or_more {
            Some(base - cost * leaf.triads as i128)
        } else {
            best_triad(statement, &places, part, leaf, options)?.map(|best| {
                let of = |triads: usize| {
                    let left = (triads - leaf.chosen.len()) as i128;
                    base + left * best - cost * triads as i128
                };
                let last = if leaf.or_more { most } else { leaf.triads };
                // Linear in between.
                of(leaf.triads).max(of(last))
            })
        };
        let bound = doubled.map(|doubled| doubled.div_euclid(2));
        let case = by_case
            .entry((leaf.part, leaf.triads))
            .or_insert((leaf.or_more, None));
        case.1 = case.1.max(bound);
    }
    let bounds = certificate.groups.iter().enumerate().map(|(number, part)| {
        let most = statement.limit.min(part.students.len() / 3);
        let bound = |triads: usize| {
            let plain = plain(statement, part, triads);
            let cases = by_case.iter().filter(|((of, least), (or_more, _))| {
                *of == number && (*least == triads || (*or_more && *least <= triads))
            });
            let proven = cases.map(|(_, (_, bound))| *bound).min();
            // No groups at all with so many triads have no bound.
            proven.map_or(Some(plain), |bound| bound.map(|bound| bound.min(plain)))
        };
        (0..=most).map(bound).collect::<Vec<_>>()
    });
    let bounds: Vec<Vec<Option<i128>>> = bounds.collect();
    Ok(Proven {
        bound: together(&bounds, statement.limit)?,
        eligible: sums.eligible,
        leaves: all.len(),
    })
}

fn places(statement: &Statement, parts: &[Part]) -> Result<Vec<Place>, Error> {
    let mut places = vec![None; statement.open.len()];
    for (number, part) in parts.iter().enumerate() {
        if part.students.windows(2).any(|two| two[0] >= two[1]) {
            return Err(fault("the students of a part are not ascending"));
        }
        for (position, &ix) in part.students.iter().enumerate() {
            let open = statement.open.get(ix as usize) == Some(&true);
            if !open || places[ix as usize].replace((number, position)).is_some() {
                return Err(fault("a student is in two parts, or may be in no group"));
            }
        }
    }
    Ok(places)
}

/// One pass over all eligible pairs, each looked at once.
fn over_pairs(
    statement: &Statement,
    places: &[Place],
    all: &[Leaf],
    options: &VerifyOptions,
) -> Result<Sums, Error> {
    let mut of_part: Vec<Vec<usize>> = Vec::new();
    for (number, leaf) in all.iter().enumerate() {
        if of_part.len() <= leaf.part {
            of_part.resize(leaf.part + 1, Vec::new());
        }
        of_part[leaf.part].push(number);
    }
    let start = || Sums {
        above: vec![0; all.len()],
        eligible: 0,
    };
    let work = |mut sums: Sums, ix: usize| -> Result<Sums, Error> {
        go_on(&options.stop)?;
        if !statement.open[ix] {
            return Ok(sums);
        }
        let mut row = Vec::new();
        (statement.row)(ix, &mut row);
        row.retain(|pair| pair.0 as usize > ix && statement.open[pair.0 as usize]);
        sums.eligible += row.len() as u64;
        let mut inside = Vec::with_capacity(row.len());
        for (other, score) in row {
            if !(0..=1_000_000).contains(&score) {
                return Err(fault("a pair's score is not in the range of scores"));
            }
            match (places[ix], places[other as usize]) {
                (Some((one, _)), Some((two, place))) if one == two => inside.push((place, score)),
                _ => {
                    return Err(fault(format!(
                        "{:?} and {:?} may be paired, and are not in one part of the proof",
                        statement.people.id(ix),
                        statement.people.id(other as usize)
                    )));
                }
            }
        }
        let Some((part, place)) = places[ix] else {
            return Ok(sums);
        };
        let mut common = Vec::new();
        for &number in of_part.get(part).map_or(&[][..], |leaves| leaves) {
            let leaf = &all[number];
            if leaf.gone[place] {
                continue;
            }
            leaf.common(place, &mut common);
            let own = leaf.price[place];
            for &(other, score) in &inside {
                let above = 2 * i128::from(score) - own - leaf.price[other] - common[other];
                if above > 0 && !leaf.gone[other] {
                    sums.above[number] += above;
                }
            }
        }
        Ok(sums)
    };
    (0..statement.open.len())
        .into_par_iter()
        .try_fold(start, work)
        .try_reduce(start, |mut a, b| {
            a.eligible += b.eligible;
            a.above.iter_mut().zip(b.above).for_each(|(a, b)| *a += b);
            Ok(a)
        })
}

/// What each triad that a tree chooses is worth, doubled, without its cost.
fn worths(
    statement: &Statement,
    certificate: &Certificate,
    all: &[Leaf],
    groups: &[(Vec<u32>, i64)],
) -> Result<HashMap<(usize, [u32; 3]), i128>, Error> {
    let mut worths = HashMap::new();
    let mut row = Vec::new();
    for leaf in all {
        let part = &certificate.groups[leaf.part];
        for triad in leaf.chosen.iter().chain(&leaf.left_out) {
            if worths.contains_key(&(leaf.part, *triad)) {
                continue;
            }
            let students = triad.map(|place| part.students[place as usize]);
            let mut sum = 0;
            for (from, to) in [(0, 1), (0, 2), (1, 2)] {
                (statement.row)(students[from] as usize, &mut row);
                let pair = row.iter().find(|pair| pair.0 == students[to]);
                let pair =
                    pair.ok_or_else(|| fault("the proof tree splits on a triad that may not be"))?;
                sum += pair.1;
            }
            let score = sum.div_euclid(2);
            // The answer's triads are scored plainly, and both must agree.
            let claimed = groups.iter().find(|group| group.0 == students);
            if claimed.is_some_and(|group| group.1 != score) {
                return Err(fault("the two scorers disagree on a triad of the answer"));
            }
            let cover: i128 = students
                .iter()
                .map(|ix| statement.cover[*ix as usize])
                .sum();
            worths.insert((leaf.part, *triad), 2 * (i128::from(score) + cover));
        }
    }
    Ok(worths)
}

/// The bound without any prices: everybody is covered, but for one where numbers do not fit, at the greatest score.
fn plain(statement: &Statement, part: &Part, triads: usize) -> i128 {
    let covers = part.students.iter().map(|ix| statement.cover[*ix as usize]);
    let count = part.students.len();
    let fits = count % 2 == triads % 2;
    let left = if fits {
        0
    } else {
        covers.clone().min().unwrap_or(0)
    };
    let grouped = if fits { count } else { count.saturating_sub(1) };
    let triads = triads as i128;
    covers.sum::<i128>() - left + grouped as i128 * MOST_A_STUDENT - statement.cost * triads
}

/// The greatest sum of one bound a part, by number of triads, with at most so many of them.
fn together(bounds: &[Vec<Option<i128>>], limit: usize) -> Result<i128, Error> {
    let free = bounds.iter().map(|bounds| {
        let best = bounds
            .iter()
            .enumerate()
            .filter_map(|(triads, bound)| Some(((*bound)?, triads)));
        // Of equals the fewest.
        best.max_by_key(|(bound, triads)| (*bound, std::cmp::Reverse(*triads)))
    });
    let free: Option<Vec<(i128, usize)>> = free.collect();
    let free = free.ok_or_else(|| fault("a part's proof leaves no groups, not even none"))?;
    if free.iter().map(|best| best.1).sum::<usize>() <= limit {
        return Ok(free.iter().map(|best| best.0).sum());
    }
    let mut sums: Vec<Option<i128>> = vec![None; limit + 1];
    sums[0] = Some(0);
    for bounds in bounds {
        let mut next = vec![None; limit + 1];
        for (used, sum) in sums.iter().enumerate() {
            let Some(sum) = sum else { continue };
            for (triads, bound) in bounds.iter().enumerate() {
                if let (Some(bound), Some(slot)) = (bound, next.get_mut(used + triads)) {
                    *slot = (*slot).max(Some(sum + bound));
                }
            }
        }
        sums = next;
    }
    let best = sums.into_iter().flatten().max();
    best.ok_or_else(|| fault("a part's proof leaves no groups with so few triads"))
}
