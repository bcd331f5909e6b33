//! Where somebody could meet, and what stands in the way.

use std::collections::{BTreeMap, HashMap};

use super::{Found, FullPlace, Reason};
use crate::program::{IntegerProgram, Spot, Spots};
use crate::roster::{Code, Roster};

/// A site and a slot, by their codes in the roster.
type Place = (Code, Code);

/// The places at which pairs can be held, and how many pairs a match has at each.
pub(super) struct Taken<'p> {
    roster: &'p Roster,
    spots: Spots<'p>,
    places: HashMap<Place, Standing>,
}

/// How a match stands at a place. Leaders are named by their place in the roster.
#[derive(Default)]
struct Standing {
    pairs: usize,
    room: Option<u32>,
    /// How many those can lead who lead there, or could and lead nowhere then.
    led: u64,
    leaders: Vec<usize>,
    elsewhere: Vec<usize>,
    out_of_slots: Vec<usize>,
}

impl<'p> Taken<'p> {
    /// `None` where pairs get no places.
    pub(super) fn new(program: &IntegerProgram<'p>, found: &Found) -> Option<Self> {
        let meetings = program.meetings.as_ref()?;
        let roster = meetings.roster;
        let mut places: HashMap<Place, Standing> = HashMap::new();
        for room in roster.rooms() {
            places.entry((room.site, room.slot)).or_default().room = Some(room.capacity);
        }
        // Where each leader is in a slot.
        let mut is_at = vec![BTreeMap::new(); roster.leaders().len()];
        for meets in found.meets.unwrap_or_default() {
            let place = (meets.site, meets.slot);
            places.entry(place).or_default().pairs += 1;
            if let Some(leader) = meets.leader {
                is_at[leader].insert(meets.slot, meets.site);
            }
        }
        let leaders = roster.leaders().iter().zip(&is_at).enumerate();
        for (ix, (leader, is_at)) in leaders.filter(|(_, (leader, _))| leader.can_lead()) {
            let no_slot_left = leader
                .max_slots
                .is_some_and(|most| is_at.len() >= most as usize);
            for &slot in &leader.slots {
                for &site in &leader.sites {
                    let place = places.entry((site, slot)).or_default();
                    let can_lead = match is_at.get(&slot) {
                        Some(at) if *at == site => {
                            place.leaders.push(ix);
                            true
                        }
                        Some(_) => {
                            place.elsewhere.push(ix);
                            false
                        }
                        None if no_slot_left => {
                            place.out_of_slots.push(ix);
                            false
                        }
                        None => true,
                    };
                    place.led += u64::from(leader.capacity) * u64::from(can_lead);
                }
            }
        }
        Some(Self {
            roster,
            spots: meetings.spots(),
            places,
        })
    }

    /// Whether a pair can be held anywhere.
    pub(super) fn can_meet(&self, mentee: usize, mentor: usize) -> bool {
        self.spots.can_meet(mentee, mentor)
    }

    /// Why none of these pairs, who are all that somebody has, can be held anywhere; `None` if one can.
    pub(super) fn no_place(&self, pairs: impl Iterator<Item = (usize, usize)>) -> Option<Reason> {
        let (mut no_slot, mut no_room, mut no_leader) = (0, 0, 0);
        for (mentee, mentor) in pairs {
            let (mut slot, mut room) = (false, false);
            let mut spots = self.spots.of_pair(mentee, mentor);
            let held = spots.any(|spot| {
                (slot, room) = (true, room || spot.room);
                spot.room && spot.led
            });
            match (held, slot, room) {
                (true, ..) => return None,
                (_, false, _) => no_slot += 1,
                (_, _, false) => no_room += 1,
                _ => no_leader += 1,
            }
        }
        Some(Reason::NoPlace {
            candidates: no_slot + no_room + no_leader,
            no_slot,
            no_room,
            no_leader,
        })
    }

    /// The place at which the most of these pairs could be held, of equal ones the first by name; but first one at which
    /// there is room for more.
    ///
    /// # Panics
    /// If none of them can be held anywhere.
    pub(super) fn full_place(&self, pairs: Vec<(u32, u32)>) -> FullPlace {
        let mut counts: HashMap<Place, usize> = HashMap::new();
        for (mentee, mentor) in pairs {
            let mut spots: Vec<Spot> = (self.spots.of_pair(mentee as usize, mentor as usize))
                .filter(|spot| spot.room && spot.led)
                .collect();
            spots.dedup();
            for spot in spots {
                *counts.entry((spot.site, spot.slot)).or_default() += 1;
            }
        }
        let told = counts.into_iter().map(|(at, count)| (count, self.told(at)));
        let first = told.min_by(|(count, place), (other_count, other)| {
            let rank = |place: &FullPlace| place.limit().is_some();
            let name = |place: &FullPlace| (place.site.clone(), place.slot.clone());
            (rank(place).cmp(&rank(other)))
                .then(other_count.cmp(count))
                .then_with(|| name(place).cmp(&name(other)))
        });
        first.expect("somebody with room can be met somewhere").1
    }

    fn told(&self, (site, slot): Place) -> FullPlace {
        let nothing = Standing::default();
        let standing = self.places.get(&(site, slot)).unwrap_or(&nothing);
        let leaders = self.roster.leaders();
        let names = |who: &[usize]| who.iter().map(|ix| leaders[*ix].id.clone()).collect();
        FullPlace {
            site: self.roster.meeting_site_name(site).to_owned(),
            slot: self.roster.slots().word(slot).to_owned(),
            pairs: standing.pairs,
            room: standing.room,
            led: (!leaders.is_empty()).then_some(standing.led),
            leaders: names(&standing.leaders),
            elsewhere: names(&standing.elsewhere),
            out_of_slots: names(&standing.out_of_slots),
        }
    }
}
