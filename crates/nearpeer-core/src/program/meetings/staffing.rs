//! How many pairs each place can hold, by where leaders are put.

use std::collections::{BTreeMap, BTreeSet};

use super::Place;
use crate::roster::Roster;

/// Different capacities up to which they are listed; few in tests, so that small programmes have trees over staffings,
/// too.
pub(crate) const MAX_LISTED: usize = if cfg!(test) { 6 } else { 200_000 };

/// A leader as far as these places are concerned.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Team {
    /// The leader's place in the roster.
    pub(crate) leader: usize,
    /// The places at which the leader can be, by slot.
    pub(crate) slots: Vec<Vec<usize>>,
    /// Pairs at one time.
    pub(crate) capacity: u32,
    /// In how many slots the leader can be.
    pub(crate) most: usize,
}

impl Team {
    /// The leaders who can be at one of these places.
    pub(super) fn all(roster: &Roster, places: &[Place]) -> Vec<Self> {
        let leaders = roster.leaders().iter().enumerate();
        let teams = leaders.map(|(leader, listed)| {
            let in_slot = |slot: &u32| {
                let at = places.iter().enumerate();
                let at = at
                    .filter(|(_, place)| place.slot == *slot && listed.sites.contains(&place.site));
                at.map(|(ix, _)| ix).collect::<Vec<usize>>()
            };
            let slots: Vec<Vec<usize>> = listed.slots.iter().map(in_slot).collect();
            let slots: Vec<Vec<usize>> = slots.into_iter().filter(|at| !at.is_empty()).collect();
            let most = listed.max_slots.map_or(usize::MAX, |most| most as usize);
            Self {
                leader,
                most: most.min(slots.len()),
                slots,
                capacity: listed.capacity,
            }
        });
        teams
            .filter(|team| team.most > 0 && team.capacity > 0)
            .collect()
    }

    /// Every choice of as many slots as the leader has time for, with a place in each.
    fn choices(&self) -> Vec<Vec<usize>> {
        let mut choices = Vec::new();
        let mut chosen = Vec::new();
        self.choose(0, &mut chosen, &mut choices);
        choices
    }

    fn choose(&self, slot: usize, chosen: &mut Vec<usize>, choices: &mut Vec<Vec<usize>>) {
        let open = self.most - chosen.len();
        if open == 0 {
            choices.push(chosen.clone());
            return;
        }
        if self.slots.len() - slot > open {
            self.choose(slot + 1, chosen, choices);
        }
        if choices.len() > MAX_LISTED {
            return;
        }
        for &place in &self.slots[slot] {
            chosen.push(place);
            self.choose(slot + 1, chosen, choices);
            chosen.pop();
        }
    }
}

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

/// What is decided of where leaders are: by the number of a seat, whether it is taken.
pub(crate) type Staffed = BTreeMap<usize, bool>;

/// The capacities that the places can have.
#[derive(Debug, Clone, Default)]
pub(crate) struct Staffing {
    /// The most pairs that each place has room for.
    room: Vec<u32>,
    /// The leaders, if pairs need one.
    pub(crate) teams: Option<Vec<Team>>,
    /// By team and slot.
    seats: Vec<Seat>,
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
                seats.extend(places.iter().map(|&place| Seat {
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
            listed: None,
        };
        staffing.listed = staffing.list();
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

    /// At most what prices times capacities come to, over all staffings that keep to what is decided. Of a place's
    /// price, `rooms` is paid for room and the rest for leaders.
    pub(crate) fn most(&self, prices: &[i64], rooms: &[i64], decided: &Staffed) -> i128 {
        let Some(teams) = &self.teams else {
            return worth(prices, &self.room);
        };
        let mut sum = worth(rooms, &self.room);
        let mut number = 0;
        for of_team in self.seats.chunk_by(|a, b| a.team == b.team) {
            let mut open = teams[of_team[0].team].most;
            let mut free: Vec<i128> = Vec::new();
            for in_slot in of_team.chunk_by(|a, b| a.slot == b.slot) {
                let (mut taken, mut best) = (None, 0);
                for seat in in_slot {
                    let of_place = prices[seat.place] - rooms.get(seat.place).unwrap_or(&0);
                    let worth = i128::from(of_place) * i128::from(seat.pairs);
                    match decided.get(&number) {
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

    /// Decides a seat, and the leader's others that follow from that.
    pub(crate) fn decide(&self, decided: &Staffed, seat: usize, is_taken: bool) -> Staffed {
        let mut decided = decided.clone();
        decided.insert(seat, is_taken);
        let Seat { team, slot, .. } = self.seats[seat];
        let own = || {
            self.seats
                .iter()
                .enumerate()
                .filter(|(_, seat)| seat.team == team)
        };
        let taken = own()
            .filter(|(ix, _)| decided.get(ix) == Some(&true))
            .count();
        let most = self.teams.as_ref().map_or(0, |teams| teams[team].most);
        if is_taken {
            for (ix, other) in own() {
                if other.slot == slot || taken >= most {
                    decided.entry(ix).or_insert(false);
                }
            }
        }
        decided
    }

    /// The teams of whom a seat is not decided.
    pub(crate) fn undecided(&self, decided: &Staffed) -> BTreeSet<usize> {
        let seats = self.seats.iter().enumerate();
        let open = seats.filter(|(ix, _)| !decided.contains_key(ix));
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

    /// Where leaders are by the seats that are taken.
    pub(crate) fn placed(&self, decided: &Staffed) -> Vec<Vec<usize>> {
        let mut placed = vec![Vec::new(); self.teams.as_ref().map_or(0, Vec::len)];
        for (seat, taken) in decided {
            if *taken {
                let Seat { team, place, .. } = self.seats[*seat];
                placed[team].push(place);
            }
        }
        placed
    }

    /// What every seat of a staffing is.
    pub(crate) fn as_decided(&self, placed: &[Vec<usize>]) -> Staffed {
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
        let mut most = vec![0u32; self.room.len()];
        for (number, seat) in self.seats.iter().enumerate() {
            if decided.get(&number) != Some(&false) {
                most[seat.place] = most[seat.place].saturating_add(seat.pairs);
            }
        }
        let most = most.iter().zip(&self.room);
        most.map(|(most, room)| *most.min(room)).collect()
    }

    /// Puts leaders so that every place has what `needed` asks of it: the place of every leader's slots. `None`
    /// where that cannot be.
    pub(crate) fn place_leaders(&self, needed: &[u32]) -> Option<Vec<Vec<usize>>> {
        let teams = self.teams.as_deref().unwrap_or_default();
        let mut left: Vec<i64> = needed.iter().map(|needed| i64::from(*needed)).collect();
        let mut chosen = Vec::new();
        let dead = &mut std::collections::HashSet::new();
        place(teams, &mut left, &mut chosen, dead).then_some(chosen)
    }
}

/// Puts the leaders from the next one on, until nothing is left to be supervised.
fn place(
    teams: &[Team],
    left: &mut Vec<i64>,
    chosen: &mut Vec<Vec<usize>>,
    dead: &mut std::collections::HashSet<(usize, Vec<i64>)>,
) -> bool {
    let Some(team) = teams.get(chosen.len()) else {
        return left.iter().all(|left| *left <= 0);
    };
    let clipped: Vec<i64> = left.iter().map(|left| (*left).max(0)).collect();
    if dead.contains(&(chosen.len(), clipped.clone())) {
        return false;
    }
    let mut choices = team.choices();
    let serves = |choice: &Vec<usize>| -> i64 {
        let served = choice
            .iter()
            .map(|place| left[*place].clamp(0, team.capacity.into()));
        served.sum()
    };
    choices.sort_by_cached_key(|choice| std::cmp::Reverse(serves(choice)));
    for choice in choices {
        for &at in &choice {
            left[at] -= i64::from(team.capacity);
        }
        chosen.push(choice.clone());
        if place(teams, left, chosen, dead) {
            return true;
        }
        chosen.pop();
        for &at in &choice {
            left[at] += i64::from(team.capacity);
        }
    }
    dead.insert((chosen.len(), clipped));
    false
}

/// The sum of prices times capacities.
pub(crate) fn worth(prices: &[i64], capacities: &[u32]) -> i128 {
    let terms = prices.iter().zip(capacities);
    terms
        .map(|(price, capacity)| i128::from(*price) * i128::from(*capacity))
        .sum()
}
