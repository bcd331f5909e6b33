//! Every way to staff a week, one by one, and whether some pairs can meet in one of them. Written from the
//! definitions; shares nothing with the solve.

use std::collections::BTreeSet;

use crate::programme::{Program, Travel};
use crate::roster::{Code, ListedLeader, People, Roster};

/// A site and a slot.
type Place = (Option<Code>, Code);

/// Where pairs can meet.
pub(super) struct Places<'a> {
    roster: &'a Roster,
    travel: Travel,
    all: Vec<Place>,
    /// How many pairs each place can hold, for every way to staff the week that is worth looking at.
    weeks: BTreeSet<Vec<u32>>,
}

impl<'a> Places<'a> {
    /// `None` if pairs get no slots.
    pub(super) fn new(roster: &'a Roster, program: &Program) -> Option<Self> {
        let given = !roster.leaders().is_empty() || !roster.rooms().is_empty();
        if !program.meetings.assign.unwrap_or(given) {
            return None;
        }
        let sites: Vec<Option<Code>> = if roster.has_sites() {
            (0..roster.sites().len() as Code).map(Some).collect()
        } else {
            vec![None]
        };
        let slots = 0..roster.slots().len() as Code;
        let all: Vec<Place> = sites
            .into_iter()
            .flat_map(|site| slots.clone().map(move |slot| (site, slot)))
            .collect();
        let mut places = Self {
            roster,
            travel: program.meetings.travel,
            all,
            weeks: BTreeSet::new(),
        };
        places.weeks = places.staff();
        Some(places)
    }

    /// The places, by number, where a mentee and a mentor can meet.
    pub(super) fn of(&self, mentee: usize, mentor: usize) -> Vec<usize> {
        let (young, old) = (self.roster.mentees(), self.roster.mentors());
        let has_sites = self.roster.has_sites();
        let is_home = |people: &People, ix: usize, site: Option<Code>| {
            !has_sites || (site.is_some() && people.site(ix) == site)
        };
        let is_free = |people: &People, ix: usize, slot: Code| {
            people.slots(ix).is_some_and(|free| free.contains(&slot))
        };
        let there = |&(site, slot): &Place| {
            let (at_mentees, at_mentors) =
                (is_home(young, mentee, site), is_home(old, mentor, site));
            let site_fits = match self.travel {
                Travel::Mentee => at_mentees,
                Travel::Mentor => at_mentors,
                Travel::Either => at_mentees || at_mentors,
            };
            site_fits && is_free(young, mentee, slot) && is_free(old, mentor, slot)
        };
        (0..self.all.len())
            .filter(|&place| there(&self.all[place]))
            .collect()
    }

    /// The slot of a place.
    pub(super) fn slot(&self, place: usize) -> Code {
        self.all[place].1
    }

    /// Whether all of these pairs, each with the places where it can meet, can meet in one week, so that the places of
    /// all, in the order of the pairs, are as wished.
    pub(super) fn hold(
        &self,
        pairs: &[&[usize]],
        wished: &mut dyn FnMut(&[usize]) -> bool,
    ) -> bool {
        let mut weeks = self.weeks.iter();
        weeks.any(|week| seat(pairs, &mut week.clone(), &mut Vec::new(), wished))
    }

    fn staff(&self) -> BTreeSet<Vec<u32>> {
        let leaders = self.roster.leaders();
        let none = vec![0; self.all.len()];
        let mut weeks = if leaders.is_empty() {
            BTreeSet::from([vec![u32::MAX; self.all.len()]])
        } else {
            BTreeSet::from([none])
        };
        for leader in leaders {
            let mut next = BTreeSet::new();
            for week in weeks {
                self.place(
                    leader,
                    &leader.slots,
                    leader.max_slots.unwrap_or(u32::MAX),
                    week,
                    &mut next,
                );
            }
            weeks = undominated(next);
        }
        if !self.roster.rooms().is_empty() {
            let room = |&(site, slot): &Place| {
                let same = |room: &&crate::roster::ListedRoom| {
                    room.slot == slot && site.is_none_or(|site| site == room.site)
                };
                let room = self.roster.rooms().iter().find(same);
                room.map_or(0, |room| room.capacity)
            };
            let rooms: Vec<u32> = self.all.iter().map(room).collect();
            let within = |week: Vec<u32>| week.iter().zip(&rooms).map(|(a, b)| *a.min(b)).collect();
            weeks = undominated(weeks.into_iter().map(within).collect());
        }
        weeks
    }

    /// Adds every way to place a leader in these slots to a week.
    fn place(
        &self,
        leader: &ListedLeader,
        slots: &[Code],
        left: u32,
        week: Vec<u32>,
        out: &mut BTreeSet<Vec<u32>>,
    ) {
        let Some((&slot, later)) = slots.split_first() else {
            out.insert(week);
            return;
        };
        if left > 0 {
            for (place, &(site, when)) in self.all.iter().enumerate() {
                if when == slot && site.is_none_or(|site| leader.sites.contains(&site)) {
                    let mut with = week.clone();
                    with[place] += leader.capacity;
                    self.place(leader, later, left - 1, with, out);
                }
            }
        }
        self.place(leader, later, left, week, out);
    }
}

/// Without the weeks that hold nothing that another does not: more capacity never does harm.
fn undominated(weeks: BTreeSet<Vec<u32>>) -> BTreeSet<Vec<u32>> {
    let below = |a: &[u32], b: &[u32]| a.iter().zip(b).all(|(a, b)| a <= b);
    let keep = |week: &&Vec<u32>| {
        !weeks
            .iter()
            .any(|other| other != *week && below(week, other))
    };
    weeks.iter().filter(keep).cloned().collect()
}

/// Tries every place of the first pair, and so on.
fn seat(
    pairs: &[&[usize]],
    room: &mut [u32],
    seats: &mut Vec<usize>,
    wished: &mut dyn FnMut(&[usize]) -> bool,
) -> bool {
    let Some((first, others)) = pairs.split_first() else {
        return wished(seats);
    };
    first.iter().any(|&place| {
        if room[place] == 0 {
            return false;
        }
        room[place] -= 1;
        seats.push(place);
        let seated = seat(others, room, seats, wished);
        seats.pop();
        room[place] += 1;
        seated
    })
}
