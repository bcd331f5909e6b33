//! Why a student is in no group.

use rayon::prelude::*;

use super::answer::{CoReason, LeftOut};
use super::solve::Solution;
use super::students::Students;
use crate::error::Error;
use crate::explain::Removed;
use crate::interrupt::Interrupt;
use crate::pairs::Pairs;
use crate::progress::Phase;
use crate::roster::People;

/// Everybody who is in no group, with the reason.
///
/// # Errors
/// The interrupt's.
pub(super) fn unmatched(
    people: &People,
    students: &Students,
    solution: &Solution,
    interrupt: &Interrupt,
) -> Result<Vec<LeftOut>, Error> {
    let mut grouped = vec![false; people.len()];
    for &(a, b) in &solution.groups.pairs {
        (grouped[a as usize], grouped[b as usize]) = (true, true);
    }
    for ix in solution.groups.triads.iter().flatten() {
        grouped[*ix as usize] = true;
    }
    let mut odd_one = vec![false; people.len()];
    for part in solution.parts.iter().filter(|part| part.students.len() > 1) {
        let left = part.students.iter().filter(|ix| !grouped[**ix as usize]);
        let left: Vec<u32> = left.copied().collect();
        if let ([one], 1) = (&left[..], part.students.len() % 2) {
            odd_one[*one as usize] = true;
        }
    }
    let left: Vec<usize> = (0..people.len()).filter(|ix| !grouped[*ix]).collect();
    let codes: Vec<&str> = students.pairs.eligibility.codes().collect();
    let names: Vec<&str> = students.pairs.scoring.names().collect();
    let reason = |row: &mut Vec<(u32, i64)>, ix: usize| {
        if people.load_max(ix) == Some(0) {
            return CoReason::NoRoom;
        }
        students.pairs.row(ix, row);
        row.retain(|pair| pair.0 as usize != ix);
        match row.len() {
            0 => CoReason::NotEligible {
                removed: removed(students, [&codes, &names], ix),
            },
            candidates if odd_one[ix] => CoReason::OddOneOut { candidates },
            candidates => CoReason::OutCompeted { candidates },
        }
    };
    let walk = interrupt.walk(Phase::Explain, left.len());
    let unmatched = left
        .into_par_iter()
        .enumerate()
        .map_init(Vec::new, |row, (place, ix)| {
            walk.goes_on(place).then(|| LeftOut {
                id: people.id(ix).to_owned(),
                reason: reason(row, ix),
            })
        })
        .flatten()
        .collect();
    walk.end()?;
    Ok(unmatched)
}

/// How many others each rule rules out for a student, the most first.
fn removed(students: &Students, [codes, names]: [&[&str]; 2], ix: usize) -> Vec<Removed> {
    let rules = codes.iter().map(|code| (*code).to_owned());
    let criteria = names.iter().map(|name| format!("missing:{name}"));
    let mut removed: Vec<Removed> = rules
        .chain(criteria)
        .map(|rule| Removed {
            rule,
            removed: 0,
            alone: 0,
        })
        .collect();
    for other in (0..students.len()).filter(|other| *other != ix) {
        let fails = students.pairs.eligibility.fails(ix, other);
        let lacks = students.pairs.scoring.lacks(ix, other);
        let against: Vec<usize> = fails.chain(lacks.map(|ix| codes.len() + ix)).collect();
        for rule in &against {
            removed[*rule].removed += 1;
            removed[*rule].alone += usize::from(against.len() == 1);
        }
    }
    removed.retain(|rule| rule.removed > 0);
    removed.sort_by_key(|rule| std::cmp::Reverse(rule.removed));
    removed
}
