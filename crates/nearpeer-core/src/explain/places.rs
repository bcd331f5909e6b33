//! Where somebody could meet, and what stands in the way.

use std::collections::{BTreeSet, HashMap};

use super::{Found, FullPlace, Reason};
use crate::program::{IntegerProgram, Spot, Spots};
use crate::roster::{Code, Roster};

/// The places at which pairs can be held, and how many pairs a match has at each.
pub(super) struct Taken<'p> {
    roster: &'p Roster,
    spots: Spots<'p>,
    pairs: HashMap<(Code, Code), usize>,
    /// The leaders who could be at a place, and those who are.
    could_lead: HashMap<(Code, Code), Vec<usize>>,
    leads: HashMap<(Code, Code), BTreeSet<usize>>,
    /// The slots in which each leader is, by their place in the roster.
    busy: Vec<BTreeSet<Code>>,
}

impl<'p> Taken<'p> {
    /// `None` where pairs get no places.
    pub(super) fn new(program: &IntegerProgram<'p>, found: &Found) -> Option<Self> {
        let meetings = program.meetings.as_ref()?;
        let all = meetings.roster.leaders();
        let mut could_lead: HashMap<_, Vec<usize>> = HashMap::new();
        for (ix, leader) in all.iter().enumerate().filter(|(_, all)| all.can_lead()) {
            for &site in &leader.sites {
                for &slot in &leader.slots {
                    could_lead.entry((site, slot)).or_default().push(ix);
                }
            }
        }
        let (mut pairs, mut leads) = (HashMap::new(), HashMap::<_, BTreeSet<usize>>::new());
        let mut busy = vec![BTreeSet::new(); all.len()];
        for meets in found.meets.unwrap_or_default() {
            let place = (meets.site, meets.slot);
            *pairs.entry(place).or_default() += 1;
            if let Some(leader) = meets.leader {
                leads.entry(place).or_default().insert(leader);
                busy[leader].insert(meets.slot);
            }
        }
        Some(Self {
            roster: meetings.roster,
            spots: meetings.spots(),
            pairs,
            could_lead,
            leads,
            busy,
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

    /// The place at which the most of these pairs could be held, of equal ones the first by name.
    ///
    /// # Panics
    /// If none of them can be held anywhere.
    pub(super) fn full_place(&self, pairs: impl Iterator<Item = (u32, u32)>) -> FullPlace {
        let mut counts: HashMap<(Code, Code), usize> = HashMap::new();
        for (mentee, mentor) in pairs {
            let mut spots: Vec<Spot> = (self.spots.of_pair(mentee as usize, mentor as usize))
                .filter(|spot| spot.room && spot.led)
                .collect();
            spots.dedup();
            for spot in spots {
                *counts.entry((spot.site, spot.slot)).or_default() += 1;
            }
        }
        let name = |&(site, slot): &(Code, Code)| {
            (
                self.roster.meeting_site_name(site),
                self.roster.slots().word(slot),
            )
        };
        let most = counts
            .iter()
            .min_by_key(|(place, count)| (std::cmp::Reverse(**count), name(place)));
        let (place, _) = most.expect("somebody with room can be met somewhere");
        let mut rooms = self.roster.rooms().iter();
        let room = rooms.find(|room| (room.site, room.slot) == *place);
        let (site, slot) = name(place);
        let [leaders, elsewhere, out_of_slots] = self.leaders_for(*place);
        FullPlace {
            site: site.to_owned(),
            slot: slot.to_owned(),
            pairs: self.pairs.get(place).copied().unwrap_or(0),
            room: room.map(|room| room.capacity),
            leaders,
            elsewhere,
            out_of_slots,
        }
    }

    /// Who could lead at a place: those who do, those at another site in that slot, those with no slot left.
    fn leaders_for(&self, place: (Code, Code)) -> [Vec<String>; 3] {
        let mut told: [Vec<String>; 3] = Default::default();
        for &ix in self.could_lead.get(&place).into_iter().flatten() {
            let (leader, busy) = (&self.roster.leaders()[ix], &self.busy[ix]);
            let is_there = self.leads.get(&place).is_some_and(|who| who.contains(&ix));
            let is_spent = leader
                .max_slots
                .is_some_and(|most| busy.len() >= most as usize);
            let kind = match is_there {
                true => 0,
                false if busy.contains(&place.1) => 1,
                false if is_spent => 2,
                // Free all the same: other limits than theirs are in the way.
                false => continue,
            };
            told[kind].push(leader.id.clone());
        }
        told
    }
}
