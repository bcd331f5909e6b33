//! Leaders, rooms and settings of meetings for small random programmes.

use proptest::collection::vec;
use proptest::option;
use proptest::prelude::*;

use super::small::{SITE_NAMES, WORDS};
use crate::programme::{Meetings, Travel};
use crate::roster::{Leader, Room, RosterBuilder};

#[derive(Debug, Clone)]
pub(super) struct Week {
    leaders: Option<Vec<Someone>>,
    /// Sites, slots and capacities; of one place only the first counts.
    rooms: Option<Vec<(usize, usize, u32)>>,
    travel: Travel,
    assign: Option<bool>,
}

#[derive(Debug, Clone)]
struct Someone {
    sites: u8,
    slots: u8,
    capacity: u32,
    max_slots: Option<u32>,
}

fn leader() -> impl Strategy<Value = Someone> {
    let capacity = prop_oneof![1 => Just(0u32), 9 => 1u32..4];
    let max_slots = option::weighted(0.6, prop_oneof![1 => Just(0u32), 9 => 1u32..3]);
    let mostly = || [(); 3].map(|()| prop::bool::weighted(0.7));
    let bits = |set: [bool; 3]| (0..3).map(|bit| u8::from(set[bit]) << bit).sum();
    (mostly(), mostly(), capacity, max_slots).prop_map(
        move |(sites, slots, capacity, max_slots)| Someone {
            sites: bits(sites),
            slots: bits(slots),
            capacity,
            max_slots,
        },
    )
}

impl Week {
    /// The bits of the slots that there are.
    pub(super) const SLOTS: u8 = 0b111;

    pub(super) fn any() -> impl Strategy<Value = Self> {
        let travel = prop_oneof![
            Just(Travel::Mentee),
            Just(Travel::Mentor),
            Just(Travel::Either)
        ];
        // Of so many, some are for one place.
        let rooms = vec((0..SITE_NAMES.len(), 0usize..3, 0u32..4), 1..16);
        (
            option::weighted(0.7, vec(leader(), 1..4)),
            option::weighted(0.5, rooms),
            travel,
            option::weighted(0.3, prop::bool::weighted(0.8)),
        )
            .prop_map(|(leaders, rooms, travel, assign)| Self {
                leaders,
                rooms,
                travel,
                assign,
            })
    }

    pub(super) fn without_tables(&self) -> Self {
        Self {
            leaders: None,
            rooms: None,
            ..self.clone()
        }
    }

    pub(super) fn meetings(&self) -> Meetings {
        Meetings {
            travel: self.travel,
            assign: self.assign,
        }
    }

    /// Adds the tables, in this order of rows.
    pub(super) fn add(
        &self,
        builder: &mut RosterBuilder,
        has_sites: bool,
        order: impl Fn(usize) -> Vec<usize>,
    ) {
        let names = |names: &[&'static str], bits: u8| -> Vec<&'static str> {
            let all = names.iter().enumerate();
            all.filter(|(ix, _)| bits >> ix & 1 == 1)
                .map(|(_, name)| *name)
                .collect()
        };
        let leaders = self.leaders.as_deref().unwrap_or_default();
        for ix in order(leaders.len()) {
            let of = &leaders[ix];
            let mut leader = Leader::new(format!("l{ix}"))
                .slots(names(&WORDS, of.slots))
                .capacity(of.capacity);
            if has_sites {
                leader = leader.sites(names(&SITE_NAMES, of.sites));
            }
            if let Some(most) = of.max_slots {
                leader = leader.max_slots(most);
            }
            builder.push_leader(leader);
        }
        let mut rooms: Vec<(usize, usize, u32)> = Vec::new();
        for &(site, slot, capacity) in self.rooms.iter().flatten() {
            let site = if has_sites { site } else { 0 };
            if !rooms.iter().any(|room| (room.0, room.1) == (site, slot)) {
                rooms.push((site, slot, capacity));
            }
        }
        for ix in order(rooms.len()) {
            let (site, slot, capacity) = rooms[ix];
            let room = Room::new(WORDS[slot]).capacity(capacity);
            builder.push_room(if has_sites {
                room.site(SITE_NAMES[site])
            } else {
                room
            });
        }
    }
}
