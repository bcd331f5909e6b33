//! Constraints of every kind for small random programmes, and whether a match keeps them, read from the definitions.

use proptest::collection::vec;
use proptest::option;
use proptest::prelude::*;

use super::small::WORDS;
use crate::programme::{Balance, Budget, Family, Has, Keep, PairProperty, Program, Quota};
use crate::roster::{Cell, Code, Field, Role, Roster};

/// What is asked beside the loads.
#[derive(Debug, Clone)]
pub(super) struct Asked {
    quotas: Vec<(u8, u32, Option<u32>)>,
    budget: Option<(u8, u32, u32)>,
    balances: Vec<(u8, u8, u8)>,
    families: Vec<(u8, u8)>,
    circles: Option<(bool, Option<u32>)>,
}

/// One of the chosen pairs: mentee, mentor, and the place and slot where they meet.
pub(super) type Met = (usize, usize, usize, Code);

impl Asked {
    #[cfg_attr(
        not(feature = "highs"),
        expect(dead_code, reason = "what is beside the loads needs HiGHS")
    )]
    pub(super) fn any() -> impl Strategy<Value = Self> {
        (
            vec((0u8..6, 0u32..3, option::weighted(0.3, 0u32..4)), 0..2),
            option::weighted(0.4, (0u8..8, 0u32..4, 0u32..12)),
            vec((0u8..3, 0u8..6, 0u8..3), 0..3),
            vec((any::<u8>(), 0u8..6), 0..2),
            option::weighted(0.4, (any::<bool>(), option::of(0u32..3))),
        )
            .prop_map(|(quotas, budget, balances, families, circles)| Self {
                quotas,
                budget,
                balances,
                families,
                circles,
            })
    }

    /// What a person costs.
    pub(super) fn fare(ix: usize) -> f64 {
        ((ix * 7 + 3) % 5) as f64 / 2.0
    }

    /// Adds the constraints to a programme for a roster of its people.
    pub(super) fn add(&self, program: &mut Program, roster: &Roster) {
        let club = |value: u8| Has {
            column: "club".into(),
            value: format!("club {value}"),
        };
        for (number, &(kind, least, most)) in (1..).zip(&self.quotas) {
            let property = match kind {
                0 => PairProperty::Different("club".into()),
                1 => PairProperty::Mentee(club(0)),
                2 => PairProperty::Mentor(club(1)),
                3 => PairProperty::Language(WORDS[0].into()),
                4 => PairProperty::Listed(vec![("e0".into(), "m0".into())]),
                _ => PairProperty::Same("club".into()),
            };
            program.quotas.push(Quota {
                name: format!("asked {number}"),
                property,
                at_least: Some(least),
                at_most: most.map(|most| most.max(least)),
            });
        }
        if let Some((kind, each, limit)) = self.budget {
            let mut budget = Budget::new("money", f64::from(limit) / 2.0);
            if kind & 1 > 0 || kind < 2 {
                budget = budget.pair(f64::from(each) / 2.0);
            }
            if kind & 2 > 0 {
                budget = budget.mentee("fare");
            }
            if kind & 4 > 0 {
                budget = budget.mentor("fare");
            }
            program.budgets.push(budget);
        }
        for &(column, share, how) in &self.balances {
            let share = f64::from(share) / 5.0;
            let column = ["club", "gender", "fare"][usize::from(column)];
            program.balance.push(match how {
                0 => Balance::at_least(column, share * 0.6),
                1 => Balance::within(column, share),
                _ => Balance {
                    within: Some(share),
                    ..Balance::at_least(column, 0.2)
                },
            });
        }
        let single = |role: Role, ix: usize| {
            let usual = match role {
                Role::Mentee => program.loads.mentee.max,
                Role::Mentor => program.loads.mentor.max,
            };
            roster.side(role).load_max(ix).unwrap_or(usual) <= 1
        };
        for (number, &(who, kind)) in (1..).zip(&self.families) {
            let sides = [Role::Mentee, Role::Mentor].into_iter();
            let people = sides.flat_map(|role| {
                let all = (0..roster.side(role).len()).filter(move |ix| single(role, *ix));
                all.map(move |ix| (role, ix))
            });
            let picked = people
                .enumerate()
                .filter(|(bit, _)| who >> (bit % 8) & 1 == 1);
            let members: Vec<String> = picked
                .map(|(_, (role, ix))| roster.side(role).id(ix).to_owned())
                .collect();
            if members.len() < 2 {
                continue;
            }
            let family = Family::new(format!("family {number}"), members);
            let family = match kind {
                _ if !program.meetings.is_assigned(roster) => family.all_or_none(),
                0 => family.all_or_none(),
                1 | 2 => family.keep(Keep::Together),
                3 => family.keep(Keep::Together).all_or_none(),
                _ => family.keep(Keep::Apart),
            };
            program.families.push(family);
        }
        if let Some((one_slot, grade_band)) = self.circles {
            program.circles.one_slot = one_slot && program.meetings.is_assigned(roster);
            let has_grades = roster.mentees().has(Field::Grade);
            program.circles.grade_band = grade_band.filter(|_| has_grades);
        }
    }
}

/// Whether a programme asks for anything that depends on slots.
pub(super) fn asks_for_slots(program: &Program) -> bool {
    program.circles.one_slot || program.families.iter().any(|family| family.keep.is_some())
}

/// Whether a match keeps all that a programme asks beside its loads, but for what depends on slots.
pub(super) fn kept(roster: &Roster, program: &Program, pairs: &[(usize, usize)]) -> bool {
    let quotas = program.quotas.iter().all(|quota| {
        let counted = pairs
            .iter()
            .filter(|pair| has(roster, &quota.property, **pair));
        let count = counted.count() as u32;
        quota.at_most.is_none_or(|most| count <= most)
            && quota.at_least.is_none_or(|least| count >= least)
    });
    let taking_part = |role: Role, ix: usize| {
        let mut pairs = pairs.iter();
        pairs.any(|pair| if role == Role::Mentee { pair.0 } else { pair.1 } == ix)
    };
    let covered = |ix: &usize| taking_part(Role::Mentee, *ix);
    let fares = |role: Role| -> f64 {
        let all = 0..roster.side(role).len();
        all.filter(|ix| taking_part(role, *ix))
            .map(|ix| fare(roster, role, ix))
            .sum()
    };
    // Halves add up without error.
    let budgets = program.budgets.iter().all(|budget| {
        let mut spent = budget.pair.unwrap_or(0.0) * pairs.len() as f64;
        if budget.mentee.is_some() {
            spent += fares(Role::Mentee);
        }
        if budget.mentor.is_some() {
            spent += fares(Role::Mentor);
        }
        spent <= budget.at_most
    });
    let everybody: Vec<usize> = (0..roster.mentees().len()).collect();
    let balance = program.balance.iter().all(|balance| {
        let mut groups: Vec<String> = everybody
            .iter()
            .filter_map(|ix| group(roster, &balance.column, *ix))
            .filter(|group| balance.groups.is_empty() || balance.groups.contains(group))
            .collect();
        groups.sort();
        groups.dedup();
        let share = |of: &[usize]| {
            let covered = of.iter().filter(|ix| covered(ix)).count();
            covered as f64 / of.len() as f64
        };
        groups.iter().all(|name| {
            let in_group = |ix: &usize| group(roster, &balance.column, *ix).as_ref() == Some(name);
            let members: Vec<usize> = everybody.iter().copied().filter(in_group).collect();
            // Shares of so few are far apart, or equal but for rounding.
            let (own, all) = (share(&members), share(&everybody));
            balance.at_least.is_none_or(|least| own >= least - 1e-9)
                && balance
                    .within
                    .is_none_or(|most| (own - all).abs() <= most + 1e-9)
        })
    });
    let families = program.families.iter().all(|family| {
        let members = family.members.iter();
        let with = members.filter(|id| {
            let sides = [Role::Mentee, Role::Mentor];
            let mut found = sides.into_iter().filter_map(|role| {
                let ix = roster.side(role).find(id)?;
                Some(taking_part(role, ix))
            });
            found.next() == Some(true)
        });
        let with = with.count();
        !family.all_or_none || with == 0 || with == family.members.len()
    });
    quotas && budgets && balance && families && bands_kept(roster, program, pairs)
}

/// Whether the grades of every mentor's mentees are near each other.
fn bands_kept(roster: &Roster, program: &Program, pairs: &[(usize, usize)]) -> bool {
    let Some(width) = program.circles.grade_band else {
        return true;
    };
    pairs.iter().all(|one| {
        let others = pairs.iter().filter(|other| other.1 == one.1);
        others.into_iter().all(|other| {
            let grades = (
                roster.mentees().grade(one.0),
                roster.mentees().grade(other.0),
            );
            match grades {
                (Some(a), Some(b)) => a.number().abs_diff(b.number()) <= width,
                (a, b) => a == b,
            }
        })
    })
}

/// Whether the places of a match keep circles together, and its slots families together or apart.
pub(super) fn slots_kept(roster: &Roster, program: &Program, met: &[Met]) -> bool {
    let circles = met.iter().all(|one| {
        let mut others = met.iter().filter(|other| other.1 == one.1);
        others.all(|other| other.2 == one.2)
    });
    if program.circles.one_slot && !circles {
        return false;
    }
    program.families.iter().all(|family| {
        let slots = family.members.iter().filter_map(|id| {
            let is_one = |pair: &&Met| {
                roster.mentees().id(pair.0) == *id || roster.mentors().id(pair.1) == *id
            };
            Some(met.iter().find(is_one)?.3)
        });
        let slots: Vec<Code> = slots.collect();
        let mut different = slots.clone();
        different.sort_unstable();
        different.dedup();
        match family.keep {
            Some(Keep::Together) => different.len() <= 1,
            Some(Keep::Apart) => different.len() == slots.len(),
            _ => true,
        }
    })
}

fn text(roster: &Roster, role: Role, ix: usize, column: &str) -> Option<String> {
    match roster.side(role).extra(column)?.cell(ix) {
        Cell::Missing => None,
        Cell::Text(text) => Some(text.clone()),
        Cell::Number(number) => Some(number.to_string()),
    }
}

fn fare(roster: &Roster, role: Role, ix: usize) -> f64 {
    let text = text(roster, role, ix, "fare").expect("a fare");
    text.parse().expect("a number")
}

pub(super) fn group(roster: &Roster, column: &str, ix: usize) -> Option<String> {
    match column {
        "gender" => {
            let code = roster.mentees().gender(ix)?;
            Some(roster.genders().word(code).to_owned())
        }
        _ => text(roster, Role::Mentee, ix, column),
    }
}

fn has(roster: &Roster, property: &PairProperty, (mentee, mentor): (usize, usize)) -> bool {
    let both = |column: &str| {
        text(roster, Role::Mentee, mentee, column).zip(text(roster, Role::Mentor, mentor, column))
    };
    let speaks = |role: Role, ix: usize, language: &str| {
        let codes = roster.side(role).languages(ix).unwrap_or_default().iter();
        codes
            .into_iter()
            .any(|code| roster.languages().word(*code) == language)
    };
    match property {
        PairProperty::CrossSite => {
            let sites = (roster.mentees().site(mentee), roster.mentors().site(mentor));
            matches!(sites, (Some(a), Some(b)) if a != b)
        }
        PairProperty::Same(column) => both(column).is_some_and(|(a, b)| a == b),
        PairProperty::Different(column) => both(column).is_some_and(|(a, b)| a != b),
        PairProperty::Mentee(has) => {
            text(roster, Role::Mentee, mentee, &has.column).as_ref() == Some(&has.value)
        }
        PairProperty::Mentor(has) => {
            text(roster, Role::Mentor, mentor, &has.column).as_ref() == Some(&has.value)
        }
        PairProperty::Language(language) => {
            speaks(Role::Mentee, mentee, language) && speaks(Role::Mentor, mentor, language)
        }
        PairProperty::Listed(pairs) => pairs
            .iter()
            .any(|(a, b)| roster.mentees().id(mentee) == a && roster.mentors().id(mentor) == b),
    }
}
