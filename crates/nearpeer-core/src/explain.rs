//! Why somebody is in no pair, in the words of the rules.

use std::collections::BTreeSet;

use crate::matching::{Reason, Unmatched};
use crate::pairs::{Pairs, RosterPairs};
use crate::program::{Chosen, IntegerProgram};
use crate::roster::{Role, Roster};

/// Everybody who is in none of the chosen pairs, with the reason.
pub(crate) fn unmatched(
    roster: &Roster,
    pairs: &RosterPairs,
    program: &IntegerProgram,
    chosen: &[Chosen],
) -> Vec<Unmatched> {
    let matched = program
        .loads(chosen)
        .map(|loads| loads.iter().map(|load| *load > 0).collect::<Vec<_>>());
    let (candidates, circles_only) = candidates(pairs, program, &matched[1]);
    let full = full_quotas(pairs, program, chosen);
    let mut unmatched = Vec::new();
    for (side, role) in [Role::Mentee, Role::Mentor].into_iter().enumerate() {
        for ix in (0..matched[side].len()).filter(|&ix| !matched[side][ix]) {
            let (room, circle) = match role {
                Role::Mentee => (program.mentees[ix].max, circles_only[ix]),
                Role::Mentor => {
                    let mentor = program.mentors[ix];
                    let circle = mentor.circle > 0 || !mentor.fillable;
                    (if circle { 1 } else { mentor.max }, circle)
                }
            };
            let reason = match (candidates[side][ix], role) {
                _ if room == 0 => Reason::NoRoom,
                (0, _) => not_eligible(roster, pairs, role, ix),
                (candidates, _) if circle => Reason::CircleNotFilled { candidates },
                (candidates, _) if full[side][ix].only => {
                    let rows = full[side][ix].rows.iter();
                    let quotas = rows.map(|row| program.side[*row].name.clone()).collect();
                    Reason::QuotaReached { candidates, quotas }
                }
                (candidates, Role::Mentee) => Reason::OutCompeted { candidates },
                (candidates, Role::Mentor) => Reason::NotNeeded { candidates },
            };
            unmatched.push(Unmatched {
                role,
                id: roster.side(role).id(ix).to_owned(),
                reason,
            });
        }
    }
    unmatched
}

/// How many people each mentee and each mentor may be paired with; and of each mentee, whether all of them
/// are mentors of 'none or at least k' who have none.
fn candidates(
    pairs: &RosterPairs,
    program: &IntegerProgram,
    mentor_matched: &[bool],
) -> ([Vec<usize>; 2], Vec<bool>) {
    let mut mentees = vec![0; pairs.mentees()];
    let mut mentors = vec![0; pairs.mentors()];
    let mut circles_only = vec![false; pairs.mentees()];
    let mut row = Vec::new();
    for (mentee, count) in mentees.iter_mut().enumerate() {
        pairs.row(mentee, &mut row);
        *count = row.len();
        circles_only[mentee] = row.iter().all(|(mentor, _)| {
            let mentor = (
                program.mentors[*mentor as usize],
                mentor_matched[*mentor as usize],
            );
            matches!(mentor, (asked, false) if asked.circle > 0 || !asked.fillable)
        });
        for (mentor, _) in &row {
            mentors[*mentor as usize] += 1;
        }
    }
    ([mentees, mentors], circles_only)
}

/// Whether full quotas are all that keeps a person from those candidates who still have room.
#[derive(Clone, Default)]
struct Full {
    /// There is such a candidate, and every pair with one would be one too many.
    only: bool,
    /// There is a candidate with room whom no quota forbids.
    free: bool,
    /// The quotas that forbid such a pair.
    rows: BTreeSet<usize>,
}

impl Full {
    /// Takes account of a candidate with room; `forbid` are the full quotas that count the pair.
    fn add(&mut self, forbid: &[usize]) {
        self.free |= forbid.is_empty();
        self.only = !self.free;
        self.rows.extend(forbid);
    }
}

fn full_quotas(pairs: &RosterPairs, program: &IntegerProgram, chosen: &[Chosen]) -> [Vec<Full>; 2] {
    let mut full = [
        vec![Full::default(); pairs.mentees()],
        vec![Full::default(); pairs.mentors()],
    ];
    let rows = program.side.iter().enumerate();
    let reached: Vec<_> = rows
        .filter(|(_, row)| row.count(chosen) >= row.limit)
        .collect();
    if reached.is_empty() {
        return full;
    }
    let [mentee_loads, mentor_loads] = program.loads(chosen);
    let mut row = Vec::new();
    for mentee in 0..pairs.mentees() {
        pairs.row(mentee, &mut row);
        for &(mentor, _) in &row {
            let forbid = reached.iter();
            let forbid: Vec<usize> = forbid
                .filter(|(_, row)| row.has(mentee as u32, mentor))
                .map(|(ix, _)| *ix)
                .collect();
            let mentor = mentor as usize;
            if mentor_loads[mentor] < program.mentors[mentor].max {
                full[0][mentee].add(&forbid);
            }
            if mentee_loads[mentee] < program.mentees[mentee].max {
                full[1][mentor].add(&forbid);
            }
        }
    }
    full
}

fn not_eligible(roster: &Roster, pairs: &RosterPairs, role: Role, ix: usize) -> Reason {
    let rules = pairs.eligibility.codes().map(str::to_owned);
    let criteria = pairs.scoring.names().map(|name| format!("missing:{name}"));
    let mut removed: Vec<(String, usize)> = rules.map(|code| (code, 0)).collect();
    let first_criterion = removed.len();
    removed.extend(criteria.map(|code| (code, 0)));
    let others = match role {
        Role::Mentee => roster.mentors().len(),
        Role::Mentor => roster.mentees().len(),
    };
    for other in 0..others {
        let (mentee, mentor) = match role {
            Role::Mentee => (ix, other),
            Role::Mentor => (other, ix),
        };
        for rule in pairs.eligibility.fails(mentee, mentor) {
            removed[rule].1 += 1;
        }
        for criterion in pairs.scoring.lacks(mentee, mentor) {
            removed[first_criterion + criterion].1 += 1;
        }
    }
    removed.retain(|(_, count)| *count > 0);
    removed.sort_by_key(|(_, count)| std::cmp::Reverse(*count));
    Reason::NotEligible { removed }
}

/// The obligations that an answer misses, in the programme's words. Where only loads bind, the answer misses
/// as few as possible, and each of them is part of a conflict. Quotas that the answer uses up may have a part in it.
pub(crate) fn missed(roster: &Roster, program: &IntegerProgram, chosen: &[Chosen]) -> Vec<String> {
    let loads = program.loads(chosen);
    let mut missed = Vec::new();
    for pair in roster.required() {
        let (mentee, mentor) = (pair.mentee, pair.mentor);
        let kept = chosen.binary_search_by_key(&(mentee, mentor), |chosen| chosen.indices());
        if kept.is_err() {
            missed.push(format!(
                "the required pair of mentee {:?} (at most {} mentors) and mentor {:?} (at most {} \
                 mentees), pairs_required row {}",
                roster.mentees().id(mentee.get()),
                program.mentees[mentee.get()].max,
                roster.mentors().id(mentor.get()),
                program.mentors[mentor.get()].max,
                pair.row
            ));
        }
    }
    let minima = [
        program
            .mentees
            .iter()
            .map(|mentee| mentee.min)
            .collect::<Vec<_>>(),
        program.mentors.iter().map(|mentor| mentor.min).collect(),
    ];
    for (side, role) in [Role::Mentee, Role::Mentor].into_iter().enumerate() {
        for (ix, (&min, &load)) in minima[side].iter().zip(&loads[side]).enumerate() {
            if load < min {
                missed.push(format!(
                    "the minimum load {min} of {} {:?}, {} row {}: the nearest match found gives {load}",
                    role.as_str(),
                    roster.side(role).id(ix),
                    role.table(),
                    roster.side(role).row(ix)
                ));
            }
        }
    }
    if !missed.is_empty() {
        for row in &program.side {
            let count = row.count(chosen);
            if count >= row.limit {
                missed.push(format!(
                    "the quota {:?} of at most {} pairs, which the nearest match found uses up",
                    row.name, row.limit
                ));
            }
        }
    }
    shortened(missed)
}

/// The first few of many sentences, and how many more there are.
pub(crate) fn shortened(mut sentences: Vec<String>) -> Vec<String> {
    const SHOWN: usize = 20;
    if sentences.len() > SHOWN {
        let more = sentences.len() - SHOWN;
        sentences.truncate(SHOWN);
        sentences.push(format!("and {more} more"));
    }
    sentences
}
