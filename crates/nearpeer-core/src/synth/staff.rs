//! Drawing leaders, and the rooms of each school.

use super::dice::Dice;
use super::sites::Site;
use super::{District, Stream, student};
use crate::roster;

/// How many mentees a leader looks after.
const MENTEES_A_LEADER: u64 = 30;

/// A leader's time for meetings, in millionths of a student's.
const LEADERS_LEISURE: u32 = 1_600_000;

/// How often a school has room in a meeting time, in millionths; in the others, clubs and courses have it.
const ROOM_AT_ALL: u32 = 850_000;

/// For how many of a school's mentees there is room at one time, in hundredths. A student is free at the
/// popular times 40 to 45 times in a hundred.
const ROOM: (u32, u32) = (10, 33);

/// The least room there is.
const LEAST_ROOM: u64 = 2;

/// An adult who supervises: a row of the leaders' table.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Leader<'a> {
    /// `leader-01`, ...
    pub id: String,
    /// The school.
    pub site: &'a str,
    /// Weekly meeting times at which the leader is free.
    pub slots: Vec<&'static str>,
    /// Pairs at one time.
    pub capacity: u32,
    /// Slots a week, where there is a limit.
    pub max_slots: Option<u32>,
}

/// How many pairs a school has room for in a meeting time: a row of the rooms' table.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub struct Room<'a> {
    /// The school.
    pub site: &'a str,
    /// The weekly meeting time.
    pub slot: &'static str,
    /// Pairs at one time.
    pub capacity: u32,
}

impl District {
    /// The leaders, site by site; none in an open district.
    pub fn leaders(&self) -> impl Iterator<Item = Leader<'_>> {
        let sites = || {
            let sites = self.with_mentees();
            sites.map(|(site, mentees)| (site, mentees.div_ceil(MENTEES_A_LEADER)))
        };
        let total: u64 = sites().map(|(_, count)| count).sum();
        let width = total.to_string().len();
        sites()
            .flat_map(|(site, count)| (0..count).map(move |_| site))
            .zip(0..)
            .map(move |(site, position)| {
                let mut dice = Dice::new(self.seed, Stream::Leader, position);
                Leader {
                    id: format!("leader-{:0width$}", position + 1),
                    site: &site.name,
                    slots: student::slots(&mut dice, LEADERS_LEISURE),
                    capacity: dice.within((8, 16)),
                    max_slots: Some(dice.within((1, 3))).filter(|_| !dice.chance(self.missing)),
                }
            })
    }

    /// The rooms, site by site and through the week; none in an open district. A site has no room in a
    /// meeting time that it has no row for.
    pub fn rooms(&self) -> impl Iterator<Item = Room<'_>> {
        let sites = self.with_mentees().zip(0..);
        sites.flat_map(move |((site, mentees), position)| {
            let mut dice = Dice::new(self.seed, Stream::Rooms, position);
            student::SLOTS.iter().filter_map(move |(slot, _)| {
                let is_there = dice.chance(ROOM_AT_ALL);
                let pairs = mentees * u64::from(dice.within(ROOM)) / 100;
                is_there.then(|| Room {
                    site: &site.name,
                    slot,
                    // A district has at most 10^8 mentees.
                    capacity: pairs.max(LEAST_ROOM) as u32,
                })
            })
        })
    }

    /// The sites that can expect mentees, and how many.
    fn with_mentees(&self) -> impl Iterator<Item = (&Site, u64)> {
        let expected = self.sites.expected(self.mentees);
        expected.filter(|(_, mentees)| !self.open && *mentees > 0)
    }
}

impl From<Leader<'_>> for roster::Leader {
    fn from(leader: Leader<'_>) -> Self {
        let known = Self::new(leader.id)
            .site(leader.site)
            .slots(leader.slots)
            .capacity(leader.capacity);
        match leader.max_slots {
            Some(most) => known.max_slots(most),
            None => known,
        }
    }
}

impl From<Room<'_>> for roster::Room {
    fn from(room: Room<'_>) -> Self {
        Self::new(room.slot).site(room.site).capacity(room.capacity)
    }
}
