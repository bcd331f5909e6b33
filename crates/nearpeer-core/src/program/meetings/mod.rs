//! Meetings: the places, each a site and a slot, at which pairs meet, and how many pairs each of them can hold.
//!
//! A pair meets at one place at which both can be. A place holds as many pairs as its room and the leaders
//! who are put there; leaders matter only through that, so a staffing is no more than a capacity a place.

mod crew;
#[cfg(feature = "highs")]
mod staff;
mod staffing;
mod team;

pub(crate) use crew::{Crew, CrewPrices, Staffed};
#[cfg(feature = "highs")]
pub(crate) use staff::Staff;
pub(crate) use staffing::{Staffing, worth};

use team::Team;

use std::collections::HashSet;

use petgraph::unionfind::UnionFind;

use crate::programme::{Program, Travel};
use crate::roster::{Code, Role, Roster};

/// A site in a slot.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct Place {
    pub(crate) site: Code,
    pub(crate) slot: Code,
}

/// The places of some people, and who can meet where.
#[derive(Debug, Clone)]
pub(crate) struct Meetings {
    /// Ascending.
    pub(crate) places: Vec<Place>,
    pub(crate) staffing: Staffing,
    /// Words of a bitset of places.
    words: usize,
    /// By mentees and mentors: the places in whose slot a person is free.
    free: [Vec<u64>; 2],
    /// By mentees and mentors: the places at the person's own site.
    home: [Vec<u64>; 2],
    travel: Travel,
}

/// The roster and the settings of a programme in which pairs have places.
#[derive(Clone, Copy)]
pub(crate) struct MeetingsOf<'p> {
    pub(crate) roster: &'p Roster,
    pub(crate) settings: &'p Program,
}

impl<'p> MeetingsOf<'p> {
    /// `None` where the programme gives pairs no places.
    pub(super) fn new(roster: &'p Roster, settings: &'p Program) -> Option<Self> {
        let assigned = settings.meetings.is_assigned(roster);
        assigned.then_some(Self { roster, settings })
    }

    /// The places of these mentees and mentors, who are numbered in this order and may have so many pairs.
    pub(crate) fn of_people(&self, people: [&[u32]; 2], loads: [Vec<u32>; 2]) -> Meetings {
        Meetings::new(self.roster, self.settings, people, loads)
    }

    /// Where pairs can be held at all, as far as rooms and leaders are concerned.
    pub(crate) fn spots(&self) -> Spots<'p> {
        let roster = self.roster;
        let rooms: HashSet<(Code, Code)> = roster
            .rooms()
            .iter()
            .filter(|room| room.capacity > 0)
            .map(|room| (room.site, room.slot))
            .collect();
        let led: HashSet<(Code, Code)> = roster
            .leaders()
            .iter()
            .filter(|leader| leader.can_lead())
            .flat_map(|leader| {
                let slots = leader.slots.iter();
                slots.flat_map(|slot| leader.sites.iter().map(|site| (*site, *slot)))
            })
            .collect();
        Spots {
            of: *self,
            rooms: (!roster.rooms().is_empty()).then_some(rooms),
            led: (!roster.leaders().is_empty()).then_some(led),
        }
    }

    /// A number for each mentee and mentor who is at home at a place, equal for those who could share it or its
    /// leaders with others.
    pub(crate) fn links(&self) -> [Vec<Option<u32>>; 2] {
        let roster = self.roster;
        let travel = self.settings.meetings.travel;
        let mut shared = UnionFind::new(roster.sites().len().max(1));
        for leader in roster.leaders() {
            for two in leader.sites.windows(2) {
                shared.union(two[0] as usize, two[1] as usize);
            }
        }
        [Role::Mentee, Role::Mentor].map(|role| {
            let hosts = hosts(travel, role);
            let all = 0..roster.side(role).len();
            all.map(|ix| {
                let site = roster.meeting_site(role, ix).filter(|_| hosts)?;
                Some(shared.find(site as usize) as u32)
            })
            .collect()
        })
    }
}

impl Meetings {
    /// No places at all.
    pub(crate) fn nowhere() -> Self {
        Self {
            places: Vec::new(),
            staffing: Staffing::new(Vec::new(), None),
            words: 0,
            free: Default::default(),
            home: Default::default(),
            travel: Travel::default(),
        }
    }

    fn new(roster: &Roster, program: &Program, people: [&[u32]; 2], loads: [Vec<u32>; 2]) -> Self {
        let travel = program.meetings.travel;
        let mut places = places(roster, travel, people);
        let rooms = |place: &Place| {
            let rooms = roster.rooms().iter();
            rooms
                .clone()
                .find(|room| (room.site, room.slot) == (place.site, place.slot))
                .map_or(0, |room| room.capacity)
        };
        let has_rooms = !roster.rooms().is_empty();
        places.retain(|place| !has_rooms || rooms(place) > 0);
        let teams = (!roster.leaders().is_empty()).then(|| Team::all(roster, &places));
        let mut room: Vec<u32> = places
            .iter()
            .map(|place| if has_rooms { rooms(place) } else { u32::MAX })
            .collect();
        let words = places.len().div_ceil(64);
        let mut meetings = Self {
            words,
            free: Default::default(),
            home: Default::default(),
            travel,
            staffing: Staffing::default(),
            places,
        };
        for (side, role) in [Role::Mentee, Role::Mentor].into_iter().enumerate() {
            meetings.free[side] = meetings.masks(people[side], |person, place| {
                let slots = roster.side(role).slots(person);
                slots.is_some_and(|slots| slots.contains(&place.slot))
            });
            meetings.home[side] = meetings.masks(people[side], |person, place| {
                roster.meeting_site(role, person) == Some(place.site)
            });
        }
        for (place, room) in room.iter_mut().enumerate() {
            *room = loads.iter().enumerate().fold(*room, |room, (side, loads)| {
                room.min(meetings.most_of(side, loads, place))
            });
        }
        meetings.staffing = Staffing::new(room, teams);
        meetings
    }

    /// How many pairs the people of a side who can be at a place may have.
    fn most_of(&self, side: usize, loads: &[u32], place: usize) -> u32 {
        // Whether people of this side meet at home only.
        let at_home = match self.travel {
            Travel::Mentor => side == 1,
            Travel::Either => false,
            _ => side == 0,
        };
        let has = |masks: &[u64], person: usize| {
            masks[person * self.words + place / 64] >> (place % 64) & 1 == 1
        };
        let able = loads.iter().enumerate().filter(|(person, _)| {
            has(&self.free[side], *person) && (!at_home || has(&self.home[side], *person))
        });
        able.fold(0, |sum, (_, load)| sum.saturating_add(*load))
    }

    fn masks(&self, people: &[u32], has: impl Fn(usize, &Place) -> bool) -> Vec<u64> {
        let mut masks = vec![0; people.len() * self.words];
        for (number, person) in people.iter().enumerate() {
            for (ix, place) in self.places.iter().enumerate() {
                if has(*person as usize, place) {
                    masks[number * self.words + ix / 64] |= 1 << (ix % 64);
                }
            }
        }
        masks
    }

    /// The places at which a pair can meet, ascending.
    #[inline]
    pub(crate) fn of_pair(&self, mentee: usize, mentor: usize) -> impl Iterator<Item = usize> {
        let word = move |ix: usize| {
            let (e, m) = (mentee * self.words + ix, mentor * self.words + ix);
            let home = match self.travel {
                Travel::Mentor => self.home[1][m],
                Travel::Either => self.home[0][e] | self.home[1][m],
                _ => self.home[0][e],
            };
            self.free[0][e] & self.free[1][m] & home
        };
        (0..self.words).flat_map(move |ix| {
            let mut bits = word(ix);
            std::iter::from_fn(move || {
                (bits != 0).then(|| {
                    let place = bits.trailing_zeros() as usize;
                    bits &= bits - 1;
                    ix * 64 + place
                })
            })
        })
    }
}

/// Sites and slots at which pairs can be held.
pub(crate) struct Spots<'p> {
    of: MeetingsOf<'p>,
    rooms: Option<HashSet<(Code, Code)>>,
    led: Option<HashSet<(Code, Code)>>,
}

/// A site in a slot in which both of a pair are free.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Spot {
    pub(crate) site: Code,
    pub(crate) slot: Code,
    /// Whether there is any room.
    pub(crate) room: bool,
    /// Whether any leader can be there.
    pub(crate) led: bool,
}

impl Spots<'_> {
    /// The sites at which a mentee and a mentor could meet, in the slots in which both are free; twice where both are at
    /// home there and either may travel.
    pub(crate) fn of_pair(&self, mentee: usize, mentor: usize) -> impl Iterator<Item = Spot> {
        let MeetingsOf { roster, settings } = self.of;
        let sites = [(Role::Mentee, mentee), (Role::Mentor, mentor)].map(|(role, ix)| {
            let site = roster.meeting_site(role, ix);
            site.filter(|_| hosts(settings.meetings.travel, role))
        });
        let slots = |role: Role, ix: usize| roster.side(role).slots(ix).unwrap_or_default();
        let others = slots(Role::Mentor, mentor);
        let both = slots(Role::Mentee, mentee)
            .iter()
            .filter(|slot| others.contains(slot));
        both.flat_map(move |&slot| {
            sites.into_iter().flatten().map(move |site| {
                let holds = |spots: &Option<HashSet<(Code, Code)>>| {
                    spots
                        .as_ref()
                        .is_none_or(|spots| spots.contains(&(site, slot)))
                };
                Spot {
                    site,
                    slot,
                    room: holds(&self.rooms),
                    led: holds(&self.led),
                }
            })
        })
    }

    /// Whether a mentee and a mentor can meet anywhere.
    pub(crate) fn can_meet(&self, mentee: usize, mentor: usize) -> bool {
        self.of_pair(mentee, mentor)
            .any(|spot| spot.room && spot.led)
    }
}

/// Whether pairs can meet at the site of this side's people.
pub(crate) fn hosts(travel: Travel, role: Role) -> bool {
    match travel {
        Travel::Mentor => role == Role::Mentor,
        Travel::Either => true,
        _ => role == Role::Mentee,
    }
}

/// The places at which a host among these people is at home and somebody is free, ascending.
fn places(roster: &Roster, travel: Travel, people: [&[u32]; 2]) -> Vec<Place> {
    let mut places = Vec::new();
    let mut sites: Vec<Code> = Vec::new();
    let mut slots: Vec<Code> = Vec::new();
    for (role, people) in [Role::Mentee, Role::Mentor].into_iter().zip(people) {
        for &person in people {
            let site = roster.meeting_site(role, person as usize);
            sites.extend(site.filter(|_| hosts(travel, role)));
            slots.extend(roster.side(role).slots(person as usize).unwrap_or_default());
        }
        for list in [&mut sites, &mut slots] {
            list.sort_unstable();
            list.dedup();
        }
    }
    for &site in &sites {
        places.extend(slots.iter().map(|&slot| Place { site, slot }));
    }
    places
}
