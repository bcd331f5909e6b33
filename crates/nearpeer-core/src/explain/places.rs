//! Where somebody could meet, and what stands in the way.

use std::collections::HashMap;

use super::{Found, FullPlace, Reason};
use crate::program::{IntegerProgram, Spot, Spots};
use crate::roster::{Code, Roster};

/// The places at which pairs can be held, and how many pairs a match has at each.
pub(super) struct Taken<'p> {
    roster: &'p Roster,
    spots: Spots<'p>,
    pairs: HashMap<(Code, Code), usize>,
}

impl<'p> Taken<'p> {
    /// `None` where pairs get no places.
    pub(super) fn new(program: &IntegerProgram<'p>, found: &Found) -> Option<Self> {
        let meetings = program.meetings.as_ref()?;
        let mut pairs = HashMap::new();
        for meets in found.meets.unwrap_or_default() {
            *pairs.entry((meets.site, meets.slot)).or_default() += 1;
        }
        Some(Self {
            roster: meetings.roster,
            spots: meetings.spots(),
            pairs,
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
        FullPlace {
            site: site.to_owned(),
            slot: slot.to_owned(),
            pairs: self.pairs.get(place).copied().unwrap_or(0),
            room: room.map(|room| room.capacity),
        }
    }
}
