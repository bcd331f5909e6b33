//! How many pairs each place can hold, by where leaders are put.

use std::collections::{BTreeMap, BTreeSet, HashSet};

use super::crew::{Crew, CrewPrices, Rounding, Staffed, crews};
use super::team::{Team, place};
use crate::certificate::stages::LevelPrices;

/// Different capacities up to which they are listed; few in tests, so that small programmes have trees over staffings,
/// too.
pub(crate) const MAX_LISTED: usize = if cfg!(test) { 6 } else { 200_000 };

/// A leader at a place.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Seat {
    /// The leader's number among the teams.
    pub(crate) team: usize,
    /// Which of the leader's slots.
    pub(crate) slot: usize,
    pub(crate) place: usize,
    /// How many pairs the leader can hold there, as far as there is room.
    pub(crate) pairs: u32,
}

/// The capacities that the places can have.
#[derive(Debug, Clone, Default)]
pub(crate) struct Staffing {
    /// The most pairs that each place has room for.
    room: Vec<u32>,
    /// The leaders, if pairs need one.
    pub(crate) teams: Option<Vec<Team>>,
    /// By team and slot.
    seats: Vec<Seat>,
    /// Each with its seats; none where capacities are listed.
    crews: BTreeMap<Crew, Vec<usize>>,
    /// By place and divisor; none where capacities are listed.
    roundings: Vec<Rounding>,
    /// Every capacity vector that is not below another of the same staffing of all leaders, ascending; none if
    /// there are more than [`MAX_LISTED`].
    listed: Option<Vec<Box<[u32]>>>,
}

impl Staffing {
    /// Of the room of each place, and of leaders, if pairs need one.
    pub(super) fn new(room: Vec<u32>, teams: Option<Vec<Team>>) -> Self {
        let mut seats = Vec::new();
        for (number, team) in teams.iter().flatten().enumerate() {
            for (slot, places) in team.slots.iter().enumerate() {
                // Where nobody can be there is nothing to lead.
                let places = places.iter().filter(|place| room[**place] > 0);
                seats.extend(places.map(|&place| Seat {
                    team: number,
                    slot,
                    place,
                    pairs: team.capacity.min(room[place]),
                }));
            }
        }
        let mut staffing = Self {
            room,
            teams,
            seats,
            ..Self::default()
        };
        staffing.listed = staffing.list();
        if staffing.listed.is_none() {
            staffing.crews = crews(&staffing.seats);
            let crews = staffing.crews.keys();
            let roundings = crews.filter_map(|crew| staffing.rounding(*crew));
            staffing.roundings = roundings.collect();
        }
        staffing
    }

    fn list(&self) -> Option<Vec<Box<[u32]>>> {
        let Some(teams) = &self.teams else {
            return Some(vec![self.room.clone().into()]);
        };
        let mut all: BTreeSet<Box<[u32]>> = BTreeSet::new();
        all.insert(vec![0; self.room.len()].into());
        for team in teams {
            let choices = team.choices();
            let too_many = choices.len() > MAX_LISTED;
            if too_many || choices.len().saturating_mul(all.len()) > 64 * MAX_LISTED {
                return None;
            }
            let mut next = BTreeSet::new();
            for capacities in &all {
                for choice in &choices {
                    let mut capacities = capacities.clone();
                    for &place in choice {
                        let sum = capacities[place].saturating_add(team.capacity);
                        capacities[place] = sum.min(self.room[place]);
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

    /// What a place can hold, rounded by what the least of a crew can hold there.
    fn rounding(&self, crew: Crew) -> Option<Rounding> {
        let Crew { place, pairs: by } = crew;
        let (room, by) = (i64::from(self.room[place]), i64::from(by));
        let rest = room % by;
        // All leaders who can be there are of the place's first crew.
        let first = Crew { place, pairs: 0 };
        let all = self.crews.range(first..).next()?.1;
        let adds = all.iter().map(|&number| {
            let pairs = i64::from(self.seats[number].pairs);
            (number, rest * (pairs / by) + rest.min(pairs % by))
        });
        (rest > 0).then(|| Rounding {
            place,
            by: crew.pairs,
            base: room - rest * (room / by + 1),
            adds: adds.collect(),
        })
    }

    /// By place and divisor.
    pub(crate) fn roundings(&self) -> &[Rounding] {
        &self.roundings
    }

    /// The most pairs that each place has room for.
    pub(crate) fn room(&self) -> &[u32] {
        &self.room
    }

    /// What places can hold where every leader is at these.
    pub(crate) fn held(&self, placed: &[Vec<usize>]) -> Box<[u32]> {
        let mut capacities = vec![0u32; self.room.len()];
        for (team, places) in self.teams.iter().flatten().zip(placed) {
            for &place in places {
                let sum = capacities[place].saturating_add(team.capacity);
                capacities[place] = sum.min(self.room[place]);
            }
        }
        capacities.into()
    }

    /// The capacity vectors, if they are listed.
    pub(crate) fn listed(&self) -> Option<&[Box<[u32]>]> {
        self.listed.as_deref()
    }

    /// By team and slot.
    pub(crate) fn seats(&self) -> &[Seat] {
        &self.seats
    }

    /// Every crew, with its seats; none where capacities are listed.
    pub(crate) fn crews(&self) -> &BTreeMap<Crew, Vec<usize>> {
        &self.crews
    }

    /// At most what prices times capacities come to, over all staffings that keep to what is decided. Of a place's
    /// price, `rooms` is paid for room, `rounded` for what roundings say, and the rest for leaders, less what those of a crew
    /// cost of whom so many are decided.
    pub(crate) fn most(
        &self,
        LevelPrices {
            places,
            rooms,
            rounded,
            ..
        }: &LevelPrices,
        of_crews: &CrewPrices,
        decided: &Staffed,
    ) -> i128 {
        let Some(teams) = &self.teams else {
            return worth(places, &self.room);
        };
        let mut sum = worth(rooms, &self.room);
        let mut of_leaders = places.clone();
        for (place, room) in of_leaders.iter_mut().zip(rooms) {
            *place -= room;
        }
        for of in rounded {
            of_leaders[of.place] -= of.price;
        }
        let worth_of = |seat: &Seat| i128::from(of_leaders[seat.place]) * i128::from(seat.pairs);
        let mut worths: Vec<i128> = self.seats.iter().map(worth_of).collect();
        for of in rounded {
            let price = i128::from(of.price);
            let found = self
                .roundings
                .binary_search_by_key(&(of.place, of.by), |rounding| (rounding.place, rounding.by));
            let rounding = &self.roundings[found.expect("prices are of roundings that there are")];
            sum += price * i128::from(rounding.base);
            for (seat, adds) in &rounding.adds {
                worths[*seat] += price * i128::from(*adds);
            }
        }
        for (crew, price) in of_crews {
            let Some(count) = decided.paid_for(*crew, *price) else {
                continue;
            };
            let price = i128::from(*price);
            sum += price * i128::from(count);
            for seat in &self.crews[crew] {
                worths[*seat] -= price;
            }
        }
        let mut number = 0;
        for of_team in self.seats.chunk_by(|a, b| a.team == b.team) {
            let mut open = teams[of_team[0].team].most;
            let mut free: Vec<i128> = Vec::new();
            for in_slot in of_team.chunk_by(|a, b| a.slot == b.slot) {
                let (mut taken, mut best) = (None, 0);
                for _ in in_slot {
                    let worth = worths[number];
                    match decided.seats.get(&number) {
                        Some(true) => taken = Some(worth),
                        Some(false) => {}
                        None => best = worth.max(best),
                    }
                    number += 1;
                }
                match taken {
                    Some(worth) => {
                        sum += worth;
                        open = open.saturating_sub(1);
                    }
                    None => free.push(best),
                }
            }
            free.sort_unstable_by(|a, b| b.cmp(a));
            sum += free.iter().take(open).sum::<i128>();
        }
        sum
    }

    /// The places of every leader that come the nearest to so much of every seat.
    pub(crate) fn nearest(&self, taken: &[f64]) -> Vec<Vec<usize>> {
        let teams = self.teams.as_deref().unwrap_or_default();
        let mut placed = vec![Vec::new(); teams.len()];
        let seats = || self.seats.iter().zip(taken);
        for (number, team) in teams.iter().enumerate() {
            let mut own: Vec<(&Seat, &f64)> =
                seats().filter(|(seat, _)| seat.team == number).collect();
            own.sort_by(|a, b| b.1.total_cmp(a.1));
            let mut slots = BTreeSet::new();
            for (seat, _) in own {
                if slots.len() < team.most && slots.insert(seat.slot) {
                    placed[number].push(seat.place);
                }
            }
        }
        placed
    }

    /// The teams of whom a seat is not decided.
    pub(crate) fn undecided(&self, decided: &Staffed) -> BTreeSet<usize> {
        let seats = self.seats.iter().enumerate();
        let open = seats.filter(|(ix, _)| !decided.seats.contains_key(ix));
        open.map(|(_, seat)| seat.team).collect()
    }

    /// The staffings in which one leader is elsewhere and worth more at these prices, the best first.
    pub(crate) fn trades(&self, placed: &[Vec<usize>], prices: &[i64]) -> Vec<Vec<Vec<usize>>> {
        let worth = |seat: &Seat| i128::from(prices[seat.place]) * i128::from(seat.pairs);
        let mut trades = Vec::new();
        for of_team in self.seats.chunk_by(|a, b| a.team == b.team) {
            let team = of_team[0].team;
            let (mine, others): (Vec<&Seat>, Vec<&Seat>) = of_team
                .iter()
                .partition(|seat| placed[team].contains(&seat.place));
            for from in &mine {
                for to in &others {
                    let is_free = mine
                        .iter()
                        .all(|seat| seat.place == from.place || seat.slot != to.slot);
                    let gain = worth(to) - worth(from);
                    if is_free && gain > 0 {
                        trades.push((std::cmp::Reverse(gain), team, from.place, to.place));
                    }
                }
            }
        }
        trades.sort_unstable();
        let trades = trades.into_iter().map(|(_, team, from, to)| {
            let mut placed = placed.to_vec();
            placed[team].retain(|place| *place != from);
            placed[team].push(to);
            placed
        });
        trades.collect()
    }

    /// What every seat of a staffing is.
    pub(crate) fn as_decided(&self, placed: &[Vec<usize>]) -> BTreeMap<usize, bool> {
        let seats = self.seats.iter().enumerate();
        seats
            .map(|(ix, seat)| (ix, placed[seat.team].contains(&seat.place)))
            .collect()
    }

    /// A capacity a place that no staffing exceeds which keeps to what is decided.
    pub(crate) fn at_most(&self, decided: &Staffed) -> Box<[u32]> {
        if self.teams.is_none() {
            return self.room.clone().into();
        }
        let seats = self.seats.iter().enumerate();
        let open = seats.filter(|(number, _)| decided.seats.get(number) != Some(&false));
        let mut open: Vec<&Seat> = open.map(|(_, seat)| seat).collect();
        // Of crews that are within one another, the greatest first are the most.
        open.sort_by_key(|seat| std::cmp::Reverse(seat.pairs));
        let mut left: BTreeMap<Crew, u32> = BTreeMap::new();
        left.extend(decided.crews.iter().map(|(crew, (_, most))| (*crew, *most)));
        let mut most = vec![0u32; self.room.len()];
        for seat in open {
            let of_place = Crew {
                place: seat.place,
                pairs: 0,
            }..=Crew {
                place: seat.place,
                pairs: seat.pairs,
            };
            if left.range(of_place.clone()).any(|(_, left)| *left == 0) {
                continue;
            }
            for (_, left) in left.range_mut(of_place) {
                *left -= 1;
            }
            most[seat.place] = most[seat.place].saturating_add(seat.pairs);
        }
        let most = most.iter().zip(&self.room);
        most.map(|(most, room)| *most.min(room)).collect()
    }

    /// Puts leaders so that every place has what `needed` asks of it: the place of every leader's slots. `None`
    /// where that cannot be, or is not found before so many dead ends are known.
    pub(crate) fn place_leaders(&self, needed: &[u32], most: usize) -> Option<Vec<Vec<usize>>> {
        let teams = self.teams.as_deref().unwrap_or_default();
        let mut left: Vec<i64> = needed.iter().map(|needed| i64::from(*needed)).collect();
        let mut chosen = Vec::new();
        let dead = &mut HashSet::new();
        place(teams, &mut left, &mut chosen, dead, most).then_some(chosen)
    }
}

/// The sum of prices times capacities.
pub(crate) fn worth(prices: &[i64], capacities: &[u32]) -> i128 {
    let terms = prices.iter().zip(capacities);
    terms
        .map(|(price, capacity)| i128::from(*price) * i128::from(*capacity))
        .sum()
}
