//! A part of a programme in which pairs have places.

use super::candidates::Candidates;
use crate::certificate::Level;
use crate::certificate::stages::{LevelPrices, MeetingPlace};
use crate::pairs;
use crate::program::master::Placed;
use crate::program::{Chosen, IntegerProgram, Meetings, MeetingsOf, Staffed};
use crate::roster::{Role, Roster};
use crate::solve::parts::of_part;

use crate::solve::staged::Meets;

/// People who share no pair, no place and no leader with others.
pub(super) struct Part<'p> {
    pub(super) program: IntegerProgram<'p>,
    pub(super) meetings: Meetings,
    /// The mentees and the mentors, as the whole programme numbers them.
    people: [Vec<u32>; 2],
    /// The ids of the leaders of teams.
    leaders: Vec<String>,
}

impl<'p> Part<'p> {
    /// All of a program.
    pub(super) fn whole(program: &IntegerProgram<'p>, meetings: &MeetingsOf) -> Self {
        let people: [Vec<u32>; 2] = [
            (0..program.mentees.len() as u32).collect(),
            (0..program.mentors.len() as u32).collect(),
        ];
        let whole = program.weighed(|level| program.levels.weight(level));
        let program = IntegerProgram {
            side: program.side.clone(),
            ..whole
        };
        Self::new(program, meetings, people)
    }

    /// The people of one part of a program.
    pub(super) fn of(
        program: &IntegerProgram,
        meetings: &MeetingsOf,
        part: &'p pairs::Part<'p>,
    ) -> Self {
        let people = [Role::Mentee, Role::Mentor].map(|role| part.people(role).to_vec());
        Self::new(of_part(program, part), meetings, people)
    }

    fn new(program: IntegerProgram<'p>, of: &MeetingsOf, people: [Vec<u32>; 2]) -> Self {
        let loads = [
            program.mentees.iter().map(|mentee| mentee.max).collect(),
            program.mentors.iter().map(|mentor| mentor.max).collect(),
        ];
        let meetings = of.of_people([&people[0], &people[1]], loads);
        let leaders = of.roster.leaders();
        let teams = meetings.staffing.teams.iter().flatten();
        let leaders = teams.map(|team| leaders[team.leader].id.clone()).collect();
        Self {
            program,
            meetings,
            people,
            leaders,
        }
    }

    /// The id of the leader of a team.
    pub(super) fn leader(&self, team: usize) -> String {
        self.leaders[team].clone()
    }

    pub(super) fn people(&self, role: Role) -> &[u32] {
        &self.people[role as usize]
    }

    /// The least of the prices of the places of a pair; `None` where it can meet nowhere.
    #[inline]
    pub(super) fn cheapest(&self, mentee: usize, mentor: u32, prices: &[i64]) -> Option<i64> {
        self.meetings.cheapest(mentee, mentor as usize, prices)
    }

    #[inline]
    pub(super) fn can_meet(&self, mentee: usize, mentor: u32) -> bool {
        let mut places = self.meetings.of_pair(mentee, mentor as usize);
        places.next().is_some()
    }

    /// The pair at every place at which it can meet.
    pub(super) fn everywhere(
        &self,
        mentee: u32,
        mentor: u32,
        score: i64,
    ) -> impl Iterator<Item = Placed> {
        let places = self.meetings.of_pair(mentee as usize, mentor as usize);
        places.map(move |place| Placed {
            mentee,
            mentor,
            place: place as u32,
            score,
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
                Level::Obligations => (level, -i128::from(program.obligations()), 0),
                Level::Score => (
                    level,
                    most * i128::from(least.min(0)),
                    most * i128::from(greatest.max(0)),
                ),
                _ => (level, 0, count(level)),
            })
            .collect()
    }

    /// At most what the places' capacities cost, over all staffings that keep to what is decided.
    pub(super) fn most(&self, prices: &LevelPrices, decided: &Staffed) -> i128 {
        let staffing = &self.meetings.staffing;
        staffing.most(&prices.places, &prices.rooms, decided)
    }

    /// Has prices be paid for room where it is full at these capacities, and for leaders elsewhere.
    pub(super) fn pay(&self, prices: &mut LevelPrices, capacities: &[u32]) {
        let full = capacities.iter().zip(self.meetings.staffing.room());
        let full = full.map(|(held, room)| held >= room);
        let rooms = prices.places.iter().zip(full);
        prices.rooms = rooms
            .map(|(price, full)| if full { *price } else { 0 })
            .collect();
    }

    /// How many of these pairs meet at each place.
    pub(super) fn counts(&self, pairs: &[Placed]) -> Vec<u32> {
        let mut counts = vec![0; self.meetings.places.len()];
        for pair in pairs {
            counts[pair.place as usize] += 1;
        }
        counts
    }

    /// The chosen pairs as the whole programme numbers them, with their places and leaders.
    pub(super) fn meets(&self, pairs: &[Placed], candidates: &Candidates) -> Vec<(Chosen, Meets)> {
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
            let place = self.meetings.places[pair.place as usize];
            let at = &mut leaders[pair.place as usize];
            let leader = at.iter_mut().find(|(_, left)| *left > 0);
            let leader = leader.map(|(leader, left)| {
                *left -= 1;
                *leader
            });
            let chosen = Chosen {
                mentee: self.people[0][pair.mentee as usize],
                mentor: self.people[1][pair.mentor as usize],
                score: pair.score,
            };
            let meet = Meets {
                site: place.site,
                slot: place.slot,
                leader,
            };
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
