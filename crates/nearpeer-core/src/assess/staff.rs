//! Leaders needed and present, by site and slot.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use rayon::prelude::*;
use serde::Serialize;

use crate::error::Error;
use crate::interrupt::Interrupt;
use crate::pairs::{Pairs, RosterPairs};
use crate::program::{IntegerProgram, MeetingsOf, hosts};
use crate::programme::Program;
use crate::progress::Phase;
use crate::roster::{Code, ListedLeader, Role, Roster};

/// What could be held at a site in a slot, and who could supervise it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Staff {
    /// The site; empty if no table of people has sites.
    pub site: String,
    /// The slot; `None` for the whole week at the site.
    pub slot: Option<String>,
    /// How many mentees could meet an eligible mentor here then.
    pub mentees: usize,
    /// For how many pairs there is room, where rooms are given.
    pub room: Option<u64>,
    /// How many leaders could be here then.
    pub leaders: usize,
    /// How many pairs they could supervise together, where leaders are given; in the week, in as many slots as each of them can
    /// do.
    pub leader_capacity: Option<u64>,
    /// How many pairs can be held at most.
    pub capacity: u64,
    /// At least so many leaders like those present are needed for all whom the room allows; where they are too few, further
    /// ones are counted to be as large as the largest of all.
    pub leaders_needed: usize,
    /// How many of the mentees have no place here then. In a week at the mentees' own site so many will be left, at least;
    /// those without a place in one slot may have one in another.
    pub short: u64,
}

type Place = (Code, Code);

/// A row for every site in every slot in which anybody could meet or a leader is free, and one for the week of each site;
/// none if pairs get no slots.
pub(super) fn all(
    roster: &Roster,
    settings: &Program,
    pairs: &RosterPairs,
    program: &IntegerProgram,
    interrupt: &Interrupt,
) -> Result<Vec<Staff>, Error> {
    let Some(meetings) = &program.meetings else {
        return Ok(Vec::new());
    };
    let demand = Demand::count(roster, settings, meetings, pairs, interrupt)?;
    let rooms: HashMap<Place, u64> = (roster.rooms().iter())
        .map(|room| ((room.site, room.slot), u64::from(room.capacity)))
        .collect();
    let room = |place: &Place| {
        let given = !roster.rooms().is_empty();
        given.then(|| rooms.get(place).copied().unwrap_or(0))
    };
    let mut free: BTreeMap<Place, Vec<&ListedLeader>> = BTreeMap::new();
    for leader in roster.leaders().iter().filter(|leader| leader.can_lead()) {
        for site in &leader.sites {
            for slot in &leader.slots {
                free.entry((*site, *slot)).or_default().push(leader);
            }
        }
    }
    let largest = roster
        .leaders()
        .iter()
        .map(|leader| u64::from(leader.capacity))
        .max();
    let led = largest.is_some();
    let largest = largest.unwrap_or(0).max(1);
    let places: BTreeSet<Place> = (demand.at.keys().chain(free.keys()).chain(rooms.keys()))
        .copied()
        .collect();
    let mut by_site: BTreeMap<Code, Vec<Code>> = BTreeMap::new();
    for (site, slot) in places {
        by_site.entry(site).or_default().push(slot);
    }
    let mut all = Vec::new();
    for (site, slots) in by_site {
        let row = |slot: Option<String>,
                   mentees: usize,
                   room: Option<u64>,
                   capacities: Vec<u64>,
                   most: u64,
                   largest: u64| {
            let wanted = (mentees as u64).min(room.unwrap_or(u64::MAX));
            let leader_capacity = led.then(|| capacities.iter().sum());
            let capacity = room
                .unwrap_or(u64::MAX)
                .min(leader_capacity.unwrap_or(u64::MAX));
            let capacity = capacity.min(most);
            Staff {
                site: roster.meeting_site_name(site).to_owned(),
                slot,
                mentees,
                room,
                leaders: capacities.len(),
                leader_capacity,
                capacity,
                leaders_needed: if led {
                    needed(wanted, capacities, largest)
                } else {
                    0
                },
                short: (mentees as u64).saturating_sub(capacity),
            }
        };
        let mut rows: Vec<Staff> = Vec::new();
        let mut placements: BTreeMap<&str, (&ListedLeader, u32)> = BTreeMap::new();
        for &slot in &slots {
            let place = (site, slot);
            let here = free.get(&place).map_or(&[][..], Vec::as_slice);
            if room(&place) != Some(0) {
                for leader in here {
                    placements.entry(&leader.id).or_insert((leader, 0)).1 += 1;
                }
            }
            let capacities = here
                .iter()
                .map(|leader| u64::from(leader.capacity))
                .collect();
            let mentees = demand.at.get(&place).copied().unwrap_or(0);
            // Without rooms and leaders a place holds all who come.
            let most = mentees as u64;
            let unbound = room(&place).is_none() && !led;
            let most = if unbound { most } else { u64::MAX };
            let word = roster.slots().word(slot).to_owned();
            rows.push(row(
                Some(word),
                mentees,
                room(&place),
                capacities,
                most,
                largest,
            ));
        }
        rows.sort_by(|a, b| a.slot.cmp(&b.slot));
        let weekly = placements.values().map(|(leader, slots)| {
            let most = leader.max_slots.unwrap_or(u32::MAX).min(*slots);
            u64::from(leader.capacity) * u64::from(most)
        });
        let sum = |of: fn(&Staff) -> Option<u64>| rows.iter().map(of).sum::<Option<u64>>();
        let mentees = demand.at_site.get(&site).copied().unwrap_or(0);
        let most = sum(|row| Some(row.capacity)).unwrap_or(u64::MAX);
        let week = row(
            None,
            mentees,
            sum(|row| row.room),
            weekly.collect(),
            most,
            largest * slots.len() as u64,
        );
        all.push(week);
        all.extend(rows);
    }
    all.sort_by(|a, b| (&a.site, &a.slot).cmp(&(&b.site, &b.slot)));
    Ok(all)
}

/// How few leaders could supervise so many pairs: the largest first, and when they are all taken others of the size `largest`.
fn needed(wanted: u64, mut capacities: Vec<u64>, largest: u64) -> usize {
    capacities.sort_unstable_by_key(|capacity| std::cmp::Reverse(*capacity));
    let (mut count, mut left) = (0, wanted);
    for capacity in capacities {
        if left == 0 {
            return count;
        }
        count += 1;
        left = left.saturating_sub(capacity);
    }
    count + left.div_ceil(largest) as usize
}

/// How many mentees could meet where.
#[derive(Default)]
struct Demand {
    at: BTreeMap<Place, usize>,
    at_site: BTreeMap<Code, usize>,
}

impl Demand {
    fn count(
        roster: &Roster,
        settings: &Program,
        meetings: &MeetingsOf,
        pairs: &RosterPairs,
        interrupt: &Interrupt,
    ) -> Result<Self, Error> {
        let travel = settings.meetings.travel;
        let words = roster.slots().len().div_ceil(64);
        let mask = |role: Role, ix: usize| {
            let mut mask = vec![0u64; words];
            for slot in roster.side(role).slots(ix).unwrap_or_default() {
                mask[*slot as usize / 64] |= 1 << (slot % 64);
            }
            mask
        };
        let mentors: Vec<Vec<u64>> = (0..pairs.mentors())
            .map(|ix| mask(Role::Mentor, ix))
            .collect();
        let walk = interrupt.walk(Phase::Explain, pairs.mentees());
        let roster = meetings.roster;
        let one = |mut demand: Self, mentee: usize| {
            if !walk.goes_on(mentee) {
                return demand;
            }
            let own = mask(Role::Mentee, mentee);
            // By site the slots in which any eligible mentor is free.
            let mut open: Vec<(Code, Vec<u64>)> = Vec::new();
            let mut row = Vec::new();
            pairs.row(mentee, &mut row);
            for (mentor, _) in &row {
                for (role, ix) in [(Role::Mentee, mentee), (Role::Mentor, *mentor as usize)] {
                    let site = roster.meeting_site(role, ix);
                    let Some(site) = site.filter(|_| hosts(travel, role)) else {
                        continue;
                    };
                    let place = open.iter().rposition(|(known, _)| *known == site);
                    let place = place.unwrap_or_else(|| {
                        open.push((site, vec![0; words]));
                        open.len() - 1
                    });
                    let slots = open[place].1.iter_mut().zip(&mentors[*mentor as usize]);
                    slots.for_each(|(open, word)| *open |= word);
                }
            }
            for (site, slots) in open {
                let mut any = false;
                for (word, bits) in slots.iter().zip(&own).map(|(a, b)| a & b).enumerate() {
                    let mut left = bits;
                    while left > 0 {
                        let slot = (word * 64) as u32 + left.trailing_zeros();
                        left &= left - 1;
                        any = true;
                        *demand.at.entry((site, slot)).or_default() += 1;
                    }
                }
                if any {
                    *demand.at_site.entry(site).or_default() += 1;
                }
            }
            demand
        };
        let all = (0..pairs.mentees()).into_par_iter();
        let demand = all
            .fold(Self::default, one)
            .reduce(Self::default, Self::add);
        walk.end()?;
        Ok(demand)
    }

    fn add(mut self, other: Self) -> Self {
        for (place, count) in other.at {
            *self.at.entry(place).or_default() += count;
        }
        for (site, count) in other.at_site {
            *self.at_site.entry(site).or_default() += count;
        }
        self
    }
}
