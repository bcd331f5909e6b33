//! What the pairs of an answer are worth, and the loads that they have to keep.

use std::collections::HashMap;

use super::statement::Statement;
use super::{fault, fault_in_row};
use crate::certificate::Level;
use crate::error::Error;
use crate::words::counted;

/// The value of each level for these pairs, whose loads are checked.
pub(super) fn values(
    statement: &Statement,
    claims: &[(u32, u32, i64)],
) -> Result<Vec<i128>, Error> {
    let mut chosen = HashMap::new();
    let mut mentee_loads = vec![0u32; statement.mentees.len()];
    let mut mentor_loads = vec![0u32; statement.mentors.len()];
    for (row, &(mentee, mentor, score)) in (1..).zip(claims) {
        if chosen.insert((mentee, mentor), score).is_some() {
            return Err(fault_in_row(row)(
                "the pair is in the answer twice".to_owned(),
            ));
        }
        mentee_loads[mentee as usize] += 1;
        mentor_loads[mentor as usize] += 1;
        for (side, load, has) in [
            (
                "mentee",
                statement.mentees[mentee as usize],
                mentee_loads[mentee as usize],
            ),
            (
                "mentor",
                statement.mentors[mentor as usize],
                mentor_loads[mentor as usize],
            ),
        ] {
            if has > load.max {
                let max = load.max;
                return Err(fault_in_row(row)(format!(
                    "the {side} is in more pairs than the maximum load, {max}"
                )));
            }
        }
    }
    let sides = [
        ("mentee", &statement.mentees, &mentee_loads),
        ("mentor", &statement.mentors, &mentor_loads),
    ];
    for (side, loads, has) in sides {
        for (ix, (load, &has)) in loads.iter().zip(has).enumerate() {
            if has < load.min || (has > 0 && has < load.circle) {
                return Err(fault(format!(
                    "{side} number {} in the order of ids has {}, fewer than the minimum load",
                    ix + 1,
                    counted(has as usize, "pair")
                )));
            }
        }
    }
    if let Some(pair) = statement
        .required
        .iter()
        .find(|pair| !chosen.contains_key(pair))
    {
        return Err(fault(format!(
            "the required pair of mentee number {} and mentor number {} in the order of ids is not in \
             the answer",
            pair.0 + 1,
            pair.1 + 1
        )));
    }
    let covered = |counts: &dyn Fn((u32, bool)) -> bool| -> i128 {
        let people = statement.tiers.iter().zip(&mentee_loads);
        people
            .filter(|(tier, load)| **load > 0 && counts(**tier))
            .count() as i128
    };
    let values = statement.levels.iter().map(|(level, ..)| match level {
        Level::Obligations => 0,
        Level::Priority(tier) => covered(&|(other, _)| other == *tier),
        Level::Transition => covered(&|(_, transition)| transition),
        Level::Coverage => covered(&|_| true),
        Level::WorstOff => {
            let lowest = chosen.values().min().copied();
            lowest.unwrap_or(statement.scores.1).into()
        }
        Level::Leximin => claims.len() as i128,
        Level::Score => chosen.values().map(|score| i128::from(*score)).sum(),
        // Pairs of two sides have no groups of three.
        Level::Triads => 0,
        // Counted apart, from wishes: see `stable`.
        Level::BlockingPairs => 0,
    });
    Ok(values.collect())
}
