//! Why somebody is in no pair, in the words of the rules.

mod chains;
mod contest;
mod places;
mod quotas;
mod reason;

use std::sync::OnceLock;

use rayon::prelude::*;

use crate::assess::Bottlenecks;
use crate::certificate::Certificate;
use crate::error::Error;
use crate::ineligible::Ineligible;
use crate::interrupt::Interrupt;
use crate::matching::Unmatched;
use crate::pairs::{Pairs, RosterPairs};
use crate::program::{Chosen, IntegerProgram};
use crate::programme::Program;
use crate::progress::Phase;
use crate::roster::{Role, Roster};
use crate::solve::Meets;
use contest::Contest;
use places::Taken;
use quotas::Limits;
pub(crate) use reason::in_words;
pub use reason::{FullPlace, MatchCost, Reason, Removed, Shortage};

/// A match that is to be explained.
pub(crate) struct Found<'a> {
    /// The chosen pairs, ascending.
    pub(crate) chosen: &'a [Chosen],
    /// Where they meet, if slots are assigned.
    pub(crate) meets: Option<&'a [Meets]>,
    pub(crate) certificate: &'a Certificate,
}

/// Everybody who is in none of the chosen pairs, with the reason. Only their pairs are looked at, and those of
/// mentees with whom they compete.
///
/// # Errors
/// The interrupt's.
pub(crate) fn unmatched(
    roster: &Roster,
    pairs: &RosterPairs,
    settings: &Program,
    program: &IntegerProgram,
    found: &Found,
    interrupt: &Interrupt,
) -> Result<Vec<Unmatched>, Error> {
    let loads = program.loads(found.chosen);
    let mut mentees = program.mentees.iter().zip(&loads[0]);
    let contest = match mentees.any(|(mentee, load)| *load == 0 && mentee.max > 0) {
        true => Contest::new(program, found, interrupt)?,
        false => None,
    };
    let left = Left {
        roster,
        pairs,
        settings,
        program,
        loads,
        has: mentees_of(program, found.chosen),
        full: Limits::new(program, found.chosen),
        taken: Taken::new(program, found),
        contest,
        ineligible: OnceLock::new(),
    };
    let mut mentees = left.reasons(Role::Mentee, interrupt, |row, ix| left.of_mentee(row, ix))?;
    left.add_bottlenecks(&mut mentees, found, interrupt)?;
    let nobody = vec![0; program.mentees.len()];
    let sweep = pairs.sweep(Role::Mentor, &nobody);
    let sweep = sweep.expect("people of a roster are passed over from either side");
    let mentors = left.reasons(Role::Mentor, interrupt, |row, ix| {
        sweep.row(ix, -1, &mut |mentee, score| {
            row.push((mentee, score));
            -1
        });
        left.of_mentor(row, ix)
    })?;
    let named = |role: Role, reasons: Vec<(usize, Reason)>| {
        reasons.into_iter().map(move |(ix, reason)| Unmatched {
            role,
            id: roster.side(role).id(ix).to_owned(),
            reason,
        })
    };
    let all = named(Role::Mentee, mentees).chain(named(Role::Mentor, mentors));
    Ok(all.collect())
}

/// The mentees of each mentor.
fn mentees_of(program: &IntegerProgram, chosen: &[Chosen]) -> Vec<Vec<u32>> {
    let mut has = vec![Vec::new(); program.mentors.len()];
    for pair in chosen {
        has[pair.mentor as usize].push(pair.mentee);
    }
    has
}

/// All that reasons are read off.
struct Left<'a> {
    roster: &'a Roster,
    pairs: &'a RosterPairs<'a>,
    settings: &'a Program,
    program: &'a IntegerProgram<'a>,
    /// By mentee and by mentor.
    loads: [Vec<u32>; 2],
    has: Vec<Vec<u32>>,
    full: Limits<'a>,
    taken: Option<Taken<'a>>,
    /// What a place with each mentor would cost, where prices tell.
    contest: Option<Contest<'a>>,
    /// Made for the first who needs it; mostly there is nobody.
    ineligible: OnceLock<Ineligible<'a>>,
}

impl Left<'_> {
    /// The reasons of all of one side who are in no pair, by `reason`, which gets an empty row to use.
    fn reasons(
        &self,
        role: Role,
        interrupt: &Interrupt,
        reason: impl Fn(&mut Vec<(u32, i64)>, usize) -> Reason + Sync,
    ) -> Result<Vec<(usize, Reason)>, Error> {
        let loads = &self.loads[role as usize];
        let left: Vec<usize> = (0..loads.len()).filter(|&ix| loads[ix] == 0).collect();
        let walk = interrupt.walk(Phase::Explain, left.len());
        let reasons = left.into_par_iter().enumerate();
        let reasons = reasons.map_init(Vec::new, |row, (place, ix)| {
            row.clear();
            walk.goes_on(place).then(|| (ix, reason(row, ix)))
        });
        let reasons = reasons.flatten().collect();
        walk.end()?;
        Ok(reasons)
    }

    fn not_eligible(&self, role: Role, ix: usize) -> Reason {
        let new = || Ineligible::new(self.roster, self.pairs, self.settings);
        let removed = self.ineligible.get_or_init(new).removed(role, ix);
        Reason::NotEligible { removed }
    }

    fn of_mentee(&self, row: &mut Vec<(u32, i64)>, ix: usize) -> Reason {
        let program = self.program;
        if program.mentees[ix].max == 0 {
            return Reason::NoRoom;
        }
        self.pairs.row(ix, row);
        let candidates = row.len();
        if candidates == 0 {
            return self.not_eligible(Role::Mentee, ix);
        }
        let stays_empty = |mentor: u32| {
            let ix = mentor as usize;
            self.loads[1][ix] == 0 && self.takes_circles(ix)
        };
        if row.iter().all(|(mentor, _)| stays_empty(*mentor)) {
            return self.circle(candidates, row.iter().map(|mentor| mentor.0 as usize));
        }
        if let Some(taken) = &self.taken {
            let mentors = row.iter().map(|(mentor, _)| (ix, *mentor as usize));
            if let Some(no_place) = taken.no_place(mentors) {
                return no_place;
            }
            row.retain(|(mentor, _)| taken.can_meet(ix, *mentor as usize));
        }
        let has_room = |mentor: &u32| {
            let ix = *mentor as usize;
            self.loads[1][ix] < program.mentors[ix].max
        };
        let with_room: Vec<u32> = (row.iter().map(|(mentor, _)| *mentor))
            .filter(has_room)
            .collect();
        let pairs = with_room.iter().map(|mentor| (ix as u32, *mentor));
        if let Some(quotas) = self.full.forbid(pairs.clone()) {
            return Reason::QuotaReached { candidates, quotas };
        }
        if let Some(taken) = &self.taken {
            // Neither an empty circle nor a quota or the like is in the way.
            let by_place =
                |pair: &(u32, u32)| !stays_empty(pair.1) && self.full.forbid([*pair]).is_none();
            let kept_out: Vec<(u32, u32)> = pairs.filter(by_place).collect();
            if !kept_out.is_empty() {
                return Reason::PlacesFull {
                    candidates,
                    with_room: kept_out.len(),
                    place: taken.full_place(kept_out),
                };
            }
        }
        let cost = self.contest.as_ref();
        Reason::OutCompeted {
            candidates,
            rivals: self.rivals(row),
            cost: cost.and_then(|contest| contest.cost(self.roster, row, ix)),
            bottleneck: None,
        }
    }

    /// How many mentees these mentors have.
    fn rivals(&self, row: &[(u32, i64)]) -> usize {
        // Only who has several mentors could be counted twice.
        let (mut once, mut again) = (0, Vec::new());
        for mentee in row
            .iter()
            .flat_map(|(mentor, _)| &self.has[*mentor as usize])
        {
            match self.loads[0][*mentee as usize] {
                1 => once += 1,
                _ => again.push(*mentee),
            }
        }
        again.sort_unstable();
        again.dedup();
        once + again.len()
    }

    fn of_mentor(&self, row: &[(u32, i64)], ix: usize) -> Reason {
        let program = self.program;
        let circle = self.takes_circles(ix);
        if program.mentors[ix].max == 0 && !circle {
            return Reason::NoRoom;
        }
        let candidates = row.len();
        if candidates == 0 {
            return self.not_eligible(Role::Mentor, ix);
        }
        if circle {
            return self.circle(candidates, [ix]);
        }
        if let Some(taken) = &self.taken {
            let mentees = row.iter().map(|(mentee, _)| (*mentee as usize, ix));
            if let Some(no_place) = taken.no_place(mentees) {
                return no_place;
            }
        }
        let has_room = |mentee: &u32| {
            let ix = *mentee as usize;
            self.loads[0][ix] < program.mentees[ix].max
        };
        let with_room = row.iter().map(|(mentee, _)| *mentee).filter(has_room);
        match self
            .full
            .forbid(with_room.map(|mentee| (mentee, ix as u32)))
        {
            Some(quotas) => Reason::QuotaReached { candidates, quotas },
            None => Reason::NotNeeded { candidates },
        }
    }

    /// Whether the mentor takes none or at least so many.
    fn takes_circles(&self, mentor: usize) -> bool {
        let mentor = self.program.mentors[mentor];
        mentor.circle > 0 || !mentor.fillable
    }

    /// The reason by the least circle of these mentors.
    fn circle(&self, candidates: usize, mentors: impl IntoIterator<Item = usize>) -> Reason {
        let loads = self.settings.loads.mentor;
        let people = self.roster.mentors();
        let least = |ix: usize| (people.load_min(ix).unwrap_or(loads.min), ix);
        let least = mentors.into_iter().map(least).min();
        let (at_least, mentor) = least.expect("somebody takes circles");
        Reason::CircleNotFilled {
            candidates,
            mentor: people.id(mentor).to_owned(),
            at_least,
        }
    }

    /// Adds to those who are out-competed the bottleneck that they are in.
    fn add_bottlenecks(
        &self,
        reasons: &mut [(usize, Reason)],
        found: &Found,
        interrupt: &Interrupt,
    ) -> Result<(), Error> {
        let competes = |(_, reason): &(usize, Reason)| matches!(reason, Reason::OutCompeted { .. });
        if !reasons.iter().any(competes) {
            return Ok(());
        }
        let bottlenecks = Bottlenecks::find(self.program, found.chosen, interrupt)?;
        for (ix, reason) in reasons {
            if let Reason::OutCompeted { bottleneck, .. } = reason {
                *bottleneck = bottlenecks.of(*ix).map(|(number, set)| Shortage {
                    number,
                    mentees: set.mentees.len(),
                    mentors: set.mentors.len(),
                    room: set.room,
                });
            }
        }
        Ok(())
    }
}
