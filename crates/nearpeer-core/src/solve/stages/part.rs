//! A part of a programme in which pairs have places.

use std::collections::HashMap;

use super::candidates::Candidates;
use super::price;
use crate::certificate::Level;
use crate::certificate::stages::{LevelPrices, MeetingPlace};
use crate::constraint::Spot;
use crate::pairs;
use crate::program::master::Placed;
use crate::program::{Chosen, CrewPrices, IntegerProgram, Meetings, Modes, Staffed};
use crate::roster::{Role, Roster};
use crate::solve::parts::of_part;
use crate::solve::staged::Meets;

/// People who share no pair, no place and no leader with others.
pub(super) struct Part<'p> {
    pub(super) program: IntegerProgram<'p>,
    /// Where pairs meet, if they have places.
    pub(super) meetings: Meetings,
    pub(super) has_places: bool,
    /// What one unit of a level counts in the prices.
    pub(super) unit: i64,
    few: Few,
    /// What mentors' mentees have in common.
    pub(super) modes: Modes,
    /// The mentees and the mentors, as the whole programme numbers them.
    people: [Vec<u32>; 2],
}

/// By mentee and by mentor, the constraints that concern few people, and these among them.
struct Few {
    of: [HashMap<u32, Vec<usize>>; 2],
}

impl Few {
    fn new(program: &IntegerProgram) -> Self {
        let mut of: [HashMap<u32, Vec<usize>>; 2] = Default::default();
        for (ix, row) in program.rows.iter().enumerate() {
            for (of, people) in of.iter_mut().zip(row.few.iter().flatten()) {
                for person in people {
                    of.entry(*person).or_default().push(ix);
                }
            }
        }
        Self { of }
    }
}

/// The places of a part of a program with these people; none where pairs have no places.
fn places_of(part: &IntegerProgram, of: &IntegerProgram, people: &[Vec<u32>; 2]) -> Meetings {
    let loads = [
        part.mentees.iter().map(|mentee| mentee.max).collect(),
        part.mentors.iter().map(|mentor| mentor.max).collect(),
    ];
    let meetings = of.meetings.as_ref();
    meetings.map_or_else(Meetings::nowhere, |meetings| {
        meetings.of_people([&people[0], &people[1]], loads)
    })
}

/// The modes of mentors among these mentees.
fn modes_of(program: &IntegerProgram, mentees: &[u32], meetings: &Meetings) -> Modes {
    let common = program.common.as_ref();
    common.map_or_else(
        || Modes::one(mentees.len()),
        |common| common.modes(mentees, meetings.places.len()),
    )
}

impl<'p> Part<'p> {
    /// All of a program.
    pub(super) fn whole(program: &IntegerProgram<'p>) -> Self {
        let people: [Vec<u32>; 2] = [
            (0..program.mentees.len() as u32).collect(),
            (0..program.mentors.len() as u32).collect(),
        ];
        let whole = program.weighed(|level| program.levels.weight(level));
        let part = IntegerProgram {
            rows: program.rows.clone(),
            ..whole
        };
        Self::new(part, program, people)
    }

    /// The people of one part of a program.
    pub(super) fn of(program: &IntegerProgram, part: &'p pairs::Part<'p>) -> Self {
        let people = [Role::Mentee, Role::Mentor].map(|role| part.people(role).to_vec());
        Self::new(of_part(program, part), program, people)
    }

    fn new(part: IntegerProgram<'p>, of: &IntegerProgram, people: [Vec<u32>; 2]) -> Self {
        let meetings = places_of(&part, of, &people);
        Self {
            modes: modes_of(of, &people[0], &meetings),
            meetings,
            has_places: of.meetings.is_some(),
            unit: price::unit(&part.rows),
            few: Few::new(&part),
            program: part,
            people,
        }
    }

    pub(super) fn people(&self, role: Role) -> &[u32] {
        &self.people[role as usize]
    }

    /// The places of a pair; a place that is none where pairs have no places.
    #[inline]
    pub(super) fn places_of(&self, mentee: usize, mentor: u32) -> impl Iterator<Item = usize> {
        let nowhere = (!self.has_places).then_some(0);
        let somewhere = self.meetings.of_pair(mentee, mentor as usize);
        nowhere.into_iter().chain(somewhere)
    }

    #[inline]
    pub(super) fn can_meet(&self, mentee: usize, mentor: u32) -> bool {
        self.places_of(mentee, mentor).next().is_some()
    }

    /// The site and the slot of a place.
    #[inline]
    pub(super) fn spot(&self, place: usize) -> Option<Spot> {
        let place = self.meetings.places.get(place)?;
        Some((place.site, place.slot))
    }

    /// The constraints with few people that a pair may have a term in, by number.
    pub(super) fn few_of(&self, mentee: u32, mentor: u32) -> impl Iterator<Item = usize> {
        let (own, others) = (&self.few.of[0], &self.few.of[1]);
        let of_mentee = own.get(&mentee).map_or(&[][..], |rows| rows);
        let of_mentor = others.get(&mentor).map_or(&[][..], |rows| rows);
        let more = of_mentor.iter().filter(|row| !of_mentee.contains(row));
        of_mentee.iter().chain(more).copied()
    }

    /// The pair at every place at which it can meet, in every mode of the mentor's.
    pub(super) fn everywhere(
        &self,
        mentee: u32,
        mentor: u32,
        score: i64,
    ) -> impl Iterator<Item = Placed> {
        let places = self.places_of(mentee as usize, mentor);
        places.flat_map(move |place| {
            let modes = self.modes.of_pair(mentee as usize, place);
            modes.map(move |mode| Placed {
                mentee,
                mentor,
                place: place as u32,
                spot: self.spot(place),
                mode,
                score,
            })
        })
    }

    /// The levels, each with the least and the greatest value that it can have in this part.
    pub(super) fn ranges(&self) -> Vec<(Level, i128, i128)> {
        let program = &self.program;
        let able = program.mentees.iter().filter(|mentee| mentee.max > 0);
        let count = |level: Level| {
            let counted = able.clone().filter(|mentee| mentee.tier.counts_for(level));
            counted.count() as i128
        };
        let loads = |side: &mut dyn Iterator<Item = u32>| side.map(i128::from).sum::<i128>();
        let most = loads(&mut program.mentees.iter().map(|mentee| mentee.max))
            .min(loads(&mut program.mentors.iter().map(|mentor| mentor.max)));
        let (least, greatest) = program.pairs.score_range();
        let levels = program.levels.iter().map(|(level, _)| level);
        levels
            .map(|level| match level {
                Level::Obligations => {
                    let all = program.obligations() + program.promised_by_rows();
                    (level, -i128::from(all), 0)
                }
                Level::Score => (
                    level,
                    most * i128::from(least.min(0)),
                    most * i128::from(greatest.max(0)),
                ),
                _ => (level, 0, count(level)),
            })
            .collect()
    }

    /// At most what the places' capacities cost, over all staffings that keep to what is decided, with prices of
    /// crews of whom so many are.
    pub(super) fn most(
        &self,
        prices: &LevelPrices,
        of_crews: &CrewPrices,
        decided: &Staffed,
    ) -> i128 {
        self.meetings.staffing.most(prices, of_crews, decided)
    }

    /// Has prices be paid for room where it is full at these capacities, and for leaders elsewhere.
    pub(super) fn pay(&self, prices: &mut LevelPrices, capacities: &[u32]) {
        let full = capacities.iter().zip(self.meetings.staffing.room());
        let full = full.map(|(held, room)| held >= room);
        let rooms = prices.places.iter().zip(full);
        prices.rooms = rooms
            .map(|(price, full)| if full { *price } else { 0 })
            .collect();
        prices.rounded.clear();
    }

    /// How many of these pairs meet at each place.
    pub(super) fn counts(&self, pairs: &[Placed]) -> Vec<u32> {
        let mut counts = vec![0; self.meetings.places.len()];
        for pair in pairs.iter().filter(|_| self.has_places) {
            counts[pair.place as usize] += 1;
        }
        counts
    }

    /// The chosen pairs as the whole programme numbers them, with their places and leaders.
    pub(super) fn meets(
        &self,
        pairs: &[Placed],
        candidates: &Candidates,
    ) -> Vec<(Chosen, Option<Meets>)> {
        let counts = self.counts(pairs);
        let staffing = &self.meetings.staffing;
        let teams = staffing.teams.as_deref().unwrap_or_default();
        let placed = candidates.placed(staffing, &counts);
        let places = self.meetings.places.len();
        // The leaders of every place, each with what is left of the capacity.
        let mut leaders: Vec<Vec<(usize, u32)>> = vec![Vec::new(); places];
        for (team, at) in teams.iter().zip(placed) {
            for place in at {
                leaders[place].push((team.leader, team.capacity));
            }
        }
        let mut meets = Vec::with_capacity(pairs.len());
        for pair in pairs {
            let at = leaders.get_mut(pair.place as usize);
            let mut at = at.into_iter().flatten();
            let leader = at.find(|(_, left)| *left > 0).map(|(leader, left)| {
                *left -= 1;
                *leader
            });
            let chosen = Chosen {
                mentee: self.people[0][pair.mentee as usize],
                mentor: self.people[1][pair.mentor as usize],
                score: pair.score,
            };
            let meet = pair.spot.map(|(site, slot)| Meets { site, slot, leader });
            meets.push((chosen, meet));
        }
        meets
    }

    /// The names of the places.
    pub(super) fn places(&self, roster: &Roster) -> Vec<MeetingPlace> {
        let places = self.meetings.places.iter();
        places
            .map(|place| MeetingPlace {
                site: roster.meeting_site_name(place.site).to_owned(),
                slot: roster.slots().word(place.slot).to_owned(),
            })
            .collect()
    }
}
