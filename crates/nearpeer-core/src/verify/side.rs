//! Whether an answer keeps within a programme's constraints, as the checker reads them.

use super::{fault, fault_in_row};
use crate::constraint::{Rule, Spot};
use crate::error::Error;
use crate::roster::Role;

/// Checks that chosen pairs (mentee, mentor, score), who meet at these spots if pairs have places, keep the rules.
///
/// # Errors
/// Naming the constraint and, where each pair counts by itself, the row of the first that is too many.
pub(super) fn keep(
    rules: &[Rule],
    claims: &[(u32, u32, i64)],
    spots: &[Option<Spot>],
) -> Result<(), Error> {
    let met = (0..claims.len()).map(|ix| spots.get(ix).copied().flatten());
    let met: Vec<Option<Spot>> = met.collect();
    let side = |of: &dyn Fn(&(u32, u32, i64)) -> u32| {
        let mut people: Vec<u32> = claims.iter().map(of).collect();
        people.sort_unstable();
        people.dedup();
        people
    };
    let people = [
        (Role::Mentee, side(&|claim| claim.0)),
        (Role::Mentor, side(&|claim| claim.1)),
    ];
    for rule in rules {
        let of_people = people.iter().flat_map(|(role, people)| {
            let adds = people.iter().map(|ix| (rule.person)(*role, *ix));
            adds.collect::<Vec<i64>>()
        });
        let mut total: i128 = of_people.map(i128::from).sum();
        let limit = i128::from(rule.limit);
        for (row, ((mentee, mentor, _), spot)) in (1..).zip(claims.iter().zip(&met)) {
            let adds = (rule.pair)(*mentee, *mentor, *spot);
            total += i128::from(adds);
            if !rule.promise && adds > 0 && total > limit && rule.only_rises {
                return Err(fault_in_row(row)(format!(
                    "the pair goes beyond {}",
                    rule.words
                )));
            }
        }
        if rule.promise && total < limit {
            return Err(fault(format!(
                "the answer has {total}, less than {}",
                rule.words
            )));
        }
        if !rule.promise && total > limit {
            return Err(fault(format!("the answer goes beyond {}", rule.words)));
        }
    }
    Ok(())
}
