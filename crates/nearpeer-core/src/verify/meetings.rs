//! Where pairs may meet, read plainly from the roster, and whether the meetings of an answer can be held.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use super::{ClaimedPair, fault, fault_in_row};
use crate::certificate::stages::{LevelPrices, RoundingPrice};
pub(super) use crate::constraint::Spot;
use crate::error::Error;
use crate::programme::{Program, Travel};
use crate::roster::{Code, Role, Roster};

/// Different capacities up to which they are all looked at.
const MAX_LISTED: usize = 200_000;

/// The meetings of a roster under a programme.
pub(super) struct Meetings<'a> {
    pub(super) roster: &'a Roster,
    travel: Travel,
    rooms: Option<HashMap<Spot, u32>>,
}

impl<'a> Meetings<'a> {
    /// `None` where pairs get no slots.
    pub(super) fn new(roster: &'a Roster, program: &Program) -> Option<Self> {
        if !program.meetings.is_assigned(roster) {
            return None;
        }
        let rooms = roster.rooms().iter();
        let rooms: HashMap<Spot, u32> = rooms
            .map(|room| ((room.site, room.slot), room.capacity))
            .collect();
        Some(Self {
            roster,
            travel: program.meetings.travel,
            rooms: (!rooms.is_empty()).then_some(rooms),
        })
    }

    /// The sites at which two people can meet.
    pub(super) fn sites(&self, mentee: usize, mentor: usize) -> impl Iterator<Item = Code> {
        let of_mentee = self.roster.meeting_site(Role::Mentee, mentee);
        let of_mentor = self.roster.meeting_site(Role::Mentor, mentor);
        let sites = match self.travel {
            Travel::Mentor => [of_mentor, None],
            Travel::Either => [of_mentee, of_mentor.filter(|_| of_mentor != of_mentee)],
            _ => [of_mentee, None],
        };
        sites.into_iter().flatten()
    }

    /// Everywhere that two people can meet.
    pub(super) fn spots(&self, mentee: usize, mentor: usize) -> impl Iterator<Item = Spot> {
        let slots = |role: Role, ix: usize| self.roster.side(role).slots(ix).unwrap_or_default();
        let others = slots(Role::Mentor, mentor);
        let both = slots(Role::Mentee, mentee).iter();
        let both = both.filter(move |slot| others.contains(slot));
        both.flat_map(move |slot| self.sites(mentee, mentor).map(move |site| (site, *slot)))
    }

    /// How many pairs people of a part who can be at each spot may have, by the side that may have fewer; people by number
    /// and load.
    pub(super) fn demand(
        &self,
        spots: &[Spot],
        mentees: &[(usize, u32)],
        mentors: &[(usize, u32)],
    ) -> Vec<u64> {
        let of = |spot: Spot, role: Role, people: &[(usize, u32)]| -> u64 {
            let at_home = match self.travel {
                Travel::Mentor => role == Role::Mentor,
                Travel::Either => false,
                _ => role == Role::Mentee,
            };
            let able = people.iter().filter(|(ix, _)| {
                let slots = self.roster.side(role).slots(*ix).unwrap_or_default();
                slots.contains(&spot.1)
                    && (!at_home || self.roster.meeting_site(role, *ix) == Some(spot.0))
            });
            able.map(|(_, load)| u64::from(*load)).sum()
        };
        let spots = spots.iter();
        spots
            .map(|spot| of(*spot, Role::Mentee, mentees).min(of(*spot, Role::Mentor, mentors)))
            .collect()
    }

    /// The room at a spot; `None` where rooms are not given.
    pub(super) fn room(&self, spot: Spot) -> Option<u32> {
        let rooms = self.rooms.as_ref()?;
        Some(rooms.get(&spot).copied().unwrap_or(0))
    }

    pub(super) fn needs_leaders(&self) -> bool {
        !self.roster.leaders().is_empty()
    }

    /// Whether anybody can meet there at all, as far as rooms and leaders are concerned.
    pub(super) fn can_be_held(&self, (site, slot): Spot) -> bool {
        let mut leaders = self.roster.leaders().iter();
        self.room((site, slot)) != Some(0)
            && (!self.needs_leaders()
                || leaders.any(|leader| {
                    leader.can_lead()
                        && leader.sites.contains(&site)
                        && leader.slots.contains(&slot)
                }))
    }

    /// What leaders and rooms can hold at spots where people with loads of `demand` together can be.
    pub(super) fn staff(&self, spots: &[Spot], demand: &[u64]) -> Staff {
        let place: HashMap<Spot, usize> = spots.iter().copied().zip(0..).collect();
        let room = spots.iter().zip(demand).map(|(spot, demand)| {
            let demand = u32::try_from(*demand).unwrap_or(u32::MAX);
            self.room(*spot).map_or(demand, |room| room.min(demand))
        });
        let mut leaders = Vec::new();
        let able = self.roster.leaders().iter();
        for leader in able.filter(|leader| leader.can_lead()) {
            let slots = leader.slots.iter().map(|slot| {
                let places = leader
                    .sites
                    .iter()
                    .filter_map(|site| place.get(&(*site, *slot)));
                places.copied().collect::<Vec<usize>>()
            });
            let slots: Vec<Vec<usize>> = slots.filter(|places| !places.is_empty()).collect();
            let most = leader
                .max_slots
                .map_or(slots.len(), |most| slots.len().min(most as usize));
            if most > 0 {
                leaders.push(Leads {
                    capacity: leader.capacity,
                    most,
                    slots,
                });
            }
        }
        Staff {
            room: room.collect(),
            leaders: self.needs_leaders().then_some(leaders),
        }
    }
}

/// Every way of taking this many of the slots, each at one of its places.
fn choices(slots: &[Vec<usize>], most: usize) -> Vec<Vec<usize>> {
    let mut choices = vec![Vec::new()];
    for (ix, places) in slots.iter().enumerate() {
        let left = slots.len() - ix - 1;
        let mut next = Vec::new();
        for choice in choices {
            if choice.len() < most {
                for place in places {
                    let mut with = choice.clone();
                    with.push(*place);
                    next.push(with);
                }
            }
            // Without this slot, if the others are enough.
            if choice.len() + left >= most {
                next.push(choice);
            }
        }
        choices = next;
        if choices.len() > 64 * MAX_LISTED {
            break;
        }
    }
    choices
}

/// A leader at some spots.
#[derive(Debug)]
pub(super) struct Leads {
    capacity: u32,
    /// In how many slots at most.
    most: usize,
    /// Spots by slot.
    slots: Vec<Vec<usize>>,
}

/// A spot, and how many pairs each leader of a crew can hold there at least.
pub(super) type Crew = (usize, u32);

/// How many leaders of a crew there are, at least and at most.
pub(super) type Staffed = BTreeMap<Crew, (u32, u32)>;

/// What leaders are paid for at a spot.
struct OfSpot {
    /// The price of what they hold.
    held: i128,
    /// By rounding the divisor, the rest and the price.
    rounded: Vec<(u32, u32, i128)>,
}

/// What leaders and rooms can hold at some spots.
#[derive(Debug)]
pub(super) struct Staff {
    /// The most pairs that each spot has room for.
    room: Vec<u32>,
    /// `None` where pairs need no leader.
    leaders: Option<Vec<Leads>>,
}

impl Staff {
    /// No spots at all.
    pub(super) fn nowhere() -> Self {
        Self {
            room: Vec::new(),
            leaders: None,
        }
    }

    /// By staffing, how many pairs each spot holds: every leader's choices one by one; `None` if they are too many.
    pub(super) fn listed(&self) -> Option<Vec<Vec<u32>>> {
        let Some(leaders) = &self.leaders else {
            return Some(vec![self.room.clone()]);
        };
        let mut all = BTreeSet::from([vec![0u32; self.room.len()]]);
        for leader in leaders {
            let choices = choices(&leader.slots, leader.most);
            if choices.len().saturating_mul(all.len()) > 64 * MAX_LISTED {
                return None;
            }
            let mut next = BTreeSet::new();
            for capacities in &all {
                for choice in &choices {
                    let mut capacities = capacities.clone();
                    for place in choice {
                        let sum = capacities[*place].saturating_add(leader.capacity);
                        capacities[*place] = sum.min(self.room[*place]);
                    }
                    next.insert(capacities);
                }
                if next.len() > MAX_LISTED {
                    return None;
                }
            }
            all = next;
        }
        Some(all.into_iter().collect())
    }

    /// Whether there is such a place.
    pub(super) fn has(&self, place: usize) -> bool {
        place < self.room.len()
    }

    /// Whether a place's room can be rounded by so many pairs.
    pub(super) fn can_be_rounded(&self, place: usize, by: u32) -> bool {
        self.room[place]
            .checked_rem(by)
            .is_some_and(|rest| rest > 0)
    }

    /// At most what prices times capacities come to, where there are as many of some crews as decided; of a spot's price,
    /// `rooms` is paid for its room, whoever is there, and `rounded` for its room by roundings. Every crew that has a
    /// price must be decided.
    pub(super) fn most(
        &self,
        prices: &LevelPrices,
        of_crews: &BTreeMap<Crew, i64>,
        decided: &Staffed,
    ) -> i128 {
        let Some(leaders) = &self.leaders else {
            return worth(&prices.places, &self.room);
        };
        let counts = of_crews.iter().map(|(crew, price)| {
            let (least, most) = decided[crew];
            i128::from(*price) * i128::from(if *price > 0 { most } else { least })
        });
        let mut of_spots: Vec<OfSpot> = Vec::new();
        for (place, price) in prices.places.iter().enumerate() {
            let paid = i128::from(*prices.rooms.get(place).unwrap_or(&0));
            of_spots.push(OfSpot {
                held: i128::from(*price) - paid,
                rounded: Vec::new(),
            });
        }
        let mut sum = worth(&prices.rooms, &self.room) + counts.sum::<i128>();
        for RoundingPrice { place, by, price } in &prices.rounded {
            let (room, price) = (self.room[*place], i128::from(*price));
            let (times, rest) = (i128::from(room / by), room % by);
            sum += price * (i128::from(room) - i128::from(rest) * (times + 1));
            of_spots[*place].held -= price;
            of_spots[*place].rounded.push((*by, rest, price));
        }
        let of_leader = |leader: &Leads| {
            let of_place = |place: &usize| {
                let pairs = leader.capacity.min(self.room[*place]);
                let of_spot = &of_spots[*place];
                let adds = of_spot.rounded.iter().map(|(by, rest, price)| {
                    let adds = i128::from(*rest) * i128::from(pairs / by);
                    price * (adds + i128::from((*rest).min(pairs % by)))
                });
                let crews = of_crews.range((*place, 0)..=(*place, pairs));
                let taken: i128 = crews.map(|(_, price)| i128::from(*price)).sum();
                of_spot.held * i128::from(pairs) + adds.sum::<i128>() - taken
            };
            let best = leader.slots.iter().map(|places| {
                let worth = places.iter().map(of_place);
                worth.max().unwrap_or(0).max(0)
            });
            let mut best: Vec<i128> = best.collect();
            best.sort_unstable();
            best.iter().rev().take(leader.most).sum::<i128>()
        };
        sum + leaders.iter().map(of_leader).sum::<i128>()
    }

    /// Capacities that no staffing exceeds in which there are as many of some crews as decided.
    pub(super) fn at_most(&self, decided: &Staffed) -> Vec<u32> {
        let Some(leaders) = &self.leaders else {
            return self.room.clone();
        };
        let most = (0..self.room.len()).map(|place| {
            let room = self.room[place];
            let can = leaders
                .iter()
                .filter(|leader| leader.slots.iter().flatten().any(|at| *at == place));
            let mut pairs: Vec<u32> = can.map(|leader| leader.capacity.min(room)).collect();
            pairs.sort_unstable();
            // Crews are within one another, so that taking the greatest first takes the most.
            let mut taken: Vec<u32> = Vec::new();
            for pairs in pairs.into_iter().rev() {
                let of_spot = decided.range((place, 0)..=(place, pairs));
                let is_full = |(crew, (_, most)): (&Crew, &(u32, u32))| {
                    let own = taken.iter().filter(|pairs| **pairs >= crew.1);
                    own.count() >= *most as usize
                };
                if !of_spot.into_iter().any(is_full) {
                    taken.push(pairs);
                }
            }
            let sum = taken
                .iter()
                .fold(0u32, |sum, pairs| sum.saturating_add(*pairs));
            sum.min(room)
        });
        most.collect()
    }
}

/// `Σ price · capacity`.
pub(super) fn worth(prices: &[i64], capacities: &[u32]) -> i128 {
    let terms = prices.iter().zip(capacities);
    terms
        .map(|(price, most)| i128::from(*price) * i128::from(*most))
        .sum()
}

/// The spot at which each pair of an answer meets, if it has one.
pub(super) fn met(roster: &Roster, answer: &[ClaimedPair]) -> Vec<Option<Spot>> {
    let spot = |pair: &ClaimedPair| {
        let meeting = pair.meeting.as_ref()?;
        let site = match roster.has_sites() {
            true => roster.sites().code(&meeting.site)?,
            false => 0,
        };
        Some((site, roster.slots().code(&meeting.slot)?))
    };
    answer.iter().map(spot).collect()
}

/// Checks that every pair of an answer meets where both can be, that rooms hold all who meet there, and that leaders
/// supervise them in slots, at sites and in numbers that are theirs.
///
/// # Errors
/// Naming the row of the first pair that does not fit.
pub(super) fn can_be_held(
    meetings: Option<&Meetings>,
    answer: &[ClaimedPair],
    claims: &[(u32, u32, i64)],
) -> Result<(), Error> {
    let Some(meetings) = meetings else {
        return match answer.iter().position(|pair| pair.meeting.is_some()) {
            Some(ix) => Err(fault_in_row(ix + 1)(
                "the pair has a meeting, and the programme gives pairs no slots".to_owned(),
            )),
            None => Ok(()),
        };
    };
    let roster = meetings.roster;
    let mut at: HashMap<Spot, u32> = HashMap::new();
    // By leader and slot, the site and the number of pairs.
    let mut led: BTreeMap<(&str, Code), (Code, u32)> = BTreeMap::new();
    for (row, (pair, &(mentee, mentor, _))) in (1..).zip(answer.iter().zip(claims)) {
        let fail = |message: &str| Err(fault_in_row(row)(message.to_owned()));
        let Some(meeting) = &pair.meeting else {
            return fail("the pair has no slot");
        };
        let spot = meetings
            .spots(mentee as usize, mentor as usize)
            .find(|(site, slot)| {
                roster.meeting_site_name(*site) == meeting.site
                    && roster.slots().word(*slot) == meeting.slot
            });
        let Some(spot) = spot else {
            return fail("the two cannot meet at this site in this slot");
        };
        let here = at.entry(spot).or_default();
        *here += 1;
        if meetings.room(spot).is_some_and(|room| *here > room) {
            return fail("there is no room for so many pairs at this site in this slot");
        }
        match (&meeting.leader, meetings.needs_leaders()) {
            (None, false) => {}
            (None, true) => return fail("nobody supervises the pair"),
            (Some(_), false) => return fail("the pair has a leader, and there are none"),
            (Some(id), true) => {
                let mut leaders = roster.leaders().iter();
                let Some(leader) = leaders.find(|leader| leader.id == *id) else {
                    return fail("the leader is not among the leaders");
                };
                let (site, slot) = spot;
                if !leader.sites.contains(&site) || !leader.slots.contains(&slot) {
                    return fail("the leader cannot be at this site in this slot");
                }
                let place = led.entry((id, slot)).or_insert((site, 0));
                place.1 += 1;
                if place.0 != site {
                    return fail("the leader is at another site in this slot");
                }
                if place.1 > leader.capacity {
                    return fail("the leader has more pairs than the capacity");
                }
            }
        }
    }
    for leader in roster.leaders() {
        let slots = led.keys().filter(|(id, _)| *id == leader.id).count();
        if leader.max_slots.is_some_and(|most| slots > most as usize) {
            return Err(fault(format!(
                "the leader {:?} is in more slots than max_slots allows",
                leader.id
            )));
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests;
