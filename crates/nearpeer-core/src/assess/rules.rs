//! What each rule costs: the pairs that it forbids, and the people whom it leaves without anybody.

use rayon::prelude::*;
use serde::Serialize;

use super::Eligible;
use crate::error::Error;
use crate::explain::Reason;
use crate::ineligible::Ineligible;
use crate::interrupt::Interrupt;
use crate::pairs::RosterPairs;
use crate::progress::Phase;
use crate::roster::{Role, Roster};

/// What one rule costs.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct RuleCount {
    /// The rule's code; of a criterion for which data must be there, `missing:` and its name.
    pub rule: String,
    /// Whether the rule is on.
    pub on: bool,
    /// Why it is not, if it is not.
    pub why_off: Option<String>,
    /// How many pairs it forbids.
    pub pairs_removed: u64,
    /// How many pairs only this rule forbids.
    pub pairs_alone: u64,
    /// How many mentees whom nobody may have could have somebody if there were not this rule.
    pub mentees_alone: usize,
    /// How many mentors whom nobody may have could have somebody if there were not this rule.
    pub mentors_alone: usize,
}

/// Everybody, with how many may be paired with them and which rule matters the most to those who have nobody.
pub(super) fn eligibility(
    roster: &Roster,
    ineligible: &Ineligible,
    candidates: &[Vec<usize>; 2],
    interrupt: &Interrupt,
) -> Result<Vec<Eligible>, Error> {
    let mut all = Vec::new();
    for role in [Role::Mentee, Role::Mentor] {
        let candidates = &candidates[role as usize];
        let walk = interrupt.walk(Phase::Explain, candidates.len());
        let person = |ix: usize| {
            let reason = Reason::NotEligible {
                removed: if candidates[ix] == 0 && walk.goes_on(ix) {
                    ineligible.removed(role, ix)
                } else {
                    Vec::new()
                },
            };
            let main = reason.main_rule();
            Eligible {
                role,
                id: roster.side(role).id(ix).to_owned(),
                candidates: candidates[ix],
                rule: main.map(|rule| rule.rule.clone()),
                removed: main.map_or(0, |rule| rule.removed),
                alone: main.map_or(0, |rule| rule.alone),
            }
        };
        let people = (0..candidates.len()).into_par_iter().map(person);
        all.par_extend(people);
        walk.end()?;
    }
    Ok(all)
}

/// Counts by rule, from every pair of people.
pub(super) fn count(
    pairs: &RosterPairs,
    ineligible: &Ineligible,
    candidates: &[Vec<usize>; 2],
    interrupt: &Interrupt,
) -> Result<Vec<RuleCount>, Error> {
    let rules = ineligible.codes().count();
    let mut totals = vec![RuleCount::default(); rules];
    for role in [Role::Mentee, Role::Mentor] {
        let candidates = &candidates[role as usize];
        // Pairs are counted by mentee; of mentors only those matter who have nobody.
        let people =
            (0..candidates.len()).filter(|ix| role == Role::Mentee || candidates[*ix] == 0);
        let people: Vec<usize> = people.collect();
        let walk = interrupt.walk(Phase::Explain, people.len());
        let count = |mut totals: Vec<RuleCount>, (place, &ix): (usize, &usize)| {
            if !walk.goes_on(place) {
                return totals;
            }
            let counts = ineligible.counts(role, ix);
            for (total, (removed, alone)) in totals.iter_mut().zip(counts) {
                let unlocks = usize::from(candidates[ix] == 0 && alone > 0);
                match role {
                    Role::Mentee => {
                        total.pairs_removed += removed as u64;
                        total.pairs_alone += alone as u64;
                        total.mentees_alone += unlocks;
                    }
                    Role::Mentor => total.mentors_alone += unlocks,
                }
            }
            totals
        };
        let none = || vec![RuleCount::default(); rules];
        let parts = people.par_iter().enumerate().fold(none, count);
        let sum = parts.reduce(none, add);
        totals = add(totals, sum);
        walk.end()?;
    }
    let mut counted = ineligible.codes().map(str::to_owned).zip(totals);
    // Rules that are on come in the order of the states, criteria after them.
    let mut all: Vec<RuleCount> = Vec::new();
    for state in pairs.eligibility.states() {
        let counts = if state.on {
            counted.next().map(|(_, counts)| counts)
        } else {
            None
        };
        all.push(RuleCount {
            rule: state.code.clone(),
            on: state.on,
            why_off: state.why_off.clone(),
            ..counts.unwrap_or_default()
        });
    }
    all.extend(counted.map(|(rule, counts)| RuleCount {
        rule,
        on: true,
        ..counts
    }));
    Ok(all)
}

fn add(mut totals: Vec<RuleCount>, other: Vec<RuleCount>) -> Vec<RuleCount> {
    for (total, other) in totals.iter_mut().zip(other) {
        total.pairs_removed += other.pairs_removed;
        total.pairs_alone += other.pairs_alone;
        total.mentees_alone += other.mentees_alone;
        total.mentors_alone += other.mentors_alone;
    }
    totals
}
