//! How many people each rule rules out for somebody whom nobody may be paired with.
//!
//! A rule reads a few columns, and people who are alike in those are alike to it. So each rule is asked once
//! for two kinds of people, not once for two people: thousands without training, say, are told apart by
//! their sites, grades and slots alone.

use std::collections::HashMap;
use std::hash::Hash;
use std::sync::OnceLock;

use crate::pairs::RosterPairs;
use crate::programme::{Criterion, Kind, Missing, Overlap, Program};
use crate::roster::{Cell, Code, ListedPair, People, Role, Roster};

/// Counts for the people of one roster.
pub(crate) struct Ineligible<'r> {
    roster: &'r Roster,
    counts: Vec<Counts<'r>>,
}

/// What one rule, or a criterion for which data must be there, rules out.
struct Counts<'r> {
    code: String,
    by: By<'r>,
}

enum By<'r> {
    /// By side and person: how many of the others are listed with this person; and whether it is those that
    /// are ruled out, or the rest.
    List([Vec<usize>; 2], bool),
    Kinds {
        /// Whether the rule forbids the pair.
        forbids: Box<dyn Fn(usize, usize) -> bool + Send + Sync + 'r>,
        kinds: [Kinds; 2],
    },
}

/// The people of one side, told apart as far as a rule tells them.
struct Kinds {
    /// By person.
    of: Vec<usize>,
    /// By kind: one of them, and how many they are.
    people: Vec<(usize, usize)>,
    /// By kind: how many of the others are ruled out, once somebody has asked.
    removed: Vec<OnceLock<usize>>,
}

/// What a rule reads of a person.
#[derive(PartialEq, Eq, Hash)]
enum Trait<'r> {
    Nothing,
    Flag(Option<bool>),
    Code(Option<Code>),
    Grade(Option<i32>),
    Codes(Option<&'r [Code]>),
    Number(u64),
    Text(&'r str),
    /// Whether a list is given, and whether anything stands in it.
    Given(bool, bool),
}

impl<'r> Ineligible<'r> {
    pub(crate) fn new(
        roster: &'r Roster,
        pairs: &'r RosterPairs<'r>,
        settings: &'r Program,
    ) -> Self {
        let rules = pairs.eligibility.codes().enumerate();
        let rules = rules.map(|(rule, code)| {
            let forbids = move |mentee, mentor| {
                let mut fails = pairs.eligibility.fails(mentee, mentor);
                fails.any(|other| other == rule)
            };
            let by = if code == "blocked" {
                By::list(roster, roster.blocked().iter().map(indices), true)
            } else {
                By::kinds(roster, forbids, |people, ix| {
                    read_by_rule(people, ix, code, settings)
                })
            };
            Counts {
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
            Counts {
                code: format!("missing:{}", criterion.name),
                by,
            }
        });
        Self {
            roster,
            counts: rules.chain(criteria).collect(),
        }
    }

    /// The code of each rule that rules anybody out for this person, with how many, the most first.
    pub(crate) fn removed(&self, role: Role, ix: usize) -> Vec<(String, usize)> {
        let (own, other) = match role {
            Role::Mentee => (0, Role::Mentor),
            Role::Mentor => (1, Role::Mentee),
        };
        let others = self.roster.side(other).len();
        let count = |counts: &Counts| match &counts.by {
            By::List(listed, true) => listed[own][ix],
            By::List(listed, false) => others - listed[own][ix],
            By::Kinds { forbids, kinds } => {
                let kind = kinds[own].of[ix];
                *kinds[own].removed[kind].get_or_init(|| {
                    let forbidden = |(one, _): &&(usize, usize)| match role {
                        Role::Mentee => forbids(ix, *one),
                        Role::Mentor => forbids(*one, ix),
                    };
                    let people = kinds[1 - own].people.iter().filter(forbidden);
                    people.map(|(_, size)| size).sum()
                })
            }
        };
        let all = self.counts.iter();
        let mut removed: Vec<(String, usize)> = all
            .map(|counts| (counts.code.clone(), count(counts)))
            .filter(|(_, count)| *count > 0)
            .collect();
        removed.sort_by_key(|(_, count)| std::cmp::Reverse(*count));
        removed
    }
}

impl<'r> By<'r> {
    fn list(roster: &Roster, pairs: impl Iterator<Item = (usize, usize)>, forbidden: bool) -> Self {
        let mut listed = [
            vec![0; roster.mentees().len()],
            vec![0; roster.mentors().len()],
        ];
        for (mentee, mentor) in pairs {
            listed[0][mentee] += 1;
            listed[1][mentor] += 1;
        }
        Self::List(listed, forbidden)
    }

    fn kinds(
        roster: &'r Roster,
        forbids: impl Fn(usize, usize) -> bool + Send + Sync + 'r,
        read: impl Fn(&'r People, usize) -> [Trait<'r>; 2] + Sync,
    ) -> Self {
        Self::Kinds {
            forbids: Box::new(forbids),
            kinds: [roster.mentees(), roster.mentors()].map(|people| Kinds::new(people, &read)),
        }
    }
}

impl Kinds {
    fn new<'r>(
        people: &'r People,
        read: &(impl Fn(&'r People, usize) -> [Trait<'r>; 2] + Sync),
    ) -> Self {
        let mut known = HashMap::new();
        let mut kinds: Vec<(usize, usize)> = Vec::new();
        let of = (0..people.len()).map(|ix| {
            let kind = *known.entry(read(people, ix)).or_insert_with(|| {
                kinds.push((ix, 0));
                kinds.len() - 1
            });
            kinds[kind].1 += 1;
            kind
        });
        let of = of.collect();
        Self {
            of,
            removed: kinds.iter().map(|_| OnceLock::new()).collect(),
            people: kinds,
        }
    }
}

fn indices(pair: &ListedPair) -> (usize, usize) {
    (pair.mentee.get(), pair.mentor.get())
}

/// All that the rule of this code reads of a person.
fn read_by_rule<'r>(
    people: &'r People,
    ix: usize,
    code: &str,
    settings: &Program,
) -> [Trait<'r>; 2] {
    let one = match code {
        "screening" => Trait::Flag(people.screened(ix)),
        "training" => Trait::Flag(people.trained(ix)),
        "consent" => Trait::Flag(people.consent(ix)),
        "grade_gap" => Trait::Grade(people.grade(ix).map(|grade| grade.number())),
        "site" => Trait::Code(people.site(ix)),
        "slot" => Trait::Codes(people.slots(ix)),
        "language" => {
            let required = Trait::Code(people.requires_language(ix));
            return [Trait::Codes(people.languages(ix)), required];
        }
        "gender" => {
            let required = Trait::Flag(Some(people.requires_same_gender(ix)));
            return [Trait::Code(people.gender(ix)), required];
        }
        _ => {
            let mut own = settings.eligibility.rules.iter();
            let rule = own.find(|rule| code.strip_prefix("custom:") == Some(&*rule.name));
            rule.map_or(Trait::Nothing, |rule| {
                of_cell(cell(people, ix, &rule.column))
            })
        }
    };
    [one, Trait::Nothing]
}

/// All that tells whether a criterion lacks data of a person.
fn read_by_criterion<'r>(people: &'r People, ix: usize, kind: &Kind) -> [Trait<'r>; 2] {
    let list = |codes: Option<&[Code]>| {
        Trait::Given(
            codes.is_some(),
            codes.is_some_and(|codes| !codes.is_empty()),
        )
    };
    let one = match kind {
        Kind::Interests(Overlap::Cosine) => Trait::Flag(Some(people.embedding(ix).is_some())),
        Kind::Interests(_) => list(people.interests(ix)),
        Kind::GradeGap { .. } => Trait::Flag(Some(people.grade(ix).is_some())),
        Kind::Goals => return [list(people.goals(ix)), list(people.strengths(ix))],
        Kind::Slots => list(people.slots(ix)),
        Kind::Languages => list(people.languages(ix)),
        Kind::Preferences(_) => list(people.preferences(ix)),
        Kind::Same(column) | Kind::Different(column) | Kind::Closeness { column, .. } => {
            Trait::Flag(Some(*cell(people, ix, column) != Cell::Missing))
        }
        Kind::Previous | Kind::PairScores => Trait::Nothing,
    };
    [one, Trait::Nothing]
}

fn cell<'r>(people: &'r People, ix: usize, column: &str) -> &'r Cell {
    let column = people.extra(column);
    column.map_or(&Cell::Missing, |column| column.cell(ix))
}

fn of_cell(cell: &Cell) -> Trait<'_> {
    match cell {
        Cell::Missing => Trait::Nothing,
        Cell::Number(number) => Trait::Number(number.to_bits()),
        Cell::Text(text) => Trait::Text(text),
    }
}
