//! How many people each rule rules out for somebody, and how many it rules out alone.
//!
//! A rule reads a few columns, and people who are alike in those are alike to it. So each rule is asked once for two kinds of
//! people, not once for two people, and its answers for one person are a bitset of the others. Whom it alone rules out
//! is then a matter of a few words: who stands in its set, and in no other.

mod kinds;
mod reads;

use crate::explain::Removed;
use crate::pairs::RosterPairs;
use crate::programme::{Criterion, Kind, Missing, Program};
use crate::roster::{Role, Roster};
use kinds::By;
use reads::{read_by_criterion, read_by_rule};

/// Counts for the people of one roster.
pub(crate) struct Ineligible<'r> {
    roster: &'r Roster,
    rules: Vec<Rule<'r>>,
}

/// A rule, or a criterion for which data must be there.
struct Rule<'r> {
    code: String,
    by: By<'r>,
}

/// What all rules say of one person: by rule, in the order of [`codes`](Ineligible::codes), how many of the other side
/// it rules out, and how many of those no other rule does.
pub(crate) type Counts = Vec<(usize, usize)>;

impl<'r> Ineligible<'r> {
    pub(crate) fn new(
        roster: &'r Roster,
        pairs: &'r RosterPairs<'r>,
        settings: &'r Program,
    ) -> Self {
        let rules = pairs.eligibility.codes().enumerate();
        let rules = rules.map(|(rule, code)| {
            let forbids =
                move |mentee, mentor| !pairs.eligibility.passes_all(&[rule], mentee, mentor);
            let by = if code == "blocked" {
                let blocked = roster.blocked().iter();
                let blocked = blocked.map(|pair| (pair.mentee.get(), pair.mentor.get()));
                By::list(roster, blocked, true)
            } else {
                By::kinds(roster, forbids, |people, ix| {
                    read_by_rule(people, ix, code, settings)
                })
            };
            Rule {
                code: code.to_owned(),
                by,
            }
        });
        let needed =
            |(_, criterion): &(usize, &Criterion)| criterion.missing == Missing::Ineligible;
        let criteria = settings.criteria.iter().enumerate().filter(needed);
        let criteria = criteria.map(|(ix, criterion)| {
            let forbids = move |mentee, mentor| {
                let mut lacks = pairs.scoring.lacks(mentee, mentor);
                lacks.any(|other| other == ix)
            };
            let by = if criterion.kind == Kind::PairScores {
                let scores = roster.pair_scores().into_iter().flatten();
                let scored = scores.map(|(pair, _)| (pair.0.get(), pair.1.get()));
                By::list(roster, scored, false)
            } else {
                By::kinds(roster, forbids, |people, ix| {
                    read_by_criterion(people, ix, &criterion.kind)
                })
            };
            Rule {
                code: format!("missing:{}", criterion.name),
                by,
            }
        });
        Self {
            roster,
            rules: rules.chain(criteria).collect(),
        }
    }

    /// The codes of the rules, and of the criteria for which data must be there.
    pub(crate) fn codes(&self) -> impl Iterator<Item = &str> {
        self.rules.iter().map(|rule| rule.code.as_str())
    }

    /// What each rule rules out for this person.
    pub(crate) fn counts(&self, role: Role, ix: usize) -> Counts {
        let others = self.roster.side(other(role)).len();
        let sets = self.rules.iter();
        let sets: Vec<_> = sets
            .map(|rule| rule.by.ruled_out(role, ix, others))
            .collect();
        let (mut once, mut twice) = (vec![0; others.div_ceil(64)], vec![0; others.div_ceil(64)]);
        for set in &sets {
            let words = set.bits.iter().zip(once.iter_mut().zip(&mut twice));
            for (word, (once, twice)) in words {
                *twice |= *once & word;
                *once |= word;
            }
        }
        let alone = |bits: &[u64]| -> usize {
            let words = bits.iter().zip(&twice).map(|(word, twice)| word & !twice);
            words.map(|word| word.count_ones() as usize).sum()
        };
        sets.iter()
            .map(|set| match set.count {
                0 => (0, 0),
                count => (count, alone(&set.bits)),
            })
            .collect()
    }

    /// The rules that rule anybody out for this person, with how many, the most first.
    pub(crate) fn removed(&self, role: Role, ix: usize) -> Vec<Removed> {
        let counts = self.codes().zip(self.counts(role, ix));
        let counts = counts.filter(|(_, (removed, _))| *removed > 0);
        let mut removed: Vec<Removed> = counts
            .map(|(rule, (removed, alone))| Removed {
                rule: rule.to_owned(),
                removed,
                alone,
            })
            .collect();
        removed.sort_by_key(|rule| std::cmp::Reverse(rule.removed));
        removed
    }
}

/// The other side.
fn other(role: Role) -> Role {
    match role {
        Role::Mentee => Role::Mentor,
        Role::Mentor => Role::Mentee,
    }
}
